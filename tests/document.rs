//! The edit layer against something stupid: a list of bytes that is edited the plain way.

use pagelens::{bytes, document};

mod bases;
mod limits;
mod model;
mod saves;
mod threads;
