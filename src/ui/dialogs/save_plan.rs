//! What a save is going to do, as a question: the way, the cost, what is kept, what is lost.

use super::buttons::{self, plain, primary};
use super::title;
use crate::session::{Action, Command, DialogAction, SaveAction, Session, TabId};
use crate::ui::theme::{self, Theme};
use egui::{Align, Label, Layout, RichText, Ui};

/// Width of the names of the facts, in points.
const NAMES: f32 = 88.0;

/// Draws the plan of the save that waits for an answer to it, and the buttons; the first has the keys when `fresh`.
pub fn show(ui: &mut Ui, session: &Session, id: TabId, fresh: &mut bool, actions: &mut Vec<Action>) {
    let Some(planned) = session.planned() else { return };
    let name = session.tab_by_id(id).map_or("", |tab| tab.title.as_str());
    title(ui, &format!("Save {name}?"));
    ui.add(Label::new(&planned.plan.why).wrap());
    let theme = Theme::of(ui.ctx());
    for (what, fact) in planned.lines() {
        ui.horizontal_top(|ui| {
            let name = Label::new(RichText::new(what).font(theme::body()).color(theme.text_weak)).extend();
            ui.allocate_ui_with_layout(egui::vec2(NAMES, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_min_width(NAMES);
                ui.add(name);
            });
            ui.add(Label::new(RichText::new(fact).font(theme::body())).wrap());
        });
    }
    let warn = theme.banner_warn.edge;
    for warning in planned.warnings() {
        ui.horizontal_top(|ui| {
            ui.label(RichText::new("⚠").color(warn));
            ui.add(Label::new(warning).wrap());
        });
    }
    ui.add_space(theme::UNIT);
    let choices = [plain("Save as…"), plain("Cancel"), primary("Save")];
    match buttons::row(ui, &choices, Some(2), fresh) {
        Some(0) => actions.extend([Action::Dialog(DialogAction::Close), Action::Run(Command::SaveAs)]),
        Some(1) => actions.push(Action::Dialog(DialogAction::Close)),
        Some(_) => actions.push(Action::Save(SaveAction::AsPlanned(id))),
        None => {}
    }
}
