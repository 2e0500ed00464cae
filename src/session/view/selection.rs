//! The caret and what is selected.
//!
//! As in a text editor the selection is half-open between anchor and caret, in whole cells; with anchor and
//! caret at one place nothing is selected and the caret sits on a byte. So Shift+Right selects the byte that
//! the caret was on, and a drag from one byte to another selects both. At the end of a selection made forwards
//! the caret is shown after the last selected byte ([`CaretPlace::After`]), not on the next one, which may be
//! on another row. Bytes are never looked at here.

use super::hit::{Column, Hit};
use super::row_map::RowMap;
use crate::bytes::Span;

/// Where the caret is drawn and kept in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaretPlace {
    /// On the byte at this offset, or on the empty place at the document's end.
    On(u64),
    /// At the far edge of the byte at this offset: the end of a selection.
    After(u64),
    /// At the near edge of the byte at this offset: the start of a selection.
    Before(u64),
}

impl CaretPlace {
    /// The byte that should be in sight.
    pub fn offset(self) -> u64 {
        match self {
            Self::On(offset) | Self::After(offset) | Self::Before(offset) => offset,
        }
    }
}

/// What one press of the mouse took hold of; a drag goes on in the same steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Grip {
    #[default]
    Cell,
    Group,
    Row,
}

/// The caret and what is selected. Offsets are 0 up to and including the document's length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub anchor: u64,
    pub caret: u64,
    pub column: Column,
    /// How many digits of the caret's cell are typed already.
    pub digit: u8,
    grip: Grip,
    /// What the press took hold of; empty when it was a plain click.
    held: Span,
}

impl Selection {
    /// Nothing selected, the caret at `offset`.
    pub fn caret_at(offset: u64, column: Column) -> Self {
        Self { anchor: offset, caret: offset, column, ..Self::default() }
    }

    /// `span` selected, the caret at its end.
    pub fn of(span: Span, column: Column) -> Self {
        Self::between(span.start(), span.end(), column)
    }

    /// What lies between two places selected, whichever comes first.
    pub fn between(anchor: u64, caret: u64, column: Column) -> Self {
        Self { anchor, caret, column, ..Self::default() }
    }

    /// The selected bytes; empty at the caret when there are none.
    pub fn span(&self) -> Span {
        Span::between(self.anchor, self.caret)
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.anchor == self.caret
    }

    /// Where the caret is drawn.
    pub fn caret_place(&self) -> CaretPlace {
        match self.caret.cmp(&self.anchor) {
            std::cmp::Ordering::Equal => CaretPlace::On(self.caret),
            std::cmp::Ordering::Greater => CaretPlace::After(self.caret - 1),
            std::cmp::Ordering::Less => CaretPlace::Before(self.caret),
        }
    }

    /// The same selection in whole cells of `map` and inside its bytes; after an edit or a change of format.
    #[must_use]
    pub fn snapped(mut self, map: &RowMap) -> Self {
        let old = (self.anchor, self.caret);
        let cells = Span::between(map.cell_at(self.span().start()).start(), self.cells_end(map));
        if self.is_empty() {
            self.caret = map.snap(self.caret);
            self.anchor = self.caret;
        } else if self.anchor < self.caret {
            (self.anchor, self.caret) = (cells.start(), cells.end());
        } else {
            (self.anchor, self.caret) = (cells.end(), cells.start());
        }
        if (self.anchor, self.caret) != old {
            self.digit = 0;
        }
        self
    }

    fn cells_end(&self, map: &RowMap) -> u64 {
        let end = self.span().end();
        if end > map.origin() { map.cell_at(end - 1).end() } else { map.origin() }
    }

    /// The mouse went down on `hit`: `extend` with Shift; two clicks take the group (the value in a typed view),
    /// three the row.
    #[must_use]
    pub fn press(&self, hit: Hit, extend: bool, clicks: u32, map: &RowMap) -> Self {
        let grip = match clicks {
            0 | 1 => Grip::Cell,
            2 => Grip::Group,
            _ => Grip::Row,
        };
        if extend {
            let held = if self.held.is_empty() { Span::empty_at(self.anchor) } else { self.held };
            return Self { held, grip: Grip::Cell, ..*self }.drag(hit, map);
        }
        let mut pressed =
            Self { column: hit.column, grip, ..Self::caret_at(map.snap(hit.offset), hit.column) };
        pressed.held =
            if grip == Grip::Cell { map.cell_at(hit.offset) } else { pressed.step_at(hit.offset, map) };
        if grip != Grip::Cell {
            (pressed.anchor, pressed.caret) = (pressed.held.start(), pressed.held.end());
        }
        pressed
    }

    /// The mouse, held down since [`Self::press`], is now over `hit`.
    #[must_use]
    pub fn drag(&self, hit: Hit, map: &RowMap) -> Self {
        let over = self.step_at(hit.offset, map);
        let mut dragged = Self { digit: 0, ..*self };
        if self.grip == Grip::Cell && over == self.held && self.is_empty() {
            // Still on the cell that was clicked: a click selects nothing.
            return *self;
        }
        if over.start() < self.held.start() {
            (dragged.anchor, dragged.caret) = (self.held.end(), over.start());
        } else {
            (dragged.anchor, dragged.caret) = (self.held.start(), over.end().max(self.held.end()));
        }
        dragged
    }

    fn step_at(&self, offset: u64, map: &RowMap) -> Span {
        match self.grip {
            Grip::Cell => map.cell_at(offset),
            Grip::Group if map.cell_bytes() > 1 => map.cell_at(offset),
            Grip::Group => map.group_at(offset),
            Grip::Row => map.row_span(map.row_of(offset)),
        }
    }
}
