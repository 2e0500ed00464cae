//! A pane with a picture of what another pane shows, or of elements that were selected.
//!
//! | file | what it holds |
//! |---|---|
//! | `left` | a picture as it is remembered |
//! | `image` | how an image looks |
//! | `text` | a look as one line of text, as it is remembered |

mod image;
mod left;
mod text;

pub use image::ImageLook;

use crate::session::ids::PaneKey;
use crate::session::subject::ElementSubject;

/// What kind of picture it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PictureKind {
    /// Each element is a pixel.
    #[default]
    Image,
}

impl PictureKind {
    pub const ALL: [Self; 1] = [Self::Image];

    /// What a list calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Image => "Image",
        }
    }

    /// How a picture of this kind looks at first.
    pub fn look(self) -> PictureLook {
        match self {
            Self::Image => PictureLook::Image(ImageLook::default()),
        }
    }
}

/// How a picture looks, by its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum PictureLook {
    Image(ImageLook),
}

impl PictureLook {
    /// The kind of the picture.
    pub fn kind(&self) -> PictureKind {
        match self {
            Self::Image(_) => PictureKind::Image,
        }
    }
}

/// A picture in a pane.
#[derive(Clone, Debug)]
pub struct PicturePane {
    /// The pane that it is of.
    pub of: PaneKey,
    /// What was selected there when it was to be pictured; the picture is of these elements then.
    pub captured: Option<ElementSubject>,
    /// What the pane showed last: what is pictured when it is closed.
    pub(in crate::session) seen: Option<ElementSubject>,
    pub look: PictureLook,
    /// The room that the picture has, in pixels of the screen.
    pub room: (u32, u32),
}

/// The room of a picture before the window has told it.
const FIRST_ROOM: (u32, u32) = (640, 480);

impl PicturePane {
    /// A picture of what a pane shows, or of what is selected there.
    pub fn new(of: PaneKey, captured: Option<ElementSubject>, look: PictureLook) -> Self {
        Self { of, captured, seen: None, look, room: FIRST_ROOM }
    }
}
