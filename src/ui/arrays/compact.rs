//! The bar over an array in a small pane: its name, and a button with its type and shape that opens all fields.

use super::bar::{self, field_id};
use crate::escape::escaped;
use crate::session::arrays::{ArrayAction, ArrayView, BarField, TableAction};
use crate::session::{Action, PaneKey, Tab, TabId, describe};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{fit_middle, following, width_of_text};
use egui::accesskit::HasPopup;
use egui::{Button, Context, Frame, Id, Key, Label, Popup, RichText, ScrollArea, Ui, Vec2};

/// In fewer points the fields take more lines than they are worth.
const LEAST_FULL: f32 = 280.0;
/// So many more points are needed until they come back: a scroll bar beside them may have taken the room.
const TO_COME_BACK: f32 = 16.0;
/// Width of the fields under the button, in points.
const FIELDS_WIDTH: f32 = 336.0;
/// Room around the fields, in points.
const MARGIN: i8 = 10;
/// Points of the name that are worth the room beside the button; with fewer it has a line of its own.
const LEAST_NAME: f32 = 96.0;
/// Characters of a type on the button.
const MOST_TYPE: usize = 24;

/// What is kept of a pane's bar from frame to frame.
#[derive(Clone, Copy, Debug, Default)]
struct BarForm {
    is_compact: bool,
    /// What all fields were last drawn for, and the height that they took then.
    full: Option<(FieldsRoom, f32)>,
    is_open: bool,
    /// The field that gets the keys as soon as it is drawn.
    wanted: Option<BarField>,
}

/// What the height of all fields depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct FieldsRoom {
    width: f32,
    axes: usize,
    has_note: bool,
    has_fault: bool,
}

impl FieldsRoom {
    fn of(view: &ArrayView, width: f32) -> Self {
        Self {
            width,
            axes: view.table.array().shape.len(),
            has_note: view.header_says().is_some(),
            has_fault: view.bar.first_error().is_some(),
        }
    }
}

/// The bar over a pane of a tab.
type BarKey = (TabId, PaneKey);

fn form_id(bar: BarKey) -> Id {
    Id::unique(("form of the array bar", bar))
}

fn form(ctx: &Context, bar: BarKey) -> BarForm {
    ctx.data(|data| data.get_temp(form_id(bar)).unwrap_or_default())
}

fn change_form(ctx: &Context, bar: BarKey, change: impl FnOnce(&mut BarForm)) {
    ctx.data_mut(|data| change(data.get_temp_mut_or_default(form_id(bar))));
}

/// Whether the fields of a narrow bar lie open over the panes of a tab: keys are not meant for the cells then.
pub fn are_fields_open(ctx: &Context, tab: &Tab) -> bool {
    tab.panes().iter().any(|pane| {
        pane.content.array().is_some() && tab.is_shown(pane.key) && form(ctx, (tab.id, pane.key)).is_open
    })
}

/// Gives the keys to a field of the bar, and opens the fields where they are closed.
pub fn focus_field(ctx: &Context, tab: &Tab, field: BarField) {
    let pane = tab.typed_key();
    if form(ctx, (tab.id, pane)).is_compact {
        change_form(ctx, (tab.id, pane), |form| (form.is_open, form.wanted) = (true, Some(field)));
        ctx.request_repaint();
    } else {
        ctx.memory_mut(|memory| memory.request_focus(field_id(pane, field)));
    }
}

/// Whether all fields have no room in `width` and `most` points.
pub(super) fn is_needed(ui: &Ui, bar: BarKey, view: &ArrayView, width: f32, most: f32) -> bool {
    let (before, (_, pane)) = (form(ui.ctx(), bar), bar);
    // A field that is typed into stays where it is, though a line more says what is wrong with it.
    let is_typed =
        ui.memory(|memory| BarField::ALL.into_iter().any(|field| memory.has_focus(field_id(pane, field))));
    let room = FieldsRoom::of(view, width);
    let is_too_tall = before.full.is_some_and(|(before, high)| before == room && high > most);
    let least = LEAST_FULL + if before.is_compact { TO_COME_BACK } else { 0.0 };
    let is_compact = ui.available_width() < least || is_too_tall && (before.is_compact || !is_typed);
    change_form(ui.ctx(), bar, |form| {
        form.is_compact = is_compact;
        form.is_open &= is_compact;
    });
    is_compact
}

/// All fields have taken `height` points; the next frame has the other form where that is more than `most`.
pub(super) fn keep_height(ui: &Ui, bar: BarKey, view: &ArrayView, (width, height): (f32, f32), most: f32) {
    let full = Some((FieldsRoom::of(view, width), height));
    if height > most && form(ui.ctx(), bar).full != full {
        ui.ctx().request_discard("a bar has no room for all fields");
    }
    change_form(ui.ctx(), bar, |form| form.full = full);
}

/// Type and shape of what is shown.
fn summary(view: &ArrayView) -> String {
    let dtype = escaped(describe::cut(view.bar.text(BarField::Dtype), MOST_TYPE).as_ref()).into_owned();
    let sides: Vec<String> = view.table.array().shape.iter().map(u64::to_string).collect();
    let shape = if sides.is_empty() { String::from("()") } else { sides.join(" × ") };
    format!("{dtype} · {shape}")
}

/// The bar: one line, or two where the name needs one.
pub(super) fn show(ui: &mut Ui, pane: PaneKey, tab: &Tab, view: &ArrayView, actions: &mut Vec<Action>) {
    let name = &*escaped(view.name.as_deref().unwrap_or("array"));
    let (name_font, button_font) = (theme::medium(theme::SMALL_SIZE), theme::small());
    let room = ui.available_width();
    let frame = 2.0 * ui.spacing().button_padding.x + 2.0;
    let said = format!("{} ▾", summary(view));
    let said = fit_middle(ui, &said, &button_font, room - frame).into_owned();
    let gap = 2.0 * theme::UNIT;
    let left = room - width_of_text(ui, &said, &button_font) - frame - gap;
    let name_width = width_of_text(ui, name, &name_font);
    let is_one_line = name_width <= left || left >= LEAST_NAME;
    let shown = fit_middle(ui, name, &name_font, if is_one_line { left } else { room });
    let strong = Theme::of(ui.ctx()).text_strong;
    let label = Label::new(RichText::new(&*shown).font(name_font).color(strong)).extend();
    let title = format!("{name} of {}", tab.title);
    let mut button = |ui: &mut Ui| fields_button(ui, (tab.id, pane), view, &said, actions);
    ui.spacing_mut().item_spacing = Vec2::new(gap, theme::UNIT / 2.0);
    if is_one_line {
        ui.horizontal(|ui| {
            ui.add(label).on_hover_text(title);
            button(ui);
        });
    } else {
        ui.horizontal(|ui| ui.add(label).on_hover_text(title));
        ui.horizontal(button);
    }
}

/// The button that opens the fields, and the fields while they are open.
fn fields_button(ui: &mut Ui, key: BarKey, view: &ArrayView, said: &str, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui.ctx());
    let fault = view.bar.first_error();
    let color = match (fault, view.header_says()) {
        (Some(_), _) => theme.error,
        (None, Some(_)) => theme.warn,
        (None, None) => theme.text,
    };
    let button = ui.add(Button::new(RichText::new(said).font(theme::small()).color(color)));
    let before = form(ui.ctx(), key);
    ui.ctx().accesskit_node_builder(button.id, |node| {
        node.set_label(format!("fields of the array: {}", summary(view)));
        node.set_has_popup(HasPopup::Dialog);
        node.set_expanded(before.is_open);
    });
    let button = button.on_hover_ui(|ui| {
        match fault {
            Some((field, reason)) => ui.label(format!("{}: {reason}", field.label())),
            None => ui.label("Change the dtype, offset, shape, order, slice, axes and number format"),
        };
    });
    let mut is_open = before.is_open != button.clicked();
    let mut wanted = before.wanted;
    if is_open && !before.is_open {
        wanted = Some(BarField::Dtype);
    }
    if is_open {
        // A list in the fields closes itself at a click and at Escape, and they stay.
        let has_list = Popup::is_any_open(ui.ctx());
        let popup = Popup::from_response(&button)
            .id(form_id(key).with("fields"))
            .frame(Frame::popup(ui.style()).inner_margin(MARGIN))
            .width(FIELDS_WIDTH)
            .accessible_name("fields of the array")
            .open(true);
        let shown = popup.show(|ui| {
            let most = ui.ctx().content_rect().height() * 0.7;
            let area = ScrollArea::vertical().max_height(most);
            area.show(ui, |ui| following(ui, |ui| fields(ui, key.1, view, &mut wanted, actions))).inner
        });
        if let Some(shown) = shown {
            let is_left = shown.response.clicked_elsewhere() && !button.clicked();
            let is_escaped = ui.input(|input| input.key_pressed(Key::Escape));
            if shown.inner || before.is_open && !has_list && (is_left || is_escaped) {
                is_open = false;
                if is_escaped {
                    button.request_focus();
                }
            }
        }
    }
    change_form(ui.ctx(), key, |form| (form.is_open, form.wanted) = (is_open, wanted.filter(|_| is_open)));
}

/// All fields, one below the other; `true` when the array was closed.
fn fields(
    ui: &mut Ui,
    pane: PaneKey,
    view: &ArrayView,
    wanted: &mut Option<BarField>,
    actions: &mut Vec<Action>,
) -> bool {
    ui.set_width(FIELDS_WIDTH);
    let mut push = |action: TableAction| actions.push(Action::ArrayIn(pane, action.into()));
    for field in BarField::ALL {
        bar::field_line(ui, pane, view, field, FIELDS_WIDTH, &mut push);
        if *wanted == Some(field) && !ui.is_sizing_pass() {
            let id = field_id(pane, field);
            if ui.memory(|memory| memory.has_focus(id)) {
                *wanted = None;
            }
            ui.memory_mut(|memory| memory.request_focus(id));
        }
    }
    bar::header_note(ui, view, &mut push);
    bar::axes_and_numbers(ui, view, &mut push);
    ui.add_space(theme::UNIT);
    let is_closed = ui.button("Back to plain values").clicked();
    if is_closed {
        actions.push(Action::ArrayIn(pane, ArrayAction::Close));
    }
    is_closed
}
