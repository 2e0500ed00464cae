//! Tables: CSV, tab-separated, Markdown. The last axis runs along the rows; the axes before it follow one another.
//!
//! A record is a row, a field a column, with the names of the fields in the first line. Strings are written as they
//! are, in quotes where RFC 4180 wants them; bytes that are no text as `b'\\xff'`.

use super::values::{bound_empty, for_each};
use super::{Export, ExportError};
use crate::decode::dtype::{ItemType, Leaf};
use crate::decode::{DType, Element, NumberStyle};
use crate::escape;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// Columns of a record at most.
const MOST_FIELDS: usize = 4096;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Commas,
    Tabs,
    Markdown,
}

pub(in crate::export) fn write(export: &Export<'_>, out: &mut dyn io::Write) -> Result<(), ExportError> {
    table(export, Style::Commas, out)
}

pub(in crate::export) fn write_tabs(export: &Export<'_>, out: &mut dyn io::Write) -> Result<(), ExportError> {
    table(export, Style::Tabs, out)
}

pub(in crate::export) fn markdown(export: &Export<'_>, out: &mut dyn io::Write) -> Result<(), ExportError> {
    table(export, Style::Markdown, out)
}

fn table(export: &Export<'_>, style: Style, out: &mut dyn io::Write) -> Result<(), ExportError> {
    if export.array.items() == 0 {
        return Ok(());
    }
    bound_empty(export.array)?;
    let item = &export.array.item;
    let is_record = matches!(item, ItemType::Record(_));
    let leaves = if is_record { item.leaves(MOST_FIELDS) } else { Vec::new() };
    let along = match export.array.shape[..] {
        _ if is_record => 1,
        // A single axis stands upright, as spreadsheets have it.
        [] | [_] => 1,
        [.., last] => last,
    };
    let columns = if is_record { leaves.len() as u64 } else { along };
    if is_record {
        row(&leaves.iter().map(|leaf| Cell::name(&leaf.name)).collect::<Vec<_>>(), style, out)?;
    } else if style == Style::Markdown {
        row(&(0..columns).map(|column| Cell::name(&column.to_string())).collect::<Vec<_>>(), style, out)?;
    }
    if style == Style::Markdown {
        row(&(0..columns).map(|_| Cell::name("---")).collect::<Vec<_>>(), style, out)?;
    }
    let mut cells = Vec::new();
    for_each(export, &mut |group, place| {
        if is_record {
            let cells: Vec<Cell> = leaves.iter().map(|leaf| of_leaf(leaf, group)).collect();
            return row(&cells, style, out);
        }
        cells.push(shown(item, group, place));
        if cells.len() as u64 == along {
            row(&cells, style, out)?;
            cells.clear();
        }
        Ok(())
    })
}

fn of_leaf(leaf: &Leaf, group: &[u8]) -> Cell {
    let start = leaf.offset as usize;
    let bytes = group.get(start..start.saturating_add(leaf.item.group_bytes() as usize));
    bytes.map(|bytes| shown(&leaf.item, bytes, 0)).unwrap_or(Cell::name(""))
}

fn shown(item: &ItemType, group: &[u8], place: u32) -> Cell {
    let mut text = String::new();
    if let Some(plain) = item.plain_text(group) {
        return Cell { text: plain, is_text: true };
    }
    match item {
        ItemType::Bytes(_) => {
            // Zeros at the end are no part of the string.
            let end = group.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            text = escaped(group.get(..end).unwrap_or_default());
        }
        ItemType::Text(..) | ItemType::Void(_) | ItemType::Pascal(_) => text = escaped(group),
        ItemType::Scalar(DType { element: Element::Char, .. }) => text = escaped(group),
        _ => item.format(group, place, &NumberStyle::Shortest, &mut text),
    }
    Cell { text: without_payloads(text), is_text: false }
}

/// Numbers, of complex ones both, without the payloads of their NaNs, which other programs don't know.
fn without_payloads(mut text: String) -> String {
    const OPEN: &str = "nan(0x";
    if text.contains(['\'', '"']) {
        // Strings of a sub-array, which stay as they are.
        return text;
    }
    while let Some(at) = text.find(OPEN) {
        let Some(len) = text[at..].find(')') else { break };
        text.replace_range(at + 3..=at + len, "");
    }
    text
}

/// How a field is called in the first line of a table: its name is a file's, and may drive a terminal.
pub fn column_name(name: &str) -> Cow<'_, str> {
    escape::escaped(name)
}

/// One cell.
struct Cell {
    text: String,
    /// Whether it is a string, which may look like anything.
    is_text: bool,
}

impl Cell {
    fn name(text: &str) -> Self {
        Self { text: column_name(text).into_owned(), is_text: true }
    }
}

/// Bytes as a literal of Python in which nothing has to be quoted.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::from("b'");
    for &byte in bytes {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'.' | b'-' => text.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => _ = write!(text, "\\x{byte:02x}"),
        }
    }
    text.push('\'');
    text
}

fn row(cells: &[Cell], style: Style, out: &mut dyn io::Write) -> Result<(), ExportError> {
    let line = match style {
        Style::Commas => cells.iter().map(quoted).collect::<Vec<_>>().join(","),
        Style::Tabs => cells.iter().map(quoted).collect::<Vec<_>>().join("\t"),
        Style::Markdown => {
            let cell = |cell: &Cell| cell.text.replace(['\n', '\r'], " ").replace('|', "\\|");
            format!("| {} |", cells.iter().map(cell).collect::<Vec<_>>().join(" | "))
        }
    };
    Ok(writeln!(out, "{line}")?)
}

/// In quotes where a reader would take it for more than one cell, or for a literal of Python.
fn quoted(cell: &Cell) -> String {
    let text = &cell.text;
    let holds = text.contains([',', '"', '\n', '\r', '\t', ';']);
    let ends = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    let is_odd = cell.is_text && (text.is_empty() || text.contains(['\'', '(', ')', '[', ']']));
    if holds || ends || is_odd { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
