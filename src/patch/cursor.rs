//! A place in the bytes of a patch, and numbers read from there.

use super::error::PatchError;

/// Bytes that are read from the front.
#[derive(Clone, Debug)]
pub(super) struct PatchCursor<'p> {
    bytes: &'p [u8],
    pub at: usize,
}

impl<'p> PatchCursor<'p> {
    /// Behind the first `at` bytes.
    pub fn new(bytes: &'p [u8], at: usize) -> Self {
        Self { bytes, at: at.min(bytes.len()) }
    }

    /// Whether no bytes are left.
    pub fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// The next bytes, so many.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn take(&mut self, count: usize) -> Result<&'p [u8], PatchError> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| self.error("it ends too early"))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    /// A number of so many bytes, the highest first.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn big(&mut self, count: usize) -> Result<u64, PatchError> {
        Ok(self.take(count)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// What is wrong here.
    pub fn error(&self, what: &'static str) -> PatchError {
        PatchError::Damaged { what, at: self.at }
    }
}
