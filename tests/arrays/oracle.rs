//! Slices, arithmetic and sequences against NumPy's, by questions that a Python answers all at once.

use super::places::scalar;
use crate::oracle::rig::ask;
use pagelens::bytes::MemorySource;
use pagelens::compute::{ComputeError, Operation, apply};
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::dtype::ItemType;
use pagelens::decode::hex;
use pagelens::decode::slice::Slice;
use pagelens::decode::{DType, Element, Order};
use pagelens::document::{Document, Edit};
use pagelens::job::Progress;
use std::fmt::Write;
use std::sync::Arc;

/// The answers, a line each; `None` without a Python.
pub fn answers(kind: &str, questions: &[String]) -> Option<Vec<String>> {
    let answer = ask("arrays.py", &[kind], questions.join("\n").as_bytes())?;
    let lines: Vec<String> = String::from_utf8_lossy(&answer).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), questions.len(), "every question has an answer");
    Some(lines)
}

fn number(random: &mut fastrand::Rng) -> String {
    match random.u8(..12) {
        0 => format!("-{}", random.u8(..9)),
        1 => format!("0x{:x}", random.u8(..9)),
        2 => format!("- {}", random.u8(..5)),
        3 => format!("+{}", random.u8(..5)),
        4 => "99999999999999999999".to_owned(),
        5 => "0_1".replace('0', "1"),
        _ => random.u8(..4).to_string(),
    }
}

fn part(random: &mut fastrand::Rng) -> String {
    let maybe = |random: &mut fastrand::Rng| if random.bool() { number(random) } else { String::new() };
    match random.u8(..20) {
        0 => "...".to_owned(),
        1 => "None".to_owned(),
        2 => "np.newaxis".to_owned(),
        3..=5 => number(random),
        10 => ":".to_owned(),
        11..=15 => format!("{}:{}", maybe(random), maybe(random)),
        _ => format!("{}:{} : {}", maybe(random), maybe(random), maybe(random)),
    }
}

/// A slice, and one time in four something that may be none.
fn slice_text(random: &mut fastrand::Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.usize(1..3) {
        let parts: Vec<String> = (0..random.usize(1..4)).map(|_| part(random)).collect();
        let comma = if random.u8(..6) == 0 { "," } else { "" };
        let _ = write!(text, "[{}{comma}]", parts.join(if random.bool() { "," } else { " , " }));
    }
    if random.u8(..4) == 0 {
        let at = random.usize(..text.len());
        let letter =
            *random.choice(&["[", "]", ",", ":", "-", "1", " ", "_", ".", "x", "'", "("]).expect("one");
        if random.bool() {
            text.insert_str(at, letter);
        } else {
            text.remove(at);
        }
    }
    text
}

/// What is not read the same way on purpose: sums, tuples and names are Python's, other brackets are lists of indices.
fn is_left_out(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    let is_sum = letters.windows(2).any(|pair| {
        (pair[0].is_alphanumeric() && matches!(pair[1], '-' | '+')) || (pair[0] == ']' && pair[1] != '[')
    });
    if is_sum {
        return true;
    }
    !text.starts_with('[')
        || text.contains("[[")
        || text.contains('\'')
        || text.contains('(')
        || text.contains(".n")
        || text.trim_end() != text
        || text.contains('.') && text.replace("...", "").replace("np.newaxis", "").contains('.')
}

/// The question, and the array that it is about; items are eight bytes.
fn layout(random: &mut fastrand::Rng) -> (String, Array) {
    let item = scalar(Element::I64);
    let shape: Vec<u64> = (0..random.usize(..4)).map(|_| random.u64(..5)).collect();
    if random.bool() {
        let order = if random.bool() { MemoryOrder::F } else { MemoryOrder::C };
        let array = Array::new(item, 0, shape.clone(), order).expect("an array");
        return (format!(r#""len": 125, "shape": {shape:?}, "order": "{order:?}""#), array);
    }
    let strides: Vec<i64> = shape.iter().map(|_| random.i64(-9..10)).collect();
    let bytes = strides.iter().map(|stride| stride * 8).collect();
    let array = Array::with_strides(item, 8 * 200, shape.clone(), bytes).expect("an array");
    (format!(r#""len": 400, "offset": 200, "shape": {shape:?}, "strides": {strides:?}"#), array)
}

#[test]
fn slices_pick_what_numpy_picks_and_fail_where_it_fails() {
    let seed = 0x51ce;
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut questions, mut arrays) = (Vec::new(), Vec::new());
    while questions.len() < 20_000 {
        let (layout, array) = layout(&mut random);
        let text = slice_text(&mut random);
        if !is_left_out(&text) {
            questions.push(format!("{{{layout}, \"slice\": {text:?}}}"));
            arrays.push((array, text));
        }
    }
    let Some(answers) = answers("places", &questions) else { return };
    let mut refused = 0;
    for ((question, answer), (array, text)) in questions.iter().zip(&answers).zip(&arrays) {
        let own = match text.parse::<Slice>().map(|slice| array.slice(&slice)) {
            Ok(Ok(sliced)) => {
                let part = sliced.array;
                let place = |number| part.place(&part.index_at(number)).span.start() / 8;
                let items: Vec<u64> = (0..part.items()).map(place).collect();
                format!("{{\"shape\": {:?}, \"items\": {items:?}}}", part.shape)
            }
            _ => "\"error\"".to_owned(),
        };
        refused += usize::from(answer == "\"error\"");
        assert_eq!(&own, answer, "{question} seed {seed}");
    }
    assert!((1_000..15_000).contains(&refused), "{refused} of 20,000 are refused: the mix says little");
}

/// The bytes of `array` after `operation`.
pub fn applied(bytes: &[u8], array: &Array, operation: &str) -> Result<Vec<u8>, ComputeError> {
    let source = Arc::new(MemorySource::new(bytes.to_vec()));
    let operation: Operation =
        operation.parse().map_err(|error| panic!("{operation}: {error}")).expect("read");
    let splices = apply(&*source, array, &operation, &Progress::default())?.splices;
    let mut document = Document::new(source);
    if !splices.is_empty() {
        document.apply(Edit::each("Test", splices)).expect("applied");
    }
    let mut after = vec![0; bytes.len()];
    pagelens::bytes::Source::read_at(&document.snapshot(), 0, &mut after).expect("read");
    Ok(after)
}

const FLOATS: [(&str, Element); 4] = [
    ("float64", Element::F64),
    ("float32", Element::F32),
    ("float16", Element::F16),
    ("bfloat16", Element::Bf16),
];

const WHOLE: [(&str, Element); 8] = [
    ("uint8", Element::U8),
    ("int8", Element::I8),
    ("uint16", Element::U16),
    ("int16", Element::I16),
    ("uint32", Element::U32),
    ("int32", Element::I32),
    ("uint64", Element::U64),
    ("int64", Element::I64),
];

const FLOAT_WORK: [&str; 24] = [
    "x * 2 + 1",
    "x * 0.1",
    "x % 3.7",
    "x // 0.3",
    "x % -3",
    "x // -7",
    "(x - 1.5) / 3",
    "1 / x",
    "clip(x, -1, 1)",
    "x ** 2",
    "abs(x)",
    "sqrt(abs(x))",
    "nan_to_num(x)",
    "maximum(x, 0.1)",
    "minimum(x, 3)",
    "-x",
    "floor(x)",
    "ceil(x) + trunc(x)",
    "round(x)",
    "sign(x)",
    "2 * 3 + x - 1 / 3",
    "x - x",
    "x ** -1",
    "5 % x",
];

const WHOLE_WORK: [&str; 18] = [
    "x * 2 + 1",
    "x // 3",
    "x % 7",
    "x // -3",
    "x % -7",
    "-x",
    "abs(x)",
    "clip(x, 3, 100)",
    "x ** 2",
    "x ^ 0x5a",
    "x & 0x0f | 1",
    "x >> 1",
    "x << 1",
    "maximum(x, 5) - 5",
    "minimum(x, 9)",
    "sign(x) + 1",
    "7 // x",
    "x * 2 / 2",
];

fn whole_bytes(random: &mut fastrand::Rng, size: usize) -> Vec<u8> {
    (0..16)
        .flat_map(|_| {
            let small = random.u64(..200).to_le_bytes();
            let any = random.u64(..).to_le_bytes();
            if random.u8(..8) > 0 { small[..size].to_vec() } else { any[..size].to_vec() }
        })
        .collect()
}

fn float_bytes(random: &mut fastrand::Rng, element: Element) -> Vec<u8> {
    let item = scalar(element);
    let mut bytes = Vec::new();
    while bytes.len() < 16 * element.size() {
        let value = match random.u8(..6) {
            0 => (*random.choice(&["nan", "inf", "-inf", "0.0", "-0.0", "1e-7"]).expect("one")).to_owned(),
            1 => format!("{}", random.i64(-9..10)),
            2 => format!("{:e}", (random.f64() - 0.5) * 1e4),
            _ => format!("{}", (random.f64() - 0.5) * 20.0),
        };
        bytes.extend(item.encode(&value, &vec![0; element.size()], 0).expect("a value"));
    }
    bytes
}

/// Both NaN: which one says nothing.
fn same(item: &ItemType, left: &[u8], right: &[u8]) -> bool {
    let size = item.group_bytes() as usize;
    let nan = |group: &[u8]| matches!(item.number(group, 0), Some(pagelens::decode::Number::Float(value)) if value.is_nan());
    left.chunks(size).zip(right.chunks(size)).all(|(a, b)| a == b || (nan(a) && nan(b)))
}

#[test]
fn arithmetic_gives_what_numpy_gives() {
    let seed = 0xca1c;
    let mut random = fastrand::Rng::with_seed(seed);
    let mut questions = Vec::new();
    let mut asked = Vec::new();
    let works = FLOATS.iter().flat_map(|kind| FLOAT_WORK.iter().map(move |text| (kind, text)));
    let works = works.chain(WHOLE.iter().flat_map(|kind| WHOLE_WORK.iter().map(move |text| (kind, text))));
    for (&(name, element), &text) in works {
        for _ in 0..20 {
            let bytes = if element.is_float() {
                float_bytes(&mut random, element)
            } else {
                whole_bytes(&mut random, element.size())
            };
            let digits = hex::format(&bytes, false, "");
            questions.push(format!(r#"{{"dtype": "{name}", "text": "{text}", "bytes": "{digits}"}}"#));
            asked.push((element, text, bytes));
        }
    }
    let Some(answers) = answers("operation", &questions) else { return };
    for ((question, answer), (element, text, bytes)) in questions.iter().zip(&answers).zip(asked) {
        let item = scalar(element);
        let array = Array::new(item.clone(), 0, vec![16], MemoryOrder::C).expect("an array");
        match applied(&bytes, &array, text) {
            Err(ComputeError::At { index, .. }) => {
                assert_eq!(*answer, format!("{{\"refused\": {}}}", index[0]), "{question}");
            }
            Err(error) => panic!("{question}: {error}"),
            Ok(own) => {
                let expected =
                    answer.strip_prefix("{\"bytes\": \"").and_then(|rest| rest.strip_suffix("\"}"));
                let expected = expected.map(|digits| hex::parse(digits).expect("hex"));
                let expected = expected.unwrap_or_else(|| panic!("{question}: {answer}"));
                assert!(
                    same(&item, &own, &expected),
                    "{question}\n{}\n{answer}",
                    hex::format(&own, false, "")
                );
            }
        }
    }
}

#[test]
fn sequences_are_those_of_numpy() {
    let seed = 0x5e9;
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut questions, mut asked) = (Vec::new(), Vec::new());
    for round in 0..600 {
        let (name, element) = *random.choice(&[FLOATS.as_slice(), &WHOLE[4..]].concat()).expect("a type");
        let items = random.u64(1..40);
        let number = |random: &mut fastrand::Rng| {
            if element.is_float() && random.bool() {
                format!("{}", (random.f64() * 200.0).round() / 16.0 + 0.03125)
            } else {
                random.u8(1..50).to_string()
            }
        };
        let (low, high) = (number(&mut random), number(&mut random));
        let seed = random.u128(..) >> random.u32(..128);
        let (kind, endpoint, text) = match round % 3 {
            0 => ("arange", true, format!("arange({low}, step={high})")),
            1 => {
                let endpoint = random.bool();
                let word = if endpoint { "True" } else { "False" };
                ("linspace", endpoint, format!("linspace({low}, {high}, endpoint={word})"))
            }
            _ => ("random", true, format!("random({low}, {low} + {high}, seed={})", seed >> 1)),
        };
        let top = if kind == "random" {
            let sum: f64 = low.parse::<f64>().expect("a number") + high.parse::<f64>().expect("a number");
            if element.is_float() { format!("{sum:?}") } else { format!("{sum}") }
        } else {
            high
        };
        questions.push(format!(
            r#"{{"dtype": "{name}", "items": {items}, "kind": "{kind}", "low": {low}, "high": {top}, "endpoint": {endpoint}, "seed": {}}}"#,
            seed >> 1
        ));
        asked.push((element, items, text));
    }
    let Some(answers) = answers("sequence", &questions) else { return };
    for ((question, answer), (element, items, text)) in questions.iter().zip(&answers).zip(asked) {
        let array = Array::new(scalar(element), 0, vec![items], MemoryOrder::C).expect("an array");
        let own = applied(&vec![0; items as usize * element.size()], &array, &text);
        let own = own.unwrap_or_else(|error| panic!("{question} {text}: {error}"));
        assert_eq!(
            format!("{{\"bytes\": \"{}\"}}", hex::format(&own, false, "")),
            *answer,
            "{question} {text}"
        );
    }
}

#[test]
fn random_numbers_in_another_order_of_memory_are_the_same() {
    let bytes = vec![0; 6 * 8];
    let item = ItemType::Scalar(DType::new(Element::F64, Order::Little));
    let made = |order| {
        let array = Array::new(item.clone(), 0, vec![2, 3], order).expect("an array");
        let bytes = applied(&bytes, &array, "random(0, 1, seed=42)").expect("made");
        (0..6)
            .map(|n| {
                let span = array.place(&array.index_at(n)).span;
                bytes[span.start() as usize..span.end() as usize].to_vec()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(made(MemoryOrder::C), made(MemoryOrder::F));
    assert_eq!(made(MemoryOrder::C)[0], 0.773_956_048_555_963_3_f64.to_le_bytes());
}
