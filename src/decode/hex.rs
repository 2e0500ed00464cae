//! Hex text to bytes and back: typing, pasting, searching.

/// Why a text is no hex.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}, at column {column}", column = .at + 1)]
pub struct HexError {
    /// Which character of the text, from 0.
    pub at: usize,
    pub reason: String,
}

/// The bytes of `41 42`, `4142`, `0x41, 0x42`, `\x41\x42`.
pub fn parse(text: &str) -> Result<Vec<u8>, HexError> {
    let _ = text;
    todo!()
}

/// Two digits a byte, `separator` between bytes.
pub fn format(bytes: &[u8], upper: bool, separator: &str) -> String {
    let _ = (bytes, upper, separator);
    todo!()
}
