//! Shapes and strides as they are typed: `100,200`, `(100, 200)`, `100x200`, `-1, 3`.
//!
//! At most one axis is left open by -1, as in `reshape`; [`Shape::resolve`] closes it when the bytes are known.

use super::array::{ArrayError, items_of};
use super::dtype::ItemType;
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
    /// The shape in `available` bytes: an open side takes as many items as fit. [`Shape::left_over`] tells of the rest.
    ///
    /// # Errors
    /// [`ArrayError`]: more than one open side, or one beside a side of 0.
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
        Ok(self.0.iter().map(|side| side.unwrap_or(open)).collect())
    }

    /// The same with strides in bytes, as they are typed, one a side: as many as fit by them.
    ///
    /// # Errors
    /// As of [`Shape::resolve`].
    pub fn resolve_strided(
        &self,
        item: &ItemType,
        available: u64,
        strides: &[i64],
    ) -> Result<Vec<u64>, ArrayError> {
        let sides = self.resolve(item, available)?;
        let open = self.0.iter().position(Option::is_none);
        let (Some(open), false) = (open, item.shares_bytes() || strides.len() != sides.len()) else {
            return Ok(sides);
        };
        let step = i128::from(strides[open]);
        // The others may lead down as well as up; what they reach has to be there.
        let others = sides.iter().zip(strides).enumerate().filter(|(axis, _)| *axis != open);
        let reach: i128 = others
            .map(|(_, (side, stride))| (i128::from(*side) - 1).max(0) * i128::from(*stride).max(0))
            .fold(0, i128::saturating_add);
        let room = (i128::from(available) - i128::from(item.group_bytes())).saturating_sub(reach);
        let count = match step {
            ..1 => return Ok(sides),
            _ if room < 0 => 0,
            step => room / step + 1,
        };
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        Ok(sides.iter().enumerate().map(|(axis, side)| if axis == open { count } else { *side }).collect())
    }

    /// Bytes at the end of `available` that an open side leaves over; 0 without one.
    pub fn left_over(&self, item: &ItemType, shape: &[u64], available: u64) -> u64 {
        if self.0.iter().all(Option::is_some) {
            return 0;
        }
        let groups = items_of(shape).div_ceil(u64::from(item.group_items()).max(1));
        available.saturating_sub(groups.saturating_mul(item.group_bytes()))
    }
}

/// What is said of bytes that no item takes; `None` when there are none.
pub fn left_over_words(bytes: u64) -> Option<String> {
    match bytes {
        0 => None,
        1 => Some("1 byte is left over at the end.".to_owned()),
        bytes => Some(format!("{bytes} bytes are left over at the end.")),
    }
}

impl FromStr for Shape {
    type Err = ParseShapeError;

    fn from_str(text: &str) -> Result<Self, ParseShapeError> {
        let sides = numbers(text, "shape")?;
        let side = |number: i64| {
            match number {
            -1 => Ok(None),
            number => u64::try_from(number).map(Some).map_err(|_| {
                ParseShapeError(format!("{number} is not a valid length of an axis. Use 0 or more, or -1 for as many elements as fit."))
            }),
        }
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
        let nothing = || ParseShapeError(format!("Type a {what}. () means no axes."));
        return inner.map(|_| Vec::new()).ok_or_else(nothing);
    }
    let list = list.strip_suffix(',').unwrap_or(list);
    let number = |part: &str| {
        let digits: String = part.trim().chars().filter(|&c| c != '_').collect();
        digits.parse().map_err(|_| {
            let part: String = part.trim().chars().take(40).collect();
            ParseShapeError(format!("'{part}' is not an integer. Write a {what} as 100, 200."))
        })
    };
    list.split([',', 'x', '×', '*']).map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::dtype::Packed;
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
        let bits = ItemType::Packed(Packed { element: Element::U8, bits: 1, low_first: false });
        assert_eq!(Shape(vec![None, Some(4)]).resolve(&bits, 3), Ok(vec![6, 4]));
    }

    #[test]
    fn as_many_as_fit_and_the_rest_is_told() {
        let float = ItemType::Scalar(DType::new(Element::F32, Order::Little));
        let bits = ItemType::Packed(Packed { element: Element::U8, bits: 1, low_first: false });
        for (text, item, available, wanted, left) in [
            ("-1", &float, 14, vec![3], 2),
            ("-1, 3", &float, 20, vec![1, 3], 8),
            ("-1, 3", &float, 11, vec![0, 3], 11),
            ("2", &float, 14, vec![2], 0),
            ("-1, 5", &bits, 2, vec![3, 5], 0),
            ("-1, 20", &bits, 4, vec![1, 20], 1),
        ] {
            let shape: Shape = text.parse().expect("a shape");
            let sides = shape.resolve(item, available).expect("it fits");
            assert_eq!((&sides, shape.left_over(item, &sides, available)), (&wanted, left), "{text}");
        }
        for (text, strides, wanted) in [
            ("-1", &[8][..], vec![3]),
            ("-1, 2", &[4, 4], vec![4, 2]),
            ("3, -1", &[4, 4], vec![3, 3]),
            ("-1", &[100], vec![1]),
            ("-1, 9", &[4, 4], vec![0, 9]),
            ("-1", &[0], vec![5]),
        ] {
            let shape: Shape = text.parse().expect("a shape");
            assert_eq!(shape.resolve_strided(&float, 20, strides), Ok(wanted), "{text} {strides:?}");
        }
        assert_eq!(left_over_words(0), None);
        assert_eq!(left_over_words(1).as_deref(), Some("1 byte is left over at the end."));
    }
}
