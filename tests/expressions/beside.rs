//! Other arrays and numbers of all elements where they are large, overlap, or can't be read.

use crate::search::sources::Patchy;
use pagelens::bytes::{MemorySource, SharedSource, Source, Span};
use pagelens::compute::{ComputeError, Operation, OtherArray, Predicate, apply, apply_beside, apply_unkept};
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::document::{Content, Document, Edit, Splice};
use pagelens::job::Progress;
use std::ops::ControlFlow;
use std::sync::Arc;

fn array(dtype: &str, offset: u64, shape: &[u64]) -> Array {
    let item = dtype.parse().unwrap_or_else(|error| panic!("{dtype}: {error}"));
    Array::new(item, offset, shape.to_vec(), MemoryOrder::C).expect("an array")
}

fn operation(text: &str) -> Operation {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn beside(name: &str, source: &SharedSource, array: Array) -> Vec<OtherArray> {
    vec![OtherArray { name: name.to_owned(), source: Arc::clone(source), array }]
}

fn after(source: &SharedSource, splices: Vec<Splice>) -> Vec<u8> {
    let mut document = Document::new(Arc::clone(source));
    document.apply(Edit::each("Test", splices)).expect("applied");
    let mut bytes = vec![0; source.len() as usize];
    document.snapshot().read_at(0, &mut bytes).expect("read");
    bytes
}

#[test]
fn an_overlap_of_the_arrays_reads_the_old_values() {
    // Each is the one before plus its neighbour: written in place, a later one would see what an earlier one became.
    let source: SharedSource = Arc::new(MemorySource::new((1..=9).collect::<Vec<u8>>()));
    let (x, other) = (array("|u1", 1, &[8]), array("|u1", 0, &[8]));
    let made = apply_beside(
        &*source,
        &x,
        &operation("x + other('b')"),
        &beside("b", &source, other),
        &Progress::default(),
    );
    assert_eq!(after(&source, made.expect("made").splices), [1, 3, 5, 7, 9, 11, 13, 15, 17]);
}

/// Large results are worked out again while they are saved.
#[test]
fn what_is_worked_out_again_is_the_same_as_what_is_kept() {
    let mut random = fastrand::Rng::with_seed(8);
    let items = 3 << 20;
    let bytes: Vec<u8> = (0..4 * items + 2 * items).map(|_| random.u8(..) & 0x3f).collect();
    let source: SharedSource = Arc::new(MemorySource::new(bytes));
    let x = array("<f4", 0, &[items / 1024, 1024]);
    let mut other = array(">i2", 4 * items, &[items / 1024, 1024]);
    for (text, turned) in [("x * 2 + other('b')", false), ("x - other('b') / 3", true), ("x - mean(x)", true)]
    {
        if turned {
            // The same elements, the other way round.
            other.offset += 2 * (items - 1);
            other.strides.iter_mut().for_each(|stride| *stride = -*stride);
        }
        let (operation, others) = (operation(text), beside("b", &source, other.clone()));
        let kept = apply_beside(&*source, &x, &operation, &others, &Progress::default()).expect("made");
        let unkept = apply_unkept(&source, &x, &operation, &others, &Progress::default()).expect("made");
        let sources = unkept.splices.iter().filter(|splice| matches!(splice.content, Content::Source(..)));
        assert!(sources.count() > 0, "{text}");
        assert!(after(&source, kept.splices) == after(&source, unkept.splices), "{text}");
        if turned {
            other = array(">i2", 4 * items, &[items / 1024, 1024]);
        }
    }
}

#[test]
fn what_can_t_be_read_or_has_no_value_is_said() {
    let bytes: Vec<u8> = (0..200).collect();
    let source = Patchy { bad: vec![Span::between(64, 68)], ..Patchy::new(bytes) };
    let x = array("|u1", 0, &[100]);
    let refused =
        |text: &str| apply(&source, &x, &operation(text), &Progress::default()).expect_err("refused");
    assert!(matches!(refused("x - min(x)"), ComputeError::Read(_)), "{}", refused("x - min(x)"));
    assert!(matches!(refused("x - sum(x * x)"), ComputeError::Read(_)), "{}", refused("x - sum(x * x)"));
    let source = MemorySource::new((0..100).collect::<Vec<u8>>());
    let x = array("|u1", 0, &[10, 10]);
    let refused =
        |text: &str| apply(&source, &x, &operation(text), &Progress::default()).expect_err("refused");
    assert_eq!(
        refused("x + sum(7 // (x - 23))").to_string(),
        "At (2, 3): division by 0. Nothing was changed."
    );
    let record = array("[('id', '|u1'), ('temp', '|i1')]", 0, &[10]);
    let asked = |text: &str, array: &Array| {
        let question: Predicate = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        let progress = Progress::default();
        let asked = question.asked_of(&source, array, &[], &progress).map_err(|error| error.to_string())?;
        let mut found = Vec::new();
        asked.search(0..asked.items(), &progress, &mut |part| {
            found.extend(part.hits.iter());
            ControlFlow::Continue(())
        });
        Ok::<Vec<u64>, String>(found)
    };
    assert_eq!(asked("temp > mean(temp) and id < max(id)", &record), Ok(vec![5, 6, 7, 8]));
    assert_eq!(asked("sum(id * temp) == 1230 and id == 4", &record), Ok(vec![2]));
    let refused = asked("temp > mean", &record).expect_err("a record has no mean");
    assert!(refused.contains("An element is a record; name a field of it"), "{refused}");
    let texts = array("S2", 0, &[10]);
    let refused = asked("x == 'a' and mean(x) > 2", &texts).expect_err("texts have no mean");
    assert!(refused.contains("There is no mean: the elements are no numbers."), "{refused}");
    let refused = asked("x > mean(other('b'))", &x).expect_err("there is none");
    assert!(refused.contains("no other array 'b'"), "{refused}");
    assert!("x > mean(max(x))".parse::<Predicate>().is_err(), "a number of all of a number of all");
    let nans = MemorySource::new(vec![0xff; 16]);
    let floats = array("<f4", 0, &[4]);
    let refused = apply(&nans, &floats, &operation("x - mean(x)"), &Progress::default()).expect_err("NaN");
    assert_eq!(refused.to_string(), "There is no mean: all elements are NaN.");
    let none = array("<f4", 0, &[0]);
    let refused = apply(&nans, &none, &operation("x - mean(x)"), &Progress::default()).expect_err("nothing");
    assert_eq!(refused.to_string(), "There is no mean: there are no elements.");
    let unchanged = apply(&nans, &none, &operation("x - 1"), &Progress::default()).expect("fine");
    assert!(unchanged.splices.is_empty());
}

#[test]
fn what_can_t_be_read_of_another_array_is_told_by_the_array_that_is_asked() {
    let source = MemorySource::new((0..200).collect::<Vec<u8>>());
    let others: SharedSource =
        Arc::new(Patchy { bad: vec![Span::between(64, 68)], ..Patchy::new((1..201).collect()) });
    let x = array("<u2", 20, &[50]);
    let others = beside("b", &others, array("<u2", 20, &[50]));
    let question: Predicate = "x < other('b')".parse().expect("a question");
    let progress = Progress::default();
    let asked = question.asked_of(&source, &x, &others, &progress).expect("numbers");
    let (mut found, mut lost, mut unread) = (Vec::new(), 0, Vec::new());
    let tuning = pagelens::analysis::Tuning { chunk: 40, threads: 2, grain: 4 };
    asked.search_with(0..asked.items(), &progress, tuning, &mut |part| {
        found.extend(part.hits.iter());
        lost += part.lost;
        unread.extend(part.unread.ranges().iter().copied());
        ControlFlow::Continue(())
    });
    assert!((2..=4).contains(&lost) && found.len() as u64 + lost == 50, "{found:?} {lost}");
    assert!(unread.iter().all(|span| span.start() >= 60 && span.end() <= 72), "{unread:?}");
}

#[test]
fn a_cancel_ends_what_is_worked_out_before() {
    let source = MemorySource::new(vec![1; 1 << 20]);
    let x = array("<f8", 0, &[1 << 17]);
    let progress = Progress::default();
    progress.cancel();
    for text in ["x - mean(x)", "x - median(x * 2)", "x + 1"] {
        assert_eq!(
            apply(&source, &x, &operation(text), &progress).map(|_| ()),
            Err(ComputeError::Cancelled),
            "{text}"
        );
    }
}

#[test]
fn one_number_for_all_elements_may_be_one_that_was_worked_out() {
    let values: Vec<u8> = [1.0_f32, 2.0, 6.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let source: SharedSource = Arc::new(MemorySource::new(values));
    let floats = array("<f4", 0, &[3]);
    let made = apply(&*source, &floats, &operation("mean(x) * 2"), &Progress::default()).expect("made");
    assert_eq!(after(&source, made.splices), [6.0_f32, 6.0, 6.0].map(f32::to_le_bytes).concat());
    let ints: SharedSource = Arc::new(MemorySource::new(vec![1, 2, 4]));
    let bytes = array("|u1", 0, &[3]);
    let refused = apply(&*ints, &bytes, &operation("mean"), &Progress::default()).expect_err("no integer");
    assert!(refused.to_string().contains("is not an integer"), "{refused}");
    let made = apply(&*ints, &bytes, &operation("round(mean)"), &Progress::default()).expect("made");
    assert_eq!(after(&ints, made.splices), [2, 2, 2]);
    let texts: SharedSource = Arc::new(MemorySource::new(vec![0; 6]));
    let made =
        apply(&*texts, &array("S3", 0, &[2]), &operation("max"), &Progress::default()).expect("a text");
    assert_eq!(after(&texts, made.splices), b"maxmax");
}

#[test]
fn a_fraction_makes_integers_floats_of_64_bits_and_halves_are_rounded_once() {
    let values: Vec<f32> = (1..40).map(|number| number as f32 / 7.0).collect();
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let source: SharedSource = Arc::new(MemorySource::new(bytes));
    let counts: SharedSource =
        Arc::new(MemorySource::new((1..40_u16).flat_map(u16::to_le_bytes).collect::<Vec<u8>>()));
    let text = operation("x / (other('b') * 0.3125) + 0.1");
    let others = beside("b", &counts, array("<u2", 0, &[39]));
    let made = apply_beside(&*source, &array("<f4", 0, &[39]), &text, &others, &Progress::default());
    let wanted = (1..)
        .zip(&values)
        .map(|(count, value)| (f64::from(*value) / (f64::from(count) * 0.3125) + 0.1) as f32);
    assert_eq!(
        after(&source, made.expect("made").splices),
        wanted.flat_map(f32::to_le_bytes).collect::<Vec<u8>>()
    );
    // A little more than the middle between two halves; rounded to 32 bits first it would be the middle.
    let middle = 1.0 + 2_f64.powi(-11) + 2_f64.powi(-40);
    for count in [1, 3000] {
        let doubles: Vec<u8> = (0..count).flat_map(|_| middle.to_le_bytes()).collect();
        let doubles: SharedSource = Arc::new(MemorySource::new(doubles));
        let halves: SharedSource = Arc::new(MemorySource::new(vec![0; 2 * count as usize]));
        let others = beside("b", &doubles, array("<f8", 0, &[count]));
        let x = array("<f2", 0, &[count]);
        let made = apply_beside(&*halves, &x, &operation("other('b')"), &others, &Progress::default());
        let made = after(&halves, made.expect("made").splices);
        assert!(made.chunks(2).all(|half| half == 0x3c01_u16.to_le_bytes()), "{count}");
    }
}
