//! Logs that were cut off, damaged, or written by somebody else.
