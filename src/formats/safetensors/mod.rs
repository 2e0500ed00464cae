//! safetensors: a length, a JSON header with a place for each tensor, then the tensors.
//!
//! Read more leniently than the reference does: gaps, overlaps, duplicates and trailing bytes are findings, and a
//! header of any size that fits is read in one pass, without building values. Tensors are never read.

mod edit;
mod entry;
mod members;
mod shards;

pub use shards::Shards;

use super::header::{
    Budget, Findings, MOST_ENTRIES, MOST_HEADER, MOST_METADATA, VALUE_CHARS, cut, quoted, read_span,
};
use super::json::{Json, JsonError};
use super::{Container, Entry, Format, FormatError, Meta, check};
use crate::bytes::{Source, Span};
use crate::job::Progress;
use std::path::Path;

/// `x.safetensors`.
pub struct Safetensors;

/// Where the header begins, behind its length.
const HEADER_AT: u64 = 8;

/// The key of the header that holds no tensor.
const METADATA: &str = "__metadata__";

/// No tensor is said in fewer bytes: `"":{"dtype":"","shape":[],"data_offsets":[0,0]}`.
const LEAST_TENSOR: usize = 47;

impl Format for Safetensors {
    fn label(&self) -> &'static str {
        "safetensors"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        let plausible = head.get(8..10).is_some_and(|start| matches!(start, b"{\"" | b"{}" | b"{ "))
            && length(head).is_some_and(|len| (2..=MOST_HEADER).contains(&len));
        plausible || path.extension().is_some_and(|extension| extension == "safetensors")
    }

    fn read(&self, source: &dyn Source, _: &Path, progress: &Progress) -> Result<Container, FormatError> {
        let span = header_span(source)?;
        let header = read_span(source, span)?;
        progress.set_total(span.len());
        let mut reading = Reading::new(&header, span, source.len());
        let broken = reading.header(progress).err();
        if progress.is_cancelled() {
            return Err(FormatError::new("Reading the header was cancelled.", None));
        }
        if let Some(error) = broken {
            reading.broken(&error)?;
        } else if reading.entries.is_empty() {
            reading.findings.add(Some(span), || "The header lists no tensors.".to_owned());
        }
        check::names(&reading.entries, &mut reading.findings);
        check::places(&mut reading.places, reading.data, 1, &mut reading.findings);
        Ok(Container {
            format: self.label(),
            entries: reading.entries,
            metadata: reading.metadata,
            findings: reading.findings.finish(),
            header: Span::first(span.end()),
            whole_names: None,
        })
    }

    fn set_metadata(&self, source: &dyn Source, key: &str, value: &str) -> Result<(Span, Vec<u8>), String> {
        edit::set(source, key, value)
    }
}

fn length(head: &[u8]) -> Option<u64> {
    head.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The bytes of the JSON.
fn header_span(source: &dyn Source) -> Result<Span, FormatError> {
    let size = Span::first(HEADER_AT);
    if source.len() < HEADER_AT {
        let text = "The file is shorter than the 8 bytes that a safetensors file begins with.";
        return Err(FormatError::new(text, None));
    }
    let len = length(&read_span(source, size)?).unwrap_or(0);
    match Span::at(HEADER_AT, len) {
        Some(span) if span.end() <= source.len() && len <= MOST_HEADER => Ok(span),
        Some(span) if span.end() <= source.len() => {
            Err(FormatError::new("The header is longer than 100 MB, the limit.", Some(size)))
        }
        _ => {
            let left = source.len() - HEADER_AT;
            let text = format!("The header should have {len} bytes, but only {left} follow.");
            Err(FormatError::new(text, Some(size)))
        }
    }
}

/// A header half read.
struct Reading<'a> {
    json: Json<'a>,
    entries: Vec<Entry>,
    /// Of each entry that says where it is: its bytes, counted from the first byte of data.
    places: Vec<Span>,
    metadata: Vec<Meta>,
    /// Metadata that is not kept.
    more: u64,
    /// Tensors that are not kept.
    more_tensors: u64,
    budget: Budget,
    findings: Findings,
    /// All bytes behind the header.
    data: Span,
    /// Sides of the tensor that is being read.
    sides: Vec<u64>,
    /// Its `data_offsets`.
    offsets: Vec<u64>,
}

impl<'a> Reading<'a> {
    fn new(header: &'a [u8], span: Span, len: u64) -> Self {
        // One allocation of about the right size: growing by doubling would cost thrice the memory.
        let tensors = memchr::memmem::find_iter(header, b"data_offsets").count();
        let tensors = tensors.min(header.len() / LEAST_TENSOR).min(MOST_ENTRIES);
        Self {
            json: Json::new(header),
            entries: Vec::with_capacity(tensors),
            places: Vec::with_capacity(tensors),
            metadata: Vec::new(),
            more: 0,
            more_tensors: 0,
            budget: Budget::default(),
            findings: Findings::default(),
            data: Span::between(span.end(), len),
            sides: Vec::new(),
            offsets: Vec::new(),
        }
    }

    fn header(&mut self, progress: &Progress) -> Result<(), JsonError> {
        self.json.open_object()?;
        let mut first = true;
        let mut done = 0;
        while let Some((name, place)) = self.json.key(first)? {
            first = false;
            if name == METADATA {
                self.metadata()?;
            } else {
                self.tensor(name, place)?;
            }
            progress.advance(self.json.work() - done);
            done = self.json.work();
            if progress.is_cancelled() {
                return Ok(());
            }
        }
        if self.more > 0 {
            let more = self.more;
            self.findings.add(None, || format!("{more} more values of metadata are not listed."));
        }
        if self.more_tensors > 0 {
            let more = self.more_tensors;
            self.findings.add(None, || format!("{more} more tensors are not listed."));
        }
        let end = self.json.at();
        if !self.json.is_done() {
            let rest = Span::between(HEADER_AT + end as u64, self.data.start());
            self.findings.add(Some(rest), || "Something follows the header's last brace.".to_owned());
        }
        Ok(())
    }

    /// What was read before the header broke is kept, with a finding; nothing read is an error.
    fn broken(&mut self, error: &JsonError) -> Result<(), FormatError> {
        let at = HEADER_AT + error.at as u64;
        let text = format!("The header is broken at byte {at}: {}.", error.text);
        let span = Some(Span::between(at, self.data.start()));
        if self.entries.is_empty() && self.metadata.is_empty() {
            return Err(FormatError::new(text, span));
        }
        self.findings.add(span, || format!("{text} What follows is not listed."));
        Ok(())
    }

    fn metadata(&mut self) -> Result<(), JsonError> {
        if self.json.peek() != Some(b'{') {
            let place = self.json.skip()?;
            self.findings.add(Some(file_span(place)), || format!("{METADATA} is not an object."));
            return Ok(());
        }
        self.json.open_object()?;
        let mut first = true;
        while let Some((key, _)) = self.json.key(first)? {
            first = false;
            let is_text = self.json.peek() == Some(b'"');
            let start = self.json.at();
            let place = self.json.skip()?;
            if self.metadata.len() >= MOST_METADATA {
                self.more += 1;
                continue;
            }
            let value = if is_text {
                self.json.go_back(start);
                self.json.string()?
            } else {
                self.json.raw(place.clone())
            };
            let shown = cut(&value, VALUE_CHARS);
            if !is_text {
                let span = Some(file_span(place.clone()));
                self.findings.add(span, || format!("The metadata value {} is not a string.", quoted(&key)));
            }
            self.metadata.push(Meta {
                key: key.into(),
                editable: is_text && shown.len() == value.len(),
                value: shown.into(),
                span: Some(file_span(place)),
            });
        }
        Ok(())
    }
}

/// A place of the JSON as one of the file.
fn file_span(place: std::ops::Range<usize>) -> Span {
    Span::between(HEADER_AT + place.start as u64, HEADER_AT + place.end as u64)
}
