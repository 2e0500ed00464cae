//! Opening by a typed path: the names in the folder that is typed, and what came of the path that was sent.

use super::dialog::Dialog;
use super::{OpenOptions, Session};
use crate::bytes::folder::{self, FolderEntry};
use crate::bytes::open::OpenError;
use crate::job::{Job, Poll};
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
    job: Option<Job<io::Result<Vec<FolderEntry>>>>,
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
        self.job.is_none()
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

impl Session {
    pub fn path_help(&self) -> &PathHelp {
        &self.features.paths
    }

    /// Reads the names in a folder; those of the one before are of no use any more.
    pub(super) fn list_folder(&mut self, folder: PathBuf) {
        self.features.paths.names.clear();
        self.features.paths.error = None;
        self.features.paths.job = None;
        self.features.paths.asked = Some(folder.clone());
        let job =
            Job::spawn("list folder", self.context.waker(), move |progress| folder::names(&folder, progress));
        match job {
            Ok(job) => self.features.paths.job = Some(job),
            Err(error) => self.features.paths.error = Some(error.to_string()),
        }
    }

    pub(super) fn poll_listing(&mut self) {
        let Some(job) = &mut self.features.paths.job else { return };
        match job.poll() {
            Poll::Running => return,
            Poll::Done(Ok(names)) => self.features.paths.names = names,
            Poll::Done(Err(error)) => self.features.paths.error = Some(error.to_string()),
            Poll::Lost => {}
        }
        self.features.paths.job = None;
    }

    /// Opens a path from its field; the question stays until the file is there.
    pub(super) fn open_typed(&mut self, path: PathBuf) {
        self.context.clear_dialog_error();
        self.features.paths.sent = Some(path.clone());
        self.open(path, OpenOptions { in_front: true, ..OpenOptions::default() });
    }

    /// A path was opened: the question that sent it is answered.
    pub(super) fn typed_is_open(&mut self, path: &Path) {
        if self.features.paths.sent.take_if(|sent| sent == path).is_some()
            && self.context.is_open(&Dialog::OpenPath)
        {
            self.context.close_dialog();
        }
    }

    /// Takes an error of opening where it was asked for; `false` when it is a message for everybody.
    ///
    /// A folder is no error: its files are listed.
    pub(super) fn typed_failed(&mut self, path: &Path, error: &OpenError) -> bool {
        let is_sent = self.features.paths.sent.take_if(|sent| sent == path).is_some();
        let asks = is_sent && self.context.is_open(&Dialog::OpenPath);
        if matches!(error, OpenError::Directory { .. }) && (asks || self.context.dialog().is_none()) {
            self.features.paths.start = Some(path.to_owned());
            self.features.paths.starts += 1;
            self.list_folder(path.to_owned());
            if !asks {
                self.context.put_dialog(Some(Dialog::OpenPath));
            }
            return true;
        }
        if asks {
            self.context.refuse(error.to_string());
        }
        asks
    }
}
