//! The cells of an array: rows and columns with their indices, and what the user does with them.
//!
//! Like the grid of bytes it draws what the session says in one mesh and answers with actions; kept between frames
//! are only buffers and the hold of a drag.

use super::access;
use super::geometry::{Geometry, Under};
use super::interact::{self, Hold};
use super::paint::{self, Canvas, Scene};
use crate::bytes::Source;
use crate::session::arrays::screen::{ArrayScreen, ArrayScreenInput};
use crate::session::arrays::{ArrayAction, ArrayView};
use crate::session::view::{CellEdit, SpanQuery};
use crate::session::words;
use crate::ui::grid::GridEvent;
use crate::ui::grid::editor::{self, Editor};
use crate::ui::grid::glyphs::GlyphTable;
use crate::ui::grid::interact::{Hold as KeyHold, Keys, keyboard};
use crate::ui::grid::mesh::GlyphMesh;
use crate::ui::grid::scrollbar::{Bar, BarHold};
use crate::ui::theme::{self, Theme};
use egui::{Align2, CornerRadius, FontId, Id, Rect, Response, Sense, Ui, vec2};

/// All that one frame of an array's cells needs to know.
#[derive(Clone, Copy)]
pub struct ArrayGridInput<'a> {
    /// What the array lies in; only ever peeked at.
    pub source: &'a dyn Source,
    /// Called at most once a frame, when bytes are missing: waits shortly for them.
    pub settle: &'a dyn Fn(),
    /// Which bytes differ from the saved file; `None` when none does.
    pub changed: Option<SpanQuery<'a>>,
    pub view: &'a ArrayView,
    /// Whether the keys go to this view.
    pub focused: bool,
    /// What is typed into the caret's cell.
    pub edit: Option<&'a CellEdit>,
    pub theme: &'a Theme,
    pub font: &'a FontId,
}

/// What the user did.
pub struct ArrayGridOutput {
    pub actions: Vec<ArrayAction>,
    /// Typed text and what became of the cell's field.
    pub events: Vec<GridEvent>,
    pub response: Response,
    pub all_ready: bool,
}

/// What is kept from frame to frame.
#[derive(Debug, Default)]
pub struct ArrayScratch {
    screen: ArrayScreen,
    glyphs: GlyphTable,
    mesh: GlyphMesh,
    hold: Hold,
    keys: KeyHold,
    side: BarHold,
    pace: crate::ui::access::Pace,
    foot: BarHold,
    editing: Option<u64>,
    text: String,
}

impl ArrayScratch {
    /// The column whose head the context menu was asked for.
    pub fn menu_column(&self) -> Option<u64> {
        match self.hold.menu {
            Some(Under::Column(column) | Under::Edge(column)) => Some(column),
            _ => None,
        }
    }
}

/// Shows the cells in all the room that is left in `ui`.
pub fn grid(ui: &mut Ui, id: Id, input: &ArrayGridInput<'_>, scratch: &mut ArrayScratch) -> ArrayGridOutput {
    let outer = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(outer);
    scratch.glyphs.prepare(ui.ctx(), input.font);
    let geometry = Geometry::new(outer, input.view, &scratch.glyphs, ui.ctx().pixels_per_point());

    let (mut actions, mut events) = (Vec::new(), Vec::new());
    let area = geometry.outer.with_max_x(geometry.body.right()).with_max_y(geometry.body.bottom());
    let response = ui.interact(area, id, Sense::click_and_drag());
    let keys = Keys { focused: input.focused, editing: input.edit.is_some() };
    let active = keyboard(ui, keys, &response, &mut scratch.keys, &mut events);
    interact::pointer(ui, input, &geometry, &response, &mut scratch.hold, &mut actions);

    let wanted = ArrayScreenInput {
        source: input.source,
        settle: input.settle,
        changed: input.changed,
        table: &input.view.table,
        style: input.view.style,
    };
    scratch.screen.build(&wanted, geometry.seen_rows(), geometry.seen_columns());
    paint_mesh(ui, input, &geometry, scratch, &response, active);
    access::describe(ui, input, &geometry, &scratch.screen, &response, &mut scratch.pace, &mut actions);
    explain(ui, input, &geometry, &response);
    scroll_bars(ui, id, input, &geometry, scratch, &mut actions);

    let (row, column) = input.view.block.caret;
    let cell = geometry.cell_or_beyond(row, column);
    let editor = input.edit.map(|edit| Editor {
        edit,
        cell,
        body: geometry.body,
        pitch: geometry.pitch,
        theme: input.theme,
        font: input.font,
    });
    editor::show(ui, id, editor, &mut scratch.editing, &mut events);
    if events.iter().any(|event| matches!(event, GridEvent::EditChanged(_))) {
        reveal(input.view, &geometry, cell, &mut actions);
    }
    let seen = seen_widths(input, &geometry, &scratch.screen);
    if input.view.room() != geometry.room() || !seen.is_empty() {
        actions.push(ArrayAction::Measured { room: geometry.room(), seen });
    }
    ArrayGridOutput { actions, events, response, all_ready: scratch.screen.all_ready() }
}

/// What is typed into is seen.
fn reveal(view: &ArrayView, geometry: &Geometry, cell: Rect, actions: &mut Vec<ArrayAction>) {
    if geometry.body.contains_rect(cell.shrink(geometry.pixel)) {
        return;
    }
    let (row, column) = view.block.caret;
    let down = view.down.revealing(row, 0, &geometry.rows);
    let across = view.columns.revealing(view.across, column, &geometry.strip);
    if (down, across) != (view.down, view.across) {
        actions.push(ArrayAction::Scroll { down, across });
    }
}

/// Columns whose values need more room than any before them.
fn seen_widths(input: &ArrayGridInput<'_>, geometry: &Geometry, screen: &ArrayScreen) -> Vec<(u64, u32)> {
    let columns = &input.view.columns;
    let wider = |column: u64| {
        let label = words::cells(&input.view.table.column_label(column));
        let widest = screen.widest(column).max(label);
        (widest > columns.seen_chars(column)).then_some((column, widest))
    };
    let mut list: Vec<(u64, u32)> = geometry.seen_columns().filter_map(wider).collect();
    if columns.are_alike() {
        let widest = list.iter().copied().max_by_key(|(_, chars)| *chars);
        list = widest.into_iter().collect();
    }
    list
}

fn paint_mesh(
    ui: &Ui,
    input: &ArrayGridInput<'_>,
    geometry: &Geometry,
    scratch: &mut ArrayScratch,
    response: &Response,
    active: bool,
) {
    let scene = Scene {
        geometry,
        screen: &scratch.screen,
        view: input.view,
        colors: &input.theme.data,
        strong: input.theme.text_strong,
        accent: input.theme.accent,
        hairline: input.theme.hairline,
        active: active || input.edit.is_some(),
        hover: response.hover_pos().and_then(|at| geometry.under(at)),
        moving: scratch.hold.moving(),
    };
    let mut quads = scratch.mesh.begin();
    // A second time only when characters came up that were never drawn before.
    for _ in 0..2 {
        quads.clear();
        let mut canvas = Canvas { quads: &mut quads, glyphs: &mut scratch.glyphs, text: &mut scratch.text };
        paint::paint(&scene, &mut canvas);
        if !scratch.glyphs.fetch_wanted(ui.ctx()) {
            break;
        }
    }
    let bounds = geometry.outer;
    if let Some(sheet) = scratch.glyphs.sheet()
        && let Some(shape) = scratch.mesh.finish(quads, bounds, sheet)
    {
        ui.painter().with_clip_rect(bounds.intersect(ui.clip_rect())).add(shape);
    }
    if input.view.table.is_empty() {
        let at = geometry.body.center_top() + vec2(0.0, 6.0 * theme::UNIT);
        let words = "This array has no elements.";
        ui.painter().text(at, Align2::CENTER_TOP, words, theme::body(), input.theme.text_weak);
    }
}

/// What is under the pointer, where the screen does not say it in full.
fn explain(ui: &Ui, input: &ArrayGridInput<'_>, geometry: &Geometry, response: &Response) {
    let Some(under) = response.hover_pos().and_then(|at| geometry.under(at)) else { return };
    if ui.input(|state| state.pointer.any_down()) {
        return;
    }
    match under {
        Under::Column(column) if !input.view.columns.are_alike() => {
            let Some(item) = input.view.table.item(column) else { return };
            let name = input.view.table.column_label(column);
            let text = format!("{name}: {}\nDrag to move it, right-click to hide it", words::dtype(item));
            response.clone().on_hover_text_at_pointer(text);
        }
        Under::Cell(row, column) => {
            let Some(cell) = input.view.table.cell(row, column) else { return };
            if let Some(fault) = input.source.fault_at(cell.place.span.start()) {
                response.clone().on_hover_text_at_pointer(words::fault(&fault));
            }
        }
        _ => {}
    }
}

fn scroll_bars(
    ui: &Ui,
    id: Id,
    input: &ArrayGridInput<'_>,
    geometry: &Geometry,
    scratch: &mut ArrayScratch,
    actions: &mut Vec<ArrayAction>,
) {
    let theme = input.theme;
    ui.painter().rect_filled(geometry.side, CornerRadius::ZERO, theme.data.grid_bg);
    let rect = geometry.side.with_min_y(geometry.body.top());
    let side = Bar { rect, lying: false, pane: &geometry.rows, view: input.view.down, theme };
    let down = side.show(ui, id.with("side"), &mut scratch.side);
    let first = down.to.unwrap_or(geometry.down).top;
    down.label(ui, || input.view.table.row_label(first), geometry.body, &side, &scratch.side);
    let mut across = None;
    if let Some(foot) = geometry.foot {
        ui.painter().rect_filled(foot, CornerRadius::ZERO, theme.data.grid_bg);
        let rect = Rect::from_x_y_ranges(geometry.body.x_range(), foot.y_range());
        let bar = Bar { rect, lying: true, pane: &geometry.strip, view: input.view.across, theme };
        across = bar.show(ui, id.with("foot"), &mut scratch.foot).to;
    }
    if down.to.is_some() || across.is_some() {
        actions.push(ArrayAction::Scroll {
            down: down.to.unwrap_or(input.view.down),
            across: across.unwrap_or(input.view.across),
        });
    }
}
