//! The pass over the elements of an array: pieces are read, decoded and shown on all cores, answers come in C order.

use super::decoder::{Decoder, Space};
use super::gather::{Lost, gather};
use super::pick::Picker;
use super::pieces::{ElementBlock, LARGEST, Piece, Pieces};
use super::tile::{MappedTile, Tile, TileKind};
use crate::analysis::pool::{self, Answers, PassEnd, Pool};
use crate::analysis::reading::Reader;
use crate::analysis::scan::taken_at_once;
use crate::analysis::tuning::Tuning;
use crate::analysis::unread::Unread;
use crate::bytes::{RawBytes, Source, Span};
use crate::decode::array::{Array, MemoryOrder};
use crate::job::Progress;
use std::ops::Range;

/// Elements of a tile at most: as 32-bit numbers they take an eighth of a usual second cache.
const TILE: usize = 32 << 10;

/// Bytes of a tile that is copied out of a map: so few that they stay in the first cache beside those that pass by.
const MAPPED_TILE: usize = 8 << 10;

/// Bytes that a kernel looks at in a map before it is asked whether to go on.
const MAPPED_STEP: usize = 256 << 10;

/// Fewer bytes than this are not worth a map.
const WORTH_MAPPING: u64 = 256 << 10;

/// Tiles that are copied at most before a kernel is asked again whether a look is enough for it.
const MOST_COPIED: u32 = 64;

/// What is done with every tile.
pub trait ElementKernel: Sync {
    /// What a piece of the array yields.
    type Part: Default + Send;

    /// Whether a tile leaves no trace but in the part, so that a part can be thrown away and made again. Then tiles are
    /// taken out of a map before it is known whether that holds, which is much faster.
    const ONLY_MAKES_PARTS: bool = false;

    /// Looks at one tile; those of a piece come in C order.
    fn tile(&self, tile: &Tile<'_>, part: &mut Self::Part);

    /// Looks at elements where they are mapped, as many from the first one on as a look is enough for. How many that was;
    /// the next few are copied and shown as a tile. Only asked of kernels that make nothing but parts.
    fn mapped(&self, elements: &MappedTile<'_>, part: &mut Self::Part) -> usize {
        let _ = (elements, part);
        0
    }

    /// Looks at `count` elements from the tile's first one on that are the elements of the tile over and over: those of
    /// a hole or a fill. Without a way of its own a kernel is shown all of them as tiles.
    fn repeated(&self, period: &Tile<'_>, count: u64, part: &mut Self::Part) {
        period.repeated(count, &mut |tile| self.tile(tile, part));
    }
}

/// What a piece of the array yields.
#[derive(Debug, Default)]
pub struct ElementYield<P> {
    pub part: P,
    /// The elements of the piece, in C order; those that were left out included.
    pub elements: Range<u64>,
    /// The bytes of elements that could not be read.
    pub unread: Unread,
    /// How many elements could not be read.
    pub lost: u64,
    /// How many have bits that their type does not use, and so no value.
    pub odd: u64,
}

/// Takes what pieces yield, in C order; breaks when it has enough.
pub type ElementSink<'s, P> = Answers<'s, ElementYield<P>>;

/// What is passed over, and how.
#[derive(Clone, Copy, Debug)]
pub struct ElementPass<'a> {
    pub source: &'a dyn Source,
    /// Its elements are in the source, see [`Array::check_fits`]; what is not counts as unread.
    pub array: &'a Array,
    pub progress: &'a Progress,
    pub tuning: Tuning,
}

impl<'a> ElementPass<'a> {
    /// Reads in the way that is fastest on this machine.
    pub fn new(source: &'a dyn Source, array: &'a Array, progress: &'a Progress) -> Self {
        Self { source, array, progress, tuning: Tuning::default() }
    }

    /// The bytes of the elements: what the progress counts up to. Its total is the caller's.
    pub fn bytes(&self) -> u64 {
        bytes_of(self.array, self.array.items())
    }

    /// The bytes of some of the elements.
    pub fn bytes_of(&self, elements: Range<u64>) -> u64 {
        bytes_of(self.array, elements.end.saturating_sub(elements.start))
    }

    /// Shows `kernel` all elements, and gives what it makes of them to `sink` in C order, on any thread, one piece at a
    /// time. Elements that can't be read, that have no value, or that are larger than a megabyte are left out.
    pub fn run<K: ElementKernel>(&self, kernel: &K, sink: ElementSink<'_, K::Part>) -> PassEnd {
        if self.array.item.group_bytes() == 0 {
            return PassEnd::Complete;
        }
        let cancel = self.progress.as_cancel();
        let (reader, threads, chunk) = Reader::new(self.source, cancel, self.tuning, self.bytes());
        let worker =
            Worker { array: self.array, decoder: Decoder::new(&self.array.item), reader, kernel, chunk };
        let taken = if K::ONLY_MAKES_PARTS { self.taken(threads, chunk) } else { chunk };
        let mut pieces = Pieces::new(self.source, self.array, taken);
        self.show_pieces(&worker, threads, &mut || pieces.next(), sink)
    }

    /// The same with blocks of the caller's choice, each of which is one piece: the kernel is shown it by one worker, in
    /// C order. Blocks are small enough for the memory of a worker.
    pub fn run_blocks<K: ElementKernel>(
        &self,
        kernel: &K,
        blocks: pool::Pieces<'_, ElementBlock>,
        sink: ElementSink<'_, K::Part>,
    ) -> PassEnd {
        if self.array.item.group_bytes() == 0 {
            return PassEnd::Complete;
        }
        let (reader, threads, chunk) =
            Reader::new(self.source, self.progress.as_cancel(), self.tuning, self.bytes());
        let worker =
            Worker { array: self.array, decoder: Decoder::new(&self.array.item), reader, kernel, chunk };
        self.show_pieces(&worker, threads, &mut || blocks().map(Piece::from), sink)
    }

    fn show_pieces<K: ElementKernel>(
        &self,
        worker: &Worker<'_, K>,
        threads: usize,
        pieces: pool::Pieces<'_, Piece>,
        sink: ElementSink<'_, K::Part>,
    ) -> PassEnd {
        let cancel = self.progress.as_cancel();
        let work = |piece: Piece, hands: &mut Hands| {
            let made = worker.work(piece, hands);
            if !cancel.is_cancelled() {
                self.progress.advance(bytes_of(self.array, made.elements.end - made.elements.start));
            }
            made
        };
        Pool { threads, cancel }.run(pieces, &work, sink)
    }
}

impl ElementPass<'_> {
    /// Bytes that a worker takes at once where they may be shown as they are mapped.
    fn taken(&self, threads: usize, chunk: u64) -> u64 {
        let all = Span::at(self.array.offset, self.bytes());
        let all = all.filter(|_| self.array.order() == Some(MemoryOrder::C));
        all.map_or(chunk, |all| taken_at_once(self.source, all.clamp_to(self.source.len()), threads, chunk))
    }
}

/// The bytes of so many elements, those of a part of a group rounded down.
fn bytes_of(array: &Array, items: u64) -> u64 {
    let bytes = u128::from(items) * u128::from(array.item.group_bytes());
    u64::try_from(bytes / u128::from(array.item.group_items())).unwrap_or(u64::MAX)
}

/// What a worker keeps from piece to piece.
#[derive(Debug, Default)]
struct Hands {
    buffer: Buffer,
    space: Space,
}

/// Bytes at an address that suits every number, and the processor's cache.
#[derive(Debug, Default)]
pub(super) struct Buffer(Vec<u64>);

impl Buffer {
    const ALIGN: usize = 64;

    /// So many bytes, of any values.
    pub fn bytes(&mut self, len: usize) -> &mut [u8] {
        let words = (len + Self::ALIGN).div_ceil(8);
        if self.0.len() < words {
            self.0.resize(words, 0);
        }
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut self.0);
        // Never more than what was added.
        let skip = bytes.as_ptr().align_offset(Self::ALIGN).min(Self::ALIGN);
        &mut bytes[skip..skip + len]
    }
}

/// What all workers share.
struct Worker<'a, K> {
    array: &'a Array,
    decoder: Decoder,
    reader: Reader<'a>,
    kernel: &'a K,
    /// Bytes that are read at once.
    chunk: u64,
}

impl<K: ElementKernel> Worker<'_, K> {
    fn work(&self, piece: Piece, hands: &mut Hands) -> ElementYield<K::Part> {
        let mut made = ElementYield::default();
        let is_large = self.array.item.group_bytes() > LARGEST;
        match piece {
            Piece::Groups(from, to) => {
                made.elements = self.numbers(from)..self.numbers(to);
                if is_large {
                    made.lost = made.elements.end - made.elements.start;
                } else {
                    self.groups(from..to, hands, &mut made);
                }
            }
            Piece::Same(from, to, period) => {
                made.elements = self.numbers(from)..self.numbers(to);
                self.same(from..to, &period, hands, &mut made);
            }
            Piece::Block(block, first) => {
                made.elements = first..first + block.items();
                if is_large {
                    made.lost = block.items();
                } else {
                    self.block(&block, hands, &mut made);
                }
            }
        }
        made
    }

    /// The first element of a group, of those that the array has.
    fn numbers(&self, group: u64) -> u64 {
        let items = self.decoder.group_items as u64;
        group.saturating_mul(items).saturating_sub(self.array.first).min(self.array.items())
    }

    /// Shows groups that lie side by side.
    fn groups(&self, groups: Range<u64>, hands: &mut Hands, made: &mut ElementYield<K::Part>) {
        let size = self.decoder.group_bytes as u64;
        let start = self.array.offset.saturating_add(groups.start.saturating_mul(size));
        let Some(span) = Span::at(start, (groups.end - groups.start).saturating_mul(size)) else { return };
        let is_worth = span.len() >= WORTH_MAPPING && self.decoder.group_bytes <= MAPPED_TILE;
        if K::ONLY_MAKES_PARTS && is_worth && self.mapped(span, groups.start, hands, made) {
            return;
        }
        let at_once = (self.chunk / size).max(1);
        let mut from = groups.start;
        while from < groups.end && !self.reader.cancel.is_cancelled() {
            let to = from.saturating_add(at_once).min(groups.end);
            self.read(from..to, hands, made);
            from = to;
        }
    }

    /// Shows the groups in `span`, the first of which is number `first`, as they are mapped. Whether they could be; if not,
    /// nothing was made.
    fn mapped(&self, span: Span, first: u64, hands: &mut Hands, made: &mut ElementYield<K::Part>) -> bool {
        let elements = made.elements.clone();
        let is_shown =
            self.reader.source.look_mapped(span, &mut |raw| self.look(span.start(), raw, first, hands, made));
        if !is_shown {
            *made = ElementYield { elements, ..ElementYield::default() };
        }
        is_shown
    }

    /// Shows mapped groups to the kernel, those for which that is not enough as tiles.
    fn look(
        &self,
        start: u64,
        raw: &RawBytes<'_>,
        first: u64,
        hands: &mut Hands,
        made: &mut ElementYield<K::Part>,
    ) {
        let Hands { buffer, space } = hands;
        let (size, items) = (self.decoder.group_bytes, self.decoder.group_items as i128);
        let page = MAPPED_TILE as u64;
        let number =
            |at: usize| (i128::from(first) + (at / size) as i128) * items - i128::from(self.array.first);
        let (mut at, mut copied, mut to_copy) = (0, 0, 0);
        while at + size <= raw.len() && !self.reader.cancel.is_cancelled() {
            if copied >= to_copy {
                let (answered, is_all) = self.answered(raw, at, number(at), &mut made.part);
                at += answered;
                copied = 0;
                to_copy = match answered {
                    _ if is_all => 0,
                    0 => (2 * to_copy).clamp(1, MOST_COPIED),
                    _ => 1,
                };
            } else {
                // Tiles end where pages do, as far as elements do: then copies are fastest.
                let until_page = (page - (start + at as u64) % page) as usize;
                let most = self.decoder.groups_in(MAPPED_TILE).min((until_page / size).max(1));
                let bytes = buffer.bytes(most.min((raw.len() - at) / size) * size);
                raw.copy(at, bytes);
                let len = bytes.len();
                self.show(&self.decoder, bytes, number(at), space, made);
                at += len;
                copied += 1;
            }
        }
    }

    /// The bytes from `at` on of which the kernel has answered for the elements, the first of which is `number`; and whether
    /// that was all that it was asked for.
    fn answered(&self, raw: &RawBytes<'_>, at: usize, number: i128, part: &mut K::Part) -> (usize, bool) {
        let size = self.decoder.group_bytes;
        let Some((form, is_swapped)) = self.decoder.mapped_form() else { return (0, false) };
        let Ok(first) = u64::try_from(number) else { return (0, false) };
        let count = (raw.len() - at).min(MAPPED_STEP) / size;
        let answered =
            self.kernel.mapped(&MappedTile { raw, from: at, count, form, is_swapped, first }, part);
        (answered * size, answered == count)
    }

    /// Reads groups that lie side by side.
    fn read(&self, groups: Range<u64>, hands: &mut Hands, made: &mut ElementYield<K::Part>) {
        let (size, items) = (self.decoder.group_bytes as u64, self.decoder.group_items as i128);
        let start = self.array.offset.saturating_add(groups.start.saturating_mul(size));
        let Some(span) = Span::at(start, (groups.end - groups.start).saturating_mul(size)) else { return };
        let Hands { buffer, space } = hands;
        let mut unread = Unread::default();
        let mut shown = 0;
        self.reader.read(span, buffer.bytes(span.len() as usize), &mut unread, &mut |run, bytes| {
            let (skip, end) = (run.start() - span.start(), run.end() - span.start());
            let (from, to) = (skip.div_ceil(size), end / size);
            if from < to {
                let place = |group: u64| (group * size - skip) as usize;
                let whole = &mut bytes[place(from)..place(to)];
                let number = i128::from(groups.start + from) * items - i128::from(self.array.first);
                shown += self.show(&self.decoder, whole, number, space, made);
            }
        });
        if !unread.is_empty() {
            made.lost += self.numbers(groups.end) - self.numbers(groups.start) - shown;
            self.widen(&unread, span, &mut made.unread);
        }
    }

    /// The groups that what could not be read is a part of.
    fn widen(&self, unread: &Unread, span: Span, all: &mut Unread) {
        let size = self.decoder.group_bytes as u64;
        let Some(reason) = unread.reason() else { return };
        for range in unread.ranges() {
            let from = (range.start() - span.start()) / size * size;
            let to = (range.end() - span.start()).div_ceil(size) * size;
            all.add(Span::between(span.start() + from, span.start() + to), reason);
        }
    }

    /// Groups that are not to be read, since they are those of `period` over and over.
    fn same(&self, groups: Range<u64>, period: &[u8], hands: &mut Hands, made: &mut ElementYield<K::Part>) {
        let Hands { buffer, space } = hands;
        let raw = buffer.bytes(period.len());
        raw.copy_from_slice(period);
        let is_even = self.decoder.even_runs(raw).first().is_some_and(|run| *run == self.decoder.all(raw));
        if !is_even {
            // Rare enough to be read.
            return self.groups(groups, hands, made);
        }
        let values = self.decoder.values(raw, space);
        let Range { start, end } = made.elements;
        let has_nat = self.decoder.has_nat;
        // The array may begin inside its first group.
        let items = self.decoder.group_items as u64;
        let skip = if groups.start == self.array.first / items { self.array.first % items } else { 0 };
        let lead = if skip == 0 { 0 } else { (values.len() as u64 - skip).min(end - start) };
        if lead > 0 {
            let values = values.part(skip as usize..(skip + lead) as usize);
            self.kernel.tile(&Tile { values, first: start, has_nat }, &mut made.part);
        }
        if start + lead < end {
            let period = Tile { values, first: start + lead, has_nat };
            self.kernel.repeated(&period, end - start - lead, &mut made.part);
        }
    }

    /// Elements that do not lie side by side.
    fn block(&self, block: &Array, hands: &mut Hands, made: &mut ElementYield<K::Part>) {
        let Hands { buffer, space } = hands;
        let shares_bytes = block.item.shares_bytes();
        let native = Decoder::native(TileKind::of(&block.item));
        let decoder = if shares_bytes { &native } else { &self.decoder };
        let size = decoder.group_bytes;
        let out = buffer.bytes(block.items() as usize * size);
        let mut lost = Lost::default();
        let reader = &self.reader;
        if shares_bytes {
            Picker { reader, block, decoder: &self.decoder, space, out, lost: &mut lost }.pick();
        } else {
            gather(reader, block, out, &mut lost);
        }
        made.unread.merge(&lost.unread);
        made.lost += lost.elements.len() as u64;
        lost.elements.sort_unstable();
        let first = made.elements.start;
        let mut from = 0;
        for end in lost.elements.into_iter().chain([block.items()]) {
            if from < end {
                let run = &mut out[from as usize * size..end as usize * size];
                self.show(decoder, run, i128::from(first + from), space, made);
            }
            from = end + 1;
        }
    }

    /// Shows whole groups, the first element of which is `number`, tile by tile, and only elements of the piece. Answers
    /// how many there are.
    fn show(
        &self,
        decoder: &Decoder,
        raw: &mut [u8],
        number: i128,
        space: &mut Space,
        made: &mut ElementYield<K::Part>,
    ) -> u64 {
        let at_once = (TILE / decoder.group_items).min(LARGEST as usize / decoder.group_bytes).max(1);
        let mut number = number;
        let mut shown = 0;
        for groups in raw.chunks_mut(at_once * decoder.group_bytes) {
            if self.reader.cancel.is_cancelled() {
                break;
            }
            let all = decoder.all(groups).end;
            let even = decoder.even_runs(groups);
            let values = decoder.values(groups, space);
            let inside = |at: u64| (i128::from(at) - number).clamp(0, all as i128) as usize;
            let (from, to) = (inside(made.elements.start), inside(made.elements.end));
            shown += (to - from) as u64;
            made.odd += (to - from) as u64;
            for run in even {
                let part = run.start.max(from)..run.end.min(to);
                if part.is_empty() {
                    continue;
                }
                made.odd -= part.len() as u64;
                let first = (number + part.start as i128) as u64;
                let tile = Tile { values: values.part(part), first, has_nat: decoder.has_nat };
                self.kernel.tile(&tile, &mut made.part);
            }
            number += all as i128;
        }
        shown
    }
}
