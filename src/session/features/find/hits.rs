//! What a search has found: the list of places, the bytes that were searched, and how a match is read as a value.

use super::element_map::ElementMap;
use super::query::{Query, QueryKind};
use crate::analysis::search::End;
use crate::analysis::{SpanList, Unread};
use crate::bytes::Span;
use crate::decode::{DType, Encoding, hex};
use crate::document::{Mapped, Revision, Snapshot};
use crate::session::defaults::DEFAULT_DTYPE;
use crate::session::ids::TabId;
use crate::session::tab::Tab;
use std::sync::Arc;

/// All places of what was looked for, as of a revision.
#[derive(Debug)]
pub struct Hits {
    pub tab: TabId,
    /// The question as it was asked.
    pub query: Query,
    pub list: Arc<SpanList>,
    /// `None` while the search runs.
    pub end: Option<End>,
    pub unread: Unread,
    /// The bytes that were searched, edits included.
    pub(super) searched: Snapshot,
    /// Which elements of the file's arrays they are.
    pub(super) elements: ElementMap,
}

/// How the bytes of a match are read as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchReading {
    Hex,
    Text(Encoding),
    Value(DType),
}

impl MatchReading {
    /// How the matches of a query are read.
    pub fn of(query: &Query) -> Self {
        match query.kind {
            QueryKind::Hex => Self::Hex,
            QueryKind::Text => Self::Text(query.encoding),
            QueryKind::Value => Self::Value(query.dtype.unwrap_or(DEFAULT_DTYPE)),
        }
    }

    /// What the column of the values is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Hex => "Bytes",
            Self::Text(_) => "Text",
            Self::Value(_) => "Value",
        }
    }

    /// The value of these bytes as text.
    pub fn text(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::format(bytes, false, " "),
            Self::Text(encoding) => encoding.decode_lossy(bytes),
            Self::Value(dtype) => {
                let mut text = String::new();
                dtype.format(bytes, &mut text);
                text
            }
        }
    }
}

impl Hits {
    /// The state of the document that was searched.
    pub fn revision(&self) -> Revision {
        self.searched.revision()
    }

    /// How the matches are read.
    pub fn reading(&self) -> MatchReading {
        MatchReading::of(&self.query)
    }

    /// Where a match is now; `None` once its bytes were edited.
    pub fn now(&self, found: Span, tab: &Tab) -> Option<Span> {
        match tab.document().map_span(found, self.revision()) {
            Mapped::Intact(span) => Some(span),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        }
    }
}
