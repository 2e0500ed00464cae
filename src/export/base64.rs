//! Base64 with padding, one line (RFC 4648).

use super::ExportOptions;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn render(bytes: &[u8], _: &ExportOptions) -> String {
    text_of(bytes)
}

/// Bytes as one line of text.
pub fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut word = [0; 4];
        word[1..=group.len()].copy_from_slice(group);
        let word = u32::from_be_bytes(word);
        for place in 0..4 {
            // One byte fills two letters, two fill three.
            let letter =
                if place <= group.len() { ALPHABET[(word >> (18 - 6 * place)) as usize & 63] } else { b'=' };
            text.push(char::from(letter));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::paste_formats;

    #[test]
    fn the_vectors_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(render(bytes.as_bytes(), &ExportOptions::default()), text);
            assert_eq!(paste_formats::read_base64(text).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(
                paste_formats::read_base64(text.trim_end_matches('=')).as_deref(),
                Some(bytes.as_bytes())
            );
        }
    }
}
