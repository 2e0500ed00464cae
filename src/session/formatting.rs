//! Commands that change how a pane shows its bytes, and the format that is remembered for new files.

use super::context::Context;
use super::panes::{PaneContent, PaneKey, ValuesFormat};
use super::tab::Tab;
use super::tabs::Tabs;
use super::view::{Columns, ViewFormat};
use crate::decode::{DType, Radix};
use crate::state::Settings;

impl Tab {
    /// Gives the rows of the pane with the keys other columns; where it shows an array, those of the bytes.
    fn set_focused_columns(&mut self, columns: Columns) {
        match self.panes.get(self.focus()).content.values().map(|values| values.format) {
            Some(format) => self.reformat_values(self.focus(), ValuesFormat { columns, ..format }),
            None => {
                let format = ViewFormat { columns, ..self.hex().format.clone() };
                self.reformat(self.hex_key(), format);
            }
        }
    }

    /// Shows the plain values as those of another type, beside the bytes where these are shown.
    pub(super) fn show_values_of(&mut self, dtype: DType) {
        let len = self.len();
        if let Some(typed) = self.typed_mut() {
            typed.values.reformat(ValuesFormat { dtype, ..typed.values.format }, len);
        }
        self.bring_typed();
    }

    /// So many cells in a row of the values, or of the bytes. What is being typed stays.
    pub(super) fn set_columns(&mut self, of_values: bool, columns: Columns) {
        let (len, (hex, typed)) = (self.len(), (self.hex_key(), self.typed_key()));
        match &mut self.panes.get_mut(if of_values { typed } else { hex }).content {
            PaneContent::Hex(view) => view.reformat(ViewFormat { columns, ..view.format.clone() }, len),
            PaneContent::Typed(typed) => {
                typed.values.reformat(ValuesFormat { columns, ..typed.values.format }, len);
            }
            PaneContent::Picture(_) => {}
        }
    }

    /// As many columns as fit the window, or as many as there are now.
    pub(super) fn toggle_fit_columns(&mut self) {
        let columns =
            if self.fits_columns() { Columns::Fixed(self.focused().columns()) } else { Columns::Fit };
        self.set_focused_columns(columns);
    }

    /// So many columns more, at least one.
    pub(super) fn change_columns(&mut self, by: i32) {
        let columns = self.focused().columns().saturating_add_signed(by).max(1);
        self.set_focused_columns(Columns::Fixed(columns));
    }

    pub(super) fn toggle_decimal_offsets(&mut self) {
        let shown = if self.decimal_offsets() { Radix::Hex } else { Radix::Decimal };
        self.show_offsets(|offsets, _| *offsets = shown);
        self.edit = None;
        self.selection = self.selection.snapped(&self.map());
    }

    pub(super) fn toggle_upper_case(&mut self) {
        let format = ViewFormat { upper: !self.hex().format.upper, ..self.hex().format.clone() };
        self.reformat(self.hex_key(), format);
    }

    pub(super) fn toggle_text_column(&mut self) {
        let text = if self.hex().format.text.is_some() { None } else { Some(self.last_encoding) };
        let format = ViewFormat { text, ..self.hex().format.clone() };
        self.reformat(self.hex_key(), format);
    }
}

/// Remembers the format of the pane of bytes and of the values of the tab in front for the files to come. `pane` is one
/// that was given another format.
pub(super) fn keep_format(pane: Option<PaneKey>, tabs: &mut Tabs, context: &mut Context) {
    let Some(tab) = tabs.front_mut() else { return };
    if let Some(pane) = pane.filter(|pane| tab.panes().has(*pane)) {
        tab.make_last(pane);
    }
    let (bytes, dtype) = (tab.hex().format.clone(), tab.values().format.dtype);
    context.change_settings(|settings: &mut Settings| {
        settings.columns = match bytes.columns {
            Columns::Fixed(cells) => cells,
            Columns::Fit => 0,
        };
        settings.grouping = bytes.group;
        settings.upper_case = bytes.upper;
        settings.text_column = bytes.text.is_some();
        if let Some(encoding) = bytes.text {
            settings.encoding = encoding.name().to_owned();
        }
        settings.dtype = dtype.name();
    });
}
