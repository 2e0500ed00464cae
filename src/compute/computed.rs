//! New values that are not kept anywhere: whoever reads them has them calculated, again each time, from what they are of.
//!
//! For a save that follows at once: it reads new bytes once or twice, and a copy of them would cost more than that. The
//! source below must not change; then all reads have the same bytes.

use super::ComputeError;
use super::beside::Neighbours;
use super::element_work::Work;
use super::prepared::Prepared;
use super::read_in_parts::read_in_parts;
use super::tiles::{Numbers, TileWork};
use crate::bytes::{
    Availability, ReadError, ReadHints, SharedSource, Source, Span, check_bounds, peek_nothing,
};
use crate::decode::array_walk::Run;
use crate::job::Cancel;
use std::sync::{Mutex, PoisonError};

/// Reads that are shorter come from a window that is calculated once, in bytes.
const WINDOW: u64 = 256 << 10;

/// A source with the new values of an array's elements, which lie side by side, in their places.
#[derive(Debug)]
pub(super) struct ComputedSource {
    base: SharedSource,
    prepared: Prepared,
    run: Run,
    window: Mutex<(Span, Vec<u8>)>,
    /// Room for old and new bytes, and for what is beside them, by turns.
    spaces: Mutex<Vec<Room>>,
}

/// Old bytes, new ones, and what is beside them.
type Room = (Vec<u8>, Vec<u8>, Vec<Vec<u8>>);

impl ComputedSource {
    /// `None` where elements do not lie side by side, or their new values do not follow from their old ones alone.
    ///
    /// # Errors
    /// [`ComputeError`] when the operation is none for these elements.
    pub fn new(base: SharedSource, prepared: &Prepared) -> Result<Option<Self>, ComputeError> {
        let array = &prepared.array;
        let mut walk = array.walk_in_memory();
        let run = walk.as_mut().filter(|walk| walk.runs() == 1).and_then(Iterator::next);
        let is_dense = !array.item.shares_bytes() && array.item.group_bytes() > 0;
        let Some(run) = run.filter(|run| is_dense && super::for_each::unit_stride(array, Some(*run))) else {
            return Ok(None);
        };
        if !Work::new(prepared)?.is_of_element() {
            return Ok(None);
        }
        let prepared = prepared.clone();
        let (window, spaces) = (Mutex::default(), Mutex::default());
        Ok(Some(Self { base, prepared, run, window, spaces }))
    }

    /// Fills `buf` with what is at `span`, new values where there are elements.
    fn compute(&self, span: Span, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let array = &self.prepared.array;
        let elements = array.run_span(self.run);
        let Some(part) = elements.intersect(span).filter(|part| !part.is_empty()) else {
            return self.base.read_cancellable(span.start(), buf, cancel);
        };
        let size = array.item.group_bytes();
        let first = (part.start() - elements.start()) / size;
        let end = (part.end() - elements.start()).div_ceil(size);
        let whole = Span::between(elements.start() + first * size, elements.start() + end * size);
        let mut space = self.spaces.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let done = self.compute_in(&mut space, (span, part, whole), first, buf, cancel);
        self.spaces.lock().unwrap_or_else(PoisonError::into_inner).push(space);
        done
    }

    /// The elements of `whole`, the first of which is number `first` in memory, so far as they are in `part` of `span`.
    fn compute_in(
        &self,
        (old, new, beside): &mut Room,
        (span, part, whole): (Span, Span, Span),
        first: u64,
        buf: &mut [u8],
        cancel: &Cancel,
    ) -> Result<(), ReadError> {
        old.resize(whole.len() as usize, 0);
        read_in_parts(&*self.base, whole.start(), old, cancel)?;
        let refused = |reason: String| ReadError::other(span, &reason);
        let work = Work::new(&self.prepared).map_err(|error| refused(error.to_string()))?;
        let numbers = Numbers { first: self.run.number, weight: self.run.weight };
        let numbers = Numbers { first: numbers.at(first), ..numbers };
        if let Some(others) = work.beside() {
            // Of what is beside them it says nothing that a reader of these could use.
            let count = whole.len() / self.prepared.array.item.group_bytes();
            let read = others.read(numbers.first..numbers.first + count, beside, cancel);
            read.map_err(|error| error.at(span))?;
        }
        let neighbours = Neighbours { bytes: beside, skip: 0 };
        let mut tiles = TileWork::new(&work);
        if whole == span {
            return tiles.make(old, buf, numbers, neighbours).map_err(|(_, reason)| refused(reason));
        }
        new.resize(old.len(), 0);
        tiles.make(old, new, numbers, neighbours).map_err(|(_, reason)| refused(reason))?;
        if part != span {
            self.base.read_cancellable(span.start(), buf, cancel)?;
        }
        let to = (part.start() - span.start()) as usize;
        let from = (part.start() - whole.start()) as usize;
        let len = part.len() as usize;
        buf[to..to + len].copy_from_slice(&new[from..from + len]);
        Ok(())
    }
}

impl Source for ComputedSource {
    fn len(&self) -> u64 {
        self.base.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.read_cancellable(offset, buf, Cancel::never())
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len())?;
        if span.len() >= WINDOW {
            return self.compute(span, buf, cancel);
        }
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let (held, bytes) = &mut *window;
        if !held.covers(span) {
            let end = span.start().saturating_add(WINDOW).min(self.len());
            let wide = Span::between(span.start(), end);
            *held = Span::default();
            bytes.resize(wide.len() as usize, 0);
            // What lies behind may not be readable.
            if self.compute(wide, bytes, cancel).is_err() {
                return self.compute(span, buf, cancel);
            }
            *held = wide;
        }
        let from = (span.start() - held.start()) as usize;
        buf.copy_from_slice(&bytes[from..from + buf.len()]);
        Ok(())
    }

    fn hints(&self) -> ReadHints {
        self.base.hints()
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        peek_nothing(self.len(), offset, buf, states);
    }
}
