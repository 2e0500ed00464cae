//! A pane with a picture: its bar and its canvas. Each kind of picture has a file.
//!
//! | file | what it holds |
//! |---|---|
//! | `bar` | what all pictures have in their bar: the kind, what it is of |
//! | `image_bar` | the bar of an image |
//! | `image` | the canvas of an image |
//! | `image_input` | what the pointer and the keys do there |
//! | `image_marks` | what is marked on it |
//! | `color_bar` | the colours with their values |

mod bar;
mod color_bar;
mod image;
mod image_bar;
mod image_input;
mod image_marks;

pub(super) use bar::show as show_bar;

use super::{Panes, Place, grid_id};
use crate::session::panes::{PictureLook, PicturePane};
use crate::session::pictures::{PictureAction, PictureState, PictureWhat};
use crate::session::{Action, PaneAction, PaneKey, Session, Tab};
use crate::ui::focus_ring::{self, Stop};
use crate::ui::theme::{self, Theme};
use egui::{Align2, Rect, Ui};

/// What a picture keeps from frame to frame.
#[derive(Default)]
pub struct PictureScratch {
    image: image::ImageScratch,
}

/// A picture as it is drawn in this frame.
struct Drawn<'a> {
    tab: &'a Tab,
    pane: PaneKey,
    picture: &'a PicturePane,
    /// `None` before anything was asked.
    state: Option<&'a PictureState>,
}

impl Panes {
    /// The picture of a pane, and what the user does there.
    pub(super) fn picture(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        tab: &Tab,
        place: Place,
        actions: &mut Vec<Action>,
    ) {
        let pane = place.pane;
        let Some(picture) = tab.panes().get(pane).content.picture() else { return };
        let state = session.features().pictures.of(tab.id, pane);
        let drawn = Drawn { tab, pane, picture, state };
        let scratch = self.pictures.entry(pane).or_default();
        let room = ui.available_rect_before_wrap();
        ui.painter().rect_filled(room, 0.0, Theme::of(ui.ctx()).data.grid_bg);
        let canvas = match &picture.look {
            PictureLook::Image(look) => image::show(ui, &drawn, look, &mut scratch.image, actions),
        };
        focus_ring::mark(ui, Stop::Pane(pane), canvas.rect);
        focus_ring::lead(ui, Stop::Pane(pane), grid_id(pane));
        if canvas.clicked() || canvas.drag_started() {
            canvas.request_focus();
        }
        if (canvas.has_focus() || canvas.clicked()) && tab.focus() != pane {
            actions.push(Action::Pane(PaneAction::Focus(pane)));
        }
    }
}

impl Drawn<'_> {
    /// An action of this picture.
    fn action(&self, what: PictureWhat) -> Action {
        Action::Picture(PictureAction { pane: self.pane, what })
    }

    /// Tells the session the room of the picture itself, in pixels of the screen.
    fn measure(&self, ui: &Ui, rect: Rect, actions: &mut Vec<Action>) {
        let points = ui.ctx().pixels_per_point();
        let pixels = |side: f32| (side * points).round().clamp(1.0, 32_768.0) as u32;
        let (width, height) = (pixels(rect.width()), pixels(rect.height()));
        if self.picture.room != (width, height) {
            actions.push(self.action(PictureWhat::Room { width, height }));
        }
    }

    /// Says why there is no picture.
    fn failure(&self, ui: &Ui, rect: Rect) {
        let Some(reason) = self.state.and_then(PictureState::failure) else { return };
        let color = Theme::of(ui.ctx()).text_weak;
        let galley =
            ui.painter().layout(reason.to_owned(), theme::body(), color, (rect.width() - 24.0).max(40.0));
        let at = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
        ui.painter().galley(at.min, galley, color);
    }
}
