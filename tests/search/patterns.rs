//! Wildcards, texts and expressions: cut into tiny chunks they find what a stupid look finds in one piece.

use super::naive::{compare, every_in, find_all, next, random_bytes, tiny};
use super::sources::Sparse;
use pagelens::analysis::masked::Masked;
use pagelens::analysis::other_byte::OtherByte;
use pagelens::analysis::regex::Regex;
use pagelens::analysis::search::Pattern;
use pagelens::analysis::texts::TextQuery;
use pagelens::analysis::{Case, Direction, Tuning, Window};
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::decode::Encoding;
use pagelens::decode::hex::MaskedByte;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

#[test]
fn wildcards_as_a_naive_look_finds_them() {
    for seed in 0..600 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes = random_bytes(&mut rng, &[0, 1, 0x10, 0x11]);
        let mut wanted: Vec<MaskedByte> = (0..rng.usize(0..6))
            .map(|_| {
                let mask = [0, 0xf0, 0x0f, 0xff][rng.usize(..4)];
                MaskedByte { value: [0, 1, 0x10, 0x11][rng.usize(..4)] & mask, mask }
            })
            .collect();
        wanted.insert(rng.usize(0..=wanted.len()), MaskedByte { value: 1, mask: 0x0f });
        let every = every_in(&bytes, |bytes| {
            let fits = wanted.iter().zip(bytes).all(|(own, byte)| own.fits(*byte));
            (bytes.len() >= wanted.len() && fits).then_some(wanted.len())
        });
        let pattern = Masked::new(&wanted).expect("a pattern");
        compare(&MemorySource::new(bytes), &pattern, &every, &mut rng, &format!("seed {seed}"));
    }
}

#[test]
fn the_next_other_byte_is_told() {
    for seed in 0..200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes = random_bytes(&mut rng, &[0, 0, 0, 1]);
        let every = every_in(&bytes, |bytes| (bytes[0] != 0).then_some(1));
        compare(&MemorySource::new(bytes), &OtherByte(0), &every, &mut rng, &format!("seed {seed}"));
    }
}

#[test]
fn whole_words_see_over_the_borders_of_chunks() {
    const TEXT: &str = "cat concat cats cat_ (cat) écat caté cat 日cat cat日 cat";
    for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf32Be, Encoding::ShiftJis] {
        let text: String = TEXT.chars().filter(|c| encoding.encode(&c.to_string()).is_ok()).collect();
        let bytes = encoding.encode(&text).expect("only what it has");
        let encodings = [encoding];
        let query = TextQuery { text: "Cat", encodings: &encodings, case: Case::Unicode, whole_words: true };
        let (pattern, _) = query.pattern().expect("a text");
        let mut every = Vec::new();
        let whole = Window::whole(&bytes, 0, bytes.len() as u64);
        let _ = pattern.find_in(&whole, &mut |hit| {
            every.push(Span::between(hit.at as u64, (hit.at + hit.len) as u64));
            ControlFlow::Continue(())
        });
        assert!(every.len() >= 4, "{encoding:?}: {every:?}");
        for seed in 0..60 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let source = MemorySource::new(bytes.clone());
            compare(&source, &pattern, &every, &mut rng, &format!("{encoding:?}, seed {seed}"));
        }
    }
}

/// What one search over all bytes finds.
fn in_one_piece(pattern: &dyn Pattern, bytes: &[u8], end: usize, first: usize) -> Vec<Span> {
    let mut spans = Vec::new();
    let window = Window { first, starts: end, end, ..Window::whole(bytes, 0, bytes.len() as u64) };
    let _ = pattern.find_in(&window, &mut |hit| {
        spans.push(Span::between(hit.at as u64, (hit.at + hit.len) as u64));
        ControlFlow::Continue(())
    });
    spans
}

/// Expressions whose matches overlap in every way, over the letters of the test.
const EXPRESSIONS: [&str; 14] = [
    "a+",
    "ab|abc|bca",
    "[ab]{3}",
    "aa",
    "(?s)a..b",
    r"\ba",
    r"a\b",
    "^[ab]+",
    "[bc]+$",
    "(ab)+c?",
    "a[^c]*c",
    r"(?m)^b+",
    r"\x00+a?",
    "c{2,5}",
];

#[test]
fn expressions_find_the_same_however_the_file_is_cut() {
    for seed in 0..1200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes = random_bytes(&mut rng, b"aabbc \n");
        let expression = EXPRESSIONS[seed as usize % EXPRESSIONS.len()];
        let pattern = Regex::new(expression, false).expect("an expression");
        let source = MemorySource::new(bytes.clone());
        let tuning = tiny(&mut rng);
        let context = format!("seed {seed}, {expression}, {tuning:?}");
        let len = bytes.len();
        let all = in_one_piece(&pattern, &bytes, len, 0);
        assert_eq!(find_all(&source, &pattern, tuning, Span::first(len as u64)).0, all, "{context}");
        let (from, to) = (rng.usize(0..=len), rng.usize(0..=len));
        let within = Span::between(from as u64, to as u64);
        let part = in_one_piece(&pattern, &bytes, from.max(to), from.min(to));
        assert_eq!(find_all(&source, &pattern, tuning, within).0, part, "{context}, {within}");
        let ahead = in_one_piece(&pattern, &bytes, len, from);
        let found = next(&source, &pattern, tuning, from as u64, Direction::Forward).span;
        assert_eq!(found, ahead.first().or(all.first()).copied(), "{context}, from {from}");
    }
}

#[test]
fn the_match_before_is_one_of_those_that_a_search_from_the_front_finds() {
    // Their matches are the same wherever the search begins, but for the one that it begins in.
    for (n, expression) in ["[ab]+", "a+", r"\b[ab]+\b", "(?s)c.", "ab"].into_iter().enumerate() {
        for seed in 0..150 {
            let mut rng = fastrand::Rng::with_seed(seed * 10 + n as u64);
            let letters: &[u8] = if expression == "(?s)c." { b"abcd" } else { b"abc " };
            let mut bytes = random_bytes(&mut rng, letters);
            bytes.dedup_by(|a, b| *a == b'c' && *b == b'c');
            let pattern = Regex::new(expression, false).expect("an expression");
            let source = MemorySource::new(bytes.clone());
            let all = in_one_piece(&pattern, &bytes, bytes.len(), 0);
            let from = rng.u64(0..=source.len());
            let tuning = Tuning { chunk: rng.usize(1..50), ..tiny(&mut rng) };
            let found = next(&source, &pattern, tuning, from, Direction::Backward).span;
            let expected = all.iter().rfind(|span| span.end() <= from).or(all.last());
            assert_eq!(found.as_ref(), expected, "seed {seed}, {expression}, {tuning:?}, back from {from}");
        }
    }
}

#[test]
fn a_long_match_over_many_chunks_is_one() {
    let mut bytes = vec![b'-'; 300_000];
    bytes[1000..50_000].fill(b'a');
    bytes[50_000] = b'b';
    bytes[100_000..299_999].fill(b'a');
    bytes[299_999] = b'b';
    let pattern = Regex::new("a+b", false).expect("an expression");
    let tuning = Tuning { chunk: 7000, threads: 3, grain: 1 };
    let source = MemorySource::new(bytes);
    let (hits, _) = find_all(&source, &pattern, tuning, Span::first(300_000));
    // Of the second, which is longer than a match can be, a last part is one.
    assert_eq!((hits.len(), hits[0]), (2, Span::between(1000, 50_001)));
    assert_eq!(hits[1].end(), 300_000, "the last byte");
    assert!(hits[1].len() <= 64 << 10 && pattern.remark().is_some());
}

#[test]
fn words_of_a_sparse_file_are_found_without_its_holes() {
    let islands = vec![(5 << 30, b"needle".to_vec()), (7 << 40, b"needles needle".to_vec())];
    let source = Sparse { len: 8 << 40, islands, read: AtomicU64::new(0) };
    let pattern = Regex::new(r"\bneedle\b", false).expect("an expression");
    let all = find_all(&source, &pattern, Tuning::default(), Span::first(source.len)).0;
    assert_eq!(all, [Span::at(5 << 30, 6).expect("a span"), Span::at((7 << 40) + 8, 6).expect("a span")]);
    let read = source.read.load(Ordering::Relaxed);
    assert!(read < 64 << 20, "{read} bytes were read");
}
