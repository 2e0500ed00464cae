//! All open files by name, for when the row of tabs does not show them all. The list opens at the file in front, and
//! the arrow keys move through it.

use super::super::list_navigation::{Step, WalkedList};
use super::super::long_list::{LongList, ROW_HEIGHT};
use super::super::theme;
use super::super::widgets::fit_middle;
use crate::session::bidi::visual;
use crate::session::{Action, Session, TabAction};
use egui::{Align, Id, Label, Layout, RichText, Ui, UiBuilder, vec2};

/// The longest list, and its width, in points.
const HEIGHT: f32 = 420.0;
const WIDTH: f32 = 320.0;

/// The state of the list while it is open.
#[derive(Debug, Default)]
pub struct ListState {
    /// The pass that drew it last.
    pass: u64,
    /// The file that is chosen with the keys.
    at: u64,
}

/// Draws the list in its popup; `apart` has the ends of the folders that tell files of one name apart.
pub fn list(
    ui: &mut Ui,
    session: &Session,
    apart: &[Option<String>],
    state: &mut ListState,
    actions: &mut Vec<Action>,
) {
    let tabs = session.tabs();
    let pass = ui.ctx().cumulative_pass_nr();
    let fresh = std::mem::replace(&mut state.pass, pass) + 1 < pass;
    let front = session.tab().and_then(|front| tabs.iter().position(|tab| tab.id == front.id));
    if fresh {
        state.at = front.unwrap_or(0) as u64;
    }
    let words = |n: u64| {
        let at = usize::try_from(n).unwrap_or(usize::MAX);
        let Some(tab) = tabs.get(at) else { return String::new() };
        let folder = apart.get(at).and_then(Option::as_ref);
        let folder = folder.map_or_else(String::new, |folder| format!("  {folder}"));
        format!("{}{folder}{}", tab.title, if tab.is_modified() { "  ●" } else { "" })
    };
    let height = HEIGHT.min(tabs.len() as f32 * ROW_HEIGHT).min(ui.ctx().content_rect().height() - 80.0);
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, height.max(ROW_HEIGHT)), egui::Sense::hover());
    let mut inside = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("all open files"));
    let id = Id::unique("list of open files");
    let walked =
        WalkedList { id, name: "open files", count: tabs.len() as u64, chosen: Some(state.at), many: None };
    let (area, steps) = walked.keys(&inside, rect, words);
    if fresh {
        area.request_focus();
    }
    let (mut moved, mut taken) = (fresh.then_some(state.at), None);
    for step in steps {
        match step {
            Step::Choose(n) => (state.at, moved) = (n, Some(n)),
            Step::Leave => taken = Some(state.at),
            Step::Extend(_) | Step::All | Step::Remove(_) | Step::Copy | Step::Letter(_) => {}
        }
    }
    let rows = LongList { id, count: walked.count, chosen: Some(state.at..=state.at) };
    let clicked = rows.show(&mut inside, moved, |ui, n, _| {
        let is_front = front.is_some_and(|front| front as u64 == n);
        let font = if is_front { theme::medium(theme::BODY_SIZE) } else { theme::body() };
        let name = words(n);
        let name = fit_middle(ui, &name, &font, ui.max_rect().width() - 12.0);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add_space(6.0);
            ui.add(Label::new(RichText::new(visual(&name)).font(font)).selectable(false));
        });
    });
    let taken = clicked.map(|clicked| clicked.row).or(taken).and_then(|n| tabs.get(usize::try_from(n).ok()?));
    if let Some(tab) = taken {
        actions.push(Action::Tab(TabAction::Select(tab.id)));
        ui.close();
    }
}
