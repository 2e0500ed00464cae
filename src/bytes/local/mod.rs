//! Files and devices of this machine.
//!
//! | what | file |
//! |---|---|
//! | from a path to a source | `open`, `spool` |
//! | an open file, read by position or through a map | `file`, `positioned`, `mapped` |
//! | which file it is, in which state; what changes it | `identity`, `watch` |
//! | names: of a folder, and as bytes | `folder`, `path_bytes` |
//! | what finds no room in memory | `scratch` |
//! | system calls that std lacks | `sys` |

pub mod file;
pub mod folder;
pub mod identity;
pub mod mapped;
pub mod open;
pub mod path_bytes;
mod positioned;
pub mod scratch;
pub mod spool;
mod sys;
pub mod watch;
