//! What all grids share, for rows of bytes and for rows of a table.
//!
//! The shell has the keys, the pointer, the wheel, both scroll bars, the mesh, the field over a cell, the text of an
//! input method and the nodes for screen readers. A [`RowSource`] decides where the parts are and what a press means.
//! Nothing is changed here: the source turns the input of the user into events or actions.

use super::access::{self, Accessible};
use super::cell_paint::Canvas;
use super::editor::{self, Editor};
use super::frame::{GridFrame, GridRoom};
use super::glyph_table::GlyphTable;
use super::interact::{self, Keys, PointerHold};
use super::mesh::GlyphMesh;
use super::row_source::{Look, RowSource, ShellInput};
use super::scrollbar::{self, BarHold};
use egui::output::IMEOutput;
use egui::{Align2, FontId, IMEPurpose, Id, Rect, Response, Sense, Stroke, Ui};

/// What a shell keeps from frame to frame: buffers, and what the pointer has hold of.
#[derive(Debug, Default)]
pub(super) struct Shell {
    pub(super) glyphs: GlyphTable,
    mesh: GlyphMesh,
    text: String,
    keys: interact::KeyHold,
    pointer: PointerHold,
    side: BarHold,
    foot: BarHold,
    pace: crate::ui::access::Pace,
    /// The cell whose field got the focus.
    editing: Option<u64>,
}

impl Shell {
    /// All the room that is left in `ui`, for rows in this font.
    pub(super) fn room(&mut self, ui: &mut Ui, font: &FontId) -> GridRoom {
        let outer = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(outer);
        self.glyphs.prepare(ui.ctx(), font);
        GridRoom::new(outer, &self.glyphs, ui.ctx().pixels_per_point())
    }

    /// One frame of a grid.
    ///
    /// 1. What the user did.
    /// 2. The rows, from one look at the source.
    /// 3. The mesh, and the nodes for screen readers.
    /// 4. What lies over it: scroll bars, the cell's field, the input method's text.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        id: Id,
        input: &ShellInput<'_>,
        rows: &mut (impl RowSource + Accessible),
    ) -> Response {
        let area = rows.frame().header.union(rows.frame().area);
        let response = ui.interact(area, id, Sense::click_and_drag());
        let keys = Keys { focused: input.focused, editing: input.edit.is_some() };
        let active = interact::keyboard(ui, keys, &response, &mut self.keys, rows.events());
        interact::pointer(ui, &response, &mut self.pointer, rows);

        rows.build();
        let look = Look { active, hover: response.hover_pos(), theme: input.theme };
        self.paint(ui, rows, &look);
        access::describe(ui, rows, &response, &mut self.pace);
        if let Some(at) = response.hover_pos().filter(|_| !ui.input(|state| state.pointer.any_down()))
            && let Some(words) = rows.explain(at, &self.glyphs)
        {
            response.clone().on_hover_text_at_pointer(words);
        }

        scrollbar::both(ui, id, input, rows, [&mut self.side, &mut self.foot]);
        let frame = rows.frame();
        let editor = input.edit.map(|edit| Editor {
            edit,
            cell: rows.edited_cell(edit),
            body: frame.body,
            pitch: frame.pitch,
            theme: input.theme,
            font: input.font,
        });
        editor::show(ui, id, editor, &mut self.editing, rows.events());
        if let Some(cell) = rows.composed_cell().filter(|_| active) {
            compose(ui, input, rows.frame(), cell, self.keys.composed());
        }
        response
    }

    fn paint(&mut self, ui: &Ui, rows: &impl RowSource, look: &Look<'_>) {
        let mut quads = self.mesh.begin();
        // A second time only when characters came up that were never drawn before.
        for _ in 0..2 {
            quads.clear();
            rows.paint(
                &mut Canvas { quads: &mut quads, glyphs: &mut self.glyphs, text: &mut self.text },
                look,
            );
            if !self.glyphs.fetch_wanted(ui.ctx()) {
                break;
            }
        }
        let bounds = rows.frame().header.union(rows.frame().area);
        if let Some(sheet) = self.glyphs.sheet()
            && let Some(shape) = self.mesh.finish(quads, bounds, sheet)
        {
            ui.painter().with_clip_rect(bounds.intersect(ui.clip_rect())).add(shape);
        }
    }
}

/// Tells the input method where the caret is. What it composes stands over the caret until it is committed.
fn compose(ui: &Ui, input: &ShellInput<'_>, frame: &GridFrame, cell: Rect, composed: &str) {
    ui.output_mut(|output| {
        output.ime = Some(IMEOutput {
            purpose: IMEPurpose::Normal,
            rect: frame.area,
            cursor_rect: cell.with_max_x(cell.left() + frame.pixel),
            should_interrupt_composition: false,
        });
    });
    if !composed.is_empty() {
        let painter = ui.painter();
        let galley = painter.layout_no_wrap(composed.to_owned(), input.font.clone(), input.theme.text);
        let rect = Align2::LEFT_CENTER.anchor_size(cell.left_center(), galley.size());
        painter.rect_filled(rect, 0.0, input.theme.popup_bg);
        painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, input.theme.accent));
        painter.galley(rect.min, galley, input.theme.text);
    }
}
