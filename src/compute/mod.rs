//! New values for the elements of an array: fills, arithmetic, pasted blocks, as splices for whoever edits.
//!
//! It reads a source and answers what is to be put where; it never edits. A value that does not fit its type is
//! refused with its place, and nothing is changed then.
//!
//! | file | what it holds |
//! |---|---|
//! | `parse`, `expr`, `operation` | the little language: `5`, `x * 2 + 1`, `clip(x, 0, 1)`, `arange(0, step=2)` |
//! | `value`, `calc`, `complex`, `rounding` | arithmetic on one value, in the array's own type |
//! | `sequence`, `random` | values that depend on the place: ranges and random numbers, NumPy's |
//! | `apply`, `pieces`, `parts`, `for_each` | an operation over the elements of an array |
//! | `prepared`, `reductions`, `expression_values` | numbers of all elements, worked out before |
//! | `other_array`, `beside`, `aligned`, `in_order`, `scene`, `zipped` | the elements of other arrays beside those of one |
//! | `plan`, `element_work`, `literal_value`, `tiles` | what becomes of one of them, of many at once |
//! | `constant`, `broadcast` | one value for all elements; a list that is repeated over them |
//! | `codec` | values of elements to calculate with, and back |
//! | `pasted_table`, `pasted`, `table`, `text_cells`, `copied_bytes` | a pasted table of values, or bytes as text |
//! | `kernels` | expressions over many elements at once |
//! | `predicate` | questions about elements: which ones are as an expression or a value asks |
//! | `sentence`, `parse_error`, `read_in_parts` | reasons as sentences; long reads |
//! | `splices`, `computed` | gathers the new bytes as splices; new bytes that are kept nowhere |

mod aligned;
mod apply;
mod beside;
mod broadcast;
mod calc;
mod codec;
mod complex;
mod computed;
mod constant;
mod copied_bytes;
mod element_work;
mod expr;
mod expression_values;
mod for_each;
mod in_order;
mod kernels;
mod literal_value;
mod operation;
mod other_array;
mod parse;
mod parse_error;
mod parts;
mod pasted;
mod pasted_table;
mod pieces;
mod plan;
mod predicate;
mod prepared;
mod random;
mod read_in_parts;
mod reductions;
mod rounding;
mod scene;
mod sentence;
mod sequence;
mod splices;
mod table;
mod text_cells;
mod tiles;
mod value;
mod zipped;

pub use apply::{apply, apply_beside, apply_unkept};
pub use expr::Reduction;
pub use operation::Operation;
pub use other_array::{OtherArray, check_whole_shape};
pub use parse_error::ParseOperationError;
pub use pasted_table::{block, block_shape, bytes_block};
pub use predicate::{
    ArrayQuestion, AskedArray, ElementHits, ElementSpans, HitsOfPart, Predicate, WantedNumber,
};
pub use reductions::numbers_of_all;
pub use splices::with_sources;

use crate::bytes::{ReadError, ReadErrorKind};
use crate::decode::array::tuple;
use crate::document::Splice;

/// New values, as edits to be done.
#[derive(Debug)]
pub struct NewValues {
    pub splices: Vec<Splice>,
    /// Items that became infinite and were not before.
    pub infinite: u64,
}

impl From<Vec<Splice>> for NewValues {
    fn from(splices: Vec<Splice>) -> Self {
        Self { splices, infinite: 0 }
    }
}

impl NewValues {
    /// What is to be said of values that became infinite; `None` when there are none.
    pub fn infinite_words(&self) -> Option<String> {
        match self.infinite {
            0 => None,
            1 => Some("1 element became infinite.".to_owned()),
            many => Some(format!("{many} elements became infinite.")),
        }
    }
}

/// Why there are no new values. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ComputeError {
    /// The value of one item, and why it can't be.
    #[error("{}{}. Nothing was changed.", place(index), reason.trim_end_matches('.'))]
    At { index: Vec<u64>, reason: String },
    #[error("{0}")]
    Refused(String),
    /// A list whose shape does not fit.
    #[error("{0}")]
    Shape(String),
    #[error("{0}.")]
    Read(ReadError),
    #[error(
        "The new values could not be written to the temporary folder: {0}. Free some space there, then try again."
    )]
    Spool(String),
    #[error("Cancelled. Nothing was changed.")]
    Cancelled,
}

/// `At (3, 5): `; nothing of an array without sides.
fn place(index: &[u64]) -> String {
    if index.is_empty() { String::new() } else { format!("At {}: ", tuple(index)) }
}

impl From<ReadError> for ComputeError {
    fn from(error: ReadError) -> Self {
        if error.kind() == ReadErrorKind::Cancelled { Self::Cancelled } else { Self::Read(error) }
    }
}

impl ComputeError {
    fn refused(text: impl Into<String>) -> Self {
        Self::Refused(text.into())
    }
}
