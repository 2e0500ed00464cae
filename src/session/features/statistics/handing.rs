//! Statistics for other programs: copied as lines of text, or written to a file as CSV or JSON.

use super::table::{RowState, StatisticsRowFacts};
use super::{StatisticsState, StatisticsView};
use crate::bytes::Origin;
use crate::bytes::open::leads_to_one_of;
use crate::escape::PathText;
use crate::export::arrays::MAX_TEXT_BYTES;
use crate::export::statistics::{
    StatisticsFormat, StatisticsRow, json_object, write_facts, write_json_list, write_table,
};
use crate::save::whole_file::{Durability, write_whole};
use crate::session::context::Context;
use crate::session::effect::Effect;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::name_request::{Asked, IS_OPEN};
use crate::session::notice::{Level, Topic};
use crate::session::tabs::Tabs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Said of a table that the clipboard does not take.
const TOO_LONG: &str = "the text would exceed the limit of the clipboard, 16 MiB. Export the table to a file";

/// What is on its way to other programs.
#[derive(Debug, Default)]
pub(super) struct StatisticsHanding {
    copying: Jobs<TabId, io::Result<String>>,
    writing: Jobs<(Asked, PathBuf), io::Result<()>>,
    /// What the name of a file is being asked for.
    asked: Option<HandedStatistics>,
    /// How often a name was asked for.
    count: u64,
}

/// Statistics as the panel shows them.
#[derive(Clone, Debug)]
struct HandedStatistics {
    number: u64,
    tab: TabId,
    what: HandedKind,
}

#[derive(Clone, Debug)]
enum HandedKind {
    /// One array with all of its facts.
    One(Arc<StatisticsRowFacts>),
    /// Rows, and the order in which they are shown.
    Table(Arc<Vec<StatisticsRowFacts>>, Arc<[u32]>),
}

impl StatisticsRowFacts {
    fn as_exported(&self) -> StatisticsRow<'_> {
        let known = match &self.known {
            RowState::Known(known) => Ok(&**known),
            RowState::Waiting => Err("it was not read"),
            RowState::Failed(reason) => Err(&**reason),
        };
        StatisticsRow { name: &self.name, dtype: &self.dtype, shape: &self.shape, known }
    }
}

impl HandedStatistics {
    /// Writes them. Blocks.
    fn write(&self, format: StatisticsFormat, out: &mut dyn io::Write) -> io::Result<()> {
        let separator = if format == StatisticsFormat::Csv { ',' } else { '\t' };
        match (&self.what, format) {
            (HandedKind::One(row), StatisticsFormat::Json) => {
                writeln!(out, "{}", json_object(&row.as_exported()))
            }
            (HandedKind::One(row), StatisticsFormat::Csv | StatisticsFormat::Lines) => {
                write_facts(&row.as_exported(), separator, out)
            }
            (HandedKind::Table(rows, shown), format) => {
                let rows = shown.iter().filter_map(|row| rows.get(*row as usize));
                let rows = rows.map(StatisticsRowFacts::as_exported);
                match format {
                    StatisticsFormat::Json => write_json_list(rows, out),
                    StatisticsFormat::Csv | StatisticsFormat::Lines => write_table(rows, separator, out),
                }
            }
        }
    }

    fn write_file(
        &self,
        format: StatisticsFormat,
        path: &Path,
        (replace, open): (bool, &[Origin]),
    ) -> io::Result<()> {
        if leads_to_one_of(path, open) {
            return Err(io::Error::other(IS_OPEN));
        }
        write_whole(path, replace, Durability::Synced, |out| self.write(format, out))
    }
}

impl StatisticsHanding {
    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.copying.activities().chain(self.writing.activities())
    }

    /// Ends what is on its way; `false` when nothing is.
    pub fn cancel(&mut self) -> bool {
        self.copying.clear() | self.writing.clear()
    }

    /// Takes what workers have written.
    pub fn poll(&mut self, tabs: &Tabs, context: &mut Context) {
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
            let (asked, path) = ended.what;
            let ended =
                ended.answer.unwrap_or_else(|| Err(io::Error::other("the export ended unexpectedly")));
            match ended {
                Ok(()) => {
                    self.asked = None;
                    context.say(format!("Statistics written to {}.", path.shown()));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    context.ask_to_replace(asked, path);
                }
                Err(error) => {
                    let reason = error.to_string();
                    let text = format!("{} was not written: {}.", path.shown(), reason.trim_end_matches('.'));
                    let is_slip = error.kind() == io::ErrorKind::NotFound;
                    if is_slip && context.ask_name_again(asked, &path, text.clone()) {
                        continue;
                    }
                    let tab = self.asked.as_ref().map(|handed| handed.tab);
                    context.notices.push(Level::Error, Topic::Clipboard, tab, text);
                }
            }
        }
    }
}

impl StatisticsState {
    /// Copies what the panel shows as lines of text.
    pub(in crate::session) fn copy(&mut self, tabs: &Tabs, context: &mut Context) {
        let Some(handed) = self.handed(tabs) else { return context.say("There are no statistics to copy.") };
        context.want(Effect::StopCopyingArrays);
        context.want(Effect::ArrayIsCopied);
        self.handing.copying.clear();
        let (task, tab) = (Task::shown("copy statistics", "Copying").about(handed.tab), handed.tab);
        let started = self.handing.copying.start(context.waker(), task, tab, move |_| {
            let mut text = Vec::new();
            handed.write(StatisticsFormat::Lines, &mut text)?;
            if text.len() as u64 > MAX_TEXT_BYTES {
                return Err(io::Error::other(TOO_LONG));
            }
            Ok(String::from_utf8_lossy(&text).into_owned())
        });
        if let Err((error, _)) = started {
            context.say(format!("Nothing was copied: {error}."));
        }
    }

    /// Asks for a name for the file that what the panel shows goes to.
    pub(in crate::session) fn ask_name(
        &mut self,
        format: StatisticsFormat,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Some(mut handed) = self.handed(tabs) else {
            return context.say("There are no statistics to export.");
        };
        let Some(tab) = tabs.get(handed.tab) else { return };
        self.handing.count += 1;
        handed.number = self.handing.count;
        let name = format!("{}.statistics.{}", tab.title, format.extension());
        let suggested = match &tab.file {
            Some(file) => file.path().with_file_name(name).typed(),
            None => name,
        };
        let asked = Asked::Statistics { number: handed.number, format };
        self.handing.asked = Some(handed);
        context.ask_name(asked, suggested);
    }

    /// Writes the statistics to the file that was named.
    pub(in crate::session) fn write(
        &mut self,
        asked: Asked,
        path: PathBuf,
        replace: bool,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Asked::Statistics { number, format } = asked else { return };
        let handed = self.handing.asked.clone().filter(|handed| handed.number == number);
        let Some(handed) = handed else { return context.say("These statistics are no longer shown.") };
        let open = tabs.open_files();
        let task = Task::shown("export statistics", "Exporting the statistics").about(handed.tab);
        let what = (asked, path.clone());
        let started = self
            .handing
            .writing
            .start(context.waker(), task, what, move |_| handed.write_file(format, &path, (replace, &open)));
        if let Err((error, _)) = started {
            context.say(format!("Nothing was written: {error}."));
        }
    }

    /// What the panel shows; `None` while nothing is known.
    fn handed(&self, tabs: &Tabs) -> Option<HandedStatistics> {
        let (tab, what) = match self.view {
            StatisticsView::Selection => {
                let measured = self.following.measured()?;
                let row = StatisticsRowFacts {
                    name: measured.subject.name().into(),
                    dtype: measured.subject.item().to_string().into(),
                    shape: measured.subject.array.shape.clone().into(),
                    known: RowState::Known(Arc::new((*measured.known).clone())),
                };
                (measured.subject.tab, HandedKind::One(Arc::new(row)))
            }
            StatisticsView::Arrays => {
                let tab = tabs.front_id()?;
                let (rows, shown) = self.arrays.of(tab)?.table.shared();
                (tab, HandedKind::Table(rows, shown.into()))
            }
            StatisticsView::Axis => {
                let lines = self.axis.shown()?;
                let (rows, shown) = lines.table.shared();
                (lines.subject.tab, HandedKind::Table(rows, shown.into()))
            }
        };
        Some(HandedStatistics { number: 0, tab, what })
    }

    /// Whether there is something to copy or to export.
    pub fn has_answer(&self, tab: TabId) -> bool {
        match self.view {
            StatisticsView::Selection => self.following.measured().is_some(),
            StatisticsView::Arrays => self.arrays.of(tab).is_some(),
            StatisticsView::Axis => self.axis.shown().is_some(),
        }
    }
}
