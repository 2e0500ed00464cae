//! The whole window without a display: keys and clicks go in, the accessibility tree and pictures come out.
//!
//! `rig` holds the program in a window of its own. What bytes become is `session`'s; here is that the widgets ask for
//! it, show it, and never wait.

mod array_bar;
mod arrays;
mod bars;
mod commands;
mod compact_bar;
mod dialogs;
mod embedded;
mod fields;
mod find_bar;
mod focus;
mod hashes;
mod heard;
mod inspector;
mod keyboard;
mod lists;
mod outside;
mod palette;
mod panes;
mod pasting;
mod paths;
mod picture_panes;
mod pictures;
mod rig;
mod room;
mod scripts;
mod statistics;
mod strings;
mod table_marks;
mod tabs;
mod unread;
mod waiting;
