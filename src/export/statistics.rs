//! Statistics for other programs: JSON objects, CSV, and numbers as text.
//!
//! An object has the keys of `pagelens stats --json`; a table has those of them that are one number, in the same order.

use super::arrays::json_string;
use crate::analysis::stats::{Extremum, Statistics};
use crate::decode::{DType, Element, Number, Order};
use std::io::{self, Write};

/// The statistics of one array, of a part of it, or of one index of the other axes.
#[derive(Clone, Copy, Debug)]
pub struct StatisticsRow<'a> {
    /// Empty for bytes and arrays without a name.
    pub name: &'a str,
    pub dtype: &'a str,
    pub shape: &'a [u64],
    /// Statistics, or why there are none.
    pub known: Result<&'a Statistics, &'a str>,
}

/// How statistics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatisticsFormat {
    Csv,
    Json,
    /// For the clipboard: as CSV, with tabs.
    Lines,
}

impl StatisticsFormat {
    /// What a file of it ends with.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Lines => "txt",
        }
    }
}

/// A number as its shortest text.
pub fn number_text(value: Number) -> String {
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
        Number::Float(value) if !value.is_finite() => format!("\"{}\"", number_text(Number::Float(value))),
        Number::Complex(real, imaginary) => {
            format!("[{}, {}]", json_number(Number::Float(real)), json_number(Number::Float(imaginary)))
        }
        value => number_text(value),
    }
}

/// One array as a JSON object.
pub fn json_object(row: &StatisticsRow<'_>) -> String {
    let shape = row.shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let name = if row.name.is_empty() { "null".to_owned() } else { json_string(row.name) };
    let mut text =
        format!("{{\"array\": {name}, \"dtype\": {}, \"shape\": [{shape}]", json_string(row.dtype));
    match &row.known {
        Ok(known) => {
            for (key, value) in fields(known) {
                let value = match value {
                    Field::Number(value) => value.map_or_else(|| "null".to_owned(), json_number),
                    Field::Json(value) => value,
                };
                text.push_str(&format!(", \"{key}\": {value}"));
            }
        }
        Err(reason) => text.push_str(&format!(", \"error\": {}", json_string(reason))),
    }
    text + "}"
}

/// Writes several arrays as a JSON list.
///
/// # Errors
/// Of the writes.
pub fn write_json_list<'a>(
    rows: impl Iterator<Item = StatisticsRow<'a>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "[")?;
    for (number, row) in rows.enumerate() {
        write!(out, "{}{}", if number > 0 { ",\n " } else { "" }, json_object(&row))?;
    }
    writeln!(out, "]")
}

/// Writes several arrays as a table, a row each; `separator` is a comma or a tab.
///
/// # Errors
/// Of the writes.
pub fn write_table<'a>(
    rows: impl Iterator<Item = StatisticsRow<'a>>,
    separator: char,
    out: &mut dyn Write,
) -> io::Result<()> {
    let keys = numbers(&Statistics::default()).map(|(key, _)| key).collect::<Vec<_>>();
    let line = |fields: &[String]| fields.join(&separator.to_string());
    let heads: Vec<String> = ["array", "dtype", "shape"]
        .into_iter()
        .chain(keys.iter().copied())
        .chain(["error"])
        .map(str::to_owned)
        .collect();
    writeln!(out, "{}", line(&heads))?;
    for row in rows {
        let shape: Vec<String> = row.shape.iter().map(u64::to_string).collect();
        let mut fields = vec![row.name.to_owned(), row.dtype.to_owned(), shape.join("x")];
        match row.known {
            Ok(known) => {
                fields.extend(numbers(known).map(|(_, value)| value.map_or_else(String::new, number_text)));
                fields.push(String::new());
            }
            Err(reason) => {
                fields.extend(keys.iter().map(|_| String::new()));
                fields.push(reason.to_owned());
            }
        }
        let fields: Vec<String> = fields.iter().map(|field| table_field(field, separator)).collect();
        writeln!(out, "{}", line(&fields))?;
    }
    Ok(())
}

/// Writes one array as a table, a fact a row: the numbers, the percentiles, and the bins of the histogram.
///
/// # Errors
/// Of the writes.
pub fn write_facts(row: &StatisticsRow<'_>, separator: char, out: &mut dyn Write) -> io::Result<()> {
    let mut put = |fact: &str, value: &str| {
        writeln!(out, "{}{separator}{}", table_field(fact, separator), table_field(value, separator))
    };
    put("fact", "value")?;
    if !row.name.is_empty() {
        put("array", row.name)?;
    }
    put("dtype", row.dtype)?;
    put("shape", &row.shape.iter().map(u64::to_string).collect::<Vec<_>>().join("x"))?;
    let known = match row.known {
        Ok(known) => known,
        Err(reason) => return put("error", reason),
    };
    for (key, value) in numbers(known) {
        if let Some(value) = value {
            put(key, &number_text(value))?;
        }
    }
    for (percent, value) in &known.percentiles {
        put(&format!("percentile {percent}"), &number_text(Number::Float(*value)))?;
    }
    if let Some(histogram) = &known.histogram {
        for (edges, count) in histogram.edges.windows(2).zip(&histogram.counts) {
            let [low, high] = [edges[0], edges[1]].map(|edge| number_text(Number::Float(edge)));
            put(&format!("bin from {low} to {high}"), &count.to_string())?;
        }
    }
    Ok(())
}

/// A field of a table, in quotes where RFC 4180 wants them; with tabs as separators in one line.
fn table_field(field: &str, separator: char) -> String {
    if separator == '\t' {
        return field.replace(['\t', '\n', '\r'], " ");
    }
    if !field.contains([',', '"', '\n', '\r']) {
        return field.to_owned();
    }
    format!("\"{}\"", field.replace('"', "\"\""))
}

/// What a key of an object holds.
enum Field {
    Number(Option<Number>),
    Json(String),
}

/// The facts that are one number, in the order of the keys.
fn numbers(known: &Statistics) -> impl Iterator<Item = (&'static str, Option<Number>)> {
    fields(known).into_iter().filter_map(|(key, field)| match field {
        Field::Number(value) => Some((key, value)),
        Field::Json(_) => None,
    })
}

fn fields(known: &Statistics) -> Vec<(&'static str, Field)> {
    let json = Field::Json;
    let number = Field::Number;
    let count = |value: u64| Field::Number(Some(Number::Int(value.into())));
    let whole = |value: Option<u64>| Field::Number(value.map(|value| Number::Int(value.into())));
    let float = |value: f64| json_number(Number::Float(value));
    let list = |values: &[f64]| values.iter().map(|value| float(*value)).collect::<Vec<_>>().join(", ");
    let value = |extremum: Option<Extremum>| Field::Number(extremum.map(|extremum| extremum.value));
    let element = |extremum: Option<Extremum>| whole(extremum.and_then(|extremum| extremum.element));
    let percentiles: Vec<String> = known
        .percentiles
        .iter()
        .map(|(percent, value)| format!("\"{percent}\": {}", float(*value)))
        .collect();
    let null = || "null".to_owned();
    let histogram = known.histogram.as_ref().map_or_else(null, |histogram| {
        format!("{{\"edges\": [{}], \"counts\": {:?}}}", list(&histogram.edges), histogram.counts)
    });
    vec![
        ("count", count(known.count)),
        ("min", value(known.least)),
        ("argmin", element(known.least)),
        ("max", value(known.greatest)),
        ("argmax", element(known.greatest)),
        ("mean", number(known.mean)),
        ("std", number(known.deviation.map(Number::Float))),
        ("sum", number(known.sum)),
        ("sum_error", number(Some(Number::Float(known.sum_error)))),
        ("nan", count(known.nan)),
        ("first_nan", whole(known.first_nan)),
        ("posinf", count(known.positive_infinities)),
        ("neginf", count(known.negative_infinities)),
        ("zeros", count(known.zeros)),
        ("negatives", count(known.negatives)),
        ("distinct", whole(known.distinct.map(|distinct| distinct.count))),
        ("distinct_exact", json(known.distinct.map_or_else(null, |distinct| distinct.is_exact.to_string()))),
        ("percentiles", json(format!("{{{}}}", percentiles.join(", ")))),
        ("histogram", json(histogram)),
        ("entropy", number(known.entropy().map(Number::Float))),
        ("unread", count(known.lost)),
        ("no_value", count(known.odd)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::stats::{Histogram, ValueKind};

    fn known() -> Statistics {
        Statistics {
            kind: ValueKind::Floats,
            count: 3,
            nan: 1,
            first_nan: Some(2),
            least: Some(Extremum { value: Number::Float(-1.5), element: Some(1) }),
            greatest: Some(Extremum { value: Number::Float(f64::INFINITY), element: None }),
            percentiles: vec![(50.0, 0.25)],
            histogram: Some(Histogram { edges: vec![0.0, 1.0, 2.0], counts: vec![4, 0] }),
            ..Statistics::default()
        }
    }

    fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_table_has_a_row_for_each_array_and_says_why_one_has_no_numbers() {
        let known = known();
        let rows = [
            StatisticsRow { name: "a,\"b\"", dtype: "<f4", shape: &[3, 1], known: Ok(&known) },
            StatisticsRow { name: "c", dtype: "?", shape: &[], known: Err("it is elsewhere") },
        ];
        let table = text(|out| write_table(rows.into_iter(), ',', out));
        let lines: Vec<&str> = table.lines().collect();
        assert!(
            lines[0].starts_with("array,dtype,shape,count,min,argmin,max,argmax,mean,std,sum,sum_error,nan,")
        );
        assert!(lines[1].starts_with("\"a,\"\"b\"\"\",<f4,3x1,3,-1.5,1,inf,,"), "{}", lines[1]);
        assert!(lines[2].starts_with("c,?,,,") && lines[2].ends_with(",it is elsewhere"), "{}", lines[2]);
        let columns = lines[0].split(',').count();
        assert_eq!(lines[2].split(',').count(), columns);
        let list = text(|out| write_json_list(rows.into_iter(), out));
        assert!(list.contains("\"max\": \"inf\", \"argmax\": null"), "{list}");
        assert!(list.ends_with(
            " {\"array\": \"c\", \"dtype\": \"?\", \"shape\": [], \"error\": \"it is elsewhere\"}]\n"
        ));
    }

    #[test]
    fn the_facts_of_one_array_are_rows_with_percentiles_and_bins() {
        let known = known();
        let row = StatisticsRow { name: "", dtype: "<f4", shape: &[3], known: Ok(&known) };
        let facts = text(|out| write_facts(&row, '\t', out));
        assert!(
            facts.starts_with("fact\tvalue\ndtype\t<f4\nshape\t3\ncount\t3\nmin\t-1.5\nargmin\t1\n"),
            "{facts}"
        );
        assert!(
            facts.ends_with("percentile 50\t0.25\nbin from 0.0 to 1.0\t4\nbin from 1.0 to 2.0\t0\n"),
            "{facts}"
        );
    }
}
