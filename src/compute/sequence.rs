//! Values that follow from the place: `arange`, `linspace`, `random`, each what NumPy's function of that name gives.
//!
//! The place is the element's number in C order, whatever the order of memory.

use super::calc::Calc;
use super::expr::Expr;
use super::parse::Argument;
use super::random::Pcg64;
use super::value::{Calculated, Value};
use crate::decode::Number;
use crate::decode::dtype::ItemType;
use std::hash::{BuildHasher, RandomState};

/// A number of the expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Constant {
    Int(i128),
    Float(f64),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sequence {
    Arange { start: Constant, stop: Option<Constant>, step: Constant },
    Linspace { start: Constant, stop: Constant, endpoint: bool },
    Random { low: Constant, high: Constant, seed: Option<u128> },
}

impl Constant {
    fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    fn of(expr: &Expr) -> Result<Self, String> {
        let item =
            ItemType::Scalar(crate::decode::DType::new(crate::decode::Element::F64, Default::default()));
        match Calc::new(&item).value(expr, Value::Int(0))? {
            _ if expr.has_x() => Err("only numbers are allowed here, not x".to_owned()),
            Value::Int(value) | Value::Whole(value) => Ok(Self::Int(value)),
            Value::Float(value) | Value::Real(value) => Ok(Self::Float(value)),
            Value::Complex(..) => Err("a real number is expected here".to_owned()),
        }
    }
}

/// The arguments of a call by place and name.
struct Arguments {
    values: Vec<Option<Constant>>,
    positional: usize,
}

impl Arguments {
    fn read(call: &str, names: &[&str], arguments: &[Argument]) -> Result<Self, String> {
        let mut read = Self { values: vec![None; names.len()], positional: 0 };
        for (place, (name, value)) in arguments.iter().enumerate() {
            let slot = match name {
                Some(name) => names.iter().position(|known| known == name),
                None => Some(place).filter(|place| *place < names.len()),
            };
            let slot = slot.ok_or_else(|| format!("{call} takes {}", names.join(", ")))?;
            if read.values[slot].replace(Constant::of(value)?).is_some() {
                return Err(format!("{call} has {} twice", names[slot]));
            }
            read.positional += usize::from(name.is_none());
        }
        Ok(read)
    }
}

impl Sequence {
    /// `None` when `name` is none of them.
    pub fn read(name: &str, arguments: &[Argument]) -> Option<Result<Self, String>> {
        Some(match name {
            "arange" => Self::arange(arguments),
            "linspace" => Self::linspace(arguments),
            "random" => Self::random(arguments),
            _ => return None,
        })
    }

    fn arange(arguments: &[Argument]) -> Result<Self, String> {
        let Arguments { mut values, positional } =
            Arguments::read("arange", &["start", "stop", "step"], arguments)?;
        // As in NumPy a number alone is where it stops; with a step beside it, where it starts.
        if positional == 1 && values[1].is_none() && values[2].is_none() {
            values.swap(0, 1);
        }
        let (zero, one) = (Constant::Int(0), Constant::Int(1));
        Ok(Self::Arange { start: values[0].unwrap_or(zero), stop: values[1], step: values[2].unwrap_or(one) })
    }

    fn linspace(arguments: &[Argument]) -> Result<Self, String> {
        let arguments = Arguments::read("linspace", &["start", "stop", "endpoint"], arguments)?;
        let [Some(start), Some(stop), endpoint] = arguments.values[..] else {
            return Err("linspace needs a start and a stop".to_owned());
        };
        Ok(Self::Linspace { start, stop, endpoint: endpoint.is_none_or(|value| value.float() != 0.0) })
    }

    fn random(arguments: &[Argument]) -> Result<Self, String> {
        let arguments = Arguments::read("random", &["low", "high", "seed"], arguments)?;
        let seed = match arguments.values[2] {
            None => None,
            Some(Constant::Int(seed)) if seed >= 0 => Some(seed.unsigned_abs()),
            Some(_) => return Err("the seed must be an integer of at least 0".to_owned()),
        };
        let low = arguments.values[0].unwrap_or(Constant::Int(0));
        Ok(Self::Random { low, high: arguments.values[1].unwrap_or(Constant::Int(1)), seed })
    }

    /// Whether the values have to be made one after another.
    pub fn is_in_order(&self) -> bool {
        matches!(self, Self::Random { .. })
    }
}

/// A sequence over so many items of a type.
#[derive(Clone)]
pub(super) struct Values {
    kind: Kind,
    is_float: bool,
}

#[derive(Clone)]
enum Kind {
    Whole {
        start: i128,
        step: i128,
    },
    /// The two first values, rounded to the type, decide the others.
    Steps {
        start: f64,
        delta: f64,
    },
    Line {
        start: f64,
        delta: f64,
        step: f64,
        stop: Option<f64>,
        divisions: f64,
        last: u64,
    },
    Uniform {
        low: f64,
        range: f64,
        generator: Pcg64,
    },
    Integers {
        low: i128,
        most: u64,
        generator: Pcg64,
    },
}

impl Values {
    /// The values of a sequence of so many items.
    ///
    /// # Errors
    /// A sentence when the type has no numbers, or the arguments do not fit it or the count.
    pub fn new(sequence: &Sequence, calc: &Calc<'_>, items: u64) -> Calculated<Self> {
        let zero = vec![0; calc.item.group_bytes() as usize];
        let is_float = match calc.item.number(&zero, 0) {
            Some(Number::Float(_) | Number::Complex(..)) => true,
            Some(_) => false,
            None => return Err("arange and linspace work only on numbers".to_owned()),
        };
        let kind = match *sequence {
            Sequence::Arange { start, stop, step } => {
                check_count(start, stop, step, items)?;
                match (start, step) {
                    (Constant::Int(start), Constant::Int(step)) if !is_float => Kind::Whole { start, step },
                    _ if !is_float => {
                        return Err("arange of integers needs an integer start and step".to_owned());
                    }
                    _ => {
                        let next = match (start, step) {
                            (Constant::Int(start), Constant::Int(step)) => start.saturating_add(step) as f64,
                            _ => start.float() + step.float(),
                        };
                        let start = calc.round(start.float());
                        Kind::Steps { start, delta: calc.step(calc.round(next) - start) }
                    }
                }
            }
            Sequence::Linspace { start, stop, endpoint } => {
                line(start.float(), stop.float(), endpoint, items)
            }
            Sequence::Random { low, high, seed } => {
                let generator =
                    Pcg64::new(seed.unwrap_or_else(|| u128::from(RandomState::new().hash_one(items))));
                random(low, high, is_float, generator)?
            }
        };
        Ok(Self { kind, is_float })
    }

    /// Whether each value follows from the one before.
    pub fn is_drawn(&self) -> bool {
        matches!(self.kind, Kind::Uniform { .. } | Kind::Integers { .. })
    }

    /// The value of the item that is number `number` in C order. Random ones ignore it and give the next.
    ///
    /// # Errors
    /// A sentence when the value does not fit the type.
    pub fn value(&mut self, number: u64, calc: &Calc<'_>) -> Calculated<Value> {
        let real = match &mut self.kind {
            Kind::Whole { start, step } => {
                let value = step.checked_mul(i128::from(number)).and_then(|way| start.checked_add(way));
                return value.map(Value::Whole).ok_or_else(|| "the numbers become too large".to_owned());
            }
            Kind::Steps { start, delta } => match number {
                0 => *start,
                _ => calc.step(*start + calc.step(calc.step(number as f64) * *delta)),
            },
            Kind::Line { start, delta, step, stop, divisions, last } => match stop {
                Some(stop) if number == *last && *last > 0 => *stop,
                _ if *step == 0.0 => number as f64 / *divisions * *delta + *start,
                _ => number as f64 * *step + *start,
            },
            Kind::Uniform { low, range, generator } => *low + *range * generator.next_f64(),
            Kind::Integers { low, most, generator } => {
                return Ok(Value::Whole(*low + i128::from(generator.up_to(*most))));
            }
        };
        Ok(if self.is_float { Value::Real(calc.round(real)) } else { Value::Real(real.floor()) })
    }
}

fn check_count(start: Constant, stop: Option<Constant>, step: Constant, items: u64) -> Calculated<()> {
    let Some(stop) = stop else { return Ok(()) };
    let count = match (start, stop, step) {
        (_, _, step) if step.float() == 0.0 => return Err("the step can't be 0".to_owned()),
        (Constant::Int(start), Constant::Int(stop), Constant::Int(step)) => {
            let way = stop.saturating_sub(start);
            match way.checked_div(step).zip(way.checked_rem(step)) {
                Some((steps, rest)) => {
                    (steps + i128::from(rest != 0 && (way < 0) == (step < 0))).max(0) as f64
                }
                // One more than the most that there is.
                None => way as f64 / step as f64,
            }
        }
        _ => ((stop.float() - start.float()) / step.float()).ceil().max(0.0),
    };
    if count == items as f64 {
        return Ok(());
    }
    Err(format!(
        "this arange has {count} values, but there are {items} elements; leave out the stop: arange(0, step=2)"
    ))
}

/// As `numpy.linspace` calculates it, in 64 bits.
fn line(start: f64, stop: f64, endpoint: bool, items: u64) -> Kind {
    let last = items.saturating_sub(1);
    let divisions = if endpoint { last } else { items } as f64;
    let delta = stop - start;
    let (step, divisions) = if divisions > 0.0 { (delta / divisions, divisions) } else { (delta, 1.0) };
    Kind::Line { start, delta, step, stop: endpoint.then_some(stop), divisions, last }
}

/// Floats as `rng.uniform(low, high)`, whole numbers as `rng.integers(low, high)`: `high` is not drawn.
fn random(low: Constant, high: Constant, is_float: bool, generator: Pcg64) -> Calculated<Kind> {
    if is_float {
        let (low, range) = (low.float(), high.float() - low.float());
        let finite = range.is_finite();
        return finite
            .then_some(Kind::Uniform { low, range, generator })
            .ok_or("random needs finite limits".to_owned());
    }
    let (Constant::Int(low), Constant::Int(high)) = (low, high) else {
        return Err("random integers need integer limits: random(0, 10)".to_owned());
    };
    let most = high.checked_sub(low).and_then(|range| u64::try_from(range.checked_sub(1)?).ok());
    let most =
        most.ok_or("the upper limit of random must be above the lower one: random(0, 10) draws 0 to 9")?;
    Ok(Kind::Integers { low, most, generator })
}
