//! The values of an element type as a list that Python reads.
//!
//! NaNs lose their sign and payload here, for Python has no way to write them.

use super::{ExportOptions, python};
use crate::decode::Element;

pub(super) fn render(bytes: &[u8], options: &ExportOptions) -> String {
    let dtype = options.dtype;
    let values = bytes.chunks_exact(dtype.size());
    let left_over = values.remainder().len();
    let mut text = String::from("[");
    let mut value = String::new();
    for (index, bytes) in values.enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        value.clear();
        dtype.format(bytes, &mut value);
        match value.trim_start_matches('-') {
            _ if dtype.element == Element::Char => text.push_str(&python::literal(bytes)),
            _ if !dtype.element.is_float() => text.push_str(&value),
            "inf" => text.extend(["float('", &value, "')"]),
            nan if nan.starts_with("nan") => text.push_str("float('nan')"),
            _ => text.push_str(&value),
        }
    }
    text.push(']');
    match left_over {
        0 => {}
        1 => text.push_str("  # 1 byte left over"),
        count => text.push_str(&format!("  # {count} bytes left over")),
    }
    text
}
