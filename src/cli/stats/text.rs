//! Statistics as text; as JSON they are those of the export.

use super::Row;
use crate::analysis::stats::{Extremum, Statistics, ValueKind};
use crate::decode::Number;
use crate::decode::array::{Array, tuple};
use crate::escape::escaped;
use crate::export::statistics::{StatisticsRow, json_object, number_text, write_json_list};
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
            put(name, format!("{}{}", number_text(value), place(element)));
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
        put(&format!("{percent} %"), number_text(Number::Float(*value)));
    }
    if let Some(histogram) = &known.histogram {
        for (edges, count) in histogram.edges.windows(2).zip(&histogram.counts) {
            let [low, high] = [edges[0], edges[1]].map(|edge| number_text(Number::Float(edge)));
            put("histogram", format!("{count}  from {low} to {high}"));
        }
    }
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    lines.iter().try_for_each(|(name, value)| writeln!(out, "{name:width$}  {}", escaped(value)))?;
    out.flush()
}

fn put_number(put: &mut dyn FnMut(&str, String), name: &str, value: Option<Number>) {
    if let Some(value) = value {
        put(name, number_text(value));
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
    let value = |value: Option<Number>| value.map_or_else(|| "-".to_owned(), number_text);
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

/// One array as an object.
pub(super) fn json_one(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", json_object(&row.as_exported()))?;
    out.flush()
}

/// Several as a list.
pub(super) fn json_list(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    write_json_list(rows.iter().map(Row::as_exported), out)?;
    out.flush()
}

impl Row {
    fn as_exported(&self) -> StatisticsRow<'_> {
        StatisticsRow {
            name: &self.name,
            dtype: &self.dtype,
            shape: &self.shape,
            known: self.known.as_ref().map_err(String::as_str),
        }
    }
}
