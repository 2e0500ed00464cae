//! Arithmetic on one value, with NumPy's results: numbers of the expression take the array's type.
//!
//! Integers are calculated exactly, to 128 bits, and checked against their type only at the end: nothing wraps. Floats
//! are rounded to their type after each operation.

use super::complex;
use super::expr::{Comparison, Expr, Function};
use super::rounding::{Rounding, divided, first_nan, halved, power};
use super::value::{Calculated, Value, is_unsigned};
use crate::decode::dtype::ItemType;
use crate::decode::operator::Operator;
use crate::decode::{DType, Element, Number};

/// The type in which is calculated.
#[derive(Clone, Debug)]
pub(super) struct Calc<'a> {
    pub item: &'a ItemType,
    pub rounding: Rounding,
}

/// Which of two values is taken.
#[derive(Clone, Copy, Debug)]
struct Extreme {
    larger: bool,
    /// Of equal ones, which zeros of both signs are, the first.
    first_of_equals: bool,
}

impl Extreme {
    /// What `clip` does: the value stays where it equals the limit.
    const RAISED: Self = Self { larger: true, first_of_equals: true };
    const LOWERED: Self = Self { larger: false, first_of_equals: true };
}

impl<'a> Calc<'a> {
    /// Arithmetic for items of this type.
    pub fn new(item: &'a ItemType) -> Self {
        Self { item, rounding: Rounding::of(item) }
    }

    /// To the array's type, once.
    pub fn round(&self, value: f64) -> f64 {
        match self.rounding {
            // Calculated in single precision, as types of 16 bits are.
            Rounding::Own => self.own(f64::from(value as f32)),
            rounding => rounding.round(value),
        }
    }

    /// The nearest value of a type that only the type itself can round to.
    fn own(&self, value: f64) -> f64 {
        let zero = vec![0; self.item.group_bytes() as usize];
        let bytes = self.item.of_number(Number::Float(value), &zero, 0);
        match bytes.map(|bytes| self.item.number(&bytes, 0)) {
            Ok(Some(Number::Float(value))) => value,
            Ok(_) => value,
            // Too small for the type, or too large: then it is refused when it is put there.
            Err(_) if value.abs() < 1.0 => 0.0_f64.copysign(value),
            Err(_) => f64::INFINITY.copysign(value),
        }
    }

    /// To the array's type where a value is put there: once, however it was calculated.
    pub fn stored(&self, value: f64) -> f64 {
        match self.rounding {
            Rounding::F16 => halved(value).to_f64(),
            Rounding::Own => self.own(value),
            _ => self.round(value),
        }
    }

    /// A number of the expression: of the array's type as NumPy has it; in single precision beside types that NumPy
    /// lacks, as PyTorch and ml_dtypes have it.
    pub fn constant(&self, value: f64) -> f64 {
        match self.rounding {
            Rounding::Bf16 | Rounding::Own => f64::from(value as f32),
            _ => self.round(value),
        }
    }

    /// In what NumPy divides: halves in single precision.
    pub fn step(&self, value: f64) -> f64 {
        self.rounding.step(value)
    }

    /// The value of `expr` where the item is `x`.
    ///
    /// # Errors
    /// A sentence when the value is not defined, or too large for 128 bits.
    pub fn value(&self, expr: &Expr, x: Value) -> Calculated<Value> {
        self.of_all(expr, &[x])
    }

    /// The value of `expr` where the item is the first of `inputs`, and those of further arrays follow.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn of_all(&self, expr: &Expr, inputs: &[Value]) -> Calculated<Value> {
        let input = |at: usize| inputs.get(at).copied().ok_or_else(|| "a value is missing".to_owned());
        match expr {
            Expr::X => input(0),
            Expr::Input(at) => input(usize::from(*at)),
            Expr::Int(value) => Ok(Value::Int(*value)),
            Expr::Float(value) => Ok(Value::Float(*value)),
            Expr::Complex(real, imaginary) => Ok(Value::Complex(*real, *imaginary)),
            Expr::Negate(inner) => match self.of_all(inner, inputs)? {
                Value::Int(value) => Ok(Value::Int(value.checked_neg().ok_or_else(too_large)?)),
                Value::Whole(value) => Ok(Value::Whole(value.checked_neg().ok_or_else(too_large)?)),
                Value::Float(value) => Ok(Value::Float(-value)),
                Value::Real(value) => Ok(Value::Real(-value)),
                Value::Complex(real, imaginary) => Ok(Value::Complex(-real, -imaginary)),
            },
            Expr::Invert(inner) => match self.of_all(inner, inputs)? {
                Value::Int(value) => Ok(Value::Int(!value)),
                Value::Whole(value) => Ok(Value::Whole(self.inverted(value))),
                _ => Err("~ works only on integers".to_owned()),
            },
            Expr::Binary(binary, left, right) => {
                self.binary(*binary, self.of_all(left, inputs)?, self.of_all(right, inputs)?)
            }
            Expr::Call(function, values) => self.call(*function, values, inputs),
            Expr::Compare(how, left, right) => {
                self.compared(*how, self.of_all(left, inputs)?, self.of_all(right, inputs)?).map(truth)
            }
            Expr::And(left, right) => {
                Ok(truth(is_true(self.of_all(left, inputs)?) && is_true(self.of_all(right, inputs)?)))
            }
            Expr::Or(left, right) => {
                Ok(truth(is_true(self.of_all(left, inputs)?) || is_true(self.of_all(right, inputs)?)))
            }
            Expr::Not(inner) => Ok(truth(!is_true(self.of_all(inner, inputs)?))),
            Expr::In(rounding, inner) => Calc { item: self.item, rounding: *rounding }.of_all(inner, inputs),
            Expr::Text(text) => Err(format!("'{text}' can only be compared with a value of its type")),
            Expr::Field(names) => Err(format!("there is no field {}", names.join("."))),
            Expr::Other(name) => Err(format!("there is no other array '{name}' here")),
            Expr::Reduced(reduction, _) => Err(format!("{} is not known here", reduction.name())),
        }
    }

    /// Whether two values are as `how` asks.
    fn compared(&self, how: Comparison, left: Value, right: Value) -> Calculated<bool> {
        if let (Some((a, _)), Some((b, _))) = (whole(left), whole(right)) {
            return Ok(how.holds(a, b));
        }
        if let Some((a, b, _)) = self.reals(left, right) {
            return Ok(how.holds(a, b));
        }
        let parts = |value: Value| match value {
            Value::Complex(real, imaginary) => (real, imaginary),
            Value::Int(value) | Value::Whole(value) => (self.step(value as f64), 0.0),
            Value::Float(value) | Value::Real(value) => (self.step(value), 0.0),
        };
        match how {
            Comparison::Equal => Ok(parts(left) == parts(right)),
            Comparison::NotEqual => Ok(parts(left) != parts(right)),
            _ => Err("complex numbers have no order; compare abs(x), or use == and !=".to_owned()),
        }
    }

    /// All bits the other way round; of a type without sign those that it has.
    fn inverted(&self, value: i128) -> i128 {
        match self.item {
            ItemType::Scalar(DType { element: Element::Bool, .. }) => i128::from(value == 0),
            ItemType::Scalar(dtype) if is_unsigned(*dtype) => (1 << (8 * dtype.size())) - 1 - value,
            _ => !value,
        }
    }

    /// Both as floats of one type, and whether that is the array's.
    fn reals(&self, left: Value, right: Value) -> Option<(f64, f64, bool)> {
        // Only two numbers of the expression, or whole numbers, are calculated in 64 bits.
        let own = matches!(left, Value::Real(_)) || matches!(right, Value::Real(_));
        let real = |value: Value| match value {
            Value::Int(value) | Value::Whole(value) if own => Some(self.constant(value as f64)),
            Value::Float(value) if own => Some(self.constant(value)),
            Value::Int(value) | Value::Whole(value) => Some(value as f64),
            Value::Float(value) | Value::Real(value) => Some(value),
            Value::Complex(..) => None,
        };
        Some((real(left)?, real(right)?, own))
    }

    fn binary(&self, binary: Operator, left: Value, right: Value) -> Calculated<Value> {
        if let (Some((a, whole_a)), Some((b, whole_b))) = (whole(left), whole(right))
            && binary != Operator::Divide
            && (binary != Operator::Power || b >= 0 || whole_a || whole_b)
        {
            let value = integers(binary, a, b)?;
            return Ok(if whole_a || whole_b { Value::Whole(value) } else { Value::Int(value) });
        }
        if matches!(left, Value::Complex(..)) || matches!(right, Value::Complex(..)) {
            let step =
                |value: f64| if self.rounding == Rounding::F32 { f64::from(value as f32) } else { value };
            let parts = |value: Value| match value {
                Value::Complex(real, imaginary) => (step(real), step(imaginary)),
                Value::Int(value) | Value::Whole(value) => (step(value as f64), 0.0),
                Value::Float(value) | Value::Real(value) => (step(value), 0.0),
            };
            let (real, imaginary) = complex::binary(binary, parts(left), parts(right), step)?;
            return Ok(Value::Complex(real, imaginary));
        }
        let (a, b, own) = self.reals(left, right).ok_or_else(too_large)?;
        let floats = if own { self.clone() } else { Calc { rounding: Rounding::F64, ..self.clone() } };
        let value = floats.floats(binary, a, b)?;
        let from_array = own || matches!(left, Value::Whole(_)) || matches!(right, Value::Whole(_));
        Ok(if from_array { Value::Real(value) } else { Value::Float(value) })
    }

    fn floats(&self, binary: Operator, a: f64, b: f64) -> Calculated<f64> {
        let value = match binary {
            Operator::Add => a + b,
            Operator::Subtract => a - b,
            Operator::Multiply => a * b,
            Operator::Divide => a / b,
            Operator::FloorDivide => divided(a, b, |value| self.step(value)).0,
            Operator::Remainder => divided(a, b, |value| self.step(value)).1,
            Operator::Power => power(a, b),
            Operator::Or | Operator::Xor | Operator::And | Operator::Left | Operator::Right => {
                return Err("bit operations work only on integers".to_owned());
            }
        };
        Ok(self.round(first_nan(a, b, value)))
    }

    fn call(&self, function: Function, values: &[Expr], inputs: &[Value]) -> Calculated<Value> {
        if function == Function::NanToNum {
            return self.nan_to_num(values, inputs);
        }
        let [first, rest @ ..] = values else { return Err("a value is missing".to_owned()) };
        let first = self.of_all(first, inputs)?;
        match (function, rest) {
            (Function::Minimum | Function::Maximum, [other]) => {
                // Of zeros of both signs NumPy gives the second one, but of halves the first.
                let first_of_equals = self.rounding == Rounding::F16;
                let extreme = Extreme { larger: function == Function::Maximum, first_of_equals };
                self.extreme(first, self.of_all(other, inputs)?, extreme)
            }
            (Function::Clip, [low, high]) => {
                let raised = self.extreme(first, self.of_all(low, inputs)?, Extreme::RAISED)?;
                self.extreme(raised, self.of_all(high, inputs)?, Extreme::LOWERED)
            }
            _ => self.of_one(function, first),
        }
    }

    fn of_one(&self, function: Function, value: Value) -> Calculated<Value> {
        if let Some(answer) = tested(function, value) {
            return Ok(truth(answer));
        }
        let (real, own) = match value {
            Value::Complex(real, imaginary) if function == Function::Abs => {
                return Ok(Value::Real(self.step(real.hypot(imaginary))));
            }
            Value::Complex(..) => return Err("this is not defined for complex numbers".to_owned()),
            Value::Int(number) | Value::Whole(number) if function != Function::Sqrt => {
                let result = match function {
                    Function::Abs => number.checked_abs().ok_or_else(too_large)?,
                    Function::Sign => number.signum(),
                    _ => number,
                };
                return Ok(if matches!(value, Value::Int(_)) {
                    Value::Int(result)
                } else {
                    Value::Whole(result)
                });
            }
            Value::Int(number) | Value::Whole(number) => (number as f64, false),
            Value::Float(real) => (real, false),
            Value::Real(real) => (real, true),
        };
        let result = match function {
            Function::Abs => real.abs(),
            Function::Sqrt => real.sqrt(),
            Function::Floor => first_nan(real, 0.0, real.floor()),
            Function::Ceil => first_nan(real, 0.0, real.ceil()),
            Function::Trunc => first_nan(real, 0.0, real.trunc()),
            Function::Round => first_nan(real, 0.0, real.round_ties_even()),
            Function::Sign if real == 0.0 => 0.0,
            Function::Sign if !real.is_nan() => 1.0_f64.copysign(real),
            _ => real,
        };
        Ok(match value {
            Value::Float(_) | Value::Int(_) => Value::Float(result),
            _ if own => Value::Real(self.round(result)),
            _ => Value::Real(result),
        })
    }

    /// The smaller or the larger of two; NaN when one of them is.
    fn extreme(&self, left: Value, right: Value, how: Extreme) -> Calculated<Value> {
        if let (Some((a, whole_a)), Some((b, whole_b))) = (whole(left), whole(right)) {
            let value = if how.larger { a.max(b) } else { a.min(b) };
            return Ok(if whole_a || whole_b { Value::Whole(value) } else { Value::Int(value) });
        }
        let (a, b, own) = self.reals(left, right).ok_or("complex numbers can't be compared")?;
        let first = a.is_nan() || (how.first_of_equals && a == b) || if how.larger { a > b } else { a < b };
        let value = if first { a } else { b };
        // A number that was typed may be none of the type.
        let value = if own { self.round(value) } else { value };
        let from_array = own || matches!(left, Value::Whole(_)) || matches!(right, Value::Whole(_));
        Ok(if from_array { Value::Real(value) } else { Value::Float(value) })
    }

    fn nan_to_num(&self, values: &[Expr], inputs: &[Value]) -> Calculated<Value> {
        let [value, nan, high, low] = values else { return Err("a value is missing".to_owned()) };
        let value = self.of_all(value, inputs)?;
        let replacement = |expr: &Expr, usual: f64| match expr {
            Expr::Call(Function::NanToNum, none) if none.is_empty() => Ok(usual),
            expr => match self.of_all(expr, inputs)? {
                Value::Int(value) | Value::Whole(value) => Ok(self.round(value as f64)),
                Value::Float(value) | Value::Real(value) => Ok(self.round(value)),
                Value::Complex(..) => Err("the replacement for NaN must be a real number".to_owned()),
            },
        };
        let clean = |real: f64| match real {
            real if real.is_nan() => replacement(nan, 0.0),
            f64::INFINITY => replacement(high, self.largest()),
            f64::NEG_INFINITY => replacement(low, -self.largest()),
            real => Ok(real),
        };
        match value {
            Value::Real(real) => Ok(Value::Real(clean(real)?)),
            Value::Float(real) => Ok(Value::Float(clean(real)?)),
            Value::Complex(real, imaginary) => Ok(Value::Complex(clean(real)?, clean(imaginary)?)),
            whole => Ok(whole),
        }
    }

    /// What stands for infinity where there is to be none.
    pub fn largest(&self) -> f64 {
        match self.rounding {
            Rounding::F32 => f64::from(f32::MAX),
            Rounding::F16 => half::f16::MAX.to_f64(),
            Rounding::Bf16 => half::bf16::MAX.to_f64(),
            // Of the types of a byte and less.
            Rounding::Own => [57344.0, 448.0, 240.0, 28.0, 7.5, 6.0]
                .into_iter()
                .find(|value| self.round(*value).is_finite())
                .unwrap_or(1.0),
            Rounding::F64 => f64::MAX,
        }
    }
}

/// What True and False are calculated with.
fn truth(value: bool) -> Value {
    Value::Whole(value.into())
}

/// Whether a value counts as True: all but 0, also NaN.
pub(super) fn is_true(value: Value) -> bool {
    match value {
        Value::Int(value) | Value::Whole(value) => value != 0,
        Value::Float(value) | Value::Real(value) => value != 0.0,
        Value::Complex(real, imaginary) => real != 0.0 || imaginary != 0.0,
    }
}

/// The whole number that a value is, and whether the array had a part in it.
fn whole(value: Value) -> Option<(i128, bool)> {
    match value {
        Value::Int(value) => Some((value, false)),
        Value::Whole(value) => Some((value, true)),
        _ => None,
    }
}

/// The answer of a function that asks what a float is; `None` of the others.
fn tested(function: Function, value: Value) -> Option<bool> {
    let (real, imaginary) = match value {
        Value::Int(_) | Value::Whole(_) => (0.0, 0.0),
        Value::Float(value) | Value::Real(value) => (value, 0.0),
        Value::Complex(real, imaginary) => (real, imaginary),
    };
    match function {
        Function::IsNan => Some(real.is_nan() || imaginary.is_nan()),
        Function::IsInf => Some(real.is_infinite() || imaginary.is_infinite()),
        Function::IsFinite => Some(real.is_finite() && imaginary.is_finite()),
        _ => None,
    }
}

const TOO_LARGE: &str = "the result is too large";
const BY_ZERO: &str = "division by 0";
const NEGATIVE_POWER: &str = "integers have no negative powers; write 1.0 / x ** n";
const NEGATIVE_SHIFT: &str = "the number of bits to shift by must be 0 or more";

/// Whether there is no value only for some numbers; else there is none for these types.
pub(super) fn is_of_numbers(reason: &str) -> bool {
    [TOO_LARGE, BY_ZERO, NEGATIVE_POWER, NEGATIVE_SHIFT].contains(&reason)
}

fn too_large() -> String {
    TOO_LARGE.to_owned()
}

fn integers(binary: Operator, a: i128, b: i128) -> Calculated<i128> {
    let by_zero = || BY_ZERO.to_owned();
    let result = match binary {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::FloorDivide | Operator::Remainder if b == 0 => return Err(by_zero()),
        Operator::FloorDivide => a
            .checked_div(b)
            .map(|quotient| if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }),
        Operator::Remainder => {
            a.checked_rem(b).map(|rest| if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        }
        Operator::Power if b < 0 => {
            return Err(NEGATIVE_POWER.to_owned());
        }
        Operator::Power => match (a, u32::try_from(b)) {
            (0 | 1, _) => Some(if b == 0 { 1 } else { a }),
            (-1, _) => Some(if b % 2 == 0 { 1 } else { -1 }),
            (a, Ok(b)) => a.checked_pow(b),
            _ => None,
        },
        Operator::Or => Some(a | b),
        Operator::Xor => Some(a ^ b),
        Operator::And => Some(a & b),
        Operator::Left | Operator::Right if b < 0 => {
            return Err(NEGATIVE_SHIFT.to_owned());
        }
        Operator::Right => Some(a >> b.min(127)),
        Operator::Left if a == 0 => Some(0),
        Operator::Left => u32::try_from(b)
            .ok()
            .and_then(|b| 1_i128.checked_shl(b))
            .filter(|power| *power > 0)
            .and_then(|power| a.checked_mul(power)),
        Operator::Divide => return Err(by_zero()),
    };
    result.ok_or_else(too_large)
}
