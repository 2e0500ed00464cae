//! The arrays whose elements are asked, one behind another: all their elements are numbered through in C order, so a list of
//! matches is a list of numbers, whatever the strides are.

use super::value_types::dtype_words;
use crate::bytes::pages::CachedSource;
use crate::bytes::{Source, Span};
use crate::decode::DType;
use crate::decode::array::{Array, ItemPlace, MemoryOrder};
use crate::decode::dtype::ItemType;
use crate::decode::slice::{Slice, Sliced};
use crate::formats::{Container, Entry};
use crate::job::Progress;
use crate::session::arrays::ArrayView;
use std::sync::{Arc, OnceLock};

/// The arrays. Of a whole container they are there as soon as the worker has come to it.
#[derive(Clone, Debug, Default)]
pub struct SoughtArrays(Arc<OnceLock<AllArrays>>);

#[derive(Debug, Default)]
struct AllArrays {
    arrays: Vec<SoughtArray>,
    /// How many of the container can't be asked in this file.
    left_out: u64,
    /// Whether they are the same bytes, read as several types.
    are_readings: bool,
}

/// An array, or a part of one.
#[derive(Clone, Debug)]
pub struct SoughtArray {
    /// The number of its first element among those of all arrays.
    pub first: u64,
    /// Its number in the container.
    pub entry: Option<u32>,
    pub name: Option<Box<str>>,
    pub sliced: Sliced,
    /// The shape of the whole array that it is a part of.
    pub whole: Vec<u64>,
    /// Where the bytes are, if they are not the document's.
    pub unpacked: Option<Arc<CachedSource>>,
    /// Whether it is no array of its own, but bytes that are read as one of several types.
    pub is_reading: bool,
}

/// An element of one of the arrays.
#[derive(Clone, Copy, Debug)]
pub struct SoughtElement<'a> {
    pub array: &'a SoughtArray,
    /// Its number in the array, in C order.
    pub number: u64,
}

impl SoughtArray {
    /// The elements as an array.
    pub fn elements(&self) -> &Array {
        &self.sliced.array
    }

    /// The type that its bytes are read as, where they are read as several.
    pub fn read_as(&self) -> Option<DType> {
        match &self.elements().item {
            ItemType::Scalar(dtype) if self.is_reading => Some(*dtype),
            _ => None,
        }
    }
}

impl SoughtElement<'_> {
    /// Its index in the array as it was asked, which may be a slice.
    pub fn index(&self) -> Vec<u64> {
        self.array.elements().index_at(self.number)
    }

    /// Its index in the whole array.
    pub fn base_index(&self) -> Vec<u64> {
        self.array.sliced.base_index(&self.index())
    }

    /// Where its bytes are.
    pub fn place(&self) -> ItemPlace {
        self.array.elements().place(&self.index())
    }

    /// `layer.weight[3, 5]`; the type of bytes that are read as one of several.
    pub fn words(&self) -> String {
        if let Some(dtype) = self.array.read_as() {
            return dtype_words(dtype);
        }
        let index = self.array.sliced.index_words(&self.index());
        match &self.array.name {
            Some(name) => format!("{name}{index}"),
            None => index,
        }
    }

    /// Its value as text, from the bytes at its place.
    pub fn text(&self, group: &[u8]) -> String {
        let mut text = String::new();
        let style = crate::decode::NumberStyle::Shortest;
        self.array.elements().item.format(group, self.place().item, &style, &mut text);
        text
    }
}

impl SoughtArrays {
    /// The array that is shown, as far as it is shown; `entry` is its number in the container.
    pub(super) fn of_view(view: &ArrayView, entry: Option<u32>) -> Self {
        let array = SoughtArray {
            first: 0,
            entry,
            name: view.name.clone(),
            sliced: view.sliced.clone(),
            whole: view.base.shape.clone(),
            unpacked: view.unpacked.as_ref().map(|unpacked| Arc::clone(&unpacked.source)),
            is_reading: false,
        };
        Self::of(vec![array])
    }

    /// One array without a name.
    pub(super) fn of_array(array: &Array) -> Self {
        let sliced = array.slice(&Slice::default());
        Self::of(sliced.into_iter().map(unnamed).collect())
    }

    /// The bytes of `span` as values of each type: one array for each offset from the start of the span at which a value
    /// may begin. Multiples of the size count from the start of the span.
    pub(super) fn readings(dtypes: &[DType], aligned: bool, span: Span) -> Self {
        let mut arrays = Vec::new();
        for dtype in dtypes {
            let size = dtype.size().max(1) as u64;
            for skip in 0..if aligned { 1 } else { size } {
                let count = span.len().saturating_sub(skip) / size;
                let array = Array::new(
                    (*dtype).into(),
                    span.start().saturating_add(skip),
                    vec![count],
                    MemoryOrder::C,
                );
                let sliced =
                    array.ok().filter(|_| count > 0).and_then(|array| array.slice(&Slice::default()).ok());
                arrays.extend(sliced.map(|sliced| SoughtArray { is_reading: true, ..unnamed(sliced) }));
            }
        }
        number(&mut arrays);
        Self::with(AllArrays { arrays, left_out: 0, are_readings: true })
    }

    /// Whether they are the same bytes, read as several types: each has a place for itself in the numbers.
    pub fn are_readings(&self) -> bool {
        self.0.get().is_some_and(|all| all.are_readings)
    }

    /// A part of an array of the shape `whole`, with the number and the name of its entry in the container.
    pub(in crate::session) fn of_part(
        sliced: Sliced,
        whole: Vec<u64>,
        (entry, name): (Option<u32>, Option<Box<str>>),
        unpacked: Option<Arc<CachedSource>>,
    ) -> Self {
        Self::of(vec![SoughtArray { entry, name, unpacked, whole, ..unnamed(sliced) }])
    }

    fn of(arrays: Vec<SoughtArray>) -> Self {
        Self::with(AllArrays { arrays, left_out: 0, are_readings: false })
    }

    fn with(arrays: AllArrays) -> Self {
        let all = Self::default();
        let _ = all.0.set(arrays);
        all
    }

    /// Fills in the arrays of a container in a file of `len` bytes, in the order of the file. Blocks.
    pub(super) fn fill(&self, container: &Container, len: u64, progress: &Progress) {
        let (mut arrays, mut left_out) = (Vec::new(), 0);
        for (entry, facts) in (0..).zip(&container.entries) {
            if progress.is_cancelled() {
                return;
            }
            match sought(entry, facts, len) {
                Some(array) => arrays.push(array),
                None => left_out += 1,
            }
        }
        arrays.sort_by_key(|array| (array.elements().offset, array.entry));
        number(&mut arrays);
        let _ = self.0.set(AllArrays { arrays, left_out, are_readings: false });
    }

    /// All arrays, in the order of their numbers.
    pub fn all(&self) -> &[SoughtArray] {
        self.0.get().map(|all| all.arrays.as_slice()).unwrap_or_default()
    }

    /// How many arrays of the container were left out: those that are compressed, in another file, or can't be shown.
    pub fn left_out(&self) -> u64 {
        self.0.get().map_or(0, |all| all.left_out)
    }

    /// The element with this number among those of all arrays.
    pub fn element(&self, number: u64) -> Option<SoughtElement<'_>> {
        let arrays = self.all();
        let behind = arrays.partition_point(|array| array.first <= number);
        let array = arrays.get(behind.checked_sub(1)?)?;
        let number = number - array.first;
        (number < array.elements().items()).then_some(SoughtElement { array, number })
    }

    /// Elements and bytes of all arrays.
    pub(super) fn bytes(&self) -> u64 {
        let bytes = |array: &SoughtArray| {
            let item = &array.elements().item;
            let groups = array.elements().items() / u64::from(item.group_items()).max(1);
            groups.saturating_mul(item.group_bytes())
        };
        self.all().iter().map(bytes).fold(0, u64::saturating_add)
    }
}

impl SoughtArray {
    /// Where the elements are: the document's bytes, or those that were unpacked.
    pub(super) fn source<'a>(&'a self, document: &'a dyn Source) -> &'a dyn Source {
        match &self.unpacked {
            Some(source) => &**source,
            None => document,
        }
    }
}

/// Numbers the elements of all arrays through.
fn number(arrays: &mut [SoughtArray]) {
    let mut first: u64 = 0;
    for array in arrays {
        array.first = first;
        first = first.saturating_add(array.elements().items());
    }
}

fn unnamed(sliced: Sliced) -> SoughtArray {
    let whole = sliced.array.shape.clone();
    SoughtArray { first: 0, entry: None, name: None, sliced, whole, unpacked: None, is_reading: false }
}

fn sought(entry: u32, facts: &Entry, len: u64) -> Option<SoughtArray> {
    if facts.unshown.is_some() {
        return None;
    }
    let sliced = facts.array_here(len)?.slice(&Slice::default()).ok()?;
    Some(SoughtArray { entry: Some(entry), name: Some(facts.name.clone()), ..unnamed(sliced) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_the_shape_of_the_array_that_it_is_of() {
        let item: DType = "<i2".parse().expect("a type");
        let array = Array::new(item.into(), 0, vec![3, 5], MemoryOrder::C).expect("an array");
        let part = array.slice(&"[1]".parse().expect("a slice")).expect("inside");
        let sought = SoughtArrays::of_part(part, array.shape.clone(), (Some(2), None), None);
        let [part] = sought.all() else { panic!("one part") };
        assert_eq!((&part.elements().shape[..], &part.whole[..]), (&[5][..], &[3, 5][..]));
        let element = sought.element(4).expect("the last");
        assert_eq!((element.base_index(), element.words()), (vec![1, 4], String::from("[1, 4]")));
    }

    #[test]
    fn values_begin_at_every_offset_or_at_multiples_of_their_size() {
        let dtypes = ["<i2", "|u1", "<f8"].map(|name| name.parse().expect("a type"));
        let places = |aligned| {
            let arrays = SoughtArrays::readings(&dtypes, aligned, Span::between(3, 8));
            arrays.all().iter().map(|array| (array.elements().offset, array.elements().items())).collect()
        };
        let every: Vec<(u64, u64)> = places(false);
        assert_eq!(every, [(3, 2), (4, 2), (3, 5)], "no double has room");
        let aligned: Vec<(u64, u64)> = places(true);
        assert_eq!(aligned, [(3, 2), (3, 5)]);
    }
}
