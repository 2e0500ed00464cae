//! Alignments: what they say is true, whatever was edited, and hardly worse than what difflib finds.

use super::tiny;
use crate::oracle::rig::ask;
use crate::search::sources::Patchy;
use pagelens::analysis::compare::{AlignTuning, Aligner, Hunk, HunkKind};
use pagelens::analysis::search::End;
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::decode::hex;
use pagelens::job::Progress;
use std::ops::ControlFlow;

fn tunings(rng: &mut fastrand::Rng) -> AlignTuning {
    AlignTuning {
        scan: tiny(rng),
        in_memory: 1 << rng.u32(0..12),
        most_chunks: 1 << rng.u32(0..10),
        compared: 1 << rng.u32(0..12),
    }
}

fn hunks(a: &dyn Source, b: &dyn Source, tuning: AlignTuning) -> Vec<Hunk> {
    let progress = Progress::default();
    let aligner = Aligner { tuning, ..Aligner::new(a, b, &progress) };
    let mut hunks: Vec<Hunk> = Vec::new();
    let tally = aligner.align(Span::first(a.len()), Span::first(b.len()), &mut |some| {
        hunks.extend(some);
        ControlFlow::Continue(())
    });
    assert_eq!(tally.end, End::Complete);
    assert_eq!(tally.changes, hunks.iter().filter(|hunk| hunk.is_change()).count() as u64);
    let changed = |span: fn(&Hunk) -> Span| {
        hunks.iter().filter(|hunk| hunk.is_change()).map(|hunk| span(hunk).len()).sum::<u64>()
    };
    assert_eq!((tally.changed.a, tally.changed.b), (changed(|hunk| hunk.a), changed(|hunk| hunk.b)));
    hunks
}

/// Whether the hunks are a way from `a` to `b`; how many bytes are equal.
fn check(a: &[u8], b: &[u8], hunks: &[Hunk], place: &str) -> u64 {
    let (mut at_a, mut at_b, mut equal) = (0, 0, 0);
    let mut last = None;
    for hunk in hunks {
        assert_eq!((hunk.a.start(), hunk.b.start()), (at_a, at_b), "{place}: without a gap");
        (at_a, at_b) = (hunk.a.end(), hunk.b.end());
        let bytes = |bytes: &[u8], span: Span| bytes[span.start() as usize..span.end() as usize].to_vec();
        let kind = match (hunk.a.is_empty(), hunk.b.is_empty(), hunk.is_change()) {
            (false, false, false) => HunkKind::Equal,
            (true, false, _) => HunkKind::Inserted,
            (false, true, _) => HunkKind::Deleted,
            (false, false, true) => HunkKind::Replaced,
            (true, true, _) => panic!("{place}: an empty hunk"),
        };
        assert_eq!(hunk.kind, kind, "{place}");
        if !hunk.is_change() {
            assert!(bytes(a, hunk.a) == bytes(b, hunk.b), "{place}: equal");
            equal += hunk.a.len();
        }
        assert_ne!(last, Some(hunk.is_change()), "{place}: neighbours of one sort");
        last = Some(hunk.is_change());
    }
    assert_eq!((at_a, at_b), (a.len() as u64, b.len() as u64), "{place}: all of both");
    equal
}

/// Some bytes inserted, deleted and overwritten; how many were put in or taken out.
fn edit(bytes: &[u8], edits: usize, rng: &mut fastrand::Rng) -> (Vec<u8>, u64) {
    let mut edited = bytes.to_vec();
    let mut touched = 0;
    for _ in 0..edits {
        let from = rng.usize(0..=edited.len());
        let to = (from + rng.usize(0..30)).min(edited.len());
        let new: Vec<u8> = (0..rng.usize(0..30)).map(|_| rng.u8(..)).collect();
        let (from, to, new) = match rng.u8(0..3) {
            0 => (from, from, new),
            1 => (from, to, Vec::new()),
            _ => (from, to, new),
        };
        touched += (to - from).max(new.len()) as u64;
        edited.splice(from..to, new);
    }
    (edited, touched)
}

#[test]
fn every_alignment_is_a_way_from_one_to_the_other() {
    for seed in 0..700 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let letters = [2, 4, 255][seed as usize % 3];
        let a: Vec<u8> = (0..rng.usize(0..6000)).map(|_| rng.u8(0..letters)).collect();
        let edits = rng.usize(0..12);
        let (b, _) = edit(&a, edits, &mut rng);
        let place = format!("seed {seed}");
        let tuning = if rng.bool() { tunings(&mut rng) } else { AlignTuning::default() };
        check(&a, &b, &hunks(&MemorySource::new(a.clone()), &MemorySource::new(b.clone()), tuning), &place);
    }
}

#[test]
fn hardly_more_than_what_was_edited_is_a_change() {
    for seed in 0..40 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let a: Vec<u8> = (0..300_000).map(|_| rng.u8(..)).collect();
        let (b, touched) = edit(&a, 20, &mut rng);
        let tuning = AlignTuning { in_memory: 10_000, most_chunks: 500, ..AlignTuning::default() };
        for tuning in [AlignTuning::default(), tuning] {
            let hunks = hunks(&MemorySource::new(a.clone()), &MemorySource::new(b.clone()), tuning);
            let equal = check(&a, &b, &hunks, &format!("seed {seed}"));
            let wanted = a.len().max(b.len()) as u64 - touched - 20 * 40;
            assert!(equal >= wanted, "seed {seed}: {equal} bytes are equal, {touched} were touched");
        }
    }
}

#[test]
fn empty_equal_and_wholly_different_ones() {
    let source = |bytes: &[u8]| MemorySource::new(bytes.to_vec());
    let of = |a: &[u8], b: &[u8]| {
        let hunks = hunks(&source(a), &source(b), AlignTuning::default());
        check(a, b, &hunks, "");
        hunks.iter().map(|hunk| hunk.kind).collect::<Vec<_>>()
    };
    assert_eq!(of(b"", b""), []);
    assert_eq!(of(b"abc", b""), [HunkKind::Deleted]);
    assert_eq!(of(b"", b"abc"), [HunkKind::Inserted]);
    assert_eq!(of(b"abc", b"abc"), [HunkKind::Equal]);
    assert_eq!(of(&[1; 5000], &[2; 6000]), [HunkKind::Replaced]);
    assert_eq!(of(b"headbody", b"head--body"), [HunkKind::Equal, HunkKind::Inserted, HunkKind::Equal]);
    assert_eq!(of(&[0; 9000], &[0; 9500]), [HunkKind::Equal, HunkKind::Inserted]);
}

#[test]
fn what_cannot_be_read_is_part_of_a_change() {
    for seed in 0..200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let a: Vec<u8> = (0..4000).map(|_| rng.u8(0..20)).collect();
        let (b, _) = edit(&a, 3, &mut rng);
        let mut own = Patchy::new(a.clone());
        let bad = Span::between(rng.u64(0..3000), 3000 + rng.u64(0..1000));
        let bad = Span::between(bad.start(), bad.start() + rng.u64(1..(bad.len() + 1).min(50)));
        own.bad.push(bad);
        let tuning = tunings(&mut rng);
        let hunks = hunks(&own, &MemorySource::new(b.clone()), tuning);
        check(&a, &b, &hunks, &format!("seed {seed}"));
        let touching = |hunk: &&Hunk| hunk.a.intersect(bad).is_some();
        assert!(hunks.iter().filter(touching).all(|hunk| hunk.is_change()), "seed {seed}");
    }
}

#[test]
fn difflib_finds_hardly_more_equal_bytes() {
    let mut pairs = Vec::new();
    let mut questions = String::new();
    for seed in 0..120 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let a: Vec<u8> = (0..rng.usize(1..700)).map(|_| rng.u8(..)).collect();
        let (b, _) = edit(&a, 6, &mut rng);
        questions += &format!("{} {}\n", hex::format(&a, false, ""), hex::format(&b, false, ""));
        pairs.push((a, b));
    }
    let Some(answer) = ask("align.py", &[], questions.as_bytes()) else { return };
    let answer = String::from_utf8_lossy(&answer);
    let mut lines = answer.lines();
    for (number, (a, b)) in pairs.iter().enumerate() {
        let theirs: u64 = lines.next().and_then(|line| line.trim().parse().ok()).expect("a number");
        let hunks =
            hunks(&MemorySource::new(a.clone()), &MemorySource::new(b.clone()), AlignTuning::default());
        let ours = check(a, b, &hunks, &format!("pair {number}"));
        // Single bytes that are equal by chance count for difflib.
        assert!(ours + 30 + theirs / 20 >= theirs, "pair {number}: {ours} equal bytes, difflib has {theirs}");
    }
    assert_eq!(lines.next(), None);
}
