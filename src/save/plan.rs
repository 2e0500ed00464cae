//! Which way a save goes, why, and what it costs; decided and shown before anything is touched.
//!
//! | what is at the target | same length, bytes overwritten | anything else |
//! |---|---|---|
//! | a file | in place; rewrite where that is quicker | rewrite |
//! | a file with several names | in place | refused, Save As is offered |
//! | a block device, unclaimed | in place | refused |
//! | nothing | – | fresh |
//!
//! A symbolic link stands for what it leads to. The plan is a forecast: the ways check again what they rely on.

use super::disk::{FileKind, FileStat, retry};
use super::error::{at_step, difference};
use super::{Disk, Purpose, SaveError, SaveRequest};
use crate::bytes::{Source, Span};
use std::io;
use std::path::{Path, PathBuf};

/// Overwritten spans that are no further apart, in bytes, are written as one: a call costs more than they do.
const NEAR: u64 = 256;

/// In place, each extent costs a call and a page of the disk; from this many on, the time of that is compared with a
/// rewrite's, which copies about this many bytes in the time of one extent.
const MANY_EXTENTS: usize = 10_000;
const BYTES_COPIED_MEANWHILE: u64 = 8 << 10;

/// Holes smaller than this, in bytes, are written as zeros: no file system has smaller ones.
const SMALLEST_HOLE: u64 = 4 << 10;

/// The user who may give files away.
const ROOT: u32 = 0;

/// How many links in a row are followed to a file that does not exist yet.
const MAX_LINKS: usize = 40;

/// How the bytes reach the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Overwritten where they lie.
    InPlace,
    /// A temporary file is written beside it and takes its place.
    Rewrite,
    /// A new file: nothing has this name yet.
    Fresh,
}

/// What a save is going to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavePlan {
    pub way: Way,
    /// A sentence for the user.
    pub why: String,
    pub bytes_to_write: u64,
    /// Bytes of the disk that the save takes up while it runs.
    pub room_needed: u64,
    /// What stays as it is, in a few words each.
    pub keeps: Vec<String>,
    /// What the user should know before agreeing, in sentences.
    pub warns: Vec<String>,
}

/// What [`super::save`] would do. Blocks, and changes nothing.
///
/// # Errors
/// Why it can't be done, before anything is touched.
pub fn plan(disk: &dyn Disk, request: &SaveRequest) -> Result<SavePlan, SaveError> {
    prepare(disk, request).map(|prepared| prepared.plan)
}

/// A plan with what the ways need to carry it out.
pub(super) struct Prepared {
    pub plan: SavePlan,
    /// The target with every link resolved.
    pub path: PathBuf,
    /// What the target must still be when it is opened: as the user knows it, or as found if that was agreed to.
    pub before: Option<FileStat>,
    /// In place: what is overwritten, sorted and apart from each other.
    pub extents: Vec<Span>,
}

pub(super) fn prepare(disk: &dyn Disk, request: &SaveRequest) -> Result<Prepared, SaveError> {
    let path = resolve(disk, &request.target)?;
    let found = match retry(|| disk.stat(&path)) {
        Ok(stat) => Some(stat),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(untouched(&path, "looking at it", error)),
    };
    let Some(stat) = found else { return fresh(disk, request, path) };
    match stat.kind {
        FileKind::Folder => return Err(SaveError::NotAFile { path, what: "a folder" }),
        FileKind::Other => {
            return Err(SaveError::NotAFile { path, what: "a pipe or device without content" });
        }
        FileKind::Regular | FileKind::BlockDevice => {}
    }
    agree(request, &path, &stat)?;
    let spans = overwrites_of(request, &stat);
    match (stat.kind, spans) {
        (FileKind::BlockDevice, spans) => device(disk, request, path, stat, spans),
        (_, Some(extents)) if rewrite_is_quicker(disk, &extents, &stat) => {
            // What stands against a rewrite, a second name or a folder that may not be written, does not stand
            // against the other way.
            rewrite(disk, request, path.clone(), stat.clone(), MANY_PLACES)
                .or_else(|_| in_place(disk, path, stat, extents))
        }
        (_, Some(extents)) => in_place(disk, path, stat, extents),
        (_, None) => rewrite(disk, request, path, stat, MOVED_BYTES),
    }
}

const MOVED_BYTES: &str = "The length or the place of bytes changes, so the whole file is written anew and then takes the old one's place.";
const MANY_PLACES: &str = "So many places have changed that it is quicker to write the whole file anew, which then takes the old one's place.";

fn rewrite_is_quicker(disk: &dyn Disk, extents: &[Span], stat: &FileStat) -> bool {
    let meanwhile = (extents.len() as u64).saturating_mul(BYTES_COPIED_MEANWHILE);
    extents.len() >= MANY_EXTENTS && meanwhile > stat.allocated && keeps_owner(disk, stat)
}

/// Whether this user can give a new file the owner of the old one.
fn keeps_owner(disk: &dyn Disk, stat: &FileStat) -> bool {
    match (disk.user(), stat.owner) {
        (Some(user), Some(owner)) => user == ROOT || user == owner.user,
        _ => true,
    }
}

/// The error of a call made before anything was written.
fn untouched(path: &Path, step: &'static str, error: io::Error) -> SaveError {
    at_step(step)(error).untouched(path)
}

/// The path with links resolved, also where they lead to a file that is not there yet.
fn resolve(disk: &dyn Disk, target: &Path) -> Result<PathBuf, SaveError> {
    let fail = |error| untouched(target, "finding it", error);
    let mut path = target.to_owned();
    for _ in 0..MAX_LINKS {
        match retry(|| disk.resolve(&path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            answer => return answer.map_err(fail),
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        match retry(|| disk.read_link(&path)) {
            Ok(next) => path = folder.join(next),
            Err(_) => {
                let Some(name) = path.file_name() else { return Err(fail(io::ErrorKind::NotFound.into())) };
                let folder = retry(|| disk.resolve(&folder));
                return folder.map(|folder| folder.join(name)).map_err(fail);
            }
        }
    }
    Err(fail(io::Error::other("too many symbolic links")))
}

/// Whether `stat` is the file that the document was opened from.
fn is_ours(request: &SaveRequest, stat: &FileStat) -> bool {
    request.identity.as_ref().is_some_and(|known| *known == stat.identity || known.same_file(&stat.identity))
}

/// Whether the user knows what is there and wants it overwritten.
fn agree(request: &SaveRequest, path: &Path, stat: &FileStat) -> Result<(), SaveError> {
    let path = path.to_owned();
    if !is_ours(request, stat) && request.purpose == (Purpose::SaveAs { replace: false }) {
        return Err(SaveError::Exists { path });
    }
    if !is_ours(request, stat) && request.purpose != Purpose::Save || request.allow_changed {
        return Ok(());
    }
    match &request.identity {
        Some(known) if *known == stat.identity => Ok(()),
        Some(known) => Err(SaveError::ChangedOnDisk { path, what: difference(known, &stat.identity) }),
        None => Err(SaveError::Exists { path }),
    }
}

/// What is to be overwritten in the file itself; `None` when that way is closed.
fn overwrites_of(request: &SaveRequest, stat: &FileStat) -> Option<Vec<Span>> {
    let spans = request.overwrites.as_ref()?;
    let open =
        is_ours(request, stat) && request.generation.is_some() && request.snapshot.len() == stat.identity.len;
    open.then(|| merged(spans, stat.identity.len))
}

/// Sorted, inside `len`, near ones joined.
fn merged(spans: &[Span], len: u64) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.iter().map(|span| span.clamp_to(len)).collect();
    sorted.retain(|span| !span.is_empty());
    sorted.sort_unstable();
    let mut extents: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match extents.last_mut() {
            Some(last) if span.start() <= last.end().saturating_add(NEAR) => {
                *last = Span::between(last.start(), last.end().max(span.end()));
            }
            _ => extents.push(span),
        }
    }
    extents
}

fn in_place(
    disk: &dyn Disk,
    path: PathBuf,
    stat: FileStat,
    extents: Vec<Span>,
) -> Result<Prepared, SaveError> {
    check_writable(disk, &path)?;
    let bytes: u64 = extents.iter().map(|span| span.len()).sum();
    let room_needed = if bytes > super::in_place::MOST_IN_MEMORY { bytes } else { 0 };
    let plan = SavePlan {
        way: Way::InPlace,
        why: "The length is the same, so only the changed bytes are written, in the file itself.".to_owned(),
        bytes_to_write: bytes,
        room_needed,
        keeps: vec!["all names, owner, permissions and attributes".to_owned(), "every other byte".to_owned()],
        warns: vec![
            "If the power fails while it runs, the file may be left with both old and new bytes.".to_owned(),
        ],
    };
    Ok(Prepared { plan, path, before: Some(stat), extents })
}

fn device(
    disk: &dyn Disk,
    request: &SaveRequest,
    path: PathBuf,
    stat: FileStat,
    spans: Option<Vec<Span>>,
) -> Result<Prepared, SaveError> {
    let refuse = |what, way_out| Err(SaveError::Device { path: path.clone(), what, way_out });
    if !is_ours(request, &stat) {
        return refuse("only what was opened from it can be written to it", "Save to a file.");
    }
    if request.snapshot.len() != stat.identity.len {
        return refuse("its length is fixed", "Undo what changed the length, or save to a file.");
    }
    let Some(spans) = spans else {
        return refuse(
            "bytes on it can't be moved",
            "Undo what was inserted and removed, or save to a file.",
        );
    };
    match retry(|| disk.device_in_use(&path)) {
        Ok(false) => in_place(disk, path, stat, spans),
        Ok(true) => refuse("it is mounted or in use", "Unmount it and save again."),
        Err(error) => Err(untouched(&path, "asking whether it is in use", error)),
    }
}

fn rewrite(
    disk: &dyn Disk,
    request: &SaveRequest,
    path: PathBuf,
    stat: FileStat,
    why: &str,
) -> Result<Prepared, SaveError> {
    let mut warns = Vec::new();
    if stat.links > 1 {
        if is_ours(request, &stat) || request.purpose == Purpose::Save {
            return Err(SaveError::HardLinked { path, links: stat.links });
        }
        warns.push(format!(
            "{} has {} names (hard links); the others keep the old content.",
            path.display(),
            stat.links
        ));
    }
    if !keeps_owner(disk, &stat) {
        warns.push(format!("{} belongs to another user; afterwards it belongs to you.", path.display()));
    }
    if cfg!(not(target_os = "linux")) {
        warns.push("Extended attributes and access lists are not kept on this system.".to_owned());
    }
    check_writable(disk, &path)?;
    let bytes = check_room(disk, request, &path)?;
    let plan = SavePlan {
        way: Way::Rewrite,
        why: why.to_owned(),
        bytes_to_write: bytes,
        room_needed: bytes,
        keeps: vec![
            "name, owner, permissions, attributes and access lists".to_owned(),
            "holes of a sparse file".to_owned(),
        ],
        warns,
    };
    Ok(Prepared { plan, path, before: Some(stat), extents: Vec::new() })
}

fn fresh(disk: &dyn Disk, request: &SaveRequest, path: PathBuf) -> Result<Prepared, SaveError> {
    if request.purpose == Purpose::Save && !request.allow_changed {
        return Err(SaveError::ChangedOnDisk { path, what: "it is no longer there".to_owned() });
    }
    let bytes = check_room(disk, request, &path)?;
    let plan = SavePlan {
        way: Way::Fresh,
        why: "Nothing has this name yet, so a new file is written.".to_owned(),
        bytes_to_write: bytes,
        room_needed: bytes,
        keeps: Vec::new(),
        warns: Vec::new(),
    };
    Ok(Prepared { plan, path, before: None, extents: Vec::new() })
}

fn check_writable(disk: &dyn Disk, path: &Path) -> Result<(), SaveError> {
    match retry(|| disk.may_write(path)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(SaveError::NotWritable {
            path: path.to_owned(),
            reason: "it is read-only for you".to_owned(),
        }),
        Err(error) => Err(untouched(path, "asking for its permissions", error)),
    }
}

/// Whether the folder of `path` takes a new file with all of the snapshot's bytes; answers how many.
fn check_room(disk: &dyn Disk, request: &SaveRequest, path: &Path) -> Result<u64, SaveError> {
    let folder = folder_of(path);
    match retry(|| disk.may_write(folder)) {
        Ok(true) => {}
        Ok(false) => {
            return Err(SaveError::FolderNotWritable { path: path.to_owned(), folder: folder.to_owned() });
        }
        Err(error) => return Err(untouched(path, "asking for its folder's permissions", error)),
    }
    let needed = data_spans(&*request.snapshot).map(Span::len).sum();
    match retry(|| disk.free_room(folder)) {
        Ok(Some(free)) if free < needed => Err(SaveError::NoRoom { path: path.to_owned(), needed, free }),
        // Who does not say how much room there is has to be tried.
        Ok(_) | Err(_) => Ok(needed),
    }
}

/// Where a resolved path lies.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// The spans of `source` that may hold something other than zeros, in order, those next to each other as one.
pub(super) fn data_spans(source: &dyn Source) -> impl Iterator<Item = Span> {
    let mut ahead = next_data(source, 0);
    std::iter::from_fn(move || {
        let mut whole = ahead?;
        loop {
            ahead = next_data(source, whole.end());
            match ahead {
                Some(next) if next.start() - whole.end() < SMALLEST_HOLE => {
                    whole = Span::between(whole.start(), next.end());
                }
                _ => return Some(whole),
            }
        }
    })
}

/// The next data at or after `offset`, whatever the source answers: never empty, never behind.
fn next_data(source: &dyn Source, offset: u64) -> Option<Span> {
    let rest = Span::new(offset, source.len())?;
    source.data_after(offset)?.intersect(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_are_sorted_joined_when_near_and_inside_the_file() {
        let span = Span::between;
        let spans = [span(5000, 5001), span(0, 1), span(1 + NEAR, 300), span(900, 9999), span(20, 20)];
        assert_eq!(merged(&spans, 6000), [span(0, 300), span(900, 6000)]);
        assert_eq!(merged(&[span(7, 8)], 3), []);
    }
}
