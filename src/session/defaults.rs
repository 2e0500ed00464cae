//! Defaults of a new session.

use crate::decode::{DType, Element, Order};
use std::time::Duration;

/// The type of a new pane of values when the settings name none.
pub const DEFAULT_DTYPE: DType = DType::new(Element::F32, Order::Little);
/// How long a frame may wait for bytes that the disk has at hand.
pub const PATIENCE: Duration = Duration::from_millis(2);
