//! The names of types: one that reads back, NumPy's description, an expression of Python.

use super::ItemType;
use std::fmt;

impl fmt::Display for ItemType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(dtype) => dtype.fmt(f),
            _ => f.write_str("?"),
        }
    }
}

impl ItemType {
    /// As the header of a `.npy` file writes it; `None` when NumPy has no such type, or can't write its fields.
    pub fn descr(&self) -> Option<String> {
        Some(format!("'{self}'"))
    }

    /// An expression of Python that makes the dtype; of what NumPy lacks, a dtype of the same size.
    pub fn python(&self) -> String {
        format!("np.dtype('{self}')")
    }
}
