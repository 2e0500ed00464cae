//! Rows of bytes: offsets, cells, text, and the caret, which is shown in both columns.

mod caret;
mod geometry;
mod paint;
mod scene;

use super::GridInput;
use super::byte_rows::ByteCells;
use super::cell_paint::Canvas;
use super::frame::{GridFrame, GridRoom};
use super::glyph_table::GlyphTable;
use super::row_source::Look;
use crate::session::describe;
use crate::session::view::rows::{Flags, ScreenInput, ScreenRow};
use crate::session::view::{Column, Hit, OffsetLabels, RowMap, Screen, SpanQuery, ViewFormat, Viewport};
use egui::{Pos2, Rect};
use geometry::Geometry;
use std::ops::Range;

/// Marks nothing.
const NO_BYTES: SpanQuery<'static> = &|_, _| {};

/// The buffers of rows of bytes.
#[derive(Debug, Default)]
pub(super) struct HexScratch {
    screen: Screen,
    lefts: Vec<f32>,
}

/// The bytes of one frame.
pub(super) struct HexCells<'a> {
    format: &'a ViewFormat,
    geometry: Geometry,
    scratch: &'a mut HexScratch,
}

impl<'a> HexCells<'a> {
    pub(super) fn new(
        room: GridRoom,
        format: &'a ViewFormat,
        input: &GridInput<'_>,
        scratch: &'a mut HexScratch,
    ) -> Self {
        let geometry = Geometry::new(room, format, input.source.len(), input.viewport);
        Self { format, geometry, scratch }
    }

    fn row(&self, row: u64) -> Option<ScreenRow<'_>> {
        self.scratch.screen.row(row)
    }
}

impl ByteCells for HexCells<'_> {
    fn frame(&self) -> &GridFrame {
        &self.geometry
    }

    fn map(&self) -> &RowMap {
        &self.geometry.map
    }

    fn labels(&self) -> &OffsetLabels {
        self.geometry.layout.labels()
    }

    fn left_of(&self, across: &Viewport) -> f32 {
        self.geometry.left_of(across)
    }

    fn hit(&self, at: Pos2, column: Option<Column>) -> Hit {
        self.geometry.hit(at, column)
    }

    fn cell_rect(&self, offset: u64) -> Rect {
        self.geometry.cell_rect(offset)
    }

    fn text_rect(&self, offset: u64) -> Option<Rect> {
        self.geometry.text_rect(offset)
    }

    fn build(&mut self, input: &GridInput<'_>) {
        let (geometry, HexScratch { screen, lefts }) = (&self.geometry, &mut *self.scratch);
        screen.build(&ScreenInput {
            source: input.source,
            settle: input.settle,
            changed: input.changed.unwrap_or(NO_BYTES),
            found: input.found.unwrap_or(NO_BYTES),
            found_current: input.found_current,
            strings: input.strings.unwrap_or(NO_BYTES),
            selected: input.selected,
            format: self.format,
            layout: &geometry.layout,
            map: &geometry.map,
            rows: geometry.seen_rows(),
            cells: geometry.seen_cells(),
            text: geometry.seen_text(),
        });
        lefts.clear();
        let cells = screen.first_cell()..geometry.layout.cells();
        lefts.extend(cells.map(|index| geometry.x_of(geometry.layout.cell_x(index) as f32)));
    }

    fn paint(&self, input: &GridInput<'_>, canvas: &mut Canvas<'_>, look: &Look<'_>) {
        let scene = scene::Scene {
            geometry: &self.geometry,
            screen: &self.scratch.screen,
            lefts: &self.scratch.lefts,
            selection: input.selection,
            colors: &look.theme.data,
            strong: look.theme.text_strong,
            hairline: look.theme.hairline,
            insert: input.insert,
            active: look.active,
            hover: look.hover.filter(|at| self.geometry.area.contains(*at)),
        };
        paint::paint(&scene, canvas);
    }

    /// Why the byte is hatched or its character is a box, if it is.
    fn explain(&self, input: &GridInput<'_>, hit: Hit, glyphs: &GlyphTable) -> Option<String> {
        if let Some(fault) = input.source.fault_at(hit.offset) {
            return Some(describe::fault(&fault));
        }
        let row = self.row(self.geometry.map.row_of(hit.offset)).filter(|_| hit.column == Column::Text)?;
        let byte = usize::try_from(hit.offset.checked_sub(row.span.start())?).ok()?;
        let first = self.scratch.screen.first_text() as usize;
        let character = *row.text.get(byte.checked_sub(first)?)?;
        glyphs.is_missing(character).then(|| describe::no_glyph(character))
    }

    fn all_ready(&self) -> bool {
        self.scratch.screen.all_ready()
    }

    fn name(&self) -> String {
        String::from("bytes")
    }

    fn built(&self) -> Range<u32> {
        self.scratch.screen.built()
    }

    fn cell(&self, row: u64, column: u32) -> Option<(&str, Flags)> {
        let screen = &self.scratch.screen;
        let at = column.checked_sub(screen.first_cell())? as usize;
        let cell = screen.row(row)?.cells.get(at)?;
        Some((screen.text_of(cell), cell.flags))
    }

    /// '41 A'; in the text column 'A 41'.
    fn heard(&self, row: u64, cell: u32, digits: &str, column: Column) -> String {
        let byte = self.row(row).and_then(|row| row.bytes.get(cell as usize).copied());
        match (byte.filter(u8::is_ascii_graphic), column) {
            (Some(byte), Column::Cells) => format!("{digits} {}", char::from(byte)),
            (Some(byte), Column::Text) => format!("{} {digits}", char::from(byte)),
            (None, _) => digits.to_owned(),
        }
    }

    fn text_of_row(&self, row: u64) -> Option<&[char]> {
        self.row(row).map(|row| row.text)
    }
}
