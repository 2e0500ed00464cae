//! Why a text is no expression.

/// Why a text is no operation, and at which byte of it. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}.")]
pub struct ParseOperationError {
    pub text: String,
    pub at: usize,
}

/// The text with a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
