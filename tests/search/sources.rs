//! Sources with holes, bad blocks, a cut, and a fault of their own.

use pagelens::bytes::{Availability, MemorySource, ReadError, Source, Span, check_bounds};
use std::sync::atomic::{AtomicU64, Ordering};

/// Small bytes with holes that it knows of and blocks that can't be read.
#[derive(Debug)]
pub struct Patchy {
    pub bytes: Vec<u8>,
    /// Reads that touch these fail.
    pub bad: Vec<Span>,
    /// A part that comes from a file which the user may not read any more.
    pub denied: Option<Span>,
    /// Sorted; everything else is a hole.
    pub data: Vec<Span>,
    pub read: AtomicU64,
}

impl Patchy {
    pub fn new(bytes: Vec<u8>) -> Self {
        let data = vec![Span::first(bytes.len() as u64)];
        Self { bytes, bad: Vec::new(), denied: None, data, read: AtomicU64::new(0) }
    }

    /// Calls runs of zeros holes, now and then only a part of them.
    pub fn with_holes(mut self, rng: &mut fastrand::Rng) -> Self {
        self.data.clear();
        for (at, byte) in self.bytes.iter().enumerate() {
            let at = at as u64;
            if *byte != 0 || rng.u8(..) < 10 {
                match self.data.last_mut() {
                    Some(last) if last.end() == at => *last = Span::between(last.start(), at + 1),
                    _ => self.data.push(Span::between(at, at + 1)),
                }
            }
        }
        self
    }
}

impl Source for Patchy {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len())?;
        if self.bad.iter().any(|bad| bad.intersect(span).is_some()) {
            return Err(ReadError::other(span, "bad block"));
        }
        if let Some(part) = self.denied.and_then(|denied| denied.intersect(span)) {
            return Err(ReadError::of_io(part, &std::io::ErrorKind::PermissionDenied.into()));
        }
        self.read.fetch_add(span.len(), Ordering::Relaxed);
        buf.copy_from_slice(&self.bytes[offset as usize..offset as usize + buf.len()]);
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("an analysis never peeks");
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let next = self.data.iter().find(|data| data.end() > offset)?;
        Some(Span::between(next.start().max(offset), next.end()))
    }
}

/// A file that another program cut: it still says its old length.
#[derive(Debug)]
pub struct CutShort {
    pub left: MemorySource,
    pub len: u64,
    pub reads: AtomicU64,
}

impl Source for CutShort {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let span = check_bounds(offset, buf.len(), self.len)?;
        self.left.read_at(offset, buf).map_err(|_| ReadError::CutShort { span, len_now: self.left.len() })
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("an analysis never peeks");
    }
}

/// Zeros but for few bytes, of any length.
#[derive(Debug)]
pub struct Sparse {
    pub len: u64,
    pub islands: Vec<(u64, Vec<u8>)>,
    pub read: AtomicU64,
}

impl Source for Sparse {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len)?;
        self.read.fetch_add(span.len(), Ordering::Relaxed);
        buf.fill(0);
        for (start, bytes) in &self.islands {
            for (i, byte) in bytes.iter().enumerate().filter(|(i, _)| span.contains(start + *i as u64)) {
                buf[(start + i as u64 - offset) as usize] = *byte;
            }
        }
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("an analysis never peeks");
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let spans = self.islands.iter().filter_map(|(start, bytes)| Span::at(*start, bytes.len() as u64));
        let next = spans.filter(|span| span.end() > offset).min()?;
        Some(Span::between(next.start().max(offset), next.end()))
    }
}

/// Zeros, of which the first bytes keep their reader until others have read `wanted` times; then `then` is called.
pub struct Gate<'a> {
    pub wanted: u64,
    pub reads: &'a AtomicU64,
    pub then: &'a (dyn Fn() + Sync),
}

impl std::fmt::Debug for Gate<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gate({})", self.wanted)
    }
}

impl Source for Gate<'_> {
    fn len(&self) -> u64 {
        1 << 30
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        buf.fill(0);
        if offset > 0 {
            self.reads.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        while self.reads.load(Ordering::Relaxed) < self.wanted {
            std::thread::yield_now();
        }
        // Time for readers that would go on although they should wait.
        (0..1000).for_each(|_| std::thread::yield_now());
        (self.then)();
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("an analysis never peeks");
    }
}
