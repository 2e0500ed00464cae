//! The caret among bytes and plain values: solid where the keys go and an outline elsewhere.
//!
//! On a cell it is a block, before a cell (insert mode, the ends of a selection) a bar. It does not blink.

use super::cell_paint::Canvas;
use super::frame::GridFrame;
use crate::session::describe;
use crate::session::view::{CaretPlace, Selection};
use crate::ui::theme::DataColors;
use egui::{Rect, pos2, vec2};

/// How the caret is drawn in a column.
pub(super) struct CaretLook<'a> {
    pub(super) frame: &'a GridFrame,
    pub(super) selection: &'a Selection,
    pub(super) colors: &'a DataColors,
    /// Whether typing inserts.
    pub(super) insert: bool,
    /// Whether the keys go to this column.
    pub(super) focused: bool,
}

impl CaretLook<'_> {
    /// Paints the caret over `rect`, in which `text` is, each of its characters a digit's width. The first `typed` of them
    /// are typed already.
    pub(super) fn paint(
        &self,
        canvas: &mut Canvas<'_>,
        rect: Rect,
        typed: u8,
        text: impl Iterator<Item = char>,
    ) {
        let color = if self.focused { self.colors.caret_bg } else { self.colors.caret_outline };
        let width = self.frame.thick(if self.focused { 2.0 } else { 1.0 });
        let pixel = vec2(self.frame.pixel, 0.0);
        let mut bar_at =
            |x: f32| canvas.quads.rect(Rect::from_x_y_ranges(x..=x + width, rect.y_range()), color);
        match self.selection.caret_place() {
            CaretPlace::After(_) => bar_at(rect.right()),
            CaretPlace::Before(_) => bar_at(rect.left() - width),
            CaretPlace::On(_) if self.insert && self.selection.digit == 0 => bar_at(rect.left() - width),
            CaretPlace::On(_) if !self.focused => {
                canvas.quads.outline(rect.expand2(pixel), self.frame.pixel, color);
            }
            CaretPlace::On(_) => self.block(canvas, rect, typed, text),
        }
    }

    /// The cell as a block, or the digit that is typed next with the rest of the cell outlined.
    fn block(&self, canvas: &mut Canvas<'_>, rect: Rect, typed: u8, text: impl Iterator<Item = char>) {
        let (pitch, pixel) = (self.frame.pitch, self.frame.pixel);
        let mut block = rect.expand2(vec2(pixel, 0.0));
        if typed > 0 {
            canvas.quads.outline(block, pixel, self.colors.caret_bg);
            block.min.x = rect.left() + f32::from(typed) * pitch;
            block.max.x = block.left() + pitch;
        }
        canvas.quads.rect(block, self.colors.caret_bg);
        let (mut x, top) = (rect.left(), rect.top() + self.frame.line_dy);
        for character in text {
            if block.contains(pos2(x + pitch / 2.0, top)) {
                canvas.character(pos2(x, top), character, self.colors.caret_fg);
            }
            x += pitch * describe::cells_of(character) as f32;
        }
    }
}
