//! Matches as a selection. A selection is one run of bytes, so matches with other bytes between them can't be one.

use super::FindState;
use crate::bytes::Span;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;

/// Matches that are looked at to tell whether they are one run.
const MOST_JOINED: u64 = 1_000_000;

impl FindState {
    /// Selects the chosen rows of the list, or all of them, where they are one run of bytes.
    pub(in crate::session) fn select_matches(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_mut() else { return };
        match self.joined(tab) {
            Ok(run) => {
                tab.show_match(run);
                context.want_grid_focus();
            }
            Err(reason) => context.say(reason),
        }
    }

    /// The bytes of the chosen rows as one run.
    fn joined(&self, tab: &Tab) -> Result<Span, String> {
        let gone = || String::from("There is no match to select.");
        let hits = self.matches.shown(tab).ok_or_else(gone)?;
        let rows = self.matches.meant_rows().ok_or_else(gone)?;
        let matches = describe::counted(rows.len(), "match", "matches");
        if rows.len() > MOST_JOINED {
            return Err(format!(
                "{matches} are too many to select at once: the limit is {}. Choose fewer rows.",
                describe::grouped(MOST_JOINED)
            ));
        }
        let now: Option<Vec<Span>> =
            rows.iter().map(|found| hits.now(&found, tab).filter(|_| found.is_in_file())).collect();
        let mut spans = now.ok_or("Some of these matches have been edited since. Use Find all again.")?;
        spans.sort_unstable_by_key(|span| span.start());
        let gap = spans.windows(2).find(|pair| pair[0].end() < pair[1].start());
        if let Some(pair) = gap {
            let base = tab.hex().format.base;
            return Err(format!(
                "A selection is one run of bytes, and these {matches} have other bytes between them, the first at {}. Choose rows that follow each other without a gap.",
                describe::hex(pair[0].end().wrapping_add(base))
            ));
        }
        let (first, last) = (spans.first().ok_or_else(gone)?, spans.last().ok_or_else(gone)?);
        Ok(Span::between(first.start(), last.end()))
    }
}
