//! What goes to the system's clipboard and what comes from it.
//!
//! Beside text and bytes a [`ClipMark`] goes there, which names the clip. Text does not come back as it was put there:
//! line ends are made equal, and bytes that are no text have none. The mark survives, so that a window knows its own
//! clip.

use std::fmt::Write;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

/// What the system's clipboard is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClipboardOffer {
    /// For programs that take text. `None` when it would be too much.
    pub text: Option<String>,
    /// For programs that take bytes. `None` when it would be too much.
    pub bytes: Option<Arc<[u8]>>,
    /// For programs that take images: a PNG file.
    pub image: Option<Arc<[u8]>>,
    /// The clip's mark. `None` for text from a text field.
    pub mark: Option<ClipMark>,
}

impl ClipboardOffer {
    /// Only text, without a mark.
    pub fn of_text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

/// What is on the system's clipboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    pub text: Option<String>,
    pub bytes: Option<Vec<u8>>,
    /// The clip's, when a window of this program has put it there.
    pub mark: Option<ClipMark>,
}

impl Pasted {
    /// Text of any program.
    pub fn of_text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

/// How a paste is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasteWay {
    /// As the focused column takes it.
    #[default]
    Usual,
    /// As text, in the encoding of the text column.
    Text,
    /// Ask.
    Choose,
}

/// Names a clip, for every window of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipMark {
    /// Random: two clips are never the same.
    pub id: u64,
    /// Bytes that were copied.
    pub len: u64,
    /// It was copied as text in a form that was asked for, not as bytes.
    pub is_text: bool,
    /// The title of the tab it is from.
    pub title: String,
}

/// The media type of a mark.
pub const MARK_TYPE: &str = "application/x-pagelens-clip";
/// The media type of bytes.
pub const BYTES_TYPE: &str = "application/octet-stream";

/// The media type of images.
pub const IMAGE_TYPE: &str = "image/png";

/// Characters of a title that are told to others.
const MAX_TITLE: usize = 100;

impl ClipMark {
    pub(super) fn new(len: u64, is_text: bool, title: &str) -> Self {
        // The hasher of the standard library is seeded by the system.
        let id = std::hash::RandomState::new().build_hasher().finish();
        Self { id, len, is_text, title: title.chars().take(MAX_TITLE).collect() }
    }

    /// As it stands on the clipboard.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = write!(text, "1 {:016x} {} {}\n{}", self.id, self.len, u8::from(self.is_text), self.title);
        text
    }

    /// The mark that another window has put there; `None` for anything else.
    pub fn of_text(text: &str) -> Option<Self> {
        let (head, title) = text.split_once('\n')?;
        let [version, id, len, is_text] = head.split(' ').collect::<Vec<_>>()[..] else { return None };
        if version != "1" {
            return None;
        }
        Some(Self {
            id: u64::from_str_radix(id, 16).ok()?,
            len: len.parse().ok()?,
            is_text: is_text == "1",
            title: title.chars().filter(|c| !c.is_control()).take(MAX_TITLE).collect(),
        })
    }
}

/// Whether the clipboard gives `back` what it was given: line ends come back in another form.
pub(super) fn is_same_text(given: &str, back: &str) -> bool {
    fn equal_ends(text: &str) -> impl Iterator<Item = char> {
        let mut last = ' ';
        text.chars().filter_map(move |c| {
            let joins = c == '\n' && last == '\r';
            last = c;
            (!joins).then_some(if c == '\r' { '\n' } else { c })
        })
    }
    equal_ends(given).eq(equal_ends(back))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_read_back_and_nothing_else_does() {
        let mark = ClipMark::new(1 << 40, true, "a b\u{202e}.bin");
        assert_eq!(ClipMark::of_text(&mark.to_text()), Some(mark.clone()));
        assert_ne!(ClipMark::new(1, true, ""), ClipMark::new(1, true, ""));
        for text in ["", "1", "1 0 0 0", "2 0 0 0\nx", "1 x 0 0\n", "1 0 -1 0\n", "1 0 0 0 0\n"] {
            assert_eq!(ClipMark::of_text(text), None, "{text}");
        }
        let long = format!("1 0 0 0\n{}\x1b", "a".repeat(1_000_000));
        assert_eq!(ClipMark::of_text(&long).map(|mark| mark.title.len()), Some(MAX_TITLE));
    }

    #[test]
    fn line_ends_make_no_difference() {
        for (given, back) in [("a\r\n4", "a\n4"), ("a\r4", "a\n4"), ("a\n4", "a\r\n4"), ("\r\n\r\n", "\n\n")]
        {
            assert!(is_same_text(given, back), "{given:?} {back:?}");
        }
        for (given, back) in [("a\n\n4", "a\n4"), ("a", "ab"), ("\u{fffd}", "?")] {
            assert!(!is_same_text(given, back), "{given:?} {back:?}");
        }
    }
}
