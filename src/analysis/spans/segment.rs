//! A part of a list: a few thousand codes of spans, in memory or in a temporary file.

use super::codes::{CodeState, SpanCode};
use super::even::EvenSpans;
use crate::bytes::Span;
use crate::bytes::scratch::Scratch;
use std::io;
use std::sync::Arc;

/// Codes of a segment: few enough to be copied at every publication, so many that the list of segments is short.
pub(super) const SEGMENT: usize = 4096;
/// Codes from one mark to the next: what a look-up decodes at most.
const STRIDE: usize = 64;

/// A span and how many come before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    pub index: u64,
    pub span: Span,
}

/// Why the spans of a segment are lost.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpillError {
    #[error("the temporary file of the list could not be written: {0}")]
    Write(Arc<str>),
    #[error("the temporary file of the list could not be read: {0}")]
    Read(Arc<str>),
}

impl SpillError {
    /// Spans that could not be written.
    pub(super) fn write(error: &io::Error) -> Self {
        Self::Write(error.to_string().into())
    }

    fn read(error: &io::Error) -> Self {
        Self::Read(error.to_string().into())
    }
}

/// Where decoding can begin.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// Offset in the segment's bytes.
    byte: u32,
    /// Spans of the segment before it.
    index: u64,
    state: CodeState,
}

/// Bytes of a mark in a file.
const MARK_BYTES: usize = 28;

impl Mark {
    fn to_file(self, out: &mut Vec<u8>) {
        out.extend(self.byte.to_le_bytes());
        out.extend(self.index.to_le_bytes());
        out.extend(self.state.start.to_le_bytes());
        out.extend(self.state.len.to_le_bytes());
    }

    fn of_file(bytes: &[u8; MARK_BYTES]) -> Option<Self> {
        let number = |from: usize| Some(u64::from_le_bytes(bytes[from..from + 8].try_into().ok()?));
        let byte = u32::from_le_bytes(bytes[..4].try_into().ok()?);
        Some(Self { byte, index: number(4)?, state: CodeState { start: number(12)?, len: number(20)? } })
    }
}

/// Codes, and where decoding can begin.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    bytes: Vec<u8>,
    marks: Vec<Mark>,
    /// How many codes there are.
    pub len: usize,
    /// How many spans they are.
    pub count: u64,
}

impl Codes {
    /// Memory that they take, in bytes.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.bytes.capacity() + self.marks.capacity() * size_of::<Mark>()
    }

    /// Adds a code behind all others.
    pub fn push(&mut self, code: &SpanCode) {
        if self.len.is_multiple_of(STRIDE) {
            self.marks.push(Mark { byte: self.bytes.len() as u32, index: self.count, state: code.before });
        }
        code.write(&mut self.bytes);
        self.len += 1;
        self.count += code.count;
    }

    /// Gives back memory that no code is in.
    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
        self.marks.shrink_to_fit();
    }

    fn to_file(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.marks.len() * MARK_BYTES + self.bytes.len());
        self.marks.iter().for_each(|mark| mark.to_file(&mut out));
        out.extend(&self.bytes);
        out
    }

    /// The codes of a segment as they were written; `None` when they are others.
    fn of_file(bytes: &[u8], segment: &Segment) -> Option<Self> {
        let (head, codes) = bytes.split_at_checked(segment.codes.div_ceil(STRIDE) * MARK_BYTES)?;
        let marks = head.as_chunks().0.iter().map(Mark::of_file).collect::<Option<_>>()?;
        let codes = Self { bytes: codes.to_vec(), marks, len: segment.codes, count: segment.count };
        let (mut count, mut end) = (0_u64, 0);
        for (_, even) in codes.even_from(0) {
            count = count.checked_add(even.count)?;
            end = even.last().end();
        }
        (count == segment.count && end == segment.end).then_some(codes)
    }

    /// The spans behind the first `skip`, those at even distances together; each with how many come before it.
    fn even_from(&self, skip: u64) -> impl Iterator<Item = (u64, EvenSpans)> + '_ {
        let mark = self.marks.partition_point(|mark| mark.index <= skip).saturating_sub(1);
        self.even_from_mark(mark).filter_map(move |(index, even)| {
            let before = skip.saturating_sub(index);
            Some((index + before, even.behind(before)?))
        })
    }

    fn even_from_mark(&self, mark: usize) -> impl Iterator<Item = (u64, EvenSpans)> + '_ {
        let begin = self.marks.get(mark);
        let (mut at, mut index, mut state) = begin.map_or((usize::MAX, 0, CodeState::default()), |mark| {
            (mark.byte as usize, mark.index, mark.state)
        });
        std::iter::from_fn(move || {
            let even = state.read(&self.bytes, &mut at)?;
            let first = index;
            index += even.count;
            Some((first, even))
        })
    }

    /// The spans from the first on that ends after `offset`.
    fn ending_after(&self, offset: u64) -> impl Iterator<Item = (u64, EvenSpans)> + '_ {
        let mark = self.marks.partition_point(|mark| mark.state.end() <= offset).saturating_sub(1);
        self.even_from_mark(mark).filter_map(move |(index, even)| {
            let before = even.ending_by(offset);
            Some((index + before, even.behind(before)?))
        })
    }
}

/// Where the codes of a segment are.
#[derive(Clone, Debug)]
enum Place {
    Memory(Arc<Codes>),
    File { file: Arc<Scratch>, offset: u64, len: usize },
}

/// A run of spans, from `index` on.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub index: u64,
    pub count: u64,
    pub first: Span,
    /// End of the last span.
    pub end: u64,
    /// How many codes there are.
    codes: usize,
    place: Place,
}

/// The spans of a segment, in memory.
#[derive(Clone, Debug)]
pub(super) struct Spans {
    /// How many spans come before them.
    pub index: u64,
    codes: Arc<Codes>,
}

impl Spans {
    /// Those from number `skip` of the segment on, those at even distances together; each with how many come before it in
    /// the list.
    pub fn even_from(&self, skip: u64) -> impl Iterator<Item = (u64, EvenSpans)> + '_ {
        self.codes.even_from(skip).map(|(index, even)| (self.index + index, even))
    }

    /// Those from the first on that ends after `offset`.
    pub fn ending_after(&self, offset: u64) -> impl Iterator<Item = (u64, EvenSpans)> + '_ {
        self.codes.ending_after(offset).map(|(index, even)| (self.index + index, even))
    }

    /// The span with number `skip` of the segment.
    pub fn get(&self, skip: u64) -> Option<Span> {
        self.codes.even_from(skip).next().map(|(_, even)| even.first)
    }

    /// Memory that they take, in bytes.
    pub fn size(&self) -> usize {
        self.codes.size()
    }
}

impl Segment {
    /// A run in memory; the first span is number `index` of all and the last ends at `end`. `None` for no spans.
    pub fn new(index: u64, end: u64, codes: Codes) -> Option<Self> {
        let first = codes.even_from(0).next()?.1.first;
        let (count, len) = (codes.count, codes.len);
        Some(Self { index, count, first, end, codes: len, place: Place::Memory(Arc::new(codes)) })
    }

    /// Memory that it takes, in bytes.
    pub fn size(&self) -> usize {
        let codes = match &self.place {
            Place::Memory(codes) => codes.size(),
            Place::File { .. } => 0,
        };
        size_of::<Self>() + codes
    }

    /// The same with its codes in `file`.
    ///
    /// # Errors
    /// [`SpillError`] when they can't be written there.
    pub fn spilled(&self, file: &Arc<Scratch>) -> Result<Self, SpillError> {
        let Place::Memory(codes) = &self.place else { return Ok(self.clone()) };
        let bytes = codes.to_file();
        let offset = file.append(&bytes).map_err(|error| SpillError::write(&error))?;
        Ok(Self { place: Place::File { file: Arc::clone(file), offset, len: bytes.len() }, ..*self })
    }

    /// The spans, where they are in memory.
    pub fn in_memory(&self) -> Option<Spans> {
        let Place::Memory(codes) = &self.place else { return None };
        Some(Spans { index: self.index, codes: Arc::clone(codes) })
    }

    /// The spans. Blocks where they are in a file.
    ///
    /// # Errors
    /// [`SpillError`] when they can't be read.
    pub fn read(&self) -> Result<Spans, SpillError> {
        let codes = match &self.place {
            Place::Memory(codes) => Arc::clone(codes),
            Place::File { file, offset, len } => {
                let mut bytes = vec![0; *len];
                file.read_at(*offset, &mut bytes).map_err(|error| SpillError::read(&error))?;
                let codes = Codes::of_file(&bytes, self);
                Arc::new(codes.ok_or_else(|| SpillError::Read("it was changed".into()))?)
            }
        };
        Ok(Spans { index: self.index, codes })
    }
}
