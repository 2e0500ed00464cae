//! Which element of which array of a container has a byte, for lists of matches of the whole file.
//!
//! It is made on the worker that searches, from the header as it was then. Arrays that are compressed, in another file
//! or not whole are not in it.

use crate::bytes::Span;
use crate::decode::array::Array;
use crate::decode::array_of_byte::element_of_byte;
use crate::formats::Container;
use crate::job::Progress;
use std::sync::{Arc, OnceLock};

/// The arrays of a container by their bytes. Empty until the worker has come to it.
#[derive(Clone, Debug, Default)]
pub struct ElementMap(Arc<OnceLock<Vec<MappedArray>>>);

/// An array, and where its bytes are.
#[derive(Debug)]
struct MappedArray {
    extent: Span,
    /// Its number in the container.
    entry: u32,
    name: Box<str>,
    array: Array,
}

/// An element that a map has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedElement {
    /// The number of its array in the container.
    pub entry: u32,
    /// The name of the array.
    pub array: String,
    pub index: Vec<u64>,
}

impl ElementMap {
    /// Fills the map with the arrays of a container in a file of `len` bytes. Blocks.
    pub fn fill(&self, container: &Container, len: u64, progress: &Progress) {
        let mut arrays = Vec::new();
        for (entry, facts) in (0..).zip(&container.entries) {
            if progress.is_cancelled() {
                return;
            }
            arrays.extend(facts.array_here(len).and_then(|array| {
                Some(MappedArray { extent: array.extent()?, entry, name: facts.name.clone(), array })
            }));
        }
        arrays.sort_by_key(|mapped| (mapped.extent.start(), mapped.entry));
        let _ = self.0.set(arrays);
    }

    /// The element that has the byte at `offset`.
    pub fn element_at(&self, offset: u64) -> Option<MappedElement> {
        let arrays = self.0.get()?;
        let (mapped, index) = element_of_byte(arrays, |mapped| (mapped.extent, &mapped.array), offset)?;
        Some(MappedElement { entry: mapped.entry, array: mapped.name.clone().into(), index })
    }
}

/// An element as Python names it: `weight[3, 5]`.
pub fn element_words(name: &str, index: &[u64]) -> String {
    let index: Vec<String> = index.iter().map(u64::to_string).collect();
    if index.is_empty() { format!("{name}[()]") } else { format!("{name}[{}]", index.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;
    use crate::decode::{DType, Element, Order};
    use crate::formats::{Entry, Home};

    #[test]
    fn a_byte_is_told_by_the_array_that_has_it() {
        let entry = |name: &str, shape: &[u64], home: Home| Entry {
            name: name.into(),
            item: DType::new(Element::U16, Order::Little).into(),
            shape: shape.into(),
            order: MemoryOrder::C,
            home,
            unshown: None,
        };
        let entries = vec![
            entry("b", &[2, 3], Home::Here(40)),
            entry("a", &[4], Home::Here(8)),
            entry("beyond", &[100], Home::Here(50)),
            entry("one", &[], Home::Here(20)),
            entry("gone", &[1], Home::Nowhere("why".into())),
        ];
        let container = Container {
            format: "test",
            entries,
            metadata: Vec::new(),
            findings: Vec::new(),
            header: Span::empty_at(0),
            whole_names: None,
        };
        let map = ElementMap::default();
        assert_eq!(map.element_at(8), None, "the worker has not come to it");
        map.fill(&container, 60, &Progress::default());
        let words = |offset| {
            let element = map.element_at(offset)?;
            Some(element_words(&element.array, &element.index))
        };
        for (offset, expected) in [
            (7, None),
            (8, Some("a[0]")),
            (15, Some("a[3]")),
            (16, None),
            (21, Some("one[()]")),
            (40, Some("b[0, 0]")),
            (51, Some("b[1, 2]")),
            (52, None),
        ] {
            assert_eq!(words(offset).as_deref(), expected, "{offset}");
        }
        assert_eq!(map.element_at(48).map(|element| element.entry), Some(0));
    }
}
