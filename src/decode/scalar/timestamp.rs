//! Times as programs store them: Unix's in several units, Windows' and DOS's.
//!
//! A count of ticks since an epoch is shown as a UTC time of the years 0 to 9999, and as the bare count outside
//! them; either can be typed. DOS's fields, which may hold what no calendar has, then are one hex number.

use super::calendar;
use super::integer::{ValueError, excerpt, parse_integer};
use std::fmt::Write;

/// How a whole number counts time.
#[derive(Clone, Copy, Debug)]
pub(in crate::decode) enum Timestamp {
    /// So many ticks a second, the first of them so many seconds before 1970.
    Ticks {
        per_second: i128,
        before_1970: i128,
    },
    Dos,
}

pub(in crate::decode) const fn unix(per_second: i128) -> Timestamp {
    Timestamp::Ticks { per_second, before_1970: 0 }
}

/// Tenths of microseconds since 1601.
pub(in crate::decode) const FILETIME: Timestamp =
    Timestamp::Ticks { per_second: 10_000_000, before_1970: 11_644_473_600 };

impl Timestamp {
    /// Appends the time of `number`.
    pub fn format(self, number: i128, out: &mut String) {
        let text = match self {
            Self::Ticks { per_second, before_1970 } => ticks_text(number, per_second, before_1970),
            Self::Dos => dos_text(number),
        };
        // Writing to a String cannot fail.
        let _ = match (text, self) {
            (Some(text), _) => write!(out, "{text}"),
            (None, Self::Dos) => write!(out, "{number:#010x}"),
            (None, Self::Ticks { .. }) => write!(out, "{number}"),
        };
    }

    /// The number of a typed time, from `low` to `high`; `kind` is the type's name.
    ///
    /// # Errors
    /// [`ValueError`] when the text is no time, or its count is not between `low` and `high`.
    pub fn parse(self, text: &str, kind: &str, low: i128, high: i128) -> Result<i128, ValueError> {
        let trimmed = text.trim();
        let unsigned = trimmed.strip_prefix('-').unwrap_or(trimmed);
        if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return parse_integer(trimmed, kind, low, high);
        }
        let number = match self {
            Self::Ticks { per_second, before_1970 } => parse_ticks(trimmed, per_second, before_1970)?,
            Self::Dos => parse_dos(trimmed)?,
        };
        let fits = (low..=high).contains(&number);
        fits.then_some(number).ok_or_else(|| {
            let end = |number| {
                let mut text = String::new();
                self.format(number, &mut text);
                text
            };
            ValueError::new(format!(
                "{} does not fit {kind} ({} to {})",
                excerpt(trimmed),
                end(low),
                end(high)
            ))
        })
    }
}

fn ticks_text(number: i128, per_second: i128, before_1970: i128) -> Option<String> {
    let seconds = i64::try_from(number.div_euclid(per_second) - before_1970).ok()?;
    let mut text = calendar::format(seconds)?;
    if per_second > 1 {
        text.pop();
        let digits = per_second.ilog10() as usize;
        // Writing to a String cannot fail.
        let _ = write!(text, ".{:0digits$}Z", number.rem_euclid(per_second));
    }
    Some(text)
}

fn parse_ticks(text: &str, per_second: i128, before_1970: i128) -> Result<i128, ValueError> {
    let bare = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
    let part = part.trim_end_matches('0');
    let digits = per_second.ilog10() as usize;
    if !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(ValueError::not_a("UTC time such as 2038-01-19T03:14:07.5Z", text));
    }
    if part.len() > digits {
        return Err(ValueError::new(format!(
            "{} has more than {digits} digits after the point",
            excerpt(text)
        )));
    }
    let fraction = format!("{part:0<digits$}").parse().unwrap_or(0);
    Ok((i128::from(calendar::parse(whole)?) + before_1970) * per_second + fraction)
}

/// Date in the upper half, clock in steps of two seconds in the lower.
fn dos_text(number: i128) -> Option<String> {
    let field = |low: u32, bits: u32| (number >> low) & ((1 << bits) - 1);
    let (year, month, day) = (1980 + field(25, 7), field(21, 4), field(16, 5));
    let (hour, minute, second) = (field(11, 5), field(5, 6), 2 * field(0, 5));
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    calendar::parse(&text).is_ok().then_some(text)
}

fn parse_dos(text: &str) -> Result<i128, ValueError> {
    let seconds = calendar::parse(text)?;
    let shown = calendar::format(seconds).unwrap_or_default();
    let field = |from: usize| shown.get(from..from + 2).and_then(|digits| digits.parse::<i128>().ok());
    let year = shown.get(..4).and_then(|digits| digits.parse::<i128>().ok());
    let fields = (year, field(5), field(8), field(11), field(14), field(17));
    let (Some(year @ 1980..=2107), Some(month), Some(day), Some(hour), Some(minute), Some(second)) = fields
    else {
        return Err(ValueError::new(format!("{} is outside the years 1980 to 2107", excerpt(text))));
    };
    if second % 2 == 1 {
        return Err(ValueError::new(format!(
            "{} has an odd second, but DOS times have only even ones",
            excerpt(text)
        )));
    }
    Ok((year - 1980) << 25 | month << 21 | day << 16 | hour << 11 | minute << 5 | second >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(stamp: Timestamp, number: i128) -> String {
        let mut text = String::new();
        stamp.format(number, &mut text);
        text
    }

    #[test]
    fn known_times() {
        for (stamp, number, text) in [
            (unix(1), 0, "1970-01-01T00:00:00Z"),
            (unix(1000), -1, "1969-12-31T23:59:59.999Z"),
            (unix(1_000_000_000), 1_700_000_000_123_456_789, "2023-11-14T22:13:20.123456789Z"),
            (FILETIME, 0, "1601-01-01T00:00:00.0000000Z"),
            (FILETIME, 133_444_736_000_000_001, "2023-11-14T22:13:20.0000001Z"),
            (unix(1), i64::MAX.into(), "9223372036854775807"),
            (Timestamp::Dos, 0x2821_0000, "2000-01-01T00:00:00"),
            (Timestamp::Dos, 0xff9f_bf7d, "2107-12-31T23:59:58"),
            (Timestamp::Dos, 0, "0x00000000"),
            (Timestamp::Dos, 0x2821_001e, "0x2821001e"),
        ] {
            assert_eq!(shown(stamp, number), text);
            assert_eq!(stamp.parse(text, "t", i64::MIN.into(), u64::MAX.into()), Ok(number), "{text}");
        }
        assert_eq!(unix(1000).parse("2000-01-01", "t", 0, 1 << 60), Ok(946_684_800_000));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (stamp, text) in [
            (unix(1), "1970-01-01T00:00:00.5"),
            (unix(1000), "1970-01-01T00:00:00.0001"),
            (unix(1), "2100-01-01"),
            (unix(1000), "soon.x"),
            (Timestamp::Dos, "1979-12-31"),
            (Timestamp::Dos, "2000-01-01T00:00:01"),
        ] {
            assert!(stamp.parse(text, "t", i32::MIN.into(), i32::MAX.into()).is_err(), "{text}");
        }
    }
}
