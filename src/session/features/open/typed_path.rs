//! Opening by a typed path: the names in the typed folder, and the result for the path that was sent.

use crate::bytes::folder::{self, FolderEntry};
use crate::bytes::open::OpenError;
use crate::job::Progress;
use crate::session::context::Context;
use crate::session::dialog::Dialog;
use crate::session::jobs::{Jobs, Task};
use std::io;
use std::path::{Path, PathBuf};

/// What the question for a path knows besides the text in its field.
#[derive(Debug, Default)]
pub struct PathHelp {
    /// The folder that was asked for last.
    asked: Option<PathBuf>,
    names: Vec<FolderEntry>,
    /// Why the folder can't be listed.
    error: Option<String>,
    listing: Jobs<(), io::Result<Vec<FolderEntry>>>,
    /// The path that was sent from the field, until it is open.
    sent: Option<PathBuf>,
    /// A folder that the field is to begin with, and how many there were.
    start: Option<PathBuf>,
    starts: u64,
}

impl PathHelp {
    /// The folder whose names are known, or on their way.
    pub fn folder(&self) -> Option<&Path> {
        self.asked.as_deref()
    }

    /// Whether the names have been read.
    pub fn is_listed(&self) -> bool {
        self.listing.is_empty()
    }

    /// The names in it, in order.
    pub fn names(&self) -> &[FolderEntry] {
        &self.names
    }

    /// Why there are none.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The folder that the field begins with, and a number that is another one for each new one.
    pub fn start(&self) -> (u64, Option<&Path>) {
        (self.starts, self.start.as_deref())
    }
}

impl PathHelp {
    /// Reads the names in a folder; those of the one before are of no use any more.
    pub(super) fn list(&mut self, folder: PathBuf, context: &Context) {
        self.names.clear();
        self.error = None;
        self.listing.clear();
        self.asked = Some(folder.clone());
        let work = move |progress: &Progress| folder::names(&folder, progress);
        if let Err((error, ())) = self.listing.start(context.waker(), Task::hidden("list folder"), (), work) {
            self.error = Some(error.to_string());
        }
    }

    /// Takes the names that have been read.
    pub(super) fn poll(&mut self) {
        for ended in self.listing.drain_finished() {
            match ended.answer {
                Some(Ok(names)) => self.names = names,
                Some(Err(error)) => self.error = Some(error.to_string()),
                None => {}
            }
        }
    }

    /// A path is sent from its field; the question stays until the file is there.
    pub(super) fn send(&mut self, path: PathBuf, context: &mut Context) {
        context.clear_dialog_error();
        self.sent = Some(path);
    }

    /// A path was opened: the question that sent it is answered.
    pub(super) fn opened(&mut self, path: &Path, context: &mut Context) {
        if self.sent.take_if(|sent| sent == path).is_some() && context.is_open(&Dialog::OpenPath) {
            context.close_dialog();
        }
    }

    /// Takes an error of opening where it was asked for; `false` when it is a message for everybody.
    ///
    /// A folder is no error: its files are listed.
    pub(super) fn failed(&mut self, path: &Path, error: &OpenError, context: &mut Context) -> bool {
        let is_sent = self.sent.take_if(|sent| sent == path).is_some();
        let asks = is_sent && context.is_open(&Dialog::OpenPath);
        if matches!(error, OpenError::Directory { .. }) && (asks || context.dialog().is_none()) {
            self.start = Some(path.to_owned());
            self.starts += 1;
            self.list(path.to_owned(), context);
            if !asks {
                context.put_dialog(Some(Dialog::OpenPath));
            }
            return true;
        }
        if asks {
            context.refuse(error.to_string());
        }
        asks
    }
}
