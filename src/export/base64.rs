//! Base64 with padding, one line (RFC 4648).

use super::Options;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn render(bytes: &[u8], _: &Options) -> String {
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

/// The bytes of Base64 in either alphabet, with padding or without, in lines of any length. `None` when it is none.
pub(super) fn read(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.trim().bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let padding = letters.iter().rev().take_while(|&&letter| letter == b'=').count();
    let is_padded = padding == 0 || (padding <= 2 && letters.len().is_multiple_of(4));
    let letters = &letters[..letters.len() - padding];
    if !is_padded || letters.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    for group in letters.chunks(4) {
        let mut word = 0;
        for &letter in group {
            word = word << 6 | value_of(letter)?;
        }
        word <<= 6 * (4 - group.len());
        let [_, whole @ ..] = word.to_be_bytes();
        let (kept, cut) = whole.split_at(group.len() - 1);
        // Bits that no byte holds are zero in every Base64 that a program wrote.
        if cut.iter().any(|&byte| byte != 0) {
            return None;
        }
        bytes.extend_from_slice(kept);
    }
    Some(bytes)
}

fn value_of(letter: u8) -> Option<u32> {
    let standard = match letter {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    };
    ALPHABET.iter().position(|&listed| listed == standard).map(|place| place as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(render(bytes.as_bytes(), &Options::default()), text);
            assert_eq!(read(text).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(read(text.trim_end_matches('=')).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(read("-_-_").as_deref(), Some(&b"\xfb\xff\xbf"[..]));
        for text in ["Z", "Zh==", "Zg=", "Zg===", "Z=g=", "Zg==Zg==", "Zé=="] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
