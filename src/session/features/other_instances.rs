//! Other windows of the program that have the same file open. Each announces its files and searches for those of the
//! others.
//!
//! A worker does both, when a file is opened, closed or saved as another, and when the window comes to the front. The
//! same window shows a file in one tab only.

use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
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
pub(in crate::session) struct OtherInstances {
    told: Vec<Told>,
    job: Jobs<(), Vec<Told>>,
    /// What the user was told last, dismissed or not.
    said: Vec<(TabId, Vec<u32>)>,
    /// Whether others are to be searched for once more.
    is_asked: bool,
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
            tracing::info!(%error, "other windows are not notified of open files");
            Vec::new().into_iter()
        }
    };
    for (tab, file) in tabs.into_iter().zip(files) {
        let presence = match announced.next() {
            Some(Ok(presence)) => Some(presence),
            Some(Err(error)) => {
                tracing::info!(%error, "other windows are not notified of an open file");
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

impl OtherInstances {
    /// Whether others are being searched for.
    pub fn is_searching(&self) -> bool {
        !self.job.is_empty()
    }

    /// Waits until nothing more is told.
    pub fn stop(&mut self, deadline: Instant) {
        self.told.extend(self.job.wait_until(deadline).into_iter().flatten());
    }

    /// Searches for other windows again. It begins at once: no other frame may come for long.
    pub fn search(&mut self, tabs: &mut Tabs, context: &mut Context) {
        self.is_asked = true;
        self.poll(tabs, context);
    }

    /// It works unseen.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.job.activities()
    }

    /// The user can end nothing of it.
    pub fn cancel(&mut self, _: &mut Context) -> bool {
        false
    }

    /// Tells of what was opened and closed since the last call, and takes what was found out.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.job.drain_finished() {
            if let Some(told) = ended.answer {
                self.found(told, tabs, context);
            }
        }
        let Some(folders) = context.folders.clone().filter(|_| self.job.is_empty()) else { return };
        let wanted: Vec<(TabId, OpenFile)> =
            tabs.iter().filter_map(|tab| Some((tab.id, file_of(tab)?))).collect();
        let told: HashMap<TabId, &OpenFile> = self.told.iter().map(|told| (told.tab, &told.file)).collect();
        let is_told = |(tab, file): &(TabId, OpenFile)| told.get(tab) == Some(&file);
        if told.len() == wanted.len() && wanted.iter().all(is_told) && !self.is_asked {
            return;
        }
        self.is_asked = false;
        let told = std::mem::take(&mut self.told);
        let work = move |_: &_| tell(&folders, told, wanted);
        // Without a thread others are told with the next change.
        if let Err((error, ())) = self.job.start(context.waker(), Task::hidden("tell"), (), work) {
            tracing::info!(%error, "other windows are not notified of open files");
        }
    }

    fn found(&mut self, told: Vec<Told>, tabs: &Tabs, context: &mut Context) {
        let found: Vec<(TabId, Vec<u32>)> = told.iter().map(|told| (told.tab, told.others.clone())).collect();
        self.told = told;
        let said = std::mem::replace(&mut self.said, found.clone());
        let said: HashMap<TabId, Vec<u32>> = said.into_iter().collect();
        for (id, others) in found.iter().filter(|(id, others)| said.get(id) != Some(others)) {
            if let Some(tab) = tabs.get(*id) {
                show_others(tab, others, context);
            }
        }
    }
}

/// Shows a notice about the other windows that have the file of a tab open.
fn show_others(tab: &Tab, others: &[u32], context: &mut Context) {
    context.notices.clear(Topic::OpenElsewhere, Some(tab.id));
    let numbers = others.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let windows = match others.len() {
        0 => return,
        1 => format!("another pagelens window (process {numbers})"),
        _ => format!("other pagelens windows (processes {numbers})"),
    };
    let text = format!(
        "{} is also open in {windows}. Each window has its own edits. If one of them saves, the other one asks before it overwrites anything.",
        tab.title
    );
    context.notices.push(Level::Info, Topic::OpenElsewhere, Some(tab.id), text);
}

/// How other windows are told of a tab's file.
fn file_of(tab: &Tab) -> Option<OpenFile> {
    let file = tab.file.as_ref().filter(|file| file.is_stored())?;
    Some(OpenFile::new(&file.origin))
}
