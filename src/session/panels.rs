//! The side panels: which are shown and how wide, and which rows the inspector has. All of it is in the settings.

use super::{ARRAYS, CHANGES, Request, Session};
use crate::decode::inspect::{self, Row};

impl Session {
    /// Whether a panel is shown; all but the changes are, as shipped.
    pub fn shows_panel(&self, name: &str) -> bool {
        self.context.settings.panels.get(name).map_or(name != CHANGES, |panel| panel.shown)
    }

    /// Whether the inspector shows a row.
    pub fn shows_inspected(&self, row: &Row) -> bool {
        self.context.settings.inspector.get(row.name).copied().unwrap_or(row.usual)
    }

    pub(super) fn show_inspected(&mut self, row: usize, shown: bool) {
        let Some(row) = inspect::ROWS.get(row) else { return };
        self.change_settings(|settings| {
            if shown == row.usual {
                settings.inspector.remove(row.name);
            } else {
                settings.inspector.insert(row.name.to_owned(), shown);
            }
        });
    }

    /// How wide the user has made a panel, or how high one at the bottom, in points; `None` for as large as it likes.
    pub fn panel_size(&self, name: &str) -> Option<f32> {
        self.context.settings.panels.get(name).map(|panel| panel.width).filter(|width| *width > 0.0)
    }

    pub(super) fn set_panel_size(&mut self, name: &str, size: f32) {
        let shown = self.shows_panel(name);
        self.change_settings(|settings| {
            let panel = settings.panels.entry(name.to_owned()).or_default();
            (panel.width, panel.shown) = (size, shown);
        });
    }

    pub(super) fn toggle_panel(&mut self, name: &str) {
        let shown = !self.shows_panel(name);
        self.change_settings(|settings| settings.panels.entry(name.to_owned()).or_default().shown = shown);
    }

    /// Sends the keys to the filter of the names of arrays.
    pub(super) fn filter_arrays(&mut self) {
        if !self.shows_panel(ARRAYS) {
            self.toggle_panel(ARRAYS);
        }
        self.context.request(Request::FocusFilter);
    }

    /// Shows or hides a list. When it is shown, it gets the focus; otherwise the next keys would change the bytes.
    pub(super) fn toggle_list(&mut self, name: &'static str) {
        if name == ARRAYS
            && let Some(tab) = self.tabs.front().filter(|tab| !tab.arrays.has_panel())
        {
            // Nothing is drawn that could get the focus.
            let is_reading = self.is_reading_header(tab.id);
            let text =
                if is_reading { "The header is still being read." } else { "This file has no arrays." };
            return self.context.say(String::from(text));
        }
        self.toggle_panel(name);
        if self.shows_panel(name) {
            self.context.request(Request::FocusList(name));
        } else {
            self.context.want_grid_focus();
        }
    }
}
