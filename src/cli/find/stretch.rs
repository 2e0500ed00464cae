//! The bytes that are searched, and which elements of which arrays they are.

use super::FindOptions;
use super::found::Found;
use crate::bytes::{SharedSource, Span};
use crate::cli::CommandError;
use crate::cli::others::others_of;
use crate::cli::range::range_of;
use crate::cli::target::{PartBytes, Target, all_arrays, container, find, open_file};
use crate::compute::OtherArray;
use crate::decode::Order;
use crate::decode::array::Array;
use crate::decode::array_of_byte::element_of_byte;
use crate::decode::slice::Sliced;
use crate::escape::PathText;
use std::collections::BTreeMap;

/// Bytes of one source that are searched at once.
pub(super) struct Stretch {
    /// The file, and the array if it is one, for messages.
    pub place: String,
    pub source: SharedSource,
    pub within: Span,
    /// The arrays in it, by rising start.
    pub arrays: Vec<NamedArray>,
    /// The array that is searched alone, if it has no elements.
    pub empty: Option<Array>,
    /// Whether only what begins in an element of an array counts.
    pub only_elements: bool,
    /// What is to be said before.
    pub notes: Vec<String>,
    /// Why the bytes are not to be trusted, as a sentence with the place.
    pub damage: Option<String>,
    /// The other arrays that the question names.
    pub others: Result<Vec<OtherArray>, CommandError>,
}

/// An array, or a part of it.
pub(super) struct NamedArray {
    /// `None` where the command names it already, or it has none.
    pub name: Option<String>,
    pub sliced: Sliced,
    /// The type that the bytes are read as, where several types or offsets are asked.
    pub reading: Option<Reading>,
    extent: Span,
}

/// Bytes that are read as one of several types, or from one of several offsets on.
pub(super) struct Reading {
    pub dtype: String,
    /// Whether its values have numbers: only those at multiples of the size from the first byte on.
    pub is_counted: bool,
}

/// Where a hit begins.
pub(super) struct Element<'a> {
    pub array: &'a NamedArray,
    /// In the part.
    pub index: Vec<u64>,
}

impl NamedArray {
    fn new(name: Option<String>, sliced: Sliced) -> Option<Self> {
        let extent = sliced.array.extent()?;
        Some(Self { name, extent, sliced, reading: None })
    }
}

impl Stretch {
    /// The array that is searched alone, if there are other bytes between its elements.
    pub fn slice_with_gaps(&self) -> Option<&Array> {
        let [array] = self.arrays.as_slice() else { return None };
        let array = &array.sliced.array;
        (self.only_elements && array.order().is_none()).then_some(array)
    }

    /// Whether arrays in it have UTF-32 text in this byte order.
    pub fn has_text(&self, order: Order) -> bool {
        self.arrays.iter().any(|array| array.sliced.array.item.has_text(order))
    }

    /// Whether every hit counts, wherever it begins.
    pub fn takes_all(&self) -> bool {
        !self.only_elements || self.arrays.iter().all(|array| array.sliced.array.order().is_some())
    }

    /// The element that a hit is, or begins in.
    pub fn element_of(&self, found: &Found) -> Option<Element<'_>> {
        match (found.element, self.arrays.first()) {
            (Some(number), Some(array)) => {
                Some(Element { array, index: array.sliced.array.index_at(number) })
            }
            _ => self.element(found.span.start()),
        }
    }

    /// The element that the byte at `offset` is in.
    fn element(&self, offset: u64) -> Option<Element<'_>> {
        let (array, index) =
            element_of_byte(&self.arrays, |array| (array.extent, &array.sliced.array), offset)?;
        Some(Element { array, index })
    }

    /// The bytes of an array, or of the part of it that `slice` asks for. With a `name` hits are told with it.
    ///
    /// # Errors
    /// [`CommandError`] when there is no such part, or the array can't be decompressed.
    pub fn of_array(
        target: &Target,
        slice: Option<&str>,
        name: Option<String>,
    ) -> Result<Self, CommandError> {
        let sliced = target.slice(slice)?;
        let PartBytes { source, array, damage } = target.bytes_of(sliced.array.clone())?;
        let empty = array.extent().is_none().then(|| array.clone());
        let array = NamedArray::new(name, Sliced { array, ..sliced });
        Ok(Self {
            place: target.place(),
            empty,
            within: array.as_ref().map_or_else(Span::default, |array| array.extent),
            arrays: array.into_iter().collect(),
            source,
            only_elements: true,
            notes: target.notes.clone(),
            damage,
            others: Ok(Vec::new()),
        })
    }
}

/// What is searched one after another; what concerns one of several arrays is in its place.
pub(super) type Stretches = Vec<Result<Stretch, CommandError>>;

/// The arrays that the options name: one, or all of a container; each with those that the question `names`.
///
/// # Errors
/// As of [`stretches`], and when it is not said of what type the values are.
pub(super) fn array_stretches(options: &FindOptions, names: &[&str]) -> Result<Stretches, CommandError> {
    let slice = options.within.as_deref();
    let with_others = |target: &Target, slice: Option<&str>, name: Option<String>| {
        let mut stretch = Stretch::of_array(target, slice, name)?;
        let cut = target.slice(slice)?.slice;
        stretch.others = others_of(&options.file, names, (target, &target.opened.source), &cut);
        Ok(stretch)
    };
    let (opened, name) = open_file(&options.file)?;
    if name.is_some() || slice.is_some() || options.raw.is_given() {
        if name.is_none() && options.raw.dtype.is_none() && container(&opened)?.is_none() {
            return Err(no_type(&opened.asked.shown().to_string()));
        }
        let target = find(&options.file, &options.raw)?;
        return Ok(vec![Ok(with_others(&target, slice, None)?)]);
    }
    let (opened, arrays) = all_arrays(&options.file)?;
    let targets = arrays.ok_or_else(|| no_type(&opened.asked.shown().to_string()))?;
    let of_target = |target: Result<Target, CommandError>| {
        let target = target?;
        let name = (!target.name.is_empty()).then(|| target.name.clone());
        with_others(&target, None, name)
    };
    Ok(targets.into_iter().map(of_target).collect())
}

fn no_type(place: &str) -> CommandError {
    CommandError::usage(format!("{place}: say with --dtype what type the values are, as in --dtype '<f4'."))
}

/// What the options name: an array, a part of the bytes, or all of a file; of a container also what is compressed in
/// it, and the files beside it that hold its arrays.
///
/// # Errors
/// [`CommandError`] when the file can't be opened, or there is no such array or part. What concerns one of several
/// arrays is in the list.
pub(super) fn stretches(options: &FindOptions) -> Result<Stretches, CommandError> {
    let slice = options.within.as_deref();
    let (_, name) = open_file(&options.file)?;
    if name.is_some() || options.raw.is_given() {
        let target = find(&options.file, &options.raw)?;
        return Ok(vec![Ok(Stretch::of_array(&target, slice, None)?)]);
    }
    let (opened, arrays) = all_arrays(&options.file)?;
    let place = opened.asked.shown().to_string();
    match (arrays, slice) {
        (None, slice) => {
            let within = range_of("--in", slice, opened.len, &place)?;
            let (arrays, notes) = (Vec::new(), Vec::new());
            let source = opened.source;
            let others = Ok(Vec::new());
            Ok(vec![Ok(Stretch {
                place,
                source,
                within,
                arrays,
                empty: None,
                only_elements: false,
                notes,
                damage: None,
                others,
            })])
        }
        (Some(_), Some(_)) => {
            let target = find(&options.file, &options.raw)?;
            Ok(vec![Ok(Stretch::of_array(&target, slice, None)?)])
        }
        (Some(targets), None) => {
            let whole = (opened.source, opened.len, place);
            Ok(whole_container(whole, targets))
        }
    }
}

/// The whole file, what is compressed in it, and the files that its arrays are in.
fn whole_container(
    (source, len, place): (SharedSource, u64, String),
    targets: Vec<Result<Target, CommandError>>,
) -> Stretches {
    let mut files: BTreeMap<String, Stretch> = BTreeMap::new();
    let whole = |place: String, source, len| Stretch {
        place,
        source,
        within: Span::first(len),
        arrays: Vec::new(),
        empty: None,
        only_elements: false,
        notes: Vec::new(),
        damage: None,
        others: Ok(Vec::new()),
    };
    files.insert(place.clone(), whole(place.clone(), source, len));
    let mut others: Stretches = Vec::new();
    for target in targets {
        let target = match target {
            Ok(target) => target,
            Err(stop) => {
                others.push(Err(stop));
                continue;
            }
        };
        let name = (!target.name.is_empty()).then(|| target.name.clone());
        if target.deflated.is_some() {
            others.push(Stretch::of_array(&target, None, name));
            continue;
        }
        let file = target.opened.asked.shown().to_string();
        let opened = &target.opened;
        let stretch =
            files.entry(file.clone()).or_insert_with(|| whole(file, opened.source.clone(), opened.len));
        let sliced = target.slice(None).ok().and_then(|sliced| NamedArray::new(name, sliced));
        stretch.arrays.extend(sliced);
    }
    let first = files.remove(&place);
    let mut all: Stretches = first.into_iter().chain(files.into_values()).map(Ok).collect();
    for stretch in all.iter_mut().flatten() {
        stretch.arrays.sort_by_key(|array| array.extent.start());
    }
    all.extend(others);
    all
}
