//! Edits that another run of the program has left unsaved: offered in a notice each, and done with as the user says.
//!
//! They stay offered until they are restored or discarded, also when the notice is dismissed. A file that is not the
//! one that was edited gets no edits; they can be exported then.

use super::super::action::Action;
use super::super::logged::Logged;
use super::super::notice::{Level, Topic};
use super::super::recovering::right_generation;
use super::super::tab::Tab;
use super::super::view::Selection;
use super::super::{Activity, Asked, OfferId, OpenOptions, Session, TabId, words};
use super::LABELS;
use crate::bytes::SharedSource;
use crate::bytes::open::{self, Opened};
use crate::bytes::pages::{CachedSource, PageCache};
use crate::escape::PathText;
use crate::job::{Job, Poll, Progress};
use crate::save::recover::{self, Pending};
use crate::save::{self, Generation, RealDisk, SaveError, SaveRequest};
use crate::state::Folders;
use crate::state::edit_log::{Found, Offer, OfferFailure, Revived, find};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// What is to become of offered edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferWay {
    Restore,
    Export,
    /// Asks first.
    Discard,
    DiscardForGood,
    /// Shows the offer again.
    Show,
}

/// What was found, and what is being done with it.
#[derive(Debug, Default)]
pub struct Offers {
    list: Vec<(OfferId, Arc<Offer>)>,
    made: u64,
    looking: Option<Job<Found>>,
    tasks: Vec<Task>,
}

#[derive(Debug)]
struct Task {
    id: OfferId,
    offer: Arc<Offer>,
    job: Job<Outcome>,
}

#[derive(Debug)]
enum Outcome {
    Restored(Result<Box<Restore>, OfferFailure>),
    Exported(Result<PathBuf, String>),
    /// Another file has the name of the patch.
    NameTaken(PathBuf),
    Discarded(Result<(), String>),
}

/// A document with its edits, and the file that it stands on.
#[derive(Debug)]
struct Restore {
    file: Option<RestoredFile>,
    revived: Revived,
}

#[derive(Debug)]
struct RestoredFile {
    opened: Opened,
    cached: Arc<CachedSource>,
    generation: Arc<Generation>,
    interrupted: Result<Option<Pending>, SaveError>,
}

/// Opens the file and does the edits again.
fn restore(
    offer: &Offer,
    cache: &PageCache,
    journals: Option<&Path>,
    budget: u64,
    progress: &Progress,
) -> Result<Box<Restore>, OfferFailure> {
    let failed = |reason: String| {
        let title = &offer.about.title;
        OfferFailure::Other(format!("The unsaved edits of {title} were not restored, and are kept. {reason}"))
    };
    let cacher = |source: SharedSource| {
        let plain = source.clone();
        cache.attach(source).map_or(plain, |cached| cached as SharedSource)
    };
    let Some(path) = offer.needs() else {
        let revived = offer.revive(None, cacher, LABELS, budget)?;
        return Ok(Box::new(Restore { file: None, revived }));
    };
    let opened = open::open(path, progress).map_err(|error| failed(error.to_string()))?;
    let interrupted = recover::find(&RealDisk, &opened.path, journals);
    let pending = interrupted.as_ref().ok().and_then(Option::as_ref);
    let cached = cache.attach(opened.source.clone()).map_err(|error| failed(error.to_string()))?;
    let generation = Arc::new(right_generation(cache, cached.clone(), pending));
    let revived = offer.revive(Some((&opened, generation.clone())), cacher, LABELS, budget)?;
    Ok(Box::new(Restore { file: Some(RestoredFile { opened, cached, generation, interrupted }), revived }))
}

fn export(offer: &Offer, path: &Path, replace: bool, progress: &Progress) -> Outcome {
    let save = |text| save::save(&RealDisk, SaveRequest::save_as(text, path, replace), progress);
    match offer.patch(progress).map(save) {
        Ok(Err(SaveError::Exists { path })) => Outcome::NameTaken(path),
        Ok(saved) => Outcome::Exported(saved.map(|saved| saved.path).map_err(|error| error.to_string())),
        Err(reason) => Outcome::Exported(Err(reason)),
    }
}

impl Offers {
    /// Stops what is being done with offers, and waits until it has stopped.
    pub(in super::super) fn stop(&mut self, deadline: Instant) {
        for task in self.tasks.drain(..) {
            task.job.progress().cancel();
            task.job.wait_until(deadline);
        }
        if let Some(looking) = self.looking.take() {
            looking.wait_until(deadline);
        }
    }
}

impl Session {
    /// Looks for what another run has left, on a worker.
    pub(in super::super) fn look_for_unsaved(&mut self) {
        let Some(folder) = self.context.folders.as_ref().map(Folders::edits) else { return };
        let job = Job::spawn("unsaved edits", self.context.waker(), move |_| {
            find(&(Arc::new(RealDisk) as Arc<dyn save::Disk>), &folder, LABELS)
        });
        match job {
            Ok(job) => self.features.unsaved.offers.looking = Some(job),
            Err(error) => {
                let text = format!(
                    "pagelens could not look for unsaved edits from the last run: no thread could be started ({error})."
                );
                self.context.notices.push(Level::Warning, Topic::State, None, text);
            }
        }
    }

    /// Whether it is known by now what another run has left.
    pub fn has_looked_for_unsaved(&self) -> bool {
        self.features.unsaved.offers.looking.is_none()
    }

    /// Edits of another run that are offered.
    pub fn offers(&self) -> impl Iterator<Item = (OfferId, &Offer)> {
        self.features.unsaved.offers.list.iter().map(|(id, offer)| (*id, &**offer))
    }

    pub fn has_offers(&self) -> bool {
        !self.features.unsaved.offers.list.is_empty()
    }

    pub(in super::super) fn offer_activities(&self) -> impl Iterator<Item = Activity> {
        self.features.unsaved.offers.tasks.iter().map(|task| Activity {
            label: format!("Unsaved edits of {}", task.offer.about.title),
            fraction: None,
            can_cancel: false,
        })
    }

    /// Takes what has been found and done since the last call.
    pub(in super::super) fn poll_offers(&mut self) {
        let offers = &mut self.features.unsaved.offers;
        if let Some(looking) = &mut offers.looking {
            match looking.poll() {
                Poll::Running => {}
                Poll::Lost => offers.looking = None,
                Poll::Done(found) => {
                    offers.looking = None;
                    self.found_offers(found);
                }
            }
        }
        let mut at = 0;
        while at < self.features.unsaved.offers.tasks.len() {
            let answer = self.features.unsaved.offers.tasks[at].job.poll();
            if matches!(answer, Poll::Running) {
                at += 1;
                continue;
            }
            let Task { id, offer, .. } = self.features.unsaved.offers.tasks.remove(at);
            match answer {
                Poll::Done(outcome) => self.offer_done(id, &offer, outcome),
                Poll::Running | Poll::Lost => self.offer_failed(
                    id,
                    "The task for the unsaved edits stopped unexpectedly. The edits are kept.",
                ),
            }
        }
    }

    fn found_offers(&mut self, found: Found) {
        for message in found.messages {
            self.context.notices.push(Level::Warning, Topic::Open, None, message);
        }
        // The latest stands last, where banners are seen first.
        for offer in found.offers.into_iter().rev() {
            let offers = &mut self.features.unsaved.offers;
            offers.made += 1;
            let id = OfferId::new(offers.made);
            offers.list.push((id, Arc::new(offer)));
            self.show_offer(id);
        }
    }

    fn offer(&self, id: OfferId) -> Option<Arc<Offer>> {
        self.features
            .unsaved
            .offers
            .list
            .iter()
            .find(|(own, _)| *own == id)
            .map(|(_, offer)| Arc::clone(offer))
    }

    /// Puts the notices of all offers up again.
    pub(in super::super) fn show_offers(&mut self) {
        let ids: Vec<OfferId> = self.offers().map(|(id, _)| id).collect();
        ids.into_iter().for_each(|id| self.show_offer(id));
    }

    /// Restores the offer of the file in front, or else the latest one that no open tab blocks.
    pub(in super::super) fn restore_next_offer(&mut self) {
        let is_in_front = |(_, offer): &(OfferId, &Offer)| {
            let front = self.tabs.front().filter(|_| !self.is_blocked(offer));
            front.zip(offer.needs()).is_some_and(|(tab, path)| is_at(tab, path))
        };
        let free = |(_, offer): &(OfferId, &Offer)| !self.is_blocked(offer);
        let offers: Vec<(OfferId, &Offer)> = self.offers().collect();
        let latest_first = || offers.iter().rev();
        let next = latest_first().find(|offer| is_in_front(offer));
        let next = next.or_else(|| latest_first().find(|offer| free(offer))).or_else(|| offers.last());
        if let Some(id) = next.map(|(id, _)| *id) {
            self.take_offer(id, OfferWay::Restore);
        }
    }

    /// The tab of the edited file, if a restore would lose something in it.
    fn blocking(&self, offer: &Offer) -> Option<&Tab> {
        let path = offer.needs()?;
        self.tabs.iter().find(|tab| is_at(tab, path) && !is_unmodified(tab))
    }

    fn is_blocked(&self, offer: &Offer) -> bool {
        self.blocking(offer).is_some()
    }

    fn show_offer(&mut self, id: OfferId) {
        let Some(offer) = self.offer(id) else { return };
        let ways_out = vec![
            ("Restore", Action::Offer(id, OfferWay::Restore)),
            ("Export as patch…", Action::Offer(id, OfferWay::Export)),
            ("Discard", Action::Offer(id, OfferWay::Discard)),
        ];
        let level = if offer.is_unsaved { Level::Warning } else { Level::Info };
        self.tell_of_offer(id, level, words_of(&offer), ways_out);
    }

    fn tell_of_offer(
        &mut self,
        id: OfferId,
        level: Level,
        text: String,
        ways_out: Vec<(&'static str, Action)>,
    ) {
        self.context.notices.push_with(level, Topic::Offer(id), None, text, ways_out);
    }

    /// Does with an offer what the user wants.
    pub(in super::super) fn take_offer(&mut self, id: OfferId, way: OfferWay) {
        let Some(offer) = self.offer(id) else { return };
        if self.features.unsaved.offers.tasks.iter().any(|task| task.id == id) {
            return;
        }
        self.context.notices.clear(Topic::Offer(id), None);
        match way {
            OfferWay::Show => self.show_offer(id),
            OfferWay::Restore => self.start_restore(id, offer),
            OfferWay::Export => {
                self.show_offer(id);
                self.context.ask_name(Asked::Patch(id), offer.patch_name().typed());
            }
            OfferWay::Discard => {
                let text = format!("Discard the unsaved edits of {} for good?", offer.about.title);
                let ways_out = vec![
                    ("Discard for good", Action::Offer(id, OfferWay::DiscardForGood)),
                    ("Keep", Action::Offer(id, OfferWay::Show)),
                ];
                self.tell_of_offer(id, Level::Warning, text, ways_out);
            }
            OfferWay::DiscardForGood => {
                self.start_task(id, offer, |offer, _| Outcome::Discarded(offer.discard()));
            }
        }
    }

    fn start_restore(&mut self, id: OfferId, offer: Arc<Offer>) {
        if let Some(tab) = self.blocking(&offer) {
            let doing = if tab.saving { "is being saved" } else { "has new unsaved changes" };
            self.context.say(format!("{} {doing}. Close its tab, then restore.", tab.title));
            return self.show_offer(id);
        }
        let (cache, journals) =
            (self.context.cache.clone(), self.context.folders.as_ref().map(Folders::journals));
        let budget = self.context.settings.unsaved_edits_mib.saturating_mul(1 << 20);
        self.start_task(id, offer, move |offer, progress| {
            Outcome::Restored(restore(offer, &cache, journals.as_deref(), budget, progress))
        });
    }

    fn start_task(
        &mut self,
        id: OfferId,
        offer: Arc<Offer>,
        work: impl FnOnce(&Offer, &Progress) -> Outcome + Send + 'static,
    ) {
        let own = Arc::clone(&offer);
        let job = Job::spawn("unsaved edits", self.context.waker(), move |progress| work(&own, progress));
        match job {
            Ok(job) => self.features.unsaved.offers.tasks.push(Task { id, offer, job }),
            Err(error) => {
                self.offer_failed(id, &format!("No thread could be started ({error})."));
            }
        }
    }

    /// Exports an offer; `replace` when the user agrees that the file at `path` is lost.
    pub(in super::super) fn export_to(&mut self, id: OfferId, path: PathBuf, replace: bool) {
        let Some(offer) = self.offer(id) else {
            return self.context.say(format!(
                "{} was not written: those unsaved edits were restored or discarded meanwhile.",
                path.shown()
            ));
        };
        self.start_task(id, offer, move |offer, progress| export(offer, &path, replace, progress));
    }

    fn offer_failed(&mut self, id: OfferId, reason: &str) {
        self.context.notices.push(Level::Error, Topic::Unsaved, None, reason);
        self.show_offer(id);
    }

    fn offer_done(&mut self, id: OfferId, offer: &Offer, outcome: Outcome) {
        match outcome {
            Outcome::Restored(Ok(restore)) => self.restored(id, offer, *restore),
            Outcome::Restored(Err(OfferFailure::Changed(reason))) => {
                let ways_out = vec![
                    ("Export as patch…", Action::Offer(id, OfferWay::Export)),
                    ("Discard", Action::Offer(id, OfferWay::Discard)),
                ];
                self.tell_of_offer(id, Level::Error, reason, ways_out);
            }
            Outcome::Restored(Err(OfferFailure::Other(reason))) | Outcome::Exported(Err(reason)) => {
                self.offer_failed(id, &reason);
            }
            Outcome::Exported(Ok(path)) => {
                self.context.say(format!(
                    "The unsaved edits of {} are in {}.",
                    offer.about.title,
                    path.shown()
                ));
            }
            Outcome::NameTaken(path) => self.context.ask_to_replace(Asked::Patch(id), path),
            Outcome::Discarded(Ok(())) => {
                self.forget_offer(id);
                self.context.say(format!("The unsaved edits of {} were discarded.", offer.about.title));
            }
            Outcome::Discarded(Err(reason)) => self.offer_failed(id, &reason),
        }
    }

    fn forget_offer(&mut self, id: OfferId) {
        self.features.unsaved.offers.list.retain(|(own, _)| *own != id);
        self.context.notices.clear(Topic::Offer(id), None);
    }

    /// Shows a document with its edits: in the tab of its file, or in a new one.
    fn restored(&mut self, offer_id: OfferId, offer: &Offer, restore: Restore) {
        let Restore { file, revived } = restore;
        let path = file.as_ref().map(|file| file.opened.path.as_path());
        let there = path.and_then(|path| self.tabs.iter().find(|tab| is_at(tab, path)));
        if let Some(tab) = there.filter(|tab| !is_unmodified(tab)) {
            let text = format!(
                "{} was edited while its unsaved edits from the last run were being restored. Those edits are kept and offered again at the next start.",
                tab.title
            );
            self.forget_offer(offer_id);
            self.context.notices.push(Level::Warning, Topic::Unsaved, None, text);
            return;
        }
        let caret = revived.document.history().caret();
        let id = match there.map(|tab| tab.id) {
            Some(id) => {
                self.features.find.forget_tab(id);
                // The log of the tab's old undo history. It would be offered at the next start.
                self.features.unsaved.forget(id);
                if let Some(tab) = self.tabs.get_mut(id) {
                    tab.document = Logged::new(revived.document);
                    // The undo history that held old files is gone.
                    tab.held_disk = 0;
                }
                id
            }
            None => {
                let id = self.tabs.next_id();
                let options = OpenOptions { in_front: true, ..OpenOptions::default() };
                self.add_tab(id, offer.about.title.clone(), revived.document, &options);
                id
            }
        };
        if let Some(file) = file {
            self.put_under(id, file);
        }
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.edit = None;
            tab.refresh();
            if let Some((at, _)) = caret {
                tab.go(Selection::caret_at(at.min(tab.len()), tab.selection.column));
            }
        }
        self.bring_to_front(id);
        self.look_for_arrays(id);
        self.forget_offer(offer_id);
        self.context.say(format!(
            "The unsaved edits of {} are restored. {} can be undone.",
            offer.about.title,
            words::counted(offer.steps.0 as u64, "step", "steps")
        ));
        let resumed = self.features.unsaved.resume(id, revived.writer, self.context.waker());
        let mut remarks = revived.remarks;
        remarks.extend(resumed.err().map(|error| {
            format!("From now on they would be lost in a crash: no thread could be started ({error}).")
        }));
        if !remarks.is_empty() {
            self.context.notices.push(Level::Warning, Topic::Unsaved, Some(id), remarks.join(" "));
        }
    }

    /// The file that the document of `id` stands on now.
    fn put_under(&mut self, id: TabId, file: RestoredFile) {
        let RestoredFile { opened, cached, generation, interrupted } = file;
        let facts = self.facts_of(&opened, cached, generation);
        self.context.remember_recent(&facts.path, 0);
        let old = self.tabs.get_mut(id).and_then(|tab| tab.file.replace(facts));
        if let Some(old) = old {
            self.context.unwatch(&old);
        }
        self.remember_interrupted(id, &interrupted);
    }
}

fn is_at(tab: &Tab, path: &Path) -> bool {
    tab.file.as_ref().is_some_and(|file| file.identity.is_some() && file.path == path)
}

/// Whether no bytes are lost when the tab gets another document. Its undo history is lost.
fn is_unmodified(tab: &Tab) -> bool {
    !tab.saving && tab.edit.is_none() && !tab.is_modified()
}

fn words_of(offer: &Offer) -> String {
    let name = match &offer.about.path {
        Some(path) => path.shown().to_string(),
        None => offer.about.title.clone(),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let when =
        offer.written.map_or_else(String::new, |at| format!(" {}", words::ago(now.saturating_sub(at))));
    let changes = match offer.changes {
        0 => String::from("unsaved changes"),
        count => words::counted(count, "unsaved change", "unsaved changes"),
    };
    let mut text = if offer.is_unsaved {
        format!("pagelens ended{when} with {changes} in {name}.")
    } else {
        format!(
            "pagelens ended{when} after {name} was saved. Nothing is lost, and its undo history was kept."
        )
    };
    if let Some(damage) = &offer.damage {
        text = format!("{text} {damage}");
    }
    text
}
