//! Tiles are added to the columns of the row of bins that they are in.

use super::columns::{BinnedValue, ColumnExtremes, Columns, ExtremesOf};
use super::{BinRow, BinShape, BinValues};
use crate::analysis::elements::{ElementKernel, Tile, TileKind, TileValues};
use crate::decode::Number;

/// More columns than this are not kept one by one.
const WIDE: u64 = if cfg!(test) { 1 << 10 } else { 1 << 20 };

/// What a block of elements adds to the bins.
#[derive(Debug, Default)]
pub(super) struct BinPart {
    rows: Vec<BinRow>,
    /// The columns of the row of bins that is being added to, and whether anything was.
    columns: Option<(Columns, bool)>,
}

/// How the elements of a plane are divided into bins.
#[derive(Debug)]
pub(super) struct BinKernel {
    pub rows: u64,
    pub columns: u64,
    pub height: u64,
    /// The first column of each bin, and the end of the last one.
    starts: Vec<usize>,
    /// The same in what is kept of the columns.
    cells: Vec<usize>,
    wanted: BinValues,
    is_narrow: bool,
    fill: Option<f64>,
}

impl BinKernel {
    /// Bins of a plane of so many rows and columns, of elements of this kind.
    pub fn new((rows, columns): (u64, u64), shape: &BinShape, wanted: BinValues, kind: TileKind) -> Self {
        let height = (shape.height as u64).min(rows);
        let width = (shape.width as u64).min(columns);
        let starts: Vec<usize> = (0..=width).map(|bin| edge(bin, columns, width) as usize).collect();
        let cells = if columns > WIDE { (0..=width as usize).collect() } else { starts.clone() };
        let is_narrow = match kind {
            TileKind::U8 | TileKind::I8 | TileKind::U16 | TileKind::I16 | TileKind::F32 => true,
            TileKind::U32
            | TileKind::I32
            | TileKind::U64
            | TileKind::I64
            | TileKind::F64
            | TileKind::Numbers
            | TileKind::Raw => false,
        };
        let fill = shape.fill;
        Self { rows, columns, height, starts, cells, wanted, is_narrow: is_narrow && fill.is_none(), fill }
    }

    /// The first row of a row of bins.
    pub fn first_row(&self, bin: u64) -> u64 {
        edge(bin, self.rows, self.height)
    }

    /// The row of bins that a row of elements is in.
    fn bin_of(&self, row: u64) -> u64 {
        // The last one that begins at or before it.
        let bin = ((u128::from(row) + 1) * u128::from(self.height) - 1) / u128::from(self.rows);
        bin as u64
    }

    /// The rows of bins of a block, also those that some elements of are missing.
    pub fn finished(&self, mut part: BinPart) -> Vec<BinRow> {
        if let Some((columns, true)) = &part.columns {
            part.rows.push(columns.bins(&self.cells));
        }
        part.rows
    }

    fn add<T: BinnedValue>(&self, values: &[T], first: u64, part: &mut BinPart)
    where
        ColumnExtremes: ExtremesOf<T::Column>,
    {
        let mut rest = values;
        let mut number = first;
        while !rest.is_empty() {
            let (row, column) = (number / self.columns, number % self.columns);
            let count = ((self.columns - column).min(rest.len() as u64)) as usize;
            let (now, later) = rest.split_at(count);
            let bin = self.bin_of(row);
            let columns = self.columns_of(bin as usize, part);
            if self.is_wide() {
                self.add_by_bins(now, column as usize, columns);
            } else {
                columns.add(now, column as usize);
            }
            let is_row_end = column + count as u64 == self.columns;
            if is_row_end && row + 1 == self.first_row(bin + 1) {
                self.finish_row(part);
            }
            rest = later;
            number += count as u64;
        }
    }

    /// Whether there are so many columns that only bins are kept.
    fn is_wide(&self) -> bool {
        self.columns > WIDE
    }

    fn add_by_bins<T: BinnedValue>(&self, values: &[T], column: usize, columns: &mut Columns)
    where
        ColumnExtremes: ExtremesOf<T::Column>,
    {
        let end = column + values.len();
        let first = self.starts.partition_point(|start| *start <= column).saturating_sub(1);
        for (bin, edges) in self.starts.windows(2).enumerate().skip(first) {
            let (from, to) = (edges[0].max(column), edges[1].min(end));
            if from >= to {
                break;
            }
            columns.add_to_bin(&values[from - column..to - column], bin);
        }
    }

    /// The columns of a row of bins; those of another one are finished.
    fn columns_of<'p>(&self, bin: usize, part: &'p mut BinPart) -> &'p mut Columns {
        if part.columns.as_ref().is_some_and(|(columns, is_used)| *is_used && columns.row != bin) {
            self.finish_row(part);
        }
        let count = if self.is_wide() { self.starts.len() - 1 } else { self.columns as usize };
        let new = || (Columns::new(bin, count, self.wanted, self.is_narrow), false);
        let (columns, is_used) = part.columns.get_or_insert_with(new);
        if !*is_used {
            columns.begin(bin);
            *is_used = true;
        }
        columns
    }

    /// The same of values of which the fill value is none.
    fn add_floats(&self, values: impl Iterator<Item = f64>, first: u64, part: &mut BinPart) {
        let fill = self.fill;
        let number = |value: f64| if Some(value) == fill { f64::NAN } else { value };
        self.add(&values.map(number).collect::<Vec<f64>>(), first, part);
    }

    /// The same of values that a fill value may be among.
    fn add_masked<T: BinnedValue + Into<f64>>(&self, values: &[T], first: u64, part: &mut BinPart)
    where
        ColumnExtremes: ExtremesOf<T::Column>,
    {
        match self.fill {
            Some(_) => self.add_floats(values.iter().map(|value| (*value).into()), first, part),
            None => self.add(values, first, part),
        }
    }

    fn finish_row(&self, part: &mut BinPart) {
        if let Some((columns, is_used)) = &mut part.columns {
            part.rows.push(columns.bins(&self.cells));
            *is_used = false;
        }
    }
}

/// Where part `at` of `parts` equal parts of `length` begins.
fn edge(at: u64, length: u64, parts: u64) -> u64 {
    (u128::from(at) * u128::from(length) / u128::from(parts.max(1))) as u64
}

impl ElementKernel for BinKernel {
    type Part = BinPart;

    const ONLY_MAKES_PARTS: bool = true;

    fn tile(&self, tile: &Tile<'_>, part: &mut BinPart) {
        let first = tile.first;
        match tile.values {
            TileValues::U8(values) => self.add_masked(values, first, part),
            TileValues::I8(values) => self.add_masked(values, first, part),
            TileValues::U16(values) => self.add_masked(values, first, part),
            TileValues::I16(values) => self.add_masked(values, first, part),
            TileValues::U32(values) => self.add_masked(values, first, part),
            TileValues::I32(values) => self.add_masked(values, first, part),
            TileValues::U64(values) if self.fill.is_some() => {
                self.add_floats(values.iter().map(|value| *value as f64), first, part);
            }
            TileValues::U64(values) => self.add(values, first, part),
            TileValues::I64(values) if tile.has_nat => {
                let number = |value: &i64| if *value == i64::MIN { f64::NAN } else { *value as f64 };
                self.add_floats(values.iter().map(number), first, part);
            }
            TileValues::I64(values) if self.fill.is_some() => {
                self.add_floats(values.iter().map(|value| *value as f64), first, part);
            }
            TileValues::I64(values) => self.add(values, first, part),
            TileValues::F32(values) => self.add_masked(values, first, part),
            TileValues::F64(values) => self.add_masked(values, first, part),
            TileValues::Numbers(values) => {
                self.add_floats(values.iter().map(size_of_number), first, part);
            }
            // No numbers.
            TileValues::Raw(..) => {}
        }
    }
}

/// A number as a float; a complex one by its absolute value.
fn size_of_number(number: &Option<Number>) -> f64 {
    match *number {
        Some(Number::Int(value)) => value as f64,
        Some(Number::Wide(value)) => value as f64,
        Some(Number::Float(value)) => value,
        Some(Number::Complex(real, imaginary)) => real.hypot(imaginary),
        None => f64::NAN,
    }
}
