//! Base64 (RFC 4648), which any word of four letters is too, so it is certain only where the text says so: in a `data:`
//! address and between the lines of PEM.

use super::TextBytes;

pub(super) fn read_text(text: &str) -> Result<TextBytes, String> {
    let text = text.trim();
    let none = || String::from("it is not Base64");
    if let Some((head, digits)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        let digits = head.ends_with(";base64").then(|| read(digits)).flatten();
        return digits.map(TextBytes::certain).ok_or_else(none);
    }
    if let Some(rest) = text.strip_prefix("-----BEGIN ") {
        let digits = rest.split_once("-----").and_then(|(name, rest)| {
            let (digits, end) = rest.split_once("-----END ")?;
            (end.trim_end_matches('-') == name).then(|| read(digits)).flatten()
        });
        return digits.map(TextBytes::certain).ok_or_else(none);
    }
    read(text).map(TextBytes::possible).ok_or_else(none)
}

/// The bytes of Base64 in either alphabet, with padding or without, in lines of any length. `None` when it is none.
pub fn read(text: &str) -> Option<Vec<u8>> {
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
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_base64_is_refused() {
        assert_eq!(read("-_-_").as_deref(), Some(&b"\xfb\xff\xbf"[..]));
        for text in ["Z", "Zh==", "Zg=", "Zg===", "Z=g=", "Zg==Zg==", "Zé=="] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_certain_where_the_text_says_so() {
        for text in ["data:image/png;base64,QUJD", "-----BEGIN KEY-----\nQU\nJD\n-----END KEY-----\n"] {
            assert_eq!(read_text(text), Ok(TextBytes::certain(b"ABC".to_vec())), "{text}");
        }
        assert_eq!(read_text("QUJD"), Ok(TextBytes::possible(b"ABC".to_vec())));
        assert!(read_text("data:text/plain,QUJD").is_err());
    }
}
