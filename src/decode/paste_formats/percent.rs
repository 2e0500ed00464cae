//! Bytes as addresses of the web write them: `%41%42`.

use super::TextBytes;

pub(super) fn read(text: &str) -> Result<TextBytes, String> {
    let mut bytes = Vec::with_capacity(text.len() / 3);
    let (mut marked, mut plain) = (0, 0);
    let mut rest = text.trim().as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) =
                    digit(*high).zip(digit(*low)).ok_or("a % is not followed by two hex digits")?;
                bytes.push((high << 4 | low) as u8);
                marked += 1;
                after
            }
            (b'%', _) => return Err(String::from("a % is not followed by two hex digits")),
            (b'!'..=b'~', after) => {
                bytes.push(first);
                plain += 1;
                after
            }
            _ => return Err(String::from("it has a character that is not allowed in a URL")),
        };
    }
    if marked == 0 {
        Err(String::from("there is no % in it"))
    } else {
        Ok(TextBytes { bytes, is_certain: plain == 0 })
    }
}
