//! Bytes as eight binary digits each: `01000001 01000010`, `0b01000001`.

use super::TextBytes;

pub(super) fn read(text: &str) -> Result<TextBytes, String> {
    let mut bytes = Vec::new();
    let mut marked = true;
    for group in text.split(|c: char| c.is_whitespace() || c == ',').filter(|group| !group.is_empty()) {
        let digits = group.strip_prefix("0b").or_else(|| group.strip_prefix("0B"));
        marked &= digits.is_some();
        let digits = digits.unwrap_or(group);
        let byte =
            u8::from_str_radix(digits, 2).ok().filter(|_| digits.len() == 8 && !digits.starts_with('+'));
        bytes.push(byte.ok_or("a group is not eight binary digits")?);
    }
    Ok(TextBytes { bytes, is_certain: marked })
}
