//! Bytes at the same places.

use super::tiny;
use crate::search::sources::{Gate, Patchy, Sparse};
use pagelens::analysis::compare::{ByteCompare, BytePair, NearestDifference, PairSide};
use pagelens::analysis::search::End;
use pagelens::analysis::spans::{Limit, recorder};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{MemorySource, SharedSource, Source, Span};
use pagelens::document::{Content, Document, Edit, Splice};
use pagelens::job::Progress;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The runs of places where both differ; bad places do not count, and end a run.
fn naive(a: &[u8], b: &[u8], is_bad: &dyn Fn(u64) -> bool) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for at in (0..a.len().min(b.len()) as u64).filter(|at| a[*at as usize] != b[*at as usize] && !is_bad(*at))
    {
        match runs.last_mut() {
            Some(last) if last.end() == at => *last = Span::between(last.start(), at + 1),
            _ => runs.push(Span::between(at, at + 1)),
        }
    }
    runs
}

fn found(compare: &ByteCompare<'_>, within: Span) -> (Vec<Span>, u64, End) {
    let mut runs = Vec::new();
    let tally = compare.find_each(within, &mut |batch| {
        runs.extend(batch.iter());
        ControlFlow::Continue(())
    });
    assert_eq!(tally.runs, runs.len() as u64);
    (runs, tally.bytes, tally.end)
}

fn random_pair(rng: &mut fastrand::Rng) -> (Vec<u8>, Vec<u8>) {
    let len = rng.usize(0..600);
    let zeros = rng.u8(1..8);
    let a: Vec<u8> = (0..len).map(|_| if rng.u8(0..zeros) == 0 { rng.u8(0..4) } else { 0 }).collect();
    let mut b = a.clone();
    for _ in 0..rng.usize(0..8) {
        let from = rng.usize(0..=len);
        let to = (from + rng.usize(0..40)).min(len);
        b[from..to].iter_mut().for_each(|byte| *byte = byte.wrapping_add(rng.u8(0..3)));
    }
    (a, b)
}

#[test]
fn the_runs_are_those_of_a_plain_loop_over_any_sources() {
    for seed in 0..1500 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (a, b) = random_pair(&mut rng);
        let mut own = Patchy::new(a.clone()).with_holes(&mut rng);
        let mut other = Patchy::new(b.clone()).with_holes(&mut rng);
        let tuning = tiny(&mut rng);
        let grain = tuning.grain as u64;
        let bad = |rng: &mut fastrand::Rng| {
            let start = rng.u64(0..700);
            Span::between(start, start + rng.u64(1..30))
        };
        if rng.bool() {
            own.bad.extend((0..rng.usize(0..3)).map(|_| bad(&mut rng)));
            other.bad.extend((0..rng.usize(0..3)).map(|_| bad(&mut rng)));
        }
        let progress = Progress::default();
        let compare = ByteCompare { pair: BytePair::whole(&own, &other), progress: &progress, tuning };
        let mut runs = Vec::new();
        let tally = compare.find_each(Span::first(a.len() as u64), &mut |batch| {
            runs.extend(batch.iter());
            ControlFlow::Continue(())
        });
        // Only blocks with a bad byte are lost; of holes nothing is read.
        let lost = |at: u64| {
            let ranges = tally.unread.a.ranges().iter().chain(tally.unread.b.ranges());
            ranges.clone().any(|range| range.contains(at))
        };
        assert_eq!(runs, naive(&a, &b, &lost), "seed {seed}");
        assert_eq!(tally.bytes, runs.iter().map(|run| run.len()).sum::<u64>());
        assert_eq!(progress.done(), a.len() as u64, "seed {seed}");
        for (source, unread) in [(&own, &tally.unread.a), (&other, &tally.unread.b)] {
            for range in unread.ranges() {
                let near = Span::between(range.start().saturating_sub(grain), range.end() + grain);
                assert!(source.bad.iter().any(|bad| bad.intersect(near).is_some()), "seed {seed}: {range}");
            }
        }
    }
}

#[test]
fn the_next_and_the_previous_difference_from_every_place() {
    for seed in 0..60 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (a, b) = random_pair(&mut rng);
        let own = Patchy::new(a.clone()).with_holes(&mut rng);
        let other = Patchy::new(b.clone());
        let runs = naive(&a, &b, &|_| false);
        let progress = Progress::default();
        let compare =
            ByteCompare { pair: BytePair::whole(&own, &other), progress: &progress, tuning: tiny(&mut rng) };
        for from in (0..=a.len() as u64 + 1).step_by(1 + seed as usize % 7) {
            let next = runs.iter().find(|run| run.start() >= from).copied();
            assert_eq!(run_of(compare.next(from)), next, "seed {seed} from {from}");
            let previous = runs.iter().rfind(|run| run.start() < from);
            let previous = previous.map(|run| Span::between(run.start(), run.end().min(from)));
            assert_eq!(run_of(compare.previous(from)), previous, "seed {seed} before {from}");
        }
        assert_eq!(compare.is_equal(Span::first(a.len() as u64)), runs.is_empty());
    }
}

fn run_of(nearest: NearestDifference) -> Option<Span> {
    assert_eq!(nearest.end, End::Complete);
    nearest.run
}

#[test]
fn mapped_files_of_any_lengths() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rng = fastrand::Rng::with_seed(9);
    for (round, len) in [3 << 20, 700_001, 127, 128, 1].into_iter().enumerate() {
        let a: Vec<u8> = (0..len).map(|_| rng.u8(..)).collect();
        let mut b = a.clone();
        for _ in 0..40 {
            let from = rng.usize(0..len);
            let to = (from + rng.usize(0..3000)).min(len);
            b[from..to].iter_mut().for_each(|byte| *byte = rng.u8(..));
        }
        b.truncate(len - rng.usize(0..=len.min(5)));
        let open = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(format!("{name}{round}"));
            std::fs::write(&path, bytes).expect("written");
            FileSource::open(&path).expect("opened")
        };
        let (own, other) = (open("a", &a), open("b", &b));
        let progress = Progress::default();
        let compare = ByteCompare::new(BytePair::whole(&own, &other), &progress);
        let wanted = naive(&a, &b, &|_| false);
        let bytes: u64 = wanted.iter().map(|run| run.len()).sum();
        assert_eq!(found(&compare, Span::first(u64::MAX)), (wanted.clone(), bytes, End::Complete));
        assert_eq!(run_of(compare.next(0)), wanted.first().copied());
        assert_eq!(run_of(compare.previous(u64::MAX)), wanted.last().copied());
        let shifted =
            BytePair::of_spans((&own, Span::between(1, len as u64)), (&own, Span::first(len as u64)));
        let compare = ByteCompare::new(shifted, &progress);
        let wanted = naive(&a[1..], &a, &|_| false);
        assert_eq!(found(&compare, Span::first(u64::MAX)).0, wanted);
        assert_eq!(shifted.span_in(PairSide::A, Span::between(3, 4)), Span::between(4, 5));
    }
}

#[test]
fn what_two_states_of_a_document_share_is_not_read() {
    let mut rng = fastrand::Rng::with_seed(2);
    let bytes: Vec<u8> = (0..4_000_000).map(|_| rng.u8(..)).collect();
    let base = Arc::new(Patchy::new(bytes.clone()));
    let mut document = Document::new(base.clone() as SharedSource);
    let before = document.snapshot();
    let splice = |at: u64, bytes: &[u8]| Splice {
        span: Span::between(at, at + bytes.len() as u64),
        content: Content::Bytes(bytes.to_vec()),
    };
    let changed = [bytes[2_000_000] ^ 1, bytes[2_000_001], bytes[2_000_002] ^ 1];
    let edit = vec![splice(2_000_000, &changed), splice(3_900_000, &[bytes[3_900_000] ^ 3])];
    document.apply(Edit::each("Set", edit)).expect("applied");
    let after = document.snapshot();
    let progress = Progress::default();
    let spans = |starts: &[u64]| starts.iter().map(|at| Span::between(*at, at + 1)).collect::<Vec<_>>();
    let wanted = spans(&[2_000_000, 2_000_002, 3_900_000]);
    for (a, b) in [(&before, &after), (&after, &before)] {
        let compare = ByteCompare::new(BytePair::whole(a, b), &progress);
        assert_eq!(found(&compare, Span::first(u64::MAX)), (wanted.clone(), 3, End::Complete));
        assert_eq!(run_of(compare.previous(2_000_002)), Some(wanted[0]));
        assert_eq!(run_of(compare.next(2_000_003)), Some(wanted[2]));
    }
    let read = base.read.load(Ordering::Relaxed);
    assert!(read < 2_000_000, "{read} bytes were read");
    let compare = ByteCompare::new(BytePair::whole(&before, &*base), &progress);
    let read = base.read.load(Ordering::Relaxed);
    assert!(compare.is_equal(Span::first(u64::MAX)));
    assert_eq!(base.read.load(Ordering::Relaxed), read, "nothing is read of a file and its saved state");
    // What moved is no longer the same place.
    document
        .apply(Edit::each(
            "Insert",
            vec![Splice { span: Span::empty_at(0), content: Content::Bytes(vec![7]) }],
        ))
        .expect("applied");
    let moved = document.snapshot();
    let compare = ByteCompare::new(BytePair::whole(&before, &moved), &progress);
    let mut all = vec![0; 4_000_001];
    moved.read_at(0, &mut all).expect("read");
    assert_eq!(found(&compare, Span::first(u64::MAX)).0, naive(&bytes, &all, &|_| false));
}

#[test]
fn holes_of_any_length_are_skipped() {
    let sparse = |islands: Vec<(u64, Vec<u8>)>| Sparse { len: 1 << 55, islands, read: AtomicU64::new(0) };
    let a = sparse(vec![(1 << 30, vec![1, 2, 3]), (1 << 50, vec![5; 100])]);
    let b = sparse(vec![(1 << 30, vec![1, 9, 3]), (1 << 40, vec![0, 4, 0]), (1 << 50, vec![5; 100])]);
    let progress = Progress::default();
    let compare = ByteCompare::new(BytePair::whole(&a, &b), &progress);
    let wanted = [(1 << 30) + 1, (1 << 40) + 1].map(|at| Span::between(at, at + 1));
    assert_eq!(found(&compare, Span::first(u64::MAX)), (wanted.to_vec(), 2, End::Complete));
    assert_eq!(run_of(compare.previous(u64::MAX)), Some(wanted[1]));
    assert_eq!(run_of(compare.previous(wanted[1].start())), Some(wanted[0]));
    assert_eq!(run_of(compare.previous(wanted[0].start())), None);
    assert!(a.read.load(Ordering::Relaxed) + b.read.load(Ordering::Relaxed) < 64 << 20);
}

#[test]
fn empty_sources_and_a_full_list() {
    let (none, some) = (MemorySource::new(Vec::new()), MemorySource::new(vec![1; 5000]));
    let progress = Progress::default();
    for pair in [BytePair::whole(&none, &none), BytePair::whole(&none, &some), BytePair::whole(&some, &none)]
    {
        let compare = ByteCompare::new(pair, &progress);
        assert_eq!(found(&compare, Span::first(u64::MAX)), (Vec::new(), 0, End::Complete));
        assert_eq!((run_of(compare.next(0)), run_of(compare.previous(u64::MAX))), (None, None));
        assert!(compare.is_equal(Span::first(u64::MAX)));
    }
    let other = MemorySource::new((0..5000).map(|at| if at % 7 < 2 { 0 } else { 1 }).collect::<Vec<u8>>());
    let compare = ByteCompare::new(BytePair::whole(&some, &other), &progress);
    let (mut list, runs) = recorder(Limit { spans: 10, ..Limit::default() });
    let tally = compare.record(Span::first(u64::MAX), &mut list);
    assert_eq!((tally.end, runs.len()), (End::Cut, 10));
    let (mut list, runs) = recorder(Limit::default());
    let tally = compare.record(Span::first(u64::MAX), &mut list);
    assert_eq!((tally.end, runs.len(), tally.runs), (End::Complete, 715, 715));
    assert_eq!(runs.get(714).expect("in memory"), Some(Span::between(4998, 5000)));
}

#[test]
fn a_cancel_ends_it() {
    let reads = AtomicU64::new(0);
    let progress = Progress::default();
    let cancel = || progress.cancel();
    let gate = Gate { wanted: 3, reads: &reads, then: &cancel };
    let other = MemorySource::new(vec![1; 1 << 20]);
    let tuning = pagelens::analysis::Tuning { chunk: 4096, threads: 2, grain: 512 };
    let len = gate.len();
    let compare = ByteCompare { pair: BytePair::whole(&gate, &other), progress: &progress, tuning };
    let (runs, _, end) = found(&compare, Span::first(len));
    assert_eq!(end, End::Cancelled);
    assert!(runs.iter().map(|run| run.len()).sum::<u64>() < 1 << 20);
    assert_eq!(compare.next(0).end, End::Cancelled);
}
