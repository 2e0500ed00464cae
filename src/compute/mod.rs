//! New values for the items of an array: fills, arithmetic, pasted blocks, as splices for whoever edits.
//!
//! It reads a source and answers what is to be put where; it never edits. A value that does not fit its type is
//! refused with its place, and nothing is changed then.
