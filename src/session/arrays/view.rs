//! An array as a tab shows it: the bar over it, its table, what is selected, where it is scrolled to.
//!
//! Everything is a plain value; what the caret's cell holds and who may change it are the tab's.

use super::bar::{Bar, BarField, Evaluate};
use super::cells::{Block, Place};
use super::columns::Columns;
use super::table::{Axes, Table, part_of};
use crate::bytes::Span;
use crate::bytes::pages::CachedSource;
use crate::decode::array::{Array, MemoryOrder};
use crate::decode::slice::{Bracket, Slice, Sliced};
use crate::decode::style::NumberStyle;
use crate::formats::Entry;
use crate::session::view::{Pane, Viewport};
use std::sync::Arc;

/// Fields of a record that get a column; more than any screen or person can use.
const MOST_FIELDS: usize = 4096;
/// Items a row of a single axis on the first screen, before the window has told its width.
const FIRST_WRAP: u64 = 8;

/// Where an array's bytes come from, when they are not the file's own.
#[derive(Clone, Debug)]
pub struct Unpacked {
    pub source: Arc<CachedSource>,
    /// Why it can't be changed.
    pub why_fixed: String,
}

/// How many items of a single axis stand in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrap {
    /// As many as there is room for.
    #[default]
    Fit,
    Fixed(u64),
}

/// One array on the screen.
#[derive(Clone, Debug)]
pub struct ArrayView {
    /// The name of the container's entry; `None` for an array that the user described.
    pub name: Option<Box<str>>,
    pub bar: Bar,
    pub base: Array,
    pub sliced: Sliced,
    pub table: Table,
    pub columns: Columns,
    pub style: NumberStyle,
    pub wrap: Wrap,
    pub block: Block,
    pub down: Viewport,
    pub across: Viewport,
    pub unpacked: Option<Unpacked>,
    room: Room,
    wrapped: u64,
}

/// The room on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    pub row_height: f32,
    /// Points that the rows' area is high, and wide.
    pub height: f32,
    pub width: f32,
    /// Points a character.
    pub pitch: f32,
}

const FIRST_ROOM: Room = Room { row_height: 20.0, height: 600.0, width: 700.0, pitch: 8.0 };

impl ArrayView {
    /// A view of the array that `bar` describes in a source of `len` bytes.
    ///
    /// # Errors
    /// The first sentence that is wrong with it.
    pub fn new(
        name: Option<Box<str>>,
        mut bar: Bar,
        len: u64,
        evaluate: Evaluate<'_>,
    ) -> Result<Self, String> {
        let Some((base, sliced)) = bar.read(len, evaluate) else {
            let (field, reason) = bar.first_error().unwrap_or((BarField::Dtype, "nothing to show"));
            return Err(format!("{}: {reason}", field.label()));
        };
        let columns = columns_of(&sliced);
        let axes = Axes::usual(&sliced.array);
        let table = Table::new(&sliced, axes, columns.shown(), FIRST_WRAP);
        Ok(Self {
            name,
            bar,
            base,
            sliced,
            table,
            columns,
            style: NumberStyle::Shortest,
            wrap: Wrap::Fit,
            block: Block::default(),
            down: Viewport::default(),
            across: Viewport::default(),
            unpacked: None,
            room: FIRST_ROOM,
            wrapped: FIRST_WRAP,
        })
    }

    /// The bar's texts for an entry of a container, whose array begins at `offset`.
    pub fn bar_of(entry: &Entry, offset: u64) -> Bar {
        let order = if entry.order == MemoryOrder::F { "F" } else { "C" };
        Bar::new(entry.item.to_string(), offset, &entry.shape, order.into(), String::new())
    }

    /// A field was typed into. What was shown stays where the new text does not fit.
    pub fn set(&mut self, field: BarField, text: String, len: u64, evaluate: Evaluate<'_>) {
        self.bar.set(field, text);
        self.read_again(len, evaluate);
    }

    /// Reads the bar anew, as after a change of the source's length.
    pub fn read_again(&mut self, len: u64, evaluate: Evaluate<'_>) {
        let Some((base, sliced)) = self.bar.read(len, evaluate) else { return };
        let same_item = sliced.array.item == self.sliced.array.item;
        if sliced == self.sliced && base == self.base {
            return;
        }
        let axes = if sliced.array.shape.len() == self.sliced.array.shape.len() && same_item {
            self.table.axes().clone()
        } else {
            Axes::usual(&sliced.array)
        };
        if !same_item {
            self.columns = columns_of(&sliced);
        }
        (self.base, self.sliced) = (base, sliced);
        self.lay_out(axes);
    }

    /// Other axes as rows and columns, or other places of those that stand still.
    pub fn set_axes(&mut self, axes: Axes) {
        self.lay_out(axes);
    }

    /// After a change of axes, columns or wrapping: the table, and caret and position inside it.
    pub fn lay_out(&mut self, axes: Axes) {
        self.wrapped = self.wrap_width();
        self.table = Table::new(&self.sliced, axes, self.columns.shown(), self.wrapped);
        self.block = self.block.fitted(&self.table);
        self.clamp();
    }

    pub fn set_style(&mut self, style: NumberStyle) {
        self.style = style;
        self.columns.forget_seen();
        self.lay_out(self.table.axes().clone());
    }

    /// The window has given the view this room, and has seen values of these widths.
    pub fn measure(&mut self, room: Room, seen: &[(u64, u32)]) {
        self.room = room;
        let mut wider = false;
        for (column, chars) in seen {
            wider |= self.columns.saw(*column, *chars);
        }
        if (wider || self.wrap == Wrap::Fit) && self.wrap_width() != self.wrapped {
            let top = self.table.index(self.down.top, 0);
            let (anchor, caret) = (self.index_at(self.block.anchor), self.index_at(self.block.caret));
            self.lay_out(self.table.axes().clone());
            let find = |index: &[u64]| self.table.cell_of(index, 0).unwrap_or_default();
            let block = Block { anchor: find(&anchor), caret: find(&caret) };
            self.down.top = find(&top).0;
            self.block = block.fitted(&self.table);
        }
        self.clamp();
    }

    fn index_at(&self, place: Place) -> Vec<u64> {
        self.table.index(place.0, place.1)
    }

    pub fn room(&self) -> Room {
        self.room
    }

    /// Items a row of a single axis.
    fn wrap_width(&self) -> u64 {
        match self.wrap {
            Wrap::Fixed(items) => items.max(1),
            Wrap::Fit => {
                let column = (self.columns.chars(0) + super::columns::GAP) as f32 * self.room.pitch;
                let fitting = (self.room.width / column).floor().max(1.0) as u64;
                // Powers of two from four on, so that the indices at the left are round.
                if fitting < 4 { fitting } else { (1 << fitting.ilog2()).min(64) }
            }
        }
    }

    /// The rows as they are scrolled.
    pub fn rows_pane(&self) -> Pane {
        Pane { rows: self.table.rows(), row_height: self.room.row_height, height: self.room.height }
    }

    /// The columns as they are scrolled.
    pub fn columns_pane(&self) -> Pane {
        self.columns.strip(self.table.columns(), self.room.pitch, self.room.width)
    }

    fn clamp(&mut self) {
        self.down = self.down.clamped(&self.rows_pane());
        self.across = self.across.clamped(&self.columns_pane());
    }

    pub fn scroll(&mut self, down: Viewport, across: Viewport) {
        (self.down, self.across) = (down, across);
        self.clamp();
    }

    /// Scrolls as little as needed for the caret's cell to be seen; after a jump to a third down the window.
    pub fn reveal(&mut self, jumped: bool) {
        let (row, column) = self.block.caret;
        let pane = self.rows_pane();
        self.down = if jumped { self.down.jumped_to(row, &pane) } else { self.down.revealing(row, 0, &pane) };
        self.across = self.columns.revealing(self.across, column, &self.columns_pane());
    }

    /// The bytes of the caret's cell.
    pub fn caret_span(&self) -> Option<Span> {
        let (row, column) = self.block.caret;
        self.table.cell(row, column).map(|cell| cell.place.span)
    }

    /// The bytes of the selected block, when they are one run.
    pub fn run(&self) -> Option<Span> {
        if self.table.is_empty() { None } else { self.table.run_of(&self.block) }
    }

    /// Puts the caret on the item that `byte` is part of, turning to it the axes that stand still. `false` when the
    /// byte is in no item.
    pub fn show_byte(&mut self, byte: u64) -> bool {
        let caret = self.caret_span().filter(|span| span.contains(byte) && self.block.is_one());
        if caret.is_some() {
            return true;
        }
        let Some(index) = self.sliced.array.index_of(byte) else { return false };
        self.show_index(&index, byte)
    }

    /// Puts the caret on the item with this index in the sliced array.
    fn show_index(&mut self, index: &[u64], byte: u64) -> bool {
        let mut axes = self.table.axes().clone();
        if axes.at != index {
            axes.at = index.to_vec();
            self.table = Table::new(&self.sliced, axes, self.columns.shown(), self.wrapped);
        }
        let Some(place) = self.table.cell_of(index, byte) else { return false };
        self.block = Block::at(place).fitted(&self.table);
        self.reveal(true);
        true
    }

    /// Selects what a slice of the whole array names, as in Python: an element, a range, a field.
    ///
    /// # Errors
    /// A sentence that says what does not fit.
    pub fn select(&mut self, slice: &Slice) -> Result<(), String> {
        let wanted = self.base.slice(slice).map_err(|error| error.to_string())?;
        if wanted.array.items() == 0 {
            return Err(String::from("Nothing is in that slice."));
        }
        let first = vec![0; wanted.array.shape.len()];
        let last: Vec<u64> = wanted.array.shape.iter().map(|side| side - 1).collect();
        let find = |index: &[u64]| {
            self.sliced.index_of_base(&wanted.base_index(index)).ok_or(
                "That is not in the slice which is shown. Empty the slice field to see the whole array.",
            )
        };
        let (from, to) = (find(&first)?, find(&last)?);
        let (top, end) = (wanted.array.place(&first).span.start(), wanted.array.place(&last).span.start());
        self.show_index(&from, top);
        let anchor = self.block.caret;
        let fits = from.iter().zip(&to).enumerate().all(|(axis, (a, b))| a == b || self.is_seen_axis(axis));
        if !fits {
            return Err(String::from(
                "That goes over axes which are not on the screen; its first item is shown. Choose other axes as rows and columns.",
            ));
        }
        let caret = self.table.cell_of(&to, end).unwrap_or(anchor);
        self.block = Block { anchor, caret }.fitted(&self.table);
        if let Some(columns) = self.columns_of_fields(slice) {
            (self.block.anchor.1, self.block.caret.1) = columns;
        }
        Ok(())
    }

    fn columns_of_fields(&self, slice: &Slice) -> Option<(u64, u64)> {
        if self.columns.are_alike() {
            return None;
        }
        let names: Vec<&str> = slice
            .brackets
            .iter()
            .filter_map(|bracket| match bracket {
                Bracket::Field(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        if names.is_empty() {
            return Some((0, self.table.columns().saturating_sub(1)));
        }
        let field = names.join(".");
        let shown = self.columns.shown();
        let within = |name: &str| {
            name == field
                || name.strip_prefix(field.as_str()).is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        let first = shown.iter().position(|leaf| within(&leaf.name))?;
        let last = shown.iter().rposition(|leaf| within(&leaf.name))?;
        Some((first as u64, last as u64))
    }

    /// The first axis that is neither rows nor columns and has more than one place.
    pub fn standing_axis(&self) -> Option<usize> {
        let shape = &self.table.array().shape;
        (0..shape.len()).find(|axis| !self.is_seen_axis(*axis) && shape[*axis] > 1)
    }

    fn is_seen_axis(&self, axis: usize) -> bool {
        let axes = self.table.axes();
        axes.rows == Some(axis) || axes.columns == Some(axis)
    }

    /// The items below and to the right of the caret's, as an array of its own.
    ///
    /// # Errors
    /// A sentence when there are none.
    pub fn array_from_caret(&self) -> Result<Array, String> {
        let (row, column) = self.block.caret;
        let last = (self.table.rows().saturating_sub(1), self.table.columns().saturating_sub(1));
        let column = if self.columns.are_alike() { column } else { 0 };
        let below = Self { block: Block { anchor: (row, column), caret: last }, ..self.clone() };
        below.selected_array()
    }

    /// The selected block as an array of its own: what a fill, a copy or an export acts on.
    ///
    /// # Errors
    /// A sentence when nothing is there, or a part of the fields that no array can be.
    pub fn selected_array(&self) -> Result<Array, String> {
        if self.table.is_empty() {
            return Err(String::from("The array is empty."));
        }
        let parts = self.table.part(&self.block);
        let array = part_of(&self.sliced.array, &parts).ok_or("The selection lies beyond any file.")?;
        if self.columns.are_alike() {
            return Ok(array);
        }
        let (left, right) = self.block.columns();
        if left == 0 && right + 1 == self.table.columns() && self.columns.hidden() == 0 {
            return Ok(array);
        }
        if left != right {
            return Err(String::from("Select cells of one field, or whole rows."));
        }
        let leaf = self.columns.shown().get(usize::try_from(left).unwrap_or(usize::MAX)).cloned();
        let leaf = leaf.ok_or("The field is gone.")?;
        let offset = array.offset.checked_add(leaf.offset).ok_or("The field lies beyond any file.")?;
        Ok(Array { offset, item: leaf.item, ..array })
    }
}

fn columns_of(sliced: &Sliced) -> Columns {
    if super::table::is_record(&sliced.array.item) {
        Columns::of_fields(sliced.array.item.leaves(MOST_FIELDS))
    } else {
        Columns::alike()
    }
}
