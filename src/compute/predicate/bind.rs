//! The names of an expression become inputs: the element itself, fields of a record, comparisons with strings.

use super::WantedNumber;
use super::input::{Input, NumberForm, number_form};
use super::types::{Kind, typed};
use crate::compute::ComputeError;
use crate::compute::expr::{Comparison, Expr, Function, Reduction};
use crate::compute::rounding::Rounding;
use crate::compute::scene::Scene;
use crate::compute::sentence::sentence;
use crate::compute::value::{Value, is_unsigned};
use crate::decode::dtype::ItemType;
use crate::decode::operator::Operator;
use crate::decode::{DType, Element, Number, Order};

/// So many inputs has a question at most.
const MOST_INPUTS: usize = 16;

/// Said of a question that is the same for all elements.
pub(super) const NO_ELEMENT: &str =
    "the question says nothing about an element; the value of an element is called x";

/// An expression and what it reads.
#[derive(Clone, Debug)]
pub(in crate::compute) struct Bound {
    pub expr: Expr,
    pub inputs: Vec<Input>,
    /// The type of an element.
    pub item: ItemType,
    /// In whose precision is calculated where the expression does not say so itself.
    pub calculated_as: ItemType,
}

impl Bound {
    /// A value for each input, no two alike: from `number` on of whole ones, from `real` on of others.
    pub fn examples(&self, number: i128, real: f64) -> Vec<Value> {
        let example = |(at, input): (u8, &Input)| {
            input.example(number + 3 * i128::from(at), real + 0.25 * f64::from(at))
        };
        (0..).zip(&self.inputs).map(example).collect()
    }
}

fn refused(reason: impl AsRef<str>) -> ComputeError {
    ComputeError::Refused(sentence(reason.as_ref()))
}

/// The numbers of all elements that an expression needs.
pub(in crate::compute) fn wanted(expr: &Expr, item: &ItemType) -> Vec<WantedNumber> {
    let mut all = Vec::new();
    collect(expr, item, &mut all);
    all
}

fn collect(expr: &Expr, item: &ItemType, all: &mut Vec<WantedNumber>) {
    if let Expr::Reduced(reduction, of) = expr
        && !names_field(*reduction, of.is_none(), item)
    {
        let of = of.as_deref().cloned().unwrap_or(Expr::X);
        let one = WantedNumber { reduction: *reduction, of };
        if !all.contains(&one) {
            all.push(one);
        }
        return;
    }
    expr.each_part(&mut |part| collect(part, item, all));
}

/// Whether a name such as `mean` is that of a field.
fn names_field(reduction: Reduction, is_bare: bool, item: &ItemType) -> bool {
    is_bare && field(item, &[reduction.name().to_owned()]).is_some()
}

/// The field that names lead to: where it is, and what it holds.
fn field(item: &ItemType, names: &[String]) -> Option<(u64, ItemType)> {
    let Some((name, others)) = names.split_first() else { return Some((0, item.clone())) };
    let ItemType::Record(record) = item else { return None };
    let found = record.fields.iter().find(|field| field.name == *name)?;
    let (offset, item) = field(&found.item, others)?;
    Some((found.offset.checked_add(offset)?, item))
}

/// The field of elements of this type that names lead to: its offset, and what it holds.
///
/// # Errors
/// [`ComputeError::Refused`] when there is none.
pub(in crate::compute) fn field_of(
    item: &ItemType,
    names: &[String],
) -> Result<(u64, ItemType), ComputeError> {
    let scene = Scene::of(item);
    Binding { scene: &scene, inputs: Vec::new(), wanted: &[], known: &[] }.found(names)
}

/// The expression over elements of one type and those beside them; `known` are the numbers that are wanted, in that
/// order.
///
/// # Errors
/// [`ComputeError::Refused`] when it has no meaning for such elements.
pub(in crate::compute) fn bound(expr: &Expr, scene: &Scene, known: &[Number]) -> Result<Bound, ComputeError> {
    let wanted = wanted(expr, &scene.x);
    let mut binding = Binding { scene, inputs: Vec::new(), wanted: &wanted, known };
    let expr = binding.exchange(expr)?;
    if !expr.has_x() {
        return Err(refused(NO_ELEMENT));
    }
    binding.finished(expr)
}

/// The same for new values of the elements: the first input is the element, whether the expression uses it or not.
///
/// # Errors
/// As of [`bound`].
pub(in crate::compute) fn bound_to_x(
    expr: &Expr,
    scene: &Scene,
    known: &[Number],
) -> Result<Bound, ComputeError> {
    let wanted = wanted(expr, &scene.x);
    let mut binding = Binding { scene, inputs: Vec::new(), wanted: &wanted, known };
    binding.element(&[])?;
    let expr = binding.exchange(expr)?;
    binding.finished(expr)
}

/// The expression with the numbers of all elements in place; `known` are those that are [wanted].
///
/// # Errors
/// [`ComputeError::Refused`] when one of them is not known.
pub(in crate::compute) fn with_numbers(
    expr: &Expr,
    item: &ItemType,
    known: &[Number],
) -> Result<Expr, ComputeError> {
    let (wanted, scene) = (wanted(expr, item), Scene::of(item));
    let mut binding = Binding { scene: &scene, inputs: Vec::new(), wanted: &wanted, known };
    expr.exchanged(&mut |part| match part {
        Expr::Reduced(reduction, of) => binding.reduced(*reduction, of.as_deref()).map(Some),
        _ => Ok(None),
    })
}

struct Binding<'a> {
    scene: &'a Scene,
    inputs: Vec<Input>,
    wanted: &'a [WantedNumber],
    known: &'a [Number],
}

impl Binding<'_> {
    fn exchange(&mut self, expr: &Expr) -> Result<Expr, ComputeError> {
        expr.exchanged(&mut |part| match part {
            Expr::X => self.element(&[]).map(Some),
            Expr::Field(names) => self.element(names).map(Some),
            Expr::Reduced(reduction, of) => self.reduced(*reduction, of.as_deref()).map(Some),
            Expr::Compare(how, left, right) => self.compared(*how, left, right).map(Some),
            Expr::Call(Function::IsNan | Function::IsFinite | Function::IsInf, values) => {
                let Expr::Call(function, _) = part else { return Ok(None) };
                self.tested(*function, values)
            }
            Expr::Invert(inner) => self.inverted(inner).map(Some),
            Expr::Other(..) => {
                let (offset, item) = self.place_of(part)?;
                self.number(offset, item).map(Some)
            }
            Expr::Text(text) => {
                Err(refused(format!("'{text}' can only be compared with an element or a field by == or !=")))
            }
            _ => Ok(None),
        })
    }

    fn found(&self, names: &[String]) -> Result<(u64, ItemType), ComputeError> {
        let x = &self.scene.x;
        if names.is_empty()
            && let ItemType::Record(record) = x
        {
            if record.fields.iter().any(|field| field.name == "x") {
                return Err(refused(
                    "an element is a record, and x is the element; write x['x'] for its field x, as in x['x'] > 1",
                ));
            }
            return Err(refused("an element is a record; name a field of it, as in id == 7"));
        }
        field(x, names).ok_or_else(|| match x {
            ItemType::Record(record) => {
                let names_of = record.fields.iter().take(8).map(|field| field.name.as_str());
                refused(format!(
                    "there is no field '{}'. The fields are: {}",
                    names.join("."),
                    names_of.collect::<Vec<_>>().join(", ")
                ))
            }
            _ => refused(format!("'{}' is not known; the value of an element is called x", names.join("."))),
        })
    }

    /// Where the value is that an expression names and does nothing with.
    fn place_of(&self, expr: &Expr) -> Result<(u64, ItemType), ComputeError> {
        match expr {
            Expr::Other(name) => {
                let found = self.scene.other(name).map(|(offset, item)| (offset, item.clone()));
                found.ok_or_else(|| refused(format!("there is no other array '{name}' here")))
            }
            Expr::Field(names) => self.found(names),
            _ => self.found(&[]),
        }
    }

    /// The number of an element or a field as an input.
    fn element(&mut self, names: &[String]) -> Result<Expr, ComputeError> {
        let (offset, item) = self.found(names)?;
        self.number(offset, item)
    }

    fn number(&mut self, offset: u64, item: ItemType) -> Result<Expr, ComputeError> {
        if number_form(&item).is_none() {
            return Err(refused(format!(
                "{item} can't be used in calculations; compare it with a string by == or !="
            )));
        }
        self.input(Input::Number(offset, item))
    }

    fn input(&mut self, input: Input) -> Result<Expr, ComputeError> {
        let at = self.inputs.iter().position(|known| *known == input).unwrap_or(self.inputs.len());
        if at == self.inputs.len() {
            self.inputs.push(input);
        }
        match u8::try_from(at) {
            Ok(at) if self.inputs.len() <= MOST_INPUTS => Ok(Expr::Input(at)),
            _ => Err(refused(format!("an expression can use {MOST_INPUTS} fields and arrays at most"))),
        }
    }

    fn reduced(&mut self, reduction: Reduction, of: Option<&Expr>) -> Result<Expr, ComputeError> {
        if names_field(reduction, of.is_none(), &self.scene.x) {
            return self.element(&[reduction.name().to_owned()]);
        }
        let of = of.cloned().unwrap_or(Expr::X);
        let place = self.wanted.iter().position(|wanted| wanted.reduction == reduction && wanted.of == of);
        match place.and_then(|place| self.known.get(place)) {
            Some(Number::Int(value)) => Ok(Expr::Int(*value)),
            Some(Number::Wide(value)) => Ok(Expr::Float(*value as f64)),
            Some(Number::Float(value)) => Ok(Expr::Float(*value)),
            Some(Number::Complex(real, imaginary)) => Ok(Expr::Complex(*real, *imaginary)),
            None => Err(refused(format!("{} is not known here", reduction.name()))),
        }
    }

    /// Strings are compared as the bytes that they are, dates as the numbers that they count. NaT compares as NaN.
    fn compared(&mut self, how: Comparison, left: &Expr, right: &Expr) -> Result<Expr, ComputeError> {
        let (left, right, how) =
            if matches!(left, Expr::Text(_)) { (right, left, how.exchanged()) } else { (left, right, how) };
        let (left, right) = match (left, right) {
            (Expr::X | Expr::Field(..) | Expr::Other(..), Expr::Text(text)) => {
                let (offset, item) = self.place_of(left)?;
                let zero = vec![0; usize::try_from(item.group_bytes()).unwrap_or(0)];
                let bytes = item.encode(text, &zero, 0).map_err(|error| refused(error.to_string()))?;
                match item.number(&bytes, 0) {
                    Some(Number::Int(value)) => (self.input(Input::Number(offset, item))?, Expr::Int(value)),
                    Some(Number::Float(value)) => {
                        (self.input(Input::Number(offset, item))?, Expr::Float(value))
                    }
                    _ => return self.same_bytes(how, offset, bytes, &item),
                }
            }
            _ => (self.exchange(left)?, self.exchange(right)?),
        };
        let times: Vec<Expr> = [&left, &right].into_iter().flat_map(|side| self.times_in(side)).collect();
        let compared = Expr::Compare(how, Box::new(left), Box::new(right));
        if how == Comparison::NotEqual {
            return Ok(times.into_iter().fold(compared, |all, time| {
                Expr::Or(Box::new(all), Box::new(nat(Comparison::Equal, time)))
            }));
        }
        Ok(times
            .into_iter()
            .fold(compared, |all, time| Expr::And(Box::new(all), Box::new(nat(Comparison::NotEqual, time)))))
    }

    fn same_bytes(
        &mut self,
        how: Comparison,
        offset: u64,
        bytes: Vec<u8>,
        item: &ItemType,
    ) -> Result<Expr, ComputeError> {
        let is_same = match how {
            Comparison::Equal => Comparison::NotEqual,
            Comparison::NotEqual => Comparison::Equal,
            _ => {
                return Err(refused(format!(
                    "values of {item} have no order here; compare them by == or !="
                )));
            }
        };
        let input = self.input(Input::Bytes(offset, bytes))?;
        Ok(Expr::Compare(is_same, Box::new(input), Box::new(Expr::Int(0))))
    }

    /// The inputs of an expression that may be NaT.
    fn times_in(&self, expr: &Expr) -> Vec<Expr> {
        let mut found = Vec::new();
        if let Expr::Input(at) = expr
            && let Some(Input::Number(_, ItemType::Time(_))) = self.inputs.get(usize::from(*at))
        {
            found.push(expr.clone());
        }
        expr.each_part(&mut |part| found.extend(self.times_in(part)));
        found
    }

    /// Of times: NaT is the NaN among them.
    fn tested(&mut self, function: Function, values: &[Expr]) -> Result<Option<Expr>, ComputeError> {
        let [value] = values else { return Ok(None) };
        let value = self.exchange(value)?;
        let is_time = !self.times_in(&value).is_empty() && matches!(value, Expr::Input(_));
        Ok(Some(match function {
            Function::IsNan if is_time => nat(Comparison::Equal, value),
            Function::IsFinite if is_time => nat(Comparison::NotEqual, value),
            function => Expr::Call(function, vec![value]),
        }))
    }

    /// All bits the other way round, of a type without sign those that it has; of a truth value the other one.
    fn inverted(&mut self, inner: &Expr) -> Result<Expr, ComputeError> {
        let inner = self.exchange(inner)?;
        let item = match &inner {
            Expr::Input(at) => self.inputs.get(usize::from(*at)).and_then(|input| match input {
                Input::Number(_, item) => Some(item),
                Input::Bytes(..) => None,
            }),
            _ => None,
        };
        if item.is_some_and(ItemType::is_truth) {
            return Ok(Expr::Not(Box::new(inner)));
        }
        let mut widths = Vec::new();
        self.widths_in(&inner, &mut widths);
        match widths.first() {
            Some(Some(bytes)) if widths.iter().all(|width| *width == Some(*bytes)) => {
                let most = Expr::Int((1 << (8 * bytes)) - 1);
                Ok(Expr::Binary(Operator::Subtract, Box::new(most), Box::new(inner)))
            }
            _ => Ok(Expr::Invert(Box::new(inner))),
        }
    }

    /// Of all inputs of an expression how many bytes an integer without sign has; `None` of others.
    fn widths_in(&self, expr: &Expr, widths: &mut Vec<Option<u64>>) {
        if let Expr::Input(at) = expr {
            let input = self.inputs.get(usize::from(*at));
            widths.push(match input {
                Some(Input::Number(_, ItemType::Scalar(dtype))) if is_unsigned(*dtype) => {
                    Some(dtype.size() as u64)
                }
                _ => None,
            });
        }
        expr.each_part(&mut |part| self.widths_in(part, widths));
    }

    /// Each operation in the precision of its operands, where these differ.
    fn finished(self, expr: Expr) -> Result<Bound, ComputeError> {
        let Self { scene, inputs, .. } = self;
        let kinds: Vec<Kind> = inputs.iter().map(kind_of).collect();
        let double = ItemType::Scalar(DType::new(Element::F64, Order::Little));
        let numbers: Vec<&ItemType> = inputs
            .iter()
            .filter_map(|input| match input {
                Input::Number(_, item) => Some(item),
                Input::Bytes(..) => None,
            })
            .collect();
        let (expr, calculated_as) = match numbers.as_slice() {
            [] => (expr, double),
            [one] => (expr, (*one).clone()),
            [first, others @ ..] => {
                let rounding = Rounding::of(first);
                let is_real = |item: &ItemType| number_form(item) == Some(NumberForm::Real);
                let are_same = is_real(first)
                    && others.iter().all(|item| is_real(item) && Rounding::of(item) == rounding);
                let own = numbers.iter().find(|item| Rounding::of(item) == Rounding::Own);
                let is_mixed = own.is_some_and(|own| {
                    numbers.iter().any(|item| Rounding::of(item) == Rounding::Own && item != own)
                });
                if is_mixed {
                    return Err(refused(
                        "values of different types of 8 bits and less can't be calculated with together",
                    ));
                }
                if are_same {
                    (expr, (*first).clone())
                } else {
                    (typed(&expr, &kinds).0, own.map_or(double, |own| (*own).clone()))
                }
            }
        };
        Ok(Bound { expr, inputs, item: scene.whole(), calculated_as })
    }
}

/// Whether a time is NaT, or is not.
fn nat(how: Comparison, time: Expr) -> Expr {
    Expr::Compare(how, Box::new(time), Box::new(Expr::Int(i64::MIN.into())))
}

fn kind_of(input: &Input) -> Kind {
    match input {
        Input::Bytes(..) => Kind::Whole(0),
        Input::Number(_, item) => match number_form(item) {
            Some(NumberForm::Real) => Kind::Real(Rounding::of(item)),
            _ if item.is_truth() => Kind::Whole(0),
            _ => Kind::Whole(item.group_bytes()),
        },
    }
}
