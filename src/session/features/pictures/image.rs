//! The image of a plane of elements: bins, range and pixels.

use crate::analysis::binned::{BinShape, BinValues, PlaneBins, bin_plane};
use crate::analysis::{ElementPass, PassEnd, Unread};
use crate::bytes::Source;
use crate::decode::array::Array;
use crate::job::Progress;
use crate::pictures::levels::{MOST_SAMPLED, spread};
use crate::pictures::{BinChoice, ColorMap, Levels, RangeChoice, Raster, ValueScale, paint_bins};
use crate::session::panes::{ImageLook, ImagePlane};
use crate::session::subject::ElementSubject;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Time between two looks at what is known so far.
const TOLD_EVERY: Duration = Duration::from_millis(80);
/// Of more bytes than this, every so many elements make a first picture.
const WORTH_A_LOOK: u64 = 32 << 20;
/// Pixels of an image along an axis, at most.
const MOST_PIXELS: u64 = 8192;

/// What is asked for an image.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ImageQuestion {
    /// All elements that the range is one of.
    whole: Array,
    plane: ImagePlane,
    shape: BinShape,
    bins: BinChoice,
    map: ColorMap,
    range: RangeChoice,
    is_log: bool,
}

/// An image.
#[derive(Clone, Debug)]
pub struct ImageAnswer {
    question: ImageQuestion,
    /// The elements of each pixel.
    pub bins: Arc<PlaneBins>,
    levels: Arc<Levels>,
    /// From the first to the last colour.
    pub scale: ValueScale,
    pub raster: Raster,
    /// Whether all elements are in it.
    pub is_whole: bool,
    pub unread: Unread,
}

impl ImageAnswer {
    /// The plane of elements that it is of.
    pub fn plane(&self) -> &ImagePlane {
        &self.question.plane
    }

    /// What a pixel with several elements shows.
    pub fn choice(&self) -> BinChoice {
        self.question.bins
    }

    /// The map of its colours.
    pub fn map(&self) -> ColorMap {
        self.question.map
    }
}

impl ImageQuestion {
    /// What is asked for an image of `subject` in a room of so many pixels.
    ///
    /// # Errors
    /// A sentence when the elements make no image.
    pub fn new(look: &ImageLook, subject: &ElementSubject, room: (u32, u32)) -> Result<Self, String> {
        let plane = look.plane(&subject.array)?;
        let [rows, columns] = plane.array.shape[..] else {
            return Err(String::from("These elements have no rows and columns."));
        };
        let fit = |side: u64, room: u32| side.min(u64::from(room.max(1))).clamp(1, MOST_PIXELS) as usize;
        let shape =
            BinShape { height: fit(rows, room.1), width: fit(columns, room.0), last_row: plane.last_row };
        Ok(Self {
            whole: subject.array.clone(),
            plane,
            shape,
            bins: look.bins,
            map: look.map,
            range: look.range,
            is_log: look.is_log,
        })
    }

    /// Bytes that have to be read.
    pub fn bytes(&self) -> u64 {
        self.plane.array.items().saturating_mul(self.plane.array.item.group_bytes())
    }

    fn has_bins_of(&self, other: &Self) -> bool {
        let wanted = |question: &Self| question.wanted();
        (self.shape, wanted(self)) == (other.shape, wanted(other)) && self.plane == other.plane
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
        tell: &mut (dyn FnMut(ImageAnswer) + Send),
    ) -> Option<ImageAnswer> {
        let levels = self.levels(source, before, progress)?;
        let known = before.filter(|before| before.is_whole && before.question.has_bins_of(self));
        if let Some(known) = known {
            return Some(self.painted(Arc::clone(&known.bins), &levels, known.unread.clone()));
        }
        let coarse = match self.bytes() >= WORTH_A_LOOK {
            true => Some(self.coarse(source, &levels, progress)?),
            false => None,
        };
        if let Some(coarse) = &coarse {
            tell(self.partial(coarse.clone(), &levels));
        }
        let mut bins = PlaneBins::new(self.shape.height, self.shape.width, self.wanted());
        progress.set_total(self.bytes());
        let mut told = Instant::now();
        let pass = ElementPass::new(source, &self.plane.array, progress);
        let (end, unread) = bin_plane(&pass, self.shape, self.wanted(), &mut |row| {
            bins.add(row);
            if told.elapsed() >= TOLD_EVERY {
                told = Instant::now();
                let mut raster = paint_bins(&bins, self.bins, &self.scale(&bins, &levels), self.map);
                if let Some(coarse) = &coarse {
                    raster.fill_below(row.row, coarse);
                }
                tell(self.partial(raster, &levels));
            }
        });
        (end == PassEnd::Complete).then(|| self.painted(Arc::new(bins), &levels, unread))
    }

    /// Every so many elements of the plane, for a first picture at once.
    fn coarse(&self, source: &dyn Source, levels: &Levels, progress: &Progress) -> Option<Raster> {
        let sampled = spread(&self.plane.array, MOST_SAMPLED);
        let side = |axis: usize| usize::try_from(sampled.shape[axis]).unwrap_or(1);
        let shape = BinShape { height: side(0), width: side(1), last_row: sampled.shape[1] };
        let mut bins = PlaneBins::new(shape.height, shape.width, self.wanted());
        let quiet = progress.apart();
        let pass = ElementPass::new(source, &sampled, &quiet);
        let (end, _) = bin_plane(&pass, shape, self.wanted(), &mut |row| bins.add(row));
        (end == PassEnd::Complete).then(|| paint_bins(&bins, self.bins, &self.scale(&bins, levels), self.map))
    }

    fn levels(
        &self,
        source: &dyn Source,
        before: Option<&ImageAnswer>,
        progress: &Progress,
    ) -> Option<Arc<Levels>> {
        let known = before.filter(|before| before.question.whole == self.whole).map(|before| &before.levels);
        let levels = match known {
            Some(levels) => Arc::clone(levels),
            None => Arc::new(Levels::sampled(source, &self.whole, progress)?),
        };
        match self.range {
            RangeChoice::Extremes if !levels.has_extremes() => {
                Some(Arc::new((*levels).clone().with_extremes(source, &self.whole, progress)?))
            }
            RangeChoice::Extremes | RangeChoice::Percentiles(..) | RangeChoice::Fixed(..) => Some(levels),
        }
    }

    fn scale(&self, bins: &PlaneBins, levels: &Levels) -> ValueScale {
        let range = match self.bins {
            BinChoice::Count => (0.0, bins.count.iter().copied().max().unwrap_or(1).max(1) as f64),
            BinChoice::Max | BinChoice::Mean | BinChoice::Min => self.range.range(levels),
        };
        ValueScale::new(range, self.is_log)
    }

    fn painted(&self, bins: Arc<PlaneBins>, levels: &Arc<Levels>, unread: Unread) -> ImageAnswer {
        let scale = self.scale(&bins, levels);
        let raster = paint_bins(&bins, self.bins, &scale, self.map);
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
