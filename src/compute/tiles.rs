//! The new values of neighbours at once: by a program over tiles, by a table of all values of a byte, or one after another.

use super::beside::Neighbours;
use super::element_work::{Work, form_of};
use super::kernels::{Elements, KernelTarget, Runner, TILE};
use crate::decode::DType;
use crate::decode::dtype::ItemType;

/// Elements that are too few for a table.
const WORTH_A_TABLE: usize = 1024;

/// What became of a byte.
#[derive(Clone, Copy)]
enum OfByte {
    Made { new: u8, is_infinite: bool },
    Refused,
}

/// Makes new values; each worker has its own.
pub(super) struct TileWork<'a> {
    pub work: Work<'a>,
    program: Option<TileProgram>,
    table: Option<Box<[OfByte; 256]>>,
    has_table: bool,
}

/// A program, and what it is given.
struct TileProgram {
    runner: Box<dyn Runner>,
    dtype: DType,
    target: KernelTarget,
    /// Of the inputs behind the element itself: of which array they are, and what they are loaded as.
    others: Vec<(Option<usize>, DType)>,
}

/// Which numbers in C order neighbours have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    pub first: u64,
    pub weight: i64,
}

impl Numbers {
    /// That of the neighbour at `at`.
    pub fn at(self, at: u64) -> u64 {
        let number = i128::from(self.first) + i128::from(at) * i128::from(self.weight);
        u64::try_from(number).unwrap_or(0)
    }
}

impl<'a> TileWork<'a> {
    /// For a worker of its own.
    pub fn new(work: &Work<'a>) -> Self {
        let program = work.kernel().and_then(|(kernel, target)| match work.item() {
            ItemType::Scalar(dtype) => {
                let inputs = work.beside().map(|beside| &*beside.inputs).unwrap_or_default();
                let loaded =
                    inputs.iter().skip(1).filter_map(|input| Some((input.other, form_of(&input.item)?.1)));
                Some(TileProgram { runner: kernel.runner(), dtype: *dtype, target, others: loaded.collect() })
            }
            _ => None,
        });
        let is_of_byte = work.is_of_element() && work.beside().is_none() && work.item().group_bytes() == 1;
        let has_table = program.is_none() && is_of_byte;
        Self { work: work.clone(), program, table: None, has_table }
    }

    /// Puts the new values of the elements of `old` into `new`, which is as long; `neighbours` are beside them.
    ///
    /// # Errors
    /// Which of them does not fit, by its number in C order, and why.
    pub fn make(
        &mut self,
        old: &[u8],
        new: &mut [u8],
        numbers: Numbers,
        neighbours: Neighbours<'_>,
    ) -> Result<(), (u64, String)> {
        let size = usize::try_from(self.work.item().group_bytes()).unwrap_or(usize::MAX).max(1);
        let tile = TILE * size;
        for (at, (old, new)) in old.chunks(tile).zip(new.chunks_mut(tile)).enumerate() {
            let first = (at * TILE) as u64;
            let neighbours = neighbours.from(at * TILE);
            if !self.quickly(old, new, neighbours) {
                // What a program has left behind is not what was there.
                new.copy_from_slice(old);
                for (item, group) in new.chunks_exact_mut(size).enumerate() {
                    let number = numbers.at(first + item as u64);
                    let made = self.work.make(group, 0, number, neighbours.from(item));
                    made.map_err(|reason| (number, reason))?;
                }
            }
        }
        Ok(())
    }

    /// Whether a tile could be made at once; `new` is as long as `old`.
    fn quickly(&mut self, old: &[u8], new: &mut [u8], neighbours: Neighbours<'_>) -> bool {
        if let Some(TileProgram { runner, dtype, target, others }) = &mut self.program {
            let x = Elements::dense(old, *dtype);
            let count = old.len() / dtype.size().max(1);
            let made = if others.is_empty() {
                runner.values(&[x], old, *target, new)
            } else {
                let other = |(other, dtype): &(Option<usize>, DType)| {
                    let Some(other) = other else { return Some(x) };
                    let bytes = neighbours.of(*other, dtype.size()).get(..count * dtype.size())?;
                    Some(Elements::dense(bytes, *dtype))
                };
                let inputs: Option<Vec<Elements<'_>>> =
                    std::iter::once(Some(x)).chain(others.iter().map(other)).collect();
                inputs.and_then(|inputs| runner.values(&inputs, old, *target, new))
            };
            self.work.infinite += made.unwrap_or(0);
            return made.is_some();
        }
        if self.has_table && (self.table.is_some() || old.len() >= WORTH_A_TABLE) {
            let table = self.table.get_or_insert_with(|| table_of(&self.work));
            return look_up(table, old, new, &mut self.work.infinite);
        }
        false
    }
}

/// What becomes of each byte.
fn table_of(work: &Work<'_>) -> Box<[OfByte; 256]> {
    let mut work = work.clone();
    Box::new(std::array::from_fn(|byte| {
        let mut group = [byte as u8];
        work.infinite = 0;
        match work.make(&mut group, 0, 0, Neighbours::default()) {
            Ok(()) => OfByte::Made { new: group[0], is_infinite: work.infinite > 0 },
            Err(_) => OfByte::Refused,
        }
    }))
}

/// Whether all bytes of a tile have new values.
fn look_up(table: &[OfByte; 256], old: &[u8], new: &mut [u8], infinite: &mut u64) -> bool {
    let mut count = 0;
    for (old, to) in old.iter().zip(new) {
        match table[usize::from(*old)] {
            OfByte::Made { new, is_infinite } => {
                *to = new;
                count += u64::from(is_infinite);
            }
            OfByte::Refused => return false,
        }
    }
    *infinite += count;
    true
}
