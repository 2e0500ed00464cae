//! The page cache: the peeking thread never reads and never waits long, memory stays in its budget.

use super::{byte_at, bytes_at, wait_until};
use pagelens::bytes::pages::{CachedSource, PageCache, Threads};
use pagelens::bytes::{Availability, MemorySource, ReadError, ReadHints, Source, Span, check_bounds};
use pagelens::job::{Waker, no_waker};
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::ThreadId;
use std::time::Duration;

const PAGE_BYTES: u64 = ReadHints::LOCAL.page_bytes;
const BLOCK_BYTES: u64 = ReadHints::LOCAL.block_bytes;

/// More than any test needs; `settle` returns when it has what it asked for.
const PATIENT: Duration = Duration::from_secs(30);

const EVERYTHING: Option<Span> = Some(Span::first(u64::MAX));

/// Bytes without memory, with reads that can be held up and made to fail, and that are noted.
#[derive(Debug, Default)]
struct Trial {
    len: u64,
    held: Mutex<Option<Span>>,
    released: Condvar,
    /// Reads that touch one of these offsets fail, with the length if the file is to be cut short.
    faults: Mutex<BTreeMap<u64, Option<u64>>>,
    reads: Mutex<Vec<Span>>,
    threads: Mutex<HashSet<ThreadId>>,
    is_changed: AtomicBool,
}

impl Trial {
    fn new(len: u64) -> Arc<Self> {
        Arc::new(Self { len, ..Self::default() })
    }

    /// Reads that touch `held` wait until it is another.
    fn hold(&self, held: Option<Span>) {
        *self.held.lock().expect("no panic") = held;
        self.released.notify_all();
    }

    fn fail_at(&self, offset: u64, len_now: Option<u64>) {
        self.faults.lock().expect("no panic").insert(offset, len_now);
    }

    fn reads(&self) -> Vec<Span> {
        self.reads.lock().expect("no panic").clone()
    }
}

impl Source for Trial {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len)?;
        self.threads.lock().expect("no panic").insert(std::thread::current().id());
        self.reads.lock().expect("no panic").push(span);
        let is_changed = self.is_changed.load(Ordering::SeqCst);
        let held = self.held.lock().expect("no panic");
        let is_held = |held: &mut Option<Span>| held.is_some_and(|held| held.intersect(span).is_some());
        drop(self.released.wait_while(held, is_held).expect("no panic"));
        let faults = self.faults.lock().expect("no panic");
        if let Some((_, fault)) = faults.range(span.start()..span.end()).next() {
            return Err(match *fault {
                Some(len_now) => ReadError::CutShort { span, len_now },
                None => ReadError::other(span, "bad sector"),
            });
        }
        for (index, byte) in buf.iter_mut().enumerate() {
            *byte = if is_changed { 0xEE } else { byte_at(offset + index as u64) };
        }
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("the cache peeks at nobody")
    }
}

fn peek(source: &CachedSource, offset: u64, len: usize) -> (Vec<u8>, Vec<Availability>) {
    let (mut buf, mut states) = (vec![0xAA; len], vec![Availability::Missing; len]);
    source.peek(offset, &mut buf, &mut states);
    (buf, states)
}

/// One frame of the window that shows `len` bytes at each of `offsets` and waits for them.
fn frame(cache: &PageCache, source: &CachedSource, offsets: &[u64], len: usize) {
    cache.begin_frame();
    for &offset in offsets {
        peek(source, offset, len);
    }
    assert!(cache.settle(PATIENT), "everything came or failed");
    cache.end_frame();
}

fn all(state: Availability, states: &[Availability]) -> bool {
    states.iter().all(|&other| other == state)
}

#[test]
fn what_was_missing_is_there_after_settling() {
    let cache = PageCache::new(1 << 20, no_waker());
    let len = 3 * PAGE_BYTES + 1234;
    let source = cache.attach(Trial::new(len)).expect("threads");
    for offset in [0, 1, BLOCK_BYTES - 3, PAGE_BYTES - 3, 2 * PAGE_BYTES + 5, len - 100] {
        frame(&cache, &source, &[offset], 200);
        let (buf, states) = peek(&source, offset, 200);
        let inside = 200.min((len - offset) as usize);
        assert!(all(Availability::Ready, &states[..inside]), "{offset:#x}: {states:?}");
        assert!(all(Availability::Failed, &states[inside..]));
        assert_eq!(buf[..inside], bytes_at(offset, inside));
        assert!(buf[inside..].iter().all(|&byte| byte == 0));
    }
    assert!(matches!(source.fault_at(len), Some(ReadError::BeyondEnd { .. })));
    assert_eq!(source.fault_at(0), None);
    let (_, states) = peek(&source, u64::MAX, 9);
    assert!(all(Availability::Failed, &states));
}

#[test]
fn an_empty_source_and_one_of_a_byte() {
    let cache = PageCache::new(1 << 20, no_waker());
    for len in [0, 1] {
        let source = cache.attach(Trial::new(len)).expect("threads");
        frame(&cache, &source, &[0], 2);
        let (_, states) = peek(&source, 0, 2);
        assert!(all(Availability::Ready, &states[..len as usize]));
        assert!(all(Availability::Failed, &states[len as usize..]));
    }
}

#[test]
fn frames_go_on_and_others_are_served_while_a_source_hangs() {
    let cache = PageCache::new(4 << 20, no_waker());
    let (hanging, working) = (Trial::new(1 << 40), Trial::new(1 << 40));
    hanging.hold(EVERYTHING);
    let dead = cache.attach(hanging.clone()).expect("threads");
    let live = cache.attach(working.clone()).expect("threads");
    for number in 0..100_u64 {
        cache.begin_frame();
        let offset = number * 5 * PAGE_BYTES;
        let (buf, states) = peek(&dead, offset, 4096);
        assert!(all(Availability::Missing, &states) && buf.iter().all(|&byte| byte == 0));
        peek(&live, offset, 4096);
        assert!(!cache.settle(Duration::from_millis(2)), "the hanging source is missing");
        cache.end_frame();
        wait_until("the other source is served", || all(Availability::Ready, &peek(&live, offset, 4096).1));
    }
    assert!(hanging.reads().len() <= 2, "what scrolled by waits no more: {:?}", hanging.reads());

    // Let go: the last frame is read, after what was begun, and nothing of the 98 between.
    hanging.hold(None);
    wait_until("the last frame is there", || {
        all(Availability::Ready, &peek(&dead, 99 * 5 * PAGE_BYTES, 4096).1)
    });
    assert!(hanging.reads().len() <= 3, "{:?}", hanging.reads());
    for trial in [&hanging, &working] {
        let threads = trial.threads.lock().expect("no panic");
        assert!(!threads.contains(&std::thread::current().id()), "the peeking thread never reads");
        assert!(!threads.is_empty());
    }
}

#[test]
fn one_page_that_hangs_does_not_keep_the_rest_of_its_source() {
    let cache = PageCache::new(4 << 20, no_waker());
    let trial = Trial::new(1 << 30);
    let source = cache.attach(trial.clone()).expect("threads");
    trial.hold(Some(Span::first(PAGE_BYTES)));
    frame_without_waiting(&cache, &source, 0);
    wait_until("a loader hangs", || !trial.reads().is_empty());
    for page in 1..20 {
        frame(&cache, &source, &[page * PAGE_BYTES], 10);
        assert!(all(Availability::Ready, &peek(&source, page * PAGE_BYTES, 10).1));
    }
    trial.hold(None);
    wait_until("the page that hung is there", || all(Availability::Ready, &peek(&source, 0, 10).1));
}

fn frame_without_waiting(cache: &PageCache, source: &CachedSource, offset: u64) {
    cache.begin_frame();
    peek(source, offset, 1);
    cache.end_frame();
}

#[test]
fn memory_stays_in_its_budget_over_all_sources() {
    let seed = 3;
    let mut random = fastrand::Rng::with_seed(seed);
    let budget = 1 << 20;
    let cache = PageCache::new(budget, no_waker());
    let sources: Vec<_> = (0..3).map(|_| cache.attach(Trial::new(1 << 30)).expect("threads")).collect();
    for _ in 0..300 {
        let source = &sources[random.usize(0..3)];
        let offset = random.u64(0..(1 << 30) - 5000);
        frame(&cache, source, &[offset], 5000);
        let (buf, states) = peek(source, offset, 5000);
        assert!(all(Availability::Ready, &states) && buf == bytes_at(offset, 5000), "seed {seed}");
        let stats = cache.stats();
        assert!(stats.resident_bytes <= budget, "seed {seed}: {stats:?}");
    }
    assert!(cache.stats().resident_bytes > budget / 2, "the budget is made use of");
    drop(sources);
    assert_eq!((cache.stats().resident_bytes, cache.stats().sources), (0, 0));
}

#[test]
fn what_is_on_the_screen_is_never_dropped() {
    let cache = PageCache::new(256 << 10, no_waker());
    let source = cache.attach(Trial::new(1 << 30)).expect("threads");
    // More than the budget, scattered.
    let offsets: Vec<u64> = (0..100).map(|index| index * 3 * PAGE_BYTES).collect();
    for _ in 0..5 {
        frame(&cache, &source, &offsets, 16);
        assert!(offsets.iter().all(|&offset| all(Availability::Ready, &peek(&source, offset, 16).1)));
    }
    assert_eq!(cache.stats().bytes_read, 100 * BLOCK_BYTES, "each read once, and no more than its block");
    for _ in 0..3 {
        frame(&cache, &source, &[5], 16);
    }
    assert!(cache.stats().resident_bytes <= 256 << 10, "and dropped when it has left the screen");
}

#[test]
fn what_is_held_is_not_read_again() {
    let cache = PageCache::new(1 << 20, no_waker());
    let trial = Trial::new(1 << 30);
    let source = cache.attach(trial.clone()).expect("threads");
    for offset in (0..2 * PAGE_BYTES).step_by(1000) {
        frame(&cache, &source, &[offset], 1000);
    }
    assert!(trial.reads().len() <= 3, "a read a page: {:?}", trial.reads());
}

#[test]
fn a_bad_sector_hides_its_block_only_until_it_is_retried() {
    let cache = PageCache::new(1 << 20, no_waker());
    let trial = Trial::new(1 << 20);
    let bad = 5 * BLOCK_BYTES;
    trial.fail_at(bad + 17, None);
    let source = cache.attach(trial.clone()).expect("threads");
    frame(&cache, &source, &[0], PAGE_BYTES as usize);
    let (buf, states) = peek(&source, 0, PAGE_BYTES as usize);
    for (index, state) in states.iter().enumerate() {
        let is_bad = (bad..bad + BLOCK_BYTES).contains(&(index as u64));
        assert_eq!(*state, if is_bad { Availability::Failed } else { Availability::Ready }, "{index:#x}");
        assert_eq!(buf[index], if is_bad { 0 } else { byte_at(index as u64) });
    }
    assert!(matches!(source.fault_at(bad), Some(ReadError::Io { reason, .. }) if reason == "bad sector"));
    assert_eq!(source.fault_at(bad - 1), None);
    assert_eq!(cache.stats().failed_blocks, 1);

    // Not tried again by itself,
    let reads = trial.reads().len();
    frame(&cache, &source, &[bad], 10);
    assert_eq!(trial.reads().len(), reads);
    // but when told to, also with success.
    trial.faults.lock().expect("no panic").clear();
    cache.retry_failed(&source);
    frame(&cache, &source, &[bad], 10);
    assert!(all(Availability::Ready, &peek(&source, bad, 10).1));
    assert_eq!(cache.stats().failed_blocks, 0);
}

#[test]
fn a_file_cut_short_shows_all_that_is_left_of_it() {
    let cache = PageCache::new(1 << 20, no_waker());
    let trial = Trial::new(1 << 20);
    let len_now = 3 * BLOCK_BYTES + 100;
    for offset in (len_now..4 * PAGE_BYTES).step_by(100) {
        trial.fail_at(offset, Some(len_now));
    }
    let source = cache.attach(trial).expect("threads");
    frame(&cache, &source, &[len_now - 50], 100);
    let (buf, states) = peek(&source, len_now - 50, 100);
    assert!(
        all(Availability::Ready, &states[..50]) && all(Availability::Failed, &states[50..]),
        "{states:?}"
    );
    assert_eq!(buf[..50], bytes_at(len_now - 50, 50));
    assert_eq!(source.fault_at(len_now - 1), None);
    assert!(matches!(source.fault_at(len_now), Some(ReadError::CutShort { .. })));
}

#[test]
fn what_was_being_read_when_a_source_was_forgotten_does_not_come_back() {
    let cache = PageCache::new(1 << 20, no_waker());
    let trial = Trial::new(1 << 20);
    let source = cache.attach(trial.clone()).expect("threads");
    frame(&cache, &source, &[0], 10);
    trial.hold(EVERYTHING);
    frame_without_waiting(&cache, &source, PAGE_BYTES);
    wait_until("the second page is being read", || trial.reads().len() == 2);
    trial.is_changed.store(true, Ordering::SeqCst);
    cache.forget(&source);
    assert_eq!(cache.stats().resident_bytes, 0);
    trial.hold(None);
    frame(&cache, &source, &[0, PAGE_BYTES], 10);
    for offset in [0, PAGE_BYTES] {
        assert_eq!(peek(&source, offset, 10).0, [0xEE; 10], "the bytes from after");
    }
}

#[test]
fn the_window_is_woken_when_nobody_waits_and_not_else() {
    let wakes = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&wakes);
    let waker: Waker = Arc::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let cache = PageCache::new(1 << 20, waker);
    let trial = Trial::new(1 << 20);
    let source = cache.attach(trial.clone()).expect("threads");
    for page in 0..8 {
        frame(&cache, &source, &[page * PAGE_BYTES], 10);
    }
    assert_eq!(wakes.load(Ordering::SeqCst), 0);
    frame_without_waiting(&cache, &source, 9 * PAGE_BYTES);
    wait_until("the waker is called", || wakes.load(Ordering::SeqCst) == 1);
    assert!(all(Availability::Ready, &peek(&source, 9 * PAGE_BYTES, 10).1));
    trial.fail_at(10 * PAGE_BYTES, None);
    frame_without_waiting(&cache, &source, 10 * PAGE_BYTES);
    wait_until("a failure wakes too", || wakes.load(Ordering::SeqCst) == 2);

    // Of one frame everything, in whatever pieces it comes, wakes once.
    let misses: Vec<u64> = (11..16).map(|page| page * PAGE_BYTES).collect();
    cache.begin_frame();
    for &offset in &misses {
        peek(&source, offset, 10);
    }
    cache.end_frame();
    wait_until("all are there", || {
        misses.iter().all(|&offset| all(Availability::Ready, &peek(&source, offset, 10).1))
    });
    assert_eq!(wakes.load(Ordering::SeqCst), 3);
}

#[test]
fn the_loaders_of_a_dropped_source_let_go_of_it() {
    let cache = PageCache::new(1 << 20, no_waker());
    let trial = Trial::new(1 << 20);
    let source = cache.attach(trial.clone()).expect("threads");
    frame(&cache, &source, &[0], 10);
    trial.hold(EVERYTHING);
    frame_without_waiting(&cache, &source, PAGE_BYTES);
    wait_until("a loader hangs", || trial.reads().len() == 2);
    drop(source);
    assert!(Arc::strong_count(&trial) > 1, "dropping did not wait for it");
    trial.hold(None);
    wait_until("the loaders have ended", || Arc::strong_count(&trial) == 1);
    assert_eq!(cache.stats().resident_bytes, 0, "and left nothing behind");
}

/// The system's threads, as long as it has some to give; an idle one ends after `idle`.
fn threads(idle: Duration, has_threads: &Arc<AtomicBool>) -> Threads {
    let (system, has_threads) = (Threads::default().start, Arc::clone(has_threads));
    let start = move |run| match has_threads.load(Ordering::SeqCst) {
        true => system(run),
        false => Err(std::io::Error::other("all taken")),
    };
    Threads { start: Arc::new(start), idle }
}

#[test]
fn loaders_of_idle_sources_end_and_come_again_when_something_is_wanted() {
    let has_threads = Arc::new(AtomicBool::new(true));
    let cache = PageCache::with_threads(4 << 20, no_waker(), threads(Duration::from_millis(1), &has_threads));
    let sources: Vec<_> = (0..50).map(|_| cache.attach(Trial::new(1 << 30)).expect("threads")).collect();
    for round in 0..3 {
        wait_until("no loader is left", || cache.stats().loaders == 0);
        for (number, source) in sources.iter().enumerate().step_by(7) {
            let offset = (number as u64 + 50 * round) * PAGE_BYTES;
            frame(&cache, source, &[offset], 64);
            assert_eq!(peek(source, offset, 64), (bytes_at(offset, 64), vec![Availability::Ready; 64]));
        }
    }
    drop(sources);
    wait_until("no loader is left", || cache.stats().loaders == 0);
}

#[test]
fn a_source_that_gets_no_thread_fails_with_a_reason_and_can_be_tried_again() {
    let (woken, has_threads) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(true)));
    let counter = Arc::clone(&woken);
    let waker: Waker = Arc::new(move || {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let cache = PageCache::with_threads(4 << 20, waker, threads(Duration::from_millis(1), &has_threads));
    let source = cache.attach(Trial::new(1 << 30)).expect("threads");
    wait_until("no loader is left", || cache.stats().loaders == 0);
    has_threads.store(false, Ordering::SeqCst);
    frame_without_waiting(&cache, &source, 5 * BLOCK_BYTES);
    assert_eq!(woken.load(Ordering::SeqCst), 1, "the window shows what has failed");
    assert!(all(Availability::Failed, &peek(&source, 5 * BLOCK_BYTES, 64).1));
    let fault = source.fault_at(5 * BLOCK_BYTES).expect("a reason").to_string();
    assert!(fault.contains("no thread") && fault.contains("all taken"), "{fault}");
    frame(&cache, &source, &[0], 64);
    assert!(all(Availability::Failed, &peek(&source, 0, 64).1), "settling does not wait in vain");
    assert!(cache.attach(Trial::new(1)).is_err());
    assert_eq!((cache.stats().sources, cache.stats().loaders, cache.stats().waiting_blocks), (1, 0, 0));
    has_threads.store(true, Ordering::SeqCst);
    cache.retry_failed(&source);
    frame(&cache, &source, &[0, 5 * BLOCK_BYTES], 64);
    assert!(all(Availability::Ready, &peek(&source, 5 * BLOCK_BYTES, 64).1));
    assert_eq!(cache.stats().failed_blocks, 0);
}

#[test]
fn workers_read_past_the_cache() {
    let cache = PageCache::new(1 << 20, no_waker());
    let source = cache.attach(Arc::new(MemorySource::new(bytes_at(0, 100)))).expect("threads");
    let mut buf = [0; 100];
    assert_eq!(source.read_at(0, &mut buf), Ok(()));
    assert_eq!(buf[..], bytes_at(0, 100));
    assert_eq!(source.data_after(10), Some(Span::between(10, 100)));
    assert_eq!(cache.stats().reads, 0);
}
