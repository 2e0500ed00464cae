//! Text laid out as NumPy prints an array: rows in brackets, an empty line between tables.
//!
//! Every value is there and in full: nothing is left out, nothing rounded. Columns are aligned while there are few
//! values; of more the width of the widest would have to be known before the first is written.

use super::nest::{Nest, empty};
use super::values::for_each;
use super::{Export, ExportError};
use crate::decode::NumberStyle;
use std::io::Write;

/// Values up to which columns are aligned; NumPy leaves values out beyond.
const ALIGNED: u64 = 1000;

pub(super) fn write(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let array = export.array;
    if array.items() == 0 {
        return Ok(writeln!(out, "{}", empty(&array.shape, "[", "]")?)?);
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
