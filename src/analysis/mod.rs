//! Questions asked of a snapshot in the background, one file each.
//!
//! An analysis is a pure question about a [`crate::bytes::Source`]: it reads chunk by chunk on worker threads, counts
//! in a [`crate::job::Progress`], stops when that is cancelled, and answers in one of a few closed shapes, so that the
//! window can show the result of any analysis. It edits nothing and depends on no document, window or file.
//!
//! | file | what it holds |
//! |---|---|
//! | `pool` | pieces of work on several threads, answers in order |
//! | `scan`, `plan`, `window` | the chunked parallel pass over a source that every analysis is made of |
//! | `candidates` | which mapped bytes the pass copies where few bytes tell that nothing is there |
//! | `tuning`, `reading` | how a pass is cut up; as much of a span as can be read |
//! | `elements` | the pass over the elements of an array, as numbers of one type |
//! | `binned` | a plane of elements as bins, for pictures |
//! | `vector` | loops with the vector instructions that the processor turns out to have |
//! | `stats` | statistics of the elements of an array |
//! | `unread` | the report shape for what could not be read |
//! | `spans` | the report shape 'many places': sorted, compact, readable while it grows |
//! | `search` | the question 'where is this': next, previous, all |
//! | `masked`, `regex`, `other_byte` | further patterns: hex with wildcards, regular expressions, any byte but one |
//! | `in_slice` | a pattern in the elements of a slice alone |
//! | `texts`, `any_of` | a text in several encodings at a time, and as whole words |
//! | `needle`, `variants`, `fold`, `frequency` | the pattern of a search: exact bytes, or text in any case |
//! | `hashes` | hashes and checksums, several in one pass of their own |
//! | `strings` | text among other bytes, in any encodings |
//!
//! A further kind of search implements [`search::Pattern`]; a further analysis of bytes implements
//! [`scan::Kernel`], one of values [`elements::ElementKernel`].

pub mod any_of;
pub mod binned;
pub mod candidates;
pub mod compare;
pub mod elements;
pub mod fold;
mod frequency;
pub mod hashes;
pub mod in_slice;
pub mod kinds;
pub mod masked;
pub mod needle;
pub mod other_byte;
mod plan;
pub mod pool;
mod reading;
pub mod regex;
mod regex_bounded;
mod regex_foreign;
mod regex_zeros;
pub mod scan;
pub mod search;
pub mod spans;
pub mod stats;
pub mod strings;
pub mod texts;
pub mod tuning;
pub mod unread;
mod variants;
pub(crate) mod vector;
pub mod window;

pub use candidates::Candidates;
pub use elements::{ElementKernel, ElementPass};
pub use needle::{Case, Needle, NeedleError};
pub use plan::Direction;
pub use pool::{PassEnd, Pool};
pub use search::{End, NextHit, Pattern, Search, Tally};
pub use spans::{EvenSpans, Limit, SpanBatch, SpanList, SpanRecorder};
pub use tuning::Tuning;
pub use unread::Unread;
pub use window::Window;
