//! Complex numbers as Python and NumPy write them: `(1.5-2j)`, `2j`, `(nan+infj)`.
//!
//! Each part is a float of its own and reads back to its own bits, so `-0` and payloads of NaNs are kept.

use super::integer::{ValueError, excerpt};

/// Writes both parts; `part` writes one.
pub(in crate::decode) fn format(
    part: impl Fn(&[u8], &mut String),
    real: &[u8],
    imaginary: &[u8],
    out: &mut String,
) {
    let text = |bytes: &[u8]| {
        let mut text = String::new();
        part(bytes, &mut text);
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    };
    let (real, imaginary) = (text(real), text(imaginary));
    push(&real, &imaginary, out);
}

/// Puts the texts of the parts together; of a real part 0 only the imaginary one is written.
pub(in crate::decode) fn push(real: &str, imaginary: &str, out: &mut String) {
    if real == "0" {
        out.push_str(imaginary);
        out.push('j');
        return;
    }
    let sign = if imaginary.starts_with('-') { "" } else { "+" };
    for text in ["(", real, sign, imaginary, "j)"] {
        out.push_str(text);
    }
}

/// The bytes of both parts; `part` gives those of one. A real number alone has the imaginary part 0.
pub(in crate::decode) fn encode(
    part: impl Fn(&str) -> Result<Vec<u8>, ValueError>,
    kind: &str,
    text: &str,
) -> Result<Vec<u8>, ValueError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(ValueError::empty(kind));
    }
    let bare = trimmed.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(trimmed).trim();
    let number = |text: &str, whole: &str| {
        // White space may stand around the sign between the parts.
        let trimmed_part = text.trim();
        let unsigned = trimmed_part.strip_prefix(['-', '+']).unwrap_or(trimmed_part);
        let minus = if trimmed_part.starts_with('-') { "-" } else { "" };
        let compact = [minus, unsigned.trim_start()].concat();
        part(&compact).map_err(|error| match part(whole) {
            Err(_) if compact.is_empty() => ValueError::not_a("complex number such as 1.5-2j", trimmed),
            _ => error,
        })
    };
    let Some(parts) = bare.strip_suffix(['j', 'J']) else {
        let mut bytes = number(bare, bare)?;
        bytes.extend(number("0", "0")?);
        return Ok(bytes);
    };
    let (real, imaginary) = match split(parts) {
        Some(at) => (&parts[..at], &parts[at..]),
        None => ("0", parts),
    };
    let unit = match imaginary.trim() {
        "" | "+" => "1",
        "-" => "-1",
        other => other,
    };
    let mut bytes = number(real, bare)?;
    bytes.extend(number(unit, bare).map_err(|_| {
        ValueError::new(format!(
            "'{}' is not a complex number that {kind} can hold, such as 1.5-2j",
            excerpt(trimmed)
        ))
    })?);
    Ok(bytes)
}

/// Where the sign of the imaginary part is: the last one that is not an exponent's, and not the first character.
fn split(parts: &str) -> Option<usize> {
    let bytes = parts.as_bytes();
    // The `e` of a hex number is a digit.
    let is_hex = |at: usize| {
        let start = parts[..at].rfind(['+', '-', '(', ' ']).map_or(0, |start| start + 1);
        parts[start..at].starts_with("0x") || parts[start..at].starts_with("0X")
    };
    (1..bytes.len()).rev().find(|&at| {
        let in_exponent = match bytes[at - 1] {
            b'e' | b'E' => !is_hex(at),
            b'p' | b'P' => true,
            _ => false,
        };
        matches!(bytes[at], b'+' | b'-') && !in_exponent && !parts[..at].trim().is_empty()
    })
}

#[cfg(test)]
mod tests {
    use crate::decode::{DType, Element, Order};

    #[test]
    fn typed_complex_numbers() {
        let dtype = DType::new(Element::Complex128, Order::Little);
        for (typed, shown) in [
            ("1+2j", "(1+2j)"),
            ("( 1.5 - 2j )", "(1.5-2j)"),
            ("2J", "2j"),
            ("j", "1j"),
            ("-j", "-1j"),
            ("1e-5-1e+20j", "(1e-05-1e+20j)"),
            ("-0+2j", "(-0+2j)"),
            ("3", "(3+0j)"),
            ("nan+infj", "(nan+infj)"),
            ("-inf-nanj", "(-inf-nanj)"),
            ("nan(0x7ff8000000000001)+1j", "(nan(0x7ff8000000000001)+1j)"),
            ("0x1.8p+1-0x1p-1j", "(3-0.5j)"),
        ] {
            let bytes = dtype.encode(typed).expect(typed);
            let mut text = String::new();
            dtype.format(&bytes, &mut text);
            assert_eq!(text, shown, "{typed}");
            assert_eq!(dtype.encode(&text), Ok(bytes), "{text}");
        }
        for text in ["", "1+2", "1+2i", "j2", "1++2j", "1 2j", "(1+2j", "1+2j+3j", "()"] {
            assert!(dtype.encode(text).is_err(), "{text}");
        }
        assert!(DType::new(Element::Complex64, Order::Little).encode("1+1e300j").is_err());
    }
}
