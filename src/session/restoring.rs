//! A tab as it is remembered, and a remembered tab on the screen again: panes, array, caret, scroll positions.
//!
//! What was remembered may be of another version, of a file that is another by now, or nonsense: whatever does not fit
//! is left out, and the file opens all the same.

use super::arrays::view::Wrap;
use super::arrays::{ArrayView, Axes, BarField};
use super::panes::{PaneContent, PaneKey, PaneKind, PicturePane, ValuesFormat};
use super::subject::{ElementSubject, SubjectExtent};
use super::tab::Tab;
use super::tab::change::MOST_PANES;
use super::tab::layout::PaneLayout;
use super::view::{Columns, Selection, ViewFormat};
use crate::decode::{Encoding, Radix};
use crate::state::{OpenArray, OpenPicture, OpenTab, OpenView};

impl Tab {
    /// How the tab looks, for the next start; `None` for what is in no file.
    pub(super) fn as_left(&self) -> Option<OpenTab> {
        let file = self.file.as_ref().filter(|file| file.is_stored())?;
        let bytes = self.shown_of_kind(PaneKind::Bytes).is_some();
        let values = self.is_shown(self.typed_key());
        let len = self.len();
        let top = if bytes { self.hex().top_byte(len) } else { self.values().top_byte(len) };
        let panes = match (bytes, values) {
            (true, true) => "both",
            (true, false) => "bytes",
            (false, _) => "values",
        };
        let (layout, views) = self.layout_as_left();
        Some(OpenTab {
            location: file.origin.location.clone(),
            caret: self.caret(),
            anchor: (!self.selection.is_empty()).then(|| i64::try_from(self.selection.anchor).ok()).flatten(),
            top,
            columns: Some(cells(self.hex().format.columns)),
            value_columns: Some(cells(self.values().format.columns)).filter(|cells| *cells > 0),
            dtype: values.then(|| self.values().format.dtype.name()),
            encoding: Some(Encoding::name(self.text_encoding()).to_owned()),
            read_only: self.locked,
            panes: Some(panes.to_owned()),
            in_values: self.focus_kind() != PaneKind::Bytes,
            array: self.array().map(ArrayView::as_left),
            layout,
            views,
        })
    }

    /// The tree of panes and what they show; nothing for bytes and values as every tab has them at first.
    fn layout_as_left(&self) -> (Option<String>, Vec<OpenView>) {
        let is_usual = self.has_usual_layout() && self.panes().iter().all(|pane| pane.linked);
        if is_usual {
            return (None, Vec::new());
        }
        // An array that is hidden is remembered too.
        let has_hidden =
            !self.whole_layout().has(PaneKey::TYPED) && self.kind(PaneKey::TYPED) == PaneKind::Array;
        let hidden = has_hidden.then_some(PaneKey::TYPED);
        let panes = self.whole_layout().panes().into_iter().chain(hidden);
        let views = panes.map(|pane| self.view_as_left(pane)).collect();
        (Some(self.whole_layout().to_string()), views)
    }

    fn view_as_left(&self, key: PaneKey) -> OpenView {
        let pane = self.panes().get(key);
        let left = OpenView {
            pane: key.number(),
            kind: String::from(pane.content.name()),
            focused: key == self.focus(),
            alone: !pane.linked,
            array: pane.content.array().map(ArrayView::as_left),
            ..OpenView::default()
        };
        let top = pane.content.any_rows().map_or(0, |rows| rows.top_byte(self.len()));
        let left = OpenView { top, ..left };
        match &pane.content {
            PaneContent::Hex(view) => OpenView {
                columns: cells(view.format.columns),
                digits: Some(view.format.radix.name().to_owned()),
                origin: view.format.origin,
                encoding: view.format.text.map(|encoding| encoding.name().to_owned()),
                ..left
            },
            PaneContent::Typed(typed) => OpenView {
                columns: cells(typed.values.format.columns),
                dtype: Some(typed.values.format.dtype.name()),
                origin: typed.values.format.origin,
                ..left
            },
            PaneContent::Picture(picture) => OpenView { picture: Some(picture.as_left()), ..left },
        }
    }

    /// Panes, selection and position as they were. An array comes later, when the header has been read.
    pub(super) fn look_as_left(&mut self, left: &OpenTab) {
        let len = self.len();
        for (of_values, cells) in [(false, left.columns), (true, left.value_columns)] {
            if let Some(cells) = cells {
                self.set_columns(of_values, columns(cells));
            }
        }
        match left.panes.as_deref() {
            Some("bytes") => self.show(true, false),
            Some("values") => self.show(false, true),
            Some("both") => self.show(true, true),
            // An earlier version: what was opened with a type shows it beside the bytes.
            _ => {}
        }
        let shown = if left.in_values { PaneKey::TYPED } else { PaneKey::BYTES };
        if self.is_shown(shown) {
            self.set_focus(shown);
        }
        for view in self.panes.iter_mut().filter_map(|pane| pane.content.any_rows_mut()) {
            view.restore_top(left.top.min(len), len);
        }
        self.restore_layout(left);
        self.restore_selection(left);
    }

    fn restore_selection(&mut self, left: &OpenTab) {
        let len = self.len();
        let caret = left.caret.min(len);
        let anchor = left.anchor.and_then(|anchor| u64::try_from(anchor).ok()).unwrap_or(caret).min(len);
        self.selection = Selection::between(anchor, caret, self.selection.column).snapped(&self.map());
    }

    /// The tree of panes as it was, where it was more than the usual one.
    fn restore_layout(&mut self, left: &OpenTab) {
        let tree = left.layout.as_ref().and_then(|text| PaneLayout::parse(text));
        let Some(mut layout) = tree.filter(|tree| tree.panes().len() <= MOST_PANES) else { return };
        let mut focus = None;
        for key in layout.panes() {
            let view = left.views.iter().find(|view| view.pane == key.number());
            let restored = view.is_some_and(|view| self.restore_view(key, view));
            if !restored && !layout.close(key) {
                return;
            }
            focus = focus.or(view.filter(|view| view.focused && restored).map(|_| key));
        }
        self.put_layout(layout);
        if let Some(focus) = focus {
            self.set_focus(focus);
        }
    }

    /// A pane as it was; `false` for one that can't be.
    fn restore_view(&mut self, key: PaneKey, left: &OpenView) -> bool {
        let len = self.len();
        if let Some(picture) = left.picture.as_ref().filter(|_| left.kind == "picture") {
            return self.restore_picture(key, picture);
        }
        let Some(usual) = self.panes.usual(&left.kind).map(|pane| pane.content.clone()) else { return false };
        let is_there = self.panes.has(key);
        if (is_there && self.panes.get(key).content.name() != left.kind)
            || (!is_there && !self.panes.put(key, usual))
        {
            return false;
        }
        let pane = self.panes.get_mut(key);
        pane.linked = !left.alone;
        match &mut pane.content {
            PaneContent::Hex(view) => {
                let old = view.format.clone();
                let radix = left.digits.as_deref().and_then(Radix::from_name).unwrap_or(old.radix);
                let text = left.encoding.as_deref().and_then(Encoding::from_name);
                view.reformat(ViewFormat { radix, text, columns: columns(left.columns), ..old }, len);
            }
            PaneContent::Typed(typed) => {
                let old = typed.values.format;
                let dtype = left.dtype.as_ref().and_then(|dtype| dtype.parse().ok()).unwrap_or(old.dtype);
                let (columns, origin) = (columns(left.columns), left.origin.min(len));
                typed.values.reformat(ValuesFormat { dtype, columns, origin, ..old }, len);
            }
            PaneContent::Picture(_) => {}
        }
        if let Some(rows) = pane.content.any_rows_mut() {
            rows.restore_top(left.top.min(len), len);
        }
        true
    }

    /// A picture as it was; `false` for one that can't be.
    fn restore_picture(&mut self, key: PaneKey, left: &OpenPicture) -> bool {
        let Some((mut picture, captured)) = PicturePane::of_left(left, self.len()) else { return false };
        let revision = self.document().revision();
        picture.captured =
            captured.map(|array| ElementSubject::new(self.id, revision, SubjectExtent::Selection, array));
        if let Some(old) = self.panes.get_mut(key).content.picture_mut() {
            *old = picture;
            return true;
        }
        !self.panes.has(key) && self.panes.put(key, PaneContent::Picture(Box::new(picture)))
    }

    /// An array as it was left, if it is the one; then the panes again with `arranges`.
    pub(super) fn place_as_left(&mut self, pane: PaneKey, tab: &OpenTab, arranges: bool) {
        let Some(array) = array_of(tab, pane) else { return };
        let view = self.panes.get_mut(pane).content.array_mut();
        let Some(view) = view.filter(|view| view.name.as_deref() == array.name.as_deref()) else { return };
        view.look_as_left(array);
        if !arranges {
            return;
        }
        if tab.views.is_empty() {
            self.look_as_left(tab);
        } else {
            self.restore_layout(tab);
            self.restore_selection(tab);
        }
        if self.is_in_array() {
            self.select_block();
            // What was selected is in sight now; everything is scrolled to where it was again.
            if tab.views.is_empty() {
                let len = self.len();
                self.view_mut(self.hex_key()).restore_top(tab.top.min(len), len);
            } else {
                self.restore_layout(tab);
            }
        }
    }
}

fn cells(columns: Columns) -> u32 {
    match columns {
        Columns::Fixed(cells) => cells,
        Columns::Fit => 0,
    }
}

fn columns(cells: u32) -> Columns {
    if cells == 0 { Columns::Fit } else { Columns::Fixed(cells) }
}

/// The array that a pane had.
pub(super) fn array_of(left: &OpenTab, pane: PaneKey) -> Option<&OpenArray> {
    if left.views.is_empty() {
        return left.array.as_ref().filter(|_| pane == PaneKey::TYPED);
    }
    left.views.iter().find(|view| view.pane == pane.number())?.array.as_ref()
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
