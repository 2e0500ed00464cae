//! Paths as bytes, as journals, logs and settings keep them (`as_encoded_bytes`), and back.

use std::path::PathBuf;

/// The path that these bytes of a platform's string are; `None` when they are none on this platform.
#[cfg(unix)]
pub fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

/// The path that these bytes of a platform's string are; `None` when they are none on this platform.
#[cfg(not(unix))]
pub fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::windows::ffi::OsStringExt;
    Some(std::ffi::OsString::from_wide(&utf16_of(&bytes)?).into())
}

/// Names of Windows are any units of UTF-16, also halves of pairs. As bytes they are UTF-8 in which such a half stands
/// by itself (WTF-8, <https://simonsapin.github.io/wtf-8/>).
#[cfg(any(not(unix), test))]
fn utf16_of(bytes: &[u8]) -> Option<Vec<u16>> {
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        let valid = match std::str::from_utf8(rest) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).ok()?,
        };
        units.extend(valid.encode_utf16());
        rest = &rest[valid.len()..];
        match rest {
            [] => {}
            [0xed, middle @ 0xa0..=0xbf, last @ 0x80..=0xbf, ..] => {
                units.push(0xd000 | u16::from(middle & 0x3f) << 6 | u16::from(last & 0x3f));
                rest = &rest[3..];
            }
            _ => return None,
        }
    }
    Some(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_pairs_stay_what_they_are() {
        assert_eq!(utf16_of("aé漢🦀".as_bytes()), Some("aé漢🦀".encode_utf16().collect()));
        assert_eq!(utf16_of(b"a\xed\xa0\x80b\xed\xbf\xbf"), Some(vec![0x61, 0xd800, 0x62, 0xdfff]));
        for bad in [&b"\xff"[..], b"a\xed\xa0", b"\xed\xa0\x20", b"\xc3"] {
            assert_eq!(utf16_of(bad), None, "{bad:x?}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_path_comes_back_whatever_it_is() {
        use std::os::unix::ffi::OsStrExt;
        let path = path_of(b"/a/\xff\xed\xa0\x80".to_vec()).expect("a path");
        assert_eq!(path.as_os_str().as_bytes(), b"/a/\xff\xed\xa0\x80");
    }
}
