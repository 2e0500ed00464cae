//! The window: the only layer that knows egui.

pub mod fonts;
pub mod grid;
pub mod startup;
pub mod theme;
