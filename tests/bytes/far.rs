//! Sources that lie far away: their hints, failures that pass, refusals, and reads that a cancel ends.

use super::{byte_at, bytes_at, wait_until};
use pagelens::analysis::{Direction, End, Needle, Search};
use pagelens::bytes::pages::{CachedSource, PageCache};
use pagelens::bytes::resized::Resized;
use pagelens::bytes::{
    Availability, MemorySource, ReadError, ReadErrorKind, ReadHints, SharedSource, Source, Span, check_bounds,
};
use pagelens::document::{Content, Document, Edit, PartialSource, RunList};
use pagelens::job::{Cancel, Progress, no_waker};
use pagelens::save::{Generation, RealDisk, SaveRequest, save};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

const PATIENT: Duration = Duration::from_secs(30);
const LEN: u64 = 1 << 20;

/// As a server in another town would have it.
const HINTS: ReadHints = ReadHints { block_bytes: 16 << 10, page_bytes: 32 << 10, parallel_reads: 5 };

/// A source with the hints of a server, whose next reads can be made to fail.
#[derive(Debug)]
struct Server {
    hints: ReadHints,
    /// How the next reads fail, the last one first.
    failures: Mutex<Vec<ReadErrorKind>>,
    reads: Mutex<Vec<Span>>,
    /// Reads wait while this is set.
    is_held: Mutex<bool>,
    released: Condvar,
    waiting: AtomicUsize,
}

impl Server {
    fn new(hints: ReadHints, failures: &[ReadErrorKind]) -> Arc<Self> {
        Arc::new(Self {
            hints,
            failures: Mutex::new(failures.to_vec()),
            reads: Mutex::default(),
            is_held: Mutex::default(),
            released: Condvar::new(),
            waiting: AtomicUsize::new(0),
        })
    }

    fn hold(&self, is_held: bool) {
        *self.is_held.lock().expect("no panic") = is_held;
        self.released.notify_all();
    }

    fn reads(&self) -> Vec<Span> {
        self.reads.lock().expect("no panic").clone()
    }
}

impl Source for Server {
    fn len(&self) -> u64 {
        LEN
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), LEN)?;
        self.reads.lock().expect("no panic").push(span);
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let held = self.is_held.lock().expect("no panic");
        drop(self.released.wait_while(held, |held| *held).expect("no panic"));
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        if let Some(kind) = self.failures.lock().expect("no panic").pop() {
            return Err(ReadError::Io { span, kind, reason: "503".to_owned() });
        }
        buf.copy_from_slice(&bytes_at(offset, buf.len()));
        Ok(())
    }

    fn hints(&self) -> ReadHints {
        self.hints
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("the cache peeks at nobody")
    }
}

fn shown(cache: &PageCache, source: &CachedSource, offset: u64, len: usize) -> (Vec<u8>, Vec<Availability>) {
    let (mut buf, mut states) = (vec![0xAA; len], vec![Availability::Missing; len]);
    cache.begin_frame();
    source.peek(offset, &mut buf, &mut states);
    assert!(cache.settle(PATIENT), "everything came or failed");
    source.peek(offset, &mut buf, &mut states);
    cache.end_frame();
    (buf, states)
}

#[test]
fn a_failure_that_passes_is_never_seen() {
    use ReadErrorKind::Retryable;
    let cache = PageCache::new(1 << 20, no_waker());
    let server = Server::new(ReadHints::LOCAL, &[Retryable, Retryable]);
    let source = cache.attach(server.clone()).expect("threads");
    let (buf, states) = shown(&cache, &source, 5000, 100);
    assert_eq!((buf, states), (bytes_at(5000, 100), vec![Availability::Ready; 100]));
    assert_eq!(server.reads().len(), 3, "the same page three times: {:?}", server.reads());
    assert_eq!(cache.stats().failed_blocks, 0);
}

#[test]
fn a_server_that_is_gone_is_not_asked_for_each_block_and_not_waited_for_twice() {
    let cache = PageCache::new(1 << 20, no_waker());
    let server = Server::new(ReadHints::LOCAL, &[ReadErrorKind::Retryable; 1000]);
    let source = cache.attach(server.clone()).expect("threads");
    let page = ReadHints::LOCAL.page_bytes as usize;
    let (_, states) = shown(&cache, &source, 0, page);
    assert!(states.iter().all(|state| *state == Availability::Failed));
    let attempts = server.reads().len();
    assert!((2..=8).contains(&attempts), "{attempts} reads of one page, not one for each block");
    assert!(server.reads().iter().all(|span| span.len() == page as u64));
    let fault = source.fault_at(5000).expect("failed");
    assert_eq!((fault.kind(), fault.span().start()), (ReadErrorKind::Retryable, 4096));
    // When the user asks for it, it is tried again.
    server.failures.lock().expect("no panic").clear();
    cache.retry_failed(&source);
    assert_eq!(shown(&cache, &source, 0, page), (bytes_at(0, page), vec![Availability::Ready; page]));
}

#[test]
fn what_is_refused_is_asked_for_once() {
    // A source of large blocks is not read in smaller ones, whatever fails.
    let large = ReadHints { block_bytes: HINTS.page_bytes, ..HINTS };
    let (denied, changed) = (ReadErrorKind::Denied, ReadErrorKind::Changed);
    for (hints, kind) in [(ReadHints::LOCAL, denied), (large, changed), (large, ReadErrorKind::Other)] {
        let cache = PageCache::new(1 << 20, no_waker());
        let server = Server::new(hints, &[kind]);
        let source = cache.attach(server.clone()).expect("threads");
        let (_, states) = shown(&cache, &source, 0, hints.page_bytes as usize);
        assert!(states.iter().all(|state| *state == Availability::Failed));
        assert_eq!(server.reads().len(), 1, "{kind:?}: {:?}", server.reads());
        assert_eq!(source.fault_at(9000).map(|fault| fault.kind()), Some(kind));
    }
}

#[test]
fn a_search_goes_on_after_a_failure_that_passes_and_says_what_was_refused() {
    let pattern = Needle::exact(&bytes_at(LEN - 40, 40)).expect("a pattern");
    let server = Server::new(ReadHints::LOCAL, &[ReadErrorKind::Retryable]);
    let found =
        Search::new(&*server, &pattern, &Progress::default()).find_next(LEN, Direction::Backward, false);
    assert_eq!((found.span, found.unread.bytes()), (Span::new(LEN - 40, LEN), 0));

    let server = Server::new(ReadHints::LOCAL, &[ReadErrorKind::Denied; 1000]);
    let found =
        Search::new(&*server, &pattern, &Progress::default()).find_next(LEN, Direction::Backward, false);
    assert_eq!((found.span, found.unread.bytes()), (None, LEN));
    assert_eq!(found.unread.reason().map(ReadError::kind), Some(ReadErrorKind::Denied));
    assert!(server.reads().len() <= 4, "a refused chunk is not read in small pieces: {:?}", server.reads());
}

#[test]
fn the_cache_reads_as_the_source_likes_it() {
    let cache = PageCache::new(1 << 20, no_waker());
    let server = Server::new(HINTS, &[]);
    server.hold(true);
    let source = cache.attach(server.clone()).expect("threads");
    assert_eq!(source.hints(), HINTS);
    // Eight pages are wanted at once.
    cache.begin_frame();
    let (mut buf, mut states) =
        (vec![0; 8 * HINTS.page_bytes as usize], vec![Availability::Missing; 8 << 15]);
    source.peek(0, &mut buf, &mut states);
    cache.end_frame();
    wait_until("five reads are under way", || server.waiting.load(Ordering::SeqCst) == 5);
    assert_eq!(cache.stats().loaders, 5);
    server.hold(false);
    let (bytes, states) = shown(&cache, &source, 0, 8 << 15);
    assert!(bytes == bytes_at(0, 8 << 15) && states.iter().all(|state| *state == Availability::Ready));
    assert_eq!(server.reads().len(), 8);
    assert!(server.reads().iter().all(|span| span.len() == HINTS.page_bytes));
    // Scattered places come in blocks.
    let before = server.reads().len();
    cache.begin_frame();
    for page in 9..31 {
        source.peek(page * HINTS.page_bytes + 7, &mut buf[..9], &mut [Availability::Missing; 9]);
    }
    assert!(cache.settle(PATIENT));
    cache.end_frame();
    let scattered = &server.reads()[before..];
    assert_eq!(scattered.len(), 22);
    assert!(scattered.iter().all(|span| span.len() == HINTS.block_bytes), "{scattered:?}");
}

/// A source whose reads never end, but for a cancel.
#[derive(Debug, Default)]
struct Stuck {
    readers: AtomicUsize,
}

impl Source for Stuck {
    fn len(&self) -> u64 {
        LEN
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> Result<(), ReadError> {
        unreachable!("nobody reads this without a way out")
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), LEN)?;
        self.readers.fetch_add(1, Ordering::SeqCst);
        while !cancel.is_cancelled() {
            std::thread::sleep(Duration::from_millis(1));
        }
        Err(ReadError::Cancelled { span })
    }

    fn peek(&self, _: u64, _: &mut [u8], states: &mut [Availability]) {
        states.fill(Availability::Missing);
    }
}

/// Puts something before a source.
type Layer = fn(&PageCache, SharedSource) -> SharedSource;

/// Runs `work` until a read of `stuck` is under way, and cancels it then.
fn cancelled<T: Send>(stuck: &Stuck, work: impl FnOnce(&Progress) -> T + Send) -> T {
    let progress = Progress::default();
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| work(&progress));
        wait_until("a read is under way", || stuck.readers.load(Ordering::SeqCst) > 0);
        progress.cancel();
        worker.join().expect("no panic")
    })
}

#[test]
fn a_cancel_reaches_the_source_through_all_that_lies_before_it() {
    let cache = PageCache::new(1 << 20, no_waker());
    let layers: [(&str, Layer); 5] = [
        ("cache", |cache, source| cache.attach(source).expect("threads")),
        ("length", |_, source| Arc::new(Resized::new(source, LEN / 2))),
        ("generation", |_, source| Arc::new(Generation::new(source))),
        ("part", |_, source| {
            let runs = RunList::new(vec![(Span::first(LEN), 0)]).expect("apart");
            Arc::new(PartialSource::new(LEN, runs, source, "lost"))
        }),
        ("document", |_, source| {
            let mut document = Document::new(source);
            let typed = Content::Bytes(vec![7; 9]);
            document.apply(Edit::one("Typing", Span::empty_at(10), typed)).expect("inside");
            Arc::new(document.snapshot())
        }),
    ];
    for (name, layer) in layers {
        for len in [100, 300_000] {
            let stuck = Arc::new(Stuck::default());
            let source = layer(&cache, stuck.clone());
            let answer = cancelled(&stuck, |progress| {
                source.read_cancellable(50, &mut vec![0; len], progress.as_cancel())
            });
            let kind = answer.as_ref().map_err(ReadError::kind);
            assert_eq!(kind, Err(ReadErrorKind::Cancelled), "{name}, {len}: {answer:?}");
        }
    }
}

#[test]
fn a_search_and_a_save_end_at_a_cancel_although_a_read_hangs() {
    let stuck = Stuck::default();
    let pattern = Needle::exact(b"abc").expect("a pattern");
    let found = cancelled(&stuck, |progress| {
        Search::new(&stuck, &pattern, progress).find_next(0, Direction::Forward, false)
    });
    assert_eq!((found.end, found.span), (End::Cancelled, None));

    let folder = tempfile::tempdir().expect("a folder");
    let stuck = Arc::new(Stuck::default());
    let target = folder.path().join("new");
    let request = SaveRequest::save_as(stuck.clone(), &target, false);
    let refused = cancelled(&stuck, |progress| save(&RealDisk, request, progress)).expect_err("cancelled");
    assert!(refused.is_cancelled(), "{refused}");
    assert!(std::fs::read_dir(folder.path()).expect("a folder").next().is_none(), "nothing is left");
}

/// Counts the reads, and cancels after the first.
#[derive(Debug)]
struct Counted {
    bytes: MemorySource,
    cancel: Arc<Cancel>,
    reads: AtomicUsize,
}

impl Source for Counted {
    fn len(&self) -> u64 {
        self.bytes.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.cancel.cancel();
        self.bytes.read_at(offset, buf)
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {}
}

#[test]
fn a_source_that_knows_nothing_of_a_cancel_is_left_between_two_pieces() {
    let bytes: Vec<u8> = (0..5 << 20).map(byte_at).collect();
    let cancel = Arc::new(Cancel::default());
    let source = Counted {
        bytes: MemorySource::new(bytes.clone()),
        cancel: Arc::clone(&cancel),
        reads: AtomicUsize::new(0),
    };
    let mut buf = vec![0; bytes.len()];
    let answer = source.read_cancellable(0, &mut buf, &cancel);
    assert_eq!(answer, Err(ReadError::Cancelled { span: Span::between(1 << 20, 5 << 20) }));
    assert_eq!(source.reads.load(Ordering::SeqCst), 1);
    assert_eq!(source.read_cancellable(0, &mut buf, Cancel::never()), Ok(()));
    assert!(buf == bytes);
    // Nobody can cancel what is always wanted.
    Cancel::never().cancel();
    assert!(!Cancel::never().is_cancelled());
}
