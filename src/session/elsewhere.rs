//! Other windows of the program that have the same file open: each tells of its files and looks for the others'.
//!
//! A worker does both, when a file is opened, saved as another or closed, and when the window comes to the front. The
//! same window shows a file in one tab only.

use super::notice::{Level, Topic};
use super::tab::Tab;
use super::{Session, TabId};
use crate::job::{Job, Poll};
use crate::state::{Folders, OpenFile, Presence};
use std::collections::HashMap;
use std::time::Instant;

/// A file that is open here, told to others or not.
#[derive(Debug)]
struct Told {
    tab: TabId,
    file: OpenFile,
    /// `None` where the state folder does not take the word.
    presence: Option<Presence>,
    /// Who else has it open.
    others: Vec<u32>,
}

/// What is told, and the worker that does it.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    told: Vec<Told>,
    job: Option<Job<Vec<Told>>>,
    /// What the user was told last, dismissed or not.
    said: Vec<(TabId, Vec<u32>)>,
    /// Whether others are to be looked for once more.
    is_asked: bool,
}

impl Elsewhere {
    /// Whether others are being looked for.
    pub(super) fn is_looking(&self) -> bool {
        self.job.is_some()
    }
}

/// Tells of `wanted`, takes back what is not among it, and looks who else has any of it. Blocks.
fn tell(folders: &Folders, told: Vec<Told>, wanted: Vec<(TabId, OpenFile)>) -> Vec<Told> {
    let mut wanted: HashMap<TabId, OpenFile> = wanted.into_iter().collect();
    let (mut kept, dropped): (Vec<Told>, Vec<Told>) =
        told.into_iter().partition(|told| wanted.get(&told.tab) == Some(&told.file));
    drop(dropped);
    kept.iter().for_each(|told| drop(wanted.remove(&told.tab)));
    let (tabs, files): (Vec<TabId>, Vec<OpenFile>) = wanted.into_iter().unzip();
    let announced = if files.is_empty() { Ok(Vec::new()) } else { Presence::announce(folders, &files) };
    let mut announced = match announced {
        Ok(list) => list.into_iter(),
        Err(error) => {
            tracing::info!(%error, "other windows are not told of files");
            Vec::new().into_iter()
        }
    };
    for (tab, file) in tabs.into_iter().zip(files) {
        let presence = match announced.next() {
            Some(Ok(presence)) => Some(presence),
            Some(Err(error)) => {
                tracing::info!(%error, "other windows are not told of a file");
                None
            }
            None => None,
        };
        kept.push(Told { tab, file, presence, others: Vec::new() });
    }
    let others: Vec<Vec<u32>> = {
        let own: Vec<&Presence> = kept.iter().filter_map(|told| told.presence.as_ref()).collect();
        let files: Vec<&OpenFile> = kept.iter().map(|told| &told.file).collect();
        Presence::others(folders, &files, &own)
    };
    kept.iter_mut().zip(others).for_each(|(told, others)| told.others = others);
    kept
}

impl Elsewhere {
    /// Waits until nothing more is told.
    pub(super) fn stop(&mut self, deadline: Instant) {
        self.told.extend(self.job.take().and_then(|job| job.wait_until(deadline)).into_iter().flatten());
    }
}

impl Session {
    /// Looks for other windows again. It begins at once: no other frame may come for long.
    pub(super) fn look_elsewhere(&mut self) {
        self.features.elsewhere.is_asked = true;
        self.poll_elsewhere();
    }

    /// Tells of what was opened and closed since the last call, and takes what was found out.
    pub(super) fn poll_elsewhere(&mut self) {
        if let Some(job) = &mut self.features.elsewhere.job {
            match job.poll() {
                Poll::Running => return,
                Poll::Done(told) => self.found_elsewhere(told),
                Poll::Lost => {}
            }
            self.features.elsewhere.job = None;
        }
        let Some(folders) = self.context.folders.clone() else { return };
        let wanted: Vec<(TabId, OpenFile)> =
            self.tabs.iter().filter_map(|tab| Some((tab.id, file_of(tab)?))).collect();
        let told: HashMap<TabId, &OpenFile> =
            self.features.elsewhere.told.iter().map(|told| (told.tab, &told.file)).collect();
        let is_told = |(tab, file): &(TabId, OpenFile)| told.get(tab) == Some(&file);
        if told.len() == wanted.len() && wanted.iter().all(is_told) && !self.features.elsewhere.is_asked {
            return;
        }
        self.features.elsewhere.is_asked = false;
        let told = std::mem::take(&mut self.features.elsewhere.told);
        let job = Job::spawn("tell", self.context.waker(), move |_| tell(&folders, told, wanted));
        // Without a thread others are told with the next change.
        self.features.elsewhere.job = job.ok();
    }

    fn found_elsewhere(&mut self, told: Vec<Told>) {
        let found: Vec<(TabId, Vec<u32>)> = told.iter().map(|told| (told.tab, told.others.clone())).collect();
        self.features.elsewhere.told = told;
        let said = std::mem::replace(&mut self.features.elsewhere.said, found.clone());
        let said: HashMap<TabId, Vec<u32>> = said.into_iter().collect();
        for (id, others) in found.iter().filter(|(id, others)| said.get(id) != Some(others)) {
            self.tell_elsewhere(*id, others);
        }
    }

    fn tell_elsewhere(&mut self, id: TabId, others: &[u32]) {
        let Some(title) = self.tabs.get(id).map(|tab| tab.title.clone()) else { return };
        self.context.notices.clear(Topic::OpenElsewhere, Some(id));
        let numbers = others.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let windows = match others.len() {
            0 => return,
            1 => format!("another pagelens window (process {numbers})"),
            _ => format!("other pagelens windows (processes {numbers})"),
        };
        let text = format!(
            "{title} is also open in {windows}. Each window has its own edits. If one of them saves, the other one asks before it overwrites anything."
        );
        self.context.notices.push(Level::Info, Topic::OpenElsewhere, Some(id), text);
    }
}

/// How other windows are told of a tab's file.
fn file_of(tab: &Tab) -> Option<OpenFile> {
    let file = tab.file.as_ref().filter(|file| file.is_stored())?;
    Some(OpenFile::new(&file.origin))
}
