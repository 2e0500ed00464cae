//! Two hex digits a byte, one line.

use super::Options;

pub(super) fn render(bytes: &[u8], options: &Options) -> String {
    crate::decode::hex::format(bytes, options.upper, " ")
}
