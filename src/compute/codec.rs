//! The values of elements to calculate with and back, quickly for the plain types and by [`ItemType::number`] for
//! others.
//!
//! What does not fit is refused here, where it is put into its type.

use super::calc::Calc;
use super::rounding::{narrowed, widened};
use super::value::{Calculated, Value, is_unsigned};
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element, Number, Order};

/// How the items of one type are read and written.
#[derive(Clone)]
pub(super) struct Codec {
    item: ItemType,
    plain: Option<DType>,
    kind: Option<Kind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Whole,
    Real,
    Complex,
}

impl Codec {
    /// Reads and writes items of this type.
    pub fn new(item: &ItemType) -> Self {
        let zero = vec![0; item.group_bytes().min(1 << 16) as usize];
        let scalar = matches!(item, ItemType::Record(_) | ItemType::Array(_));
        let kind = match item.number(&zero, 0) {
            _ if scalar => None,
            Some(Number::Int(_) | Number::Wide(_)) => Some(Kind::Whole),
            Some(Number::Float(_)) => Some(Kind::Real),
            Some(Number::Complex(..)) => Some(Kind::Complex),
            None => None,
        };
        let plain = match item {
            ItemType::Scalar(dtype)
                if matches!(dtype.element, Element::F32 | Element::F64)
                    || is_signed(*dtype)
                    || is_unsigned(*dtype) =>
            {
                Some(*dtype)
            }
            _ => None,
        };
        Self { item: item.clone(), plain, kind }
    }

    /// The type of the items.
    pub fn item(&self) -> &ItemType {
        &self.item
    }

    /// Whether its values can be calculated with.
    pub fn is_number(&self) -> bool {
        self.kind.is_some()
    }

    /// Whether its values are floats, or made of them.
    pub fn is_float(&self) -> bool {
        matches!(self.kind, Some(Kind::Real | Kind::Complex))
    }

    /// Writes a calculated value. What is too large for a float becomes infinite, as in NumPy; whether it is.
    ///
    /// # Errors
    /// A sentence when the type can't hold the value.
    pub fn put(&self, calc: &Calc<'_>, value: Value, group: &mut [u8], item: u32) -> Calculated<bool> {
        let rounded = match value {
            Value::Float(value) | Value::Real(value) if self.is_float() => Value::Real(calc.stored(value)),
            Value::Complex(real, imaginary) => Value::Complex(calc.stored(real), calc.stored(imaginary)),
            Value::Int(_) | Value::Whole(_) | Value::Float(_) | Value::Real(_) => value,
        };
        match (self.write(rounded, group, item), rounded) {
            (Ok(()), _) => Ok(self.is_float() && is_infinite(rounded)),
            (Err(_), Value::Int(value) | Value::Whole(value))
                if self.is_float() && calc.round(value as f64).is_infinite() =>
            {
                self.write(Value::Real(f64::INFINITY.copysign(value as f64)), group, item).map(|()| true)
            }
            (Err(reason), _) => Err(reason),
        }
    }

    /// The value of item `item` of a group.
    ///
    /// # Errors
    /// A sentence when the type has no numbers.
    pub fn read(&self, group: &[u8], item: u32) -> Calculated<Value> {
        if let Some(dtype) = self.plain {
            return Ok(read_plain(dtype, group));
        }
        match self.item.number(group, item) {
            Some(Number::Int(value)) if self.kind == Some(Kind::Whole) => Ok(Value::Whole(value)),
            Some(Number::Int(value)) => Ok(Value::Real(value as f64)),
            Some(Number::Wide(_)) => Err("numbers above 2**127 are too large for calculations".to_owned()),
            Some(Number::Float(value)) => Ok(Value::Real(value)),
            Some(Number::Complex(real, imaginary)) => Ok(Value::Complex(real, imaginary)),
            None => Err("the value is not a number".to_owned()),
        }
    }

    /// Puts a value in place of item `item` of a group.
    ///
    /// # Errors
    /// A sentence when the type can't hold the value.
    pub fn write(&self, value: Value, group: &mut [u8], item: u32) -> Calculated<()> {
        if let Some(dtype) = self.plain {
            return write_plain(dtype, value, group);
        }
        if self.read(group, item).is_ok_and(|old| is_same(old, value)) {
            // Other bits may mean the same: a NaN keeps its payload, a truth value its byte.
            return Ok(());
        }
        let number = match (value, self.kind) {
            (Value::Int(value) | Value::Whole(value), Some(Kind::Whole)) => Number::Int(value),
            (Value::Int(value) | Value::Whole(value), _) => Number::Float(value as f64),
            (Value::Float(value) | Value::Real(value), Some(Kind::Whole)) if self.item.is_truth() => {
                Number::Float(value)
            }
            (Value::Float(value) | Value::Real(value), Some(Kind::Whole)) => {
                Number::Int(whole(value, &self.item.to_string())?)
            }
            (Value::Float(value) | Value::Real(value), _) => Number::Float(value),
            (Value::Complex(real, imaginary), _) => Number::Complex(real, imaginary),
        };
        let new = self.item.of_number(number, group, item).map_err(|error| error.to_string())?;
        if new.len() != group.len() {
            return Err("the value does not have the size of the element".to_owned());
        }
        group.copy_from_slice(&new);
        Ok(())
    }

    /// As `astype` does it: the fraction goes where the new type has none.
    ///
    /// # Errors
    /// A sentence when an imaginary part would be lost, or the type has no numbers.
    pub fn cut(&self, value: Value) -> Calculated<Value> {
        match (value, self.kind) {
            // Of a truth value nothing is cut off: a half is True too.
            (Value::Real(value) | Value::Float(value), Some(Kind::Whole)) if !self.item.is_truth() => {
                Ok(Value::Real(value.trunc()))
            }
            (Value::Complex(..), Some(Kind::Whole | Kind::Real)) => {
                Err("the imaginary part would be lost".to_owned())
            }
            (_, None) => Err(format!("{} is not a number", self.item)),
            (value, _) => Ok(value),
        }
    }
}

/// Whether both are one value, whatever its bits: every NaN is the same.
fn is_same(old: Value, new: Value) -> bool {
    let is_same_float = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    match (old, new) {
        (Value::Int(a) | Value::Whole(a), Value::Int(b) | Value::Whole(b)) => a == b,
        (Value::Float(a) | Value::Real(a), Value::Float(b) | Value::Real(b)) => is_same_float(a, b),
        (Value::Complex(a, b), Value::Complex(c, d)) => is_same_float(a, c) && is_same_float(b, d),
        (Value::Int(_) | Value::Whole(_) | Value::Float(_) | Value::Real(_) | Value::Complex(..), _) => false,
    }
}

/// Whether a part of it is.
pub(super) fn is_infinite(value: Value) -> bool {
    match value {
        Value::Int(_) | Value::Whole(_) => false,
        Value::Float(value) | Value::Real(value) => value.is_infinite(),
        Value::Complex(real, imaginary) => real.is_infinite() || imaginary.is_infinite(),
    }
}

/// Numbers other than 0 as True, as NumPy takes them; all truth values of a record.
pub(super) fn as_truth(item: &ItemType, bytes: &mut [u8]) {
    match item {
        ItemType::Scalar(dtype) if dtype.element == Element::Bool => {
            bytes.iter_mut().for_each(|byte| *byte = (*byte).min(1));
        }
        ItemType::Array(inner) => {
            let size = inner.item.group_bytes() as usize;
            bytes.chunks_mut(size.max(1)).for_each(|bytes| as_truth(&inner.item, bytes));
        }
        ItemType::Record(record) => {
            for field in &record.fields {
                if let Some(bytes) = bytes.get_mut(field.place()) {
                    as_truth(&field.item, bytes);
                }
            }
        }
        _ => {}
    }
}

/// A float that is a whole number.
fn whole(value: f64, name: &str) -> Calculated<i128> {
    if value.is_nan() || value.is_infinite() {
        return Err(format!("{value} does not fit {name}").to_lowercase());
    }
    if value.fract() != 0.0 {
        return Err(format!(
            "{value} is not an integer, but {name} holds only integers; write round(…), floor(…) or //"
        ));
    }
    if value.abs() >= 1.7e38 {
        return Err(format!("{value:e} does not fit {name}"));
    }
    Ok(value as i128)
}

fn little(dtype: DType, group: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..group.len()].copy_from_slice(group);
    if dtype.order == Order::Big {
        word[..group.len()].reverse();
    }
    u64::from_le_bytes(word)
}

fn is_signed(dtype: DType) -> bool {
    matches!(dtype.element, Element::I8 | Element::I16 | Element::I24 | Element::I32 | Element::I64)
}

fn read_plain(dtype: DType, group: &[u8]) -> Value {
    let word = little(dtype, group);
    match dtype.element {
        Element::F32 => Value::Real(widened(f32::from_bits(word as u32))),
        Element::F64 => Value::Real(f64::from_bits(word)),
        _ if is_signed(dtype) => {
            let unused = 64 - 8 * group.len();
            Value::Whole(i128::from((word << unused).cast_signed() >> unused))
        }
        _ => Value::Whole(i128::from(word)),
    }
}

fn write_plain(dtype: DType, value: Value, group: &mut [u8]) -> Calculated<()> {
    let name = dtype.element.name();
    let real = |value: Value| match value {
        Value::Int(value) | Value::Whole(value) => Ok(value as f64),
        Value::Float(value) | Value::Real(value) => Ok(value),
        Value::Complex(..) => Err(format!("{name} can't hold complex numbers")),
    };
    let word = match dtype.element {
        Element::F32 => match value {
            // Once: by way of 64 bits it would be twice.
            Value::Int(value) | Value::Whole(value) => u64::from((value as f32).to_bits()),
            value => u64::from(narrowed(real(value)?).to_bits()),
        },
        Element::F64 => real(value)?.to_bits(),
        _ => {
            let value = match value {
                Value::Int(value) | Value::Whole(value) => value,
                value => whole(real(value)?, name)?,
            };
            let bits = 8 * dtype.size() as u32;
            let (low, high) = if is_signed(dtype) {
                (-1 << (bits - 1), (1 << (bits - 1)) - 1)
            } else {
                (0, (1 << bits) - 1)
            };
            if !(low..=high).contains(&value) {
                return Err(format!("{value} does not fit {name} ({low} to {high})"));
            }
            value as u64
        }
    };
    let bytes = &word.to_le_bytes()[..group.len()];
    group.copy_from_slice(bytes);
    if dtype.order == Order::Big {
        group.reverse();
    }
    Ok(())
}
