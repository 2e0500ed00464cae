//! The window: the only layer that knows egui.

pub mod grid;
pub mod theme;
