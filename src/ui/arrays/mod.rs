//! Arrays in the window: the panel of a file's arrays and the bar over one. Its elements are a grid.

mod axes;
mod bar;
mod compact;
pub mod panel;

use crate::session::arrays::ArrayView;
use crate::session::{Action, PaneKey, Tab};
use egui::{Ui, Vec2};

pub use compact::{are_fields_open, focus_field};

/// The bar over an array: all fields, or a line that opens them where the pane is too small. `room` is the width of the
/// pane, and the height that all fields may take, in points.
pub fn show_bar(
    ui: &mut Ui,
    pane: PaneKey,
    tab: &Tab,
    view: &ArrayView,
    room: Vec2,
    actions: &mut Vec<Action>,
) {
    // Not the width that is available: a scroll bar over fields that are too high takes some of it for a frame.
    let Vec2 { x: width, y: most } = room;
    if compact::is_needed(ui, (tab.id, pane), view, width, most) {
        compact::show(ui, pane, tab, view, actions);
        return;
    }
    let all = ui.scope(|ui| bar::show(ui, pane, tab, view, actions));
    let size = (width, all.response.rect.height());
    compact::keep_height(ui, (tab.id, pane), view, size, most);
}
