//! Arrays whose types, names or blocks are made to be costly: what is asked of them costs what is seen.

use pagelens::bytes::{Availability, ReadError, Source, Span};
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::dtype::ItemType;
use pagelens::decode::slice::Slice;
use pagelens::decode::style::NumberStyle;
use pagelens::session::arrays::block::Block;
use pagelens::session::arrays::columns::TableColumns;
use pagelens::session::arrays::screen::{ArrayScreen, ArrayScreenInput};
use pagelens::session::arrays::spans::{RowFinder, add_spans};
use pagelens::session::arrays::table::{Axes, Table, is_record};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The table of a slice of an array in C order; `turned` has rows and columns changed.
fn table(dtype: &str, shape: &[u64], slice: &str, turned: bool, wrapped: u64) -> Table {
    let item: ItemType = dtype.parse().expect(dtype);
    let array = Array::new(item, 3, shape.to_vec(), MemoryOrder::C).expect("an array");
    let slice: Slice = if slice.is_empty() { Slice::default() } else { slice.parse().expect(slice) };
    let sliced = array.slice(&slice).expect("a slice");
    let leaves = if is_record(&sliced.array.item) { sliced.array.item.leaves(100) } else { Vec::new() };
    let mut axes = Axes::usual(&sliced.array);
    if turned {
        std::mem::swap(&mut axes.rows, &mut axes.columns);
    }
    Table::new(&sliced, axes, TableColumns::of_fields(leaves).shown(), wrapped, None)
}

/// Bytes of `within` that the spans have.
fn bytes(spans: &[Span], within: Span) -> Vec<u64> {
    (within.start()..within.end()).filter(|at| spans.iter().any(|span| span.contains(*at))).collect()
}

#[test]
fn the_marked_bytes_are_those_of_the_cells() {
    for (dtype, shape, slice, turned) in [
        ("q4_0", &[5, 96][..], "", false),
        ("q4_0", &[5, 96], "[::2, 3:70]", false),
        ("q4_0", &[5, 96], "[::-1, ::40]", true),
        ("int4x2", &[7, 9], "", false),
        ("int4x2", &[7, 9], "[:, ::-3]", true),
        ("int4x2", &[40], "[::3]", false),
        ("<f4", &[6, 7], "", true),
        ("<f4", &[6, 7], "[::2, ::-2]", false),
        ("<f4", &[50], "[::-3]", false),
        ("[('a','<i2'),('b','u1'),('c','<f4')]", &[9], "", false),
        ("[('a','<i2'),('b','u1'),('c','<f4')]", &[9], "[::-2]", false),
    ] {
        let table = table(dtype, shape, slice, turned, 8);
        let (rows, columns) = (table.rows(), table.columns());
        for (anchor, caret) in [
            ((0, 0), (rows - 1, columns - 1)),
            ((1, columns / 2), (rows / 2, columns - 1)),
            ((rows - 1, 0), (0, columns / 3)),
        ] {
            let block = Block { anchor, caret }.fitted(&table);
            let mut cells = Vec::new();
            for row in 0..rows {
                let has = |column: &u64| block.has(row, *column, &table);
                let seen = (0..columns).filter(has).filter_map(|column| table.cell(row, column));
                cells.extend(seen.map(|cell| cell.place.span));
            }
            for within in [Span::between(0, 400), Span::between(17, 61), Span::between(100, 101)] {
                let mut spans = Vec::new();
                add_spans(&table, &block, within, &mut spans);
                assert_eq!(
                    bytes(&spans, within),
                    bytes(&cells, within),
                    "{dtype} {shape:?} {slice} {turned} {block:?} {within:?}"
                );
            }
        }
        rows_are_found(&table, &format!("{dtype} {shape:?} {slice} {turned}"));
    }
}

/// The row that shows some bytes is the first one with a cell that has one of them.
fn rows_are_found(table: &Table, what: &str) {
    let finder = RowFinder::new(table);
    let places = (0..table.rows()).flat_map(|row| (0..table.columns()).map(move |column| (row, column)));
    let cells: Vec<(u64, Span)> =
        places.filter_map(|(row, column)| Some((row, table.cell(row, column)?.place.span))).collect();
    for start in 0..400 {
        for len in [1, 2, 5, 30] {
            let bytes = Span::between(start, start + len);
            let expected =
                cells.iter().find(|(_, span)| span.intersect(bytes).is_some_and(|s| !s.is_empty()));
            assert_eq!(finder.first_row(bytes), expected.map(|(row, _)| *row), "{what} {bytes:?}");
        }
    }
}

#[test]
fn a_vast_block_is_marked_in_every_row_at_once() {
    // Blocks of 256 items: a whole one is one run, a part of its columns a span a row, far behind as well as in front.
    let vast = table("q4_k", &[1 << 30, 14_336], "", false, 8);
    let all = Block::all(&vast);
    assert_eq!(vast.run_of(&all), Some(Span::between(3, 3 + (1 << 30) * 56 * 144)));
    let part = Block { anchor: (0, 256), caret: ((1 << 30) - 1, 14_335) };
    let row = (1_u64 << 29) * 56 * 144 + 3;
    let mut spans = Vec::new();
    add_spans(&vast, &part, Span::between(row, row + 4096), &mut spans);
    assert_eq!(spans, [Span::between(row + 144, row + 4096)]);
    // Columns far apart, rows side by side.
    let turned = table("<f4", &[1 << 20, 1 << 20], "[:, :524288]", true, 8);
    let mut spans = Vec::new();
    let middle = (1_u64 << 19) * (4 << 20) + 3;
    add_spans(&turned, &Block::all(&turned), Span::between(middle, middle + 1000), &mut spans);
    assert_eq!(spans, [Span::between(middle, middle + 1000)]);
}

#[test]
fn of_a_long_string_the_front_is_read_and_shown() {
    for (dtype, bytes) in [("V100000000", 1024), ("S100000000", 1024), ("<U25000000", 1024), ("S1024", 1024)]
    {
        let table = table(dtype, &[2, 2], "", false, 8);
        let source = Asked::default();
        let mut screen = ArrayScreen::default();
        let input = ArrayScreenInput {
            source: &source,
            settle: &|| {},
            changed: None,
            found: None,
            found_current: None,
            strings: None,
            selected: None,
            signs: 1,
            table: &table,
            style: NumberStyle::Shortest,
        };
        screen.build(&input, 0..1, 0..1);
        assert_eq!(source.bytes.load(Ordering::Relaxed), bytes, "{dtype}");
        let (_, text) = screen.cell(0, 0).expect("a cell");
        assert!(text.len() < 8 << 10 && text.ends_with('…') == (dtype != "S1024"), "{dtype}: {text}");
    }
}

/// The letter A as often as is asked for; keeps how many bytes that was.
#[derive(Debug, Default)]
struct Asked {
    bytes: AtomicUsize,
}

impl Source for Asked {
    fn len(&self) -> u64 {
        1 << 40
    }

    fn read_at(&self, _offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        buf.fill(b'A');
        Ok(())
    }

    fn peek(&self, _offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        self.bytes.fetch_add(buf.len(), Ordering::Relaxed);
        buf.iter_mut().enumerate().for_each(|(at, byte)| *byte = if at % 4 == 0 { b'A' } else { 0 });
        states.fill(Availability::Ready);
    }
}
