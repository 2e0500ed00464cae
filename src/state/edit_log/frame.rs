//! The format of records in the file of a log: each follows its length and a checksum.
//!
//! The checksum is seeded with a number of the file's own and with the record's place, so that neither a record of
//! another log nor one from another position is accepted. Reading ends at the first record that is not whole.

use crate::save::disk::{DiskFile, FileStat, read_exact_at};
use std::io;
use xxhash_rust::xxh3::{Xxh3, xxh3_64_with_seed};

/// The first bytes of every log; the last one is the version.
const MAGIC: &[u8; 16] = b"pagelens edits\n1";
/// Magic and seed.
pub const HEADER: u64 = 24;
/// Length and checksum.
const PREFIX: usize = 16;
/// No record is longer; what says it is, is damaged.
pub const MOST: u64 = 4 << 30;
/// A record up to this length, in bytes, may lie in holes: some file systems make them of zeros by themselves.
const MOST_HOLES: u64 = 24 << 20;
/// What is read at once of a record that is not known to be one.
const CHUNK: usize = 1 << 20;
/// A disk writes as much or nothing.
const SECTOR: u64 = 512;
/// So many zeros are taken for an end without a look at what follows.
const ZEROS: u64 = 64 << 20;

/// What a log starts with.
pub fn header(seed: u64) -> Vec<u8> {
    [&MAGIC[..], &seed.to_le_bytes()].concat()
}

/// Appends `record` as a frame that will stand at `offset` of the file.
pub fn push(frames: &mut Vec<u8>, seed: u64, offset: u64, record: &[u8]) {
    frames.extend_from_slice(&(record.len() as u64).to_le_bytes());
    frames.extend_from_slice(&sum(seed, offset, record).to_le_bytes());
    frames.extend_from_slice(record);
}

fn sum(seed: u64, offset: u64, record: &[u8]) -> u64 {
    xxh3_64_with_seed(record, seed.wrapping_add(offset))
}

/// How a log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// With its last record.
    Whole,
    /// In the middle of a record, or in zeros, as when the power goes: that record is lost.
    CutOff,
    /// With bytes that are no record; what came after them is lost.
    Damaged,
}

/// Reads the records of a log one after another.
pub struct Frames<'a> {
    file: &'a dyn DiskFile,
    len: u64,
    stat: FileStat,
    seed: u64,
    /// Where the next frame starts: behind the last whole one.
    pub offset: u64,
    pub tail: Tail,
}

impl<'a> Frames<'a> {
    /// `None` when the file is no log of this version.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn open(file: &'a dyn DiskFile) -> io::Result<Option<Self>> {
        let stat = file.stat()?;
        let len = stat.identity.len;
        if len < HEADER {
            return Ok(None);
        }
        let mut header = [0; HEADER as usize];
        read_exact_at(file, 0, &mut header)?;
        let (magic, seed) = header.split_at(MAGIC.len());
        let seed = seed.try_into().map_or(0, u64::from_le_bytes);
        let frames = Self { file, len, stat, seed, offset: HEADER, tail: Tail::Whole };
        Ok((magic == MAGIC).then_some(frames))
    }

    /// The number that tells the frames of this log from those of another.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The next record and the place of its first byte; `None` at the end, of which `tail` tells.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn next(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        let left = self.len - self.offset;
        if left == 0 {
            return Ok(None);
        }
        self.tail = Tail::CutOff;
        if left < PREFIX as u64 {
            return Ok(None);
        }
        let mut prefix = [0; PREFIX];
        read_exact_at(self.file, self.offset, &mut prefix)?;
        let (len, expected) = prefix.split_at(8);
        let len = len.try_into().map_or(0, u64::from_le_bytes);
        let expected = expected.try_into().map_or(0, u64::from_le_bytes);
        if len > left - PREFIX as u64 {
            return Ok(None);
        }
        let start = self.offset + PREFIX as u64;
        let Some(record) = self.record(start, len, expected)? else {
            // What a crash of the system leaves is zeros from the border of a sector on.
            let last_sector = (start + len).saturating_sub(1) / SECTOR * SECTOR;
            if !self.is_zero_from(last_sector.max(self.offset))? {
                self.tail = Tail::Damaged;
            }
            return Ok(None);
        };
        self.offset = start + len;
        self.tail = Tail::Whole;
        Ok(Some((start, record)))
    }

    /// `None` when it is not what its sum says. Memory is taken for what the sum has confirmed only, and a record that is
    /// long has to take up room: a file of holes may seem to be of any size.
    fn record(&self, start: u64, len: u64, expected: u64) -> io::Result<Option<Vec<u8>>> {
        let mut record = Vec::new();
        let is_possible = len <= MOST && (len <= MOST_HOLES || self.stat.may_hold(len));
        let Some(size) = usize::try_from(len).ok().filter(|_| is_possible) else { return Ok(None) };
        if (size > CHUNK && self.sum_of(start, len)? != expected) || record.try_reserve_exact(size).is_err() {
            return Ok(None);
        }
        record.resize(size, 0);
        read_exact_at(self.file, start, &mut record)?;
        Ok((sum(self.seed, self.offset, &record) == expected).then_some(record))
    }

    fn sum_of(&self, start: u64, len: u64) -> io::Result<u64> {
        let mut hash = Xxh3::with_seed(self.seed.wrapping_add(self.offset));
        self.read_chunks(start, start + len, |chunk| {
            hash.update(chunk);
            true
        })?;
        Ok(hash.digest())
    }

    /// Whether only zeros follow, as far as is worth a look.
    fn is_zero_from(&self, start: u64) -> io::Result<bool> {
        let mut is_zero = true;
        self.read_chunks(start, self.len.min(start.saturating_add(ZEROS)), |chunk| {
            is_zero = chunk.iter().all(|&byte| byte == 0);
            is_zero
        })?;
        Ok(is_zero)
    }

    /// Reads from `at` to `end` as long as `take` wants more.
    fn read_chunks(&self, mut at: u64, end: u64, mut take: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
        let mut buf = vec![0; CHUNK];
        while at < end {
            let chunk = &mut buf[..(end - at).min(CHUNK as u64) as usize];
            read_exact_at(self.file, at, chunk)?;
            if !take(chunk) {
                break;
            }
            at += chunk.len() as u64;
        }
        Ok(())
    }
}
