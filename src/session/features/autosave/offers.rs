//! Unsaved edits of an earlier run: a notice offers each of them, and the user decides.
//!
//! They are offered until they are restored or discarded, also when the notice is dismissed. If the file is not the one
//! that was edited, its edits can't be restored; they can be exported.

use super::restored::{RestoredEdits, RestoredFile};
use super::{Autosave, LABELS};
use crate::bytes::SharedSource;
use crate::bytes::open;
use crate::bytes::pages::PageCache;
use crate::escape::PathText;
use crate::job::Progress;
use crate::save::{self, RealDisk, SaveError, SaveRequest, destination_of};
use crate::session::action::{Action, OfferWay};
use crate::session::context::{Context, now};
use crate::session::describe;
use crate::session::effect::Effect;
use crate::session::generations::right_generation;
use crate::session::ids::OfferId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::name_request::Asked;
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::state::Folders;
use crate::state::edit_log::{FoundLogs, Offer, OfferFailure, Revived, find};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// What was found, and what is being done with it.
#[derive(Debug, Default)]
pub(super) struct Offers {
    list: Vec<(OfferId, Arc<Offer>)>,
    made: u64,
    looking: Jobs<(), FoundLogs>,
    tasks: Jobs<Asking, Outcome>,
}

/// An offer, and its number.
type Asking = (OfferId, Arc<Offer>);

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
    let location = &opened.origin.location;
    let interrupted = destination_of(location).pending(location, journals);
    let pending = interrupted.as_ref().ok().and_then(Option::as_ref);
    let cached = cache.attach(opened.source.clone()).map_err(|error| failed(error.to_string()))?;
    let generation = Arc::new(right_generation(cache, cached.clone(), pending));
    let revived = offer.revive(Some((&opened, generation.clone())), cacher, LABELS, budget)?;
    Ok(Box::new(Restore { file: Some(RestoredFile { opened, cached, generation, interrupted }), revived }))
}

fn export(offer: &Offer, path: &Path, replace: bool, progress: &Progress) -> Outcome {
    let destination = destination_of(&path.into());
    let save = |text| destination.save(SaveRequest::save_as(text, path, replace), progress);
    match offer.patch(progress).map(save) {
        Ok(Err(SaveError::Exists { path })) => Outcome::NameTaken(path),
        Ok(saved) => {
            Outcome::Exported(saved.map(|saved| saved.path().to_owned()).map_err(|error| error.to_string()))
        }
        Err(reason) => Outcome::Exported(Err(reason)),
    }
}

impl Offers {
    /// Stops what is being done with offers, and waits until it has stopped.
    pub(super) fn stop(&mut self, deadline: Instant) {
        self.tasks.cancel_all();
        self.tasks.wait_until(deadline);
        self.looking.wait_until(deadline);
    }

    fn get(&self, id: OfferId) -> Option<Arc<Offer>> {
        self.list.iter().find(|(own, _)| *own == id).map(|(_, offer)| Arc::clone(offer))
    }
}

impl Autosave {
    /// Looks for what another run has left, on a worker.
    pub fn look(&mut self, context: &mut Context) {
        let Some(folder) = context.folders.as_ref().map(Folders::edits) else { return };
        let task = Task::hidden("unsaved edits");
        let started = self.offers.looking.start(context.waker(), task, (), move |_| {
            find(&(Arc::new(RealDisk) as Arc<dyn save::Disk>), &folder, LABELS)
        });
        if let Err((error, ())) = started {
            let text = format!(
                "pagelens could not look for unsaved edits from the last run: no thread could be started ({error})."
            );
            context.notices.push(Level::Warning, Topic::State, None, text);
        }
    }

    /// Whether it is known by now what another run has left.
    pub fn has_looked(&self) -> bool {
        self.offers.looking.is_empty()
    }

    /// Edits of another run that are offered.
    pub fn offers(&self) -> impl Iterator<Item = (OfferId, &Offer)> {
        self.offers.list.iter().map(|(id, offer)| (*id, &**offer))
    }

    /// The user can end nothing of it.
    pub fn cancel(&mut self, _: &mut Context) -> bool {
        false
    }

    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.offers.tasks.activities()
    }

    /// Takes what has been found and done since the last call.
    pub fn poll(&mut self, _: &mut Tabs, context: &mut Context) {
        for found in self.offers.looking.drain_finished() {
            if let Some(found) = found.answer {
                self.found_offers(found, context);
            }
        }
        for ended in self.offers.tasks.drain_finished() {
            let (id, offer) = ended.what;
            match ended.answer {
                Some(outcome) => {
                    if let Some(restored) = self.offer_done(id, &offer, outcome, context) {
                        context.want(Effect::ShowRestored(Box::new(restored)));
                    }
                }
                None => {
                    let reason = "The task for the unsaved edits stopped unexpectedly. The edits are kept.";
                    self.offer_failed(id, reason, context);
                }
            }
        }
    }

    fn found_offers(&mut self, found: FoundLogs, context: &mut Context) {
        for message in found.messages {
            context.notices.push(Level::Warning, Topic::Open, None, message);
        }
        // The latest stands last, where banners are seen first.
        for offer in found.offers.into_iter().rev() {
            let offers = &mut self.offers;
            offers.made += 1;
            let id = OfferId::new(offers.made);
            offers.list.push((id, Arc::new(offer)));
            self.show_offer(id, context);
        }
    }

    /// Puts the notices of all offers up again.
    pub fn show_offers(&mut self, context: &mut Context) {
        let ids: Vec<OfferId> = self.offers().map(|(id, _)| id).collect();
        ids.into_iter().for_each(|id| self.show_offer(id, context));
    }

    /// Restores the offer of the file in front, or else the latest one that no open tab blocks.
    pub fn restore_next(&mut self, tabs: &Tabs, context: &mut Context) {
        let is_in_front = |(_, offer): &(OfferId, &Offer)| {
            let front = tabs.front().filter(|_| blocking(tabs, offer).is_none());
            front.zip(offer.needs()).is_some_and(|(tab, path)| is_at(tab, path))
        };
        let free = |(_, offer): &(OfferId, &Offer)| blocking(tabs, offer).is_none();
        let offers: Vec<(OfferId, &Offer)> = self.offers().collect();
        let latest_first = || offers.iter().rev();
        let next = latest_first().find(|offer| is_in_front(offer));
        let next = next.or_else(|| latest_first().find(|offer| free(offer))).or_else(|| offers.last());
        if let Some(id) = next.map(|(id, _)| *id) {
            self.apply(id, OfferWay::Restore, tabs, context);
        }
    }

    fn show_offer(&self, id: OfferId, context: &mut Context) {
        let Some(offer) = self.offers.get(id) else { return };
        let ways_out = vec![
            ("Restore", Action::Offer(id, OfferWay::Restore)),
            ("Export as patch…", Action::Offer(id, OfferWay::Export)),
            ("Discard", Action::Offer(id, OfferWay::Discard)),
        ];
        let level = if offer.is_unsaved { Level::Warning } else { Level::Info };
        tell(id, level, words_of(&offer), ways_out, context);
    }

    /// Does with an offer what the user wants.
    pub fn apply(&mut self, id: OfferId, way: OfferWay, tabs: &Tabs, context: &mut Context) {
        let Some(offer) = self.offers.get(id) else { return };
        if self.offers.tasks.iter().any(|(other, _)| *other == id) {
            return;
        }
        context.notices.clear(Topic::Offer(id), None);
        match way {
            OfferWay::Show => self.show_offer(id, context),
            OfferWay::Restore => self.start_restore(id, offer, tabs, context),
            OfferWay::Export => {
                self.show_offer(id, context);
                context.ask_name(Asked::Patch(id), offer.patch_name().typed());
            }
            OfferWay::Discard => {
                let text = format!("Discard the unsaved edits of {} permanently?", offer.about.title);
                let ways_out = vec![
                    ("Discard permanently", Action::Offer(id, OfferWay::DiscardForGood)),
                    ("Keep", Action::Offer(id, OfferWay::Show)),
                ];
                tell(id, Level::Warning, text, ways_out, context);
            }
            OfferWay::DiscardForGood => {
                self.start_task(id, offer, |offer, _| Outcome::Discarded(offer.discard()), context);
            }
        }
    }

    fn start_restore(&mut self, id: OfferId, offer: Arc<Offer>, tabs: &Tabs, context: &mut Context) {
        if let Some(tab) = blocking(tabs, &offer) {
            let doing = if tab.is_saving() { "is being saved" } else { "has new unsaved changes" };
            context.say(format!("{} {doing}. Close its tab, then restore.", tab.title));
            return self.show_offer(id, context);
        }
        let (cache, journals) = (context.cache.clone(), context.folders.as_ref().map(Folders::journals));
        let budget = context.settings.unsaved_edits_mib.saturating_mul(1 << 20);
        let work = move |offer: &Offer, progress: &Progress| {
            Outcome::Restored(restore(offer, &cache, journals.as_deref(), budget, progress))
        };
        self.start_task(id, offer, work, context);
    }

    fn start_task(
        &mut self,
        id: OfferId,
        offer: Arc<Offer>,
        work: impl FnOnce(&Offer, &Progress) -> Outcome + Send + 'static,
        context: &mut Context,
    ) {
        let own = Arc::clone(&offer);
        let label = format!("Unsaved edits of {}", offer.about.title);
        let task = Task::shown("unsaved edits", label).not_cancelled().without_fraction();
        let work = move |progress: &Progress| work(&own, progress);
        if let Err((error, _)) = self.offers.tasks.start(context.waker(), task, (id, offer), work) {
            self.offer_failed(id, &format!("No thread could be started ({error})."), context);
        }
    }

    /// Exports an offer; `replace` when the user agrees that the file at `path` is lost.
    pub fn export_to(&mut self, id: OfferId, path: PathBuf, replace: bool, context: &mut Context) {
        let Some(offer) = self.offers.get(id) else {
            return context.say(format!(
                "{} was not written: the unsaved edits were restored or discarded in the meantime.",
                path.shown()
            ));
        };
        let work = move |offer: &Offer, progress: &Progress| export(offer, &path, replace, progress);
        self.start_task(id, offer, work, context);
    }

    fn offer_failed(&self, id: OfferId, reason: &str, context: &mut Context) {
        context.notices.push(Level::Error, Topic::Unsaved, None, reason);
        self.show_offer(id, context);
    }

    /// Answers what is to be shown.
    fn offer_done(
        &mut self,
        id: OfferId,
        offer: &Offer,
        outcome: Outcome,
        context: &mut Context,
    ) -> Option<RestoredEdits> {
        match outcome {
            Outcome::Restored(Ok(restore)) => {
                let Restore { file, revived } = *restore;
                let (title, steps) = (offer.about.title.clone(), offer.steps.0 as u64);
                return Some(RestoredEdits { id, title, steps, file, revived });
            }
            Outcome::Restored(Err(OfferFailure::Changed(reason))) => {
                let ways_out = vec![
                    ("Export as patch…", Action::Offer(id, OfferWay::Export)),
                    ("Discard", Action::Offer(id, OfferWay::Discard)),
                ];
                tell(id, Level::Error, reason, ways_out, context);
            }
            Outcome::Restored(Err(OfferFailure::Other(reason))) | Outcome::Exported(Err(reason)) => {
                self.offer_failed(id, &reason, context);
            }
            Outcome::Exported(Ok(path)) => {
                context.say(format!("The unsaved edits of {} are in {}.", offer.about.title, path.shown()));
            }
            Outcome::NameTaken(path) => context.ask_to_replace(Asked::Patch(id), path),
            Outcome::Discarded(Ok(())) => {
                self.forget_offer(id, context);
                context.say(format!("The unsaved edits of {} were discarded.", offer.about.title));
            }
            Outcome::Discarded(Err(reason)) => self.offer_failed(id, &reason, context),
        }
        None
    }

    /// An offer that is restored or discarded.
    pub fn forget_offer(&mut self, id: OfferId, context: &mut Context) {
        self.offers.list.retain(|(own, _)| *own != id);
        context.notices.clear(Topic::Offer(id), None);
    }
}

type WaysOut = Vec<(&'static str, Action)>;

fn tell(id: OfferId, level: Level, text: String, ways_out: WaysOut, context: &mut Context) {
    context.notices.push_with(level, Topic::Offer(id), None, text, ways_out);
}

/// The tab of the edited file, if a restore would lose something in it.
fn blocking<'a>(tabs: &'a Tabs, offer: &Offer) -> Option<&'a Tab> {
    let path = offer.needs()?;
    tabs.iter().find(|tab| is_at(tab, path) && !is_unmodified(tab))
}

/// Whether the tab shows the file at `path`.
pub(in crate::session) fn is_at(tab: &Tab, path: &Path) -> bool {
    tab.file.as_ref().is_some_and(|file| file.is_stored() && file.path() == path)
}

/// Whether no bytes are lost when the tab gets another document. Its undo history is lost.
pub(in crate::session) fn is_unmodified(tab: &Tab) -> bool {
    !tab.is_saving() && tab.edit.is_none() && !tab.is_modified()
}

fn words_of(offer: &Offer) -> String {
    let name = match offer.about.path() {
        Some(path) => path.shown().to_string(),
        None => offer.about.title.clone(),
    };
    let when =
        offer.written.map_or_else(String::new, |at| format!(" {}", describe::ago(now().saturating_sub(at))));
    let changes = match offer.changes {
        0 => String::from("unsaved changes"),
        count => describe::counted(count, "unsaved change", "unsaved changes"),
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
