//! The bar over a pane: the format of its bytes and, if there are other panes, its link and a button that closes it. A
//! pane is dragged by its bar.

use super::{Panes, Place};
use crate::session::tab::layout::PaneSide;
use crate::session::{Action, Command, LayoutAction, PaneAction, PaneKey, Session, Tab};
use crate::ui::focus_ring::{self, Stop};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{LEAST_SIGN, command_button, following, sign};
use egui::accesskit::Role;
use egui::{
    Align, CornerRadius, CursorIcon, Frame, Layout, Margin, Panel, Pos2, Rect, Response, ScrollArea, Sense,
    Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// A bar with less room, in points, has no sign that shows its pane alone: a double click on the grip does it too.
const NARROW: f32 = 240.0;
/// Points left of what the bar says, where it is dragged by its left end.
const GRIP: i8 = 18;
/// Width of the line that marks the pane with the keys.
const MARK: f32 = 2.0;

impl Panes {
    /// The bar over a pane.
    pub(super) fn bar(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        tab: &Tab,
        place: Place,
        actions: &mut Vec<Action>,
    ) {
        let theme = Theme::of(ui.ctx());
        let left = if place.is_one_of_several { GRIP } else { 12 };
        let margin = Margin { left, ..Margin::symmetric(12, 4) };
        let frame = Frame::new().fill(theme.panel_bg).inner_margin(margin);
        let pane = place.pane;
        let panel = Panel::top("bar").frame(frame).show(ui, |ui| {
            focus_ring::name(ui, &super::bar_name(tab, pane));
            if !place.is_one_of_several {
                super::controls(ui, session, tab, place, actions);
                return;
            }
            let all = ui.available_rect_before_wrap();
            // Not for the keys: they have commands for all of it.
            let held = UiBuilder::new().sense(Sense::CLICK | Sense::DRAG);
            let held = ui.scope_builder(held, |ui| {
                ui.set_min_width(all.width());
                let room = (all.width() - buttons_width(tab, all.width())).max(0.0);
                ui.allocate_ui_with_layout(vec2(room, 0.0), Layout::top_down(Align::Min), |ui| {
                    ui.set_max_width(room);
                    // A bar of many lines leaves half of a low pane to the grid.
                    let most = place.rect.height() / 2.0;
                    let area = ScrollArea::vertical().id_salt("lines");
                    let area = area.max_height(most).min_scrolled_height(most);
                    area.show(ui, |ui| following(ui, |ui| super::controls(ui, session, tab, place, actions)));
                });
            });
            buttons(ui, tab, pane, all, actions);
            let grip = grip(ui, all);
            let is_maximised = grip.double_clicked();
            for held in [held.response, grip] {
                self.held(session, pane, &held, actions);
            }
            if is_maximised {
                actions.push(Action::Run(Command::MaximisePane));
            }
        });
        let rect = panel.response.rect;
        focus_ring::mark(ui, Stop::Bar(pane), rect);
        if place.is_one_of_several && tab.focus() == pane {
            let line = Rect::from_min_size(rect.min, vec2(rect.width(), MARK));
            ui.painter().rect_filled(line, 0.0, theme.accent);
        }
    }

    /// What the mouse does to the bar itself.
    fn held(&mut self, session: &Session, pane: PaneKey, bar: &Response, actions: &mut Vec<Action>) {
        if bar.clicked() || bar.secondary_clicked() {
            actions.push(Action::Pane(PaneAction::Focus(pane)));
        }
        if bar.drag_started() {
            self.dragged = Some((pane, bar.id));
        }
        bar.context_menu(|ui| {
            ui.set_min_width(220.0);
            for command in [Command::SplitRight, Command::SplitDown, Command::NewTablePane] {
                command_button(ui, session, command, actions);
            }
            ui.separator();
            for command in [Command::MaximisePane, Command::LinkPane, Command::EqualPanes, Command::ClosePane]
            {
                command_button(ui, session, command, actions);
            }
        });
    }

    /// A pane that is dragged by its bar: where it would go, and its move when it is let go.
    pub(super) fn drag(&mut self, ui: &Ui, places: &[Place], actions: &mut Vec<Action>) {
        let Some((pane, held)) = self.dragged else { return };
        let (pointer, is_down) = ui.input(|input| (input.pointer.latest_pos(), input.pointer.primary_down()));
        let target = pointer.and_then(|at| target_at(at, pane, places));
        if !ui.ctx().is_being_dragged(held) {
            self.dragged = None;
            // With the button still down it was Escape that ended it.
            if let Some((target, side, _)) = target.filter(|_| !is_down) {
                actions.push(Action::Layout(pane, LayoutAction::MoveTo(target, side)));
            }
        } else {
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
            if let Some((_, _, rect)) = target {
                let accent = Theme::of(ui.ctx()).accent;
                let stroke = Stroke::new(2.0, accent);
                ui.painter().rect(
                    rect.shrink(2.0),
                    CornerRadius::same(theme::RADIUS),
                    accent.gamma_multiply(0.2),
                    stroke,
                    StrokeKind::Inside,
                );
            }
        }
    }
}

/// The pane under the pointer, the side of it that is nearest, and the half that a pane would get there.
fn target_at(at: Pos2, dragged: PaneKey, places: &[Place]) -> Option<(PaneKey, PaneSide, Rect)> {
    let place = places.iter().find(|place| place.rect.contains(at)).filter(|place| place.pane != dragged)?;
    let (rect, middle) = (place.rect, place.rect.center());
    let (x, y) = ((at.x - middle.x) / rect.width(), (at.y - middle.y) / rect.height());
    let (side, half) = match (x.abs() > y.abs(), x < 0.0, y < 0.0) {
        (true, true, _) => (PaneSide::Left, rect.with_max_x(middle.x)),
        (true, false, _) => (PaneSide::Right, rect.with_min_x(middle.x)),
        (false, _, true) => (PaneSide::Up, rect.with_max_y(middle.y)),
        (false, _, false) => (PaneSide::Down, rect.with_min_y(middle.y)),
    };
    Some((place.pane, side, half))
}

/// What the pane is dragged by where the bar is full: two columns of dots in its left margin.
fn grip(ui: &Ui, bar: Rect) -> Response {
    let rect =
        Rect::from_min_size(pos2(bar.left() - 14.0, bar.top()), vec2(7.0, ui.spacing().interact_size.y));
    let grip = ui.interact(rect, ui.scope_id().with("grip"), Sense::CLICK | Sense::DRAG);
    let grip = grip
        .on_hover_cursor(CursorIcon::Grab)
        .on_hover_text("Drag this pane to an edge of another pane; double-click to show it alone");
    grip.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Move this pane"));
    let theme = Theme::of(ui.ctx());
    let color = if grip.hovered() || grip.dragged() { theme.text } else { theme.text_weak };
    for row in -1..=1 {
        for column in [-2.0, 2.0] {
            let at = rect.center() + vec2(column, row as f32 * 4.0);
            ui.painter().circle_filled(at, 1.0, color);
        }
    }
    grip
}

/// Points between what a bar says and its buttons.
const GAP: f32 = 8.0;

fn can_maximise(tab: &Tab, width: f32) -> bool {
    tab.is_maximised() || width >= NARROW
}

/// Points that the buttons in a bar of `width` points take.
fn buttons_width(tab: &Tab, width: f32) -> f32 {
    let count = if can_maximise(tab, width) { 3.0 } else { 2.0 };
    count * LEAST_SIGN + GAP
}

/// The link and the sign that closes the pane, in the upper right corner of the bar.
fn buttons(ui: &mut Ui, tab: &Tab, pane: PaneKey, bar: Rect, actions: &mut Vec<Action>) {
    let width = buttons_width(tab, bar.width()) - GAP;
    let corner =
        Rect::from_min_size(pos2(bar.right() - width, bar.top()), vec2(width, ui.spacing().interact_size.y));
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(corner).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let linked = tab.panes().get(pane).linked;
        let words = if linked { "Scroll this pane alone" } else { "Scroll this pane with the other panes" };
        let link = sign(ui, "", words, Sense::CLICK);
        paint_link(ui, link.rect.center(), linked, link.hovered());
        if link.clicked() {
            actions.push(Action::Layout(pane, LayoutAction::Link(!linked)));
        }
        if can_maximise(tab, bar.width()) {
            maximise_sign(ui, tab, pane, actions);
        }
        if sign(ui, "✕", "Close this pane", Sense::CLICK).clicked() {
            actions.push(Action::Layout(pane, LayoutAction::Close));
        }
    });
}

/// The sign that shows a pane alone, or all again.
fn maximise_sign(ui: &mut Ui, tab: &Tab, pane: PaneKey, actions: &mut Vec<Action>) {
    let is_alone = tab.is_maximised();
    let words = if is_alone { "Show all panes again" } else { "Show this pane alone" };
    let maximise = sign(ui, "", words, Sense::CLICK);
    paint_maximise(ui, maximise.rect.center(), is_alone, maximise.hovered());
    if maximise.clicked() {
        actions.push(Action::Pane(PaneAction::Focus(pane)));
        actions.push(Action::Run(Command::MaximisePane));
    }
}

/// A frame, or two of which one is behind the other.
fn paint_maximise(ui: &Ui, middle: Pos2, is_alone: bool, hovered: bool) {
    let theme = Theme::of(ui.ctx());
    let color = match (hovered, is_alone) {
        (true, _) => theme.text,
        (false, true) => theme.accent,
        (false, false) => theme.text_weak,
    };
    let stroke = Stroke::new(1.5, color);
    if !is_alone {
        let frame = Rect::from_center_size(middle, vec2(10.0, 9.0));
        ui.painter().rect_stroke(frame, 1.5, stroke, StrokeKind::Middle);
        return;
    }
    let front = Rect::from_center_size(middle + vec2(-1.5, 1.5), vec2(8.0, 7.0));
    ui.painter().rect_stroke(front, 1.5, stroke, StrokeKind::Middle);
    let (left, right) = (front.left() + 3.0, front.right() + 3.0);
    let (top, bottom) = (front.top() - 3.0, front.bottom() - 3.0);
    let corner = [pos2(left, top), pos2(right, top), pos2(right, bottom)];
    ui.painter().line(corner.to_vec(), stroke);
}

/// Two links of a chain, which are one in the other or apart.
fn paint_link(ui: &Ui, middle: Pos2, linked: bool, hovered: bool) {
    let theme = Theme::of(ui.ctx());
    let color = match (hovered, linked) {
        (true, _) => theme.text,
        (false, true) => theme.text_weak,
        (false, false) => theme.accent,
    };
    let stroke = Stroke::new(1.5, color);
    let apart = if linked { 2.5 } else { 4.5 };
    for by in [-apart, apart] {
        let link = Rect::from_center_size(middle + vec2(by, 0.0), vec2(7.5, 5.5));
        ui.painter().rect_stroke(link, 2.75, stroke, StrokeKind::Middle);
    }
    if !linked {
        let slash = [middle + vec2(2.0, -6.0), middle + vec2(-2.0, 6.0)];
        ui.painter().line_segment(slash, stroke);
    }
}
