//! The new file under its temporary name. It is removed unless it gets the name of the target.

use super::super::disk::{Disk, DiskFile, Privacy, retry};
use super::super::names::temp_path;
use crate::bytes::FileIdentity;
use crate::save::error::{SaveStop, at_step};
use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};

pub(super) struct Temp<'a> {
    disk: &'a dyn Disk,
    pub path: PathBuf,
    pub file: Box<dyn DiskFile>,
    remove: Cell<bool>,
}

impl<'a> Temp<'a> {
    /// Step 2.
    ///
    /// # Errors
    /// When the folder takes no new file.
    pub fn create(disk: &'a dyn Disk, target: &Path, privacy: Privacy) -> Result<Self, SaveStop> {
        loop {
            let path = temp_path(target);
            match retry(|| disk.create_new(&path, privacy)) {
                Ok(file) => {
                    // Whoever finds a temporary file that is not locked may take it away. Without locks nobody does.
                    let _ = retry(|| file.try_lock());
                    return Ok(Self { disk, path, file, remove: Cell::new(true) });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(at_step("creating a temporary file in its folder")(error)),
            }
        }
    }

    /// Answers the path if it could not be removed.
    pub fn discard(self) -> Option<PathBuf> {
        if !self.remove.replace(false) {
            return None;
        }
        retry(|| self.disk.remove(&self.path)).err().map(|_| self.path.clone())
    }

    /// What has the temporary name is no longer this save's to remove.
    pub fn let_go(&self) {
        self.remove.set(false);
    }

    /// The file has the target's name now.
    pub fn keep_as(self, target: &Path, warnings: &mut Vec<String>) -> FileIdentity {
        self.let_go();
        // Windows tells of a file that was renamed while it is open what it was before.
        let own = if cfg!(windows) { self.disk.stat(target) } else { retry(|| self.file.stat()) };
        let stat = own.or_else(|_| retry(|| self.disk.stat(target)));
        stat.map(|stat| stat.identity).unwrap_or_else(|_| {
            warnings.push(
                "The file's new time could not be read, so the next save asks before it writes.".to_owned(),
            );
            FileIdentity::default()
        })
    }
}

impl Drop for Temp<'_> {
    /// For a panic while the bytes are read; every other way out has said what becomes of the file.
    fn drop(&mut self) {
        if self.remove.get() {
            let _ = self.disk.remove(&self.path);
        }
    }
}
