//! Offset, hex and text, a line for every row; the layout of `hexdump -C`.

use super::ExportOptions;
use crate::decode::TextCell;
use crate::decode::hex::push_byte;
use std::fmt::Write;

pub(super) fn render(bytes: &[u8], options: &ExportOptions) -> String {
    let columns = options.columns.max(1);
    let mut text = String::with_capacity(bytes.len().div_ceil(columns) * (columns * 4 + 16));
    let mut cells = Vec::with_capacity(columns);
    for (row, line) in bytes.chunks(columns).enumerate() {
        let first = row * columns;
        // Writing to a String cannot fail.
        let _ = write!(text, "{:08x} ", options.offset.wrapping_add(first as u64));
        for column in 0..columns {
            text.push_str(if column > 0 && column % 8 == 0 { "  " } else { " " });
            match line.get(column) {
                Some(&byte) => push_byte(byte, options.upper, &mut text),
                None => text.push_str("  "),
            }
        }
        text.push_str("  |");
        cells.clear();
        options.encoding.cells(bytes, first, line.len(), &mut cells);
        text.extend(cells.iter().filter_map(|cell| match cell {
            TextCell::Char(character) => Some(*character),
            TextCell::Unprintable => Some('.'),
            TextCell::Continuation => None,
        }));
        text.push_str("|\n");
    }
    text
}
