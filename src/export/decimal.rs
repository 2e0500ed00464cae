//! Bytes as decimal numbers with commas, one line.

use super::ExportOptions;
use std::fmt::Write;

pub(super) fn render(bytes: &[u8], _: &ExportOptions) -> String {
    let mut text = String::with_capacity(bytes.len() * 4);
    for (index, byte) in bytes.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(text, "{separator}{byte}");
    }
    text
}
