//! Rows of a list for other programs: what a list does to be copied and exported. `features/list_export.rs` does the rest.

use super::ids::TabId;
use crate::analysis::spans::SpillError;
use crate::export::arrays::MAX_TEXT_BYTES;
use crate::job::Progress;
use std::fmt::Debug;
use std::io;
use std::ops::Deref;
use std::sync::Arc;

/// Rows of a list, and what is needed to write them in the format that was chosen.
///
/// A new list has its own type for this, which its feature hands to `Context::copy_rows` and `Context::export_rows`.
pub trait HandedRows: Debug + Send + Sync {
    /// The tab that the rows are about.
    fn tab(&self) -> TabId;

    /// What the rows are, as sentences and the suggested name of a file have it: `matches`.
    fn noun(&self) -> &'static str;

    /// What a file of the format ends with.
    fn extension(&self) -> &'static str;

    /// What is said to be written: `3 matches`.
    fn counted(&self) -> String;

    /// What the user can do about a text that is too long for the clipboard.
    fn advice_when_too_long(&self) -> &'static str {
        "Choose fewer rows, or export the list to a file"
    }

    /// Writes the rows. Blocks.
    ///
    /// # Errors
    /// Of the writes and of the list; when the job was cancelled.
    fn write(&self, progress: &Progress, out: &mut dyn io::Write) -> Result<(), HandingError>;
}

/// Rows that a question, a request and a worker share.
#[derive(Clone, Debug)]
pub struct SharedRows(Arc<dyn HandedRows>);

impl SharedRows {
    pub(super) fn new(rows: impl HandedRows + 'static) -> Self {
        Self(Arc::new(rows))
    }
}

impl Deref for SharedRows {
    type Target = dyn HandedRows;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// Rows are taken for each question anew.
impl PartialEq for SharedRows {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for SharedRows {}

/// Why rows were not handed over.
#[derive(Debug, thiserror::Error)]
pub enum HandingError {
    /// They could not be written.
    #[error("{0}")]
    Write(#[from] io::Error),
    /// The clipboard does not take so much; with what the user can do.
    #[error("the text would exceed the limit of the clipboard, 16 MiB. {0}")]
    TooLong(&'static str),
    /// The user has ended the job.
    #[error("the job was cancelled")]
    Cancelled,
    /// The list itself can't be read.
    #[error("{0}")]
    List(#[from] SpillError),
}

/// The rows as text for the clipboard. Blocks.
///
/// # Errors
/// As [`HandedRows::write`]; [`HandingError::TooLong`] of a text that the clipboard does not take.
pub(super) fn clipboard_text(rows: &dyn HandedRows, progress: &Progress) -> Result<String, HandingError> {
    let mut text = Capped::default();
    match rows.write(progress, &mut text) {
        Err(HandingError::Write(_)) if text.is_full => {
            return Err(HandingError::TooLong(rows.advice_when_too_long()));
        }
        done => done?,
    }
    Ok(String::from_utf8_lossy(&text.bytes).into_owned())
}

/// Text for the clipboard, which takes only so much.
#[derive(Debug, Default)]
struct Capped {
    bytes: Vec<u8>,
    is_full: bool,
}

impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + bytes.len()) as u64 > MAX_TEXT_BYTES {
            self.is_full = true;
            return Err(io::ErrorKind::WriteZero.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
