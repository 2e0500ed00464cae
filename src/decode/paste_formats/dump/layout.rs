//! What the cells of a dump may be, told from its first line.

use super::line::Line;

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    /// Pairs of hex digits, `width` bytes a cell; `swapped` when the last pair is the first byte.
    Hex { width: usize, swapped: bool },
    /// Three digits a byte, or six for two bytes, little-endian.
    Octal { width: usize },
    /// Eight digits a byte.
    Binary,
}

/// The cells, and whether no other tool writes them so.
#[derive(Clone, Copy, Debug)]
pub(super) struct DumpLayout {
    pub cells: Cells,
    pub is_sure: bool,
}

impl DumpLayout {
    /// What the cells of lines may be that begin with this one, the likeliest first.
    pub fn candidates<'a, 'b: 'a>(
        first: &Line<'_>,
        mut lines: impl Iterator<Item = &'a Line<'b>>,
    ) -> Vec<Self> {
        let Some((cell, gap)) = first.cells().next().map(|cell| (cell.text, cell.gap)) else {
            return Vec::new();
        };
        let of_debugger = cell.starts_with("0x");
        let digits = cell.strip_prefix("0x").unwrap_or(cell).len();
        let layout = |cells, is_sure| Self { cells, is_sure };
        let hex = |swapped, is_sure| layout(Cells::Hex { width: digits / 2, swapped }, is_sure);
        // The offsets of od and of hexdump without -C have six or seven digits and no colon.
        let of_od = !first.has_colon && !first.is_marked && matches!(first.offset.len(), 6 | 7);
        match digits {
            // Between tabs and without 0x they may be decimal numbers.
            2 => vec![hex(false, of_debugger || !first.rest.trim().contains('\t'))],
            // A number below 1000 in decimal looks the same; od pads octal ones with zeros.
            3 => vec![layout(Cells::Octal { width: 1 }, has_padded_cell(first))],
            6 if !first.has_colon && !of_debugger => {
                vec![layout(Cells::Octal { width: 2 }, of_od), hex(false, false), hex(true, false)]
            }
            8 if is_binary(cell) => vec![layout(Cells::Binary, false), hex(false, false), hex(true, false)],
            _ if !digits.is_multiple_of(2) || digits > 64 => Vec::new(),
            _ if of_debugger => vec![hex(true, false), hex(false, false)],
            // od has its text between angles and hexdump has none; objdump's is open, and its words are as they lie.
            _ if of_od && lines.any(|line| line.has_open_text(digits)) => {
                vec![hex(false, true), hex(true, false)]
            }
            _ if of_od => vec![hex(true, true), hex(false, false)],
            // xxd -e has longer words the other way round, and blanks before one that is not whole.
            _ if first.has_colon => vec![hex(false, digits == 4 && gap <= 2), hex(true, false)],
            _ => vec![hex(false, false), hex(true, false)],
        }
    }
}

fn is_binary(cell: &str) -> bool {
    cell.bytes().all(|bit| matches!(bit, b'0' | b'1'))
}

fn has_padded_cell(line: &Line<'_>) -> bool {
    line.cells().any(|cell| cell.text.len() == 3 && cell.text.starts_with('0'))
}
