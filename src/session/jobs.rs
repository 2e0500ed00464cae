//! Work in the background: the only way to start it in a session, and the list that the status bar shows.
//!
//! A feature has a [`Jobs`] for each kind of its work. Work with a label is listed and keeps the window drawing. Work
//! without a label is not listed, and wakes the window when it has ended.

use super::ids::TabId;
use super::tab::Tab;
use super::tabs::Tabs;
use super::work_guard::WorkGuard;
use crate::document::Revision;
use crate::escape::escape;
use crate::job::{Job, Poll, Progress, Waker};
use std::io;
use std::time::Instant;

/// A running job as the status bar shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    pub label: String,
    /// From 0 to 1; `None` while that is not known.
    pub fraction: Option<f32>,
    /// Whether ✕ can end it.
    pub can_cancel: bool,
}

/// What a job is about.
#[derive(Clone, Debug)]
pub struct Task {
    /// The name of its thread.
    name: &'static str,
    /// What the status bar writes; `None` of housekeeping.
    label: Option<String>,
    can_cancel: bool,
    has_fraction: bool,
    tab: Option<TabId>,
    revision: Option<Revision>,
    guard: Option<WorkGuard>,
}

impl Task {
    /// Work that the user waits for.
    pub fn shown(name: &'static str, label: impl Into<String>) -> Self {
        let label = Some(escape(label.into()));
        Self { label, can_cancel: true, has_fraction: true, ..Self::hidden(name) }
    }

    /// Housekeeping that nobody waits for.
    pub fn hidden(name: &'static str) -> Self {
        let (tab, revision, guard) = (None, None, None);
        Self { name, label: None, can_cancel: false, has_fraction: false, tab, revision, guard }
    }

    /// The user can't end it.
    pub fn not_cancelled(self) -> Self {
        Self { can_cancel: false, ..self }
    }

    /// How far it is, is not known.
    pub fn without_fraction(self) -> Self {
        Self { has_fraction: false, ..self }
    }

    /// It is about this tab, as it is now.
    pub fn of(self, tab: &Tab) -> Self {
        Self { tab: Some(tab.id), revision: Some(tab.document().revision()), ..self }
    }

    /// It holds this for as long as it is there.
    pub fn guarded(self, guard: WorkGuard) -> Self {
        Self { guard: Some(guard), ..self }
    }

    /// It is about this tab, whatever becomes of its bytes.
    pub fn about(self, tab: TabId) -> Self {
        Self { tab: Some(tab), ..self }
    }
}

/// The running jobs of one kind. `W` is what was asked, `T` the answer.
#[derive(Debug)]
pub struct Jobs<W, T> {
    running: Vec<Running<W, T>>,
}

#[derive(Debug)]
struct Running<W, T> {
    task: Task,
    what: W,
    job: Job<T>,
}

/// A job that has ended.
#[derive(Debug)]
pub struct Finished<W, T> {
    pub tab: Option<TabId>,
    revision: Option<Revision>,
    /// What it held. Whoever takes the answer drops it.
    pub guard: Option<WorkGuard>,
    pub what: W,
    /// `None` when the worker ended without one.
    pub answer: Option<T>,
    /// The user has ended it.
    pub was_cancelled: bool,
}

impl<W, T> Finished<W, T> {
    /// Whether the tab still has the bytes that the job was asked about.
    pub fn is_current(&self, tabs: &Tabs) -> bool {
        let tab = self.tab.and_then(|id| tabs.get(id));
        tab.is_some_and(|tab| self.revision == Some(tab.document().revision()))
    }
}

impl<W, T> Default for Jobs<W, T> {
    fn default() -> Self {
        Self { running: Vec::new() }
    }
}

impl<W, T: Send + 'static> Jobs<W, T> {
    /// Starts `work` on a thread of its own.
    ///
    /// # Errors
    /// When no thread could be started; `what` comes back with the reason.
    pub fn start(
        &mut self,
        waker: Waker,
        task: Task,
        what: W,
        work: impl FnOnce(&Progress) -> T + Send + 'static,
    ) -> Result<(), (io::Error, W)> {
        match Job::spawn(task.name, waker, work) {
            Ok(job) => {
                self.running.push(Running { task, what, job });
                Ok(())
            }
            Err(error) => Err((error, what)),
        }
    }

    /// Takes out what has ended since the last call, in the order in which it was started.
    pub fn drain_finished(&mut self) -> Vec<Finished<W, T>> {
        let mut finished = Vec::new();
        let mut at = 0;
        while at < self.running.len() {
            let answer = match self.running[at].job.poll() {
                Poll::Running => {
                    at += 1;
                    continue;
                }
                Poll::Done(answer) => Some(answer),
                Poll::Lost => None,
            };
            let Running { task, what, job } = self.running.remove(at);
            let was_cancelled = job.progress().is_cancelled();
            let Task { tab, revision, guard, .. } = task;
            finished.push(Finished { tab, revision, guard, what, answer, was_cancelled });
        }
        finished
    }

    /// Waits until all have ended, or until `deadline`; answers what they have answered by then.
    pub fn wait_until(&mut self, deadline: Instant) -> Vec<T> {
        self.running.drain(..).filter_map(|running| running.job.wait_until(deadline)).collect()
    }
}

impl<W, T> Jobs<W, T> {
    /// Whether none runs.
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// What was asked of those that run.
    pub fn iter(&self) -> impl Iterator<Item = &W> {
        self.running.iter().map(|running| &running.what)
    }

    /// What was asked of those that run, to change it.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut W> {
        self.running.iter_mut().map(|running| &mut running.what)
    }

    /// Whether one is about this tab.
    pub fn has_tab(&self, tab: TabId) -> bool {
        self.running.iter().any(|running| running.task.tab == Some(tab))
    }

    /// How far the first one about this tab is, from 0 to 1; `None` while that is not known.
    pub fn fraction_of(&self, tab: TabId) -> Option<f32> {
        let running = self.running.iter().find(|running| running.task.tab == Some(tab))?;
        running.job.progress().fraction()
    }

    /// Ends those about a tab, without an answer.
    pub fn forget_tab(&mut self, tab: TabId) {
        self.running.retain(|running| running.task.tab != Some(tab));
    }

    /// Ends those that are not to go on, without an answer.
    pub fn retain(&mut self, goes_on: impl Fn(&W) -> bool) {
        self.running.retain(|running| goes_on(&running.what));
    }

    /// Ends all, without an answer; `false` when there were none.
    pub fn clear(&mut self) -> bool {
        let any = !self.running.is_empty();
        self.running.clear();
        any
    }

    /// Hands over the first, which is polled here no more.
    pub fn take(&mut self) -> Option<Job<T>> {
        (!self.running.is_empty()).then(|| self.running.remove(0).job)
    }

    /// Asks the first to stop; it answers that it was cancelled. `false` when there is none.
    pub fn cancel_first(&self) -> bool {
        self.running.first().map(|running| running.job.progress().cancel()).is_some()
    }

    /// Asks all to stop; they answer that they were cancelled. `false` when there are none.
    pub fn cancel_all(&self) -> bool {
        self.running.iter().for_each(|running| running.job.progress().cancel());
        !self.running.is_empty()
    }

    /// Those that the status bar shows.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.running.iter().filter_map(|running| {
            let Task { label, can_cancel, has_fraction, .. } = &running.task;
            let fraction = running.job.progress().fraction().filter(|_| *has_fraction);
            Some(Activity { label: label.clone()?, fraction, can_cancel: *can_cancel })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::no_waker;
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    /// A job that ends when it is told to.
    fn start(jobs: &mut Jobs<u32, bool>, task: Task, what: u32) -> Sender<()> {
        let (go, wait) = channel::<()>();
        jobs.start(no_waker(), task, what, move |_| wait.recv().is_ok()).expect("a thread");
        go
    }

    #[test]
    fn what_runs_is_listed_until_its_answer_is_taken() {
        let mut jobs = Jobs::default();
        let first = start(&mut jobs, Task::shown("a", "First"), 1);
        let second = start(&mut jobs, Task::shown("b", "Second").not_cancelled(), 2);
        let _third = start(&mut jobs, Task::hidden("c"), 3);
        let labels = |jobs: &Jobs<u32, bool>| jobs.activities().map(|a| a.label).collect::<Vec<_>>();
        assert_eq!(labels(&jobs), ["First", "Second"]);
        assert_eq!(jobs.activities().map(|a| a.can_cancel).collect::<Vec<_>>(), [true, false]);
        let _ = second.send(());
        let begun = Instant::now();
        let ended = loop {
            assert!(begun.elapsed() < Duration::from_secs(20));
            let ended = jobs.drain_finished();
            if !ended.is_empty() {
                break ended;
            }
        };
        assert_eq!((ended.len(), ended[0].what, ended[0].answer), (1, 2, Some(true)));
        assert_eq!((labels(&jobs).len(), jobs.iter().copied().collect::<Vec<_>>()), (1, vec![1, 3]));
        drop(first);
        assert!(jobs.clear() && jobs.is_empty() && !jobs.clear());
    }

    #[test]
    fn a_worker_that_panics_has_ended_without_an_answer() {
        let mut jobs: Jobs<(), ()> = Jobs::default();
        jobs.start(no_waker(), Task::hidden("panics"), (), |_| panic!("on purpose")).expect("a thread");
        let begun = Instant::now();
        while !jobs.is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(20));
            for ended in jobs.drain_finished() {
                assert!(ended.answer.is_none() && !ended.was_cancelled);
            }
        }
    }
}
