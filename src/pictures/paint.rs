//! PlaneBins become pixels.

use super::color_map::{ColorMap, Rgb};
use super::scale::ValueScale;
use crate::analysis::binned::PlaneBins;

/// Which value of a bin a pixel has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BinChoice {
    /// Nothing that stands out is lost.
    #[default]
    Max,
    Mean,
    Min,
    /// How many elements are numbers.
    Count,
}

impl BinChoice {
    pub const ALL: [Self; 4] = [Self::Max, Self::Mean, Self::Min, Self::Count];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Max => "max",
            Self::Mean => "mean",
            Self::Min => "min",
            Self::Count => "count",
        }
    }

    /// The choice with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }

    /// The value of a bin; NaN where it has none.
    pub fn value(self, bins: &PlaneBins, at: usize) -> f64 {
        let listed = |list: &[f64]| list.get(at).copied().unwrap_or(f64::NAN);
        match self {
            Self::Max => listed(&bins.max),
            Self::Min => listed(&bins.min),
            Self::Mean if at < bins.sum.len() => bins.mean(at),
            Self::Mean => f64::NAN,
            Self::Count => bins.count.get(at).map_or(f64::NAN, |count| *count as f64),
        }
    }
}

/// Pixels from the upper left corner on, row by row: red, green, blue and opacity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raster {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<[u8; 4]>,
}

impl Raster {
    /// With the last column at the left, with the last row at the top, or both.
    #[must_use]
    pub fn flipped(&self, (across, down): (bool, bool)) -> Self {
        let mut flipped = self.clone();
        if self.width == 0 {
            return flipped;
        }
        if across {
            flipped.pixels.chunks_mut(self.width).for_each(<[[u8; 4]]>::reverse);
        }
        if down {
            flipped.pixels = flipped.pixels.chunks(self.width).rev().flatten().copied().collect();
        }
        flipped
    }

    /// Fills the rows from `row` on with what a picture of other sides shows there.
    pub fn fill_below(&mut self, row: usize, other: &Self) {
        if other.width == 0 || other.height == 0 {
            return;
        }
        for at in row * self.width..self.pixels.len() {
            let (row, column) = (at / self.width, at % self.width);
            let from = row * other.height / self.height * other.width + column * other.width / self.width;
            self.pixels[at] = other.pixels[from];
        }
    }
}

/// Each bin as a pixel. A bin without elements is transparent.
pub fn paint_bins(bins: &PlaneBins, choice: BinChoice, scale: &ValueScale, map: ColorMap) -> Raster {
    let table = map.table();
    let others = map.others();
    let opaque = |[red, green, blue]: Rgb| [red, green, blue, 255];
    let last = (table.len() - 1) as f64;
    let color = |at: usize| {
        let value = choice.value(bins, at);
        if value.is_nan() {
            return if bins.nan[at] > 0 { opaque(others.nan) } else { [0; 4] };
        }
        let place = scale.place(value);
        if place < 0.0 {
            opaque(others.under)
        } else if place > 1.0 {
            opaque(others.over)
        } else {
            opaque(table[(place * last).round() as usize])
        }
    };
    let pixels = (0..bins.count.len()).map(color).collect();
    Raster { width: bins.width, height: bins.height, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::binned::{BinRow, BinValues};

    #[test]
    fn values_nan_clipped_and_missing_elements_have_colours_of_their_own() {
        let mut bins = PlaneBins::new(1, 6, BinValues::ALL);
        bins.add(&BinRow {
            row: 0,
            max: vec![0.0, 1.0, -3.0, 9.0, f64::NAN, f64::NAN],
            min: vec![0.0; 6],
            sum: vec![0.0; 6],
            count: vec![1, 1, 1, 1, 0, 0],
            nan: vec![0, 0, 0, 0, 2, 0],
        });
        let scale = ValueScale::new((0.0, 1.0), false);
        let map = ColorMap::Viridis;
        let raster = paint_bins(&bins, BinChoice::Max, &scale, map);
        let opaque = |[red, green, blue]: Rgb| [red, green, blue, 255];
        let others = map.others();
        let expected = [map.table()[0], map.table()[255], others.under, others.over, others.nan].map(opaque);
        assert_eq!(raster.pixels[..5], expected);
        assert_eq!(raster.pixels[5], [0; 4], "no element is there");
    }
}
