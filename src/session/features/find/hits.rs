//! What a search has found: the list of places, the bytes that were searched, and how a match is read as a value.

use super::element_map::ElementMap;
use super::query::{Query, QueryKind};
use super::sought_arrays::{SoughtArrays, SoughtElement};
use crate::analysis::search::End;
use crate::analysis::spans::{Peeked, SpillError};
use crate::analysis::{EvenSpans, SpanList, Unread};
use crate::bytes::{Source, Span};
use crate::decode::{DType, Encoding, hex};
use crate::document::{Mapped, Revision, Snapshot};
use crate::session::defaults::DEFAULT_DTYPE;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::tab::Tab;
use std::sync::Arc;

/// All places of what was looked for, as of a revision.
#[derive(Debug)]
pub struct Hits {
    pub tab: TabId,
    /// The question as it was asked.
    pub query: Query,
    /// `None` while the search runs.
    pub end: Option<End>,
    pub unread: Unread,
    pub found: FoundMatches,
    /// Which elements of the file's arrays the matches of bytes are.
    pub(super) elements: ElementMap,
}

/// Where a match is that was found by itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum MatchPlace {
    Bytes(Span),
    /// The number of its array in the container, and its own number there; of readings that among those of all types.
    Element(Option<u32>, u64),
}

/// The matches themselves. A plain value, which workers keep too.
#[derive(Clone, Debug)]
pub struct FoundMatches {
    /// Spans of bytes; of a question about elements their numbers in `arrays`.
    pub(super) list: Arc<SpanList>,
    /// The bytes that were searched, edits included.
    pub(super) searched: Snapshot,
    /// The arrays whose elements were asked; `None` of a search for bytes.
    pub(super) arrays: Option<SoughtArrays>,
    reading: MatchReading,
}

/// A match, where it was found.
#[derive(Clone, Copy, Debug)]
pub struct FoundMatch<'a> {
    pub span: Span,
    /// The element that it is, where elements were asked.
    pub element: Option<SoughtElement<'a>>,
}

impl FoundMatch<'_> {
    /// Whether its bytes are those of the document, and not of a decompressed array.
    pub fn is_in_file(&self) -> bool {
        self.element.is_none_or(|element| element.array.unpacked.is_none())
    }
}

/// How the bytes of a match are read as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchReading {
    Hex,
    Text(Encoding),
    /// Text in the usual encoding that its bytes look like.
    UsualText,
    Value(DType),
}

impl MatchReading {
    /// How the matches of a query are read.
    pub fn of(query: &Query) -> Self {
        match query.kind {
            // Elements are read by their own types.
            QueryKind::Hex | QueryKind::Where => Self::Hex,
            QueryKind::Text if query.usual_encodings => Self::UsualText,
            QueryKind::Text | QueryKind::Regex => Self::Text(query.encoding),
            QueryKind::Value => Self::Value(query.types.single().unwrap_or(DEFAULT_DTYPE)),
        }
    }

    /// The value of these bytes as text.
    pub fn text(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::format(bytes, false, " "),
            Self::Text(encoding) => encoding.decode_lossy(bytes),
            Self::UsualText => usual_encoding(bytes).decode_lossy(bytes),
            Self::Value(dtype) => {
                let mut text = String::new();
                dtype.format(bytes, &mut text);
                text
            }
        }
    }
}

/// The usual encoding that a found text looks like: wide characters have zeros in them.
fn usual_encoding(bytes: &[u8]) -> Encoding {
    let (fours, rest) = bytes.as_chunks::<4>();
    // Two characters of UTF-16, the second a tab or the end of a line, would be one of the planes 9, 10 and 13. Nothing is
    // in those.
    let is_character = |value: u32| char::from_u32(value).is_some() && matches!(value >> 16, 0..=3 | 14..=16);
    let is_wide =
        |of: fn([u8; 4]) -> u32| rest.is_empty() && fours.iter().all(|four| is_character(of(*four)));
    match bytes {
        _ if is_wide(u32::from_le_bytes) => Encoding::Utf32Le,
        _ if is_wide(u32::from_be_bytes) => Encoding::Utf32Be,
        [_, 0, ..] => Encoding::Utf16Le,
        [0, _, ..] => Encoding::Utf16Be,
        _ if std::str::from_utf8(bytes).is_ok() => Encoding::Utf8,
        _ => Encoding::Windows1252,
    }
}

impl FoundMatches {
    /// Matches of `query`, which come into `list` as they are found.
    pub(super) fn new(
        query: &Query,
        list: Arc<SpanList>,
        searched: Snapshot,
        arrays: Option<SoughtArrays>,
    ) -> Self {
        Self { list, searched, arrays, reading: MatchReading::of(query) }
    }

    /// How many there are by now.
    pub fn len(&self) -> u64 {
        self.list.len()
    }

    /// Whether there are none by now.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the matches are bytes that were read as several types, each match as one of them.
    pub fn are_readings(&self) -> bool {
        self.arrays.as_ref().is_some_and(SoughtArrays::are_readings)
    }

    /// How the bytes of a match are read that is no element.
    pub fn reading(&self) -> MatchReading {
        self.reading
    }

    /// The match with this number, in the order in which they were found, as far as it is in memory. What is not is read
    /// by a worker soon.
    pub fn peek(&self, number: u64) -> Peeked<Option<FoundMatch<'_>>> {
        match self.list.peek(number) {
            Peeked::Ready(entry) => Peeked::Ready(entry.and_then(|entry| self.resolve(entry))),
            Peeked::Missing => Peeked::Missing,
            Peeked::Lost => Peeked::Lost,
        }
    }

    /// Matches from number `first` on, in the order in which they were found. Blocks; after an error nothing follows.
    pub(super) fn iter_from(&self, first: u64) -> impl Iterator<Item = Result<FoundMatch<'_>, SpillError>> {
        self.list.iter_from(first).filter_map(|entry| entry.map(|entry| self.resolve(entry)).transpose())
    }

    /// Entries of the list from number `first` on, those at even distances together. Blocks.
    pub(super) fn even_from(&self, first: u64) -> impl Iterator<Item = Result<EvenSpans, SpillError>> {
        self.list.even_from(first).map(|even| even.map(|(_, even)| even))
    }

    /// At most `most` matches that are spread over all of them, as far as they are in memory.
    pub fn spread(&self, most: u64) -> impl Iterator<Item = FoundMatch<'_>> {
        self.list.spread(most).into_iter().filter_map(|entry| self.resolve(entry))
    }

    /// Why some of them are not listed or can't be read, as a sentence.
    pub fn trouble(&self) -> Option<String> {
        self.list.trouble().map(|error| format!("Not all matches are listed: {error}."))
    }

    /// The match of an entry of the list.
    pub(super) fn resolve(&self, entry: Span) -> Option<FoundMatch<'_>> {
        let Some(arrays) = &self.arrays else { return Some(FoundMatch { span: entry, element: None }) };
        let element = arrays.element(entry.start())?;
        Some(FoundMatch { span: element.place().span, element: Some(element) })
    }

    /// Where the bytes of all matches are: in `document`, or in the array that was decompressed.
    pub fn source<'s>(&'s self, document: &'s dyn Source) -> &'s dyn Source {
        let array = self.arrays.as_ref().and_then(|arrays| arrays.all().first());
        array.map_or(document, |array| array.source(document))
    }

    /// The bytes that were searched.
    pub(super) fn bytes(&self) -> &dyn Source {
        self.source(&self.searched)
    }

    /// The value of a match as text, from its bytes.
    pub fn text(&self, found: &FoundMatch<'_>, bytes: &[u8]) -> String {
        match &found.element {
            Some(element) => element.text(bytes),
            None => self.reading.text(bytes),
        }
    }
}

impl Hits {
    /// The state of the document that was searched.
    pub fn revision(&self) -> Revision {
        self.found.searched.revision()
    }

    /// How many there are, once the search has ended.
    pub(super) fn count_words(&self) -> String {
        let more = match self.end {
            None => return String::new(),
            Some(End::Cut) => "More than ",
            Some(End::Complete | End::Cancelled) => "",
        };
        format!("{more}{}.", describe::counted(self.found.len(), "match", "matches"))
    }

    /// The number in the list of the match at `place`: of bytes their span now, of an element its array and number.
    /// `None` when it is not in the list, or that part is not in memory.
    pub(super) fn number_of(&self, place: MatchPlace) -> Option<u64> {
        let entry = match (place, &self.found.arrays) {
            (MatchPlace::Bytes(span), None) => span,
            (MatchPlace::Element(entry, number), Some(arrays)) => {
                // The numbers of readings are those among all types already.
                let first = match arrays.are_readings() {
                    true => 0,
                    false => arrays.all().iter().find(|array| array.entry == entry)?.first,
                };
                Span::between(first + number, first + number + 1)
            }
            (MatchPlace::Bytes(_), Some(_)) | (MatchPlace::Element(..), None) => return None,
        };
        let ranked = self.found.list.peek_ending_after(entry.end().checked_sub(1)?).ready().flatten()?;
        (ranked.span == entry).then_some(ranked.index)
    }

    /// What the column of the values is called.
    pub fn value_title(&self) -> &'static str {
        match (&self.found.arrays, self.found.reading) {
            (Some(_), _) | (None, MatchReading::Value(_)) => "Value",
            (None, MatchReading::Hex) => "Bytes",
            (None, MatchReading::Text(_) | MatchReading::UsualText) => "Text",
        }
    }

    /// What the column of the elements is called: that of types where each match is bytes that were read as one.
    pub fn element_title(&self) -> &'static str {
        if self.found.are_readings() { "Type" } else { "Element" }
    }

    /// Where a match is now; `None` once its bytes were edited. What was decompressed is never edited.
    pub fn now(&self, found: &FoundMatch<'_>, tab: &Tab) -> Option<Span> {
        if !found.is_in_file() {
            return Some(found.span);
        }
        match tab.document().map_span(found.span, self.revision()) {
            Mapped::Intact(span) => Some(span),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_found_text_looks_like_the_encoding_that_it_is_in() {
        let encodings =
            [Encoding::Utf32Le, Encoding::Utf32Be, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf8];
        for text in ["AB", "A\t", "A\n", "A\r", "\t\tA\n", "A\tB", "Ab\u{1f600}\u{20000}", "x"] {
            for encoding in encodings {
                let bytes = encoding.encode(text).expect("encoded");
                assert_eq!(usual_encoding(&bytes), encoding, "{text:?}");
            }
        }
    }
}
