//! The elements of an array that share bytes, one after another in the order of memory, each with its new value.
//!
//! Memory is bounded by a window, whatever the array's size and wherever its elements are.

use super::ComputeError;
use super::beside::{BesideWindow, Neighbours};
use super::element_work::Work;
use super::splices::Put;
use crate::bytes::ahead::{Ahead, WINDOW};
use crate::bytes::{Source, Span};
use crate::decode::array::Array;
use crate::decode::array_walk::Run;
use crate::job::Progress;

/// Bytes of an item, of items that share bytes, or of many with what lies between them: as they were and as they will be.
struct Held {
    at: u64,
    old: Vec<u8>,
    new: Vec<u8>,
    /// How many of them belong to items so far, or lie between.
    used: usize,
}

impl Held {
    fn span(&self) -> Span {
        Span::between(self.at, self.at + self.new.len() as u64)
    }
}

/// The items of an array by rising offset.
pub(super) struct Each<'a> {
    array: &'a Array,
    work: Work<'a>,
    progress: &'a Progress,
    put: &'a mut Put,
    held: Option<Held>,
    ahead: Ahead<'a>,
    beside: BesideWindow,
    /// Whether what lies between items is put back with them, which makes many places few.
    bridges: bool,
}

impl<'a> Each<'a> {
    /// Before the first item.
    pub fn new(
        source: &'a dyn Source,
        array: &'a Array,
        work: Work<'a>,
        progress: &'a Progress,
        put: &'a mut Put,
        bridges: bool,
    ) -> Self {
        let ahead = Ahead::new(source, progress.as_cancel());
        Self { array, work, progress, put, held: None, ahead, beside: BesideWindow::default(), bridges }
    }

    /// The items of one run; nothing behind `until` is read.
    ///
    /// # Errors
    /// [`ComputeError`] when a value does not fit, a read fails, or it was cancelled.
    pub fn run(&mut self, run: Run, until: u64) -> Result<(), ComputeError> {
        for item in 0..run.items {
            if item % 1024 == 0 && self.progress.is_cancelled() {
                return Err(ComputeError::Cancelled);
            }
            let number = number_of(run, item);
            let place = self.array.place_at(run.at + i128::from(item) * i128::from(run.stride));
            if !self.held.as_ref().is_some_and(|held| held.span().covers(place.span)) {
                self.flush()?;
                let most = place.span.start().saturating_add(WINDOW).min(until);
                let end = if self.bridges { most.max(place.span.end()) } else { place.span.end() };
                let old = self.ahead.get(Span::between(place.span.start(), end), until)?.to_vec();
                self.held = Some(Held { at: place.span.start(), new: old.clone(), old, used: 0 });
            }
            let Some(held) = &mut self.held else { continue };
            let from = (place.span.start() - held.at) as usize;
            held.used = from + place.span.len() as usize;
            let neighbours = match self.work.beside() {
                None => Neighbours::default(),
                Some(beside) => {
                    self.beside.at(beside, number, self.array.items(), self.progress.as_cancel())?
                }
            };
            let made = self.work.make(&mut held.new[from..held.used], place.item, number, neighbours);
            made.map_err(|reason| self.fault(number, reason))?;
        }
        self.progress.advance(run.items);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ComputeError> {
        match self.held.take() {
            Some(held) => self.put.push(held.at, &held.old[..held.used], &held.new[..held.used]),
            None => Ok(()),
        }
    }

    /// Puts what is held; how many items became infinite.
    ///
    /// # Errors
    /// [`ComputeError`] when there are too many bytes to keep.
    pub fn finish(mut self) -> Result<u64, ComputeError> {
        self.flush()?;
        Ok(self.work.infinite)
    }

    fn fault(&self, number: u64, reason: String) -> ComputeError {
        ComputeError::At { index: self.array.index_at(number), reason }
    }
}

/// Whether the elements of a run lie side by side.
pub(super) fn unit_stride(array: &Array, run: Option<Run>) -> bool {
    let unit = if array.item.shares_bytes() { 1 } else { array.item.group_bytes() };
    run.is_some_and(|run| run.items == 1 || u64::try_from(run.stride) == Ok(unit))
}

fn number_of(run: Run, item: u64) -> u64 {
    let number = i128::from(run.number) + i128::from(item) * i128::from(run.weight);
    u64::try_from(number).unwrap_or(0)
}
