//! What the elements that have the bytes of matches are called: by the array or the values on the screen, or else by the
//! array of the file's container.

use super::element_map::{ElementMap, element_words};
use crate::decode::slice::Sliced;
use crate::session::tab::Tab;

/// Names of elements by offset. A plain value, so that a worker can use it too.
#[derive(Clone, Debug)]
pub struct MatchNames {
    /// The array on the screen, with its name in the container.
    shown: Option<(Option<Box<str>>, Sliced)>,
    elements: ElementMap,
    /// Size and first offset of the plain values, where they are shown and the file has no arrays.
    values: Option<(u64, u64)>,
}

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementName {
    /// The array, where it has a name.
    pub array: Option<String>,
    pub index: Vec<u64>,
    /// As it is shown: `layer.weight[3, 5]`.
    pub words: String,
}

impl MatchNames {
    /// The names as the tab shows its bytes now.
    pub(super) fn of(tab: &Tab, elements: &ElementMap) -> Self {
        let view = tab.shown_array().filter(|view| view.unpacked.is_none());
        let format = tab.shown_values().map(|values| values.format);
        Self {
            shown: view.map(|view| (view.name.clone(), view.sliced.clone())),
            elements: elements.clone(),
            values: format.map(|format| (format.dtype.size() as u64, format.origin)),
        }
    }

    /// The same for bytes that may have moved since: without what is told by the screen.
    pub(super) fn without_screen(self) -> Self {
        Self { shown: None, values: None, ..self }
    }

    /// The element that has the byte at `offset`, which was at `searched` when it was found.
    pub fn name(&self, searched: u64, offset: u64) -> Option<ElementName> {
        self.shown(offset)
            .or_else(|| {
                let element = self.elements.element_at(searched)?;
                let words = element_words(&element.array, &element.index);
                Some(ElementName { array: Some(element.array), index: element.index, words })
            })
            .or_else(|| {
                let (size, origin) = self.values?;
                let number = offset.checked_sub(origin)? / size;
                Some(ElementName { array: None, index: vec![number], words: format!("[{number}]") })
            })
    }

    fn shown(&self, offset: u64) -> Option<ElementName> {
        let (name, sliced) = self.shown.as_ref()?;
        let index = sliced.array.index_of(offset)?;
        let words = sliced.index_words(&index);
        let array = name.as_deref().map(str::to_owned);
        let words = array.as_ref().map_or_else(|| words.clone(), |name| format!("{name}{words}"));
        Some(ElementName { array, index: sliced.base_index(&index), words })
    }
}
