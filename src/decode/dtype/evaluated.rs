//! A value as source code of Python, from which NumPy makes the same bits.
//!
//! Python has no literal for a NaN with a payload, and NumPy none for a byte that its type does not use (a `bool` of
//! 2). Such a value becomes the nearest one, and the caller is told, so that the text can say it.

use super::{ItemType, Order, TimeType, TimeUnit, times};
use crate::decode::element::{Element, ElementKind};
use crate::decode::{DType, Number, ValueError, quoted};
use std::fmt::Write;

/// Where the values are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PythonForm {
    /// In `np.array(…, dtype=…)` with the type of [`ItemType::python`]; `np.nan` and `np.inf` are at hand.
    Array,
    /// In a list of plain Python, without a type.
    List,
}

/// Whether the text makes the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evaluated {
    Exact,
    /// The payload of a NaN, or bits that the type does not use, are lost.
    Nearest,
}

impl Evaluated {
    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Exact, Self::Exact) => Self::Exact,
            _ => Self::Nearest,
        }
    }
}

impl PythonForm {
    /// A NaN or an infinity; `sign` is empty or a minus.
    fn special(self, sign: &str, name: &str) -> String {
        match self {
            Self::Array => format!("{sign}np.{name}"),
            Self::List => format!("float('{sign}{name}')"),
        }
    }
}

/// How many values without bytes may still be written of one item: a type of a few words can have any number of them.
#[derive(Clone, Copy, Debug)]
pub struct EmptyValues(u64);

impl EmptyValues {
    /// Of one item, however they lie in it.
    const MOST: u64 = 1 << 16;

    /// For another item.
    pub const fn new() -> Self {
        Self(Self::MOST)
    }

    /// Counts values that take `bytes` in all.
    ///
    /// # Errors
    /// [`ValueError`] when they take none and there are too many of them.
    pub fn take(&mut self, values: u64, bytes: usize) -> Result<(), ValueError> {
        if bytes > 0 {
            return Ok(());
        }
        let left = self.0.checked_sub(values);
        let refused = || {
            let most = Self::MOST;
            ValueError::new(format!("an element has more than {most} values of size 0, too many to write"))
        };
        self.0 = left.ok_or_else(refused)?;
        Ok(())
    }
}

impl Default for EmptyValues {
    fn default() -> Self {
        Self::new()
    }
}

impl ItemType {
    /// Appends the value in `bytes`, which are the item's own.
    ///
    /// # Errors
    /// [`ValueError`] when Python has no expression for the value, and for too many values without bytes.
    pub fn format_python(
        &self,
        bytes: &[u8],
        form: PythonForm,
        out: &mut String,
    ) -> Result<Evaluated, ValueError> {
        self.push_python(bytes, form, &mut EmptyValues::new(), out)
    }

    fn push_python(
        &self,
        bytes: &[u8],
        form: PythonForm,
        empty: &mut EmptyValues,
        out: &mut String,
    ) -> Result<Evaluated, ValueError> {
        empty.take(1, bytes.len())?;
        match self {
            Self::Scalar(dtype) => scalar(*dtype, bytes, form, out),
            Self::Time(time) => time_value(*time, bytes, out),
            Self::Text(..) => text_value(self, bytes, out),
            Self::Bytes(_) | Self::Void(_) => {
                self.format(bytes, 0, &Default::default(), out);
                Ok(Evaluated::Exact)
            }
            Self::Pascal(_) if form == PythonForm::Array => {
                quoted::push_bytes(bytes, out);
                Ok(Evaluated::Exact)
            }
            Self::Pascal(_) | Self::Packed(_) | Self::Quant(_) => {
                self.format(bytes, 0, &Default::default(), out);
                Ok(Evaluated::Exact)
            }
            Self::Array(array) => sequence(&array.item, &array.shape, bytes, form, empty, out),
            Self::Record(record) => {
                out.push('(');
                let mut evaluated = Evaluated::Exact;
                for (at, field) in record.fields.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    let part = bytes.get(field.place()).unwrap_or_default();
                    evaluated = evaluated.and(field.item.push_python(part, form, empty, out)?);
                }
                out.push_str(if record.fields.len() == 1 { ",)" } else { ")" });
                Ok(evaluated)
            }
        }
    }
}

impl ItemType {
    /// The value that these bytes are, of a type that NumPy has as plain bytes only; `None` of other types and lengths.
    pub(super) fn of_raw(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let Self::Scalar(dtype) = self else { return None };
        let is_plain = dtype.element == Element::Char || is_plain_bytes(*dtype);
        (is_plain && bytes.len() == dtype.size()).then(|| bytes.to_vec())
    }
}

/// Whether NumPy has no type for it, nor ml_dtypes: a `V16` or `V4`.
fn is_plain_bytes(dtype: DType) -> bool {
    match dtype.element.facts().kind {
        ElementKind::Guid | ElementKind::Color => true,
        ElementKind::Unsigned | ElementKind::Signed => !dtype.element.is_numpy(),
        _ => false,
    }
}

/// A sub-array as a list of lists.
fn sequence(
    item: &ItemType,
    shape: &[u64],
    bytes: &[u8],
    form: PythonForm,
    empty: &mut EmptyValues,
    out: &mut String,
) -> Result<Evaluated, ValueError> {
    let Some((&length, rest)) = shape.split_first() else { return item.push_python(bytes, form, empty, out) };
    let count = usize::try_from(length).unwrap_or(usize::MAX);
    let size = bytes.len().checked_div(count).unwrap_or(0);
    empty.take(length, size)?;
    let mut evaluated = Evaluated::Exact;
    out.push('[');
    for at in 0..count {
        out.push_str(if at == 0 { "" } else { ", " });
        let part = bytes.get(at * size..(at + 1) * size).unwrap_or_default();
        evaluated = evaluated.and(sequence(item, rest, part, form, empty, out)?);
    }
    out.push(']');
    Ok(evaluated)
}

/// NumPy reads its own texts of times; where a tick is several units, only the count of ticks is exact.
fn time_value(time: TimeType, bytes: &[u8], out: &mut String) -> Result<Evaluated, ValueError> {
    let ticks = times::ticks(time, bytes);
    if ticks == times::NAT {
        out.push_str("'NaT'");
    } else if time.delta || time.count != 1 {
        // Writing to a String cannot fail.
        let _ = write!(out, "{ticks}");
    } else if time.unit == TimeUnit::Generic {
        return Err(ValueError::new("NumPy can't read a datetime64 without a unit"));
    } else {
        out.push('\'');
        times::format(time, ticks, out);
        out.push('\'');
    }
    Ok(Evaluated::Exact)
}

/// A string; a lone surrogate is one escape, which Python reads back.
fn text_value(item: &ItemType, bytes: &[u8], out: &mut String) -> Result<Evaluated, ValueError> {
    let ItemType::Text(_, order) = item else { return Ok(Evaluated::Exact) };
    let mut codes: Vec<u32> = bytes
        .chunks_exact(4)
        .map(|chunk| {
            let bytes = chunk.try_into().unwrap_or_default();
            if *order == Order::Little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
        })
        .collect();
    while codes.last() == Some(&0) {
        codes.pop();
    }
    if codes.iter().all(|code| char::from_u32(*code).is_some()) {
        let text: String = codes.iter().filter_map(|code| char::from_u32(*code)).collect();
        quoted::push_str(&text, out);
        return Ok(Evaluated::Exact);
    }
    if let Some(odd) = codes.iter().find(|code| **code > u32::from(char::MAX)) {
        return Err(ValueError::new(format!("{odd:#x} is not a code point")));
    }
    out.push('\'');
    for code in codes {
        match char::from_u32(code) {
            Some(character) => quoted::push_char(character, '\'', out),
            None => _ = write!(out, "\\u{code:04x}"),
        }
    }
    out.push('\'');
    Ok(Evaluated::Exact)
}

fn scalar(dtype: DType, bytes: &[u8], form: PythonForm, out: &mut String) -> Result<Evaluated, ValueError> {
    if bytes.len() != dtype.size() {
        return Err(ValueError::new("some bytes of this value are missing"));
    }
    let (text, evaluated) = match dtype.element.facts().kind {
        ElementKind::Complex(part) => complex(DType::new(part, dtype.order), bytes, form)?,
        ElementKind::Float(_) => float(dtype, bytes, form),
        ElementKind::Small(_) => {
            let low = bytes[0] & used_bits(dtype.element);
            let (text, evaluated) = float(dtype, &[low], form);
            (text, evaluated.and(kept(low == bytes[0])))
        }
        ElementKind::Extended => extended(dtype, bytes, form),
        ElementKind::Bool => {
            (if bytes == [0] { "False" } else { "True" }.to_owned(), kept(matches!(bytes, [0 | 1])))
        }
        ElementKind::Tiny(bits, has_sign) => {
            let (byte, low) = (u128::from(bytes[0]), u128::from(bytes[0]) & ((1 << bits) - 1));
            let value = crate::decode::scalar_type::tiny(low, bits, has_sign).unwrap_or(0);
            (value.to_string(), kept(low == byte))
        }
        // NumPy has integers of the same size for these.
        ElementKind::Time(_) => (time_count(dtype, bytes), Evaluated::Exact),
        kind => {
            word(dtype, kind, bytes, form, out);
            return Ok(Evaluated::Exact);
        }
    };
    out.push_str(&text);
    Ok(evaluated)
}

/// The bits of its byte that a small float uses.
const fn used_bits(element: Element) -> u8 {
    match element {
        Element::F6E2M3FN | Element::F6E3M2FN => 0x3f,
        Element::F4E2M1FN => 0x0f,
        _ => 0xff,
    }
}

const fn kept(exact: bool) -> Evaluated {
    if exact { Evaluated::Exact } else { Evaluated::Nearest }
}

/// The integer that a time of Unix, Windows or DOS is.
fn time_count(dtype: DType, bytes: &[u8]) -> String {
    let bits = dtype.bits(bytes);
    match dtype.element {
        Element::DosTime | Element::FileTime => bits.to_string(),
        _ => crate::decode::scalar_type::signed(bits, dtype.size()).to_string(),
    }
}

/// An integer or a value that NumPy has no type for: in an array the latter's bytes.
fn word(dtype: DType, kind: ElementKind, bytes: &[u8], form: PythonForm, out: &mut String) {
    let is_word = matches!(kind, ElementKind::Guid | ElementKind::Color);
    if matches!(kind, ElementKind::Char) || (form == PythonForm::Array && is_plain_bytes(dtype)) {
        quoted::push_bytes(bytes, out);
    } else if is_word {
        let mut text = String::new();
        dtype.format(bytes, &mut text);
        quoted::push_str(&text, out);
    } else {
        dtype.format(bytes, out);
    }
}

/// The text of a finite float; `None` for all else.
fn finite(dtype: DType, bytes: &[u8]) -> Result<String, String> {
    let mut text = String::new();
    dtype.format(bytes, &mut text);
    match text.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit()) {
        true => Ok(text),
        false => Err(text),
    }
}

fn float(dtype: DType, bytes: &[u8], form: PythonForm) -> (String, Evaluated) {
    let shown = match finite(dtype, bytes) {
        Ok(text) => return (text, Evaluated::Exact),
        Err(shown) => shown,
    };
    let is = |text: &str| dtype.encode(text).is_ok_and(|encoded| encoded == bytes);
    let sign = if shown.starts_with('-') { "-" } else { "" };
    match shown.trim_start_matches('-') {
        "inf" => (form.special(sign, "inf"), Evaluated::Exact),
        _ if is("nan") => (form.special("", "nan"), Evaluated::Exact),
        _ if is("-nan") => (form.special("-", "nan"), Evaluated::Exact),
        _ => (form.special(sign, "nan"), Evaluated::Nearest),
    }
}

/// A long double: as a float where that has the same value, else in quotes, which NumPy reads with all digits.
fn extended(dtype: DType, bytes: &[u8], form: PythonForm) -> (String, Evaluated) {
    let Ok(text) = finite(dtype, bytes) else { return float(dtype, bytes, form) };
    if is_double(dtype, bytes, &text) {
        (text, Evaluated::Exact)
    } else {
        (format!("'{text}'"), Evaluated::Exact)
    }
}

/// Whether Python's float reads this text as the value of the long double.
fn is_double(dtype: DType, bytes: &[u8], text: &str) -> bool {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite()).map(Number::Float);
    let same = |number| dtype.of_number(number).is_ok_and(|made| dtype.bits(&made) == dtype.bits(bytes));
    number.is_some_and(same)
}

/// `(1+2j)` where that addition makes the same bits, else `complex(…, …)`.
fn complex(part: DType, bytes: &[u8], form: PythonForm) -> Result<(String, Evaluated), ValueError> {
    let (real, imaginary) = bytes.split_at(part.size());
    let parts = [finite(part, real), finite(part, imaginary)];
    if part.element == Element::LongDouble {
        for (bytes, text) in [real, imaginary].into_iter().zip(&parts) {
            if text.as_ref().is_ok_and(|text| !is_double(part, bytes, text)) {
                return Err(ValueError::new("Python's complex numbers have fewer digits than this one"));
            }
        }
    }
    // A sum has no negative zero.
    let adds = |text: &Result<String, String>| text.as_ref().is_ok_and(|text| text != "-0.0");
    if parts.iter().all(adds) {
        let [first, second] = parts.map(|text| {
            let text = text.unwrap_or_default();
            text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
        });
        let sign = if second.starts_with('-') { "" } else { "+" };
        return Ok((format!("({first}{sign}{second}j)"), Evaluated::Exact));
    }
    let (first, first_kept) = float(part, real, form);
    let (second, second_kept) = float(part, imaginary, form);
    Ok((format!("complex({first}, {second})"), first_kept.and(second_kept)))
}
