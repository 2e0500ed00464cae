//! The percentiles and the extremes that the range of a picture is made of.
//!
//! Percentiles are those of at most [`MOST_SAMPLED`] elements, evenly spread: of all elements where there are no more.

use crate::analysis::binned::{BinShape, BinValues, bin_plane};
use crate::analysis::elements::{ElementKernel, ElementPass, ElementYield, Tile, TileValues};
use crate::analysis::pool::PassEnd;
use crate::bytes::Source;
use crate::decode::Number;
use crate::decode::array::{Array, MemoryOrder};
use crate::job::Progress;
use std::ops::ControlFlow;

/// Elements that percentiles are taken of.
pub const MOST_SAMPLED: u64 = 1 << 16;

/// What is known of the values of an array.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    /// Ascending, without NaN and infinities.
    sample: Vec<f64>,
    extremes: Option<(f64, f64)>,
}

impl Levels {
    /// Of these values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut sample: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        sample.sort_unstable_by(f64::total_cmp);
        Self { sample, extremes: None }
    }

    /// Of the elements of an array but for a fill value. `None` after a cancel. Blocks.
    pub fn sampled(
        source: &dyn Source,
        array: &Array,
        fill: Option<f64>,
        progress: &Progress,
    ) -> Option<Self> {
        let sampled = runs(array).unwrap_or_else(|| spread(array, MOST_SAMPLED));
        let quiet = progress.apart();
        let pass = ElementPass::new(source, &sampled, &quiet);
        let mut values = Vec::new();
        let end = pass.run(&ValueKernel, &mut |made: ElementYield<Vec<f64>>| {
            values.extend(made.part);
            ControlFlow::Continue(())
        });
        (end == PassEnd::Complete && !progress.is_cancelled())
            .then(|| Self::of(values.into_iter().filter(|value| Some(*value) != fill)))
    }

    /// Finds the extremes of all elements, where they are not known. `None` after a cancel. Blocks.
    pub fn with_extremes(
        mut self,
        source: &dyn Source,
        array: &Array,
        fill: Option<f64>,
        progress: &Progress,
    ) -> Option<Self> {
        if self.extremes.is_none() {
            let mut found: Option<(f64, f64)> = None;
            let wanted = BinValues { max: true, min: true, mean: false };
            for plane in planes(array) {
                if progress.is_cancelled() {
                    return None;
                }
                let shape = BinShape { height: 1, width: 1, last_row: plane.shape[1], fill };
                let quiet = progress.apart();
                let pass = ElementPass::new(source, &plane, &quiet);
                let (end, _) = bin_plane(&pass, shape, wanted, &mut |row| {
                    if row.count[0] > 0 {
                        let (low, high) = found.unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
                        found = Some((low.min(row.min[0]), high.max(row.max[0])));
                    }
                });
                if end != PassEnd::Complete || progress.is_cancelled() {
                    return None;
                }
            }
            self.extremes = found;
        }
        Some(self)
    }

    /// Whether the extremes are those of all elements.
    pub fn has_extremes(&self) -> bool {
        self.extremes.is_some()
    }

    /// The value below which so many percent of the values are, between neighbours in proportion, as `numpy.percentile`
    /// has it; NaN of no values.
    pub fn percentile(&self, percent: f64) -> f64 {
        let Some(last) = self.sample.len().checked_sub(1) else { return f64::NAN };
        let place = (percent / 100.0).clamp(0.0, 1.0) * last as f64;
        let (low, part) = (self.sample[place.floor() as usize], place.fract());
        let high = self.sample[place.ceil() as usize];
        low + (high - low) * part
    }

    /// The least and the greatest value: of all elements where they were found, else of the sample.
    pub fn extremes(&self) -> (f64, f64) {
        let ends = || (self.percentile(0.0), self.percentile(100.0));
        self.extremes.unwrap_or_else(ends)
    }
}

/// The planes of the last two axes.
fn planes(array: &Array) -> impl Iterator<Item = Array> + use<> {
    let mut array = array.clone();
    while array.shape.len() < 2 {
        array.shape.insert(0, 1);
        array.strides.insert(0, 0);
    }
    let sides = array.shape.len();
    let outer = Array { shape: array.shape[..sides - 2].to_vec(), ..array.clone() };
    let count = if array.items() == 0 { 0 } else { outer.items() };
    (0..count).map(move |number| {
        let mut index = outer.index_at(number);
        index.extend([0, 0]);
        let place = array.place(&index);
        Array {
            item: array.item.clone(),
            offset: place.span.start(),
            first: u64::from(place.item),
            shape: array.shape[sides - 2..].to_vec(),
            strides: array.strides[sides - 2..].to_vec(),
        }
    })
}

/// Elements of which neighbours are sampled together, so that a disk is asked at fewer places.
const LARGE: u64 = 1 << 24;
/// Neighbours that are sampled together.
const RUN: u64 = 64;

/// Runs of neighbours of a large array whose elements lie side by side.
fn runs(array: &Array) -> Option<Array> {
    let items = array.items();
    let is_plain = array.order() == Some(MemoryOrder::C) && !array.item.shares_bytes();
    if !is_plain || items < LARGE {
        return None;
    }
    let places = MOST_SAMPLED / RUN;
    let size = array.item.group_bytes();
    // An odd number of elements, so that the runs do not all begin at the same column of a row.
    let apart = (((items - RUN) / (places - 1)) | 1).saturating_sub(2);
    let step = i64::try_from(apart.checked_mul(size)?).ok()?;
    let size = i64::try_from(size).ok()?;
    Some(Array { shape: vec![places, RUN], strides: vec![step, size], ..array.clone() })
}

/// Every so many elements of an array along its axes, so that at most `most` are left.
pub fn spread(array: &Array, most: u64) -> Array {
    let mut sampled = array.clone();
    while sampled.items() > most {
        // The longest axis first, so that all of them are spread.
        let Some(axis) = (0..sampled.shape.len()).max_by_key(|axis| sampled.shape[*axis]) else { break };
        let side = sampled.shape[axis];
        // Steps that are no power of two do not meet the same column of a row again and again.
        let step = sampled.items().div_ceil(most).clamp(2, 3).min(side);
        sampled.shape[axis] = side.div_ceil(step);
        sampled.strides[axis] = sampled.strides[axis].saturating_mul(step as i64);
    }
    sampled
}

/// All values as floats.
struct ValueKernel;

impl ElementKernel for ValueKernel {
    type Part = Vec<f64>;

    fn tile(&self, tile: &Tile<'_>, part: &mut Vec<f64>) {
        match tile.values {
            TileValues::U8(values) => part.extend(values.iter().map(|value| f64::from(*value))),
            TileValues::I8(values) => part.extend(values.iter().map(|value| f64::from(*value))),
            TileValues::U16(values) => part.extend(values.iter().map(|value| f64::from(*value))),
            TileValues::I16(values) => part.extend(values.iter().map(|value| f64::from(*value))),
            TileValues::U32(values) => part.extend(values.iter().map(|value| f64::from(*value))),
            TileValues::I32(values) => part.extend(values.iter().map(|value| f64::from(*value))),
            TileValues::U64(values) => part.extend(values.iter().map(|value| *value as f64)),
            TileValues::I64(values) => part.extend(values.iter().map(|value| *value as f64)),
            TileValues::F32(values) => part.extend(values.iter().map(|value| f64::from(*value))),
            TileValues::F64(values) => part.extend(values),
            TileValues::Numbers(values) => part.extend(values.iter().flatten().map(|number| match *number {
                Number::Int(value) => value as f64,
                Number::Wide(value) => value as f64,
                Number::Float(value) => value,
                Number::Complex(real, imaginary) => real.hypot(imaginary),
            })),
            // No numbers.
            TileValues::Raw(..) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::memory::MemorySource;

    #[test]
    fn percentiles_are_those_of_numpy() {
        let levels = Levels::of([4.0, 1.0, f64::NAN, 3.0, 2.0, f64::INFINITY]);
        // numpy.percentile([1, 2, 3, 4], [0, 10, 50, 100])
        assert_eq!([0.0, 10.0, 50.0, 100.0].map(|p| levels.percentile(p)), [1.0, 1.3, 2.5, 4.0]);
        assert!(Levels::default().percentile(50.0).is_nan());
    }

    #[test]
    fn a_large_array_is_sampled_in_runs_from_its_start_to_its_end() {
        let item: crate::decode::dtype::ItemType = "<f4".parse().expect("a type");
        let array = Array::new(item, 100, vec![5000, 4096], MemoryOrder::C).expect("an array");
        let sampled = runs(&array).expect("a large array");
        let (all, part) = (array.extent().expect("bytes"), sampled.extent().expect("bytes"));
        assert!(part.start() == all.start() && part.end() <= all.end());
        assert!(part.len() > all.len() * 98 / 100 && sampled.items() == MOST_SAMPLED);
        assert_eq!(sampled.strides[0] % 8, 4, "an odd number of elements");
        let small = Array { shape: vec![50, 4096], ..array };
        assert_eq!(runs(&small), None);
    }

    #[test]
    fn a_sample_is_spread_over_all_axes_and_the_extremes_are_of_all_elements() {
        let values: Vec<u16> =
            (0..600 * 500).map(|at| if at == 123_457 { 65_535 } else { (at % 7) as u16 }).collect();
        let source = MemorySource::new(bytemuck::cast_slice::<u16, u8>(&values).to_vec());
        let item = "<u2".parse().expect("a type");
        let array = Array::new(item, 0, vec![3, 200, 500], MemoryOrder::C).expect("an array");
        let sampled = spread(&array, 1000);
        assert!(sampled.items() <= 1000 && sampled.items() > 200, "{:?}", sampled.shape);
        let progress = Progress::default();
        let levels = Levels::sampled(&source, &array, None, &progress).expect("levels");
        assert!(levels.percentile(99.0) <= 6.0);
        let levels = levels.with_extremes(&source, &array, None, &progress).expect("extremes");
        assert_eq!(levels.extremes(), (0.0, 65_535.0));
    }
}
