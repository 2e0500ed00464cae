//! Numbers, types and faults in words, as the status bar and messages write them.

use crate::bytes::{ReadError, ReadErrorKind};
use crate::decode::dtype::ItemType;
use std::borrow::Cow;

/// `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 byte`, `12,345 bytes`.
pub fn bytes(count: u64) -> String {
    counted(count, "byte", "bytes")
}

/// `1 place`, `12 places`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A size in the largest binary unit that leaves at least 1, with one decimal: `1.5 KiB`; bytes below 1 KiB.
pub fn size(count: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if count < 1024 {
        return bytes(count);
    }
    let unit = (count.ilog2() / 10) as usize;
    format!("{:.1} {}", count as f64 / 1024_f64.powi(unit as i32), UNITS[unit - 1])
}

/// How long something is past: `just now`, `5 minutes ago`.
pub fn ago(seconds: u64) -> String {
    let (count, one, many) = match seconds {
        0..60 => return String::from("just now"),
        60..3600 => (seconds / 60, "minute", "minutes"),
        3600..86_400 => (seconds / 3600, "hour", "hours"),
        _ => (seconds / 86_400, "day", "days"),
    };
    format!("{} ago", counted(count, one, many))
}

/// Why bytes can't be shown, and what can be done: a sentence or two.
pub fn fault(error: &ReadError) -> String {
    let span = error.span();
    let place = match span.len() {
        0 | 1 => format!("The byte at {}", hex(span.start())),
        len => format!("{} at {}", bytes(len), hex(span.start())),
    };
    match error {
        ReadError::BeyondEnd { len, .. } => format!("{place}: beyond the end at {}.", hex(*len)),
        ReadError::CutShort { len_now, .. } => {
            format!(
                "{place} can no longer be read: another program has truncated the file to {}.",
                bytes(*len_now)
            )
        }
        ReadError::Cancelled { .. } => format!("{place}: reading was cancelled."),
        ReadError::Io { reason, kind, .. } => {
            let advice = match kind {
                ReadErrorKind::Denied => "Ask for permission to read the file, then try",
                ReadErrorKind::Retryable => {
                    "The cause may pass by itself. Check the connection if the file is on a network, then try"
                }
                ReadErrorKind::Changed => "Another program has changed the file. Reload it, or try",
                ReadErrorKind::Cancelled | ReadErrorKind::Other => "Try",
            };
            format!("{place} could not be read: {reason}. {advice} again with File ▸ Retry unreadable parts.")
        }
    }
}

/// What the bytes after the last element are.
pub fn incomplete(len: u64, of: u64) -> String {
    format!("Incomplete element at the end of the file: {} of {}.", grouped(len), bytes(of))
}

/// `0x1F40` with digits in groups of four from the right: `0x12 3456`.
pub fn hex(offset: u64) -> String {
    let digits = format!("{offset:X}");
    let mut text = String::from("0x");
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(4) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// At most so many characters of a text, '…' being the last where there were more.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().take(most.saturating_sub(1)).chain(['…']).collect()),
    }
}

/// Cells that a character takes in a grid: two for Chinese, Japanese and Korean and for emoji, none for marks.
#[inline]
pub fn cells_of(character: char) -> u32 {
    use unicode_width::UnicodeWidthChar;
    if character < '\u{300}' { 1 } else { character.width().unwrap_or(1) as u32 }
}

/// Cells that a text takes in a grid.
pub fn cells(text: &str) -> u32 {
    if text.is_ascii() {
        return u32::try_from(text.len()).unwrap_or(u32::MAX);
    }
    text.chars().fold(0, |sum: u32, character| sum.saturating_add(cells_of(character)))
}

/// Why a character is drawn as a box.
pub fn no_glyph(character: char) -> String {
    format!("No font on this system has U+{:04X}.", u32::from(character))
}

/// A type in a few words, at a cost that does not grow with its fields.
pub fn dtype(item: &ItemType) -> String {
    const MOST_FIELDS: usize = 12;
    match item {
        ItemType::Record(record) if record.fields.len() > MOST_FIELDS => {
            format!("record of {} fields", record.fields.len())
        }
        ItemType::Record(record)
            if record
                .fields
                .iter()
                .any(|field| matches!(field.item, ItemType::Record(_) | ItemType::Array(_))) =>
        {
            format!("record of {} fields, {} bytes", record.fields.len(), record.size)
        }
        ItemType::Array(array) if matches!(array.item, ItemType::Record(_) | ItemType::Array(_)) => {
            String::from("array of records")
        }
        _ => cut(&item.to_string(), 200).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_from_the_right() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(hex(0x1_2345), "0x1 2345");
    }

    #[test]
    fn what_is_past_is_told_in_its_largest_unit() {
        let told = [0, 59, 60, 7199, 7200, 86_399, 172_800].map(ago);
        let expected = [
            "just now",
            "just now",
            "1 minute ago",
            "1 hour ago",
            "2 hours ago",
            "23 hours ago",
            "2 days ago",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn sizes_name_the_largest_unit() {
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(1023), "1,023 bytes");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size(1 << 40), "1.0 TiB");
        assert_eq!(size(u64::MAX), "16.0 EiB");
    }

    #[test]
    fn texts_are_as_wide_as_a_terminal_shows_them() {
        for (text, wide) in
            [("abc", 3), ("äж", 2), ("漢字", 4), ("한", 2), ("e\u{301}", 1), ("🧬", 2), ("", 0)]
        {
            assert_eq!(cells(text), wide, "{text}");
        }
    }
}
