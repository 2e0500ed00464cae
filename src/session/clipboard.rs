//! Copy and paste: exact bytes of any length inside the program, text for other programs.
//!
//! What is copied is a span of a snapshot, so copying 100 GiB costs nothing. Other programs get text, up to
//! 16 MiB; above that they get a sentence that says so, which also tells our own paste that it is meant.

use super::notice::{Level, Topic};
use super::pane::PaneId;
use super::tab::Tab;
use super::view::Column;
use super::{Request, Session, words};
use crate::bytes::{ReadError, Source, Span};
use crate::decode::DType;
use crate::document::{Content, Snapshot};
use crate::export::{self, Options};
use crate::job::{Job, Poll};
use std::borrow::Cow;

/// What was copied or cut last.
#[derive(Debug)]
pub(super) struct Clip {
    snapshot: Snapshot,
    span: Span,
    /// What the system's clipboard was given; `None` while it is being made.
    text: Option<String>,
}

/// Text for the system's clipboard that is being made.
pub(super) type Copying = Job<Result<String, ReadError>>;

impl Session {
    /// Copies the selection, as bytes and as the text that the focused column shows.
    pub(super) fn copy(&mut self) {
        let Some(tab) = self.tab() else { return };
        if tab.is_in_array() {
            return self.copy_array();
        }
        let as_shown = match (tab.focus, tab.selection.column) {
            (PaneId::Values, _) => "values",
            (_, Column::Cells) => "hex",
            (_, Column::Text) => "text",
        };
        let format = export::FORMATS.iter().position(|format| format.name == as_shown).unwrap_or(0);
        let (snapshot, span) = (tab.shown().clone(), tab.selected());
        if span.is_empty() {
            return;
        }
        self.clip = Some(Clip { snapshot, span, text: None });
        self.copy_as(format, true);
    }

    /// Copies the selection as the text of one of the export formats.
    pub(super) fn copy_as(&mut self, format: usize, with_bytes: bool) {
        self.stop_copying();
        let Some(tab) = self.tab() else { return };
        let span = tab.selected();
        let Some(format) = export::FORMATS.get(format).filter(|_| !span.is_empty()) else { return };
        if span.len() > export::MAX_BYTES {
            let text = format!(
                "{} of {} are copied inside pagelens. That is too much text for other programs: select at most 16 MiB for them.",
                words::bytes(span.len()),
                tab.title
            );
            if with_bytes {
                self.set_clip_text(text.clone());
                self.request(Request::CopyText(text));
                self.say(format!("{} copied, inside pagelens only.", words::bytes(span.len())));
            } else {
                self.notices.push(
                    Level::Warning,
                    Topic::Clipboard,
                    None,
                    "More than 16 MiB can't be copied as text. Select less.",
                );
            }
            return;
        }
        let (snapshot, options) = (tab.shown().clone(), copy_options(tab, span));
        let render = format.render;
        if !with_bytes {
            self.forget_textless_clip();
        }
        let job = Job::spawn("copy", self.waker.0.clone(), move |_| {
            let mut bytes = vec![0; usize::try_from(span.len()).unwrap_or(0)];
            snapshot.read_at(span.start(), &mut bytes)?;
            Ok(render(&bytes, &options))
        });
        match job {
            Ok(job) => self.copying = Some((job, with_bytes)),
            Err(error) => {
                self.forget_textless_clip();
                self.say(format!("Nothing was copied: {error}."));
            }
        }
    }

    /// Of several copies the last one is meant: those that are under way end.
    pub(super) fn stop_copying(&mut self) {
        self.copying = None;
        self.arrays.stop_copying();
    }

    fn set_clip_text(&mut self, text: String) {
        if let Some(clip) = &mut self.clip {
            clip.text = Some(text);
        }
    }

    /// A clip whose text is not made any more would be pasted in the place of any other program's text.
    pub(super) fn forget_textless_clip(&mut self) {
        self.clip.take_if(|clip| clip.text.is_none());
    }

    pub(super) fn poll_copying(&mut self) {
        let Some((job, with_bytes)) = &mut self.copying else { return };
        let with_bytes = *with_bytes;
        match job.poll() {
            Poll::Running => return,
            Poll::Done(Ok(text)) => {
                if with_bytes {
                    self.set_clip_text(text.clone());
                }
                self.request(Request::CopyText(text));
                self.say(String::from("Copied."));
            }
            Poll::Done(Err(error)) => {
                self.forget_textless_clip();
                self.notices.push(
                    Level::Error,
                    Topic::Clipboard,
                    None,
                    format!("Nothing was copied: {error}."),
                );
            }
            Poll::Lost => {
                self.forget_textless_clip();
                self.say(String::from("Nothing was copied."));
            }
        }
        self.copying = None;
    }

    pub(super) fn cut(&mut self) {
        if self.tab().is_some_and(|tab| tab.check_editable().is_ok() && !tab.is_in_array()) {
            self.copy();
        }
        self.edit(|tab| tab.remove(tab.selected(), "Cut", None));
    }

    /// Puts in what was copied: our own bytes when the system's clipboard holds their text, else that text.
    pub(super) fn paste(&mut self, text: &str, as_text: bool) {
        if self.tab().is_some_and(Tab::is_in_array) {
            return self.paste_values(text);
        }
        let ours = self.clip.as_ref().filter(|clip| clip.text.as_deref().is_none_or(|own| own == text));
        if let Some(clip) = ours.filter(|_| !as_text) {
            let content = Content::Clip(clip.snapshot.clone(), clip.span);
            self.edit(move |tab| tab.put(content, "Paste"));
            return;
        }
        let Some(tab) = self.tab() else { return };
        match pasted_bytes(tab, text, as_text) {
            Ok(bytes) if bytes.is_empty() => self.say(String::from("There is nothing to paste.")),
            Ok(bytes) => self.edit(move |tab| tab.put(Content::Bytes(bytes), "Paste")),
            Err(reason) => self.notices.push(
                Level::Warning,
                Topic::Clipboard,
                None,
                format!("Nothing was pasted: {reason}"),
            ),
        }
    }
}

fn copy_options(tab: &Tab, span: Span) -> Options {
    Options {
        offset: span.start().saturating_add(tab.bytes.format.base),
        columns: tab.focused().columns() as usize,
        upper: tab.bytes.format.upper,
        encoding: tab.text_encoding(),
        dtype: tab.values.dtype().unwrap_or(super::DEFAULT_DTYPE),
    }
}

/// The bytes that a text of another program stands for, in the column that has the focus.
fn pasted_bytes(tab: &Tab, text: &str, as_text: bool) -> Result<Vec<u8>, String> {
    let encode = || tab.text_encoding().encode(text).map_err(|error| error.to_string());
    match (tab.focus, tab.selection.column) {
        _ if as_text => encode(),
        (PaneId::Values, _) => {
            let dtype = tab.values.dtype().unwrap_or(super::DEFAULT_DTYPE);
            let text = without_python(text, dtype);
            let values =
                text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']' | '(' | ')'));
            let mut bytes = Vec::new();
            for value in values.filter(|value| !value.is_empty()) {
                bytes.extend(dtype.encode(value).map_err(|error| error.to_string())?);
            }
            Ok(bytes)
        }
        (_, Column::Cells) => {
            let meant = export::paste::guess(text).into_iter().find(|reading| reading.is_certain);
            meant.map_or_else(encode, |reading| Ok(reading.bytes))
        }
        (_, Column::Text) => encode(),
    }
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
