//! Commands on how a pane shows its bytes, and the format that is remembered for the files to come.

use super::Session;
use super::command::Command;
use super::pane::PaneId;
use super::view::{Columns, ViewFormat};
use crate::decode::Radix;
use crate::state::Settings;

impl Session {
    /// What changes how the focused pane shows its bytes; the next file opens like it.
    pub(super) fn run_on_format(&mut self, command: Command) {
        let Some(tab) = self.tab_mut() else { return };
        let (pane, columns) = (tab.focus, tab.focused().columns());
        let mut format = tab.focused().format.clone();
        match command {
            Command::FitColumns if format.columns == Columns::Fit => format.columns = Columns::Fixed(columns),
            Command::FitColumns => format.columns = Columns::Fit,
            Command::MoreColumns => format.columns = Columns::Fixed(columns + 1),
            Command::FewerColumns => format.columns = Columns::Fixed(columns.saturating_sub(1).max(1)),
            Command::DecimalOffsets => {
                let offsets = if tab.decimal_offsets() { Radix::Hex } else { Radix::Decimal };
                let other_pane = if pane == PaneId::Values { PaneId::Bytes } else { PaneId::Values };
                let other = ViewFormat { offsets, ..tab.view(other_pane).format.clone() };
                tab.reformat(other_pane, other);
                format.offsets = offsets;
            }
            Command::UpperCase | Command::TextColumn => {
                let mut bytes = tab.bytes.format.clone();
                if command == Command::UpperCase {
                    bytes.upper = !bytes.upper;
                } else {
                    bytes.text = if bytes.text.is_some() { None } else { Some(tab.last_encoding) };
                }
                tab.reformat(PaneId::Bytes, bytes);
                self.keep_format();
                return;
            }
            _ => {}
        }
        tab.reformat(pane, format);
        self.keep_format();
    }

    /// Remembers the format of the tab in front for the files to come.
    pub(super) fn keep_format(&mut self) {
        let Some(tab) = self.tab() else { return };
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
