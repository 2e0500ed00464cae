//! What a save is going to do, as a question: the way, the cost, what is kept, what is lost.

use super::dialogs::{primary, title};
use super::theme::{self, Theme};
use super::widgets::weak;
use crate::session::{Action, Command, Session, TabId};
use egui::{Align, Grid, Key, Label, Layout, RichText, Ui};

/// Width of the facts, beside their names.
const FACTS: f32 = 320.0;

pub fn show(ui: &mut Ui, session: &Session, id: TabId, actions: &mut Vec<Action>) {
    let Some(planned) = session.planned() else { return };
    let name = session.tab_by_id(id).map_or("", |tab| tab.title.as_str());
    title(ui, &format!("Save {name}?"));
    ui.add(Label::new(&planned.plan.why).wrap());
    Grid::new("save plan").num_columns(2).spacing([theme::UNIT * 4.0, theme::UNIT]).show(ui, |ui| {
        for (what, fact) in planned.lines() {
            ui.with_layout(Layout::top_down(Align::Min), |ui| weak(ui, what));
            ui.scope(|ui| {
                ui.set_max_width(FACTS);
                ui.add(Label::new(fact).wrap());
            });
            ui.end_row();
        }
    });
    let warn = Theme::of(ui.ctx()).banner_warn.edge;
    for warning in planned.warnings() {
        ui.horizontal_top(|ui| {
            ui.label(RichText::new("⚠").color(warn));
            ui.add(Label::new(warning).wrap());
        });
    }
    ui.add_space(theme::UNIT);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let by_key = ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Enter));
        if primary(ui, "Save") || by_key {
            actions.push(Action::SaveAsPlanned(id));
        }
        if ui.button("Save as…").clicked() {
            actions.push(Action::CloseDialog);
            actions.push(Action::Run(Command::SaveAs));
        }
        if ui.button("Cancel").clicked() {
            actions.push(Action::CloseDialog);
        }
    });
}
