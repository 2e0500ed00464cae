//! Units of time: their names, and how many of a smaller one they are.
//!
//! A unit may be divided, `[D/24]`, when it is a multiple of a smaller unit in NumPy's table.

use super::TimeUnit;
use crate::decode::scalar::integer::excerpt;

/// The names, from long to short units.
pub(super) const UNITS: [(&str, TimeUnit); 14] = [
    ("generic", TimeUnit::Generic),
    ("Y", TimeUnit::Year),
    ("M", TimeUnit::Month),
    ("W", TimeUnit::Week),
    ("D", TimeUnit::Day),
    ("h", TimeUnit::Hour),
    ("m", TimeUnit::Minute),
    ("s", TimeUnit::Second),
    ("ms", TimeUnit::Millisecond),
    ("us", TimeUnit::Microsecond),
    ("ns", TimeUnit::Nanosecond),
    ("ps", TimeUnit::Picosecond),
    ("fs", TimeUnit::Femtosecond),
    ("as", TimeUnit::Attosecond),
];

impl TimeUnit {
    /// `ns`, `generic`.
    pub const fn name(self) -> &'static str {
        UNITS[self as usize].0
    }
}

/// What a unit is divided into, and how many of each it is.
const fn parts(unit: TimeUnit) -> &'static [(TimeUnit, u32)] {
    use TimeUnit::*;
    match unit {
        Year => &[(Month, 12), (Week, 52), (Day, 365)],
        Month => &[(Week, 4), (Day, 30), (Hour, 720)],
        Week => &[(Day, 7), (Hour, 168), (Minute, 10_080)],
        Day => &[(Hour, 24), (Minute, 1440), (Second, 86_400)],
        Hour => &[(Minute, 60), (Second, 3600)],
        Minute => &[(Second, 60), (Millisecond, 60_000)],
        Second => &[(Millisecond, 1000), (Microsecond, 1_000_000)],
        Millisecond => &[(Microsecond, 1000), (Nanosecond, 1_000_000)],
        Microsecond => &[(Nanosecond, 1000), (Picosecond, 1_000_000)],
        Nanosecond => &[(Picosecond, 1000), (Femtosecond, 1_000_000)],
        Picosecond => &[(Femtosecond, 1000), (Attosecond, 1_000_000)],
        Femtosecond => &[(Attosecond, 1000)],
        Attosecond | Generic => &[],
    }
}

/// The unit of `[25s]`, `[D/24]`, `[generic]` or nothing, and how many of it are a tick. The error is a sentence.
pub(super) fn parse(text: &str) -> Result<(TimeUnit, u32), String> {
    let wrong = || format!("'{}' is not a unit of time such as [ns], [D] or [25s]", excerpt(text));
    if text.is_empty() {
        return Ok((TimeUnit::Generic, 1));
    }
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).ok_or_else(wrong)?;
    let name = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &inner[..inner.len() - name.len()];
    let (name, divisor) = match name.split_once('/') {
        Some((name, divisor)) => {
            let is_number = divisor.bytes().all(|digit| digit.is_ascii_digit());
            (name, divisor.parse::<u32>().ok().filter(|divisor| is_number && *divisor > 0).ok_or_else(wrong)?)
        }
        None => (name, 1),
    };
    let name = if name == "μs" { "us" } else { name };
    let unit = UNITS.iter().find(|(known, _)| *known == name).map(|(_, unit)| *unit).ok_or_else(wrong)?;
    let count = if digits.is_empty() {
        1
    } else {
        digits.parse().ok().filter(|count| *count <= MOST).ok_or_else(wrong)?
    };
    if unit == TimeUnit::Generic && (count, divisor) != (1, 1) {
        return Err(wrong());
    }
    if divisor == 1 {
        return Ok((unit, count));
    }
    let part = parts(unit).iter().find(|(_, many)| many % divisor == 0);
    let divided = part.and_then(|(unit, many)| Some((*unit, count.checked_mul(many / divisor)?)));
    divided.filter(|(_, count)| *count <= MOST).ok_or_else(|| {
        format!("a tick can't be [{}]: it is not a multiple of a smaller unit", excerpt(inner))
    })
}

/// What NumPy can hold.
const MOST: u32 = i32::MAX as u32;
