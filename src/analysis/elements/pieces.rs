//! Which elements a worker takes next.
//!
//! Elements that lie side by side in C order are cut at multiples of the chunk's size, so that reads are aligned; a hole
//! or a fill among them is not read. Other arrays are cut into blocks.

use crate::bytes::{Source, Span};
use crate::decode::array::{Array, MemoryOrder};
use crate::decode::array_blocks::Blocks;
use std::ops::Range;

/// Holes and fills smaller than this are read, in bytes.
const WORTH_SKIPPING: u64 = 64 << 10;

/// The longest run of elements that is repeated without being read, in bytes.
const LONGEST_PERIOD: u64 = 64 << 10;

/// Bytes of a block whose elements lie in another order: the larger it is, the more of each page is used at once.
const REORDERED: u64 = 8 << 20;

/// Elements of a block at most, when they are smaller than 8 bytes.
const MOST_IN_BLOCK: u64 = 1 << 20;

/// Elements of a hole or a fill that are one piece at most: what a kernel makes of them is bounded, and a cancel is seen
/// between two pieces.
const MOST_REPEATED: u64 = 1 << 24;

/// Elements that are larger are not looked at, in bytes.
pub(super) const LARGEST: u64 = 1 << 20;

/// What a worker takes.
#[derive(Debug)]
pub(super) enum Piece {
    /// Groups that lie side by side: the number of the first and the last group, exclusive.
    Groups(u64, u64),
    /// The same, not to be read: they are these bytes over and over.
    Same(u64, u64, Vec<u8>),
    /// Elements anywhere, and which one the first is.
    Block(Array, u64),
}

/// Elements of an array that its user chooses to be one piece.
#[derive(Clone, Debug)]
pub enum ElementBlock {
    /// Neighbours of an array whose elements lie side by side in C order and share no bytes.
    Run(Range<u64>),
    /// Elements anywhere, and which one the first is.
    Part(Array, u64),
}

impl From<ElementBlock> for Piece {
    fn from(block: ElementBlock) -> Self {
        match block {
            ElementBlock::Run(elements) => Self::Groups(elements.start, elements.end),
            ElementBlock::Part(array, first) => Self::Block(array, first),
        }
    }
}

/// The pieces of an array, in C order.
pub(super) struct Pieces<'a> {
    source: &'a dyn Source,
    array: &'a Array,
    chunk: u64,
    /// The next group of elements that lie side by side, and the last one, exclusive.
    groups: (u64, u64),
    /// The last answer of the source about data.
    data: Option<Span>,
    blocks: Option<Blocks<'a>>,
    /// The next element of a block.
    next: u64,
}

impl<'a> Pieces<'a> {
    /// Of an array in a source, read so many bytes at once.
    pub fn new(source: &'a dyn Source, array: &'a Array, chunk: u64) -> Self {
        let side_by_side = array.order() == Some(MemoryOrder::C);
        let items = u64::from(array.item.group_items());
        let end = array.first.saturating_add(array.items()).div_ceil(items);
        let blocks = (!side_by_side && array.items() > 0).then(|| {
            let in_order = array.walk_in_memory().is_none_or(|walk| walk.is_in_c_order());
            let bytes = if in_order { chunk } else { REORDERED.max(chunk) };
            let size = (array.item.group_bytes() / items).max(1);
            Blocks::new(array, (bytes / size).clamp(1, MOST_IN_BLOCK))
        });
        let groups = if side_by_side { (array.first / items, end) } else { (0, 0) };
        Self { source, array, chunk, groups, data: None, blocks, next: 0 }
    }

    /// Where group `number` begins, in bytes.
    fn place(&self, number: u64) -> u64 {
        self.array.offset.saturating_add(number.saturating_mul(self.array.item.group_bytes()))
    }

    /// The groups that begin before `end`; those that reach over it too.
    fn until(&self, end: u64) -> u64 {
        end.saturating_sub(self.array.offset)
            .div_ceil(self.array.item.group_bytes().max(1))
            .min(self.groups.1)
    }

    fn next_groups(&mut self) -> Option<Piece> {
        let (from, last) = self.groups;
        if from >= last {
            return None;
        }
        let start = self.place(from);
        if let Some((end, period)) = self.hole(start).or_else(|| self.fill(start)) {
            let to = (end.saturating_sub(self.array.offset) / self.array.item.group_bytes().max(1)).min(last);
            if to > from {
                let most = MOST_REPEATED / u64::from(self.array.item.group_items());
                let to = to.min(from.saturating_add(most.max(1)));
                self.groups.0 = to;
                return Some(Piece::Same(from, to, period));
            }
        }
        let grid_end = (start - start % self.chunk).saturating_add(self.chunk);
        let end = self.data.map_or(grid_end, |data| {
            let is_worth = data.end() < grid_end
                && self.data_from(data.end()).is_none_or(|next| next.start() - data.end() >= WORTH_SKIPPING);
            if is_worth && data.end() > start { data.end() } else { grid_end }
        });
        let to = self.until(end).max(from + 1);
        self.groups.0 = to;
        Some(Piece::Groups(from, to))
    }

    fn data_from(&self, offset: u64) -> Option<Span> {
        self.source.data_after(offset).filter(|data| data.end() > offset)
    }

    /// Where the hole at `start` ends, and the bytes of a group in it.
    fn hole(&mut self, start: u64) -> Option<(u64, Vec<u8>)> {
        if self.data.is_none_or(|data| data.end() <= start || data.start() > start) {
            self.data = self.data_from(start);
        }
        let end = self.data.map_or(self.source.len(), Span::start);
        if self.array.item.group_bytes() > LARGEST {
            return None;
        }
        let zeros = || usize::try_from(self.array.item.group_bytes()).ok().map(|bytes| vec![0; bytes]);
        (end.saturating_sub(start) >= WORTH_SKIPPING).then(zeros).flatten().map(|zeros| (end, zeros))
    }

    /// Where the fill at `start` ends, and its bytes until a group begins as the first one does.
    fn fill(&self, start: u64) -> Option<(u64, Vec<u8>)> {
        let fill = self.source.fill_at(start)?;
        let period = fill.pattern.len() as u64;
        let group = self.array.item.group_bytes();
        let bytes = (period / common_divisor(period, group)).checked_mul(group)?;
        let is_worth = fill.end.saturating_sub(start) >= WORTH_SKIPPING.max(2 * bytes);
        (is_worth && bytes <= LONGEST_PERIOD).then(|| {
            let cycled = fill.pattern.iter().cycle().skip(fill.phase).take(bytes as usize);
            (fill.end, cycled.copied().collect())
        })
    }

    /// The next block; of one in a hole a group is enough.
    fn next_block(&mut self) -> Option<Piece> {
        let block = self.blocks.as_mut()?.next()?;
        let (first, items) = (self.next, block.items());
        self.next += items;
        let extent = block.extent().unwrap_or_default();
        let is_hole = !block.item.shares_bytes()
            && items > 1
            && block.item.group_bytes() <= LARGEST
            && self.data_from(extent.start()).is_none_or(|data| data.start() >= extent.end());
        match usize::try_from(block.item.group_bytes()) {
            Ok(bytes) if is_hole => Some(Piece::Same(first, first + items, vec![0; bytes])),
            _ => Some(Piece::Block(block, first)),
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.next_groups().or_else(|| self.next_block())
    }
}

fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
