//! Hashes of the file or of the selection: several algorithms in one pass, compared with a value that the user has, and
//! written at the caret.
//!
//! A worker computes them on a snapshot. Values belong to bytes: an edit of other bytes leaves the values of a selection
//! as they are. After an edit of the bytes themselves they are marked as old and computed again, of much data only when
//! the user asks.

mod compare;
pub mod known;
pub mod write;

pub use compare::HashVerdict;
pub use known::{HashedBytes, HashedPart, TabHashes};
pub use write::HashWriting;

use super::pause::{QUICK, UNASKED, is_still_wanted};
use super::settings::panels::{self, HASHES};
use crate::analysis::Tuning;
use crate::analysis::hashes::{
    ALGORITHMS, HashAlgorithm, HashError, HashValue, USUAL, algorithms_as_long, hash,
};
use crate::session::action::HashAction;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Finished, Jobs, Task};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::state::Settings;
use std::collections::HashMap;

/// The hashes of each tab.
#[derive(Debug, Default)]
pub struct Hashes {
    part: HashedPart,
    known: HashMap<TabId, TabHashes>,
    jobs: Jobs<Asking, Result<Vec<HashValue>, HashError>>,
    /// The row of the list that the keys stand on.
    chosen: Option<u64>,
    /// The value to compare with, as typed.
    compared: String,
    /// The user has just asked for values, of however many bytes.
    is_asked: bool,
    /// What the user has asked for last, and what was stopped.
    asked: Option<HashedBytes>,
    stopped: Option<Asking>,
    /// Whether the panel was shown at the last look.
    was_shown: Option<bool>,
}

/// What a worker computes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asking {
    of: HashedBytes,
    algorithms: Vec<&'static HashAlgorithm>,
}

/// The algorithms that the settings choose, in the order of the table.
pub(in crate::session) fn chosen(settings: &Settings) -> Vec<&'static HashAlgorithm> {
    ALGORITHMS.iter().filter(|algorithm| is_chosen(settings, algorithm)).collect()
}

fn is_chosen(settings: &Settings, algorithm: &HashAlgorithm) -> bool {
    settings.hashes.get(algorithm.name).copied().unwrap_or(USUAL.contains(&algorithm.name))
}

fn choose(settings: &mut Settings, algorithm: &HashAlgorithm, is_on: bool) {
    if is_on == USUAL.contains(&algorithm.name) {
        settings.hashes.remove(algorithm.name);
    } else {
        settings.hashes.insert(algorithm.name.to_owned(), is_on);
    }
}

/// What the panel shows.
impl Hashes {
    /// Which bytes are hashed.
    pub fn part(&self) -> HashedPart {
        self.part
    }

    /// What is known of a tab; `None` before the panel was shown for it.
    pub fn of(&self, tab: TabId) -> Option<&TabHashes> {
        self.known.get(&tab)
    }

    /// The row of the list that the keys stand on.
    pub fn chosen(&self) -> Option<u64> {
        self.chosen
    }

    /// The value to compare with, as typed.
    pub fn compared(&self) -> &str {
        &self.compared
    }

    /// Whether values are being computed, of any tab.
    pub fn is_computing(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// How far the work for a tab is, from 0 to 1; `None` when nothing is computed, 0 while it waits.
    pub fn progress(&self, tab: TabId) -> Option<f32> {
        self.jobs.has_tab(tab).then(|| self.jobs.fraction_of(tab).unwrap_or(0.0))
    }
}

impl Hashes {
    /// Does what the window asks.
    pub(in crate::session) fn apply(&mut self, action: HashAction, tabs: &mut Tabs, context: &mut Context) {
        match action {
            HashAction::Part(part) => {
                self.part = part;
                self.is_asked = true;
            }
            HashAction::Choose(row) => self.chosen = Some(row),
            HashAction::Compare(text) => self.compared = text,
            HashAction::SayVerdict => self.say_verdict(tabs, context),
            HashAction::Algorithm { number, is_on } => {
                if let Some(algorithm) = ALGORITHMS.get(number) {
                    context.change_settings(|settings| choose(settings, algorithm, is_on));
                    self.is_asked = true;
                }
            }
            HashAction::UsualAlgorithms => {
                context.change_settings(|settings| settings.hashes.clear());
                self.is_asked = true;
            }
            HashAction::AddAsLong => {
                let (fitting, _) = algorithms_as_long(&self.compared);
                context.change_settings(|settings| {
                    fitting.iter().for_each(|algorithm| choose(settings, algorithm, true));
                });
                self.is_asked = true;
            }
        }
        self.follow(tabs, context);
    }

    /// Computes the values again, of however many bytes.
    pub(in crate::session) fn compute_again(&mut self, tabs: &Tabs, context: &mut Context) {
        self.is_asked = true;
        if let Some(known) = tabs.front_id().and_then(|id| self.known.get_mut(&id)) {
            known.forget();
        }
        self.follow(tabs, context);
    }

    /// Takes what workers have computed, and starts what is wanted now.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.jobs.drain_finished() {
            self.computed(ended, tabs, context);
        }
        self.known.retain(|tab, _| tabs.contains(*tab));
        self.follow(tabs, context);
    }

    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        self.jobs.activities()
    }

    /// Ends what the status bar shows; `false` when nothing is computed.
    pub(in crate::session) fn cancel(&mut self, context: &mut Context) -> bool {
        self.stopped = self.jobs.iter().last().cloned().or(self.stopped.take());
        let any = self.jobs.clear();
        if any {
            context.say("Stopped. The hashes were not calculated.");
        }
        any
    }

    /// Has the values follow the tab in front: its file, its selection, its edits.
    fn follow(&mut self, tabs: &Tabs, context: &Context) {
        let is_shown = panels::shows(&context.settings, HASHES);
        // Who opens the panel asks for what is in it. One that is shown from the start is not asked.
        self.is_asked |= is_shown && self.was_shown == Some(false);
        self.was_shown = Some(is_shown);
        if !is_shown {
            self.jobs.clear();
            return;
        }
        let Some(tab) = tabs.front() else { return };
        let known = self.known.entry(tab.id).or_default();
        let Some(of) = known.follow(tab, self.part) else { return };
        if std::mem::take(&mut self.is_asked) {
            (self.asked, self.stopped) = (Some(of), None);
            known.forget_failure();
        }
        let wanted = chosen(&context.settings);
        let asking = Asking { of, algorithms: known.missing(&wanted) };
        let is_wanted = of.span.len() <= UNASKED || self.asked == Some(of);
        let is_refused = self.stopped.as_ref() == Some(&asking) || known.failure().is_some();
        if asking.algorithms.is_empty()
            || !is_wanted
            || is_refused
            || self.jobs.iter().any(|it| *it == asking)
        {
            return;
        }
        self.jobs.forget_tab(tab.id);
        self.start(asking, tab, context);
    }

    fn start(&mut self, asking: Asking, tab: &Tab, context: &Context) {
        let (snapshot, of, algorithms) = (tab.shown().clone(), asking.of, asking.algorithms.clone());
        let is_quick = of.span.len() <= QUICK;
        let task =
            if is_quick { Task::hidden("hashes") } else { Task::shown("hashes", "Calculating hashes") };
        let started = self.jobs.start(context.waker(), task.of(tab), asking, move |progress| {
            progress.set_total(of.span.len());
            if !is_quick && !is_still_wanted(progress) {
                return Err(HashError::Cancelled);
            }
            hash(&snapshot, of.span, &algorithms, Tuning::default(), progress)
        });
        if let Err((error, asking)) = started
            && let Some(known) = self.known.get_mut(&tab.id)
        {
            known.fail(asking.of, format!("No thread could be started ({error})."));
        }
    }

    fn computed(
        &mut self,
        ended: Finished<Asking, Result<Vec<HashValue>, HashError>>,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Asking { of, .. } = ended.what;
        let Some(tab) = ended.tab.and_then(|id| tabs.get(id)) else { return };
        let Some(known) = self.known.get_mut(&tab.id) else { return };
        match ended.answer {
            Some(Ok(values)) => {
                known.take(of, values, tab);
                if of.span.len() > QUICK && self.asked == Some(of) {
                    context.say(format!("The hashes of {} are calculated.", describe::bytes(of.span.len())));
                }
            }
            Some(Err(HashError::Cancelled)) => {}
            Some(Err(HashError::Read(error))) => known.fail(
                of,
                format!("There is no hash of bytes that can't be read. {}", describe::fault(&error)),
            ),
            None => known.fail(of, String::from("The calculation ended unexpectedly.")),
        }
    }
}
