//! A panel at an edge of the window. It has the size that the user gave it, or a default size, if the window is large
//! enough.
//!
//! It is smaller only while the window is too small for it.

use crate::session::{Action, Arrangement, Session};
use crate::ui::focus_ring::{self, Stop};
use crate::ui::theme::{self, Theme};
use egui::{CursorIcon, Frame, Id, Margin, Panel, Rangef, Rect, Sense, Stroke, Ui, Vec2};

/// Points at the inner edge by which a panel is made larger.
const GRIP: f32 = 6.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
    Bottom,
}

impl Side {
    fn panel(self, id: Id) -> Panel {
        match self {
            Self::Left => Panel::left(id),
            Self::Right => Panel::right(id),
            Self::Bottom => Panel::bottom(id),
        }
    }

    /// The measure by which a panel here is larger or smaller, in points.
    fn of(self, size: Vec2) -> f32 {
        if self == Self::Bottom { size.y } else { size.x }
    }

    /// The smallest panel here that is of use, in points.
    fn least(self) -> f32 {
        if self == Self::Bottom { theme::PANEL_MIN_HEIGHT } else { theme::PANEL_MIN_WIDTH }
    }

    /// The strip along the inner edge.
    fn grip(self, panel: Rect) -> Rect {
        let rim = |edge: f32, inwards: f32| Rangef::new(edge.min(edge + inwards), edge.max(edge + inwards));
        match self {
            Self::Left => Rect::from_x_y_ranges(rim(panel.right(), -GRIP), panel.y_range()),
            Self::Right => Rect::from_x_y_ranges(rim(panel.left(), GRIP), panel.y_range()),
            Self::Bottom => Rect::from_x_y_ranges(panel.x_range(), rim(panel.top(), GRIP)),
        }
    }

    fn draw_edge(self, ui: &Ui, panel: Rect, stroke: Stroke) {
        match self {
            Self::Left => ui.painter().vline(panel.right(), panel.y_range(), stroke),
            Self::Right => ui.painter().vline(panel.left(), panel.y_range(), stroke),
            Self::Bottom => ui.painter().hline(panel.x_range(), panel.top(), stroke),
        };
    }
}

/// Which panel, and how large: its width at the left and right, its height at the bottom.
#[derive(Clone, Copy, Debug)]
pub struct SidePanel {
    /// As in the settings.
    pub name: &'static str,
    pub side: Side,
    /// Points that it takes until the user says otherwise.
    pub usual: f32,
    /// The part of the window that it may take.
    pub most: f32,
    /// Which area of the window it is.
    pub stop: Stop,
}

impl SidePanel {
    /// At the bottom: what lists something of the file, as wide as the window.
    pub const fn bottom(name: &'static str, usual: f32, stop: Stop) -> Self {
        Self { name, side: Side::Bottom, usual, most: 0.6, stop }
    }

    /// Points that it takes in a window that has so many.
    fn size(&self, wanted: f32, window: f32) -> f32 {
        wanted.min(window * self.most).max(self.side.least()).round()
    }

    /// Draws the panel with `contents` in it; the size, in points, is the one that the user has set.
    pub fn show(
        &self,
        ui: &mut Ui,
        session: &Session,
        actions: &mut Vec<Action>,
        contents: impl FnOnce(&mut Ui, &mut Vec<Action>),
    ) {
        let theme = Theme::of(ui.ctx());
        let frame =
            Frame::new().fill(theme.panel_bg).inner_margin(Margin { left: 12, right: 8, top: 8, bottom: 4 });
        let dragged_id = Id::unique(("size of a panel", self.name));
        let dragged = ui.data(|data| data.get_temp::<f32>(dragged_id));
        let window = self.side.of(ui.ctx().content_rect().size());
        let size = self.size(dragged.or(session.panel_size(self.name)).unwrap_or(self.usual), window);
        let id = Id::unique(("panel", self.name));
        let shown = self.side.panel(id).frame(frame).exact_size(size).resizable(false).show(ui, |ui| {
            focus_ring::name(ui, self.stop.name());
            // Else the panel shrinks to what its rows need at least.
            ui.set_min_size(ui.available_size());
            contents(ui, actions);
        });
        let rect = shown.response.rect;
        focus_ring::mark(ui, self.stop, rect);
        let cursor =
            if self.side == Side::Bottom { CursorIcon::ResizeVertical } else { CursorIcon::ResizeHorizontal };
        let response = ui
            .interact(self.side.grip(rect), id.with("grip"), Sense::CLICK | Sense::DRAG)
            .on_hover_cursor(cursor);
        if response.dragged()
            && let Some(at) = response.interact_pointer_pos()
        {
            let outer = if self.side == Side::Left { rect.min } else { rect.max };
            let size = self.size(self.side.of((at - outer).abs()), window);
            ui.data_mut(|data| data.insert_temp(dragged_id, size));
        }
        if response.drag_stopped()
            && let Some(size) = ui.data_mut(|data| data.remove_temp::<f32>(dragged_id))
        {
            actions.push(Action::Arrange(Arrangement::PanelSize { name: self.name, size }));
        }
        if response.double_clicked() {
            actions.push(Action::Arrange(Arrangement::PanelSize { name: self.name, size: 0.0 }));
        }
        if response.hovered() || response.dragged() {
            self.side.draw_edge(ui, rect, Stroke::new(2.0, theme.accent));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_window_makes_it_narrow_for_as_long_as_it_is_narrow() {
        let stop = Stop::Inspector;
        let panel = SidePanel { name: "a", side: Side::Right, usual: 400.0, most: 0.3, stop };
        assert_eq!([1400.0, 600.0, 1400.0].map(|window| panel.size(400.0, window)), [400.0, 180.0, 400.0]);
        assert_eq!(panel.size(400.0, 100.0), theme::PANEL_MIN_WIDTH);
    }
}
