//! One tensor of a safetensors header: its type, its shape, and whether its bytes are where they are said to be.
//!
//! Whatever is odd about it is a finding; one that can't be shown is listed with the reason. What has no type, no
//! shape or no place at all is no tensor and is not listed.

use super::{Reading, file_span};
use crate::bytes::Span;
use crate::decode::array::MemoryOrder;
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Dialect, Element, Order};
use crate::formats::header::{MOST_ENTRIES, MOST_SIDES, cut, data_bytes, quoted, shared};
use crate::formats::json::JsonError;
use crate::formats::{Entry, Home, Unshown};
use std::borrow::Cow;
use std::ops::Range;

/// Of an unknown type's name so much is kept.
const TYPE_CHARS: usize = 40;

/// What a tensor's object says.
#[derive(Default)]
struct Said<'a> {
    dtype: Option<Cow<'a, str>>,
    shape: Shape,
    /// First and last byte, not included, of the data.
    place: Option<(u64, u64)>,
}

#[derive(Default, PartialEq)]
enum Shape {
    #[default]
    Missing,
    /// In `Reading::sides`.
    Counts,
    TooMany,
}

impl<'a> Reading<'a> {
    /// Reads the value of the key `name`, which stands at `key`.
    pub(super) fn tensor(&mut self, name: Cow<'_, str>, key: Range<usize>) -> Result<(), JsonError> {
        if self.json.peek() != Some(b'{') {
            let place = self.json.skip()?;
            self.findings.add(Some(file_span(place)), || format!("{} is not a tensor.", quoted(&name)));
            return Ok(());
        }
        let said = self.said()?;
        let span = file_span(key.start..self.json.at());
        let (Some(dtype), Some((begin, end))) = (&said.dtype, said.place) else {
            self.findings.add(Some(span), || format!("{} has no dtype or no data_offsets.", quoted(&name)));
            return Ok(());
        };
        if said.shape == Shape::Missing {
            self.findings.add(Some(span), || format!("{} has no shape.", quoted(&name)));
            return Ok(());
        }
        let known = ItemType::named_in(Dialect::Safetensors, dtype, Order::Little);
        let is_known = known.is_some();
        let item = known.unwrap_or(DType::new(Element::U8, Order::Little).into());
        let has_shape = said.shape == Shape::Counts;
        let shape: Box<[u64]> = if has_shape { self.sides.as_slice().into() } else { Box::default() };
        if self.entries.len() >= MOST_ENTRIES || !self.budget.take(&name, &shape, &item) {
            self.more_tensors += 1;
            return Ok(());
        }
        let unshown = (!is_known || !has_shape).then(|| {
            let bytes = end.checked_sub(begin);
            let type_name = Some(cut(dtype, TYPE_CHARS).into());
            shared(&self.entries, Unshown { type_name, has_shape, bytes })
        });
        let home = if !is_known {
            Err(format!("unknown type {}", cut(dtype, 12)))
        } else if said.shape == Shape::TooMany {
            Err(format!("more than {MOST_SIDES} axes"))
        } else {
            self.home(&name, span, begin, end, data_bytes(&item, &shape))
        };
        let place = Span::new(begin, end).filter(|place| place.end() <= self.data.len());
        self.places.extend(place.filter(|place| !place.is_empty()));
        let home = home.map_or_else(|reason| Home::Nowhere(reason.into()), Home::Here);
        self.entries.push(Entry { name: name.into(), item, shape, order: MemoryOrder::C, home, unshown });
        Ok(())
    }

    fn said(&mut self) -> Result<Said<'a>, JsonError> {
        let mut said = Said::default();
        self.json.open_object()?;
        let mut first = true;
        while let Some((key, _)) = self.json.key(first)? {
            first = false;
            let start = self.json.at();
            match &*key {
                "dtype" if self.json.peek() == Some(b'"') => {
                    said.dtype = Some(self.json.string()?);
                }
                "shape" => match self.json.counts(MOST_SIDES, &mut self.sides) {
                    Ok(fits) => said.shape = if fits { Shape::Counts } else { Shape::TooMany },
                    Err(_) => self.pass_from(start)?,
                },
                "data_offsets" => match self.json.counts(2, &mut self.offsets) {
                    Ok(fits) => said.place = fits.then(|| pair(&self.offsets)).flatten(),
                    Err(_) => self.pass_from(start)?,
                },
                _ => self.json.pass()?,
            }
        }
        Ok(said)
    }

    /// Passes over a value of which a part was read.
    fn pass_from(&mut self, start: usize) -> Result<(), JsonError> {
        self.json.go_back(start);
        self.json.pass()
    }

    /// The file's byte at which the tensor begins, or why it can't be shown.
    fn home(
        &mut self,
        name: &str,
        span: Span,
        begin: u64,
        end: u64,
        needed: Option<u64>,
    ) -> Result<u64, String> {
        let mut odd = |reason: &str, text: String| {
            self.findings.add(Some(span), || format!("{}: {text}.", quoted(name)));
            reason.to_owned()
        };
        let Some(needed) = needed else {
            return Err(odd("impossible shape", "its size is not a multiple of 8 bits".to_owned()));
        };
        if end < begin {
            return Err(odd(
                "its end is before its start",
                format!("its end, {end}, is before its start, {begin}"),
            ));
        }
        let data = self.data.len();
        if begin.checked_add(needed).is_none_or(|last| last > data) || end > data {
            let text = format!("it ends at byte {end} of the data, but the data has only {data} bytes");
            return Err(odd("beyond the file's end", text));
        }
        if needed != end - begin {
            let there = end - begin;
            let reason = odd(
                "shape and data_offsets differ",
                format!("its shape takes {needed} bytes, but its data_offsets give {there}"),
            );
            if needed > there {
                return Err(reason);
            }
        }
        Ok(self.data.start() + begin)
    }
}

fn pair(offsets: &[u64]) -> Option<(u64, u64)> {
    match offsets {
        [begin, end] => Some((*begin, *end)),
        _ => None,
    }
}
