//! GUIDs: `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`.
//!
//! Windows keeps the first three fields little-endian and the rest as written; that is the little-endian order here.
//! The big-endian one has all bytes as written, as RFC 9562 wants.

use super::integer::{ValueError, excerpt};

/// Where each written byte is: in Windows' order.
const WINDOWS: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

pub(in crate::decode) fn push(bytes: &[u8], mixed: bool, out: &mut String) {
    for (place, from) in WINDOWS.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        crate::decode::hex::push_byte(bytes[if mixed { from } else { place }], false, out);
    }
}

/// The 16 bytes of a GUID, with braces and hyphens or without.
pub(in crate::decode) fn parse(text: &str, mixed: bool) -> Result<Vec<u8>, ValueError> {
    let trimmed = text.trim();
    let wrong = || ValueError::new(format!("'{}' is not a GUID of 32 hex digits", excerpt(trimmed)));
    let inner =
        trimmed.strip_prefix('{').map_or(Some(trimmed), |rest| rest.strip_suffix('}')).ok_or_else(wrong)?;
    let digits: Vec<u8> = inner.bytes().filter(|byte| *byte != b'-').take(33).collect();
    if digits.len() != 32 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(wrong());
    }
    let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or(0) as u8;
    let mut bytes = vec![0; 16];
    for (place, pair) in digits.chunks_exact(2).enumerate() {
        bytes[if mixed { WINDOWS[place] } else { place }] = value(pair[0]) << 4 | value(pair[1]);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_read_back() {
        let bytes: Vec<u8> = (0..16).collect();
        for (mixed, text) in
            [(true, "03020100-0504-0706-0809-0a0b0c0d0e0f"), (false, "00010203-0405-0607-0809-0a0b0c0d0e0f")]
        {
            let mut shown = String::new();
            push(&bytes, mixed, &mut shown);
            assert_eq!(shown, text);
            assert_eq!(parse(&format!("{{{}}}", shown.to_uppercase()), mixed), Ok(bytes.clone()));
        }
        for text in ["", "0", "{00010203-0405-0607-0809-0a0b0c0d0e0f", "00010203-0405-0607-0809-0a0b0c0d0e0g"]
        {
            assert!(parse(text, true).is_err(), "{text}");
        }
    }
}
