//! The power goes while edits are made.
