//! When a command can be run, and why it can't, in words for the user who chose it.

use crate::session::arrays::ArrayView;
use crate::session::editing::NO_DELETING;
use crate::session::tab::layout::{PaneSide, SplitKind};
use crate::session::{EMBEDDED, HASHES, STATISTICS, STRINGS, Session, tab::Tab};
use std::borrow::Cow;

/// It can be run, or the sentence that says why not.
pub(in crate::session) type Ready = Result<(), Cow<'static, str>>;

pub(super) const NO_FILE: &str = "Open a file first.";
pub(super) const NO_ARRAY: &str = "No array is shown. Choose Array ▸ Show as an array first.";
pub(super) const NO_SELECTION: &str = "Select bytes first.";
const NO_CHANGES: &str = "There are no changes to save.";
const NO_NAME: &str = "This document has no file yet. Save it first.";
const NOTHING_CHANGED: &str = "Nothing has been changed.";
const IS_SAVING: &str = "The file is being saved.";
const IS_UNPACKED: &str = "The array was decompressed from an archive, so its values can't be changed.";

/// Why the selected bytes can't be copied or written.
pub fn no_bytes(session: &Session) -> String {
    String::from(if session.tab().is_some() { NO_SELECTION } else { NO_FILE })
}

/// Why elements of an array can't be copied or written.
pub fn no_elements(session: &Session) -> String {
    String::from(if session.tab().is_some() { NO_ARRAY } else { NO_FILE })
}

fn when(is_so: bool, else_why: &'static str) -> Ready {
    if is_so { Ok(()) } else { Err(Cow::Borrowed(else_why)) }
}

fn tab(session: &Session) -> Result<&Tab, Cow<'static, str>> {
    session.tab().ok_or(Cow::Borrowed(NO_FILE))
}

fn with(session: &Session, test: impl Fn(&Tab) -> bool, else_why: &'static str) -> Ready {
    when(test(tab(session)?), else_why)
}

pub(super) fn always(_: &Session) -> Ready {
    Ok(())
}

pub(super) fn open(session: &Session) -> Ready {
    tab(session).map(drop)
}

/// Another run of the program has left unsaved edits.
pub(super) fn has_offers(session: &Session) -> Ready {
    when(session.has_offers(), "There are no unsaved edits from the last run.")
}

pub(super) fn has_messages(session: &Session) -> Ready {
    when(session.has_messages(), "No message is shown.")
}

/// More than one file is open.
pub(super) fn several(session: &Session) -> Ready {
    open(session)?;
    when(session.tabs().len() > 1, "No other file is open.")
}

/// The file in front is not the last one of the row.
pub(super) fn has_tabs_to_right(session: &Session) -> Ready {
    let front = tab(session)?.id;
    let is_last = session.tabs().last().is_some_and(|tab| tab.id == front);
    when(!is_last, "No file is open to the right of this one.")
}

pub(super) fn lists_matches(session: &Session) -> Ready {
    with(session, |tab| session.finding().listed(tab).is_some(), "No list of matches is open.")
}

pub(super) fn has_matches(session: &Session) -> Ready {
    lists_matches(session)?;
    when(!session.finding().matches.is_empty(), "The list of matches is empty.")
}

/// The panel of statistics shows some.
pub(super) fn has_statistics(session: &Session) -> Ready {
    let tab = tab(session)?;
    let has_some = session.shows_panel(STATISTICS) && session.features().statistics.has_answer(tab.id);
    when(has_some, "No statistics are shown. Choose Tools ▸ Statistics first.")
}

pub(super) fn can_replace_matches(session: &Session) -> Ready {
    has_matches(session)?;
    editable(session)?;
    when(session.finding().replacing, "Choose Find ▸ Replace first, and type what replaces a match.")
}

pub(super) fn shows_hashes(session: &Session) -> Ready {
    open(session)?;
    when(session.shows_panel(HASHES), "Show the hashes first (Ctrl+Shift+H).")
}

pub(super) fn can_write_hash(session: &Session) -> Ready {
    shows_hashes(session)?;
    editable(session)
}

pub(super) fn shows_strings(session: &Session) -> Ready {
    open(session)?;
    when(session.shows_panel(STRINGS), "Show the strings first (Ctrl+Shift+R).")
}

pub(super) fn has_strings(session: &Session) -> Ready {
    shows_strings(session)?;
    let listed = |tab: &Tab| session.features().strings.listed(tab).is_some_and(|listed| !listed.is_empty());
    with(session, listed, "The list of strings is empty.")
}

pub(super) fn shows_embedded(session: &Session) -> Ready {
    open(session)?;
    when(session.shows_panel(EMBEDDED), "Show the embedded files first (Ctrl+Shift+B).")
}

pub(super) fn has_embedded(session: &Session) -> Ready {
    shows_embedded(session)?;
    let listed = |tab: &Tab| session.features().embedded.listed(tab).is_some_and(|listed| !listed.is_empty());
    with(session, listed, "The list of embedded files is empty.")
}

pub(super) fn can_save(session: &Session) -> Ready {
    let tab = tab(session)?;
    when(tab.can_save(), if tab.is_saving() { IS_SAVING } else { NO_CHANGES })
}

pub(super) fn has_save_plan(session: &Session) -> Ready {
    let tab = tab(session)?;
    when(tab.has_file(), NO_NAME)?;
    when(tab.is_modified(), NO_CHANGES)?;
    when(!tab.is_saving(), IS_SAVING)
}

pub(super) fn in_file(session: &Session) -> Ready {
    with(session, Tab::has_file, NO_NAME)
}

pub(super) fn has_path(session: &Session) -> Ready {
    with(session, |tab| tab.file.is_some(), NO_NAME)
}

pub(super) fn can_follow(session: &Session) -> Ready {
    with(session, Tab::can_follow, "Only a file on disk can be followed.")
}

pub(super) fn can_undo(session: &Session) -> Ready {
    with(session, |tab| tab.document().can_undo().is_some(), "There is nothing to undo.")
}

pub(super) fn can_redo(session: &Session) -> Ready {
    with(session, |tab| tab.document().can_redo().is_some(), "There is nothing to redo.")
}

pub(super) fn modified(session: &Session) -> Ready {
    with(session, Tab::is_modified, NOTHING_CHANGED)
}

const NO_JUMP: &str = "There is nothing to go back or forward to.";

pub(super) fn can_go_back(session: &Session) -> Ready {
    with(session, Tab::can_go_back, NO_JUMP)
}

pub(super) fn can_go_forward(session: &Session) -> Ready {
    with(session, Tab::can_go_forward, NO_JUMP)
}

/// More than one pane is shown.
pub(super) fn several_panes(session: &Session) -> Ready {
    with(session, |tab| tab.whole_layout().panes().len() > 1, "Only one pane is shown.")
}

/// A preset has taken the place of another arrangement of the panes.
pub(super) fn has_previous_layout(session: &Session) -> Ready {
    with(session, Tab::has_previous_layout, "There is no previous layout.")
}

fn has_line(session: &Session, kind: SplitKind, else_why: &'static str) -> Ready {
    with(session, |tab| tab.layout().edge_of(tab.focus(), kind).is_some(), else_why)
}

pub(super) fn has_pane_beside(session: &Session) -> Ready {
    has_line(session, SplitKind::Row, "There is no pane to the left or right.")
}

pub(super) fn has_pane_over_or_under(session: &Session) -> Ready {
    has_line(session, SplitKind::Column, "There is no pane above or below.")
}

fn has_pane_at(session: &Session, side: PaneSide) -> Ready {
    with(session, |tab| tab.layout().neighbour(tab.focus(), side).is_some(), "There is no pane on that side.")
}

pub(super) fn has_pane_left(session: &Session) -> Ready {
    has_pane_at(session, PaneSide::Left)
}

pub(super) fn has_pane_right(session: &Session) -> Ready {
    has_pane_at(session, PaneSide::Right)
}

pub(super) fn has_pane_above(session: &Session) -> Ready {
    has_pane_at(session, PaneSide::Up)
}

pub(super) fn has_pane_below(session: &Session) -> Ready {
    has_pane_at(session, PaneSide::Down)
}

pub(super) fn editable(session: &Session) -> Ready {
    tab(session)?.check_editable().map_err(Cow::Owned)
}

/// The keys go to the bytes or to plain values, which can be removed and put in between.
pub(super) fn editable_bytes(session: &Session) -> Ready {
    with(session, |tab| !tab.is_in_array(), NO_DELETING)?;
    editable(session)
}

fn has_selection(session: &Session) -> Ready {
    with(session, |tab| !tab.selected().is_empty(), NO_SELECTION)
}

/// Several elements of the table with the keys, or bytes.
pub(super) fn has_part_selected(session: &Session) -> Ready {
    let is_selected = |tab: &Tab| match tab.array().filter(|_| tab.is_in_array()) {
        Some(view) => !view.block.is_one(),
        None => !tab.selected().is_empty(),
    };
    with(session, is_selected, NO_SELECTION)
}

pub(super) fn has_picture(session: &Session) -> Ready {
    let has = |tab: &Tab| session.features().pictures.has_picture(tab);
    with(session, has, "No picture is shown. Choose View ▸ Image first.")
}

pub(super) fn can_cut(session: &Session) -> Ready {
    editable_bytes(session)?;
    has_selection(session)
}

/// What is selected can be given values: bytes, or items of an array.
pub(super) fn can_fill(session: &Session) -> Ready {
    editable(session)?;
    let tab = tab(session)?;
    match tab.array().filter(|_| tab.is_in_array()) {
        Some(view) => when(view.unpacked.is_none(), IS_UNPACKED),
        None => has_selection(session),
    }
}

pub(super) fn can_copy(session: &Session) -> Ready {
    with(session, |tab| tab.is_in_array() || !tab.selected().is_empty(), NO_SELECTION)
}

pub(super) fn can_truncate(session: &Session) -> Ready {
    editable_bytes(session)?;
    with(session, |tab| tab.selected().start() < tab.len(), "There are no bytes after the caret.")
}

pub(super) fn can_revert(session: &Session) -> Ready {
    modified(session)?;
    editable(session)
}

pub(super) fn can_revert_here(session: &Session) -> Ready {
    with(session, |tab| tab.change_here().is_some(), "There is no change at the caret.")?;
    editable(session)
}

fn array(session: &Session) -> Result<&ArrayView, Cow<'static, str>> {
    tab(session)?.array().ok_or(Cow::Borrowed(NO_ARRAY))
}

pub(super) fn shows_array(session: &Session) -> Ready {
    array(session).map(drop)
}

pub(super) fn editable_array(session: &Session) -> Ready {
    let view = array(session)?;
    editable(session)?;
    when(view.unpacked.is_none(), IS_UNPACKED)
}

const TOO_FEW_AXES: &str = "The array has too few axes for this command.";

pub(super) fn has_two_axes(session: &Session) -> Ready {
    let view = array(session)?;
    when(view.table.axes().columns.is_some() && view.columns.are_alike(), TOO_FEW_AXES)
}

pub(super) fn has_standing_axis(session: &Session) -> Ready {
    when(array(session)?.standing_axis().is_some(), TOO_FEW_AXES)
}

const NO_FIELD: &str = "No field can be hidden or shown.";

pub(super) fn has_fields(session: &Session) -> Ready {
    let view = array(session)?;
    when(view.table.columns() > 1 && !view.columns.are_alike(), NO_FIELD)
}

pub(super) fn hides_fields(session: &Session) -> Ready {
    when(array(session)?.columns.hidden() > 0, NO_FIELD)
}

pub(super) fn has_names(session: &Session) -> Ready {
    with(session, |tab| tab.arrays.found.is_some(), "This file has no list of arrays.")
}
