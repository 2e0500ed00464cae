//! Unsaved edits that survive the end of the program: a log for each document that was edited.
//!
//! A log is in the state folder from a document's first edit until it is closed, and holds the undo history too. It is
//! written by a thread of its own ([`EditLog`]); the file that was edited is only ever read. What is found at the next
//! start is an [`Offer`]: nothing is done with it before the user says so. No window and no documents here.
//!
//! | file | what it holds |
//! |---|---|
//! | `thread` | the handle for the window's thread, and the thread |
//! | `writer`, `copies`, `kept` | what is written when |
//! | `file`, `frame`, `record` | the file, its checksums, its records |
//! | `image` | a log that was read, and its edits done again |
//! | `offer`, `compare` | logs without an owner; whether a file is the one that was edited |
//! | `patch` | edits as a text |

mod compare;
mod copies;
mod file;
mod frame;
mod image;
mod kept;
mod offer;
mod patch;
mod record;
mod thread;
mod writer;

pub use file::LogPlace;
pub use offer::{FoundLogs, Offer, OfferFailure, Revived, find};
pub use patch::PatchText;
pub use record::About;
pub use thread::{EditLog, Ending, HandedToLog};
pub use writer::{LogEntry, Status, Sync, Why, Writer};
