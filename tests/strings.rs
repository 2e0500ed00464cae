//! Strings over documents that are edited, have holes, or can't be read, and a search that is cancelled.

use crate::search::sources::{Gate, Patchy};
use pagelens::analysis::Tuning;
use pagelens::analysis::search::{End, Tally};
use pagelens::analysis::strings::{StringQuery, StringSearch};
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::decode::Encoding;
use pagelens::document::{Content, Document, Edit, Splice};
use pagelens::job::Progress;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

fn query(encodings: &[Encoding]) -> StringQuery {
    StringQuery { encodings: encodings.to_vec(), least: 3, containing: String::new() }
}

fn find(source: &dyn Source, query: &StringQuery, tuning: Tuning) -> (Vec<Span>, Tally) {
    let progress = Progress::default();
    let search = StringSearch { source, query, render: None, progress: &progress, tuning };
    let mut all = Vec::new();
    let tally = search.find(Span::first(source.len()), &mut |strings, _| {
        all.extend(strings.iter().map(|found| found.span));
        ControlFlow::Continue(())
    });
    (all, tally)
}

fn tiny(rng: &mut fastrand::Rng) -> Tuning {
    Tuning { chunk: rng.usize(1..300), threads: rng.usize(1..4), grain: rng.usize(1..9) }
}

/// Text and other bytes, half of each.
fn random(rng: &mut fastrand::Rng, len: usize) -> Vec<u8> {
    (0..len).map(|_| if rng.u8(..) < 170 { rng.u8(b'a'..=b'z') } else { rng.u8(0..9) }).collect()
}

#[test]
fn an_edited_document_has_the_strings_of_what_is_shown() {
    for seed in 0..200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let len = rng.usize(1..3000);
        let mut bytes = random(&mut rng, len);
        let mut document = Document::new(Arc::new(MemorySource::new(bytes.clone())));
        for _ in 0..rng.usize(1..20) {
            let start = rng.usize(0..=bytes.len());
            let end = bytes.len().min(start + rng.usize(0..40));
            let len = rng.usize(1..40);
            let new = random(&mut rng, len);
            bytes.splice(start..end, new.iter().copied());
            let splice =
                Splice { span: Span::between(start as u64, end as u64), content: Content::Bytes(new) };
            document.apply(Edit::each("Edit", vec![splice])).expect("applied");
        }
        let query = query(&[Encoding::Utf8, Encoding::Utf16Le]);
        let plain = find(&MemorySource::new(bytes), &query, Tuning::default()).0;
        assert_eq!(find(&document.snapshot(), &query, tiny(&mut rng)).0, plain, "seed {seed}");
    }
}

#[test]
fn a_string_ends_at_what_cannot_be_read_and_that_is_told() {
    for seed in 0..300 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let len = rng.usize(1..3000);
        let mut source = Patchy::new(random(&mut rng, len));
        for _ in 0..rng.usize(1..4) {
            let start = rng.u64(0..len as u64);
            source.bad.push(Span::between(start, (start + rng.u64(1..40)).min(len as u64)));
        }
        // Byte by byte, so that what is given up does not depend on where chunks end.
        let tuning = Tuning { grain: 1, ..tiny(&mut rng) };
        let (found, tally) = find(&source, &query(&[Encoding::Ascii]), tuning);
        let mut readable = source.bytes.clone();
        for range in tally.unread.ranges() {
            readable[range.start() as usize..range.end() as usize].fill(0);
        }
        let expected = find(&MemorySource::new(readable), &query(&[Encoding::Ascii]), Tuning::default()).0;
        assert_eq!((found, tally.end), (expected, End::Complete), "seed {seed}, {tuning:?}");
        let covered = |bad: &Span| tally.unread.ranges().iter().any(|range| range.covers(*bad));
        assert!(source.bad.iter().all(covered), "seed {seed}: {:?} {:?}", source.bad, tally.unread);
    }
}

#[test]
fn holes_have_no_strings_and_wide_characters_reach_into_them() {
    for seed in 0..300 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut bytes = Vec::new();
        for _ in 0..10 {
            bytes.extend(vec![0; rng.usize(0..200)]);
            let encoding = [Encoding::Ascii, Encoding::Utf16Le, Encoding::Utf16Be][rng.usize(..3)];
            bytes.extend(encoding.encode("some text").expect("all characters"));
        }
        bytes.extend(vec![0; rng.usize(0..200)]);
        let encodings = query(&[Encoding::Ascii, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Be]);
        let plain = find(&MemorySource::new(bytes.clone()), &encodings, Tuning::default()).0;
        let holes = Patchy::new(bytes).with_holes(&mut rng);
        assert_eq!(find(&holes, &encodings, tiny(&mut rng)).0, plain, "seed {seed}");
    }
}

#[test]
fn a_cancel_and_enough_end_it() {
    let reads = AtomicU64::new(0);
    let progress = Progress::default();
    let source = Gate { wanted: 1, reads: &reads, then: &|| progress.cancel() };
    let tuning = Tuning { threads: 3, ..Tuning::default() };
    let query = query(&[Encoding::Ascii]);
    let search = StringSearch { source: &source, query: &query, render: None, progress: &progress, tuning };
    let tally = search.find(Span::first(source.len()), &mut |_, _| ControlFlow::Continue(()));
    assert_eq!(tally.end, End::Cancelled);
    let (progress, source) = (Progress::default(), MemorySource::new(*b"one\0two\0three"));
    let search = StringSearch { source: &source, query: &query, render: None, progress: &progress, tuning };
    let tally = search.find(Span::first(source.len()), &mut |_, _| ControlFlow::Break(()));
    assert_eq!(tally.end, End::Cut);
    for bytes in [&b""[..], b"ab", b"abc"] {
        let (found, tally) = find(&MemorySource::new(bytes), &query, Tuning::default());
        assert_eq!((found.len(), tally.end), (bytes.len() / 3, End::Complete));
    }
}
