//! The arrays whose elements are asked, one behind another: all their elements are numbered through in C order, so a list of
//! matches is a list of numbers, whatever the strides are.

use crate::bytes::Source;
use crate::bytes::pages::CachedSource;
use crate::decode::array::{Array, ItemPlace};
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
    /// Where the bytes are, if they are not the document's.
    pub unpacked: Option<Arc<CachedSource>>,
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

    /// `layer.weight[3, 5]`
    pub fn words(&self) -> String {
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
            unpacked: view.unpacked.as_ref().map(|unpacked| Arc::clone(&unpacked.source)),
        };
        Self::of(vec![array])
    }

    /// One array without a name.
    pub(super) fn of_array(array: &Array) -> Self {
        let sliced = array.slice(&Slice::default());
        let array = |sliced| SoughtArray { first: 0, entry: None, name: None, sliced, unpacked: None };
        Self::of(sliced.into_iter().map(array).collect())
    }

    /// A part of an array, with the number and the name of its entry in the container.
    pub(in crate::session) fn of_part(
        sliced: Sliced,
        (entry, name): (Option<u32>, Option<Box<str>>),
        unpacked: Option<Arc<CachedSource>>,
    ) -> Self {
        Self::of(vec![SoughtArray { first: 0, entry, name, sliced, unpacked }])
    }

    fn of(arrays: Vec<SoughtArray>) -> Self {
        let all = Self::default();
        let _ = all.0.set(AllArrays { arrays, left_out: 0 });
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
        let mut first: u64 = 0;
        for array in &mut arrays {
            array.first = first;
            first = first.saturating_add(array.elements().items());
        }
        let _ = self.0.set(AllArrays { arrays, left_out });
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

fn sought(entry: u32, facts: &Entry, len: u64) -> Option<SoughtArray> {
    if facts.unshown.is_some() {
        return None;
    }
    let sliced = facts.array_here(len)?.slice(&Slice::default()).ok()?;
    Some(SoughtArray { first: 0, entry: Some(entry), name: Some(facts.name.clone()), sliced, unpacked: None })
}
