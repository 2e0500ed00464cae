//! Statistics of all arrays of a container: a row each, measured in the order of the file by one job.
//!
//! After an edit only the arrays whose bytes have changed are measured again. Compressed arrays are decompressed one
//! after the other; those of an index are read in the files that have them.

use super::table::{RowState, StatisticsOrder, StatisticsRowFacts, StatisticsTable};
use super::work::{FoundRows, RowInbox, SETTLING, Waking, settled};
use crate::analysis::stats::{
    Statistics, StatisticsQuestion, measure_each, statistics, tuning_beside_others,
};
use crate::analysis::{ElementPass, PassEnd};
use crate::bytes::open::open;
use crate::bytes::{SharedSource, Source, Span};
use crate::decode::array::Array;
use crate::document::{Mapped, Revision, Snapshot};
use crate::escape::escaped;
use crate::formats::{Container, Entry, Format, Home, recognise_source};
use crate::job::{Progress, Waker};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a compressed array that are decompressed.
const MOST_UNPACKED: u64 = 64 << 30;
/// Arrays with NaN that are counted for a group of the tree, which is done in each frame.
const MOST_COUNTED: usize = 1000;

/// The tables of all tabs, and the job that fills one of them.
#[derive(Debug, Default)]
pub struct ArraysStatistics {
    tables: HashMap<TabId, ArraysTable>,
    running: Jobs<Measuring, ()>,
    order: StatisticsOrder,
}

/// The table of a tab.
#[derive(Debug)]
pub struct ArraysTable {
    pub table: StatisticsTable,
    container: Arc<Container>,
    /// The state of the document that the rows are true of.
    revision: Revision,
    /// The user has stopped it.
    is_stopped: bool,
}

/// A job that fills a table.
#[derive(Debug)]
struct Measuring {
    tab: TabId,
    revision: Revision,
    inbox: Arc<RowInbox>,
}

impl ArraysStatistics {
    /// The table of a tab, if it was asked for.
    pub fn of(&self, tab: TabId) -> Option<&ArraysTable> {
        self.tables.get(&tab)
    }

    pub(super) fn of_mut(&mut self, tab: TabId) -> Option<&mut ArraysTable> {
        self.tables.get_mut(&tab)
    }

    /// How many NaN an array of a container has, as far as that is known.
    pub fn nan_of(&self, tab: TabId, entry: u32) -> u64 {
        let row = self.tables.get(&tab).and_then(|table| table.table.row(entry));
        row.and_then(|row| row.known.statistics()).map_or(0, |known| known.nan)
    }

    /// How many NaN the arrays have whose names begin alike, as far as that is known.
    pub fn nan_under(&self, tab: TabId, prefix: &str) -> u64 {
        let Some(table) = self.tables.get(&tab) else { return 0 };
        let under = table.table.with_nan().iter().take(MOST_COUNTED);
        let under =
            under.filter(|row| table.entry(**row).is_some_and(|entry| entry.name.starts_with(prefix)));
        under.map(|row| self.nan_of(tab, *row)).sum()
    }

    /// Whether nothing is being measured.
    pub fn is_at_rest(&self) -> bool {
        self.running.is_empty()
    }

    /// How far the table of a tab is, while it is being filled.
    pub fn fraction(&self, tab: TabId) -> Option<f32> {
        self.running.iter().find(|measuring| measuring.tab == tab)?.inbox.fraction()
    }

    /// Whether the user has stopped the table of a tab before its end.
    pub fn is_stopped(&self, tab: TabId) -> bool {
        self.tables.get(&tab).is_some_and(|table| table.is_stopped)
    }

    pub(super) fn activities(&self) -> impl Iterator<Item = Activity> {
        let fraction = self.running.iter().next().and_then(|measuring| measuring.inbox.fraction());
        self.running.activities().map(move |activity| Activity { fraction, ..activity })
    }

    /// Ends what runs; `false` when nothing does.
    pub(super) fn stop(&mut self) -> bool {
        for measuring in self.running.iter() {
            if let Some(table) = self.tables.get_mut(&measuring.tab) {
                table.is_stopped = true;
            }
        }
        self.running.clear()
    }

    /// Goes on with what was stopped.
    pub(super) fn go_on(&mut self, tab: TabId) {
        if let Some(table) = self.tables.get_mut(&tab) {
            table.is_stopped = false;
        }
    }

    pub(super) fn forget_tab(&mut self, tab: TabId) {
        self.running.forget_tab(tab);
        self.tables.remove(&tab);
    }

    /// Puts the rows of a tab in another order, and those of other tabs when they are shown next.
    pub(super) fn order_by(&mut self, tab: TabId, column: super::table::StatisticsColumn) {
        if let Some(table) = self.tables.get_mut(&tab) {
            table.table.order_by(column);
            self.order = table.table.order();
        }
    }

    /// Takes rows that were found; with `fills` measures what is not known of the tab in front.
    pub(super) fn poll(&mut self, fills: bool, tabs: &Tabs, context: &mut Context) {
        self.take_rows();
        for table in &mut self.tables {
            if let Some(tab) = tabs.get(*table.0) {
                table.1.forget_what_changed(tab);
            }
        }
        let front = tabs.front().filter(|_| fills);
        let Some((tab, found)) = front.and_then(|tab| Some((tab, tab.arrays.found.as_ref()?))) else {
            self.running.clear();
            return;
        };
        let is_known = self.tables.get(&tab.id).is_some_and(|table| table.is_of(&found.container));
        if !is_known {
            self.tables.insert(tab.id, ArraysTable::new(&found.container, tab, self.order));
        }
        let Some(table) = self.tables.get(&tab.id) else { return };
        let goes_on = |measuring: &Measuring| measuring.tab == tab.id && measuring.revision == table.revision;
        if self.running.iter().any(goes_on) && is_known {
            return;
        }
        let was_running = self.running.clear();
        if table.is_stopped || table.table.done() == table.table.len() {
            return;
        }
        self.start(tab, found.format, was_running, context);
    }

    fn take_rows(&mut self) {
        let mut found: Vec<(TabId, FoundRows, bool)> = Vec::new();
        for measuring in self.running.iter() {
            found.push((measuring.tab, measuring.inbox.take(), false));
        }
        for ended in self.running.drain_finished() {
            found.push((ended.what.tab, ended.what.inbox.take(), true));
        }
        for (tab, rows, is_last) in found {
            let Some(table) = self.tables.get_mut(&tab) else { continue };
            rows.into_iter().for_each(|(entry, known)| table.table.set(entry, known));
            table.table.settle(is_last);
            if is_last && table.table.done() < table.table.len() {
                // The worker has ended before its end: it is not begun again by itself.
                table.is_stopped = true;
            }
        }
    }

    fn start(&mut self, tab: &Tab, format: &'static dyn Format, waits: bool, context: &mut Context) {
        let Some(table) = self.tables.get(&tab.id) else { return };
        let inbox = Arc::new(RowInbox::default());
        let work = ArraysWork {
            container: Arc::clone(&table.container),
            entries: table.waiting(),
            format,
            snapshot: tab.shown().clone(),
            path: tab.file.as_ref().map(|file| file.path().to_owned()),
            inbox: Arc::clone(&inbox),
            waker: context.waker(),
            waits,
            unpacking: Mutex::default(),
        };
        let what = Measuring { tab: tab.id, revision: table.revision, inbox };
        let task = Task::shown("statistics", "Statistics of all arrays").about(tab.id);
        if let Err((error, _)) =
            self.running.start(context.waker(), task, what, move |progress| work.run(progress))
        {
            context.say(format!("No thread could be started ({error})."));
            self.stop_table(tab.id);
        }
    }

    fn stop_table(&mut self, tab: TabId) {
        if let Some(table) = self.tables.get_mut(&tab) {
            table.is_stopped = true;
        }
    }
}

impl ArraysTable {
    fn new(container: &Arc<Container>, tab: &Tab, order: StatisticsOrder) -> Self {
        let row = |entry: &Entry| StatisticsRowFacts {
            name: entry.name.clone(),
            dtype: match entry.type_name() {
                Some(name) => escaped(&name).into(),
                None => "?".into(),
            },
            shape: entry.known_shape().unwrap_or_default().into(),
            known: RowState::Waiting,
        };
        let table = StatisticsTable::new(container.entries.iter().map(row).collect(), order);
        let revision = tab.document().revision();
        Self { table, container: Arc::clone(container), revision, is_stopped: false }
    }

    fn is_of(&self, container: &Arc<Container>) -> bool {
        Arc::ptr_eq(&self.container, container)
    }

    /// The entry of a row.
    pub(super) fn entry(&self, number: u32) -> Option<&Entry> {
        self.container.entries.get(number as usize)
    }

    fn waiting(&self) -> Vec<u32> {
        let waits =
            |number: &u32| self.table.row(*number).is_some_and(|row| matches!(row.known, RowState::Waiting));
        (0..self.container.entries.len() as u32).filter(waits).collect()
    }

    /// After an edit: rows whose bytes are others now, or elsewhere, are to be measured again.
    fn forget_what_changed(&mut self, tab: &Tab) {
        let (now, before) = (tab.document().revision(), self.revision);
        if now == before {
            return;
        }
        self.revision = now;
        let stays = |entry: &Entry| match &entry.home {
            Home::Here(offset) => match entry.bytes().and_then(|bytes| Span::at(*offset, bytes)) {
                Some(span) => {
                    span.is_empty() || tab.document().map_span(span, before) == Mapped::Intact(span)
                }
                None => true,
            },
            Home::Deflated { span, .. } => tab.document().map_span(*span, before) == Mapped::Intact(*span),
            Home::File(_) | Home::Nowhere(_) => true,
        };
        let entries = (0..).zip(&self.container.entries);
        let changed: Vec<u32> =
            entries.filter(|(_, entry)| !stays(entry)).map(|(number, _)| number).collect();
        for number in changed {
            self.table.set(number, RowState::Waiting);
        }
        self.table.settle(true);
    }
}

/// The array of an entry, where its bytes begin in its own source.
pub(super) fn array_of(entry: &Entry) -> Result<Array, String> {
    if entry.unshown.is_some() {
        return Err(String::from("its type is not supported"));
    }
    let offset = match &entry.home {
        Home::Here(offset) | Home::Deflated { offset, .. } => *offset,
        Home::File(_) => return Err(String::from("it is in another file")),
        Home::Nowhere(reason) => return Err(reason.to_string()),
    };
    entry.array_at(offset).map_err(|error| error.to_string())
}

/// What the job does.
struct ArraysWork {
    container: Arc<Container>,
    entries: Vec<u32>,
    format: &'static dyn Format,
    snapshot: Snapshot,
    path: Option<PathBuf>,
    inbox: Arc<RowInbox>,
    waker: Waker,
    waits: bool,
    /// Compressed arrays are decompressed one after the other.
    unpacking: Mutex<()>,
}

/// A file that has arrays of an index, kept while the next ones are in it too.
struct Shard {
    name: Arc<str>,
    found: Result<(SharedSource, Container), String>,
}

impl ArraysWork {
    fn run(&self, progress: &Progress) {
        if self.waits && !settled(SETTLING, progress) {
            return;
        }
        let mut entries: Vec<(&Entry, u32)> = self
            .entries
            .iter()
            .filter_map(|number| Some((self.container.entries.get(*number as usize)?, *number)))
            .collect();
        entries.sort_by_key(|(entry, number)| (place_in_file(entry), *number));
        let bytes = entries.iter().filter_map(|(entry, _)| entry.bytes()).fold(0, u64::saturating_add);
        self.inbox.begin(bytes);
        let mut waking = Waking::new(&self.waker);
        let measure = |(entry, number): (&Entry, u32), shard: &mut Option<Shard>| {
            (number, entry.bytes().unwrap_or(0), self.measure(entry, shard, progress))
        };
        let mut entries = entries.into_iter();
        measure_each(&mut entries, progress.as_cancel(), &measure, &mut |(number, bytes, known)| {
            if progress.is_cancelled() {
                return ControlFlow::Break(());
            }
            let known = match known {
                Ok(known) => RowState::Known(Arc::new(known)),
                Err(reason) => RowState::Failed(reason.into()),
            };
            self.inbox.put(number, known, bytes);
            waking.wake();
            ControlFlow::Continue(())
        });
    }

    fn measure(
        &self,
        entry: &Entry,
        shard: &mut Option<Shard>,
        progress: &Progress,
    ) -> Result<Statistics, String> {
        match &entry.home {
            Home::Here(_) => measured(&self.snapshot, &array_of(entry)?, progress),
            Home::Deflated { .. } => {
                let array = array_of(entry)?;
                let _turn = self.unpacking.lock().unwrap_or_else(PoisonError::into_inner);
                let opened =
                    self.format.open_entry(&self.snapshot, &entry.home, None, MOST_UNPACKED, progress);
                let opened = opened.map_err(|error| error.to_string())?;
                match opened.damage {
                    Some(damage) => Err(damage),
                    None => measured(&*opened.source, &array, progress),
                }
            }
            Home::File(file) => {
                if shard.as_ref().is_none_or(|shard| shard.name != *file) {
                    let found = self.open_shard(file, progress);
                    *shard = Some(Shard { name: Arc::clone(file), found });
                }
                let Some(Shard { found: Ok((source, container)), .. }) = shard else {
                    let failed = shard.as_ref().and_then(|shard| shard.found.as_ref().err());
                    return Err(failed.cloned().unwrap_or_default());
                };
                let own = container.find(&entry.name).and_then(|at| container.entries.get(at));
                let own = own.ok_or_else(|| format!("{} does not have it", escaped(file)))?;
                measured(&**source, &array_of(own)?, progress)
            }
            Home::Nowhere(reason) => Err(reason.to_string()),
        }
    }

    /// Opens another file of the folder and reads its header.
    fn open_shard(&self, file: &str, progress: &Progress) -> Result<(SharedSource, Container), String> {
        let is_plain = Path::new(file).file_name() == Some(file.as_ref());
        let path = self.path.as_ref().filter(|_| is_plain).map(|own| own.with_file_name(file));
        let path = path.ok_or_else(|| format!("{} is not a file of the same folder", escaped(file)))?;
        let opened = open(&path, progress).map_err(|error| error.to_string())?;
        let format = recognise_source(&*opened.source, &path);
        let format = format.ok_or_else(|| format!("{} holds no arrays", escaped(file)))?;
        let container = format.read(&*opened.source, &path, progress).map_err(|error| error.to_string())?;
        Ok((opened.source.clone(), container))
    }
}

/// Arrays in other files come last, file by file.
fn place_in_file(entry: &Entry) -> (Option<&str>, u64) {
    match &entry.home {
        Home::Here(offset) => (None, *offset),
        Home::Deflated { span, .. } => (None, span.start()),
        Home::File(file) => (Some(file), 0),
        Home::Nowhere(_) => (None, u64::MAX),
    }
}

/// The statistics of one array, with the place of its first NaN.
fn measured(source: &dyn Source, array: &Array, progress: &Progress) -> Result<Statistics, String> {
    array.check_fits(source.len()).map_err(|error| error.to_string())?;
    let ask = |places| {
        let wanted = StatisticsQuestion { places, ..StatisticsQuestion::default() };
        let pass = ElementPass::new(source, array, progress);
        let pass = ElementPass { tuning: tuning_beside_others(pass.bytes()), ..pass };
        let (known, end) = statistics(&pass, &wanted, &mut |_| {});
        // What bytes there are of each kind would take two kilobytes a row.
        (Statistics { bytes: None, ..known }, end)
    };
    let (known, end) = ask(false);
    let needs_place = end == PassEnd::Complete && known.nan > 0 && known.first_nan.is_none();
    Ok(if needs_place { ask(true).0 } else { known })
}

impl StatisticsRowFacts {
    /// Why elements of a row could not be read; empty when all could.
    pub fn unread_words(&self) -> String {
        let Some(known) = self.known.statistics().filter(|known| known.lost > 0) else {
            return String::new();
        };
        let reason = known.unread.reason().map(ToString::to_string).unwrap_or_default();
        format!(
            "{} could not be read and are left out: {reason}",
            describe::counted(known.lost, "element", "elements")
        )
    }
}
