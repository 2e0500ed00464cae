//! Options of a file that is opened: where and how its bytes are shown.

use crate::decode::{DType, Encoding};
use crate::state::OpenTab;

/// Stands for standard input on the command line.
pub const STDIN: &str = "-";

/// What is wanted of a file besides its bytes: from the command line or from the last session.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// An expression, as in Go to.
    pub offset: Option<String>,
    pub dtype: Option<DType>,
    /// An array to show, of the file itself or of the container that it is.
    pub array: Option<ArrayRequest>,
    pub columns: Option<u32>,
    pub encoding: Option<Encoding>,
    pub read_only: bool,
    /// Whether the new tab comes to the front.
    pub in_front: bool,
    /// How it was left, of a tab of the last session; what is asked for now comes before that.
    pub left: Option<OpenTab>,
}

/// An array as it was asked for on the command line: texts, to be read once the file is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrayRequest {
    /// Of an array of the container.
    pub name: Option<String>,
    pub dtype: Option<String>,
    pub offset: Option<String>,
    pub shape: Option<String>,
    pub order: Option<String>,
    pub slice: Option<String>,
}

impl From<&OpenTab> for OpenOptions {
    fn from(tab: &OpenTab) -> Self {
        Self {
            offset: None,
            dtype: tab.dtype.as_ref().and_then(|name| name.parse().ok()),
            array: None,
            columns: None,
            encoding: tab.encoding.as_deref().and_then(Encoding::from_name),
            read_only: tab.read_only,
            in_front: false,
            left: Some(tab.clone()),
        }
    }
}
