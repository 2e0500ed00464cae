//! Shapes and strides as they are typed: `100,200`, `(100, 200)`, `100x200`, `-1, 3`.
//!
//! At most one side is left open by -1, as in `reshape`; [`Shape::resolve`] closes it when the bytes are known.

use super::array::{ArrayError, items_of};
use super::item::ItemType;
use std::fmt;
use std::str::FromStr;

/// A shape of which one side may be open (`None`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shape(pub Vec<Option<u64>>);

/// Why a text is no shape. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseShapeError(String);

impl Shape {
    /// The shape in `available` bytes: an open side takes all of them.
    ///
    /// # Errors
    /// [`ArrayError`]: more than one open side, or no whole number of rows for it.
    pub fn resolve(&self, item: &ItemType, available: u64) -> Result<Vec<u64>, ArrayError> {
        let given = self.0.iter().filter(|side| side.is_none()).count();
        if given > 1 {
            return Err(ArrayError::TwoUnknown { given });
        }
        let known: Vec<u64> = self.0.iter().copied().flatten().collect();
        if given == 0 {
            return Ok(known);
        }
        let items = match item.group_bytes() {
            0 => 0,
            bytes => (available / bytes).saturating_mul(u64::from(item.group_items())),
        };
        let row = items_of(&known);
        let open = items.checked_div(row).ok_or(ArrayError::UnknownBesideZero)?;
        // What does not fill an item, too: it would vanish unseen.
        let whole = open.saturating_mul(row) == items
            && (item.group_bytes() == 0 || available.is_multiple_of(item.group_bytes()));
        if !whole {
            let groups = row.div_ceil(u64::from(item.group_items()).max(1));
            let size = groups.saturating_mul(item.group_bytes());
            return Err(ArrayError::LeftOver { available, size, left: available % size.max(1) });
        }
        Ok(self.0.iter().map(|side| side.unwrap_or(open)).collect())
    }
}

impl FromStr for Shape {
    type Err = ParseShapeError;

    fn from_str(text: &str) -> Result<Self, ParseShapeError> {
        let sides = numbers(text, "shape")?;
        let side = |number: i64| match number {
            -1 => Ok(None),
            number => u64::try_from(number).map(Some).map_err(|_| {
                ParseShapeError(format!("{number} is no side: sides are counted from 0; -1 is an open one."))
            }),
        };
        sides.into_iter().map(side).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |side: &Option<u64>| side.map_or("-1".to_owned(), |side| side.to_string());
        f.write_str(&self.0.iter().map(side).collect::<Vec<_>>().join(", "))
    }
}

/// Strides as they are typed, one number a side.
///
/// # Errors
/// [`ParseShapeError`] when a part is no whole number.
pub fn parse_strides(text: &str) -> Result<Vec<i64>, ParseShapeError> {
    numbers(text, "list of strides")
}

/// Numbers between commas or crosses, in brackets of any kind or none. `()` has none.
fn numbers(text: &str, what: &str) -> Result<Vec<i64>, ParseShapeError> {
    let text = text.trim();
    let inner = [('(', ')'), ('[', ']')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
        .map(str::trim);
    let list = inner.unwrap_or(text);
    if list.is_empty() {
        let nothing =
            || ParseShapeError(format!("Nothing is typed where a {what} is wanted. () has no sides."));
        return inner.map(|_| Vec::new()).ok_or_else(nothing);
    }
    let list = list.strip_suffix(',').unwrap_or(list);
    let number = |part: &str| {
        let digits: String = part.trim().chars().filter(|&c| c != '_').collect();
        digits.parse().map_err(|_| {
            let part: String = part.trim().chars().take(40).collect();
            ParseShapeError(format!("'{part}' is no whole number. Write a {what} as 100, 200."))
        })
    };
    list.split([',', 'x', '×', '*']).map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::item::Packed;
    use crate::decode::{DType, Element, Order};

    fn resolved(text: &str, available: u64) -> Result<Vec<u64>, ArrayError> {
        let item = ItemType::Scalar(DType::new(Element::F32, Order::Little));
        text.parse::<Shape>().expect("a shape").resolve(&item, available)
    }

    #[test]
    fn shapes_are_typed_in_many_ways() {
        for (text, shape) in [
            ("100,200", "100, 200"),
            (" ( 3, ) ", "3"),
            ("[1, 2]", "1, 2"),
            ("2x3×4", "2, 3, 4"),
            ("-1, 1_000", "-1, 1000"),
            ("()", ""),
        ] {
            assert_eq!(text.parse::<Shape>().map(|shape| shape.to_string()).as_deref(), Ok(shape), "{text}");
        }
        for text in ["", "1,,2", "(1", "a", "-2", "1.5", "99999999999999999999"] {
            assert!(text.parse::<Shape>().is_err(), "{text}");
        }
        assert_eq!(parse_strides("(-8, 0)"), Ok(vec![-8, 0]));
    }

    #[test]
    fn an_open_side_takes_what_is_there() {
        assert_eq!(resolved("-1", 12), Ok(vec![3]));
        assert_eq!(resolved("2, -1, 3", 48), Ok(vec![2, 2, 3]));
        assert_eq!(resolved("-1, 3", 0), Ok(vec![0, 3]));
        assert_eq!(resolved("5", 12), Ok(vec![5]));
        assert_eq!(resolved("-1, -1", 12), Err(ArrayError::TwoUnknown { given: 2 }));
        assert_eq!(resolved("-1, 0", 12), Err(ArrayError::UnknownBesideZero));
        let left = |available, size, left| Err(ArrayError::LeftOver { available, size, left });
        assert_eq!(resolved("-1", 14), left(14, 4, 2));
        assert_eq!(resolved("-1, 3", 20), left(20, 12, 8));
        let bits = ItemType::Packed(Packed { element: Element::U8, bits: 1, low_first: false });
        assert_eq!(Shape(vec![None, Some(4)]).resolve(&bits, 3), Ok(vec![6, 4]));
    }
}
