//! Values as numbers to calculate with, and calculated numbers as values.
//!
//! A number that the type can't hold is refused; a fraction is rounded once to the nearest float, and never to an
//! integer.

use super::element::ElementKind;
use super::scalar::extended::{self, Extended};
use super::scalar::float_text::{Binary, of_f64, of_parts};
use super::scalar::integer::ValueError;
use super::scalar_type::{DType, signed, tiny};
use super::{Number, ValueClass};

impl DType {
    /// The value to calculate with; `None` for what is no number.
    pub fn number(self, bytes: &[u8]) -> Option<Number> {
        let bits = self.bits(bytes);
        let unsigned = |bits: u128| i128::try_from(bits).map_or(Number::Wide(bits), Number::Int);
        Some(match self.element.facts().kind {
            ElementKind::Unsigned | ElementKind::Bool | ElementKind::Pointer => unsigned(bits),
            ElementKind::Signed | ElementKind::Time(_) => Number::Int(signed(bits, self.size())),
            ElementKind::Tiny(width, has_sign) => Number::Int(tiny(bits, width, has_sign)?),
            ElementKind::Float(_) | ElementKind::Small(_) | ElementKind::Extended => {
                Number::Float(self.float(bits)?)
            }
            ElementKind::Complex(part) => {
                let part = Self::new(part, self.order);
                let (real, imaginary) = bytes.split_at_checked(part.size())?;
                Number::Complex(part.float(part.bits(real))?, part.float(part.bits(imaginary))?)
            }
            ElementKind::Char | ElementKind::Guid | ElementKind::Color => return None,
        })
    }

    /// The value of a float's bits; of a long double the nearest one.
    pub(super) fn float(self, bits: u128) -> Option<f64> {
        match self.element.facts().kind {
            ElementKind::Float(layout) => {
                let magnitude = bits as u64 & !layout.sign_bit();
                let value = layout.value(magnitude);
                Some(if magnitude == bits as u64 { value } else { -value })
            }
            ElementKind::Small(small) => small.value(bits as u8),
            ElementKind::Extended => (!Extended.is_odd(bits)).then(|| extended::to_f64(bits)),
            _ => None,
        }
    }

    /// The bytes of a calculated number.
    ///
    /// # Errors
    /// [`ValueError`] when the type can't hold it.
    pub fn of_number(self, number: Number) -> Result<Vec<u8>, ValueError> {
        let name = self.element.name();
        let bits = 8 * self.size() as u32;
        let whole =
            |low: i128, high: u128| whole_bits(number, name, low, high).map(|value| self.bytes(value));
        match self.element.facts().kind {
            ElementKind::Unsigned | ElementKind::Pointer => whole(0, u128::MAX >> (128 - bits)),
            ElementKind::Signed | ElementKind::Time(_) => {
                whole(i128::MIN >> (128 - bits), u128::MAX >> (129 - bits))
            }
            ElementKind::Bool => Ok(self.bytes(is_true(number).into())),
            ElementKind::Tiny(width, true) => {
                let half = 1i128 << (width - 1);
                let value = whole_bits(number, name, -half, half.cast_unsigned() - 1)?;
                Ok(self.bytes(value & ((1 << width) - 1)))
            }
            ElementKind::Tiny(width, false) => whole(0, (1 << width) - 1),
            ElementKind::Float(layout) => float_bits(&layout, number).map(|value| self.bytes(value)),
            ElementKind::Small(small) => float_bits(&small, number).map(|value| self.bytes(value)),
            ElementKind::Extended => float_bits(&Extended, number).map(|value| self.bytes(value)),
            ElementKind::Complex(part) => {
                let part = Self::new(part, self.order);
                let (real, imaginary) = match number {
                    Number::Complex(real, imaginary) => (Number::Float(real), imaginary),
                    real => (real, 0.0),
                };
                let mut bytes = part.of_number(real)?;
                bytes.extend(part.of_number(Number::Float(imaginary))?);
                Ok(bytes)
            }
            ElementKind::Char | ElementKind::Guid | ElementKind::Color => {
                Err(ValueError::new(format!("a {name} is not a number")))
            }
        }
    }

    /// Whether the value is zero, or no number.
    pub fn class(self, bytes: &[u8]) -> ValueClass {
        let of = |value: f64| match value {
            0.0 => ValueClass::Zero,
            value if value.is_finite() => ValueClass::Ordinary,
            _ => ValueClass::Special,
        };
        match self.number(bytes) {
            Some(Number::Int(0)) => ValueClass::Zero,
            Some(Number::Int(_) | Number::Wide(_)) => ValueClass::Ordinary,
            Some(Number::Float(value)) => of(value),
            Some(Number::Complex(real, imaginary)) => match (of(real), of(imaginary)) {
                (ValueClass::Special, _) | (_, ValueClass::Special) => ValueClass::Special,
                (ValueClass::Zero, ValueClass::Zero) => ValueClass::Zero,
                _ => ValueClass::Ordinary,
            },
            None if matches!(
                self.element.facts().kind,
                ElementKind::Char | ElementKind::Guid | ElementKind::Color
            ) =>
            {
                let zero = bytes.iter().all(|byte| *byte == 0);
                if zero { ValueClass::Zero } else { ValueClass::Ordinary }
            }
            None => ValueClass::Special,
        }
    }
}

/// As NumPy takes a number for a truth value: all but 0, also NaN.
fn is_true(number: Number) -> bool {
    match number {
        Number::Int(value) => value != 0,
        Number::Wide(value) => value != 0,
        Number::Float(value) => value != 0.0,
        Number::Complex(real, imaginary) => real != 0.0 || imaginary != 0.0,
    }
}

fn shown(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Wide(value) => value.to_string(),
        Number::Float(value) => value.to_string(),
        Number::Complex(real, imaginary) => format!("{real}{imaginary:+}j"),
    }
}

/// A whole number from `low` to `high`, as its bits.
fn whole_bits(number: Number, name: &str, low: i128, high: u128) -> Result<u128, ValueError> {
    let beyond = || ValueError::new(format!("{} does not fit {name} ({low} to {high})", shown(number)));
    let value = match real(number, name)? {
        Number::Float(value) if value.is_nan() => return Err(ValueError::new(format!("{name} has no NaN"))),
        Number::Float(value) if value.is_finite() && value.fract() != 0.0 => {
            return Err(ValueError::new(format!(
                "{value} is not an integer, but {name} holds only integers"
            )));
        }
        // Whole already; what is beyond 128 bits becomes their end, which is refused unless it is meant.
        Number::Float(value) if value >= 2f64.powi(127) => Number::Wide(value as u128),
        Number::Float(value) if value.abs() <= 2f64.powi(127) => Number::Int(value as i128),
        Number::Float(_) => return Err(beyond()),
        other => other,
    };
    match value {
        Number::Int(value) if value < 0 => (value >= low).then_some(value.cast_unsigned()).ok_or_else(beyond),
        Number::Int(value) => Some(value.cast_unsigned()).filter(|value| *value <= high).ok_or_else(beyond),
        Number::Wide(value) if !matches!(number, Number::Float(float) if float >= 2f64.powi(128)) => {
            Some(value).filter(|value| *value <= high).ok_or_else(beyond)
        }
        _ => Err(beyond()),
    }
}

/// The number without an imaginary part of 0.
fn real(number: Number, name: &str) -> Result<Number, ValueError> {
    match number {
        Number::Complex(real, 0.0) => Ok(Number::Float(real)),
        Number::Complex(..) => Err(ValueError::new(format!(
            "{} is complex, but {name} can't hold complex numbers",
            shown(number)
        ))),
        other => Ok(other),
    }
}

fn float_bits(binary: &impl Binary, number: Number) -> Result<u128, ValueError> {
    match real(number, binary.name())? {
        Number::Int(value) => of_parts(binary, value.unsigned_abs(), 0, value < 0, &shown(number)),
        Number::Wide(value) => of_parts(binary, value, 0, false, &shown(number)),
        Number::Float(value) => of_f64(binary, value),
        Number::Complex(..) => Err(ValueError::new("a complex number is not allowed here")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Element, Order};

    fn set(element: Element, number: Number) -> Result<String, String> {
        let dtype = DType::new(element, Order::Big);
        let bytes = dtype.of_number(number).map_err(|error| error.to_string())?;
        let mut text = String::new();
        dtype.format(&bytes, &mut text);
        Ok(text)
    }

    #[test]
    fn numbers_that_fit_and_numbers_that_do_not() {
        use Number::{Complex, Float, Int, Wide};
        for (element, number, text) in [
            (Element::U8, Int(255), "255"),
            (Element::I8, Float(-128.0), "-128"),
            (Element::U128, Wide(u128::MAX), "340282366920938463463374607431768211455"),
            (Element::I128, Int(i128::MIN), "-170141183460469231731687303715884105728"),
            (Element::I128, Float(-(2f64.powi(127))), "-170141183460469231731687303715884105728"),
            (Element::U128, Float(2f64.powi(127)), "170141183460469231731687303715884105728"),
            (Element::F16, Float(1.0 + 2f64.powi(-11)), "1.0"),
            (Element::F32, Int((1 << 24) + 1), "1.6777216e+07"),
            (Element::F8E4M3FN, Float(0.1), "0.1015625"),
            (Element::F8E8M0FNU, Float(3.0), "4.0"),
            (Element::LongDouble, Int((1 << 63) + 1), "9.223372036854775809e+18"),
            (Element::Complex64, Complex(1.0, -2.0), "(1-2j)"),
            (Element::F64, Complex(1.0, 0.0), "1.0"),
            (Element::F64, Float(-0.0), "-0.0"),
            (Element::F32, Float(f64::NEG_INFINITY), "-inf"),
            (Element::I4, Int(-8), "-8"),
            (Element::Bool, Int(1), "True"),
            (Element::Bool, Int(2), "True"),
            (Element::Bool, Float(f64::NAN), "True"),
            (Element::Bool, Complex(0.0, -0.0), "False"),
            (Element::U24, Int(0xff_ffff), "16777215"),
            (Element::I24, Int(-0x80_0000), "-8388608"),
        ] {
            assert_eq!(set(element, number), Ok(text.to_owned()), "{element:?}");
        }
        for (element, number) in [
            (Element::U8, Int(256)),
            (Element::U8, Int(-1)),
            (Element::U8, Float(1.5)),
            (Element::I64, Float(2f64.powi(63))),
            (Element::I64, Float(f64::NAN)),
            (Element::U128, Float(2f64.powi(128))),
            (Element::I128, Wide(1 << 127)),
            (Element::F16, Float(65520.0)),
            (Element::F32, Float(1e-300)),
            (Element::F8E4M3FN, Float(f64::INFINITY)),
            (Element::F4E2M1FN, Float(f64::NAN)),
            (Element::F8E8M0FNU, Float(-1.0)),
            (Element::F8E8M0FNU, Int(0)),
            (Element::F64, Complex(0.0, 1.0)),
            (Element::I4, Int(8)),
            (Element::U24, Int(1 << 24)),
            (Element::I24, Int(1 << 23)),
            (Element::Guid, Int(0)),
        ] {
            assert!(set(element, number).is_err(), "{element:?} {number:?}");
        }
    }

    #[test]
    fn what_is_read_as_a_number_is_written_back_as_the_same_bytes() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..100_000 {
            let element = *random.choice(Element::ALL).expect("some");
            let dtype = DType::new(element, *random.choice(&Order::ALL).expect("some"));
            let bytes: Vec<u8> = (0..dtype.size()).map(|_| random.u8(..)).collect();
            let wide = matches!(element, Element::LongDouble | Element::Complex256);
            let Some(number) =
                dtype.number(&bytes).filter(|_| !wide && dtype.class(&bytes) == ValueClass::Ordinary)
            else {
                continue;
            };
            if element != Element::Bool {
                assert_eq!(dtype.of_number(number), Ok(bytes), "{dtype} {number:?}");
            }
        }
    }
}
