//! The position of each character in the font atlas, so that a cell's character is one textured quad.
//!
//! The characters of digits and ASCII text are laid out as one galley, a character a line, and asked for again
//! every frame: a cache hit, and egui answers with a new galley exactly when the old places became invalid.
//! Other characters are laid out when they are first needed. Texture coordinates are texels, because the
//! atlas may still grow in the frame that they were taken in.

use super::glyph_quad::{Glyph, placed_on_line};
use super::pairs::PairTable;
use super::shaped_lines::{self, LineTable};
use crate::session::bidi::visual;
use egui::epaint::{Galley, text::Glyph as LaidOut};
use egui::{Color32, Context, FontId};
use std::collections::HashMap;
use std::sync::Arc;

/// Most characters kept beside ASCII before the table starts afresh.
const MAX_OTHERS: usize = 1 << 15;

/// The characters of one font at one size.
#[derive(Debug)]
pub(super) struct GlyphTable {
    sheet: Option<Arc<Galley>>,
    font: FontId,
    text: String,
    ascii: [Glyph; 128],
    pairs: PairTable,
    others: HashMap<char, Glyph>,
    wanted: String,
    lines: LineTable,
    baseline: f32,
    pitch: f32,
    line_height: f32,
}

impl Default for GlyphTable {
    fn default() -> Self {
        let mut text = String::new();
        for character in ' '..='~' {
            text.push(character);
            text.push('\n');
        }
        Self {
            sheet: None,
            font: FontId::default(),
            text,
            ascii: [Glyph::default(); 128],
            pairs: PairTable::default(),
            others: HashMap::new(),
            wanted: String::new(),
            lines: LineTable::default(),
            baseline: 0.0,
            pitch: 1.0,
            line_height: 1.0,
        }
    }
}

impl GlyphTable {
    /// Makes the table right for this frame.
    pub(super) fn prepare(&mut self, ctx: &Context, font: &FontId) {
        let sheet =
            ctx.fonts_mut(|fonts| fonts.layout_no_wrap(self.text.clone(), font.clone(), Color32::WHITE));
        if self.font == *font && self.sheet.as_ref().is_some_and(|old| Arc::ptr_eq(old, &sheet)) {
            return;
        }
        self.font = font.clone();
        self.others.clear();
        self.lines.clear();
        let pixels = sheet.pixels_per_point;
        self.ascii = [Glyph::default(); 128];
        let zero = laid_out(&sheet).find(|glyph| glyph.chr == '0');
        if let Some(zero) = zero {
            self.baseline = zero.pos.y;
            self.pitch = (zero.advance_width * pixels).round().max(1.0) / pixels;
            self.line_height = (zero.line_height * pixels).ceil() / pixels;
        }
        for glyph in laid_out(&sheet) {
            if let Some(place) = self.ascii.get_mut(glyph.chr as usize) {
                *place = placed_on_line(glyph, self.baseline, self.pitch, pixels);
            }
        }
        self.pairs.prepare(ctx, font, &self.ascii, self.pitch);
        self.sheet = Some(sheet);
    }

    /// The quad of two ASCII characters, where there is one.
    #[inline]
    pub(super) fn pair(&self, first: u8, second: u8) -> Option<&Glyph> {
        self.pairs.get(first, second)
    }

    /// The quad of an ASCII character.
    #[inline]
    pub(super) fn ascii(&self, character: u8) -> &Glyph {
        &self.ascii[usize::from(character & 0x7f)]
    }

    /// The character's quad; `None` when it is not laid out yet. It will be after [`Self::fetch_wanted`].
    #[inline]
    pub(super) fn get(&mut self, character: char) -> Option<&Glyph> {
        if character.is_ascii() { Some(self.ascii(character as u8)) } else { self.get_other(character) }
    }

    /// The quads of a text whose characters are no cells of their own, from its upper left corner on; `None` when it is
    /// not laid out yet. `Some(None)` when each of its characters stands alone.
    pub(super) fn get_line(&mut self, text: &str) -> Option<Option<&[Glyph]>> {
        if !text.chars().any(shaped_lines::is_shaped) {
            return Some(None);
        }
        self.lines.get(text).map(Some)
    }

    /// Whether a character was drawn as a box, because no font has it.
    pub(super) fn is_missing(&self, character: char) -> bool {
        self.others.get(&character).is_some_and(|glyph| glyph.is_box)
    }

    fn get_other(&mut self, character: char) -> Option<&Glyph> {
        let known = self.others.get(&character);
        if known.is_none() {
            self.wanted.push(character);
            self.wanted.push('\n');
        }
        known
    }

    /// Lays out what was asked for and not there; says whether there was any, so that the caller draws again.
    pub(super) fn fetch_wanted(&mut self, ctx: &Context) -> bool {
        if self.lines.is_waiting() {
            let font = &self.font;
            self.lines.fetch(self.baseline, self.pitch, |text| {
                ctx.fonts_mut(|fonts| {
                    fonts.layout_no_wrap(visual(text).into_owned(), font.clone(), Color32::WHITE)
                })
            });
        } else if self.wanted.is_empty() {
            return false;
        }
        if self.others.len() > MAX_OTHERS {
            self.others.clear();
        }
        let mut text = std::mem::take(&mut self.wanted);
        let stranger = self.stranger(ctx);
        // What no font has is not asked for again.
        self.others.extend(text.chars().map(|character| (character, stranger)));
        let font = &self.font;
        let galley = ctx.fonts_mut(|fonts| {
            text.retain(|character| character == '\n' || fonts.has_glyph(font, character));
            fonts.layout_no_wrap(text, font.clone(), Color32::WHITE)
        });
        for glyph in laid_out(&galley) {
            let placed = placed_on_line(glyph, self.baseline, self.pitch, galley.pixels_per_point);
            self.others.insert(glyph.chr, placed);
        }
        true
    }

    /// What stands for a character that no font has: a box, which no dot is taken for.
    fn stranger(&self, ctx: &Context) -> Glyph {
        const BOX: char = '□';
        let has_box = ctx.fonts_mut(|fonts| fonts.has_glyph(&self.font, BOX));
        if !has_box {
            return self.ascii[usize::from(b'?')];
        }
        let galley =
            ctx.fonts_mut(|fonts| fonts.layout_no_wrap(BOX.to_string(), self.font.clone(), Color32::WHITE));
        let glyph = laid_out(&galley).next();
        glyph.map_or(self.ascii[usize::from(b'?')], |glyph| {
            let placed = placed_on_line(glyph, self.baseline, self.pitch, galley.pixels_per_point);
            Glyph { is_box: true, ..placed }
        })
    }

    /// The galley that the places belong to.
    pub(super) fn sheet(&self) -> Option<&Arc<Galley>> {
        self.sheet.as_ref()
    }

    /// A digit's width: whole physical pixels, in points.
    pub(super) fn pitch(&self) -> f32 {
        self.pitch
    }

    /// A line's height: whole physical pixels, in points.
    pub(super) fn line_height(&self) -> f32 {
        self.line_height
    }
}

fn laid_out(galley: &Galley) -> impl Iterator<Item = &LaidOut> {
    galley.rows.iter().filter_map(|row| row.glyphs.first())
}
