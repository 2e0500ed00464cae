//! Numbers of all elements that a question wanted (`mean(x)`), so that the next match of the same question in the same
//! state of the file takes no second pass over the elements.

use crate::compute::ComputeError;
use crate::decode::Number;
use crate::decode::array::Array;
use crate::document::Revision;
use crate::session::ids::TabId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Arrays whose numbers are kept at most.
const MOST: usize = 4096;

/// The numbers of an array, by its number in the container.
type NumbersByEntry = HashMap<Option<u32>, (Array, Vec<Number>)>;

/// The numbers of one question about one state of a file.
#[derive(Debug, Default)]
pub(super) struct KnownNumbers(Mutex<NumbersByEntry>);

/// What numbers are of.
#[derive(Debug)]
pub(super) struct NumbersOf {
    pub tab: TabId,
    pub revision: Revision,
    pub question: String,
    pub numbers: Arc<KnownNumbers>,
}

impl NumbersOf {
    /// Whether they are of a file in this tab.
    pub fn is_of(&self, tab: TabId) -> bool {
        self.tab == tab
    }
}

impl KnownNumbers {
    /// Whether none are known.
    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// The numbers of an array; those that are not known are made. Blocks.
    ///
    /// # Errors
    /// Of `make`.
    pub fn get(
        &self,
        entry: Option<u32>,
        array: &Array,
        make: impl FnOnce() -> Result<Vec<Number>, ComputeError>,
    ) -> Result<Vec<Number>, ComputeError> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, numbers)) = known().get(&entry).filter(|(of, _)| of == array) {
            return Ok(numbers.clone());
        }
        let numbers = make()?;
        let mut known = known();
        if known.len() < MOST || known.contains_key(&entry) {
            known.insert(entry, (array.clone(), numbers.clone()));
        }
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::array::MemoryOrder;

    #[test]
    fn numbers_are_made_once_for_each_array_as_it_is_asked() {
        let array = |len| Array::new("<f4".parse().expect("a type"), 0, vec![len], MemoryOrder::C);
        let (short, long) = (array(4).expect("an array"), array(5).expect("an array"));
        let known = KnownNumbers::default();
        let mut made = 0;
        let mut get = |entry, array: &Array, number| {
            let make = || {
                made += 1;
                Ok(vec![Number::Int(number)])
            };
            (known.get(entry, array, make).expect("made"), made)
        };
        assert_eq!(get(None, &short, 1), (vec![Number::Int(1)], 1));
        assert_eq!(get(None, &short, 2), (vec![Number::Int(1)], 1), "as it was");
        assert_eq!(get(Some(3), &short, 3), (vec![Number::Int(3)], 2), "another array");
        assert_eq!(get(None, &long, 4), (vec![Number::Int(4)], 3), "another part of it");
        let refused = known.get(Some(9), &short, || Err(ComputeError::Cancelled));
        assert!(matches!(refused, Err(ComputeError::Cancelled)), "what failed is tried again");
        assert_eq!(known.get(Some(9), &short, || Ok(Vec::new())).expect("made"), []);
    }
}
