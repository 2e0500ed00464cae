//! The one mesh that a grid is drawn with: rectangles and characters in the order they were put.
//!
//! It travels to the screen as the mesh of a galley, because egui turns a galley's texels into texture
//! coordinates after every widget has laid out its text. The buffers are kept from frame to frame.

use super::glyph_quad::Glyph;
use super::glyph_table::GlyphTable;
use crate::session::describe;
use egui::epaint::{Galley, Mesh, TextShape, Vertex, WHITE_UV};
use egui::{Color32, Pos2, Rect, Shape, pos2};
use std::sync::Arc;

/// The quads of one frame.
#[derive(Debug, Default)]
pub(super) struct Quads {
    vertices: Vec<Vertex>,
    /// The indices never differ between two meshes but in number.
    indices: Vec<u32>,
}

impl Quads {
    pub(super) fn clear(&mut self) {
        self.vertices.clear();
    }

    pub(super) fn rect(&mut self, rect: Rect, color: Color32) {
        self.push([rect.left_top(), rect.right_top(), rect.left_bottom(), rect.right_bottom()], color);
    }

    /// Four corners: upper left, upper right, lower left, lower right.
    pub(super) fn push(&mut self, corners: [Pos2; 4], color: Color32) {
        self.vertices.extend(corners.map(|pos| Vertex { pos, uv: WHITE_UV, color }));
    }

    /// The outline of `rect`, `width` wide and inside it.
    pub(super) fn outline(&mut self, rect: Rect, width: f32, color: Color32) {
        self.rect(Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + width)), color);
        self.rect(Rect::from_min_max(pos2(rect.left(), rect.bottom() - width), rect.max), color);
        let (top, bottom) = (rect.top() + width, rect.bottom() - width);
        self.rect(Rect::from_min_max(pos2(rect.left(), top), pos2(rect.left() + width, bottom)), color);
        self.rect(Rect::from_min_max(pos2(rect.right() - width, top), pos2(rect.right(), bottom)), color);
    }

    /// A character whose line's upper left corner is at `at`, which must be a whole physical pixel.
    #[inline]
    pub(super) fn glyph(&mut self, at: Pos2, glyph: &Glyph, color: Color32) {
        self.quad(at, glyph, if glyph.is_color { Color32::from_white_alpha(color.a()) } else { color });
    }

    #[inline]
    fn quad(&mut self, at: Pos2, glyph: &Glyph, color: Color32) {
        let (min, max) = (at + glyph.min, at + glyph.max);
        self.vertices.extend_from_slice(&[
            Vertex { pos: min, uv: glyph.uv_min, color },
            Vertex { pos: pos2(max.x, min.y), uv: pos2(glyph.uv_max.x, glyph.uv_min.y), color },
            Vertex { pos: pos2(min.x, max.y), uv: pos2(glyph.uv_min.x, glyph.uv_max.y), color },
            Vertex { pos: max, uv: glyph.uv_max, color },
        ]);
    }

    /// A character if a font has it and there is anything to draw.
    #[inline]
    pub(super) fn character(&mut self, glyphs: &mut GlyphTable, at: Pos2, character: char, color: Color32) {
        if let Some(glyph) = glyphs.get(character)
            && glyph.is_inked
        {
            self.glyph(at, glyph, color);
        }
    }

    /// Characters side by side, `pitch` points each, the first one's line at `at`.
    pub(super) fn line(&mut self, glyphs: &mut GlyphTable, at: Pos2, text: &str, pitch: f32, color: Color32) {
        if text.is_ascii() {
            return self.ascii_line(glyphs, at, text.as_bytes(), pitch, color);
        }
        match glyphs.get_line(text) {
            Some(None) => {}
            Some(Some(line)) => {
                for glyph in line.iter().filter(|glyph| glyph.is_inked) {
                    self.glyph(at, glyph, color);
                }
                return;
            }
            None => return,
        }
        let mut x = at.x;
        for character in text.chars() {
            self.character(glyphs, pos2(x, at.y), character, color);
            x += pitch * describe::cells_of(character) as f32;
        }
    }

    /// Two characters as one quad wherever that draws the same.
    #[inline]
    fn ascii_line(&mut self, glyphs: &GlyphTable, at: Pos2, text: &[u8], pitch: f32, color: Color32) {
        let Pos2 { mut x, y } = at;
        let mut rest = text;
        while let [first, behind @ ..] = rest {
            rest = behind;
            if let [second, behind @ ..] = rest
                && let Some(pair) = glyphs.pair(*first, *second)
            {
                self.quad(pos2(x, y), pair, color);
                x += 2.0 * pitch;
                rest = behind;
                continue;
            }
            let glyph = glyphs.ascii(*first);
            if glyph.is_inked {
                self.quad(pos2(x, y), glyph, color);
            }
            x += pitch;
        }
    }

    fn fit_indices(&mut self) {
        let quads = self.vertices.len() / 4;
        let ready = self.indices.len() / 6;
        self.indices.truncate(quads * 6);
        for quad in ready..quads {
            let first = 4 * quad as u32;
            self.indices.extend_from_slice(&[first, first + 1, first + 2, first + 2, first + 1, first + 3]);
        }
    }
}

/// Carries quads to the screen and gets their buffers back for the next frame.
#[derive(Debug, Default)]
pub(super) struct GlyphMesh {
    galley: Option<Arc<Galley>>,
}

impl GlyphMesh {
    /// Empty quads, in the buffers of the last frame.
    pub(super) fn begin(&mut self) -> Quads {
        let mut quads = self.take_back().unwrap_or_default();
        quads.clear();
        quads
    }

    /// egui lets go of a frame's shapes when it has been tessellated; until then the buffers are not ours.
    fn take_back(&mut self) -> Option<Quads> {
        let galley = Arc::get_mut(self.galley.as_mut()?)?;
        let row = Arc::get_mut(&mut galley.rows.first_mut()?.row)?;
        let mesh = std::mem::take(&mut row.visuals.mesh);
        Some(Quads { vertices: mesh.vertices, indices: mesh.indices })
    }

    /// A shape of `quads`, all of which lie in `bounds`. `sheet` is the galley that the glyphs are from.
    pub(super) fn finish(&mut self, mut quads: Quads, bounds: Rect, sheet: &Galley) -> Option<Shape> {
        quads.fit_indices();
        let mut galley = self.galley.take().and_then(Arc::into_inner).or_else(|| carrier(sheet))?;
        galley.pixels_per_point = sheet.pixels_per_point;
        galley.num_vertices = quads.vertices.len();
        galley.num_indices = quads.indices.len();
        galley.rect = bounds;
        galley.mesh_bounds = bounds;
        let row = Arc::make_mut(&mut galley.rows.first_mut()?.row);
        row.visuals.mesh_bounds = bounds;
        row.visuals.mesh = Mesh { indices: quads.indices, vertices: quads.vertices, ..Mesh::default() };
        let galley = self.galley.insert(Arc::new(galley));
        Some(TextShape::new(Pos2::ZERO, Arc::clone(galley), Color32::WHITE).into())
    }
}

/// A galley of one row that only carries a mesh. Its fields are not all public, so it starts as another's copy.
fn carrier(sheet: &Galley) -> Option<Galley> {
    let mut row = sheet.rows.first()?.clone();
    row.pos = Pos2::ZERO;
    let inner = Arc::make_mut(&mut row.row);
    inner.glyphs.clear();
    inner.visuals.glyph_index_start = 0;
    inner.visuals.glyph_vertex_range = 0..0;
    let mut galley = sheet.clone();
    galley.rows = vec![row];
    Some(galley)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme;
    use egui::Context;

    /// The quads of a line in the data font, and the width of a cell.
    fn quads_of(text: &str) -> (Vec<Rect>, f32) {
        let ctx = Context::default();
        crate::ui::fonts::install(&ctx);
        let (mut quads, mut glyphs) = (Quads::default(), GlyphTable::default());
        let output = ctx.run_ui(egui::RawInput::default(), |ui| {
            glyphs.prepare(ui.ctx(), &theme::data(1.0));
            for _ in 0..2 {
                quads.clear();
                let pitch = glyphs.pitch();
                quads.line(&mut glyphs, Pos2::ZERO, text, pitch, Color32::WHITE);
                glyphs.fetch_wanted(ui.ctx());
            }
        });
        output.drop_without_applying_deltas();
        let rects = quads.vertices.chunks(4).map(|quad| Rect::from_min_max(quad[0].pos, quad[3].pos));
        (rects.collect(), glyphs.pitch())
    }

    #[test]
    fn a_wide_character_moves_the_next_by_two_cells() {
        let (alone, pitch) = quads_of("x");
        let (wide, _) = quads_of("漢x");
        let (narrow, _) = quads_of("éx");
        assert_eq!(wide.len(), 2, "the character or a box for it, and the next one");
        assert_eq!(wide[1], alone[0].translate(egui::vec2(2.0 * pitch, 0.0)));
        assert_eq!(narrow[1], alone[0].translate(egui::vec2(pitch, 0.0)));
    }

    #[test]
    fn a_mark_is_set_over_its_letter() {
        // As the toolkit shapes it: one place for both, not a cell for the mark.
        let (marked, pitch) = quads_of("e\u{301}x");
        let (alone, _) = quads_of("x");
        let last = marked.last().copied().unwrap();
        assert!((last.left() - alone[0].left() - pitch).abs() < 1.0, "{marked:?}");
    }
}
