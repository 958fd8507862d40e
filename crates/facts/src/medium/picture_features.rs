use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Features by which pictures are compared: pictures that show the same have a likeness near 1 however they
/// are cropped, resized and coloured.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PictureFeatures {
    values: Box<[i8; Self::COUNT]>,
    /// The sum of the squares of `values`.
    square: i32,
}

impl PictureFeatures {
    pub const COUNT: usize = 256;

    /// Rounds features so that the largest becomes ±127.
    pub fn of(values: &[f32; Self::COUNT]) -> Self {
        let most = values.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
        Self::from_values(Box::new(values.map(|value| (value / most * 127.0).round() as i8)))
    }

    fn from_values(values: Box<[i8; Self::COUNT]>) -> Self {
        let square = dot(&values, &values);
        Self { values, square }
    }

    /// Returns the mean of the features of several pictures, each with the same weight.
    pub fn mean(all: &[&Self]) -> Self {
        let mut sums = [0.0; Self::COUNT];
        for features in all {
            let length = (features.square as f32).sqrt().max(1.0);
            for (sum, value) in sums.iter_mut().zip(features.values.iter()) {
                *sum += f32::from(*value) / length;
            }
        }
        Self::of(&sums)
    }

    /// Returns the cosine of the angle between two pictures, −1..=1; 0 if one has no features.
    pub fn likeness(&self, other: &Self) -> f64 {
        let length = f64::from(self.square) * f64::from(other.square);
        if length > 0.0 { f64::from(dot(&self.values, &other.values)) / length.sqrt() } else { 0.0 }
    }
}

fn dot(one: &[i8; PictureFeatures::COUNT], other: &[i8; PictureFeatures::COUNT]) -> i32 {
    one.iter().zip(other).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

impl Default for PictureFeatures {
    fn default() -> Self {
        Self::from_values(Box::new([0; Self::COUNT]))
    }
}

impl std::fmt::Debug for PictureFeatures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PictureFeatures({:?}…)", &self.values[..4])
    }
}

/// Two hexadecimal digits for each feature.
impl Serialize for PictureFeatures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = b"0123456789abcdef";
        let digit = |value: u8| char::from(digits[usize::from(value)]);
        let text: String = self
            .values
            .iter()
            .flat_map(|value| [digit(*value as u8 >> 4), digit(*value as u8 & 15)])
            .collect();
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for PictureFeatures {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let pairs = text.as_bytes().chunks_exact(2);
        let values = pairs.map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as i8));
        let values: Option<Vec<i8>> = values.collect();
        let values = values.filter(|_| text.len() == 2 * Self::COUNT);
        let values = values.and_then(|values| values.into_boxed_slice().try_into().ok());
        values.map(Self::from_values).ok_or_else(|| serde::de::Error::custom("not the features of a picture"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_read_as_they_are_written() {
        let features = PictureFeatures::of(&std::array::from_fn(|index| index as f32 - 100.0));
        let text = serde_json::to_string(&features).unwrap();
        assert_eq!(serde_json::from_str::<PictureFeatures>(&text).unwrap(), features);
        for wrong in [&text[..20], "\"\"", "\"zz\"", &text.replace('0', "g"), "5"] {
            assert!(serde_json::from_str::<PictureFeatures>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_mean_is_like_each_picture() {
        let features = |turn: f32| {
            PictureFeatures::of(&std::array::from_fn(|index| if index % 2 == 0 { 1.0 } else { turn }))
        };
        let (one, other) = (features(0.0), features(1.0));
        let mean = PictureFeatures::mean(&[&one, &other]);
        assert!((mean.likeness(&one) - mean.likeness(&other)).abs() < 0.02 && mean.likeness(&one) > 0.9);
        assert_eq!(PictureFeatures::mean(&[]), PictureFeatures::default());
    }

    #[test]
    fn likeness_is_a_cosine() {
        let features = |turn: f32| {
            PictureFeatures::of(&std::array::from_fn(|index| if index % 2 == 0 { 1.0 } else { turn }))
        };
        assert!((features(0.0).likeness(&features(1.0)) - 0.5f64.sqrt()).abs() < 0.01);
        assert!(features(1.0).likeness(&features(-1.0)).abs() < 0.01);
        assert_eq!(features(1.0).likeness(&PictureFeatures::default()), 0.0);
    }
}
