//! Writes the selected bytes to a new file. It is the way for selections that are too long for the clipboard.

use super::ClipboardState;
use crate::bytes::open::leads_to_one_of;
use crate::bytes::{Origin, ReadError, ReadErrorKind, Source};
use crate::escape::PathText;
use crate::export;
use crate::job::Progress;
use crate::save::whole_file::{Durability, write_whole};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::dialog::Dialog;
use crate::session::jobs::Task;
use crate::session::name_request::{Asked, IS_OPEN, Outgoing};
use crate::session::notice::{Level, Topic};
use crate::session::tabs::Tabs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes that are read at once.
const CHUNK: u64 = 1 << 20;

/// What is being written, and where.
pub(super) type Target = (Arc<Outgoing>, PathBuf);

#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error("{0}")]
    Read(ReadError),
    #[error("{0}")]
    Write(#[from] io::Error),
    #[error("{IS_OPEN}")]
    IsOpen,
    #[error("the job was cancelled")]
    Cancelled,
}

impl From<ReadError> for WriteError {
    fn from(error: ReadError) -> Self {
        if error.kind() == ReadErrorKind::Cancelled { Self::Cancelled } else { Self::Read(error) }
    }
}

impl ClipboardState {
    /// Asks for a name for the file that the selected bytes go to.
    pub(in crate::session) fn ask_selection_name(&mut self, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        if tab.is_in_array() {
            let raw = export::number_of("raw").unwrap_or(0);
            return context.show_dialog(Dialog::ExportArray(raw));
        }
        let name = format!("{}.selection", tab.title);
        let suggested = match &tab.file {
            Some(file) => file.path().with_file_name(name).typed(),
            None => name,
        };
        let of = Outgoing { tab: tab.id, snapshot: tab.shown().clone(), span: tab.selected() };
        context.ask_name(Asked::Selection(Arc::new(of)), suggested);
    }

    /// Writes a selection to the file that was named.
    pub(in crate::session) fn write_selection(
        &mut self,
        of: Arc<Outgoing>,
        path: PathBuf,
        replace: bool,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        if !self.writing.is_empty() {
            return context.say(format!(
                "{} was not written: another selection is being written. Try again when that is done.",
                path.shown()
            ));
        }
        let open = tabs.open_files();
        let (outgoing, target) = (Arc::clone(&of), path.clone());
        let task = Task::shown("selection", "Writing the selection").about(of.tab);
        let started = self.writing.start(context.waker(), task, (of, path), move |progress| {
            write(&outgoing, &target, replace, &open, progress)
        });
        if let Err((error, _)) = started {
            context.say(format!("Nothing was written: {error}."));
        }
    }

    pub(super) fn poll_writing(&mut self, context: &mut Context) {
        for ended in self.writing.drain_finished() {
            let (of, path) = ended.what;
            written(of, path, ended.answer.unwrap_or(Err(WriteError::Cancelled)), context);
        }
    }
}

/// Tells what became of a selection that was to be written.
fn written(of: Arc<Outgoing>, path: PathBuf, done: Result<(), WriteError>, context: &mut Context) {
    match done {
        Ok(()) => context.say(format!("{} written to {}.", describe::bytes(of.span.len()), path.shown())),
        Err(WriteError::Write(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
            context.ask_to_replace(Asked::Selection(of), path);
        }
        Err(error) => {
            let reason = error.to_string();
            let text = format!("{} was not written: {}.", path.shown(), reason.trim_end_matches('.'));
            let is_slip =
                matches!(&error, WriteError::Write(error) if error.kind() == io::ErrorKind::NotFound);
            if is_slip && context.ask_name_again(Asked::Selection(Arc::clone(&of)), &path, text.clone()) {
                return;
            }
            context.notices.push(Level::Error, Topic::Clipboard, Some(of.tab), text);
        }
    }
}

/// Writes the bytes as a new file. Blocks.
fn write(
    of: &Outgoing,
    path: &Path,
    replace: bool,
    open: &[Origin],
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
            of.snapshot.read_cancellable(chunk.start(), &mut bytes, progress.as_cancel())?;
            out.write_all(&bytes)?;
            progress.advance(chunk.len());
        }
        Ok(())
    })
}
