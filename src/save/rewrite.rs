//! A temporary file beside the target that takes its place when it is complete.
//!
//! 1. Open the old file, if there is one, and lock it; it must be what the user knows.
//! 2. Create the temporary file: hidden, new, for this user alone where it replaces something.
//! 3. Give it its length, then copy the bytes; holes stay holes.
//! 4. Give it the old file's owner, permissions and attributes.
//! 5. Sync it.
//! 6. The old file must not have changed meanwhile, and hold what the user edited over.
//! 7. Rename. A fresh file never takes the place of one that appeared meanwhile.
//! 8. Sync the folder, so that the new name outlasts a power cut.
//!
//! Until step 7 the target is not touched, and a failure or a cancel removes the temporary file.

use super::disk::{Access, DiskFile, FileStat, Privacy, read_exact_at, retry, where_supported, write_all_at};
use super::error::{Aftermath, Stop, at_step, difference};
use super::in_place::{changed_at, lock};
use super::keep::Kept;
use super::plan::{Prepared, data_spans, folder_of};
use super::{Disk, FileState, SaveError, SaveRequest, Saved};
use crate::bytes::file::FileIdentity;
use crate::bytes::{Source, Span};
use crate::job::Progress;
use std::ffi::OsString;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

/// Bytes copied at once.
const CHUNK: u64 = 1 << 20;

/// Spans shorter than this, in bytes, are not worth a call to set room aside.
const WORTH_RESERVING: u64 = 256 << 10;

/// The longest file name that is common, in bytes.
const LONGEST_NAME: usize = 255;

pub(super) fn save(
    disk: &dyn Disk,
    request: &SaveRequest,
    prepared: Prepared,
    progress: &Progress,
) -> Result<Saved, SaveError> {
    let Prepared { plan, path, before, .. } = prepared;
    progress.set_total(plan.bytes_to_write);
    let mut warnings = Vec::new();

    let old = match &before {
        Some(before) => Some(OldFile::open(disk, &path, before)?),
        None => None,
    };
    let temp = Temp::create(disk, &path, old.is_some()).map_err(|stop| stop.untouched(&path))?;
    let filled = temp.fill(&*request.snapshot, old.as_ref(), &mut warnings, progress);
    let checked = filled.and_then(|()| old.as_ref().map_or(Ok(()), |old| old.check_edited_over(request)));
    let moved = checked.and_then(|()| temp.take_the_place_of(&path, old.as_ref()));
    if let Err(stop) = moved {
        let left_over = temp.discard();
        let state = FileState::Untouched;
        return Err(stop.into_error(&path, Aftermath { state, left_over, identity_now: None }));
    }
    if let Err(error) = retry(|| disk.sync_folder(folder_of(&path))) {
        warnings.push(format!(
            "It was saved, but whether the new name outlasts a power cut is not known ({error})."
        ));
    }
    let identity = temp.keep_as(&path, &mut warnings);
    Ok(Saved { path, identity, way: plan.way, bytes_written: plan.bytes_to_write, warnings })
}

/// The file that is going to be replaced, open and locked.
struct OldFile {
    /// Holds the lock too.
    file: Box<dyn DiskFile>,
    stat: FileStat,
    kept: Kept,
}

impl OldFile {
    /// Step 1.
    fn open(disk: &dyn Disk, path: &Path, before: &FileStat) -> Result<Self, SaveError> {
        let untouched = |stop: Stop| stop.untouched(path);
        let file =
            retry(|| disk.open(path, Access::Read)).map_err(at_step("opening it")).map_err(untouched)?;
        lock(&*file, path)?;
        let stat = retry(|| file.stat()).map_err(at_step("looking at it")).map_err(untouched)?;
        if stat.identity != before.identity {
            return Err(untouched(Stop::Changed(difference(&before.identity, &stat.identity))));
        }
        let kept = Kept::of(&*file, &stat);
        Ok(Self { file, stat, kept })
    }

    /// The first half of step 6: what changes no time of the file.
    fn check_edited_over(&self, request: &SaveRequest) -> Result<(), Stop> {
        let ours = request.identity.as_ref().is_some_and(|known| known.same_file(&self.stat.identity));
        let Some(edited_over) = request.edited_over.as_ref().filter(|_| ours && !request.allow_changed) else {
            return Ok(());
        };
        let mut buf = Vec::new();
        for chunk in edited_over.spans().into_iter().flat_map(|span| span.chunks(CHUNK)) {
            buf.resize(chunk.len() as usize, 0);
            read_exact_at(&*self.file, chunk.start(), &mut buf).map_err(at_step("reading what it holds"))?;
            edited_over.check(chunk, &buf).map_err(changed_at)?;
        }
        Ok(())
    }
}

/// The new file under its temporary name; removed unless it has got the target's.
struct Temp<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
    file: Box<dyn DiskFile>,
    remove: bool,
}

impl<'a> Temp<'a> {
    /// Step 2.
    fn create(disk: &'a dyn Disk, target: &Path, private: bool) -> Result<Self, Stop> {
        let privacy = if private { Privacy::Private } else { Privacy::Default };
        loop {
            let path = temp_path(target);
            match retry(|| disk.create_new(&path, privacy)) {
                Ok(file) => return Ok(Self { disk, path, file, remove: true }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(at_step("making a temporary file in its folder")(error)),
            }
        }
    }

    /// Steps 3 to 5.
    fn fill(
        &self,
        snapshot: &dyn Source,
        old: Option<&OldFile>,
        warnings: &mut Vec<String>,
        progress: &Progress,
    ) -> Result<(), Stop> {
        retry(|| self.file.set_len(snapshot.len())).map_err(at_step("setting the length"))?;
        for span in data_spans(snapshot) {
            self.copy(snapshot, span, progress)?;
        }
        if let Some(old) = old {
            old.kept.put_on(&*self.file, warnings);
        }
        retry(|| self.file.sync()).map_err(at_step("confirming that it is on the disk"))?;
        if progress.is_cancelled() { Err(Stop::cancelled()) } else { Ok(()) }
    }

    fn copy(&self, snapshot: &dyn Source, span: Span, progress: &Progress) -> Result<(), Stop> {
        if span.len() >= WORTH_RESERVING {
            where_supported(|| self.file.reserve(span)).map_err(at_step("setting room aside"))?;
        }
        let mut buf = vec![0; CHUNK.min(span.len()) as usize];
        for chunk in span.chunks(CHUNK) {
            if progress.is_cancelled() {
                return Err(Stop::cancelled());
            }
            let bytes = &mut buf[..chunk.len() as usize];
            snapshot.read_at(chunk.start(), bytes)?;
            write_all_at(&*self.file, chunk.start(), bytes, || {}).map_err(at_step("writing"))?;
            progress.advance(chunk.len());
        }
        Ok(())
    }

    /// Steps 6 and 7.
    fn take_the_place_of(&self, target: &Path, old: Option<&OldFile>) -> Result<(), Stop> {
        let Some(old) = old else {
            let answer = self.disk.rename_new(&self.path, target);
            return self.judge_rename(answer, target);
        };
        let now = retry(|| self.disk.stat(target)).map_err(at_step("looking at it again"))?;
        if now.identity != old.stat.identity {
            return Err(Stop::Changed(difference(&old.stat.identity, &now.identity)));
        }
        let answer = self.disk.rename(&self.path, target);
        self.judge_rename(answer, target)
    }

    /// A rename that was interrupted, or answered over a network, may have happened all the same.
    fn judge_rename(&self, answer: io::Result<()>, target: &Path) -> Result<(), Stop> {
        let Err(error) = answer else { return Ok(()) };
        let (ours, there) = (retry(|| self.file.stat()), retry(|| self.disk.stat(target)));
        match (ours, there) {
            (Ok(ours), Ok(there)) if ours.identity.same_file(&there.identity) => Ok(()),
            _ if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Stop::Changed("a file of that name has appeared".to_owned()))
            }
            _ => Err(at_step("putting it in its place")(error)),
        }
    }

    /// Answers the path if it could not be removed.
    fn discard(mut self) -> Option<PathBuf> {
        self.remove = false;
        retry(|| self.disk.remove(&self.path)).err().map(|_| self.path.clone())
    }

    /// The file has the target's name now.
    fn keep_as(mut self, target: &Path, warnings: &mut Vec<String>) -> FileIdentity {
        self.remove = false;
        let stat = retry(|| self.file.stat()).or_else(|_| retry(|| self.disk.stat(target)));
        stat.map(|stat| stat.identity).unwrap_or_else(|_| {
            warnings.push("The file's new time could not be read, so the next save will ask.".to_owned());
            FileIdentity::default()
        })
    }
}

impl Drop for Temp<'_> {
    /// For a panic while the bytes are read; every other way out has said what becomes of the file.
    fn drop(&mut self) {
        if self.remove {
            let _ = self.disk.remove(&self.path);
        }
    }
}

/// `.NAME.pagelens-RANDOM.tmp` in the folder of `target`.
fn temp_path(target: &Path) -> PathBuf {
    let random = RandomState::new().build_hasher().finish();
    let ending = format!(".pagelens-{random:016x}.tmp");
    let name = target.file_name().unwrap_or_default();
    let fits = name.len() + 1 + ending.len() <= LONGEST_NAME;
    let mut hidden = OsString::from(".");
    hidden.push(if fits { name } else { "long".as_ref() });
    hidden.push(ending);
    folder_of(target).join(hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_name_is_hidden_and_never_too_long() {
        let path = temp_path(Path::new("/folder/data.bin"));
        assert_eq!(path.parent(), Some(Path::new("/folder")));
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        assert!(name.starts_with(".data.bin.pagelens-") && name.ends_with(".tmp"), "{name}");
        let long = temp_path(Path::new(&format!("/folder/{}", "x".repeat(LONGEST_NAME))));
        assert!(long.file_name().is_some_and(|name| name.len() <= LONGEST_NAME));
    }
}
