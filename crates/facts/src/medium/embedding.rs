use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a user's own model gives for a picture or for a text: a direction in a space that both share.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Embedding {
    values: Vec<i16>,
    /// The sum of the squares of `values`.
    square: i64,
}

impl Embedding {
    /// The most values of an embedding, so that sums of their products fit 64 bits.
    pub const MOST: usize = 1 << 16;

    /// Rounds values so that the largest becomes ±32,767; `None` if there are none or too many, if one is not
    /// a number, or if all are 0.
    pub fn of(values: &[f32]) -> Option<Self> {
        let most = values.iter().fold(0.0, |most: f32, value| most.max(value.abs()));
        let is_sound = values.iter().all(|value| value.is_finite()) && most > 0.0;
        let scaled = |value: &f32| (f64::from(*value) / f64::from(most) * 32_767.0).round() as i16;
        (is_sound && values.len() <= Self::MOST)
            .then(|| Self::from_values(values.iter().map(scaled).collect()))
    }

    fn from_values(values: Vec<i16>) -> Self {
        let square = dot(&values, &values);
        Self { values, square }
    }

    /// Returns how many values it has.
    pub fn width(&self) -> usize {
        self.values.len()
    }

    /// Returns the cosine of the angle between two embeddings, −1..=1; `None` if they are not of one space.
    pub fn cosine(&self, other: &Self) -> Option<f64> {
        let length = (self.square as f64).sqrt() * (other.square as f64).sqrt();
        let is_same_space = self.width() == other.width() && length > 0.0;
        is_same_space.then(|| dot(&self.values, &other.values) as f64 / length)
    }
}

fn dot(one: &[i16], other: &[i16]) -> i64 {
    one.iter().zip(other).map(|(a, b)| i64::from(*a) * i64::from(*b)).sum()
}

impl std::fmt::Debug for Embedding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Embedding({:?}… of {})", &self.values[..self.width().min(4)], self.width())
    }
}

/// Four hexadecimal digits for each value.
impl Serialize for Embedding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text: String = self.values.iter().map(|value| format!("{:04x}", *value as u16)).collect();
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Embedding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u16);
        let value = |digits: &[u8]| {
            let value = digits.iter().try_fold(0, |value: u16, byte| Some(value << 4 | digit(*byte)?));
            value.map(|value| value as i16)
        };
        let values: Option<Vec<i16>> = text.as_bytes().chunks(4).map(value).collect();
        let is_whole = text.len() % 4 == 0 && !text.is_empty() && text.len() <= 4 * Self::MOST;
        let values = values.filter(|_| is_whole);
        values.map(Self::from_values).ok_or_else(|| serde::de::Error::custom("not an embedding"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedding_is_read_as_it_is_written() {
        let embedding = Embedding::of(&[0.5, -1.0, 0.0, 0.25]).unwrap();
        let text = serde_json::to_string(&embedding).unwrap();
        assert_eq!(text, "\"4000800100002000\"");
        assert_eq!(serde_json::from_str::<Embedding>(&text).unwrap(), embedding);
        for wrong in ["\"\"", "\"400\"", "\"zzzz\"", "\"40008\"", "5"] {
            assert!(serde_json::from_str::<Embedding>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_direction_is_no_embedding() {
        for values in [&[][..], &[0.0, 0.0], &[1.0, f32::NAN], &[f32::INFINITY, 1.0]] {
            assert_eq!(Embedding::of(values), None);
        }
        assert_eq!(Embedding::of(&vec![1.0; Embedding::MOST + 1]), None);
    }

    #[test]
    fn a_cosine_needs_one_space() {
        let embedding = |values: &[f32]| Embedding::of(values).unwrap();
        let cosine = embedding(&[1.0, 0.0]).cosine(&embedding(&[3.0, 3.0])).unwrap();
        assert!((cosine - 0.5f64.sqrt()).abs() < 1e-4, "{cosine}");
        assert_eq!(embedding(&[1.0, 0.0]).cosine(&embedding(&[1.0, 0.0, 0.0])), None);
    }
}
