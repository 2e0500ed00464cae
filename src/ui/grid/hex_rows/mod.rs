//! Rows of bytes or plain values: offsets, cells, text, and the caret that is in both.

mod access;
mod caret;
mod geometry;
mod paint;
mod scene;

use super::canvas::Canvas;
use super::frame::{GridFrame, GridRoom};
use super::glyphs::GlyphTable;
use super::row_source::{Look, RowSource};
use super::{GridEvent, GridInput, GridOutput};
use crate::bytes::Span;
use crate::session::view::rows::ScreenInput;
use crate::session::view::{CellEdit, Column, Hit, Screen, Viewport};
use crate::session::words;
use egui::{Pos2, Rect, Response, Vec2};
use geometry::Geometry;

/// What rows of bytes keep from frame to frame: buffers, and what the pointer has hold of.
#[derive(Debug, Default)]
pub(super) struct HexScratch {
    screen: Screen,
    lefts: Vec<f32>,
    dragging: Option<Hit>,
}

/// The rows of one frame.
pub(super) struct HexRows<'a> {
    input: &'a GridInput<'a>,
    geometry: Geometry,
    scratch: &'a mut HexScratch,
    events: Vec<GridEvent>,
}

impl<'a> HexRows<'a> {
    pub(super) fn new(room: GridRoom, input: &'a GridInput<'a>, scratch: &'a mut HexScratch) -> Self {
        Self { input, geometry: Geometry::new(room, input), scratch, events: Vec::new() }
    }

    /// What the frame showed and what the user did.
    pub(super) fn finish(self, response: Response) -> GridOutput {
        GridOutput {
            events: self.events,
            response,
            visible: self.scratch.screen.span(),
            pane: self.geometry.pane,
            map: self.geometry.map,
            all_ready: self.scratch.screen.all_ready(),
        }
    }

    /// The byte that the caret is at.
    fn caret(&self) -> u64 {
        self.input.selection.caret_place().offset()
    }
}

impl RowSource for HexRows<'_> {
    fn frame(&self) -> &GridFrame {
        &self.geometry
    }

    fn events(&mut self) -> &mut Vec<GridEvent> {
        &mut self.events
    }

    fn scroll(&mut self, down: Viewport, across: Viewport) {
        self.events.push(GridEvent::Scroll(self.geometry.view_at(down, across)));
    }

    fn press(&mut self, at: Pos2, extend: bool, clicks: u32) {
        let hit = self.geometry.hit(at, None);
        let clicks = if at.x < self.geometry.body.left() { 3 } else { clicks };
        self.scratch.dragging = Some(hit);
        self.events.push(GridEvent::Press { hit, extend, clicks });
    }

    fn drag(&mut self, at: Pos2) -> Vec2 {
        let (inside, beyond) = self.geometry.inside(self.geometry.area, at);
        if let Some(last) = self.scratch.dragging {
            let hit = self.geometry.hit(inside, Some(last.column));
            if hit != last {
                self.scratch.dragging = Some(hit);
                self.events.push(GridEvent::Drag { hit });
            }
        }
        beyond
    }

    fn release(&mut self) {
        self.scratch.dragging = None;
        self.events.push(GridEvent::Release);
    }

    fn middle(&mut self, at: Pos2) -> bool {
        self.events.push(GridEvent::PasteSelection { hit: self.geometry.hit(at, None) });
        true
    }

    fn menu(&mut self, at: Pos2) {
        self.events.push(GridEvent::ContextMenu { pos: at, hit: self.geometry.hit(at, None) });
    }

    fn build(&mut self) {
        let (input, geometry, HexScratch { screen, lefts, .. }) =
            (self.input, &self.geometry, &mut *self.scratch);
        screen.build(&ScreenInput {
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
        lefts.clear();
        let cells = screen.first_cell()..geometry.layout.cells();
        lefts.extend(cells.map(|index| geometry.x_of(geometry.layout.cell_x(index) as f32)));
    }

    fn paint(&self, canvas: &mut Canvas<'_>, look: &Look<'_>) {
        let scene = scene::Scene {
            geometry: &self.geometry,
            screen: &self.scratch.screen,
            lefts: &self.scratch.lefts,
            selection: self.input.selection,
            colors: &look.theme.data,
            strong: look.theme.text_strong,
            hairline: look.theme.hairline,
            insert: self.input.insert,
            active: look.active,
            hover: look.hover.filter(|at| self.geometry.area.contains(*at)),
        };
        paint::paint(&scene, canvas);
    }

    /// Why the byte is hatched or its character is a box, if it is.
    fn explain(&self, at: Pos2, glyphs: &GlyphTable) -> Option<String> {
        let (geometry, screen) = (&self.geometry, &self.scratch.screen);
        if !geometry.body.contains(at) {
            return None;
        }
        let hit = geometry.hit(at, None);
        if let Some(fault) = self.input.source.fault_at(hit.offset) {
            return Some(words::fault(&fault));
        }
        let row = screen.row(geometry.map.row_of(hit.offset)).filter(|_| hit.column == Column::Text)?;
        let byte = usize::try_from(hit.offset.checked_sub(row.span.start())?).ok()?;
        let character = *row.text.get(byte.checked_sub(screen.first_text() as usize)?)?;
        glyphs.is_missing(character).then(|| words::no_glyph(character))
    }

    fn row_label(&self, row: u64) -> String {
        let mut label = String::new();
        self.geometry.layout.write_offset(self.geometry.map.row_start(row), &mut label);
        label
    }

    fn row_of(&self, bytes: Span) -> Option<u64> {
        Some(self.geometry.map.row_of(bytes.start()))
    }

    fn edited_cell(&self, edit: &CellEdit) -> Rect {
        self.geometry.cell_rect(edit.offset)
    }

    /// Only text can be composed.
    fn composed_cell(&self) -> Option<Rect> {
        let selection = self.input.selection;
        self.geometry.text_rect(selection.caret).filter(|_| selection.column == Column::Text)
    }
}
