//! Painting that rows of bytes and rows of a table share: stripes, marks, hatching, texts that an edge cuts.

use super::clipped_text::Sight;
use super::frame::GridFrame;
use super::glyph_table::GlyphTable;
use super::mesh::Quads;
use crate::session::view::rows::Flags;
use crate::ui::theme::DataColors;
use egui::{Color32, Pos2, Rect, pos2};

/// Buffers and targets of the painting.
pub(super) struct Canvas<'a> {
    pub(super) quads: &'a mut Quads,
    pub(super) glyphs: &'a mut GlyphTable,
    pub(super) text: &'a mut String,
}

impl Canvas<'_> {
    /// A character, `at` being the upper left corner of its line.
    #[inline]
    pub(super) fn character(&mut self, at: Pos2, character: char, color: Color32) {
        self.quads.character(self.glyphs, at, character, color);
    }

    /// A line of text.
    #[inline]
    pub(super) fn line(&mut self, at: Pos2, text: &str, pitch: f32, color: Color32) {
        self.quads.line(self.glyphs, at, text, pitch, color);
    }

    /// What is seen of a text that an edge of the view cuts.
    pub(super) fn cut_line(&mut self, sight: &Sight, top: f32, text: &str, color: Color32) {
        let mut seen = std::mem::take(self.text);
        if let Some(from) = sight.cut(text, &mut seen) {
            self.line(pos2(from, top), &seen, sight.pitch, color);
        }
        *self.text = seen;
    }

    /// Every second row has a ground of its own.
    pub(super) fn stripes(&mut self, frame: &GridFrame, area: Rect, colors: &DataColors) {
        for row in frame.seen_rows().filter(|row| row % 2 == 1) {
            let top = frame.y_of(row);
            let rect = Rect::from_x_y_ranges(area.x_range(), top..=top + frame.row_height);
            self.quads.rect(rect.intersect(area), colors.row_stripe);
        }
    }

    /// A changed value is told by more than its colour.
    pub(super) fn underline(
        &mut self,
        frame: &GridFrame,
        (left, right): (f32, f32),
        row_top: f32,
        colors: &DataColors,
    ) {
        let bottom = row_top + frame.row_height;
        let rect = Rect::from_min_max(pos2(left, bottom - frame.thick(1.5)), pos2(right, bottom));
        self.quads.rect(rect, colors.changed_mark);
    }

    /// What is behind marked cells. `selection` is the colour of those that are selected.
    pub(super) fn background(
        &mut self,
        rect: Rect,
        flags: Flags,
        pixel: f32,
        selection: Color32,
        colors: &DataColors,
    ) {
        let color = if flags.any(Flags::CURRENT) {
            Some(colors.found_current_bg)
        } else if flags.any(Flags::SELECTED) {
            Some(selection)
        } else if flags.any(Flags::FOUND) {
            Some(colors.found_bg)
        } else if flags.any(Flags::STRING) {
            Some(colors.string_bg)
        } else {
            None
        };
        if let Some(color) = color {
            self.quads.rect(rect, color);
        }
        if flags.any(Flags::FAILED) {
            self.hatch(rect, pixel, colors.failed_hatch.gamma_multiply(0.5));
        }
    }

    /// Slanted lines over `rect`.
    fn hatch(&mut self, rect: Rect, pixel: f32, color: Color32) {
        const STEP: f32 = 6.0;
        let (width, height) = (pixel.max(1.0), rect.height());
        // In the window's own rhythm, so that the lines of neighbouring runs and rows meet.
        let mut foot = ((rect.left() - height + rect.top()) / STEP).ceil() * STEP - rect.top();
        while foot < rect.right() {
            // The line goes up to the right, one to one; it is cut where it leaves the rectangle.
            let from = (rect.left() - foot).max(0.0);
            let to = (rect.right() - width - foot).min(height);
            if from < to {
                let at = |along: f32| pos2(foot + along, rect.bottom() - along);
                let (low, high) = (at(from), at(to));
                let right = |pos: Pos2| pos2(pos.x + width, pos.y);
                self.quads.push([high, right(high), low, right(low)], color);
            }
            foot += STEP;
        }
    }
}

/// The colour of a value or a byte that has this one when nothing marks it.
#[inline]
pub(super) fn foreground(flags: Flags, ordinary: Color32, colors: &DataColors) -> Color32 {
    if flags.is_empty() {
        ordinary
    } else if flags.any(Flags::MISSING) {
        colors.unavailable
    } else if flags.any(Flags::FAILED) {
        colors.failed_hatch
    } else if flags.any(Flags::CURRENT) {
        colors.found_current_fg
    } else if flags.any(Flags::CHANGED) {
        colors.changed
    } else {
        ordinary
    }
}
