//! One source's part of the page cache: the blocks that are there, the blocks that are wanted, what to read next.
//!
//! Plain data behind the cache's lock: no thread, no I/O. A block is, at any time, held, being read, queued or
//! none of these; a missing block that is on the screen is asked for again by every frame.

use crate::bytes::{Availability, ReadError, ReadHints, SharedSource, Span};
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Condvar};

/// A frame that misses more pages than this of a source shows scattered places; reading whole pages for them would
/// bring mostly bytes that nobody sees.
const SCATTERED_PAGES: usize = 16;

/// Blocks that one frame can ask for of a source: several times what a large screen of scattered places shows.
const MOST_ASKED: usize = 16 << 10;

/// A block that no frame of the last `UNSHOWN_FRAMES` showed may be dropped. Two, because loaders deliver between
/// frames too, when the next one has not yet said what it shows.
pub(super) const UNSHOWN_FRAMES: u64 = 2;

/// What keeping track of a block costs, in bytes, so that blocks without content are not free.
const BLOCK_OVERHEAD: usize = 128;

/// Bytes of a source, as many as its hints say, fewer at its end.
#[derive(Debug)]
pub(super) struct CacheBlock {
    /// From the block's start on; fewer than the block has when the rest failed.
    bytes: Box<[u8]>,
    fault: Option<ReadError>,
    /// The last frame that peeked at it.
    shown: u64,
}

impl CacheBlock {
    pub(super) fn cost(&self) -> usize {
        self.bytes.len() + BLOCK_OVERHEAD
    }
}

/// A read for a loader to make.
#[derive(Debug)]
pub(super) struct LoadTask {
    number: u64,
    blocks: Range<u64>,
    /// What to read, in bytes.
    pub(super) span: Span,
    /// The blocks of it that a frame asked for.
    wanted: BTreeSet<u64>,
}

impl LoadTask {
    /// What its blocks will cost the budget, at most.
    pub(super) fn cost(&self) -> usize {
        self.span.len() as usize + (self.blocks.end - self.blocks.start) as usize * BLOCK_OVERHEAD
    }

    /// Whether it is but one block, which can't be taken apart further.
    pub(super) fn is_single(&self) -> bool {
        self.blocks.end - self.blocks.start == 1
    }
}

#[derive(Debug)]
pub(super) struct Shelf {
    len: u64,
    blocks: HashMap<u64, CacheBlock>,
    /// Blocks that this frame peeked at and missed, and that have not come since.
    asked: BTreeSet<u64>,
    /// Whether the queue holds what is asked for.
    is_published: bool,
    /// Blocks for the loaders to read; none of them is held or being read.
    queue: BTreeSet<u64>,
    /// Whether the queue is to be read block by block.
    scattered: bool,
    reading: Vec<(u64, Range<u64>)>,
    /// Pages of which a read failed: they are read block by block, so that a bad sector hides only its own block.
    broken: HashSet<u64>,
    next_task: u64,
    /// What loaders read.
    pub(super) backing: SharedSource,
    /// Those of `backing`, within bounds.
    pub(super) hints: ReadHints,
    /// A block has so many bytes, as a power of two.
    block_shift: u32,
    /// Loaders that run or are being started.
    pub(super) loaders: usize,
    /// Called when there is something to read, or the shelf goes.
    pub(super) work: Arc<Condvar>,
}

impl Shelf {
    pub(super) fn new(backing: SharedSource) -> Self {
        let hints = backing.hints().within_bounds();
        Self {
            len: backing.len(),
            blocks: HashMap::new(),
            asked: BTreeSet::new(),
            is_published: false,
            queue: BTreeSet::new(),
            scattered: false,
            reading: Vec::new(),
            broken: HashSet::new(),
            next_task: 0,
            hints,
            block_shift: hints.block_bytes.ilog2(),
            backing,
            loaders: 0,
            work: Arc::default(),
        }
    }

    /// The number of the block that holds `offset`, and the place in it.
    fn block_at(&self, offset: u64) -> (u64, usize) {
        // A division takes longer than all else of a small peek.
        (offset >> self.block_shift, (offset & (self.hints.block_bytes - 1)) as usize)
    }

    fn blocks_per_page(&self) -> u64 {
        self.hints.page_bytes / self.hints.block_bytes
    }

    /// As [`crate::bytes::Source::peek`]; `frame` is the one that shows the bytes.
    pub(super) fn peek(&mut self, offset: u64, buf: &mut [u8], states: &mut [Availability], frame: u64) {
        let inside = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX).min(buf.len());
        buf[inside..].fill(0);
        states[inside..].fill(Availability::Failed);
        let mut done = 0;
        while done < inside {
            let at = offset + done as u64;
            let (number, skip) = self.block_at(at);
            let end = inside.min(done + self.hints.block_bytes as usize - skip);
            self.peek_block(number, skip, &mut buf[done..end], &mut states[done..end], frame);
            done = end;
        }
    }

    /// The part of a peek that lies in block `number`, `skip` bytes after its start.
    fn peek_block(
        &mut self,
        number: u64,
        skip: usize,
        buf: &mut [u8],
        states: &mut [Availability],
        frame: u64,
    ) {
        let Some(block) = self.blocks.get_mut(&number) else {
            if self.asked.len() < MOST_ASKED && self.asked.insert(number) {
                self.is_published = false;
            }
            buf.fill(0);
            states.fill(Availability::Missing);
            return;
        };
        block.shown = frame;
        let held = block.bytes.get(skip..).unwrap_or_default();
        let ready = held.len().min(buf.len());
        buf[..ready].copy_from_slice(&held[..ready]);
        buf[ready..].fill(0);
        states[..ready].fill(Availability::Ready);
        states[ready..].fill(Availability::Failed);
    }

    /// Copies what is held of the bytes from `offset` on, and nothing else.
    pub(super) fn copy_held(&self, offset: u64, buf: &mut [u8]) {
        let mut done = 0;
        while done < buf.len() {
            let at = offset + done as u64;
            let (number, skip) = self.block_at(at);
            let end = buf.len().min(done + self.hints.block_bytes as usize - skip);
            let held = self.blocks.get(&number).and_then(|block| block.bytes.get(skip..)).unwrap_or_default();
            let ready = held.len().min(end - done);
            buf[done..done + ready].copy_from_slice(&held[..ready]);
            done = end;
        }
    }

    pub(super) fn fault_at(&self, offset: u64) -> Option<ReadError> {
        let (number, skip) = self.block_at(offset);
        let block = self.blocks.get(&number)?;
        if skip < block.bytes.len() { None } else { block.fault.clone() }
    }

    /// Whether something that this frame missed has not come yet.
    pub(super) fn asks(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Queues what this frame missed so far in place of what earlier frames did.
    pub(super) fn publish(&mut self) {
        if self.is_published {
            return;
        }
        self.is_published = true;
        self.queue.clone_from(&self.asked);
        for (_, blocks) in &self.reading {
            for number in blocks.clone() {
                self.queue.remove(&number);
            }
        }
        self.scattered = self.touches_many_pages();
        if !self.queue.is_empty() {
            self.call_loaders();
        }
    }

    fn touches_many_pages(&self) -> bool {
        let blocks_per_page = self.blocks_per_page();
        let mut at = 0;
        for _ in 0..=SCATTERED_PAGES {
            let Some(number) = self.queue.range(at..).next() else {
                return false;
            };
            at = (number / blocks_per_page + 1) * blocks_per_page;
        }
        true
    }

    /// Ends the frame: the next one asks anew, and if it asks for nothing the queue is to be emptied.
    pub(super) fn end_frame(&mut self) {
        self.publish();
        self.asked.clear();
        self.is_published = false;
    }

    /// Whether something is queued and not all loaders are there that the source may have.
    pub(super) fn lacks_loaders(&self) -> bool {
        self.loaders < self.useful_loaders() && !self.queue.is_empty()
    }

    /// How many loaders have something to do, and one for what is asked for next.
    pub(super) fn useful_loaders(&self) -> usize {
        self.hints.parallel_reads.min(self.queue.len() + 1).max(self.hints.parallel_reads.min(2))
    }

    pub(super) fn call_loaders(&self) {
        self.work.notify_all();
    }

    /// Takes the next read out of the queue: the page of the first queued block, or where whole pages are of no use
    /// just the run of queued blocks that it begins.
    pub(super) fn next_task(&mut self) -> Option<LoadTask> {
        let first = *self.queue.first()?;
        let (block_bytes, blocks_per_page) = (self.hints.block_bytes, self.blocks_per_page());
        let page = first / blocks_per_page;
        let page_end = ((page + 1) * blocks_per_page).min(self.len.div_ceil(block_bytes));
        let blocks = if self.broken.contains(&page) {
            first..first + 1
        } else if self.scattered || self.touches_a_read(page * blocks_per_page..page_end) {
            let end = (first + 1..page_end).find(|number| !self.queue.contains(number)).unwrap_or(page_end);
            first..end
        } else {
            page * blocks_per_page..page_end
        };
        let wanted = self.queue.range(blocks.clone()).copied().collect::<BTreeSet<u64>>();
        for number in &wanted {
            self.queue.remove(number);
        }
        let number = self.next_task;
        self.next_task += 1;
        self.reading.push((number, blocks.clone()));
        let end = (blocks.end * block_bytes).min(self.len);
        Some(LoadTask { number, span: Span::between(blocks.start * block_bytes, end), blocks, wanted })
    }

    fn touches_a_read(&self, blocks: Range<u64>) -> bool {
        self.reading.iter().any(|(_, read)| read.start < blocks.end && blocks.start < read.end)
    }

    /// Whether `task` is still expected: not when its source was forgotten meanwhile.
    pub(super) fn end_task(&mut self, task: &LoadTask) -> bool {
        let place = self.reading.iter().position(|(number, _)| *number == task.number);
        place.map(|place| self.reading.swap_remove(place)).is_some()
    }

    /// Puts the bytes of a read that succeeded on the shelf: the additional cost. `with_neighbours` also those that
    /// nobody asked for. Blocks held already are kept.
    pub(super) fn put(
        &mut self,
        task: &LoadTask,
        pieces: Vec<Box<[u8]>>,
        frame: u64,
        with_neighbours: bool,
    ) -> usize {
        let mut cost = 0;
        for (number, bytes) in task.blocks.clone().zip(pieces) {
            // A frame may have come to ask for it only while it was being read.
            let wanted = self.asked.remove(&number) || task.wanted.contains(&number);
            if !wanted && !with_neighbours {
                continue;
            }
            // What nobody asked for is the first to go.
            let shown = if wanted { frame } else { frame - UNSHOWN_FRAMES };
            if let Entry::Vacant(place) = self.blocks.entry(number) {
                cost += place.insert(CacheBlock { bytes, fault: None, shown }).cost();
            }
        }
        cost
    }

    /// Notes that the one block of `task` failed after `bytes`: the additional cost.
    pub(super) fn put_failed(
        &mut self,
        task: &LoadTask,
        bytes: Box<[u8]>,
        fault: ReadError,
        frame: u64,
    ) -> usize {
        self.asked.remove(&task.blocks.start);
        match self.blocks.entry(task.blocks.start) {
            Entry::Vacant(place) => {
                place.insert(CacheBlock { bytes, fault: Some(fault), shown: frame }).cost()
            }
            Entry::Occupied(_) => 0,
        }
    }

    /// Notes that what was wanted of `task` failed, all of it: the additional cost.
    pub(super) fn put_all_failed(&mut self, task: &LoadTask, fault: &ReadError, frame: u64) -> usize {
        // A frame may have come to ask for a block only while it was being read.
        let wanted: Vec<u64> = task
            .blocks
            .clone()
            .filter(|number| task.wanted.contains(number) || self.asked.contains(number))
            .collect();
        wanted.into_iter().map(|number| self.put_fault(number, fault, frame)).sum()
    }

    /// Notes that nobody reads what is queued: the additional cost.
    pub(super) fn fail_queue(&mut self, reason: &str, frame: u64) -> usize {
        let fault = ReadError::other(Span::default(), reason);
        let queue = std::mem::take(&mut self.queue);
        queue.into_iter().map(|number| self.put_fault(number, &fault, frame)).sum()
    }

    /// Notes that a block failed, of which nothing is there: the additional cost.
    fn put_fault(&mut self, number: u64, fault: &ReadError, frame: u64) -> usize {
        self.asked.remove(&number);
        let start = number * self.hints.block_bytes;
        let span = Span::between(start, (start + self.hints.block_bytes).min(self.len));
        match self.blocks.entry(number) {
            Entry::Vacant(place) => {
                let fault = Some(fault.clone().at(span));
                place.insert(CacheBlock { bytes: Box::default(), fault, shown: frame }).cost()
            }
            Entry::Occupied(_) => 0,
        }
    }

    /// After a failed read of several blocks: what was wanted of them is queued again, each by itself.
    pub(super) fn take_apart(&mut self, task: LoadTask) {
        self.broken.insert(task.blocks.start / self.blocks_per_page());
        self.queue.extend(task.wanted);
        self.call_loaders();
    }

    /// The blocks that are not on the screen in `frame`, each as last frame shown and number.
    pub(super) fn droppable(&self, frame: u64) -> impl Iterator<Item = (u64, u64)> {
        let droppable = move |block: &CacheBlock| block.shown + UNSHOWN_FRAMES <= frame;
        self.blocks
            .iter()
            .filter(move |(_, block)| droppable(block))
            .map(|(&number, block)| (block.shown, number))
    }

    pub(super) fn take(&mut self, number: u64) -> Option<CacheBlock> {
        self.blocks.remove(&number)
    }

    pub(super) fn take_failed(&mut self) -> Vec<CacheBlock> {
        self.broken.clear();
        self.blocks.extract_if(|_, block| block.fault.is_some()).map(|(_, block)| block).collect()
    }

    pub(super) fn take_all(&mut self) -> Vec<CacheBlock> {
        self.broken.clear();
        // What is being read now comes from before: it is not expected any more, and queued again if still asked for.
        self.reading.clear();
        self.is_published = false;
        std::mem::take(&mut self.blocks).into_values().collect()
    }

    /// As [`Self::take_all`], and `len` is the source's length from now on.
    pub(super) fn grow(&mut self, len: u64) -> Vec<CacheBlock> {
        self.len = len;
        self.take_all()
    }

    pub(super) fn cost(&self) -> usize {
        self.blocks.values().map(CacheBlock::cost).sum()
    }

    pub(super) fn waiting(&self) -> usize {
        let missing = self.asked.iter().filter(|number| !self.queue.contains(number)).count();
        self.queue.len() + missing
    }

    pub(super) fn failed(&self) -> usize {
        self.blocks.values().filter(|block| block.fault.is_some()).count()
    }
}
