//! A document as it was at one moment: a [`Source`] that any thread may read while the document goes on.
//!
//! It is a root of the piece tree and the table that its pieces name. It never changes, and reads go on to the sources
//! of the pieces: it waits where they wait, and never where they don't.

use super::edit::Revision;
use super::piece::{Piece, SourceId};
use super::sources::Sources;
use super::tree::Tree;
use crate::bytes::{Availability, ReadError, Source, Span, check_bounds};
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

/// A state of a document. Cheap to clone and to keep: it shares all but some nodes with the document.
#[derive(Clone)]
pub struct Snapshot(Arc<State>);

struct State {
    tree: Tree,
    sources: Arc<Sources>,
    revision: Revision,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({} bytes in {} pieces, {:?})", self.len(), self.pieces(), self.revision())
    }
}

impl Snapshot {
    pub(super) fn new(tree: Tree, sources: Arc<Sources>, revision: Revision) -> Self {
        Self(Arc::new(State { tree, sources, revision }))
    }

    pub(super) fn tree(&self) -> &Tree {
        &self.0.tree
    }

    pub(super) fn sources(&self) -> &Arc<Sources> {
        &self.0.sources
    }

    /// The state of the document that this is.
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// Length of the base that changes are told against.
    pub fn base_len(&self) -> u64 {
        self.tree().base_len()
    }

    /// How many pieces the bytes lie in.
    pub fn pieces(&self) -> u64 {
        self.tree().summary().pieces
    }

    /// Looks over the whole tree for a broken invariant; for tests.
    ///
    /// # Errors
    /// Says what is broken.
    pub fn check(&self) -> Result<(), String> {
        self.tree().check(|id: SourceId| self.sources().get(id).map(|source| source.len()))
    }
}

impl Source for Snapshot {
    fn len(&self) -> u64 {
        self.tree().len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len())?;
        let mut result = Ok(());
        let mut rest = buf;
        self.tree().visit(span, &mut |at, piece| {
            let (part, later) = std::mem::take(&mut rest).split_at_mut(piece.len() as usize);
            rest = later;
            match self.sources().read(piece, part) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    result = Err(moved(error, piece, at));
                    ControlFlow::Break(())
                }
            }
        });
        result
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        let there = self.len().saturating_sub(offset).min(buf.len() as u64) as usize;
        buf[there..].fill(0);
        states[there..].fill(Availability::Failed);
        // Where nothing is there the sum could be too large, and there is nothing to visit.
        let Some(span) = Span::at(offset, there as u64) else { return };
        let (mut bytes, mut states) = (buf, states);
        self.tree().visit(span, &mut |_, piece| {
            let len = piece.len() as usize;
            let (part, later) = std::mem::take(&mut bytes).split_at_mut(len);
            let (part_states, later_states) = std::mem::take(&mut states).split_at_mut(len);
            (bytes, states) = (later, later_states);
            self.sources().peek(piece, part, part_states);
            ControlFlow::Continue(())
        });
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let rest = Span::new(offset, self.len())?;
        let mut found: Option<Span> = None;
        self.tree().visit(rest, &mut |at, piece| {
            let Some(data) = data_in(self.sources(), piece, at) else {
                return if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            };
            match found {
                Some(first) if first.end() < data.start() => return ControlFlow::Break(()),
                Some(first) => found = Some(Span::between(first.start(), data.end())),
                None => found = Some(data),
            }
            // What ends before its piece does ends here; else the next piece may go on.
            if data.end() < at + piece.len() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        found
    }

    fn fault_at(&self, offset: u64) -> Option<ReadError> {
        let mut fault = None;
        self.tree().visit(Span::at(offset, 1)?, &mut |at, piece| {
            let source = self.sources().get(piece.source());
            let error = source.and_then(|source| source.fault_at(piece.offset()));
            fault = error.map(|error| moved(error, piece, at));
            ControlFlow::Break(())
        });
        fault
    }
}

/// The first data in `piece`, which stands at `at`, in coordinates of the document.
fn data_in(sources: &Sources, piece: Piece, at: u64) -> Option<Span> {
    let whole = Span::between(piece.offset(), piece.end());
    let data = match sources.get(piece.source()) {
        Some(source) => source.data_after(piece.offset())?.intersect(whole)?,
        None => whole,
    };
    let start = at + (data.start() - piece.offset());
    Span::at(start, data.len())
}

/// The error in coordinates of the document. `piece` stands at `at`, and what failed lies in it or around it.
fn moved(error: ReadError, piece: Piece, at: u64) -> ReadError {
    let place = |span: Span| {
        let whole = Span::between(piece.offset(), piece.end());
        let span = span.intersect(whole).unwrap_or(whole);
        Span::between(at + (span.start() - piece.offset()), at + (span.end() - piece.offset()))
    };
    match error {
        ReadError::BeyondEnd { span, len } => ReadError::BeyondEnd { span: place(span), len },
        ReadError::CutShort { span, len_now } => ReadError::CutShort { span: place(span), len_now },
        ReadError::Io { span, reason } => ReadError::Io { span: place(span), reason },
    }
}

#[cfg(test)]
mod tests {
    use crate::bytes::{Availability, ReadError, Source, Span};
    use crate::document::{Content, Document, Edit};
    use std::sync::Arc;

    /// A hundred bytes of which those from 50 on can't be read.
    #[derive(Debug)]
    struct HalfBroken;

    impl HalfBroken {
        fn fault(span: Span) -> Option<ReadError> {
            let span = span.intersect(Span::between(50, 100))?;
            Some(ReadError::Io { span, reason: "broken".into() })
        }
    }

    impl Source for HalfBroken {
        fn len(&self) -> u64 {
            100
        }

        fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
            buf.fill(1);
            Self::fault(Span::between(offset, offset + buf.len() as u64)).map_or(Ok(()), Err)
        }

        fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
            buf.fill(0);
            for (at, state) in (offset..).zip(states) {
                *state = if at < 50 { Availability::Missing } else { Availability::Failed };
            }
        }

        fn fault_at(&self, offset: u64) -> Option<ReadError> {
            Self::fault(Span::between(offset, offset + 1))
        }
    }

    #[test]
    fn a_failed_read_names_the_place_in_the_document() {
        let mut document = Document::new(Arc::new(HalfBroken));
        let typed = Content::Bytes(b"xyz".to_vec());
        document.apply(Edit::one("Typing", Span::empty_at(10), typed)).expect("inside");
        let snapshot = document.snapshot();
        let mut buf = [0; 103];
        assert_eq!(snapshot.read_at(0, &mut buf[..53]), Ok(()));
        let error = |start, end| ReadError::Io { span: Span::between(start, end), reason: "broken".into() };
        assert_eq!(snapshot.read_at(0, &mut buf), Err(error(53, 103)));
        assert_eq!(snapshot.fault_at(60), Some(error(60, 61)));
        assert_eq!(
            (snapshot.fault_at(11), snapshot.fault_at(20), snapshot.fault_at(103)),
            (None, None, None)
        );
    }

    #[test]
    fn a_peek_says_of_each_byte_what_its_source_says() {
        let mut document = Document::new(Arc::new(HalfBroken));
        let typed = Content::Bytes(b"xy".to_vec());
        document.apply(Edit::one("Typing", Span::between(49, 51), typed)).expect("inside");
        let (mut buf, mut states) = ([9; 4], [Availability::Missing; 4]);
        document.snapshot().peek(48, &mut buf, &mut states);
        let (missing, ready, failed) = (Availability::Missing, Availability::Ready, Availability::Failed);
        assert_eq!((buf, states), (*b"\0xy\0", [missing, ready, ready, failed]));
    }
}
