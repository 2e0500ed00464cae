//! Two digits as one quad, so that a screen of numbers has half as many quads.
//!
//! The picture of a pair is made from the pixels of its two characters in the font atlas, so a pair shows the same
//! pixels as the two characters.

use super::glyph_quad::Glyph;
use crate::ui::fonts::pictures;
use egui::{Color32, ColorImage, Context, FontId, pos2, vec2};

/// The characters of numbers and of a byte's digits.
const ALPHABET: &[u8] = b"0123456789abcdef.-+";
/// Pixels of a character that is paired, across. Fewer larger ones fit on a screen, and their pictures need more room.
const WIDEST: i32 = 24;
/// Places of a character in the table: those of the alphabet, and one for what is not in it.
const SLOTS: usize = ALPHABET.len() + 1;

/// The quads of the pairs of one font at one size.
#[derive(Debug)]
pub(super) struct PairTable {
    /// The place of each ASCII character.
    slots: [u8; 128],
    /// One for each two places; not inked where there is no picture.
    pairs: Vec<Glyph>,
}

impl Default for PairTable {
    fn default() -> Self {
        let mut slots = [ALPHABET.len() as u8; 128];
        for (slot, character) in ALPHABET.iter().enumerate() {
            slots[usize::from(*character)] = slot as u8;
        }
        Self { slots, pairs: Vec::new() }
    }
}

impl PairTable {
    /// The quad of two ASCII characters side by side.
    #[inline]
    pub(super) fn get(&self, first: u8, second: u8) -> Option<&Glyph> {
        let [first, second] = [first, second].map(|at| usize::from(self.slots[usize::from(at & 0x7f)]));
        self.pairs.get(first * SLOTS + second).filter(|pair| pair.is_inked)
    }

    /// Puts the pairs together anew from these characters.
    pub(super) fn prepare(&mut self, ctx: &Context, font: &FontId, ascii: &[Glyph; 128], pitch: f32) {
        self.pairs.clear();
        let pixels = ctx.pixels_per_point();
        let step = (pitch * pixels).round() as i32;
        if step > WIDEST {
            return;
        }
        let atlas = ctx.fonts(|fonts| fonts.image());
        let picture = |at: &u8| Picture::of(&ascii[usize::from(*at)], &atlas, pixels);
        let singles: Vec<(usize, Picture)> =
            ALPHABET.iter().map(picture).enumerate().filter_map(|(slot, at)| Some((slot, at?))).collect();
        let (mut places, mut images) = (Vec::new(), Vec::new());
        for ((first, left), (second, right)) in
            singles.iter().flat_map(|at| singles.iter().map(move |next| (at, next)))
        {
            if let Some(Picture { left, top, image }) = left.beside(right, step) {
                places.push((first * SLOTS + second, vec2(left as f32, top as f32) / pixels));
                images.push(image);
            }
        }
        let Some(galley) = pictures::put(ctx, font.size, images) else { return };
        self.pairs.resize(SLOTS * SLOTS, Glyph::default());
        for (glyph, (place, min)) in galley.rows.iter().flat_map(|row| &row.glyphs).zip(places) {
            let uv = glyph.uv_rect;
            self.pairs[place] = Glyph {
                min,
                max: min + uv.size,
                uv_min: pos2(uv.min[0].into(), uv.min[1].into()),
                uv_max: pos2(uv.max[0].into(), uv.max[1].into()),
                is_inked: glyph.is_color,
                ..Glyph::default()
            };
        }
    }
}

/// Pixels, and where they are from the upper left corner of a line.
struct Picture {
    left: i32,
    top: i32,
    image: ColorImage,
}

impl Picture {
    /// A character's pixels in the atlas; `None` when there are none, or not all are shown.
    fn of(glyph: &Glyph, atlas: &ColorImage, pixels: f32) -> Option<Self> {
        let (from, to) = (glyph.uv_min, glyph.uv_max);
        let is_whole = glyph.is_inked && to.x.fract() == 0.0;
        let size = [(to.x - from.x) as usize, (to.y - from.y) as usize];
        let image = is_whole.then(|| atlas.region_by_pixels([from.x as usize, from.y as usize], size))?;
        let [left, top] = [glyph.min.x, glyph.min.y].map(|at| (at * pixels).round() as i32);
        Some(Self { left, top, image })
    }

    /// This and `other`, `step` pixels to the right of it; `None` where their pixels lie over each other.
    fn beside(&self, other: &Self, step: i32) -> Option<Self> {
        let parts = [(self, self.left), (other, other.left + step)];
        let end = |at: i32, len: usize| at + len as i32;
        let left = self.left.min(parts[1].1);
        let top = self.top.min(other.top);
        let right = parts.iter().map(|(part, left)| end(*left, part.image.width())).max()?;
        let bottom = parts.iter().map(|(part, _)| end(part.top, part.image.height())).max()?;
        let size = [(right - left) as usize, (bottom - top) as usize];
        let mut image = ColorImage::filled(size, Color32::TRANSPARENT);
        for (part, part_left) in parts {
            let (x, y) = ((part_left - left) as usize, (part.top - top) as usize);
            for (at, pixel) in part.image.pixels.iter().enumerate() {
                let place = &mut image[(x + at % part.image.width(), y + at / part.image.width())];
                if *place == Color32::TRANSPARENT {
                    *place = *pixel;
                } else if *pixel != Color32::TRANSPARENT {
                    return None;
                }
            }
        }
        Some(Self { left, top, image })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::grid::glyph_table::GlyphTable;
    use crate::ui::{fonts, theme};

    /// What quads draw, each so many pixels to the right, in a room that is larger than two cells.
    fn drawn(quads: &[(i32, &Glyph)], atlas: &ColorImage, pixels: f32) -> ColorImage {
        const EDGE: i32 = 8;
        let mut shown = ColorImage::filled([96, 96], Color32::TRANSPARENT);
        for (right, glyph) in quads {
            let picture = Picture::of(glyph, atlas, pixels).expect("all of its pixels are shown");
            let size = [picture.image.width(), picture.image.height()].map(|side| side as f32);
            let off = (glyph.max - glyph.min) * pixels - egui::Vec2::from(size);
            assert!(off.abs().max_elem() < 0.001, "a texel is a pixel");
            for (at, pixel) in picture.image.pixels.iter().enumerate() {
                let x = (picture.left + right + EDGE) as usize + at % picture.image.width();
                let y = (picture.top + EDGE) as usize + at / picture.image.width();
                let under = shown[(x, y)];
                shown[(x, y)] = under.blend(*pixel);
            }
        }
        shown
    }

    #[test]
    fn every_pair_shows_the_pixels_of_its_two_characters() {
        for pixels in [1.0, 1.25, 1.5, 2.0] {
            let ctx = Context::default();
            fonts::install(&ctx);
            ctx.set_pixels_per_point(pixels);
            for _ in 0..2 {
                ctx.run_ui(egui::RawInput::default(), |_| {}).drop_without_applying_deltas();
            }
            let mut glyphs = GlyphTable::default();
            let output = ctx.run_ui(egui::RawInput::default(), |ui| {
                glyphs.prepare(ui.ctx(), &theme::data(1.0));
                let atlas = ui.ctx().fonts(|fonts| fonts.image());
                let step = (glyphs.pitch() * pixels).round() as i32;
                for (first, second) in
                    ALPHABET.iter().flat_map(|at| ALPHABET.iter().map(move |next| (at, next)))
                {
                    let pair = glyphs.pair(*first, *second).expect("no two characters lie over each other");
                    let single = [(0, glyphs.ascii(*first)), (step, glyphs.ascii(*second))];
                    let same = drawn(&[(0, pair)], &atlas, pixels) == drawn(&single, &atlas, pixels);
                    assert!(same, "{}{} at {pixels}", char::from(*first), char::from(*second));
                }
                assert!(glyphs.pair(b' ', b'0').is_none() && glyphs.pair(b'0', b'g').is_none());
            });
            output.drop_without_applying_deltas();
        }
    }
}
