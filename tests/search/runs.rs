//! Runs of one byte, such as holes and fills: what is in them is known without a look, however long they are.

use super::naive::tiny;
use super::sources::Sparse;
use pagelens::analysis::masked::Masked;
use pagelens::analysis::search::Pattern;
use pagelens::analysis::spans::recorder;
use pagelens::analysis::{Direction, End, Limit, Needle, Search};
use pagelens::bytes::{Availability, ReadError, Source, Span, check_bounds};
use pagelens::decode::hex::parse_masked;
use pagelens::job::Progress;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

const TIB: u64 = 1 << 40;

/// A byte in the middle of a hole of a TiB.
fn sparse() -> Sparse {
    Sparse { len: TIB, islands: vec![(TIB / 2, vec![1])], read: AtomicU64::new(0) }
}

fn count(source: &dyn Source, pattern: &dyn Pattern, within: Span) -> u64 {
    let progress = Progress::default();
    let mut count = 0;
    let tally = Search::new(source, pattern, &progress).count_each(within, &mut |more| {
        count += more;
        ControlFlow::Continue(())
    });
    assert_eq!((tally.end, tally.unread.is_empty()), (End::Complete, true));
    assert_eq!(progress.done(), progress.total(), "the progress ends at its total");
    count
}

#[test]
fn zeros_in_a_hole_are_counted_without_reading_it() {
    let source = sparse();
    let needle = |len: usize| Needle::exact(&vec![0; len]).expect("a needle");
    let all = Span::first(TIB);
    assert_eq!(count(&source, &needle(1), all), TIB - 1);
    // Those that do not overlap: of the bytes before the island, and of one byte less behind it.
    assert_eq!(count(&source, &needle(2), all), TIB / 4 + (TIB / 2 - 1) / 2);
    assert_eq!(count(&source, &needle(3), all), TIB / 2 / 3 + (TIB / 2 - 1) / 3);
    assert_eq!(count(&source, &needle(1), Span::between(5, 5 + (1 << 30))), 1 << 30);
    let masked = Masked::new(&parse_masked("0? ?0").expect("hex")).expect("a pattern");
    // 01 is a first byte, and no second one.
    assert_eq!(count(&source, &masked, all), TIB / 4 + TIB / 4);
    assert_eq!(count(&source, &Needle::exact(&[0, 1, 0]).expect("a needle"), all), 1);
    let read = source.read.load(Ordering::Relaxed);
    assert!(read < 256 << 20, "{read} bytes were read");
}

#[test]
fn a_list_of_zeros_in_a_hole_is_full_at_once_and_begins_at_its_start() {
    let source = sparse();
    let (needle, progress) = (Needle::exact(&[0, 0]).expect("a needle"), Progress::default());
    let limit = Limit { spans: 1 << 38, uneven: 10, ..Limit::default() };
    let (mut hits, list) = recorder(limit);
    let tally = Search::new(&source, &needle, &progress).find_all(Span::first(TIB), &mut hits);
    assert_eq!((tally.end, hits.len()), (End::Cut, 1 << 38));
    let mut first = list.iter();
    let mut next = || first.next().expect("a span").expect("nothing is lost");
    assert_eq!([next(), next()], [Span::between(0, 2), Span::between(2, 4)]);
    let read = source.read.load(Ordering::Relaxed);
    assert!(read < 64 << 20, "{read} bytes were read");
}

#[test]
fn the_next_zeros_in_a_hole_are_found_in_both_directions_without_reading_it() {
    let source = sparse();
    let (needle, progress) = (Needle::exact(&[0; 4]).expect("a needle"), Progress::default());
    let search = Search::new(&source, &needle, &progress);
    let next = |from, direction| search.find_next(from, direction, true).span;
    assert_eq!(next(7, Direction::Forward), Span::at(7, 4));
    assert_eq!(next(TIB / 2 - 2, Direction::Forward), Span::at(TIB / 2 + 1, 4));
    assert_eq!(next(TIB - 3, Direction::Forward), Span::at(0, 4), "from the start again");
    assert_eq!(next(TIB, Direction::Backward), Span::at(TIB - 4, 4));
    assert_eq!(next(TIB / 2 + 3, Direction::Backward), Span::at(TIB / 2 - 4, 4));
    assert_eq!(next(3, Direction::Backward), Span::at(TIB - 4, 4), "from the end again");
    let read = source.read.load(Ordering::Relaxed);
    assert!(read < 64 << 20, "{read} bytes were read");
}

/// One byte over and over, and another one at the end.
#[derive(Debug)]
struct Filled {
    len: u64,
    read: AtomicU64,
}

impl Source for Filled {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len)?;
        self.read.fetch_add(span.len(), Ordering::Relaxed);
        buf.fill(0xaa);
        if span.end() == self.len && !buf.is_empty() {
            buf[span.len() as usize - 1] = 0xbb;
        }
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("an analysis never peeks");
    }

    fn fill_at(&self, offset: u64) -> Option<pagelens::bytes::FillRun<'_>> {
        let end = self.len - 1;
        (offset < end).then_some(pagelens::bytes::FillRun { pattern: &[0xaa; 3], phase: 0, end })
    }
}

#[test]
fn a_fill_is_not_read_either_whatever_is_looked_for() {
    let source = Filled { len: TIB, read: AtomicU64::new(0) };
    let all = Span::first(TIB);
    for (digits, wanted) in [("aa", TIB - 1), ("aa aa", (TIB - 1) / 2), ("ab", 0), ("00", 0), ("aa bb", 1)] {
        let needle = Needle::exact(&pagelens::decode::hex::parse(digits).expect("hex")).expect("a needle");
        assert_eq!(count(&source, &needle, all), wanted, "{digits}");
    }
    let read = source.read.load(Ordering::Relaxed);
    assert!(read < 64 << 20, "{read} bytes were read");
}

/// The same answers as for a source that does not tell of its runs.
#[test]
fn runs_change_no_answer() {
    for seed in 0..300 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let source = Filled { len: rng.u64(1..300), read: AtomicU64::new(0) };
        let mut bytes = vec![0; source.len as usize];
        source.read_at(0, &mut bytes).expect("read");
        let plain = pagelens::bytes::MemorySource::new(bytes);
        let digits = ["aa", "aa aa aa", "?a", "a? ?b", "bb", "aa bb", "ab"][seed as usize % 7];
        let pattern = Masked::new(&parse_masked(digits).expect("hex")).expect("a pattern");
        let (tuning, within) = (tiny(&mut rng), Span::between(rng.u64(0..300), rng.u64(0..400)));
        let from = rng.u64(0..=source.len);
        let answers = |source: &dyn Source| {
            let progress = Progress::default();
            let search = Search { tuning, ..Search::new(source, &pattern, &progress) };
            let (mut hits, list) = recorder(Limit::default());
            search.find_all(within, &mut hits);
            let spans: Vec<Span> = list.iter().map(|span| span.expect("nothing is lost")).collect();
            let next = [Direction::Forward, Direction::Backward]
                .map(|direction| search.find_next(from, direction, true).span);
            (spans, next)
        };
        assert_eq!(answers(&source), answers(&plain), "{digits}, {tuning:?}, {within} from {from}, {seed}");
    }
}
