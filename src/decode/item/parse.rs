//! The texts that mean an item's type, in the order in which they are tried.
//!
//! NumPy's meaning comes first, then the names that NumPy lacks, then formats of Python's struct; `struct:` in front
//! forces the last. A text is read once by each, so the work is linear.

use super::ItemType;
use crate::decode::dtype::{DType, ParseDTypeError};
use std::str::FromStr;

impl FromStr for ItemType {
    type Err = ParseDTypeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<DType>().map(Self::Scalar)
    }
}
