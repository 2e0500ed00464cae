//! The cells of an array that are on the screen: their texts, kinds and marks.
//!
//! The buffers are kept, so that building a screen again allocates nothing. All bytes are peeked at once, and a
//! second time when some were missing and came within the wait. Of long strings only the front is peeked at. Colours
//! and places are the window's.

use super::table::Table;
use crate::bytes::{Availability, Source, Span};
use crate::decode::ValueClass;
use crate::decode::array::ItemPlace;
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
    /// Characters of the text.
    pub chars: u32,
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
    /// Where the bytes of each cell, or those at the front of a long string, lie in `bytes`.
    places: Vec<Option<(usize, ItemPlace)>>,
    /// Characters of the widest text of each column.
    widest: Vec<u32>,
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
        Some((cell, self.text_of(cell)))
    }

    /// The built cells of a row, one a column.
    pub fn row(&self, row: u64) -> &[Option<ArrayCell>] {
        let wide = usize::try_from(self.columns.end - self.columns.start).unwrap_or(0);
        let at = row.checked_sub(self.rows.start).and_then(|at| usize::try_from(at).ok());
        let from = at.and_then(|at| at.checked_mul(wide)).unwrap_or(usize::MAX);
        from.checked_add(wide).and_then(|end| self.cells.get(from..end)).unwrap_or_default()
    }

    pub fn text_of(&self, cell: &ArrayCell) -> &str {
        self.texts.get(cell.start as usize..cell.end as usize).unwrap_or_default()
    }

    /// Characters of the widest text in a column.
    pub fn widest(&self, column: u64) -> u32 {
        let at = column.checked_sub(self.columns.start).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.widest.get(at)).copied().unwrap_or(0)
    }

    fn peek(&mut self, input: &ArrayScreenInput<'_>) {
        self.bytes.clear();
        self.states.clear();
        self.places.clear();
        for row in self.rows.clone() {
            let first = self.places.len();
            let (mut low, mut high, mut sum) = (u64::MAX, 0, 0);
            for column in self.columns.clone() {
                let place = input.table.cell(row, column).map(|cell| {
                    let head = cell.item.head_bytes().unwrap_or(cell.place.span.len());
                    let span = cell.place.span;
                    let head = Span::between(span.start(), span.end().min(span.start().saturating_add(head)));
                    ItemPlace { span: head, ..cell.place }
                });
                if let Some(ItemPlace { span, .. }) = place {
                    (low, high, sum) = (low.min(span.start()), high.max(span.end()), sum + span.len());
                }
                self.places.push(place.map(|place| (0, place)));
            }
            let dense = high > low && high - low <= PIECE.min(sum.saturating_mul(SPARSE));
            let from = if dense { self.read(input.source, Span::between(low, high)) } else { 0 };
            for at in first..self.places.len() {
                let Some((_, place)) = self.places[at] else { continue };
                let start = if dense {
                    from + (place.span.start() - low) as usize
                } else {
                    self.read(input.source, place.span)
                };
                self.places[at] = Some((start, place));
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
        let wide = usize::try_from(self.columns.end - self.columns.start).unwrap_or(usize::MAX).max(1);
        self.widest.clear();
        self.widest.resize(wide.min(self.places.len()), 0);
        let mut changes = Changes { query: input.changed, row: None, spans: &mut self.spans };
        for (at, place) in self.places.iter().enumerate() {
            let column = at % wide;
            if column == 0 {
                changes.begin(self.places[at..].iter().take(wide).flatten().map(|(_, place)| place.span));
            }
            let Some(((from, place), item)) = place.zip(input.table.item(self.columns.start + column as u64))
            else {
                self.cells.push(None);
                continue;
            };
            let within = from..from + place.span.len() as usize;
            let start = self.texts.len();
            let states = &self.states[within.clone()];
            let (class, mut flags) = if states.iter().all(|state| *state == Availability::Ready) {
                let bytes = &self.bytes[within];
                let class = if item.head_bytes().is_some() {
                    item.format_head(bytes, &mut self.texts);
                    ValueClass::Ordinary
                } else {
                    item.format(bytes, place.item, &input.style, &mut self.texts);
                    item.class(bytes, place.item)
                };
                (class, Flags::default())
            } else {
                unavailable(states, &mut self.texts)
            };
            if changes.touch(place.span) {
                flags = flags.with(Flags::CHANGED);
            }
            let chars = chars(&self.texts[start..]);
            self.widest[column] = self.widest[column].max(chars);
            self.cells.push(Some(ArrayCell {
                chars,
                start: start as u32,
                end: self.texts.len() as u32,
                class,
                flags,
            }));
        }
    }
}

/// Which cells of a row differ from the file, asked once a row where its cells lie close together.
struct Changes<'a> {
    query: Option<SpanQuery<'a>>,
    /// What was asked about; `None` where each cell is asked for by itself.
    row: Option<Span>,
    /// The changed bytes of the row, in order.
    spans: &'a mut Vec<Span>,
}

impl Changes<'_> {
    fn begin(&mut self, cells: impl Iterator<Item = Span>) {
        self.row = None;
        let Some(query) = self.query else { return };
        let whole = cells.reduce(|a, b| Span::between(a.start().min(b.start()), a.end().max(b.end())));
        self.row = whole.filter(|span| span.len() <= PIECE);
        if let Some(row) = self.row {
            self.spans.clear();
            query(row, self.spans);
        }
    }

    fn touch(&mut self, cell: Span) -> bool {
        let Some(query) = self.query else { return false };
        if self.row.is_none() {
            self.spans.clear();
            query(cell, self.spans);
            return !self.spans.is_empty();
        }
        let next = self.spans.partition_point(|span| span.end() <= cell.start());
        self.spans.get(next).is_some_and(|span| span.start() < cell.end())
    }
}

/// What stands for a value that is not at hand.
fn unavailable(states: &[Availability], out: &mut String) -> (ValueClass, Flags) {
    if states.contains(&Availability::Failed) {
        out.push('?');
        (ValueClass::Ordinary, Flags::FAILED)
    } else {
        out.push('·');
        (ValueClass::Ordinary, Flags::MISSING)
    }
}

/// Cells that a text takes.
pub fn chars(text: &str) -> u32 {
    crate::session::words::cells(text)
}
