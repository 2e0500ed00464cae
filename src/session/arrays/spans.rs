//! The bytes of a selected block, as far as a window of bytes goes: what the view of bytes marks.
//!
//! Places are found by division, not by a walk over the block, so that a block of any size costs what is seen of it.

use super::cells::Block;
use super::table::{Across, Table};
use crate::bytes::Span;

/// Spans that a window is told of at most; a screen has no more bytes.
const MOST: usize = 16 << 10;

/// Adds the bytes of the block's items that touch `within`, row by row.
pub fn add_spans(table: &Table, block: &Block, within: Span, out: &mut Vec<Span>) {
    if table.is_empty() || within.is_empty() {
        return;
    }
    if let Some(run) = table.run_of(block) {
        out.extend(overlap(run, within));
        return;
    }
    let from = out.len();
    let (columns, rows) = (block.columns(), block.rows());
    let columns =
        if matches!(table.across(), Across::Wrapped(_)) { (0, table.columns() - 1) } else { columns };
    let Some((low, high)) = extent(table, rows.0, columns) else { return };
    let step = row_step(table, rows);
    for row in touched(rows, step, (low, high), within) {
        let columns = block.columns_in(row, table).unwrap_or(columns);
        add_row(table, row, columns, within, out);
        if out.len() - from > MOST {
            break;
        }
    }
    let added = &mut out[from..];
    added.sort_unstable_by_key(|span| span.start());
}

/// First and last byte of a row's cells between two columns.
fn extent(table: &Table, row: u64, (left, right): (u64, u64)) -> Option<(i128, i128)> {
    let ends = match table.across() {
        Across::Fields(_) => (left..=right).filter_map(|column| table.cell(row, column)).collect::<Vec<_>>(),
        _ => [left, right].into_iter().filter_map(|column| table.cell(row, column)).collect(),
    };
    let low = ends.iter().map(|cell| i128::from(cell.place.span.start())).min()?;
    let high = ends.iter().map(|cell| i128::from(cell.place.span.end())).max()?;
    Some((low, high))
}

/// Bytes from one row to the next; 0 where values share bytes, whose rows may be no whole number of them apart.
fn row_step(table: &Table, rows: (u64, u64)) -> i128 {
    if table.array().item.shares_bytes() {
        return 0;
    }
    let start = |row: u64| table.cell(row, 0).map(|cell| i128::from(cell.place.span.start()));
    match (start(rows.0), start(rows.0 + 1)) {
        (Some(first), Some(second)) => second - first,
        _ => 0,
    }
}

/// The rows of a block whose first row lies between `low` and `high` that may touch `within`.
fn touched(
    rows: (u64, u64),
    step: i128,
    (low, high): (i128, i128),
    within: Span,
) -> impl Iterator<Item = u64> {
    let (start, end) = (i128::from(within.start()), i128::from(within.end()));
    let last = i128::from(rows.1 - rows.0);
    let (from, to) = match step {
        0 => (0, last.min(MOST as i128)),
        step if step > 0 => ((start - high).div_euclid(step), (end - low).div_euclid(step) + 1),
        step => ((low - end).div_euclid(-step), (high - start).div_euclid(-step) + 1),
    };
    let (from, to) = (from.clamp(0, last), to.clamp(0, last));
    (from..=to).map(move |row| rows.0 + row as u64)
}

fn add_row(table: &Table, row: u64, (left, right): (u64, u64), within: Span, out: &mut Vec<Span>) {
    let span = |column: u64| table.cell(row, column).map(|cell| cell.place.span);
    let Some((first, last)) = span(left).zip(span(right)) else { return };
    let dense = left == right || span(left + 1).is_some_and(|next| next.start() == first.end());
    if dense && !matches!(table.across(), Across::Fields(_)) {
        out.extend(overlap(Span::between(first.start(), last.end()), within));
        return;
    }
    for column in left..=right.min(left.saturating_add(MOST as u64)) {
        let Some(span) = span(column).and_then(|span| overlap(span, within)) else { continue };
        match out.last_mut().filter(|before| before.end() == span.start()) {
            Some(before) => *before = Span::between(before.start(), span.end()),
            None => out.push(span),
        }
    }
}

fn overlap(span: Span, within: Span) -> Option<Span> {
    Span::new(span.start().max(within.start()), span.end().min(within.end())).filter(|span| !span.is_empty())
}
