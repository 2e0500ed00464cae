//! `datetime64` and `timedelta64` as NumPy writes them, and back.
//!
//! A time is written down to its unit: `2000-02`, `2000-02-29T12:30`. Years have no bounds. What is typed more finely
//! than the unit, or between two ticks, is refused. An integer without quotes counts ticks, as in NumPy; only of years
//! it is the year, which is how they are shown.

use super::{Order, TimeType, TimeUnit};
use crate::decode::ValueError;
use crate::decode::scalar::calendar::{civil, days};
use crate::decode::scalar::integer::{excerpt, parse_integer, split_prefix};
use std::fmt::Write;

/// Not a time.
pub(super) const NAT: i64 = i64::MIN;

pub(super) fn ticks(time: TimeType, group: &[u8]) -> i64 {
    let bytes = group.try_into().unwrap_or_default();
    if time.order == Order::Little { i64::from_le_bytes(bytes) } else { i64::from_be_bytes(bytes) }
}

pub(super) fn bytes(time: TimeType, ticks: i64) -> Vec<u8> {
    if time.order == Order::Little { ticks.to_le_bytes().to_vec() } else { ticks.to_be_bytes().to_vec() }
}

/// The word that follows the count of a time span.
const fn plural(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Generic => "generic time units",
        TimeUnit::Year => "years",
        TimeUnit::Month => "months",
        TimeUnit::Week => "weeks",
        TimeUnit::Day => "days",
        TimeUnit::Hour => "hours",
        TimeUnit::Minute => "minutes",
        TimeUnit::Second => "seconds",
        TimeUnit::Millisecond => "milliseconds",
        TimeUnit::Microsecond => "microseconds",
        TimeUnit::Nanosecond => "nanoseconds",
        TimeUnit::Picosecond => "picoseconds",
        TimeUnit::Femtosecond => "femtoseconds",
        TimeUnit::Attosecond => "attoseconds",
    }
}

/// Units a day, of units below it.
const fn a_day(unit: TimeUnit) -> i128 {
    match unit {
        TimeUnit::Hour => 24,
        TimeUnit::Minute => 1440,
        unit => 86_400 * 10i128.pow(decimals(unit)),
    }
}

/// Digits after the seconds.
const fn decimals(unit: TimeUnit) -> u32 {
    match unit {
        TimeUnit::Millisecond => 3,
        TimeUnit::Microsecond => 6,
        TimeUnit::Nanosecond => 9,
        TimeUnit::Picosecond => 12,
        TimeUnit::Femtosecond => 15,
        TimeUnit::Attosecond => 18,
        _ => 0,
    }
}

/// Characters of the widest value.
pub(super) const fn width(time: TimeType) -> usize {
    match (time.delta, time.unit) {
        (true, unit) => 31 + plural(unit).len(),
        (false, TimeUnit::Generic) => 20,
        // A count of 31 bits makes the years ten digits longer.
        (false, TimeUnit::Year | TimeUnit::Month | TimeUnit::Week | TimeUnit::Day) => 36,
        (false, unit) => 46 + decimals(unit) as usize,
    }
}

/// Appends the text of a count of ticks.
pub(super) fn format(time: TimeType, ticks: i64, out: &mut String) {
    let value = i128::from(ticks) * i128::from(time.count);
    // Writing to a String cannot fail.
    let _ = match time.unit {
        _ if ticks == NAT => write!(out, "NaT"),
        unit if time.delta => write!(out, "{value} {}", plural(unit)),
        TimeUnit::Generic => write!(out, "{ticks}"),
        TimeUnit::Year => write!(out, "{:04}", 1970 + value),
        TimeUnit::Month => write!(out, "{:04}-{:02}", 1970 + value.div_euclid(12), 1 + value.rem_euclid(12)),
        TimeUnit::Week => push_date(7 * value, out),
        TimeUnit::Day => push_date(value, out),
        unit => push_clock(unit, value, out),
    };
}

fn push_date(day: i128, out: &mut String) -> std::fmt::Result {
    let (year, month, day) = civil(day);
    write!(out, "{year:04}-{month:02}-{day:02}")
}

fn push_clock(unit: TimeUnit, value: i128, out: &mut String) -> std::fmt::Result {
    let day = a_day(unit);
    push_date(value.div_euclid(day), out)?;
    let rest = value.rem_euclid(day);
    write!(out, "T{:02}", rest / (day / 24))?;
    if unit != TimeUnit::Hour {
        write!(out, ":{:02}", rest / (day / 1440) % 60)?;
    }
    if !matches!(unit, TimeUnit::Hour | TimeUnit::Minute) {
        write!(out, ":{:02}", rest / (day / 86_400) % 60)?;
    }
    match decimals(unit) as usize {
        0 => Ok(()),
        digits => write!(out, ".{:0digits$}", rest % 10i128.pow(digits as u32)),
    }
}

/// The ticks of a typed time.
pub(super) fn parse(time: TimeType, text: &str) -> Result<i64, ValueError> {
    let typed = text.trim();
    let trimmed = without_quotes(typed);
    if trimmed.eq_ignore_ascii_case("nat") {
        return Ok(NAT);
    }
    if trimmed.is_empty() {
        return Err(ValueError::empty("time"));
    }
    let is_count = time.delta || !matches!(time.unit, TimeUnit::Generic | TimeUnit::Year);
    let is_hex = typed.trim_start_matches(['-', '+']).starts_with("0x");
    if (is_count || is_hex) && trimmed == typed && is_whole(typed) {
        return parse_count(typed, if time.delta { "timedelta64" } else { "datetime64" });
    }
    let value = if time.delta || time.unit == TimeUnit::Generic {
        let number = trimmed.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
        let word = trimmed[number.len()..].trim();
        let known = ["", time.unit.name(), plural(time.unit), plural(time.unit).trim_end_matches('s')];
        if !known.contains(&word) {
            return Err(ValueError::new(format!(
                "'{}' is not a number of {}",
                excerpt(trimmed),
                plural(time.unit)
            )));
        }
        i128::from(parse_count(number, "timedelta64")?)
    } else {
        read(time.unit, trimmed)?
    };
    let count = i128::from(time.count.max(1));
    if value % count != 0 {
        return Err(ValueError::new(format!(
            "{} is between two ticks of {count} {}",
            excerpt(trimmed),
            plural(time.unit)
        )));
    }
    let ticks = i64::try_from(value / count).ok().filter(|ticks| *ticks != NAT);
    ticks.ok_or_else(|| {
        ValueError::new(format!(
            "{} is too far from 1970 for a 64-bit count of {}",
            excerpt(trimmed),
            plural(time.unit)
        ))
    })
}

/// A time as it stands in a list: in quotes.
fn without_quotes(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"')).unwrap_or(text).trim()
}

/// Digits with a sign or without, also hex and such.
fn is_whole(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (radix, digits) = split_prefix(unsigned);
    unsigned.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c == '_' || c.is_digit(radix))
}

/// The units since 1970 of a typed date and clock.
fn read(unit: TimeUnit, text: &str) -> Result<i128, ValueError> {
    let wrong = || ValueError::new(format!("'{}' is not a time such as 2000-02-29T12:30:00", excerpt(text)));
    let too_fine = || ValueError::new(format!("{} is more precise than {}", excerpt(text), plural(unit)));
    let bare = text.strip_suffix(['Z', 'z']).unwrap_or(text).trim_end();
    let (sign, bare) =
        bare.strip_prefix('-').map_or((1, bare.strip_prefix('+').unwrap_or(bare)), |rest| (-1, rest));
    let (date, clock) =
        bare.split_once(['T', 't', ' ']).map_or((bare, None), |(date, clock)| (date, Some(clock)));
    let mut fields = date.split('-').map(|field| digits(field, 30));
    let year = sign * fields.next().flatten().ok_or_else(wrong)?;
    let month = fields.next().unwrap_or(Some(1)).ok_or_else(wrong)?;
    let day = fields.next().unwrap_or(Some(1)).ok_or_else(wrong)?;
    let date = days(year, month, day);
    if fields.next().is_some() || !(1..=12).contains(&month) || civil(date) != (year, month, day) {
        return Err(wrong());
    }
    let fraction = clock.map_or(Some(0), attoseconds).ok_or_else(wrong)?;
    match unit {
        TimeUnit::Year | TimeUnit::Month if fraction != 0 || day != 1 => Err(too_fine()),
        TimeUnit::Year if month != 1 => Err(too_fine()),
        TimeUnit::Year => Ok(year - 1970),
        TimeUnit::Month => Ok((year - 1970) * 12 + month - 1),
        TimeUnit::Day | TimeUnit::Week if fraction != 0 => Err(too_fine()),
        TimeUnit::Day => Ok(date),
        TimeUnit::Week if date % 7 != 0 => Err(ValueError::new(format!(
            "{} is not the first day of a week: NumPy's weeks begin on Thursday",
            excerpt(text)
        ))),
        TimeUnit::Week => Ok(date / 7),
        _ => {
            let (a_day, whole) = (a_day(unit), a_day(TimeUnit::Attosecond));
            if fraction % (whole / a_day) != 0 {
                return Err(too_fine());
            }
            let start = date.checked_mul(a_day);
            start.and_then(|start| start.checked_add(fraction / (whole / a_day))).ok_or_else(wrong)
        }
    }
}

fn digits(text: &str, most: usize) -> Option<i128> {
    let is_number = (1..=most).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// The attoseconds of `12`, `12:30`, `12:30:05`, `12:30:05.123`.
fn attoseconds(clock: &str) -> Option<i128> {
    let (clock, part) =
        clock.trim().split_once('.').map_or((clock.trim(), None), |(clock, part)| (clock, Some(part)));
    let mut fields = clock.split(':').map(|field| digits(field, 2));
    let hour = fields.next()??;
    let minute = fields.next().unwrap_or(Some(0))?;
    let second = fields.next();
    let has_seconds = second.is_some();
    let second = second.unwrap_or(Some(0))?;
    let fraction = match part {
        Some(part) if has_seconds => {
            digits(&format!("{:0<18}", part.trim_end_matches('0')), 18).filter(|_| !part.is_empty())?
        }
        Some(_) => return None,
        None => 0,
    };
    let fits = hour < 24 && minute < 60 && second < 60 && fields.next().is_none();
    fits.then(|| (hour * 3600 + minute * 60 + second) * 10i128.pow(18) + fraction)
}

/// A whole number as it is typed for a count.
fn parse_count(text: &str, kind: &str) -> Result<i64, ValueError> {
    parse_integer(text, kind, i64::MIN.into(), i64::MAX.into()).map(|value| value as i64)
}
