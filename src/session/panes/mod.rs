//! The panes of a tab: each one way to show the document, with its own format, position and geometry.
//!
//! A tab always has a pane of bytes and a typed one, [`PaneKey::BYTES`] and [`PaneKey::TYPED`], which keep what they
//! show while they are hidden. All others exist as long as the tab's layout has them. Caret and selection are the
//! tab's, shared by all of them.
//!
//! | file | what it holds |
//! |---|---|
//! | `hex` | rows of bytes |
//! | `table` | an array as a table, or the plain values in its place |
//! | `values` | plain values as a table |
//! | `picture` | a picture of what another pane shows |
//! | `layout_actions` | what commands and the mouse do to them |

pub mod hex;
pub(in crate::session) mod layout_actions;
pub mod picture;
pub mod table;
pub mod values;

pub use hex::View;
pub use picture::{ImageLook, PictureKind, PictureLook, PicturePane};
pub use table::TypedPane;
pub use values::{PlainValues, ValuesFormat};

use super::arrays::ArrayView;
use super::defaults::DEFAULT_DTYPE;
pub use super::ids::PaneKey;
use super::tab::layout::PaneSide;
use super::view::{ByteRows, ViewFormat};
use std::sync::LazyLock;

/// What a pane shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PaneKind {
    #[default]
    Bytes,
    /// Plain values of one type.
    Values,
    Array,
    /// A picture of what another pane shows.
    Picture,
}

/// What is done to one pane, whichever has the focus.
#[derive(Clone, Debug)]
pub enum LayoutAction {
    /// Whether it scrolls with the others from now on.
    Link(bool),
    Close,
    /// Puts another pane beside it that shows the same.
    Split(PaneSide),
    /// Moves it to a side of another pane.
    MoveTo(PaneKey, PaneSide),
    /// Moves the line behind part `at` of the split at `path` to `place`, a part of the split's length in points.
    Resize {
        path: Vec<usize>,
        at: usize,
        place: f32,
        len: f32,
    },
    /// Gives all parts of the split at `path` the same room.
    Equalise(Vec<usize>),
}

/// A pane.
#[derive(Clone, Debug)]
pub struct TabPane {
    pub key: PaneKey,
    pub content: PaneContent,
    /// Whether it scrolls with the other panes.
    pub linked: bool,
}

/// What a pane is made of.
#[derive(Clone, Debug)]
pub enum PaneContent {
    Hex(View),
    Typed(TypedPane),
    /// Boxed, as most panes are grids.
    Picture(Box<PicturePane>),
}

impl PaneContent {
    /// What it shows now.
    pub fn kind(&self) -> PaneKind {
        match self {
            Self::Hex(_) => PaneKind::Bytes,
            Self::Typed(typed) if typed.array.is_some() => PaneKind::Array,
            Self::Typed(_) => PaneKind::Values,
            Self::Picture(_) => PaneKind::Picture,
        }
    }

    /// What it is called where it is remembered.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Hex(_) => "bytes",
            Self::Typed(_) => "values",
            Self::Picture(_) => "picture",
        }
    }

    pub(super) fn is_hex(&self) -> bool {
        matches!(self, Self::Hex(_))
    }

    pub(super) fn is_typed(&self) -> bool {
        matches!(self, Self::Typed(_))
    }

    /// The rows of bytes or plain values that it shows; `None` while that is something else.
    pub fn rows(&self) -> Option<&ByteRows> {
        if self.array().is_none() { self.any_rows() } else { None }
    }

    /// The same, to change them.
    pub fn rows_mut(&mut self) -> Option<&mut ByteRows> {
        if self.array().is_none() { self.any_rows_mut() } else { None }
    }

    /// Its rows of bytes or values, also while an array is shown in their place. A picture has none.
    pub(super) fn any_rows(&self) -> Option<&ByteRows> {
        match self {
            Self::Hex(view) => Some(view),
            Self::Typed(typed) => Some(&typed.values),
            Self::Picture(_) => None,
        }
    }

    /// The same, to change.
    pub(super) fn any_rows_mut(&mut self) -> Option<&mut ByteRows> {
        match self {
            Self::Hex(view) => Some(view),
            Self::Typed(typed) => Some(&mut typed.values),
            Self::Picture(_) => None,
        }
    }

    /// The picture that it shows.
    pub fn picture(&self) -> Option<&PicturePane> {
        match self {
            Self::Picture(picture) => Some(picture),
            Self::Hex(_) | Self::Typed(_) => None,
        }
    }

    /// The same, to change it.
    pub(super) fn picture_mut(&mut self) -> Option<&mut PicturePane> {
        match self {
            Self::Picture(picture) => Some(picture),
            Self::Hex(_) | Self::Typed(_) => None,
        }
    }

    /// The bytes that it shows.
    pub fn hex(&self) -> Option<&View> {
        match self {
            Self::Hex(view) => Some(view),
            Self::Typed(_) | Self::Picture(_) => None,
        }
    }

    /// The same, to change them.
    pub(super) fn hex_mut(&mut self) -> Option<&mut View> {
        match self {
            Self::Hex(view) => Some(view),
            Self::Typed(_) | Self::Picture(_) => None,
        }
    }

    /// The plain values that it shows.
    pub fn values(&self) -> Option<&PlainValues> {
        self.typed().filter(|typed| typed.array.is_none()).map(|typed| &typed.values)
    }

    /// The typed pane that it is.
    pub(super) fn typed(&self) -> Option<&TypedPane> {
        match self {
            Self::Hex(_) | Self::Picture(_) => None,
            Self::Typed(typed) => Some(typed),
        }
    }

    /// The same, to change it.
    pub(super) fn typed_mut(&mut self) -> Option<&mut TypedPane> {
        match self {
            Self::Hex(_) | Self::Picture(_) => None,
            Self::Typed(typed) => Some(typed),
        }
    }

    /// The array that it shows.
    pub fn array(&self) -> Option<&ArrayView> {
        self.typed()?.array.as_deref()
    }

    /// The same, to change it.
    pub fn array_mut(&mut self) -> Option<&mut ArrayView> {
        self.typed_mut()?.array.as_deref_mut()
    }
}

/// What a set of panes without a pane of bytes, or a typed one, would have; every set has both.
static NO_BYTES: LazyLock<View> = LazyLock::new(|| View::new(ViewFormat::default()));
static NO_VALUES: LazyLock<PlainValues> =
    LazyLock::new(|| PlainValues::new(ValuesFormat::new(DEFAULT_DTYPE)));

/// Keys that were remembered are below this.
const MOST_KEY: u32 = 1 << 30;

/// All panes of a tab, those that every tab has first.
#[derive(Clone, Debug)]
pub struct PaneSet {
    bytes: TabPane,
    typed: TabPane,
    others: Vec<TabPane>,
    next: u32,
}

impl PaneSet {
    /// The panes that every tab has.
    pub fn new(bytes: View, values: PlainValues) -> Self {
        let pane = |key, content| TabPane { key, content, linked: true };
        Self {
            bytes: pane(PaneKey::BYTES, PaneContent::Hex(bytes)),
            typed: pane(PaneKey::TYPED, PaneContent::Typed(TypedPane::new(values))),
            others: Vec::new(),
            next: PaneKey::TYPED.number() + 1,
        }
    }

    /// A pane; the bytes for a key that is not there.
    pub fn get(&self, key: PaneKey) -> &TabPane {
        match key {
            PaneKey::BYTES => &self.bytes,
            PaneKey::TYPED => &self.typed,
            key => self.others.iter().find(|pane| pane.key == key).unwrap_or(&self.bytes),
        }
    }

    /// The pane with this key, to change it; the pane of bytes when there is none.
    pub fn get_mut(&mut self, key: PaneKey) -> &mut TabPane {
        match key {
            PaneKey::BYTES => &mut self.bytes,
            PaneKey::TYPED => &mut self.typed,
            key => self.others.iter_mut().find(|pane| pane.key == key).unwrap_or(&mut self.bytes),
        }
    }

    /// Whether there is a pane with this key.
    pub fn has(&self, key: PaneKey) -> bool {
        self.get(key).key == key
    }

    /// All panes: the bytes, the typed one, then the others.
    pub fn iter(&self) -> impl Iterator<Item = &TabPane> {
        [&self.bytes, &self.typed].into_iter().chain(&self.others)
    }

    /// The same, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut TabPane> {
        [&mut self.bytes, &mut self.typed].into_iter().chain(&mut self.others)
    }

    /// The pane that every tab has of the kind with this name, and its key.
    pub(super) fn usual(&self, name: &str) -> Option<&TabPane> {
        [&self.bytes, &self.typed].into_iter().find(|pane| pane.content.name() == name)
    }

    /// Adds a pane; answers its key.
    pub(super) fn add(&mut self, content: PaneContent, linked: bool) -> PaneKey {
        let key = PaneKey::of_number(self.next);
        self.next += 1;
        self.others.push(TabPane { key, content, linked });
        key
    }

    /// Adds a pane with the key that it had before. `false` when there is one.
    pub(super) fn put(&mut self, key: PaneKey, content: PaneContent) -> bool {
        if self.has(key) || key.number() >= MOST_KEY {
            return false;
        }
        self.next = self.next.max(key.number() + 1);
        self.others.push(TabPane { key, content, linked: true });
        true
    }

    /// Drops the panes for which `stays` is false, except those that every tab has.
    pub(super) fn retain(&mut self, stays: impl Fn(PaneKey) -> bool) {
        self.others.retain(|pane| stays(pane.key));
    }

    /// The bytes that every tab has become those of the pane `key`.
    pub(super) fn take_bytes_of(&mut self, key: PaneKey) {
        if key == PaneKey::BYTES {
            return;
        }
        if let PaneContent::Hex(view) = &self.get(key).content {
            self.bytes.content = PaneContent::Hex(view.clone());
        }
    }

    /// What the typed pane that every tab has shows becomes that of the pane `key`.
    pub(super) fn take_typed_of(&mut self, key: PaneKey) {
        if key == PaneKey::TYPED {
            return;
        }
        if let PaneContent::Typed(typed) = &self.get(key).content {
            self.typed.content = PaneContent::Typed(typed.clone());
        }
    }

    /// The rows of the pane with this key; those of the bytes that every tab has where it shows something else.
    pub(super) fn rows_mut(&mut self, key: PaneKey) -> &mut ByteRows {
        let key = if self.get(key).content.rows().is_some() { key } else { PaneKey::BYTES };
        // Bytes always have rows.
        match self.get_mut(key).content.any_rows_mut() {
            Some(rows) => rows,
            None => unreachable!("a pane of bytes has rows"),
        }
    }

    /// The pane of bytes with this key; the one that every tab has for any other key.
    pub(super) fn hex(&self, key: PaneKey) -> &View {
        self.get(key).content.hex().or_else(|| self.bytes.content.hex()).unwrap_or(&NO_BYTES)
    }

    /// The typed pane with this key; the one that every tab has for any other key.
    pub(super) fn typed(&self, key: PaneKey) -> Option<&TypedPane> {
        self.get(key).content.typed().or_else(|| self.typed.content.typed())
    }

    /// The plain values of that pane, also while an array is shown in their place.
    pub(super) fn values(&self, key: PaneKey) -> &PlainValues {
        self.typed(key).map_or(&NO_VALUES, |typed| &typed.values)
    }
}
