//! The inspector: the bytes at the caret in every type, both byte orders side by side, each editable.

use super::side_panel::{Side, SidePanel};
use crate::bytes::{Availability, Source};
use crate::decode::inspect::{self, InspectedValue, Row};
use crate::decode::{Element, Order};
use crate::session::{ARRAYS, Action, INSPECTOR, InspectorAction, PATIENCE, Session, Tab, describe};
use crate::ui::focus_ring::Stop;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{
    data_field, fit_middle, following, heading, named, plain_field, weak, width_of_text,
};
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{
    Align2, Color32, Id, Key, Label, PopupCloseBehavior, Rect, RichText, ScrollArea, Sense, StrokeKind, Ui,
    Vec2, vec2,
};

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
    /// The field is to have the keys.
    fresh: bool,
    /// Enter was pressed; the next frame knows what came of it.
    is_sent: bool,
    /// Why it was not taken, until it is changed.
    refused: Option<String>,
}

impl Default for Typing {
    fn default() -> Self {
        Self {
            row: 0,
            order: Order::Little,
            text: String::new(),
            at: 0,
            fresh: true,
            is_sent: false,
            refused: None,
        }
    }
}

const ROW_HEIGHT: f32 = 22.0;
/// The most space that the labels take.
const LABELS: f32 = 112.0;
/// Between two columns.
const GAP: f32 = 8.0;
/// Room for the scroll bar, and for the margins of the panel beside it.
const BAR: f32 = 10.0;
const EDGES: f32 = 16.0 + BAR;
/// Characters of the longest 64-bit number; longer values have both columns for themselves.
const VALUE_CHARS: usize = 24;
/// Room for the button beside the filter.
const TYPES_WIDTH: f32 = 64.0;
/// The longest list of types.
const CHOICE_HEIGHT: f32 = 420.0;
/// Side of the square that shows a colour.
const SWATCH: f32 = 10.0;

/// Draws the values of all dtypes at the caret; nothing when the panel is hidden.
pub fn panel(ui: &mut Ui, session: &Session, state: &mut InspectorState, actions: &mut Vec<Action>) {
    if !session.shows_panel(INSPECTOR) {
        return;
    }
    let Some(tab) = session.tab() else { return };
    let beside = session.shows_panel(ARRAYS) && tab.arrays.has_panel();
    let pitch = ui.fonts_mut(|fonts| fonts.glyph_width(&theme::mono(), '0'));
    let usual = LABELS + 2.0 * (VALUE_CHARS as f32 * pitch + 2.0 * GAP) + EDGES;
    let most = if beside { 0.32 } else { 0.38 };
    let panel = SidePanel { name: INSPECTOR, side: Side::Right, usual, most, stop: Stop::Inspector };
    panel.show(ui, session, actions, |ui, actions| contents(ui, session, tab, state, actions));
}

fn contents(
    ui: &mut Ui,
    session: &Session,
    tab: &Tab,
    state: &mut InspectorState,
    actions: &mut Vec<Action>,
) {
    ui.horizontal(|ui| {
        heading(ui, "Inspector");
        match unpacked(tab) {
            Some(_) => weak(ui, "in the decompressed array"),
            None => weak(ui, describe::hex(tab.selected().start().wrapping_add(tab.hex().format.base))),
        };
    });
    ui.horizontal(|ui| {
        let room = (ui.available_width() - TYPES_WIDTH).max(40.0);
        let field = plain_field(&mut state.filter).hint_text("Filter all types");
        named(&ui.add(field.desired_width(room)), "filter all types");
        MenuButton::new("Types")
            .config(MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside))
            .ui(ui, |ui| choice(ui, session, &state.filter, actions))
            .0
            .on_hover_text("Which types are shown");
    });
    ui.add_space(theme::UNIT);
    if let Some(fault) = tab.fault() {
        let color = Theme::of(ui.ctx()).error;
        let text = RichText::new(describe::fault(&fault)).font(theme::small()).color(color);
        ui.add(Label::new(text).wrap());
    }
    table(ui, session, tab, state, actions);
}

/// Whether a row is one that the user looks for; `filter` is in lower case.
fn matches(row: &Row, filter: &str) -> bool {
    row.label.to_lowercase().contains(filter) || row.name.contains(filter)
}

/// The list of all types, each to be shown or not.
fn choice(ui: &mut Ui, session: &Session, filter: &str, actions: &mut Vec<Action>) {
    let filter = filter.to_lowercase();
    if ui.button("Show the usual types").clicked() {
        actions.push(Action::Inspect(InspectorAction::ShowUsual));
    }
    ui.separator();
    let lines = |ui: &mut Ui| {
        for (index, row) in inspect::ROWS.iter().enumerate().filter(|(_, row)| matches(row, &filter)) {
            let mut shown = session.shows_inspected(row);
            if ui.checkbox(&mut shown, row.label).on_hover_text(row.name).changed() {
                actions.push(Action::Inspect(InspectorAction::Show { row: index, shown }));
            }
        }
    };
    ScrollArea::vertical().max_height(CHOICE_HEIGHT).show(ui, |ui| following(ui, lines));
}

/// What is inspected when it is no byte of the file: the unpacked array, and the place of the caret's item in it.
fn unpacked(tab: &Tab) -> Option<(&dyn Source, u64)> {
    let view = tab.array().filter(|_| tab.is_in_array())?;
    let source = &*view.unpacked.as_ref()?.source;
    Some((source, view.caret_span()?.start()))
}

/// The bytes from the start of the selection on that are at hand, or come soon.
fn bytes_at_caret(session: &Session, tab: &Tab) -> Vec<u8> {
    let (source, at) = unpacked(tab).unwrap_or((tab.shown(), tab.selected().start()));
    let room = usize::try_from(source.len().saturating_sub(at)).unwrap_or(usize::MAX).min(inspect::MAX_SIZE);
    let mut bytes = vec![0; room];
    let mut states = vec![Availability::Missing; room];
    source.peek(at, &mut bytes, &mut states);
    // Else the values would come a frame later than the bytes beside them.
    if states.contains(&Availability::Missing) && session.cache().settle(PATIENCE) {
        source.peek(at, &mut bytes, &mut states);
    }
    let ready = states.iter().take_while(|state| **state == Availability::Ready).count();
    bytes.truncate(ready);
    bytes
}

/// A line of the table: a row, or the second order of one whose values need the room of both columns.
#[derive(Clone, Copy)]
struct Line {
    index: usize,
    row: &'static Row,
    /// The orders from left to right; of a long value the one of this line.
    orders: &'static [Order],
    is_long: bool,
}

/// The lines of the rows that are shown, where a column has room for `chars` characters.
fn lines(session: &Session, filter: &str, chars: usize) -> Vec<Line> {
    let filter = filter.to_lowercase();
    let is_shown =
        |row: &Row| if filter.is_empty() { session.shows_inspected(row) } else { matches(row, &filter) };
    let mut lines = Vec::new();
    for (index, row) in inspect::ROWS.iter().enumerate().filter(|(_, row)| is_shown(row)) {
        let is_long = row.most_chars() > chars;
        let line = |orders| Line { index, row, orders, is_long };
        match (row.ordered, is_long) {
            (true, true) => lines.extend([line(&Order::ALL[..1]), line(&Order::ALL[1..])]),
            (true, false) => lines.push(line(&Order::ALL)),
            (false, _) => lines.push(Line { is_long: true, ..line(&[Order::Little]) }),
        }
    }
    lines
}

fn table(ui: &mut Ui, session: &Session, tab: &Tab, state: &mut InspectorState, actions: &mut Vec<Action>) {
    let bytes = bytes_at_caret(session, tab);
    let at = tab.selected().start();
    state.typing.take_if(|typing| typing.at != at);
    if let Some(typing) = state.typing.as_mut().filter(|typing| typing.is_sent) {
        match session.inspected_error() {
            None => state.typing = None,
            // What was refused stays, to be mended.
            Some(reason) => {
                (typing.is_sent, typing.fresh, typing.refused) = (false, true, Some(reason.to_owned()));
            }
        }
    }
    let full = ui.available_width() - BAR;
    let pitch = ui.fonts_mut(|fonts| fonts.glyph_width(&theme::mono(), '0'));
    let fits = ((column(full, false).1 - GAP) / pitch).max(0.0) as usize;
    let lines = lines(session, &state.filter, fits.min(VALUE_CHARS));
    heads(ui, full, lines.iter().any(|line| !line.is_long));
    ui.spacing_mut().item_spacing.y = 0.0;
    let is_typed =
        |line: &Line, typing: &Typing| line.index == typing.row && line.orders.contains(&typing.order);
    let typed = state.typing.as_ref().and_then(|typing| lines.iter().position(|line| is_typed(line, typing)));
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW_HEIGHT, lines.len(), |ui, rows| {
        let first = ui.max_rect().min - vec2(0.0, rows.start as f32 * ROW_HEIGHT);
        // A field that is scrolled out of sight is drawn too: else it would lose the keys, and the bytes get them.
        let typed = typed.filter(|at| !rows.contains(at));
        for n in rows.chain(typed).filter(|n| *n < lines.len()) {
            let corner = first + vec2(0.0, n as f32 * ROW_HEIGHT);
            let rect = Rect::from_min_size(corner, vec2(full, ROW_HEIGHT));
            one(ui, &lines[n], rect, &bytes, at, state, actions);
        }
    });
}

/// Left edge and width of the column of the first or the second order, from the left of a line.
fn column(full: f32, second: bool) -> (f32, f32) {
    let width = ((full - LABELS) / 2.0).max(0.0);
    (LABELS + if second { width } else { 0.0 }, width)
}

/// The names of the byte-order columns, as long as the columns have space for.
fn heads(ui: &mut Ui, full: f32, has_two: bool) {
    let (rect, _) = ui.allocate_exact_size(vec2(full, 20.0), Sense::hover());
    let color = Theme::of(ui.ctx()).text_weak;
    let (first, width) = column(full, false);
    let names = [["little-endian", "big-endian"], ["little", "big"], ["LE", "BE"]];
    let fits =
        |names: &&[&str; 2]| names.iter().all(|name| width_of_text(ui, name, &theme::small()) + GAP <= width);
    let [little, big] = names.iter().find(fits).copied().unwrap_or(["", ""]);
    // If no row has two columns, the second byte order is under the first, and its label names it.
    let heads = if has_two {
        vec![(0.0, "type"), (first, little), (column(full, true).0, big)]
    } else {
        vec![(0.0, "type"), (first, "value")]
    };
    for (x, title) in heads {
        let at = rect.left_center() + vec2(x, 0.0);
        ui.painter().text(at, Align2::LEFT_CENTER, title, theme::small(), color);
    }
}

/// One line: the label belongs to the first value, and a click on either edits it.
fn one(
    ui: &mut Ui,
    line: &Line,
    rect: Rect,
    bytes: &[u8],
    at: u64,
    state: &mut InspectorState,
    actions: &mut Vec<Action>,
) {
    let (theme, full) = (Theme::of(ui.ctx()), rect.width());
    let is_second = line.is_long && line.orders == &Order::ALL[1..];
    let label = if is_second { "   big-endian" } else { line.row.label };
    let text = fit_middle(ui, label, &theme::small(), LABELS - GAP);
    let least = rect.left() + width_of_text(ui, &text, &theme::small()).ceil() + GAP;
    for (place, order) in line.orders.iter().enumerate() {
        let (x, width) = column(full, place > 0);
        let width = if line.is_long { full - LABELS } else { width };
        let value = Rect::from_min_size(rect.min + vec2(x, 0.0), vec2(width - GAP, ROW_HEIGHT));
        let area = if place == 0 { value.with_min_x(rect.left()) } else { value };
        cell(ui, &Cell { line, order: *order, area, value, least, at }, bytes, state, actions);
    }
    let place = rect.left_center();
    ui.painter().text(place, Align2::LEFT_CENTER, text, theme::small(), theme.text_weak);
}

/// A value, and where it is.
struct Cell<'a> {
    line: &'a Line,
    order: Order,
    /// What a click on edits it.
    area: Rect,
    value: Rect,
    /// Where the label ends: a long value may begin there.
    least: f32,
    /// The caret.
    at: u64,
}

fn cell(ui: &mut Ui, cell: &Cell<'_>, bytes: &[u8], state: &mut InspectorState, actions: &mut Vec<Action>) {
    let (index, row, order) = (cell.line.index, cell.line.row, cell.order);
    if let Some(typing) = state.typing.as_mut().filter(|typing| typing.row == index && typing.order == order)
    {
        match field(ui, cell.value, typing) {
            Typed::Still => {}
            Typed::Sent => {
                let text = typing.text.clone();
                actions.push(Action::Inspect(InspectorAction::Set { row: index, order, text }));
                typing.is_sent = true;
            }
            Typed::Left => state.typing = None,
        }
        return;
    }
    let theme = Theme::of(ui.ctx());
    let reading = (row.format)(bytes, order);
    let (text, color) = match &reading {
        Some(InspectedValue { text, .. }) => (text.as_str(), theme.text),
        None => ("–", theme.text_weak),
    };
    let response = ui.interact(cell.area, Id::unique(("inspected", row.name, order)), Sense::click());
    let name = format!("{} {}: {text}", row.label, order.label());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    let can_edit = reading.is_some();
    if response.hovered() && can_edit {
        ui.painter().rect_filled(cell.area.expand2(vec2(2.0, 0.0)), f32::from(theme::RADIUS), theme.hover_bg);
    }
    let mut value = cell.value;
    if let Some(color) = reading.as_ref().filter(|_| row.name == Element::Rgba.name()).and_then(swatch) {
        let square =
            Rect::from_center_size(value.left_center() + vec2(SWATCH / 2.0, 0.0), Vec2::splat(SWATCH));
        ui.painter().rect(square, 2.0, color, theme.hairline_stroke(), StrokeKind::Inside);
        value.min.x += SWATCH + GAP;
    }
    if cell.line.is_long {
        let wanted = value.right() - width_of_text(ui, text, &theme::mono()).ceil();
        value.min.x = value.left().min(wanted.max(cell.least));
    }
    let shown = fit_middle(ui, text, &theme::mono(), value.width());
    let place = value.left_center();
    ui.painter().text(place, Align2::LEFT_CENTER, shown, theme::mono(), color);
    if response.clicked() && can_edit {
        let text = text.to_owned();
        state.typing = Some(Typing { row: index, order, text, at: cell.at, ..Typing::default() });
    }
    let hint = if can_edit { "\nClick to edit" } else { "" };
    response.on_hover_text(format!("{} ({}): {text}{hint}", row.label, row.name));
}

/// The colour that `#rrggbbaa` names.
fn swatch(reading: &InspectedValue) -> Option<Color32> {
    let digits = u32::from_str_radix(reading.text.strip_prefix('#')?, 16).ok()?;
    let [red, green, blue, alpha] = digits.to_be_bytes();
    Some(Color32::from_rgba_unmultiplied(red, green, blue, alpha))
}

/// What became of a field.
enum Typed {
    Still,
    /// Enter.
    Sent,
    /// Escape, or the keys went elsewhere.
    Left,
}

/// The field of a value; what is wrong with it stands under it.
fn field(ui: &mut Ui, rect: Rect, typing: &mut Typing) -> Typed {
    let id = Id::unique("inspector field");
    let mut edit = data_field(&mut typing.text, rect.width() - 4.0).id(id);
    if typing.refused.is_some() {
        edit = edit.text_color(Theme::of(ui.ctx()).error);
    }
    let response = ui.put(rect, edit);
    named(&response, inspect::ROWS.get(typing.row).map_or("value", |row| row.label));
    if response.changed() {
        typing.refused = None;
    }
    if let Some(reason) = &typing.refused {
        egui::Tooltip::for_widget(&response).show(|ui| {
            ui.label(RichText::new(reason).color(Theme::of(ui.ctx()).error));
        });
    }
    if std::mem::take(&mut typing.fresh) {
        response.request_focus();
        return Typed::Still;
    }
    if !response.lost_focus() || typing.is_sent {
        return Typed::Still;
    }
    if ui.input(|input| input.key_pressed(Key::Enter)) { Typed::Sent } else { Typed::Left }
}
