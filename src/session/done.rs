//! The result of an edit.

/// Done, or the sentence that says why not.
pub type Done = Result<(), String>;
