//! Programs against the calculation of one value after another: the same bits, the same refusals, the same count of
//! infinities, for random expressions over all types and odd values.

use super::{Elements, InputForm, Kernel, KernelTarget, Runner};
use crate::analysis::elements::TileValues;
use crate::compute::calc::{Calc, is_true};
use crate::compute::codec::{Codec, is_infinite};
use crate::compute::expr::Expr;
use crate::compute::parse::Parser;
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element, Order};

/// Types that have tiles.
const TYPES: [Element; 16] = [
    Element::U8,
    Element::I8,
    Element::U16,
    Element::I16,
    Element::U24,
    Element::I24,
    Element::U32,
    Element::I32,
    Element::U64,
    Element::I64,
    Element::F16,
    Element::Bf16,
    Element::F32,
    Element::F64,
    Element::Pointer,
    Element::Unix64,
];

fn pick<'a>(random: &mut fastrand::Rng, from: &[&'a str]) -> &'a str {
    random.choice(from).copied().expect("some")
}

/// A random expression, which may have no result for many values.
fn text(random: &mut fastrand::Rng, depth: usize) -> String {
    if depth == 0 || random.u8(..5) == 0 {
        return match random.u8(..10) {
            0..=5 => "x".to_owned(),
            6..=7 => random.i32(-3..300).to_string(),
            8 => format!("{}", f64::from(random.i32(-3000..3000)) / 64.0),
            _ => pick(
                random,
                &[
                    "0",
                    "1",
                    "2",
                    "3",
                    "-1",
                    "0.5",
                    "0.1",
                    "1e-7",
                    "1e-45",
                    "65504",
                    "1e38",
                    "3e300",
                    "255",
                    "65535",
                    "2147483647",
                    "18446744073709551615",
                    "-9223372036854775808",
                    "inf",
                    "nan",
                    "-inf",
                    "-0.0",
                    "7",
                ],
            )
            .to_owned(),
        };
    }
    let one = text(random, depth - 1);
    match random.u8(..24) {
        0 => format!("-({one})"),
        1 => format!("~({one})"),
        2 => format!("{}({one})", pick(random, &["abs", "sqrt", "floor", "ceil", "trunc", "round", "sign"])),
        3 => format!(
            "{}({one}{})",
            "nan_to_num",
            pick(random, &["", ", 1.5", ", 0.1, posinf=7", ", neginf=-1e38", ", x"])
        ),
        4 => format!("{}({one})", pick(random, &["isnan", "isinf", "isfinite"])),
        5..=6 => {
            let other = text(random, depth - 1);
            format!("{}({one}, {other})", pick(random, &["minimum", "maximum"]))
        }
        7 => format!("clip({one}, {}, {})", text(random, depth - 1), text(random, depth - 1)),
        8..=9 => {
            let other = text(random, depth - 1);
            format!("({one} {} {other})", pick(random, &["<", ">", "<=", ">=", "==", "!="]))
        }
        10 => format!("({one} {} {})", pick(random, &["and", "or"]), text(random, depth - 1)),
        11 => format!("(not {one})"),
        12 => format!("({one}) ** {}", pick(random, &["2", "3", "1", "0.5", "-1", "0", "1.7", "x", "2.0"])),
        13..=14 => {
            let other = text(random, depth - 1);
            format!("({one} {} {other})", pick(random, &["&", "|", "^"]))
        }
        15 => format!(
            "({one} {} {})",
            pick(random, &["<<", ">>"]),
            pick(random, &["0", "1", "3", "9", "70", "x"])
        ),
        _ => {
            let other = text(random, depth - 1);
            format!("({one} {} {other})", pick(random, &["+", "-", "*", "/", "//", "%"]))
        }
    }
}

/// Values of all kinds: random bits, small numbers, limits, zeros, NaNs with payloads.
fn values(random: &mut fastrand::Rng, dtype: DType, count: usize) -> Vec<u8> {
    let size = dtype.size();
    let mut bytes = Vec::new();
    let tame = random.bool();
    for _ in 0..count {
        let mut word = match random.u8(..if tame { 4 } else { 10 }) {
            0..=3 if dtype.element.is_float() => {
                let value = match random.u8(..4) {
                    0 => f64::from(random.i32(-9..10)),
                    1 => (random.f64() - 0.5) * 20.0,
                    _ => (random.f64() - 0.5) * 1e3,
                };
                dtype.of_number(crate::decode::Number::Float(value)).map_or(0, |bytes| {
                    let mut word = [0; 8];
                    word[..size].copy_from_slice(&bytes);
                    if dtype.order == Order::Big {
                        word[..size].reverse();
                    }
                    u64::from_le_bytes(word)
                })
            }
            0..=3 => random.i64(-3..120).cast_unsigned(),
            4 => 0,
            5 => u64::MAX >> (64 - 8 * size),
            6 => 1 << (8 * size - 1),
            7 => (1 << (8 * size - 1)) - 1,
            8 => {
                // Infinities, NaNs, the smallest and the largest numbers.
                let sign = random.u64(..2) << (8 * size - 1);
                let infinity: u64 = match dtype.element {
                    Element::F16 => 0x7c00,
                    Element::Bf16 => 0x7f80,
                    Element::F32 => 0x7f80_0000,
                    _ => 0x7ff0_0000_0000_0000,
                };
                let few = random.u64(..9);
                sign | random.choice(&[infinity, infinity + few, infinity - 1, few]).expect("one")
            }
            _ => random.u64(..),
        }
        .to_le_bytes()[..size]
            .to_vec();
        if dtype.order == Order::Big {
            word.reverse();
        }
        bytes.extend(word);
    }
    bytes
}

/// The new bytes of an element, or why there are none.
fn one(
    expr: &Expr,
    calc: &Calc<'_>,
    codec: &Codec,
    target: Option<&Codec>,
    group: &mut [u8],
) -> Result<bool, String> {
    let x = codec.read(group, 0)?;
    let value = calc.value(expr, x)?;
    let infinite = match target {
        Some(target) => target.put(&Calc::new(target.item()), target.cut(value)?, group, 0)?,
        None => codec.put(calc, value, group, 0)?,
    };
    Ok(infinite && !is_infinite(x))
}

fn dtype(random: &mut fastrand::Rng) -> DType {
    let order = if random.u8(..4) == 0 { Order::Big } else { Order::Little };
    DType::new(*random.choice(&TYPES).expect("one"), order)
}

/// How often programs answered, and what they were asked.
#[derive(Default)]
struct Answered {
    asked: usize,
    in_tiles: usize,
    refused: usize,
}

fn compare(expr: &Expr, text: &str, from: DType, to: Option<DType>, bytes: &[u8], answered: &mut Answered) {
    let item = ItemType::Scalar(from);
    let calc = Calc::new(&item);
    let Some(kernel) = Kernel::of_values(expr, &calc, forms(&item)) else { return };
    let target = to.map(|to| Codec::new(&ItemType::Scalar(to)));
    let codec = Codec::new(&item);
    let mut expected = bytes.to_vec();
    let made: Vec<Result<bool, String>> = expected
        .chunks_mut(from.size())
        .map(|group| one(expr, &calc, &codec, target.as_ref(), group))
        .collect();
    let mut out = vec![0xcd; bytes.len()];
    let kind = KernelTarget { dtype: to.unwrap_or(from), cuts: to.is_some() };
    let mut runner: Box<dyn Runner> = kernel.runner();
    answered.asked += 1;
    match runner.values(&[Elements::dense(bytes, from)], bytes, kind, &mut out) {
        None => answered.refused += usize::from(made.iter().all(Result::is_ok)),
        Some(infinite) => {
            answered.in_tiles += 1;
            for (at, made) in made.iter().enumerate() {
                let part = at * from.size()..(at + 1) * from.size();
                assert!(made.is_ok(), "{text} over {from} to {to:?}: {:x?}: {made:?}", &bytes[part]);
                assert_eq!(
                    out[part.clone()],
                    expected[part.clone()],
                    "{text} over {from} to {to:?}: {:x?}",
                    &bytes[part]
                );
            }
            let count = made.iter().filter(|made| **made == Ok(true)).count() as u64;
            assert_eq!(infinite, count, "{text} over {from} to {to:?}: infinities of {bytes:x?}");
        }
    }
}

fn forms(item: &ItemType) -> Vec<InputForm> {
    InputForm::of_item(item).into_iter().collect()
}

fn parsed(text: &str) -> Option<Expr> {
    Parser::new(text).whole().ok().filter(Expr::has_x)
}

#[test]
fn programs_have_the_results_of_one_value_after_another() {
    let rounds = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
    let mut random = fastrand::Rng::with_seed(0xca1c);
    let mut answered = Answered::default();
    for _ in 0..rounds {
        let depth = random.usize(1..4);
        let text = text(&mut random, depth);
        let Some(expr) = parsed(&text) else { continue };
        let from = dtype(&mut random);
        let same_size = |to: &DType| to.size() == from.size();
        let to = Some(dtype(&mut random)).filter(|_| random.u8(..4) == 0).filter(same_size);
        let count = random.usize(1..20);
        let bytes = values(&mut random, from, count);
        compare(&expr, &text, from, to, &bytes, &mut answered);
    }
    let Answered { asked, in_tiles, refused } = answered;
    assert!(
        asked > rounds / 4 && in_tiles > asked / 3 && refused < asked / 20,
        "{asked} {in_tiles} {refused}"
    );
}

#[test]
fn answers_are_those_of_one_value_after_another() {
    let rounds = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
    let mut random = fastrand::Rng::with_seed(0xca1d);
    let mut banded = 0;
    for _ in 0..rounds {
        let depth = random.usize(1..4);
        let text = text(&mut random, depth);
        let Some(expr) = parsed(&text) else { continue };
        let from = dtype(&mut random);
        let item = ItemType::Scalar(from);
        let calc = Calc::new(&item);
        let Some(kernel) = Kernel::of_question(&expr, &calc, forms(&item)) else { continue };
        let count = random.usize(1..200);
        let bytes = values(&mut random, from, count);
        let codec = Codec::new(&item);
        let mut truths = vec![9; bytes.len() / from.size()];
        if kernel.runner().answers(&[Elements::dense(&bytes, from)], &mut truths) {
            for (group, truth) in bytes.chunks(from.size()).zip(&truths) {
                let answer = codec.read(group, 0).and_then(|x| calc.value(&expr, x)).map(is_true);
                // What needs not be known for the answer may have no value: `or` and `and` stop early.
                assert_eq!(answer, Ok(*truth == 1), "{text} over {from}: {group:x?}");
            }
            banded += usize::from(in_band(&kernel, &bytes, from, &truths, &text));
        }
    }
    assert!(banded > rounds / 1000, "{banded}");
}

/// Whether the question is one of a band, which has the same answers then.
fn in_band(kernel: &Kernel, bytes: &[u8], from: DType, truths: &[u8], text: &str) -> bool {
    let Some(band) = kernel.band() else { return false };
    let words: Vec<u64> = bytes
        .chunks(from.size())
        .map(|group| {
            let mut word = [0; 8];
            word[..group.len()].copy_from_slice(group);
            if from.order == Order::Big {
                word[..group.len()].reverse();
            }
            u64::from_le_bytes(word)
        })
        .collect();
    let singles: Vec<f32> = words.iter().map(|word| f32::from_bits(*word as u32)).collect();
    let doubles: Vec<f64> = words.iter().map(|word| f64::from_bits(*word)).collect();
    let bytes: Vec<u8> = words.iter().map(|word| *word as u8).collect();
    let shorts: Vec<i16> = words.iter().map(|word| *word as i16).collect();
    let longs: Vec<i64> = words.iter().map(|word| word.cast_signed()).collect();
    let values = match from.element {
        Element::F32 => TileValues::F32(&singles),
        Element::F64 => TileValues::F64(&doubles),
        Element::U8 => TileValues::U8(&bytes),
        Element::I16 => TileValues::I16(&shorts),
        Element::I64 => TileValues::I64(&longs),
        Element::U64 => TileValues::U64(&words),
        _ => return false,
    };
    let mut found = vec![0; truths.len()];
    assert!(band.bits(values, &mut |at, bits| {
        (0..64).filter(|bit| bits >> bit & 1 == 1).for_each(|bit| found[at + bit] = 1);
    }));
    assert_eq!(found, truths, "{text} over {from}: {words:x?}");
    true
}

/// Whole tiles, and elements that are apart.
#[test]
fn tiles_of_any_length_and_distance() {
    let mut random = fastrand::Rng::with_seed(0xca1e);
    for text in ["x * 2 + 1", "x ^ 1", "clip(x, 3, 100)", "x / 2", "x // 3 + x % 3"] {
        for element in TYPES {
            let from = DType::new(element, Order::Little);
            let item = ItemType::Scalar(from);
            let calc = Calc::new(&item);
            let expr = parsed(text).expect("an expression");
            let Some(kernel) = Kernel::of_question(&expr, &calc, forms(&item)) else { continue };
            let (count, step) = (random.usize(1..2049), from.size() + random.usize(..5));
            let dense = values(&mut random, from, count);
            let mut apart = vec![0xee; count * step];
            for (to, from_bytes) in apart.chunks_mut(step).zip(dense.chunks(from.size())) {
                to[..from.size()].copy_from_slice(from_bytes);
            }
            let (mut one, mut other) = (vec![9; count], vec![9; count]);
            let mut runner = kernel.runner();
            let end = apart.len() - (step - from.size());
            let is_answered = runner.answers(&[Elements::dense(&dense, from)], &mut one);
            let apart = Elements::Bytes(&apart[..end], step, from);
            assert_eq!(runner.answers(&[apart], &mut other), is_answered);
            assert!(!is_answered || one == other, "{text} over {from}");
        }
    }
    assert!(InputForm::of_item(&ItemType::Scalar(DType::new(Element::Bool, Order::Little))).is_none());
}
