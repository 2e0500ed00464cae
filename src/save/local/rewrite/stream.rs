//! The bytes that the new file does not get by a copy of the system: read, written, and read back, piece by piece.
//!
//! A long span is shared out among several threads, so that the next piece is calculated while one is on its way to the
//! disk. Where the system has it, such a span goes there past the cache: no memory is filled with what only waits for
//! the sync, and a write that fails says so at once. Each piece is read in parts that stay in a core's cache.

use super::super::disk::{DiskFile, PAGE, read_exact_at, retry, write_all_at};
use super::pages::PageBuffer;
use crate::bytes::{Source, Span};
use crate::job::Progress;
use crate::save::error::{SaveStop, at_step};
use crate::save::request::ReadBack;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use xxhash_rust::xxh3::xxh3_64;

/// Bytes read at once, from places that are multiples of it: whole blocks of the file system, and few enough to stay in
/// a core's cache until they are written.
const PART: u64 = 512 << 10;

/// Bytes written at once past the cache: so many that the disk is busy while the next are read.
const DIRECT_PIECE: u64 = 2 << 20;

/// A span of fewer bytes is written by one thread, through the cache.
const WORTH_SHARING: u64 = 8 << 20;

/// A file of fewer bytes is written through the cache: whoever reads it next has it there.
const WORTH_PASSING: u64 = 64 << 20;

/// More threads than this keep no disk busier.
const MOST_THREADS: usize = 4;

/// Bytes read back at once of what went through the cache.
const READ_BACK: usize = 64 << 10;

/// Writes bytes of the snapshot to their places in the new file.
pub(super) struct Stream<'a> {
    file: &'a dyn DiskFile,
    /// The same file, past the cache.
    direct: Option<Box<dyn DiskFile>>,
    snapshot: &'a dyn Source,
    progress: &'a Progress,
    /// What is written is no longer wanted.
    halt: &'a AtomicBool,
    reads_back: bool,
    /// Of each write past the cache, a page to be read back.
    samples: Mutex<Vec<Sample>>,
    /// Of the thread that writes short spans, which may be many.
    hand: Mutex<Hand>,
}

/// A page that was written, and its hash.
struct Sample {
    at: u64,
    hash: u64,
}

/// What a thread keeps from piece to piece.
#[derive(Default)]
struct Hand {
    piece: PageBuffer,
    read: Vec<u8>,
}

impl<'a> Stream<'a> {
    /// `halt` ends it early, with an error. With `reads_back`, what was written is compared with what is there.
    pub fn new(
        file: &'a dyn DiskFile,
        snapshot: &'a dyn Source,
        progress: &'a Progress,
        halt: &'a AtomicBool,
        reads_back: bool,
    ) -> Self {
        let is_long = snapshot.len() >= WORTH_PASSING;
        let direct = if is_long { retry(|| file.past_cache()).ok() } else { None };
        let (samples, hand) = (Mutex::default(), Mutex::default());
        Self { file, direct, snapshot, progress, halt, reads_back, samples, hand }
    }

    /// Writes what the snapshot has in `span` to the same place.
    ///
    /// # Errors
    /// A read, a write or the comparison of the two failed, or they are no longer wanted.
    pub fn write(&self, span: Span) -> Result<(), SaveStop> {
        if span.len() < WORTH_SHARING {
            let mut hand = locked(&self.hand);
            return whole_parts(span, PART).try_for_each(|piece| self.piece(piece, None, &mut hand));
        }
        let direct = self.direct.as_deref();
        let step = if direct.is_some() { DIRECT_PIECE } else { PART };
        let (rest, failed) = (Mutex::new(span), Mutex::new(None));
        at_once(threads(direct.is_some()), &|| {
            let mut hand = Hand::default();
            while let Some(piece) = take_piece(&rest, step) {
                if let Err(stop) = self.piece(piece, direct, &mut hand) {
                    *locked(&rest) = Span::default();
                    locked(&failed).get_or_insert(stop);
                }
            }
        });
        all_done(failed)
    }

    fn piece(&self, piece: Span, direct: Option<&dyn DiskFile>, hand: &mut Hand) -> Result<(), SaveStop> {
        let Hand { piece: bytes, read } = hand;
        let bytes = bytes.of_len(piece.len() as usize);
        for part in whole_parts(piece, PART) {
            self.check_wanted()?;
            let from = (part.start() - piece.start()) as usize;
            let to = &mut bytes[from..from + part.len() as usize];
            self.snapshot.read_cancellable(part.start(), to, self.progress.as_cancel())?;
        }
        let passed = match direct {
            Some(direct) => self.pass(direct, piece.start(), bytes).map_err(at_step("writing"))?,
            None => 0,
        };
        let (at, rest) = (piece.start() + passed as u64, &bytes[passed..]);
        write_all_at(self.file, at, rest, || {}).map_err(at_step("writing"))?;
        if self.reads_back {
            self.compare(at, rest, read)?;
        }
        self.progress.advance(piece.len());
        Ok(())
    }

    /// Writes whole pages of `bytes` past the cache. Answers how many bytes were written: the rest goes another way.
    fn pass(&self, direct: &dyn DiskFile, at: u64, bytes: &[u8]) -> io::Result<usize> {
        let whole = bytes.len() - bytes.len() % PAGE as usize;
        if !at.is_multiple_of(PAGE) || whole == 0 {
            return Ok(0);
        }
        let written = match retry(|| direct.write_at(at, &bytes[..whole])) {
            Ok(written) => written.min(whole),
            // The file system does not take it so after all.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => 0,
            Err(error) => return Err(error),
        };
        let pages = written / PAGE as usize;
        if self.reads_back && pages > 0 {
            // Another one of each piece.
            let page = (at / DIRECT_PIECE) as usize * 7 % pages * PAGE as usize;
            let hash = xxh3_64(&bytes[page..page + PAGE as usize]);
            let sample = Sample { at: at + page as u64, hash };
            locked(&self.samples).push(sample);
        }
        Ok(written)
    }

    /// Whether the file has `written` at `at`; still in the cache of the core and of the system.
    fn compare(&self, at: u64, written: &[u8], read: &mut Vec<u8>) -> Result<(), SaveStop> {
        read.resize(READ_BACK.min(written.len()), 0);
        let mut at = at;
        for part in written.chunks(READ_BACK) {
            let read = &mut read[..part.len()];
            read_exact_at(self.file, at, read).map_err(at_step("reading back"))?;
            if read != part {
                return Err(differs(at));
            }
            at += part.len() as u64;
        }
        Ok(())
    }

    /// To be called when the file is synced: reads the samples from the disk. Answers what has been read back in all.
    ///
    /// # Errors
    /// A page can't be read, or is not what was written.
    pub fn check_samples(self) -> Result<ReadBack, SaveStop> {
        if !self.reads_back {
            return Ok(ReadBack::Nothing);
        }
        let samples = self.samples.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Some(direct) = self.direct.filter(|_| !samples.is_empty()) else { return Ok(ReadBack::All) };
        let next = AtomicUsize::new(0);
        let failed = Mutex::new(None);
        at_once(threads(true), &|| {
            let mut page = PageBuffer::default();
            while let Some(sample) = samples.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Err(stop) = sample.check(&*direct, page.of_len(PAGE as usize)) {
                    next.store(samples.len(), Ordering::Relaxed);
                    locked(&failed).get_or_insert(stop);
                }
            }
        });
        all_done(failed)?;
        Ok(ReadBack::Pages { of_each: DIRECT_PIECE })
    }

    fn check_wanted(&self) -> Result<(), SaveStop> {
        let is_wanted = !self.progress.is_cancelled() && !self.halt.load(Ordering::Relaxed);
        if is_wanted { Ok(()) } else { Err(SaveStop::cancelled()) }
    }
}

impl Sample {
    fn check(&self, direct: &dyn DiskFile, page: &mut [u8]) -> Result<(), SaveStop> {
        read_exact_at(direct, self.at, page).map_err(at_step("reading back"))?;
        if xxh3_64(page) == self.hash { Ok(()) } else { Err(differs(self.at)) }
    }
}

/// Has `work` done by so many threads, the caller's among them; by fewer where there are no more.
fn at_once(threads: usize, work: &(dyn Fn() + Sync)) {
    std::thread::scope(|scope| {
        for _ in 1..threads {
            let worker = std::thread::Builder::new().name("save".to_owned());
            if worker.spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
}

/// What went wrong first.
fn all_done(failed: Mutex<Option<SaveStop>>) -> Result<(), SaveStop> {
    failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

fn differs(at: u64) -> SaveStop {
    let text = format!("the bytes at {at:#x} of the new file differ from what was written");
    at_step("reading back")(io::Error::other(text))
}

fn threads(waits_for_disk: bool) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    cores.clamp(if waits_for_disk { 2 } else { 1 }, MOST_THREADS)
}

/// The next piece of what is left.
fn take_piece(rest: &Mutex<Span>, step: u64) -> Option<Span> {
    let mut rest = locked(rest);
    let piece = whole_parts(*rest, step).next()?;
    *rest = Span::between(piece.end(), rest.end());
    Some(piece)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The parts of a span, cut at multiples of `step`.
fn whole_parts(span: Span, step: u64) -> impl Iterator<Item = Span> {
    let mut at = span.start();
    std::iter::from_fn(move || {
        let part = Span::between(at, (at - at % step).saturating_add(step).min(span.end()));
        at = part.end();
        (!part.is_empty()).then_some(part)
    })
}
