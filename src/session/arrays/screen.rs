//! The cells of an array that are on the screen: their texts, kinds and marks.
//!
//! The buffers are kept, so that building a screen again allocates nothing for a cell. Rows that are close together are
//! one piece: it is peeked at once, and asked about once for changes and matches. It is peeked at a second time when
//! some bytes were missing and came within the wait. Of long strings only the front is read. Colours and places are the
//! window's.

use super::even_row::{Reach, overlap};
use super::table::Table;
use crate::bytes::{Availability, Source, Span};
use crate::decode::ValueClass;
use crate::decode::array::ItemPlace;
use crate::decode::dtype::ItemType;
use crate::decode::style::NumberStyle;
use crate::session::view::SpanQuery;
use crate::session::view::rows::{FAILED_SIGN, Flags, MISSING_SIGN};
use std::ops::Range;

/// What a screen is built from.
#[derive(Clone, Copy)]
pub struct ArrayScreenInput<'a> {
    pub source: &'a dyn Source,
    /// Called at most once, when bytes are missing: waits shortly for them.
    pub settle: &'a dyn Fn(),
    /// Which bytes differ from the saved file; `None` when none does.
    pub changed: Option<SpanQuery<'a>>,
    /// Which bytes are matches of the search; `None` when nothing is looked for.
    pub found: Option<SpanQuery<'a>>,
    /// The match that the search stands on.
    pub found_current: Option<Span>,
    pub strings: Option<SpanQuery<'a>>,
    /// Which bytes are selected, where that is no block of the table.
    pub selected: Option<SpanQuery<'a>>,
    /// Signs that stand for a value that is not cached.
    pub signs: usize,
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
    /// What lies in each cell: its bytes, or those at the front of a long string.
    places: Vec<Option<ItemPlace>>,
    pieces: Vec<Piece>,
    bytes: Vec<u8>,
    states: Vec<Availability>,
    cells: Vec<Option<ArrayCell>>,
    texts: String,
    /// Characters of the widest text of each column.
    widest: Vec<u32>,
    changed: Vec<Span>,
    found: Vec<Span>,
    strings: Vec<Span>,
    selected: Vec<Span>,
    /// What marks any of the cells.
    flags: Flags,
    is_ready: bool,
    is_readable: bool,
}

impl ArrayScreen {
    /// Builds the cells of `rows` and `columns` anew.
    pub fn build(&mut self, input: &ArrayScreenInput<'_>, rows: Range<u64>, columns: Range<u64>) {
        let end = columns.end.min(input.table.columns());
        (self.rows, self.columns) = (rows, columns.start.min(end)..end);
        self.place(input.table);
        self.peek(input.source);
        if !self.is_ready {
            (input.settle)();
            self.peek(input.source);
        }
        self.write(input);
    }

    /// Whether every byte was cached.
    pub fn all_ready(&self) -> bool {
        self.is_ready
    }

    /// The rows that were built.
    pub fn rows(&self) -> Range<u64> {
        self.rows.clone()
    }

    /// The columns that were built.
    pub fn columns(&self) -> Range<u64> {
        self.columns.clone()
    }

    /// The cell and its text; `None` where the table has none.
    pub fn cell(&self, row: u64, column: u64) -> Option<(&ArrayCell, &str)> {
        let at = column.checked_sub(self.columns.start).and_then(|at| usize::try_from(at).ok())?;
        let cell = self.row(row).get(at)?.as_ref()?;
        Some((cell, self.text_of(cell)))
    }

    /// The built cells of a row, one a column.
    pub fn row(&self, row: u64) -> &[Option<ArrayCell>] {
        let wide = self.wide();
        let at = row.checked_sub(self.rows.start).and_then(|at| usize::try_from(at).ok());
        let from = at.and_then(|at| at.checked_mul(wide)).unwrap_or(usize::MAX);
        from.checked_add(wide).and_then(|end| self.cells.get(from..end)).unwrap_or_default()
    }

    /// The text of a cell of this screen.
    pub fn text_of(&self, cell: &ArrayCell) -> &str {
        self.texts.get(cell.start as usize..cell.end as usize).unwrap_or_default()
    }

    /// Characters of the widest text in a column.
    pub fn widest(&self, column: u64) -> u32 {
        let at = column.checked_sub(self.columns.start).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.widest.get(at)).copied().unwrap_or(0)
    }

    /// What marks at least one of the cells.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    fn wide(&self) -> usize {
        usize::try_from(self.columns.end.saturating_sub(self.columns.start)).unwrap_or(0)
    }
}

/// The steps of building, in their order.
impl ArrayScreen {
    fn place(&mut self, table: &Table) {
        self.places.clear();
        self.pieces.clear();
        for row in self.rows.clone() {
            let first = self.places.len();
            let mut reach = match table.even_row(row, &self.columns) {
                Some(even) => {
                    let head = head_bytes(&table.array().item, even.size);
                    self.places.extend(even.spans(head).map(|span| Some(ItemPlace { span, item: 0 })));
                    self.places.resize(first + self.wide(), None);
                    even.reach(head)
                }
                None => {
                    let cells = self.columns.clone().map(|column| {
                        let cell = table.cell(row, column)?;
                        let len = head_bytes(cell.item, cell.place.span.len());
                        let span = Span::at(cell.place.span.start(), len)?;
                        Some(ItemPlace { span, ..cell.place })
                    });
                    self.places.extend(cells);
                    Reach::of(self.places[first..].iter().flatten().map(|place| place.span))
                }
            };
            if let Some((span, at)) = self.tail_in(table, row) {
                self.places[first + at] = Some(ItemPlace { span, item: 0 });
                reach = reach.with(Reach::of([span].into_iter()));
            }
            match self.pieces.last_mut() {
                Some(piece) if piece.reach.with(reach).is_dense() => {
                    (piece.rows, piece.reach) = (piece.rows + 1, piece.reach.with(reach));
                }
                _ => self.pieces.push(Piece { rows: 1, reach, from: 0 }),
            }
        }
    }

    /// The bytes after the last element, and at which of the built columns they are, when this is their row.
    fn tail_in(&self, table: &Table, row: u64) -> Option<(Span, usize)> {
        let (span, place) = table.tail().zip(table.tail_place())?;
        let is_built = place.0 == row && self.columns.contains(&place.1);
        is_built.then(|| (span, (place.1 - self.columns.start) as usize))
    }

    fn peek(&mut self, source: &dyn Source) {
        let wide = self.wide();
        let Self { places, pieces, bytes, states, .. } = self;
        bytes.clear();
        states.clear();
        let mut read = |span: Span| {
            let from = bytes.len();
            let len = from + usize::try_from(span.len()).unwrap_or(0);
            bytes.resize(len, 0);
            states.resize(len, Availability::Missing);
            source.peek(span.start(), &mut bytes[from..], &mut states[from..]);
            from
        };
        let mut rest = places.as_slice();
        for piece in pieces {
            let (cells, behind) = rest.split_at(piece.rows * wide);
            rest = behind;
            piece.from = match piece.reach.dense_span() {
                Some(span) => read(span),
                None => {
                    let firsts = cells.iter().flatten().map(|place| read(place.span));
                    firsts.reduce(usize::min).unwrap_or(0)
                }
            };
        }
        // One pass without a branch.
        self.is_readable =
            states.iter().fold(true, |all, state| all & (*state as u8 == Availability::Ready as u8));
        self.is_ready = self.is_readable || !self.states.contains(&Availability::Missing);
    }

    fn write(&mut self, input: &ArrayScreenInput<'_>) {
        self.texts.clear();
        self.cells.clear();
        self.flags = Flags::default();
        let wide = self.wide();
        self.widest.clear();
        self.widest.resize(wide, 0);
        let items: Vec<&ItemType> = self.columns.clone().filter_map(|at| input.table.item(at)).collect();
        let mut first = 0;
        for at in 0..self.pieces.len() {
            let piece = self.pieces[at];
            let cells = first..first + piece.rows * wide;
            first = cells.end;
            self.write_piece(&piece, cells, &items, input);
        }
    }

    fn write_piece(
        &mut self,
        piece: &Piece,
        within: Range<usize>,
        items: &[&ItemType],
        input: &ArrayScreenInput<'_>,
    ) {
        let whole = piece.reach.dense_span();
        let mut changed = Marked::new(input.changed, whole, &mut self.changed);
        let mut found = Marked::new(input.found, whole, &mut self.found);
        let mut strings = Marked::new(input.strings, whole, &mut self.strings);
        let mut selected = Marked::new(input.selected, whole, &mut self.selected);
        let (mut at, tail) = (piece.from, input.table.tail());
        for row in self.places[within].chunks(items.len().max(1)) {
            for ((place, item), widest) in row.iter().zip(items).zip(&mut self.widest) {
                let Some(place) = place else {
                    self.cells.push(None);
                    continue;
                };
                let len = place.span.len() as usize;
                if let Some(whole) = whole {
                    at = piece.from + (place.span.start() - whole.start()) as usize;
                }
                let start = self.texts.len();
                let states = &self.states[at..at + len];
                let is_ready = self.is_readable || states.iter().all(|state| *state == Availability::Ready);
                let (class, mut flags) = if tail == Some(place.span) && is_ready {
                    self.texts.push('…');
                    (ValueClass::Ordinary, Flags::PARTIAL)
                } else if is_ready {
                    let class =
                        show(item, &self.bytes[at..at + len], place.item, input.style, &mut self.texts);
                    (class, Flags::default())
                } else {
                    (ValueClass::Ordinary, unavailable(states, input.signs, &mut self.texts))
                };
                at += len;
                if changed.touch(place.span) {
                    flags = flags.with(Flags::CHANGED);
                }
                if found.touch(place.span) {
                    flags = flags.with(Flags::FOUND);
                }
                if strings.touch(place.span) {
                    flags = flags.with(Flags::STRING);
                }
                if selected.touch(place.span) {
                    flags = flags.with(Flags::SELECTED);
                }
                if input.found_current.is_some_and(|current| overlap(current, place.span)) {
                    flags = flags.with(Flags::FOUND).with(Flags::CURRENT);
                }
                self.flags = self.flags.with(flags);
                let chars = chars(&self.texts[start..]);
                *widest = (*widest).max(chars);
                let (start, end) = (start as u32, self.texts.len() as u32);
                self.cells.push(Some(ArrayCell { start, end, chars, class, flags }));
            }
        }
    }
}

/// The bytes of a value that are read to show it.
fn head_bytes(item: &ItemType, len: u64) -> u64 {
    item.head_bytes().map_or(len, |head| len.min(head))
}

/// Appends the text of a value and answers what kind it is.
fn show(item: &ItemType, bytes: &[u8], number: u32, style: NumberStyle, out: &mut String) -> ValueClass {
    match item {
        ItemType::Scalar(dtype) if style == NumberStyle::Shortest && bytes.len() == dtype.size() => {
            return dtype.show(bytes, out);
        }
        _ if item.head_bytes().is_some() => {
            item.format_head(bytes, out);
            return ValueClass::Ordinary;
        }
        _ => {}
    }
    item.format(bytes, number, &style, out);
    item.class(bytes, number)
}

/// What is shown of a value that is not cached.
fn unavailable(states: &[Availability], signs: usize, out: &mut String) -> Flags {
    if states.contains(&Availability::Failed) {
        out.extend(std::iter::repeat_n(FAILED_SIGN, signs));
        Flags::FAILED
    } else {
        out.extend(std::iter::repeat_n(MISSING_SIGN, signs));
        Flags::MISSING
    }
}

/// Rows that are read at once.
#[derive(Clone, Copy, Debug)]
struct Piece {
    rows: usize,
    reach: Reach,
    /// Where its bytes begin in the buffer.
    from: usize,
}

/// Which cells of a piece have bytes of a kind: one query for the piece, or one for each cell where they are far apart.
struct Marked<'a> {
    query: Option<SpanQuery<'a>>,
    is_asked: bool,
    /// The bytes of the kind, in order.
    spans: &'a mut Vec<Span>,
}

impl<'a> Marked<'a> {
    fn new(query: Option<SpanQuery<'a>>, whole: Option<Span>, spans: &'a mut Vec<Span>) -> Self {
        spans.clear();
        if let Some((query, whole)) = query.zip(whole) {
            query(whole, spans);
        }
        Self { query, is_asked: query.is_none() || whole.is_some(), spans }
    }

    #[inline]
    fn touch(&mut self, cell: Span) -> bool {
        if self.is_asked {
            if self.spans.is_empty() {
                return false;
            }
            let next = self.spans.partition_point(|span| span.end() <= cell.start());
            return self.spans.get(next).is_some_and(|span| span.start() < cell.end());
        }
        let Some(query) = self.query else { return false };
        self.spans.clear();
        query(cell, self.spans);
        self.spans.iter().any(|span| overlap(*span, cell))
    }
}

/// Cells that a text takes.
pub fn chars(text: &str) -> u32 {
    crate::session::describe::cells(text)
}
