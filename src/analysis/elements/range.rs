//! Any run of elements of an array as a tile, for whoever needs those of several arrays side by side.

use super::decoder::{Decoder, Space};
use super::gather::{Lost, gather};
use super::pass::Buffer;
use super::pick::Picker;
use super::pieces::LARGEST;
use super::tile::{TileKind, TileValues};
use crate::analysis::reading::Reader;
use crate::analysis::tuning::Tuning;
use crate::analysis::unread::Unread;
use crate::bytes::{Source, Span};
use crate::decode::array::{Array, MemoryOrder};
use crate::job::Cancel;
use std::ops::Range;

/// Reads elements of an array, in C order, from any of them on.
pub struct ElementReader<'a> {
    array: &'a Array,
    decoder: Decoder,
    reader: Reader<'a>,
    is_dense: bool,
    /// Threads that suit the source.
    pub threads: usize,
}

/// What a worker keeps from run to run.
#[derive(Debug, Default)]
pub struct ReadingHands {
    buffer: Buffer,
    picked: Space,
    space: Space,
}

/// What of a run of elements has no value.
#[derive(Debug, Default)]
pub struct Valueless {
    /// Elements that could not be read, as numbers in the run: sorted and apart.
    pub lost: Vec<Range<usize>>,
    /// Elements with bits that their type does not use.
    pub odd: Vec<Range<usize>>,
    pub unread: Unread,
}

impl<'a> ElementReader<'a> {
    /// Looks at the type once and for all. The elements are in the source, see [`Array::check_fits`].
    pub fn new(source: &'a dyn Source, array: &'a Array, cancel: &'a Cancel, tuning: Tuning) -> Self {
        let bytes = array.items().saturating_mul(array.item.group_bytes());
        let (reader, threads, _) = Reader::new(source, cancel, tuning, bytes);
        let is_dense = array.order() == Some(MemoryOrder::C);
        Self { array, decoder: Decoder::new(&array.item), reader, is_dense, threads }
    }

    /// Whether the elements are side by side in C order.
    pub fn is_dense(&self) -> bool {
        self.is_dense
    }

    /// Whether elements are so large that none is read.
    pub fn is_too_large(&self) -> bool {
        self.array.item.group_bytes() > LARGEST
    }

    /// The least `I64` is no number.
    pub fn has_nat(&self) -> bool {
        self.decoder.has_nat
    }

    /// The values of the elements of `run`, of which there are so many; those of elements without a value mean nothing.
    pub fn read<'t>(
        &self,
        run: Range<u64>,
        hands: &'t mut ReadingHands,
        valueless: &mut Valueless,
    ) -> TileValues<'t> {
        if self.is_dense { self.dense(run, hands, valueless) } else { self.gathered(run, hands, valueless) }
    }

    fn dense<'t>(
        &self,
        run: Range<u64>,
        hands: &'t mut ReadingHands,
        valueless: &mut Valueless,
    ) -> TileValues<'t> {
        let (size, items) = (self.decoder.group_bytes as u64, self.decoder.group_items as u64);
        let first = self.array.first + run.start;
        let (from, to) = (first / items, (self.array.first + run.end).div_ceil(items));
        let skip = (first - from * items) as usize;
        let count = (run.end - run.start) as usize;
        let start = self.array.offset.saturating_add(from.saturating_mul(size));
        let span = Span::between(start, start.saturating_add((to - from).saturating_mul(size)));
        let buffer = hands.buffer.bytes(span.len() as usize);
        let mut unread = Unread::default();
        self.reader.read(span, buffer, &mut unread, &mut |_, _| {});
        // Elements of the groups that are in the run.
        let within = |groups: Range<u64>| {
            let at = |group: u64| ((group * items) as usize).saturating_sub(skip).min(count);
            at(groups.start)..at(groups.end)
        };
        for range in unread.ranges() {
            let groups = (range.start() - start) / size..(range.end() - start).div_ceil(size);
            push_joined(&mut valueless.lost, within(groups));
        }
        valueless.unread.merge(&unread);
        self.add_odd(buffer, skip, count, &mut valueless.odd);
        self.decoder.values(buffer, &mut hands.space).part(skip..skip + count)
    }

    /// Adds the elements that have bits their type does not use.
    fn add_odd(&self, raw: &[u8], skip: usize, count: usize, odd: &mut Vec<Range<usize>>) {
        let mut at = 0;
        for even in self.decoder.even_runs(raw) {
            let (start, end) =
                (even.start.saturating_sub(skip).min(count), even.end.saturating_sub(skip).min(count));
            if at < start {
                odd.push(at..start);
            }
            at = end;
        }
        if at < count {
            odd.push(at..count);
        }
    }

    /// Elements that are not side by side.
    fn gathered<'t>(
        &self,
        run: Range<u64>,
        hands: &'t mut ReadingHands,
        valueless: &mut Valueless,
    ) -> TileValues<'t> {
        let shares_bytes = self.array.item.shares_bytes();
        let native = Decoder::native(TileKind::of(&self.array.item));
        let decoder = if shares_bytes { &native } else { &self.decoder };
        let size = decoder.group_bytes;
        let count = (run.end - run.start) as usize;
        let buffer = hands.buffer.bytes(count * size);
        for part in self.array.parts(run.clone()) {
            let from = (part.first - run.start) as usize;
            let block = &part.array;
            let out = &mut buffer[from * size..(from + block.items() as usize) * size];
            let mut lost = Lost::default();
            let reader = &self.reader;
            if shares_bytes {
                let space = &mut hands.picked;
                Picker { reader, block, decoder: &self.decoder, space, out, lost: &mut lost }.pick();
            } else {
                gather(reader, block, out, &mut lost);
            }
            valueless.unread.merge(&lost.unread);
            lost.elements.sort_unstable();
            for element in lost.elements {
                let at = from + element as usize;
                push_joined(&mut valueless.lost, at..at + 1);
            }
        }
        if !shares_bytes {
            self.add_odd(buffer, 0, count, &mut valueless.odd);
        }
        decoder.values(buffer, &mut hands.space)
    }
}

/// Adds a range that begins no earlier than the last one; nothing for an empty one.
fn push_joined(ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
    match ranges.last_mut() {
        _ if range.is_empty() => {}
        Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
        _ => ranges.push(range),
    }
}
