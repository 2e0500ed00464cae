//! Commands without a window: the same engine as the window's, one file a command.
//!
//! A command writes what may be long to where it is told, block by block, and answers what else is to be said and how
//! the program is to end. It names no stream of the process itself, so that a test can look at it.
//!
//! | ends with | when |
//! |---|---|
//! | 0 | all is done, or whoever read the output wanted no more |
//! | 1 | something failed: a read, a value that does not fit, a save |
//! | 2 | the command can't be understood: a slice, a type, a choice to make |
//! | 3 | the file, the array, the field or the element does not exist |
//!
//! `find` and `strings` end as grep does instead: 0 found, 1 not found, 2 error. `diff` ends as cmp does: 0 equal, 1
//! different, 2 error.

pub mod arrays;
pub mod diff;
pub mod find;
pub mod get;
pub mod hash;
pub mod meant;
mod others;
pub mod patch;
pub mod plot;
mod range;
mod raw;
pub mod recover;
mod saved;
mod seen_as;
pub mod set;
pub mod stats;
pub mod strings;
mod target;
pub mod what;

use crate::escape::escape;
use crate::export::arrays::ExportError;
use std::io;

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

impl Outcome {
    /// Takes the result of the last write. It is no failure if the reader has closed the pipe.
    pub fn end(&mut self, written: io::Result<()>) {
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.errors.push(format!("The output could not be written: {error}."));
            self.code = self.code.max(FAILED);
        }
    }
}

pub const FAILED: u8 = 1;
pub const USAGE: u8 = 2;
pub const NOT_FOUND: u8 = 3;

/// Why a command stopped, and with which code the program ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CommandError {
    code: u8,
    text: String,
}

impl CommandError {
    fn failed(text: impl Into<String>) -> Self {
        Self { code: FAILED, text: text.into() }
    }

    fn usage(text: impl Into<String>) -> Self {
        Self { code: USAGE, text: text.into() }
    }

    fn not_found(text: impl Into<String>) -> Self {
        Self { code: NOT_FOUND, text: text.into() }
    }

    /// A failed export of `what`; a reader who wants no more is no failure.
    fn export(what: &str, error: &ExportError) -> Self {
        match error {
            ExportError::Write(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                Self { code: 0, text: String::new() }
            }
            error => Self::failed(format!("{what}: {error}")),
        }
    }

    fn write(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self { code: 0, text: String::new() },
            _ => Self::failed(format!("The output could not be written: {error}.")),
        }
    }
}

impl From<Result<(), CommandError>> for Outcome {
    fn from(result: Result<(), CommandError>) -> Self {
        match result {
            Ok(()) => Self::default(),
            Err(CommandError { code, text }) => {
                // Names of arrays and files are in it.
                let errors = if text.is_empty() { Vec::new() } else { vec![escape(text)] };
                Self { errors, code, ..Self::default() }
            }
        }
    }
}
