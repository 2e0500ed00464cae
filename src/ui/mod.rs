//! The window: the only layer that knows egui.
//!
//! A frame is: what workers finished, keys to actions, draw everything from `&Session` while collecting actions,
//! apply them. Widgets keep only what is transient (text that is being typed, buffers, a drag), never a fact.
//!
//! | file | what it draws or does |
//! |---|---|
//! | `app`, `input_queue`, `held` | the frame: order of the areas, requests of the session; input in portions |
//! | `arrival` | a window that has just come up |
//! | `keymap`, `ring` | the toolkit's events to actions; what F6 goes round |
//! | `clipboard` | the system's clipboards, off the window's thread |
//! | `menu_bar`, `menus`, `palette`, `entries`, `dialogs` | what is over the grid for a moment |
//! | `tabs`, `toolbar`, `panes`, `grid` | the open file |
//! | `arrays` | the arrays of a file: panel, bar, cells |
//! | `panels`, `find_bar`, `banners`, `status` | what is around it |
//! | `walk`, `long_list` | lists that the keys walk, and their rows |
//! | `start` | the page when nothing is open |
//! | `access` | what screen readers are told |
//! | `platform` | file dialogs on a thread of their own |
//! | `theme`, `fonts` | every colour, size and font |
//! | `startup`, `probe` | opening the window; figures of a run |

mod access;
mod app;
pub mod arrays;
mod arrival;
mod banners;
pub mod clipboard;
mod dialogs;
mod entries;
mod find_bar;
pub mod fonts;
pub mod grid;
mod held;
mod input_queue;
mod keymap;
mod long_list;
mod menu_bar;
mod menus;
mod palette;
mod panels;
mod panes;
mod platform;
pub mod probe;
mod ring;
mod start;
pub mod startup;
mod status;
mod tabs;
pub mod theme;
mod toolbar;
mod walk;
mod widgets;

pub use app::{App, window_title};
pub use platform::parent_of;
