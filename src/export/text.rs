//! The characters of an encoding, U+FFFD for what is none.

use super::ExportOptions;

pub(super) fn render(bytes: &[u8], options: &ExportOptions) -> String {
    options.encoding.decode_lossy(bytes)
}
