//! `pagelens strings FILE`: text among other bytes, a line a string, in the form of `strings -t x`.
//!
//! Lines are written while the search goes on. A string has no line breaks and no characters that a terminal obeys.

use super::range::range;
use super::target::open_file;
use super::{CommandError, Outcome, USAGE};
use crate::analysis::Tuning;
use crate::analysis::search::End;
use crate::analysis::strings::text::read_text;
use crate::analysis::strings::{FoundString, LEAST, MOST_RENDERED, StringQuery, StringSearch};
use crate::bytes::{SharedSource, spool};
use crate::decode::Encoding;
use crate::escape::{PathText, escaped, push_json_part};
use crate::export::arrays::json_string;
use crate::job::{Cancel, Progress};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug, Default)]
pub struct StringsOptions {
    /// The file; - for standard input
    pub file: PathBuf,

    /// Characters of a string, at least; 4 without this option
    #[arg(long, short = 'n', value_name = "N")]
    pub min: Option<u64>,

    /// Encodings, divided by commas: utf-8 (without this option), ascii, utf-16le, utf-16be, latin-1, cp437, koi8-r, shift-jis …
    #[arg(long, short, value_name = "E,…", value_delimiter = ',')]
    pub encoding: Vec<String>,

    /// The bytes to search: START:END or START:+LENGTH; negative numbers count from the end
    #[arg(long, value_name = "SLICE", allow_hyphen_values = true)]
    pub range: Option<String>,

    /// Only strings that contain this text, in any case
    #[arg(long, value_name = "TEXT")]
    pub containing: Option<String>,

    /// Only the number of strings
    #[arg(long)]
    pub count: bool,

    /// At most so many strings
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,

    /// One JSON document: {file, strings: [{offset, length, encoding, text}], count}
    #[arg(long)]
    pub json: bool,
}

/// Bytes of text that are kept before they are written.
const BUFFER: usize = 256 << 10;

/// How the program ends when there is no string; any error is [`USAGE`], as with grep.
const NONE: u8 = 1;

/// Writes a line for each string to `out`.
pub fn run(options: &StringsOptions, out: &mut (dyn Write + Send)) -> Outcome {
    let mut outcome = Outcome::default();
    match strings(options, out, &mut outcome) {
        Ok(written) => {
            outcome.end(written);
            outcome
        }
        Err(stop) => {
            let failed = stop.code != 0;
            let outcome = Outcome::from(Err(stop));
            Outcome { code: if failed { USAGE } else { 0 }, ..outcome }
        }
    }
}

/// What is written, and how far it is.
struct Writer<'w> {
    out: &'w mut (dyn Write + Send),
    source: SharedSource,
    is_json: bool,
    is_counted: bool,
    left: u64,
    count: u64,
    written: io::Result<()>,
}

fn strings(
    options: &StringsOptions,
    out: &mut (dyn Write + Send),
    outcome: &mut Outcome,
) -> Result<io::Result<()>, CommandError> {
    let query = query(options)?;
    let (source, len, place) = open(&options.file)?;
    let within = range(options.range.as_deref(), len, &place)?;
    let mut out = BufWriter::with_capacity(BUFFER, out);
    let mut writer = Writer {
        out: &mut out,
        source: source.clone(),
        is_json: options.json,
        is_counted: options.count,
        left: options.limit.unwrap_or(u64::MAX),
        count: 0,
        written: Ok(()),
    };
    if options.json {
        writer.written = write!(writer.out, "{{\"file\": {}, \"strings\": [", json_string(&place));
    }
    let is_json = options.json;
    let render = move |found: &FoundString, bytes: &[u8], out: &mut Vec<u8>| line(is_json, found, bytes, out);
    let progress = Progress::default();
    let search = StringSearch {
        source: &*source,
        query: &query,
        render: (!options.count).then_some(&render),
        progress: &progress,
        tuning: Tuning::default(),
    };
    let tally = search.find(within, &mut |strings, text| writer.take(strings, text));
    let Writer { count, mut written, out, .. } = writer;
    if options.json {
        written = written.and_then(|()| writeln!(out, "\n], \"count\": {count}}}"));
    } else if options.count {
        written = writeln!(out, "{count}");
    }
    if !tally.unread.is_empty() {
        let reason = tally.unread.reason().map(ToString::to_string).unwrap_or_default();
        let bytes = tally.unread.bytes();
        outcome.errors.push(escaped(&format!("{place}: {bytes} bytes were skipped: {reason}.")).into_owned());
        outcome.code = USAGE;
    } else if count == 0 && tally.end != End::Cancelled {
        outcome.code = NONE;
    }
    Ok(written.and_then(|()| out.flush()))
}

fn query(options: &StringsOptions) -> Result<StringQuery, CommandError> {
    let mut encodings = Vec::new();
    for name in &options.encoding {
        let encoding = Encoding::from_name(name.trim()).ok_or_else(|| {
            let known: Vec<&str> = Encoding::ALL.iter().map(|known| known.name()).collect();
            CommandError::usage(format!(
                "--encoding {name}: there is no such encoding. Use one of: {}.",
                known.join(", ")
            ))
        })?;
        if !encodings.contains(&encoding) {
            encodings.push(encoding);
        }
    }
    if encodings.is_empty() {
        encodings.push(Encoding::Utf8);
    }
    let least = options.min.unwrap_or(LEAST);
    if least == 0 {
        return Err(CommandError::usage("--min 0: a string has at least one character."));
    }
    Ok(StringQuery { encodings, least, containing: options.containing.clone().unwrap_or_default() })
}

fn open(file: &Path) -> Result<(SharedSource, u64, String), CommandError> {
    if file == Path::new("-") {
        let read = spool::spool_stdin(&Progress::default());
        let opened = read.map_err(|error| CommandError::failed(error.to_string()))?;
        return Ok((opened.source, opened.len, String::from("-")));
    }
    let (opened, name) = open_file(file)?;
    let place = opened.asked.typed();
    match name {
        Some(name) => Err(CommandError::usage(format!(
            "'pagelens strings' searches a whole file. Leave out ::{name}, or use --range."
        ))),
        None => Ok((opened.source, opened.len, place)),
    }
}

/// A string as it is written.
fn line(is_json: bool, found: &FoundString, bytes: &[u8], out: &mut Vec<u8>) {
    head(is_json, found, out);
    match found.encoding {
        // Printable ASCII and tabs, as they are.
        Encoding::Ascii if !is_json => out.extend_from_slice(bytes),
        _ => text(is_json, &found.encoding.decode_lossy(bytes), out),
    }
    out.extend_from_slice(tail(is_json));
}

fn head(is_json: bool, found: &FoundString, out: &mut Vec<u8>) {
    let (offset, length) = (found.span.start(), found.span.len());
    if is_json {
        let encoding = found.encoding.name();
        // Writing to a vector cannot fail.
        let _ = write!(
            out,
            "\n  {{\"offset\": {offset}, \"length\": {length}, \"encoding\": \"{encoding}\", \"text\": \""
        );
    } else {
        push_offset(offset, out);
    }
}

/// As `{offset:7x} `, but for the formatter, which took a seventh of the time where most of a file are strings.
fn push_offset(offset: u64, out: &mut Vec<u8>) {
    let mut text = *b"                 ";
    let mut rest = offset;
    let mut at = text.len() - 1;
    loop {
        at -= 1;
        text[at] = b"0123456789abcdef"[(rest & 15) as usize];
        rest >>= 4;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&text[at.min(text.len() - 8)..]);
}

const fn tail(is_json: bool) -> &'static [u8] {
    if is_json { b"\"}" } else { b"\n" }
}

fn text(is_json: bool, text: &str, out: &mut Vec<u8>) {
    if is_json {
        let mut json = String::new();
        push_json_part(text, &mut json);
        out.extend_from_slice(json.as_bytes());
    } else {
        // A tab is no danger to a terminal.
        for (number, part) in text.split('\t').enumerate() {
            out.extend_from_slice(if number > 0 { b"\t" } else { b"" });
            out.extend_from_slice(escaped(part).as_bytes());
        }
    }
}

impl Writer<'_> {
    /// Writes the next strings; breaks when there is nobody to read more, or the limit is reached.
    fn take(&mut self, strings: &[FoundString], text: &[u8]) -> ControlFlow<()> {
        let wanted = strings.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if !self.is_counted && self.written.is_ok() {
            self.written = self.write(&strings[..wanted], text);
        }
        self.count += wanted as u64;
        self.left -= wanted as u64;
        if self.written.is_err() || self.left == 0 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn write(&mut self, strings: &[FoundString], text: &[u8]) -> io::Result<()> {
        let is_whole = |found: &FoundString| found.span.len() <= MOST_RENDERED;
        if !self.is_json && strings.iter().all(is_whole) {
            let end = strings.iter().map(|found| found.rendered as usize).sum();
            return self.out.write_all(&text[..end]);
        }
        let mut rest = text;
        for (number, found) in strings.iter().enumerate() {
            if self.is_json && self.count + number as u64 > 0 {
                self.out.write_all(b",")?;
            }
            let (own, behind) = rest.split_at(found.rendered as usize);
            rest = behind;
            // What is too long to be rendered with the others is read once more.
            if is_whole(found) { self.out.write_all(own)? } else { self.long(found)? }
        }
        Ok(())
    }

    /// A string of any length, part by part.
    fn long(&mut self, found: &FoundString) -> io::Result<()> {
        let mut buffer = Vec::new();
        head(self.is_json, found, &mut buffer);
        let mut written = self.out.write_all(&buffer);
        let read = read_text(&*self.source, found.span, found.encoding, Cancel::never(), &mut |part| {
            buffer.clear();
            text(self.is_json, part, &mut buffer);
            written = self.out.write_all(&buffer);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written?;
        read.map_err(io::Error::other)?;
        self.out.write_all(tail(self.is_json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_written_as_the_format_has_them() {
        for bits in 0..64 {
            for offset in [1_u64 << bits, (1_u64 << bits) - 1, u64::MAX >> bits] {
                let mut out = Vec::new();
                push_offset(offset, &mut out);
                assert_eq!(out, format!("{offset:7x} ").into_bytes());
            }
        }
    }
}
