//! The characters of an encoding, U+FFFD for what is none.

use super::Options;

pub(super) fn render(bytes: &[u8], options: &Options) -> String {
    options.encoding.decode_lossy(bytes)
}
