//! A plane of elements as bins: greatest, least and mean value of each, and how many elements have none.
//!
//! A picture of more elements than it has pixels is made of these, so no element is left out. Bin `(i, j)` has the rows
//! from `i * rows / height` on and the columns from `j * columns / width` on, up to where the next bin begins. Values
//! are widened to `f64`. The sum is taken down each column of the bin first and then over its columns, both in
//! ascending order, so it does not depend on the threads; of a bin of more than four million elements it is the sum of
//! the sums of so many. In a plane of more than a million columns each row of a bin is added first. NaN counts for none
//! of the three.
//!
//! | file | what it holds |
//! |---|---|
//! | `kernel` | tiles are added to the columns of a row of bins |
//! | `columns` | what is known of each column; columns become bins |
//! | `blocks` | which elements a worker takes at once |

mod blocks;
mod columns;
mod kernel;

use crate::analysis::elements::{ElementPass, ElementYield, TileKind};
use crate::analysis::pool::PassEnd;
use crate::analysis::unread::Unread;
use blocks::BlockPlan;
use kernel::{BinKernel, BinPart};
use std::ops::ControlFlow;

/// Which values of a bin are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BinValues {
    pub max: bool,
    pub min: bool,
    pub mean: bool,
}

impl BinValues {
    pub const ALL: Self = Self { max: true, min: true, mean: true };
}

/// One row of bins, or what some of its elements add to it.
#[derive(Clone, Debug)]
pub struct BinRow {
    pub row: usize,
    pub max: Vec<f64>,
    pub min: Vec<f64>,
    pub sum: Vec<f64>,
    /// How many elements are numbers.
    pub count: Vec<u64>,
    /// How many are NaN.
    pub nan: Vec<u64>,
}

/// The bins of a plane, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaneBins {
    pub height: usize,
    pub width: usize,
    /// NaN where a bin has no number; empty when it was not asked for.
    pub max: Vec<f64>,
    pub min: Vec<f64>,
    /// Zero where a bin has no number.
    pub sum: Vec<f64>,
    pub count: Vec<u64>,
    pub nan: Vec<u64>,
}

impl PlaneBins {
    /// PlaneBins without elements.
    pub fn new(height: usize, width: usize, wanted: BinValues) -> Self {
        let all = height * width;
        let of = |is_wanted: bool, value: f64| if is_wanted { vec![value; all] } else { Vec::new() };
        Self {
            height,
            width,
            max: of(wanted.max, f64::NAN),
            min: of(wanted.min, f64::NAN),
            sum: of(wanted.mean, 0.0),
            count: vec![0; all],
            nan: vec![0; all],
        }
    }

    /// Adds what elements add to a row of bins.
    pub fn add(&mut self, added: &BinRow) {
        let from = added.row * self.width;
        let row = from..from + self.width;
        if row.end > self.count.len() {
            return;
        }
        merge(&mut self.max, &row, &added.max, f64::max);
        merge(&mut self.min, &row, &added.min, f64::min);
        merge(&mut self.sum, &row, &added.sum, |a, b| a + b);
        merge(&mut self.count, &row, &added.count, |a, b| a + b);
        merge(&mut self.nan, &row, &added.nan, |a, b| a + b);
    }

    /// The mean of a bin; NaN where it has no number.
    pub fn mean(&self, at: usize) -> f64 {
        self.sum[at] / self.count[at] as f64
    }
}

/// Merges a row; the lists are empty when they were not asked for.
fn merge<T: Copy>(all: &mut [T], row: &std::ops::Range<usize>, added: &[T], with: impl Fn(T, T) -> T) {
    if let Some(all) = all.get_mut(row.clone()) {
        all.iter_mut().zip(added).for_each(|(all, added)| *all = with(*all, *added));
    }
}

/// How a plane is divided into bins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinShape {
    /// At least 1, and at most the rows of the plane.
    pub height: usize,
    /// At least 1, and at most its columns.
    pub width: usize,
    /// The last row may have fewer elements than the others; what is behind them is not read.
    pub last_row: u64,
    /// Elements of this value count as NaN.
    pub fill: Option<f64>,
}

/// The plane `pass.array`, which has two axes, as bins. `take` gets what elements add to rows of bins, from the first row
/// to the last.
pub fn bin_plane(
    pass: &ElementPass<'_>,
    shape: BinShape,
    wanted: BinValues,
    take: &mut (dyn FnMut(&BinRow) + Send),
) -> (PassEnd, Unread) {
    let mut unread = Unread::default();
    let [rows, columns] = pass.array.shape[..] else { return (PassEnd::Complete, unread) };
    if rows == 0 || columns == 0 || shape.height == 0 || shape.width == 0 {
        return (PassEnd::Complete, unread);
    }
    let kernel = BinKernel::new((rows, columns), &shape, wanted, TileKind::of(&pass.array.item));
    let mut plan = BlockPlan::new(pass.array, (rows, columns), shape.last_row, &kernel);
    let mut sink = |made: ElementYield<BinPart>| {
        unread.merge(&made.unread);
        for row in kernel.finished(made.part) {
            take(&row);
        }
        ControlFlow::Continue(())
    };
    let end = pass.run_blocks(&kernel, &mut || plan.next(), &mut sink);
    (end, unread)
}

#[cfg(test)]
mod tests;
