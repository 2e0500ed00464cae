//! A value, a range of values or a value with a tolerance as an expression over elements of one type.
//!
//! A value is the nearest that the type has, and so are the ends of a range. The ends of what a tolerance allows are
//! calculated with all their digits, and are the ends of a range then: 3.13 is among 3.14±0.01.

use super::bind::Bound;
use super::input::{Input, NumberForm, number_form};
use crate::compute::ComputeError;
use crate::compute::calc::Calc;
use crate::compute::expr::{Comparison, Expr, Function};
use crate::compute::literal_value::typed;
use crate::compute::sentence::sentence;
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element, Number, Order};

/// What is asked for, before it is known what the elements are.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ValueQuestion {
    Exactly(String),
    /// From one value to another, both included.
    Between(Option<String>, Option<String>),
    Near(String, Tolerance),
}

/// How far from a value others may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tolerance {
    Absolute(Decimal),
    /// A part of the value.
    Relative(Decimal),
    /// So many values of the type, up and down.
    Steps(u64),
}

/// What is put between a value and a tolerance.
const SIGNS: [&str; 3] = ["±", "+-", "+/-"];

impl ValueQuestion {
    /// Reads a question, and a tolerance that is beside it.
    pub(super) fn read(text: &str, tolerance: Option<&str>) -> Result<Self, (String, usize)> {
        let text = text.trim();
        if text.is_empty() {
            return Err(("type a value".to_owned(), 0));
        }
        let is_quoted = text.starts_with(['\'', '"']) || text.starts_with("b'") || text.starts_with("b\"");
        let beside =
            tolerance.map(|tolerance| Tolerance::read(tolerance).map_err(|text| (text, 0))).transpose()?;
        let sign = SIGNS.iter().find_map(|sign| text.split_once(sign)).filter(|_| !is_quoted);
        let (value, tolerance) = match (sign, beside) {
            (Some(_), Some(_)) => return Err(("there are two tolerances".to_owned(), 0)),
            (Some((value, written)), None) => {
                let at = text.len() - written.len();
                (value.trim(), Some(Tolerance::read(written).map_err(|text| (text, at))?))
            }
            (None, beside) => (text, beside),
        };
        if let (Some((low, high)), false) = (value.split_once(".."), is_quoted) {
            if tolerance.is_some() {
                return Err(("a range has no tolerance; make it wider".to_owned(), 0));
            }
            let end = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            return match (end(low), end(high)) {
                (None, None) => Err(("a range needs at least one end".to_owned(), 0)),
                (low, high) => Ok(Self::Between(low, high)),
            };
        }
        Ok(match tolerance {
            Some(tolerance) => Self::Near(value.to_owned(), tolerance),
            None => Self::Exactly(value.to_owned()),
        })
    }

    /// The question over elements of one type.
    pub(super) fn bound(&self, item: &ItemType) -> Result<Bound, ComputeError> {
        let refused = |reason: String| ComputeError::Refused(sentence(&reason));
        let known = Known::new(item);
        let expr = match self {
            Self::Exactly(text) => known.exactly(text),
            Self::Between(low, high) => known.between(low.as_deref(), high.as_deref()),
            Self::Near(text, tolerance) => known.near(text, *tolerance),
        };
        let (mut expr, input) = expr.map_err(refused)?;
        if matches!((item, self), (ItemType::Time(_), Self::Between(..) | Self::Near(..))) {
            // NaT is below all times, and none of them.
            expr = both(expr, compare(Comparison::NotEqual, Expr::Int(i64::MIN.into())));
        }
        let (item, calculated_as) = (item.clone(), known.calculated_as);
        Ok(Bound { expr, inputs: vec![input], item, calculated_as })
    }
}

impl Tolerance {
    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let fails = || {
            format!(
                "'{text}' is not a tolerance; write 0.01 (absolute), 1% (relative) or 2ulp (steps of the type)"
            )
        };
        let number =
            |text: &str| Decimal::read(text.trim()).filter(|value| value.digits >= 0).ok_or_else(fails);
        let lower = text.to_ascii_lowercase();
        if let Some(percent) = lower.strip_suffix('%') {
            let percent = number(percent)?;
            return Ok(Self::Relative(Decimal { exponent: percent.exponent - 2, ..percent }));
        }
        if let Some(steps) = lower.strip_suffix("ulps").or_else(|| lower.strip_suffix("ulp")) {
            return steps.trim().parse().map(Self::Steps).map_err(|_| fails());
        }
        number(&lower).map(Self::Absolute)
    }
}

/// A number with all its digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decimal {
    digits: i128,
    /// The power of ten that they are multiplied by.
    exponent: i32,
}

impl Decimal {
    /// Exponents beyond this are those of no number here.
    const FAR: i32 = 5000;

    /// `3.14`, `-1e-7`; `None` of other texts, and of more digits than there is room for.
    fn read(text: &str) -> Option<Self> {
        let text = text.replace('_', "");
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text.as_str(), 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = whole.trim_start_matches(['-', '+']);
        if !is_digits(unsigned) || !is_digits(fraction) || unsigned.len() + fraction.len() == 0 {
            return None;
        }
        let digits = format!("{whole}{fraction}").parse().ok()?;
        let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        (exponent.abs() <= Self::FAR).then_some(Self { digits, exponent })
    }

    /// With so small an exponent.
    fn at(self, exponent: i32) -> Option<i128> {
        let zeros = u32::try_from(self.exponent.checked_sub(exponent)?).ok()?;
        if self.digits == 0 { Some(0) } else { self.digits.checked_mul(10_i128.checked_pow(zeros)?) }
    }

    fn plus(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        Some(Self { digits: self.at(exponent)?.checked_add(other.at(exponent)?)?, exponent })
    }

    fn times(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.checked_add(other.exponent)?;
        Some(Self { digits: self.digits.checked_mul(other.digits)?, exponent })
    }

    /// An integer as its digits, which every type reads exactly.
    fn text(self) -> String {
        let Self { mut digits, mut exponent } = self;
        while exponent < 0 && digits % 10 == 0 {
            (digits, exponent) = (digits / 10, exponent + 1);
        }
        match self.at(0) {
            _ if exponent == 0 => digits.to_string(),
            Some(digits) => digits.to_string(),
            None => format!("{digits}e{exponent}"),
        }
    }
}

type Asked = Result<(Expr, Input), String>;

/// The type of the elements, and in which type their values are compared.
struct Known<'a> {
    item: &'a ItemType,
    calculated_as: ItemType,
}

fn compare(how: Comparison, value: Expr) -> Expr {
    Expr::Compare(how, Box::new(Expr::X), Box::new(value))
}

fn both(low: Expr, high: Expr) -> Expr {
    Expr::And(Box::new(low), Box::new(high))
}

const fn never() -> Expr {
    Expr::Int(0)
}

impl<'a> Known<'a> {
    fn new(item: &'a ItemType) -> Self {
        let single = ItemType::Scalar(DType::new(Element::F32, Order::Little));
        // The values of a block are floats of 32 bits; others are calculated with in their own type.
        let calculated_as = if matches!(item, ItemType::Quant(_)) { single } else { item.clone() };
        Self { item, calculated_as }
    }

    fn number(&self) -> Input {
        Input::Number(0, self.item.clone())
    }

    /// The bytes of a value that is typed, in a group of its own, of the type in which values are compared.
    fn encoded(&self, text: &str) -> Result<Vec<u8>, String> {
        let mut group = vec![0; usize::try_from(self.calculated_as.group_bytes()).unwrap_or(0)];
        typed(&self.calculated_as, text, &mut group, 0)?;
        Ok(group)
    }

    fn value(&self, text: &str) -> Result<Option<Number>, String> {
        Ok(self.calculated_as.number(&self.encoded(text)?, 0))
    }

    fn exactly(&self, text: &str) -> Asked {
        let bytes = self.encoded(text)?;
        let question = match self.calculated_as.number(&bytes, 0) {
            Some(Number::Int(value)) => compare(Comparison::Equal, Expr::Int(value)),
            Some(Number::Float(value)) if value.is_nan() => Expr::Call(Function::IsNan, vec![Expr::X]),
            Some(Number::Float(value)) => compare(Comparison::Equal, Expr::Float(value)),
            Some(Number::Complex(real, imaginary)) if real.is_nan() || imaginary.is_nan() => {
                Expr::Call(Function::IsNan, vec![Expr::X])
            }
            Some(Number::Complex(real, imaginary)) => {
                compare(Comparison::Equal, Expr::Complex(real, imaginary))
            }
            // NaT is the lowest of the ticks.
            None if self.item.is_time() => compare(Comparison::Equal, Expr::Int(i64::MIN.into())),
            Some(Number::Wide(_)) | None => {
                let is_there = Expr::Compare(Comparison::NotEqual, Box::new(Expr::X), Box::new(Expr::Int(0)));
                return Ok((is_there, Input::Bytes(0, bytes)));
            }
        };
        Ok((question, self.number()))
    }

    /// An end of a range: the nearest value, and on which side of it the range begins.
    fn end(&self, text: &str, is_low: bool) -> Result<Expr, String> {
        let how = if is_low { Comparison::GreaterOrEqual } else { Comparison::LessOrEqual };
        let value = match self.value(text) {
            Ok(Some(value)) => value,
            // What the type can't hold is a number all the same.
            Ok(None) | Err(_) => self.beyond(text)?,
        };
        match value {
            Number::Int(value) => Ok(compare(how, Expr::Int(value))),
            Number::Wide(value) => Ok(compare(how, Expr::Float(value as f64))),
            Number::Float(value) if value.is_nan() => Err("a range can't end at NaN".to_owned()),
            Number::Float(value) => Ok(self.of_float(value, is_low)),
            Number::Complex(..) => {
                Err("complex numbers have no order, so there is no range of them".to_owned())
            }
        }
    }

    /// Any number, of a type that can't hold it.
    fn beyond(&self, text: &str) -> Result<Number, String> {
        let reason = match self.value(text) {
            Ok(_) if self.item.is_time() => return Err("a range can't end at NaT".to_owned()),
            Ok(_) => return Err(format!("{} has no numbers, so there is no range of them", self.item)),
            Err(reason) => reason,
        };
        let double = DType::new(Element::F64, Order::Little);
        let can_be_beyond = !self.item.is_time() && number_form(&self.calculated_as).is_some();
        let bytes = double.encode(text).ok().filter(|_| can_be_beyond).ok_or(reason)?;
        double.number(&bytes).ok_or_else(|| "this is not a number".to_owned())
    }

    /// The elements from a float on, or up to it.
    fn of_float(&self, value: f64, is_low: bool) -> Expr {
        let how = if is_low { Comparison::GreaterOrEqual } else { Comparison::LessOrEqual };
        if number_form(&self.calculated_as) == Some(NumberForm::Whole) {
            let whole = if is_low { value.ceil() } else { value.floor() };
            return match whole {
                whole if whole >= 1e38 && is_low || whole <= -1e38 && !is_low => never(),
                whole if whole.abs() >= 1e38 => compare(Comparison::Equal, Expr::X),
                whole => compare(how, Expr::Int(whole as i128)),
            };
        }
        self.bounded(value, is_low)
    }

    /// The floats of the type from `value` on, or up to it, by their own values.
    fn bounded(&self, value: f64, is_low: bool) -> Expr {
        let calc = Calc::new(&self.calculated_as);
        let nearest = calc.constant(value);
        // A finite end that the type can only take for infinity is beyond all of its finite values.
        if nearest.is_infinite() && value.is_finite() {
            let largest = calc.largest().copysign(value);
            return match (value > 0.0, is_low) {
                (true, true) => compare(Comparison::Greater, Expr::Float(largest)),
                (true, false) => compare(Comparison::LessOrEqual, Expr::Float(largest)),
                (false, true) => compare(Comparison::GreaterOrEqual, Expr::Float(largest)),
                (false, false) => compare(Comparison::Less, Expr::Float(largest)),
            };
        }
        let how = match (is_low, nearest.partial_cmp(&value)) {
            // The value lies between two of the type, of which this is the one outside.
            (true, Some(std::cmp::Ordering::Less)) => Comparison::Greater,
            (false, Some(std::cmp::Ordering::Greater)) => Comparison::Less,
            (true, _) => Comparison::GreaterOrEqual,
            (false, _) => Comparison::LessOrEqual,
        };
        compare(how, Expr::Float(nearest))
    }

    fn between(&self, low: Option<&str>, high: Option<&str>) -> Asked {
        let low = low.map(|text| self.end(text, true)).transpose()?;
        let high = high.map(|text| self.end(text, false)).transpose()?;
        let question = match (low, high) {
            (Some(low), Some(high)) => both(low, high),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return Err("a range needs at least one end".to_owned()),
        };
        Ok((question, self.number()))
    }

    fn near(&self, text: &str, tolerance: Tolerance) -> Asked {
        if let Tolerance::Steps(steps) = tolerance {
            return self.steps(text, steps);
        }
        let value = self.value(text);
        let exact = match value {
            Ok(Some(Number::Int(value))) => Some(Decimal { digits: value, exponent: 0 }),
            Ok(Some(Number::Float(value))) if !value.is_finite() => return self.exactly(text),
            Ok(Some(Number::Complex(..))) => {
                return Err("complex numbers have no tolerance; ask abs(x - 1) < 0.1".to_owned());
            }
            Ok(None) => return Err(format!("{} has no numbers, so there is no tolerance", self.item)),
            Ok(Some(_)) | Err(_) => Decimal::read(text),
        };
        let ends = exact.and_then(|value| {
            let by = match tolerance {
                Tolerance::Absolute(by) => by,
                Tolerance::Relative(part) => part.times(Decimal { digits: value.digits.abs(), ..value })?,
                Tolerance::Steps(_) => return None,
            };
            Some((value.plus(Decimal { digits: -by.digits, ..by })?, value.plus(by)?))
        });
        match (ends, value) {
            (Some((low, high)), _) => self.between(Some(&low.text()), Some(&high.text())),
            (None, Err(reason)) => Err(reason),
            (None, Ok(_)) => Err(format!("'{text}' has too many digits for a tolerance")),
        }
    }

    /// The values of the type that are at most so many steps away.
    fn steps(&self, text: &str, steps: u64) -> Asked {
        let bytes = self.encoded(text)?;
        let (low, high) = match self.calculated_as.number(&bytes, 0) {
            Some(Number::Int(value)) => {
                let by = i128::from(steps);
                (Expr::Int(value.saturating_sub(by)), Expr::Int(value.saturating_add(by)))
            }
            Some(Number::Float(value)) if value.is_nan() => return self.exactly(text),
            Some(Number::Float(value)) => {
                let of = |up| Expr::Float(self.stepped(value, steps, up));
                (of(false), of(true))
            }
            _ => return Err(format!("{} has no steps from one value to the next", self.item)),
        };
        let question = both(compare(Comparison::GreaterOrEqual, low), compare(Comparison::LessOrEqual, high));
        Ok((question, self.number()))
    }

    /// The float that is so many values of the type above or below another one.
    fn stepped(&self, value: f64, steps: u64, up: bool) -> f64 {
        let dtype = match &self.calculated_as {
            ItemType::Scalar(dtype) => DType::new(dtype.element, Order::Little),
            ItemType::Packed(packed) => DType::new(packed.element, Order::Little),
            _ => return value,
        };
        let end = if up { f64::INFINITY } else { f64::NEG_INFINITY };
        if dtype.size() == 1 {
            let number = |code: u8| match dtype.number(&[code]) {
                Some(Number::Float(value)) if !value.is_nan() => Some(value),
                _ => None,
            };
            let mut all: Vec<f64> = (0..=u8::MAX).filter_map(number).collect();
            all.retain(|other| if up { *other >= value } else { *other <= value });
            all.sort_by(|a, b| if up { a.total_cmp(b) } else { b.total_cmp(a) });
            all.dedup();
            return usize::try_from(steps).ok().and_then(|steps| all.get(steps)).copied().unwrap_or(end);
        }
        let Ok(bytes) = dtype.of_number(Number::Float(value)) else { return value };
        let mut word = [0; 8];
        let Some(low) = word.get_mut(..bytes.len()) else { return value };
        low.copy_from_slice(&bytes);
        let (word, sign) = (u64::from_le_bytes(word), 1_u64 << (8 * bytes.len() - 1));
        // Floats by rising value: the magnitude, below 0 counted downwards.
        let place = if word & sign == 0 { i128::from(word) } else { -i128::from(word & !sign) };
        let place = if up { place + i128::from(steps) } else { place - i128::from(steps) };
        let magnitude = u64::try_from(place.unsigned_abs()).unwrap_or(u64::MAX);
        if magnitude >= sign {
            return end;
        }
        let bits = if place < 0 { magnitude | sign } else { magnitude };
        match dtype.number(&bits.to_le_bytes()[..bytes.len()]) {
            // Beyond the largest value lie infinity and the NaNs.
            Some(Number::Float(value)) if !value.is_nan() => value,
            _ => end,
        }
    }
}
