//! A file as it was opened or last saved, readable for good although later saves overwrite it in place.
//!
//! Before a save writes its first byte, the old bytes of its extents are published here as an [`Overlay`].
//! Whoever reads this generation reads the file first and lays the overlays over it THEN, newest first, so it
//! never sees a byte that was written later, not even in the middle of a save. Nothing waits for anything:
//! the chain of overlays only ever grows at its end. A page that was cached before a save stays right in the
//! old generation, because the overlay covers whatever it may lack; in the new one it would be wrong, so
//! [`Generation::successor`] is given a source with a fresh cache.

use crate::bytes::{
    Availability, RawBytes, ReadError, ReadHints, SharedRun, SharedSource, Source, Span, check_bounds,
};
use crate::job::Cancel;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{Ordering, fence};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Puts a source that is slow to read behind a cache that the screen may peek at.
pub type Cacher = Arc<dyn Fn(SharedSource) -> SharedSource + Send + Sync>;

/// Old bytes of some spans: sorted, apart from each other, one after another in a source of their own.
#[derive(Debug)]
pub struct Overlay {
    spans: Vec<Span>,
    /// Where the bytes of each span begin in `bytes`.
    starts: Vec<u64>,
    bytes: SharedSource,
}

impl Overlay {
    /// `None` unless `spans` are sorted, not empty, do not overlap, and `bytes` is as long as all of them.
    pub fn new(spans: Vec<Span>, bytes: SharedSource) -> Option<Self> {
        let mut starts = Vec::with_capacity(spans.len());
        let (mut total, mut end) = (0_u64, 0);
        for span in &spans {
            if span.is_empty() || span.start() < end {
                return None;
            }
            starts.push(total);
            total = total.checked_add(span.len())?;
            end = span.end();
        }
        (bytes.len() == total).then_some(Self { spans, starts, bytes })
    }

    /// The places of the old bytes, sorted and apart.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The parts of `wanted` that lie here, each with its place in `bytes`.
    fn parts(&self, wanted: Span) -> impl Iterator<Item = (Span, u64)> {
        let first = self.spans.partition_point(|span| span.end() <= wanted.start());
        self.spans[first..].iter().zip(&self.starts[first..]).map_while(move |(span, start)| {
            span.intersect(wanted).map(|part| (part, start + (part.start() - span.start())))
        })
    }

    /// Fills in what lies here of `wanted`, whose bytes `buf` is for.
    pub(super) fn read_over(&self, wanted: Span, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        for (part, at) in self.parts(wanted) {
            self.bytes.read_cancellable(at, &mut buf[within(part, wanted)], cancel)?;
        }
        Ok(())
    }

    /// The parts of `wanted` that do not lie here.
    fn gaps(&self, wanted: Span) -> Vec<Span> {
        let mut at = wanted.start();
        let mut gaps = Vec::new();
        for (part, _) in self.parts(wanted) {
            gaps.extend(Span::new(at, part.start()).filter(|gap| !gap.is_empty()));
            at = part.end();
        }
        gaps.extend(Span::new(at, wanted.end()).filter(|gap| !gap.is_empty()));
        gaps
    }

    fn peek_over(&self, wanted: Span, buf: &mut [u8], states: &mut [Availability]) {
        for (part, at) in self.parts(wanted) {
            let range = within(part, wanted);
            self.bytes.peek(at, &mut buf[range.clone()], &mut states[range]);
        }
    }
}

/// The place of `part` in a buffer that holds `whole`.
fn within(part: Span, whole: Span) -> std::ops::Range<usize> {
    let start = (part.start() - whole.start()) as usize;
    start..start + part.len() as usize
}

/// To be called between a read of the file and the look at the overlays. A map is read by plain loads, which a weakly
/// ordered machine may do after later ones: the look could miss an overlay whose save the bytes already are from.
/// The other half is the fence of [`Generation::publish`].
fn after_the_file() {
    fence(Ordering::SeqCst);
}

/// One place in the chain of overlays: empty until a save publishes, never changed after.
#[derive(Default)]
struct Link {
    published: OnceLock<(Arc<Overlay>, Arc<Link>)>,
}

impl Link {
    fn overlays(&self) -> impl Iterator<Item = &Overlay> {
        let mut at = self;
        std::iter::from_fn(move || {
            let (overlay, next) = at.published.get()?;
            at = next;
            Some(&**overlay)
        })
    }

    fn last(self: &Arc<Self>) -> Arc<Self> {
        let mut at = self;
        while let Some((_, next)) = at.published.get() {
            at = next;
        }
        Arc::clone(at)
    }
}

impl Drop for Link {
    /// One after another: a chain of many saves dropped by recursion would exhaust the stack.
    fn drop(&mut self) {
        let mut next = self.published.take().map(|(_, next)| next);
        while let Some(link) = next {
            next = Arc::into_inner(link).and_then(|mut link| link.published.take()).map(|(_, next)| next);
        }
    }
}

/// What a save that broke off has left where it could not put the old bytes back.
#[derive(Clone, Debug)]
pub(super) struct Mixture {
    pub target: PathBuf,
    pub journal: PathBuf,
    /// Where old and new bytes may both be.
    pub span: Span,
}

/// A file as it was at one moment: its source, and what later saves have overwritten since.
pub struct Generation {
    file: SharedSource,
    overlays: Arc<Link>,
    cacher: Option<Cacher>,
    mixture: Mutex<Option<Mixture>>,
    /// The last data span that the file named: who walks many pieces asks for the same again and again, and each
    /// answer costs two calls to the system. What was data once may be called data for good.
    data: Mutex<Span>,
}

impl Generation {
    /// The generation that `file`, usually a cached source, holds right now.
    pub fn new(file: SharedSource) -> Self {
        Self::over(file, Arc::default(), None)
    }

    /// With what puts spilled old bytes behind the screen's cache. Without it, old bytes that were too many for
    /// memory can be read but not peeked at.
    #[must_use]
    pub fn with_cacher(mut self, cacher: Cacher) -> Self {
        self.cacher = Some(cacher);
        self
    }

    /// Lays old bytes over everything read from now on; called before the first write of an in-place save.
    /// A save that was rolled back leaves its overlay, which then says the same as the file.
    pub fn publish(&self, mut overlay: Arc<Overlay>) {
        let mut link = self.overlays.last();
        // Two saves of one file at a time are kept apart by its lock; were they not, both overlays stay right.
        while let Err((refused, _)) = link.published.set((overlay, Arc::default())) {
            overlay = refused;
            link = link.last();
        }
        // Other threads see the overlay before they can see a byte of the save's writes.
        fence(Ordering::SeqCst);
    }

    /// The same file after the save that published last. `file` reads the new content: it must have a cache of
    /// its own, for pages cached earlier hold old bytes.
    #[must_use]
    pub fn successor(&self, file: SharedSource) -> Self {
        Self::over(file, self.overlays.last(), self.cacher.clone())
    }

    fn over(file: SharedSource, overlays: Arc<Link>, cacher: Option<Cacher>) -> Self {
        Self { file, overlays, cacher, mixture: Mutex::default(), data: Mutex::default() }
    }

    fn file_data_after(&self, offset: u64) -> Option<Span> {
        let mut known = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(offset) {
            *known = self.file.data_after(offset)?;
        }
        Some(Span::between(known.start().max(offset), known.end()))
    }

    /// The parts of `wanted` that no overlay covers, sorted: there the file still says what it said then.
    pub fn uncovered(&self, wanted: Span) -> Vec<Span> {
        after_the_file();
        let mut uncovered = vec![wanted];
        for overlay in self.overlays.overlays() {
            uncovered = uncovered.into_iter().flat_map(|span| overlay.gaps(span)).collect();
        }
        uncovered
    }

    /// Reads from the file what no overlay covers: a later save may have cut the file shorter than this generation.
    fn read_uncovered(&self, wanted: Span, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let uncovered = self.uncovered(wanted);
        let mut read =
            |span: &Span| self.file.read_cancellable(span.start(), &mut buf[within(*span, wanted)], cancel);
        uncovered.iter().try_for_each(&mut read)
    }

    pub(super) fn cached(&self, source: SharedSource) -> SharedSource {
        match &self.cacher {
            Some(cacher) => cacher(source),
            None => source,
        }
    }

    /// Remembers that a save of this generation broke off and could not be rolled back, so that the next attempt
    /// takes the journal that it finds for its own and rolls back first.
    pub(super) fn set_mixture(&self, mixture: Option<Mixture>) {
        *self.mixture.lock().unwrap_or_else(PoisonError::into_inner) = mixture;
    }

    pub(super) fn mixture(&self) -> Option<Mixture> {
        self.mixture.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The overlays published so far, newest first: an older one says what was there before a newer one.
    fn newest_first(&self) -> Vec<&Overlay> {
        after_the_file();
        let mut overlays: Vec<_> = self.overlays.overlays().collect();
        overlays.reverse();
        overlays
    }
}

impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let overlays = self.overlays.overlays().count();
        f.debug_struct("Generation").field("file", &self.file).field("overlays", &overlays).finish()
    }
}

impl Source for Generation {
    fn len(&self) -> u64 {
        self.file.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.read_cancellable(offset, buf, Cancel::never())
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let wanted = check_bounds(offset, buf.len(), self.len())?;
        if self.file.read_cancellable(offset, buf, cancel).is_err() {
            let mut known = self.overlays.overlays().count();
            while let Err(error) = self.read_uncovered(wanted, buf, cancel) {
                // A save that cuts the file right now has published what it cuts off.
                after_the_file();
                let now = self.overlays.overlays().count();
                if now == known {
                    return Err(error);
                }
                known = now;
            }
        }
        self.newest_first().into_iter().try_for_each(|overlay| overlay.read_over(wanted, buf, cancel))
    }

    fn look_mapped(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        // First the file, then the overlays, as a read: what a save overwrites meanwhile is covered afterwards.
        self.file.look_mapped(span, look)
            && self.newest_first().into_iter().all(|overlay| overlay.parts(span).next().is_none())
    }

    fn hints(&self) -> ReadHints {
        self.file.hints()
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        self.file.peek(offset, buf, states);
        let wanted = Span::between(offset, offset.saturating_add(buf.len() as u64));
        for overlay in self.newest_first() {
            overlay.peek_over(wanted, buf, states);
        }
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let rest = Span::new(offset, self.len())?;
        let covered = self.overlays.overlays().filter_map(|overlay| Some(overlay.parts(rest).next()?.0));
        // `parts` answers spans that reach into the rest, so each begins where data may begin.
        covered.chain(self.file_data_after(offset)).min()
    }

    fn shared_run(&self, offset: u64) -> SharedRun {
        let Some(rest) = Span::new(offset, self.len()) else { return SharedRun::own(self, offset) };
        let below = self.file.shared_run(offset);
        // What a save has overwritten is this generation's own, as far as it is covered without a gap.
        let covered = self.overlays.overlays().filter_map(|overlay| Some(overlay.parts(rest).next()?.0));
        match covered.min() {
            Some(first) if first.start() <= offset => SharedRun::own(self, offset).ending_at(first.end()),
            Some(first) => below.ending_at(below.end.min(first.start())),
            None => below,
        }
    }

    fn fault_at(&self, offset: u64) -> Option<ReadError> {
        let wanted = Span::at(offset, 1)?;
        let covered = self.overlays.overlays().find_map(|overlay| {
            let (_, at) = overlay.parts(wanted).next()?;
            Some(overlay.bytes.fault_at(at))
        });
        covered.unwrap_or_else(|| self.file.fault_at(offset))
    }
}
