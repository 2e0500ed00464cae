//! A run of a few thousand spans in a few bytes each: in memory, or in a temporary file.

use crate::bytes::Span;
use crate::bytes::scratch::Scratch;
use std::sync::Arc;

/// Spans of a segment: small enough to be copied at every publication, large enough that the list of them is short.
pub(super) const SEGMENT: usize = 4096;
/// Spans from one mark to the next: what a look-up decodes at most.
const STRIDE: usize = 64;

/// A span and how many come before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    pub index: u64,
    pub span: Span,
}

/// Where decoding can begin.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// Offset in the segment's bytes.
    byte: u32,
    state: Coder,
}

/// Bytes of a mark in a file.
const MARK_BYTES: usize = 20;

/// What the code of a span leaves out, because the span before it says it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Coder {
    pub end: u64,
    pub len: u64,
}

impl Coder {
    /// The gap since the last end, and the length only where it changes. The first byte holds from the lowest bit:
    /// 'length follows', six bits of the gap, 'more of the gap follows'; the rest is seven bits a byte.
    fn write(&mut self, span: Span, out: &mut Vec<u8>) {
        let gap = span.start() - self.end;
        let same = span.len() == self.len;
        let rest = gap >> 6;
        out.push(u8::from(!same) | ((gap & 0x3f) as u8) << 1 | u8::from(rest > 0) << 7);
        if rest > 0 {
            write_number(rest, out);
        }
        if !same {
            write_number(span.len(), out);
        }
        *self = Self { end: span.end(), len: span.len() };
    }

    /// The span coded at `*at`, which moves behind it; `None` where the bytes end. Codes are this file's own, so they
    /// are whole, unless the temporary file was damaged.
    fn read(&mut self, bytes: &[u8], at: &mut usize) -> Option<Span> {
        let first = *bytes.get(*at)?;
        *at += 1;
        let mut gap = u64::from(first >> 1 & 0x3f);
        if first & 0x80 != 0 {
            gap |= read_number(bytes, at)? << 6;
        }
        if first & 1 != 0 {
            self.len = read_number(bytes, at)?;
        }
        let start = self.end.checked_add(gap)?;
        let span = Span::at(start, self.len)?;
        self.end = span.end();
        Some(span)
    }
}

fn write_number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read_number(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}

/// The codes of a run of spans, and where decoding can begin.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    bytes: Vec<u8>,
    marks: Vec<Mark>,
}

impl Codes {
    /// Memory that they take, in bytes.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.bytes.capacity() + self.marks.capacity() * size_of::<Mark>()
    }

    /// Adds the span that is number `count` of the run.
    pub fn push(&mut self, count: usize, coder: &mut Coder, span: Span) {
        if count.is_multiple_of(STRIDE) {
            self.marks.push(Mark { byte: self.bytes.len() as u32, state: *coder });
        }
        coder.write(span, &mut self.bytes);
    }

    /// Gives back memory that no code is in.
    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
        self.marks.shrink_to_fit();
    }

    fn to_file(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.marks.len() * MARK_BYTES + self.bytes.len());
        for mark in &self.marks {
            out.extend(mark.byte.to_le_bytes());
            out.extend(mark.state.end.to_le_bytes());
            out.extend(mark.state.len.to_le_bytes());
        }
        out.extend(&self.bytes);
        out
    }

    fn of_file(bytes: &[u8], marks: usize) -> Option<Self> {
        let (head, codes) = bytes.split_at_checked(marks * MARK_BYTES)?;
        let mark = |mark: &[u8; MARK_BYTES]| {
            let number = |from: usize| Some(u64::from_le_bytes(mark[from..from + 8].try_into().ok()?));
            let byte = u32::from_le_bytes(mark[..4].try_into().ok()?);
            Some(Mark { byte, state: Coder { end: number(4)?, len: number(12)? } })
        };
        let marks = head.as_chunks().0.iter().map(mark).collect::<Option<_>>()?;
        Some(Self { bytes: codes.to_vec(), marks })
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
    pub count: usize,
    /// End of the last span.
    pub end: u64,
    place: Place,
}

impl Segment {
    /// A run in memory: `count` spans, of which the first is number `index` of all and the last ends at `end`.
    pub fn new(index: u64, count: usize, end: u64, codes: Codes) -> Self {
        Self { index, count, end, place: Place::Memory(Arc::new(codes)) }
    }

    /// Memory that it takes, in bytes.
    pub fn size(&self) -> usize {
        let codes = match &self.place {
            Place::Memory(codes) => codes.size(),
            Place::File { .. } => 0,
        };
        size_of::<Self>() + codes
    }

    /// The same with its codes in `file`; `None` when they can't be written there.
    pub fn spilled(&self, file: &Arc<Scratch>) -> Option<Self> {
        let Place::Memory(codes) = &self.place else { return Some(self.clone()) };
        let bytes = codes.to_file();
        let offset = file.append(&bytes).ok()?;
        Some(Self { place: Place::File { file: Arc::clone(file), offset, len: bytes.len() }, ..*self })
    }

    /// The codes; none when the temporary file can't be read.
    fn codes(&self) -> Arc<Codes> {
        match &self.place {
            Place::Memory(codes) => Arc::clone(codes),
            Place::File { file, offset, len } => {
                let mut bytes = vec![0; *len];
                let read = file.read_at(*offset, &mut bytes);
                let codes = read.ok().and_then(|()| Codes::of_file(&bytes, self.count.div_ceil(STRIDE)));
                Arc::new(codes.unwrap_or_default())
            }
        }
    }

    /// The spans from the `skip`-th on.
    pub fn spans_from(&self, skip: usize) -> impl Iterator<Item = Ranked> + use<> {
        spans_of(self.codes(), self.index, self.count, skip)
    }

    /// The spans from the first on that ends after `offset`; callers know that there is one.
    pub fn spans_ending_after(&self, offset: u64) -> impl Iterator<Item = Ranked> + use<> {
        let codes = self.codes();
        let stride = codes.marks.partition_point(|mark| mark.state.end <= offset).saturating_sub(1);
        spans_of(codes, self.index, self.count, stride * STRIDE)
            .skip_while(move |ranked| ranked.span.end() <= offset)
    }
}

fn spans_of(
    codes: Arc<Codes>,
    index: u64,
    count: usize,
    skip: usize,
) -> impl Iterator<Item = Ranked> + use<> {
    let stride = skip / STRIDE;
    let mark = codes.marks.get(stride).copied();
    let (mut at, mut state) =
        mark.map_or((usize::MAX, Coder::default()), |mark| (mark.byte as usize, mark.state));
    let first = stride * STRIDE;
    (first..count)
        .map_while(move |i| {
            Some(Ranked { index: index + i as u64, span: state.read(&codes.bytes, &mut at)? })
        })
        .skip(skip - first)
}
