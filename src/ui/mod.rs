//! The window: the only layer that knows egui.
//!
//! A frame is: what workers finished, keys to actions, draw everything from `&Session` while collecting actions,
//! apply them. Widgets keep only what is transient (text that is being typed, buffers, a drag), never a fact.
//!
//! | file | what it draws or does |
//! |---|---|
//! | `app`, `input_queue`, `modified_letters` | the frame: order of the areas, requests of the session; input in portions |
//! | `arrival` | a window that has just come up |
//! | `keymap`, `focus_ring` | the toolkit's events to actions; what F6 goes round |
//! | `clipboard` | the system's clipboards, off the window's thread |
//! | `menu_bar`, `menus`, `command_palette`, `entries`, `dialogs` | what is over the grid for a moment |
//! | `tabs`, `toolbar`, `panes`, `grid` | the open file |
//! | `arrays` | the arrays of a file: panel, bar, cells |
//! | `panels`, `find_bar`, `banners`, `status` | what is around it |
//! | `list_navigation`, `long_list`, `list_heads` | lists that the keys walk, their rows and their columns |
//! | `start_page` | the page when nothing is open |
//! | `access` | what screen readers are told |
//! | `platform` | file dialogs on a thread of their own |
//! | `theme`, `fonts` | every colour, size and font |
//! | `startup`, `run_figures` | opening the window; figures of a run |

mod access;
mod app;
pub mod arrays;
mod arrival;
mod banners;
pub mod clipboard;
mod command_palette;
mod dialogs;
mod entries;
mod find_bar;
mod focus_ring;
pub mod fonts;
pub mod grid;
mod input_queue;
mod keymap;
mod list_heads;
mod list_navigation;
mod long_list;
mod menu_bar;
mod menus;
mod modified_letters;
mod panels;
mod panes;
mod platform;
pub mod run_figures;
mod start_page;
pub mod startup;
mod status;
mod tabs;
pub mod theme;
mod toolbar;
mod widgets;

pub use app::{App, window_title};
pub use platform::parent_of;
