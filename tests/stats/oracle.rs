//! Random statistics, all of them checked by one Python.

use crate::oracle::rig::ask;
use pagelens::analysis::stats::{Bins, Extremum, Statistics, StatisticsQuestion, statistics};
use pagelens::analysis::{ElementPass, PassEnd, Tuning};
use pagelens::bytes::MemorySource;
use pagelens::decode::Number;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::dtype::ItemType;
use pagelens::job::Progress;
use std::fmt::Write;

/// Types that NumPy or ml_dtypes has, by their names there.
const TYPES: [&str; 33] = [
    "u1",
    "i1",
    "<u2",
    ">u2",
    "<i2",
    ">i2",
    "<u4",
    ">u4",
    "<i4",
    ">i4",
    "<u8",
    ">u8",
    "<i8",
    ">i8",
    "<f2",
    ">f2",
    "<f4",
    ">f4",
    "<f8",
    ">f8",
    "?",
    "<c8",
    ">c16",
    "bfloat16",
    "float8_e4m3fn",
    "float8_e5m2",
    "float8_e8m0fnu",
    "float8_e4m3b11fnuz",
    "float8_e3m4",
    "<M8[s]",
    ">m8[ns]",
    "<f4",
    "<f8",
];

/// Statistics that are compared; `scripts/values` compares 2000.
fn cases() -> usize {
    std::env::var("PAGELENS_STATISTICS").ok().and_then(|text| text.parse().ok()).unwrap_or(400)
}

/// Random bytes whose values are of kinds that are hard in different ways.
fn values(rng: &mut fastrand::Rng, dtype: &str, count: usize) -> Vec<u8> {
    let is_big = dtype.starts_with('>');
    let put = |bytes: &mut Vec<u8>, mut value: Vec<u8>| {
        if is_big {
            value.reverse();
        }
        bytes.extend(value);
    };
    let mut bytes = Vec::new();
    let kind = rng.u8(0..8);
    let base = rng.f64() * 1000.0;
    for at in 0..count {
        let near = match kind {
            0 => rng.f64() - 0.5,
            // Far from zero and close together, where squares cancel.
            1 => 1e6 + base + rng.f64(),
            2 => base,
            3 => [0.0, -0.0, 1.0, -1.0][rng.usize(0..4)],
            4 => at as f64,
            5 => (rng.f64() * 200.0 - 100.0).exp2(),
            // Sums of nearly nothing.
            6 => {
                if at % 2 == 0 {
                    1e10 + rng.f64()
                } else {
                    -1e10 - rng.f64()
                }
            }
            _ => f64::NAN,
        };
        match dtype.trim_start_matches(['<', '>']) {
            "f4" if kind < 7 => put(&mut bytes, (near as f32).to_le_bytes().to_vec()),
            "f8" if kind < 7 => put(&mut bytes, near.to_le_bytes().to_vec()),
            "i4" if kind < 5 => put(&mut bytes, (near as i32).to_le_bytes().to_vec()),
            "i8" if kind < 7 => put(&mut bytes, ((near * 1000.0) as i64).to_le_bytes().to_vec()),
            "f4" if rng.u8(0..4) == 0 => {
                let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE / 8.0];
                put(&mut bytes, rng.choice(odd).unwrap_or(0.0).to_le_bytes().to_vec());
            }
            "f8" if rng.u8(0..8) == 0 => {
                let odd = [f64::NAN, f64::NAN, f64::MAX, f64::MIN, 5e-324, 0.0];
                put(&mut bytes, rng.choice(odd).unwrap_or(0.0).to_le_bytes().to_vec());
            }
            "M8[s]" | "m8[ns]" if rng.u8(0..4) == 0 => put(&mut bytes, i64::MIN.to_le_bytes().to_vec()),
            _ => bytes.extend((0..size_of(dtype)).map(|_| rng.u8(..))),
        }
    }
    bytes
}

fn size_of(dtype: &str) -> usize {
    item(dtype).group_bytes() as usize
}

fn item(dtype: &str) -> ItemType {
    dtype.parse().unwrap_or_else(|error| panic!("{dtype}: {error}"))
}

/// A number as Python's JSON reads it.
fn json(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Wide(value) => value.to_string(),
        Number::Float(value) => float(value),
        Number::Complex(real, imaginary) => format!("[{}, {}]", float(real), float(imaginary)),
    }
}

fn float(value: f64) -> String {
    match value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        value if value.is_nan() => "NaN".to_owned(),
        value => format!("{value:?}"),
    }
}

fn answer(known: &Statistics) -> String {
    let mut text = format!(
        "{{\"count\": {}, \"nan\": {}, \"posinf\": {}, \"neginf\": {}, \"zeros\": {}, \"negatives\": {}, \"sum_error\": {}",
        known.count,
        known.nan,
        known.positive_infinities,
        known.negative_infinities,
        known.zeros,
        known.negatives,
        float(known.sum_error)
    );
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            write!(text, ", \"{key}\": {value}").expect("memory");
        }
    };
    let value = |extremum: Option<Extremum>| extremum.map(|extremum| json(extremum.value));
    let place = |extremum: Option<Extremum>| {
        extremum.and_then(|extremum| extremum.element).map(|place| place.to_string())
    };
    put("first_nan", known.first_nan.map(|place| place.to_string()));
    put("min", value(known.least));
    put("argmin", place(known.least));
    put("max", value(known.greatest));
    put("argmax", place(known.greatest));
    put("sum", known.sum.map(json));
    put("mean", known.mean.map(json));
    put("std", known.deviation.map(float));
    put("distinct", known.distinct.map(|distinct| distinct.count.to_string()));
    put("distinct_exact", known.distinct.map(|distinct| distinct.is_exact.to_string()));
    let pairs = known.percentiles.iter().map(|(at, value)| format!("[{at}, {}]", float(*value)));
    put("percentiles", Some(format!("[{}]", pairs.collect::<Vec<_>>().join(", "))));
    if let Some(histogram) = &known.histogram {
        let edges = histogram.edges.iter().map(|edge| float(*edge)).collect::<Vec<_>>().join(", ");
        put("edges", Some(format!("[{edges}]")));
        put("counts", Some(format!("{:?}", histogram.counts)));
    }
    text + "}"
}

fn random_side(rng: &mut fastrand::Rng) -> u64 {
    let most = *rng.choice(&[600, 40, 9]).expect("three");
    rng.u64(1..=most)
}

/// A random slice of a shape, by its text.
fn slice(rng: &mut fastrand::Rng, shape: &[u64]) -> String {
    let part = |rng: &mut fastrand::Rng, side: u64| match rng.u8(0..5) {
        0 | 1 => ":".to_owned(),
        2 => "::-1".to_owned(),
        3 => format!("{}::{}", rng.u64(0..side), rng.u64(1..4)),
        _ => rng.u64(0..side).to_string(),
    };
    let parts: Vec<String> = shape.iter().map(|&side| part(rng, side)).collect();
    format!("[{}]", parts.join(", "))
}

#[test]
fn statistics_are_those_of_numpy_and_of_exact_fractions() {
    let mut rng = fastrand::Rng::with_seed(30);
    let mut questions = Vec::new();
    for round in 0..cases() {
        let dtype = *rng.choice(&TYPES).expect("some");
        let shape: Vec<u64> = (0..rng.usize(0..4)).map(|_| random_side(&mut rng)).collect();
        let count = shape.iter().product::<u64>().min(6000) as usize;
        let shape = if count == 6000 { vec![6000] } else { shape };
        let offset = rng.usize(0..20);
        let mut bytes = vec![0xee; offset];
        bytes.extend(values(&mut rng, dtype, count));
        let (order, letter) = *rng.choice(&[(MemoryOrder::C, 'C'), (MemoryOrder::F, 'F')]).expect("two");
        let array = Array::new(item(dtype), offset as u64, shape.clone(), order).expect("an array");
        let cut = if rng.bool() || shape.is_empty() { String::new() } else { slice(&mut rng, &shape) };
        let part = if cut.is_empty() {
            array
        } else {
            array.slice(&cut.parse().expect("a slice")).expect("of this array").array
        };
        let percents = [0.0, 0.1, 1.0, 25.0, 50.0, 75.0, 99.9, 100.0, rng.f64() * 100.0];
        let range = (rng.u8(0..4) == 0).then(|| (rng.f64() * -10.0, rng.f64() * 10.0 + 1.0));
        let bins = Bins { count: rng.usize(1..70), range };
        let wanted = StatisticsQuestion {
            percentiles: percents.to_vec(),
            bins: Some(bins),
            distinct: true,
            places: true,
        };
        let source = MemorySource::new(bytes.clone());
        let progress = Progress::default();
        let tuning = Tuning { chunk: rng.usize(1..5000), threads: rng.usize(1..4), grain: 64 };
        let pass = ElementPass { tuning, ..ElementPass::new(&source, &part, &progress) };
        let (known, end) = statistics(&pass, &wanted, &mut |_| {});
        assert_eq!((end, known.lost), (PassEnd::Complete, 0));
        let range = range.map_or("null".to_owned(), |(low, high)| format!("[{low}, {high}]"));
        let narrow = dtype.ends_with("f4");
        let line = format!(
            "{{\"round\": {round}, \"dtype\": \"{dtype}\", \"shape\": {shape:?}, \"order\": \"{letter}\", \
             \"slice\": \"{cut}\", \"offset\": {offset}, \"bytes\": {}, \"narrow\": {narrow}, \"range\": {range}, \
             \"answer\": {}}}\n",
            bytes.len(),
            answer(&known)
        );
        questions.extend(line.into_bytes());
        questions.extend(bytes);
    }
    let Some(complaints) = ask("stats.py", &[], &questions) else { return };
    let complaints = String::from_utf8_lossy(&complaints);
    let first: Vec<&str> = complaints.lines().take(20).collect();
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.lines().count(), first.join("\n"));
}
