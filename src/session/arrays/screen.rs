//! The cells of an array that are on the screen: their texts, kinds and marks.
//!
//! The buffers are kept, so that building a screen again allocates nothing. All bytes are peeked at once, and a
//! second time when some were missing and came within the wait. Colours and places are the window's.

use super::table::{Table, TableCell};
use crate::bytes::{Availability, Source, Span};
use crate::decode::ValueClass;
use crate::decode::style::NumberStyle;
use crate::session::view::SpanQuery;
use crate::session::view::rows::Flags;
use std::ops::Range;

/// Rows of cells within this many bytes, and this many times the bytes that are shown, are peeked at in one piece.
const PIECE: u64 = 16 << 10;
const SPARSE: u64 = 8;

/// What a screen is built from.
#[derive(Clone, Copy)]
pub struct ArrayScreenInput<'a> {
    pub source: &'a dyn Source,
    /// Called at most once, when bytes are missing: waits shortly for them.
    pub settle: &'a dyn Fn(),
    /// Which bytes differ from the saved file; `None` when none does.
    pub changed: Option<SpanQuery<'a>>,
    pub table: &'a Table,
    pub style: NumberStyle,
}

/// A cell on the screen.
#[derive(Clone, Copy, Debug)]
pub struct ArrayCell {
    start: u32,
    end: u32,
    pub class: ValueClass,
    pub flags: Flags,
}

/// The cells on the screen, row by row.
#[derive(Debug, Default)]
pub struct ArrayScreen {
    rows: Range<u64>,
    columns: Range<u64>,
    cells: Vec<Option<ArrayCell>>,
    texts: String,
    bytes: Vec<u8>,
    states: Vec<Availability>,
    /// Where the bytes of each cell lie in `bytes`.
    places: Vec<Option<(usize, Span)>>,
    spans: Vec<Span>,
    all_ready: bool,
}

impl ArrayScreen {
    pub fn build(&mut self, input: &ArrayScreenInput<'_>, rows: Range<u64>, columns: Range<u64>) {
        (self.rows, self.columns) = (rows, columns);
        self.peek(input);
        if self.states.contains(&Availability::Missing) {
            (input.settle)();
            self.peek(input);
        }
        self.all_ready = !self.states.contains(&Availability::Missing);
        self.write(input);
    }

    /// Whether every byte was at hand.
    pub fn all_ready(&self) -> bool {
        self.all_ready
    }

    pub fn rows(&self) -> Range<u64> {
        self.rows.clone()
    }

    pub fn columns(&self) -> Range<u64> {
        self.columns.clone()
    }

    /// The cell and its text; `None` where the table has none.
    pub fn cell(&self, row: u64, column: u64) -> Option<(&ArrayCell, &str)> {
        if !self.rows.contains(&row) || !self.columns.contains(&column) {
            return None;
        }
        let wide = self.columns.end - self.columns.start;
        let at = (row - self.rows.start) * wide + (column - self.columns.start);
        let cell = self.cells.get(usize::try_from(at).ok()?)?.as_ref()?;
        Some((cell, self.texts.get(cell.start as usize..cell.end as usize).unwrap_or_default()))
    }

    /// Characters of the widest text in a column.
    pub fn widest(&self, column: u64) -> u32 {
        let texts = self.rows().filter_map(|row| self.cell(row, column));
        texts.map(|(_, text)| chars(text)).max().unwrap_or(0)
    }

    fn peek(&mut self, input: &ArrayScreenInput<'_>) {
        self.bytes.clear();
        self.states.clear();
        self.places.clear();
        for row in self.rows.clone() {
            self.spans.clear();
            let columns = self.columns.clone();
            let cell = |column| input.table.cell(row, column).map(|cell| cell.place.span);
            let (mut low, mut high, mut sum) = (u64::MAX, 0, 0);
            for span in columns.clone().filter_map(cell) {
                (low, high, sum) = (low.min(span.start()), high.max(span.end()), sum + span.len());
            }
            let dense = high > low && high - low <= PIECE.min(sum.saturating_mul(SPARSE));
            if dense {
                let from = self.read(input.source, Span::between(low, high));
                let places = columns
                    .map(|column| cell(column).map(|span| (from + (span.start() - low) as usize, span)));
                self.places.extend(places);
            } else {
                for column in columns {
                    let place = cell(column).map(|span| (self.read(input.source, span), span));
                    self.places.push(place);
                }
            }
        }
    }

    /// Peeks at a span; answers where its bytes are in the buffer.
    fn read(&mut self, source: &dyn Source, span: Span) -> usize {
        let from = self.bytes.len();
        let len = from + usize::try_from(span.len()).unwrap_or(0);
        self.bytes.resize(len, 0);
        self.states.resize(len, Availability::Missing);
        source.peek(span.start(), &mut self.bytes[from..], &mut self.states[from..]);
        from
    }

    fn write(&mut self, input: &ArrayScreenInput<'_>) {
        self.texts.clear();
        self.cells.clear();
        let wide = (self.columns.end - self.columns.start).max(1);
        for (at, place) in self.places.iter().enumerate() {
            let at = at as u64;
            let (row, column) = (self.rows.start + at / wide, self.columns.start + at % wide);
            let Some(((from, span), cell)) = place.zip(input.table.cell(row, column)) else {
                self.cells.push(None);
                continue;
            };
            let within = from..from + span.len() as usize;
            let states = &self.states[within.clone()];
            let start = self.texts.len() as u32;
            let (class, mut flags) =
                write_cell(&cell, &self.bytes[within], states, input.style, &mut self.texts);
            if let Some(changed) = input.changed {
                self.spans.clear();
                changed(span, &mut self.spans);
                if !self.spans.is_empty() {
                    flags = flags.with(Flags::CHANGED);
                }
            }
            self.cells.push(Some(ArrayCell { start, end: self.texts.len() as u32, class, flags }));
        }
    }
}

fn write_cell(
    cell: &TableCell<'_>,
    bytes: &[u8],
    states: &[Availability],
    style: NumberStyle,
    out: &mut String,
) -> (ValueClass, Flags) {
    if states.contains(&Availability::Failed) {
        out.push('?');
        return (ValueClass::Ordinary, Flags::FAILED);
    }
    if states.contains(&Availability::Missing) {
        out.push('·');
        return (ValueClass::Ordinary, Flags::MISSING);
    }
    cell.item.format(bytes, cell.place.item, &style, out);
    (cell.item.class(bytes, cell.place.item), Flags::default())
}

/// Characters of a text.
pub fn chars(text: &str) -> u32 {
    if text.is_ascii() { text.len() as u32 } else { text.chars().count() as u32 }
}
