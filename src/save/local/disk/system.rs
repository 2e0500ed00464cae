//! What `std` has only for one family of systems, or not at all, with a plain answer where a system lacks it.
//! The only unsafe of this layer: each block is one system call on values that live until it returns.

#[cfg(unix)]
mod attributes;
#[cfg(target_os = "linux")]
mod direct;
#[cfg(target_os = "linux")]
mod flags;
#[cfg(unix)]
mod names;
#[cfg(not(unix))]
mod other;
#[cfg(not(unix))]
mod security;
#[cfg(unix)]
mod sharing;
#[cfg(unix)]
mod unix;
#[cfg(target_os = "linux")]
mod writers;

#[cfg(unix)]
pub(super) use attributes::{attribute, attributes, remove_attribute, set_attribute, unkept};
#[cfg(target_os = "linux")]
pub(super) use direct::past_cache;
#[cfg(target_os = "linux")]
pub(super) use flags::{flags, may_remove, set_flags};
#[cfg(unix)]
pub(super) use names::{exchange, rename_new};
#[cfg(not(unix))]
pub(crate) use other::*;
#[cfg(not(unix))]
pub(super) use security::{attribute, attributes, remove_attribute, set_attribute, unkept};
#[cfg(unix)]
pub(super) use sharing::{copy_range, is_on_server, share_blocks, shares_blocks};
#[cfg(unix)]
pub(crate) use unix::*;
#[cfg(target_os = "linux")]
pub(super) use writers::{has_writers, watch_writes};

use super::Owner;

/// Makes the user's limits fit for an editor: a write beyond the largest size of a file (`ulimit -f`) is an error that
/// can be told instead of the end of the program, and as many files may be open as the system allows. Called once,
/// before anything is opened.
pub fn adjust_limits() {
    ignore_size_signal();
    raise_descriptor_limit();
}

/// What only Unix knows of a file.
pub(super) struct UnixPart {
    pub links: u64,
    pub mode: Option<u32>,
    pub owner: Option<Owner>,
    pub allocated: u64,
}
