//! Statistics over holes, fills, edits and faults; and a cancel.

use crate::search::sources::Patchy;
use pagelens::analysis::stats::{Bins, Statistics, StatisticsQuestion, statistics};
use pagelens::analysis::{ElementPass, PassEnd, Tuning};
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::{DType, Element, Number, Order};
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use std::sync::Arc;

fn array(element: Element, offset: u64, items: u64) -> Array {
    Array::new(DType::new(element, Order::Little).into(), offset, vec![items], MemoryOrder::C)
        .expect("an array")
}

fn everything() -> StatisticsQuestion {
    let bins = Some(Bins { count: 5, range: Some((-10.0, 10.0)) });
    StatisticsQuestion { percentiles: vec![0.0, 10.0, 50.0, 100.0], bins, distinct: true, places: true }
}

fn ask(source: &dyn Source, array: &Array, chunk: usize) -> Statistics {
    let progress = Progress::default();
    let tuning = Tuning { chunk, threads: 2, grain: 64 };
    let pass = ElementPass { tuning, ..ElementPass::new(source, array, &progress) };
    let (known, end) = statistics(&pass, &everything(), &mut |_| {});
    assert_eq!(end, PassEnd::Complete);
    known
}

#[test]
fn fills_of_an_edited_document_count_as_their_bytes() {
    for element in [Element::F32, Element::F64, Element::I32, Element::U64, Element::Bf16, Element::U8] {
        let mut document = Document::new(Arc::new(MemorySource::new((0..=255).collect::<Vec<u8>>())));
        let fill = Content::Repeat { pattern: vec![0, 0, 160, 65, 0, 0, 128, 192], len: 400_000 };
        document.apply(Edit::one("Fill", Span::empty_at(64), fill)).expect("inside");
        let zeros = Content::Repeat { pattern: vec![0], len: 300_000 };
        document.apply(Edit::one("Fill", Span::empty_at(128), zeros)).expect("inside");
        let snapshot = document.snapshot();
        let items = snapshot.len() / element.size() as u64;
        let mut bytes = vec![0; snapshot.len() as usize];
        snapshot.read_at(0, &mut bytes).expect("readable");
        let (found, wanted) = (
            ask(&snapshot, &array(element, 0, items), 70_000),
            ask(&MemorySource::new(bytes), &array(element, 0, items), 1000),
        );
        let near =
            |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| (a - b).abs() <= 1e-15 * b.abs());
        assert!(
            near(found.deviation, wanted.deviation) || found.deviation.is_some_and(f64::is_nan),
            "{element:?}"
        );
        let rest = |known: Statistics| Statistics {
            deviation: None,
            mean: None,
            sum: None,
            sum_error: 0.0,
            ..known
        };
        assert_eq!(format!("{:?}", rest(found)), format!("{:?}", rest(wanted)), "{element:?}");
    }
}

#[test]
fn a_hole_of_a_terabyte_is_not_read() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    file.as_file().set_len(1 << 40).expect("a hole");
    let source = pagelens::bytes::file::FileSource::open(file.path()).expect("opened");
    let known = ask(&source, &array(Element::F32, 0, 1 << 38), 512 << 10);
    assert_eq!((known.count, known.zeros), (1 << 38, 1 << 38));
    assert_eq!((known.mean, known.deviation), (Some(Number::Float(0.0)), Some(0.0)));
    assert_eq!(known.percentiles[2], (50.0, 0.0));
}

#[test]
fn elements_that_can_t_be_read_are_left_out_and_counted() {
    let values: Vec<u8> = (0..1000).flat_map(|n| (n as f32).to_le_bytes()).collect();
    let source = Patchy { bad: vec![Span::between(1024, 1088)], ..Patchy::new(values) };
    let known = ask(&source, &array(Element::F32, 0, 1000), 300);
    assert_eq!((known.count, known.lost, known.unread.bytes()), (984, 16, 64));
    let sum: f64 = (0..1000).filter(|n| !(256..272).contains(n)).map(f64::from).sum();
    assert_eq!(known.sum, Some(Number::Float(sum)));
}

#[test]
fn a_cancel_ends_the_statistics_of_any_type() {
    let source = MemorySource::new(vec![1; 8 << 20]);
    for element in [Element::F32, Element::I64, Element::U8, Element::Complex64] {
        let array = array(element, 0, (8 << 20) / element.size() as u64);
        let progress = Progress::default();
        let tuning = Tuning { chunk: 1000, ..Tuning::default() };
        let pass = ElementPass { tuning, ..ElementPass::new(&source, &array, &progress) };
        let mut reports = 0;
        let (_, end) = statistics(&pass, &everything(), &mut |_| {
            reports += 1;
            progress.cancel();
        });
        assert!(end == PassEnd::Cancelled && reports >= 1, "{element:?}");
    }
}
