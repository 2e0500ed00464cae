//! Lengths at the edge of what a file offset can name, edits that are refused, and many places at once.

use super::bytes::{Availability, MemorySource, ReadError, SharedSource, Source, Span};
use super::document::{Content, Document, Edit, EditError, MAX_LEN, Mapped, RepeatSource, Revision, Splice};
use std::sync::Arc;

fn zeros(len: u64) -> SharedSource {
    Arc::new(RepeatSource::new([0], len).expect("a pattern"))
}

fn text(text: &str) -> SharedSource {
    Arc::new(MemorySource::new(text.as_bytes()))
}

fn bytes(bytes: &str) -> Content {
    Content::Bytes(bytes.as_bytes().to_vec())
}

fn read(document: &Document, span: Span) -> String {
    let mut bytes = vec![0; span.len() as usize];
    document.snapshot().read_at(span.start(), &mut bytes).expect("inside");
    String::from_utf8(bytes).expect("text")
}

fn read_all(document: &Document) -> String {
    read(document, Span::first(document.len()))
}

#[test]
fn a_document_as_long_as_a_file_can_be_is_edited_at_its_end() {
    let mut document = Document::new(zeros(MAX_LEN));
    let end = Span::empty_at(MAX_LEN);
    assert_eq!(document.apply(Edit::one("Insert", end, bytes("x"))), Err(EditError::TooLong));
    let last = Span::between(MAX_LEN - 1, MAX_LEN);
    document.apply(Edit::one("Overwrite", last, bytes("x"))).expect("same length");
    assert_eq!((document.len(), read(&document, last)), (MAX_LEN, "x".into()));
    let first = Span::first(MAX_LEN - 1);
    document.apply(Edit::one("Delete", first, Content::none())).expect("inside");
    assert_eq!(read_all(&document), "x");
    assert_eq!(document.snapshot().changes(), 1);
    let fill = |len| Content::Repeat { pattern: b"ab".to_vec(), len };
    let more = Edit::one("Fill", Span::empty_at(1), fill(MAX_LEN));
    assert_eq!(document.apply(more), Err(EditError::TooLong));
    document.apply(Edit::one("Fill", Span::empty_at(1), fill(MAX_LEN - 1))).expect("fits");
    assert_eq!(read(&document, Span::between(MAX_LEN - 2, MAX_LEN)), "ab");
    assert!(document.undo().is_some() && document.undo().is_some() && document.undo().is_some());
    assert_eq!((document.len(), document.snapshot().changes(), document.is_modified()), (MAX_LEN, 0, false));
    document.snapshot().check().expect("a sound tree");
}

#[test]
fn lengths_that_overflow_are_refused_and_nothing_has_happened() {
    let mut document = Document::new(text("abc"));
    let huge = |start| Content::Source(zeros(u64::MAX), Span::between(start, u64::MAX));
    let splice = |at, content| Splice { span: Span::empty_at(at), content };
    let twice = Edit::each("Paste", vec![splice(0, huge(0)), splice(1, huge(1))]);
    assert_eq!(document.apply(twice), Err(EditError::TooLong));
    assert_eq!(document.apply(Edit::one("Paste", Span::empty_at(0), huge(0))), Err(EditError::TooLong));
    let refused = [
        (Span::between(2, 4), bytes("x"), EditError::BeyondEnd { span: Span::between(2, 4), len: 3 }),
        (Span::empty_at(1), bytes(""), EditError::Nothing),
        (Span::empty_at(1), Content::Repeat { pattern: vec![], len: 1 }, EditError::EmptyPattern),
        (
            Span::empty_at(1),
            Content::Source(text("ab"), Span::between(1, 3)),
            EditError::ContentBeyondEnd { span: Span::between(1, 3), len: 2 },
        ),
    ];
    for (span, content, error) in refused {
        assert_eq!(document.apply(Edit::one("Edit", span, content)), Err(error));
    }
    for (first, second) in [((0, 2), (1, 3)), ((1, 2), (0, 1)), ((1, 1), (1, 1))] {
        let spans = [first, second].map(|(start, end)| Span::between(start, end)).to_vec();
        let error = EditError::Unsorted { at: second.0 };
        assert_eq!(document.apply(Edit::same("Replace", spans, bytes("x"))), Err(error));
    }
    assert_eq!(read_all(&document), "abc");
    assert_eq!(
        (document.revision(), document.is_modified(), document.can_undo()),
        (Revision(0), false, None)
    );
}

#[test]
fn reads_beyond_the_end_are_errors_whatever_the_offset() {
    let document = Document::new(text("abc"));
    let snapshot = document.snapshot();
    let mut buf = [7; 2];
    assert!(matches!(snapshot.read_at(2, &mut buf), Err(ReadError::BeyondEnd { len: 3, .. })));
    assert!(matches!(snapshot.read_at(u64::MAX, &mut buf), Err(ReadError::BeyondEnd { .. })));
    let mut states = [Availability::Missing; 2];
    for (offset, expected) in
        [(2, [Availability::Ready, Availability::Failed]), (u64::MAX, [Availability::Failed; 2])]
    {
        snapshot.peek(offset, &mut buf, &mut states);
        assert_eq!(states, expected);
    }
    assert_eq!((snapshot.data_after(3), snapshot.fault_at(u64::MAX)), (None, None));
}

#[test]
fn zeros_that_are_known_are_not_data() {
    let mut document = Document::new(zeros(1 << 40));
    let fill = Content::Repeat { pattern: vec![0; 3], len: 1 << 30 };
    document.apply(Edit::one("Fill", Span::empty_at(5), fill)).expect("fits");
    assert_eq!(document.snapshot().data_after(0), None);
    document.apply(Edit::one("Typing", Span::between(100, 103), bytes("abc"))).expect("fits");
    document.apply(Edit::one("Typing", Span::empty_at(103), bytes("de"))).expect("fits");
    let snapshot = document.snapshot();
    assert_eq!(snapshot.data_after(0), Some(Span::between(100, 105)));
    assert_eq!(snapshot.data_after(102), Some(Span::between(102, 105)));
    assert_eq!(snapshot.data_after(105), None);
}

#[test]
fn many_places_at_once_are_what_they_are_one_by_one() {
    const SEED: u64 = 5;
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut at = 0;
    let mut spans = Vec::new();
    for _ in 0..20_000 {
        at += random.u64(1..40);
        let span = Span::at(at, random.u64(0..6)).expect("small");
        at = span.end();
        spans.push(span);
    }
    let base: Vec<u8> = (0..at + 10).map(|_| random.u8(..)).collect();
    let base: SharedSource = Arc::new(MemorySource::new(base));
    let (mut bulk, mut single) = (Document::new(Arc::clone(&base)), Document::new(base));
    bulk.apply(Edit::same("Replace All", spans.clone(), bytes("xyz"))).expect("sorted");
    for &span in spans.iter().rev() {
        single.apply(Edit::one("Replace", span, bytes("xyz"))).expect("inside");
    }
    let whole = |document: &Document| {
        let mut bytes = vec![0; document.len() as usize];
        document.snapshot().read_at(0, &mut bytes).expect("inside");
        bytes
    };
    assert!(whole(&bulk) == whole(&single), "seed {SEED}");
    let (a, b) = (bulk.snapshot(), single.snapshot());
    a.check().expect("a sound tree");
    assert_eq!((a.changes(), a.changed_bytes()), (b.changes(), b.changed_bytes()));
    assert_eq!(a.changed_spans(Span::first(a.len())), b.changed_spans(Span::first(b.len())));
    assert_eq!(a.overwrites(), b.overwrites());
    let mapped = bulk.map_span(Span::between(spans[77].end(), spans[78].start()), Revision(0));
    assert!(matches!(mapped, Mapped::Intact(_)));
    bulk.undo();
    assert_eq!((bulk.snapshot().pieces(), bulk.is_modified()), (1, false));
    bulk.redo();
    assert!(whole(&bulk) == whole(&single), "seed {SEED}");
}

#[test]
fn a_place_of_a_hundred_thousand_pieces_is_cut_out_and_comes_back() {
    let mut document = Document::new(zeros(1 << 40));
    let spans = (0..100_000).map(|n| Span::at(n * 1000, 1).expect("small")).collect();
    document.apply(Edit::same("Replace All", spans, bytes("x"))).expect("sorted");
    let before = document.snapshot();
    let middle = Span::between(5_000_000, 95_000_000);
    document.apply(Edit::one("Delete", middle, Content::none())).expect("inside");
    // The deletion ends at a new byte, and makes one change with it.
    assert_eq!(document.snapshot().changes(), 10_000);
    let clip = Content::Clip(before.clone(), middle);
    document.apply(Edit::one("Paste", Span::empty_at(0), clip)).expect("fits");
    document.snapshot().check().expect("a sound tree");
    assert_eq!(read(&document, Span::between(1000, 1002)), "x\0");
    assert_eq!(document.len(), 1 << 40);
    assert!(document.undo().is_some() && document.undo().is_some());
    let after = document.snapshot();
    after.check().expect("a sound tree");
    assert_eq!((after.changes(), after.pieces()), (before.changes(), before.pieces()));
}

#[test]
fn a_clip_too_scattered_for_its_places_is_refused() {
    let mut document = Document::new(zeros(1 << 40));
    let spans = |count| (0..count).map(|n| Span::at(n * 1000, 1).expect("small")).collect::<Vec<_>>();
    document.apply(Edit::same("Replace All", spans(100_000), bytes("x"))).expect("sorted");
    let clip = |len| Content::Clip(document.snapshot(), Span::first(len));
    let (whole, small) = (clip(1 << 40), clip(500));
    let error = EditError::TooScattered { places: 2000 };
    assert_eq!(document.apply(Edit::same("Replace All", spans(2000), whole)), Err(error));
    document.apply(Edit::same("Replace All", spans(2000), small)).expect("two pieces each");
    assert_eq!(document.len(), (1 << 40) + 2000 * 499);
}

#[test]
fn a_fill_of_ten_gibibytes_is_one_piece() {
    let mut document = Document::new(text("[]"));
    let fill = Content::Repeat { pattern: b"abc".to_vec(), len: 10 << 30 };
    document.apply(Edit::one("Fill", Span::empty_at(1), fill)).expect("fits");
    assert_eq!((document.len(), document.snapshot().pieces()), ((10 << 30) + 2, 3));
    assert_eq!(read(&document, Span::between(0, 6)), "[abcab");
}
