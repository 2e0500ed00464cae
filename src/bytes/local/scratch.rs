//! A temporary file without a name, for what finds no room in memory: it vanishes with the program.
//!
//! Bytes are added at its end and read at any place, from any thread.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes that only grow.
#[derive(Debug)]
pub struct Scratch(Mutex<Inside>);

#[derive(Debug)]
struct Inside {
    file: File,
    len: u64,
}

impl Scratch {
    /// An empty one, in the system's folder of temporary files.
    ///
    /// # Errors
    /// When no file can be created there.
    pub fn new() -> io::Result<Self> {
        Ok(Self(Mutex::new(Inside { file: tempfile::tempfile()?, len: 0 })))
    }

    /// The bytes of `file`, which is empty or may be written over.
    #[cfg(test)]
    pub fn of(file: File) -> Self {
        Self(Mutex::new(Inside { file, len: 0 }))
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds `bytes`; where they begin.
    ///
    /// # Errors
    /// As of a write, when the disk is full for one; then nothing was added.
    pub fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut inside = self.lock();
        let at = inside.len;
        inside.file.seek(SeekFrom::Start(at))?;
        inside.file.write_all(bytes)?;
        inside.len += bytes.len() as u64;
        Ok(at)
    }

    /// Fills `buf` with the bytes from `offset` on.
    ///
    /// # Errors
    /// As of a read, and when there are fewer bytes.
    pub fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let mut inside = self.lock();
        inside.file.seek(SeekFrom::Start(offset))?;
        inside.file.read_exact(buf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_read_again() {
        let scratch = Scratch::new().expect("a temporary file");
        assert_eq!(scratch.append(b"one").expect("room"), 0);
        assert_eq!(scratch.append(b"three").expect("room"), 3);
        let mut buf = [0; 5];
        scratch.read_at(3, &mut buf).expect("there");
        assert_eq!(&buf, b"three");
        assert!(scratch.read_at(4, &mut buf).is_err());
        assert_eq!(scratch.append(b"!").expect("room"), 8);
    }
}
