//! Lines of text that is more than one character a cell: scripts that are joined, marked or written from right to left.
//!
//! They are laid out as a whole by the toolkit, which shapes them, and kept as quads. Where cells are bytes (the text
//! column) each character is drawn by itself.

use super::glyph_quad::{Glyph, placed_on_line};
use egui::epaint::Galley;
use std::collections::HashMap;
use std::sync::Arc;

/// Lines that are kept at most before the table starts afresh.
const KEPT: usize = 1 << 12;
/// Characters of a line at most; the rest is not drawn, as no column is so wide.
const LONGEST: usize = 1 << 10;

/// Whether a character's form or place depends on its neighbours.
pub(super) fn is_shaped(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}'        // combining marks
        | '\u{483}'..='\u{489}'
        | '\u{590}'..='\u{10ff}'     // Hebrew, Arabic, the scripts of India and South-East Asia
        | '\u{1700}'..='\u{1cff}'
        | '\u{200b}'..='\u{200f}'    // joiners and directions
        | '\u{20d0}'..='\u{20ff}'
        | '\u{a8e0}'..='\u{abff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe00}'..='\u{fe0f}'    // which form of an emoji
        | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{11fff}'
        | '\u{1f1e6}'..='\u{1f1ff}'  // flags
        | '\u{1f3fb}'..='\u{1f3ff}'  // skin tones
    )
}

/// The lines of one font at one size.
#[derive(Debug, Default)]
pub(super) struct LineTable {
    known: HashMap<Box<str>, Vec<Glyph>>,
    wanted: Vec<Box<str>>,
}

impl LineTable {
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }

    /// The quads of a line; `None` when it is not laid out yet.
    pub(super) fn get(&mut self, text: &str) -> Option<&[Glyph]> {
        let text = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end]);
        if !self.known.contains_key(text) {
            self.wanted.push(text.into());
        }
        self.known.get(text).map(Vec::as_slice)
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Lays out what was asked for, by `lay_out`.
    pub(super) fn fetch(&mut self, baseline: f32, pitch: f32, mut lay_out: impl FnMut(&str) -> Arc<Galley>) {
        if self.known.len() > KEPT {
            self.known.clear();
        }
        for text in std::mem::take(&mut self.wanted) {
            let galley = lay_out(&text);
            let glyphs = galley.rows.iter().flat_map(|row| &row.glyphs);
            // No glyph of a line is cut: its neighbours were set to fit.
            let whole = pitch * LONGEST as f32;
            let placed = glyphs.map(|glyph| placed_on_line(glyph, baseline, whole, galley.pixels_per_point));
            let placed = placed.collect();
            self.known.insert(text, placed);
        }
    }
}
