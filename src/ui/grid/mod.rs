//! The virtual grid: rows of bytes or of a table's elements on the screen, and what the user does with them.
//!
//! [`grid`] draws what the session says and answers with what happened; nothing is changed here. Kept between
//! frames are only buffers and the hold of a drag. The window's keys are the caller's: of the keyboard a grid reports
//! only typed text.
//!
//! | file | what it holds |
//! |---|---|
//! | `shell` | what both grids have: keys, pointer, bars, mesh, field, input method |
//! | `row_source` | what a shell asks of its rows |
//! | `byte_rows` | rows with the caret and the selection of the bytes, whatever is in their cells |
//! | `hex_rows` | rows of bytes |
//! | `table_rows` | rows of an array's elements, and of plain values |
//! | `frame` | the positions of the parts |
//! | `cell_paint`, `mesh`, `glyph_quad`, `glyph_table`, `shaped_lines`, `clipped_text` | from characters to one mesh |
//! | `interact`, `scrollbar`, `editor`, `access` | pointer and keys, bars, the field over a cell, screen readers |

mod access;
mod byte_rows;
mod caret;
mod cell_paint;
mod clipped_text;
mod editor;
mod frame;
mod glyph_quad;
mod glyph_table;
mod hex_rows;
mod interact;
mod mesh;
mod pairs;
mod row_source;
pub(super) mod scrollbar;
mod shaped_lines;
mod shell;
mod table_rows;

pub use editor::field_id;

use crate::bytes::{Source, Span};
use crate::session::arrays::screen::ArrayScreen;
use crate::session::arrays::{ArrayView, TableAction};
use crate::session::panes::ValuesFormat;
use crate::session::view::{CellEdit, Hit, RowMap, RowsArea, Selection, SpanQuery, ViewFormat, Viewport};
use crate::ui::theme::Theme;
use byte_rows::ByteGrid;
use egui::{FontId, Id, Pos2, Response, Ui};
use hex_rows::{HexCells, HexScratch};
use row_source::ShellInput;
use shell::Shell;
use table_rows::{TableHold, TableRows, ValueCells};

/// What the cells of a grid are, and how they are shown.
#[derive(Clone, Debug)]
pub enum GridFormat<'a> {
    Bytes(ViewFormat),
    Values(ValuesFormat),
    /// Elements of an array, which has a position and a selection of its own.
    Array(&'a ArrayView),
}

/// All that one frame of a grid needs to know.
#[derive(Clone, Copy)]
pub struct GridInput<'a> {
    /// What is shown; only ever peeked at.
    pub source: &'a dyn Source,
    /// Called at most once a frame, when bytes are missing: waits shortly for them. Then they are peeked at again.
    pub settle: &'a dyn Fn(),
    /// Which bytes differ from the saved file; `None` when none does.
    pub changed: Option<SpanQuery<'a>>,
    /// Which bytes are matches of the search; `None` when nothing is looked for.
    pub found: Option<SpanQuery<'a>>,
    /// The match that the search stands on.
    pub found_current: Option<Span>,
    /// Which bytes are strings of the list; `None` when none are listed.
    pub strings: Option<SpanQuery<'a>>,
    /// Places to mark on the scroll bar, those of bytes that no row shows among them; some hundreds at most.
    pub marks: &'a [Mark],
    pub format: &'a GridFormat<'a>,
    /// Bytes in a row of the view beside this one, with which rows of values line up.
    pub beside: Option<u32>,
    /// The position of bytes and values.
    pub viewport: &'a Viewport,
    pub selection: &'a Selection,
    /// Which bytes are marked as selected.
    pub selected: SpanQuery<'a>,
    /// Whether typing inserts; the caret shows it.
    pub insert: bool,
    /// Whether the keys go to this view.
    pub focused: bool,
    /// The cell that is being edited in place.
    pub edit: Option<&'a CellEdit>,
    pub theme: &'a Theme,
    /// A font whose digits are of equal width: [`crate::ui::theme::data`].
    pub font: &'a FontId,
}

/// A place that the scroll bar marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub span: Span,
    pub kind: MarkKind,
}

/// What is at a [`Mark`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    Changed,
    Found,
    /// A string of the list.
    Text,
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
    /// The middle button went down, which pastes the desktop's selection there.
    PasteSelection { hit: Hit },
    /// The view was moved here by wheel, scroll bar or a drag over the edge.
    Scroll(Viewport),
    /// Text was typed into the focused grid; no control characters.
    Type(String),
    /// The text of the cell's editor is now this.
    EditChanged(String),
    /// The cell's editor was left with its text.
    EditCommit(EditEnd),
    /// Escape in the cell's editor.
    EditCancel,
    /// A context menu is wanted at this place of the window.
    ContextMenu { pos: Pos2, hit: Hit },
}

/// How a cell's editor was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditEnd {
    Enter,
    Tab,
    /// Shift+Tab.
    BackTab,
    /// By a click somewhere else.
    Elsewhere,
}

/// What the frame showed and what the user did.
#[derive(Clone, Debug)]
pub struct GridOutput {
    pub events: Vec<GridEvent>,
    /// What the user did to an array.
    pub actions: Vec<TableAction>,
    /// The grid's own response: focus, hover, id.
    pub response: Response,
    /// The rows of bytes or values; `None` for an array.
    pub rows: Option<ShownRows>,
    /// False when a placeholder was drawn for bytes that are on their way.
    pub all_ready: bool,
}

/// Rows of bytes or values as they were drawn.
#[derive(Clone, Copy, Debug)]
pub struct ShownRows {
    /// The bytes on the screen, those of partly seen rows included.
    pub visible: Span,
    /// How bytes fell into rows; with `Columns::Fit` it depends on the width.
    pub map: RowMap,
    /// The room there was; keys that scroll need it.
    pub pane: RowsArea,
}

/// What a grid keeps from frame to frame: buffers, and what the pointer has hold of. One for each view.
#[derive(Debug, Default)]
pub struct GridScratch {
    shell: Shell,
    dragging: Option<Hit>,
    bytes: HexScratch,
    values: ArrayScreen,
    hold: TableHold,
}

impl GridScratch {
    /// The column of an array whose head the context menu was asked for.
    pub fn menu_column(&self) -> Option<u64> {
        self.hold.menu_column()
    }
}

/// Shows bytes, plain values or the elements of an array in all the room that is left in `ui`.
pub fn grid(ui: &mut Ui, id: Id, input: &GridInput<'_>, scratch: &mut GridScratch) -> GridOutput {
    let GridInput { focused, edit, marks, theme, font, .. } = *input;
    let GridScratch { shell, dragging, bytes, values, hold } = scratch;
    let room = shell.room(ui, font);
    let shown = ShellInput { focused, edit, marks, theme, font };
    match input.format {
        GridFormat::Bytes(format) => {
            let cells = HexCells::new(room, format, input, bytes);
            ByteGrid::new(input, cells, dragging).show(ui, id, &shown, shell)
        }
        GridFormat::Values(format) => {
            let cells = ValueCells::new(room, format, input, values);
            ByteGrid::new(input, cells, dragging).show(ui, id, &shown, shell)
        }
        GridFormat::Array(view) => {
            TableRows::new(room, input, view, values, hold).show(ui, id, &shown, shell)
        }
    }
}
