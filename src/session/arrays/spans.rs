//! The bytes of a selected block, as far as a window of bytes goes: what the view of bytes marks.
//!
//! Rows and items that touch the window are found by division, in bytes or, of types that share bytes, in items; only
//! the fields of a record are gone through. A block of any size costs what is seen of it.

use super::cells::Block;
use super::table::{Across, Table};
use crate::bytes::Span;
use std::ops::RangeInclusive;

/// Spans that a window is told of at most; a screen has no more bytes.
const MOST: usize = 16 << 10;

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
#[derive(Clone, Copy)]
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
