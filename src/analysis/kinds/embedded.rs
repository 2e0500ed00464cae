//! The search for files at every offset: the magics of all kinds in one pass, each with the check of its header.
//!
//! Headers of one archive, such as the members of a tar file, are one find.

use super::head::Head;
use super::lengths::OpenEnd;
use super::signature::{Series, Signature};
use super::signatures;
use crate::analysis::Direction;
use crate::analysis::pool::PassEnd;
use crate::analysis::scan::{Kernel, Margin, Scan, scan};
use crate::analysis::tuning::Tuning;
use crate::analysis::unread::Unread;
use crate::analysis::window::Window;
use crate::bytes::{Source, Span};
use crate::job::Progress;
use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};
use std::ops::ControlFlow;

/// Bytes of a file that its check may ask for: up to the end of the super block of btrfs.
pub(super) const HEAD_BYTES: usize = 68 << 10;

/// Bytes of the end of a zip archive's directory, without a comment.
const END_BYTES: u64 = 22;

/// A file inside a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmbeddedFile {
    pub offset: u64,
    /// Bytes, where its header tells them.
    pub len: Option<u64>,
    pub name: &'static str,
    /// The usual ending of the names of such files, without a dot.
    pub extension: &'static str,
    /// How its end is found where the header does not tell it, if there is a way.
    pub open_end: Option<OpenEnd>,
}

/// How a search for embedded files ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmbeddedEnd {
    Complete,
    /// There are more than were wanted.
    Cut,
    Cancelled,
}

/// What the search says besides the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedTally {
    pub end: EmbeddedEnd,
    pub unread: Unread,
}

/// Gives `take` every file that begins in `within`, by rising offset, while it searches; breaks when `take` does. A
/// file is given when the next one is found or the search ends, as only then all members of an archive are known.
///
/// # Errors
/// When the table of signatures is too large for memory.
pub fn find_embedded(
    source: &dyn Source,
    within: Span,
    tuning: Tuning,
    progress: &Progress,
    take: Take<'_>,
) -> Result<EmbeddedTally, BuildError> {
    let within = within.clamp_to(source.len());
    progress.set_total(within.len());
    let kernel = Signatures::new()?;
    let mut unread = Unread::default();
    let mut row = Row::default();
    let scanned = Scan { source, within, end: source.len(), direction: Direction::Forward, tuning };
    let end = scan(&scanned, &kernel, progress, &mut |piece| {
        unread.merge(&piece.unread);
        piece.part.into_iter().try_for_each(|find| row.add(find, take))
    });
    let end = match end {
        PassEnd::Complete if row.finish(None, take).is_continue() => EmbeddedEnd::Complete,
        PassEnd::Complete | PassEnd::Stopped => EmbeddedEnd::Cut,
        PassEnd::Cancelled => EmbeddedEnd::Cancelled,
    };
    Ok(EmbeddedTally { end, unread })
}

/// A header that passed its check.
#[derive(Clone, Copy, Debug)]
struct Find {
    signature: &'static Signature,
    offset: u64,
    len: Option<u64>,
}

/// Takes finds; breaks when it has enough.
type Take<'t> = &'t mut (dyn FnMut(EmbeddedFile) -> ControlFlow<()> + Send);

/// Finds that wait for the end of a zip archive at most, and members of one that are remembered.
const MOST_HELD: usize = 1 << 16;

/// Joins members of archives.
#[derive(Debug, Default)]
struct Row {
    /// The last file, which may grow.
    last: Option<Find>,
    /// What lies in a zip archive whose end is still to come.
    held: Vec<Find>,
    /// Where the members of that archive begin.
    members: Vec<u64>,
}

impl Row {
    fn add(&mut self, find: Find, take: Take<'_>) -> ControlFlow<()> {
        let Some(last) = &mut self.last else {
            if find.signature.series != Series::ZipEnd {
                self.last = Some(find);
            }
            return ControlFlow::Continue(());
        };
        let end = last.len.and_then(|len| last.offset.checked_add(len));
        let is_in_zip = last.signature.series == Series::ZipMember;
        match find.signature.series {
            Series::ZipEnd if is_in_zip => return self.end_zip(find, take),
            Series::ZipEnd => return ControlFlow::Continue(()),
            // Until the directory comes, all members belong to one archive.
            Series::ZipMember if is_in_zip => {
                last.len = None;
                if self.members.len() < MOST_HELD {
                    self.members.push(find.offset);
                }
                return ControlFlow::Continue(());
            }
            Series::Member if last.signature.name == find.signature.name && end == Some(find.offset) => {
                last.len = find.len.and_then(|len| find.offset.checked_add(len)).map(|end| end - last.offset);
                return ControlFlow::Continue(());
            }
            // What lies in a member of a zip archive does not end the archive.
            Series::Single | Series::Member
                if is_in_zip && end.is_none_or(|end| find.offset < end) && self.held.len() < MOST_HELD =>
            {
                self.held.push(find);
                return ControlFlow::Continue(());
            }
            Series::Single | Series::Member | Series::ZipMember => {}
        }
        self.finish(None, take)?;
        self.last = Some(find);
        ControlFlow::Continue(())
    }

    /// The directory says how much lies before it. Where that leads to a later member, the archive before has no end.
    fn end_zip(&mut self, directory: Find, take: Take<'_>) -> ControlFlow<()> {
        let (Some(last), Some(len)) = (&self.last, directory.len) else {
            return ControlFlow::Continue(());
        };
        let Some(start) = directory.offset.checked_add(END_BYTES).and_then(|end| end.checked_sub(len)) else {
            return ControlFlow::Continue(());
        };
        if start == last.offset {
            return self.finish(Some(len), take);
        }
        if self.members.binary_search(&start).is_err() {
            return ControlFlow::Continue(());
        }
        let whole = Find { offset: start, len: Some(len), ..*last };
        let at = self.held.partition_point(|held| held.offset < start);
        self.held.insert(at, whole);
        self.finish(None, take)
    }

    /// Gives what is known; `zip` is the length of a zip archive, which only its end tells.
    fn finish(&mut self, zip: Option<u64>, take: Take<'_>) -> ControlFlow<()> {
        self.members.clear();
        if let Some(last) = self.last.as_mut().filter(|last| last.signature.series == Series::ZipMember) {
            last.len = zip;
        }
        let held = std::mem::take(&mut self.held);
        self.last.take().into_iter().chain(held).try_for_each(|find| take(shown(find)))
    }
}

fn shown(find: Find) -> EmbeddedFile {
    let Signature { name, extension, open_end, .. } = *find.signature;
    EmbeddedFile { offset: find.offset, len: find.len, name, extension, open_end }
}

/// All magics at once.
struct Signatures {
    magics: AhoCorasick,
    table: Vec<&'static Signature>,
}

impl Signatures {
    fn new() -> Result<Self, BuildError> {
        let table: Vec<&Signature> = signatures().collect();
        let magics = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(table.iter().map(|signature| signature.magic))?;
        Ok(Self { magics, table })
    }
}

impl Kernel for Signatures {
    type Part = Vec<Find>;

    fn margin(&self) -> Margin {
        Margin { before: 0, overlap: HEAD_BYTES, behind: 0 }
    }

    fn skips_zeros(&self) -> bool {
        true
    }

    fn look(&self, window: &Window<'_>, part: &mut Vec<Find>) {
        let from = part.len();
        for magic in self.magics.find_overlapping_iter(window.bytes) {
            let signature = self.table[magic.pattern().as_usize()];
            let Some(start) = magic.start().checked_sub(signature.at) else { continue };
            if !(window.first..window.starts).contains(&start) {
                continue;
            }
            let offset = window.offset + start as u64;
            let bytes = &window.bytes[start..window.bytes.len().min(start + HEAD_BYTES)];
            let rest = window.source_len.saturating_sub(offset);
            if let Some(claim) = (signature.check)(Head { bytes, rest }) {
                part.push(Find { signature, offset, len: claim.len });
            }
        }
        // Magics do not all stand at the start of their files.
        part[from..].sort_by_key(|find| find.offset);
    }
}
