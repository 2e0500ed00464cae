//! Matches as a selection. A selection is one run of bytes, so matches with other bytes between them can't be one.

use super::FindState;
use super::places::MatchPlaces;
use super::rows::MatchRows;
use crate::bytes::Span;
use crate::job::Progress;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::jobs::{Finished, Task};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;

/// Matches that are looked at to tell whether they are one run.
const MOST_JOINED: u64 = 1_000_000;

impl FindState {
    /// Selects the chosen rows of the list, or all of them, where they are one run of bytes. A worker looks whether they
    /// are.
    pub(in crate::session) fn select_matches(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        let hits = self.matches.shown(tab);
        let (Some(hits), Some(rows)) = (hits, self.matches.meant_rows()) else {
            return context.say(NONE);
        };
        if rows.len() > MOST_JOINED {
            let matches = describe::counted(rows.len(), "match", "matches");
            let limit = describe::grouped(MOST_JOINED);
            return context.say(format!(
                "{matches} are too many to select at once: the limit is {limit}. Choose fewer rows."
            ));
        }
        let (places, base) = (MatchPlaces::of(hits, tab), tab.hex().format.base);
        let task = Task::shown("select matches", "Selecting the matches").of(tab);
        self.joining.clear();
        let started = self
            .joining
            .start(context.waker(), task, (), move |progress| join(&rows, &places, base, progress));
        if let Err((error, ())) = started {
            context.say(format!("Nothing was selected: no thread could be started ({error})."));
        }
    }

    /// Selects what a worker has found to be one run.
    pub(super) fn joined(ended: Finished<(), Result<Span, String>>, tabs: &mut Tabs, context: &mut Context) {
        let is_current = ended.is_current(tabs);
        let Some(tab) = ended.tab.and_then(|id| tabs.get_mut(id)) else { return };
        match ended.answer {
            Some(Ok(run)) if is_current => select(tab, run, context),
            Some(Ok(_)) => context.say("Nothing was selected: the file was edited in the meantime."),
            Some(Err(reason)) => context.say(reason),
            None => context.say(NONE),
        }
    }
}

/// What is said where nothing can be selected.
const NONE: &str = "There is no match to select.";

fn select(tab: &mut Tab, run: Span, context: &mut Context) {
    tab.show_match(run);
    context.want_grid_focus();
}

/// The bytes of the rows as one run. Blocks.
fn join(rows: &MatchRows, places: &MatchPlaces, base: u64, progress: &Progress) -> Result<Span, String> {
    progress.set_total(rows.len());
    let mut spans = Vec::new();
    for found in rows.iter_as_found() {
        let found = found.map_err(|error| format!("Nothing was selected: {error}."))?;
        let now = places.now(&found).filter(|_| found.is_in_file());
        spans.push(now.ok_or("Some of these matches have been edited since. Use Find all again.")?);
        progress.advance(1);
        if progress.is_cancelled() {
            return Err(String::from("Stopped."));
        }
    }
    spans.sort_unstable_by_key(|span| span.start());
    let gap = spans.windows(2).find(|pair| pair[0].end() < pair[1].start());
    if let Some(pair) = gap {
        let matches = describe::counted(rows.len(), "match", "matches");
        return Err(format!(
            "A selection is one run of bytes, and these {matches} have other bytes between them, the first at {}. Choose rows that follow each other without a gap.",
            describe::hex(pair[0].end().wrapping_add(base))
        ));
    }
    match (spans.first(), spans.last()) {
        (Some(first), Some(last)) => Ok(Span::between(first.start(), last.end())),
        _ => Err(String::from(NONE)),
    }
}
