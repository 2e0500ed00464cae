//! Reads the bytes of a file with the dtype and the shape of another file. A job reads the header of the other file.

use crate::bytes::open;
use crate::escape::PathText;
use crate::formats::{self, Entry};
use crate::job::Progress;
use crate::session::arrays::{ArrayView, BarField};
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::path::{Path, PathBuf};

/// Headers of other files that are being read.
#[derive(Debug, Default)]
pub(in crate::session) struct LikeAnother {
    jobs: Jobs<TabId, Result<Box<Entry>, String>>,
}

impl LikeAnother {
    /// Reads the header of another file, for the bytes of the tab in front.
    pub fn start(&mut self, path: PathBuf, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        let wanted = tab.array().and_then(|view| view.name.clone());
        context.close_dialog();
        let task = Task::shown("like another file", "Reading the header").about(tab.id);
        let started = self.jobs.start(context.waker(), task, tab.id, move |progress| {
            golden(&path, wanted.as_deref(), progress).map(Box::new)
        });
        if let Err((error, _)) = started {
            context.say(format!("No thread could be started ({error})."));
        }
    }

    /// Takes the headers that have been read.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.jobs.drain_finished() {
            let done = match ended.answer {
                Some(Ok(entry)) => tabs.get_mut(ended.what).map_or(Ok(()), |tab| tab.show_as(&entry)),
                Some(Err(reason)) => Err(reason),
                None => Err(String::from("The job ended unexpectedly.")),
            };
            if let Err(reason) = done {
                context.notices.push(Level::Error, Topic::Clipboard, Some(ended.what), reason);
            }
        }
    }

    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.jobs.activities()
    }

    /// Ends what is read; `false` when nothing is.
    pub fn cancel(&mut self) -> bool {
        self.jobs.clear()
    }
}

/// The array of another file that a file is to be read like: the one of that name, or the only one.
fn golden(path: &Path, wanted: Option<&str>, progress: &Progress) -> Result<Entry, String> {
    let opened = open::open(path, progress).map_err(|error| error.to_string())?;
    let source = opened.source;
    let format = formats::recognise_source(&*source, path)
        .ok_or_else(|| format!("{} has no header that describes an array.", path.shown()))?;
    let mut container =
        format.read(&*source, path, progress).map_err(|error| format!("{}: {error}", path.shown()))?;
    format.complete(&mut container, path, progress);
    let named = wanted.and_then(|name| container.find(name));
    let at = named.or((container.entries.len() == 1).then_some(0)).ok_or_else(|| {
        format!(
            "{} holds {} arrays. Choose a file with a single array.",
            path.shown(),
            container.entries.len()
        )
    })?;
    let entry = container.entries.into_iter().nth(at).ok_or("The array no longer exists.")?;
    match entry.unshown {
        None => Ok(entry),
        Some(_) => {
            Err(format!("{} can't be shown as an array, so its dtype and shape can't be used.", entry.name))
        }
    }
}

impl Tab {
    /// Shows the file's bytes from the first on as an array of another file.
    fn show_as(&mut self, entry: &Entry) -> Result<(), String> {
        let mut bar = ArrayView::bar_of(entry, 0);
        let whole = entry.array_at(0).is_ok_and(|array| array.check_fits(self.len()).is_ok());
        if !whole {
            bar.set(BarField::Shape, String::from("-1"));
        }
        let view = ArrayView::new(None, bar, self.len(), &self.offset_reader(self.typed_key()))?;
        self.put_array(view, None);
        Ok(())
    }
}
