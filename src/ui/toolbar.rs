//! The bar over a pane: how its bytes are read. Every control is one choice of the pane's format.

use super::theme;
use super::widgets::{data_field, following, named, weak};
use crate::decode::{DType, Element, Encoding, Order, Radix};
use crate::session::panes::ValuesFormat;
use crate::session::view::format::MAX_ROW_BYTES;
use crate::session::view::{Columns, ViewFormat};
use crate::session::{Action, DialogAction, PaneAction, PaneKey, Tab};
use egui::scroll_area::ScrollBarVisibility;
use egui::{Button, ComboBox, DragValue, Id, Key, PopupCloseBehavior, RichText, ScrollArea, Ui};

/// Columns offered in the list; any other number can be typed over them.
const COLUMNS: [u32; 10] = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64];

/// In fewer points the words beside the controls give them their room; screen readers have their names in any width.
const ROOM_FOR_WORDS: f32 = 520.0;

/// Draws the controls of the format of `pane`: columns, digits, dtype.
pub fn show(ui: &mut Ui, tab: &Tab, pane: PaneKey, actions: &mut Vec<Action>) {
    // A narrow view cuts its bar, which scrolls then: a second line would set the rows of two views apart.
    let area = ScrollArea::horizontal().scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden);
    let has_words = ui.available_width() >= ROOM_FOR_WORDS;
    let controls = |ui: &mut Ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = theme::UNIT * 2.0;
            let content = &tab.panes().get(pane).content;
            if let Some(view) = content.hex() {
                let mut format = view.format.clone();
                bytes(ui, has_words, view.columns(), &mut format);
                if format != view.format {
                    actions.push(Action::Pane(PaneAction::Format { pane, format }));
                }
            } else if let Some(view) = content.values() {
                let mut format = view.format;
                values(ui, has_words, (tab, pane), &mut format, actions);
                if format != view.format {
                    actions.push(Action::Pane(PaneAction::ValuesFormat { pane, format }));
                }
            }
        });
    };
    area.id_salt("bar").show(ui, |ui| following(ui, controls));
}

fn bytes(ui: &mut Ui, has_words: bool, cells: u32, format: &mut ViewFormat) {
    let list = ComboBox::from_id_salt("radix").selected_text(format.radix.label()).width(72.0);
    let shown = list.show_ui(ui, |ui| {
        for radix in Radix::ALL {
            ui.selectable_value(&mut format.radix, radix, radix.label());
        }
    });
    named(&shown.response, "digits");
    columns(ui, cells, MAX_ROW_BYTES, &mut format.columns);
    if has_words {
        weak(ui, "bytes per row");
    }
    group(ui, format);
    if has_words {
        weak(ui, "text");
    }
    let label = format.text.map_or("none", Encoding::label);
    let list = ComboBox::from_id_salt("encoding").selected_text(label).width(112.0).height(420.0);
    let choices = |ui: &mut Ui| {
        ui.selectable_value(&mut format.text, None, "none");
        for encoding in Encoding::ALL {
            ui.selectable_value(&mut format.text, Some(*encoding), encoding.label());
        }
    };
    let shown = list.show_ui(ui, |ui| following(ui, choices));
    named(&shown.response, "encoding of the text");
}

fn values(
    ui: &mut Ui,
    has_words: bool,
    (tab, pane): (&Tab, PaneKey),
    format: &mut ValuesFormat,
    actions: &mut Vec<Action>,
) {
    let dtype = format.dtype;
    let mut element = dtype.element;
    let list = ComboBox::from_id_salt("element").selected_text(element.name()).width(84.0).height(420.0);
    let choices = |ui: &mut Ui| {
        ui.set_min_width(168.0);
        for &choice in Element::USUAL {
            let code = RichText::new(DType::new(choice, dtype.order).name()).font(theme::mono());
            let button = Button::selectable(element == choice, choice.name()).shortcut_text(code);
            if ui.add(button).on_hover_text(choice.label()).clicked() {
                element = choice;
            }
        }
    };
    let shown = list.show_ui(ui, |ui| following(ui, choices));
    named(&shown.response, "type of the values");
    let mut order = dtype.order;
    ui.add_enabled_ui(element.size() > 1, |ui| {
        let (shown, width) = match (has_words, order) {
            (true, order) => (order.label(), 96.0),
            (false, Order::Little) => ("LE", 44.0),
            (false, Order::Big) => ("BE", 44.0),
        };
        let list = ComboBox::from_id_salt("order").selected_text(shown).width(width);
        let shown = list.show_ui(ui, |ui| {
            for choice in Order::ALL {
                ui.selectable_value(&mut order, choice, choice.label());
            }
        });
        named(&shown.response, "byte order");
    });
    format.dtype = DType::new(element, order);
    columns(ui, tab.view(pane).columns(), format.max_columns(), &mut format.columns);
    if has_words {
        weak(ui, "offset");
    }
    origin(ui, tab, pane, format, actions);
}

/// Where the first value begins: an expression, taken with Enter.
fn origin(ui: &mut Ui, tab: &Tab, pane: PaneKey, format: &mut ValuesFormat, actions: &mut Vec<Action>) {
    // What is typed belongs to the tab, and only while the field has the keys.
    let id = Id::unique(("origin", tab.id, pane));
    let typed = ui.data(|data| data.get_temp::<String>(id)).filter(|_| ui.memory(|m| m.has_focus(id)));
    let mut text = typed.unwrap_or_else(|| format!("{:#x}", format.origin));
    let response = ui
        .add(data_field(&mut text, 96.0).id(id))
        .on_hover_text("Offset of the first value; press Enter to apply. 'here' is the caret");
    named(&response, "offset of the first value");
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        match tab.evaluate_offset(&text) {
            Ok(offset) => format.origin = offset,
            Err(reason) => {
                actions.push(Action::Dialog(DialogAction::Say(reason)));
                // What is wrong is mended here; the cells would take the keys for values.
                response.request_focus();
            }
        }
    }
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, text));
    } else {
        ui.data_mut(|data| data.remove::<String>(id));
    }
}

/// So many cells a row, of at most `most`; `shown` is how many there are now.
fn columns(ui: &mut Ui, shown: u32, most: u32, columns: &mut Columns) {
    let label = match columns {
        Columns::Fit => format!("fit ({shown})"),
        Columns::Fixed(cells) => cells.to_string(),
    };
    let list = ComboBox::from_id_salt("columns").selected_text(label).width(64.0).height(420.0);
    // A click on the number is to type another one: only a choice closes the list.
    let list = list.close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let list = list.show_ui(ui, |ui| {
        let mut any = shown;
        ui.horizontal(|ui| {
            weak(ui, "any number");
            let field = DragValue::new(&mut any).range(1..=most);
            let field = ui.add(field);
            named(&field, "columns");
            if field.changed() {
                *columns = Columns::Fixed(any);
            }
        });
        let fixed = COLUMNS.into_iter().filter(|cells| *cells <= most);
        let fixed = fixed.map(|cells| (Columns::Fixed(cells), cells.to_string()));
        for (choice, words) in [(Columns::Fit, String::from("fit the window"))].into_iter().chain(fixed) {
            if ui.selectable_value(columns, choice, words).clicked() {
                ui.close();
            }
        }
    });
    named(&list.response, "columns");
}

/// Cells between two gaps of a row.
fn group(ui: &mut Ui, format: &mut ViewFormat) {
    let label =
        |cells: u32| if cells == 0 { String::from("no groups") } else { format!("groups of {cells}") };
    let list = ComboBox::from_id_salt("group").selected_text(label(format.group)).width(96.0);
    let list = list.show_ui(ui, |ui| {
        for cells in [0, 2, 4, 8, 16] {
            ui.selectable_value(&mut format.group, cells, label(cells));
        }
    });
    named(&list.response, "groups");
}
