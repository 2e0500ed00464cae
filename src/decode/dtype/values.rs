//! One element's value as text and back, and as a number.
//!
//! Each kind of element has a file of its own for how it is written; here they are distinguished. A value's new bytes
//! keep what is no part of the value: padding, gaps between fields, neighbours in the same byte.

use super::{ItemType, packed, records, strings, times};
use crate::decode::literal::{self, Literal};
use crate::decode::scalar_type::DType;
use crate::decode::{Element, Number, NumberStyle, ValueClass, ValueError};

impl ItemType {
    /// Appends the text of the value in `group`; of a record a Python tuple, of a sub-array a list. A group that is
    /// too short has the text `…`.
    pub fn format(&self, group: &[u8], item: u32, style: &NumberStyle, out: &mut String) {
        let Some(group) = self.whole(group) else {
            out.push('…');
            return;
        };
        match self {
            Self::Scalar(dtype) => dtype.format_styled(group, *style, out),
            Self::Bytes(_) | Self::Void(_) | Self::Pascal(_) | Self::Text(..) => {
                strings::format(self, group, out)
            }
            Self::Time(time) => times::format(*time, times::ticks(*time, group), out),
            Self::Packed(packed) => packed::format(*packed, group, item, *style, out),
            Self::Quant(quant) => {
                let value = quant.value(group, item).to_bits().to_le_bytes();
                DType::new(Element::F32, super::Order::Little).format_styled(&value, *style, out);
            }
            Self::Array(_) | Self::Record(_) => records::format(self, group, *style, out),
        }
    }

    /// The group's new bytes when its item `item` becomes the value of `text`; `old` are its bytes now. A quantised item
    /// takes `~0.3` for the nearest value that its block can hold.
    ///
    /// # Errors
    /// [`ValueError`] when the text is no value or the type can't hold it.
    pub fn encode(&self, text: &str, old: &[u8], item: u32) -> Result<Vec<u8>, ValueError> {
        let old = self.whole(old).ok_or_else(|| ValueError::new("some bytes of this value are missing"))?;
        match self {
            Self::Scalar(dtype) => match self.typed_raw(text) {
                Some(bytes) => Ok(bytes),
                None => dtype.encode(text).map(|new| keep_padding(*dtype, new, old)),
            },
            Self::Bytes(_) | Self::Void(_) | Self::Pascal(_) | Self::Text(..) => {
                strings::encode(self, text, old)
            }
            Self::Time(time) => times::parse(*time, text).map(|ticks| times::bytes(*time, ticks)),
            Self::Packed(packed) => packed::encode(*packed, text, old, item),
            Self::Quant(quant) => {
                let nearest = text.trim().strip_prefix('~');
                let bytes = DType::new(Element::F32, super::Order::Little).encode(nearest.unwrap_or(text))?;
                let value = f32::from_le_bytes(bytes.try_into().unwrap_or_default());
                let new = match nearest {
                    Some(_) => quant.encode_nearest(old, item, value),
                    None => quant.encode(old, item, value),
                };
                new.map_err(ValueError::new)
            }
            Self::Array(_) | Self::Record(_) => records::encode(self, text, old),
        }
    }

    /// `b'\x00…'` for a type that NumPy has as plain bytes only.
    fn typed_raw(&self, text: &str) -> Option<Vec<u8>> {
        let trimmed = text.trim();
        if !trimmed.starts_with("b'") && !trimmed.starts_with("b\"") {
            return None;
        }
        match literal::parse(trimmed) {
            Ok(Literal::Bytes(bytes)) => self.of_raw(&bytes),
            _ => None,
        }
    }

    /// Whether its values are dates and times, also as counts of seconds and the like.
    pub fn is_time(&self) -> bool {
        match self {
            Self::Time(_) => true,
            Self::Scalar(dtype) => dtype.element.is_time(),
            _ => false,
        }
    }

    /// Whether its values are True and False.
    pub const fn is_truth(&self) -> bool {
        match self {
            Self::Scalar(dtype) => matches!(dtype.element, Element::Bool),
            Self::Packed(packed) => matches!(packed.element, Element::Bool),
            _ => false,
        }
    }

    /// The group's bytes; `None` when there are too few.
    fn whole<'a>(&self, group: &'a [u8]) -> Option<&'a [u8]> {
        usize::try_from(self.group_bytes()).ok().and_then(|len| group.get(..len))
    }

    /// Whether every value is written in few characters, as integers and times are: a column can have room for all.
    pub fn is_exact(&self) -> bool {
        match self {
            Self::Scalar(dtype) => !dtype.element.is_float() && !dtype.element.is_complex(),
            Self::Packed(packed) => !packed.element.is_float(),
            Self::Time(_) => true,
            Self::Bytes(_)
            | Self::Void(_)
            | Self::Pascal(_)
            | Self::Text(..)
            | Self::Quant(_)
            | Self::Array(_)
            | Self::Record(_) => false,
        }
    }

    /// Characters of the widest value.
    pub fn width(&self, style: &NumberStyle) -> usize {
        match self {
            Self::Scalar(dtype) => dtype.width(*style),
            Self::Bytes(len) | Self::Void(len) => 3 + 4 * *len as usize,
            Self::Pascal(len) => 3 + 4 * (*len as usize).saturating_sub(1),
            Self::Text(chars, _) => 3 + 16 * *chars as usize,
            Self::Time(time) => times::width(*time),
            Self::Packed(packed) => DType::new(packed.element, super::Order::Little).width(*style).min(10),
            Self::Quant(_) => DType::new(Element::F32, super::Order::Little).width(*style),
            Self::Array(_) | Self::Record(_) => records::width(self, *style),
        }
    }

    /// Whether the value is zero, or no number.
    pub fn class(&self, group: &[u8], item: u32) -> ValueClass {
        let Some(group) = self.whole(group) else { return ValueClass::Special };
        match self {
            Self::Scalar(dtype) => dtype.class(group),
            Self::Packed(packed) => packed::value(*packed, group, item)
                .map_or(ValueClass::Special, |(dtype, byte)| dtype.class(&[byte])),
            Self::Quant(_) => match self.number(group, item) {
                Some(Number::Float(0.0)) => ValueClass::Zero,
                Some(Number::Float(value)) if value.is_finite() => ValueClass::Ordinary,
                _ => ValueClass::Special,
            },
            Self::Time(time) if times::ticks(*time, group) == times::NAT => ValueClass::Special,
            // The epoch is a time like any other.
            Self::Time(time) if !time.delta => ValueClass::Ordinary,
            _ if group.iter().all(|byte| *byte == 0) => ValueClass::Zero,
            _ => ValueClass::Ordinary,
        }
    }

    /// The value to calculate with; `None` for what is no number. A time is its count of ticks.
    pub fn number(&self, group: &[u8], item: u32) -> Option<Number> {
        let group = self.whole(group)?;
        match self {
            Self::Scalar(dtype) => dtype.number(group),
            Self::Packed(packed) => {
                packed::value(*packed, group, item).and_then(|(dtype, byte)| dtype.number(&[byte]))
            }
            Self::Quant(quant) => Some(Number::Float(quant.value(group, item).into())),
            Self::Time(time) => {
                let ticks = times::ticks(*time, group);
                (ticks != times::NAT).then(|| Number::Int(ticks.into()))
            }
            _ => None,
        }
    }

    /// The group's new bytes when its item `item` becomes `number`; a fraction is rounded once.
    ///
    /// # Errors
    /// [`ValueError`] when the type can't hold it.
    pub fn of_number(&self, number: Number, old: &[u8], item: u32) -> Result<Vec<u8>, ValueError> {
        let old = self.whole(old).ok_or_else(|| ValueError::new("some bytes of this value are missing"))?;
        match self {
            Self::Scalar(dtype) => dtype.of_number(number).map(|new| keep_padding(*dtype, new, old)),
            Self::Packed(packed) => {
                let byte = DType::new(packed.element, super::Order::Little).of_number(number)?;
                packed::put(*packed, byte.first().copied().unwrap_or(0), old, item)
            }
            Self::Quant(quant) => {
                let bytes = DType::new(Element::F32, super::Order::Little).of_number(number)?;
                let value = f32::from_le_bytes(bytes.try_into().unwrap_or_default());
                quant.encode(old, item, value).map_err(ValueError::new)
            }
            Self::Time(time) => {
                let ticks = DType::new(Element::I64, super::Order::Little).of_number(number)?;
                let ticks = i64::from_le_bytes(ticks.try_into().unwrap_or_default());
                Ok(times::bytes(*time, ticks))
            }
            _ => Err(ValueError::new(format!("{self} holds no numbers"))),
        }
    }
}

/// A long double's six bytes of padding stay as they are.
fn keep_padding(dtype: DType, mut new: Vec<u8>, old: &[u8]) -> Vec<u8> {
    if !matches!(dtype.element, Element::LongDouble | Element::Complex256) {
        return new;
    }
    let padding = if dtype.order == super::Order::Little { 10..16 } else { 0..6 };
    for (new, old) in new.chunks_exact_mut(16).zip(old.chunks_exact(16)) {
        new[padding.clone()].copy_from_slice(&old[padding.clone()]);
    }
    new
}
