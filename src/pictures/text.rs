//! Text in pictures: how wide it is, and its outlines. No display and no font of the system is needed.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider};

/// The font of all texts of the program.
pub const SANS: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");

/// A part of the outline of a text: `y` grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutlinePart {
    Move(f32, f32),
    Line(f32, f32),
    Quad(f32, f32, f32, f32),
    Cubic(f32, f32, f32, f32, f32, f32),
    Close,
}

/// The width of a text of one line, in pixels.
pub fn width(text: &str, size: f32) -> f32 {
    let Ok(font) = FontRef::new(SANS) else { return 0.0 };
    let metrics = font.glyph_metrics(Size::new(size), LocationRef::default());
    let charmap = font.charmap();
    text.chars().filter_map(|letter| metrics.advance_width(charmap.map(letter)?)).sum()
}

/// The outlines of a text of one line whose base line begins at `(x, y)`. Characters that the font lacks are left out.
pub fn outlines(text: &str, size: f32, (x, y): (f32, f32)) -> Vec<OutlinePart> {
    let Ok(font) = FontRef::new(SANS) else { return Vec::new() };
    let metrics = font.glyph_metrics(Size::new(size), LocationRef::default());
    let (charmap, glyphs) = (font.charmap(), font.outline_glyphs());
    let mut pen = Pen { x, y, parts: Vec::new() };
    for letter in text.chars() {
        let Some(glyph) = charmap.map(letter) else { continue };
        if let Some(outline) = glyphs.get(glyph) {
            let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
            // A damaged glyph is left out.
            drop(outline.draw(settings, &mut pen));
        }
        pen.x += metrics.advance_width(glyph).unwrap_or(0.0);
    }
    pen.parts
}

struct Pen {
    x: f32,
    y: f32,
    parts: Vec<OutlinePart>,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.parts.push(OutlinePart::Move(self.x + x, self.y - y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.parts.push(OutlinePart::Line(self.x + x, self.y - y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.parts.push(OutlinePart::Quad(self.x + cx, self.y - cy, self.x + x, self.y - y));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let Self { x: left, y: base, .. } = *self;
        self.parts.push(OutlinePart::Cubic(left + ax, base - ay, left + bx, base - by, left + x, base - y));
    }

    fn close(&mut self) {
        self.parts.push(OutlinePart::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_a_width_and_outlines_above_its_base_line() {
        let wide = width("12.5", 16.0);
        assert!(wide > 20.0 && wide < 48.0 && width("12.5", 32.0) > 1.9 * wide);
        let parts = outlines("H", 20.0, (100.0, 50.0));
        let inside = |x: f32, y: f32| (99.0..120.0).contains(&x) && (30.0..=50.5).contains(&y);
        let is_inside = |part: &OutlinePart| match *part {
            OutlinePart::Move(x, y) | OutlinePart::Line(x, y) => inside(x, y),
            OutlinePart::Quad(.., x, y) | OutlinePart::Cubic(.., x, y) => inside(x, y),
            OutlinePart::Close => true,
        };
        assert!(parts.len() > 8 && parts.iter().all(is_inside), "{parts:?}");
        assert!(outlines("\u{10fffd}", 20.0, (0.0, 0.0)).is_empty());
    }
}
