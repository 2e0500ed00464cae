//! When a command can be run: the conditions that lines of the table share.

use crate::session::{Session, tab::Tab};

pub(super) fn always(_: &Session) -> bool {
    true
}

pub(super) fn open(session: &Session) -> bool {
    session.tab().is_some()
}

/// More than one file is open.
pub(super) fn several(session: &Session) -> bool {
    session.tabs().len() > 1
}

/// The file in front is not the last one of the row.
pub(super) fn has_tabs_to_right(session: &Session) -> bool {
    let front = session.tab().map(|tab| tab.id);
    front.is_some() && session.tabs().last().map(|tab| tab.id) != front
}

pub(super) fn lists_matches(session: &Session) -> bool {
    with(session, |tab| session.finding().listed(tab).is_some())
}

pub(super) fn with(session: &Session, test: impl Fn(&Tab) -> bool) -> bool {
    session.tab().is_some_and(test)
}

pub(super) fn editable(session: &Session) -> bool {
    with(session, Tab::is_editable)
}

/// The keys go to the bytes or to plain values, which can be removed and put in between.
pub(super) fn editable_bytes(session: &Session) -> bool {
    with(session, |tab| tab.is_editable() && !tab.is_in_array())
}

pub(super) fn can_cut(session: &Session) -> bool {
    editable_bytes(session) && with(session, |tab| !tab.selected().is_empty())
}

/// What is selected can be given values: bytes, or items of an array.
pub(super) fn can_fill(session: &Session) -> bool {
    let is_own = |tab: &Tab| tab.array().is_some_and(|view| view.unpacked.is_none());
    can_cut(session) || with(session, |tab| tab.is_editable() && tab.is_in_array() && is_own(tab))
}

pub(super) fn can_copy(session: &Session) -> bool {
    with(session, |tab| tab.is_in_array() || !tab.selected().is_empty())
}

pub(super) fn can_truncate(session: &Session) -> bool {
    editable_bytes(session) && with(session, |tab| tab.selected().start() < tab.len())
}
