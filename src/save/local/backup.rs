//! The old content kept under the file's name with `.bak` at the end.
//!
//! A rewrite swaps the names of the new file and the old one, so that the old one is the backup. Where names can't be
//! swapped, and in place, the backup is a file of its own: it shares the old one's blocks, or is a copy. Either way it
//! is whole, and on the disk, before it takes the place of the backup before it.

use super::disk::{Disk, DiskFile, FileStat, Privacy, read_exact_at, retry, write_all_at};
use super::metadata::KeptTraits;
use super::names::{backup_path, folder_of, kept_path, temp_path};
use crate::bytes::Span;
use crate::escape::PathText;
use crate::job::Progress;
use crate::save::error::{SaveStop, at_step};
use std::io;
use std::path::{Path, PathBuf};

/// Bytes copied at once.
const CHUNK: u64 = 1 << 20;

/// Makes a backup of `file`, which is `target`, that lasts.
pub(super) fn make(
    disk: &dyn Disk,
    target: &Path,
    file: &dyn DiskFile,
    stat: &FileStat,
    progress: &Progress,
    warnings: &mut Vec<String>,
) -> Result<(), SaveStop> {
    let temp = temp_path(target);
    let made = retry(|| disk.create_new(&temp, Privacy::Private))
        .map_err(at_step("making the backup"))
        .and_then(|copy| {
            // Until it has its name: another instance takes temporary files away that nobody holds.
            let _ = retry(|| copy.try_lock());
            if fill(disk, &*copy, file, stat.identity.len, progress)? {
                warnings.push(format!(
                    "The backup {} does not have the file's set-user-id bits or capabilities, because it belongs to another user, who could have changed it first.",
                    backup_path(target).shown()
                ));
            }
            take_name(disk, &temp, target).map_err(at_step("naming the backup"))
        });
    if made.is_err() {
        // What could not be made is not left lying about; that it can't be removed either is the lesser news.
        let _ = retry(|| disk.remove(&temp));
    }
    made
}

/// Gives `temp`, the old file, the name of the backup.
pub(super) fn take_name(disk: &dyn Disk, temp: &Path, target: &Path) -> io::Result<()> {
    retry(|| disk.rename(temp, &backup_path(target)))?;
    retry(|| disk.sync_folder(folder_of(target)))
}

/// Keeps a copy of `file` as it is now, which another program has changed and which has lost its name to `target`.
/// Answers where.
pub(super) fn rescue(disk: &dyn Disk, target: &Path, file: &dyn DiskFile) -> io::Result<PathBuf> {
    let path = kept_path(target);
    let now = retry(|| file.stat())?;
    let copy = retry(|| disk.create_new(&path, Privacy::Private))?;
    fill(disk, &*copy, file, now.identity.len, &Progress::default())
        .map_err(|stop| io::Error::other(format!("{stop:?}")))?;
    retry(|| disk.sync_folder(folder_of(target)))?;
    Ok(path)
}

/// Makes `copy` what `file` is, which has `len` bytes. Answers whether rights were left out.
fn fill(
    disk: &dyn Disk,
    copy: &dyn DiskFile,
    file: &dyn DiskFile,
    len: u64,
    progress: &Progress,
) -> Result<bool, SaveStop> {
    match retry(|| copy.share_blocks(file)) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            copy_all(copy, file, len, progress)?;
        }
        Err(error) => return Err(at_step("making the backup")(error)),
    }
    // After its bytes: whoever has written to the file before they were read has taken its rights by that.
    let stat = retry(|| file.stat()).map_err(at_step("checking the file for the backup"))?;
    let mut kept = KeptTraits::all_of(file, &stat);
    let withheld = kept.withhold_rights(disk.user());
    kept.put_on(copy, &mut Vec::new());
    retry(|| copy.sync()).map_err(at_step("confirming that the backup is on the disk"))?;
    Ok(withheld)
}

fn copy_all(copy: &dyn DiskFile, file: &dyn DiskFile, len: u64, progress: &Progress) -> Result<(), SaveStop> {
    retry(|| copy.set_len(len)).map_err(at_step("making the backup"))?;
    let mut buf = vec![0; CHUNK.min(len) as usize];
    for chunk in Span::first(len).chunks(CHUNK) {
        if progress.is_cancelled() {
            return Err(SaveStop::cancelled());
        }
        let bytes = &mut buf[..chunk.len() as usize];
        read_exact_at(file, chunk.start(), bytes).map_err(at_step("reading for the backup"))?;
        // What is zero already, as in a hole, stays one.
        if bytes.iter().any(|byte| *byte != 0) {
            write_all_at(copy, chunk.start(), bytes, || {}).map_err(at_step("writing the backup"))?;
        }
    }
    Ok(())
}
