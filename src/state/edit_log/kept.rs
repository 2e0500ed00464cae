//! Which bytes of which source a log holds already, so that none is written twice.

use crate::bytes::Span;
use crate::document::SourceKey;
use std::collections::{BTreeMap, HashMap};

/// Spans that grow together where they touch.
#[derive(Debug, Default)]
pub struct SpanSet(BTreeMap<u64, u64>);

impl SpanSet {
    /// Takes `span` in; answers the parts of it that were not in before.
    pub fn add(&mut self, span: Span) -> Vec<Span> {
        let mut added = Vec::new();
        let before = self.0.range(..=span.start()).next_back().map(|(start, end)| (*start, *end));
        if span.is_empty() || before.is_some_and(|(_, end)| end >= span.end()) {
            return added;
        }
        let first = before.filter(|(_, end)| *end >= span.start()).map_or(span.start(), |(start, _)| start);
        let touched = self.0.range(first..=span.end()).map(|(start, end)| (*start, *end));
        let touched: Vec<(u64, u64)> = touched.collect();
        let (mut at, mut whole) = (span.start(), span);
        for (start, end) in touched {
            if at < start {
                added.push(Span::between(at, start));
            }
            at = at.max(end);
            whole = Span::between(whole.start().min(start), whole.end().max(end));
            self.0.remove(&start);
        }
        if at < span.end() {
            added.push(Span::between(at, span.end()));
        }
        self.0.insert(whole.start(), whole.end());
        added
    }
}

/// What a log holds of each source.
#[derive(Debug, Default)]
pub struct KeptSpans(HashMap<u32, SpanSet>);

impl KeptSpans {
    /// As [`SpanSet::add`].
    pub fn add(&mut self, key: SourceKey, span: Span) -> Vec<Span> {
        self.0.entry(key.0).or_default().add(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_new_once() {
        const SEED: u64 = 4;
        let mut random = fastrand::Rng::with_seed(SEED);
        for round in 0..200 {
            let (mut set, mut plain) = (SpanSet::default(), [false; 64]);
            for _ in 0..20 {
                let span = Span::between(random.u64(0..64), random.u64(0..64));
                let added = set.add(span);
                let mut expected = Vec::new();
                for at in span.start()..span.end() {
                    if !std::mem::replace(&mut plain[at as usize], true) {
                        expected.push(at);
                    }
                }
                let bytes: Vec<u64> = added.iter().flat_map(|span| span.start()..span.end()).collect();
                assert_eq!(bytes, expected, "seed {SEED}, round {round}");
            }
            let runs = plain.split(|known| !known).filter(|run| !run.is_empty()).count();
            assert_eq!(set.0.len(), runs, "spans that touch are one");
        }
    }
}
