//! A panel at a side of the window: as wide as the user made it, or as it likes, wherever the window has the room.
//!
//! A narrow window makes it narrower for as long as the window is narrow and no longer.

use super::ring::{self, Stop};
use super::theme::{self, Theme};
use crate::session::{Action, Arrangement, Session};
use egui::{CursorIcon, Frame, Id, Margin, Panel, Rangef, Rect, Sense, Stroke, Ui};

/// Points at the inner edge by which a panel is made wider.
const GRIP: f32 = 6.0;

/// Which panel, and how wide.
#[derive(Clone, Copy, Debug)]
pub struct SidePanel {
    /// As in the settings.
    pub name: &'static str,
    pub at_left: bool,
    /// Points that it takes until the user says otherwise.
    pub usual: f32,
    /// The part of the window that it may take.
    pub most: f32,
    /// Which area of the window it is.
    pub stop: Stop,
}

impl SidePanel {
    /// Points that it takes in a window of this width.
    fn width(&self, wanted: f32, window: f32) -> f32 {
        wanted.min(window * self.most).max(theme::PANEL_MIN_WIDTH).round()
    }

    pub fn show(
        &self,
        ui: &mut Ui,
        session: &Session,
        actions: &mut Vec<Action>,
        contents: impl FnOnce(&mut Ui, &mut Vec<Action>),
    ) {
        let theme = Theme::of(ui.ctx());
        let frame =
            Frame::new().fill(theme.panel_bg).inner_margin(Margin { left: 12, right: 4, top: 8, bottom: 4 });
        let dragged_id = Id::unique(("width of a panel", self.name));
        let dragged = ui.data(|data| data.get_temp::<f32>(dragged_id));
        let window = ui.ctx().content_rect().width();
        let width = self.width(dragged.or(session.panel_width(self.name)).unwrap_or(self.usual), window);
        let id = Id::unique(("panel", self.name));
        let panel = if self.at_left { Panel::left(id) } else { Panel::right(id) };
        let shown = panel.frame(frame).exact_size(width).resizable(false).show(ui, |ui| {
            ring::name(ui, self.stop);
            // Else the panel shrinks to what its rows need at least.
            ui.set_min_width(ui.available_width());
            contents(ui, actions);
        });
        let rect = shown.response.rect;
        ring::mark(ui, self.stop, rect);
        let (edge, outer) =
            if self.at_left { (rect.right(), rect.left()) } else { (rect.left(), rect.right()) };
        let inside =
            if self.at_left { Rangef::new(edge - GRIP, edge) } else { Rangef::new(edge, edge + GRIP) };
        let grip = Rect::from_x_y_ranges(inside, rect.y_range());
        let response = ui
            .interact(grip, id.with("grip"), Sense::CLICK | Sense::DRAG)
            .on_hover_cursor(CursorIcon::ResizeHorizontal);
        if response.dragged()
            && let Some(at) = response.interact_pointer_pos()
        {
            let width = self.width((at.x - outer).abs(), window);
            ui.data_mut(|data| data.insert_temp(dragged_id, width));
        }
        if response.drag_stopped()
            && let Some(width) = ui.data_mut(|data| data.remove_temp::<f32>(dragged_id))
        {
            actions.push(Action::Arrange(Arrangement::PanelWidth { name: self.name, width }));
        }
        if response.double_clicked() {
            actions.push(Action::Arrange(Arrangement::PanelWidth { name: self.name, width: 0.0 }));
        }
        if response.hovered() || response.dragged() {
            ui.painter().vline(edge, rect.y_range(), Stroke::new(2.0, theme.accent));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_window_makes_it_narrow_for_as_long_as_it_is_narrow() {
        let panel = SidePanel { name: "a", at_left: false, usual: 400.0, most: 0.3, stop: Stop::Inspector };
        assert_eq!([1400.0, 600.0, 1400.0].map(|window| panel.width(400.0, window)), [400.0, 180.0, 400.0]);
        assert_eq!(panel.width(400.0, 100.0), theme::PANEL_MIN_WIDTH);
    }
}
