//! Whether a value that the user has, as it was published or printed, is one of those that were computed.
//!
//! Case, spaces, colons and the names around a value don't count: a line of sha256sum, in either form, will do as well.

use super::HashValue;
use super::table::{ALGORITHMS, HashAlgorithm};

/// What a typed value has in common with those that were computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement<'v> {
    /// It is this value.
    Same(&'v HashValue),
    /// It is this value with its bytes in the other order.
    Swapped(&'v HashValue),
    /// It is none of them, though some have as many digits.
    Other { digits: usize },
    /// No algorithm that was computed has a value of so many digits.
    NoneSoLong { digits: usize },
    /// There are no hex digits in it.
    NoHex,
}

/// Compares a typed value with those of `values`.
pub fn agreement<'v>(text: &str, values: &'v [HashValue]) -> Agreement<'v> {
    let is_length = |digits: usize| values.iter().any(|value| value.bytes.len() * 2 == digits);
    let Some(digits) = typed_digits(text, is_length) else { return Agreement::NoHex };
    if let Some(value) = values.iter().find(|value| value.hex() == digits) {
        return Agreement::Same(value);
    }
    let back =
        |value: &HashValue| value.bytes.iter().rev().map(|byte| format!("{byte:02x}")).collect::<String>();
    if let Some(value) = values.iter().find(|value| value.algorithm.is_number() && back(value) == digits) {
        return Agreement::Swapped(value);
    }
    let digits = digits.len();
    if is_length(digits) { Agreement::Other { digits } } else { Agreement::NoneSoLong { digits } }
}

/// The algorithms that have values as long as the typed one, and how many digits that has; 0 without any.
pub fn algorithms_as_long(text: &str) -> (Vec<&'static HashAlgorithm>, usize) {
    let fits = |algorithm: &&HashAlgorithm, digits: usize| algorithm.len * 2 == digits;
    let typed = typed_digits(text, |digits| ALGORITHMS.iter().any(|algorithm| fits(&algorithm, digits)));
    let digits = typed.map_or(0, |typed| typed.len());
    (ALGORITHMS.iter().filter(|algorithm| fits(algorithm, digits)).collect(), digits)
}

/// The hex digits that are meant, in lower case: all of the text, whatever divides them, or the longest of its words. A
/// name beside a value may be made of hex digits too, so the whole counts only where it is as long as a value.
fn typed_digits(text: &str, is_length: impl Fn(usize) -> bool) -> Option<String> {
    let digits = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix("0x").unwrap_or(&text);
        let text = text.strip_suffix('h').unwrap_or(text);
        let plain: String =
            text.chars().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n' | ':' | '-')).collect();
        (!plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(plain)
    };
    let whole = digits(text);
    if whole.as_ref().is_some_and(|whole| is_length(whole.len())) {
        return whole;
    }
    let words = text.split([' ', '\t', '\r', '\n', '=', '(', ')', '*', ',', ';', '"', '\'']);
    let longest = words.filter_map(digits).max_by_key(String::len).filter(|word| is_length(word.len()));
    longest.or(whole).or_else(|| text.split_whitespace().filter_map(digits).max_by_key(String::len))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::hashes::algorithm;

    fn value(name: &str, bytes: &[u8]) -> HashValue {
        HashValue { algorithm: algorithm(name).expect("a name"), bytes: bytes.to_vec() }
    }

    #[test]
    fn a_value_is_recognised_in_every_form_in_which_it_is_published() {
        let values = [value("CRC-32", &[0xcb, 0xf4, 0x39, 0x26]), value("MD5", &[0xab; 16])];
        let md5 = "ab".repeat(16);
        for text in [
            md5.clone(),
            md5.to_uppercase(),
            format!("  {md5}\n"),
            "AB:".repeat(15) + "AB",
            "ab ".repeat(16),
            format!("{md5}  a b.bin"),
            format!("{md5} *face.bin"),
            format!("MD5 (dead beef) = {md5}"),
            format!("md5: {md5}"),
        ] {
            assert_eq!(agreement(&text, &values), Agreement::Same(&values[1]), "{text}");
        }
        for text in ["cbf43926", "0xCBF43926", "CBF4 3926", "cbf43926h"] {
            assert_eq!(agreement(text, &values), Agreement::Same(&values[0]), "{text}");
        }
        assert_eq!(agreement("26 39 F4 CB", &values), Agreement::Swapped(&values[0]));
    }

    #[test]
    fn what_is_no_value_of_these_says_so() {
        let values = [value("CRC-32", &[1, 2, 3, 4]), value("MD5", &[0xab; 16])];
        assert_eq!(agreement("01020305", &values), Agreement::Other { digits: 8 });
        assert_eq!(agreement(&"1".repeat(40), &values), Agreement::NoneSoLong { digits: 40 });
        assert_eq!(agreement("", &values), Agreement::NoHex);
        assert_eq!(agreement("xyz", &values), Agreement::NoHex);
    }
}
