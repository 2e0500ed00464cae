//! Steps 6 to 11: the new file takes the old one's place, and gives it back when another program was quicker.
//!
//! After the swap the old file is still there, under the temporary name. Who had it open for writing before the swap
//! may still write to it, so that is waited for, a moment; nobody else can find it. What it holds then is final, and is
//! compared with what the last look saw. So nothing is lost that another program writes, at whatever moment.

use super::super::backup;
use super::super::disk::{Disk, FileStat, retry};
use super::super::names::{backup_path, folder_of, kept_path};
use super::temp::Temp;
use super::{OldFile, PLACING};
use crate::escape::PathText;
use crate::job::Progress;
use crate::save::error::{SaveStop, at_step, difference};
use crate::save::request::SaveRequest;
use std::io;
use std::path::Path;
use std::time::Duration;

/// How long whoever has the old file open for writing is waited for.
const LOOKS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(2);

/// What became of the old file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// It has no name any more, or there was none.
    Alone,
    /// It has the temporary name.
    Displaced {
        /// Somebody has it open for writing.
        is_written: bool,
    },
}

/// The new file under its temporary name, and the name that it is to have.
pub(super) struct Swap<'a> {
    pub disk: &'a dyn Disk,
    pub temp: &'a Temp<'a>,
    pub target: &'a Path,
}

impl Swap<'_> {
    /// Steps 6 to 8.
    ///
    /// # Errors
    /// [`SaveStop`]: the target has its old content, and the temporary file is the caller's to remove.
    pub fn take_the_place(
        &self,
        old: Option<&OldFile>,
        request: &SaveRequest,
        progress: &Progress,
        warnings: &mut Vec<String>,
    ) -> Result<Placed, SaveStop> {
        let Self { disk, temp, target } = *self;
        let Some(old) = old else {
            let answer = disk.rename_new(&temp.path, target);
            return self.judge(answer).map(|()| Placed::Alone);
        };
        old.check_edited_over(request)?;
        // From the swap on others find it by the target's name: what they write to it then must not pass for its own.
        let written = retry(|| temp.file.stat()).map_err(at_step("checking the new file"))?;
        old.check_place(disk, target)?;
        match disk.exchange(&temp.path, target) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                self.replace(old, request, progress, warnings)
            }
            answer => {
                self.judge(answer)?;
                let is_written = old.wait_for_writers();
                match old.check_displaced(disk, &temp.path) {
                    Ok(()) => Ok(Placed::Displaced { is_written }),
                    Err(stop) => self.swap_back(stop, &written, warnings),
                }
            }
        }
    }

    /// Step 7 where names can't be swapped: whatever comes between the last look and the rename is found, but the old
    /// file has no name by then.
    fn replace(
        &self,
        old: &OldFile,
        request: &SaveRequest,
        progress: &Progress,
        warnings: &mut Vec<String>,
    ) -> Result<Placed, SaveStop> {
        let Self { disk, temp, target } = *self;
        if request.backup {
            backup::make(disk, target, &*old.file, &old.stat, progress, warnings)?;
            old.check_place(disk, target)?;
        }
        self.judge(disk.rename(&temp.path, target))?;
        old.wait_for_writers();
        let has_changed = old.has_changed().unwrap_or_else(|error| {
            warnings.push(format!(
                "pagelens could not check whether another program wrote to the old file during the save ({error})."
            ));
            false
        });
        if has_changed {
            warnings.push(match backup::rescue(disk, target, &*old.file) {
                Ok(kept) => format!(
                    "Another program wrote to the old file during the save. What it wrote is not in the new file; it is kept as {}.",
                    kept.shown()
                ),
                Err(error) => format!(
                    "Another program wrote to the old file during the save, and what it wrote could not be kept ({error})."
                ),
            });
        }
        Ok(Placed::Alone)
    }

    /// Where nothing that is open can be replaced (Windows, on simpler file systems), this save's own handle is in the way
    /// as well: it lets go of the old file, looks at it by its name once more, and tries again. `None`: the new file
    /// has not got the name.
    pub fn replace_closed(&self, old: OldFile) -> Option<Placed> {
        // Elsewhere a refusal has other reasons, and a plain rename would go past the check after a swap of names.
        if cfg!(not(windows)) {
            return None;
        }
        let Self { disk, temp, target } = *self;
        let known = old.stat.identity.clone();
        drop(old);
        let is_known = retry(|| disk.stat(target)).is_ok_and(|now| now.identity == known);
        (is_known && self.judge(disk.rename(&temp.path, target)).is_ok()).then_some(Placed::Alone)
    }

    /// A rename that was interrupted, or answered over a network, may have happened all the same.
    fn judge(&self, answer: io::Result<()>) -> Result<(), SaveStop> {
        let Err(error) = answer else { return Ok(()) };
        match self.is_ours(self.target) {
            Ok(true) => Ok(()),
            _ if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(SaveStop::Changed("a file with that name has appeared".to_owned()))
            }
            _ => Err(at_step(PLACING)(error)),
        }
    }

    /// Whether `path` leads to the new file.
    fn is_ours(&self, path: &Path) -> io::Result<bool> {
        let ours = retry(|| self.temp.file.stat())?.identity;
        Ok(ours.same_file(&retry(|| self.disk.stat(path))?.identity))
    }

    /// The end of step 8: another program has changed what was displaced, so that gets its name back, because of `stop`.
    /// Where that can't be done, it stays under a name of its own. `written` is the new file before the swap.
    fn swap_back(
        &self,
        stop: SaveStop,
        written: &FileStat,
        warnings: &mut Vec<String>,
    ) -> Result<Placed, SaveStop> {
        let Self { disk, temp, target } = *self;
        // Judged by where the new file is, and tried twice.
        let swap = || {
            let answer = disk.exchange(&temp.path, target);
            self.is_ours(&temp.path).unwrap_or(answer.is_ok())
        };
        let is_back = swap() || self.is_ours(target).unwrap_or(false) && swap();
        // If the power goes, the displaced file must not be under the name that is cleaned away.
        let _ = retry(|| disk.sync_folder(folder_of(target)));
        // For a moment the new file had the name: what another program wrote to it then is not thrown away either.
        let is_as_written = || retry(|| temp.file.stat()).is_ok_and(|now| is_same_content(written, &now));
        if is_back && is_as_written() {
            return Err(stop);
        }
        temp.let_go();
        let place = self.keep_aside();
        if self.is_ours(target).unwrap_or(!is_back) {
            warnings.push(match stop {
                SaveStop::Changed(what) => format!(
                    "Another program changed the file during the save ({what}). The content that it changed is not in the new file; it {place}."
                ),
                SaveStop::Broken(_) => format!(
                    "The old content could not be checked again after the save. It {place}."
                ),
            });
            return Ok(Placed::Alone);
        }
        Err(match stop {
            SaveStop::Changed(what) => SaveStop::Changed(format!("{what}; the content written last {place}")),
            stop @ SaveStop::Broken(_) => {
                warnings.push(format!("The content that another program wrote last {place}."));
                stop
            }
        })
    }

    /// Gives what has the temporary name one that no save removes. Answers where it is, as the end of a sentence.
    fn keep_aside(&self) -> String {
        let kept = kept_path(self.target);
        match retry(|| self.disk.rename_new(&self.temp.path, &kept)) {
            Ok(()) => {
                let _ = retry(|| self.disk.sync_folder(folder_of(self.target)));
                format!("is kept as {}", kept.shown())
            }
            Err(error) => format!(
                "is in {}, which could not be removed or renamed ({error}). Rename it before the next save, which would remove it",
                self.temp.path.shown()
            ),
        }
    }

    /// Steps 9 and 10.
    pub fn part_from_old(&self, placed: Placed, backup: bool, warnings: &mut Vec<String>) {
        let Self { disk, temp, target } = *self;
        let is_written = placed == Placed::Displaced { is_written: true };
        let goes = placed == Placed::Displaced { is_written: false } && !backup;
        temp.let_go();
        let removed = if goes { retry(|| disk.remove(&temp.path)) } else { Ok(()) };
        if let Err(error) = removed {
            warnings.push(format!(
                "The old content could not be removed ({error}). It is in {}, which you can delete.",
                temp.path.shown()
            ));
        }
        if let Err(error) = retry(|| disk.sync_folder(folder_of(target))) {
            warnings
                .push(format!("The file was saved, but its new name may be lost in a power cut ({error})."));
        }
        if placed == Placed::Alone {
            return;
        }
        if backup && let Err(error) = backup::take_name(disk, &temp.path, target) {
            warnings.push(format!(
                "The backup could not be named {} ({error}). It is in {}. Rename it before the next save, which would remove it.",
                backup_path(target).shown(),
                temp.path.shown()
            ));
        }
        if is_written {
            let place = match backup {
                true => format!("is {}", backup_path(target).shown()),
                false => self.keep_aside(),
            };
            warnings.push(format!(
                "Another program has the file open for writing and continues with the old content, which {place}."
            ));
        }
    }

    /// Step 11. Whether another file has not taken the name since.
    pub fn check_there(&self, warnings: &mut Vec<String>) -> bool {
        let looked = retry(|| self.temp.file.stat())
            .and_then(|ours| retry(|| self.disk.stat(self.target)).map(|there| (ours, there)));
        match looked {
            // Some file systems give a file another number with another name.
            Ok((ours, there)) => !ours.identity.other_file(&there.identity) || is_same_content(&ours, &there),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                warnings.push(format!(
                    "pagelens could not check whether the name still refers to the saved file ({error})."
                ));
                true
            }
        }
    }
}

/// Whether nothing but names has changed between two looks at a file.
fn is_same_content(before: &FileStat, now: &FileStat) -> bool {
    (before.identity.len, before.identity.mtime_ns) == (now.identity.len, now.identity.mtime_ns)
        && (before.mode, before.owner) == (now.mode, now.owner)
}

impl OldFile {
    /// The last look: the name must lead to the file as it was.
    fn check_place(&self, disk: &dyn Disk, target: &Path) -> Result<(), SaveStop> {
        let now = retry(|| disk.stat(target)).map_err(at_step("checking the file again"))?;
        if now.identity != self.stat.identity {
            return Err(SaveStop::Changed(difference(&self.stat.identity, &now.identity)));
        }
        if self.others_wrote() { Err(written()) } else { Ok(()) }
    }

    /// Step 8: what has the temporary name, `path`, must be the file of the last look, whose names alone have changed.
    fn check_displaced(&self, disk: &dyn Disk, path: &Path) -> Result<(), SaveStop> {
        let step = "checking the file that it replaced";
        let now = retry(|| disk.stat(path)).map_err(at_step(step))?;
        if !is_same_content(&self.stat, &now) || self.stat.identity.other_file(&now.identity) {
            return Err(SaveStop::Changed(difference(&self.stat.identity, &now.identity)));
        }
        if self.others_wrote() { Err(written()) } else { Ok(()) }
    }

    /// Whether anything was written to it, by whatever name, since the last look.
    fn has_changed(&self) -> io::Result<bool> {
        let now = retry(|| self.file.stat())?;
        let others_wrote = self.watch.as_ref().map_or(Ok(false), |watch| retry(|| watch.others_wrote()))?;
        Ok(others_wrote || !is_same_content(&self.stat, &now))
    }

    /// `false` where the system does not tell.
    fn others_wrote(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| retry(|| watch.others_wrote()).unwrap_or(true))
    }

    /// Waits until nobody has the old file open for writing; answers whether somebody still has.
    fn wait_for_writers(&self) -> bool {
        for _ in 0..LOOKS {
            match retry(|| self.file.has_writers()) {
                Ok(true) => std::thread::sleep(PAUSE),
                Ok(false) | Err(_) => return false,
            }
        }
        true
    }
}

fn written() -> SaveStop {
    SaveStop::Changed("it was written to".to_owned())
}
