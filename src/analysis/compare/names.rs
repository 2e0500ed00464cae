//! Which arrays of two containers belong together, and what is other about them than their values.

use crate::decode::dtype::ItemType;
use std::collections::HashMap;

/// An array of a container, as far as its header tells.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedArray {
    pub name: String,
    pub item: ItemType,
    pub shape: Vec<u64>,
    /// Where its values begin, if they lie in the file as they are.
    pub offset: Option<u64>,
}

/// Arrays of the same name, as their places in the lists of both containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamePair {
    /// `None`: it was added.
    pub a: Option<usize>,
    /// `None`: it was removed.
    pub b: Option<usize>,
}

/// The arrays of both, in the order of A; those that only B has come last.
pub fn pair_names(a: &[NamedArray], b: &[NamedArray]) -> Vec<NamePair> {
    // Of several arrays with one name, the first of one is that of the other, and so on.
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, array) in b.iter().enumerate().rev() {
        places.entry(&array.name).or_default().push(place);
    }
    let mut taken = vec![false; b.len()];
    let mut pairs = Vec::with_capacity(a.len());
    for (place, array) in a.iter().enumerate() {
        let other = places.get_mut(&*array.name).and_then(Vec::pop);
        if let Some(other) = other {
            taken[other] = true;
        }
        pairs.push(NamePair { a: Some(place), b: other });
    }
    let added = taken.iter().enumerate().filter(|(_, is_taken)| !**is_taken);
    pairs.extend(added.map(|(place, _)| NamePair { a: None, b: Some(place) }));
    pairs
}

/// What is other about two arrays of one name than their values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArrayChange {
    pub is_retyped: bool,
    pub is_reshaped: bool,
    /// Whether the values are elsewhere in their file.
    pub is_moved: bool,
}

impl ArrayChange {
    /// Compares two headers.
    pub fn of(a: &NamedArray, b: &NamedArray) -> Self {
        Self {
            is_retyped: a.item != b.item,
            is_reshaped: a.shape != b.shape,
            is_moved: a.offset.is_some() && b.offset.is_some() && a.offset != b.offset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(name: &str) -> NamedArray {
        let item = "<f4".parse().expect("a type");
        NamedArray { name: name.to_owned(), item, shape: vec![2], offset: Some(0) }
    }

    #[test]
    fn arrays_belong_together_by_name_and_number() {
        let a = ["x", "y", "x", "z"].map(array);
        let b = ["x", "w", "z", "x", "x"].map(array);
        let pairs: Vec<_> = pair_names(&a, &b).into_iter().map(|pair| (pair.a, pair.b)).collect();
        let wanted = [
            (Some(0), Some(0)),
            (Some(1), None),
            (Some(2), Some(3)),
            (Some(3), Some(2)),
            (None, Some(1)),
            (None, Some(4)),
        ];
        assert_eq!(pairs, wanted);
    }
}
