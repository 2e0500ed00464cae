//! The strings that were found, and a row of the list of them.

use super::SearchOfStrings;
use crate::analysis::search::End;
use crate::analysis::spans::Peeked;
use crate::analysis::strings::list::StringList;
use crate::analysis::{Tally, Unread};
use crate::bytes::{Availability, Source, Span};
use crate::decode::Encoding;
use crate::document::{Mapped, Snapshot};
use crate::escape::escape;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::tab::Tab;
use std::sync::Arc;

/// Bytes of a string that are shown in its row; a multiple of every character's unit.
const SHOWN: u64 = 480;

/// The strings of a search.
#[derive(Debug)]
pub struct ListedStrings {
    search: SearchOfStrings,
    pub(super) list: Arc<StringList>,
    /// The bytes that were searched, edits included.
    pub(super) searched: Snapshot,
    end: Option<End>,
    unread: Unread,
    /// The same question is to be asked again.
    is_forgotten: bool,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringLine {
    pub offset: String,
    pub length: String,
    pub encoding: &'static str,
    /// Its text, or as far as it is shown; empty while its bytes are not cached.
    pub text: String,
    /// Whether its bytes are still those that were found.
    pub is_there: bool,
}

impl StringLine {
    fn unknown(text: &str) -> Self {
        let (offset, length) = (String::new(), String::new());
        Self { offset, length, encoding: "", text: text.to_owned(), is_there: true }
    }
}

impl ListedStrings {
    /// Strings that come into `list` as they are found.
    pub(super) fn new(search: SearchOfStrings, list: Arc<StringList>, searched: Snapshot) -> Self {
        Self { search, list, searched, end: None, unread: Unread::default(), is_forgotten: false }
    }

    pub(super) fn tab(&self) -> TabId {
        self.search.tab
    }

    /// Whether these are the answer to the question.
    pub(super) fn is_of(&self, search: &SearchOfStrings) -> bool {
        !self.is_forgotten && self.search == *search
    }

    pub(super) fn forget_question(&mut self) {
        self.is_forgotten = true;
    }

    pub(super) fn finish(&mut self, tally: Tally) {
        (self.end, self.unread) = (Some(tally.end), tally.unread);
    }

    /// No more of them will come, if more were to come.
    pub(super) fn stop(&mut self) {
        self.end.get_or_insert(End::Cancelled);
    }

    /// How many there are by now.
    pub fn len(&self) -> u64 {
        self.list.len()
    }

    /// Whether there are none by now.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How the search ended; `None` while it runs.
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// What could not be read.
    pub fn unread(&self) -> &Unread {
        &self.unread
    }

    /// Whether several encodings were searched for.
    pub fn has_encodings(&self) -> bool {
        self.search.query.encodings.len() > 1
    }

    /// Whether the document was edited since the search.
    pub fn is_old(&self, tab: &Tab) -> bool {
        self.searched.revision() != tab.document().revision()
    }

    /// Why some of them are not listed or can't be read, as a sentence.
    pub fn trouble(&self) -> Option<String> {
        self.list.spans.trouble().map(|error| format!("Not all strings are listed: {error}."))
    }

    /// Where a string is now, as far as it is in memory: inside `None` when its bytes were edited since.
    pub(super) fn place(&self, number: u64, tab: &Tab) -> Peeked<Option<Option<Span>>> {
        match self.list.peek(number) {
            Peeked::Ready(found) => Peeked::Ready(found.map(|(span, _)| self.now(span, tab))),
            Peeked::Missing => Peeked::Missing,
            Peeked::Lost => Peeked::Lost,
        }
    }

    pub(super) fn now(&self, span: Span, tab: &Tab) -> Option<Span> {
        match tab.document().map_span(span, self.searched.revision()) {
            Mapped::Intact(span) => Some(span),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        }
    }

    /// A string as the list shows it.
    pub(super) fn line(&self, number: u64, tab: &Tab) -> Option<StringLine> {
        let (span, encoding) = match self.list.peek(number) {
            Peeked::Ready(found) => found?,
            Peeked::Missing => return Some(StringLine::unknown("…")),
            Peeked::Lost => return Some(StringLine::unknown("could not be read")),
        };
        let now = self.now(span, tab);
        let offset = now.unwrap_or(span).start().wrapping_add(tab.hex().format.base);
        Some(StringLine {
            offset: describe::hex(offset),
            length: describe::grouped(span.len()),
            encoding: encoding.label(),
            text: now.map_or_else(String::new, |now| text(tab.shown(), now, encoding)),
            is_there: now.is_some(),
        })
    }
}

/// The first part of a string, as it may be shown.
fn text(source: &dyn Source, span: Span, encoding: Encoding) -> String {
    let shown = Span::between(span.start(), span.end().min(span.start().saturating_add(SHOWN)));
    let mut bytes = vec![0; shown.len() as usize];
    let mut states = vec![Availability::Missing; bytes.len()];
    source.peek(shown.start(), &mut bytes, &mut states);
    if states.iter().any(|state| *state != Availability::Ready) {
        return String::new();
    }
    let text = encoding.decode_lossy(&bytes);
    if shown == span {
        return escape(text);
    }
    // The last character may be cut.
    format!("{} …", escape(text.trim_end_matches('\u{fffd}').to_owned()))
}
