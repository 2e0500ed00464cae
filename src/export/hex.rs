//! Two hex digits a byte, one line.

use super::ExportOptions;

pub(super) fn render(bytes: &[u8], options: &ExportOptions) -> String {
    crate::decode::hex::format(bytes, options.upper, " ")
}
