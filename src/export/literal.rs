//! Bytes as an array in the source code of C and of Rust.

use super::ExportOptions;
use crate::decode::hex::push_byte;

pub(super) fn render_c(bytes: &[u8], options: &ExportOptions) -> String {
    array(&format!("const unsigned char data[{}] = {{", bytes.len()), "};", bytes, options)
}

pub(super) fn render_rust(bytes: &[u8], options: &ExportOptions) -> String {
    array(&format!("const DATA: [u8; {}] = [", bytes.len()), "];", bytes, options)
}

fn array(open: &str, close: &str, bytes: &[u8], options: &ExportOptions) -> String {
    let mut text = String::with_capacity(bytes.len() * 7 + open.len() + close.len());
    text.push_str(open);
    text.push('\n');
    for line in bytes.chunks(options.columns.max(1)) {
        text.push_str("   ");
        for &byte in line {
            text.push_str(" 0x");
            push_byte(byte, options.upper, &mut text);
            text.push(',');
        }
        text.push('\n');
    }
    text.push_str(close);
    text.push('\n');
    text
}
