//! When a command can be run: the conditions that lines of the table share.

use crate::session::{Session, tab::Tab};

pub(super) fn always(_: &Session) -> bool {
    true
}

pub(super) fn open(session: &Session) -> bool {
    session.tab().is_some()
}

pub(super) fn with(session: &Session, test: impl Fn(&Tab) -> bool) -> bool {
    session.tab().is_some_and(test)
}

pub(super) fn editable(session: &Session) -> bool {
    with(session, Tab::is_editable)
}

pub(super) fn editable_selection(session: &Session) -> bool {
    with(session, |tab| tab.is_editable() && !tab.selected().is_empty())
}
