//! pagelens opens a file of any size, shows it as bytes and as typed arrays, and edits it safely.
//!
//! The library is the program without its arguments: every layer below can be used and tested without a window.
//! Data flows one way, from the bottom of this list to the top; `tests/tidy.rs` holds each layer to it.
//!
//! | layer | folder | what it holds | what it never does |
//! |---|---|---|---|
//! | 1 | `bytes` | where bytes come from: files, memory, maps, the page cache | know of edits |
//! | 1 | `escape` | names and other text of files, made safe to show | change what is written to files |
//! | 1 | `job` | work on a thread of its own: progress, cancel on drop | know what the work is |
//! | 1 | `usage` | what this process costs | measure others |
//! | 2 | `decode` | bytes to values and back, pure functions | I/O, threads |
//! | 2 | `document` | the edit layer: piece tree, undo, snapshots | I/O, decoding |
//! | 3 | `save` | writing back: plan, in place, rewrite, recovery | know of the window |
//! | 3 | `state` | what outlives the program: settings, recent files | know of the window |
//! | 3 | `formats` | containers of arrays: npy, npz, safetensors, gguf | read more than headers |
//! | 3 | `patch` | patches: written, read, checked, as edits to be done | edit, save |
//! | 3 | `compute` | new values for the elements of an array, as edits to be done | edit |
//! | 3 | `analysis` | questions asked in the background: search | edit |
//! | 3 | `export` | a selection as text | edit |
//! | 4 | `pictures` | pictures of numbers: colours, scales, pixels | know of a window |
//! | 5 | `session` | all that the window knows, without a window | egui, `std::fs` |
//! | 6 | `cli` | commands without a window, over the same engine | print: it answers lines |
//! | 6 | `ui` | the only egui | facts of its own |

#![deny(unsafe_code)]

pub mod bytes;
pub mod escape;
pub mod job;
pub mod usage;

pub mod decode;
pub mod document;

pub mod analysis;
pub mod compute;
pub mod export;
pub mod formats;
pub mod patch;
pub mod save;
pub mod state;

pub mod pictures;

pub mod session;

pub mod cli;
pub mod ui;
