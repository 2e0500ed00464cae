//! How numbers are written in a view: the choice, its name in settings and on the command line.
//!
//! Only [`NumberStyle::Shortest`] and [`NumberStyle::Hex`] always read back to the same bits; the others round for the
//! eye. The writing itself is in `style_format.rs`.

use std::fmt;
use std::str::FromStr;

/// How numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NumberStyle {
    /// The fewest digits that read back to the same bits.
    #[default]
    Shortest,
    /// So many digits after the point.
    Fixed(u8),
    /// One digit before the point, so many after it, and an exponent.
    Scientific(u8),
    /// As scientific, with exponents that are multiples of 3.
    Engineering(u8),
    /// `0xff`, and floats as C's `%a`: `0x1.8p+1`.
    Hex,
}

/// The most digits after the point.
pub const MAX_DIGITS: u8 = 40;

/// Why a text names no style. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a number format; write shortest, hex, fixed:3, scientific:3 or engineering:3")]
pub struct ParseStyleError(String);

impl fmt::Display for NumberStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shortest => f.write_str("shortest"),
            Self::Fixed(digits) => write!(f, "fixed:{digits}"),
            Self::Scientific(digits) => write!(f, "scientific:{digits}"),
            Self::Engineering(digits) => write!(f, "engineering:{digits}"),
            Self::Hex => f.write_str("hex"),
        }
    }
}

impl FromStr for NumberStyle {
    type Err = ParseStyleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseStyleError(super::scalar::integer::excerpt(text.trim()).into_owned());
        let (name, digits) = text.trim().split_once(':').unwrap_or((text.trim(), ""));
        let count = || {
            let read = if digits.is_empty() { Ok(3) } else { digits.parse() };
            read.ok().filter(|digits| *digits <= MAX_DIGITS).ok_or_else(error)
        };
        match name {
            "shortest" if digits.is_empty() => Ok(Self::Shortest),
            "hex" if digits.is_empty() => Ok(Self::Hex),
            "fixed" => Ok(Self::Fixed(count()?)),
            "scientific" => Ok(Self::Scientific(count()?)),
            "engineering" => Ok(Self::Engineering(count()?)),
            _ => Err(error()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_reads_back() {
        let styles =
            [NumberStyle::Shortest, NumberStyle::Hex, NumberStyle::Fixed(0), NumberStyle::Scientific(7)];
        for style in styles.into_iter().chain([NumberStyle::Engineering(MAX_DIGITS)]) {
            assert_eq!(style.to_string().parse(), Ok(style));
        }
        for text in ["", "fixed:41", "fixed:-1", "hex:2", "sci"] {
            assert!(text.parse::<NumberStyle>().is_err(), "{text}");
        }
        assert_eq!("fixed".parse(), Ok(NumberStyle::Fixed(3)));
    }
}
