//! Statistics as text and as JSON.

use super::Row;
use crate::analysis::stats::{Extremum, Statistics, ValueKind};
use crate::decode::array::{Array, tuple};
use crate::decode::{DType, Element, Number, Order};
use crate::escape::escaped;
use crate::export::arrays::json_string;
use std::io::{self, Write};

/// One array, a fact a line.
pub(super) fn one(row: &Row, array: &Array, out: &mut dyn Write) -> io::Result<()> {
    let Ok(known) = &row.known else { return Ok(()) };
    let mut lines: Vec<(String, String)> = vec![
        ("dtype".to_owned(), row.dtype.clone()),
        ("shape".to_owned(), tuple(&row.shape)),
        ("count".to_owned(), known.count.to_string()),
    ];
    let mut put = |name: &str, value: String| lines.push((name.to_owned(), value));
    if known.lost > 0 {
        put("unread", known.lost.to_string());
    }
    if known.odd > 0 {
        put("no value", known.odd.to_string());
    }
    let place = |element: Option<u64>| {
        element.map_or(String::new(), |at| format!("  at {}", tuple(&array.index_at(at))))
    };
    for (name, extremum) in [("min", known.least), ("max", known.greatest)] {
        if let Some(Extremum { value, element }) = extremum {
            put(name, format!("{}{}", number(value), place(element)));
        }
    }
    put_number(&mut put, "mean", known.mean);
    put_number(&mut put, "std", known.deviation.map(Number::Float));
    put_number(&mut put, "sum", known.sum);
    if known.kind != ValueKind::Others {
        put("nan", format!("{}{}", known.nan, place(known.first_nan)));
        put("posinf", known.positive_infinities.to_string());
        put("neginf", known.negative_infinities.to_string());
        put("zeros", known.zeros.to_string());
        put("negatives", known.negatives.to_string());
    }
    if let Some(distinct) = known.distinct {
        put("distinct", format!("{}{}", if distinct.is_exact { "" } else { "about " }, distinct.count));
    }
    if let Some(entropy) = known.entropy() {
        put("entropy", format!("{entropy:.4} bits per byte"));
    }
    for (percent, value) in &known.percentiles {
        put(&format!("{percent} %"), number(Number::Float(*value)));
    }
    if let Some(histogram) = &known.histogram {
        for (edges, count) in histogram.edges.windows(2).zip(&histogram.counts) {
            let [low, high] = [edges[0], edges[1]].map(|edge| number(Number::Float(edge)));
            put("histogram", format!("{count}  from {low} to {high}"));
        }
    }
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    lines.iter().try_for_each(|(name, value)| writeln!(out, "{name:width$}  {}", escaped(value)))?;
    out.flush()
}

fn put_number(put: &mut dyn FnMut(&str, String), name: &str, value: Option<Number>) {
    if let Some(value) = value {
        put(name, number(value));
    }
}

/// Several arrays, a row each.
pub(super) fn table(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let titles = ["array", "dtype", "shape", "count", "min", "max", "mean", "std", "nan", "inf", "zeros"];
    let mut cells: Vec<Vec<String>> = vec![titles.map(str::to_owned).to_vec()];
    for row in rows {
        let head = [escaped(&row.name).into_owned(), escaped(&row.dtype).into_owned(), tuple(&row.shape)];
        let rest = row.known.as_ref().map_or_else(|_| vec![String::new(); 8], |known| facts(known).to_vec());
        cells.push(head.into_iter().chain(rest).collect());
    }
    let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    for row in &cells {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        writeln!(out, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    out.flush()
}

fn facts(known: &Statistics) -> [String; 8] {
    let value = |value: Option<Number>| value.map_or_else(|| "-".to_owned(), number);
    [
        known.count.to_string(),
        value(known.least.map(|extremum| extremum.value)),
        value(known.greatest.map(|extremum| extremum.value)),
        value(known.mean),
        value(known.deviation.map(Number::Float)),
        known.nan.to_string(),
        (known.positive_infinities + known.negative_infinities).to_string(),
        known.zeros.to_string(),
    ]
}

/// A number as its shortest text.
fn number(value: Number) -> String {
    let float = |value: f64| {
        let mut text = String::new();
        DType::new(Element::F64, Order::Little).format(&value.to_le_bytes(), &mut text);
        text
    };
    match value {
        Number::Int(value) => value.to_string(),
        Number::Wide(value) => value.to_string(),
        Number::Float(value) => float(value),
        Number::Complex(real, imaginary) => {
            let sign = if imaginary.is_sign_negative() { "" } else { "+" };
            format!("{}{sign}{}j", float(real), float(imaginary))
        }
    }
}

/// A number as JSON: integers in full, NaN and infinities in quotes, a complex number as its two parts.
fn json_number(value: Number) -> String {
    match value {
        Number::Float(value) if !value.is_finite() => format!("\"{}\"", number(Number::Float(value))),
        Number::Complex(real, imaginary) => {
            format!("[{}, {}]", json_number(Number::Float(real)), json_number(Number::Float(imaginary)))
        }
        value => number(value),
    }
}

/// One array as an object.
pub(super) fn json_one(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", object(row))?;
    out.flush()
}

/// Several as a list.
pub(super) fn json_list(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "[")?;
    for (number, row) in rows.iter().enumerate() {
        write!(out, "{}{}", if number > 0 { ",\n " } else { "" }, object(row))?;
    }
    writeln!(out, "]")?;
    out.flush()
}

fn object(row: &Row) -> String {
    let shape = row.shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let name = if row.name.is_empty() { "null".to_owned() } else { json_string(&row.name) };
    let mut text =
        format!("{{\"array\": {name}, \"dtype\": {}, \"shape\": [{shape}]", json_string(&row.dtype));
    match &row.known {
        Ok(known) => {
            for (key, value) in fields(known) {
                text.push_str(&format!(", \"{key}\": {value}"));
            }
        }
        Err(reason) => text.push_str(&format!(", \"error\": {}", json_string(reason))),
    }
    text + "}"
}

fn fields(known: &Statistics) -> Vec<(&'static str, String)> {
    let null = || "null".to_owned();
    let value = |value: Option<Number>| value.map_or_else(null, json_number);
    let whole = |value: Option<u64>| value.map_or_else(null, |value| value.to_string());
    let float = |value: f64| json_number(Number::Float(value));
    let list = |values: &[f64]| values.iter().map(|value| float(*value)).collect::<Vec<_>>().join(", ");
    let percentiles: Vec<String> = known
        .percentiles
        .iter()
        .map(|(percent, value)| format!("\"{percent}\": {}", float(*value)))
        .collect();
    let histogram = known.histogram.as_ref().map_or_else(null, |histogram| {
        format!("{{\"edges\": [{}], \"counts\": {:?}}}", list(&histogram.edges), histogram.counts)
    });
    vec![
        ("count", known.count.to_string()),
        ("min", value(known.least.map(|extremum| extremum.value))),
        ("argmin", whole(known.least.and_then(|extremum| extremum.element))),
        ("max", value(known.greatest.map(|extremum| extremum.value))),
        ("argmax", whole(known.greatest.and_then(|extremum| extremum.element))),
        ("mean", value(known.mean)),
        ("std", value(known.deviation.map(Number::Float))),
        ("sum", value(known.sum)),
        ("sum_error", float(known.sum_error)),
        ("nan", known.nan.to_string()),
        ("first_nan", whole(known.first_nan)),
        ("posinf", known.positive_infinities.to_string()),
        ("neginf", known.negative_infinities.to_string()),
        ("zeros", known.zeros.to_string()),
        ("negatives", known.negatives.to_string()),
        ("distinct", whole(known.distinct.map(|distinct| distinct.count))),
        ("distinct_exact", known.distinct.map_or_else(null, |distinct| distinct.is_exact.to_string())),
        ("percentiles", format!("{{{}}}", percentiles.join(", "))),
        ("histogram", histogram),
        ("entropy", known.entropy().map_or_else(null, float)),
        ("unread", known.lost.to_string()),
        ("no_value", known.odd.to_string()),
    ]
}
