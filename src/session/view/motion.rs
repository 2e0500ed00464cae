//! Where a key leads: pure functions from a selection to the next.
//!
//! No bytes are looked at and nothing is scrolled; whoever applies a motion reveals the caret afterwards.

use super::row_map::RowMap;
use super::selection::Selection;

/// A move of the caret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One cell; from a selection to its start.
    Left,
    /// One cell; from a selection to its end.
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    /// First cell of the row.
    RowStart,
    /// Last cell of the row; after the last byte on the last row.
    RowEnd,
    /// First byte of the view.
    Start,
    /// After the last byte.
    End,
    /// To the previous start of a group, or of 8 bytes where cells are not grouped.
    WordLeft,
    /// To the next start of a group, or of 8 bytes where cells are not grouped.
    WordRight,
}

/// What `selection` becomes; with `extend` (Shift) its anchor stays. `page_rows` is how many whole rows the
/// window shows.
#[must_use]
pub fn moved(selection: &Selection, motion: Motion, extend: bool, map: &RowMap, page_rows: u64) -> Selection {
    let mut next = Selection::caret_at(target(selection, motion, extend, map, page_rows), selection.column);
    if extend {
        next.anchor = selection.anchor;
    }
    next
}

fn target(selection: &Selection, motion: Motion, extend: bool, map: &RowMap, page_rows: u64) -> u64 {
    let caret = selection.caret.clamp(map.origin(), map.len());
    let page = page_rows.max(1);
    match motion {
        Motion::Left if !extend && !selection.is_empty() => map.snap(selection.span().start()),
        Motion::Right if !extend && !selection.is_empty() => map.snap(selection.span().end()),
        // The first step back from a half-typed cell is to its first digit.
        Motion::Left if selection.digit > 0 => caret,
        Motion::Left if caret > map.origin() => map.snap(caret - 1),
        Motion::Left => caret,
        Motion::Right => map.cell_at(caret).end(),
        Motion::Up => up(caret, 1, map),
        Motion::Down => down(caret, 1, map),
        Motion::PageUp => up(caret, page, map),
        Motion::PageDown => down(caret, page, map),
        Motion::RowStart => map.row_start(row_of_caret(selection, caret, map)),
        Motion::RowEnd => row_end(row_of_caret(selection, caret, map), extend, map),
        Motion::Start => map.origin(),
        Motion::End => map.len(),
        Motion::WordLeft => word_left(caret, map),
        Motion::WordRight => word_right(caret, map),
    }
}

/// The row on which the caret is seen: at the end of a selection that is the row of the last selected byte.
fn row_of_caret(selection: &Selection, caret: u64, map: &RowMap) -> u64 {
    map.row_of(selection.caret_place().offset().min(caret))
}

/// Rows up in the same column, as far as there are rows.
fn up(caret: u64, rows: u64, map: &RowMap) -> u64 {
    let rows = rows.min(map.row_of(caret));
    caret - rows * map.row_bytes()
}

/// Rows down in the same column, as far as there are rows; to the end where the last row is too short.
fn down(caret: u64, rows: u64, map: &RowMap) -> u64 {
    let rows = rows.min(map.rows() - 1 - map.row_of(caret));
    caret.saturating_add(rows.saturating_mul(map.row_bytes())).min(map.len())
}

fn row_end(row: u64, extend: bool, map: &RowMap) -> u64 {
    let end = map.row_span(row).end();
    let last_row = row + 1 == map.rows();
    if extend || last_row || end == map.origin() { end } else { map.snap(end - 1) }
}

fn word_left(caret: u64, map: &RowMap) -> u64 {
    if caret == map.origin() {
        return caret;
    }
    let row = map.row_start(map.row_of(caret - 1));
    let into = caret - 1 - row;
    map.snap(row + into - into % map.word_bytes())
}

fn word_right(caret: u64, map: &RowMap) -> u64 {
    let row = map.row_start(map.row_of(caret));
    let into = caret - row;
    let next = row.saturating_add(into - into % map.word_bytes()).saturating_add(map.word_bytes());
    next.min(row.saturating_add(map.row_bytes())).min(map.len())
}
