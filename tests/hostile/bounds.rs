//! One reading of a header, held to its bounds: memory at most four times the input and a mebibyte, work linear.

use super::alloc;
use pagelens::bytes::{Availability, MemorySource, ReadError, Source, Span};
use pagelens::formats::npz::inflate;
use pagelens::formats::{Container, FormatError, HEAD, Home, recognise};
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
    check(&source, name, &answer);
    if let Ok(container) = &answer {
        for meta in container.metadata.iter().take(3) {
            for value in ["", "1", "(1,)", "'<f4'", "a\"é\\"] {
                if let Ok((span, new)) = format.set_metadata(&source, &meta.key, value) {
                    assert!(span.end() <= source.len() && span.len() == new.len() as u64, "{name}");
                }
            }
        }
    }
    let changed = [Span::first(source.len())];
    for (span, new) in format.follow_up(&source, &changed, &progress).unwrap_or_default() {
        assert!(span.end() <= source.len() && span.len() == new.len() as u64, "{name}");
    }
    Cost { memory, work }
}

/// What an answer says lies within the file.
fn check(source: &Counted, name: &str, answer: &Result<Container, FormatError>) {
    let len = source.len();
    let container = match answer {
        Ok(container) => container,
        Err(error) => {
            assert!(error.text.ends_with('.') && error.text.len() < 400, "{name}: {error}");
            return;
        }
    };
    let spans = container.findings.iter().filter_map(|finding| finding.span);
    let places = container.metadata.iter().filter_map(|meta| meta.span);
    for span in spans.chain(places).chain([container.header]) {
        assert!(span.end() <= len, "{name}: {span} beyond {len}");
    }
    let mut inflated = 0;
    for entry in &container.entries {
        assert!(entry.shape.len() <= 64, "{name}");
        match &entry.home {
            Home::Here(at) => {
                let end = entry.bytes().and_then(|bytes| at.checked_add(bytes));
                assert!(end.is_some_and(|end| end <= len), "{name}: {entry:?} beyond {len}");
            }
            Home::Deflated { span, .. } => {
                assert!(span.end() <= len, "{name}: {entry:?}");
                inflated += 1;
                if inflated < 4 {
                    let _ = inflate(source, &entry.home, &Progress::default(), 1 << 16);
                }
            }
            Home::File(file) => assert!(!file.contains(['/', '\\']) && &**file != "..", "{name}: {file}"),
            Home::Nowhere(reason) => assert!(!reason.is_empty(), "{name}"),
        }
    }
}
