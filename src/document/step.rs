//! One step of the history, packed into bytes: what puts back the state before it.
//!
//! A step holds, for each of its places, where the place is now, how long it is now, and the pieces that were there.
//! Numbers are varints, and a place is told from the one before it, so that a lone overwrite takes some 20 bytes and
//! a place of a replace-all about 7. Applying a step yields its opposite, which is a step too. Steps name sources
//! by id and mean nothing without their document's table.

use super::edit::{Caret, MAX_LEN};
use super::pack::{Packer, fold, take, unfold};
use super::piece::{Piece, PieceRun, SourceId, push_joined};
use super::tree::{ReplaceObserver, ReplacedSpan, Replacements};
use crate::bytes::Span;
use std::sync::Arc;

/// Reads a piece that another program's run has packed: its offset counts from `expected`, which becomes its end. Its
/// length is added to `len`. `None` when no document has such a piece.
pub fn take_piece(bytes: &mut &[u8], expected: &mut u64, len: &mut u64) -> Option<Piece> {
    let source = SourceId(u32::try_from(take(bytes)?).ok()?);
    let offset = expected.wrapping_add_signed(unfold(take(bytes)?));
    let piece_len = take(bytes)?;
    *expected = offset.checked_add(piece_len).filter(|&end| end <= MAX_LEN && piece_len > 0)?;
    *len = len.checked_add(piece_len).filter(|&len| len <= MAX_LEN)?;
    Some(Piece::new(source, offset, piece_len))
}

/// Shared, because the log of unsaved edits reads it on another thread.
#[derive(Clone, Debug)]
pub struct UndoStep(Arc<[u8]>);

/// What a step holds besides its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// A place in the history's list of labels.
    pub label: u64,
    pub caret_before: Caret,
    pub caret_after: Caret,
    /// How many places there are.
    pub count: usize,
}

impl UndoStep {
    /// Reads the places of the step.
    pub fn reader(&self) -> StepReader<'_> {
        let mut bytes = &self.0[..];
        // What this file has packed never ends early.
        let mut number = || take(&mut bytes).unwrap_or_default();
        let head = Head {
            label: number(),
            count: number() as usize,
            caret_before: (number(), number()),
            caret_after: (number(), number()),
        };
        StepReader { head, bytes, end: 0, expected: 0 }
    }

    /// The step as it is packed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads a step that another program's run has packed, for a document of `len` bytes: `admit` gives each piece its
    /// place in this document's table. Answers the step and the length after it; `None` when the bytes are no step,
    /// or none of such a document.
    pub fn admitted(
        bytes: &[u8],
        label: impl FnOnce(u64) -> u64,
        len: u64,
        admit: &dyn Fn(Piece) -> Option<Piece>,
    ) -> Option<(Self, u64)> {
        let mut bytes = bytes;
        let bytes = &mut bytes;
        let label = label(take(bytes)?);
        let count = usize::try_from(take(bytes)?).ok().filter(|&count| count <= bytes.len())?;
        let caret_before = (take(bytes)?, take(bytes)?);
        let caret_after = (take(bytes)?, take(bytes)?);
        let mut writer = StepWriter::new(Head { label, count, caret_before, caret_after });
        let (mut end, mut expected, mut len_now) = (0_u64, 0_u64, len);
        let mut pieces = PieceRun::new();
        for _ in 0..count {
            let gap = take(bytes)?;
            let span = Span::at(end.checked_add(gap)?, take(bytes)?).filter(|span| span.end() <= len)?;
            expected = expected.wrapping_add(gap);
            len_now -= span.len();
            pieces.clear();
            for _ in 0..take(bytes)? {
                push_joined(&mut pieces, admit(take_piece(bytes, &mut expected, &mut len_now)?)?);
            }
            writer.place(span, &pieces);
            end = span.end();
        }
        bytes.is_empty().then(|| (writer.finish(), len_now))
    }

    /// This step and `next`, done right after it, as one; `None` when they don't touch or have many places.
    pub fn grown(&self, next: &Self) -> Option<Self> {
        let (mut reader, mut next_reader) = (self.reader(), next.reader());
        let next_head = next_reader.head;
        if reader.head.count != 1 || next_head.count != 1 {
            return None;
        }
        let (mut old, mut removed) = (PieceRun::new(), PieceRun::new());
        let place = reader.next(&mut old)?;
        let next_now = next_reader.next(&mut removed)?;
        let removed_len = removed.iter().map(|piece| piece.len()).sum::<u64>();
        let replaced = Span::at(next_now.start(), removed_len)?;
        let kept = place.len() - place.intersect(replaced).map_or(0, Span::len);
        let span = Span::at(place.start().min(next_now.start()), kept + next_now.len())?;
        let pieces = if place.covers(replaced) {
            // It changed what this step had put in; what was there before this step stays the same.
            old
        } else if replaced.start() == place.end() {
            removed.into_iter().for_each(|piece| push_joined(&mut old, piece));
            old
        } else if replaced.end() == place.start() {
            old.into_iter().for_each(|piece| push_joined(&mut removed, piece));
            removed
        } else {
            return None;
        };
        let mut writer = StepWriter::new(Head { caret_after: next_head.caret_after, ..reader.head });
        writer.place(span, &pieces);
        Some(writer.finish())
    }
}

impl UndoStep {
    /// The same with other pieces: `pieces` appends what stands for one.
    pub fn renamed(&self, pieces: &dyn Fn(Piece, &mut PieceRun)) -> Self {
        let mut reader = self.reader();
        let mut writer = StepWriter::new(reader.head);
        let (mut old, mut new) = (PieceRun::new(), PieceRun::new());
        while let Some(span) = reader.next(&mut old) {
            old.drain(..).for_each(|piece| pieces(piece, &mut new));
            writer.place(span, &new);
            new.clear();
        }
        writer.finish()
    }
}

/// Reads the places of a step in order; what comes in are the pieces that were there.
pub struct StepReader<'a> {
    pub head: Head,
    bytes: &'a [u8],
    end: u64,
    expected: u64,
}

impl Replacements for StepReader<'_> {
    fn count(&self) -> usize {
        self.head.count
    }

    fn next(&mut self, pieces: &mut PieceRun) -> Option<Span> {
        if self.bytes.is_empty() {
            return None;
        }
        let bytes = &mut self.bytes;
        let gap = take(bytes)?;
        let span = Span::at(self.end + gap, take(bytes)?)?;
        self.expected = self.expected.wrapping_add(gap);
        for _ in 0..take(bytes)? {
            let source = SourceId(take(bytes)? as u32);
            let offset = self.expected.wrapping_add_signed(unfold(take(bytes)?));
            let piece = Piece::new(source, offset, take(bytes)?);
            self.expected = piece.end();
            pieces.push(piece);
        }
        self.end = span.end();
        Some(span)
    }
}

/// Packs a step while the tree hands out what was there.
pub struct StepWriter {
    bytes: Packer,
    /// Where the last place ends.
    end: u64,
    /// Where the next piece starts in its source if all goes on as before.
    expected: u64,
}

impl StepWriter {
    /// Begins a step.
    pub fn new(head: Head) -> Self {
        let mut bytes = Packer::new(32 + head.count.saturating_sub(1) * 8);
        bytes.put(head.label);
        bytes.put(head.count as u64);
        for number in [head.caret_before.0, head.caret_before.1, head.caret_after.0, head.caret_after.1] {
            bytes.put(number);
        }
        Self { bytes, end: 0, expected: 0 }
    }

    /// The pieces that were where `span` is now.
    pub fn place(&mut self, span: Span, removed: &[Piece]) {
        let gap = span.start() - self.end;
        self.bytes.put(gap);
        self.bytes.put(span.len());
        self.bytes.put(removed.len() as u64);
        self.expected = self.expected.wrapping_add(gap);
        for piece in removed {
            self.bytes.put(u64::from(piece.source().0));
            self.bytes.put(fold(piece.offset().wrapping_sub(self.expected) as i64));
            self.bytes.put(piece.len());
            self.expected = piece.end();
        }
        self.end = span.end();
    }

    /// The step of all places so far.
    pub fn finish(self) -> UndoStep {
        UndoStep(self.bytes.finish())
    }
}

impl ReplaceObserver for StepWriter {
    fn done(&mut self, place: ReplacedSpan, removed: &[Piece]) {
        self.place(place.span_now, removed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: Head = Head { label: 3, caret_before: (1, u64::MAX), caret_after: (2, 3), count: 1 };

    fn step(places: &[(Span, Vec<Piece>)]) -> UndoStep {
        let mut writer = StepWriter::new(Head { count: places.len(), ..HEAD });
        places.iter().for_each(|(span, pieces)| writer.place(*span, pieces));
        writer.finish()
    }

    fn places(step: &UndoStep) -> Vec<(Span, Vec<Piece>)> {
        let mut reader = step.reader();
        let mut all = Vec::new();
        let mut pieces = PieceRun::new();
        while let Some(span) = reader.next(&mut pieces) {
            all.push((span, std::mem::take(&mut pieces).to_vec()));
        }
        all
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let far = i64::MAX as u64;
        let written = vec![
            (
                Span::between(0, 0),
                vec![Piece::new(SourceId(0), 5, 7), Piece::new(SourceId(u32::MAX), 0, far)],
            ),
            (Span::between(0, 9), vec![]),
            (Span::between(far - 1, far), vec![Piece::new(SourceId(1), far - 1, 1)]),
        ];
        let step = step(&written);
        assert_eq!(step.reader().head, Head { count: 3, ..HEAD });
        assert_eq!(places(&step), written);
    }

    #[test]
    fn a_step_grows_by_what_touches_it() {
        let base = |from, to| Piece::new(SourceId(1), from, to - from);
        let grown = |a: (Span, Vec<Piece>), b: (Span, Vec<Piece>)| {
            step(&[a]).grown(&step(&[b])).map(|step| places(&step).remove(0))
        };
        let one = || (Span::between(10, 11), vec![base(10, 11)]);
        let forwards = grown(one(), (Span::between(11, 12), vec![base(11, 12)]));
        assert_eq!(forwards, Some((Span::between(10, 12), vec![base(10, 12)])), "overtyping goes on");
        let backspace =
            grown((Span::empty_at(10), vec![base(10, 11)]), (Span::empty_at(9), vec![base(9, 10)]));
        assert_eq!(backspace, Some((Span::empty_at(9), vec![base(9, 11)])));
        let delete =
            grown((Span::empty_at(10), vec![base(10, 11)]), (Span::empty_at(10), vec![base(11, 12)]));
        assert_eq!(delete, Some((Span::empty_at(10), vec![base(10, 12)])));
        let again = grown(one(), (Span::between(10, 11), vec![Piece::new(SourceId(0), 0, 1)]));
        assert_eq!(again, Some(one()), "the second digit of a byte");
        let insert = grown((Span::between(4, 6), vec![]), (Span::between(6, 7), vec![]));
        assert_eq!(insert, Some((Span::between(4, 7), vec![])));
        assert_eq!(grown(one(), (Span::between(12, 13), vec![base(12, 13)])), None, "a gap of one byte");
    }
}
