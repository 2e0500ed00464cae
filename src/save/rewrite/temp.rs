//! The new file under its temporary name; removed unless it gets the target's.

use super::super::Disk;
use super::super::disk::{DiskFile, Privacy, retry};
use super::super::error::{Stop, at_step};
use super::super::plan::folder_of;
use crate::bytes::file::FileIdentity;
use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

/// The longest file name that is common, in bytes.
const LONGEST_NAME: usize = 255;

/// What names of temporary files have between the file's name and a number, and at their end.
const MIDDLE: &str = ".pagelens-";
const ENDING: &str = ".tmp";
const DIGITS: usize = 16;

/// Stands for a name that is too long to have more added.
const LONG: &str = "long";

pub(super) struct Temp<'a> {
    disk: &'a dyn Disk,
    pub path: PathBuf,
    pub file: Box<dyn DiskFile>,
    remove: Cell<bool>,
}

impl<'a> Temp<'a> {
    /// Step 2.
    pub fn create(disk: &'a dyn Disk, target: &Path, privacy: Privacy) -> Result<Self, Stop> {
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
            warnings.push("The file's new time could not be read, so the next save will ask.".to_owned());
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

/// `NAME.kept-RANDOM` in the folder of `target`: for what another program wrote, which no save removes.
pub fn kept_path(target: &Path) -> PathBuf {
    let random = RandomState::new().build_hasher().finish() as u32;
    let ending = format!(".kept-{random:08x}");
    let name = target.file_name().unwrap_or_default();
    let fits = name.len() + ending.len() <= LONGEST_NAME;
    let mut kept = OsString::from(if fits { name } else { LONG.as_ref() });
    kept.push(ending);
    folder_of(target).join(kept)
}

/// `.NAME.pagelens-RANDOM.tmp` in the folder of `target`.
pub fn temp_path(target: &Path) -> PathBuf {
    let random = RandomState::new().build_hasher().finish();
    let ending = format!("{MIDDLE}{random:0DIGITS$x}{ENDING}");
    let name = target.file_name().unwrap_or_default();
    let fits = name.len() + 1 + ending.len() <= LONGEST_NAME;
    let mut hidden = OsString::from(".");
    hidden.push(if fits { name } else { LONG.as_ref() });
    hidden.push(ending);
    folder_of(target).join(hidden)
}

/// Whether `name` is that of a temporary file: of the file called `target`, or of any.
pub fn is_temp(name: &OsStr, target: Option<&OsStr>) -> bool {
    let name = name.as_encoded_bytes();
    let parts = name.strip_prefix(b".").and_then(|name| name.strip_suffix(ENDING.as_bytes()));
    let Some((rest, number)) = parts.and_then(|name| name.split_at_checked(name.len().checked_sub(DIGITS)?))
    else {
        return false;
    };
    let of = rest.strip_suffix(MIDDLE.as_bytes());
    of.is_some_and(|of| target.is_none_or(|target| of == target.as_encoded_bytes()))
        && number.iter().all(|digit| digit.is_ascii_hexdigit())
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

    #[test]
    fn only_names_of_ours_are_taken_for_temporary_files() {
        let target = OsStr::new("data.bin");
        let name = temp_path(Path::new("/folder/data.bin"));
        let name = name.file_name().unwrap_or_default();
        assert!(is_temp(name, Some(target)) && is_temp(name, None) && !is_temp(name, Some("data".as_ref())));
        for other in [
            "data.bin",
            ".data.bin.tmp",
            ".data.bin.pagelens-12.tmp",
            ".pagelens-journal",
            ".x.pagelens-000000000000000g.tmp",
        ] {
            assert!(!is_temp(other.as_ref(), None), "{other}");
        }
    }
}
