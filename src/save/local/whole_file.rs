//! A new file written as a whole: under a name of its own until it is complete, then under the wanted one.
//!
//! For exports. Whoever looks sees no file, the old one, or the whole new one; a cancelled or failed write leaves
//! nothing behind.

use crate::escape::PathText;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Bytes that are gathered before a write.
const BUFFER: usize = 1 << 20;

/// Whether the bytes have to be on the disk when it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// They are.
    Synced,
    /// The system writes them when it likes.
    Buffered,
}

/// Writes the file at `path` by `write`. One that is there is refused, or replaced with `replace`; a device, a pipe or a
/// folder is never replaced.
///
/// # Errors
/// Those of `write`; those of the system, and [`io::ErrorKind::AlreadyExists`], as `E`. The old file is as it was.
pub fn write_whole<E: From<io::Error>>(
    path: &Path,
    replace: bool,
    durability: Durability,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    if !replace && fs::symlink_metadata(path).is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
    }
    // A link is written through, not replaced.
    let target = dunce::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    refuse_special(&target)?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if fs::metadata(folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        let text = format!("the folder {} does not exist", folder.shown());
        return Err(io::Error::new(io::ErrorKind::NotFound, text).into());
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pagelens-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file of the user; the system takes away what the umask says.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    {
        let mut out = BufWriter::with_capacity(BUFFER, file.as_file_mut());
        write(&mut out)?;
        out.flush()?;
    }
    if durability == Durability::Synced {
        file.as_file().sync_all()?;
    }
    if let Ok(old) = fs::metadata(&target).map(|facts| facts.permissions()) {
        file.as_file().set_permissions(without_rights(old))?;
    }
    refuse_special(&target)?;
    if replace {
        // The rename of `std` replaces on Windows also what is open.
        let temp = file.into_temp_path();
        fs::rename(&temp, &target)?;
        // Its name is taken by now, and not to be removed.
        let _ = temp.keep();
    } else {
        file.persist_noclobber(&target).map_err(|error| E::from(error.error))?;
    }
    #[cfg(unix)]
    if durability == Durability::Synced
        && let Err(error) = fs::File::open(folder).and_then(|folder| folder.sync_all())
    {
        // It is written whatever this says, and a folder may be one that this user can write to but not read.
        tracing::warn!(%error, "a new name may be lost in a power cut");
    }
    Ok(())
}

/// The new file belongs to whoever writes it: what the old one could do as its owner or group is not for those bytes.
fn without_rights(permissions: fs::Permissions) -> fs::Permissions {
    #[cfg(unix)]
    let permissions = {
        use std::os::unix::fs::PermissionsExt;
        fs::Permissions::from_mode(permissions.mode() & 0o777)
    };
    permissions
}

/// Whoever may make files in `/dev` would replace the very device.
fn refuse_special(target: &Path) -> io::Result<()> {
    let what = match fs::symlink_metadata(target).map(|facts| facts.file_type()) {
        Ok(kind) if kind.is_dir() => "a folder",
        Ok(kind) if !kind.is_file() && !kind.is_symlink() => "a device or a pipe",
        _ => return Ok(()),
    };
    let text = format!("it is {what}, not a file that can be replaced. Choose another name");
    Err(io::Error::new(io::ErrorKind::InvalidInput, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_does_not_exist_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("none/a");
        let put = write_whole::<io::Error>(&path, true, Durability::Buffered, |out| out.write_all(b"new"));
        let refusal = put.expect_err("there is no folder").to_string();
        assert!(refusal.ends_with("none does not exist"), "{refusal}");
    }

    /// Whoever runs this as root would lose the device.
    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&pipe, &link).expect("linked");
        for path in [&pipe, &link, folder.path()] {
            let put = write_whole::<io::Error>(path, true, Durability::Buffered, |out| out.write_all(b"new"));
            let refusal = put.expect_err("it is no file");
            assert!(refusal.to_string().contains("not a file that can be replaced"), "{refusal}");
        }
        let is_pipe =
            |path| std::os::unix::fs::FileTypeExt::is_fifo(&fs::metadata(path).expect("there").file_type());
        assert!(is_pipe(&pipe) && is_pipe(&link));
        assert_eq!(names(folder.path()), ["link", "pipe"]);
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_that_is_there_stays_unless_it_is_to_be_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        let put = |text: &'static str, replace| {
            write_whole::<io::Error>(&path, replace, Durability::Synced, |out| out.write_all(text.as_bytes()))
        };
        put("one", false).expect("a new file");
        let refusal = put("two", false).expect_err("it is there");
        assert_eq!(refusal.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).expect("the file"), b"one");
        put("two", true).expect("it may be replaced");
        assert_eq!(fs::read(&path).expect("the file"), b"two");
        assert_eq!(names(folder.path()), ["a"]);
    }

    /// Whoever exports over a program that runs with its owner's rights would lend it rights of their own.
    #[test]
    #[cfg(unix)]
    fn a_file_that_replaces_another_runs_with_nobody_s_rights() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        for (mode, expected) in [(0o4755, 0o755), (0o2755, 0o755), (0o6640, 0o640), (0o600, 0o600)] {
            fs::write(&path, "old").expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
            let put = write_whole::<io::Error>(&path, true, Durability::Synced, |out| out.write_all(b"new"));
            put.expect("it may be replaced");
            let now = fs::metadata(&path).expect("there").permissions().mode() & 0o7777;
            assert_eq!(now, expected, "instead of {mode:o}");
        }
    }

    #[test]
    fn a_write_that_fails_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, "old").expect("a file");
        let failed = write_whole::<io::Error>(&path, true, Durability::Buffered, |out| {
            out.write_all(&[1; 3 << 20])?;
            Err(io::Error::other("stop"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).expect("the file"), b"old");
        assert_eq!(names(folder.path()), ["a"]);
    }
}
