//! Plain values as rows of a table, whose caret and selection are those of the bytes.

use super::geometry::{Geometry, Under};
use super::paint;
use super::scene::{Scene, ValueScene};
use crate::decode::style::NumberStyle;
use crate::session::arrays::block::Block;
use crate::session::arrays::screen::{ArrayScreen, ArrayScreenInput};
use crate::session::arrays::table::Table;
use crate::session::describe;
use crate::session::panes::ValuesFormat;
use crate::session::view::rows::Flags;
use crate::session::view::{Column, Hit, OffsetLabels, RowMap, Viewport};
use crate::ui::grid::GridInput;
use crate::ui::grid::byte_rows::ByteCells;
use crate::ui::grid::cell_paint::Canvas;
use crate::ui::grid::frame::{GridFrame, GridRoom};
use crate::ui::grid::glyph_table::GlyphTable;
use crate::ui::grid::row_source::Look;
use egui::{Pos2, Rect, vec2};
use std::ops::Range;

/// The plain values of one frame.
pub(in crate::ui::grid) struct ValueCells<'a> {
    format: &'a ValuesFormat,
    table: Table,
    map: RowMap,
    labels: OffsetLabels,
    geometry: Geometry,
    screen: &'a mut ArrayScreen,
}

impl<'a> ValueCells<'a> {
    pub(in crate::ui::grid) fn new(
        room: GridRoom,
        format: &'a ValuesFormat,
        input: &GridInput<'_>,
        screen: &'a mut ArrayScreen,
    ) -> Self {
        let len = input.source.len();
        let columns = format.columns_in(len, room.width() / room.pitch, input.beside);
        let (table, labels) = (format.table(len, columns), format.labels(len));
        let widths = format.table_columns();
        let step = widths.strip(columns.into(), room.pitch, 0.0).row_height;
        let at = (*input.viewport, input.viewport.across(step));
        let geometry = Geometry::of_table(room, &table, &widths, labels.chars() as usize, at);
        Self { format, table, map: format.map(len, columns), labels, geometry, screen }
    }

    /// What is under a place; the row behind the last value has a label too.
    fn under(&self, at: Pos2) -> Option<Under> {
        match self.geometry.under(at)? {
            Under::Row(_) => Some(Under::Row(self.geometry.row_at(at.y))),
            under => Some(under),
        }
    }

    /// The row and the column of the cell at `offset`, or of the empty place after the last one.
    fn place_of(&self, offset: u64) -> (u64, u64) {
        let row = self.map.row_of(offset);
        (row, offset.saturating_sub(self.map.row_start(row)) / self.map.cell_bytes())
    }
}

impl ByteCells for ValueCells<'_> {
    fn frame(&self) -> &GridFrame {
        &self.geometry
    }

    fn map(&self) -> &RowMap {
        &self.map
    }

    fn labels(&self) -> &OffsetLabels {
        &self.labels
    }

    fn left_of(&self, across: &Viewport) -> f32 {
        across.left_of(self.geometry.strip.row_height)
    }

    fn hit(&self, at: Pos2, _column: Option<Column>) -> Hit {
        let row = self.map.row_start(self.geometry.row_at(at.y));
        let into = self.geometry.column_at(at.x).unwrap_or(0) * self.map.cell_bytes();
        Hit { offset: row.saturating_add(into).min(self.map.len()), column: Column::Cells }
    }

    fn cell_rect(&self, offset: u64) -> Rect {
        let (row, column) = self.place_of(offset);
        let half = self.geometry.half_gap();
        self.geometry.cell_or_beyond(row, column).shrink2(vec2(half, 0.0))
    }

    fn build(&mut self, input: &GridInput<'_>) {
        let wanted = ArrayScreenInput {
            source: input.source,
            settle: input.settle,
            changed: input.changed,
            found: input.found,
            found_current: input.found_current,
            strings: input.strings,
            selected: Some(input.selected),
            signs: 2,
            table: &self.table,
            style: NumberStyle::Shortest,
        };
        self.screen.build(&wanted, self.geometry.seen_rows(), self.geometry.seen_columns());
    }

    fn paint(&self, input: &GridInput<'_>, canvas: &mut Canvas<'_>, look: &Look<'_>) {
        let caret = Some(input.selection.caret_place().offset()).filter(|at| *at >= self.map.origin());
        let hover = look.hover.filter(|at| self.geometry.area.contains(*at));
        let scene = Scene {
            geometry: &self.geometry,
            screen: self.screen,
            table: &self.table,
            block: caret.map(|offset| Block::at(self.place_of(offset))),
            values: Some(ValueScene {
                labels: &self.labels,
                map: &self.map,
                selection: input.selection,
                insert: input.insert,
            }),
            colors: &look.theme.data,
            strong: look.theme.text_strong,
            accent: look.theme.accent,
            hairline: look.theme.hairline,
            active: look.active,
            hover: hover.and_then(|at| self.under(at)),
            moving: None,
        };
        paint::paint(&scene, canvas);
    }

    /// Why a value is hatched or cut.
    fn explain(&self, input: &GridInput<'_>, hit: Hit, glyphs: &GlyphTable) -> Option<String> {
        let bytes = hit.offset..hit.offset.saturating_add(self.map.cell_bytes());
        if let Some(fault) = bytes.into_iter().find_map(|at| input.source.fault_at(at)) {
            return Some(describe::fault(&fault));
        }
        let (row, column) = self.place_of(hit.offset);
        let (cell, text) = self.screen.cell(row, column)?;
        if let Some(tail) = self.table.tail().filter(|_| cell.flags.any(Flags::PARTIAL)) {
            return Some(describe::incomplete(tail.len(), self.map.cell_bytes()));
        }
        text.chars().find(|character| glyphs.is_missing(*character)).map(describe::no_glyph)
    }

    fn all_ready(&self) -> bool {
        self.screen.all_ready()
    }

    /// 'values, float32'.
    fn name(&self) -> String {
        format!("values, {}", self.format.dtype.element.name())
    }

    fn built(&self) -> Range<u32> {
        let columns = self.screen.columns();
        columns.start as u32..columns.end as u32
    }

    fn cell(&self, row: u64, column: u32) -> Option<(&str, Flags)> {
        self.screen.cell(row, column.into()).map(|(cell, text)| (text, cell.flags))
    }
}
