//! A tab as it is remembered, and a remembered tab on the screen again: panes, array, caret, scroll positions.
//!
//! What was remembered may be of another version, of a file that is another by now, or nonsense: whatever does not fit
//! is left out, and the file opens all the same.

use super::arrays::view::Wrap;
use super::arrays::{ArrayView, Axes, BarField};
use super::pane::PaneId;
use super::tab::Tab;
use super::view::{Columns, Selection, ViewFormat};
use super::{ArrayRequest, Session, TabId};
use crate::decode::Encoding;
use crate::state::{OpenArray, OpenTab};

impl Tab {
    /// How the tab looks, for the next start; `None` for what is in no file.
    pub(super) fn as_left(&self) -> Option<OpenTab> {
        let file = self.file.as_ref().filter(|file| file.identity.is_some())?;
        let (bytes, values) = (self.is_shown(PaneId::Bytes), !self.shows(true, false));
        let top = if bytes { &self.bytes } else { &self.values };
        let fixed = |columns: Columns| match columns {
            Columns::Fixed(cells) => cells,
            Columns::Fit => 0,
        };
        let panes = match (bytes, values) {
            (true, true) => "both",
            (true, false) => "bytes",
            (false, _) => "values",
        };
        Some(OpenTab {
            path: file.path.clone(),
            caret: self.caret(),
            anchor: (!self.selection.is_empty()).then(|| i64::try_from(self.selection.anchor).ok()).flatten(),
            top: top.top_byte(self.len()),
            columns: Some(fixed(self.bytes.format.columns)),
            value_columns: Some(fixed(self.values.format.columns)).filter(|cells| *cells > 0),
            dtype: values.then(|| self.values.dtype().map(|dtype| dtype.name())).flatten(),
            encoding: Some(Encoding::name(self.text_encoding()).to_owned()),
            read_only: self.locked,
            panes: Some(panes.to_owned()),
            in_values: self.focus != PaneId::Bytes,
            array: self.arrays.view.as_ref().map(ArrayView::as_left),
        })
    }

    /// Panes, selection and position as they were. An array comes later, when the header has been read.
    pub(super) fn look_as_left(&mut self, left: &OpenTab) {
        let len = self.len();
        let columns = |cells: u32| if cells == 0 { Columns::Fit } else { Columns::Fixed(cells) };
        for (view, cells) in [(&mut self.bytes, left.columns), (&mut self.values, left.value_columns)] {
            if let Some(cells) = cells {
                view.reformat(ViewFormat { columns: columns(cells), ..view.format.clone() }, len);
            }
        }
        match left.panes.as_deref() {
            Some("bytes") => self.show(true, false),
            Some("values") => self.show(false, true),
            Some("both") => self.show(true, true),
            // An earlier version: what was opened with a type shows it beside the bytes.
            _ => {}
        }
        let shown = if left.in_values { self.other_pane(PaneId::Bytes) } else { PaneId::Bytes };
        if self.is_shown(shown) {
            self.set_focus(shown);
        }
        let caret = left.caret.min(len);
        let anchor = left.anchor.and_then(|anchor| u64::try_from(anchor).ok()).unwrap_or(caret).min(len);
        self.selection = Selection::between(anchor, caret, self.selection.column).snapped(&self.map());
        for pane in [PaneId::Bytes, PaneId::Values] {
            self.view_mut(pane).restore_top(left.top.min(len), len);
        }
    }

    /// The array on the screen as it was left, if it is the one; then the panes again.
    fn place_as_left(&mut self, tab: &OpenTab, array: &OpenArray) {
        let Some(view) =
            self.arrays.view.as_mut().filter(|view| view.name.as_deref() == array.name.as_deref())
        else {
            return;
        };
        view.look_as_left(array);
        self.look_as_left(tab);
        if self.focus == PaneId::Array {
            self.select_block();
            let len = self.len();
            self.bytes.restore_top(tab.top.min(len), len);
        }
    }
}

impl ArrayView {
    /// How the array looks, for the next start.
    fn as_left(&self) -> OpenArray {
        let text = |field: BarField| {
            let text = self.bar.text(field);
            let as_described = self.described.as_ref().is_some_and(|described| described.text(field) == text);
            (!as_described).then(|| text.to_owned())
        };
        let index = |row: u64, column: u64| -> Vec<i64> {
            if self.table.is_empty() {
                return Vec::new();
            }
            let index = self.table.index(row, column).into_iter();
            index.map(|at| i64::try_from(at).unwrap_or(i64::MAX)).collect()
        };
        let axis = |axis: Option<usize>| axis.and_then(|axis| u32::try_from(axis).ok());
        let (row, column) = self.block.caret;
        OpenArray {
            name: self.name.as_deref().map(str::to_owned),
            dtype: text(BarField::Dtype),
            offset: text(BarField::Offset),
            shape: text(BarField::Shape),
            order: text(BarField::Order),
            slice: text(BarField::Slice).filter(|slice| !slice.is_empty()),
            style: Some(self.style.to_string()),
            rows: axis(self.table.axes().rows),
            columns: axis(self.table.axes().columns),
            wrap: match self.wrap {
                Wrap::Fixed(items) => u32::try_from(items).ok(),
                Wrap::Fit => None,
            },
            caret: index(row, column),
            field: u32::try_from(column).unwrap_or(u32::MAX),
            top: index(self.down.top, 0),
            left: i64::try_from(self.across.top).unwrap_or(i64::MAX),
        }
    }

    /// Axes, style, caret and position as they were, as far as the array still has them.
    fn look_as_left(&mut self, left: &OpenArray) {
        let sides = self.table.array().shape.len();
        let index = |list: &[i64]| -> Option<Vec<u64>> {
            let index: Option<Vec<u64>> = list.iter().map(|at| u64::try_from(*at).ok()).collect();
            index.filter(|index| index.len() == sides)
        };
        if let Some(style) = left.style.as_ref().and_then(|style| style.parse().ok()) {
            self.style = style;
        }
        if let Some(items) = left.wrap {
            self.wrap = Wrap::Fixed(items.into());
        }
        let (caret, top) = (index(&left.caret), index(&left.top));
        let axis = |axis: Option<u32>| axis.map(|axis| axis as usize).filter(|axis| *axis < sides);
        let usual = Axes::usual(self.table.array());
        let (rows, columns) = (axis(left.rows), axis(left.columns));
        let fits = rows.is_some() == usual.rows.is_some()
            && columns.is_some() == usual.columns.is_some()
            && (rows.is_none() || rows != columns);
        let (rows, columns) = if fits { (rows, columns) } else { (usual.rows, usual.columns) };
        let mut at = caret.clone().unwrap_or(usual.at);
        for seen in [rows, columns].into_iter().flatten() {
            at[seen] = 0;
        }
        self.lay_out(Axes { rows, columns, at });
        self.place_at(
            caret.as_deref(),
            left.field.into(),
            top.as_deref(),
            u64::try_from(left.left).unwrap_or(0),
        );
    }
}

impl Session {
    /// Shows the array that a remembered tab had, once its header has been read.
    pub(super) fn show_left(&mut self, id: TabId, left: OpenTab) {
        let Some(array) = left.array.clone() else { return };
        let request = ArrayRequest {
            name: array.name.clone(),
            dtype: array.dtype.clone(),
            offset: array.offset.clone(),
            shape: array.shape.clone(),
            order: array.order.clone(),
            slice: array.slice.clone(),
        };
        self.features.arrays.left.insert(id, left);
        match &request.name {
            Some(_) => self.show_wanted(id, &request),
            None => self.show_described(id, &request),
        }
    }

    /// An array has come on the screen: as it was left, if it is one that was.
    pub(super) fn look_as_left(&mut self, id: TabId) {
        let Some(left) = self.features.arrays.left.remove(&id) else { return };
        if let (Some(tab), Some(array)) = (self.tabs.get_mut(id), &left.array) {
            tab.place_as_left(&left, array);
        }
    }
}
