//! Questions asked of a snapshot in the background, one file each.
//!
//! An analysis is a pure question about a [`crate::bytes::Source`]: it reads chunk by chunk on worker threads, counts
//! in a [`crate::job::Progress`], stops when that is cancelled, and answers in one of a few closed shapes, so that the
//! window can show the result of any analysis. It edits nothing and depends on no document, window or file.
//!
//! | file | what it holds |
//! |---|---|
//! | `pool` | pieces of work on several threads, answers in order |
//! | `scan`, `plan` | the chunked parallel pass over a source that every analysis is made of |
//! | `unread` | the report shape for what could not be read |
//! | `spans` | the report shape 'many places': sorted, compact, readable while it grows |
//! | `search` | the question 'where is this': next, previous, all |
//! | `needle`, `variants`, `fold` | the pattern of a search: exact bytes, or text in any case |
//!
//! A further kind of search implements [`search::Pattern`]; a further analysis implements [`scan::Kernel`].

pub mod fold;
pub mod needle;
mod plan;
pub mod pool;
pub mod scan;
pub mod search;
pub mod spans;
pub mod unread;
mod variants;

pub use needle::{Case, Needle, NeedleError};
pub use plan::Direction;
pub use pool::{PassEnd, Pool};
pub use scan::Tuning;
pub use search::{End, NextHit, Pattern, Search, Tally};
pub use spans::{Limit, SpanList, SpanRecorder};
pub use unread::Unread;
