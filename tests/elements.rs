//! The pass over the elements of an array against a loop over their indices: every type, shape, slice and order, over
//! sources with holes, fills and faults.

mod mapped;
pub mod questions;

use crate::search::sources::Patchy;
use pagelens::analysis::elements::{ElementKernel, ElementPass, Tile, TileKind, TileValues};
use pagelens::analysis::{PassEnd, Tuning, Unread};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::decode::Number;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::dtype::{ItemType, Packed, Quant, TimeType, TimeUnit};
use pagelens::decode::{DType, Element, Order};
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use questions::{random_array, random_item};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What a kernel was shown of an element.
#[derive(Clone, Debug)]
enum Shown {
    Number(Option<Number>),
    Raw(Vec<u8>),
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Raw(a), Self::Raw(b)) => a == b,
            (Self::Number(Some(Number::Float(a))), Self::Number(Some(Number::Float(b)))) => {
                a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
            }
            (Self::Number(a), Self::Number(b)) => a == b || format!("{a:?}") == format!("{b:?}"),
            _ => false,
        }
    }
}

/// Keeps all that it is shown.
struct Keep {
    kind: TileKind,
}

impl ElementKernel for Keep {
    type Part = Vec<(u64, Shown)>;

    fn tile(&self, tile: &Tile<'_>, part: &mut Self::Part) {
        let (shown, kind) = shown(tile);
        assert_eq!((kind, shown.len()), (self.kind, tile.len()));
        part.extend((tile.first..).zip(shown));
    }
}

fn shown(tile: &Tile<'_>) -> (Vec<Shown>, TileKind) {
    fn whole<T: Copy + Into<i128>>(values: &[T], kind: TileKind) -> (Vec<Shown>, TileKind) {
        (values.iter().map(|value| Shown::Number(Some(Number::Int((*value).into())))).collect(), kind)
    }
    fn real<T: Copy + Into<f64>>(values: &[T], kind: TileKind) -> (Vec<Shown>, TileKind) {
        (values.iter().map(|value| Shown::Number(Some(Number::Float((*value).into())))).collect(), kind)
    }
    match tile.values {
        TileValues::U8(values) => whole(values, TileKind::U8),
        TileValues::I8(values) => whole(values, TileKind::I8),
        TileValues::U16(values) => whole(values, TileKind::U16),
        TileValues::I16(values) => whole(values, TileKind::I16),
        TileValues::U32(values) => whole(values, TileKind::U32),
        TileValues::I32(values) => whole(values, TileKind::I32),
        TileValues::U64(values) => whole(values, TileKind::U64),
        TileValues::I64(values) => {
            let number = |value: &i64| {
                (!tile.has_nat || *value != i64::MIN).then_some(Number::Int(i128::from(*value)))
            };
            (values.iter().map(|value| Shown::Number(number(value))).collect(), TileKind::I64)
        }
        TileValues::F32(values) => real(values, TileKind::F32),
        TileValues::F64(values) => real(values, TileKind::F64),
        TileValues::Numbers(values) => {
            (values.iter().map(|value| Shown::Number(*value)).collect(), TileKind::Numbers)
        }
        TileValues::Raw(bytes, size) => {
            (bytes.chunks_exact(size).map(|bytes| Shown::Raw(bytes.to_vec())).collect(), TileKind::Raw)
        }
    }
}

/// What the pass answers: what was shown, what was not, and how many elements that is.
#[derive(Debug, Default)]
struct Answer {
    shown: Vec<(u64, Shown)>,
    unread: Unread,
    lost: u64,
    odd: u64,
}

fn ask(source: &dyn Source, array: &Array, tuning: Tuning) -> Answer {
    let progress = Progress::default();
    let pass = ElementPass { source, array, progress: &progress, tuning };
    let kind = TileKind::of(&array.item);
    let mut answer = Answer::default();
    let mut next = 0;
    let end = pass.run(&Keep { kind }, &mut |made| {
        assert_eq!(made.elements.start, next, "pieces come in order, without gaps");
        next = made.elements.end;
        assert!(made.part.iter().all(|(number, _)| made.elements.contains(number)));
        assert!(made.part.is_sorted_by_key(|(number, _)| *number));
        answer.shown.extend(made.part);
        answer.unread.merge(&made.unread);
        answer.lost += made.lost;
        answer.odd += made.odd;
        ControlFlow::Continue(())
    });
    assert_eq!((end, next), (PassEnd::Complete, array.items()));
    answer
}

/// The elements one by one, those without a value and those that touch `bad` left out.
fn expected(bytes: &[u8], array: &Array, bad: &[Span]) -> Answer {
    let mut answer = Answer::default();
    for number in 0..array.items() {
        let place = array.place(&array.index_at(number));
        if bad.iter().any(|bad| bad.intersect(place.span).is_some_and(|part| !part.is_empty())) {
            answer.lost += 1;
            continue;
        }
        let group = &bytes[place.span.start() as usize..place.span.end() as usize];
        let value = array.item.number(group, place.item);
        match TileKind::of(&array.item) {
            TileKind::Raw => answer.shown.push((number, Shown::Raw(group.to_vec()))),
            TileKind::Numbers | TileKind::I64 => answer.shown.push((number, Shown::Number(value))),
            _ if value.is_none() => answer.odd += 1,
            _ => answer.shown.push((number, Shown::Number(value))),
        }
    }
    answer
}

fn random_bytes(rng: &mut fastrand::Rng, lengths: std::ops::Range<usize>) -> Vec<u8> {
    let mut bytes = vec![0; rng.usize(lengths)];
    rng.fill(&mut bytes);
    bytes
}

fn small(rng: &mut fastrand::Rng) -> Tuning {
    Tuning { chunk: rng.usize(1..3000), threads: rng.usize(1..4), grain: 1 << rng.u32(0..6) }
}

fn check(found: &Answer, wanted: &Answer, what: &dyn Fn() -> String) {
    assert_eq!((found.lost, found.odd), (wanted.lost, wanted.odd), "{}", what());
    let different = found.shown.iter().zip(&wanted.shown).find(|(found, wanted)| found != wanted);
    assert_eq!(different, None, "{}", what());
    assert_eq!(found.shown.len(), wanted.shown.len(), "{}", what());
}

#[test]
fn every_element_of_any_array_is_shown_once_and_in_order() {
    let mut rng = fastrand::Rng::with_seed(20);
    for round in 0..1500 {
        let bytes = random_bytes(&mut rng, 1..4000);
        let item = random_item(&mut rng);
        let Some(array) = random_array(&mut rng, item, bytes.len()) else { continue };
        let wanted = expected(&bytes, &array, &[]);
        let found = ask(&MemorySource::new(bytes), &array, small(&mut rng));
        check(&found, &wanted, &|| format!("round {round}: {array:?}"));
        assert!(found.unread.is_empty());
    }
}

#[test]
fn what_can_t_be_read_is_left_out_and_reported() {
    let mut rng = fastrand::Rng::with_seed(21);
    for round in 0..1000 {
        let bytes = random_bytes(&mut rng, 64..3000);
        let item = random_item(&mut rng);
        let Some(array) = random_array(&mut rng, item, bytes.len()) else { continue };
        let tuning = small(&mut rng);
        // Bad blocks of the size of a grain, so that what is lost can be told.
        let grain = tuning.grain as u64;
        let block = |rng: &mut fastrand::Rng| {
            let start = rng.u64(0..bytes.len() as u64) / grain * grain;
            Span::between(start, (start + grain).min(bytes.len() as u64))
        };
        let bad: Vec<Span> = (0..rng.usize(1..4)).map(|_| block(&mut rng)).collect();
        let wanted = expected(&bytes, &array, &bad);
        let source = Patchy { bad, ..Patchy::new(bytes) };
        let found = ask(&source, &array, tuning);
        check(&found, &wanted, &|| format!("round {round}: {array:?} {:?} {tuning:?}", source.bad));
        assert_eq!(found.unread.is_empty(), found.lost == 0);
        assert!(found.unread.bytes() >= found.lost * array.item.group_bytes() / array.items().max(1));
    }
}

#[test]
fn holes_and_fills_of_an_edited_document_are_the_same_as_their_bytes() {
    let mut rng = fastrand::Rng::with_seed(22);
    for round in 0..30 {
        let mut document = Document::new(Arc::new(MemorySource::new(vec![7; 1000])));
        for _ in 0..rng.usize(1..4) {
            let at = rng.u64(0..=document.len());
            let pattern = match rng.u8(0..3) {
                0 => vec![0; rng.usize(1..4)],
                _ => (0..rng.usize(1..9)).map(|_| rng.u8(..)).collect(),
            };
            let content = Content::Repeat { pattern, len: rng.u64(1..300_000) };
            document.apply(Edit::one("Fill", Span::empty_at(at), content)).expect("inside");
        }
        let snapshot = document.snapshot();
        let mut bytes = vec![0; snapshot.len() as usize];
        snapshot.read_at(0, &mut bytes).expect("readable");
        let item = random_item(&mut rng);
        let Some(array) = random_array(&mut rng, item, bytes.len()) else { continue };
        let wanted = expected(&bytes, &array, &[]);
        let tuning = Tuning { chunk: rng.usize(1000..200_000), threads: 2, grain: 512 };
        let found = ask(&snapshot, &array, tuning);
        check(&found, &wanted, &|| format!("round {round}: {array:?}"));
    }
}

/// Counts elements, and how many of them were not read.
#[derive(Default)]
struct Count;

impl ElementKernel for Count {
    type Part = (u64, u64);

    fn tile(&self, tile: &Tile<'_>, part: &mut Self::Part) {
        part.0 += tile.len() as u64;
    }

    fn repeated(&self, _: &Tile<'_>, count: u64, part: &mut Self::Part) {
        part.1 += count;
    }
}

#[test]
fn a_fill_of_any_length_is_not_read() {
    let mut document = Document::new(Arc::new(MemorySource::new(vec![1; 100])));
    let content = Content::Repeat { pattern: vec![1, 2, 3, 4, 5, 6], len: 6 << 40 };
    document.apply(Edit::one("Fill", Span::empty_at(50), content)).expect("inside");
    let snapshot = document.snapshot();
    let item: ItemType = DType::new(Element::F32, Order::Little).into();
    let array = Array::new(item, 2, vec![(6 << 40) / 4, 1], MemoryOrder::C).expect("an array");
    let progress = Progress::default();
    let pass = ElementPass::new(&snapshot, &array, &progress);
    let (mut read, mut repeated, mut most) = (0, 0, 0);
    pass.run(&Count, &mut |made| {
        read += made.part.0;
        repeated += made.part.1;
        most = most.max(made.part.1);
        ControlFlow::Continue(())
    });
    assert!(most <= 1 << 24, "what a kernel makes of a piece is bounded: {most}");
    assert_eq!(read + repeated, array.items());
    assert!(read <= 512 << 10, "a chunk in front of the fill: {read}");
    assert_eq!(progress.done(), pass.bytes());
}

#[test]
fn a_cancel_ends_the_pass() {
    let bytes = vec![1; 4 << 20];
    let array = Array::new(DType::new(Element::U8, Order::Little).into(), 0, vec![4 << 20], MemoryOrder::C)
        .expect("an array");
    let progress = Progress::default();
    let source = MemorySource::new(bytes);
    let pass = ElementPass {
        tuning: Tuning { chunk: 1000, ..Tuning::default() },
        ..ElementPass::new(&source, &array, &progress)
    };
    let mut pieces = 0;
    let end = pass.run(&Count, &mut |_| {
        pieces += 1;
        if pieces == 5 {
            progress.cancel();
        }
        ControlFlow::Continue(())
    });
    assert_eq!((end, pieces), (PassEnd::Cancelled, 5));
}

#[test]
fn an_array_beyond_the_end_is_lost_and_an_empty_one_complete() {
    let source = MemorySource::new(vec![1; 100]);
    let u16s: ItemType = DType::new(Element::U16, Order::Big).into();
    let beyond = Array::new(u16s.clone(), 90, vec![20], MemoryOrder::C).expect("an array");
    let found = ask(&source, &beyond, Tuning { chunk: 8, threads: 2, grain: 1 });
    assert_eq!((found.shown.len() as u64 + found.lost, found.unread.is_empty()), (20, false));
    for shape in [vec![0], vec![3, 0, 2]] {
        let empty = Array::new(u16s.clone(), 0, shape, MemoryOrder::C).expect("an array");
        assert!(ask(&source, &empty, Tuning::default()).shown.is_empty());
    }
    let scalar = Array::new(u16s, 3, vec![], MemoryOrder::C).expect("an array");
    assert_eq!(ask(&source, &scalar, Tuning::default()).shown.len(), 1);
}

#[test]
fn elements_of_gigabytes_in_a_hole_are_left_out_and_not_allocated() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.as_file().set_len(8 << 30).expect("a hole");
    let source = FileSource::open(file.path()).expect("a source");
    for shape in [vec![4], vec![2, 2]] {
        let mut array =
            Array::new(ItemType::Void(1 << 31), 0, shape.clone(), MemoryOrder::C).expect("an array");
        if shape.len() == 2 {
            // Not in C order, so it is cut into blocks.
            array.strides.swap(0, 1);
        }
        let progress = Progress::default();
        let (mut lost, mut shown) = (0, 0);
        ElementPass::new(&source, &array, &progress).run(&Count, &mut |made| {
            lost += made.lost;
            shown += made.part.0 + made.part.1;
            ControlFlow::Continue(())
        });
        assert_eq!((lost, shown), (4, 0), "{shape:?}");
    }
}
