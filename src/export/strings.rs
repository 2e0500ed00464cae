//! A list of strings for other programs: CSV, JSON, or lines of text. A string is written part by part, so it may be of any
//! length.
//!
//! JSON is `{"count": 1, "strings": [{"offset": 8, "length": 4, "encoding": "utf-8", "text": "name"}]}`.

use crate::escape::{escaped, push_json_part};
use std::io::{self, Write};

/// How a list of strings is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StringFormat {
    Csv,
    Json,
    /// Offset in hex and text, as `strings -t x` writes them.
    Text,
    /// The texts alone, a line each.
    Lines,
}

impl StringFormat {
    /// What a file of it ends with.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Text | Self::Lines => "txt",
        }
    }
}

/// What is known of a string besides its text.
#[derive(Clone, Copy, Debug)]
pub struct StringHead {
    pub offset: u64,
    pub length: u64,
    /// As the command line names it.
    pub encoding: &'static str,
}

/// Writes a list.
pub struct StringWriter<'a> {
    format: StringFormat,
    out: &'a mut dyn Write,
    is_first: bool,
    buffer: String,
}

impl<'a> StringWriter<'a> {
    /// Begins a list of `count` strings.
    ///
    /// # Errors
    /// Of the writes.
    pub fn begin(format: StringFormat, count: u64, out: &'a mut dyn Write) -> io::Result<Self> {
        match format {
            StringFormat::Csv => writeln!(out, "offset,length,encoding,text")?,
            StringFormat::Json => write!(out, "{{\"count\": {count}, \"strings\": [")?,
            StringFormat::Text | StringFormat::Lines => {}
        }
        Ok(Self { format, out, is_first: true, buffer: String::new() })
    }

    /// Begins a string, whose parts follow.
    ///
    /// # Errors
    /// Of the writes.
    pub fn start(&mut self, head: StringHead) -> io::Result<()> {
        let StringHead { offset, length, encoding } = head;
        let comma = if std::mem::take(&mut self.is_first) { "" } else { "," };
        match self.format {
            StringFormat::Csv => write!(self.out, "{offset},{length},{encoding},\""),
            StringFormat::Json => write!(
                self.out,
                "{comma}\n  {{\"offset\": {offset}, \"length\": {length}, \"encoding\": \"{encoding}\", \"text\": \""
            ),
            StringFormat::Text => write!(self.out, "{offset:7x} "),
            StringFormat::Lines => Ok(()),
        }
    }

    /// Writes a part of the string's text.
    ///
    /// # Errors
    /// Of the writes.
    pub fn part(&mut self, text: &str) -> io::Result<()> {
        self.buffer.clear();
        match self.format {
            StringFormat::Csv => self.buffer.push_str(&text.replace('"', "\"\"")),
            StringFormat::Json => push_json_part(text, &mut self.buffer),
            // A tab is no danger to a terminal.
            StringFormat::Text | StringFormat::Lines => {
                for (number, part) in text.split('\t').enumerate() {
                    self.buffer.push_str(if number > 0 { "\t" } else { "" });
                    self.buffer.push_str(&escaped(part));
                }
            }
        }
        self.out.write_all(self.buffer.as_bytes())
    }

    /// Ends the string.
    ///
    /// # Errors
    /// Of the writes.
    pub fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(match self.format {
            StringFormat::Csv => b"\"\n",
            StringFormat::Json => b"\"}",
            StringFormat::Text | StringFormat::Lines => b"\n",
        })
    }

    /// Ends the list.
    ///
    /// # Errors
    /// Of the writes.
    pub fn end(self) -> io::Result<()> {
        match self.format {
            StringFormat::Csv | StringFormat::Text | StringFormat::Lines => Ok(()),
            StringFormat::Json => self.out.write_all(if self.is_first { b"]}\n" } else { b"\n]}\n" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: StringFormat, strings: &[(u64, &[&str])]) -> String {
        let mut out = Vec::new();
        let mut writer = StringWriter::begin(format, strings.len() as u64, &mut out).expect("written");
        for (offset, parts) in strings {
            let length = parts.concat().len() as u64;
            writer.start(StringHead { offset: *offset, length, encoding: "utf-8" }).expect("written");
            parts.iter().for_each(|part| writer.part(part).expect("written"));
            writer.finish().expect("written");
        }
        writer.end().expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn each_format_of_the_same_strings() {
        let strings: [(u64, &[&str]); 2] = [(16, &["a \"b\"", ",\tc"]), (4096, &["ü\\"])];
        assert_eq!(
            written(StringFormat::Csv, &strings),
            "offset,length,encoding,text\n16,8,utf-8,\"a \"\"b\"\",\tc\"\n4096,3,utf-8,\"ü\\\"\n"
        );
        assert_eq!(
            written(StringFormat::Json, &strings),
            "{\"count\": 2, \"strings\": [\n  \
             {\"offset\": 16, \"length\": 8, \"encoding\": \"utf-8\", \"text\": \"a \\\"b\\\",\\tc\"},\n  \
             {\"offset\": 4096, \"length\": 3, \"encoding\": \"utf-8\", \"text\": \"ü\\\\\"}\n]}\n"
        );
        assert_eq!(written(StringFormat::Text, &strings), "     10 a \"b\",\tc\n   1000 ü\\\n");
        assert_eq!(written(StringFormat::Lines, &strings), "a \"b\",\tc\nü\\\n");
        assert_eq!(written(StringFormat::Json, &[]), "{\"count\": 0, \"strings\": []}\n");
    }
}
