//! Matches for other programs: copied as lines of text, or written to a file as CSV or JSON. A worker reads the bytes as they
//! were searched, row by row, so a list may be of any length.

use super::FindState;
use super::hits::{FoundMatch, MatchReading};
use super::names::MatchNames;
use super::rows::MatchRows;
use crate::analysis::spans::SpillError;
use crate::bytes::ahead::Ahead;
use crate::bytes::open::leads_to_one_of;
use crate::bytes::{Origin, ReadErrorKind, Source, Span};
use crate::decode::dtype::ItemType;
use crate::escape::PathText;
use crate::export::arrays::MAX_TEXT_BYTES;
use crate::export::matches::{MatchFormat, MatchRecord, MatchWriter, MatchedValue};
use crate::job::Progress;
use crate::save::whole_file::{Durability, write_whole};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::effect::Effect;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::name_request::{Asked, IS_OPEN};
use crate::session::notice::{Level, Topic};
use crate::session::tabs::Tabs;
use std::io;
use std::path::PathBuf;

/// What is on its way to other programs.
#[derive(Debug, Default)]
pub(super) struct Handing {
    copying: Jobs<TabId, Result<String, HandingError>>,
    writing: Jobs<(Asked, PathBuf), Result<u64, HandingError>>,
    /// What the name of a file is being asked for.
    asked: Option<HandedMatches>,
    /// How often a name was asked for.
    count: u64,
}

/// Rows of a list, and what is needed to write them.
#[derive(Clone, Debug)]
struct HandedMatches {
    number: u64,
    tab: TabId,
    rows: MatchRows,
    names: MatchNames,
}

#[derive(Debug, thiserror::Error)]
pub(in crate::session::features) enum HandingError {
    #[error("{0}")]
    Write(#[from] io::Error),
    #[error("{IS_OPEN}")]
    IsOpen,
    #[error(
        "the text would exceed the limit of the clipboard, 16 MiB. Choose fewer rows, or export the list to a file"
    )]
    TooLong,
    #[error("the job was cancelled")]
    Cancelled,
    #[error("{0}")]
    List(#[from] SpillError),
}

impl Handing {
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

impl FindState {
    /// Copies the chosen rows, or all of them, as lines of text.
    pub(in crate::session) fn copy_matches(&mut self, tabs: &Tabs, context: &mut Context) {
        let Some(handed) = self.handed(tabs) else { return context.say("There are no matches to copy.") };
        context.want(Effect::StopCopyingArrays);
        context.want(Effect::ArrayIsCopied);
        self.handing.copying.clear();
        let (task, tab) = (Task::shown("copy matches", "Copying").about(handed.tab), handed.tab);
        let started = self.handing.copying.start(context.waker(), task, tab, move |progress| {
            Capped::text_of(|text| handed.write(MatchFormat::Lines, progress, text))
        });
        if let Err((error, _)) = started {
            context.say(format!("Nothing was copied: {error}."));
        }
    }

    /// Asks for a name for the file that the chosen rows, or all of them, go to.
    pub(in crate::session) fn ask_matches_name(
        &mut self,
        format: MatchFormat,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Some(handed) = self.handed(tabs) else { return context.say("There are no matches to export.") };
        let Some(tab) = tabs.get(handed.tab) else { return };
        let name = format!("{}.matches.{}", tab.title, format.extension());
        let suggested = match &tab.file {
            Some(file) => file.path().with_file_name(name).typed(),
            None => name,
        };
        let asked = Asked::Matches { number: handed.number, format };
        self.handing.asked = Some(handed);
        context.ask_name(asked, suggested);
    }

    /// Writes the rows to the file that was named.
    pub(in crate::session) fn write_matches(
        &mut self,
        asked: Asked,
        path: PathBuf,
        replace: bool,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Asked::Matches { number, format } = asked else { return };
        let handed = self.handing.asked.clone().filter(|handed| handed.number == number);
        let Some(handed) = handed else { return context.say("These matches are no longer listed.") };
        let open = tabs.open_files();
        let task = Task::shown("export matches", "Exporting the matches").about(handed.tab);
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
            self.written(asked, path, ended.answer.unwrap_or(Err(HandingError::Cancelled)), context);
        }
    }

    /// Tells what became of a file of matches.
    fn written(
        &mut self,
        asked: Asked,
        path: PathBuf,
        done: Result<u64, HandingError>,
        context: &mut Context,
    ) {
        let tab = self.handing.asked.as_ref().map(|handed| handed.tab);
        let done = done.map(|count| describe::counted(count, "match", "matches"));
        if tell_written(asked, path, tab, done, context) {
            self.handing.asked = None;
        }
    }

    /// The chosen rows, or all of them, to be handed over; `None` when there are none.
    fn handed(&mut self, tabs: &Tabs) -> Option<HandedMatches> {
        let tab = tabs.front()?;
        let hits = self.matches.shown(tab)?;
        let names = MatchNames::of(tab, &hits.elements);
        let is_as_long = hits.found.searched.len() == tab.len();
        self.handing.count += 1;
        Some(HandedMatches {
            number: self.handing.count,
            tab: tab.id,
            rows: self.matches.meant_rows()?,
            names: if is_as_long { names } else { names.without_screen() },
        })
    }
}

/// Tells what became of a file of rows, which are `done` in words; whether it was written. Asks again where the name was a
/// slip, or another file has it.
pub(in crate::session::features) fn tell_written(
    asked: Asked,
    path: PathBuf,
    tab: Option<TabId>,
    done: Result<String, HandingError>,
    context: &mut Context,
) -> bool {
    match done {
        Ok(rows) => {
            context.say(format!("{rows} written to {}.", path.shown()));
            return true;
        }
        Err(HandingError::Write(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
            context.ask_to_replace(asked, path);
        }
        Err(error) => {
            let reason = error.to_string();
            let text = format!("{} was not written: {}.", path.shown(), reason.trim_end_matches('.'));
            let is_slip =
                matches!(&error, HandingError::Write(error) if error.kind() == io::ErrorKind::NotFound);
            if !(is_slip && context.ask_name_again(asked, &path, text.clone())) {
                context.notices.push(Level::Error, Topic::Clipboard, tab, text);
            }
        }
    }
    false
}

/// What workers do.
impl HandedMatches {
    /// Writes the rows as a new file. Blocks.
    fn write_file(
        &self,
        format: MatchFormat,
        path: &std::path::Path,
        (replace, open): (bool, &[Origin]),
        progress: &Progress,
    ) -> Result<u64, HandingError> {
        if leads_to_one_of(path, open) {
            return Err(HandingError::IsOpen);
        }
        write_whole(path, replace, Durability::Synced, |out| self.write(format, progress, out))?;
        Ok(self.rows.len())
    }

    /// Writes the rows. Blocks.
    fn write(
        &self,
        format: MatchFormat,
        progress: &Progress,
        out: &mut dyn io::Write,
    ) -> Result<(), HandingError> {
        progress.set_total(self.rows.len());
        let mut writer = MatchWriter::begin(format, self.rows.len(), out)?;
        let found = self.rows.found();
        let mut ahead = Ahead::new(found.bytes(), progress.as_cancel());
        let mut rows = self.rows.iter().peekable();
        while let Some(this) = rows.next() {
            let this = this?;
            if progress.is_cancelled() {
                return Err(HandingError::Cancelled);
            }
            let next = rows.peek().and_then(|next| next.as_ref().ok()).filter(|_| self.rows.ascend());
            let next = next.map(|next| next.span.end());
            let bytes = match read(&mut ahead, this.span, next.unwrap_or(this.span.end())) {
                Ok(bytes) => Some(bytes),
                Err(ReadErrorKind::Cancelled) => return Err(HandingError::Cancelled),
                Err(_) => None,
            };
            self.write_row(&this, bytes, &mut writer)?;
            progress.advance(1);
        }
        Ok(writer.end()?)
    }

    fn write_row(
        &self,
        this: &FoundMatch<'_>,
        bytes: Option<&[u8]>,
        writer: &mut MatchWriter<'_>,
    ) -> io::Result<()> {
        let reading = self.rows.found().reading();
        let plain = match reading {
            MatchReading::Value(dtype) => Some(ItemType::from(dtype)),
            MatchReading::Hex | MatchReading::Text(_) | MatchReading::UsualText => None,
        };
        let text = bytes.map(|bytes| reading.text(bytes)).unwrap_or_default();
        let value = match (&this.element, &plain, bytes) {
            (_, _, None) => MatchedValue::Unread,
            (Some(element), _, Some(group)) => MatchedValue::Item {
                item: &element.array.elements().item,
                group,
                place: element.place().item,
            },
            (None, Some(item), Some(group)) => MatchedValue::Item { item, group, place: 0 },
            (None, None, Some(_)) => MatchedValue::Text(&text),
        };
        let (array, index) = match &this.element {
            Some(element) => (element.array.name.as_deref().map(str::to_owned), Some(element.base_index())),
            None => match self.names.name(this.span.start(), this.span.start()) {
                Some(name) => (name.array, Some(name.index)),
                None => (None, None),
            },
        };
        writer.write(&MatchRecord {
            offset: this.is_in_file().then_some(this.span.start()),
            length: this.span.len(),
            array: array.as_deref(),
            index: index.as_deref(),
            value,
        })
    }
}

/// The bytes of a match; those up to `next` are wanted soon, and do no harm when they can't be read.
fn read<'a>(ahead: &'a mut Ahead<'_>, span: Span, next: u64) -> Result<&'a [u8], ReadErrorKind> {
    if ahead.get(span, next).is_err() {
        ahead.get(span, span.end()).map_err(|error| error.kind())?;
    }
    ahead.get(span, span.end()).map_err(|error| error.kind())
}

/// Text for the clipboard, which takes only so much.
#[derive(Debug, Default)]
pub(in crate::session::features) struct Capped {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Capped {
    /// The text that `write` makes.
    ///
    /// # Errors
    /// Those of `write`; [`HandingError::TooLong`] of a text that the clipboard does not take.
    pub fn text_of(
        write: impl FnOnce(&mut Self) -> Result<(), HandingError>,
    ) -> Result<String, HandingError> {
        let mut text = Self::default();
        match write(&mut text) {
            Err(HandingError::Write(_)) if text.is_full => return Err(HandingError::TooLong),
            done => done?,
        }
        Ok(String::from_utf8_lossy(&text.bytes).into_owned())
    }
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
