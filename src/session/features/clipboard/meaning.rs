//! What a text of another program means as bytes, in the column that has the focus; and what to ask when it is not
//! clear.

use crate::bytes::Span;
use crate::decode::{DType, Encoding, paste_formats};
use crate::document::Content;
use crate::session::ids::TabId;
use crate::session::panes::PaneKind;
use crate::session::tab::Tab;
use crate::session::view::Column;
use std::borrow::Cow;

/// The longest text in bytes that is read at once; a worker reads what is longer.
pub(super) const AT_ONCE: usize = 64 << 10;

/// What is pasted into: the column, and how its bytes are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub column: Kind,
    pub encoding: Encoding,
    pub dtype: DType,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bytes,
    Text,
    Values,
}

/// What a text means.
#[derive(Debug)]
pub(super) enum Meaning {
    Bytes(Vec<u8>),
    /// Which of these it is, the user says.
    Unclear(Vec<PasteOption>, Option<String>),
}

/// One way to paste.
#[derive(Clone, Debug)]
pub struct PasteOption {
    pub label: String,
    pub(super) content: Content,
    /// What is replaced: bytes as the mode has it, or just this.
    pub(super) span: Option<Span>,
    /// The first bytes, to be shown.
    pub preview: Vec<u8>,
}

/// Bytes of a preview.
const PREVIEW: usize = 256;

impl PasteOption {
    pub(super) fn bytes(label: impl Into<String>, bytes: Vec<u8>) -> Self {
        let preview = bytes[..bytes.len().min(PREVIEW)].to_vec();
        Self { label: label.into(), content: Content::Bytes(bytes), span: None, preview }
    }

    /// How many bytes are put in.
    pub fn byte_count(&self) -> u64 {
        self.content.len()
    }
}

/// A question about a paste: ways to do it, of which one is chosen.
#[derive(Debug)]
pub struct PasteChoice {
    pub title: &'static str,
    pub explanation: String,
    pub options: Vec<PasteOption>,
    /// Which one is chosen.
    pub at: usize,
    /// Where it goes: the tab as it was when it was asked.
    pub(super) tab: TabId,
}

impl Target {
    /// What a paste into the focused pane of `tab` means.
    pub fn of(tab: &Tab) -> Self {
        let column = match (tab.focus_kind(), tab.selection.column) {
            (PaneKind::Values, _) => Kind::Values,
            (_, Column::Cells) => Kind::Bytes,
            (_, Column::Text) => Kind::Text,
        };
        Self { column, encoding: tab.text_encoding(), dtype: tab.values().format.dtype }
    }

    /// The bytes of a text, when it can mean only these here.
    pub fn meaning(self, text: &str) -> Meaning {
        let fits = match self.column {
            Kind::Text => match self.encoding.encode(text) {
                Ok(bytes) => return Meaning::Bytes(bytes),
                Err(_) => paste_formats::fits(text),
            },
            Kind::Values => match values(text, self.dtype) {
                Ok(bytes) => return Meaning::Bytes(bytes),
                Err(_) => paste_formats::fits(text),
            },
            Kind::Bytes => {
                let fits = paste_formats::fits(text);
                if let Some(fit) = paste_formats::certain(&fits) {
                    return Meaning::Bytes(fit.bytes.clone());
                }
                fits
            }
        };
        let why = self.why_not(text);
        Meaning::Unclear(self.options(text, fits), why)
    }

    /// All ways to paste a text, the likeliest first.
    pub fn all(self, text: &str) -> (Vec<PasteOption>, Option<String>) {
        (self.options(text, paste_formats::fits(text)), self.why_not(text))
    }

    fn options(self, text: &str, fits: Vec<paste_formats::Fit>) -> Vec<PasteOption> {
        let mut options: Vec<PasteOption> =
            fits.into_iter().map(|fit| PasteOption::bytes(fit.label, fit.bytes)).collect();
        if let Ok(bytes) = values(text, self.dtype)
            && self.column == Kind::Values
        {
            options.insert(0, PasteOption::bytes(format!("Values of {}", self.dtype.label()), bytes));
        }
        let mut encodings = vec![self.encoding, Encoding::Utf8, Encoding::Utf16Le];
        encodings.dedup();
        for encoding in encodings {
            if let Ok(bytes) = encoding.encode(text) {
                options.push(PasteOption::bytes(format!("Text ({})", encoding.label()), bytes));
            }
        }
        let mut seen: Vec<Vec<u8>> = Vec::new();
        options.retain(|option| {
            let Content::Bytes(bytes) = &option.content else { return true };
            let is_new = !bytes.is_empty() && !seen.contains(bytes);
            if is_new {
                seen.push(bytes.clone());
            }
            is_new
        });
        options
    }

    /// Why the text is not what the column takes.
    fn why_not(self, text: &str) -> Option<String> {
        match self.column {
            Kind::Bytes => paste_formats::why_not_hex(text)
                .map(|reason| format!("The text is not only hex digits: {reason}.")),
            Kind::Text => self.encoding.encode(text).err().map(|error| format!("{error}.")),
            Kind::Values => values(text, self.dtype).err().map(|reason| format!("{reason}.")),
        }
    }
}

/// The bytes of a list of values.
fn values(text: &str, dtype: DType) -> Result<Vec<u8>, String> {
    let text = without_python(text, dtype);
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']' | '(' | ')');
    let mut bytes = Vec::new();
    for value in text.split(is_between).filter(|value| !value.is_empty()) {
        bytes.extend(dtype.encode(value).map_err(|error| error.to_string())?);
    }
    Ok(bytes)
}

/// A list of floats as our own copy and Python write it, without what is not its numbers: `float('inf')`, and what
/// stands behind `#`.
fn without_python(text: &str, dtype: DType) -> Cow<'_, str> {
    if !dtype.element.is_float() {
        return Cow::Borrowed(text);
    }
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or(line));
    Cow::Owned(lines.collect::<Vec<_>>().join("\n").replace("float(", " ").replace(['\'', '"'], " "))
}
