//! The panels around the panes: the list of them, and which widget of each gets the focus.
//!
//! A panel is a file in this folder and a line in [`Panels::show`]. It shows the state of a feature, which it reads
//! from the session.

mod changes;
mod embedded;
mod hashes;
mod inspector;
mod panel_head;
mod results;
pub mod side_panel;
mod statistics;
mod strings;

use super::arrays::panel as arrays;
use crate::session::find::MATCHES;
use crate::session::{ARRAYS, Action, EMBEDDED, HASHES, STATISTICS, STRINGS, Session};
use egui::{Id, Ui};

/// What the panels keep from one frame to the next.
#[derive(Default)]
pub struct Panels {
    arrays: arrays::ArraysState,
    hashes: hashes::HashesState,
    inspector: inspector::InspectorState,
    statistics: statistics::StatisticsPanelState,
}

impl Panels {
    /// Draws those that are shown, the outermost first.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
        // Names of elements and what is around a match need the whole width.
        results::panel(ui, session, actions);
        hashes::panel(ui, session, &mut self.hashes, actions);
        strings::panel(ui, session, actions);
        embedded::panel(ui, session, actions);
        statistics::panel(ui, session, &mut self.statistics, actions);
        arrays::panel(ui, session, &mut self.arrays, actions);
        inspector::panel(ui, session, &mut self.inspector, actions);
        changes::panel(ui, session, actions);
    }
}

/// What gets the keys in the panel of this name.
pub fn list_id(name: &str) -> Id {
    match name {
        ARRAYS => arrays::filter_id(),
        HASHES => hashes::list_id(),
        STRINGS => strings::list_id(),
        EMBEDDED => embedded::list_id(),
        STATISTICS => statistics::list_id(),
        MATCHES => results::list_id(),
        _ => changes::list_id(),
    }
}
