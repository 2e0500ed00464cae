//! The lock that keeps other instances of the program away from a file while it is saved or recovered.

use super::disk::{DiskFile, retry};
use crate::save::error::{SaveError, at_step};
use std::io;
use std::path::Path;
use std::time::Duration;

/// Another instance that merely looks whether a file is being saved holds its lock for a moment.
const LOCK_ATTEMPTS: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// Keeps other instances away from the file while `file` is open. File systems without locks go without.
pub(super) fn lock(file: &dyn DiskFile, path: &Path) -> Result<(), SaveError> {
    for _ in 0..LOCK_ATTEMPTS {
        match retry(|| file.try_lock()) {
            Ok(true) => return Ok(()),
            Ok(false) => std::thread::sleep(LOCK_PAUSE),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(()),
            Err(error) => return Err(at_step("locking")(error).untouched(path)),
        }
    }
    Err(SaveError::InUse { path: path.to_owned() })
}
