//! What `std` has only for one family of systems, or not at all, with a plain answer where a system lacks it.
//! The only unsafe of this layer: each block is one system call on values that live until it returns.

#[cfg(unix)]
mod attributes;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(unix)]
pub(super) use attributes::{attribute, attributes, remove_attribute, set_attribute};
#[cfg(not(unix))]
pub(super) use other::*;
#[cfg(unix)]
pub(super) use unix::*;

use super::Owner;

/// What only Unix knows of a file.
pub(super) struct UnixPart {
    pub links: u64,
    pub mode: Option<u32>,
    pub owner: Option<Owner>,
    pub allocated: u64,
}
