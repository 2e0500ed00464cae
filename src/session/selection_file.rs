//! The selected bytes, as a file of their own: the way out for what is too long for the clipboard.

use super::arrays::IS_OPEN;
use super::dialog::Dialog;
use super::notice::{Level, Topic};
use super::tab::Tab;
use super::{Asked, Outgoing, Session, words};
use crate::bytes::file::FileIdentity;
use crate::bytes::open::leads_to_one_of;
use crate::bytes::{ReadError, Source};
use crate::escape::PathText;
use crate::export::arrays::ARRAY_FORMATS;
use crate::job::{Job, Poll, Progress};
use crate::save::whole::{Durability, write_whole};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes that are read at once.
const CHUNK: u64 = 1 << 20;

/// A selection that is being written.
#[derive(Debug)]
pub(super) struct Writing {
    of: Arc<Outgoing>,
    path: PathBuf,
    pub(super) job: Job<Result<(), WriteError>>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error("{0}")]
    Read(#[from] ReadError),
    #[error("{0}")]
    Write(#[from] io::Error),
    #[error("{IS_OPEN}")]
    IsOpen,
    #[error("it was cancelled")]
    Cancelled,
}

impl Session {
    pub(super) fn ask_selection_name(&mut self) {
        let Some(tab) = self.tabs.front() else { return };
        if tab.is_in_array() {
            let raw = ARRAY_FORMATS.iter().position(|format| format.name == "raw").unwrap_or(0);
            return self.context.show_dialog(Dialog::ExportArray(raw));
        }
        let name = format!("{}.selection", tab.title);
        let suggested = match &tab.file {
            Some(file) => file.path.with_file_name(name).typed(),
            None => name,
        };
        let of = Outgoing { tab: tab.id, snapshot: tab.shown().clone(), span: tab.selected() };
        self.context.ask_name(Asked::Selection(Arc::new(of)), suggested);
    }

    /// Writes a selection to the file that was named.
    pub(super) fn write_selection(&mut self, of: Arc<Outgoing>, path: PathBuf, replace: bool) {
        if self.features.writing.is_some() {
            return self.context.say(format!(
                "{} was not written: another selection is being written. Try again when that is done.",
                path.shown()
            ));
        }
        let open: Vec<(PathBuf, Option<FileIdentity>)> = self
            .tabs()
            .iter()
            .filter_map(|tab| tab.file.as_ref().map(|file| (file.path.clone(), file.identity.clone())))
            .collect();
        let (outgoing, target) = (Arc::clone(&of), path.clone());
        let job = Job::spawn("selection", self.context.waker(), move |progress| {
            write(&outgoing, &target, replace, &open, progress)
        });
        match job {
            Ok(job) => self.features.writing = Some(Writing { of, path, job }),
            Err(error) => self.context.say(format!("Nothing was written: {error}.")),
        }
    }

    pub(super) fn poll_writing(&mut self) {
        let Some(writing) = &mut self.features.writing else { return };
        let done = match writing.job.poll() {
            Poll::Running => return,
            Poll::Done(done) => done,
            Poll::Lost => Err(WriteError::Cancelled),
        };
        let Some(Writing { of, path, .. }) = self.features.writing.take() else { return };
        match done {
            Ok(()) => {
                self.context.say(format!("{} written to {}.", words::bytes(of.span.len()), path.shown()))
            }
            Err(WriteError::Write(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.context.ask_to_replace(Asked::Selection(of), path);
            }
            Err(error) => {
                let text = format!("{} was not written: {error}.", path.shown()).replace("..", ".");
                let is_slip =
                    matches!(&error, WriteError::Write(error) if error.kind() == io::ErrorKind::NotFound);
                if is_slip
                    && self.context.ask_name_again(Asked::Selection(Arc::clone(&of)), &path, text.clone())
                {
                    return;
                }
                self.context.notices.push(Level::Error, Topic::Clipboard, Some(of.tab), text);
            }
        }
    }
}

/// Writes the bytes as a new file. Blocks.
fn write(
    of: &Outgoing,
    path: &Path,
    replace: bool,
    open: &[(PathBuf, Option<FileIdentity>)],
    progress: &Progress,
) -> Result<(), WriteError> {
    if leads_to_one_of(path, open) {
        return Err(WriteError::IsOpen);
    }
    progress.set_total(of.span.len());
    write_whole(path, replace, Durability::Synced, |out| {
        let mut bytes = Vec::new();
        for chunk in of.span.chunks(CHUNK) {
            if progress.is_cancelled() {
                return Err(WriteError::Cancelled);
            }
            bytes.resize(usize::try_from(chunk.len()).unwrap_or(0), 0);
            of.snapshot.read_at(chunk.start(), &mut bytes)?;
            out.write_all(&bytes)?;
            progress.advance(chunk.len());
        }
        Ok(())
    })
}

impl Tab {
    /// Whether there is a selection that can be a file.
    pub fn can_write_selection(&self) -> bool {
        self.is_in_array() || !self.selected().is_empty()
    }
}
