//! Search against something stupid: every answer is compared with a byte-by-byte look, on random small data cut into
//! tiny chunks. `search/sources.rs` has what is searched, `search/naive.rs` the stupid look.

mod edited;
mod mapped;
mod naive;
mod patterns;
mod python;
mod running;
mod runs;
pub mod sources;

use naive::{apart, compare, every, exactly, find_all, next, random_bytes, tiny};
use pagelens::analysis::spans::recorder;
use pagelens::analysis::{Case, Direction, End, Limit, Needle, Search, Tuning};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::job::Progress;
use sources::{CutShort, Patchy, Sparse};
use std::io::{Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, Ordering};

#[test]
fn exact_bytes_as_a_naive_look_finds_them() {
    for seed in 0..1500 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut source = Patchy::new(random_bytes(&mut rng, &[0, 1, 2]));
        if rng.bool() {
            source = source.with_holes(&mut rng);
        }
        let needle: Vec<u8> = (0..rng.usize(1..8)).map(|_| rng.u8(0..3)).collect();
        let every = every(&source, exactly(&needle));
        let pattern = Needle::exact(&needle).expect("a needle");
        compare(&source, &pattern, &every, &mut rng, &format!("seed {seed}"));
    }
}

#[test]
fn forms_of_any_length_as_a_naive_look_finds_them() {
    const FORMS: [&[&[u8]]; 6] = [
        &[&[1], &[2]],
        &[&[1], &[2, 1], &[0, 0, 3]],
        &[&[0], &[3]],
        &[&[2]],
        &[&[1, 1], &[2]],
        &[&[0, 2], &[1]],
    ];
    for seed in 0..1500 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut source = Patchy::new(random_bytes(&mut rng, &[0, 1, 1, 2, 3]));
        if rng.bool() {
            source = source.with_holes(&mut rng);
        }
        let characters: Vec<&[&[u8]]> =
            (0..rng.usize(1..5)).map(|_| FORMS[rng.usize(..FORMS.len())]).collect();
        let owned = characters.iter().map(|forms| forms.iter().map(|form| form.to_vec()).collect()).collect();
        let every = every(&source, |bytes| {
            let mut at = 0;
            for forms in &characters {
                at += forms.iter().find(|form| bytes[at..].starts_with(form))?.len();
            }
            Some(at)
        });
        let pattern = Needle::alternatives(owned).expect("forms that can be told apart");
        compare(&source, &pattern, &every, &mut rng, &format!("seed {seed}"));
    }
}

#[test]
fn bad_blocks_are_reported_and_cost_only_themselves() {
    for seed in 0..500 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut source = Patchy::new(random_bytes(&mut rng, &[1, 2]));
        let len = source.len();
        let bad: Vec<bool> = (0..len).map(|_| rng.u8(..) < 8).collect();
        source.bad = (0..len).filter(|at| bad[*at as usize]).map(|at| Span::between(at, at + 1)).collect();
        let needle: Vec<u8> = (0..rng.usize(1..5)).map(|_| rng.u8(1..3)).collect();
        let every = every(&source, exactly(&needle));
        let pattern = Needle::exact(&needle).expect("a needle");
        let tuning = Tuning { grain: 1, ..tiny(&mut rng) };
        let (hits, tally) = find_all(&source, &pattern, tuning, Span::first(len));
        assert_eq!(hits, apart(&every, Span::first(len)), "seed {seed}");
        assert_eq!(tally.unread.bytes(), source.bad.len() as u64, "seed {seed}");
        for span in tally.unread.ranges() {
            assert!(
                (span.start()..span.end()).all(|at| bad[at as usize]),
                "seed {seed}: {span} was readable"
            );
        }
        let from = rng.u64(0..=len);
        let backward = every.iter().rfind(|span| span.end() <= from).or(every.last());
        assert_eq!(next(&source, &pattern, tuning, from, Direction::Backward).span.as_ref(), backward);
    }
}

#[test]
fn a_bad_block_loses_its_grain_and_names_its_reason() {
    let mut source = Patchy::new(b"needle..................needle..................needle".to_vec());
    source.bad = vec![Span::between(26, 27)];
    let pattern = Needle::exact(b"needle").expect("a needle");
    let tuning = Tuning { chunk: 64, threads: 2, grain: 8 };
    let (hits, tally) = find_all(&source, &pattern, tuning, Span::first(source.len()));
    assert_eq!(hits, [Span::between(0, 6), Span::between(48, 54)]);
    assert_eq!(tally.unread.ranges(), [Span::between(24, 32)]);
    assert!(tally.unread.reason().is_some_and(|reason| reason.to_string().contains("bad block")));
}

#[test]
fn one_part_that_may_not_be_read_costs_only_itself() {
    let mut source = Patchy::new(b"needle..................needle..................needle".to_vec());
    source.denied = Some(Span::between(26, 27));
    let pattern = Needle::exact(b"needle").expect("a needle");
    let tuning = Tuning { chunk: 64, threads: 2, grain: 8 };
    let (hits, tally) = find_all(&source, &pattern, tuning, Span::first(source.len()));
    assert_eq!(hits, [Span::between(0, 6), Span::between(48, 54)]);
    assert_eq!(tally.unread.ranges(), [Span::between(26, 27)]);
}

#[test]
fn the_tail_that_was_cut_off_is_one_range_and_not_tried_grain_by_grain() {
    let source = CutShort { left: MemorySource::new(*b"..needle"), len: 100_000, reads: AtomicU64::new(0) };
    let pattern = Needle::exact(b"needle").expect("a needle");
    let tuning = Tuning { chunk: 10_000, threads: 2, grain: 4 };
    let (hits, tally) = find_all(&source, &pattern, tuning, Span::first(source.len()));
    assert_eq!(hits, [Span::between(2, 8)]);
    assert_eq!(tally.unread.ranges(), [Span::between(8, 100_000)]);
    let reads = source.reads.load(Ordering::Relaxed);
    assert!(reads < 40, "{reads} reads");
}

#[test]
fn places_where_searches_go_wrong() {
    let tuning = Tuning { chunk: 4, threads: 2, grain: 2 };
    let spans = |bytes: &[u8], needle: &[u8]| {
        let source = MemorySource::new(bytes);
        let pattern = Needle::exact(needle).expect("a needle");
        let hits = find_all(&source, &pattern, tuning, Span::first(source.len())).0;
        hits.iter().map(|span| span.start()).collect::<Vec<_>>()
    };
    assert_eq!(spans(b"aaaa", b"aa"), [0, 2]);
    assert_eq!(spans(b"aaaaa", b"aa"), [0, 2]);
    assert_eq!(spans(b"whole needle", b"whole needle"), [0], "the needle is the file");
    assert_eq!(spans(b"short", b"longer than the file"), []);
    assert_eq!(spans(b"", b"a"), []);
    assert_eq!(spans(b"abc....abc", b"abc"), [0, 7], "the first and the last bytes");
    assert_eq!(spans(b"aababababa", b"abab"), [1, 5]);
}

#[test]
fn the_next_match_may_overlap_the_caret_only_after_a_wrap() {
    let source = MemorySource::new(*b"..abab..");
    let pattern = Needle::exact(b"abab").expect("a needle");
    let tuning = Tuning { chunk: 3, threads: 2, grain: 2 };
    for (direction, from, wrapped) in [
        (Direction::Forward, 2, false),
        (Direction::Forward, 3, true),
        (Direction::Backward, 6, false),
        (Direction::Backward, 5, true),
        (Direction::Backward, 2, true),
        (Direction::Forward, u64::MAX, true),
        (Direction::Backward, u64::MAX, false),
    ] {
        let found = next(&source, &pattern, tuning, from, direction);
        assert_eq!(found.span, Some(Span::between(2, 6)), "{direction:?} from {from}");
        assert_eq!(found.wrapped, wrapped, "{direction:?} from {from}");
    }
}

#[test]
fn text_in_any_case_and_any_encoding() {
    let utf8 = |c: char| Some(c.to_string().into_bytes());
    let utf16 =
        |c: char| Some(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_le_bytes()).collect());
    // EBCDIC letters have gaps between I and J, R and S, and their cases differ by 0x40.
    let ebcdic = |c: char| {
        let upper = "ABCDEFGHI.......JKLMNOPQR........STUVWXYZ";
        let rank = upper.find(c.to_ascii_uppercase()).filter(|_| c.is_ascii_alphabetic())? as u8;
        Some(vec![0xc1 + rank - if c.is_ascii_lowercase() { 0x40 } else { 0 }])
    };
    type Encode<'a> = &'a dyn Fn(char) -> Option<Vec<u8>>;
    let encodings: [(&str, Encode<'_>, &str, &str); 6] = [
        ("UTF-8", &utf8, "straße", "STRAẞE Straße STRASSE"),
        ("UTF-8", &utf8, "Ⱥkſ", "ⱥks Ⱥ\u{212a}S ȺKſ aks"),
        ("UTF-8", &utf8, "ΣΊΣΥΦΟΣ", "σίσυφος ΣΊΣΥΦΟΣ"),
        ("UTF-16", &utf16, "𐐀Éj", "𐐨éJ 𐐀Éj 𐐀éé"),
        ("UTF-16", &utf16, "Kiß", "kiẞ \u{212a}Iß kıß"),
        ("EBCDIC", &ebcdic, "ajSz", "ajSz"),
    ];
    let counts = [2, 3, 2, 2, 2, 1];
    let tuning = Tuning { chunk: 5, threads: 2, grain: 2 };
    for ((name, encode, needle, text), count) in encodings.into_iter().zip(counts) {
        let bytes: Vec<u8> = text.chars().flat_map(|c| encode(c).unwrap_or_else(|| vec![0x40])).collect();
        let source = MemorySource::new(bytes);
        let pattern = Needle::text(needle, Case::Unicode, encode).expect("a needle");
        let hits = find_all(&source, &pattern, tuning, Span::first(source.len())).0;
        assert_eq!(hits.len(), count, "{name}: {needle} in {text}");
    }
    let source = MemorySource::new([0x81, 0xd1, 0xa2, 0xe9, 0x81, 0x91, 0xe2, 0xa9].as_slice());
    let pattern = Needle::text("ajsz", Case::Ascii, ebcdic).expect("a needle");
    assert_eq!(find_all(&source, &pattern, tuning, Span::first(8)).0.len(), 2);
    let source = MemorySource::new(*b"KISS kiss \xe2\x84\xaaiss");
    let ascii = Needle::ascii_case(b"Kiss").expect("a needle");
    assert_eq!(find_all(&source, &ascii, tuning, Span::first(source.len())).0.len(), 2);
}

#[test]
fn holes_as_large_as_offsets_go_are_not_read() {
    let source = Sparse {
        len: u64::MAX,
        islands: vec![
            (1 << 40, b"needle".to_vec()),
            (1 << 50, b"e\0\0".to_vec()),
            (u64::MAX - 6, b"needle".to_vec()),
        ],
        read: AtomicU64::new(0),
    };
    let tuning = Tuning { threads: 2, ..Tuning::default() };
    let pattern = Needle::exact(b"needle").expect("a needle");
    let expected = [Span::between(1 << 40, (1 << 40) + 6), Span::between(u64::MAX - 6, u64::MAX)];
    assert_eq!(find_all(&source, &pattern, tuning, Span::first(source.len)).0, expected);
    let found = next(&source, &pattern, tuning, u64::MAX - 6, Direction::Backward);
    assert_eq!((found.span, found.wrapped), (Some(expected[0]), false));
    let found = next(&source, &pattern, tuning, 1 << 40, Direction::Backward);
    assert_eq!((found.span, found.wrapped), (Some(expected[1]), true));
    // It begins in the hole before the island and ends in the one behind it.
    let edges = Needle::exact(b"\0\0e\0\0\0\0").expect("a needle");
    let expected = Span::at((1 << 50) - 2, 7).expect("inside");
    assert_eq!(find_all(&source, &edges, tuning, Span::first(source.len)).0, [expected]);
    assert_eq!(next(&source, &edges, tuning, u64::MAX, Direction::Backward).span, Some(expected));
    let read = source.read.load(Ordering::Relaxed);
    assert!(read < 64 << 20, "{read} bytes of holes were read");
}

#[test]
fn a_sparse_file_is_searched_from_both_ends() {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    let places = [(1 << 20) + 7, 1 << 33];
    for place in places {
        file.seek(SeekFrom::Start(place)).expect("a place");
        file.write_all(b"needle").expect("room");
    }
    file.as_file().set_len(1 << 40).expect("a sparse file");
    let source = FileSource::open(file.path()).expect("the file");
    let pattern = Needle::text("Needle", Case::Ascii, |c| Some(vec![c as u8])).expect("a needle");
    let tuning = Tuning { threads: 2, ..Tuning::default() };
    let expected = places.map(|place| Span::between(place, place + 6));
    assert_eq!(find_all(&source, &pattern, tuning, Span::first(1 << 40)).0, expected);
    let found = next(&source, &pattern, tuning, 1 << 40, Direction::Backward);
    assert_eq!(found.span, Some(expected[1]));
    let found = next(&source, &pattern, tuning, 1 << 33, Direction::Backward);
    assert_eq!(found.span, Some(expected[0]));
}

#[test]
fn zeros_are_found_in_holes() {
    let source = Sparse { len: 1 << 50, islands: vec![(0, b"x".to_vec())], read: AtomicU64::new(0) };
    let pattern = Needle::exact(&[0, 0]).expect("a needle");
    let tuning = Tuning { threads: 2, ..Tuning::default() };
    assert_eq!(next(&source, &pattern, tuning, 0, Direction::Forward).span, Some(Span::between(1, 3)));
    let last = Span::between((1 << 50) - 2, 1 << 50);
    assert_eq!(next(&source, &pattern, tuning, 1 << 50, Direction::Backward).span, Some(last));
}

#[test]
fn more_hits_than_the_limit_are_cut_and_said_so() {
    let source = MemorySource::new(vec![b'x'; 1000]);
    let pattern = Needle::exact(b"x").expect("a needle");
    for (spans, end, len) in [(999, End::Cut, 999), (1000, End::Complete, 1000), (1001, End::Complete, 1000)]
    {
        let progress = Progress::default();
        let (mut hits, list) = recorder(Limit { spans, ..Limit::default() });
        let tuning = Tuning { chunk: 64, threads: 3, grain: 1 };
        let search = Search { source: &source, pattern: &pattern, progress: &progress, tuning };
        assert_eq!(search.find_all(Span::first(1000), &mut hits).end, end, "limit {spans}");
        assert_eq!(list.len(), len);
    }
}
