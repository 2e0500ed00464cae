//! The stupid look that every search is compared with, and how the two are compared.

use super::sources::Patchy;
use pagelens::analysis::search::Pattern;
use pagelens::analysis::spans::recorder;
use pagelens::analysis::{Direction, End, Limit, NextHit, Search, Tally, Tuning};
use pagelens::bytes::{Source, Span};
use pagelens::job::Progress;

/// Every match that touches no bad byte, those that overlap included.
pub fn every(source: &Patchy, fits: impl Fn(&[u8]) -> Option<usize>) -> Vec<Span> {
    (0..source.bytes.len())
        .filter_map(|at| Span::at(at as u64, fits(&source.bytes[at..])? as u64))
        .filter(|span| source.bad.iter().all(|bad| bad.intersect(*span).is_none()))
        .collect()
}

pub fn every_in(bytes: &[u8], fits: impl Fn(&[u8]) -> Option<usize>) -> Vec<Span> {
    (0..bytes.len()).filter_map(|at| Span::at(at as u64, fits(&bytes[at..])? as u64)).collect()
}

pub fn exactly(needle: &[u8]) -> impl Fn(&[u8]) -> Option<usize> {
    let needle = needle.to_vec();
    move |bytes| bytes.starts_with(&needle).then_some(needle.len())
}

pub fn tiny(rng: &mut fastrand::Rng) -> Tuning {
    // The large ones hold whole blocks of the filter of forms.
    let most = [40, 600][rng.usize(..2)];
    Tuning { chunk: rng.usize(1..most), threads: rng.usize(1..4), grain: rng.usize(1..9) }
}

pub fn find_all(
    source: &dyn Source,
    pattern: &dyn Pattern,
    tuning: Tuning,
    within: Span,
) -> (Vec<Span>, Tally) {
    let progress = Progress::default();
    let (mut hits, list) = recorder(Limit::default());
    let tally = Search { source, pattern, progress: &progress, tuning }.find_all(within, &mut hits);
    if tally.end == End::Complete {
        assert_eq!(progress.done(), progress.total(), "the progress ends at its total");
    }
    (list.iter().collect::<Result<_, _>>().expect("nothing is lost"), tally)
}

pub fn next(
    source: &dyn Source,
    pattern: &dyn Pattern,
    tuning: Tuning,
    from: u64,
    direction: Direction,
) -> NextHit {
    let progress = Progress::default();
    let search = Search { source, pattern, progress: &progress, tuning };
    let once = search.find_next(from, direction, false);
    assert!(!once.wrapped);
    let round = search.find_next(from, direction, true);
    if once.span.is_some() {
        assert_eq!(
            (once.span, round.wrapped),
            (round.span, false),
            "wrapping changes nothing before the end"
        );
    } else {
        assert!(round.wrapped);
    }
    round
}

/// The matches in `within`, each behind the one before.
pub fn apart(every: &[Span], within: Span) -> Vec<Span> {
    let mut free_from = within.start();
    let mut apart = Vec::new();
    for span in every {
        if span.start() >= free_from && within.covers(*span) {
            apart.push(*span);
            free_from = span.end();
        }
    }
    apart
}

pub fn compare(
    source: &dyn Source,
    pattern: &dyn Pattern,
    every: &[Span],
    rng: &mut fastrand::Rng,
    context: &str,
) {
    let len = source.len();
    let tuning = tiny(rng);
    let (hits, tally) = find_all(source, pattern, tuning, Span::first(len));
    assert_eq!(hits, apart(every, Span::first(len)), "{context}, {tuning:?}");
    assert_eq!(tally.end, End::Complete);
    let within = Span::between(rng.u64(0..=len), rng.u64(0..=len));
    assert_eq!(
        find_all(source, pattern, tuning, within).0,
        apart(every, within),
        "{context}, {tuning:?} {within}"
    );
    for _ in 0..4 {
        let from = rng.u64(0..=len);
        let forward = every.iter().find(|span| span.start() >= from).or(every.first());
        let found = next(source, pattern, tuning, from, Direction::Forward);
        assert_eq!(found.span.as_ref(), forward, "{context}, {tuning:?}, from {from}");
        let backward = every.iter().rfind(|span| span.end() <= from).or(every.last());
        let found = next(source, pattern, tuning, from, Direction::Backward);
        assert_eq!(found.span.as_ref(), backward, "{context}, {tuning:?}, back from {from}");
    }
}

pub fn random_bytes(rng: &mut fastrand::Rng, letters: &[u8]) -> Vec<u8> {
    let most = [100, 600][rng.usize(..2)];
    let len = rng.usize(0..most);
    let mut bytes: Vec<u8> = (0..len).map(|_| letters[rng.usize(..letters.len())]).collect();
    // Long zeros make holes that span chunks.
    for _ in 0..rng.usize(0..3) {
        let start = rng.usize(0..=len);
        bytes[start..(start + rng.usize(0..90)).min(len)].fill(0);
    }
    bytes
}
