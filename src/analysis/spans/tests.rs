//! Lists of spans against plain lists, in memory and in a file, and a file that fails.

use super::segment::{SEGMENT, Segment};
use super::*;
use crate::bytes::Span;
use std::sync::Arc;

fn list_of(spans: &[Span]) -> Arc<SpanList> {
    let (mut recorder, list) = recorder(Limit::default());
    for span in spans {
        recorder.push(*span).expect("room");
    }
    recorder.publish();
    list
}

fn all(list: &SpanList) -> Vec<Span> {
    list.iter().collect::<Result<_, _>>().expect("nothing is lost")
}

fn random_spans(seed: u64, count: usize) -> Vec<Span> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut end = 0;
    let mut spans = Vec::new();
    while spans.len() < count {
        let scale = rng.u32(0..20);
        let (gap, len) = (rng.u64(0..1 << scale), if rng.u8(..) < 200 { 7 } else { rng.u64(1..3000) });
        // Many go on at even distances, a few for long.
        let repeats = if rng.u8(..) < 2 { 300 } else { [1, 1, 1, 2, 9][rng.usize(..5)] };
        for _ in 0..repeats.min(count - spans.len()) {
            let span = Span::at(end + gap, len).expect("small");
            end = span.end();
            spans.push(span);
        }
    }
    spans
}

/// Spans that no two codes can join.
fn uneven_spans(count: u64) -> impl Iterator<Item = Span> {
    (0..count).map(|n| Span::between(100 * n + n % 2, 100 * n + 7))
}

#[test]
fn every_question_is_answered_as_a_plain_list_would() {
    for seed in 0..8 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let spans = random_spans(seed, rng.usize(0..9 * SEGMENT));
        let list = list_of(&spans);
        assert_eq!(list.len(), spans.len() as u64, "seed {seed}");
        assert_eq!(all(&list), spans, "seed {seed}");
        let end = spans.last().map_or(0, |span| span.end());
        for _ in 0..300 {
            let index = rng.usize(0..=spans.len());
            assert_eq!(list.get(index as u64), Ok(spans.get(index).copied()), "seed {seed}, index {index}");
            let from: Result<Vec<Span>, _> = list.iter_from(index as u64).take(50).collect();
            assert_eq!(from.as_deref(), Ok(&spans[index..spans.len().min(index + 50)]), "seed {seed}");
            let offset = rng.u64(0..=end + 10);
            let next = spans.partition_point(|span| span.end() <= offset);
            let ranked = |i: usize| Ranked { index: i as u64, span: spans[i] };
            let after = (next < spans.len()).then(|| ranked(next));
            assert_eq!(list.ending_after(offset), Ok(after), "seed {seed}");
            assert_eq!(list.peek_ending_after(offset), Peeked::Ready(after), "seed {seed}");
            let by = next.checked_sub(1).map(ranked);
            assert_eq!(list.ending_by(offset), Ok(by), "seed {seed} {offset}");
            let within = Span::between(offset, offset + rng.u64(0..end / 2 + 10));
            let max = rng.usize(0..2 * SEGMENT);
            let shared = spans.iter().copied().filter(|span| span.intersect(within).is_some());
            assert_eq!(list.touching(within, max), Ok(shared.take(max).collect()), "seed {seed}");
        }
    }
}

#[test]
fn the_largest_offsets_survive_the_coding() {
    let spans = [Span::between(1 << 63, u64::MAX - 9), Span::between(u64::MAX - 1, u64::MAX)];
    let list = list_of(&spans);
    assert_eq!(all(&list), spans);
    assert_eq!(list.ending_after(u64::MAX - 9), Ok(Some(Ranked { index: 1, span: spans[1] })));
}

#[test]
fn a_full_list_takes_no_more_and_keeps_what_it_has() {
    let (mut recorder, list) = recorder(Limit { spans: 3, ..Limit::default() });
    let pushed = (0..5).map(|i| recorder.push(Span::between(10 * i, 10 * i + 1)));
    assert_eq!(pushed.collect::<Vec<_>>(), [Ok(()), Ok(()), Ok(()), Err(Full), Err(Full)]);
    recorder.publish();
    assert_eq!(list.len(), 3);
    let (mut recorder, list) = super::recorder(Limit { spans: 7, ..Limit::default() });
    let ten = EvenSpans { first: Span::between(4, 6), step: 5, count: 10 };
    assert_eq!(recorder.push_even(ten), Err(Full));
    recorder.publish();
    assert_eq!(all(&list), ten.iter().take(7).collect::<Vec<_>>(), "as many as there is room for");
    assert_eq!(list.trouble(), None);
}

#[test]
fn what_finds_no_room_in_memory_is_read_from_a_file() {
    for seed in 0..4 {
        let spans = random_spans(seed, 30 * SEGMENT + 77);
        let (mut recorder, list) = super::recorder(Limit { bytes: 20_000, ..Limit::default() });
        for span in &spans {
            recorder.push(*span).expect("room on the disk");
        }
        recorder.publish();
        assert!(recorder.has_file(), "seed {seed}");
        assert_eq!(all(&list), spans, "seed {seed}");
        let mut rng = fastrand::Rng::with_seed(seed);
        for _ in 0..200 {
            let index = rng.usize(0..spans.len());
            assert_eq!(list.get(index as u64), Ok(Some(spans[index])), "seed {seed}, {index}");
            let ranked = Ranked { index: index as u64, span: spans[index] };
            assert_eq!(list.ending_after(spans[index].start()), Ok(Some(ranked)), "seed {seed}, {index}");
            assert_eq!(list.touching(spans[index], 3).as_deref(), Ok(&spans[index..=index]));
        }
    }
}

#[test]
fn a_look_that_does_not_wait_gets_what_a_worker_has_read() {
    let spans: Vec<Span> = uneven_spans(9 * SEGMENT as u64).collect();
    let (mut recorder, list) = super::recorder(Limit { bytes: 20_000, ..Limit::default() });
    spans.iter().for_each(|span| recorder.push(*span).expect("room"));
    recorder.publish();
    assert_eq!((list.peek(3), list.wants()), (Peeked::Ready(Some(spans[3])), false), "in memory");
    let far = spans.len() as u64 - SEGMENT as u64 - 9;
    let span = spans[far as usize];
    assert_eq!((list.peek(far), list.wants()), (Peeked::Missing, true));
    assert_eq!(list.peek_touching(span, 5), Peeked::Missing);
    assert!(list.read_wanted(&|| true) && !list.wants());
    assert_eq!(list.peek(far), Peeked::Ready(Some(span)));
    assert_eq!(list.peek_touching(span, 5), Peeked::Ready(vec![span]));
    let ranked = Ranked { index: far, span };
    assert_eq!(list.peek_ending_after(span.start()), Peeked::Ready(Some(ranked)));
    assert!(!list.wants() && !list.read_wanted(&|| true));
    // What is spread over a scroll bar asks for nothing.
    let spread = list.spread(400);
    assert!((90..=400).contains(&spread.len()), "{}", spread.len());
    assert!(spread.iter().all(|span| spans.contains(span)) && spread.is_sorted());
    assert!(!list.wants());
}

#[test]
fn many_segments_are_not_all_kept_that_were_looked_at() {
    let (mut recorder, list) = super::recorder(Limit { bytes: 0, ..Limit::default() });
    uneven_spans(400 * SEGMENT as u64).for_each(|span| recorder.push(span).expect("room"));
    recorder.publish();
    let before = list.size();
    for index in (0..list.len()).step_by(SEGMENT) {
        if list.peek(index) == Peeked::Missing {
            list.read_wanted(&|| true);
            assert!(matches!(list.peek(index), Peeked::Ready(Some(_))));
        }
    }
    assert!(list.size() < before + (3 << 20), "{} and {before} bytes", list.size());
    // A wild scroll asks for many at once; the oldest are given up.
    let is_there = |index: &u64| matches!(list.peek(*index), Peeked::Ready(_));
    assert!((0..list.len()).step_by(SEGMENT).filter(is_there).count() < 300);
    list.read_wanted(&|| true);
    assert!(list.size() < before + (3 << 20), "{} and {before} bytes", list.size());
}

#[test]
fn the_memory_limit_holds_and_a_dense_list_takes_few_bytes_a_span() {
    const LIMIT: usize = 1 << 20;
    let (mut recorder, list) = super::recorder(Limit { bytes: LIMIT, spans: 2_000_000, ..Limit::default() });
    uneven_spans(2_000_000).for_each(|span| recorder.push(span).expect("room"));
    recorder.publish();
    assert_eq!(list.len(), 2_000_000);
    // Behind the limit a segment leaves its head in memory, and the open one is there.
    let heads = 2_000_000 / SEGMENT * size_of::<Segment>();
    assert!(list.size() <= LIMIT + heads + (64 << 10), "{} bytes", list.size());
    let (mut recorder, list) = super::recorder(Limit::default());
    uneven_spans(100_000).for_each(|span| recorder.push(span).expect("room"));
    recorder.publish();
    assert!(list.size() < 600_000, "{} bytes", list.size());
}

#[test]
fn any_number_of_spans_at_even_distances_takes_a_few_bytes() {
    let (mut recorder, list) = super::recorder(Limit { spans: u64::MAX, bytes: 0, ..Limit::default() });
    let many = EvenSpans { first: Span::between(3, 4), step: 2, count: 1 << 40 };
    recorder.push_even(many).expect("room");
    recorder.push(Span::between(1 << 50, (1 << 50) + 9)).expect("room");
    recorder.publish();
    assert_eq!(list.len(), (1 << 40) + 1);
    assert!(list.size() < 1000 && !recorder.has_file(), "{} bytes", list.size());
    assert_eq!(list.get(123_456_789), Ok(Some(many.nth(123_456_789))));
    assert_eq!(list.get(1 << 40), Ok(Some(Span::between(1 << 50, (1 << 50) + 9))));
    let ranked = Ranked { index: 1000, span: many.nth(1000) };
    assert_eq!(list.ending_after(2002), Ok(Some(ranked)));
    // One by one they are the same.
    let (mut recorder, list) = super::recorder(Limit::default());
    (0..1_000_000).for_each(|n| recorder.push(Span::between(64 * n, 64 * n + 2)).expect("room"));
    recorder.publish();
    assert!(list.size() < 1000, "{} bytes", list.size());
}

#[test]
fn readers_see_what_was_published_and_no_more() {
    let (mut recorder, list) = recorder(Limit::default());
    let span = Span::between(4, 6);
    recorder.push(span).expect("room");
    assert!(list.is_empty());
    recorder.publish();
    assert_eq!(list.get(0), Ok(Some(span)));
    recorder.push(Span::between(6, 8)).expect("room");
    assert_eq!((list.len(), recorder.len()), (1, 2));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_ends_the_list_and_says_so() {
    let full =
        std::fs::File::options().read(true).write(true).open("/dev/full").expect("a device that is full");
    let (mut recorder, list) = recorder_into(Limit { bytes: 0, ..Limit::default() }, full);
    let taken = uneven_spans(50 * SEGMENT as u64).take_while(|span| recorder.push(*span).is_ok()).count();
    recorder.publish();
    assert!((SEGMENT..3 * SEGMENT).contains(&taken), "{taken}");
    assert_eq!(all(&list), uneven_spans(taken as u64).collect::<Vec<_>>(), "what was taken is there");
    let Some(SpillError::Write(reason)) = list.trouble() else { panic!("{:?}", list.trouble()) };
    assert!(reason.contains("No space left"), "{reason}");
}

#[test]
fn a_file_that_was_cut_short_or_changed_is_an_error_and_no_empty_list() {
    type Spoil<'s> = &'s dyn Fn(&std::fs::File);
    let spoil: [(&str, Spoil<'_>); 2] = [
        ("cut", &|file| file.set_len(1 << 10).expect("a shorter file")),
        ("changed", &|mut file| {
            use std::io::{Seek, SeekFrom, Write};
            file.seek(SeekFrom::Start(2000)).expect("inside");
            file.write_all(&[0x55; 4000]).expect("other bytes");
        }),
    ];
    for (what, spoil) in spoil {
        let file = tempfile::tempfile().expect("a file");
        let other = file.try_clone().expect("a second handle");
        let (mut recorder, list) = recorder_into(Limit { bytes: 0, ..Limit::default() }, file);
        uneven_spans(5 * SEGMENT as u64).for_each(|span| recorder.push(span).expect("room"));
        recorder.publish();
        assert_eq!(list.trouble(), None);
        spoil(&other);
        assert!(matches!(list.get(5), Err(SpillError::Read(_))), "{what}");
        assert!(matches!(list.ending_after(5), Err(SpillError::Read(_))), "{what}");
        assert!(matches!(list.touching(Span::first(50), 3), Err(SpillError::Read(_))), "{what}");
        let told: Vec<bool> = list.iter().map(|span| span.is_ok()).collect();
        assert_eq!(told, [false], "{what}: an error, and nothing behind it");
        assert!(matches!(list.trouble(), Some(SpillError::Read(_))), "{what}");
        assert_eq!(list.peek(5), Peeked::Missing);
        list.read_wanted(&|| true);
        assert_eq!((list.peek(5), list.wants()), (Peeked::Lost, false), "{what}: not asked for again");
        let last = list.len() - 1;
        assert!(matches!(list.peek(last), Peeked::Ready(Some(_))), "what is in memory is there");
    }
}
