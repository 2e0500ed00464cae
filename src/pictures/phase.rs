//! Complex numbers as colours: the hue is the phase, the brightness the absolute value.
//!
//! A pixel of several elements shows their mean. Red is positive, cyan negative, and a quarter turn on is yellow-green.

use super::Raster;
use super::color_map::ColorMap;
use super::scale::ValueScale;
use crate::analysis::elements::{ElementKernel, ElementPass, ElementYield, Tile, TileValues};
use crate::analysis::{PassEnd, Unread};
use crate::decode::Number;
use std::ops::ControlFlow;

/// Sums of complex numbers, a bin for each pixel.
#[derive(Clone, Debug)]
pub(super) struct PhaseBins {
    height: usize,
    width: usize,
    sums: Vec<PhaseSum>,
}

/// What is known of the numbers of a bin.
#[derive(Clone, Copy, Debug, Default)]
struct PhaseSum {
    real: f64,
    imaginary: f64,
    count: u64,
    nan: u64,
}

/// Sums that elements add to bins, by the number of the bin.
type PhasePart = Vec<(usize, PhaseSum)>;

struct PhaseKernel {
    rows: u64,
    columns: u64,
    height: u64,
    width: u64,
}

impl PhaseKernel {
    fn add(&self, first: u64, numbers: impl Iterator<Item = Option<(f64, f64)>>, part: &mut PhasePart) {
        for (element, number) in (first..).zip(numbers) {
            let (row, column) = (element / self.columns, element % self.columns);
            let bin_of = |at: u64, side: u64, bins: u64| {
                ((u128::from(at) + 1) * u128::from(bins)).div_ceil(u128::from(side)) as u64 - 1
            };
            let bin =
                bin_of(row, self.rows, self.height) * self.width + bin_of(column, self.columns, self.width);
            let bin = bin as usize;
            if part.last().is_none_or(|(last, _)| *last != bin) {
                part.push((bin, PhaseSum::default()));
            }
            let Some((_, sum)) = part.last_mut() else { continue };
            match number.filter(|(real, imaginary)| !real.is_nan() && !imaginary.is_nan()) {
                Some((real, imaginary)) => {
                    sum.real += real;
                    sum.imaginary += imaginary;
                    sum.count += 1;
                }
                None => sum.nan += 1,
            }
        }
    }
}

impl ElementKernel for PhaseKernel {
    type Part = PhasePart;

    fn tile(&self, tile: &Tile<'_>, part: &mut PhasePart) {
        let first = tile.first;
        let real = |value: f64| Some((value, 0.0));
        match tile.values {
            TileValues::U8(values) => self.add(first, values.iter().map(|v| real(f64::from(*v))), part),
            TileValues::I8(values) => self.add(first, values.iter().map(|v| real(f64::from(*v))), part),
            TileValues::U16(values) => self.add(first, values.iter().map(|v| real(f64::from(*v))), part),
            TileValues::I16(values) => self.add(first, values.iter().map(|v| real(f64::from(*v))), part),
            TileValues::U32(values) => self.add(first, values.iter().map(|v| real(f64::from(*v))), part),
            TileValues::I32(values) => self.add(first, values.iter().map(|v| real(f64::from(*v))), part),
            TileValues::U64(values) => self.add(first, values.iter().map(|v| real(*v as f64)), part),
            TileValues::I64(values) => self.add(first, values.iter().map(|v| real(*v as f64)), part),
            TileValues::F32(values) => self.add(first, values.iter().map(|v| real(f64::from(*v))), part),
            TileValues::F64(values) => self.add(first, values.iter().map(|v| real(*v)), part),
            TileValues::Numbers(values) => {
                let number = |number: &Option<Number>| match (*number)? {
                    Number::Int(value) => real(value as f64),
                    Number::Wide(value) => real(value as f64),
                    Number::Float(value) => real(value),
                    Number::Complex(real, imaginary) => Some((real, imaginary)),
                };
                self.add(first, values.iter().map(number), part);
            }
            // No numbers.
            TileValues::Raw(..) => {}
        }
    }
}

/// The plane of a pass, which has two axes, as so many rows and columns of bins. `None` after a cancel. Blocks.
pub(super) fn bins(pass: &ElementPass<'_>, (height, width): (usize, usize)) -> Option<(PhaseBins, Unread)> {
    let [rows, columns] = pass.array.shape[..] else { return None };
    let kernel = PhaseKernel {
        rows: rows.max(1),
        columns: columns.max(1),
        height: height as u64,
        width: width as u64,
    };
    let mut made = PhaseBins { height, width, sums: vec![PhaseSum::default(); height * width] };
    let mut unread = Unread::default();
    let end = pass.run(&kernel, &mut |piece: ElementYield<PhasePart>| {
        unread.merge(&piece.unread);
        for (bin, added) in piece.part {
            if let Some(sum) = made.sums.get_mut(bin) {
                sum.real += added.real;
                sum.imaginary += added.imaginary;
                sum.count += added.count;
                sum.nan += added.nan;
            }
        }
        ControlFlow::Continue(())
    });
    (end == PassEnd::Complete).then_some((made, unread))
}

/// The colours of bins: as bright as the absolute value is on the scale.
pub(super) fn paint(bins: &PhaseBins, scale: &ValueScale) -> Raster {
    let [red, green, blue] = ColorMap::Turbo.others().nan;
    let color = |sum: &PhaseSum| {
        if sum.count == 0 {
            return if sum.nan > 0 { [red, green, blue, 255] } else { [0; 4] };
        }
        let (real, imaginary) = (sum.real / sum.count as f64, sum.imaginary / sum.count as f64);
        let brightness = scale.place(real.hypot(imaginary)).clamp(0.0, 1.0);
        hue(imaginary.atan2(real) / std::f64::consts::TAU, brightness)
    };
    Raster { width: bins.width, height: bins.height, pixels: bins.sums.iter().map(color).collect() }
}

/// A hue by a part of a turn from red on.
fn hue(turn: f64, brightness: f64) -> [u8; 4] {
    let channel = |shift: f64| {
        let at = (turn + shift).rem_euclid(1.0) * 6.0;
        let strength = (2.0 - (at - 3.0).abs()).clamp(0.0, 1.0);
        (255.0 * brightness * (1.0 - strength)).round() as u8
    };
    [channel(0.0), channel(2.0 / 3.0), channel(1.0 / 3.0), 255]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::memory::MemorySource;
    use crate::decode::array::{Array, MemoryOrder};
    use crate::job::Progress;

    #[test]
    fn the_phase_is_the_hue_and_the_absolute_value_the_brightness() {
        let third = 2.0 * std::f64::consts::PI / 3.0;
        let numbers =
            [(1.0, 0.0), (-1.0, 0.0), (third.cos(), third.sin()), (0.0, 0.0), (0.5, 0.0), (f64::NAN, 0.0)];
        let bytes: Vec<u8> = numbers
            .iter()
            .flat_map(|(a, b): &(f64, f64)| [a.to_le_bytes(), b.to_le_bytes()].concat())
            .collect();
        let item = "<c16".parse().expect("a type");
        let array = Array::new(item, 0, vec![1, 6], MemoryOrder::C).expect("an array");
        let (source, progress) = (MemorySource::new(bytes), Progress::default());
        let pass = ElementPass::new(&source, &array, &progress);
        let scale = ValueScale::new((0.0, 1.0), false);
        let (each, _) = bins(&pass, (1, 6)).expect("bins");
        let shown = paint(&each, &scale).pixels;
        assert_eq!(
            shown[..5],
            [[255, 0, 0, 255], [0, 255, 255, 255], [0, 255, 0, 255], [0, 0, 0, 255], [128, 0, 0, 255]]
        );
        assert_eq!(shown[5], [128, 128, 128, 255], "NaN");
        // The mean of 1 and -1 is 0.
        let (both, _) = bins(&pass, (1, 3)).expect("bins");
        assert_eq!(paint(&both, &scale).pixels[0], [0, 0, 0, 255]);
    }
}
