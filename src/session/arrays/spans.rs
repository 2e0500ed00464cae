//! The bytes of a selected block, as far as a window of bytes goes: what a pane of bytes marks. And the other way: the
//! row that shows some bytes, for the marks on the scroll bar.
//!
//! Rows and elements that touch the window are found by division, in bytes or, of types that share bytes, in elements;
//! only the fields of a record are gone through. A block of any size costs what is seen of it.

use super::block::Block;
use super::table::{Across, Table};
use crate::bytes::Span;
use crate::decode::dtype::Leaf;
use std::ops::RangeInclusive;

/// Spans that a window is told of at most; a screen has no more bytes.
const MOST: usize = 16 << 10;
/// Numbers that are tried at most: the division is at most one off at each end, and bytes may lie in a gap.
const FEW: usize = 4;

/// Adds the bytes of the block's items that touch `within`, in order.
pub fn add_spans(table: &Table, block: &Block, within: Span, out: &mut Vec<Span>) {
    if table.is_empty() || within.is_empty() {
        return;
    }
    if let Some(run) = table.run_of(block) {
        out.extend(overlap(run, within));
        return;
    }
    let from = out.len();
    match table.across() {
        Across::Fields(_) => add_fields(table, block, within, out),
        _ => add_items(table, block, within, out),
    }
    out[from..].sort_unstable_by_key(|span| span.start());
}

/// Items a step apart, `count` of them.
#[derive(Clone, Copy, Debug)]
struct Steps {
    step: i128,
    count: u64,
}

impl Steps {
    /// The numbers of those that may touch `start..end`, when the first one goes from `low` to `high`.
    fn touching(self, (low, high): (i128, i128), (start, end): (i128, i128)) -> RangeInclusive<u64> {
        let last = i128::from(self.count.saturating_sub(1));
        let (from, to) = match self.step {
            // All are the same.
            0 => (0, 0),
            step if step > 0 => ((start - high).div_euclid(step), (end - low).div_euclid(step) + 1),
            step => ((low - end).div_euclid(-step), (high - start).div_euclid(-step) + 1),
        };
        from.clamp(0, last) as u64..=to.clamp(0, last) as u64
    }

    fn at(self, number: u64) -> i128 {
        i128::from(number) * self.step
    }

    /// The first of those that touch `start..end`, when the first of all is `base..base + size`.
    fn first_touching(self, base: i128, size: i128, (start, end): (i128, i128)) -> Option<u64> {
        let touches = |number: &u64| {
            let at = base + self.at(*number);
            at < end && at + size > start
        };
        self.touching((base, base + size), (start, end)).take(FEW).find(touches)
    }

    /// From the least start to the greatest end of all, the first one being `0..size`.
    fn extent(self, size: i128) -> (i128, i128) {
        let last = self.at(self.count.saturating_sub(1));
        (last.min(0), last.max(0) + size)
    }
}

/// The items of an axis or two. The axis whose items lie farther apart is gone through first, so that few of its rows
/// touch the window.
fn add_items(table: &Table, block: &Block, within: Span, out: &mut Vec<Span>) {
    let (mut first, rows, columns) = table.steps();
    let (mut outer, mut inner) = match table.across() {
        Across::Wrapped(width) => {
            let (from, to) = block.items(*width);
            first += i128::from(from) * columns;
            (Steps { step: 0, count: 1 }, Steps { step: columns, count: to - from + 1 })
        }
        _ => {
            let ((top, bottom), (left, right)) = (block.rows(), block.columns());
            first += i128::from(top) * rows + i128::from(left) * columns;
            (Steps { step: rows, count: bottom - top + 1 }, Steps { step: columns, count: right - left + 1 })
        }
    };
    if inner.step.abs() > outer.step.abs() && outer.count > 1 {
        std::mem::swap(&mut outer, &mut inner);
    }
    let unit = Unit::of(table);
    let wanted = unit.of_bytes(within);
    let (low, high) = inner.extent(unit.size);
    let most = out.len() + MOST;
    for number in outer.touching((first + low, first + high), wanted).take(MOST) {
        let base = first + outer.at(number);
        if inner.step.abs() <= unit.dense {
            push(unit.bytes(base + low, base + high), within, out);
            continue;
        }
        for number in inner.touching((base, base + unit.size), wanted) {
            let at = base + inner.at(number);
            push(unit.bytes(at, at + unit.size), within, out);
            if out.len() > most {
                return;
            }
        }
    }
}

/// What places are counted in: bytes, or items of a type whose items share bytes.
#[derive(Debug)]
struct Unit {
    /// Where the groups of such items begin, the bytes of one and its items.
    groups: Option<(i128, i128, i128)>,
    size: i128,
    /// Items at most so far apart leave no byte out.
    dense: i128,
}

impl Unit {
    fn of(table: &Table) -> Self {
        let (item, offset) = (&table.array().item, i128::from(table.array().offset));
        let (bytes, items) = (i128::from(item.group_bytes()), i128::from(item.group_items()));
        if item.shares_bytes() {
            Self { groups: Some((offset, bytes.max(1), items)), size: 1, dense: items }
        } else {
            Self { groups: None, size: bytes, dense: bytes }
        }
    }

    fn of_bytes(&self, span: Span) -> (i128, i128) {
        let (start, end) = (i128::from(span.start()), i128::from(span.end()));
        match self.groups {
            None => (start, end),
            Some((offset, bytes, items)) => (
                (start - offset).div_euclid(bytes) * items,
                ((end - 1 - offset).div_euclid(bytes) + 1) * items,
            ),
        }
    }

    fn bytes(&self, from: i128, to: i128) -> Option<Span> {
        let (from, to) = match self.groups {
            None => (from, to),
            Some((offset, bytes, items)) => {
                (offset + from.div_euclid(items) * bytes, offset + ((to - 1).div_euclid(items) + 1) * bytes)
            }
        };
        Some(Span::between(u64::try_from(from).ok()?, u64::try_from(to).ok()?))
    }
}

/// The shown fields of records, each at its own place.
fn add_fields(table: &Table, block: &Block, within: Span, out: &mut Vec<Span>) {
    let ((top, bottom), (left, right)) = (block.rows(), block.columns());
    let fields: Vec<Span> =
        (left..=right).filter_map(|column| Some(table.cell(top, column)?.place.span)).collect();
    let low = fields.iter().map(|span| span.start()).min().unwrap_or(0);
    let high = fields.iter().map(|span| span.end()).max().unwrap_or(0);
    let rows = Steps { step: table.steps().1, count: bottom - top + 1 };
    let wanted = (i128::from(within.start()), i128::from(within.end()));
    let most = out.len() + MOST;
    for number in rows.touching((low.into(), high.into()), wanted).take(MOST) {
        let at = rows.at(number);
        for field in &fields {
            let start = u64::try_from(i128::from(field.start()) + at).ok();
            push(start.and_then(|start| Span::at(start, field.len())), within, out);
        }
        if out.len() > most {
            return;
        }
    }
}

/// Adds what of a span is wanted; to the one before, where it goes on from there.
fn push(span: Option<Span>, within: Span, out: &mut Vec<Span>) {
    let Some(span) = span.and_then(|span| overlap(span, within)) else { return };
    match out.last_mut().filter(|last| (last.start()..=last.end()).contains(&span.start())) {
        Some(last) => *last = Span::between(last.start(), last.end().max(span.end())),
        None => out.push(span),
    }
}

fn overlap(span: Span, within: Span) -> Option<Span> {
    Span::new(span.start().max(within.start()), span.end().min(within.end())).filter(|span| !span.is_empty())
}

/// Finds the row that shows given bytes; a table of any size costs the same.
#[derive(Debug)]
pub struct RowFinder {
    unit: Unit,
    origin: i128,
    rows: Steps,
    cells: RowParts,
}

/// What a row is made of.
#[derive(Debug)]
enum RowParts {
    /// Nothing at all.
    None,
    /// So many of the elements that run on from row to row.
    Wrapped(u64, Steps),
    Columns(Steps),
    /// The bytes of the shown fields, in order and apart, from the record's start on.
    Fields(Vec<(i128, i128)>),
}

impl RowFinder {
    /// For the elements that `table` shows.
    pub fn new(table: &Table) -> Self {
        let (origin, row_step, column_step) = table.steps();
        let columns = Steps { step: column_step, count: table.columns() };
        let cells = match table.across() {
            _ if table.is_empty() => RowParts::None,
            Across::Wrapped(width) => {
                let last = Block::all(table).items(*width).1;
                RowParts::Wrapped(*width, Steps { count: last + 1, ..columns })
            }
            Across::Axis(_) => RowParts::Columns(columns),
            Across::Fields(leaves) => {
                let mut fields: Vec<(i128, i128)> = Vec::with_capacity(leaves.len());
                let bytes =
                    |leaf: &Leaf| (leaf.offset.into(), i128::from(leaf.offset + leaf.item.group_bytes()));
                let mut all: Vec<_> = leaves.iter().map(bytes).collect();
                all.sort_unstable();
                for (start, end) in all {
                    match fields.last_mut().filter(|last| start <= last.1) {
                        Some(last) => last.1 = last.1.max(end),
                        None => fields.push((start, end)),
                    }
                }
                RowParts::Fields(fields)
            }
        };
        Self { unit: Unit::of(table), origin, rows: Steps { step: row_step, count: table.rows() }, cells }
    }

    /// The first row that shows one of these bytes, or the byte after an empty span; `None` when no row does.
    pub fn first_row(&self, bytes: Span) -> Option<u64> {
        let bytes = Span::at(bytes.start(), bytes.len().max(1))?;
        let (origin, size, wanted) = (self.origin, self.unit.size, self.unit.of_bytes(bytes));
        match &self.cells {
            RowParts::None => None,
            RowParts::Wrapped(width, items) => {
                items.first_touching(origin, size, wanted).map(|number| number / width)
            }
            // As in `add_items` the axis whose items lie farther apart is gone through first.
            RowParts::Columns(columns) if columns.step.abs() > self.rows.step.abs() && columns.count > 1 => {
                let reach = self.rows.extent(size);
                let outer = columns.touching((origin + reach.0, origin + reach.1), wanted).take(FEW);
                let row = |column| self.rows.first_touching(origin + columns.at(column), size, wanted);
                outer.filter_map(row).min()
            }
            RowParts::Columns(columns) => {
                let reach = columns.extent(size);
                let mut outer = self.rows.touching((origin + reach.0, origin + reach.1), wanted).take(FEW);
                outer.find(|row| columns.first_touching(origin + self.rows.at(*row), size, wanted).is_some())
            }
            RowParts::Fields(fields) => {
                let (low, high) = (fields.first()?.0, fields.last()?.1);
                let mut rows = self.rows.touching((origin + low, origin + high), wanted).take(FEW);
                rows.find(|row| {
                    let record = origin + self.rows.at(*row);
                    let next = fields.partition_point(|(_, end)| record + end <= wanted.0);
                    fields.get(next).is_some_and(|(start, _)| record + start < wanted.1)
                })
            }
        }
    }
}
