//! One reading of a header, held to its bounds: memory at most four times the input and a mebibyte, work linear.

use super::{alloc, checks};
use pagelens::bytes::{Availability, MemorySource, ReadError, Source};
use pagelens::formats::{HEAD, recognise};
use pagelens::job::Progress;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The counters are the process's, so one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

pub fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes in memory that count what is read of them.
#[derive(Debug)]
struct Counted {
    bytes: MemorySource,
    read: AtomicU64,
}

impl Source for Counted {
    fn len(&self) -> u64 {
        self.bytes.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        // A read costs something even when it is of no bytes.
        self.read.fetch_add(buf.len() as u64 + 16, Ordering::Relaxed);
        self.bytes.read_at(offset, buf)
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        self.bytes.peek(offset, buf, states);
    }
}

/// What a reading cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub memory: u64,
    /// Bytes read, and steps of the parsers.
    pub work: u64,
}

/// Reads `bytes` as the format of this name and does with the answer all that can be done.
///
/// # Panics
/// When the answer is not within the file, or the memory beyond its bound.
pub fn hold(bytes: &[u8], name: &str) -> Cost {
    let cost = read(bytes, name);
    let most = 4 * bytes.len() as u64 + (1 << 20);
    assert!(cost.memory <= most, "{name}: {} bytes of memory for {} bytes", cost.memory, bytes.len());
    cost
}

fn read(bytes: &[u8], name: &str) -> Cost {
    let source = Counted { bytes: MemorySource::new(bytes), read: AtomicU64::new(0) };
    let progress = Progress::default();
    let path = Path::new(name);
    let format = recognise(&bytes[..bytes.len().min(HEAD)], path).expect("the name is known");
    let before = alloc::live();
    alloc::reset_peak();
    let answer = format.read(&source, path, &progress);
    let memory = (alloc::peak() - before) as u64;
    let work = source.read.load(Ordering::Relaxed) + progress.done();
    checks::within(&source, name, &answer);
    if let Ok(container) = &answer {
        checks::edits(&source, format, container);
    }
    Cost { memory, work }
}
