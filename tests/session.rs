//! The session without a window: what actions and commands do to bytes, carets, files and messages.
//!
//! `rig` holds a session on a folder of its own; `notation` is the script 'before, keys, after' that most tests of
//! editing are written in.

mod archives;
mod arrays;
mod arrays_bounds;
mod arrays_editing;
mod arrays_lifecycle;
pub mod arrays_of_tests;
mod cells;
mod clipboard;
mod closing;
mod cut_short;
mod edited_over;
mod edits;
mod element_search;
mod elsewhere;
mod embedded;
mod finding;
mod following;
mod hashes;
mod jobs;
mod jumps;
mod killed;
mod many;
mod match_list;
mod naming;
mod notation;
mod offers;
mod opening;
mod other_arrays;
mod outside;
mod pane_focus;
mod panes;
mod pasting;
mod pictures;
mod planning;
mod query_kinds;
mod recovering;
mod remembered;
pub mod rig;
mod saving;
mod statistics;
mod statistics_tables;
mod strings;
mod typing;
pub mod unread;
mod unsaved;
mod untouched;
mod value_types;
mod vast;
mod watching;
