//! The journal of a save in place: what the file held before, and what the new bytes hash to.
//!
//! | at | what |
//! |---|---|
//! | 0 | the header: lengths, counts, checksums of the other parts and of itself |
//! | 512 | the state, one byte, so that no torn write can leave it in between: [`ACTIVE`] or [`DONE`] |
//! | 4096 | the old bytes of all extents, one after another |
//! | then | the extents, as offset and length |
//! | then | a checksum of the new bytes for each block of the extents, see [`Extents::blocks`] |
//! | then | the path of the file |
//!
//! Numbers are little-endian; checksums are XXH3 of 64 bits (<https://github.com/Cyan4973/xxHash>). All parts are
//! written before the one sync that makes the journal count; a part that is missing fails its checksum, and then the
//! file was not touched yet. A journal is written once and never changed but for its state.

mod read;

pub(super) use read::{Broken, JournalPart, OldJournal};

use super::disk::{Access, Disk, DiskFile, Privacy, retry, where_supported, write_all_at};
use super::extents::Extents;
use super::metadata::TakenRights;
use super::names::{LONGEST_NAME, folder_of, temp_path};
use crate::bytes::Span;
use crate::save::error::{SaveStop, at_step};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

const MAGIC: [u8; 16] = *b"pagelens journal";
const VERSION: u64 = 1;
const HEADER: usize = 512;
/// In the header, behind its numbers.
const TAKEN_AT: usize = 256;
const STATE_AT: u64 = 512;
const OLD_AT: u64 = 4096;

/// Not all new bytes are on the disk yet: the old ones are to be put back.
const ACTIVE: u8 = b'A';
/// All new bytes are on the disk: what is left is to cut the file to its new length.
const DONE: u8 = b'D';

/// How names of journals end.
pub(super) const ENDING: &str = ".pagelens-journal";

/// Bytes collected before they are written.
const BUFFER: usize = 1 << 20;

/// Why there is no journal, and its path if it could not be removed again.
pub(super) type JournalRefused = (SaveStop, Option<PathBuf>);

/// Where the journal of `target` lies when its folder can be written.
pub(super) fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default();
    let mut hidden = OsString::from(".");
    if name.len() + 1 + ENDING.len() <= LONGEST_NAME {
        hidden.push(name);
    } else {
        hidden.push(hashed(target));
    }
    hidden.push(ENDING);
    folder_of(target).join(hidden)
}

/// Where it lies else.
pub(super) fn inside(folder: &Path, target: &Path) -> PathBuf {
    folder.join(hashed(target) + ENDING)
}

/// Whether a name is that of a journal.
pub(super) fn is_journal(name: &OsStr) -> bool {
    name.as_encoded_bytes().ends_with(ENDING.as_bytes())
}

/// Removes the journal at `path`, which undo or the screen may still read.
pub(super) fn remove(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    let name = path.file_name().and_then(OsStr::to_str);
    let target = name.and_then(|name| name.strip_prefix('.')?.strip_suffix(ENDING));
    // Under the name of a temporary file of its target, which is taken away where it was left.
    let aside = temp_path(&path.with_file_name(target.unwrap_or("journal")));
    retry(|| disk.remove_open(path, &aside))
}

fn hashed(target: &Path) -> String {
    format!("{:016x}", xxh3_64(target.as_os_str().as_encoded_bytes()))
}

/// What the header says, and where the parts lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub old_len: u64,
    pub new_len: u64,
    pub extents: u64,
    pub old_bytes: u64,
    pub blocks: u64,
    pub path_bytes: u64,
    /// Seconds since 1970.
    pub written_at: u64,
    old_hash: u64,
    extents_hash: u64,
    blocks_hash: u64,
    path_hash: u64,
    /// What writing takes from the file besides bytes.
    pub taken: [u8; TakenRights::PACKED],
}

impl Default for Header {
    fn default() -> Self {
        Self::of([0; 11], TakenRights::default().pack())
    }
}

impl Header {
    /// In the order of the fields.
    fn of(numbers: [u64; 11], taken: [u8; TakenRights::PACKED]) -> Self {
        let [old_len, new_len, extents, old_bytes, blocks, path_bytes, written_at, ..] = numbers;
        let [.., old_hash, extents_hash, blocks_hash, path_hash] = numbers;
        Self {
            old_len,
            new_len,
            extents,
            old_bytes,
            blocks,
            path_bytes,
            written_at,
            old_hash,
            extents_hash,
            blocks_hash,
            path_hash,
            taken,
        }
    }

    fn numbers(&self) -> [u64; 12] {
        [
            VERSION,
            self.old_len,
            self.new_len,
            self.extents,
            self.old_bytes,
            self.blocks,
            self.path_bytes,
            self.written_at,
            self.old_hash,
            self.extents_hash,
            self.blocks_hash,
            self.path_hash,
        ]
    }

    fn pack(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..16].copy_from_slice(&MAGIC);
        for (place, number) in bytes[16..].chunks_exact_mut(8).zip(self.numbers()) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes[TAKEN_AT..TAKEN_AT + TakenRights::PACKED].copy_from_slice(&self.taken);
        let hash = xxh3_64(&bytes[..HEADER - 8]);
        bytes[HEADER - 8..].copy_from_slice(&hash.to_le_bytes());
        bytes
    }

    /// `None` when it is not whole. The version of another journal comes as an error.
    fn unpack(bytes: &[u8; HEADER]) -> Result<Option<Self>, u64> {
        let number = |at: usize| bytes[at..at + 8].iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte));
        if bytes[..16] != MAGIC || number(HEADER - 8) != xxh3_64(&bytes[..HEADER - 8]) {
            return Ok(None);
        }
        if number(16) != VERSION {
            return Err(number(16));
        }
        let mut taken = [0; TakenRights::PACKED];
        taken.copy_from_slice(&bytes[TAKEN_AT..TAKEN_AT + TakenRights::PACKED]);
        Ok(Some(Self::of(std::array::from_fn(|n| number(24 + 8 * n)), taken)))
    }

    /// Where the extents, the blocks and the path begin, and where all ends; `None` when that is beyond any file.
    fn places(&self) -> Option<[u64; 4]> {
        let extents_at = OLD_AT.checked_add(self.old_bytes)?;
        let blocks_at = extents_at.checked_add(self.extents.checked_mul(16)?)?;
        let path_at = blocks_at.checked_add(self.blocks.checked_mul(8)?)?;
        Some([extents_at, blocks_at, path_at, path_at.checked_add(self.path_bytes)?])
    }
}

/// A part that is written from its start to its end, and hashed on the way.
struct Part {
    at: u64,
    waiting: Vec<u8>,
    hash: Xxh3,
}

impl Part {
    fn new(at: u64) -> Self {
        Self { at, waiting: Vec::new(), hash: Xxh3::new() }
    }

    fn push(&mut self, file: &dyn DiskFile, bytes: &[u8]) -> Result<(), SaveStop> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= BUFFER { self.flush(file) } else { Ok(()) }
    }

    fn flush(&mut self, file: &dyn DiskFile) -> Result<(), SaveStop> {
        self.hash.update(&self.waiting);
        write_all_at(file, self.at, &self.waiting, || {}).map_err(at_step("writing the journal"))?;
        self.at += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }

    fn finish(mut self, file: &dyn DiskFile) -> Result<u64, SaveStop> {
        self.flush(file)?;
        Ok(self.hash.digest())
    }
}

/// A journal that is being written. Dropped before [`Committed::remove`], it stays for recovery.
pub(super) struct Journal<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    header: Header,
    old: Part,
    blocks: Part,
}

impl<'a> Journal<'a> {
    /// How many bytes of the disk the journal of `extents` takes.
    pub fn size(extents: &Extents, target: &Path) -> u64 {
        Self::header(extents, target).places().map_or(u64::MAX, |[.., end]| end)
    }

    fn header(extents: &Extents, target: &Path) -> Header {
        Header {
            old_len: extents.old_len,
            new_len: extents.new_len,
            extents: extents.spans.len() as u64,
            old_bytes: extents.old_bytes(),
            blocks: extents.block_count(),
            path_bytes: target.as_os_str().len() as u64,
            ..Header::default()
        }
    }

    /// Creates the file and sets its room aside, so that there is enough before anything is touched.
    ///
    /// # Errors
    /// Why there is none, and its path if it could not be removed again. Nothing else was touched.
    pub fn create(
        disk: &'a dyn Disk,
        path: &Path,
        extents: &Extents,
        target: &Path,
        taken: &TakenRights,
    ) -> Result<Self, JournalRefused> {
        let mut header = Header { taken: taken.pack(), ..Self::header(extents, target) };
        header.written_at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let too_long = || at_step("writing the journal")(io::ErrorKind::FileTooLarge.into());
        let [_, blocks_at, _, end] = header.places().ok_or_else(|| (too_long(), None))?;
        let file = retry(|| disk.create_new(path, Privacy::Private))
            .map_err(|error| (at_step("creating the journal")(error), None))?;
        let journal = Self {
            disk,
            path: path.to_owned(),
            file: Arc::from(file),
            header,
            old: Part::new(OLD_AT),
            blocks: Part::new(blocks_at),
        };
        let room = where_supported(|| journal.file.reserve(Span::first(end)));
        match room.map_err(at_step("reserving disk space for the journal")) {
            Ok(()) => Ok(journal),
            Err(stop) => Err((stop, journal.abandon())),
        }
    }

    /// The next old bytes.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn push_old(&mut self, bytes: &[u8]) -> Result<(), SaveStop> {
        self.old.push(&*self.file, bytes)
    }

    /// The new bytes of the next block.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn push_block(&mut self, bytes: &[u8]) -> Result<(), SaveStop> {
        self.blocks.push(&*self.file, &xxh3_64(bytes).to_le_bytes())
    }

    /// Makes the journal count: from here on a crash leads back to the old bytes.
    ///
    /// # Errors
    /// Why it does not count, and its path if it could not be removed again.
    pub fn commit(self, extents: &Extents, target: &Path) -> Result<Committed<'a>, JournalRefused> {
        let Self { disk, path, file, header, old, blocks } = self;
        let written = write_rest(&*file, header, (old, blocks), extents, target).and_then(|()| {
            retry(|| file.sync()).map_err(at_step("confirming that the journal is on the disk"))?;
            retry(|| disk.sync_folder(folder_of(&path)))
                .map_err(at_step("confirming that the journal's name is on the disk"))?;
            // Where there are no locks, another instance may have taken it for one that was left.
            let named = retry(|| disk.open_left(&path, Access::Read));
            named.and_then(|named| check_same(&*file, &*named)).map_err(at_step("checking the journal again"))
        });
        let journal = Committed { disk, path, file };
        match written {
            Ok(()) => Ok(journal),
            Err(stop) => Err((stop, journal.remove().err().map(|(path, _)| path))),
        }
    }

    /// Nothing was done. Answers the path if it could not be removed.
    pub fn abandon(self) -> Option<PathBuf> {
        Committed { disk: self.disk, path: self.path, file: self.file }.remove().err().map(|(path, _)| path)
    }
}

fn write_rest(
    file: &dyn DiskFile,
    mut header: Header,
    (old, blocks): (Part, Part),
    extents: &Extents,
    target: &Path,
) -> Result<(), SaveStop> {
    let too_long = || at_step("writing the journal")(io::ErrorKind::FileTooLarge.into());
    let [extents_at, _, path_at, _] = header.places().ok_or_else(too_long)?;
    header.old_hash = old.finish(file)?;
    header.blocks_hash = blocks.finish(file)?;
    let mut table = Part::new(extents_at);
    for span in &extents.spans {
        table.push(file, &span.start().to_le_bytes())?;
        table.push(file, &span.len().to_le_bytes())?;
    }
    header.extents_hash = table.finish(file)?;
    let mut path = Part::new(path_at);
    path.push(file, target.as_os_str().as_encoded_bytes())?;
    header.path_hash = path.finish(file)?;
    let mut start = header.pack().to_vec();
    start.push(ACTIVE);
    write_all_at(file, 0, &start, || {}).map_err(at_step("writing the journal"))
}

/// Marks the journal at `path` as done, also where it reads as that: a kill may have come before the sync.
pub(super) fn mark_done_again(disk: &dyn Disk, path: &Path, known: &dyn DiskFile) -> io::Result<()> {
    let file = retry(|| disk.open_left(path, Access::Write))?;
    check_same(known, &*file)?;
    mark(&*file)
}

/// Whether a name still leads to the journal that was written or read.
fn check_same(known: &dyn DiskFile, now: &dyn DiskFile) -> io::Result<()> {
    let (known, now) = (retry(|| known.stat())?.identity, retry(|| now.stat())?.identity);
    if known.other_file(&now) { Err(io::Error::other("another file has replaced it")) } else { Ok(()) }
}

fn mark(file: &dyn DiskFile) -> io::Result<()> {
    let mark = || {
        write_all_at(file, STATE_AT, &[DONE], || {})?;
        retry(|| file.sync())
    };
    // Once more: a failed sync has dropped the write.
    mark().or_else(|_| mark())
}

/// A journal that counts.
pub(super) struct Committed<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
    file: Arc<dyn DiskFile>,
}

impl Committed<'_> {
    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// From here on a crash leads to the new bytes. A mark that is not confirmed may be there or not; recovery
    /// believes it only where the file has all of the new bytes.
    ///
    /// # Errors
    /// When the disk has not confirmed it.
    pub fn mark_done(&self) -> Result<(), SaveStop> {
        mark(&*self.file).map_err(at_step("marking the journal as done"))
    }

    /// The old bytes of all extents, one after another, readable also after the journal has lost its name.
    pub fn old_bytes(&self) -> (Arc<dyn DiskFile>, u64) {
        (Arc::clone(&self.file), OLD_AT)
    }

    /// Takes the journal away.
    ///
    /// # Errors
    /// The path, when it is still there.
    pub fn remove(self) -> Result<(), (PathBuf, io::Error)> {
        remove(self.disk, &self.path).map_err(|error| (self.path.clone(), error))?;
        // A journal that a power cut brings back agrees with the file, and the next save takes it away.
        let _ = retry(|| self.disk.sync_folder(folder_of(&self.path)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_written_and_not_when_a_bit_differs() {
        let header = Header { old_len: 7, new_len: u64::MAX, extents: 3, path_hash: 9, ..Header::default() };
        let packed = header.pack();
        assert_eq!(Header::unpack(&packed), Ok(Some(header)));
        for bit in 0..HEADER * 8 {
            let mut bad = packed;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::unpack(&bad), Ok(None), "bit {bit}");
        }
        let mut later = packed;
        later[16] += 1;
        let hash = xxh3_64(&later[..HEADER - 8]);
        later[HEADER - 8..].copy_from_slice(&hash.to_le_bytes());
        assert_eq!(Header::unpack(&later), Err(VERSION + 1), "a later version is no unfinished journal");
    }

    #[test]
    fn lengths_beyond_any_file_have_no_places() {
        let header = Header { old_bytes: u64::MAX, ..Header::default() };
        assert_eq!(header.places(), None);
        assert_eq!(Header { extents: u64::MAX / 4, ..Header::default() }.places(), None);
    }

    #[test]
    fn a_journal_lies_beside_its_file_under_a_name_that_fits() {
        assert_eq!(beside(Path::new("/a/b.bin")), Path::new("/a/.b.bin.pagelens-journal"));
        let long = PathBuf::from(format!("/a/{}", "x".repeat(LONGEST_NAME)));
        let name = beside(&long);
        assert!(name.file_name().is_some_and(|name| name.len() <= LONGEST_NAME && is_journal(name)));
        assert_ne!(inside(Path::new("/s"), &long), inside(Path::new("/s"), Path::new("/a/b.bin")));
    }
}
