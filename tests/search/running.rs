//! What a search does while it runs: who waits, who stops, what is seen of it.

use super::sources::{Gate, Patchy};
use pagelens::analysis::search::{Match, Pattern};
use pagelens::analysis::spans::recorder;
use pagelens::analysis::{Direction, End, Limit, Needle, Search, Tuning, Window};
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::job::{Job, Poll, Progress, Waker, no_waker};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

/// Finds something in every window, and cancels at the third.
#[derive(Debug)]
struct Canceller<'a>(&'a Progress, AtomicU64);

impl Pattern for Canceller<'_> {
    fn max_len(&self) -> usize {
        1
    }

    fn matches_zeros(&self) -> bool {
        true
    }

    fn find_in(&self, _: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.1.fetch_add(1, Ordering::Relaxed) == 2 {
            self.0.cancel();
        }
        hit(Match { at: 0, len: 1 })
    }
}

#[test]
fn a_search_that_was_cancelled_stops_and_keeps_what_it_found() {
    for threads in 1..4 {
        let source = MemorySource::new(vec![0; 10_000]);
        let progress = Progress::default();
        let pattern = Canceller(&progress, AtomicU64::new(0));
        let (mut hits, list) = recorder(Limit::default());
        let tuning = Tuning { chunk: 10, threads, grain: 1 };
        let search = Search { source: &source, pattern: &pattern, progress: &progress, tuning };
        let tally = search.find_all(Span::first(10_000), &mut hits);
        assert_eq!(tally.end, End::Cancelled);
        let seen = pattern.1.load(Ordering::Relaxed);
        assert!(seen < 3 + threads as u64, "{threads} threads looked at {seen} windows");
        assert!(list.len() <= seen);
        assert_eq!(search.find_next(0, Direction::Forward, true).end, End::Cancelled);
    }
}

/// Runs a search over a [`Gate`] on a thread of its own and sees that it ends, without a read too many.
fn ends_behind_a_gate(then: impl Fn(&Progress) + Send + Sync + 'static) {
    const THREADS: usize = 3;
    // Twice the threads may be under way; one is the late one.
    const WANTED: u64 = 2 * THREADS as u64 - 1;
    let (woken, wake) = channel();
    let waker: Waker = Arc::new(move || {
        let _ = woken.send(());
    });
    let reads = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&reads);
    let _job = Job::spawn("search", waker, move |progress| {
        let gate = Gate { wanted: WANTED, reads: &counted, then: &|| then(progress) };
        let pattern = Needle::exact(&[1]).expect("a needle");
        let tuning = Tuning { chunk: 1000, threads: THREADS, grain: 1 };
        Search { source: &gate, pattern: &pattern, progress, tuning }.find_next(0, Direction::Forward, false)
    })
    .expect("a thread");
    assert!(wake.recv_timeout(Duration::from_secs(60)).is_ok(), "somebody waits for ever");
    assert_eq!(
        reads.load(Ordering::Relaxed),
        WANTED,
        "who is far ahead waits, and who is stopped reads no more"
    );
}

#[test]
fn a_panic_in_a_worker_ends_the_search_and_hangs_nobody() {
    ends_behind_a_gate(|_| panic!("on purpose"));
}

#[test]
fn a_cancel_reaches_those_who_wait() {
    ends_behind_a_gate(Progress::cancel);
}

#[test]
fn the_first_hit_is_there_before_the_rest_is_read() {
    let mut bytes = vec![0; 1 << 20];
    bytes[100..106].copy_from_slice(b"needle");
    let source = Patchy::new(bytes);
    let pattern = Needle::exact(b"needle").expect("a needle");
    let tuning = Tuning { chunk: 1 << 10, threads: 2, grain: 1 };
    let progress = Progress::default();
    let search = Search { source: &source, pattern: &pattern, progress: &progress, tuning };
    assert_eq!(search.find_next(0, Direction::Forward, false).span, Some(Span::between(100, 106)));
    let read = source.read.load(Ordering::Relaxed);
    assert!(read <= 10 << 10, "{read} bytes were read");
}

#[test]
fn readers_see_hits_in_order_while_the_search_runs() {
    let source = MemorySource::new(b"ab".repeat(200_000));
    let (mut hits, list) = recorder(Limit::default());
    let mut job = Job::spawn("search", no_waker(), move |progress| {
        let pattern = Needle::exact(b"a").expect("a needle");
        let tuning = Tuning { chunk: 100, threads: 2, grain: 1 };
        Search { source: &source, pattern: &pattern, progress, tuning }
            .find_all(Span::first(400_000), &mut hits)
            .end
    })
    .expect("a thread");
    let mut seen = 0;
    loop {
        let state = job.poll();
        let len = list.len();
        assert!(len >= seen, "hits do not vanish");
        for index in [0, len / 2, len.saturating_sub(1)].into_iter().filter(|index| *index < len) {
            assert_eq!(list.get(index), Ok(Some(Span::between(2 * index, 2 * index + 1))));
        }
        seen = len;
        if state != Poll::Running {
            assert_eq!(state, Poll::Done(End::Complete));
            break;
        }
    }
    assert_eq!(list.len(), 200_000);
}

#[test]
fn dense_matches_are_handed_over_in_small_parts() {
    let mut rng = fastrand::Rng::with_seed(9);
    // No two matches follow each other at one distance for long: a span each would take 16 bytes.
    let bytes: Vec<u8> = (0..12 << 20).map(|_| rng.u8(b'P'..b'R')).collect();
    let expected = bytes.iter().filter(|byte| **byte == b'P').count() as u64;
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::io::Write::write_all(&mut file, &bytes).expect("written");
    let mapped = pagelens::bytes::file::FileSource::open(file.path()).expect("a source");
    let pattern = Needle::exact(b"P").expect("a needle");
    for source in [&mapped as &dyn Source, &MemorySource::new(bytes)] {
        let progress = Progress::default();
        let (mut parts, mut count, mut largest, mut end) = (0, 0, 0, 0);
        let tally =
            Search::new(source, &pattern, &progress).find_each(Span::first(source.len()), &mut |spans| {
                (parts, count, largest) = (parts + 1, count + spans.count(), largest.max(spans.coded_len()));
                assert!(spans.first().is_some_and(|first| first.start() >= end));
                end = spans.end();
                ControlFlow::Continue(())
            });
        assert_eq!((tally.end, count), (End::Complete, expected));
        assert!(largest < 600_000 && parts > 10, "{parts} parts, the largest of {largest} bytes");
        let mut counted = 0;
        Search::new(source, &pattern, &progress).count_each(Span::first(source.len()), &mut |count| {
            counted += count;
            ControlFlow::Continue(())
        });
        assert_eq!(counted, expected);
    }
}

#[test]
fn the_first_match_of_many_is_told_before_much_was_searched() {
    let source = Arc::new(MemorySource::new(vec![b'x'; 64 << 20]));
    let pattern = Needle::exact(b"x").expect("a needle");
    let progress = Progress::default();
    let mut calls = 0;
    let tally =
        Search::new(&*source, &pattern, &progress).find_each(Span::first(source.len()), &mut |spans| {
            calls += 1;
            assert_eq!(spans.first(), Some(Span::first(1)));
            ControlFlow::Break(())
        });
    assert_eq!((calls, tally.end), (1, End::Cut));
    assert!(progress.done() < 16 << 20, "{} bytes", progress.done());
}
