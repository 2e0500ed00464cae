//! A typed pane: the table of an array, or a table of plain values of one type in its place.

use super::values::PlainValues;
use crate::session::arrays::ArrayView;

/// What a typed pane shows.
#[derive(Clone, Debug)]
pub struct TypedPane {
    /// The plain values, which wait while an array is shown.
    pub values: PlainValues,
    /// Boxed, as most panes show none.
    pub array: Option<Box<ArrayView>>,
    /// The number of the entry of the file's container that is shown.
    pub entry: Option<u32>,
    /// How often another array, or none, came on the screen here.
    pub(in crate::session) shows: u64,
}

impl TypedPane {
    /// A pane of plain values.
    pub fn new(values: PlainValues) -> Self {
        Self { values, array: None, entry: None, shows: 0 }
    }

    /// Shows an array, or the plain values again. `entry` is the array's number in the file's container.
    pub(in crate::session) fn put(&mut self, array: Option<ArrayView>, entry: Option<u32>) {
        self.shows += 1;
        self.entry = entry;
        let room = self.array.take().map(|old| old.room());
        self.array = array.map(Box::new);
        if let (Some(room), Some(view)) = (room, &mut self.array) {
            view.measure(room, &[]);
        }
    }
}
