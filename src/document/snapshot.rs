//! A document as it was at one moment: a [`Source`] that any thread may read while the document goes on.
//!
//! It is a root of the piece tree and the table that its pieces name. It never changes, and reads go on to the sources
//! of the pieces: it waits where they wait, and never where they don't.

use super::piece::{Piece, SourceId};
use super::revision::Revision;
use super::sources::Sources;
use super::tree::PieceTree;
use crate::bytes::{
    Availability, FillRun, RawBytes, ReadError, ReadHints, SharedRun, SharedSource, Source, Span,
    check_bounds,
};
use crate::job::Cancel;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Reads of at least so many bytes look for pieces that can be read at once.
const WORTH_GATHERING: usize = 64 << 10;

/// Pieces of other sources up to this many bytes are read over what lies under them.
const MOST_OVER: u64 = 4 << 10;

/// A state of a document. Cheap to clone and to keep: it shares all but some nodes with the document.
#[derive(Clone)]
pub struct Snapshot(Arc<SnapshotState>);

struct SnapshotState {
    tree: PieceTree,
    sources: Arc<Sources>,
    revision: Revision,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({} bytes in {} pieces, {:?})", self.len(), self.pieces(), self.revision())
    }
}

impl Snapshot {
    pub(super) fn new(tree: PieceTree, sources: Arc<Sources>, revision: Revision) -> Self {
        Self(Arc::new(SnapshotState { tree, sources, revision }))
    }

    pub(super) fn tree(&self) -> &PieceTree {
        &self.0.tree
    }

    pub(super) fn sources(&self) -> &Arc<Sources> {
        &self.0.sources
    }

    /// The state of the document that this is.
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// What changes are told against: the file as it was opened or last saved.
    pub fn base(&self) -> Option<&SharedSource> {
        self.sources().get(self.tree().base())
    }

    /// Length of the base that changes are told against.
    pub fn base_len(&self) -> u64 {
        self.tree().base_len()
    }

    /// How many pieces the bytes lie in.
    pub fn pieces(&self) -> u64 {
        self.tree().summary().pieces
    }

    /// Reads a long span: what one source has left and right of small edits is read at once, the edits over it, for a
    /// call to the system costs more than they do.
    fn read_gathered(&self, span: Span, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let mut pieces = Vec::new();
        self.tree().visit(span, &mut |at, piece| {
            pieces.push((at, piece));
            ControlFlow::Continue(())
        });
        let part = |at: u64, len: u64| (at - span.start()) as usize..(at - span.start() + len) as usize;
        let mut rest = &pieces[..];
        while let Some(&(at, piece)) = rest.first() {
            let run = gathered(rest);
            let (last_at, last) = rest[run - 1];
            let whole = Piece::new(piece.source(), piece.offset(), last_at + last.len() - at);
            // What can't be read may lie under an edit.
            let at_once =
                run > 1 && self.sources().read(whole, &mut buf[part(at, whole.len())], cancel).is_ok();
            for &(at, own) in &rest[..run] {
                if !at_once || own.source() != piece.source() {
                    let read = self.sources().read(own, &mut buf[part(at, own.len())], cancel);
                    read.map_err(|error| moved(error, own, at))?;
                }
            }
            rest = &rest[run..];
        }
        Ok(())
    }

    /// Looks over the whole tree for a broken invariant; for tests.
    ///
    /// # Errors
    /// Says what is broken.
    pub fn check(&self) -> Result<(), String> {
        self.tree().check(|id: SourceId| self.sources().get(id).map(|source| source.len()))
    }
}

/// How many of the pieces from the first on can be read at once from its source: up to the last that follows the first
/// there as here, with no long piece of another source between.
fn gathered(pieces: &[(u64, Piece)]) -> usize {
    let Some(&(at, first)) = pieces.first() else { return 0 };
    let mut count = 1;
    for (n, &(other_at, other)) in pieces.iter().enumerate().skip(1) {
        if other.source() == first.source() {
            if other.offset().checked_sub(first.offset()) != Some(other_at - at) {
                break;
            }
            count = n + 1;
        } else if other.len() > MOST_OVER {
            break;
        }
    }
    count
}

impl Source for Snapshot {
    fn len(&self) -> u64 {
        self.tree().len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.read_cancellable(offset, buf, Cancel::never())
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len())?;
        if buf.len() >= WORTH_GATHERING {
            return self.read_gathered(span, buf, cancel);
        }
        let mut result = Ok(());
        let mut rest = buf;
        self.tree().visit(span, &mut |at, piece| {
            let (part, later) = std::mem::take(&mut rest).split_at_mut(piece.len() as usize);
            rest = later;
            match self.sources().read(piece, part, cancel) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    result = Err(moved(error, piece, at));
                    ControlFlow::Break(())
                }
            }
        });
        result
    }

    fn look_mapped(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        let mut whole = None;
        self.tree().visit(span, &mut |_, piece| {
            whole = (piece.len() == span.len()).then_some(piece);
            ControlFlow::Break(())
        });
        let source = whole.and_then(|piece| Some((self.sources().get(piece.source())?, piece)));
        source.is_some_and(|(source, piece)| {
            Span::at(piece.offset(), piece.len()).is_some_and(|span| source.look_mapped(span, look))
        })
    }

    fn hints(&self) -> ReadHints {
        self.base().map_or(ReadHints::LOCAL, |base| base.hints())
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        let there = self.len().saturating_sub(offset).min(buf.len() as u64) as usize;
        buf[there..].fill(0);
        states[there..].fill(Availability::Failed);
        // Where nothing is there the sum could be too large, and there is nothing to visit.
        let Some(span) = Span::at(offset, there as u64).filter(|span| !span.is_empty()) else { return };
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

    fn fill_at(&self, offset: u64) -> Option<FillRun<'_>> {
        let mut fill = None;
        let rest = Span::new(offset, self.len()).filter(|rest| !rest.is_empty())?;
        self.tree().visit(rest, &mut |at, piece| {
            let source = self.sources().get(piece.source());
            let inner = source.and_then(|source| source.fill_at(piece.offset()));
            fill = inner.map(|inner| {
                let end = at + (inner.end.min(piece.end()) - piece.offset());
                FillRun { end, ..inner }
            });
            ControlFlow::Break(())
        });
        fill
    }

    fn shared_run(&self, offset: u64) -> SharedRun {
        let mut run = SharedRun::own(self, offset);
        let Some(rest) = Span::new(offset, self.len()) else { return run };
        self.tree().visit(rest, &mut |at, piece| {
            let end = at + piece.len();
            run = match self.sources().get(piece.source()) {
                Some(source) => {
                    let below = source.shared_run(piece.offset());
                    below.ending_at(at + (below.end.min(piece.end()) - piece.offset()))
                }
                // Typed bytes are one for all snapshots of a document.
                None => SharedRun::of(&**self.sources(), piece.offset(), end),
            };
            ControlFlow::Break(())
        });
        run
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
    let whole = Span::between(piece.offset(), piece.end());
    let span = error.span().intersect(whole).unwrap_or(whole);
    error.at(Span::between(at + (span.start() - piece.offset()), at + (span.end() - piece.offset())))
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
            Some(ReadError::other(span, "broken"))
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
        let error = |start, end| ReadError::other(Span::between(start, end), "broken");
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

    #[test]
    fn a_long_read_is_the_same_as_many_short_ones() {
        let mut random = fastrand::Rng::with_seed(5);
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(400_000).collect();
        let mut document = Document::new(Arc::new(crate::bytes::MemorySource::new(bytes)));
        for round in 0..3000_u64 {
            let start = random.u64(0..document.len() - 10_000);
            let old = if round % 50 == 0 { random.u64(0..9) } else { 8 };
            let long = round % 97 == 0;
            let new = vec![round as u8; if long { 6000 } else { 8 }];
            let span = Span::between(start, start + if long { 6000 } else { old });
            document.apply(Edit::one("Edit", span, Content::Bytes(new))).expect("inside");
        }
        let snapshot = document.snapshot();
        let mut short = vec![0; snapshot.len() as usize];
        for (n, chunk) in short.chunks_mut(777).enumerate() {
            snapshot.read_at(n as u64 * 777, chunk).expect("readable");
        }
        for _ in 0..20 {
            let start = random.usize(0..short.len() - 200_000);
            let mut long = vec![0; random.usize(super::WORTH_GATHERING..200_000)];
            snapshot.read_at(start as u64, &mut long).expect("readable");
            assert!(long == short[start..start + long.len()], "from {start}");
        }
    }

    #[test]
    fn a_long_read_goes_around_what_can_t_be_read_and_was_replaced() {
        let mut document = Document::new(Arc::new(HalfBroken));
        let new = Content::Bytes(vec![2; 50]);
        document.apply(Edit::one("Edit", Span::between(50, 100), new)).expect("inside");
        let long = Content::Repeat { pattern: vec![3], len: super::WORTH_GATHERING as u64 };
        document.apply(Edit::one("Edit", Span::empty_at(100), long)).expect("inside");
        let snapshot = document.snapshot();
        let mut all = vec![0; snapshot.len() as usize];
        assert_eq!(snapshot.read_at(0, &mut all), Ok(()));
        assert_eq!((all[49], all[50], all[99], all[100]), (1, 2, 2, 3));
    }
}
