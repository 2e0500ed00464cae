//! The values of an expression as the elements of an array: what the mean of an expression is made of.
//!
//! They are kept nowhere: whoever reads them has them calculated, again each time, from the elements below, which must not
//! change meanwhile.

use super::ComputeError;
use super::calc::{Calc, is_of_numbers};
use super::codec::Codec;
use super::in_order::InOrder;
use super::kernels::{Elements, InputForm, Kernel, KernelTarget, Runner, TILE};
use super::predicate::{Bound, Input};
use super::sentence::sentence;
use super::value::Value;
use crate::bytes::{Availability, ReadError, ReadHints, Source, check_bounds, peek_nothing};
use crate::decode::array::{Array, MemoryOrder};
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element, Order};
use crate::job::Cancel;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The values, as bytes.
pub(super) struct ExpressionValues<'a> {
    below: InOrder<'a>,
    hints: ReadHints,
    items: u64,
    bound: Bound,
    /// Each input's place in an element, and what it is loaded as.
    inputs: Vec<(usize, Option<DType>)>,
    kernel: Option<Kernel>,
    /// What the values are put into.
    dtype: DType,
    hands: Mutex<Vec<Hand>>,
    /// The first element without a value so far, and why it has none.
    fault: Mutex<Option<(u64, String)>>,
}

/// Bytes of elements that are read at once, unless one alone has more. A record can be much larger than its value.
const READ_AT_ONCE: usize = 512 << 10;

/// What a reader needs.
struct Hand {
    runner: Option<Box<dyn Runner>>,
    elements: Vec<u8>,
}

impl<'a> ExpressionValues<'a> {
    /// The values of `bound` over the elements of `array`, whose type is its.
    ///
    /// # Errors
    /// [`ComputeError`] when the expression has no value for any element.
    pub fn new(source: &'a dyn Source, array: &'a Array, bound: Bound) -> Result<Self, ComputeError> {
        let place = |input: &Input| match input {
            Input::Number(offset, item) => {
                (*offset as usize, InputForm::of_field(item).map(|(_, dtype)| dtype))
            }
            Input::Bytes(offset, _) => (*offset as usize, None),
        };
        let form = |input: &Input| match input {
            Input::Number(_, item) => InputForm::of_field(item).map(|(form, _)| form),
            Input::Bytes(..) => None,
        };
        let inputs = bound.inputs.iter().map(place).collect();
        let forms: Option<Vec<InputForm>> = bound.inputs.iter().map(form).collect();
        let calc = Calc::new(&bound.calculated_as);
        let kernel = forms.and_then(|forms| Kernel::of_values(&bound.expr, &calc, forms));
        let kernel = kernel.filter(|kernel| kernel.natural().is_some());
        let element = match kernel.as_ref().and_then(Kernel::natural) {
            Some(element) => element,
            None => element_of(&bound)?,
        };
        Ok(Self {
            below: InOrder::new(source, array),
            hints: source.hints(),
            items: array.items(),
            bound,
            inputs,
            kernel,
            dtype: DType::new(element, Order::Little),
            hands: Mutex::default(),
            fault: Mutex::default(),
        })
    }

    /// Whether the values are integers that may need more than 64 bits.
    pub fn is_wide(&self) -> bool {
        self.dtype.element == Element::I128
    }

    /// The same values, integers rounded to floats.
    #[must_use]
    pub fn into_floats(self) -> Self {
        Self { dtype: DType::new(Element::F64, Order::Little), hands: Mutex::default(), ..self }
    }

    /// The array of the values.
    ///
    /// # Errors
    /// [`ComputeError`] when it would be larger than a file can be.
    pub fn array(&self) -> Result<Array, ComputeError> {
        let array = Array::new(ItemType::Scalar(self.dtype), 0, vec![self.items], MemoryOrder::C);
        array.map_err(|error| ComputeError::refused(error.to_string()))
    }

    /// The first element without a value that was met, by its number, and why it has none.
    pub fn fault(&self) -> Option<(u64, String)> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn values_in(
        &self,
        hand: &mut Hand,
        first: u64,
        out: &mut [u8],
        cancel: &Cancel,
    ) -> Result<(), ValueFault> {
        let size = self.dtype.size();
        let element = self.bound.item.group_bytes() as usize;
        let at_once = (READ_AT_ONCE / element.max(1)).clamp(1, TILE);
        for (tile, out) in out.chunks_mut(at_once * size).enumerate() {
            let first = first + (tile * at_once) as u64;
            let count = out.len() / size;
            hand.elements.resize(count * element, 0);
            let numbers = first..first + count as u64;
            self.below.read(numbers, &mut hand.elements, cancel).map_err(ValueFault::Read)?;
            self.tile(hand, element, first, out)?;
        }
        Ok(())
    }

    /// The values of the elements that were read, of `element` bytes each; the first one is number `first`.
    fn tile(&self, hand: &mut Hand, element: usize, first: u64, out: &mut [u8]) -> Result<(), ValueFault> {
        let target = KernelTarget { dtype: self.dtype, cuts: false };
        let Hand { runner, elements } = hand;
        let made = runner.as_mut().and_then(|runner| {
            let inputs: Option<Vec<Elements<'_>>> = self
                .inputs
                .iter()
                .map(|(at, dtype)| Some(Elements::Bytes(elements.get(*at..)?, element, (*dtype)?)))
                .collect();
            runner.values(&inputs?, &[], target, out)
        });
        match made {
            Some(_) => Ok(()),
            None => self.one_by_one(elements, element, first, out),
        }
    }

    fn one_by_one(&self, elements: &[u8], size: usize, first: u64, out: &mut [u8]) -> Result<(), ValueFault> {
        let calc = Calc::new(&self.bound.calculated_as);
        let codec = Codec::new(&ItemType::Scalar(self.dtype));
        let exact = Calc::new(codec.item());
        let groups = elements.chunks_exact(size).zip(out.chunks_exact_mut(self.dtype.size()));
        for (number, (element, out)) in (first..).zip(groups) {
            let values: Vec<Value> = self.bound.inputs.iter().map(|input| input.value(element)).collect();
            let made = calc.of_all(&self.bound.expr, &values);
            let put = made.and_then(|value| codec.put(&exact, value, out, 0));
            put.map_err(|reason| ValueFault::Value(number, reason))?;
        }
        Ok(())
    }
}

/// Why values could not be read.
enum ValueFault {
    Read(ReadError),
    Value(u64, String),
}

/// What holds the values where no program says it: found by trying two elements.
fn element_of(bound: &Bound) -> Result<Element, ComputeError> {
    let tried =
        |number, real| Calc::new(&bound.calculated_as).of_all(&bound.expr, &bound.examples(number, real));
    match (tried(1, 1.0), tried(2, 0.5)) {
        (Err(reason), Err(_)) if !is_of_numbers(&reason) => Err(ComputeError::Refused(sentence(&reason))),
        (Ok(Value::Complex(..)), _) | (_, Ok(Value::Complex(..))) => Ok(Element::Complex128),
        (Ok(Value::Real(_) | Value::Float(_)), _) | (_, Ok(Value::Real(_) | Value::Float(_))) => {
            Ok(Element::F64)
        }
        _ => Ok(Element::I128),
    }
}

impl fmt::Debug for ExpressionValues<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExpressionValues")
            .field("expr", &self.bound.expr)
            .field("dtype", &self.dtype)
            .finish()
    }
}

impl Source for ExpressionValues<'_> {
    fn len(&self) -> u64 {
        self.items.saturating_mul(self.dtype.size() as u64)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.read_cancellable(offset, buf, Cancel::never())
    }

    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len())?;
        if span.is_empty() {
            return Ok(());
        }
        let free = self.hands.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let runner = || self.kernel.as_ref().map(Kernel::runner);
        let mut hand = free.unwrap_or_else(|| Hand { runner: runner(), elements: Vec::new() });
        let (numbers, whole) = InOrder::around(span, self.dtype.size() as u64);
        let read = if whole == span {
            self.values_in(&mut hand, numbers.start, buf, cancel)
        } else {
            let mut values = vec![0; whole.len() as usize];
            let read = self.values_in(&mut hand, numbers.start, &mut values, cancel);
            let from = (span.start() - whole.start()) as usize;
            buf.copy_from_slice(&values[from..from + buf.len()]);
            read
        };
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).push(hand);
        read.map_err(|fault| match fault {
            ValueFault::Read(error) => error.at(span),
            ValueFault::Value(number, reason) => {
                let mut first = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
                if first.as_ref().is_none_or(|(known, _)| number < *known) {
                    *first = Some((number, reason.clone()));
                }
                ReadError::other(span, reason)
            }
        })
    }

    fn hints(&self) -> ReadHints {
        self.hints
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        peek_nothing(self.len(), offset, buf, states);
    }
}
