//! The virtual grid: offsets, cells and text of the rows on the screen, and what the user does with them.
//!
//! [`grid`] draws what the session says and answers with what happened as [`GridEvent`]s; nothing is changed
//! here. Kept between frames are only buffers and the hold of a drag ([`GridScratch`]). The window's keys are
//! the caller's: of the keyboard the grid reports only typed text.

use crate::bytes::{Source, Span};
use crate::session::view::{CellEdit, Hit, RowMap, Selection, SpanQuery, ViewFormat, Viewport};
use crate::ui::theme::Theme;
use egui::{FontId, Pos2};

/// All that one frame of a grid needs to know.
#[derive(Clone, Copy)]
pub struct GridInput<'a> {
    /// What is shown; only ever peeked at.
    pub source: &'a dyn Source,
    /// Called at most once a frame, when bytes are missing: waits shortly for them and says whether to look again.
    pub settle: &'a dyn Fn() -> bool,
    /// Which bytes differ from the saved file.
    pub changed: SpanQuery<'a>,
    /// Which bytes are matches of the search.
    pub found: SpanQuery<'a>,
    /// The match that the search stands on.
    pub found_current: Option<Span>,
    /// Places to mark on the scroll bar; some hundreds at most.
    pub marks: &'a [Mark],
    pub format: &'a ViewFormat,
    pub viewport: &'a Viewport,
    pub selection: &'a Selection,
    /// Whether typing inserts; the caret shows it.
    pub insert: bool,
    /// Whether the keys go to this view.
    pub focused: bool,
    /// The typed cell that is being edited in place.
    pub edit: Option<&'a CellEdit>,
    pub theme: &'a Theme,
    /// A font whose digits are of equal width: [`crate::ui::theme::data`].
    pub font: &'a FontId,
}

/// A place that the scroll bar marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub offset: u64,
    pub kind: MarkKind,
}

/// What is at a [`Mark`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    Changed,
    Found,
    Bookmark,
}

/// What the user did, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum GridEvent {
    /// The main button went down: [`Selection::press`]. Also asks for the focus.
    Press { hit: Hit, extend: bool, clicks: u32 },
    /// The pointer, held down, is over another place: [`Selection::drag`].
    Drag { hit: Hit },
    /// The main button was let go.
    Release,
    /// The view was moved here by wheel, scroll bar or a drag over the edge.
    Scroll(Viewport),
    /// Text was typed into the focused grid; no control characters.
    Type(String),
    /// The text of the cell's editor is now this.
    EditChanged(String),
    /// Enter or Tab in the cell's editor, or a click elsewhere.
    EditCommit,
    /// Escape in the cell's editor.
    EditCancel,
    /// A context menu is wanted at this place of the window.
    ContextMenu { pos: Pos2, hit: Hit },
}

/// What the frame showed and what the user did.
#[derive(Clone, Debug)]
pub struct GridOutput {
    pub events: Vec<GridEvent>,
    /// The grid's own response: focus, hover, id.
    pub response: egui::Response,
    /// The bytes on the screen, those of partly seen rows included.
    pub visible: Span,
    /// How bytes fell into rows; with `Columns::Fit` it depends on the width.
    pub map: RowMap,
    /// The room there was; keys that scroll need it.
    pub pane: crate::session::view::Pane,
    /// False when a placeholder was drawn for bytes that are on their way.
    pub all_ready: bool,
}
