//! Copy: exact bytes of any length inside the program, text and bytes for other programs.
//!
//! A copy is a span of a snapshot, so a copy of 100 GiB costs nothing. Other programs get text and bytes up to 16 MiB.
//! They get nothing of a longer copy, and a message names the command that writes it to a file.

mod meaning;
mod paste;
mod primary;
mod selection_file;
pub mod system;

pub use meaning::{PasteChoice, PasteOption};
pub use system::{ClipMark, ClipboardOffer, PasteWay, Pasted};

use crate::bytes::{ReadError, Source, Span};
use crate::document::{Content, Snapshot};
use crate::export::{self, ExportOptions};
use crate::job::Cancel;
use crate::session::action::ClipboardAction;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::effect::Effect;
use crate::session::features::compute::pasted::PastedValues;
use crate::session::jobs::{Activity, Finished, Jobs, Task};
use crate::session::notice::{Level, Topic};
use crate::session::panes::PaneKind;
use crate::session::request::Request;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::Column;
use std::sync::Arc;

/// What was copied or cut last.
#[derive(Debug)]
struct Clip {
    copied: Copied,
    mark: ClipMark,
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

/// Text and bytes for the system's clipboard, made by a worker.
type Made = Result<(String, Arc<[u8]>), ReadError>;

/// What was copied, and what is on its way to the clipboard or from it.
#[derive(Debug, Default)]
pub struct ClipboardState {
    clip: Option<Clip>,
    copying: Jobs<(), Made>,
    /// Long texts that are read to be pasted.
    reading: Jobs<paste::Place, meaning::Meaning>,
    choice: Option<PasteChoice>,
    selected: primary::Selected,
    writing: Jobs<selection_file::Target, Result<(), selection_file::WriteError>>,
}

/// What is to be pasted into an array instead of among bytes.
type IntoArray = Option<PastedValues>;

impl ClipboardState {
    /// Does what the window asks.
    pub(in crate::session) fn apply(
        &mut self,
        action: ClipboardAction,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        match action {
            ClipboardAction::Paste { pasted, way } => {
                if let Some(values) = self.paste(pasted, way, tabs, context) {
                    context.want(Effect::PasteIntoArray(values));
                }
            }
            ClipboardAction::CopyAs(format) => {
                context.want(Effect::StopCopyingArrays);
                self.copy_as(format, false, tabs, context);
            }
            ClipboardAction::PointAt(at) => self.point_at(at),
            ClipboardAction::PasteChosen => self.paste_chosen(tabs, context),
            ClipboardAction::PasteSelection => context.request(Request::PasteSelection),
            ClipboardAction::SelectionSettled => self.offer_selection(tabs, context),
        }
    }

    /// Takes what workers have made since the last call.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.copying.drain_finished() {
            self.copied(ended, context);
        }
        self.poll_reading(tabs, context);
        self.poll_selected(context);
        self.poll_writing(context);
        self.forget_choice(context);
    }

    /// What is running.
    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        self.copying.activities().chain(self.writing.activities()).chain(self.reading.activities())
    }

    /// Ends the writing of a selection, or else a paste that is being read; `false` when there is neither.
    pub(in crate::session) fn cancel(&mut self, context: &mut Context) -> bool {
        if self.writing.cancel_first() {
            return true;
        }
        let any = self.reading.clear();
        if any {
            context.say("Stopped. Nothing was pasted.");
        }
        any
    }

    /// Copies the selected bytes as the text that the focused column shows.
    pub(in crate::session) fn copy(&mut self, tabs: &Tabs, context: &mut Context) {
        if let Some(tab) = tabs.front() {
            self.copy_as(shown_format(tab), true, tabs, context);
        }
    }

    /// Copies the selection in one of the export formats: as bytes that have this text, or as the text.
    fn copy_as(&mut self, format: usize, as_bytes: bool, tabs: &Tabs, context: &mut Context) {
        self.stop_copying();
        let Some(tab) = tabs.front() else { return };
        let span = tab.selected();
        let Some(format) = export::FORMATS.get(format).filter(|_| !span.is_empty()) else { return };
        let Some(render) = format.of_bytes else { return };
        let is_inside_only = span.len() > export::MAX_BYTES;
        let mark = ClipMark::new(span.len(), !as_bytes, &tab.title);
        let (snapshot, options) = (tab.shown().clone(), copy_options(tab, span));
        if is_inside_only && !as_bytes {
            context.notices.push(Level::Warning, Topic::Clipboard, None, too_long(span, "copied as text"));
            return;
        }
        self.clip = Some(Clip {
            copied: Copied::Span(snapshot.clone(), span),
            mark: mark.clone(),
            is_values: format.name == "values",
            text: None,
            is_inside_only,
        });
        if is_inside_only {
            context.request(Request::Copy(ClipboardOffer { mark: Some(mark), ..ClipboardOffer::default() }));
            context.notices.push(
                Level::Warning,
                Topic::Clipboard,
                None,
                too_long(span, "put on the system's clipboard"),
            );
            return;
        }
        let task = Task::shown("copy", "Copying").not_cancelled().without_fraction();
        let started = self.copying.start(context.waker(), task, (), move |progress| {
            let bytes = read(&snapshot, span, progress.as_cancel())?;
            Ok((render(&bytes, &options), bytes))
        });
        if let Err((error, ())) = started {
            self.forget_textless_clip();
            context.say(format!("Nothing was copied: {error}."));
        }
    }

    /// Keeps what was copied of an array: the text of its values, and their bytes.
    pub(in crate::session) fn copied_array(
        &mut self,
        text: String,
        bytes: Option<Arc<[u8]>>,
        is_text: bool,
        title: &str,
        context: &mut Context,
    ) {
        let len = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let mark = ClipMark::new(len, is_text, title);
        self.clip = bytes.clone().map(|bytes| Clip {
            copied: Copied::Bytes(bytes),
            mark: mark.clone(),
            is_values: true,
            text: Some(text.clone()),
            is_inside_only: false,
        });
        context.request(Request::Copy(ClipboardOffer {
            text: Some(text),
            bytes,
            image: None,
            mark: Some(mark),
        }));
        context.say(String::from("Copied."));
    }

    /// Copies a text that is of no document: a path, a name.
    pub(in crate::session) fn copy_plain(&mut self, text: String, context: &mut Context) {
        self.stop_copying();
        context.request(Request::Copy(ClipboardOffer::of_text(text)));
    }

    /// Of several copies the last one is meant: those that are under way end.
    pub(in crate::session) fn stop_copying(&mut self) {
        if self.copying.clear() {
            self.forget_textless_clip();
        }
    }

    /// A clip whose text is not made any more would be pasted in the place of any other program's text.
    pub(in crate::session) fn forget_textless_clip(&mut self) {
        self.clip.take_if(|clip| clip.text.is_none());
    }

    fn copied(&mut self, ended: Finished<(), Made>, context: &mut Context) {
        let failed = match ended.answer {
            Some(Ok((text, bytes))) => {
                let Some(clip) = &mut self.clip else { return };
                clip.text = Some(text.clone());
                let offer = ClipboardOffer {
                    text: Some(text),
                    bytes: Some(bytes),
                    image: None,
                    mark: Some(clip.mark.clone()),
                };
                context.request(Request::Copy(offer));
                return context.say("Copied.");
            }
            Some(Err(error)) => format!("Nothing was copied: {error}."),
            None => String::from("Nothing was copied."),
        };
        self.forget_textless_clip();
        context.notices.push(Level::Error, Topic::Clipboard, None, failed);
    }
}

fn too_long(span: Span, what: &str) -> String {
    format!(
        "{} exceed the limit of 16 MiB, so they were not {what}. You can paste them in this window. For other programs and windows choose Edit ▸ Selection to a file….",
        describe::bytes(span.len())
    )
}

/// The bytes of a span, which the caller caps. Blocks.
fn read(snapshot: &Snapshot, span: Span, cancel: &Cancel) -> Result<Arc<[u8]>, ReadError> {
    let mut bytes = vec![0; usize::try_from(span.len()).unwrap_or(0)];
    snapshot.read_cancellable(span.start(), &mut bytes, cancel)?;
    Ok(bytes.into())
}

/// The format of the text that the focused column shows.
fn shown_format(tab: &Tab) -> usize {
    let as_shown = match (tab.focus_kind(), tab.selection.column) {
        (PaneKind::Values, _) => "values",
        (_, Column::Cells) => "hex",
        (_, Column::Text) => "text",
    };
    export::number_of(as_shown).unwrap_or(0)
}

fn copy_options(tab: &Tab, span: Span) -> ExportOptions {
    ExportOptions {
        offset: span.start().wrapping_add(tab.hex().format.base),
        columns: tab.focused().columns() as usize,
        upper: tab.hex().format.upper,
        encoding: tab.text_encoding(),
        dtype: tab.values().format.dtype,
    }
}
