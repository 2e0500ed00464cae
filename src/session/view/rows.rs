//! What is on the screen: the rows' labels, cells and text characters with what marks them.
//!
//! A [`Screen`] keeps its buffers, so that building it again allocates nothing. It peeks once at all visible bytes
//! (twice when some were missing and came within the wait). It has no colours and no pixels.

use super::format::ViewFormat;
use super::layout::Layout;
use super::row_map::RowMap;
use crate::bytes::{Availability, Source, Span};
use crate::decode::{ByteClass, Encoding, Radix, TextCell, byte_class};
use std::ops::Range;

/// Appends those spans of a kind that touch the asked one, in order.
pub type SpanQuery<'a> = &'a dyn Fn(Span, &mut Vec<Span>);

/// Stands for a byte that is on its way.
pub const MISSING_SIGN: char = '·';
/// Stands for a byte that could not be read.
pub const FAILED_SIGN: char = '?';

/// What marks a byte or a cell; a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    pub const SELECTED: Self = Self(1);
    /// Differs from the saved file.
    pub const CHANGED: Self = Self(2);
    pub const FOUND: Self = Self(4);
    /// Part of the match that the search stands on.
    pub const CURRENT: Self = Self(8);
    /// Not read yet, on its way.
    pub const MISSING: Self = Self(16);
    /// Could not be read.
    pub const FAILED: Self = Self(32);
    /// A value whose last bytes lie beyond the end.
    pub const PARTIAL: Self = Self(64);
    /// A string of the list of strings.
    pub const STRING: Self = Self(128);

    /// Whether any of `flags` is set.
    pub const fn any(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }

    /// Whether no flag is set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// These flags and those of `flags`.
    #[must_use]
    pub const fn with(self, flags: Self) -> Self {
        Self(self.0 | flags.0)
    }

    const UNREADABLE: Self = Self::MISSING.with(Self::FAILED);
}

/// One cell: a byte's digits.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    start: u32,
    len: u16,
    /// What kind of byte it is.
    pub class: ByteClass,
    pub flags: Flags,
}

/// What a screen is built from.
#[derive(Clone)]
pub struct ScreenInput<'a> {
    pub source: &'a dyn Source,
    /// Called at most once, when bytes are missing: waits shortly for them.
    pub settle: &'a dyn Fn(),
    pub changed: SpanQuery<'a>,
    pub found: SpanQuery<'a>,
    pub found_current: Option<Span>,
    pub strings: SpanQuery<'a>,
    pub selected: SpanQuery<'a>,
    pub format: &'a ViewFormat,
    pub layout: &'a Layout,
    pub map: &'a RowMap,
    /// The rows to build.
    pub rows: Range<u64>,
    /// Which cells of each row are built.
    pub cells: Range<u32>,
    /// Which characters of each row's text are built.
    pub text: Range<u32>,
}

/// A row of a [`Screen`].
#[derive(Clone, Copy, Debug)]
pub struct ScreenRow<'a> {
    /// Which row of the view.
    pub row: u64,
    /// The bytes of the row.
    pub span: Span,
    /// The offset as it is shown.
    pub label: &'a str,
    /// The cells that were built and exist.
    pub cells: &'a [Cell],
    /// The characters that were built and exist, one a byte.
    pub text: &'a [char],
    /// What marks each byte of the row.
    pub flags: &'a [Flags],
    /// The bytes of the row; 0 where they are not at hand.
    pub bytes: &'a [u8],
}

/// The rows on the screen.
#[derive(Debug, Default)]
pub struct Screen {
    rows: Range<u64>,
    span: Span,
    row_bytes: usize,
    label_chars: usize,
    cells_built: Range<u32>,
    text_built: Range<u32>,
    all_ready: bool,
    all_readable: bool,

    /// What was peeked at: the span and some bytes around it, that characters may need.
    peeked: Vec<u8>,
    states: Vec<Availability>,
    /// Where in `peeked` the span begins.
    lead: usize,
    flags: Vec<Flags>,
    labels: String,
    cells: Vec<Cell>,
    text: Vec<char>,

    digits: DigitTable,
    chars: CharTable,
    spans: Vec<Span>,
    text_cells: Vec<TextCell>,
}

impl Screen {
    /// Builds the rows anew.
    pub fn build(&mut self, input: &ScreenInput<'_>) {
        self.locate(input);
        self.peek(input);
        self.flag(input);
        self.label(input);
        self.fill_bytes(input);
        self.text.clear();
        if let Some(encoding) = input.format.text {
            self.fill_text(encoding);
        }
    }

    /// The bytes of the rows.
    pub fn span(&self) -> Span {
        self.span
    }

    /// False when a placeholder stands for bytes that are on their way.
    pub fn all_ready(&self) -> bool {
        self.all_ready
    }

    /// The cells of each row that were built.
    pub fn built(&self) -> Range<u32> {
        self.cells_built.clone()
    }

    /// The first cell of each row that was built.
    pub fn first_cell(&self) -> u32 {
        self.cells_built.start
    }

    /// The first character of each row's text that was built.
    pub fn first_text(&self) -> u32 {
        self.text_built.start
    }

    /// The text of a cell of this screen.
    pub fn text_of(&self, cell: &Cell) -> &str {
        let (start, len) = (cell.start as usize, cell.len as usize);
        self.digits.text.get(start..start + len).unwrap_or_default()
    }

    /// The row `row`, if it is on the screen.
    pub fn row(&self, row: u64) -> Option<ScreenRow<'_>> {
        let index =
            usize::try_from(row.checked_sub(self.rows.start).filter(|_| row < self.rows.end)?).ok()?;
        let at = |index: usize| (index * self.row_bytes).min(self.flags.len());
        let bytes = at(index)..at(index + 1);
        // Every row before this one is whole.
        let built = |all: usize, own: usize, len: usize| (index * all).min(len)..(index * all + own).min(len);
        let cells = built(self.cells_in(self.row_bytes), self.cells_in(bytes.len()), self.cells.len());
        let text = built(self.text_in(self.row_bytes), self.text_in(bytes.len()), self.text.len());
        Some(ScreenRow {
            row,
            span: Span::between(self.span.start() + bytes.start as u64, self.span.start() + bytes.end as u64),
            label: &self.labels[index * self.label_chars..(index + 1) * self.label_chars],
            cells: &self.cells[cells],
            text: &self.text[text],
            flags: &self.flags[bytes.clone()],
            bytes: &self.peeked[self.lead + bytes.start..self.lead + bytes.end],
        })
    }

    /// The rows in order.
    pub fn rows(&self) -> impl Iterator<Item = ScreenRow<'_>> {
        self.rows.clone().filter_map(|row| self.row(row))
    }
}

/// The steps of building, in their order.
impl Screen {
    fn locate(&mut self, input: &ScreenInput<'_>) {
        let (map, layout) = (input.map, input.layout);
        self.rows =
            input.rows.start..input.rows.end.clamp(input.rows.start, map.rows().max(input.rows.start));
        let end = if self.rows.is_empty() {
            map.row_start(self.rows.start)
        } else {
            map.row_span(self.rows.end - 1).end()
        };
        self.span = Span::between(map.row_start(self.rows.start), end);
        self.row_bytes = map.row_bytes() as usize;
        self.label_chars = layout.offset_chars() as usize;
        self.cells_built = input.cells.start..input.cells.end.clamp(input.cells.start, layout.cells());
        self.text_built = input.text.start..input.text.end.clamp(input.text.start, layout.cells());
    }

    fn peek(&mut self, input: &ScreenInput<'_>) {
        let (context, unit) =
            input.format.text.map_or((0, 1), |text| (text.context() as u64, text.unit() as u64));
        let start = self.span.start().saturating_sub(context);
        let start = start - start % unit;
        let end = self.span.end().saturating_add(context).min(input.source.len()).max(self.span.end());
        let len = end.saturating_sub(start) as usize;
        self.lead = (self.span.start() - start) as usize;
        self.peeked.resize(len, 0);
        self.states.resize(len, Availability::Missing);
        input.source.peek(start, &mut self.peeked, &mut self.states);
        if self.is_missing() {
            // Some may be there even when not all are.
            (input.settle)();
            input.source.peek(start, &mut self.peeked, &mut self.states);
        }
        self.all_ready = !self.is_missing();
    }

    fn is_missing(&self) -> bool {
        self.visible_states().contains(&Availability::Missing)
    }

    fn visible_states(&self) -> &[Availability] {
        &self.states[self.lead..self.lead + self.span.len() as usize]
    }

    fn flag(&mut self, input: &ScreenInput<'_>) {
        self.flags.clear();
        self.flags.resize(self.span.len() as usize, Flags::default());
        let states = &self.states[self.lead..self.lead + self.flags.len()];
        self.all_readable = states.iter().all(|state| *state == Availability::Ready);
        if !self.all_readable {
            for (flags, state) in self.flags.iter_mut().zip(states) {
                *flags = match state {
                    Availability::Ready => Flags::default(),
                    Availability::Missing => Flags::MISSING,
                    Availability::Failed => Flags::FAILED,
                };
            }
        }
        self.mark_all(input.selected, Flags::SELECTED);
        self.mark_all(input.changed, Flags::CHANGED);
        self.mark_all(input.found, Flags::FOUND);
        self.mark_all(input.strings, Flags::STRING);
        if let Some(current) = input.found_current {
            self.mark(current, Flags::FOUND.with(Flags::CURRENT));
        }
    }

    fn mark_all(&mut self, query: SpanQuery<'_>, flags: Flags) {
        let mut spans = std::mem::take(&mut self.spans);
        spans.clear();
        query(self.span, &mut spans);
        for span in &spans {
            self.mark(*span, flags);
        }
        self.spans = spans;
    }

    fn mark(&mut self, span: Span, flags: Flags) {
        if let Some(seen) = self.span.intersect(span) {
            let from = (seen.start() - self.span.start()) as usize;
            for marked in &mut self.flags[from..from + seen.len() as usize] {
                *marked = marked.with(flags);
            }
        }
    }

    fn label(&mut self, input: &ScreenInput<'_>) {
        self.labels.clear();
        for row in self.rows.clone() {
            input.layout.labels().write(input.map.row_start(row), &mut self.labels);
        }
    }

    fn cells_in(&self, bytes: usize) -> usize {
        (bytes as u32).min(self.cells_built.end).saturating_sub(self.cells_built.start) as usize
    }

    fn text_in(&self, bytes: usize) -> usize {
        (bytes as u32).min(self.text_built.end).saturating_sub(self.text_built.start) as usize
    }

    /// Where each row's built part begins and how many bytes of it exist, relative to the span.
    fn row_parts(&self, first_byte: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (row_bytes, total) = (self.row_bytes.max(1), self.span.len() as usize);
        (0..total).step_by(row_bytes).map(move |from| {
            let until = (from + row_bytes).min(total);
            let first = (from + first_byte).min(until);
            (first, until - first)
        })
    }

    fn fill_bytes(&mut self, input: &ScreenInput<'_>) {
        self.digits.prepare(input.format.radix, input.format.upper);
        self.cells.clear();
        let bytes = &self.peeked[self.lead..];
        let built = self.cells_built.len();
        for (first, existing) in self.row_parts(self.cells_built.start as usize) {
            let part = first..first + existing.min(built);
            let cells = bytes[part.clone()].iter().zip(&self.flags[part]);
            self.cells.extend(cells.map(|(byte, flags)| self.digits.cell(*byte, *flags)));
        }
    }

    fn fill_text(&mut self, encoding: Encoding) {
        let is_simple = self.chars.prepare(encoding);
        let (context, unit) = (encoding.context(), encoding.unit());
        for (first, existing) in self.row_parts(self.text_built.start as usize) {
            let count = existing.min(self.text_built.len());
            let from = self.lead + first;
            let built = self.text.len();
            if is_simple {
                let bytes = &self.peeked[from..from + count];
                self.text.extend(bytes.iter().map(|byte| self.chars.chars[usize::from(*byte)]));
            } else {
                // The slice begins at a whole code unit of the document, as `peeked` does.
                let start = from.saturating_sub(context) / unit * unit;
                let end = (from + count + context).min(self.peeked.len());
                self.text_cells.clear();
                encoding.cells(&self.peeked[start..end], from - start, count, &mut self.text_cells);
                self.text.extend(self.text_cells.iter().map(shown_char));
            }
            if !self.all_readable {
                hide_unreadable(&mut self.text[built..], &self.flags[first..]);
            }
        }
    }
}

fn hide_unreadable(text: &mut [char], flags: &[Flags]) {
    for (character, flags) in text.iter_mut().zip(flags) {
        if flags.any(Flags::UNREADABLE) {
            *character = if flags.any(Flags::FAILED) { FAILED_SIGN } else { MISSING_SIGN };
        }
    }
}

/// The digits of all 256 bytes one after another, then the placeholders: a byte's cell points into it.
#[derive(Debug, Default)]
struct DigitTable {
    made_for: Option<(Radix, bool)>,
    text: String,
    /// The cell of each byte, without flags; then that of a missing and of a failed one.
    cells: Vec<Cell>,
}

impl DigitTable {
    const MISSING: usize = 256;
    const FAILED: usize = 257;

    fn prepare(&mut self, radix: Radix, upper: bool) {
        if self.made_for == Some((radix, upper)) {
            return;
        }
        self.made_for = Some((radix, upper));
        self.text.clear();
        self.cells.clear();
        for byte in 0..=u8::MAX {
            self.append(
                byte,
                radix.write_byte(byte, upper, &mut [0; 8]).iter().map(|digit| char::from(*digit)),
            );
        }
        for placeholder in [MISSING_SIGN, FAILED_SIGN] {
            self.append(0, std::iter::repeat_n(placeholder, radix.digits()));
        }
    }

    fn append(&mut self, byte: u8, digits: impl Iterator<Item = char>) {
        let start = self.text.len();
        self.text.extend(digits);
        let len = (self.text.len() - start) as u16;
        self.cells.push(Cell { start: start as u32, len, class: byte_class(byte), flags: Flags::default() });
    }

    #[inline]
    fn cell(&self, byte: u8, flags: Flags) -> Cell {
        let index = if !flags.any(Flags::UNREADABLE) {
            usize::from(byte)
        } else if flags.any(Flags::FAILED) {
            Self::FAILED
        } else {
            Self::MISSING
        };
        Cell { flags, ..self.cells[index] }
    }
}

/// The characters of all 256 bytes, for encodings in which a byte is a character.
#[derive(Debug, Default)]
struct CharTable {
    made_for: Option<Encoding>,
    chars: Vec<char>,
}

impl CharTable {
    /// Whether there is such a table for `encoding`; it is made then.
    fn prepare(&mut self, encoding: Encoding) -> bool {
        if encoding.context() > 0 || encoding.unit() > 1 {
            return false;
        }
        if self.made_for != Some(encoding) {
            self.made_for = Some(encoding);
            let bytes: Vec<u8> = (0..=u8::MAX).collect();
            let mut cells = Vec::new();
            encoding.cells(&bytes, 0, bytes.len(), &mut cells);
            self.chars.clear();
            self.chars.extend(cells.iter().map(shown_char));
        }
        true
    }
}

fn shown_char(cell: &TextCell) -> char {
    match cell {
        TextCell::Char(character) => *character,
        TextCell::Continuation => ' ',
        TextCell::Unprintable => '.',
    }
}
