//! A journal that an earlier save has left: read, checked, never written.

use super::super::disk::{Access, Disk, DiskFile, FileStat, Owner, ROOT, read_exact_at, retry};
use super::super::extents::{Extents, MOST_EXTENTS};
use super::super::metadata::TakenRights;
use super::{DONE, HEADER, Header, OLD_AT, STATE_AT};
use crate::bytes::Span;
use crate::bytes::path_bytes::path_of;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Bytes read at once.
const CHUNK: u64 = 1 << 20;

/// The longest path that is believed.
const LONGEST_PATH: u64 = 1 << 16;

/// Why a file is no journal that counts: its save had not begun to write.
#[derive(Debug)]
pub(in super::super) enum Broken {
    /// A part is missing or wrong, as when the program or the power ended while it was written.
    Unfinished,
    /// Not one that this program may act on.
    Strange(String),
    Io(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        // A file cut short is an unfinished one.
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Unfinished,
            io::ErrorKind::InvalidData => Self::Strange("it is not a regular file".to_owned()),
            _ => Self::Io(error),
        }
    }
}

/// A whole journal.
#[derive(Clone, Debug)]
pub(in super::super) struct OldJournal {
    pub target: PathBuf,
    pub extents: Extents,
    /// Whether all new bytes were on the disk.
    pub is_done: bool,
    /// Seconds since 1970.
    pub written_at: u64,
    /// What writing takes from the file besides bytes. Nothing in a journal that another user wrote.
    pub taken: TakenRights,
    /// Whether this user or root wrote it. What any other journal leads to must lend no rights.
    pub is_own: bool,
    file: Arc<dyn DiskFile>,
    blocks_at: u64,
}

impl OldJournal {
    /// Reads the journal at `path` and checks every part of it. One that belongs to neither this user, nor root, nor
    /// `owner`, who has the file, is not believed: it could put bytes into another's file.
    ///
    /// # Errors
    /// [`Broken`] when it does not count, is another's, or can't be read.
    pub fn open(disk: &dyn Disk, path: &Path, owner: Option<Owner>) -> Result<Self, Broken> {
        let file: Arc<dyn DiskFile> = Arc::from(retry(|| disk.open_left(path, Access::Read))?);
        let stat = retry(|| file.stat())?;
        let is_own = check_writer(disk, &stat, owner)?;
        let mut start = [0; HEADER];
        read_exact_at(&*file, 0, &mut start)?;
        let header = match Header::unpack(&start) {
            Ok(Some(header)) => header,
            Ok(None) => return Err(Broken::Unfinished),
            Err(version) => {
                return Err(Broken::Strange(format!(
                    "it has version {version}, which this version of pagelens does not support"
                )));
            }
        };
        let mut state = [0];
        read_exact_at(&*file, STATE_AT, &mut state)?;
        let places = check_size(&header, &stat, is_own)?;
        let (target, extents) = read_parts(&*file, &header, places)?;
        let (is_done, written_at) = (state[0] == DONE, header.written_at);
        let taken = if is_own { TakenRights::unpack(&header.taken) } else { TakenRights::default() };
        let [_, blocks_at, ..] = places;
        Ok(Self { target, extents, is_done, written_at, taken, is_own, file, blocks_at })
    }

    /// The old bytes of all extents, one after another: the file, and where in it they begin.
    pub fn old_bytes(&self) -> (Arc<dyn DiskFile>, u64) {
        (Arc::clone(&self.file), OLD_AT)
    }

    /// Walks over the extents in parts, with the old bytes of each, until `step` answers an error.
    ///
    /// # Errors
    /// Those of `step` and of reading the journal.
    pub fn walk<E: From<io::Error>>(
        &self,
        mut step: impl FnMut(JournalPart<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut old_at, mut block_at) = (OLD_AT, self.blocks_at);
        let (mut old, mut hashes) = (Vec::new(), Vec::new());
        for (_, span) in self.extents.chunks(CHUNK) {
            old.resize(self.extents.old_part(span).len() as usize, 0);
            read_exact_at(&*self.file, old_at, &mut old)?;
            let blocks = self.extents.blocks(span).count();
            hashes.resize(blocks * 8, 0);
            read_exact_at(&*self.file, block_at, &mut hashes)?;
            (old_at, block_at) = (old_at + old.len() as u64, block_at + hashes.len() as u64);
            step(JournalPart { span, old: &old, hashes: &hashes })?;
        }
        Ok(())
    }
}

/// A part of an extent.
pub(in super::super) struct JournalPart<'a> {
    pub span: Span,
    /// What its part up to the old length held.
    pub old: &'a [u8],
    hashes: &'a [u8],
}

impl JournalPart<'_> {
    /// The old bytes of `block`, which lies before the old length.
    pub fn old_at(&self, block: Span) -> &[u8] {
        let start = (block.start() - self.span.start()) as usize;
        self.old.get(start..start + block.len() as usize).unwrap_or_default()
    }

    /// Whether `bytes` are the new ones of the block with number `n` of this part.
    pub fn is_new(&self, n: usize, bytes: &[u8]) -> bool {
        self.hashes.get(n * 8..n * 8 + 8).is_some_and(|hash| hash == xxh3_64(bytes).to_le_bytes())
    }
}

/// Whether this user or root wrote the journal; an error when nobody did who may.
fn check_writer(disk: &dyn Disk, stat: &FileStat, owner: Option<Owner>) -> Result<bool, Broken> {
    // Where files have no owners there is nothing to lend either.
    let Some(wrote) = stat.owner.map(|wrote| wrote.user) else { return Ok(true) };
    if [Some(ROOT), disk.user()].contains(&Some(wrote)) {
        return Ok(true);
    }
    if owner.is_some_and(|owner| owner.user == wrote) {
        return Ok(false);
    }
    Err(Broken::Strange(format!("it belongs to another user ({wrote})")))
}

/// Where the parts lie, before anything is read by the counts of the header.
fn check_size(header: &Header, stat: &FileStat, is_own: bool) -> Result<[u64; 4], Broken> {
    let places = header.places().ok_or(Broken::Unfinished)?;
    let [.., end] = places;
    if header.path_bytes > LONGEST_PATH || stat.identity.len < end {
        return Err(Broken::Unfinished);
    }
    if header.extents > MOST_EXTENTS {
        return Err(Broken::Strange(format!(
            "it lists {} places, more than any save writes",
            header.extents
        )));
    }
    // Some file systems make holes of zeros by themselves, so the user's own journal may have many.
    if !is_own && !stat.may_hold(end) {
        return Err(Broken::Strange("it consists almost entirely of holes, which no save leaves".to_owned()));
    }
    Ok(places)
}

/// The path and the extents, when all parts are as the header says; the largest part comes last.
fn read_parts(
    file: &dyn DiskFile,
    header: &Header,
    [extents_at, blocks_at, path_at, end]: [u64; 4],
) -> Result<(PathBuf, Extents), Broken> {
    let check = |from: u64, to: u64, hash: u64| match hash_of(file, Span::between(from, to))? == hash {
        true => Ok(()),
        false => Err(Broken::Unfinished),
    };
    check(path_at, end, header.path_hash)?;
    let mut bytes = vec![0; header.path_bytes as usize];
    read_exact_at(file, path_at, &mut bytes)?;
    let target = path_of(bytes).ok_or(Broken::Unfinished)?;
    check(extents_at, blocks_at, header.extents_hash)?;
    let spans = read_spans(file, extents_at, header.extents)?;
    let extents = Extents { spans, old_len: header.old_len, new_len: header.new_len };
    let is_sound = extents.is_sound()
        && extents.has_cut_off()
        && extents.old_bytes() == header.old_bytes
        && extents.block_count() == header.blocks;
    if !is_sound {
        return Err(Broken::Unfinished);
    }
    check(blocks_at, path_at, header.blocks_hash)?;
    check(OLD_AT, extents_at, header.old_hash)?;
    Ok((target, extents))
}

fn hash_of(file: &dyn DiskFile, span: Span) -> Result<u64, Broken> {
    let mut hash = Xxh3::new();
    let mut buf = vec![0; CHUNK.min(span.len()) as usize];
    for chunk in span.chunks(CHUNK) {
        let bytes = &mut buf[..chunk.len() as usize];
        read_exact_at(file, chunk.start(), bytes)?;
        hash.update(bytes);
    }
    Ok(hash.digest())
}

fn read_spans(file: &dyn DiskFile, at: u64, count: u64) -> Result<Vec<Span>, Broken> {
    let table = Span::at(at, count * 16).ok_or(Broken::Unfinished)?;
    let mut spans = Vec::with_capacity(count as usize);
    let mut buf = vec![0; CHUNK.min(table.len()) as usize];
    for chunk in table.chunks(CHUNK) {
        let bytes = &mut buf[..chunk.len() as usize];
        read_exact_at(file, chunk.start(), bytes)?;
        for entry in bytes.chunks_exact(16) {
            let number =
                |at: usize| entry[at..at + 8].iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte));
            spans.push(Span::at(number(0), number(8)).ok_or(Broken::Unfinished)?);
        }
    }
    Ok(spans)
}
