//! A question for one type of elements, answered tile by tile: by a program where there is one, else one element after
//! another.

use super::bind::Bound;
use super::hits::ElementHits;
use super::input::{Input, has, value_of};
use crate::analysis::elements::{ElementKernel, Tile, TileKind, TileValues};
use crate::compute::ComputeError;
use crate::compute::calc::{Calc, is_of_numbers, is_true};
use crate::compute::kernels::{Band, Elements, InputForm, Kernel, Runner, TILE};
use crate::compute::sentence::sentence;
use crate::compute::value::Value;
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Number};
use std::sync::{Mutex, PoisonError};

/// A question about elements of one type, for any number of arrays.
#[derive(Debug)]
pub struct ArrayQuestion {
    bound: Bound,
    /// Of each input the type to load, where it is a number of a record.
    fields: Vec<Option<DType>>,
    kernel: Option<Kernel>,
    band: Option<Band>,
    /// What runs the kernel: as many as there are workers.
    runners: Mutex<Vec<Asker>>,
}

/// What a worker needs.
struct Asker {
    runner: Option<Box<dyn Runner>>,
    truths: Vec<u8>,
    /// Of inputs that are comparisons of bytes, the answers.
    tests: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Asker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asker")
    }
}

impl ArrayQuestion {
    pub(super) fn new(bound: Bound) -> Result<Self, ComputeError> {
        let kind = TileKind::of(&bound.item);
        let fields: Vec<Option<DType>> = bound
            .inputs
            .iter()
            .map(|input| match input {
                Input::Number(_, item) => InputForm::of_field(item).map(|(_, dtype)| dtype),
                Input::Bytes(..) => None,
            })
            .collect();
        let forms: Option<Vec<InputForm>> = bound
            .inputs
            .iter()
            .map(|input| match input {
                Input::Bytes(..) => InputForm::of_tiles(TileKind::U8),
                Input::Number(_, item) if kind == TileKind::Raw => {
                    InputForm::of_field(item).map(|(form, _)| form)
                }
                Input::Number(..) => InputForm::of_tiles(kind),
            })
            .collect();
        let calc = Calc::new(&bound.calculated_as);
        let kernel = forms.and_then(|forms| Kernel::of_question(&bound.expr, &calc, forms));
        let band = kernel.as_ref().filter(|_| kind != TileKind::Raw).and_then(Kernel::band);
        let question = Self { kernel, band, fields, runners: Mutex::default(), bound };
        question.check_once()?;
        Ok(question)
    }

    /// Refuses what has no answer for any element, such as `x & 1` of floats: it would only seem that nothing is found.
    fn check_once(&self) -> Result<(), ComputeError> {
        if self.kernel.is_some() {
            return Ok(());
        }
        let answers = |number: i128, real: f64| {
            Calc::new(&self.bound.calculated_as).of_all(&self.bound.expr, &self.bound.examples(number, real))
        };
        match (answers(1, 1.0), answers(2, 0.5)) {
            (Err(reason), Err(_)) if !is_of_numbers(&reason) => Err(ComputeError::Refused(sentence(&reason))),
            _ => Ok(()),
        }
    }

    /// The type of the elements that it is for.
    pub fn item(&self) -> &ItemType {
        &self.bound.item
    }

    fn asker(&self) -> Asker {
        let free = self.runners.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| Asker {
            runner: self.kernel.as_ref().map(Kernel::runner),
            truths: vec![0; TILE],
            tests: vec![vec![0; TILE]; self.bound.inputs.len()],
        })
    }

    /// Asks each element of a tile, the first of which is number `first`.
    fn ask(&self, values: TileValues<'_>, first: u64, hits: &mut ElementHits) {
        let mut take = |at: usize, bits| hits.push_bits(first + at as u64, bits);
        if self.band.as_ref().is_some_and(|band| band.bits(values, &mut take)) {
            return;
        }
        let mut asker = self.asker();
        let mut done = 0;
        while done < values.len() {
            let len = TILE.min(values.len() - done);
            let part = values.part(done..done + len);
            self.answers(part, len, &mut asker);
            hits.push(first + done as u64, &asker.truths[..len]);
            done += len;
        }
        self.runners.lock().unwrap_or_else(PoisonError::into_inner).push(asker);
    }

    fn answers(&self, values: TileValues<'_>, len: usize, asker: &mut Asker) {
        let Asker { runner, truths, tests } = asker;
        for (input, truths) in self.bound.inputs.iter().zip(&mut *tests) {
            let Input::Bytes(offset, wanted) = input else { continue };
            match values {
                TileValues::Raw(bytes, size) => test(bytes, size, *offset, wanted, &mut truths[..len]),
                TileValues::Numbers(values) => {
                    let wanted = self.bound.item.number(wanted, 0);
                    truths
                        .iter_mut()
                        .zip(values)
                        .for_each(|(truth, value)| *truth = (*value == wanted).into());
                }
                _ => {}
            }
        }
        let is_answered = runner.as_mut().is_some_and(|runner| {
            let elements: Option<Vec<Elements<'_>>> = self
                .bound
                .inputs
                .iter()
                .zip(&self.fields)
                .zip(&*tests)
                .map(|((input, field), tests)| self.elements(values, len, input, *field, tests))
                .collect();
            elements.is_some_and(|elements| runner.answers(&elements, &mut truths[..len]))
        });
        if !is_answered {
            self.one_by_one(values, tests, &mut truths[..len]);
        }
    }

    /// What an input is in a tile.
    fn elements<'a>(
        &self,
        values: TileValues<'a>,
        len: usize,
        input: &Input,
        field: Option<DType>,
        tests: &'a [u8],
    ) -> Option<Elements<'a>> {
        match (input, values) {
            (Input::Bytes(..), _) => Some(Elements::Values(TileValues::U8(&tests[..len]))),
            (Input::Number(offset, _), TileValues::Raw(bytes, size)) => {
                let from = bytes.get(usize::try_from(*offset).ok()?..)?;
                Some(Elements::Bytes(from, size, field?))
            }
            (Input::Number(..), values) => Some(Elements::Values(values)),
        }
    }

    fn one_by_one(&self, values: TileValues<'_>, tests: &[Vec<u8>], truths: &mut [u8]) {
        let calc = Calc::new(&self.bound.calculated_as);
        let mut inputs = Vec::new();
        for (at, truth) in truths.iter_mut().enumerate() {
            inputs.clear();
            let of_input = |(input, tests): (&Input, &Vec<u8>)| match input {
                Input::Bytes(..) => Value::Whole(tests[at].into()),
                Input::Number(offset, item) => value_of(number_at(values, at, *offset, item), item),
            };
            inputs.extend(self.bound.inputs.iter().zip(tests).map(of_input));
            // What has no value is not as asked.
            *truth = calc.of_all(&self.bound.expr, &inputs).is_ok_and(is_true).into();
        }
    }
}

/// Which elements hold these bytes.
fn test(bytes: &[u8], size: usize, offset: u64, wanted: &[u8], truths: &mut [u8]) {
    for (element, truth) in bytes.chunks_exact(size.max(1)).zip(truths) {
        *truth = has(element, offset, wanted).into();
    }
}

/// The number of an element of a tile, or of a field of it.
fn number_at(values: TileValues<'_>, at: usize, offset: u64, item: &ItemType) -> Option<Number> {
    Some(match values {
        TileValues::U8(values) => Number::Int(values[at].into()),
        TileValues::I8(values) => Number::Int(values[at].into()),
        TileValues::U16(values) => Number::Int(values[at].into()),
        TileValues::I16(values) => Number::Int(values[at].into()),
        TileValues::U32(values) => Number::Int(values[at].into()),
        TileValues::I32(values) => Number::Int(values[at].into()),
        TileValues::U64(values) => Number::Int(values[at].into()),
        TileValues::I64(values) => Number::Int(values[at].into()),
        TileValues::F32(values) => Number::Float(values[at].into()),
        TileValues::F64(values) => Number::Float(values[at]),
        TileValues::Numbers(values) => return values[at],
        TileValues::Raw(bytes, size) => {
            let element = bytes.get(at * size..(at + 1) * size)?;
            return item.number(element.get(usize::try_from(offset).ok()?..)?, 0);
        }
    })
}

impl ElementKernel for ArrayQuestion {
    type Part = ElementHits;

    const ONLY_MAKES_PARTS: bool = true;

    #[cfg(target_arch = "x86_64")]
    fn mapped(&self, elements: &crate::analysis::elements::MappedTile<'_>, hits: &mut ElementHits) -> usize {
        let mut take = |at: usize, bits| hits.push_bits(elements.first + at as u64, bits);
        self.band.as_ref().map_or(0, |band| band.look(elements, &mut take))
    }

    fn tile(&self, tile: &Tile<'_>, part: &mut ElementHits) {
        self.ask(tile.values, tile.first, part);
    }

    fn repeated(&self, period: &Tile<'_>, count: u64, part: &mut ElementHits) {
        let length = period.len() as u64;
        let mut once = ElementHits::default();
        self.ask(period.values, 0, &mut once);
        if once.is_empty() || length == 0 {
            return;
        }
        if once.count() == length {
            part.push_all(period.first, count);
            return;
        }
        period.repeated(count, &mut |tile| self.ask(tile.values, tile.first, part));
    }
}
