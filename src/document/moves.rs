//! Where bytes have gone since an older revision: maps what a search found through the edits made meanwhile.
//!
//! A bounded log of the places that each of the last revisions changed. It knows positions only; what is older than
//! the log is honestly [`Mapped::Unknown`].

use super::piece::Piece;
use super::revision::Revision;
use super::tree::{ReplaceObserver, ReplacedSpan};
use crate::bytes::Span;
use std::collections::VecDeque;

/// What became of a span of an older revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// The same bytes, here now.
    Intact(Span),
    /// Some of the bytes were replaced, removed or pushed apart; this is the place now.
    Touched(Span),
    /// All of its bytes were deleted.
    Gone,
    /// The revision is too old, or not of this document.
    Unknown,
}

/// Places that are remembered: 6 MiB at most.
const MAX_PLACES: usize = 1 << 18;
/// Revisions that are remembered. A span is mapped through each, so it bounds the time too.
const MAX_REVISIONS: usize = 1 << 16;

/// A place that one revision changed. Where it starts follows from the place before it.
#[derive(Clone, Copy, Debug)]
struct Move {
    old_end: u64,
    new_end: u64,
    old_len: u64,
}

/// Where bytes have gone in the last revisions.
#[derive(Clone, Debug)]
pub struct Moves {
    moves: VecDeque<Move>,
    /// For each remembered revision, the number of moves ever made up to it and including its own.
    ends: VecDeque<u64>,
    /// How many moves have been made before the first one that is remembered.
    forgotten: u64,
    /// The state that the first remembered revision starts from.
    oldest: Revision,
    /// The revision being logged has too many places.
    overflown: bool,
}

impl Moves {
    /// An empty log from the state `now` on.
    pub fn new(now: Revision) -> Self {
        let (moves, ends) = (VecDeque::new(), VecDeque::new());
        Self { moves, ends, forgotten: 0, oldest: now, overflown: false }
    }

    /// Ends the log of the change that led to `now`.
    pub fn end_revision(&mut self, now: Revision) {
        if self.overflown {
            *self = Self::new(now);
            return;
        }
        self.ends.push_back(self.forgotten + self.moves.len() as u64);
        if self.ends.len() > MAX_REVISIONS {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) -> bool {
        let Some(end) = self.ends.pop_front() else { return false };
        self.moves.drain(..(end - self.forgotten) as usize);
        self.forgotten = end;
        self.oldest.0 += 1;
        true
    }

    /// Where `span` of the revision `from` is now.
    pub fn map(&self, span: Span, from: Revision) -> Mapped {
        let Some(skipped) = from.0.checked_sub(self.oldest.0).filter(|&at| at <= self.ends.len() as u64)
        else {
            return Mapped::Unknown;
        };
        let skipped = skipped as usize;
        let mut start = match skipped.checked_sub(1) {
            Some(last) => (self.ends[last] - self.forgotten) as usize,
            None => 0,
        };
        let mut mapped = Mapped::Intact(span);
        for &end in self.ends.range(skipped..) {
            let end = (end - self.forgotten) as usize;
            mapped = match mapped {
                Mapped::Intact(span) => self.map_through(span, start, end),
                Mapped::Touched(span) => match self.map_through(span, start, end) {
                    Mapped::Intact(span) => Mapped::Touched(span),
                    other => other,
                },
                other => return other,
            };
            start = end;
        }
        mapped
    }

    /// Through one revision, whose moves are those from `first` up to `end`.
    fn map_through(&self, span: Span, first: usize, end: usize) -> Mapped {
        let at_start = self.find(first, end, |place| place.old_end <= span.start());
        let at_end = self.find(at_start, end, |place| place.old_end < span.end());
        let from = self.map_offset(span.start(), first, at_start, end, Bias::Right);
        let to =
            if span.is_empty() { from } else { self.map_offset(span.end(), first, at_end, end, Bias::Left) };
        let now = Span::between(from.min(to), to);
        // The first place that is not wholly before the span decides: it touches the span when it starts before its end.
        let touched = (at_start..end.min(at_start + 1)).any(|index| self.old_start(index) < span.end());
        match touched {
            false => Mapped::Intact(now),
            true if now.is_empty() && !span.is_empty() => Mapped::Gone,
            true => Mapped::Touched(now),
        }
    }

    /// The first of the moves from `first` up to `end` that `before` does not hold for.
    fn find(&self, first: usize, end: usize, before: impl Fn(&Move) -> bool) -> usize {
        let (mut low, mut high) = (first, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(&self.moves[middle]) { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn old_start(&self, index: usize) -> u64 {
        self.moves[index].old_end - self.moves[index].old_len
    }

    /// Where an offset is now that lies in or before the move at `index`, and behind all before that.
    fn map_offset(&self, offset: u64, first: usize, index: usize, end: usize, bias: Bias) -> u64 {
        let (old, new) = match index.checked_sub(1).filter(|&last| last >= first) {
            Some(last) => (self.moves[last].old_end, self.moves[last].new_end),
            None => (0, 0),
        };
        let unmoved = |offset: u64| new + (offset - old);
        if index == end || offset <= self.old_start(index) {
            return unmoved(offset);
        }
        // Inside: a place that kept its length keeps its offsets; else no byte can be told from another.
        let (new_start, new_end) = (unmoved(self.old_start(index)), self.moves[index].new_end);
        if offset == self.moves[index].old_end {
            return new_end;
        }
        let same_len = new_end - new_start == self.moves[index].old_len;
        match bias {
            _ if same_len => new_start + (offset - self.old_start(index)),
            Bias::Right => new_end,
            Bias::Left => new_start,
        }
    }
}

/// To which side an offset goes whose byte was replaced by more or fewer.
#[derive(Clone, Copy)]
enum Bias {
    Left,
    Right,
}

impl ReplaceObserver for Moves {
    fn done(&mut self, place: ReplacedSpan, _: &[Piece]) {
        while self.moves.len() >= MAX_PLACES && self.forget_oldest() {}
        if self.moves.len() >= MAX_PLACES {
            self.overflown = true;
            return;
        }
        let (old, new) = (place.span, place.span_now);
        self.moves.push_back(Move { old_end: old.end(), new_end: new.end(), old_len: old.len() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: u64) -> Span {
        Span::between(start, start + 1)
    }

    /// Inserts a byte at `offset`.
    fn insert(moves: &mut Moves, offset: u64) {
        moves.done(ReplacedSpan { span: Span::empty_at(offset), span_now: at(offset) }, &[]);
    }

    #[test]
    fn the_oldest_revisions_are_forgotten_and_the_others_still_known() {
        let mut moves = Moves::new(Revision(7));
        let last = 7 + MAX_REVISIONS as u64 + 3;
        for revision in 8..=last {
            insert(&mut moves, 0);
            moves.end_revision(Revision(revision));
        }
        assert_eq!(moves.map(at(5), Revision(9)), Mapped::Unknown);
        assert_eq!(moves.map(at(5), Revision(10)), Mapped::Intact(at(5 + last - 10)));
        assert_eq!(moves.map(at(5), Revision(last)), Mapped::Intact(at(5)));
        assert_eq!(moves.map(at(5), Revision(last + 1)), Mapped::Unknown);
    }

    #[test]
    fn a_step_of_more_places_than_fit_ends_what_is_known() {
        let mut moves = Moves::new(Revision(0));
        insert(&mut moves, 0);
        moves.end_revision(Revision(1));
        (0..=MAX_PLACES as u64).for_each(|n| insert(&mut moves, n * 2));
        moves.end_revision(Revision(2));
        assert_eq!(moves.map(at(0), Revision(1)), Mapped::Unknown);
        insert(&mut moves, 0);
        moves.end_revision(Revision(3));
        assert_eq!(moves.map(at(0), Revision(2)), Mapped::Intact(at(1)));
    }

    #[test]
    fn a_step_that_just_fits_pushes_out_the_ones_before() {
        let mut moves = Moves::new(Revision(0));
        insert(&mut moves, 0);
        moves.end_revision(Revision(1));
        for n in 0..MAX_PLACES as u64 {
            let (old, new) = (n * 10, n * 11);
            moves.done(ReplacedSpan { span: Span::empty_at(old), span_now: at(new) }, &[]);
        }
        moves.end_revision(Revision(2));
        assert_eq!(moves.map(at(0), Revision(0)), Mapped::Unknown);
        for n in [0, 1, 2, 1000, MAX_PLACES as u64 - 1] {
            assert_eq!(moves.map(at(n * 10), Revision(1)), Mapped::Intact(at(n * 11 + 1)));
        }
    }
}
