//! The side panels: which are shown, how wide they are, and which rows the inspector has. All of it is in the settings.

use crate::decode::inspect::{self, Row};
use crate::session::context::Context;
use crate::state::Settings;

/// Names of the side panels in the settings.
pub const INSPECTOR: &str = "inspector";
pub const CHANGES: &str = "changes";
pub const ARRAYS: &str = "arrays";
pub const HASHES: &str = "hashes";
pub const STRINGS: &str = "strings";
pub const EMBEDDED: &str = "embedded";
pub const STATISTICS: &str = "statistics";

/// Panels that are hidden until the user shows them.
const HIDDEN: [&str; 5] = [CHANGES, EMBEDDED, HASHES, STATISTICS, STRINGS];

/// Lists under the file that share a place: together they would leave no room for the file.
const IN_ONE_PLACE: [&str; 4] = [EMBEDDED, HASHES, STATISTICS, STRINGS];

/// Whether a panel is shown.
pub(in crate::session) fn shows(settings: &Settings, name: &str) -> bool {
    settings.panels.get(name).map_or(!HIDDEN.contains(&name), |panel| panel.shown)
}

/// How wide the user has made a panel, or how high one at the bottom, in points; `None` for as large as it likes.
pub(in crate::session) fn size(settings: &Settings, name: &str) -> Option<f32> {
    settings.panels.get(name).map(|panel| panel.width).filter(|width| *width > 0.0)
}

/// The user has made a panel so wide, or one at the bottom so high, in points.
pub(in crate::session) fn set_size(context: &mut Context, name: &str, size: f32) {
    let shown = shows(&context.settings, name);
    context.change_settings(|settings| {
        let panel = settings.panels.entry(name.to_owned()).or_default();
        (panel.width, panel.shown) = (size, shown);
    });
}

/// Shows a panel, or hides it. Of those that share a place, one is shown at a time.
pub(in crate::session) fn toggle(context: &mut Context, name: &str) {
    let shown = !shows(&context.settings, name);
    context.change_settings(|settings| {
        settings.panels.entry(name.to_owned()).or_default().shown = shown;
        if shown && IN_ONE_PLACE.contains(&name) {
            let others = IN_ONE_PLACE.iter().filter(|other| **other != name);
            others.for_each(|other| settings.panels.entry((*other).to_owned()).or_default().shown = false);
        }
    });
}

/// Whether the inspector shows a row.
pub(in crate::session) fn shows_row(settings: &Settings, row: &Row) -> bool {
    settings.inspector.get(row.name).copied().unwrap_or(row.usual)
}

/// Shows a row of the inspector, or hides it.
pub(in crate::session) fn show_row(context: &mut Context, row: usize, shown: bool) {
    let Some(row) = inspect::ROWS.get(row) else { return };
    context.change_settings(|settings| {
        if shown == row.usual {
            settings.inspector.remove(row.name);
        } else {
            settings.inspector.insert(row.name.to_owned(), shown);
        }
    });
}
