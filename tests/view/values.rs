//! Plain values as a table: what is in its cells, how many a row, and what stands at the left.

use super::screen::mark_of;
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::decode::Radix;
use pagelens::decode::style::NumberStyle;
use pagelens::session::arrays::screen::{ArrayScreen, ArrayScreenInput};
use pagelens::session::panes::{PlainValues, ValuesFormat};
use pagelens::session::view::{Columns, RowFormat, RowsArea};

/// Values, two a row, as text: label and cells. Marks stand before a cell: `>` selected, `!` changed, `?` found.
pub fn values(source: &dyn Source, dtype: &str, selected: Span) -> String {
    let format = ValuesFormat::new(dtype.parse().expect("a dtype"));
    let (table, map) = (format.table(source.len(), 2), format.map(source.len(), 2));
    let mut built = ArrayScreen::default();
    let input = ArrayScreenInput {
        source,
        settle: &|| {},
        changed: Some(&|_, spans| spans.push(Span::between(1, 2))),
        found: Some(&|_, spans| spans.push(Span::between(5, 7))),
        found_current: None,
        strings: None,
        selected: Some(&|_, spans| spans.push(selected)),
        signs: 2,
        table: &table,
        style: NumberStyle::Shortest,
    };
    assert_eq!(table.shown_rows(), map.rows(), "the table has the rows of the bytes");
    built.build(&input, 0..table.shown_rows(), 0..table.columns());
    let mut lines = String::new();
    for row in built.rows() {
        lines.push_str(&format!("{} |", format.labels(source.len()).label(map.row_start(row))));
        for (cell, text) in built.columns().filter_map(|column| built.cell(row, column)) {
            lines.push(mark_of(cell.flags));
            lines.push_str(text);
        }
        lines.push_str("|\n");
    }
    lines
}

#[test]
fn values_are_shown_whole_or_marked_as_cut() {
    let mut bytes = Vec::new();
    for value in [1.5f32, f32::NAN, -0.1, f32::MAX] {
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([1, 2]);
    assert_eq!(
        values(&MemorySource::new(bytes), "<f4", Span::between(8, 12)),
        "\
0000 0000 |!1.5?nan|
0000 0008 |>-0.1 3.4028235e+38|
0000 0010 | …|
"
    );
}

#[test]
fn the_row_behind_the_last_value_exists() {
    let source = MemorySource::new(*b"\x01\0\x02\0");
    assert_eq!(values(&source, "<u2", Span::default()), "0000 0000 |!1 2|\n0000 0004 ||\n");
    let one = MemorySource::new(*b"\x01\0");
    assert_eq!(values(&one, "<u2", Span::default()), "0000 0000 |!1|\n");
    assert_eq!(values(&MemorySource::new(*b""), "<u2", Span::default()), "0000 0000 ||\n");
    assert_eq!(values(&MemorySource::new(*b"x"), "<u2", Span::default()), "0000 0000 | …|\n");
}

#[test]
fn formats_of_values_are_made_sensible() {
    let odd = ValuesFormat {
        columns: Columns::Fixed(100_000),
        offsets: Radix::Binary,
        ..ValuesFormat::new(">f8".parse().expect("a dtype"))
    };
    let sane = odd.normalized();
    assert_eq!((sane.columns, sane.offsets), (Columns::Fixed(512), Radix::Hex));
}

#[test]
fn the_top_byte_stays_when_type_and_columns_change() {
    let (base, room) = (1 << 40, RowsArea { rows: 1, row_height: 20.0, height: 600.0 });
    let len = base + 100_000;
    let mut shown = PlainValues::new(ValuesFormat::new("<f4".parse().expect("a dtype")));
    shown.measure(room, 8, len);
    shown.show_at_top(base + 1600, len);
    for (dtype, columns) in [("<f8", 8), ("|u1", 32), ("<f4", 5)] {
        let dtype = dtype.parse().expect("a dtype");
        shown.reformat(ValuesFormat { dtype, columns: Columns::Fixed(columns), ..shown.format }, len);
        let row = u64::from(columns) * dtype.size() as u64;
        assert!(shown.top_byte(len).abs_diff(base + 1600) <= row / 20, "{}", shown.top_byte(len));
    }
}
