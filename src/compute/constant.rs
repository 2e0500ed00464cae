//! One value for all elements: as it is typed, or what a calculation without `x` comes to.
//!
//! A number that is typed as such is refused where the type can't hold it; what is calculated goes on as in NumPy, to
//! infinity. What looks like a date and is none is never calculated.

use super::calc::Calc;
use super::codec::{Codec, as_truth, is_infinite};
use super::expr::Expr;
use super::plan::Way;
use super::value::{Calculated, Value};
use crate::decode::Number;
use crate::decode::dtype::ItemType;

/// How all items get one value, and whether it became infinite on the way. A value typed as such comes first, for it is
/// then the nearest to its text.
pub(super) fn constant<'a>(
    item: &ItemType,
    text: &str,
    expr: Option<&Expr>,
    calc: &Calc<'_>,
) -> Calculated<(Way<'a>, bool)> {
    let zero = vec![0; item.group_bytes() as usize];
    match (item.encode(text, &zero, 0), expr) {
        (Ok(_), _) if item.shares_bytes() || matches!(item, ItemType::Record(_)) => {
            Ok((Way::Text(text.to_owned()), false))
        }
        (Ok(mut bytes), _) => {
            as_truth(item, &mut bytes);
            Ok((Way::Bytes(bytes), false))
        }
        (Err(error), None) => Err(error.to_string()),
        // Of a block's values not all may fit; each tells for itself.
        (Err(_), Some(_)) if matches!(item, ItemType::Quant(_)) => Ok((Way::Text(text.to_owned()), false)),
        (Err(error), Some(_)) if item.is_time() && looks_like_date(text) => Err(error.to_string()),
        (Err(error), Some(expr)) => {
            let value = calc.value(expr, Value::Int(0))?;
            if expr.is_number() {
                return number(item, text, value, zero).ok_or_else(|| error.to_string());
            }
            let mut bytes = zero;
            let is_overflow = Codec::new(item).put(calc, value, &mut bytes, 0)?;
            Ok((if item.shares_bytes() { Way::Value(value) } else { Way::Bytes(bytes) }, is_overflow))
        }
    }
}

/// A number in another form than its type writes it: `1e2` for a whole number. `None` when the type can't hold it.
fn number<'a>(item: &ItemType, text: &str, value: Value, zero: Vec<u8>) -> Option<(Way<'a>, bool)> {
    let apart = |c: char| matches!(c, '-' | '+' | '.' | '(' | ' ') || c.is_whitespace();
    let has_digits = text.trim_start_matches(apart).starts_with(|c: char| c.is_ascii_digit());
    if has_digits && Codec::new(item).is_float() {
        // Read as 64 bits a number may be infinite or 0 already: its digits are what counts.
        let bare: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')).collect();
        let bytes = item.encode(&bare, &zero, 0).ok()?;
        return Some((if item.shares_bytes() { Way::Text(bare) } else { Way::Bytes(bytes) }, false));
    }
    let number = match value {
        Value::Int(value) | Value::Whole(value) => Number::Int(value),
        Value::Float(value) | Value::Real(value) => Number::Float(value),
        Value::Complex(real, imaginary) => Number::Complex(real, imaginary),
    };
    let is_count = !item.is_time() || matches!(number, Number::Int(_));
    let bytes = item.of_number(number, &zero, 0).ok().filter(|_| is_count && !is_infinite(value))?;
    Some((if item.shares_bytes() { Way::Value(value) } else { Way::Bytes(bytes) }, false))
}

/// Whether a text is made of digits with what stands between those of dates and clocks.
fn looks_like_date(text: &str) -> bool {
    let bare = text.trim().trim_matches(['\'', '"']);
    let apart = |c: char| matches!(c, '-' | '/' | '.' | ':' | ' ' | 'T' | 't' | 'Z' | 'z' | '+');
    let inner = bare.trim_start_matches(['-', '+']);
    inner.contains(['-', '/', ':', '.']) && inner.chars().all(|c| c.is_ascii_digit() || apart(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_date() {
        for text in ["2000-02-30", "-2000-13-01", "2000/02/03", "30.02.2000", "12:60", "2000-02-30T25:00Z"] {
            assert!(looks_like_date(text), "{text}");
        }
        for text in ["5", "-5", "2 * 86400", "1 << 31", "19000 + 1", "0x7f"] {
            assert!(!looks_like_date(text), "{text}");
        }
    }
}
