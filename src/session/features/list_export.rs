//! Copies rows of a list as text, and exports them to a file. A worker writes them, so a list may be of any length.

use crate::bytes::open::leads_to_one_of;
use crate::escape::PathText;
use crate::save::whole_file::{Durability, write_whole};
use crate::session::context::Context;
use crate::session::effect::Effect;
use crate::session::handed_rows::{HandingError, SharedRows, clipboard_text};
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::name_request::{Asked, IS_OPEN};
use crate::session::notice::{Level, Topic};
use crate::session::tabs::Tabs;
use std::io;
use std::path::PathBuf;

/// Rows of lists that are on their way to other programs.
#[derive(Debug, Default)]
pub(in crate::session) struct ListExport {
    copying: Jobs<TabId, Result<String, HandingError>>,
    writing: Jobs<(SharedRows, PathBuf), Result<(), HandingError>>,
}

impl ListExport {
    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.copying.activities().chain(self.writing.activities())
    }

    /// Ends what is on its way; `false` when nothing is.
    pub fn cancel(&mut self, context: &mut Context) -> bool {
        context.say_stopped(self.copying.clear() | self.writing.clear())
    }

    /// Copies rows as text.
    pub fn copy(&mut self, rows: SharedRows, context: &mut Context) {
        context.want(Effect::StopCopyingArrays);
        context.want(Effect::ArrayIsCopied);
        // Of several copies the last one is meant.
        self.copying.clear();
        let (task, tab) = (Task::shown("copy rows", "Copying").about(rows.tab()), rows.tab());
        let work = move |progress: &_| clipboard_text(&*rows, progress);
        if let Err((error, _)) = self.copying.start(context.waker(), task, tab, work) {
            context.say(format!("Nothing was copied: {error}."));
        }
    }

    /// Asks for a name for the file that rows go to.
    pub fn ask_name(&self, rows: SharedRows, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.get(rows.tab()) else { return };
        let name = format!("{}.{}.{}", tab.title, rows.noun(), rows.extension());
        let suggested = match &tab.file {
            Some(file) => file.path().with_file_name(name).typed(),
            None => name,
        };
        context.ask_name(Asked::Rows(rows), suggested);
    }

    /// Writes rows to the file that was named; with `replace` over one that is there.
    pub fn write(
        &mut self,
        rows: SharedRows,
        path: PathBuf,
        replace: bool,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let open = tabs.open_files();
        let task = Task::shown("export rows", format!("Exporting the {}", rows.noun())).about(rows.tab());
        let what = (rows.clone(), path.clone());
        let started = self.writing.start(context.waker(), task, what, move |progress| {
            if leads_to_one_of(&path, &open) {
                return Err(io::Error::other(IS_OPEN).into());
            }
            write_whole(&path, replace, Durability::Synced, |out| rows.write(progress, out))
        });
        if let Err((error, _)) = started {
            context.say(format!("Nothing was written: {error}."));
        }
    }

    /// Takes what workers have made since the last call.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.copying.drain_finished() {
            match ended.answer {
                Some(Ok(text)) => {
                    let title = tabs.title(ended.what).to_owned();
                    context.want(Effect::ArrayCopied { text, bytes: None, is_text: true, title });
                }
                Some(Err(error)) => context.say(format!("Nothing was copied: {error}.")),
                None => context.say("The copy ended unexpectedly."),
            }
        }
        for ended in self.writing.drain_finished() {
            let (rows, path) = ended.what;
            let lost = || Err(io::Error::other("the export ended unexpectedly").into());
            tell_written(rows, path, ended.answer.unwrap_or_else(lost), context);
        }
    }
}

/// Tells what became of a file of rows. Asks again where the name was a slip, or another file has it.
fn tell_written(rows: SharedRows, path: PathBuf, done: Result<(), HandingError>, context: &mut Context) {
    let error = match done {
        Ok(()) => return context.say(format!("{} written to {}.", rows.counted(), path.shown())),
        Err(error) => error,
    };
    let kind = match &error {
        HandingError::Write(error) => Some(error.kind()),
        HandingError::TooLong(_) | HandingError::Cancelled | HandingError::List(_) => None,
    };
    if kind == Some(io::ErrorKind::AlreadyExists) {
        return context.ask_to_replace(Asked::Rows(rows), path);
    }
    let reason = error.to_string();
    let text = format!("{} was not written: {}.", path.shown(), reason.trim_end_matches('.'));
    let (tab, is_slip) = (rows.tab(), kind == Some(io::ErrorKind::NotFound));
    if !(is_slip && context.ask_name_again(Asked::Rows(rows), &path, text.clone())) {
        context.notices.push(Level::Error, Topic::Clipboard, Some(tab), text);
    }
}
