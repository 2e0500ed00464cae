//! The names that a save gives to files beside its target: temporary files, what another program wrote, the backup.

use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};

/// The longest file name that is common, in bytes.
pub(super) const LONGEST_NAME: usize = 255;

/// What names of temporary files have between the file's name and a number, and at their end.
const MIDDLE: &str = ".pagelens-";
const ENDING: &str = ".tmp";
const DIGITS: usize = 16;

/// Stands for a name that is too long to have more added.
const LONG: &str = "long";

/// Where a resolved path lies.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// The backup of `target`.
pub(super) fn backup_path(target: &Path) -> PathBuf {
    let mut name: OsString = target.file_name().unwrap_or_default().to_owned();
    name.push(".bak");
    folder_of(target).join(name)
}

/// `NAME.kept-RANDOM` in the folder of `target`: for what another program wrote, which no save removes.
pub(super) fn kept_path(target: &Path) -> PathBuf {
    let random = RandomState::new().build_hasher().finish() as u32;
    let ending = format!(".kept-{random:08x}");
    let name = target.file_name().unwrap_or_default();
    let fits = name.len() + ending.len() <= LONGEST_NAME;
    let mut kept = OsString::from(if fits { name } else { LONG.as_ref() });
    kept.push(ending);
    folder_of(target).join(kept)
}

/// `.NAME.pagelens-RANDOM.tmp` in the folder of `target`.
pub(super) fn temp_path(target: &Path) -> PathBuf {
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
pub(super) fn is_temp(name: &OsStr, target: Option<&OsStr>) -> bool {
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
