//! Pictures in panes: what each of them is of, the work for it, and the last answer.
//!
//! Only pictures that are shown are worked on. A new question ends the work for the one before; the last answer is shown
//! until the next one is there. An edit of other bytes changes nothing.
//!
//! | file | what it holds |
//! |---|---|
//! | `action` | what a pane asks |
//! | `handing` | what is copied and written to files |
//! | `question` | a question and its answer, of any kind of picture |

pub mod action;
mod handing;
mod question;

pub use action::{PictureAction, PictureWhat};
pub use question::PictureAnswer;

use crate::session::context::Context;
use crate::session::done::Done;
use crate::session::ids::{PaneKey, TabId};
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::panes::{PaneContent, PictureKind, PictureLook, PicturePane};
use crate::session::subject::{ElementSubject, SubjectExtent};
use crate::session::tab::Tab;
use crate::session::tab::layout::PaneSide;
use crate::session::tabs::Tabs;
use handing::PictureHanding;
use question::{PictureQuestion, PictureSlot, PictureWork};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// So long work for a picture goes on when the same elements are asked about in another way.
const PATIENCE: Duration = Duration::from_millis(150);
/// Bytes that are read without being listed in the status bar.
const UNSEEN: u64 = 16 << 20;

/// A picture: its tab and its pane.
type PictureKey = (TabId, PaneKey);

/// All pictures that are shown, or were before they were hidden.
#[derive(Debug, Default)]
pub struct PicturesState {
    pictures: HashMap<PictureKey, PictureState>,
    jobs: Jobs<RunningPicture, Option<PictureAnswer>>,
    handing: PictureHanding,
}

/// What is known of a picture.
#[derive(Debug, Default)]
pub struct PictureState {
    /// What it shows, and what was asked for it.
    answer: Option<(PictureQuestion, PictureAnswer)>,
    /// Goes up with each answer.
    number: u64,
    /// Why there is no picture.
    failure: Option<String>,
    /// What the user has ended, or what failed: it is not asked again.
    given_up: Option<PictureQuestion>,
}

#[derive(Debug)]
struct RunningPicture {
    key: PictureKey,
    question: PictureQuestion,
    slot: PictureSlot,
    began: Instant,
}

impl PictureState {
    /// What is shown.
    pub fn answer(&self) -> Option<&PictureAnswer> {
        self.answer.as_ref().map(|(_, answer)| answer)
    }

    /// The elements that the shown picture is of.
    pub fn subject(&self) -> Option<&ElementSubject> {
        self.answer.as_ref().map(|(question, _)| &question.subject)
    }

    /// Another number for each answer: what is made of an answer is made anew when it has changed.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Why there is no picture; the one before may still be shown.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    fn take(&mut self, question: PictureQuestion, answer: PictureAnswer) {
        self.number += 1;
        self.failure = None;
        self.answer = Some((question, answer));
    }
}

impl PicturesState {
    /// What is known of a picture.
    pub fn of(&self, tab: TabId, pane: PaneKey) -> Option<&PictureState> {
        self.pictures.get(&(tab, pane))
    }

    /// Whether nothing is being worked on.
    pub fn is_at_rest(&self) -> bool {
        self.jobs.is_empty() && self.handing.is_at_rest()
    }

    /// Does what a pane asks.
    pub(in crate::session) fn apply(
        &mut self,
        action: PictureAction,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let Some(tab) = tabs.front_mut() else { return };
        let pane = action.pane;
        if let PictureWhat::Select { from, to } = action.what {
            let subject = self.of(tab.id, pane).and_then(PictureState::subject);
            let look = tab.panes().get(pane).content.picture().map(|picture| picture.look.clone());
            if let (Some(subject), Some(PictureLook::Image(look))) = (subject, look) {
                context.tell(tab.select_from_image(subject, &look, (from, to)));
            }
            return;
        }
        let selected = tab.selected_of(tab.pictured(pane));
        let Some(picture) = tab.panes.get_mut(pane).content.picture_mut() else { return };
        match action.what {
            PictureWhat::Room { width, height } => picture.room = (width, height),
            PictureWhat::Look(look) => picture.look = *look,
            PictureWhat::Kind(kind) if kind == picture.look.kind() => {}
            PictureWhat::Kind(kind) => picture.look = kind.look(),
            PictureWhat::Capture => match selected {
                Ok(selected) => picture.captured = Some(selected),
                Err(reason) => context.say(reason),
            },
            PictureWhat::Release => picture.captured = None,
            PictureWhat::Select { .. } => {}
        }
    }

    /// Takes answers, and asks what is not known of the pictures that are shown.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        self.take_answers();
        self.handing.poll(context);
        let front = tabs.front_id();
        let is_shown = |(tab, pane): PictureKey| {
            Some(tab) == front && tabs.front().is_some_and(|tab| tab.is_shown(pane))
        };
        self.jobs.retain(|running| is_shown(running.key));
        self.pictures.retain(|(tab, pane), _| tabs.get(*tab).is_some_and(|tab| tab.panes().has(*pane)));
        let Some(tab) = tabs.front_mut() else { return };
        let shown = tab.layout().panes();
        for pane in shown {
            self.follow(tab, pane, context);
        }
    }

    fn take_answers(&mut self) {
        for running in self.jobs.iter() {
            if let Some(answer) = running.slot.take() {
                self.pictures.entry(running.key).or_default().take(running.question.clone(), answer);
            }
        }
        for ended in self.jobs.drain_finished() {
            let RunningPicture { key, question, .. } = ended.what;
            let state = self.pictures.entry(key).or_default();
            match ended.answer {
                Some(Some(answer)) => state.take(question, answer),
                Some(None) => state.given_up = Some(question),
                None => {
                    state.failure = Some(String::from("The picture could not be made."));
                    state.given_up = Some(question);
                }
            }
        }
    }

    /// Asks what is not known of the picture in a pane.
    fn follow(&mut self, tab: &mut Tab, pane: PaneKey, context: &mut Context) {
        let Some(subject) = tab.pictured_elements(pane) else { return };
        let Some(picture) = tab.panes().get(pane).content.picture() else { return };
        let key = (tab.id, pane);
        let state = self.pictures.entry(key).or_default();
        let question = match subject.and_then(|subject| PictureQuestion::new(picture, subject)) {
            Ok(question) => question,
            Err(reason) => {
                state.failure = Some(reason);
                state.answer = None;
                self.jobs.retain(|running| running.key != key);
                return;
            }
        };
        if let Some((known, _)) = &mut state.answer
            && known.kind == question.kind
            && known.subject.stays(&question.subject, tab.document())
        {
            // The partial answers of a question are of the same question.
            known.subject = question.subject.clone();
            if !self.jobs.iter().any(|running| running.key == key) {
                state.failure = None;
                return;
            }
        }
        let is_running = |running: &RunningPicture| running.key == key && running.question.is_as(&question);
        if self.jobs.iter().any(is_running) {
            return;
        }
        // While the user moves an image, one answer after another is shown, and not only the last one.
        let is_young = |running: &RunningPicture| {
            running.key == key
                && running.began.elapsed() < PATIENCE
                && running.question.subject.is_as(&question.subject)
        };
        if self.jobs.iter().any(is_young) {
            return;
        }
        if state.given_up.as_ref().is_some_and(|given_up| given_up.is_as(&question)) {
            return;
        }
        self.start(key, question, tab, context);
    }

    fn start(&mut self, key: PictureKey, question: PictureQuestion, tab: &Tab, context: &mut Context) {
        self.jobs.retain(|running| running.key != key);
        let slot = PictureSlot::default();
        let state = self.pictures.entry(key).or_default();
        // What was true of other bytes is not true now.
        let before = state
            .answer
            .as_ref()
            .filter(|(known, _)| known.subject.has_bytes_of(&question.subject, tab.document()));
        let work = PictureWork {
            question: question.clone(),
            source: question.subject.source(tab.shown()),
            before: before.map(|(_, answer)| answer.clone()),
            slot: slot.clone(),
            waker: context.waker(),
        };
        let task = if question.bytes() > UNSEEN {
            Task::shown("picture", "Picture").about(tab.id)
        } else {
            Task::hidden("picture").about(tab.id)
        };
        let what = RunningPicture { key, question, slot, began: Instant::now() };
        let started = self.jobs.start(context.waker(), task, what, move |progress| work.run(progress));
        if let Err((error, what)) = started {
            state.given_up = Some(what.question);
            context.say(format!("No thread could be started ({error})."));
        }
    }

    /// Puts a picture of the pane with the keys beside it.
    pub(in crate::session) fn show(&mut self, kind: PictureKind, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_mut() else { return };
        context.tell(tab.put_picture(kind, None));
        context.want_grid_focus();
    }

    /// The same of what is selected there.
    pub(in crate::session) fn show_selected(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_mut() else { return };
        let done = match tab.selected_of(tab.pictured(tab.focus())) {
            Ok(selected) => tab.put_picture(PictureKind::default(), Some(selected)),
            Err(reason) => Err(reason),
        };
        context.tell(done);
        context.want_grid_focus();
    }

    /// What runs.
    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        self.jobs.activities().chain(self.handing.activities())
    }

    /// Ends what runs; `false` when nothing does.
    pub(in crate::session) fn cancel(&mut self, context: &mut Context) -> bool {
        for running in self.jobs.iter() {
            self.pictures.entry(running.key).or_default().given_up = Some(running.question.clone());
        }
        context.say_stopped(self.jobs.clear() | self.handing.cancel())
    }
}

impl Tab {
    /// Puts a picture beside the pane with the keys, of what that shows or of `captured`; the keys go there.
    pub(in crate::session) fn put_picture(
        &mut self,
        kind: PictureKind,
        captured: Option<ElementSubject>,
    ) -> Done {
        if !self.settle_edit()? {
            return Ok(());
        }
        let focus = self.focus();
        let picture = PicturePane::new(self.pictured(focus), captured, kind.look());
        let key = self.put_beside(focus, PaneSide::Right, PaneContent::Picture(Box::new(picture)))?;
        self.set_focus(key);
        Ok(())
    }

    /// What is selected in a pane.
    ///
    /// # Errors
    /// A sentence when nothing is.
    pub(in crate::session) fn selected_of(&self, pane: PaneKey) -> Result<ElementSubject, String> {
        let selected = self.subject_in(pane)?;
        match selected.extent {
            SubjectExtent::Selection => Ok(selected),
            SubjectExtent::File | SubjectExtent::Slice | SubjectExtent::Field(_) => {
                Err(String::from("Select the bytes or the elements first."))
            }
        }
    }

    /// The elements of the picture in a pane as they are now; `None` for a pane without one.
    fn pictured_elements(&mut self, pane: PaneKey) -> Option<Result<ElementSubject, String>> {
        let picture = self.panes.get(pane).content.picture()?;
        let now = match (&picture.captured, &picture.seen) {
            (Some(captured), _) => Ok(self.as_now(captured)),
            (None, _) if self.panes.has(picture.of) => self.subject_of(picture.of),
            (None, Some(seen)) => Ok(self.as_now(seen)),
            (None, None) => self.subject_of(self.hex_key()),
        };
        let picture = self.panes.get_mut(pane).content.picture_mut()?;
        match (&now, &mut picture.captured) {
            (Ok(now), Some(captured)) => *captured = now.clone(),
            (Ok(now), None) => picture.seen = Some(now.clone()),
            (Err(_), _) => {}
        }
        Some(now)
    }
}
