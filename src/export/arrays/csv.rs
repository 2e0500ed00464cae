//! Tables: CSV, tab-separated, Markdown. The last axis runs along the rows; the axes before it follow one another.
//!
//! A record is a row, a field a column, with the names of the fields in the first line.

use super::values::for_each;
use super::{Export, ExportError};
use crate::decode::NumberStyle;
use crate::decode::item::{ItemType, Leaf};
use std::io::Write;

/// Columns of a record at most.
const MOST_FIELDS: usize = 4096;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Commas,
    Tabs,
    Markdown,
}

pub(super) fn write(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    table(export, Style::Commas, out)
}

pub(super) fn write_tabs(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    table(export, Style::Tabs, out)
}

pub(super) fn markdown(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    table(export, Style::Markdown, out)
}

fn table(export: &Export<'_>, style: Style, out: &mut dyn Write) -> Result<(), ExportError> {
    if export.array.items() == 0 {
        return Ok(());
    }
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
        let names: Vec<&str> = leaves.iter().map(|leaf| leaf.name.as_str()).collect();
        row(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), style, out)?;
    } else if style == Style::Markdown {
        row(&(0..columns).map(|column| column.to_string()).collect::<Vec<_>>(), style, out)?;
    }
    if style == Style::Markdown {
        row(&vec!["---".to_owned(); columns as usize], style, out)?;
    }
    let mut cells = Vec::new();
    for_each(export, &mut |group, place| {
        if is_record {
            let cells: Vec<String> = leaves.iter().map(|leaf| of_leaf(leaf, group)).collect();
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

fn of_leaf(leaf: &Leaf, group: &[u8]) -> String {
    let start = leaf.offset as usize;
    let bytes = group.get(start..start.saturating_add(leaf.item.group_bytes() as usize));
    bytes.map(|bytes| shown(&leaf.item, bytes, 0)).unwrap_or_default()
}

fn shown(item: &ItemType, group: &[u8], place: u32) -> String {
    let mut text = String::new();
    item.format(group, place, &NumberStyle::Shortest, &mut text);
    text
}

fn row(cells: &[String], style: Style, out: &mut dyn Write) -> Result<(), ExportError> {
    let line = match style {
        Style::Commas => cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","),
        Style::Tabs => {
            cells.iter().map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect::<Vec<_>>().join("\t")
        }
        Style::Markdown => {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |", cells.join(" | "))
        }
    };
    Ok(writeln!(out, "{line}")?)
}

/// In quotes where a reader would take it for more than one cell.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r', ';']) || cell.starts_with(' ') || cell.ends_with(' ') {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
