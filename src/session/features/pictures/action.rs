//! What a pane with a picture asks.

use crate::session::ids::PaneKey;
use crate::session::panes::{PictureKind, PictureLook};

/// What the picture in a pane of the tab in front asks.
#[derive(Clone, Debug)]
pub struct PictureAction {
    pub pane: PaneKey,
    pub what: PictureWhat,
}

/// What a picture asks.
#[derive(Clone, Debug)]
pub enum PictureWhat {
    /// It has so many pixels of the screen from now on.
    Room { width: u32, height: u32 },
    /// It looks like this from now on.
    Look(Box<PictureLook>),
    /// It is a picture of another kind from now on.
    Kind(PictureKind),
    /// It is of what is selected now in the pane that it is of.
    Capture,
    /// It is of all that the pane shows again.
    Release,
    /// Selects the elements between these two of the image, each a row and a column.
    Select { from: (u64, u64), to: (u64, u64) },
}

impl PictureAction {
    /// Whether the window asks it by itself.
    pub(in crate::session) fn is_of_frame(&self) -> bool {
        matches!(self.what, PictureWhat::Room { .. })
    }
}
