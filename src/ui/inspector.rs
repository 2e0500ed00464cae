//! The inspector: the bytes at the caret in every type, both byte orders side by side, each editable.

use super::theme::{self, Theme};
use super::widgets::{data_field, heading, named, weak};
use crate::bytes::{Availability, Source};
use crate::decode::Order;
use crate::decode::inspect::{self, Reading, Row};
use crate::session::{Action, INSPECTOR, Session, Tab, words};
use egui::{Frame, Id, Key, Label, Margin, Panel, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

/// The value that is being typed.
#[derive(Debug, Default)]
pub struct InspectorState {
    typing: Option<Typing>,
    filter: String,
}

#[derive(Debug)]
struct Typing {
    row: usize,
    order: Order,
    text: String,
    /// The caret that the value belongs to.
    at: u64,
    fresh: bool,
}

const ROW_HEIGHT: f32 = 22.0;

pub fn panel(ui: &mut Ui, session: &Session, state: &mut InspectorState, actions: &mut Vec<Action>) {
    if !session.shows_panel(INSPECTOR) {
        return;
    }
    let Some(tab) = session.tab() else { return };
    let theme = Theme::of(ui.ctx());
    let frame =
        Frame::new().fill(theme.panel_bg).inner_margin(Margin { left: 12, right: 4, top: 8, bottom: 4 });
    Panel::right("inspector")
        .frame(frame)
        .default_size(312.0)
        .min_size(theme::PANEL_MIN_WIDTH)
        .resizable(true)
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                heading(ui, "Inspector");
                weak(ui, words::hex(tab.selected().start().saturating_add(tab.bytes.format.base)));
            });
            ui.add(
                egui::TextEdit::singleline(&mut state.filter)
                    .hint_text("Filter types")
                    .desired_width(f32::INFINITY),
            );
            ui.add_space(theme::UNIT);
            if let Some(fault) = tab.fault() {
                let color = Theme::of(ui.ctx()).error;
                let text = RichText::new(words::fault(&fault)).font(theme::small()).color(color);
                ui.add(Label::new(text).wrap());
            }
            table(ui, tab, state, actions);
        });
}

/// The bytes from the start of the selection on that are at hand.
fn bytes_at_caret(tab: &Tab) -> Vec<u8> {
    let at = tab.selected().start();
    let room = usize::try_from(tab.len().saturating_sub(at)).unwrap_or(usize::MAX).min(inspect::MAX_SIZE);
    let mut bytes = vec![0; room];
    let mut states = vec![Availability::Missing; room];
    tab.shown().peek(at, &mut bytes, &mut states);
    let ready = states.iter().take_while(|state| **state == Availability::Ready).count();
    bytes.truncate(ready);
    bytes
}

fn table(ui: &mut Ui, tab: &Tab, state: &mut InspectorState, actions: &mut Vec<Action>) {
    let bytes = bytes_at_caret(tab);
    let at = tab.selected().start();
    state.typing.take_if(|typing| typing.at != at);
    let filter = state.filter.to_lowercase();
    let shown: Vec<(usize, &Row)> = inspect::ROWS
        .iter()
        .enumerate()
        .filter(|(_, row)| row.label.to_lowercase().contains(&filter) || row.name.contains(&filter))
        .collect();
    TableBuilder::new(ui)
        .id_salt("inspector")
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .column(Column::exact(92.0))
        .column(Column::remainder().clip(true))
        .column(Column::remainder().clip(true))
        .header(20.0, |mut header| {
            for title in ["type", "little-endian", "big-endian"] {
                header.col(|ui| {
                    weak(ui, title);
                });
            }
        })
        .body(|body| {
            body.rows(ROW_HEIGHT, shown.len(), |mut line| {
                let (index, row) = shown[line.index()];
                line.col(|ui| {
                    weak(ui, row.label);
                });
                let orders: &[Order] = if row.ordered { &Order::ALL } else { &[Order::Little] };
                for order in orders {
                    line.col(|ui| cell(ui, (index, row, *order, at), &bytes, state, actions));
                }
                if !row.ordered {
                    line.col(|_| {});
                }
            });
        });
}

type Place<'a> = (usize, &'a Row, Order, u64);

fn cell(
    ui: &mut Ui,
    (index, row, order, at): Place<'_>,
    bytes: &[u8],
    state: &mut InspectorState,
    actions: &mut Vec<Action>,
) {
    if let Some(typing) = state.typing.as_mut().filter(|typing| typing.row == index && typing.order == order)
    {
        if let Some(sent) = field(ui, typing) {
            if let Some(text) = sent {
                actions.push(Action::SetInspected { row: index, order, text });
            }
            state.typing = None;
        }
        return;
    }
    let theme = Theme::of(ui.ctx());
    let reading = (row.format)(bytes, order);
    let (text, color) = match &reading {
        Some(Reading { text, .. }) => (text.as_str(), theme.text),
        None => ("–", theme.text_weak),
    };
    let label = Label::new(RichText::new(text).font(theme::mono()).color(color))
        .truncate()
        .selectable(false)
        .sense(Sense::click());
    let response = ui.add(label);
    let name = format!("{} {}: {text}", row.label, order.label());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    let can_edit = reading.is_some();
    if response.clicked() && can_edit {
        state.typing = Some(Typing { row: index, order, text: text.to_owned(), at, fresh: true });
    }
    response.on_hover_text(if can_edit {
        format!("{text}\nClick to type another value")
    } else {
        text.to_owned()
    });
}

/// The field of a value: `Some(Some(text))` when it was sent, `Some(None)` when it was left.
fn field(ui: &mut Ui, typing: &mut Typing) -> Option<Option<String>> {
    let response =
        ui.add(data_field(&mut typing.text, ui.available_width() - 4.0).id(Id::unique("inspector field")));
    named(&response, inspect::ROWS.get(typing.row).map_or("value", |row| row.label));
    if std::mem::take(&mut typing.fresh) {
        response.request_focus();
        return None;
    }
    if !response.lost_focus() {
        return None;
    }
    Some(ui.input(|input| input.key_pressed(Key::Enter)).then(|| typing.text.clone()))
}
