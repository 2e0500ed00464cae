//! An image of a plane of elements: what is asked for it, and its pixels.
//!
//! The window and the command line ask the same. What is known of an image before is used again: its bins when only the
//! colours change, its levels when only the part on the screen does.

use super::levels::{MOST_SAMPLED, spread};
use super::phase;
use super::pixels::{self, PixelArea};
use super::{
    BinChoice, ColorMap, ImagePlane, Levels, PixelFormat, RangeChoice, Raster, ValueScale, paint_bins,
};
use crate::analysis::binned::{BinShape, BinValues, PlaneBins, bin_plane};
use crate::analysis::{ElementPass, PassEnd, Unread};
use crate::bytes::{Source, Span};
use crate::decode::array::Array;
use crate::job::Progress;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Time between two looks at what is known so far.
const TOLD_EVERY: Duration = Duration::from_millis(80);
/// Of more bytes than this, every so many elements make a first picture.
const WORTH_A_LOOK: u64 = 4 << 20;
/// Of more bytes than this, which may not be in memory, fewer elements make it.
const FEW_READS: u64 = 1 << 30;
/// Pixels of an image along an axis, at most.
const MOST_PIXELS: u64 = 8192;

/// The colours of an image.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ImageColors {
    pub map: ColorMap,
    pub range: RangeChoice,
    /// Whether they go by the logarithm of the values.
    pub is_log: bool,
}

/// What is asked for an image.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageQuestion {
    /// All elements that the range is one of.
    pub whole: Array,
    /// The elements of the image.
    pub plane: ImagePlane,
    /// The part of it that is wanted.
    pub rows: Range<u64>,
    pub columns: Range<u64>,
    /// Pixels, at most one for an element.
    pub height: usize,
    pub width: usize,
    /// What a pixel with several elements shows.
    pub bins: BinChoice,
    /// The value of elements that are masked as NaN is.
    pub fill: Option<f64>,
    /// How elements become colours.
    pub pixel: PixelFormat,
    pub colors: ImageColors,
}

/// An image.
#[derive(Clone, Debug)]
pub struct ImageAnswer {
    pub question: ImageQuestion,
    /// The elements of each pixel; none while only a part of them is known, and of colours.
    pub bins: Arc<PlaneBins>,
    levels: Arc<Levels>,
    /// From the first to the last colour.
    pub scale: ValueScale,
    pub raster: Raster,
    /// Whether all elements are in it.
    pub is_whole: bool,
    pub unread: Unread,
}

/// Gets what is known so far.
pub type TellImage<'t> = &'t mut (dyn FnMut(ImageAnswer) + Send);

impl ImageQuestion {
    /// All of a plane in at most so many pixels.
    pub fn all(whole: Array, plane: ImagePlane, (height, width): (u64, u64)) -> Self {
        let (rows, columns) = plane.shape();
        let (rows, columns) = (0..rows, 0..columns);
        let fit =
            |side: &Range<u64>, most: u64| (side.end - side.start).min(most).clamp(1, MOST_PIXELS) as usize;
        Self {
            whole,
            height: fit(&rows, height),
            width: fit(&columns, width),
            plane,
            rows,
            columns,
            bins: BinChoice::default(),
            fill: None,
            pixel: PixelFormat::default(),
            colors: ImageColors::default(),
        }
    }

    /// A part of it in at most so many pixels.
    #[must_use]
    pub fn part(mut self, rows: Range<u64>, columns: Range<u64>, (height, width): (u64, u64)) -> Self {
        let fit =
            |side: &Range<u64>, most: u64| (side.end - side.start).min(most).clamp(1, MOST_PIXELS) as usize;
        (self.height, self.width) = (fit(&rows, height), fit(&columns, width));
        (self.rows, self.columns) = (rows, columns);
        self
    }

    /// Bytes of the elements that are wanted.
    pub fn bytes(&self) -> u64 {
        let sides = (self.rows.end - self.rows.start).saturating_mul(self.columns.end - self.columns.start);
        sides.saturating_mul(self.plane.array.item.group_bytes())
    }

    /// The elements that are wanted.
    fn wanted_plane(&self) -> ImagePlane {
        self.plane.part(&self.rows, &self.columns)
    }

    fn shape(&self, plane: &ImagePlane) -> BinShape {
        BinShape { height: self.height, width: self.width, last_row: plane.last_row, fill: self.fill }
    }

    fn has_bins_of(&self, other: &Self) -> bool {
        let parts = |question: &Self| {
            (question.rows.clone(), question.columns.clone(), question.height, question.width)
        };
        let values = |question: &Self| (question.wanted(), question.fill, question.pixel);
        parts(self) == parts(other) && values(self) == values(other) && self.plane == other.plane
    }

    fn wanted(&self) -> BinValues {
        let (max, min) = (self.bins == BinChoice::Max, self.bins == BinChoice::Min);
        BinValues { max, min, mean: self.bins == BinChoice::Mean }
    }

    /// The image; `tell` gets what is known so far in between. `None` after a cancel. Blocks.
    pub fn answer(
        &self,
        source: &dyn Source,
        before: Option<&ImageAnswer>,
        progress: &Progress,
        tell: TellImage<'_>,
    ) -> Option<ImageAnswer> {
        if self.pixel.is_color() {
            return self.color_answer(source, progress);
        }
        let levels = self.levels(source, before, progress)?;
        if self.pixel == PixelFormat::Phase {
            return self.phase_answer(source, &levels, progress);
        }
        let known = before.filter(|before| before.is_whole && before.question.has_bins_of(self));
        if let Some(known) = known {
            return Some(self.painted(Arc::clone(&known.bins), &levels, known.unread.clone()));
        }
        let plane = self.wanted_plane();
        let bytes = plane.array.items().saturating_mul(plane.array.item.group_bytes());
        let coarse = match bytes >= WORTH_A_LOOK {
            true => Some(self.coarse(&plane, source, &levels, progress)?),
            false => None,
        };
        if let Some(coarse) = &coarse {
            tell(self.partial(coarse.clone(), &levels));
        }
        let mut bins = PlaneBins::new(self.height, self.width, self.wanted());
        progress.set_total(bytes);
        let mut told = Instant::now();
        let pass = ElementPass::new(source, &plane.array, progress);
        let (end, unread) = bin_plane(&pass, self.shape(&plane), self.wanted(), &mut |row| {
            bins.add(row);
            if told.elapsed() >= TOLD_EVERY {
                told = Instant::now();
                let mut raster = paint_bins(&bins, self.bins, &self.scale(&bins, &levels), self.colors.map);
                if let Some(coarse) = &coarse {
                    raster.fill_below(row.row, coarse);
                }
                tell(self.partial(raster, &levels));
            }
        });
        (end == PassEnd::Complete).then(|| self.painted(Arc::new(bins), &levels, unread))
    }

    /// Pixels that have colours of their own.
    fn color_answer(&self, source: &dyn Source, progress: &Progress) -> Option<ImageAnswer> {
        let area = PixelArea {
            format: self.pixel,
            start: self.plane.array.offset,
            end: self.whole.extent().map_or(0, Span::end),
            all_rows: self.plane.shape().0,
            all_columns: self.plane.shape().1,
            rows: self.rows.clone(),
            columns: self.columns.clone(),
            height: self.height,
            width: self.width,
        };
        let read = pixels::read(&area, source, progress)?;
        let levels = Arc::new(Levels::default());
        let bins = Arc::new(PlaneBins::default());
        let scale = ValueScale::new((0.0, 255.0), false);
        let question = self.clone();
        Some(ImageAnswer {
            question,
            bins,
            levels,
            scale,
            raster: read.raster,
            is_whole: true,
            unread: read.unread,
        })
    }

    /// Complex numbers as colours.
    fn phase_answer(
        &self,
        source: &dyn Source,
        levels: &Arc<Levels>,
        progress: &Progress,
    ) -> Option<ImageAnswer> {
        let plane = self.wanted_plane();
        progress.set_total(plane.array.items().saturating_mul(plane.array.item.group_bytes()));
        let pass = ElementPass::new(source, &plane.array, progress);
        let (sums, unread) = phase::bins(&pass, (self.height, self.width))?;
        let scale = ValueScale::new(self.colors.range.range(levels), self.colors.is_log);
        let raster = phase::paint(&sums, &scale);
        let (question, levels, bins) = (self.clone(), Arc::clone(levels), Arc::default());
        Some(ImageAnswer { question, bins, levels, scale, raster, is_whole: true, unread })
    }

    /// Every so many elements of the plane, for a first picture at once.
    fn coarse(
        &self,
        plane: &ImagePlane,
        source: &dyn Source,
        levels: &Levels,
        progress: &Progress,
    ) -> Option<Raster> {
        // Each element of a large plane is a read of its own.
        let most = if self.bytes() > FEW_READS { MOST_SAMPLED / 4 } else { MOST_SAMPLED };
        let sampled = spread(&plane.array, most);
        let side = |axis: usize| usize::try_from(sampled.shape[axis]).unwrap_or(1);
        let last_row = sampled.shape[1];
        let shape = BinShape { height: side(0), width: side(1), last_row, fill: self.fill };
        let mut bins = PlaneBins::new(shape.height, shape.width, self.wanted());
        let quiet = progress.apart();
        let pass = ElementPass::new(source, &sampled, &quiet);
        let (end, _) = bin_plane(&pass, shape, self.wanted(), &mut |row| bins.add(row));
        (end == PassEnd::Complete)
            .then(|| paint_bins(&bins, self.bins, &self.scale(&bins, levels), self.colors.map))
    }

    fn levels(
        &self,
        source: &dyn Source,
        before: Option<&ImageAnswer>,
        progress: &Progress,
    ) -> Option<Arc<Levels>> {
        let is_known = |before: &&ImageAnswer| {
            before.question.whole == self.whole
                && before.question.fill == self.fill
                && !before.question.pixel.is_color()
        };
        let levels = match before.filter(is_known) {
            Some(before) => Arc::clone(&before.levels),
            None => Arc::new(Levels::sampled(source, &self.whole, self.fill, progress)?),
        };
        match self.colors.range {
            RangeChoice::Extremes if !levels.has_extremes() => {
                let whole = (*levels).clone().with_extremes(source, &self.whole, self.fill, progress)?;
                Some(Arc::new(whole))
            }
            RangeChoice::Extremes | RangeChoice::Percentiles(..) | RangeChoice::Fixed(..) => Some(levels),
        }
    }

    fn scale(&self, bins: &PlaneBins, levels: &Levels) -> ValueScale {
        let range = match self.bins {
            BinChoice::Count => (0.0, bins.count.iter().copied().max().unwrap_or(1).max(1) as f64),
            BinChoice::Max | BinChoice::Mean | BinChoice::Min => self.colors.range.range(levels),
        };
        ValueScale::new(range, self.colors.is_log)
    }

    fn painted(&self, bins: Arc<PlaneBins>, levels: &Arc<Levels>, unread: Unread) -> ImageAnswer {
        let scale = self.scale(&bins, levels);
        let raster = paint_bins(&bins, self.bins, &scale, self.colors.map);
        let (question, levels) = (self.clone(), Arc::clone(levels));
        ImageAnswer { question, bins, levels, scale, raster, is_whole: true, unread }
    }

    /// What is known so far, without the bins.
    fn partial(&self, raster: Raster, levels: &Arc<Levels>) -> ImageAnswer {
        let bins = Arc::new(PlaneBins::default());
        let scale = self.scale(&bins, levels);
        let (question, levels) = (self.clone(), Arc::clone(levels));
        ImageAnswer { question, bins, levels, scale, raster, is_whole: false, unread: Unread::default() }
    }
}

impl ImageAnswer {
    /// The elements that a pixel has at most along each axis.
    pub fn elements_of_pixel(&self) -> (u64, u64) {
        let ImageQuestion { rows, columns, .. } = &self.question;
        let per = |side: &Range<u64>, pixels: usize| (side.end - side.start).div_ceil(pixels.max(1) as u64);
        (per(rows, self.question.height), per(columns, self.question.width))
    }

    /// Whether pixels have several elements.
    pub fn has_bins(&self) -> bool {
        self.elements_of_pixel() != (1, 1)
    }

    /// How the elements become pixels, in words; empty where each is one.
    pub fn bin_words(&self) -> String {
        if !self.has_bins() {
            return String::new();
        }
        let (rows, columns) = self.elements_of_pixel();
        let choice = if !self.question.pixel.has_map() { BinChoice::Mean } else { self.question.bins };
        format!("a pixel is the {} of {rows} × {columns} elements", choice.name())
    }
}
