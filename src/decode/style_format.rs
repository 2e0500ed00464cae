//! Numbers in the styles of a view: fixed digits, scientific, engineering, hex.
//!
//! Rounding is exact, of the value itself and to even, as Python's `%` has it. What is no number, and times, GUIDs
//! and colours, look the same in every style.

use super::element::ElementKind;
use super::scalar::big::exact_decimal;
use super::scalar::float::push_exponent;
use super::scalar::{complex, extended};
use super::scalar_type::{DType, signed, tiny};
use super::style::NumberStyle;
use std::fmt::Write;

/// A finite number of which any digits can be had.
#[derive(Clone, Copy)]
enum Exact {
    Int(bool, u128),
    Float(f64),
    /// `significand × 2^exponent` of a long double.
    Wide(bool, u64, i64),
}

impl DType {
    /// Appends the value in a style.
    ///
    /// # Panics
    /// When `bytes` are not [`size`](Self::size) bytes.
    pub fn format_styled(self, bytes: &[u8], style: NumberStyle, out: &mut String) {
        if style == NumberStyle::Shortest {
            return self.format(bytes, out);
        }
        if let ElementKind::Complex(part) = self.element.facts().kind {
            let part = Self::new(part, self.order);
            let (real, imaginary) = bytes.split_at(part.size());
            let mut texts = [String::new(), String::new()];
            part.format_styled(real, style, &mut texts[0]);
            part.format_styled(imaginary, style, &mut texts[1]);
            return complex::push(&texts[0], &texts[1], out);
        }
        match self.exact(self.bits(bytes)) {
            Some(exact) => exact.push(style, out),
            None => self.format(bytes, out),
        }
    }

    fn exact(self, bits: u128) -> Option<Exact> {
        let integer = |value: i128| Exact::Int(value < 0, value.unsigned_abs());
        match self.element.facts().kind {
            ElementKind::Unsigned => Some(Exact::Int(false, bits)),
            ElementKind::Signed => Some(integer(signed(bits, self.size()))),
            ElementKind::Tiny(width, has_sign) => tiny(bits, width, has_sign).map(integer),
            ElementKind::Float(_) | ElementKind::Small(_) => {
                self.float(bits).filter(|value| value.is_finite()).map(Exact::Float)
            }
            ElementKind::Extended => {
                let (significand, exponent) = extended::parts(bits)?;
                Some(Exact::Wide(extended::is_negative(bits), significand, exponent))
            }
            _ => None,
        }
    }

    /// Characters of the widest value in a style.
    pub const fn width(self, style: NumberStyle) -> usize {
        let (whole, exponent) = match self.element.facts().kind {
            ElementKind::Float(layout) if layout.bits == 64 => (309, 5),
            ElementKind::Float(layout) if layout.bits == 32 || layout.fraction == 7 => (39, 4),
            ElementKind::Float(_) | ElementKind::Small(_) => (39, 4),
            ElementKind::Extended => (4933, 6),
            ElementKind::Complex(part) => return 2 * Self::new(part, self.order).width(style) + 3,
            ElementKind::Unsigned | ElementKind::Signed | ElementKind::Tiny(..) => (self.max_width(), 4),
            _ => return self.max_width(),
        };
        let width = match style {
            NumberStyle::Shortest => self.max_width(),
            NumberStyle::Fixed(digits) if self.element.is_float() => whole + 2 + digits as usize,
            NumberStyle::Fixed(_) => self.max_width(),
            NumberStyle::Scientific(digits) => 3 + digits as usize + exponent,
            NumberStyle::Engineering(digits) => 5 + digits as usize + exponent,
            NumberStyle::Hex if self.element.is_float() => 11 + self.size() * 2,
            NumberStyle::Hex => 3 + self.size() * 2,
        };
        // A NaN with its payload, and bits of no number, look the same in every style.
        let odd = match self.element.facts().kind {
            ElementKind::Unsigned | ElementKind::Signed => 0,
            _ => 8 + 2 * self.size(),
        };
        if width < odd { odd } else { width }
    }
}

impl Exact {
    fn push(self, style: NumberStyle, out: &mut String) {
        // Writing to a String cannot fail.
        match style {
            NumberStyle::Shortest => {}
            NumberStyle::Hex => self.push_hex(out),
            NumberStyle::Fixed(digits) => self.push_fixed(usize::from(digits), out),
            NumberStyle::Scientific(digits) => {
                let (mantissa, exponent) = self.scientific(usize::from(digits));
                out.push_str(&mantissa);
                push_exponent(exponent, out);
            }
            NumberStyle::Engineering(digits) => self.push_engineering(usize::from(digits), out),
        }
    }

    const fn sign(self) -> &'static str {
        let negative = match self {
            Self::Int(negative, _) | Self::Wide(negative, ..) => negative,
            Self::Float(value) => value.is_sign_negative(),
        };
        if negative { "-" } else { "" }
    }

    fn push_fixed(self, digits: usize, out: &mut String) {
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Int(_, magnitude) => write!(out, "{}{magnitude}", self.sign()),
            Self::Float(value) => write!(out, "{value:.digits$}"),
            Self::Wide(_, significand, exponent) => {
                let (exact, point) = exact_decimal(significand.into(), exponent);
                let keep = usize::try_from(point + digits as i64).ok();
                let (rounded, point) = keep.map_or((String::new(), 0), |keep| round(&exact, point, keep));
                let text = format!("{}{rounded}", "0".repeat(usize::try_from(-point).unwrap_or(0)));
                let whole = usize::try_from(point).unwrap_or(0);
                let padded = format!("{text:0<width$}", width = whole + digits);
                let (whole, part) = padded.split_at(whole);
                let (whole, dot) =
                    (if whole.is_empty() { "0" } else { whole }, if digits == 0 { "" } else { "." });
                write!(out, "{}{whole}{dot}{}", self.sign(), &part[..digits])
            }
        };
    }

    /// The mantissa with its sign, and the exponent.
    fn scientific(self, digits: usize) -> (String, i32) {
        let text = match self {
            Self::Int(_, magnitude) => format!("{}{magnitude:.digits$e}", self.sign()),
            Self::Float(value) => format!("{value:.digits$e}"),
            Self::Wide(_, 0, _) => format!("{}{:.digits$e}", self.sign(), 0.0),
            Self::Wide(_, significand, exponent) => {
                let (exact, point) = exact_decimal(significand.into(), exponent);
                let (rounded, point) = round(&exact, point, digits + 1);
                let padded = format!("{rounded:0<width$}", width = digits + 1);
                let dot = if digits == 0 { "" } else { "." };
                format!("{}{}{dot}{}e{}", self.sign(), &padded[..1], &padded[1..], point - 1)
            }
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        (mantissa.to_owned(), exponent.parse().unwrap_or(0))
    }

    fn push_engineering(self, digits: usize, out: &mut String) {
        let places = |exponent: i32| usize::try_from(exponent.rem_euclid(3)).unwrap_or(0);
        let before = places(self.scientific(digits + 2).1);
        let (mantissa, exponent) = self.scientific(digits + before);
        // Rounding may carry into another exponent; the digits then are a 1 and zeros, as many as are wanted.
        let places = places(exponent);
        let bare = mantissa.chars().filter(char::is_ascii_digit).chain("00".chars());
        let bare: String = bare.take(1 + places + digits).collect();
        let (whole, part) = bare.split_at((1 + places).min(bare.len()));
        for piece in [self.sign(), whole, if part.is_empty() { "" } else { "." }, part] {
            out.push_str(piece);
        }
        push_exponent(exponent - places as i32, out);
    }

    fn push_hex(self, out: &mut String) {
        let (significand, exponent) = match self {
            // Writing to a String cannot fail.
            Self::Int(_, magnitude) => {
                let _ = write!(out, "{}{magnitude:#x}", self.sign());
                return;
            }
            Self::Float(value) => {
                let bits = value.abs().to_bits();
                let stored = (bits >> 52).cast_signed();
                ((bits & ((1 << 52) - 1)) | (u64::from(stored > 0) << 52), stored.max(1) - 1075)
            }
            Self::Wide(_, significand, exponent) => (significand, exponent),
        };
        if significand == 0 {
            let _ = write!(out, "{}0x0p+0", self.sign());
            return;
        }
        let zeros = significand.leading_zeros();
        let fraction = format!("{:016x}", (significand << zeros) << 1);
        let fraction = fraction.trim_end_matches('0');
        let dot = if fraction.is_empty() { "" } else { "." };
        let _ = write!(out, "{}0x1{dot}{fraction}p{:+}", self.sign(), exponent + 63 - i64::from(zeros));
    }
}

/// `digits` of `0.digits × 10^point` rounded to the first `keep` ones, to even where it is half way.
fn round(digits: &str, point: i64, keep: usize) -> (String, i64) {
    let Some((kept, rest)) = digits.split_at_checked(keep) else { return (digits.to_owned(), point) };
    let odd = kept.as_bytes().last().is_some_and(|digit| digit % 2 == 1);
    if rest < "5" || (rest == "5" && !odd) {
        return (kept.to_owned(), point);
    }
    let stem = kept.trim_end_matches('9');
    match stem.as_bytes().last() {
        None => (format!("1{}", "0".repeat(kept.len().saturating_sub(1))), point + 1),
        Some(last) => {
            let up = char::from(last + 1);
            (format!("{}{up}{}", &stem[..stem.len() - 1], "0".repeat(kept.len() - stem.len())), point)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Element, Order};

    fn styled(element: Element, text: &str, style: &str) -> String {
        let dtype = DType::new(element, Order::Little);
        let bytes = dtype.encode(text).expect("a value");
        let mut shown = String::new();
        dtype.format_styled(&bytes, style.parse().expect("a style"), &mut shown);
        shown
    }

    #[test]
    fn every_style_of_known_numbers() {
        for (text, style, shown) in [
            ("12345.678", "fixed:2", "12345.68"),
            ("-0.0", "fixed:1", "-0.0"),
            ("0.5", "fixed:0", "0"),
            ("1.5", "fixed:0", "2"),
            ("0.125", "fixed:2", "0.12"),
            ("9.999", "fixed:2", "10.00"),
            ("0.0004", "fixed:2", "0.00"),
            ("12345.678", "scientific:2", "1.23e+04"),
            ("12345.678", "engineering:2", "12.35e+03"),
            ("999.9996", "engineering:3", "1.000e+03"),
            ("99.96", "engineering:1", "100.0e+00"),
            ("0.00012", "engineering:0", "120e-06"),
            ("0.0", "engineering:1", "0.0e+00"),
            ("3.0", "hex", "0x1.8p+1"),
            ("-1.0", "hex", "-0x1p+0"),
            ("0.0", "hex", "0x0p+0"),
            ("nan", "fixed:2", "nan"),
            ("-inf", "hex", "-inf"),
        ] {
            for element in [Element::F64, Element::LongDouble] {
                // These have no exact double, which lies on the other side of a half.
                assert_eq!(styled(element, text, style), shown, "{text} {style} {element:?}");
            }
        }
        for (element, text, style, shown) in [
            (Element::U8, "255", "hex", "0xff"),
            (Element::I32, "-255", "hex", "-0xff"),
            (Element::I32, "-12345", "scientific:2", "-1.23e+04"),
            (Element::U64, "12345", "engineering:1", "12.3e+03"),
            (Element::I32, "12", "fixed:2", "12"),
            (Element::Complex64, "1.5-2j", "fixed:2", "(1.50-2.00j)"),
            (Element::LongDouble, "1e4000", "scientific:3", "1.000e+4000"),
            (Element::Bool, "True", "hex", "True"),
        ] {
            assert_eq!(styled(element, text, style), shown, "{text} {style}");
        }
    }

    #[test]
    fn hex_reads_back_to_the_same_bits() {
        let mut random = fastrand::Rng::with_seed(4);
        for _ in 0..100_000 {
            let element = *random.choice(Element::ALL).expect("some");
            let dtype = DType::new(element, *random.choice(&Order::ALL).expect("some"));
            let bytes: Vec<u8> = (0..dtype.size()).map(|_| random.u8(..)).collect();
            let (mut shown, mut plain) = (String::new(), String::new());
            dtype.format_styled(&bytes, NumberStyle::Hex, &mut shown);
            dtype.format(&bytes, &mut plain);
            let same = dtype.encode(&shown);
            assert!(same.is_ok(), "{dtype} {shown}");
            assert_eq!(same, dtype.encode(&plain), "{dtype} {shown}");
            assert!(shown.chars().count() <= dtype.width(NumberStyle::Hex), "{dtype} {shown}");
        }
    }
}
