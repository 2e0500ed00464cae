//! The names in a folder, for whoever types a path. Called in a job: it may block.

use crate::job::Progress;
use std::ffi::OsString;
use std::io;
use std::path::Path;

/// A folder of more names is listed in part: nobody reads them all.
const MOST: usize = 50_000;

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FolderEntry {
    pub name: OsString,
    /// Whether it is a folder, or a link to one.
    pub is_folder: bool,
}

/// The names in `folder`, in order.
///
/// # Errors
/// When the folder can't be read.
pub fn names(folder: &Path, progress: &Progress) -> io::Result<Vec<FolderEntry>> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        if progress.is_cancelled() || names.len() == MOST {
            break;
        }
        let entry = entry?;
        let is_folder = entry.file_type().is_ok_and(|kind| {
            kind.is_dir()
                || (kind.is_symlink() && std::fs::metadata(entry.path()).is_ok_and(|to| to.is_dir()))
        });
        names.push(FolderEntry { name: entry.file_name(), is_folder });
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_order_and_folders_are_known() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("b.bin"), b"").expect("written");
        std::fs::create_dir(folder.path().join("a")).expect("made");
        let found = names(folder.path(), &Progress::default()).expect("listed");
        let told: Vec<_> = found.iter().map(|named| (named.name.to_str(), named.is_folder)).collect();
        assert_eq!(told, [(Some("a"), true), (Some("b.bin"), false)]);
        assert!(names(&folder.path().join("missing"), &Progress::default()).is_err());
    }
}
