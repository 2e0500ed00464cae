//! The panes of the open file: a bar and a grid each, in the layout of the tab.
//!
//! The session owns the layout; the window draws it and returns what the mouse does to it. egui_tiles could draw the
//! panes too, but it keeps a tree of its own, animates what is dragged, and adds no nodes for its lines to the tree for
//! screen readers.
//!
//! | file | what it holds |
//! |---|---|
//! | `grid` | the grid: bytes, plain values or an array |
//! | `bar` | the bar over each of them |
//! | `dividers` | the lines between them |
//! | `picture` | the picture of a pane without a grid |
//! | `marks` | the marks on their scroll bars |

mod bar;
mod dividers;
mod events;
mod grid;
mod marks;
mod picture;

use super::focus_ring::{self, Stop};
use super::grid::{GridScratch, Mark, field_id};
use super::{arrays, toolbar};
use crate::escape::escaped;
use crate::session::panes::{PaneContent, TypedPane};
use crate::session::tab::layout::PaneRect;
use crate::session::{Action, PaneAction, PaneKey, PaneKind, Session, Tab};
use egui::{Context, Id, Rect, Ui, UiBuilder, pos2, vec2};
use std::collections::HashMap;

/// What the panes keep from frame to frame.
#[derive(Default)]
pub struct Panes {
    grids: HashMap<PaneKey, GridScratch>,
    pictures: HashMap<PaneKey, picture::PictureScratch>,
    all_ready: bool,
    /// Bytes in a row of each pane of bytes, and where it is, as they were drawn this frame.
    byte_rows: Vec<(Rect, u32)>,
    /// What the scroll bars mark in this frame.
    marks: Vec<Mark>,
    kept_strings: marks::KeptStrings,
    /// The pane that is dragged by its bar, and the widget that the pointer holds.
    dragged: Option<(PaneKey, Id)>,
}

fn grid_id(pane: PaneKey) -> Id {
    Id::unique(("grid", pane))
}

/// A pane as it is drawn in this frame.
#[derive(Clone, Copy)]
struct Place {
    pane: PaneKey,
    rect: Rect,
    /// Whether other panes are beside it, or behind it while it is shown alone.
    is_one_of_several: bool,
}

fn rect_of(rect: PaneRect) -> Rect {
    Rect::from_min_size(pos2(rect.left, rect.top), vec2(rect.width, rect.height))
}

/// What a screen reader calls a pane: with a number where several are of its kind.
fn name_of(tab: &Tab, pane: PaneKey) -> String {
    let content = &tab.panes().get(pane).content;
    if let Some(picture) = content.picture() {
        let (at, count) = number_of(tab, pane);
        let name = picture.look.kind().label().to_lowercase();
        return if count > 1 { format!("{name}, {} of {count}", at + 1) } else { name };
    }
    let name = match (content.array(), content.values()) {
        (Some(view), _) => match &view.name {
            Some(name) => format!("array {}", escaped(name)),
            None => String::from("array"),
        },
        (None, Some(values)) => format!("values {}", values.format.dtype.element.name()),
        (None, None) => String::from("bytes"),
    };
    let (at, count) = number_of(tab, pane);
    if count > 1 { format!("{name}, {} of {count}", at + 1) } else { name }
}

/// The number of a pane among those of its kind, from 0, and how many there are.
fn number_of(tab: &Tab, pane: PaneKey) -> (usize, usize) {
    let alike = |other: &PaneKey| tab.kind(*other) == tab.kind(pane);
    let panes: Vec<PaneKey> = tab.layout().panes().into_iter().filter(alike).collect();
    (panes.iter().position(|other| *other == pane).unwrap_or(0), panes.len())
}

/// What a screen reader calls the bar over a pane.
fn bar_name(tab: &Tab, pane: PaneKey) -> String {
    let several = tab.layout().panes().len() > 2 || number_of(tab, pane).1 > 1;
    match &tab.panes().get(pane).content {
        PaneContent::Hex(_) if !several => String::from("how bytes are shown"),
        PaneContent::Typed(_) if !several => String::from("how values are shown"),
        PaneContent::Hex(_) | PaneContent::Typed(_) | PaneContent::Picture(_) => {
            format!("how the pane {} is shown", name_of(tab, pane))
        }
    }
}

/// The fields and lists of the bar over a pane.
fn controls(ui: &mut Ui, session: &Session, tab: &Tab, place: Place, actions: &mut Vec<Action>) {
    let pane = place.pane;
    match &tab.panes().get(pane).content {
        PaneContent::Typed(TypedPane { array: Some(view), .. }) => {
            let room = vec2(place.rect.width(), place.rect.height() / 3.0);
            arrays::show_bar(ui, pane, tab, view, room, actions);
        }
        PaneContent::Hex(_) | PaneContent::Typed(_) => toolbar::show(ui, tab, pane, actions),
        PaneContent::Picture(shown) => picture::show_bar(ui, session, tab, pane, shown, actions),
    }
}

impl Panes {
    /// Whether the focused widget is the grid of a pane of the tab in front.
    pub fn owns(&self, session: &Session, id: Id) -> bool {
        let is_grid = |tab: &Tab| {
            tab.panes().iter().any(|pane| pane.content.picture().is_none() && grid_id(pane.key) == id)
        };
        session.tab().map_or_else(|| id == grid_id(PaneKey::BYTES), is_grid)
    }

    /// Gives the keys to the grid, unless a question is open.
    pub fn take_focus(&self, ctx: &Context, session: &Session) {
        if let Some(tab) = session.tab().filter(|_| session.dialog().is_none()) {
            let grid = grid_id(tab.focus());
            let id = if tab.edit.is_some() { field_id(grid) } else { grid };
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    /// Whether the last frame had every byte that it showed.
    pub fn all_ready(&self) -> bool {
        self.all_ready
    }

    /// Draws the panes of `tab` in the room that is left, with the dividers between them.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, tab: &Tab, actions: &mut Vec<Action>) {
        self.all_ready = true;
        self.byte_rows.clear();
        self.marks = marks::marks(session, tab, &mut self.kept_strings);
        let room = ui.available_rect_before_wrap();
        if tab.centre_room() != (room.width(), room.height()) {
            actions.push(Action::Pane(PaneAction::CentreRoom { width: room.width(), height: room.height() }));
        }
        let all = PaneRect { left: room.left(), top: room.top(), width: room.width(), height: room.height() };
        let rects = tab.layout().rects(all);
        let is_one_of_several = tab.whole_layout().panes().len() > 1;
        let places: Vec<Place> = rects
            .into_iter()
            .map(|(pane, rect)| Place { pane, rect: rect_of(rect), is_one_of_several })
            .collect();
        // The rows of values line up with those of the bytes beside them, whichever comes first.
        let (bytes, others): (Vec<Place>, Vec<Place>) =
            places.iter().partition(|place| tab.kind(place.pane) == PaneKind::Bytes);
        for place in bytes.into_iter().chain(others) {
            let builder = UiBuilder::new().id_salt(place.pane).max_rect(place.rect);
            ui.scope_builder(builder, |ui| {
                ui.set_clip_rect(place.rect.intersect(ui.clip_rect()));
                self.pane(ui, session, tab, place, actions);
            });
        }
        dividers::show(ui, tab, all, actions);
        self.drag(ui, &places, actions);
        self.grids.retain(|pane, _| tab.panes().has(*pane));
        self.pictures.retain(|pane, _| tab.panes().has(*pane));
    }

    fn pane(&mut self, ui: &mut Ui, session: &Session, tab: &Tab, place: Place, actions: &mut Vec<Action>) {
        self.bar(ui, session, tab, place, actions);
        if tab.kind(place.pane) == PaneKind::Picture {
            self.picture(ui, session, tab, place, actions);
        } else {
            self.grid(ui, session, tab, place, actions);
        }
    }

    /// Marks where a grid was drawn, and names it where that needs more than it says of itself.
    fn mark(ui: &Ui, tab: &Tab, place: Place, grid: &egui::Response) {
        focus_ring::mark(ui, Stop::Pane(place.pane), grid.rect);
        let is_named = tab.panes().get(place.pane).content.array().is_some_and(|view| view.name.is_some());
        if is_named || number_of(tab, place.pane).1 > 1 {
            let name = name_of(tab, place.pane);
            ui.ctx().accesskit_node_builder(grid.id, |node| node.set_label(name));
        }
    }
}
