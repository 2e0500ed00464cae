//! Which rows are on the screen: the first row as a u64 plus pixels into it, so that every position is exact
//! for every length.
//!
//! Floats only ever hold a distance of at most a page or a place on the scroll bar. The viewport does not know
//! how bytes fall into rows.

/// The position of a view. Pixels are logical ones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Viewport {
    /// The first row that is at least partly seen.
    pub top: u64,
    /// How many pixels of it are above the upper edge.
    pub sub: f32,
    /// How many pixels of the rows are left of the left edge.
    pub left: f32,
}

/// What the viewport looks at: the room on the screen and the rows there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowsArea {
    /// Rows in all.
    pub rows: u64,
    /// Pixels a row, above 0.
    pub row_height: f32,
    /// Pixels that the rows' area is high.
    pub height: f32,
}

impl RowsArea {
    /// Rows that fit in whole, at least 1.
    pub fn whole_rows(&self) -> u64 {
        ((self.height / self.row_height).floor() as u64).max(1)
    }

    /// The lowest position: the last row ends at the lower edge.
    pub fn last(&self) -> Viewport {
        let whole = (f64::from(self.height) / f64::from(self.row_height)).floor().max(0.0);
        let rest = f64::from(self.height) - whole * f64::from(self.row_height);
        let whole = whole as u64;
        if self.rows <= whole {
            return Viewport::default();
        }
        if rest <= 0.0 {
            return Viewport { top: self.rows - whole, ..Viewport::default() };
        }
        Viewport { top: self.rows - whole - 1, sub: self.row_height - rest as f32, left: 0.0 }
    }
}

impl Viewport {
    /// The nearest position inside the rows.
    #[must_use]
    pub fn clamped(self, pane: &RowsArea) -> Self {
        let last = pane.last();
        let sub = if self.sub.is_finite() { self.sub.clamp(0.0, pane.row_height.next_down()) } else { 0.0 };
        if (self.top, sub) > (last.top, last.sub) {
            return Self { left: self.left, ..last };
        }
        Self { sub, ..self }
    }

    /// How far the rows are moved to the left, as a position in a strip of steps that are `step` wide.
    #[must_use]
    pub fn across(&self, step: f32) -> Self {
        let steps = (self.left / step).floor().max(0.0);
        Self { top: steps as u64, sub: self.left - steps * step, left: 0.0 }
    }

    /// The same back: pixels from the left edge of a strip.
    pub fn left_of(&self, step: f32) -> f32 {
        self.top as f32 * step + self.sub
    }

    /// `pixels` further down (up when negative).
    #[must_use]
    pub fn scrolled(self, pixels: f64, pane: &RowsArea) -> Self {
        let height = f64::from(pane.row_height);
        let from_top = f64::from(self.sub) + pixels;
        let rows = (from_top / height).floor();
        let sub = (from_top - rows * height).clamp(0.0, height) as f32;
        // The cast saturates, which is what a distance beyond all rows means.
        let rows = rows as i64;
        match self.top.checked_add_signed(rows) {
            Some(top) => Self { top, sub, ..self }.clamped(pane),
            None if rows < 0 => Self { top: 0, sub: 0.0, ..self },
            None => Self { left: self.left, ..pane.last() },
        }
    }

    /// Whole rows further down (up when negative).
    #[must_use]
    pub fn scrolled_rows(self, rows: i64, pane: &RowsArea) -> Self {
        let top = self.top.saturating_add_signed(rows);
        let sub = if rows < 0 && self.top < rows.unsigned_abs() { 0.0 } else { self.sub };
        Self { top, sub, ..self }.clamped(pane)
    }

    /// How far down the view is: 0.0 at the top, 1.0 at the lowest position.
    pub fn fraction(&self, pane: &RowsArea) -> f64 {
        let last = pane.last();
        let rows = |at: &Self| at.top as f64 + f64::from(at.sub / pane.row_height);
        if last.top == 0 && last.sub <= 0.0 { 0.0 } else { (rows(self) / rows(&last)).clamp(0.0, 1.0) }
    }

    /// The position at `fraction` of the scroll bar; 0.0 and 1.0 are exactly the ends.
    #[must_use]
    pub fn at_fraction(self, fraction: f64, pane: &RowsArea) -> Self {
        let last = pane.last();
        if fraction >= 1.0 {
            return Self { left: self.left, ..last };
        }
        let rows = (last.top as f64 + f64::from(last.sub / pane.row_height)) * fraction.max(0.0);
        // f64 rounds above 2^53, so the row may come out beyond the last one.
        let top = (rows.floor() as u64).min(last.top);
        let sub = ((rows - rows.floor()) * f64::from(pane.row_height)) as f32;
        Self { top, sub, ..self }.clamped(pane)
    }

    /// Moved as little as possible so that `row` is wholly seen with `margin` rows above and below it where
    /// there are any.
    #[must_use]
    pub fn revealing(self, row: u64, margin: u64, pane: &RowsArea) -> Self {
        let whole = pane.whole_rows();
        let margin = margin.min(whole.saturating_sub(1) / 2);
        let first = row.saturating_sub(margin);
        let last = row.saturating_add(margin).min(pane.rows.saturating_sub(1));
        if first < self.top || (first == self.top && self.sub > 0.0) {
            return Self { top: first, sub: 0.0, ..self }.clamped(pane);
        }
        // The lowest row is seen in whole when the view ends at or below its lower edge.
        let until = RowsArea { rows: last.saturating_add(1), ..*pane }.last();
        if (self.top, self.sub) < (until.top, until.sub) {
            return Self { left: self.left, ..until }.clamped(pane);
        }
        self.clamped(pane)
    }

    /// `row` a third down the window, for jumps to somewhere else; stays when the row is seen already.
    #[must_use]
    pub fn jumped_to(self, row: u64, pane: &RowsArea) -> Self {
        let seen = self.revealing(row, 0, pane);
        if seen == self.clamped(pane) {
            return seen;
        }
        Self { top: row.saturating_sub(pane.whole_rows() / 3), sub: 0.0, ..self }.clamped(pane)
    }

    /// The row under `y`, pixels below the upper edge; above and below the area the rows go on. At most the
    /// last row.
    pub fn row_at(&self, y: f32, pane: &RowsArea) -> u64 {
        let rows = ((f64::from(y) + f64::from(self.sub)) / f64::from(pane.row_height)).floor();
        self.top.saturating_add_signed(rows as i64).min(pane.rows.saturating_sub(1))
    }

    /// Pixels from the upper edge to the upper edge of `row`; meant for rows near the screen.
    pub fn y_of(&self, row: u64, pane: &RowsArea) -> f32 {
        let rows = if row >= self.top { (row - self.top) as f64 } else { -((self.top - row) as f64) };
        (rows * f64::from(pane.row_height) - f64::from(self.sub)) as f32
    }

    /// How many rows are at least partly seen.
    pub fn seen_rows(&self, pane: &RowsArea) -> u64 {
        let rows =
            ((f64::from(pane.height) + f64::from(self.sub)) / f64::from(pane.row_height)).ceil() as u64;
        rows.min(pane.rows.saturating_sub(self.top))
    }
}
