//! An array as a tab shows it: the bar over it, its table, what is selected, where it is scrolled to.
//!
//! Everything is a plain value; what the caret's cell holds and who may change it are the tab's.

use super::bar::{Bar, BarField};
use super::block::{Block, Place};
use super::columns::TableColumns;
use super::table::{Across, Axes, Table, part_of};
use crate::bytes::Span;
use crate::bytes::pages::CachedSource;
use crate::decode::array::{Array, MemoryOrder};
use crate::decode::array_text::Evaluate;
use crate::decode::dtype::{Field, ItemType, Leaf, Record};
use crate::decode::slice::Sliced;
use crate::decode::style::NumberStyle;
use crate::formats::Entry;
use crate::session::view::{RowsArea, Viewport};
use std::sync::Arc;

/// Fields of a record that get a column; more than any screen or person can use.
pub(super) const MOST_FIELDS: usize = 4096;
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    /// Why not all of what is shown is there any more.
    pub misfit: Option<String>,
    /// The bar as the header has it.
    pub described: Option<Bar>,
    pub base: Array,
    pub sliced: Sliced,
    pub table: Table,
    pub columns: TableColumns,
    pub style: NumberStyle,
    pub wrap: Wrap,
    pub block: Block,
    pub down: Viewport,
    pub across: Viewport,
    pub unpacked: Option<Unpacked>,
    room: Room,
    wrapped: u64,
    /// The caret was brought into sight and nothing was scrolled since: it stays there when columns get wider.
    follows: bool,
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
        let columns = columns_of(&sliced, NumberStyle::Shortest);
        let axes = Axes::usual(&sliced.array);
        let tail = tail_of(&base, &sliced, bar.left_over());
        let table = Table::new(&sliced, axes, columns.shown(), FIRST_WRAP, tail);
        let described = name.is_some().then(|| bar.clone());
        Ok(Self {
            name,
            bar,
            misfit: None,
            described,
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
            follows: true,
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
        let read = self.bar.read(len, evaluate);
        let Some((base, sliced)) = read else {
            self.misfit = self.base.check_fits(len).err().map(|error| error.to_string());
            return;
        };
        self.misfit = None;
        let same_item = sliced.array.item == self.sliced.array.item;
        if sliced == self.sliced && base == self.base && self.table.tail() == self.tail() {
            return;
        }
        let axes = if sliced.array.shape.len() == self.sliced.array.shape.len() && same_item {
            self.table.axes().clone()
        } else {
            Axes::usual(&sliced.array)
        };
        if !same_item {
            self.columns = columns_of(&sliced, self.style);
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
        self.table = Table::new(&self.sliced, axes, self.columns.shown(), self.wrapped, self.tail());
        self.block = self.block.fitted(&self.table);
        self.clamp();
    }

    /// Shows numbers in another style; the widths of the columns are measured anew.
    pub fn set_style(&mut self, style: NumberStyle) {
        self.style = style;
        self.columns.forget_seen();
        room_for_types(&mut self.columns, &self.sliced.array.item, style);
        self.lay_out(self.table.axes().clone());
    }

    /// The window has given the view this room, and has seen values of these widths.
    pub fn measure(&mut self, room: Room, seen: &[(u64, u32)]) {
        self.room = room;
        let mut wider = false;
        for (column, chars) in seen {
            wider |= self.columns.saw(*column, *chars);
        }
        let wraps = matches!(self.table.across(), Across::Wrapped(_));
        if wraps && (wider || self.wrap == Wrap::Fit) && self.wrap_width() != self.wrapped {
            let top = self.table.index(self.down.top, 0);
            let (anchor, caret) = (self.index_at(self.block.anchor), self.index_at(self.block.caret));
            self.lay_out(self.table.axes().clone());
            let find = |index: &[u64]| self.table.cell_of(index, 0).unwrap_or_default();
            let block = Block { anchor: find(&anchor), caret: find(&caret) };
            self.down.top = find(&top).0;
            self.block = block.fitted(&self.table);
        }
        if self.follows {
            self.reveal(false);
        }
        self.clamp();
    }

    fn tail(&self) -> Option<Span> {
        tail_of(&self.base, &self.sliced, self.bar.left_over())
    }

    fn index_at(&self, place: Place) -> Vec<u64> {
        self.table.index(place.0, place.1)
    }

    /// The room that the window has given the view.
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
    pub fn rows_pane(&self) -> RowsArea {
        RowsArea { rows: self.table.shown_rows(), row_height: self.room.row_height, height: self.room.height }
    }

    /// The columns as they are scrolled.
    pub fn columns_pane(&self) -> RowsArea {
        self.columns.strip(self.table.columns(), self.room.pitch, self.room.width)
    }

    fn clamp(&mut self) {
        self.down = self.down.clamped(&self.rows_pane());
        self.across = self.across.clamped(&self.columns_pane());
    }

    /// Scrolls to these places, as far as there are rows and columns.
    pub fn scroll(&mut self, down: Viewport, across: Viewport) {
        (self.down, self.across) = (down, across);
        self.follows = false;
        self.clamp();
    }

    /// Scrolls as little as needed for the caret's cell to be seen; after a jump to a third down the window.
    pub fn reveal(&mut self, jumped: bool) {
        let (row, column) = self.block.caret;
        let pane = self.rows_pane();
        self.down = if jumped { self.down.jumped_to(row, &pane) } else { self.down.revealing(row, 0, &pane) };
        self.across = self.columns.revealing(self.across, column, &self.columns_pane());
        self.follows = true;
    }

    /// Puts the caret on an item and the view where it was, both by their indices in the sliced array; `field` is the
    /// caret's column where columns are fields. Nothing is scrolled to before the window has told its room.
    pub(in crate::session) fn place_at(
        &mut self,
        caret: Option<&[u64]>,
        field: u64,
        top: Option<&[u64]>,
        left: u64,
    ) {
        let mut cell = caret.and_then(|index| self.table.place_of(index)).unwrap_or_default();
        if !self.columns.are_alike() {
            cell.1 = field;
        }
        self.block = Block::at(cell).fitted(&self.table);
        self.follows = false;
        self.down = Viewport {
            top: top.and_then(|index| self.table.place_of(index)).map_or(0, |place| place.0),
            ..self.down
        };
        self.across = Viewport { top: left, ..self.across };
    }

    /// The bytes of the caret's cell.
    pub fn caret_span(&self) -> Option<Span> {
        let (row, column) = self.block.caret;
        self.table.cell(row, column).map(|cell| cell.place.span)
    }

    /// What of the bytes the block is: whether it is one cell, the caret's bytes, the bytes of all where they are a run.
    pub(super) fn selected_bytes(&self) -> (bool, Option<Span>, Option<Span>) {
        (self.block.is_one(), self.caret_span(), self.run())
    }

    /// The bytes of the selected block, when they are one run.
    pub fn run(&self) -> Option<Span> {
        if self.table.is_empty() { None } else { self.table.run_of(&self.block) }
    }

    /// Puts the caret on the item that `byte` is part of, turning to it the axes that stand still. `false` when the
    /// byte is in no item, or in a field that is hidden; the caret stays then.
    pub fn show_byte(&mut self, byte: u64) -> bool {
        let caret = self.caret_span().filter(|span| span.contains(byte) && self.block.is_one());
        if caret.is_some() {
            self.reveal(false);
            return true;
        }
        let Some(index) = self.sliced.array.index_of(byte) else { return false };
        self.show_index(&index, byte)
    }

    /// Whether an element that can be shown has this byte.
    pub fn has_byte(&self, byte: u64) -> bool {
        let index = self.sliced.array.index_of(byte);
        index.is_some_and(|index| self.turned_to(&index).cell_of(&index, byte).is_some())
    }

    /// What the header says of the array where something else is shown, as `dtype <f4, shape (2, 3)`.
    pub fn header_says(&self) -> Option<String> {
        let described = self.described.as_ref()?;
        let same_type = described.text(BarField::Dtype).parse().ok().as_ref() == Some(&self.base.item);
        let differs = |field: &BarField| match field {
            BarField::Dtype => !same_type,
            BarField::Slice => false,
            BarField::Offset | BarField::Shape | BarField::Order => {
                described.text(*field) != self.bar.text(*field)
            }
        };
        let said: Vec<String> = BarField::ALL
            .into_iter()
            .filter(differs)
            .map(|field| format!("{} {}", field.label(), described.text(field)))
            .collect();
        (!said.is_empty()).then(|| said.join(", "))
    }

    /// Selects the items that `span` is made of, where they are a block of one run; else as [`Self::show_byte`].
    pub fn show_span(&mut self, span: Span) -> bool {
        if !span.is_empty() && (self.run() == Some(span) || self.caret_span() == Some(span)) {
            self.reveal(false);
            return true;
        }
        if !self.show_byte(span.start()) {
            return false;
        }
        let last = span.end().checked_sub(1).filter(|last| *last > span.start());
        let end = last.and_then(|last| {
            let index = self.sliced.array.index_of(last)?;
            let at = |axis: usize| (index.get(axis), self.table.axes().at.get(axis));
            let still = (0..index.len()).filter(|axis| !self.is_seen_axis(*axis));
            still.map(at).all(|(own, at)| own == at).then_some(())?;
            self.table.cell_of(&index, last)
        });
        let block = end.map(|caret| Block { anchor: self.block.anchor, caret });
        if let Some(block) = block.filter(|block| self.table.run_of(block) == Some(span)) {
            self.block = block;
        }
        true
    }

    /// Puts the caret on the item with this index in the sliced array.
    pub(super) fn show_index(&mut self, index: &[u64], byte: u64) -> bool {
        let table = self.turned_to(index);
        let Some(place) = table.cell_of(index, byte) else { return false };
        self.table = table;
        self.block = Block::at(place).fitted(&self.table);
        self.reveal(true);
        true
    }

    /// The table with the axes that stand still at this index of the sliced array.
    pub(super) fn turned_to(&self, index: &[u64]) -> Table {
        let mut axes = self.table.axes().clone();
        if axes.at == index {
            return self.table.clone();
        }
        axes.at = index.to_vec();
        Table::new(&self.sliced, axes, self.columns.shown(), self.wrapped, self.tail())
    }

    /// The first axis that is neither rows nor columns and has more than one place.
    pub fn standing_axis(&self) -> Option<usize> {
        let shape = &self.table.array().shape;
        (0..shape.len()).find(|axis| !self.is_seen_axis(*axis) && shape[*axis] > 1)
    }

    pub(super) fn is_seen_axis(&self, axis: usize) -> bool {
        let axes = self.table.axes();
        axes.rows == Some(axis) || axes.columns == Some(axis)
    }

    /// The items below and to the right of the caret's, as an array of its own; of records those of the shown fields
    /// from the caret's on.
    ///
    /// # Errors
    /// A sentence when there are none.
    pub fn array_from_caret(&self) -> Result<Array, String> {
        let last = (self.table.rows().saturating_sub(1), self.table.columns().saturating_sub(1));
        let below = Self { block: Block { anchor: self.block.caret, caret: last }, ..self.clone() };
        let array = below.selected_array()?;
        let leaves = below.fields_of(&below.block);
        if leaves.len() != 1 {
            return Ok(array);
        }
        // Its values are still columns of a table, of which there is one.
        let size = self.sliced.array.item_bytes();
        let offset = array.offset - leaves[0].offset;
        Ok(Array { offset, item: record_of(leaves, size), ..array })
    }

    /// The fields of a block's columns, in the order of the screen; none of what is no record.
    fn fields_of(&self, block: &Block) -> Vec<Leaf> {
        let (left, right) = block.columns();
        let within = |at: usize| (left..=right).contains(&(at as u64));
        let shown = self.columns.shown();
        shown.iter().enumerate().filter(|(at, _)| within(*at)).map(|(_, leaf)| leaf.clone()).collect()
    }

    /// The selected block as an array of its own: what a fill, a copy or an export acts on.
    ///
    /// # Errors
    /// A sentence when nothing is there, or a part of the fields that no array can be.
    pub fn selected_array(&self) -> Result<Array, String> {
        self.block_array(&self.block)
    }

    /// A block as an array of its own.
    ///
    /// # Errors
    /// As of [`Self::selected_array`].
    pub fn block_array(&self, block: &Block) -> Result<Array, String> {
        if let Some(reason) = &self.misfit {
            return Err(reason.clone());
        }
        if self.table.is_empty() {
            return Err(String::from("The array is empty."));
        }
        let parts = self.table.part(block);
        let array = part_of(&self.sliced.array, &parts)
            .ok_or("The selection ends beyond the largest possible offset.")?;
        if self.columns.are_alike() {
            return Ok(array);
        }
        let (left, right) = block.columns();
        if left == 0 && right + 1 == self.table.columns() && self.columns.are_as_they_lie() {
            return Ok(array);
        }
        let leaves = self.fields_of(block);
        if leaves.len() > 1 {
            return Ok(Array { item: record_of(leaves, array.item_bytes()), ..array });
        }
        let leaf = leaves.into_iter().next().ok_or("The field no longer exists.")?;
        let offset = array
            .offset
            .checked_add(leaf.offset)
            .ok_or("The field ends beyond the largest possible offset.")?;
        Ok(Array { offset, item: leaf.item, ..array })
    }
}

/// The bytes after the last element of an open axis, when they are fewer than an element.
fn tail_of(base: &Array, sliced: &Sliced, left_over: u64) -> Option<Span> {
    let is_whole = base.shape.len() == 1 && sliced.array == *base;
    let end = base.extent().map_or(base.offset, Span::end);
    Span::at(end, left_over).filter(|tail| is_whole && !tail.is_empty() && left_over < base.item_bytes())
}

/// A record of these fields, as they lie in one of `size` bytes.
fn record_of(leaves: Vec<Leaf>, size: u64) -> ItemType {
    let field = |leaf: Leaf| Field { name: leaf.name, offset: leaf.offset, item: leaf.item };
    let fields = leaves.into_iter().map(field).collect();
    ItemType::Record(Arc::new(Record { fields, size, aligned: false }))
}

fn columns_of(sliced: &Sliced, style: NumberStyle) -> TableColumns {
    let item = &sliced.array.item;
    let mut columns = if super::table::is_record(item) {
        TableColumns::of_fields(item.leaves(MOST_FIELDS))
    } else {
        TableColumns::alike()
    };
    room_for_types(&mut columns, item, style);
    columns
}

/// Room for every value of the columns whose type tells how long they can be.
fn room_for_types(columns: &mut TableColumns, item: &ItemType, style: NumberStyle) {
    let chars = |item: &ItemType| item.is_exact().then(|| item.width(&style) as u32);
    if columns.are_alike() {
        columns.have_room(0, chars(item).unwrap_or(0));
        return;
    }
    let known: Vec<Option<u32>> = columns.all().iter().map(|leaf| chars(&leaf.item)).collect();
    for (leaf, chars) in known.into_iter().enumerate() {
        columns.have_room(leaf, chars.unwrap_or(0));
    }
}
