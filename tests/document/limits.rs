//! Lengths at the edge of what a file offset can name, and edits that are refused.
