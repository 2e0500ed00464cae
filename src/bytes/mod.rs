//! Where bytes come from.
//!
//! A [`Source`] is an immutable run of bytes that many threads may read at once. Nothing above this layer knows whether
//! the bytes are in memory, in a file or in a device; nothing in it knows of edits. Files and devices of this machine
//! are in `local`; files on other machines get a folder beside it, and its own kind of [`Location`] and [`Version`].
//! There are two ways to read, and the difference decides who may call which: [`Source::read_at`] may wait for a disk,
//! so only workers call it; [`Source::peek`] never waits, so the window's thread calls nothing else.

pub mod ahead;
pub mod error;
pub mod hints;
pub mod local;
pub mod memory;
pub mod opened;
pub mod origin;
pub mod pages;
pub mod raw;
pub mod resized;
pub mod retry;
mod source;
pub mod span;

pub use error::{ReadError, ReadErrorKind, check_bounds};
pub use hints::ReadHints;
pub use local::identity::FileIdentity;
pub use local::{file, folder, mapped, open, path_bytes, scratch, spool, watch};
pub use memory::MemorySource;
pub use origin::{Location, Origin, Version};
pub use raw::RawBytes;
pub use source::{Availability, FillRun, SharedRun, SharedSource, Source, peek_nothing};
pub use span::Span;
