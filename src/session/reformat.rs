//! Commands on how a pane shows its bytes, and the format that is remembered for the files to come.

use super::Session;
use super::pane::PaneId;
use super::tab::Tab;
use super::view::{Columns, ViewFormat};
use crate::decode::Radix;
use crate::state::Settings;

impl Tab {
    fn reformat_focused(&mut self, change: impl FnOnce(&mut ViewFormat, u32)) {
        let (pane, columns) = (self.focus, self.focused().columns());
        let mut format = self.focused().format.clone();
        change(&mut format, columns);
        self.reformat(pane, format);
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
        let other_pane = if self.focus == PaneId::Values { PaneId::Bytes } else { PaneId::Values };
        let other = ViewFormat { offsets, ..self.view(other_pane).format.clone() };
        self.reformat(other_pane, other);
        self.reformat_focused(|format, _| format.offsets = offsets);
    }

    pub(super) fn toggle_upper_case(&mut self) {
        let format = ViewFormat { upper: !self.bytes.format.upper, ..self.bytes.format.clone() };
        self.reformat(PaneId::Bytes, format);
    }

    pub(super) fn toggle_text_column(&mut self) {
        let text = if self.bytes.format.text.is_some() { None } else { Some(self.last_encoding) };
        let format = ViewFormat { text, ..self.bytes.format.clone() };
        self.reformat(PaneId::Bytes, format);
    }
}

impl Session {
    /// Remembers the format of the tab in front for the files to come.
    pub(super) fn keep_format(&mut self) {
        let Some(tab) = self.tabs.front() else { return };
        let (bytes, dtype) = (tab.bytes.format.clone(), tab.values.dtype());
        self.change_settings(|settings: &mut Settings| {
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
}
