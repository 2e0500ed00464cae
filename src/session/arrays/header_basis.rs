//! The bytes from which a header was read, and whether the result is still valid.

use crate::bytes::Span;
use crate::document::{Document, Mapped, Revision};
use crate::formats::{Container, FormatError, HEAD, Home};

/// Of a header that can't be read, bytes at the file's start and end whose change makes it worth another look.
const BROKEN: u64 = 64 << 10;
/// Gaps between arrays that are looked after one by one: headers of members, in an archive.
const MOST_GAPS: usize = 1024;

/// What the last answer about a header was made of.
#[derive(Clone, Debug)]
pub struct HeaderBasis {
    pub(super) revision: Revision,
    len: u64,
    spans: Vec<Span>,
    /// The file under the document is another, or other bytes are in it.
    pub(super) is_void: bool,
}

impl HeaderBasis {
    fn of_spans(revision: Revision, len: u64, spans: Vec<Span>) -> Self {
        Self { revision, len, spans, is_void: false }
    }

    /// Of a file of no kind that is known.
    pub(super) fn of_nothing(revision: Revision, len: u64) -> Self {
        Self::of_spans(revision, len, vec![Span::first(len.min(HEAD as u64))])
    }

    /// Of a header that can't be read; `old` is where one was before.
    pub(super) fn of_error(revision: Revision, len: u64, error: &FormatError, old: Option<Span>) -> Self {
        let ends = [Span::first(len.min(BROKEN)), Span::between(len.saturating_sub(BROKEN), len)];
        let spans = ends.into_iter().chain(error.span).chain(old);
        Self::of_spans(revision, len, spans.map(|span| span.clamp_to(len)).collect())
    }

    /// Of a header: it, and what lies between the arrays.
    pub(super) fn of(revision: Revision, len: u64, container: &Container) -> Self {
        let mut spans = vec![container.header.clamp_to(len)];
        let arrays = container.entries.iter().filter_map(|entry| match entry.home {
            Home::Here(offset) => Span::at(offset, entry.bytes()?),
            _ => None,
        });
        let mut arrays: Vec<Span> = arrays.take(MOST_GAPS + 1).collect();
        if arrays.len() <= MOST_GAPS {
            arrays.sort_unstable();
            let mut end = 0;
            for array in arrays {
                spans.extend((array.start() > end).then(|| Span::between(end, array.start()).clamp_to(len)));
                end = end.max(array.end());
            }
        }
        Self::of_spans(revision, len, spans)
    }

    /// Whether another answer is to be had by now.
    pub(in crate::session) fn is_stale(&self, document: &Document) -> bool {
        self.is_void || self.len != document.len() || {
            let stays = |span: &Span| document.map_span(*span, self.revision) == Mapped::Intact(*span);
            self.revision != document.revision() && !self.spans.iter().all(stays)
        }
    }

    /// Whether these bytes are what they were when the header was read, as far as is known.
    pub(super) fn holds(&self, span: Span, document: &Document) -> bool {
        !self.is_void && document.map_span(span, self.revision) == Mapped::Intact(span)
    }
}
