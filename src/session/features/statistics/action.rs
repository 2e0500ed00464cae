//! What the panel of statistics asks.

use super::table::StatisticsColumn;

/// What the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatisticsView {
    /// What is selected or shown.
    #[default]
    Selection,
    /// All arrays of the container in front.
    Arrays,
    /// Lines along an axis of what is selected or shown of an array.
    Axis,
}

/// What the panel asks.
#[derive(Clone, Debug)]
pub enum StatisticsAction {
    View(StatisticsView),
    /// How many bins the histogram has; `None` for as many as suit the values.
    Bins(Option<usize>),
    /// Whether the counts of the histogram are drawn by their logarithm.
    Logarithmic(bool),
    /// Calculate, though there is much to read, or go on after a stop.
    Calculate,
    /// Go to the element with this number.
    GoTo(u64),
    /// List all elements of a bin.
    FindBin(usize),
    /// Measure along this axis.
    Along(usize),
    /// Choose the row of the table that is shown at this place.
    Choose(u64),
    /// Open it: the array, with the caret on its first NaN.
    Open(u64),
    /// Put the rows in the order of a column, the other way round, or in that of the file.
    Sort(StatisticsColumn),
    Close,
}
