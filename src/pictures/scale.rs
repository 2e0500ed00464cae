//! Which values are the least and the greatest of a picture, and how those between are spread over the colours.

use super::Levels;
use std::fmt;
use std::str::FromStr;

/// How the least and the greatest value of a picture are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RangeChoice {
    /// So many percent of the values are below the first and the second.
    Percentiles(f64, f64),
    /// The least and the greatest of all values.
    Extremes,
    /// By hand.
    Fixed(f64, f64),
}

impl Default for RangeChoice {
    fn default() -> Self {
        Self::Percentiles(0.5, 99.5)
    }
}

impl RangeChoice {
    /// The least and the greatest value among those that `levels` tell of.
    pub fn range(self, levels: &Levels) -> (f64, f64) {
        let (low, high) = match self {
            Self::Percentiles(low, high) => (levels.percentile(low), levels.percentile(high)),
            Self::Extremes => levels.extremes(),
            Self::Fixed(low, high) => (low, high),
        };
        match (low.is_finite() && high.is_finite(), low < high) {
            (true, true) => (low, high),
            // All values are one: it has the middle of the colours.
            (true, false) => (low - 0.5, low + 0.5),
            (false, _) => (0.0, 1.0),
        }
    }
}

impl fmt::Display for RangeChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percentiles(low, high) => write!(f, "{low}%,{high}%"),
            Self::Extremes => f.write_str("min,max"),
            Self::Fixed(low, high) => write!(f, "{low},{high}"),
        }
    }
}

impl FromStr for RangeChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            String::from(
                "A range is two numbers (0,255), two percentiles (0.5%,99.5%), or min,max. \
                 The first is less than the second.",
            )
        };
        let (low, high) = text.split_once(',').ok_or_else(wrong)?;
        let (low, high) = (low.trim(), high.trim());
        if (low, high) == ("min", "max") {
            return Ok(Self::Extremes);
        }
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        let both = |low: &str, high: &str| {
            number(low).zip(number(high)).filter(|(low, high)| low < high).ok_or_else(wrong)
        };
        match (low.strip_suffix('%'), high.strip_suffix('%')) {
            (Some(low), Some(high)) => {
                let (low, high) = both(low, high)?;
                let is_percent = low >= 0.0 && high <= 100.0;
                if is_percent { Ok(Self::Percentiles(low, high)) } else { Err(wrong()) }
            }
            (None, None) => both(low, high).map(|(low, high)| Self::Fixed(low, high)),
            (Some(_), None) | (None, Some(_)) => Err(wrong()),
        }
    }
}

/// The place of a value among the colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueScale {
    pub low: f64,
    pub high: f64,
    /// Whether the colours go by the logarithm of the values.
    pub is_log: bool,
}

/// Decades that a logarithmic scale has at most where the least value is not above zero.
const DECADES: f64 = 1e-6;

impl ValueScale {
    /// A scale; a logarithmic one begins above zero.
    pub fn new((low, high): (f64, f64), is_log: bool) -> Self {
        let is_log = is_log && high > 0.0;
        let low = if is_log && low <= 0.0 { high * DECADES } else { low };
        Self { low, high, is_log }
    }

    /// From 0 at the least value to 1 at the greatest one; beyond for other values, NaN for NaN.
    pub fn place(&self, value: f64) -> f64 {
        if self.is_log {
            if value <= 0.0 {
                return -1.0;
            }
            return (value / self.low).ln() / (self.high / self.low).ln();
        }
        (value - self.low) / (self.high - self.low)
    }

    /// The value at a place.
    pub fn value(&self, place: f64) -> f64 {
        if self.is_log {
            return self.low * (self.high / self.low).powf(place);
        }
        self.low + place * (self.high - self.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_it_is_written() {
        for text in ["0.5%,99.5%", "min,max", "-3,4.25"] {
            assert_eq!(text.parse::<RangeChoice>().expect(text).to_string(), text);
        }
        for text in ["", "1", "2,1", "1,1", "5%,3", "-1%,5%", "0%,101%", "nan,2", "1,inf", "a,b", "min,5"] {
            assert!(text.parse::<RangeChoice>().is_err(), "{text}");
        }
    }

    #[test]
    fn places_are_those_of_values() {
        for scale in [ValueScale::new((-2.0, 6.0), false), ValueScale::new((0.01, 100.0), true)] {
            for place in [0.0, 0.25, 0.5, 1.0] {
                assert!((scale.place(scale.value(place)) - place).abs() < 1e-12);
            }
        }
        let log = ValueScale::new((-1.0, 10.0), true);
        assert!(log.low > 0.0 && log.place(0.0) < 0.0 && log.place(-3.0) < 0.0);
        assert!(ValueScale::new((0.0, 1.0), false).place(f64::NAN).is_nan());
    }
}
