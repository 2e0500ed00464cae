//! The session without a window: what actions and commands do to bytes, carets, files and messages.
//!
//! `rig` holds a session on a folder of its own; `notation` is the script 'before, keys, after' that most tests of
//! editing are written in.

mod cells;
mod clipboard;
mod closing;
mod edits;
mod finding;
mod jumps;
mod killed;
mod notation;
mod opening;
mod remembered;
mod rig;
mod saving;
mod typing;
mod unsaved;
mod vast;
mod watching;
