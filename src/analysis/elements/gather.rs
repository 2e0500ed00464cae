//! The elements of a block that do not lie side by side, brought into C order.
//!
//! They are read in the order of memory, so that a page is read once a block even where the order of memory is the other
//! way round.

use crate::analysis::reading::Reader;
use crate::analysis::unread::Unread;
use crate::bytes::ahead::{Ahead, WINDOW};
use crate::bytes::{ReadError, Span};
use crate::decode::array::Array;
use crate::decode::array_walk::Run;

/// Elements that are further apart, in bytes, are read each for itself: more of a page is not wanted.
const APART: u64 = 2 << 10;

/// Elements between two looks at the cancel flag.
const LOOK_EVERY: u64 = 1024;

/// What could not be read of a block.
#[derive(Debug, Default)]
pub(super) struct Lost {
    pub unread: Unread,
    /// Numbers of the elements in the block, in any order.
    pub elements: Vec<u64>,
    /// The last grain that could not be read, and why: what else lies in it is not tried.
    bad: Option<(Span, ReadError)>,
}

/// Fills `out` with the elements of `block` in C order; each has bytes of its own.
pub(super) fn gather(reader: &Reader<'_>, block: &Array, out: &mut [u8], lost: &mut Lost) {
    let extent = block.extent().unwrap_or_default();
    let walk = block.walk_in_memory().unwrap_or_else(|| block.walk());
    // Whether the gaps between runs are so short that they are read along.
    let is_dense = extent.len().saturating_sub(out.len() as u64) <= walk.runs().saturating_mul(APART);
    let mut hand = Hand { reader, block, ahead: Ahead::new(reader.source, reader.cancel), out, lost };
    for run in walk {
        if reader.cancel.is_cancelled() {
            return;
        }
        let span = block.run_span(run);
        hand.run(run, if is_dense { extent.end() } else { span.end() });
    }
}

/// What takes elements out of the source and puts them in their places.
struct Hand<'a> {
    reader: &'a Reader<'a>,
    block: &'a Array,
    ahead: Ahead<'a>,
    out: &'a mut [u8],
    lost: &'a mut Lost,
}

impl Hand<'_> {
    /// The elements of a run; nothing behind `until` is read.
    fn run(&mut self, run: Run, until: u64) {
        let size = self.block.item.group_bytes();
        let stride = run.stride.unsigned_abs();
        let close = run.stride > 0 && stride <= APART.max(size) || run.items == 1;
        let at_once = if close { (WINDOW / stride.max(1)).max(1) } else { 1 };
        let mut done = 0;
        while done < run.items {
            if done % LOOK_EVERY == 0 && self.reader.cancel.is_cancelled() {
                return;
            }
            let items = at_once.min(run.items - done);
            let first = self.place(run, done);
            let span = Span::between(first.start(), first.start() + (items - 1) * stride + size);
            if !self.take(run, done, items, span, until) {
                self.one_by_one(run, done, items);
            }
            done += items;
        }
    }

    fn place(&self, run: Run, item: u64) -> Span {
        self.block.place_at(run.at + i128::from(item) * i128::from(run.stride)).span
    }

    /// Whether all of `span`, where so many items of the run lie, could be read.
    fn take(&mut self, run: Run, done: u64, items: u64, span: Span, until: u64) -> bool {
        let size = self.block.item.group_bytes() as usize;
        let Ok(bytes) = self.ahead.get(span, until.max(span.end())) else { return false };
        let places = Places {
            step: usize::try_from(run.stride.unsigned_abs()).unwrap_or(0),
            to: place_of(run, done) * size,
            weight: usize::try_from(run.weight.unsigned_abs()).unwrap_or(0) * size,
            is_down: run.weight < 0,
        };
        match size {
            _ if places.step == size && run.weight == 1 => {
                self.out[places.to..places.to + bytes.len()].copy_from_slice(bytes);
            }
            1 => places.copy(items, 1, bytes, self.out),
            2 => places.copy(items, 2, bytes, self.out),
            4 => places.copy(items, 4, bytes, self.out),
            8 => places.copy(items, 8, bytes, self.out),
            size => places.copy(items, size, bytes, self.out),
        }
        true
    }

    /// The items each for itself, since one of them can't be read.
    fn one_by_one(&mut self, run: Run, done: u64, items: u64) {
        let size = self.block.item.group_bytes() as usize;
        for item in done..done + items {
            if self.reader.cancel.is_cancelled() {
                return;
            }
            let to = place_of(run, item) * size;
            let span = self.place(run, item);
            if !self.lost.read(self.reader, span, &mut self.out[to..to + size]) {
                self.lost.elements.push(place_of(run, item) as u64);
            }
        }
    }
}

impl Lost {
    /// Whether `span` could be read.
    pub fn read(&mut self, reader: &Reader<'_>, span: Span, out: &mut [u8]) -> bool {
        if let Some((bad, error)) = &self.bad
            && bad.intersect(span).is_some_and(|part| !part.is_empty())
        {
            self.unread.add(span, error);
            return false;
        }
        match reader.source.read_cancellable(span.start(), out, reader.cancel) {
            Ok(()) => true,
            Err(error) => {
                self.unread.add(span, &error);
                let start = span.start() - span.start() % reader.grain;
                self.bad = Some((Span::between(start, start.saturating_add(reader.grain)), error));
                false
            }
        }
    }
}

/// Where the elements of a run are in the bytes read, and where they belong.
struct Places {
    step: usize,
    to: usize,
    weight: usize,
    is_down: bool,
}

impl Places {
    /// Copies so many elements. Inlined, so that each usual size is a loop of its own.
    #[inline(always)]
    fn copy(&self, items: u64, size: usize, from: &[u8], out: &mut [u8]) {
        let (mut at, mut to) = (0, self.to);
        for item in 0..items {
            out[to..to + size].copy_from_slice(&from[at..at + size]);
            if item + 1 < items {
                at += self.step;
                to = if self.is_down { to - self.weight } else { to + self.weight };
            }
        }
    }
}

pub(super) fn place_of(run: Run, item: u64) -> usize {
    let number = i128::from(run.number) + i128::from(item) * i128::from(run.weight);
    usize::try_from(number).unwrap_or(0)
}
