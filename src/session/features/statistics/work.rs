//! What workers do: the statistics of a subject, with what is known so far in between.

use super::facts::PERCENT_LABELS;
use super::table::RowState;
use crate::analysis::stats::{Bins, Histogram, Statistics, StatisticsQuestion, ValueKind, statistics};
use crate::analysis::{ElementPass, PassEnd};
use crate::bytes::SharedSource;
use crate::decode::dtype::ItemType;
use crate::decode::{Element, Number};
use crate::job::{Progress, Waker};
use crate::session::subject::ElementSubject;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time between two looks at what is known so far.
const TOLD_EVERY: Duration = Duration::from_millis(100);
/// How long a worker waits when the selection is changing and much would have to be read.
pub(super) const SETTLING: Duration = Duration::from_millis(120);
/// Bins when the user has chosen no other number.
const USUAL_BINS: usize = 64;
/// As many as there are values of a byte.
const BYTE_BINS: usize = 256;

/// What is known so far, for the window to take.
pub(super) type SoFar = Arc<Mutex<Option<Box<Statistics>>>>;

/// Takes what a worker has told since the last call.
pub(super) fn take_so_far(so_far: &SoFar) -> Option<Box<Statistics>> {
    so_far.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Statistics to be made on a worker.
pub(super) struct StatisticsWork {
    pub subject: ElementSubject,
    pub source: SharedSource,
    /// How many bins the user wants; `None` for what suits the values.
    pub bins: Option<usize>,
    pub so_far: SoFar,
    pub waker: Waker,
    /// Whether the selection may be changing.
    pub waits: bool,
}

impl StatisticsWork {
    /// The statistics, or `None` when they are not wanted any more. Blocks.
    pub fn run(&self, progress: &Progress) -> Option<Box<Statistics>> {
        if self.waits && !settled(SETTLING, progress) {
            return None;
        }
        let wanted = self.wanted();
        let mut told = Instant::now();
        let mut report = |known: &Statistics| {
            if told.elapsed() >= TOLD_EVERY {
                told = Instant::now();
                *self.so_far.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(known.clone()));
                (self.waker)();
            }
        };
        let pass = ElementPass::new(&*self.source, &self.subject.array, progress);
        let (mut known, end) = statistics(&pass, &wanted, &mut report);
        if end != PassEnd::Complete {
            return None;
        }
        if self.bins.is_none()
            && let Some(histogram) = self.a_bin_a_value(&known, progress)
        {
            known.histogram = Some(histogram);
        }
        Some(Box::new(known))
    }

    fn wanted(&self) -> StatisticsQuestion {
        let is_byte = self.is_byte();
        let count = self.bins.unwrap_or(if is_byte { BYTE_BINS } else { USUAL_BINS });
        StatisticsQuestion {
            percentiles: PERCENT_LABELS.map(|(percent, _)| percent).to_vec(),
            bins: Some(Bins { count, range: is_byte.then_some((0.0, BYTE_BINS as f64)) }),
            distinct: true,
            places: true,
        }
    }

    fn is_byte(&self) -> bool {
        matches!(self.subject.item(), ItemType::Scalar(dtype) if dtype.element == Element::U8)
    }

    /// Of integers with few values a histogram in which each value is a bin: equal bins would leave gaps between them.
    fn a_bin_a_value(&self, known: &Statistics, progress: &Progress) -> Option<Histogram> {
        let whole = |number: Number| match number {
            Number::Int(value) => Some(value),
            Number::Wide(_) | Number::Float(_) | Number::Complex(..) => None,
        };
        let (least, greatest) = (whole(known.least?.value)?, whole(known.greatest?.value)?);
        let values = usize::try_from(greatest.checked_sub(least)?).ok()?.checked_add(1)?;
        if known.kind != ValueKind::Integers || self.is_byte() || values > USUAL_BINS {
            return None;
        }
        let range = Some((least as f64 - 0.5, greatest as f64 + 0.5));
        let wanted =
            StatisticsQuestion { bins: Some(Bins { count: values, range }), ..StatisticsQuestion::default() };
        let pass = ElementPass::new(&*self.source, &self.subject.array, progress);
        let (known, end) = statistics(&pass, &wanted, &mut |_| {});
        known.histogram.filter(|_| end == PassEnd::Complete)
    }
}

/// Numbers of rows, and what is known of them.
pub(super) type FoundRows = Vec<(u32, RowState)>;

/// Rows that a worker has found, until the window takes them.
#[derive(Debug, Default)]
pub(super) struct RowInbox {
    rows: Mutex<FoundRows>,
    done: AtomicU64,
    all: AtomicU64,
}

impl RowInbox {
    /// So much is to be done, in any unit.
    pub fn begin(&self, all: u64) {
        self.all.store(all, Ordering::Relaxed);
    }

    /// What is known of a row, which was so much of all.
    pub fn put(&self, row: u32, known: RowState, done: u64) {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner).push((row, known));
        self.done.fetch_add(done, Ordering::Relaxed);
    }

    /// The rows that were found since the last call.
    pub fn take(&self) -> FoundRows {
        std::mem::take(&mut *self.rows.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The part that is done; `None` while it is not known how much there is.
    pub fn fraction(&self) -> Option<f32> {
        let all = self.all.load(Ordering::Relaxed);
        (all > 0).then(|| (self.done.load(Ordering::Relaxed) as f64 / all as f64).min(1.0) as f32)
    }
}

/// Wakes the window for new rows, but not for each of them.
pub(super) struct Waking<'a> {
    waker: &'a Waker,
    last: Instant,
}

impl<'a> Waking<'a> {
    /// The window is awake now.
    pub fn new(waker: &'a Waker) -> Self {
        Self { waker, last: Instant::now() }
    }

    /// There is a new row.
    pub fn wake(&mut self) {
        const EVERY: Duration = Duration::from_millis(50);
        if self.last.elapsed() >= EVERY {
            self.last = Instant::now();
            (self.waker)();
        }
    }
}

/// Waits until nothing has changed for so long; `false` when the work is not wanted any more. Blocks.
pub(super) fn settled(wait: Duration, progress: &Progress) -> bool {
    const STEP: Duration = Duration::from_millis(5);
    let begun = Instant::now();
    while begun.elapsed() < wait {
        if progress.is_cancelled() {
            return false;
        }
        std::thread::sleep(STEP);
    }
    !progress.is_cancelled()
}
