//! Arrays of one shape as one array of records, which has an element of each, in C order.
//!
//! So a question or a sum about several arrays is one about the fields of records. Nothing is kept: what is read is put
//! together from what is read below.

use super::ComputeError;
use super::in_order::InOrder;
use super::other_array::OtherArray;
use super::scene::Scene;
use crate::bytes::{Availability, ReadError, ReadHints, Source, Span, check_bounds, peek_nothing};
use crate::decode::array::{Array, MemoryOrder};
use crate::export::arrays::own_bytes;
use crate::job::Cancel;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// The records, as bytes.
#[derive(Debug)]
pub(super) struct Zipped<'a> {
    x: InOrder<'a>,
    x_size: usize,
    others: &'a [OtherArray],
    hints: ReadHints,
    /// Bytes of a record.
    record: usize,
    items: u64,
    /// Room for elements, by turns.
    spaces: Mutex<Vec<Vec<u8>>>,
}

impl<'a> Zipped<'a> {
    /// The elements of `array` with those of `others` beside them, and the array of records.
    ///
    /// # Errors
    /// [`ComputeError`] when another array has another shape.
    pub fn new(
        source: &'a dyn Source,
        array: &'a Array,
        others: &'a [OtherArray],
    ) -> Result<(Self, Array), ComputeError> {
        others.iter().try_for_each(|other| other.check(array))?;
        let scene = Scene::beside(&own_bytes(&array.item), others);
        let (x_size, whole) = (scene.x.group_bytes() as usize, scene.whole());
        let zipped = Self {
            x: InOrder::new(source, array),
            x_size,
            others,
            hints: source.hints(),
            record: usize::try_from(whole.group_bytes()).unwrap_or(usize::MAX),
            items: array.items(),
            spaces: Mutex::default(),
        };
        let records = Array::new(whole, 0, array.shape.clone(), MemoryOrder::C);
        let records = records.map_err(|error| ComputeError::refused(error.to_string()))?;
        Ok((zipped, records))
    }

    /// Puts complete records into `buf`.
    fn records(&self, numbers: Range<u64>, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let mut space = self.spaces.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let read = self.records_in(&mut space, numbers, buf, cancel);
        self.spaces.lock().unwrap_or_else(PoisonError::into_inner).push(space);
        read
    }

    fn records_in(
        &self,
        space: &mut Vec<u8>,
        numbers: Range<u64>,
        buf: &mut [u8],
        cancel: &Cancel,
    ) -> Result<(), ReadError> {
        let count = (numbers.end - numbers.start) as usize;
        space.resize(count * self.x_size, 0);
        self.x.read(numbers.clone(), space, cancel)?;
        spread(space, self.x_size, &mut buf[..], self.record);
        let mut at = self.x_size;
        for other in self.others {
            other.read(numbers.clone(), space, cancel)?;
            let size = space.len() / count.max(1);
            spread(space, size, &mut buf[at..], self.record);
            at += size;
        }
        Ok(())
    }
}

/// Elements of so many bytes into records, from the first byte of `records` on.
fn spread(elements: &[u8], size: usize, records: &mut [u8], record: usize) {
    fn each<const N: usize>(elements: &[u8], records: &mut [u8], record: usize) {
        let (elements, _) = elements.as_chunks::<N>();
        for (element, to) in elements.iter().zip(records.chunks_mut(record)) {
            to[..N].copy_from_slice(element);
        }
    }
    match size {
        0 => {}
        1 => each::<1>(elements, records, record),
        2 => each::<2>(elements, records, record),
        4 => each::<4>(elements, records, record),
        8 => each::<8>(elements, records, record),
        size => {
            for (element, to) in elements.chunks_exact(size).zip(records.chunks_mut(record)) {
                to[..size].copy_from_slice(element);
            }
        }
    }
}

impl Source for Zipped<'_> {
    fn len(&self) -> u64 {
        self.items.saturating_mul(self.record as u64)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.read_cancellable(offset, buf, Cancel::never())
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len())?;
        if span.is_empty() {
            return Ok(());
        }
        let (numbers, whole) = InOrder::around(span, self.record as u64);
        // Of the bytes below it says nothing that a reader of records could use.
        let here = |error: ReadError| error.at(span);
        if whole == span {
            return self.records(numbers, buf, cancel).map_err(here);
        }
        let mut records = vec![0; whole.len() as usize];
        self.records(numbers, &mut records, cancel).map_err(here)?;
        let from = (span.start() - whole.start()) as usize;
        buf.copy_from_slice(&records[from..from + buf.len()]);
        Ok(())
    }

    fn hints(&self) -> ReadHints {
        self.hints
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        peek_nothing(self.len(), offset, buf, states);
    }
}

/// The bytes of the elements of `array` whose records are in `span`.
pub(super) fn below(span: Span, record: u64, array: &Array) -> Vec<Span> {
    let (numbers, _) = InOrder::around(span, record.max(1));
    let spans = array.parts(numbers.start..numbers.end.min(array.items()));
    spans.iter().filter_map(|part| part.array.extent()).collect()
}
