//! One string for each place: of those that overlap, in different encodings, the better one.
//!
//! The longer one is better. Of one byte a character that is the rule alone; where characters are wider, text is also read
//! as ideographs, a byte to the left or right, so that lengths may be about the same: then the encoding that was named
//! first wins, and in it the even offset.

use crate::bytes::Span;
use std::cmp::Ordering;

/// A string that may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub span: Span,
    /// Which lane it is of; those named first are the first.
    pub lane: usize,
    /// Whether its characters have one byte, or begin at any.
    pub is_narrow: bool,
    /// Whether it has what is looked for.
    pub matches: bool,
    /// Where it is in what the lane has rendered; `None` when it has to be rendered anew.
    pub rendered: Option<(usize, usize)>,
}

impl Candidate {
    /// In the order in which they are told.
    pub fn order(&self, other: &Self) -> Ordering {
        (self.span.start(), self.lane).cmp(&(other.span.start(), other.lane))
    }

    /// Whether it is told rather than `other`, which overlaps it.
    pub fn beats(&self, other: &Self) -> bool {
        let margin = |len: u64| if self.is_narrow && other.is_narrow { 0 } else { len / 4 + 2 };
        let (own, others) = (self.span.len(), other.span.len());
        if own > others.saturating_add(margin(others)) {
            true
        } else if others > own.saturating_add(margin(own)) {
            false
        } else {
            self.lane < other.lane
        }
    }
}

/// Decides between overlapping candidates, which come in order.
#[derive(Debug, Default)]
pub(super) struct Resolver {
    held: Option<Candidate>,
}

impl Resolver {
    /// Takes the next candidate, and tells the one that is safe from it.
    pub fn take(&mut self, next: Candidate) -> Option<Candidate> {
        match self.held {
            Some(held) if next.span.start() < held.span.end() => {
                if next.beats(&held) {
                    self.held = Some(next);
                }
                None
            }
            held => {
                self.held = Some(next);
                held
            }
        }
    }

    /// The last one, when no more come that begin before `limit`.
    pub fn settle(&mut self, limit: u64) -> Option<Candidate> {
        self.held.take_if(|held| held.span.end() <= limit)
    }

    /// What is rendered anew when it is told later.
    pub fn forget_rendered(&mut self) {
        if let Some(held) = &mut self.held {
            held.rendered = None;
        }
    }
}
