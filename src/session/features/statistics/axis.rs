//! Statistics along an axis of the array that is shown: a row for each index of the other axes, as NumPy's `axis=N`.

use super::table::{RowState, StatisticsColumn, StatisticsOrder, StatisticsRowFacts, StatisticsTable};
use super::work::{FoundRows, RowInbox, SETTLING, Waking, settled};
use crate::analysis::stats::{AxisLines, Statistics, StatisticsQuestion, statistics};
use crate::analysis::{ElementPass, PassEnd, Pool, Tuning};
use crate::bytes::SharedSource;
use crate::decode::slice::Sliced;
use crate::job::{Progress, Waker};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::subject::ElementSubject;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Rows that are listed at most.
pub const MOST_LINES: u64 = 100_000;
/// Lines of fewer bytes are read by one thread each, several at a time.
const SHORT_LINE: u64 = 4 << 20;

/// What is measured along an axis.
#[derive(Debug, Default)]
pub struct AxisStatistics {
    /// The axis that the user has chosen.
    axis: usize,
    shown: Option<AxisTable>,
    /// Why there are no rows.
    refusal: Option<String>,
    running: Jobs<Arc<RowInbox>, ()>,
    order: StatisticsOrder,
}

/// The rows of an axis.
#[derive(Debug)]
pub struct AxisTable {
    pub subject: ElementSubject,
    pub axis: usize,
    pub table: StatisticsTable,
    /// The user has stopped it.
    is_stopped: bool,
}

impl AxisStatistics {
    /// The rows, while an array is shown.
    pub fn shown(&self) -> Option<&AxisTable> {
        self.shown.as_ref()
    }

    /// Why there are no rows.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// Whether nothing is being measured.
    pub fn is_at_rest(&self) -> bool {
        self.running.is_empty()
    }

    /// How far it is, while it runs.
    pub fn fraction(&self) -> Option<f32> {
        Some(self.running.iter().next()?.fraction().unwrap_or(0.0))
    }

    /// Whether the user has stopped it before its end.
    pub fn is_stopped(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.is_stopped)
    }

    pub(super) fn activities(&self) -> impl Iterator<Item = Activity> {
        let fraction = self.running.iter().next().and_then(|inbox| inbox.fraction());
        self.running.activities().map(move |activity| Activity { fraction, ..activity })
    }

    /// Ends what runs; `false` when nothing does.
    pub(super) fn stop(&mut self) -> bool {
        let any = self.running.clear();
        if let Some(shown) = self.shown.as_mut().filter(|_| any) {
            shown.is_stopped = true;
        }
        any
    }

    /// Begins anew what was stopped.
    pub(super) fn go_on(&mut self) {
        if self.is_stopped() {
            self.shown = None;
        }
    }

    pub(super) fn forget_tab(&mut self, tab: TabId) {
        self.running.forget_tab(tab);
        if self.shown.as_ref().is_some_and(|shown| shown.subject.tab == tab) {
            self.shown = None;
        }
    }

    /// Measures along another axis.
    pub(super) fn set_axis(&mut self, axis: usize) {
        self.axis = axis;
    }

    pub(super) fn order_by(&mut self, column: StatisticsColumn) {
        if let Some(shown) = &mut self.shown {
            shown.table.order_by(column);
            self.order = shown.table.order();
        }
    }

    pub(super) fn choose(&mut self, place: u64) {
        if let Some(shown) = &mut self.shown {
            shown.table.choose(place);
        }
    }

    /// The subject, and the number in it of the first element of the row at this place, or of its first NaN.
    pub(super) fn element_at(&self, place: u64) -> Option<(&ElementSubject, u64)> {
        let shown = self.shown.as_ref()?;
        let number = shown.table.number_at(place)?;
        let row = shown.table.row(number)?;
        let along = row.known.statistics().and_then(|known| known.first_nan).unwrap_or(0);
        let array = &shown.subject.array;
        let (mut index, _) = AxisLines::new(array, shown.axis)?.line(number.into());
        index.insert(shown.axis, along);
        let element = index.iter().zip(&array.shape).fold(0, |element, (at, side)| element * side + at);
        Some((&shown.subject, element))
    }

    /// Takes rows; with `follows` measures what is shown now, if that is not known.
    pub(super) fn poll(&mut self, follows: bool, tabs: &Tabs, context: &mut Context) {
        self.take_rows();
        let Some(tab) = tabs.front().filter(|_| follows) else {
            self.running.clear();
            return;
        };
        let (now, axis) = match self.wanted(tab) {
            Ok(wanted) => wanted,
            Err(reason) => {
                self.running.clear();
                (self.shown, self.refusal) = (None, Some(reason));
                return;
            }
        };
        self.refusal = None;
        if let Some(shown) = &mut self.shown
            && shown.axis == axis
            && shown.subject.stays(&now, tab.document())
        {
            shown.subject = now;
            return;
        }
        let was_running = self.running.clear();
        self.start(now, axis, was_running, tab, context);
    }

    /// What is to be measured, and along which of its axes.
    fn wanted(&self, tab: &Tab) -> Result<(ElementSubject, usize), String> {
        if !tab.is_in_array() {
            return Err(String::from("Show an array, and send the keys to it."));
        }
        let subject = tab.subject()?;
        let last = subject.array.shape.len().checked_sub(1).ok_or("A single element has no axis.")?;
        let axis = self.axis.min(last);
        let lines = AxisLines::new(&subject.array, axis).map_or(0, |lines| lines.count());
        if lines > MOST_LINES {
            return Err(format!(
                "Along axis {axis} there are {} rows; at most {} are listed. Choose another axis, or a slice.",
                describe::grouped(lines),
                describe::grouped(MOST_LINES)
            ));
        }
        Ok((subject, axis))
    }

    fn take_rows(&mut self) {
        let mut found = FoundRows::new();
        let mut has_ended = false;
        self.running.iter().for_each(|inbox| found.extend(inbox.take()));
        for ended in self.running.drain_finished() {
            found.extend(ended.what.take());
            has_ended = true;
        }
        let Some(shown) = &mut self.shown else { return };
        found.into_iter().for_each(|(number, known)| shown.table.set(number, known));
        shown.table.settle(has_ended);
        shown.is_stopped |= has_ended && shown.table.done() < shown.table.len();
    }

    fn start(&mut self, now: ElementSubject, axis: usize, waits: bool, tab: &Tab, context: &mut Context) {
        let Some(lines) = AxisLines::new(&now.array, axis) else { return };
        let dtype: Box<str> = now.item().to_string().into();
        let part = now.part();
        let row = |number| StatisticsRowFacts {
            name: line_words(&part, axis, lines.line(number).0).into(),
            dtype: dtype.clone(),
            shape: [now.array.shape[axis]].into(),
            known: RowState::Waiting,
        };
        let table = StatisticsTable::new((0..lines.count()).map(row).collect(), self.order);
        let inbox = Arc::new(RowInbox::default());
        let work = LinesWork {
            lines,
            bytes: now.bytes(),
            source: now.source(tab.shown()),
            inbox: Arc::clone(&inbox),
            waker: context.waker(),
            waits,
        };
        self.shown = Some(AxisTable { subject: now, axis, table, is_stopped: false });
        let task = Task::shown("statistics", format!("Statistics along axis {axis}")).about(tab.id);
        let started = self.running.start(context.waker(), task, inbox, move |progress| work.run(progress));
        if let Err((error, _)) = started {
            context.say(format!("No thread could be started ({error})."));
            if let Some(shown) = &mut self.shown {
                shown.is_stopped = true;
            }
        }
    }
}

/// The index of a line in the whole array, with a colon for the axis: `[3, :, 5]`.
fn line_words(part: &Sliced, axis: usize, mut index: Vec<u64>) -> String {
    index.insert(axis.min(index.len()), 0);
    let base = part.base_index(&index);
    let along = part.axes.get(axis).and_then(|axis| axis.axis);
    let words = base.iter().enumerate().map(|(at, number)| match along == Some(at) {
        true => String::from(":"),
        false => number.to_string(),
    });
    format!("[{}]", words.collect::<Vec<_>>().join(", "))
}

/// What the job does.
struct LinesWork {
    lines: AxisLines,
    bytes: u64,
    source: SharedSource,
    inbox: Arc<RowInbox>,
    waker: Waker,
    waits: bool,
}

impl LinesWork {
    fn run(&self, progress: &Progress) {
        if self.waits && !settled(SETTLING, progress) {
            return;
        }
        let count = self.lines.count();
        self.inbox.begin(count);
        let is_short = self.bytes / count.max(1) < SHORT_LINE;
        let tuning = Tuning::default();
        // Short lines are shared out among the threads, long ones one after the other.
        let (outer, inner) = if is_short { (tuning.threads, 1) } else { (1, tuning.threads) };
        let cancel = progress.as_cancel();
        let mut numbers = 0..count;
        let work = |number: u64, (): &mut ()| {
            let (_, line) = self.lines.line(number);
            let pass = ElementPass::new(&*self.source, &line, progress);
            let pass = ElementPass { tuning: Tuning { threads: inner, ..tuning }, ..pass };
            let wanted = StatisticsQuestion { places: true, ..StatisticsQuestion::default() };
            let (known, end) = statistics(&pass, &wanted, &mut |_| {});
            (number, (end == PassEnd::Complete).then_some(Statistics { bytes: None, ..known }))
        };
        let mut waking = Waking::new(&self.waker);
        Pool { threads: outer, cancel }.run(&mut || numbers.next(), &work, &mut |(number, known)| {
            if let Some((number, known)) = u32::try_from(number).ok().zip(known) {
                self.inbox.put(number, RowState::Known(Arc::new(known)), 1);
                waking.wake();
            }
            ControlFlow::Continue(())
        });
    }
}
