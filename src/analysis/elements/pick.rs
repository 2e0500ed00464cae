//! The elements of a block that share bytes with their neighbours and do not lie side by side, in C order.
//!
//! Their groups are decoded, and of each group the elements are taken that the block has.

use super::decoder::{Decoder, Space};
use super::gather::{Lost, place_of};
use super::tile::TileValues;
use crate::analysis::reading::Reader;
use crate::decode::array::Array;
use crate::decode::array_walk::Run;

/// Bytes of groups that are decoded at once.
const AT_ONCE: u64 = 64 << 10;

/// Takes elements out of decoded groups and puts them in their places.
pub(super) struct Picker<'a> {
    pub reader: &'a Reader<'a>,
    pub block: &'a Array,
    pub decoder: &'a Decoder,
    pub space: &'a mut Space,
    /// The elements in C order, as the machine has their values.
    pub out: &'a mut [u8],
    pub lost: &'a mut Lost,
}

impl Picker<'_> {
    /// Fills `out` with the elements of the block.
    pub fn pick(&mut self) {
        let mut raw = Vec::new();
        let group = self.decoder.group_items as u64;
        for run in self.block.walk_in_memory().unwrap_or_else(|| self.block.walk()) {
            let step = run.stride.unsigned_abs();
            // Elements in groups of their own are read each for itself.
            let groups = AT_ONCE / (self.decoder.group_bytes as u64).max(1);
            let at_once = if step < group { (groups * group / step.max(1)).max(1) } else { 1 };
            let mut done = 0;
            while done < run.items && !self.reader.cancel.is_cancelled() {
                let items = at_once.min(run.items - done);
                if !self.together(run, done, items, &mut raw) {
                    (done..done + items).for_each(|item| self.alone(run, item, &mut raw));
                }
                done += items;
            }
        }
    }

    /// Whether the groups of so many elements of a run could be read at once.
    fn together(&mut self, run: Run, done: u64, items: u64, raw: &mut Vec<u8>) -> bool {
        let part = Run { at: run.at + i128::from(done) * i128::from(run.stride), items, ..run };
        let span = self.block.run_span(part);
        raw.resize(span.len() as usize, 0);
        let reader = self.reader;
        if reader.source.read_cancellable(span.start(), raw, reader.cancel).is_err() {
            return false;
        }
        let values = self.decoder.values(raw, self.space);
        for item in 0..items {
            let place = self.block.place_at(part.at + i128::from(item) * i128::from(run.stride));
            let groups = (place.span.start() - span.start()) as usize / self.decoder.group_bytes;
            let from = groups * self.decoder.group_items + place.item as usize;
            put(values, from, place_of(run, done + item), self.out);
        }
        true
    }

    fn alone(&mut self, run: Run, item: u64, raw: &mut Vec<u8>) {
        let place = self.block.place_at(run.at + i128::from(item) * i128::from(run.stride));
        raw.resize(place.span.len() as usize, 0);
        if self.lost.read(self.reader, place.span, raw) {
            let values = self.decoder.values(raw, self.space);
            put(values, place.item as usize, place_of(run, item), self.out);
        } else {
            self.lost.elements.push(place_of(run, item) as u64);
        }
    }
}

/// Puts value `from` into place `to`. Elements that share bytes become no larger values than these.
fn put(values: TileValues<'_>, from: usize, to: usize, out: &mut [u8]) {
    match values {
        TileValues::U8(values) => out[to] = values[from],
        TileValues::I8(values) => out[to] = values[from].cast_unsigned(),
        TileValues::F32(values) => out[4 * to..4 * to + 4].copy_from_slice(&values[from].to_ne_bytes()),
        _ => {}
    }
}
