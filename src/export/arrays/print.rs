//! Text laid out as NumPy prints an array: rows in brackets, an empty line between tables.
//!
//! Every value is there and in full: nothing is left out, nothing rounded. Columns are aligned while there are few
//! values; of more the width of the widest would have to be known before the first is written.
//!
//! Values without bytes are all alike, and a file of a few bytes can have any number of them. If there are many, only
//! the first and last three along each axis are written, as NumPy does.

use super::nest::{Nest, empty};
use super::values::for_each;
use super::{Export, ExportError, refused};
use crate::decode::NumberStyle;
use crate::decode::array::Array;
use std::io::Write;

/// Values up to which columns are aligned; NumPy leaves values out beyond.
const ALIGNED: u64 = 1000;

pub(in crate::export) fn write(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let array = export.array;
    if array.items() == 0 {
        return Ok(writeln!(out, "{}", empty(&array.shape, "[", "]")?)?);
    }
    if array.item.group_bytes() == 0 && array.items() > ALIGNED {
        return summary(array, out);
    }
    let mut width = 0;
    let mut text = String::new();
    if array.items() <= ALIGNED {
        for_each(export, &mut |group, item| {
            text.clear();
            array.item.format(group, item, &NumberStyle::Shortest, &mut text);
            width = width.max(text.chars().count());
            Ok(())
        })?;
    }
    let mut nest = Nest::new(&array.shape);
    let (mut line, mut closed) = (String::new(), 0);
    for_each(export, &mut |group, item| {
        let (opens, depth) = nest.opening();
        line.clear();
        if closed > 0 {
            line.extend(std::iter::repeat_n('\n', closed));
            line.extend(std::iter::repeat_n(' ', depth - opens));
        } else if opens == 0 && depth > 0 {
            line.push(' ');
        }
        line.extend(std::iter::repeat_n('[', opens));
        text.clear();
        array.item.format(group, item, &NumberStyle::Shortest, &mut text);
        let missing = width.saturating_sub(text.chars().count());
        line.extend(std::iter::repeat_n(' ', if depth == 0 { 0 } else { missing }));
        line.push_str(&text);
        closed = nest.closing();
        line.extend(std::iter::repeat_n(']', closed));
        Ok(out.write_all(line.as_bytes())?)
    })?;
    Ok(writeln!(out)?)
}

/// Places at each end of an axis that a summary shows.
const EDGE: u64 = 3;

/// The first and last items of each axis of an array whose items have no bytes.
fn summary(array: &Array, out: &mut dyn Write) -> Result<(), ExportError> {
    const MOST: u64 = 1 << 16;
    let items = array.shape.iter().fold(1_u64, |all, side| all.saturating_mul((*side).min(2 * EDGE)));
    if items > MOST {
        return refused(format!(
            "The array has {} values of size 0 along {} axes, too many to write. Export it as .npy, or export only a part.",
            array.items(),
            array.shape.len()
        ));
    }
    let mut text = String::new();
    array.item.format(&[], 0, &NumberStyle::Shortest, &mut text);
    summarised(&array.shape, 0, &text, out)?;
    Ok(writeln!(out)?)
}

/// The brackets from axis `axis` on, with each item as `text`.
fn summarised(shape: &[u64], axis: usize, text: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let Some(&side) = shape.get(axis) else { return out.write_all(text.as_bytes()) };
    let gap = match shape.len() - axis - 1 {
        0 => String::from(" "),
        inner => ["\n".repeat(inner), " ".repeat(axis + 1)].concat(),
    };
    write!(out, "[")?;
    for at in 0..side.min(2 * EDGE) {
        if at > 0 {
            write!(out, "{gap}")?;
        }
        if at == EDGE && side > 2 * EDGE {
            write!(out, "...{gap}")?;
        }
        summarised(shape, axis + 1, text, out)?;
    }
    write!(out, "]")
}
