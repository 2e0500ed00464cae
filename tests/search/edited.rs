//! Searches of edited files: over the borders of pieces, with and without a map under them.

use super::naive::{apart, every_in, exactly, find_all};
use super::sources::Patchy;
use pagelens::analysis::masked::Masked;
use pagelens::analysis::regex::Regex;
use pagelens::analysis::search::Pattern;
use pagelens::analysis::{Needle, Tuning};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{SharedSource, Source, Span};
use pagelens::decode::hex::parse_masked;
use pagelens::document::{Content, Document, Edit};
use std::io::Write;
use std::sync::Arc;

/// A document over a file of a few megabytes, edited at random, and its bytes.
fn edited(seed: u64) -> (tempfile::NamedTempFile, Document, Vec<u8>) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut bytes: Vec<u8> = (0..rng.usize(1..3) << 20).map(|_| rng.u8(b'a'..b'm')).collect();
    for _ in 0..400 {
        let at = rng.usize(..bytes.len() - 6);
        bytes[at..at + 6].copy_from_slice(b"needle");
    }
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(&bytes).expect("written");
    let source: SharedSource = Arc::new(FileSource::open(file.path()).expect("a source"));
    let mut document = Document::new(source);
    for _ in 0..rng.usize(0..60) {
        let at = rng.usize(..bytes.len());
        let end = (at + rng.usize(0..9)).min(bytes.len());
        let new = [&b"needle"[..], b"need", b"le", b"", b"zz"][rng.usize(..5)];
        let span = Span::between(at as u64, end as u64);
        if span.is_empty() && new.is_empty() {
            continue;
        }
        document.apply(Edit::one("test", span, Content::Bytes(new.to_vec()))).expect("an edit");
        bytes.splice(at..end, new.iter().copied());
    }
    (file, document, bytes)
}

#[test]
fn edits_are_searched_as_if_they_were_saved() {
    for seed in 0..8 {
        let (_file, document, bytes) = edited(seed);
        let snapshot = document.snapshot();
        let expected = every_in(&bytes, exactly(b"needle"));
        let whole = Span::first(bytes.len() as u64);
        let tuning = Tuning { chunk: 10_000 + seed as usize, threads: 2, grain: 512 };
        let patterns: [(&str, Box<dyn Pattern>); 4] = [
            ("exact", Box::new(Needle::exact(b"needle").expect("a needle"))),
            (
                "masked",
                Box::new(Masked::new(&parse_masked("6e ?5 65 64 6? 65").expect("hex")).expect("a pattern")),
            ),
            ("regex", Box::new(Regex::new("ne+d[l]e", false).expect("an expression"))),
            ("any case", Box::new(Needle::ascii_case(b"NEEDLE").expect("a needle"))),
        ];
        for (name, pattern) in &patterns {
            for tuning in [tuning, Tuning::default()] {
                let found = find_all(&snapshot, &**pattern, tuning, whole).0;
                let own: Vec<Span> = if *name == "masked" {
                    let masked = parse_masked("6e ?5 65 64 6? 65").expect("hex");
                    let fits = |bytes: &[u8]| {
                        let all = bytes.len() >= 6 && masked.iter().zip(bytes).all(|(m, b)| m.fits(*b));
                        all.then_some(6)
                    };
                    apart(&every_in(&bytes, fits), whole)
                } else {
                    expected.clone()
                };
                assert_eq!(found, own, "seed {seed}, {name}, {tuning:?}");
            }
        }
    }
}

#[test]
fn what_can_not_be_read_in_the_middle_is_told_by_every_pattern() {
    let mut source = Patchy::new(b"cat cat cat cat cat cat cat cat cat cat".to_vec());
    source.bad = vec![Span::between(17, 18)];
    let patterns: [Box<dyn Pattern>; 3] = [
        Box::new(Regex::new(r"\bcat\b", false).expect("an expression")),
        Box::new(Masked::new(&parse_masked("63 6? 74").expect("hex")).expect("a pattern")),
        Box::new(Needle::exact(b"cat").expect("a needle")),
    ];
    for pattern in &patterns {
        let tuning = Tuning { chunk: 12, threads: 2, grain: 1 };
        let (found, tally) = find_all(&source, &**pattern, tuning, Span::first(source.len()));
        let starts: Vec<u64> = found.iter().map(|span| span.start()).collect();
        assert_eq!(starts, [0, 4, 8, 12, 20, 24, 28, 32, 36]);
        assert_eq!(tally.unread.ranges(), [Span::between(17, 18)]);
    }
}
