//! Seconds since 1970 as a date and time in UTC, and back.
//!
//! The Gregorian calendar all the way, years 0 to 9999; no time zones and no leap seconds, as Unix time has none.

use super::integer::{ValueError, excerpt};

const SECONDS_A_DAY: i64 = 86_400;
/// A cycle of the calendar: 400 years.
const DAYS_A_CYCLE: i128 = 146_097;
/// From the first of March of the year 0 to 1970.
const DAYS_TO_1970: i128 = 719_468;

/// `2038-01-19T03:14:07Z`; `None` outside the years 0 to 9999.
pub(in crate::decode) fn format(seconds: i64) -> Option<String> {
    let (days, second) = (seconds.div_euclid(SECONDS_A_DAY), seconds.rem_euclid(SECONDS_A_DAY));
    let (year, month, day) = civil(days.into());
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    (0..=9999)
        .contains(&year)
        .then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Reads `2038-01-19T03:14:07Z`; the `Z`, the seconds and the time may be left out, a space may stand for the `T`.
pub(in crate::decode) fn parse(text: &str) -> Result<i64, ValueError> {
    read(text.trim()).ok_or_else(|| {
        ValueError::new(format!("'{}' is not a UTC time such as 2038-01-19T03:14:07Z", excerpt(text.trim())))
    })
}

fn read(text: &str) -> Option<i64> {
    let text = text.strip_suffix(['Z', 'z']).unwrap_or(text).trim_end();
    let (date, clock) = text.split_once(['T', 't', ' ']).unwrap_or((text, "00:00"));
    let mut fields = date.split('-').map(field);
    let (year, month, day) = (fields.next()??, fields.next()??, fields.next()??);
    let mut parts = clock.trim().split(':').map(field);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let is_clock = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    let date = (year.into(), month.into(), day.into());
    let days = days(date.0, date.1, date.2);
    // The way back tells whether the month has that day.
    let is_date = (1..=12).contains(&month) && civil(days) == date && fields.next().is_none();
    let days = i64::try_from(days).ok().filter(|_| is_clock && is_date)?;
    Some(days * SECONDS_A_DAY + hour * 3600 + minute * 60 + second)
}

fn field(digits: &str) -> Option<i64> {
    let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// Year, month and day of a day counted from 1970-01-01. Years begin in March here, so that the leap day is the last.
pub(in crate::decode) fn civil(days: i128) -> (i128, i128, i128) {
    let days = days + DAYS_TO_1970;
    let (cycle, day) = (days.div_euclid(DAYS_A_CYCLE), days.rem_euclid(DAYS_A_CYCLE));
    // Takes out the leap days before, so that all years have 365 days.
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Five months from March have 153 days, over and over.
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, year) = (if month < 10 { month + 3 } else { month - 9 }, cycle * 400 + year);
    (year + i128::from(month <= 2), month, day_of_month)
}

/// The day counted from 1970-01-01.
pub(in crate::decode) fn days(year: i128, month: i128, day: i128) -> i128 {
    let year = year - i128::from(month <= 2);
    let (cycle, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = (month + 9) % 12;
    let day = 365 * year + year / 4 - year / 100 + (153 * month + 2) / 5 + day - 1;
    cycle * DAYS_A_CYCLE + day - DAYS_TO_1970
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_the_days_one_by_one_gives_the_same_calendar() {
        let mut date = (0, 1, 1);
        for day in days(0, 1, 1)..=days(9999, 12, 31) {
            assert_eq!((civil(day), days(date.0, date.1, date.2)), (date, day));
            let (year, month, _) = date;
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + i128::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            date = match date {
                (year, 12, 31) => (year + 1, 1, 1),
                (year, month, day) if day == length => (year, month + 1, 1),
                (year, month, day) => (year, month, day + 1),
            };
        }
        assert_eq!(date, (10_000, 1, 1));
        assert_eq!(days(1970, 1, 1), 0);
    }

    #[test]
    fn known_times() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_827_696, "2000-02-29T12:34:56Z"),
            (i64::from(i32::MAX), "2038-01-19T03:14:07Z"),
            (i64::from(i32::MIN), "1901-12-13T20:45:52Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(format(seconds).as_deref(), Some(text));
            assert_eq!(parse(text), Ok(seconds));
        }
        assert_eq!(format(253_402_300_800), None);
        assert_eq!((format(i64::MIN), format(i64::MAX)), (None, None));
    }

    #[test]
    fn what_the_calendar_lacks_is_refused() {
        assert_eq!(parse("2000-02-29"), Ok(951_782_400));
        assert_eq!(parse(" 2000-2-29 12:34 "), Ok(951_827_640));
        for text in [
            "1900-02-29",
            "2000-13-01",
            "2000-00-01",
            "2000-01-00",
            "2000-01-01T24:00",
            "2000-01-01T00:60",
            "2000-01-01T23:59:60",
            "20000-01-01",
            "2000-01",
            "2000-01-01-01",
            "2000-01-01T1",
            "",
            "Z",
            "now",
            "-2000-01-01",
            "2000-01-01T00:00:00:00",
            "2000-+1-01",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
