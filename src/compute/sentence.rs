//! Reasons as sentences.

/// A reason with a capital letter and a full stop.
pub(super) fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let capital =
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    if capital.ends_with('.') { capital } else { capital + "." }
}
