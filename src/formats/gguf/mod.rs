//! GGUF: metadata of all types, then a list of tensors, then their data at aligned places.
//!
//! Versions 1 to 3, both byte orders. The header has no length, so it is read from the front through a small buffer,
//! value by value; each length is checked against the bytes that are left. Tensors are never read.

mod edit;
mod reader;
mod types;
mod value;

use super::header::{
    Budget, Findings, MOST_METADATA, MOST_NAME, MOST_SIDES, cut, items, most_entries, quoted, shared,
};
use super::{Container, Entry, Format, FormatError, Home, Meta, Unshown, check};
use crate::bytes::{Source, Span};
use crate::decode::array::MemoryOrder;
use crate::decode::{DType, Element, Order};
use crate::job::Progress;
use reader::Reader;
use std::path::Path;

/// `x.gguf`.
pub struct Gguf;

const MAGIC: &[u8; 4] = b"GGUF";

const ALIGNMENT_KEY: &str = "general.alignment";

/// Without [`ALIGNMENT_KEY`].
const ALIGNMENT: u64 = 32;

impl Format for Gguf {
    fn label(&self) -> &'static str {
        "GGUF"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        head.starts_with(MAGIC) || path.extension().is_some_and(|extension| extension == "gguf")
    }

    fn read(&self, source: &dyn Source, _: &Path, progress: &Progress) -> Result<Container, FormatError> {
        let mut reading = Reading::open(source, progress)?;
        if let Err(error) = reading.header() {
            let nothing = reading.metadata.is_empty() && reading.tensors.is_empty();
            if nothing || progress.is_cancelled() {
                return Err(error);
            }
            let text = format!("{} What follows is not listed.", error.text);
            reading.findings.add(error.span, || text);
        }
        Ok(reading.finish(self.label()))
    }

    fn set_metadata(&self, source: &dyn Source, key: &str, value: &str) -> Result<(Span, Vec<u8>), String> {
        edit::set(source, key, value)
    }
}

/// The start of a file.
struct Start<'a> {
    reader: Reader<'a>,
    tensors: u64,
    values: u64,
}

/// Magic, version and counts.
fn start<'a>(source: &'a dyn Source, progress: &'a Progress) -> Result<Start<'a>, FormatError> {
    let mut reader = Reader::new(source, progress);
    if reader.bytes::<4>()? != *MAGIC {
        return Err(FormatError::new("It does not begin like a GGUF file.", Some(Span::first(4))));
    }
    let version = reader.version()?;
    if !(1..=3).contains(&version) {
        let text = format!("Version {version} of the format is not supported; versions 1 to 3 are.");
        return Err(FormatError::new(text, Span::new(4, 8)));
    }
    let tensors = reader.length()?;
    let values = reader.length()?;
    Ok(Start { reader, tensors, values })
}

/// A tensor whose place is not known before all are read.
struct Tensor {
    name: Box<str>,
    shape: Box<[u64]>,
    kind: u32,
    too_many_sides: bool,
    offset: u64,
}

/// A header half read.
struct Reading<'a> {
    start: Start<'a>,
    tensors: Vec<Tensor>,
    metadata: Vec<Meta>,
    alignment: u64,
    findings: Findings,
    /// Tensors that are not kept.
    more: u64,
    /// Whether the header was read to its end.
    whole: bool,
}

impl<'a> Reading<'a> {
    fn open(source: &'a dyn Source, progress: &'a Progress) -> Result<Self, FormatError> {
        let start = start(source, progress)?;
        Ok(Self {
            start,
            tensors: Vec::new(),
            metadata: Vec::new(),
            alignment: ALIGNMENT,
            findings: Findings::default(),
            more: 0,
            whole: false,
        })
    }

    fn header(&mut self) -> Result<(), FormatError> {
        let mut more = 0_u64;
        for _ in 0..self.start.values {
            let meta = value::read(&mut self.start.reader)?;
            if &*meta.key == ALIGNMENT_KEY {
                self.align(&meta);
            }
            if self.metadata.len() < MOST_METADATA {
                self.metadata.push(meta);
            } else {
                more += 1;
            }
        }
        if more > 0 {
            self.findings.add(None, || format!("{more} more values of metadata are not listed."));
        }
        let reader = &mut self.start.reader;
        // No tensor is said in fewer bytes than these, so the count may be trusted so far and no further.
        let least = reader.left() / 24;
        let most = most_entries(reader.len());
        let room = self.start.tensors.min(least).min(most as u64);
        self.tensors.reserve_exact(usize::try_from(room).unwrap_or(0));
        let mut budget = Budget::default();
        let byte = DType::new(Element::U8, Order::Little).into();
        for _ in 0..self.start.tensors {
            let is_full = self.more > 0;
            let tensor = tensor(reader, is_full, &mut self.findings)?;
            if !is_full && self.tensors.len() < most && budget.take(&tensor.name, &tensor.shape, &byte) {
                self.tensors.push(tensor);
            } else {
                self.more += 1;
            }
        }
        self.whole = true;
        Ok(())
    }

    fn align(&mut self, meta: &Meta) {
        match meta.value.parse::<u64>() {
            Ok(alignment) if alignment.is_power_of_two() => self.alignment = alignment,
            _ => {
                let (value, span) = (cut(&meta.value, 40), meta.span);
                self.findings
                    .add(span, || format!("The alignment {value} is not a power of two; 32 is used."));
            }
        }
    }

    /// Places the tensors, and checks them against each other.
    fn finish(mut self, format: &'static str) -> Container {
        let len = self.start.reader.len();
        let end = self.start.reader.at();
        // A file without tensors may end before the padding does.
        let data = end.checked_next_multiple_of(self.alignment).map_or(len, |at| at.min(len));
        let data = Span::between(data, len);
        let mut entries = Vec::with_capacity(self.tensors.len());
        let mut places = Vec::with_capacity(self.tensors.len());
        for tensor in std::mem::take(&mut self.tensors) {
            let entry = self.place(tensor, data, &mut places, &entries);
            entries.push(entry);
        }
        if self.more > 0 {
            let more = self.more;
            self.findings.add(None, || format!("{more} more tensors are not listed."));
        }
        check::names(&entries, &mut self.findings);
        if self.whole && !entries.is_empty() {
            check::places(&mut places, data, self.alignment, &mut self.findings);
        }
        Container {
            format,
            entries,
            metadata: self.metadata,
            findings: self.findings.finish(),
            header: Span::first(end),
            whole_names: None,
        }
    }

    fn place(&mut self, tensor: Tensor, data: Span, places: &mut Vec<Span>, before: &[Entry]) -> Entry {
        let order = self.start.reader.order;
        let (item, why) = match types::find(tensor.kind).map(|kind| kind.item(order)) {
            None => (None, Some(format!("type {} is not known", tensor.kind))),
            Some(Err(reason)) => (None, Some(reason)),
            Some(Ok(item)) => (Some(item), None),
        };
        let is_shown = item.is_some() && !tensor.too_many_sides;
        let unshown = (!is_shown).then(|| shared(before, unshown(&tensor)));
        let span = self.bytes_of(&tensor, data);
        places.extend(span.as_ref().ok().filter(|span| !span.is_empty()));
        let home = match (why, span) {
            (Some(why), _) => Home::Nowhere(why.into()),
            (None, Err(reason)) => Home::Nowhere(reason.into()),
            // Where the data begins is only known behind the last tensor's description.
            (None, Ok(_)) if !self.whole => Home::Nowhere("the header ends too early".into()),
            (None, Ok(span)) => Home::Here(data.start() + span.start()),
        };
        let item = item.unwrap_or_else(|| DType::new(Element::U8, order).into());
        Entry { name: tensor.name, item, shape: tensor.shape, order: MemoryOrder::C, home, unshown }
    }

    /// The tensor's bytes, counted from the start of the data, or why there are none.
    fn bytes_of(&mut self, tensor: &Tensor, data: Span) -> Result<Span, &'static str> {
        let name = &tensor.name;
        let Some(kind) = types::find(tensor.kind) else { return Err("its type is not known") };
        if tensor.too_many_sides {
            return Err("more than 64 axes");
        }
        let row = tensor.shape.last().copied().unwrap_or(1);
        let Some(bytes) = items(&tensor.shape).and_then(|items| kind.bytes(row, items)) else {
            let text = || {
                format!(
                    "{}: the length of its rows is not a multiple of the block size, or it has too many rows.",
                    quoted(name)
                )
            };
            self.findings.add(None, text);
            return Err("impossible shape");
        };
        let span = Span::at(tensor.offset, bytes).filter(|span| span.end() <= data.len());
        let Some(span) = span else {
            let offset = tensor.offset;
            self.findings.add(None, || {
                let there = data.len();
                format!(
                    "{}: {bytes} bytes at {offset} of the data, but the data has only {there}.",
                    quoted(name)
                )
            });
            return Err("beyond the file's end");
        };
        if !tensor.offset.is_multiple_of(self.alignment) {
            let at = Some(Span::empty_at(data.start() + span.start()));
            self.findings
                .add(at, || format!("{} does not begin at a multiple of the alignment.", quoted(name)));
        }
        Ok(span)
    }
}

/// A tensor that is not shown, as the file has it. Of one with too many sides not even the bytes are known, which only
/// its sides tell.
fn unshown(tensor: &Tensor) -> Unshown {
    let kind = types::find(tensor.kind);
    let has_shape = !tensor.too_many_sides;
    let row = tensor.shape.last().copied().unwrap_or(1);
    Unshown {
        type_name: Some(
            kind.map_or_else(|| format!("type {}", tensor.kind), |kind| kind.name.to_owned()).into(),
        ),
        has_shape,
        bytes: kind.filter(|_| has_shape).and_then(|kind| kind.bytes(row, items(&tensor.shape)?)),
    }
}

/// The next tensor of the list; one that is not kept has no name. Sides are stored the fastest first; a shape has it
/// last.
fn tensor(
    reader: &mut Reader<'_>,
    without_name: bool,
    findings: &mut Findings,
) -> Result<Tensor, FormatError> {
    reader.step()?;
    let most = if without_name { 0 } else { MOST_NAME };
    let (mut name, place, _) = reader.string(most)?;
    if !without_name && place.len() > MOST_NAME as u64 {
        name.push('…');
        let text =
            || format!("The name {} has {} bytes; only the first are listed.", quoted(&name), place.len());
        findings.add(Some(place), text);
    }
    let sides = reader.u32()?;
    let kept = sides.min(MOST_SIDES as u32);
    let mut shape = Vec::with_capacity(kept as usize);
    for _ in 0..kept {
        shape.push(reader.length()?);
    }
    reader.skip_lengths(u64::from(sides - kept))?;
    shape.reverse();
    let kind = reader.u32()?;
    let offset = reader.u64()?;
    Ok(Tensor { name: name.into(), shape: shape.into(), kind, too_many_sides: kept < sides, offset })
}
