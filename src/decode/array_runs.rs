//! Which bytes the elements of an array take: spans by rising offset, from any offset on.
//!
//! For whoever goes through bytes and wants only those of a slice. Nothing is read.

use super::array::Array;
use super::array_walk::{Run, Walk};
use crate::bytes::Span;

/// The bytes of an array whose elements do not overlap.
#[derive(Clone, Debug)]
pub struct ByteRuns {
    array: Array,
    walk: Walk,
}

/// Spans of an array, from one offset on. Neighbours without a gap are one span.
#[derive(Debug)]
pub struct ByteRunsFrom<'a> {
    array: &'a Array,
    walk: Walk,
    run: Run,
    /// Elements of the run that are passed.
    passed: u64,
    from: u64,
    ahead: Option<Span>,
}

impl Array {
    /// The bytes of the elements; `None` where elements overlap or lie between each other.
    pub fn byte_runs(&self) -> Option<ByteRuns> {
        Some(ByteRuns { array: self.clone(), walk: self.walk_in_memory()? })
    }

    /// The last unit of the strides that begins at or before a byte.
    fn unit_of(&self, byte: u64) -> i128 {
        let way = i128::from(byte) - i128::from(self.offset);
        if self.item.shares_bytes() {
            way.div_euclid(i128::from(self.item.group_bytes()).max(1)) * i128::from(self.item.group_items())
        } else {
            way
        }
    }

    /// From one element to the next without a gap.
    fn unit(&self) -> i64 {
        if self.item.shares_bytes() { 1 } else { i64::try_from(self.item.group_bytes()).unwrap_or(i64::MAX) }
    }
}

impl ByteRuns {
    /// The spans that end behind `offset`, by rising offset.
    pub fn from(&self, offset: u64) -> ByteRunsFrom<'_> {
        let at = self.array.unit_of(offset);
        let mut walk = self.walk.clone();
        walk.skip_to(at);
        let run = walk.next().unwrap_or(Run { at: 0, items: 0, stride: 1, number: 0, weight: 1 });
        let passed = (at - run.at).div_euclid(i128::from(run.stride).max(1));
        let passed = u64::try_from(passed).unwrap_or(0).min(run.items.saturating_sub(1));
        let mut spans = ByteRunsFrom { array: &self.array, walk, run, passed, from: offset, ahead: None };
        spans.ahead = spans.next_single();
        spans
    }
}

impl ByteRunsFrom<'_> {
    /// The next span, neighbours not joined.
    fn next_single(&mut self) -> Option<Span> {
        loop {
            while self.passed < self.run.items {
                let rest = Run {
                    at: self.run.at + i128::from(self.passed) * i128::from(self.run.stride),
                    items: self.run.items - self.passed,
                    ..self.run
                };
                let span = if rest.items == 1 || rest.stride == self.array.unit() {
                    self.passed = self.run.items;
                    self.array.run_span(rest)
                } else {
                    self.passed += 1;
                    self.array.place_at(rest.at).span
                };
                if span.end() > self.from {
                    return Some(span);
                }
            }
            (self.run, self.passed) = (self.walk.next()?, 0);
        }
    }
}

impl Iterator for ByteRunsFrom<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let mut joined = self.ahead.take()?;
        while let Some(span) = self.next_single() {
            if span.start() > joined.end() {
                self.ahead = Some(span);
                break;
            }
            joined = Span::between(joined.start(), span.end().max(joined.end()));
        }
        Some(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;
    use crate::decode::dtype::ItemType;
    use crate::decode::slice::Slice;

    /// Spans of bytes that elements take, from `from` on.
    fn naive(array: &Array, from: u64) -> Vec<Span> {
        let len = array.extent().map_or(0, Span::end) as usize;
        let mut taken = vec![false; len + 1];
        for number in 0..array.items() {
            let span = array.place(&array.index_at(number)).span;
            taken[span.start() as usize..span.end() as usize].fill(true);
        }
        let mut spans = Vec::new();
        let mut start = None;
        for (at, is_taken) in taken.into_iter().enumerate() {
            match (is_taken, start) {
                (true, None) => start = Some(at as u64),
                (false, Some(first)) => {
                    spans.push(Span::between(first, at as u64));
                    start = None;
                }
                _ => {}
            }
        }
        spans.retain(|span| span.end() > from);
        spans
    }

    #[test]
    fn the_spans_are_those_of_the_elements_from_any_offset_on() {
        for (dtype, shape, order) in [
            ("<u2", &[3_u64, 4, 5][..], MemoryOrder::C),
            ("<u2", &[3, 4, 5], MemoryOrder::F),
            ("u1", &[40], MemoryOrder::C),
            ("int4x2", &[5, 7], MemoryOrder::C),
            ("<f8", &[], MemoryOrder::C),
        ] {
            let item: ItemType = dtype.parse().expect("a type");
            let whole = Array::new(item, 3, shape.to_vec(), order).expect("an array");
            let slices = ["", "[1:]", "[::2]", "[::-1]", "[..., 0]", "[..., 1:3]", "[1, ..., ::-3]", "[:0]"];
            let mut tried = 0;
            for slice in slices {
                let Ok(slice) = slice.parse::<Slice>() else { continue };
                let Ok(sliced) = whole.slice(&slice) else { continue };
                let runs = sliced.array.byte_runs().expect("no overlaps");
                tried += 1;
                for from in 0..whole.extent().map_or(0, Span::end) + 2 {
                    // The first span may begin before the offset, where its first elements are not asked for.
                    let cut = |span: Span| Span::between(span.start().max(from), span.end());
                    let found: Vec<Span> = runs.from(from).map(cut).collect();
                    let wanted: Vec<Span> = naive(&sliced.array, from).into_iter().map(cut).collect();
                    assert_eq!(found, wanted, "{dtype} {shape:?} {slice:?} from {from}");
                }
            }
            assert!(tried >= 1, "{dtype}");
        }
    }
}
