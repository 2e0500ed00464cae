//! Which part of an image is on the screen, and how large its elements are there.
//!
//! A place of the image is a row and a column with fractions: element `(r, c)` covers the places from `(r, c)` up to
//! `(r + 1, c + 1)`. A place of the screen is in pixels from the upper left corner of the room of the image on.

use std::ops::Range;

/// The part of an image that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum ImageView {
    /// All of it, as large as fits.
    #[default]
    Fit,
    At(ViewAt),
}

/// The place in the middle of the room, and the pixels of the screen that an element has along each axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewAt {
    pub column: f64,
    pub row: f64,
    pub across: f64,
    pub down: f64,
}

/// More pixels of the screen than this are for no element.
const LARGEST: f64 = 512.0;

/// An image on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImagePlacing {
    /// Rows and columns.
    pub shape: (u64, u64),
    /// Width and height of the room in pixels of the screen.
    pub room: (f64, f64),
    pub at: ViewAt,
    /// Whether the last column is at the left, and the last row at the top.
    pub flips: (bool, bool),
}

impl ImagePlacing {
    /// An image of so many rows and columns in a room. `is_stretched` is whether it may fill the room in both
    /// directions; elements are as wide as high otherwise.
    pub fn new(
        view: ImageView,
        (rows, columns): (u64, u64),
        (width, height): (f64, f64),
        is_stretched: bool,
        flips: (bool, bool),
    ) -> Self {
        let (rows_f, columns_f) = (rows.max(1) as f64, columns.max(1) as f64);
        let (across, down) = ((width / columns_f).min(LARGEST), (height / rows_f).min(LARGEST));
        let even = across.min(down);
        let (across, down) = if is_stretched { (across, down) } else { (even, even) };
        let fit = ViewAt { column: columns_f / 2.0, row: rows_f / 2.0, across, down };
        let at = match view {
            ImageView::Fit => fit,
            ImageView::At(at) => ViewAt {
                column: at.column.clamp(0.0, columns_f),
                row: at.row.clamp(0.0, rows_f),
                across: at.across.clamp(fit.across.min(1.0) / 2.0, LARGEST),
                down: at.down.clamp(fit.down.min(1.0) / 2.0, LARGEST),
            },
        };
        Self { shape: (rows, columns), room: (width, height), at, flips }
    }

    /// Where a place of the image, row and column, is on the screen.
    pub fn on_screen(&self, row: f64, column: f64) -> (f64, f64) {
        let sign = |is_flipped: bool| if is_flipped { -1.0 } else { 1.0 };
        let x = self.room.0 / 2.0 + (column - self.at.column) * self.at.across * sign(self.flips.0);
        let y = self.room.1 / 2.0 + (row - self.at.row) * self.at.down * sign(self.flips.1);
        (x, y)
    }

    /// The place of the image, row and column, at a place of the screen; it may be outside.
    pub fn place_at(&self, x: f64, y: f64) -> (f64, f64) {
        let sign = |is_flipped: bool| if is_flipped { -1.0 } else { 1.0 };
        let column = self.at.column + (x - self.room.0 / 2.0) / self.at.across * sign(self.flips.0);
        let row = self.at.row + (y - self.room.1 / 2.0) / self.at.down * sign(self.flips.1);
        (row, column)
    }

    /// The element at a place of the screen.
    pub fn element_at(&self, x: f64, y: f64) -> Option<(u64, u64)> {
        let (row, column) = self.place_at(x, y);
        let is_inside = row >= 0.0 && column >= 0.0;
        let element = (row as u64, column as u64);
        (is_inside && element.0 < self.shape.0 && element.1 < self.shape.1).then_some(element)
    }

    /// The element that is nearest to a place of the screen.
    pub fn nearest(&self, x: f64, y: f64) -> (u64, u64) {
        let (row, column) = self.place_at(x, y);
        let near = |at: f64, side: u64| (at.max(0.0) as u64).min(side.saturating_sub(1));
        (near(row, self.shape.0), near(column, self.shape.1))
    }

    /// The rows and the columns that are on the screen.
    pub fn visible(&self) -> (Range<u64>, Range<u64>) {
        let range = |middle: f64, pixels: f64, size: f64, side: u64| {
            let half = pixels / size / 2.0;
            let from = ((middle - half).floor().max(0.0) as u64).min(side.saturating_sub(1));
            let to = ((middle + half).ceil().max(0.0) as u64).clamp(from + 1, side.max(from + 1));
            from..to
        };
        (
            range(self.at.row, self.room.1, self.at.down, self.shape.0),
            range(self.at.column, self.room.0, self.at.across, self.shape.1),
        )
    }

    /// Another size about a place of the screen, which stays where it is.
    pub fn zoomed(&self, factor: f64, x: f64, y: f64) -> ImageView {
        let (row, column) = self.place_at(x, y);
        let (across, down) = (self.at.across * factor, self.at.down * factor);
        if !(across.is_finite() && down.is_finite() && across <= LARGEST && down <= LARGEST) {
            return ImageView::At(self.at);
        }
        let ViewAt { column: old_column, row: old_row, .. } = self.at;
        ImageView::At(ViewAt {
            column: column + (old_column - column) / factor,
            row: row + (old_row - row) / factor,
            across,
            down,
        })
    }

    /// The same part so many pixels of the screen further.
    pub fn panned(&self, x: f64, y: f64) -> ImageView {
        let (row, column) = self.place_at(self.room.0 / 2.0 - x, self.room.1 / 2.0 - y);
        ImageView::At(ViewAt { row, column, ..self.at })
    }

    /// An element is so many pixels of the screen, about the middle of the room.
    pub fn sized(&self, pixels: f64) -> ImageView {
        ImageView::At(ViewAt { across: pixels, down: pixels, ..self.at })
    }

    /// Moved no further than is needed to show an element.
    pub fn revealing(&self, row: u64, column: u64) -> ImageView {
        let moved = |at: f64, pixels: f64, size: f64, element: u64| {
            let half = pixels / size / 2.0;
            let element = element as f64;
            let least = element + 1.0 - half;
            let most = element + half;
            if least > most { element + 0.5 } else { at.clamp(least, most) }
        };
        ImageView::At(ViewAt {
            row: moved(self.at.row, self.room.1, self.at.down, row),
            column: moved(self.at.column, self.room.0, self.at.across, column),
            ..self.at
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placing(view: ImageView, flips: (bool, bool)) -> ImagePlacing {
        ImagePlacing::new(view, (100, 400), (800.0, 600.0), false, flips)
    }

    #[test]
    fn an_image_that_fits_is_in_the_middle_and_all_of_it_is_seen() {
        let placing = placing(ImageView::Fit, (false, false));
        assert_eq!((placing.at.across, placing.at.down), (2.0, 2.0));
        assert_eq!(placing.on_screen(0.0, 0.0), (0.0, 200.0));
        assert_eq!(placing.visible(), (0..100, 0..400));
        assert_eq!(placing.element_at(799.0, 399.0), Some((99, 399)));
        assert_eq!((placing.element_at(10.0, 10.0), placing.nearest(10.0, 10.0)), (None, (0, 5)));
        let stretched = ImagePlacing::new(ImageView::Fit, (100, 400), (800.0, 600.0), true, (false, false));
        assert_eq!((stretched.at.across, stretched.at.down), (2.0, 6.0));
    }

    #[test]
    fn what_is_under_the_pointer_stays_there_while_the_size_changes() {
        for flips in [(false, false), (true, false), (false, true)] {
            let before = placing(ImageView::Fit, flips);
            let after = placing(before.zoomed(8.0, 300.0, 250.0), flips);
            let [a, b] = [before, after].map(|placing| placing.place_at(300.0, 250.0));
            assert!((a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9, "{a:?} {b:?}");
            let panned = placing(after.panned(10.0, -20.0), flips);
            let moved = panned.place_at(310.0, 230.0);
            assert!((a.0 - moved.0).abs() < 1e-9 && (a.1 - moved.1).abs() < 1e-9);
            let (x, y) = panned.on_screen(moved.0, moved.1);
            assert!((x - 310.0).abs() < 1e-9 && (y - 230.0).abs() < 1e-9);
        }
    }

    #[test]
    fn an_element_is_revealed_by_the_shortest_way() {
        let near = placing(placing(ImageView::Fit, (false, false)).sized(20.0), (false, false));
        assert_eq!(near.visible(), (35..65, 180..220));
        assert_eq!(near.revealing(50, 200), ImageView::At(near.at), "it is seen");
        let moved = placing(near.revealing(50, 399), (false, false));
        assert_eq!(moved.visible().1, 360..400);
        assert_eq!(placing(near.revealing(0, 200), (false, false)).visible().0, 0..30);
    }

    #[test]
    fn no_view_leaves_the_image_or_is_too_near() {
        let wild = ViewAt { column: 1e300, row: -5.0, across: 1e30, down: 0.0 };
        let placing = placing(ImageView::At(wild), (false, false));
        assert_eq!((placing.at.column, placing.at.row, placing.at.across), (400.0, 0.0, 512.0));
        assert!(placing.at.down > 0.0);
        assert_eq!(placing.zoomed(1e9, 0.0, 0.0), ImageView::At(placing.at));
        let (rows, columns) = placing.visible();
        assert!(!rows.is_empty() && !columns.is_empty() && rows.end <= 100 && columns.end <= 400);
    }
}
