//! Random arrays to calculate with, and what the script is told of them.

use super::texts::Ingredients;
use pagelens::bytes::MemorySource;
use pagelens::compute::OtherArray;
use pagelens::decode::Number;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::dtype::ItemType;
use pagelens::decode::slice::Slice;
use std::sync::Arc;

/// Types that are calculated with together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    Floats,
    Wholes,
    Both,
    Brain,
    Small,
    Complex,
    Times,
}

const MIXES: [Mix; 12] = [
    Mix::Floats,
    Mix::Floats,
    Mix::Floats,
    Mix::Wholes,
    Mix::Wholes,
    Mix::Wholes,
    Mix::Both,
    Mix::Both,
    Mix::Brain,
    Mix::Small,
    Mix::Complex,
    Mix::Times,
];

const FLOATS: [&str; 6] = ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"];
const WHOLES: [&str; 17] = [
    "|u1", "|i1", "<u2", ">u2", "<i2", ">i2", "<u4", ">u4", "<i4", ">i4", "<u8", ">u8", "<i8", ">i8",
    "<int24", ">uint24", "?",
];

/// An array, its bytes, and how it is told of.
pub struct Made {
    pub dtype: &'static str,
    pub bytes: Vec<u8>,
    pub part: Array,
    facts: String,
}

/// Arrays of one shape with the same slice.
pub struct Case {
    pub mix: Mix,
    pub x: Made,
    pub others: Vec<Made>,
}

fn pick(random: &mut fastrand::Rng, from: &[&'static str]) -> &'static str {
    random.choice(from).copied().expect("some")
}

fn dtype_of(random: &mut fastrand::Rng, mix: Mix, is_first: bool) -> &'static str {
    match mix {
        Mix::Floats => pick(random, &FLOATS),
        // Packed types have no bytes of their own, so they stand alone or first.
        Mix::Wholes if random.u8(..8) == 0 => pick(random, &["int4x2", "uint4x2"]),
        Mix::Wholes => pick(random, &WHOLES),
        Mix::Both if random.bool() => pick(random, &FLOATS),
        Mix::Both => pick(random, &WHOLES[..14]),
        Mix::Brain => pick(random, &["bfloat16", ">bfloat16"]),
        Mix::Small => pick(random, &["float8_e4m3fn", "float8_e5m2"]),
        Mix::Complex if is_first => pick(random, &["<c8", ">c8", "<c16", ">c16"]),
        Mix::Complex => pick(random, &["<c8", ">c16", "<f4", ">f8"]),
        Mix::Times => pick(random, &["<M8[s]", ">M8[s]"]),
    }
}

fn item(dtype: &str) -> ItemType {
    dtype.parse().unwrap_or_else(|error| panic!("{dtype}: {error}"))
}

/// Values that mostly fit what is calculated, and some that don't.
fn values(random: &mut fastrand::Rng, dtype: &str, count: usize) -> Vec<u8> {
    let kind = item(dtype);
    let size = kind.group_bytes() as usize;
    let (is_tame, zero) = (random.u8(..3) > 0, vec![0; size]);
    let mut bytes = Vec::new();
    for _ in 0..count.div_ceil(kind.group_items() as usize) {
        let small = random.i64(0..7);
        let text = match (kind.number(&zero, 0), random.u8(..10)) {
            _ if kind.shares_bytes() => {
                bytes.extend((0..size).map(|_| random.u8(..) & if is_tame { 0x33 } else { 0xff }));
                continue;
            }
            _ if dtype == "?" => (small % 2).to_string(),
            (_, 0) if dtype.contains("M8") => "NaT".to_owned(),
            (Some(Number::Int(_)), 0) if !is_tame => {
                bytes.extend((0..size).map(|_| random.u8(..)));
                continue;
            }
            (Some(Number::Int(_)), _) => small.to_string(),
            (Some(Number::Complex(..)), _) => {
                let (real, imaginary) = (random.f64() * 9.0 - 4.0, random.f64() * 9.0 - 4.0);
                format!("{real}+{imaginary}j").replace("+-", "-")
            }
            (_, 0) if !is_tame => {
                let odd = ["nan", "inf", "-inf", "-0.0", "0.0", "1e-7"];
                let odd =
                    pick(random, if dtype.starts_with("float8") { &["nan", "0.0", "-0.0"] } else { &odd });
                odd.to_owned()
            }
            (_, 1) => small.to_string(),
            _ if dtype.starts_with("float8") => format!("{}", f64::from(random.i16(-24..60)) / 8.0),
            (_, 2) => format!("{:e}", (random.f64() - 0.5) * 1e4),
            _ => format!("{}", (random.f64() - 0.4) * 12.0),
        };
        bytes.extend(kind.encode(&text, &zero, 0).unwrap_or_else(|error| panic!("{dtype} {text}: {error}")));
    }
    bytes
}

fn made(random: &mut fastrand::Rng, dtype: &'static str, shape: &[u64], cut: &Slice) -> Made {
    let order = if random.bool() { MemoryOrder::C } else { MemoryOrder::F };
    let offset = random.u64(0..9);
    let array = Array::new(item(dtype), offset, shape.to_vec(), order).expect("an array");
    let mut bytes = vec![0xee; offset as usize];
    bytes.extend(values(random, dtype, array.items() as usize));
    bytes.extend([0xdd; 5]);
    let is_single = array.items() == 1;
    let part = if is_single { array } else { array.slice(cut).expect("of this array").array };
    let letter = if order == MemoryOrder::C { 'C' } else { 'F' };
    let cut = if is_single { String::new() } else { cut.to_string() };
    let facts = format!(
        "\"dtype\": \"{dtype}\", \"shape\": {shape:?}, \"order\": \"{letter}\", \"offset\": {offset}, \
         \"slice\": \"{cut}\", \"bytes\": {}",
        bytes.len()
    );
    Made { dtype, bytes, part, facts }
}

fn slice_of(random: &mut fastrand::Rng, shape: &[u64]) -> Slice {
    if random.bool() || shape.is_empty() {
        return Slice::default();
    }
    let part = |random: &mut fastrand::Rng, side: u64| match random.u8(..5) {
        0 | 1 => ":".to_owned(),
        2 => "::-1".to_owned(),
        3 => format!("{}::{}", random.u64(0..side), random.u64(1..4)),
        _ => random.u64(0..side).to_string(),
    };
    let parts: Vec<String> = shape.iter().map(|side| part(random, *side)).collect();
    format!("[{}]", parts.join(", ")).parse().expect("a slice")
}

impl Case {
    /// Arrays of random types, shapes, slices and orders.
    pub fn random(random: &mut fastrand::Rng) -> Self {
        let mix = *random.choice(&MIXES).expect("some");
        let shape: Vec<u64> = (0..random.usize(..4)).map(|_| random.u64(1..5)).collect();
        let shape = if random.u8(..20) == 0 { vec![random.u64(1..5000)] } else { shape };
        // One by one a Python takes long.
        let slow = matches!(mix, Mix::Wholes | Mix::Both | Mix::Times) && shape.iter().product::<u64>() > 64;
        let shape = if slow { vec![random.u64(1..40)] } else { shape };
        let cut = slice_of(random, &shape);
        let first = dtype_of(random, mix, true);
        let x = made(random, first, &shape, &cut);
        let count = if mix == Mix::Small { 0 } else { random.usize(..4).saturating_sub(1) };
        let other = |random: &mut fastrand::Rng| {
            let dtype = match mix {
                Mix::Brain => "bfloat16",
                mix => dtype_of(random, mix, false),
            };
            let single = if random.bool() { Vec::new() } else { vec![1] };
            let shape = if random.u8(..5) == 0 { single } else { shape.clone() };
            made(random, dtype, &shape, &cut)
        };
        let others = (0..count).map(|_| other(random)).collect();
        Self { mix, x, others }
    }

    /// What an expression over these arrays may have in it.
    pub fn ingredients(&self, most_reductions: usize) -> Ingredients {
        let kinds = || std::iter::once(&self.x).chain(&self.others);
        let is_float = |made: &Made| made.dtype.contains('f') || made.dtype.contains('c');
        Ingredients {
            has_wholes: kinds().any(|made| !is_float(made)),
            has_floats: kinds().any(is_float),
            is_complex: self.mix == Mix::Complex,
            is_time: self.mix == Mix::Times,
            others: self.others.len(),
            reductions: Vec::new(),
            most_reductions: if self.mix == Mix::Small { 0 } else { most_reductions },
        }
    }

    /// The other arrays by the names that they have in expressions.
    pub fn other_arrays(&self) -> Vec<OtherArray> {
        let other = |(number, made): (usize, &Made)| OtherArray {
            name: format!("o{number}"),
            source: Arc::new(MemorySource::new(made.bytes.clone())),
            array: made.part.clone(),
        };
        (1..).zip(&self.others).map(other).collect()
    }

    /// What the script is told of the arrays; their bytes follow in this order.
    pub fn facts(&self) -> String {
        let others: Vec<String> = self.others.iter().map(|made| format!("{{{}}}", made.facts)).collect();
        format!(
            "\"mix\": \"{:?}\", \"x\": {{{}}}, \"others\": [{}]",
            self.mix,
            self.x.facts,
            others.join(", ")
        )
    }

    /// The bytes of all arrays.
    pub fn bytes(&self) -> Vec<u8> {
        let others = self.others.iter().flat_map(|made| made.bytes.iter().copied());
        self.x.bytes.iter().copied().chain(others).collect()
    }
}

/// A number as Python's JSON reads it.
pub fn json(number: Number) -> String {
    let float = |value: f64| match value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        value if value.is_nan() => "NaN".to_owned(),
        value => format!("{value:?}"),
    };
    match number {
        Number::Int(value) => value.to_string(),
        Number::Wide(value) => value.to_string(),
        Number::Float(value) => float(value),
        Number::Complex(real, imaginary) => format!("[{}, {}]", float(real), float(imaginary)),
    }
}
