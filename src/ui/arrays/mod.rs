//! Arrays in the window: the panel of a file's arrays and the bar over one. Its elements are a grid.

mod axes;
mod bar;
mod compact;
pub mod panel;

use crate::session::arrays::ArrayView;
use crate::session::{Action, PaneKey, Tab};
use egui::Ui;

pub use compact::{are_fields_open, focus_field};

/// The bar over an array: all fields, or a line that opens them where the pane is too small. `most` is the height in
/// points that all fields may take.
pub fn show_bar(
    ui: &mut Ui,
    pane: PaneKey,
    tab: &Tab,
    view: &ArrayView,
    most: f32,
    actions: &mut Vec<Action>,
) {
    let width = ui.available_width();
    if compact::is_needed(ui, (tab.id, pane), view, width, most) {
        compact::show(ui, pane, tab, view, actions);
        return;
    }
    let all = ui.scope(|ui| bar::show(ui, pane, tab, view, actions));
    let size = (width, all.response.rect.height());
    compact::keep_height(ui, (tab.id, pane), view, size, most);
}
