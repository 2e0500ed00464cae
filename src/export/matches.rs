//! A list of matches for other programs: CSV, JSON, or lines with tabs. It is written row by row, so it may be of any length.
//!
//! Where the bytes were read as several types, each match has its type too.
//!
//! JSON is `{"count": 2, "hits": [{"offset": 8, "length": 4, "array": "w", "index": [0, 2], "value": 1.5}, …]}`.

use super::arrays::{json_string, json_value};
use crate::decode::NumberStyle;
use crate::decode::dtype::ItemType;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

/// How a list of matches is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchFormat {
    Csv,
    Json,
    /// For the clipboard: offset in hex, element or type, and value, with tabs between them.
    Lines,
}

impl MatchFormat {
    /// What a file of it ends with.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Lines => "txt",
        }
    }
}

/// A match as it is written.
#[derive(Clone, Copy, Debug)]
pub struct MatchRecord<'a> {
    /// `None` of what was decompressed.
    pub offset: Option<u64>,
    pub length: u64,
    /// The name of the array that its element is in.
    pub array: Option<&'a str>,
    /// The index of the element.
    pub index: Option<&'a [u64]>,
    /// The type that its bytes were read as, where they were read as several.
    pub dtype: Option<&'a str>,
    pub value: MatchedValue<'a>,
}

/// The value of a match.
#[derive(Clone, Copy, Debug)]
pub enum MatchedValue<'a> {
    /// There is none to tell.
    None,
    /// Its bytes could not be read, or are too many.
    Unread,
    Text(&'a str),
    /// An element of this type, with the bytes of its group.
    Item {
        item: &'a ItemType,
        group: &'a [u8],
        place: u32,
    },
}

impl MatchedValue<'_> {
    /// As it is shown; empty where there is none.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::None | Self::Unread => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Item { item, group, place } => {
                let mut text = String::new();
                item.format(group, *place, &NumberStyle::Shortest, &mut text);
                Cow::Owned(text)
            }
        }
    }
}

impl MatchRecord<'_> {
    /// Appends it as a JSON object.
    pub fn push_json(&self, out: &mut String) {
        out.push('{');
        if let Some(offset) = self.offset {
            let _ = write!(out, "\"offset\": {offset}, ");
        }
        let _ = write!(out, "\"length\": {}", self.length);
        if let Some(name) = self.array {
            let _ = write!(out, ", \"array\": {}", json_string(name));
        }
        if let Some(index) = self.index {
            let _ = write!(out, ", \"index\": {}", index_words(index));
        }
        if let Some(dtype) = self.dtype {
            let _ = write!(out, ", \"type\": {}", json_string(dtype));
        }
        if !matches!(self.value, MatchedValue::None) {
            out.push_str(", \"value\": ");
        }
        match self.value {
            MatchedValue::None => {}
            MatchedValue::Unread => out.push_str("null"),
            MatchedValue::Text(text) => out.push_str(&json_string(text)),
            MatchedValue::Item { item, group, place } => json_value(item, group, place, out),
        }
        out.push('}');
    }
}

/// Writes a list.
pub struct MatchWriter<'a> {
    format: MatchFormat,
    out: &'a mut dyn Write,
    is_first: bool,
    has_types: bool,
    line: String,
}

impl<'a> MatchWriter<'a> {
    /// Begins a list of `count` matches, which may have types of their own.
    ///
    /// # Errors
    /// Of the writes.
    pub fn begin(
        format: MatchFormat,
        (count, has_types): (u64, bool),
        out: &'a mut dyn Write,
    ) -> io::Result<Self> {
        match format {
            MatchFormat::Csv => {
                let types = if has_types { ",type" } else { "" };
                writeln!(out, "offset,length,array,index,value{types}")?;
            }
            MatchFormat::Json => write!(out, "{{\"count\": {count}, \"hits\": [")?,
            MatchFormat::Lines => {}
        }
        Ok(Self { format, out, is_first: true, has_types, line: String::new() })
    }

    /// Writes a match.
    ///
    /// # Errors
    /// Of the writes.
    pub fn write(&mut self, record: &MatchRecord<'_>) -> io::Result<()> {
        self.line.clear();
        match self.format {
            MatchFormat::Csv => self.csv(record),
            MatchFormat::Json => self.json(record),
            MatchFormat::Lines => self.tabs(record),
        }
        self.is_first = false;
        self.out.write_all(self.line.as_bytes())
    }

    /// Ends the list.
    ///
    /// # Errors
    /// Of the writes.
    pub fn end(self) -> io::Result<()> {
        match self.format {
            MatchFormat::Csv | MatchFormat::Lines => Ok(()),
            MatchFormat::Json => self.out.write_all(if self.is_first { b"]}\n" } else { b"\n]}\n" }),
        }
    }

    fn csv(&mut self, record: &MatchRecord<'_>) {
        let index = record.index.map_or_else(String::new, index_words);
        let offset = record.offset.map_or_else(String::new, |offset| offset.to_string());
        let _ = write!(self.line, "{offset},{}", record.length);
        for field in [record.array.unwrap_or_default(), &index, &record.value.text()] {
            self.line.push(',');
            push_csv(field, &mut self.line);
        }
        if self.has_types {
            self.line.push(',');
            push_csv(record.dtype.unwrap_or_default(), &mut self.line);
        }
        self.line.push('\n');
    }

    fn json(&mut self, record: &MatchRecord<'_>) {
        self.line.push_str(if self.is_first { "\n  " } else { ",\n  " });
        record.push_json(&mut self.line);
    }

    fn tabs(&mut self, record: &MatchRecord<'_>) {
        let index = record.index.map_or_else(String::new, index_words);
        let element = format!("{}{index}", record.array.or(record.dtype).unwrap_or_default());
        self.line.extend(record.offset.map(|offset| format!("{offset:#x}")));
        for field in [&*element, &*record.value.text()] {
            self.line.push('\t');
            let plain = |c: char| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c };
            self.line.extend(field.chars().map(plain));
        }
        self.line.push('\n');
    }
}

/// `[0, 2]`
fn index_words(index: &[u64]) -> String {
    let numbers: Vec<String> = index.iter().map(u64::to_string).collect();
    format!("[{}]", numbers.join(", "))
}

/// A field, in quotes where RFC 4180 wants them.
fn push_csv(field: &str, out: &mut String) {
    if !field.contains([',', '"', '\n', '\r']) {
        return out.push_str(field);
    }
    out.push('"');
    out.push_str(&field.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{DType, Element, Order};

    fn plain(offset: Option<u64>, length: u64, value: MatchedValue<'_>) -> MatchRecord<'_> {
        MatchRecord { offset, length, array: None, index: None, dtype: None, value }
    }

    fn written(format: MatchFormat, records: &[MatchRecord<'_>]) -> String {
        let mut out = Vec::new();
        let has_types = records.iter().any(|record| record.dtype.is_some());
        let count = (records.len() as u64, has_types);
        let mut writer = MatchWriter::begin(format, count, &mut out).expect("written");
        records.iter().for_each(|record| writer.write(record).expect("written"));
        writer.end().expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn each_format_of_the_same_matches() {
        let item = ItemType::from(DType::new(Element::F32, Order::Little));
        let (half, nan) = (0.5_f32.to_le_bytes(), f32::NAN.to_le_bytes());
        let value = |group| MatchedValue::Item { item: &item, group, place: 0 };
        let records = [
            MatchRecord {
                offset: Some(16),
                length: 4,
                array: Some("a\"b"),
                index: Some(&[1, 2]),
                dtype: None,
                value: value(&half),
            },
            MatchRecord { index: Some(&[]), ..plain(Some(32), 4, value(&nan)) },
            plain(Some(64), 2, MatchedValue::Text("x,\ty")),
            plain(None, 2, MatchedValue::Unread),
        ];
        assert_eq!(
            written(MatchFormat::Csv, &records),
            "offset,length,array,index,value\n\
             16,4,\"a\"\"b\",\"[1, 2]\",0.5\n32,4,,[],nan\n64,2,,,\"x,\ty\"\n,2,,,\n"
        );
        assert_eq!(
            written(MatchFormat::Json, &records),
            "{\"count\": 4, \"hits\": [\n  \
             {\"offset\": 16, \"length\": 4, \"array\": \"a\\\"b\", \"index\": [1, 2], \"value\": 0.5},\n  \
             {\"offset\": 32, \"length\": 4, \"index\": [], \"value\": \"nan\"},\n  \
             {\"offset\": 64, \"length\": 2, \"value\": \"x,\\ty\"},\n  \
             {\"length\": 2, \"value\": null}\n]}\n"
        );
        assert_eq!(
            written(MatchFormat::Lines, &records),
            "0x10\ta\"b[1, 2]\t0.5\n0x20\t[]\tnan\n0x40\t\tx, y\n\t\t\n"
        );
        assert_eq!(written(MatchFormat::Json, &[]), "{\"count\": 0, \"hits\": []}\n");
    }

    #[test]
    fn bytes_that_were_read_as_several_types_have_a_type() {
        let item = ItemType::from(DType::new(Element::F32, Order::Little));
        let half = 0.5_f32.to_le_bytes();
        let value = MatchedValue::Item { item: &item, group: &half, place: 0 };
        let records = [MatchRecord { dtype: Some("<f4"), ..plain(Some(16), 4, value) }];
        assert_eq!(
            written(MatchFormat::Csv, &records),
            "offset,length,array,index,value,type\n16,4,,,0.5,<f4\n"
        );
        let json = "{\"count\": 1, \"hits\": [\n  {\"offset\": 16, \"length\": 4, \"type\": \"<f4\", \"value\": 0.5}\n]}\n";
        assert_eq!(written(MatchFormat::Json, &records), json);
        assert_eq!(written(MatchFormat::Lines, &records), "0x10\t<f4\t0.5\n");
    }
}
