//! When two elements count as equal, and which elements can be compared.

use crate::analysis::elements::TileKind;
use crate::decode::Element;
use crate::decode::array::{Array, tuple};
use crate::decode::dtype::ItemType;

/// How far from each other two elements may be: `|a - b| <= atol + rtol * |b|`, as in NumPy's `isclose`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    pub atol: f64,
    pub rtol: f64,
}

/// When two elements count as equal.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CompareRule {
    /// Without it, and without [`Self::ulp`], values have to be the same. Then a NaN is equal to one with the same bits.
    pub closeness: Option<Closeness>,
    /// So many values of their type may be between them.
    pub ulp: Option<u64>,
    /// Whether two NaNs are equal.
    pub equal_nan: bool,
}

impl CompareRule {
    /// Whether no distance is allowed.
    pub fn is_exact(&self) -> bool {
        self.closeness.is_none() && self.ulp.is_none()
    }

    /// Whether elements with the same bits are equal whatever the bits are.
    pub fn same_is_equal(&self) -> bool {
        self.is_exact() || self.equal_nan
    }
}

/// Why two arrays can't be compared. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareRefusal {
    #[error("The shapes differ: {a} and {b}.")]
    Shapes { a: String, b: String },
    #[error("Values of the types {a} and {b} can't be compared with each other.")]
    Types { a: String, b: String },
    #[error("Elements of the type {0} are too large to be compared one by one.")]
    TooLarge(String),
    #[error("A distance in ULP needs two arrays of the same type of integers or floats, not {a} and {b}.")]
    NoUlp { a: String, b: String },
    #[error("A tolerance needs numbers, and {0} is none.")]
    NoNumbers(String),
}

/// In which numbers elements are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ComparedAs {
    /// 16-bit floats, with the rounding of their type as NumPy has it.
    Half,
    /// bfloat16, calculated in 32 bits.
    Brain,
    Single,
    /// Narrow floats of any types, calculated in 32 bits.
    Narrow,
    Double,
    /// Numbers of different kinds, in 64 bits.
    Mixed,
    Integers,
    /// Dates and durations.
    Times,
    /// Complex numbers, long doubles, integers of 128 bits.
    Numbers,
    Bytes,
}

impl ComparedAs {
    /// How elements of these arrays are compared by this rule.
    ///
    /// # Errors
    /// [`CompareRefusal`] when they can't be.
    pub fn of(a: &Array, b: &Array, rule: &CompareRule) -> Result<Self, CompareRefusal> {
        let types = || (a.item.to_string(), b.item.to_string());
        let compared = kind(&a.item, &b.item).ok_or_else(|| {
            let (a, b) = types();
            CompareRefusal::Types { a, b }
        })?;
        if compared == Self::Bytes && !rule.is_exact() {
            return Err(CompareRefusal::NoNumbers(a.item.to_string()));
        }
        if rule.ulp.is_some() && !compared.has_ulps() {
            let (a, b) = types();
            return Err(CompareRefusal::NoUlp { a, b });
        }
        Ok(compared)
    }

    /// Whether values between two elements can be counted.
    pub fn has_ulps(self) -> bool {
        match self {
            Self::Half | Self::Brain | Self::Single | Self::Double | Self::Integers | Self::Times => true,
            Self::Narrow | Self::Mixed | Self::Numbers | Self::Bytes => false,
        }
    }
}

fn kind(a: &ItemType, b: &ItemType) -> Option<ComparedAs> {
    let (kind_a, kind_b) = (TileKind::of(a), TileKind::of(b));
    let is = |item: &ItemType, element: Element| matches!(item, ItemType::Scalar(dtype) if dtype.element == element);
    let both = |element: Element| is(a, element) && is(b, element);
    Some(match (kind_a, kind_b) {
        (TileKind::Raw, TileKind::Raw) if a == b => ComparedAs::Bytes,
        (TileKind::Raw, _) | (_, TileKind::Raw) => return None,
        // Of times, only those in the same unit count the same.
        _ if is_time(a) || is_time(b) => {
            return is_same_time(a, b).then_some(ComparedAs::Times);
        }
        (TileKind::Numbers, _) | (_, TileKind::Numbers) => ComparedAs::Numbers,
        (TileKind::F32, TileKind::F32) if both(Element::F16) => ComparedAs::Half,
        (TileKind::F32, TileKind::F32) if both(Element::Bf16) => ComparedAs::Brain,
        (TileKind::F32, TileKind::F32) if both(Element::F32) => ComparedAs::Single,
        (TileKind::F32, TileKind::F32) => ComparedAs::Narrow,
        (TileKind::F64, TileKind::F64) => ComparedAs::Double,
        (TileKind::F32 | TileKind::F64, _) | (_, TileKind::F32 | TileKind::F64) => ComparedAs::Mixed,
        (_, _) => ComparedAs::Integers,
    })
}

fn is_time(item: &ItemType) -> bool {
    matches!(item, ItemType::Time(_))
}

fn is_same_time(a: &ItemType, b: &ItemType) -> bool {
    match (a, b) {
        (ItemType::Time(a), ItemType::Time(b)) => {
            let mut swapped = *b;
            swapped.order = a.order;
            *a == swapped
        }
        _ => false,
    }
}

/// Whether both have the same shape, and elements that fit into memory.
pub(super) fn check_shapes(a: &Array, b: &Array) -> Result<(), CompareRefusal> {
    if a.shape == b.shape {
        return Ok(());
    }
    Err(CompareRefusal::Shapes { a: tuple(&a.shape), b: tuple(&b.shape) })
}
