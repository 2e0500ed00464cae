//! Strings for other programs: copied as lines of text, or written to a file as CSV, JSON or text. A worker reads the bytes
//! as they were searched, row by row, so a list may be of any length.

use super::StringsState;
use super::order::{SortedStrings, StringOrder, number_of_row};
use crate::analysis::strings::list::StringList;
use crate::analysis::strings::text::read_text;
use crate::bytes::ahead::Ahead;
use crate::bytes::open::leads_to_one_of;
use crate::bytes::{Origin, ReadErrorKind, Span};
use crate::decode::Encoding;
use crate::document::Snapshot;
use crate::escape::PathText;
use crate::export::strings::{StringFormat, StringHead, StringWriter};
use crate::job::Progress;
use crate::save::whole_file::{Durability, write_whole};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::effect::Effect;
use crate::session::features::find::handing::{Capped, HandingError, tell_written};
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::name_request::Asked;
use crate::session::tabs::Tabs;
use std::io;
use std::ops::{ControlFlow, RangeInclusive};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of a string that is read in one go; a longer one is read part by part.
const WHOLE: u64 = 64 << 10;

/// What is on its way to other programs.
#[derive(Debug, Default)]
pub(super) struct StringHanding {
    copying: Jobs<TabId, Result<String, HandingError>>,
    writing: Jobs<(Asked, PathBuf), Result<u64, HandingError>>,
    /// What the name of a file is being asked for.
    asked: Option<HandedStrings>,
    /// How often a name was asked for.
    count: u64,
}

/// Rows of the list, and what is needed to write them.
#[derive(Clone, Debug)]
struct HandedStrings {
    number: u64,
    tab: TabId,
    list: Arc<StringList>,
    searched: Snapshot,
    order: StringOrder,
    sorted: Option<SortedStrings>,
    /// Strings when the rows were taken: those that are found later come behind.
    count: u64,
    rows: RangeInclusive<u64>,
}

impl StringHanding {
    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.copying.activities().chain(self.writing.activities())
    }

    /// Ends what is on its way; `false` when nothing is.
    pub fn cancel(&mut self, context: &mut Context) -> bool {
        let any = self.copying.clear() | self.writing.clear();
        if any {
            context.say("Stopped.");
        }
        any
    }
}

impl StringsState {
    /// Copies the texts of the chosen rows, or of all of them.
    pub(in crate::session) fn copy_strings(&mut self, tabs: &Tabs, context: &mut Context) {
        let Some(handed) = self.handed(tabs) else { return context.say("There are no strings to copy.") };
        context.want(Effect::StopCopyingArrays);
        context.want(Effect::ArrayIsCopied);
        self.handing.copying.clear();
        let (task, tab) = (Task::shown("copy strings", "Copying").about(handed.tab), handed.tab);
        let started = self.handing.copying.start(context.waker(), task, tab, move |progress| {
            Capped::text_of(|text| handed.write(StringFormat::Lines, progress, text))
        });
        if let Err((error, _)) = started {
            context.say(format!("Nothing was copied: {error}."));
        }
    }

    /// Asks for a name for the file that the chosen rows, or all of them, go to.
    pub(in crate::session) fn ask_strings_name(
        &mut self,
        format: StringFormat,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Some(handed) = self.handed(tabs) else { return context.say("There are no strings to export.") };
        let Some(tab) = tabs.get(handed.tab) else { return };
        let name = format!("{}.strings.{}", tab.title, format.extension());
        let suggested = match &tab.file {
            Some(file) => file.path().with_file_name(name).typed(),
            None => name,
        };
        let asked = Asked::Strings { number: handed.number, format };
        self.handing.asked = Some(handed);
        context.ask_name(asked, suggested);
    }

    /// Writes the rows to the file that was named.
    pub(in crate::session) fn write_strings(
        &mut self,
        asked: Asked,
        path: PathBuf,
        replace: bool,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Asked::Strings { number, format } = asked else { return };
        let handed = self.handing.asked.clone().filter(|handed| handed.number == number);
        let Some(handed) = handed else { return context.say("These strings are no longer listed.") };
        let open = tabs.open_files();
        let task = Task::shown("export strings", "Exporting the strings").about(handed.tab);
        let what = (asked, path.clone());
        let started = self.handing.writing.start(context.waker(), task, what, move |progress| {
            handed.write_file(format, &path, (replace, &open), progress)
        });
        if let Err((error, _)) = started {
            context.say(format!("Nothing was written: {error}."));
        }
    }

    pub(super) fn poll_handing(&mut self, tabs: &Tabs, context: &mut Context) {
        for ended in self.handing.copying.drain_finished() {
            match ended.answer {
                Some(Ok(text)) => {
                    let title = tabs.title(ended.what).to_owned();
                    context.want(Effect::ArrayCopied { text, bytes: None, is_text: true, title });
                }
                Some(Err(error)) => context.say(format!("Nothing was copied: {error}.")),
                None => context.say("The copy ended unexpectedly."),
            }
        }
        for ended in self.handing.writing.drain_finished() {
            let (asked, path) = ended.what;
            let tab = self.handing.asked.as_ref().map(|handed| handed.tab);
            let done = ended.answer.unwrap_or(Err(HandingError::Cancelled));
            let done = done.map(|count| describe::counted(count, "string", "strings"));
            if tell_written(asked, path, tab, done, context) {
                self.handing.asked = None;
            }
        }
    }

    /// The chosen rows, or all of them, to be handed over; `None` when there are none.
    fn handed(&mut self, tabs: &Tabs) -> Option<HandedStrings> {
        let listed = self.listed(tabs.front()?)?;
        let count = listed.len();
        let all = 0..=count.checked_sub(1)?;
        let (tab, list, searched) = (listed.tab(), Arc::clone(&listed.list), listed.searched.clone());
        self.handing.count += 1;
        Some(HandedStrings {
            number: self.handing.count,
            tab,
            list,
            searched,
            order: self.order,
            sorted: self.sorted.clone(),
            count,
            rows: self.chosen_rows().unwrap_or(all),
        })
    }
}

/// What workers do.
impl HandedStrings {
    fn len(&self) -> u64 {
        (self.rows.end() + 1).saturating_sub(*self.rows.start())
    }

    /// Writes the rows as a new file. Blocks.
    fn write_file(
        &self,
        format: StringFormat,
        path: &Path,
        (replace, open): (bool, &[Origin]),
        progress: &Progress,
    ) -> Result<u64, HandingError> {
        if leads_to_one_of(path, open) {
            return Err(HandingError::IsOpen);
        }
        write_whole(path, replace, Durability::Synced, |out| self.write(format, progress, out))?;
        Ok(self.len())
    }

    /// Writes the rows. Blocks.
    fn write(
        &self,
        format: StringFormat,
        progress: &Progress,
        out: &mut dyn io::Write,
    ) -> Result<(), HandingError> {
        progress.set_total(self.len());
        let mut writer = StringWriter::begin(format, self.len(), out)?;
        let mut ahead = Ahead::new(&self.searched, progress.as_cancel());
        let number = |row| number_of_row(row, self.count, self.order, self.sorted.as_ref());
        let mut cursor = self.list.cursor();
        let found = |number| cursor.get(number).transpose();
        let mut rows = self.rows.clone().filter_map(number).filter_map(found).peekable();
        while let Some(found) = rows.next() {
            let (span, encoding) = found?;
            if progress.is_cancelled() {
                return Err(HandingError::Cancelled);
            }
            let next =
                rows.peek().and_then(|next| next.as_ref().ok()).map_or(span.end(), |(next, _)| next.end());
            let (offset, length) = (span.start(), span.len());
            writer.start(StringHead { offset, length, encoding: encoding.name() })?;
            self.write_text((span, encoding), next, (&mut ahead, progress), &mut writer)?;
            writer.finish()?;
            progress.advance(1);
        }
        Ok(writer.end()?)
    }

    /// Writes the text of a string; nothing of one that can't be read any more. What is up to `next` is wanted soon.
    fn write_text(
        &self,
        (span, encoding): (Span, Encoding),
        next: u64,
        (ahead, progress): (&mut Ahead<'_>, &Progress),
        writer: &mut StringWriter<'_>,
    ) -> Result<(), HandingError> {
        let read = if span.len() <= WHOLE {
            // Bytes behind it that can't be read do no harm.
            if ahead.get(span, next.max(span.end())).is_err() {
                ahead.get(span, span.end()).map(drop)
            } else {
                Ok(())
            }
            .and_then(|()| ahead.get(span, span.end()))
            .map(|bytes| writer.part(&encoding.decode_lossy(bytes)))
        } else {
            let mut written = Ok(());
            read_text(&self.searched, span, encoding, progress.as_cancel(), &mut |part| {
                written = writer.part(part);
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
            .map(|()| written)
        };
        match read {
            Ok(written) => Ok(written?),
            Err(error) if error.kind() == ReadErrorKind::Cancelled => Err(HandingError::Cancelled),
            Err(_) => Ok(()),
        }
    }
}
