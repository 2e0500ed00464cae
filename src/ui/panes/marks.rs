//! The marks on the scroll bars of a tab's panes.

use crate::bytes::Span;
use crate::session::find::FoundMatch;
use crate::session::strings::SpreadKey;
use crate::session::{STRINGS, Session, Tab};
use crate::ui::grid::{Mark, MarkKind};

/// Marks on the scroll bar at most; more would be one line.
const MARKS: u64 = 400;

/// What was made of something last time, until that is something else.
#[derive(Debug)]
pub(super) struct Kept<K, V>(Option<(K, V)>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq, V> Kept<K, V> {
    fn of(&mut self, key: K, make: impl FnOnce() -> V) -> &V {
        let kept = self.0.take().filter(|(old, _)| *old == key);
        &self.0.insert(kept.unwrap_or_else(|| (key, make()))).1
    }
}

/// Where the listed strings are, which takes long after many edits.
pub(super) type KeptStrings = Kept<SpreadKey, Vec<Span>>;

/// Changes, matches and listed strings on the scroll bar, thinned out to what can be told apart.
pub(super) fn marks(session: &Session, tab: &Tab, kept: &mut KeptStrings) -> Vec<Mark> {
    let shown = tab.shown();
    let changes = shown.changes();
    let step = changes.div_ceil(MARKS).max(1);
    let mut marks: Vec<Mark> = (0..changes)
        .step_by(usize::try_from(step).unwrap_or(usize::MAX))
        .filter_map(|n| shown.nth_change(n))
        .map(|change| Mark { span: change.span, kind: MarkKind::Changed })
        .collect();
    if let Some(hits) =
        session.finding().matches.hits().filter(|hits| hits.tab == tab.id && session.finding().marks(tab))
    {
        let spans = hits.found.spread(MARKS).filter(FoundMatch::is_in_file).map(|found| found.span);
        marks.extend(spans.map(|span| Mark { span, kind: MarkKind::Found }));
    }
    let strings = &session.features().strings;
    if session.shows_panel(STRINGS)
        && let Some(key) = strings.spread_key(tab)
    {
        let spans = kept.of(key, || strings.spread(tab, MARKS));
        // Matches and changes are drawn over them.
        marks.splice(..0, spans.iter().map(|span| Mark { span: *span, kind: MarkKind::Text }));
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_made_again_only_of_something_else() {
        let (mut kept, mut made) = (Kept::default(), 0);
        for (key, value) in [(1, 1), (1, 1), (2, 2), (2, 2), (1, 3)] {
            let own = *kept.of(key, || {
                made += 1;
                made
            });
            assert_eq!(own, value, "{key}");
        }
    }
}
