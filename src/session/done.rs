//! What an edit answers.

/// Done, or the sentence that says why not.
pub type Done = Result<(), String>;
