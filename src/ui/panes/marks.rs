//! The marks on the scroll bars of a tab's panes.

use crate::session::find::FoundMatch;
use crate::session::{STRINGS, Session, Tab};
use crate::ui::grid::{Mark, MarkKind};

/// Marks on the scroll bar at most; more would be one line.
const MARKS: u64 = 400;

/// Changes, matches and listed strings on the scroll bar, thinned out to what can be told apart.
pub(super) fn marks(session: &Session, tab: &Tab) -> Vec<Mark> {
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
    if session.shows_panel(STRINGS) {
        let strings = session.features().strings.spread(tab, MARKS);
        // Matches and changes are drawn over them.
        marks.splice(..0, strings.into_iter().map(|span| Mark { span, kind: MarkKind::Text }));
    }
    marks
}
