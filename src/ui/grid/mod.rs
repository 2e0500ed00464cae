//! The virtual grid: offsets, cells and text of the rows on the screen, and what the user does with them.
//!
//! [`grid`] draws what the session says and answers with what happened as [`GridEvent`]s; nothing is changed
//! here. Kept between frames are only buffers and the hold of a drag ([`GridScratch`]). The window's keys are
//! the caller's: of the keyboard the grid reports only typed text.

mod access;
mod caret;
pub(in crate::ui) mod cut;
pub(super) mod editor;
mod geometry;
pub(super) mod glyphs;
pub(super) mod interact;
mod lines;
pub(super) mod mesh;
mod paint;
pub(super) mod scrollbar;

pub use editor::field_id;

use crate::bytes::{Source, Span};
use crate::session::view::rows::ScreenInput;
use crate::session::view::{
    CellEdit, Column, Hit, Pane, RowMap, Screen, Selection, SpanQuery, ViewFormat, Viewport,
};
use crate::session::words;
use crate::ui::theme::Theme;
use egui::{Align2, FontId, Id, Pos2, Response, Sense, Ui};
use geometry::Geometry;

/// All that one frame of a grid needs to know.
#[derive(Clone, Copy)]
pub struct GridInput<'a> {
    /// What is shown; only ever peeked at.
    pub source: &'a dyn Source,
    /// Called at most once a frame, when bytes are missing: waits shortly for them. Then they are peeked at again.
    pub settle: &'a dyn Fn(),
    /// Which bytes differ from the saved file.
    pub changed: SpanQuery<'a>,
    /// Which bytes are matches of the search.
    pub found: SpanQuery<'a>,
    /// The match that the search stands on.
    pub found_current: Option<Span>,
    /// Places to mark on the scroll bar; some hundreds at most.
    pub marks: &'a [Mark],
    pub format: &'a ViewFormat,
    /// Bytes in a row of the view beside this one, with which the rows line up.
    pub beside: Option<u32>,
    pub viewport: &'a Viewport,
    pub selection: &'a Selection,
    /// Which bytes are marked as selected.
    pub selected: SpanQuery<'a>,
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
    /// The grid's own response: focus, hover, id.
    pub response: Response,
    /// The bytes on the screen, those of partly seen rows included.
    pub visible: Span,
    /// How bytes fell into rows; with `Columns::Fit` it depends on the width.
    pub map: RowMap,
    /// The room there was; keys that scroll need it.
    pub pane: Pane,
    /// False when a placeholder was drawn for bytes that are on their way.
    pub all_ready: bool,
}

/// What a grid keeps from frame to frame: buffers, and what the pointer has hold of. One for each view.
#[derive(Debug, Default)]
pub struct GridScratch {
    screen: Screen,
    glyphs: glyphs::GlyphTable,
    mesh: mesh::GlyphMesh,
    cell_lefts: Vec<f32>,
    text: String,
    hold: interact::Hold,
    bar: scrollbar::BarHold,
    pace: crate::ui::access::Pace,
    /// The cell whose editor got the focus.
    editing: Option<u64>,
}

/// Shows the grid in all the room that is left in `ui`.
///
/// 1. Places: font, columns, rows, from the room there is.
/// 2. What the user did, as events.
/// 3. The rows, from one peek at the source.
/// 4. The mesh.
/// 5. What lies over it: scroll bars, the cell's editor, the input method's text.
pub fn grid(ui: &mut Ui, id: Id, input: &GridInput<'_>, scratch: &mut GridScratch) -> GridOutput {
    let outer = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(outer);
    scratch.glyphs.prepare(ui.ctx(), input.font);
    let geometry = Geometry::new(outer, input, &scratch.glyphs, ui.ctx().pixels_per_point());

    let mut events = Vec::new();
    let response = ui.interact(geometry.rows.union(geometry.header), id, Sense::click_and_drag());
    let keys = interact::Keys { focused: input.focused, editing: input.edit.is_some() };
    let active = interact::keyboard(ui, keys, &response, &mut scratch.hold, &mut events);
    interact::pointer(ui, input, &geometry, &response, &mut scratch.hold, &mut events);

    scratch.screen.build(&ScreenInput {
        source: input.source,
        settle: input.settle,
        changed: input.changed,
        found: input.found,
        found_current: input.found_current,
        selected: input.selected,
        format: input.format,
        layout: &geometry.layout,
        map: &geometry.map,
        rows: geometry.seen_rows(),
        cells: geometry.seen_cells(),
        text: geometry.seen_text(),
    });
    paint_mesh(ui, input, &geometry, scratch, &response, active);
    access::describe(ui, input, &geometry, &scratch.screen, &response, &mut scratch.pace, &mut events);

    explain(input, &geometry, scratch, &response);

    scrollbar::vertical(ui, id, input, &geometry, &mut scratch.bar, &mut events);
    scrollbar::horizontal(ui, id, input, &geometry, &mut scratch.bar, &mut events);
    let editor = input.edit.map(|edit| editor::Editor {
        edit,
        cell: geometry.cell_rect(edit.offset),
        body: geometry.rows,
        pitch: geometry.pitch,
        theme: input.theme,
        font: input.font,
    });
    editor::show(ui, id, editor, &mut scratch.editing, &mut events);
    if active {
        show_composition(ui, input, &geometry, &scratch.hold.preedit);
    }
    GridOutput {
        events,
        response,
        visible: scratch.screen.span(),
        map: geometry.map,
        pane: geometry.pane,
        all_ready: scratch.screen.all_ready(),
    }
}

fn paint_mesh(
    ui: &Ui,
    input: &GridInput<'_>,
    geometry: &Geometry,
    scratch: &mut GridScratch,
    response: &Response,
    active: bool,
) {
    let scene = paint::Scene {
        geometry,
        screen: &scratch.screen,
        selection: input.selection,
        colors: &input.theme.data,
        strong: input.theme.text_strong,
        hairline: input.theme.hairline,
        insert: input.insert,
        active,
        hover: response.hover_pos().filter(|at| geometry.rows.contains(*at)),
    };
    let mut quads = scratch.mesh.begin();
    // A second time only when characters came up that were never drawn before.
    for _ in 0..2 {
        quads.clear();
        let mut canvas = paint::Canvas {
            quads: &mut quads,
            glyphs: &mut scratch.glyphs,
            cell_lefts: &mut scratch.cell_lefts,
            text: &mut scratch.text,
        };
        paint::paint(&scene, &mut canvas);
        if !scratch.glyphs.fetch_wanted(ui.ctx()) {
            break;
        }
    }
    let bounds = geometry.header.union(geometry.rows);
    if let Some(sheet) = scratch.glyphs.sheet()
        && let Some(shape) = scratch.mesh.finish(quads, bounds, sheet)
    {
        ui.painter().with_clip_rect(bounds.intersect(ui.clip_rect())).add(shape);
    }
}

/// Says why the byte under the pointer is hatched or its character is a box, if it is.
fn explain(input: &GridInput<'_>, geometry: &Geometry, scratch: &GridScratch, response: &Response) {
    let over = response.hover_pos().filter(|at| geometry.rows.contains(*at) && at.x > geometry.body_left);
    let Some(hit) = over.map(|at| geometry.hit(at, None)) else { return };
    if let Some(fault) = input.source.fault_at(hit.offset) {
        response.clone().on_hover_text_at_pointer(words::fault(&fault));
        return;
    }
    let row = scratch.screen.row(geometry.map.row_of(hit.offset)).filter(|_| hit.column == Column::Text);
    let character = row.and_then(|row| {
        let at = usize::try_from(hit.offset.checked_sub(row.span.start())?).ok()?;
        row.text.get(at.checked_sub(scratch.screen.first_text() as usize)?).copied()
    });
    if let Some(character) = character.filter(|character| scratch.glyphs.is_missing(*character)) {
        response.clone().on_hover_text_at_pointer(words::no_glyph(character));
    }
}

/// Text that an input method is composing stands over the caret until it is committed.
fn show_composition(ui: &Ui, input: &GridInput<'_>, geometry: &Geometry, preedit: &str) {
    if input.selection.column != Column::Text {
        return;
    }
    let Some(caret) = geometry.text_rect(input.selection.caret) else { return };
    interact::offer_ime(ui, caret, geometry);
    if !preedit.is_empty() {
        let painter = ui.painter();
        let galley = painter.layout_no_wrap(preedit.to_owned(), input.font.clone(), input.theme.text);
        let rect = Align2::LEFT_CENTER.anchor_size(caret.left_center(), galley.size());
        painter.rect_filled(rect, 0.0, input.theme.popup_bg);
        painter.hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, input.theme.accent));
        painter.galley(rect.min, galley, input.theme.text);
    }
}
