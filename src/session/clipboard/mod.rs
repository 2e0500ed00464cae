//! Copy: exact bytes of any length inside the program, text and bytes for other programs.
//!
//! What is copied is a span of a snapshot, so copying 100 GiB costs nothing. Other programs get text and bytes up to
//! 16 MiB; of what is longer they get nothing, and a message names the command that writes it to a file.

mod meaning;
mod paste;
mod primary;
pub mod system;

pub use super::action::ClipboardAction;
pub use meaning::{PasteChoice, PasteOption};
pub use system::{Mark, Offer, PasteWay, Pasted};

pub(super) use paste::Reading;
pub(super) use primary::Selected;

use super::notice::{Level, Topic};
use super::pane::PaneId;
use super::tab::Tab;
use super::view::Column;
use super::{Request, Session, words};
use crate::bytes::{ReadError, Source, Span};
use crate::document::{Content, Snapshot};
use crate::export::{self, Options};
use crate::job::{Job, Poll};
use std::sync::Arc;

/// What was copied or cut last.
#[derive(Debug)]
pub(super) struct Clip {
    copied: Copied,
    mark: Mark,
    /// Its text is a list of values.
    is_values: bool,
    /// What the system's clipboard was given; `None` while it is being made, and of what is too long for it.
    text: Option<String>,
    /// Nothing of it is on the system's clipboard, as it is too long.
    is_inside_only: bool,
}

#[derive(Debug)]
enum Copied {
    Span(Snapshot, Span),
    /// The items of an array, in C order.
    Bytes(Arc<[u8]>),
}

impl Copied {
    fn content(&self) -> Content {
        match self {
            Self::Span(snapshot, span) => Content::Clip(snapshot.clone(), *span),
            Self::Bytes(bytes) => Content::Bytes(bytes.to_vec()),
        }
    }
}

/// Text and bytes for the system's clipboard that are being made.
pub(super) type Copying = Job<Result<(String, Arc<[u8]>), ReadError>>;

impl Session {
    /// Copies the selection, as bytes and as the text that the focused column shows.
    pub(super) fn copy(&mut self) {
        let Some(tab) = self.tabs.front() else { return };
        if tab.is_in_array() {
            return self.copy_array();
        }
        self.copy_as(shown_format(tab), true);
    }

    /// Copies the selection in one of the export formats: as bytes that have this text, or as the text.
    pub(super) fn copy_as(&mut self, format: usize, as_bytes: bool) {
        self.stop_copying();
        let Some(tab) = self.tabs.front() else { return };
        let span = tab.selected();
        let Some(format) = export::FORMATS.get(format).filter(|_| !span.is_empty()) else { return };
        let is_inside_only = span.len() > export::MAX_BYTES;
        let mark = Mark::new(span.len(), !as_bytes, &tab.title);
        let (snapshot, options) = (tab.shown().clone(), copy_options(tab, span));
        if is_inside_only && !as_bytes {
            self.context.notices.push(
                Level::Warning,
                Topic::Clipboard,
                None,
                too_long(span, "copied as text"),
            );
            return;
        }
        self.features.clip = Some(Clip {
            copied: Copied::Span(snapshot.clone(), span),
            mark: mark.clone(),
            is_values: format.name == "values",
            text: None,
            is_inside_only,
        });
        if is_inside_only {
            self.context.request(Request::Copy(Offer { text: None, bytes: None, mark: Some(mark) }));
            self.context.notices.push(
                Level::Warning,
                Topic::Clipboard,
                None,
                too_long(span, "put on the system's clipboard"),
            );
            return;
        }
        let render = format.render;
        let job = Job::spawn("copy", self.context.waker(), move |_| {
            let bytes = read(&snapshot, span)?;
            Ok((render(&bytes, &options), bytes))
        });
        match job {
            Ok(job) => self.features.copying = Some(job),
            Err(error) => {
                self.forget_textless_clip();
                self.context.say(format!("Nothing was copied: {error}."));
            }
        }
    }

    /// Keeps what was copied of an array: the text of its values, and their bytes.
    pub(super) fn copied_array(
        &mut self,
        text: String,
        bytes: Option<Arc<[u8]>>,
        is_text: bool,
        title: &str,
    ) {
        let len = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let mark = Mark::new(len, is_text, title);
        self.features.clip = bytes.clone().map(|bytes| Clip {
            copied: Copied::Bytes(bytes),
            mark: mark.clone(),
            is_values: true,
            text: Some(text.clone()),
            is_inside_only: false,
        });
        self.context.request(Request::Copy(Offer { text: Some(text), bytes, mark: Some(mark) }));
        self.context.say(String::from("Copied."));
    }

    /// Copies a text that is of no document: a path, a name.
    pub(super) fn copy_plain(&mut self, text: String) {
        self.stop_copying();
        self.context.request(Request::Copy(Offer::of_text(text)));
    }

    /// Of several copies the last one is meant: those that are under way end.
    pub(super) fn stop_copying(&mut self) {
        if self.features.copying.take().is_some() {
            self.forget_textless_clip();
        }
        self.features.arrays.stop_copying();
    }

    /// A clip whose text is not made any more would be pasted in the place of any other program's text.
    pub(super) fn forget_textless_clip(&mut self) {
        self.features.clip.take_if(|clip| clip.text.is_none());
    }

    pub(super) fn poll_copying(&mut self) {
        let Some(job) = &mut self.features.copying else { return };
        let failed = match job.poll() {
            Poll::Running => return,
            Poll::Done(Ok((text, bytes))) => {
                self.features.copying = None;
                let Some(clip) = &mut self.features.clip else { return };
                clip.text = Some(text.clone());
                let offer = Offer { text: Some(text), bytes: Some(bytes), mark: Some(clip.mark.clone()) };
                self.context.request(Request::Copy(offer));
                return self.context.say(String::from("Copied."));
            }
            Poll::Done(Err(error)) => format!("Nothing was copied: {error}."),
            Poll::Lost => String::from("Nothing was copied."),
        };
        self.features.copying = None;
        self.forget_textless_clip();
        self.context.notices.push(Level::Error, Topic::Clipboard, None, failed);
    }

    pub(super) fn cut(&mut self) {
        if self.tabs.front().is_some_and(|tab| tab.check_editable().is_ok() && !tab.is_in_array()) {
            self.copy();
        }
        self.edit(|tab| tab.remove(tab.selected(), "Cut", None));
    }
}

fn too_long(span: Span, what: &str) -> String {
    format!(
        "{} are too much to be {what}; the limit is 16 MiB. You can paste them in this window. For other \
         programs and windows choose 'Selection to a file…' in the Edit menu.",
        words::bytes(span.len())
    )
}

/// The bytes of a span, which the caller caps. Blocks.
fn read(snapshot: &Snapshot, span: Span) -> Result<Arc<[u8]>, ReadError> {
    let mut bytes = vec![0; usize::try_from(span.len()).unwrap_or(0)];
    snapshot.read_at(span.start(), &mut bytes)?;
    Ok(bytes.into())
}

/// The format of the text that the focused column shows.
fn shown_format(tab: &Tab) -> usize {
    let as_shown = match (tab.focus, tab.selection.column) {
        (PaneId::Values, _) => "values",
        (_, Column::Cells) => "hex",
        (_, Column::Text) => "text",
    };
    export::FORMATS.iter().position(|format| format.name == as_shown).unwrap_or(0)
}

fn copy_options(tab: &Tab, span: Span) -> Options {
    Options {
        offset: span.start().wrapping_add(tab.bytes.format.base),
        columns: tab.focused().columns() as usize,
        upper: tab.bytes.format.upper,
        encoding: tab.text_encoding(),
        dtype: tab.values.dtype().unwrap_or(super::DEFAULT_DTYPE),
    }
}
