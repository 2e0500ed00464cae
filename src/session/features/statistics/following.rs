//! The statistics that follow the selection: the running job, and the answer that is shown until the next one is there.

use super::facts::Facts;
use super::work::{SoFar, StatisticsWork, take_so_far};
use crate::analysis::stats::Statistics;
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::subject::ElementSubject;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::time::{Duration, Instant};

/// Bytes that are read without being asked.
const UNASKED: u64 = 4 << 30;
/// Bytes that are read at once, also while the selection changes.
const AT_ONCE: u64 = 8 << 20;
/// A job that has ended by then is not worth a word.
const WORTH_A_WORD: Duration = Duration::from_millis(150);

/// An answer.
#[derive(Debug)]
pub struct Measured {
    pub subject: ElementSubject,
    pub known: Box<Statistics>,
    /// The same in words.
    pub facts: Facts,
    /// Whether all elements were read; else it is what is known so far.
    pub is_whole: bool,
    bins: Option<usize>,
}

/// How the answer stands to what is selected now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FollowingState {
    /// It is the answer.
    UpToDate,
    /// The answer is being calculated. The part of it that is done is from 0 to 1.
    Running { fraction: Option<f32>, is_long: bool },
    /// The user has stopped it.
    Stopped,
    /// So many bytes are read only if the user wants it.
    Asks(u64),
    /// The worker ended without an answer.
    Failed,
}

/// What follows the selection.
#[derive(Debug, Default)]
pub struct Following {
    /// What is selected or shown now, or why there is nothing to measure; `None` while the panel is hidden.
    now: Option<Result<ElementSubject, String>>,
    measured: Option<Measured>,
    running: Jobs<RunningWork, Option<Box<Statistics>>>,
    /// How many bins the user wants.
    bins: Option<usize>,
    /// What the user has stopped, or what has failed: it is not begun again by itself.
    given_up: Option<(ElementSubject, FollowingState)>,
    /// What the user wants though it is much.
    asked_for: Option<ElementSubject>,
    began: Option<Instant>,
}

#[derive(Debug)]
struct RunningWork {
    subject: ElementSubject,
    bins: Option<usize>,
    so_far: SoFar,
    began: Instant,
}

impl Following {
    /// What is selected or shown now, or why there is nothing to measure.
    pub fn subject(&self) -> Option<Result<&ElementSubject, &str>> {
        self.now.as_ref().map(|now| now.as_ref().map_err(String::as_str))
    }

    /// The last answer, which may be of what was selected before.
    pub fn measured(&self) -> Option<&Measured> {
        self.measured.as_ref()
    }

    /// How many bins the user wants; `None` for what suits the values.
    pub fn bins(&self) -> Option<usize> {
        self.bins
    }

    /// How the answer stands to what is selected.
    pub fn state(&self) -> FollowingState {
        if let Some(running) = self.running.iter().next() {
            let is_long = running.began.elapsed() >= WORTH_A_WORD;
            let fraction = self.running.activities().next().and_then(|activity| activity.fraction);
            return FollowingState::Running { fraction, is_long };
        }
        let Some(Ok(now)) = &self.now else { return FollowingState::UpToDate };
        match &self.given_up {
            Some((subject, state)) if subject.is_as(now) => *state,
            _ if self.is_current(now) => FollowingState::UpToDate,
            _ => FollowingState::Asks(now.bytes()),
        }
    }

    /// Whether the answer is of what was selected before.
    pub fn is_old(&self) -> bool {
        let now = self.now.as_ref().and_then(|now| now.as_ref().ok());
        now.zip(self.measured.as_ref()).is_some_and(|(now, measured)| !measured.subject.is_as(now))
    }

    fn is_current(&self, now: &ElementSubject) -> bool {
        self.measured.as_ref().is_some_and(|measured| measured.is_whole && measured.subject.is_as(now))
    }

    /// Whether nothing is being calculated.
    pub fn is_at_rest(&self) -> bool {
        self.running.is_empty()
    }

    /// What the status bar shows.
    pub(super) fn activities(&self) -> impl Iterator<Item = Activity> {
        let is_long = self.running.iter().any(|work| work.began.elapsed() >= WORTH_A_WORD);
        self.running.activities().filter(move |_| is_long)
    }

    /// Has the histogram cut into so many bins from now on.
    pub(super) fn set_bins(&mut self, bins: Option<usize>) {
        self.bins = bins;
    }

    /// The user wants the answer, whatever it takes.
    pub(super) fn calculate(&mut self) {
        self.given_up = None;
        self.asked_for = self.now.as_ref().and_then(|now| now.clone().ok());
    }

    /// Ends what runs; `false` when nothing does.
    pub(super) fn stop(&mut self) -> bool {
        let stopped = self.running.iter().next().map(|work| (work.subject.clone(), FollowingState::Stopped));
        self.given_up = stopped.or(self.given_up.take());
        self.running.clear()
    }

    pub(super) fn forget_tab(&mut self, id: TabId) {
        self.running.forget_tab(id);
        if self.measured.as_ref().is_some_and(|measured| measured.subject.tab == id) {
            self.measured = None;
        }
    }

    /// Takes answers; with `follows` measures what is selected now, if that is not known.
    pub(super) fn poll(&mut self, follows: bool, tabs: &Tabs, context: &mut Context) {
        self.take_answers(tabs);
        let Some(tab) = tabs.front().filter(|_| follows) else {
            self.now = None;
            self.running.clear();
            return;
        };
        let now = match tab.subject() {
            Ok(now) => now,
            Err(reason) => {
                self.running.clear();
                self.measured = None;
                self.now = Some(Err(reason));
                return;
            }
        };
        self.follow(&now, tab, context);
        self.now = Some(Ok(now));
    }

    fn take_answers(&mut self, tabs: &Tabs) {
        let mut told = None;
        for work in self.running.iter() {
            if let Some(known) = take_so_far(&work.so_far) {
                told = Some((work.subject.clone(), work.bins, known));
            }
        }
        if let Some((subject, bins, known)) = told {
            self.measured = Some(Measured::new(subject, bins, known, false, tabs));
        }
        for ended in self.running.drain_finished() {
            let RunningWork { subject, bins, .. } = ended.what;
            match ended.answer {
                Some(Some(known)) => {
                    self.measured = Some(Measured::new(subject, bins, known, true, tabs));
                }
                Some(None) => {}
                None => self.given_up = Some((subject, FollowingState::Failed)),
            }
        }
    }

    fn follow(&mut self, now: &ElementSubject, tab: &Tab, context: &mut Context) {
        if let Some(measured) = &mut self.measured
            && measured.is_whole
            && measured.bins == self.bins
            && measured.subject.stays(now, tab.document())
        {
            measured.subject = now.clone();
            self.running.clear();
            return;
        }
        let is_running = |work: &RunningWork| work.subject.is_as(now) && work.bins == self.bins;
        if self.running.iter().any(is_running) {
            return;
        }
        let was_running = self.running.clear();
        let is_given_up = self.given_up.as_ref().is_some_and(|(subject, _)| subject.is_as(now));
        let is_asked_for = self.asked_for.as_ref().is_some_and(|subject| subject.is_as(now));
        if is_given_up || now.bytes() > UNASKED && !is_asked_for {
            return;
        }
        let was_just = self.began.is_some_and(|began| began.elapsed() < 2 * super::work::SETTLING);
        self.start(now, (was_running || was_just) && now.bytes() > AT_ONCE, tab, context);
    }

    fn start(&mut self, now: &ElementSubject, waits: bool, tab: &Tab, context: &mut Context) {
        let (so_far, bins) = (SoFar::default(), self.bins);
        let work = StatisticsWork {
            subject: now.clone(),
            source: now.source(tab.shown()),
            bins,
            so_far: so_far.clone(),
            waker: context.waker(),
            waits,
        };
        let began = Instant::now();
        self.began = Some(began);
        let what = RunningWork { subject: now.clone(), bins, so_far, began };
        let task = Task::shown("statistics", "Statistics").about(tab.id);
        let started = self.running.start(context.waker(), task, what, move |progress| work.run(progress));
        if let Err((error, what)) = started {
            self.given_up = Some((what.subject, FollowingState::Failed));
            context.say(format!("No thread could be started ({error})."));
        }
    }
}

impl Measured {
    fn new(
        subject: ElementSubject,
        bins: Option<usize>,
        known: Box<Statistics>,
        is_whole: bool,
        tabs: &Tabs,
    ) -> Self {
        let facts = Facts::of(&known, &subject, tabs.get(subject.tab));
        Self { subject, known, facts, is_whole, bins }
    }

    /// Why some elements could not be read; empty when all could.
    pub fn unread_words(&self) -> String {
        let Some(reason) = self.known.unread.reason().filter(|_| self.known.lost > 0) else {
            return String::new();
        };
        let lost = crate::session::describe::counted(self.known.lost, "element", "elements");
        format!("{lost} could not be read and are left out: {reason}.")
    }
}
