//! What a pasted text may mean as bytes.

/// One way to read a pasted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasteReading {
    pub label: &'static str,
    pub bytes: Vec<u8>,
}

/// The readings that make sense, the likeliest first.
pub fn guess(text: &str) -> Vec<PasteReading> {
    let _ = text;
    todo!()
}
