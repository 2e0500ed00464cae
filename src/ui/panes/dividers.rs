//! The lines between the panes. A drag of a line resizes the panes beside it; a double-click gives all parts of the
//! split the same size.

use crate::session::tab::layout::{Divider, PaneRect, SplitKind};
use crate::session::{Action, LayoutAction, PaneKey, Tab};
use crate::ui::theme::{Theme, UNIT};
use egui::accesskit::{self, Orientation, Role};
use egui::{CursorIcon, Id, Rangef, Rect, Sense, Stroke, Ui, WidgetInfo, pos2};

/// The part of a split that a screen reader moves a line by.
const STEP: f32 = 0.05;

/// Draws the lines, and tells what is done to them.
pub(super) fn show(ui: &mut Ui, tab: &Tab, room: PaneRect, actions: &mut Vec<Action>) {
    for divider in tab.layout().dividers(room) {
        let name = name_of(tab, room, &divider);
        line(ui, &divider, &name, tab.focus(), actions);
    }
}

/// What a screen reader calls a line: by two of the panes at its sides where there are several lines.
fn name_of(tab: &Tab, room: PaneRect, divider: &Divider) -> String {
    let rects = tab.layout().rects(room);
    let split = super::rect_of(divider.split);
    let along = split.left_top() + split.size() * 0.25;
    let pane_at = |shift: f32| {
        let at = match divider.kind {
            SplitKind::Row => pos2(divider.place + shift, along.y),
            SplitKind::Column => pos2(along.x, divider.place + shift),
        };
        rects.iter().find(|(_, rect)| super::rect_of(*rect).contains(at)).map(|(pane, _)| *pane)
    };
    match pane_at(-1.0).zip(pane_at(1.0)) {
        Some((before, after)) if rects.len() > 2 => {
            format!("between {} and {}", super::name_of(tab, before), super::name_of(tab, after))
        }
        _ => String::from("between the panes"),
    }
}

fn line(ui: &mut Ui, divider: &Divider, name: &str, pane: PaneKey, actions: &mut Vec<Action>) {
    let split = super::rect_of(divider.split);
    let (across, along, cursor) = match divider.kind {
        SplitKind::Row => (split.y_range(), split.x_range(), CursorIcon::ResizeHorizontal),
        SplitKind::Column => (split.x_range(), split.y_range(), CursorIcon::ResizeVertical),
    };
    let reach = Rangef::point(divider.place).expand(UNIT);
    let grip = match divider.kind {
        SplitKind::Row => Rect::from_x_y_ranges(reach, across),
        SplitKind::Column => Rect::from_x_y_ranges(across, reach),
    };
    // Not for the keys, which have a command for it.
    let sense = Sense::CLICK | Sense::DRAG;
    let id = Id::unique(("between panes", &divider.path, divider.at));
    let response = ui.interact(grip, id, sense).on_hover_cursor(cursor);
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, name));
    let place = (divider.place - along.min) / along.span().max(1.0);
    describe(ui, id, divider.kind, place);
    let steps = ui.input(|input| {
        let asked = |action| input.num_accesskit_action_requests(id, action) as f32;
        asked(accesskit::Action::Increment) - asked(accesskit::Action::Decrement)
    });
    if steps != 0.0 {
        let (path, at, len) = (divider.path.clone(), divider.at, along.span());
        let resize = LayoutAction::Resize { path, at, place: place + steps * STEP, len };
        actions.push(Action::Layout(pane, resize));
    } else if response.double_clicked() {
        actions.push(Action::Layout(pane, LayoutAction::Equalise(divider.path.clone())));
    } else if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let at = if divider.kind == SplitKind::Row { at.x } else { at.y };
        let place = (at - along.min) / along.span().max(1.0);
        let resize =
            LayoutAction::Resize { path: divider.path.clone(), at: divider.at, place, len: along.span() };
        actions.push(Action::Layout(pane, resize));
    }
    let theme = Theme::of(ui.ctx());
    let is_held = response.hovered() || response.dragged();
    let stroke = if is_held { Stroke::new(2.0, theme.accent) } else { theme.hairline_stroke() };
    match divider.kind {
        SplitKind::Row => ui.painter().vline(divider.place, across, stroke),
        SplitKind::Column => ui.painter().hline(across, divider.place, stroke),
    };
}

/// Tells screen readers where a line is, in hundredths of its split, and that it can be moved.
fn describe(ui: &Ui, id: Id, kind: SplitKind, place: f32) {
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_numeric_value(f64::from((place * 100.0).round()));
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(100.0);
        node.set_numeric_value_step(f64::from(STEP) * 100.0);
        // A line between panes in a row stands upright.
        node.set_orientation(match kind {
            SplitKind::Row => Orientation::Vertical,
            SplitKind::Column => Orientation::Horizontal,
        });
        node.add_action(accesskit::Action::Increment);
        node.add_action(accesskit::Action::Decrement);
    });
}
