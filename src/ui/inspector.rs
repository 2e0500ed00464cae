//! The inspector: the bytes at the caret in every type, both byte orders side by side, each editable.

use super::ring::{self, Stop};
use super::theme::{self, Theme};
use super::widgets::{data_field, heading, named, weak, widest_panel};
use crate::bytes::{Availability, Source};
use crate::decode::inspect::{self, Reading, Row};
use crate::decode::{Element, Order};
use crate::session::{Action, INSPECTOR, Session, Tab, words};
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{
    Color32, Frame, Id, Key, Label, Margin, Panel, PopupCloseBehavior, RichText, ScrollArea, Sense,
    StrokeKind, Ui, Vec2,
};
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
/// Room for the button beside the filter.
const TYPES_WIDTH: f32 = 64.0;
/// The longest list of types.
const CHOICE_HEIGHT: f32 = 420.0;
/// Side of the square that shows a colour.
const SWATCH: f32 = 10.0;

pub fn panel(ui: &mut Ui, session: &Session, state: &mut InspectorState, actions: &mut Vec<Action>) {
    if !session.shows_panel(INSPECTOR) {
        return;
    }
    let Some(tab) = session.tab() else { return };
    let theme = Theme::of(ui.ctx());
    let frame =
        Frame::new().fill(theme.panel_bg).inner_margin(Margin { left: 12, right: 4, top: 8, bottom: 4 });
    let panel = Panel::right("inspector")
        .frame(frame)
        .default_size(360.0)
        .min_size(theme::PANEL_MIN_WIDTH)
        .max_size(widest_panel(ui))
        .resizable(true)
        .show(ui, |ui| {
            ring::name(ui, Stop::Inspector);
            // Else the panel shrinks to what its rows need at least.
            ui.set_min_width(ui.available_width());
            ui.horizontal(|ui| {
                heading(ui, "Inspector");
                match unpacked(tab) {
                    Some(_) => weak(ui, "of the unpacked array"),
                    None => {
                        weak(ui, words::hex(tab.selected().start().saturating_add(tab.bytes.format.base)))
                    }
                };
            });
            ui.horizontal(|ui| {
                let room = (ui.available_width() - TYPES_WIDTH).max(40.0);
                let field = egui::TextEdit::singleline(&mut state.filter)
                    .hint_text("Filter all types")
                    .desired_width(room);
                named(&ui.add(field), "filter all types");
                MenuButton::new("Types")
                    .config(MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside))
                    .ui(ui, |ui| choice(ui, session, &state.filter, actions))
                    .0
                    .on_hover_text("Which types are shown");
            });
            ui.add_space(theme::UNIT);
            if let Some(fault) = tab.fault() {
                let color = Theme::of(ui.ctx()).error;
                let text = RichText::new(words::fault(&fault)).font(theme::small()).color(color);
                ui.add(Label::new(text).wrap());
            }
            table(ui, session, tab, state, actions);
        });
    ring::mark(ui, Stop::Inspector, panel.response.rect);
}

/// Whether a row is one that the user looks for; `filter` is in lower case.
fn matches(row: &Row, filter: &str) -> bool {
    row.label.to_lowercase().contains(filter) || row.name.contains(filter)
}

/// The list of all types, each to be shown or not.
fn choice(ui: &mut Ui, session: &Session, filter: &str, actions: &mut Vec<Action>) {
    let filter = filter.to_lowercase();
    if ui.button("Show the usual types").clicked() {
        actions.push(Action::ShowUsualInspected);
    }
    ui.separator();
    ScrollArea::vertical().max_height(CHOICE_HEIGHT).show(ui, |ui| {
        for (index, row) in inspect::ROWS.iter().enumerate().filter(|(_, row)| matches(row, &filter)) {
            let mut shown = session.shows_inspected(row);
            if ui.checkbox(&mut shown, row.label).on_hover_text(row.name).changed() {
                actions.push(Action::ShowInspected { row: index, shown });
            }
        }
    });
}

/// What is inspected when it is no byte of the file: the unpacked array, and the place of the caret's item in it.
fn unpacked(tab: &Tab) -> Option<(&dyn Source, u64)> {
    let view = tab.array().filter(|_| tab.is_in_array())?;
    let source = &*view.unpacked.as_ref()?.source;
    Some((source, view.caret_span()?.start()))
}

/// The bytes from the start of the selection on that are at hand.
fn bytes_at_caret(tab: &Tab) -> Vec<u8> {
    let (source, at) = unpacked(tab).unwrap_or((tab.shown(), tab.selected().start()));
    let room = usize::try_from(source.len().saturating_sub(at)).unwrap_or(usize::MAX).min(inspect::MAX_SIZE);
    let mut bytes = vec![0; room];
    let mut states = vec![Availability::Missing; room];
    source.peek(at, &mut bytes, &mut states);
    let ready = states.iter().take_while(|state| **state == Availability::Ready).count();
    bytes.truncate(ready);
    bytes
}

fn table(ui: &mut Ui, session: &Session, tab: &Tab, state: &mut InspectorState, actions: &mut Vec<Action>) {
    let bytes = bytes_at_caret(tab);
    let at = tab.selected().start();
    state.typing.take_if(|typing| typing.at != at);
    let filter = state.filter.to_lowercase();
    let shown: Vec<(usize, &Row)> = inspect::ROWS
        .iter()
        .enumerate()
        .filter(
            |(_, row)| if filter.is_empty() { session.shows_inspected(row) } else { matches(row, &filter) },
        )
        .collect();
    TableBuilder::new(ui)
        .id_salt("inspector")
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .column(Column::exact(104.0).clip(true))
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
                    let color = Theme::of(ui.ctx()).text_weak;
                    let text = RichText::new(row.label).font(theme::small()).color(color);
                    ui.add(Label::new(text).truncate()).on_hover_text(row.name);
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
    if let Some(color) = reading.as_ref().filter(|_| row.name == Element::Rgba.name()).and_then(swatch) {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(SWATCH), Sense::hover());
        ui.painter().rect(rect, 2.0, color, theme.hairline_stroke(), StrokeKind::Inside);
    }
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

/// The colour that `#rrggbbaa` names.
fn swatch(reading: &Reading) -> Option<Color32> {
    let digits = u32::from_str_radix(reading.text.strip_prefix('#')?, 16).ok()?;
    let [red, green, blue, alpha] = digits.to_be_bytes();
    Some(Color32::from_rgba_unmultiplied(red, green, blue, alpha))
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
