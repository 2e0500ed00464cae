//! The name of a file, wherever it is stored: its location, and the version of it that is meant.
//!
//! The layers above use only origins. Only the code that reads and writes at a location can resolve it and compare its
//! versions.

use super::local::identity::FileIdentity;
use super::local::path_bytes::path_of;
use crate::escape::PathText;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a file lies.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// A path of this machine. Symbolic links are resolved where the file was found.
    File(PathBuf),
}

impl Location {
    /// The path, for a file that this machine's system opens.
    pub fn file_path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
        }
    }

    /// The location in the form of a path: what comes after the last separator is the file's name, and its ending
    /// tells the format.
    pub fn as_path(&self) -> &Path {
        match self {
            Self::File(path) => path,
        }
    }

    /// For the screen: on one line, nothing hidden.
    pub fn shown(&self) -> impl fmt::Display + '_ {
        self.as_path().shown()
    }

    /// The bytes by which state files keep it; see [`Self::from_bytes`].
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::File(path) => path.as_os_str().as_encoded_bytes(),
        }
    }

    /// The location that was kept as these bytes; as near as it gets where they are no path of this platform.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        let nearest = String::from_utf8_lossy(&bytes).into_owned();
        Self::File(path_of(bytes).unwrap_or_else(|| nearest.into()))
    }
}

impl Default for Location {
    /// The path that names nothing.
    fn default() -> Self {
        Self::File(PathBuf::new())
    }
}

impl From<PathBuf> for Location {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl From<&Path> for Location {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl From<&str> for Location {
    fn from(path: &str) -> Self {
        Self::File(path.into())
    }
}

impl From<&PathBuf> for Location {
    fn from(path: &PathBuf) -> Self {
        Self::File(path.clone())
    }
}

/// In which state a file was seen. Two versions that are equal have the same bytes, as far as their source can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// What the system of this machine says of it.
    File(FileIdentity),
}

impl Version {
    /// Length in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::File(identity) => identity.len,
        }
    }

    /// Whether the file had no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the system of this machine says of it.
    pub fn as_file(&self) -> Option<&FileIdentity> {
        match self {
            Self::File(identity) => Some(identity),
        }
    }

    /// Whether both are known to be of one file, in whatever state and under whatever name.
    pub fn same_file(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(own), Self::File(other)) => own.same_file(other),
        }
    }

    /// Whether both are known not to be of one file.
    pub fn other_file(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(own), Self::File(other)) => own.other_file(other),
        }
    }
}

impl From<FileIdentity> for Version {
    fn from(identity: FileIdentity) -> Self {
        Self::File(identity)
    }
}

/// A file by where it lies, and the version of it that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub location: Location,
    /// `None` for what has no state that could be compared: a copy of standard input, a file that is not there yet.
    pub version: Option<Version>,
}

impl Origin {
    /// The file at `location` in the state `version`.
    pub fn new(location: impl Into<Location>, version: Option<impl Into<Version>>) -> Self {
        Self { location: location.into(), version: version.map(Into::into) }
    }

    /// The file at `location`, in no state that is known.
    pub fn unversioned(location: impl Into<Location>) -> Self {
        Self { location: location.into(), version: None }
    }

    /// What the system of this machine says of it; `None` where that was not asked.
    pub fn file_identity(&self) -> Option<&FileIdentity> {
        self.version.as_ref().and_then(Version::as_file)
    }

    /// Whether both are the same file, whatever their names and states: known by its version where that tells, else by
    /// its location. What has no version is no file.
    pub fn same_place(&self, other: &Self) -> bool {
        match (&self.version, &other.version) {
            (Some(own), Some(others)) => {
                own.same_file(others) || (!own.other_file(others) && self.location == other.location)
            }
            _ => false,
        }
    }

    /// Whether both are the same file in the same state.
    pub fn same_version(&self, other: &Self) -> bool {
        self.same_place(other) && self.version == other.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(inode: Option<u64>, len: u64) -> Version {
        let device = inode.map(|_| 1);
        FileIdentity { device, inode, len, mtime_ns: Some(5), ctime_ns: Some(6) }.into()
    }

    #[test]
    fn a_file_is_known_by_its_version_where_that_tells_and_else_by_its_location() {
        let origin = |path: &str, version: Option<Version>| Origin::new(Path::new(path), version);
        let known = origin("/a", Some(version(Some(7), 9)));
        for (other, same_place, same_version) in [
            (origin("/a", Some(version(Some(7), 9))), true, true),
            (origin("/hard-link", Some(version(Some(7), 9))), true, true),
            (origin("/a", Some(version(Some(7), 10))), true, false),
            (origin("/a", Some(version(Some(8), 9))), false, false),
            (origin("/a", Some(version(None, 9))), true, false),
            (origin("/b", Some(version(None, 9))), false, false),
            (origin("/a", None), false, false),
        ] {
            assert_eq!(known.same_place(&other), same_place, "{other:?}");
            assert_eq!(known.same_version(&other), same_version, "{other:?}");
            assert_eq!(other.same_place(&known), same_place, "{other:?}");
        }
    }

    #[test]
    fn a_location_is_kept_as_bytes_and_shown_without_what_drives_a_terminal() {
        for path in ["/a/b.bin", "/a/ä\u{1f980}", "-", "relative"] {
            let location = Location::from(Path::new(path));
            assert_eq!(Location::from_bytes(location.as_bytes().to_vec()), location);
            assert_eq!((location.file_path(), location.as_path()), (Some(Path::new(path)), Path::new(path)));
        }
        assert_eq!(Location::from(Path::new("/a/b")).shown().to_string(), "/a/b");
        assert!(!Location::from(Path::new("/a\u{1b}[2J")).shown().to_string().contains('\u{1b}'));
    }
}
