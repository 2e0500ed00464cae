//! Commands on how a pane shows its bytes, and the format that is remembered for the files to come.

use super::context::Context;
use super::tab::Tab;
use super::tabs::Tabs;
use super::view::{CellKind, Columns, ViewFormat};
use crate::decode::{DType, Radix};
use crate::state::Settings;

impl Tab {
    fn reformat_focused(&mut self, change: impl FnOnce(&mut ViewFormat, u32)) {
        let (pane, columns) = (self.focus(), self.focused().columns());
        let mut format = self.focused().format.clone();
        change(&mut format, columns);
        self.reformat(pane, format);
    }

    /// Shows the plain values as those of another type, beside the bytes where these are shown.
    pub(super) fn show_values_of(&mut self, dtype: DType) {
        let len = self.len();
        if let Some(typed) = self.typed_mut() {
            let format = ViewFormat { kind: CellKind::Values(dtype), ..typed.values.format.clone() };
            typed.values.reformat(format, len);
        }
        self.bring_typed();
    }

    /// So many cells in a row of the values, or of the bytes.
    pub(super) fn set_columns(&mut self, of_values: bool, cells: u32) {
        let (len, hex) = (self.len(), self.hex_key());
        let view = match of_values {
            true => self.typed_mut().map(|typed| &mut typed.values),
            false => Some(self.view_mut(hex)),
        };
        if let Some(view) = view {
            view.reformat(ViewFormat { columns: Columns::Fixed(cells), ..view.format.clone() }, len);
        }
    }

    /// As many columns as fit the window, or as many as there are now.
    pub(super) fn toggle_fit_columns(&mut self) {
        self.reformat_focused(|format, columns| {
            format.columns = match format.columns {
                Columns::Fit => Columns::Fixed(columns),
                Columns::Fixed(_) => Columns::Fit,
            };
        });
    }

    /// So many columns more, at least one.
    pub(super) fn change_columns(&mut self, by: i32) {
        self.reformat_focused(|format, columns| {
            format.columns = Columns::Fixed(columns.saturating_add_signed(by).max(1));
        });
    }

    pub(super) fn toggle_decimal_offsets(&mut self) {
        let offsets = if self.decimal_offsets() { Radix::Hex } else { Radix::Decimal };
        self.reformat_all(|format| format.offsets = offsets);
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

/// Remembers the format of the tab in front for the files to come.
pub(super) fn keep_format(tabs: &Tabs, context: &mut Context) {
    let Some(tab) = tabs.front() else { return };
    let (bytes, dtype) = (tab.hex().format.clone(), tab.values().dtype());
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
        if let Some(dtype) = dtype {
            settings.dtype = dtype.name();
        }
    });
}
