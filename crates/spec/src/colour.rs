use std::fmt;

use serde::{Deserialize, Serialize};

/// Red, green and blue from 0 to 255, encoded as in BT.709 and on screens; written `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Colour(pub [u8; 3]);

impl Colour {
    pub const BLACK: Self = Self([0; 3]);
    pub const WHITE: Self = Self([255; 3]);

    /// Parses `#` and six hexadecimal digits; returns `None` for anything else.
    pub fn of_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        Some(Self([(number >> 16) as u8, (number >> 8) as u8, number as u8]))
    }

    pub fn is_black(&self) -> bool {
        *self == Self::BLACK
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl TryFrom<String> for Colour {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::of_hex(&text).ok_or_else(|| format!("`{text}` is no colour"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_written_in_six_digits() {
        assert_eq!(Colour::of_hex("#F4efe6"), Some(Colour([0xf4, 0xef, 0xe6])));
        for text in ["#fff", "f4efe6", "#f4efe6a", "#+4efe6", "#f4efg6", "#", ""] {
            assert_eq!(Colour::of_hex(text), None, "{text}");
        }
        let text = serde_json::to_string(&Colour([1, 2, 254])).unwrap();
        assert_eq!(text, "\"#0102fe\"");
        assert_eq!(serde_json::from_str::<Colour>(&text).unwrap(), Colour([1, 2, 254]));
    }
}
