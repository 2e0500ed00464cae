//! Chooses the way of a save, with the reason and the cost, and shows it before anything is touched.
//!
//! | what is at the target | bytes overwritten, the end moved | bytes moved |
//! |---|---|---|
//! | a file | in place; rewrite where that costs less or can share blocks | rewrite; in place where few bytes move |
//! | a file with several names, or in a folder that can't be written | in place | in place |
//! | a block device, unclaimed | in place, when the length stays | the same |
//! | nothing | – | fresh |
//!
//! A symbolic link is followed to its file. The plan is a forecast: each way checks again what it relies on.

use super::disk::{Disk, FileKind, FileStat, ROOT, retry, takes_files};
use super::extents::{Extents, MOST_EXTENTS, MOST_IN_MEMORY, data_spans};
use super::journal::{self, Journal};
use super::names::{backup_path, folder_of};
use super::recover;
use crate::bytes::Span;
use crate::escape::PathText;
use crate::save::error::{SaveError, at_step, difference, no_folder};
use crate::save::plan::{SavePlan, SaveWay};
use crate::save::request::{Purpose, SaveRequest};
use std::io;
use std::path::{Path, PathBuf};

/// Overwritten spans that are no further apart, in bytes, are written as one: a call costs more than they do.
const NEAR: u64 = 256;

/// In place, each extent costs a call and a page of the disk; from this many on, the time of that is compared with a
/// rewrite's, which copies about this many bytes in the time of one extent.
const MANY_EXTENTS: u64 = 10_000;
const BYTES_COPIED_MEANWHILE: u64 = 8 << 10;

/// In place without a look at what a rewrite would cost, in bytes to write.
const SMALL: u64 = 1 << 20;

/// Bytes that move are written in place only up to this many, where a rewrite is possible.
const MOST_MOVED: u64 = 64 << 20;

/// How many links in a row are followed to a file that does not exist yet.
const MAX_LINKS: usize = 40;

/// What the system is known to allow; each is found out by trying, whatever the system says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Means {
    /// Files share blocks.
    pub sharing: bool,
    /// A file that is there is replaced by renaming another one.
    pub replacing: bool,
}

pub(super) const ALL_MEANS: Means = Means { sharing: true, replacing: true };

/// What [`super::save`] would do. Blocks, and changes nothing.
///
/// # Errors
/// Why it can't be done, before anything is touched.
pub fn plan(disk: &dyn Disk, request: &SaveRequest) -> Result<SavePlan, SaveError> {
    prepare(disk, request, ALL_MEANS).map(|prepared| prepared.plan)
}

/// A plan with what the ways need to carry it out.
pub(super) struct PreparedSave {
    pub plan: SavePlan,
    /// The target with every link resolved.
    pub path: PathBuf,
    /// What the target must still be when it is opened: as the user knows it, or as found if that was agreed to.
    pub before: Option<FileStat>,
    /// In place, or into a file that shares the old one's blocks: what is changed.
    pub extents: Extents,
    /// In place: where the journal goes.
    pub journal: Option<PathBuf>,
    /// A rewrite that shares the old file's blocks.
    pub shares: bool,
    /// In place: whether a backup is made.
    pub backup: bool,
}

pub(super) fn prepare(
    disk: &dyn Disk,
    request: &SaveRequest,
    means: Means,
) -> Result<PreparedSave, SaveError> {
    let path = resolve(disk, request.path())?;
    let found = match retry(|| disk.stat(&path)) {
        Ok(stat) => Some(stat),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(untouched(&path, "checking the file", error)),
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
    recover::check_way(disk, &path, request)?;
    let extents = extents_of(request, &stat);
    let target = Target { disk, request, path, stat };
    match (target.stat.kind, extents) {
        (FileKind::BlockDevice, extents) => target.device(extents),
        (_, None) => target.rewrite(MOVED_BYTES, None),
        (_, Some(extents)) => match target.reason_to_rewrite(&extents, means) {
            Some((why, shared)) => match target.rewrite(why, shared.then(|| extents.clone())) {
                Err(refusal) if is_of_the_way(&refusal) => target.in_place(extents).map_err(|_| refusal),
                answer => answer,
            },
            None => match target.in_place(extents) {
                Err(refusal) if is_of_the_way(&refusal) && means.replacing => {
                    target.rewrite(NO_JOURNAL, None).map_err(|_| refusal)
                }
                answer => answer,
            },
        },
    }
}

/// Whether what stands against one way does not stand against the other.
fn is_of_the_way(refusal: &SaveError) -> bool {
    use SaveError::{FolderNotWritable, HardLinked, NoJournal, NoRoom};
    matches!(refusal, HardLinked { .. } | FolderNotWritable { .. } | NoRoom { .. } | NoJournal { .. })
}

/// What a new file gets from the one whose place it takes.
const KEPT_BY_REWRITE: &str = if cfg!(target_os = "linux") {
    "name, owner, permissions, attributes and access lists"
} else if cfg!(target_os = "macos") {
    "name, owner, permissions and attributes"
} else if cfg!(unix) {
    "name, owner and permissions"
} else {
    "name, permissions, and whether it is hidden"
};

const MOVED_BYTES: &str = "The file's length changes or bytes move, so a new file is written, which then replaces the old one. Programs that have the file open continue with the old one.";
const MANY_BYTES: &str =
    "Many bytes have changed, so writing a new file is quicker. It then replaces the old one.";
const SHARED: &str = "A new file replaces the old one. It shares all unchanged blocks with the old one, so only the changes are written.";
const NO_JOURNAL: &str = "There is not enough free space for the journal of a save in place, so a new file is written, which then replaces the old one.";
const SAME_PLACES: &str = "Only the changed bytes are written, in the file itself. A journal holds the old ones until all the new ones are on the disk.";

/// The file that is there.
struct Target<'a> {
    disk: &'a dyn Disk,
    request: &'a SaveRequest,
    path: PathBuf,
    stat: FileStat,
}

impl Target<'_> {
    /// Why a rewrite is better than a save in place, if it is, and whether it shares blocks with the old file.
    fn reason_to_rewrite(&self, extents: &Extents, means: Means) -> Option<(&'static str, bool)> {
        if !keeps_owner(self.disk, &self.stat) || !means.replacing {
            return None;
        }
        let moved = self.request.overwrites.as_ref().map_or(0, |overwrites| overwrites.moved);
        let shares = || retry(|| self.disk.shares_blocks(folder_of(&self.path))).unwrap_or(false);
        if means.sharing && moved == 0 && !extents.spans.is_empty() && shares() {
            return Some((SHARED, true));
        }
        let count = extents.spans.len() as u64;
        let calls = if count < MANY_EXTENTS { 0 } else { count.saturating_mul(BYTES_COPIED_MEANWHILE) };
        let here =
            Journal::size(extents, &self.path).saturating_add(extents.new_bytes()).saturating_add(calls);
        let anew = self.stat.allocated.saturating_add(extents.new_len.saturating_sub(extents.old_len));
        let in_place = match moved {
            0 => here <= SMALL || here <= anew,
            moved => moved <= MOST_MOVED && here < anew / 4,
        };
        (!in_place).then_some(if moved > 0 { (MOVED_BYTES, false) } else { (MANY_BYTES, false) })
    }

    fn in_place(&self, extents: Extents) -> Result<PreparedSave, SaveError> {
        let Self { disk, request, path, stat } = self;
        check_writable(*disk, path)?;
        let journal = self.journal_path()?;
        let size = Journal::size(&extents, path);
        let (old_len, new_len) = (extents.old_len, extents.new_len);
        let grows = new_len.saturating_sub(old_len);
        let holes = if stat.allocated < old_len { extents.new_bytes() } else { 0 };
        // Beside a device there is no disk for a backup, and in a folder that can't be written no name.
        let backup = request.backup && folder_of(&journal) == folder_of(path);
        let copied = if backup { stat.allocated } else { 0 };
        let no_backup = "No backup is kept, because the file's folder can't hold one. For a backup, save the file in another folder first.";
        let warns = if request.backup && !backup { vec![no_backup.to_owned()] } else { Vec::new() };
        let needed = size.saturating_add(grows.max(holes)).saturating_add(copied);
        check_free(*disk, path, folder_of(&journal), needed)?;
        let mut keeps = vec![
            "all names, owner, permissions and attributes".to_owned(),
            "every unchanged byte, in its place".to_owned(),
        ];
        keeps.extend(backup_line(request, path).filter(|_| backup));
        let plan = SavePlan {
            way: SaveWay::InPlace,
            why: SAME_PLACES.to_owned(),
            bytes_to_write: extents.new_bytes(),
            room_needed: needed,
            holds: if extents.old_bytes() > MOST_IN_MEMORY { size } else { 0 },
            keeps,
            warns,
        };
        let (path, before, journal) = (path.clone(), Some(stat.clone()), Some(journal));
        Ok(PreparedSave { plan, path, before, extents, journal, shares: false, backup })
    }

    /// Beside the file, or where the request says when its folder can't be written or is none of a real disk.
    fn journal_path(&self) -> Result<PathBuf, SaveError> {
        let Self { disk, request, path, stat } = self;
        let beside = stat.kind == FileKind::Regular
            && takes_files(*disk, folder_of(path))
                .map_err(|error| untouched(path, "reading its folder's permissions", error))?;
        match &request.fallback {
            _ if beside => Ok(journal::beside(path)),
            Some(folder) => Ok(journal::inside(folder, path)),
            None => Err(SaveError::NoJournal { path: path.clone() }),
        }
    }

    fn device(&self, extents: Option<Extents>) -> Result<PreparedSave, SaveError> {
        let Self { disk, request, path, stat } = self;
        let refuse = |what, way_out| Err(SaveError::Device { path: path.clone(), what, way_out });
        if !is_ours(request, stat) {
            return refuse("only content that was opened from it can be written to it", "Save to a file.");
        }
        if request.snapshot.len() != stat.identity.len {
            return refuse("its length is fixed", "Undo what changed the length, or save to a file.");
        }
        let Some(extents) = extents else {
            return refuse("it was not opened under its own name", "Open the device, or save to a file.");
        };
        match retry(|| disk.device_in_use(path)) {
            Ok(false) => self.in_place(extents),
            Ok(true) => refuse("it is mounted or in use", "Unmount it and save again."),
            Err(error) => Err(untouched(path, "checking whether it is in use", error)),
        }
    }

    /// With `shared`, what is written into a file that shares the blocks of the old one.
    fn rewrite(&self, why: &str, shared: Option<Extents>) -> Result<PreparedSave, SaveError> {
        let Self { disk, request, path, stat } = self;
        let mut warns = Vec::new();
        if stat.links > 1 {
            if is_ours(request, stat) || request.purpose == Purpose::Save {
                return Err(SaveError::HardLinked { path: path.clone(), links: stat.links });
            }
            warns.push(format!(
                "{} has {} names (hard links); the other names keep the old content.",
                path.shown(),
                stat.links
            ));
        }
        if !keeps_owner(*disk, stat) {
            warns
                .push(format!("{} belongs to another user. After the save it belongs to you.", path.shown()));
        }
        if let Some(lost) = retry(|| disk.unkept(path)).unwrap_or(None) {
            warns.push(format!("{lost} not kept on this system."));
        }
        check_writable(*disk, path)?;
        let bytes = match &shared {
            Some(extents) => extents.new_bytes(),
            None => data_spans(&*request.snapshot).map(Span::len).sum(),
        };
        check_folder(*disk, path, bytes)?;
        let mut keeps = vec![KEPT_BY_REWRITE.to_owned(), "holes of a sparse file".to_owned()];
        keeps.extend(backup_line(request, path));
        let plan = SavePlan {
            way: SaveWay::Rewrite,
            why: why.to_owned(),
            bytes_to_write: bytes,
            room_needed: bytes,
            holds: if shared.is_some() { bytes } else { stat.allocated },
            keeps,
            warns,
        };
        let (path, before, shares) = (path.clone(), Some(stat.clone()), shared.is_some());
        let extents = shared.unwrap_or_default();
        Ok(PreparedSave { plan, path, before, extents, journal: None, shares, backup: request.backup })
    }
}

fn backup_line(request: &SaveRequest, path: &Path) -> Option<String> {
    let name = backup_path(path);
    request.backup.then(|| format!("the old content, as {}, replacing any earlier backup", name.shown()))
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
    use io::ErrorKind::{NotADirectory, NotFound};
    let stop = |error| untouched(target, "finding it", error);
    // Behind links, it is not the folder of `target` that is missing.
    let fail = |folder: &Path, error| no_folder(target, folder, &error).unwrap_or_else(|| stop(error));
    let mut path = target.to_owned();
    for _ in 0..MAX_LINKS {
        let missing = match retry(|| disk.resolve(&path)) {
            Err(error) if matches!(error.kind(), NotFound | NotADirectory) => error,
            answer => return answer.map_err(stop),
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        match retry(|| disk.read_link(&path)) {
            Ok(next) => path = folder.join(next),
            Err(_) if missing.kind() == NotADirectory => return Err(fail(&folder, missing)),
            Err(_) => {
                let Some(name) = path.file_name() else {
                    return Err(stop(io::ErrorKind::InvalidInput.into()));
                };
                let found = retry(|| disk.resolve(&folder));
                return found.map(|found| found.join(name)).map_err(|error| fail(&folder, error));
            }
        }
    }
    Err(stop(io::Error::other("too many symbolic links")))
}

/// Whether `stat` is the file that the document was opened from.
pub(super) fn is_ours(request: &SaveRequest, stat: &FileStat) -> bool {
    request.known().is_some_and(|known| *known == stat.identity || known.same_file(&stat.identity))
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
    match request.known() {
        Some(known) if *known == stat.identity => Ok(()),
        Some(known) => Err(SaveError::changed(path, difference(known, &stat.identity))),
        None => Err(SaveError::Exists { path }),
    }
}

/// What a save in the file itself changes; `None` when that way is closed.
fn extents_of(request: &SaveRequest, stat: &FileStat) -> Option<Extents> {
    let overwrites = request.overwrites.as_ref()?;
    let (old_len, new_len) = (overwrites.base_len, overwrites.len);
    let open = is_ours(request, stat)
        && request.generation.is_some()
        && stat.identity.len == old_len
        && request.snapshot.len() == new_len;
    let cut = Span::new(new_len, old_len);
    let spans = overwrites.spans.iter().map(|span| span.clamp_to(new_len)).chain(cut);
    open.then(|| Extents { spans: merged(spans), old_len, new_len })
}

/// Sorted, none empty, near ones joined; where they are very many, those further apart too.
fn merged(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut extents: Vec<Span> = spans.filter(|span| !span.is_empty()).collect();
    extents.sort_unstable();
    let mut near = NEAR;
    loop {
        extents.dedup_by(|span, last| {
            let joins = span.start() <= last.end().saturating_add(near);
            if joins {
                *last = Span::between(last.start(), last.end().max(span.end()));
            }
            joins
        });
        if extents.len() as u64 <= MOST_EXTENTS {
            return extents;
        }
        near = near.saturating_mul(2);
    }
}

fn fresh(disk: &dyn Disk, request: &SaveRequest, path: PathBuf) -> Result<PreparedSave, SaveError> {
    if request.purpose == Purpose::Save && !request.allow_changed {
        return Err(SaveError::changed(path, "it no longer exists".to_owned()));
    }
    let bytes = data_spans(&*request.snapshot).map(Span::len).sum();
    check_folder(disk, &path, bytes)?;
    let plan = SavePlan {
        way: SaveWay::Fresh,
        why: "No file has this name yet, so a new file is written.".to_owned(),
        bytes_to_write: bytes,
        room_needed: bytes,
        holds: 0,
        keeps: Vec::new(),
        warns: Vec::new(),
    };
    let (extents, journal) = (Extents::default(), None);
    Ok(PreparedSave { plan, path, before: None, extents, journal, shares: false, backup: false })
}

fn check_writable(disk: &dyn Disk, path: &Path) -> Result<(), SaveError> {
    match retry(|| disk.may_write(path)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(SaveError::NotWritable {
            path: path.to_owned(),
            reason: "you have no write permission".to_owned(),
        }),
        Err(error) => Err(untouched(path, "reading its permissions", error)),
    }
}

/// Whether the folder of `path` takes a new file of so many bytes.
fn check_folder(disk: &dyn Disk, path: &Path, needed: u64) -> Result<(), SaveError> {
    let folder = folder_of(path);
    match takes_files(disk, folder) {
        Ok(true) => check_free(disk, path, folder, needed),
        Ok(false) => Err(SaveError::FolderNotWritable { path: path.to_owned(), folder: folder.to_owned() }),
        Err(error) => Err(untouched(path, "reading its folder's permissions", error)),
    }
}

fn check_free(disk: &dyn Disk, path: &Path, folder: &Path, needed: u64) -> Result<(), SaveError> {
    match retry(|| disk.free_room(folder)) {
        Ok(Some(free)) if free < needed => Err(SaveError::NoRoom { path: path.to_owned(), needed, free }),
        // Who does not say how much room there is has to be tried.
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_are_sorted_and_joined_when_near() {
        let span = Span::between;
        let spans = [span(5000, 5001), span(0, 1), span(1 + NEAR, 300), span(900, 9999), span(20, 20)];
        assert_eq!(merged(spans.into_iter()), [span(0, 300), span(900, 9999)]);
    }

    #[test]
    fn there_are_never_more_extents_than_a_journal_may_have() {
        let count = 3 * MOST_EXTENTS;
        let extents = merged((0..count).map(|n| Span::between(n * 1000, n * 1000 + 1)));
        assert!(extents.len() as u64 <= MOST_EXTENTS, "{}", extents.len());
        assert!(extents.windows(2).all(|two| two[0].end() < two[1].start()));
        let covers = |n: u64| {
            let at = extents.partition_point(|extent| extent.end() <= n * 1000);
            extents.get(at).is_some_and(|extent| extent.contains(n * 1000))
        };
        assert!((0..count).step_by(997).all(covers));
    }
}
