//! Spans of one length at even distances, which are one value however many they are.

use crate::bytes::Span;

/// Spans of one length, each as far behind the one before. None is empty of spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvenSpans {
    pub first: Span,
    /// From one start to the next; of a single span it means nothing.
    pub step: u64,
    /// At least 1.
    pub count: u64,
}

impl EvenSpans {
    /// A single one.
    pub const fn one(span: Span) -> Self {
        Self { first: span, step: 0, count: 1 }
    }

    /// As many spans side by side, the first of which is `first`.
    pub const fn side_by_side(first: Span, count: u64) -> Self {
        Self { first, step: first.len(), count }
    }

    /// Number `number` of them, which there is.
    pub fn nth(&self, number: u64) -> Span {
        let start = self.first.start().saturating_add(self.step.saturating_mul(number));
        Span::between(start, start.saturating_add(self.first.len()))
    }

    /// The last one.
    pub fn last(&self) -> Span {
        self.nth(self.count - 1)
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = Span> {
        (0..self.count).map(move |number| self.nth(number))
    }

    /// Those from number `skip` on.
    pub fn behind(&self, skip: u64) -> Option<Self> {
        let count = self.count.checked_sub(skip).filter(|count| *count > 0)?;
        Some(Self { first: self.nth(skip), count, ..*self })
    }

    /// The first `most` of them.
    pub fn at_most(&self, most: u64) -> Option<Self> {
        (most > 0).then(|| Self { count: self.count.min(most), ..*self })
    }

    /// How many of them end at or before `offset`, of spans that do not overlap.
    pub fn ending_by(&self, offset: u64) -> u64 {
        match offset.checked_sub(self.first.end()) {
            None => 0,
            Some(behind) => behind.checked_div(self.step).map_or(self.count, |by| (by + 1).min(self.count)),
        }
    }

    /// How many of them begin before `offset`.
    pub fn starting_before(&self, offset: u64) -> u64 {
        match offset.checked_sub(self.first.start()) {
            None | Some(0) => 0,
            Some(behind) => match self.step {
                0 => self.count,
                step => behind.div_ceil(step).min(self.count),
            },
        }
    }

    /// Those of them that begin at or after `free_from`, and each at or after the end of the one before.
    pub fn apart(&self, free_from: u64) -> Option<Self> {
        let free = self.behind(self.starting_before(free_from))?;
        if free.count == 1 || free.step >= free.first.len() {
            return Some(free);
        }
        let every = if free.step == 0 { free.count } else { free.first.len().div_ceil(free.step) };
        Some(Self { step: free.step.saturating_mul(every), count: free.count.div_ceil(every), ..free })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_answered_as_for_the_spans_one_by_one() {
        let mut rng = fastrand::Rng::with_seed(3);
        for _ in 0..3000 {
            let first = Span::at(rng.u64(0..20), rng.u64(1..7)).expect("small");
            let even = EvenSpans { first, step: rng.u64(1..9), count: rng.u64(1..12) };
            let all: Vec<Span> = even.iter().collect();
            let of = |even: Option<EvenSpans>| even.map_or_else(Vec::new, |even| even.iter().collect());
            let at = rng.u64(0..120);
            let skip = rng.usize(0..14);
            assert_eq!(of(even.behind(skip as u64)), all[skip.min(all.len())..]);
            assert_eq!(of(even.at_most(skip as u64)), all[..skip.min(all.len())]);
            assert_eq!(even.last(), all[all.len() - 1]);
            let ending = all.iter().filter(|span| span.end() <= at).count();
            assert_eq!(even.ending_by(at), ending as u64, "{even:?} {at}");
            let starting = all.iter().filter(|span| span.start() < at).count();
            assert_eq!(even.starting_before(at), starting as u64, "{even:?} {at}");
            let mut free_from = at;
            let mut apart = all.clone();
            apart.retain(|span| {
                let is_free = span.start() >= free_from;
                free_from = if is_free { span.end() } else { free_from };
                is_free
            });
            assert_eq!(of(even.apart(at)), apart, "{even:?} from {at}");
        }
    }
}
