//! Copies an array or a selected part of it as text, and exports it to a file.

use crate::bytes::{SharedSource, open};
use crate::decode::array::Array;
use crate::escape::{PathText, is_hidden};
use crate::export::arrays::{Export, ExportError, MAX_TEXT_BYTES};
use crate::export::{self, FORMATS, WriteArray};
use crate::job::Progress;
use crate::save::whole_file::{Durability, write_whole};
use crate::session::arrays::{ArrayPart, BarField};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::effect::Effect;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::name_request::IS_OPEN;
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::path::PathBuf;
use std::sync::Arc;

/// What is on its way to other programs.
#[derive(Debug, Default)]
pub(in crate::session) struct ArrayExport {
    copying: Jobs<TabId, Result<CopiedArray, String>>,
    writing: Jobs<TabId, Result<PathBuf, String>>,
}

/// Elements of an array, for the clipboard.
#[derive(Debug)]
struct CopiedArray {
    text: String,
    /// The elements in C order, where they have whole bytes.
    bytes: Option<Arc<[u8]>>,
    is_text: bool,
}

/// The array that is handed over, and what it is called.
struct HandedArray {
    source: SharedSource,
    array: Array,
    path: Option<PathBuf>,
    name: String,
}

impl HandedArray {
    fn write(
        &self,
        write: WriteArray,
        progress: &Progress,
        out: &mut dyn std::io::Write,
    ) -> Result<(), ExportError> {
        let export = Export {
            source: &*self.source,
            array: &self.array,
            path: self.path.as_deref(),
            name: &self.name,
            progress,
        };
        write(&export, out)
    }
}

impl ArrayExport {
    /// Takes what workers have made since the last call.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let tell = |context: &mut Context, id: TabId, reason: String| {
            context.notices.push(Level::Error, Topic::Clipboard, Some(id), reason);
        };
        for ended in self.copying.drain_finished() {
            match ended.answer {
                Some(Ok(CopiedArray { text, bytes, is_text })) => {
                    let title = tabs.title(ended.what).to_owned();
                    context.want(Effect::ArrayCopied { text, bytes, is_text, title });
                }
                Some(Err(reason)) => tell(context, ended.what, reason),
                None => tell(context, ended.what, String::from("The copy ended unexpectedly.")),
            }
        }
        for ended in self.writing.drain_finished() {
            match ended.answer {
                Some(Ok(path)) => context.say(format!("Written: {}", path.shown())),
                Some(Err(reason)) => tell(context, ended.what, reason),
                None => tell(context, ended.what, String::from("The export ended unexpectedly.")),
            }
        }
    }

    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.copying.activities().chain(self.writing.activities())
    }

    /// Ends what is on its way; `false` when nothing is.
    pub fn cancel(&mut self, context: &mut Context) -> bool {
        context.say_stopped(self.copying.clear() | self.writing.clear())
    }

    /// Ends what is being made for the clipboard.
    pub fn stop_copying(&mut self) {
        self.copying.clear();
    }

    /// Copies the selected elements as a spreadsheet and Python take them.
    pub fn copy(&mut self, tabs: &Tabs, context: &mut Context) {
        let usual = export::number_of("tsv").unwrap_or(0);
        self.copy_text(usual, false, tabs, context);
    }

    /// Copies the selected elements as the text of a format.
    pub fn copy_as(&mut self, format: usize, tabs: &Tabs, context: &mut Context) {
        self.copy_text(format, true, tabs, context);
    }

    fn copy_text(&mut self, format: usize, is_text: bool, tabs: &Tabs, context: &mut Context) {
        let Some(format) = FORMATS.get(format).filter(|format| format.is_text) else { return };
        let Some(write) = format.of_array else { return };
        let Some(tab) = tabs.front() else { return };
        let handed =
            match tab.handed(ArrayPart::Selection).and_then(|handed| fits_clipboard(handed, format.name)) {
                Ok(handed) => handed,
                Err(reason) => return context.say(reason),
            };
        // Of several copies the last one is meant: those that are under way end.
        self.copying.clear();
        context.want(Effect::ArrayIsCopied);
        let task = Task::shown("hand over", "Copying").about(tab.id);
        let started = self.copying.start(context.waker(), task, tab.id, move |progress| {
            let mut text = Vec::new();
            handed
                .write(write, progress, &mut text)
                .map_err(|error| format!("Nothing was copied: {error}"))?;
            let text = String::from_utf8_lossy(&text).into_owned();
            let mut bytes = Vec::new();
            let raw = FORMATS.iter().find(|raw| raw.name == "raw" && format.name != "memmap");
            let raw = raw.and_then(|raw| raw.of_array);
            let done = raw.map(|raw| handed.write(raw, progress, &mut bytes));
            let bytes = done.is_some_and(|done| done.is_ok()).then(|| bytes.into());
            Ok(CopiedArray { text, bytes, is_text })
        });
        if let Err((error, _)) = started {
            context.say(format!("No thread could be started ({error})."));
        }
    }

    /// Writes a part of the array to a file; with `replace` over one that is there.
    pub fn write(
        &mut self,
        (format, part): (usize, ArrayPart),
        path: PathBuf,
        replace: bool,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Some(form) = FORMATS.get(format).and_then(|format| format.of_array) else { return };
        let Some(tab) = tabs.front() else { return };
        let handed = match tab.handed(part) {
            Ok(handed) => handed,
            Err(reason) => return context.refuse(reason),
        };
        if !path.is_absolute() {
            return context.refuse(String::from("Type the full path of the file, starting with /."));
        }
        let open = tabs.open_files();
        if open.iter().any(|own| own.location.as_path() == path) {
            return context.refuse(String::from(IS_OPEN));
        }
        context.close_dialog();
        let name = path.file_name().unwrap_or_default().shown();
        let task = Task::shown("hand over", format!("Exporting {name}")).about(tab.id);
        let started = self.writing.start(context.waker(), task, tab.id, move |progress| {
            if open::leads_to_one_of(&path, &open) {
                return Err(format!("{} was not written. {IS_OPEN}", path.shown()));
            }
            let write = |out: &mut dyn std::io::Write| handed.write(form, progress, out);
            write_whole(&path, replace, Durability::Synced, write)
                .map_err(|error| format!("{} was not written: {}", path.shown(), export_words(&error)))?;
            Ok(path)
        });
        if let Err((error, _)) = started {
            context.say(format!("No thread could be started ({error})."));
        }
    }
}

/// What goes to the clipboard, if it is not too much for that.
fn fits_clipboard(handed: HandedArray, format: &str) -> Result<HandedArray, String> {
    let bytes = handed.array.items().saturating_mul(handed.array.item_bytes());
    let many = bytes.max(handed.array.items());
    if many > MAX_TEXT_BYTES && format != "memmap" {
        return Err(format!(
            "{} exceed the limit of the clipboard, 16 MiB. Select less, or export the array to a file.",
            describe::bytes(bytes)
        ));
    }
    Ok(handed)
}

fn export_words(error: &ExportError) -> String {
    match error {
        ExportError::Write(error) if error.kind() == std::io::ErrorKind::AlreadyExists => String::from(
            "a file with that name exists. Choose another name, or tick 'Replace an existing file'.",
        ),
        other => other.to_string(),
    }
}

impl Tab {
    /// What is handed over: the selected items, or the whole shown array where a single item is selected.
    fn handed(&self, part: ArrayPart) -> Result<HandedArray, String> {
        let view = self.array().ok_or("Show the bytes as an array first (Array menu).")?;
        let array = match part {
            ArrayPart::Selection => view.selected_array()?,
            ArrayPart::Slice => view.sliced.array.clone(),
            ArrayPart::Whole => view.base.clone(),
        };
        let source: SharedSource = match &view.unpacked {
            Some(unpacked) => unpacked.source.clone(),
            None => Arc::new(self.shown().clone()),
        };
        let path = self.file.as_ref().filter(|_| view.unpacked.is_none()).map(|file| file.path().to_owned());
        let name = view.name.as_deref().unwrap_or_default().to_owned();
        Ok(HandedArray { source, array, path, name })
    }

    /// The parts that an export can write, each with its shape as `40×80`; the usual one first.
    pub fn export_parts(&self) -> Vec<(ArrayPart, String)> {
        let Some(view) = self.array() else { return Vec::new() };
        let sides = |shape: &[u64]| {
            let sides: Vec<String> = shape.iter().map(|side| describe::grouped(*side)).collect();
            if sides.is_empty() { String::from("one element") } else { sides.join("×") }
        };
        let whole = (ArrayPart::Whole, sides(&view.base.shape));
        let is_sliced = !view.bar.text(BarField::Slice).trim().is_empty();
        let slice = is_sliced.then(|| (ArrayPart::Slice, sides(&view.sliced.array.shape)));
        let selection = view.selected_array().ok().map(|array| (ArrayPart::Selection, sides(&array.shape)));
        // One element is the caret, which nobody has selected.
        let (first, last) = if view.block.is_one() { (None, selection) } else { (selection, None) };
        first.into_iter().chain(slice).chain([whole]).chain(last).collect()
    }

    /// A name for an export, in the folder of the file.
    pub fn export_name(&self, format: usize) -> String {
        let extension = FORMATS.get(format).map_or("npy", |format| format.extension);
        let view = self.array().and_then(|view| view.name.as_deref());
        let stem = view.map_or_else(
            || self.title.rsplit_once('.').map_or(self.title.as_str(), |(stem, _)| stem).to_owned(),
            |name| name.replace(|c| matches!(c, '/' | '\\') || is_hidden(c), "_"),
        );
        let own = self.file.as_ref().map(|file| file.path().to_owned());
        let name = format!("{stem}.{extension}");
        let path = own.as_ref().map_or_else(|| PathBuf::from(&name), |own| own.with_file_name(&name));
        if own.as_ref() == Some(&path) {
            return path.with_file_name(format!("{stem}-copy.{extension}")).typed();
        }
        path.typed()
    }
}
