//! Commands without a window: the same engine as the window's, one file a command.
//!
//! A command answers what is to be printed and how the program is to end; it prints nothing itself, so that a test
//! can look at it.

pub mod recover;

/// What a command has to say.
#[derive(Debug, Default)]
pub struct Outcome {
    /// For standard output.
    pub lines: Vec<String>,
    /// For standard error.
    pub errors: Vec<String>,
    /// How the program ends: 0 when all is well.
    pub code: u8,
}
