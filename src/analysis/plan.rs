//! The chunks that a pass reads, their order, and the holes that it leaves out.
//!
//! Every position in the span is either in exactly one chunk or in a hole where nothing can begin that would reach
//! data. Chunks end on multiples of their size, so that reads are aligned. A run of one byte over and over, such as a hole
//! or a fill, is one chunk however long it is, if what is in it is known without a look. It reads nothing itself.

use crate::bytes::{Source, Span};

/// Which end a pass begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Forward,
    Backward,
}

/// Holes smaller than this are not worth a chunk's end.
const SMALL_HOLE: u64 = 64 << 10;

/// The next piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// The positions that belong to it.
    pub owned: Span,
    /// Positions left out between the chunk before and this one.
    pub skipped: u64,
    /// What all bytes are that belong to what begins in it, if that is known without reading them.
    pub byte: Option<u8>,
}

/// Whether all that begins in a run of this byte is known without a look.
pub(super) type KnowsRun<'a> = &'a (dyn Fn(u8) -> bool + Sync);

pub(super) struct Plan<'a> {
    source: &'a dyn Source,
    /// What is not planned yet.
    rest: Span,
    /// Where the last byte to be read lies, exclusive.
    end: u64,
    direction: Direction,
    chunk: u64,
    overlap: u64,
    skips_holes: bool,
    /// Whether all that begins in a run of a byte is known without a look.
    knows_run: Option<KnowsRun<'a>>,
    /// The last answer of the source, for the way forward.
    data: Option<Span>,
}

impl<'a> Plan<'a> {
    /// All of `within` in one chunk; what begins there ends at `end` at the latest.
    pub(super) fn new(source: &'a dyn Source, within: Span, end: u64, direction: Direction) -> Self {
        let chunk = within.end().max(1);
        Self {
            source,
            rest: within,
            end,
            direction,
            chunk,
            overlap: 0,
            skips_holes: false,
            knows_run: None,
            data: None,
        }
    }

    /// In chunks that end at multiples of `chunk`, which is at least 1; what begins in one reaches `overlap` further.
    pub(super) fn in_chunks(self, chunk: u64, overlap: u64) -> Self {
        Self { chunk, overlap, ..self }
    }

    /// Without the holes where nothing begins that would reach data.
    pub(super) fn skipping_holes(self, skips_holes: bool) -> Self {
        Self { skips_holes, ..self }
    }

    /// With runs of one byte as a single chunk, where these are known.
    pub(super) fn answering_runs(self, knows_run: KnowsRun<'a>) -> Self {
        Self { knows_run: Some(knows_run), ..self }
    }

    /// The next chunk, or the positions that are left out at the end.
    pub(super) fn next(&mut self) -> Result<Chunk, u64> {
        let before = self.rest.len();
        let run = self.run();
        let owned = match (self.direction, self.skips_holes) {
            _ if run.is_some() => run.map(|(owned, _)| owned),
            (Direction::Forward, false) => self.first_of_rest(),
            (Direction::Forward, true) => self.first_with_data(),
            (Direction::Backward, false) => self.last_of_rest(),
            (Direction::Backward, true) => self.last_with_data(),
        };
        let Some(owned) = owned else {
            self.rest = Span::empty_at(self.rest.start());
            return Err(before);
        };
        self.rest = match self.direction {
            Direction::Forward => Span::between(owned.end(), self.rest.end()),
            Direction::Backward => Span::between(self.rest.start(), owned.start()),
        };
        let skipped = before - owned.len() - self.rest.len();
        Ok(Chunk { owned, skipped, byte: run.map(|(_, byte)| byte) })
    }

    /// The first, or last, positions of the rest if what begins there lies in a run of one byte, and the byte. Backward
    /// they are no more than a chunk.
    fn run(&mut self) -> Option<(Span, u8)> {
        let knows_run = self.knows_run.filter(|_| !self.rest.is_empty())?;
        match self.direction {
            Direction::Forward => {
                let start = self.rest.start();
                let (end, byte) = self.run_from(start, knows_run)?;
                let last = if end >= self.end { self.rest.end() } else { end.saturating_sub(self.overlap) };
                let owned = Span::new(start, last.min(self.rest.end()))?;
                let is_worth = owned.len() >= SMALL_HOLE.min(self.chunk).min(self.rest.len());
                is_worth.then_some((owned, byte))
            }
            Direction::Backward => {
                let owned = self.last_of_rest()?;
                let (end, byte) = self.run_from(owned.start(), knows_run)?;
                (end >= self.reach(owned.end())).then_some((owned, byte))
            }
        }
    }

    /// The known run that the byte at `start` is in: where it ends, and the byte.
    fn run_from(&mut self, start: u64, knows_run: KnowsRun<'_>) -> Option<(u64, u8)> {
        if !self.skips_holes && knows_run(0) {
            if self.direction == Direction::Backward {
                self.data = None;
            }
            let hole_end = self.data_from(start).map_or(self.end, |data| data.start());
            if hole_end > start {
                return Some((hole_end, 0));
            }
        }
        let fill = self.source.fill_at(start)?;
        let byte = *fill.pattern.first()?;
        let is_known = fill.pattern.iter().all(|other| *other == byte) && knows_run(byte);
        is_known.then_some((fill.end, byte))
    }

    /// Where reading ends for positions that end at `end`.
    fn reach(&self, end: u64) -> u64 {
        end.saturating_add(self.overlap).min(self.end).max(end)
    }

    /// The end of the chunk that `offset` lies in.
    fn grid_end(&self, offset: u64) -> u64 {
        (offset - offset % self.chunk).saturating_add(self.chunk)
    }

    fn first_of_rest(&self) -> Option<Span> {
        let start = self.rest.start();
        Span::new(start, self.grid_end(start).min(self.rest.end())).filter(|span| !span.is_empty())
    }

    fn last_of_rest(&self) -> Option<Span> {
        let end = self.rest.end();
        let last = end.checked_sub(1)?;
        let start = (last - last % self.chunk).max(self.rest.start());
        Span::new(start, end).filter(|span| !span.is_empty())
    }

    /// The first span of data that ends after `offset`.
    fn data_from(&mut self, offset: u64) -> Option<Span> {
        if self.data.is_none_or(|data| data.end() <= offset) {
            self.data = self.source.data_after(offset).filter(|data| data.end() > offset);
        }
        self.data.filter(|data| data.start() < self.end)
    }

    /// What begins up to the overlap before data may reach it.
    fn first_with_data(&mut self) -> Option<Span> {
        let from = self.rest.start();
        let mut data = self.data_from(from).filter(|_| !self.rest.is_empty())?;
        let start = data.start().saturating_sub(self.overlap).max(from);
        let limit = self.grid_end(start).min(self.rest.end());
        while data.end() < limit {
            match self.data_from(data.end()) {
                Some(next) if next.start() < limit && next.start() - data.end() <= SMALL_HOLE => data = next,
                _ => break,
            }
        }
        Span::new(start, data.end().min(limit)).filter(|span| !span.is_empty())
    }

    /// The last chunk that data lie in, or right behind it.
    fn last_with_data(&self) -> Option<Span> {
        let last = self.last_of_rest()?;
        if self.has_data(last.start(), self.reach(last.end())) {
            return Some(last);
        }
        let empty_from = last.start();
        if !self.has_data(self.rest.start(), empty_from) {
            return None;
        }
        // Data lie in or behind chunk `low`, none in or behind `high`: halve until they meet.
        let (mut low, mut high) = (self.rest.start() / self.chunk, empty_from / self.chunk);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.has_data(middle * self.chunk, empty_from) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Span::new(
            (low * self.chunk).max(self.rest.start()),
            self.grid_end(low * self.chunk).min(last.start()),
        )
    }

    /// Whether data lie in `start..end`.
    fn has_data(&self, start: u64, end: u64) -> bool {
        self.source.data_after(start).is_some_and(|data| data.start() < end && data.end() > start)
    }
}
