//! An array, or the selected part of it, handed to other programs: copied as text, exported to a file; and a file's
//! bytes read as the array of another.

use super::view::ArrayView;
use super::{ArrayJobs, ArrayPart, BarField, TabArrays};
use crate::bytes::SharedSource;
use crate::bytes::open;
use crate::decode::array::Array;
use crate::escape::{PathText, is_hidden};
use crate::export::arrays::{Export, ExportError, MAX_TEXT_BYTES};
use crate::export::{self, FORMATS, WriteArray};
use crate::formats::{self, Entry};
use crate::job::{Job, Poll, Progress};
use crate::save::whole::{Durability, write_whole};
use crate::session::naming::IS_OPEN;
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::{Session, TabId, words};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const COPYING: &str = "Copying";

/// What a handing over came to.
pub(super) enum Handed {
    Copied {
        text: String,
        /// The items in C order, where they have whole bytes.
        bytes: Option<Arc<[u8]>>,
        is_text: bool,
    },
    Exported(PathBuf),
    Like(Box<Entry>),
}

/// A handing over that is under way.
pub struct Handing {
    tab: TabId,
    pub(super) label: String,
    pub(super) job: Job<Result<Handed, String>>,
}

/// The array that is handed over, and what it is called.
struct HandOver {
    source: SharedSource,
    array: Array,
    path: Option<PathBuf>,
    name: String,
}

impl HandOver {
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

impl Session {
    /// Copies the selected items as a spreadsheet and Python take them.
    pub(in crate::session) fn copy_array(&mut self) {
        let usual = export::number_of("tsv").unwrap_or(0);
        self.copy_array_text(usual, false);
    }

    /// Copies the selected items as the text of a format.
    pub(super) fn copy_array_as(&mut self, format: usize) {
        self.copy_array_text(format, true);
    }

    fn copy_array_text(&mut self, format: usize, is_text: bool) {
        let Some(format) = FORMATS.get(format).filter(|format| format.is_text) else { return };
        let Some(write) = format.of_array else { return };
        let Some(tab) = self.tabs.front() else { return };
        let id = tab.id;
        let ready = tab.handed(ArrayPart::Selection).and_then(|handed| {
            let bytes = handed.array.items().saturating_mul(handed.array.item_bytes());
            let many = bytes.max(handed.array.items());
            if many > MAX_TEXT_BYTES && format.name != "memmap" {
                return Err(format!(
                    "{} are too much for the clipboard. Select at most 16 MiB, or export the array to a file.",
                    words::bytes(bytes)
                ));
            }
            Ok(handed)
        });
        match ready {
            Ok(handed) => self.start_copying(id, move |progress| {
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
                Ok(Handed::Copied { text, bytes, is_text })
            }),
            Err(reason) => self.context.say(reason),
        }
    }

    /// Writes a part of the array to a file.
    pub(super) fn export_array(
        &mut self,
        id: TabId,
        format: usize,
        part: ArrayPart,
        path: PathBuf,
        replace: bool,
    ) {
        let Some(form) = FORMATS.get(format).and_then(|format| format.of_array) else { return };
        let Some(tab) = self.tabs.get(id) else { return };
        match tab.handed(part) {
            Ok(handed) => {
                if !path.is_absolute() {
                    self.context.refuse(String::from("Give the full path of the file, starting with /."));
                    return;
                }
                let open = self.tabs.open_files();
                if open.iter().any(|own| own.location.as_path() == path) {
                    self.context.refuse(String::from(IS_OPEN));
                    return;
                }
                self.context.close_dialog();
                let name = path.file_name().unwrap_or_default().shown().to_string();
                self.start_handing(id, format!("Exporting {name}"), move |progress| {
                    if open::leads_to_one_of(&path, &open) {
                        return Err(format!("{} was not written. {IS_OPEN}", path.shown()));
                    }
                    let write = |out: &mut dyn std::io::Write| handed.write(form, progress, out);
                    write_whole(&path, replace, Durability::Synced, write).map_err(|error| {
                        format!("{} was not written: {}", path.shown(), export_words(&error))
                    })?;
                    Ok(Handed::Exported(path))
                });
            }
            Err(reason) => self.context.refuse(reason),
        }
    }

    /// Reads the header of another file, for its dtype and shape.
    pub(super) fn show_like(&mut self, id: TabId, path: PathBuf) {
        let Some(tab) = self.tabs.get(id) else { return };
        let wanted = tab.array().and_then(|view| view.name.clone());
        self.context.close_dialog();
        self.start_handing(id, String::from("Reading the header"), move |progress| {
            golden(&path, wanted.as_deref(), progress).map(|entry| Handed::Like(Box::new(entry)))
        });
    }

    /// Of several copies the last one is meant: those that are under way end.
    fn start_copying(
        &mut self,
        tab: TabId,
        work: impl FnOnce(&Progress) -> Result<Handed, String> + Send + 'static,
    ) {
        self.stop_copying();
        self.features.clipboard.forget_textless_clip();
        self.start_handing(tab, String::from(COPYING), work);
    }

    fn start_handing(
        &mut self,
        tab: TabId,
        label: String,
        work: impl FnOnce(&Progress) -> Result<Handed, String> + Send + 'static,
    ) {
        match Job::spawn("hand over", self.context.waker(), work) {
            Ok(job) => self.features.arrays.handing.push(Handing { tab, label, job }),
            Err(error) => self.context.say(format!("No thread could be started ({error}).")),
        }
    }

    pub(super) fn poll_handing(&mut self) {
        let mut at = 0;
        while at < self.features.arrays.handing.len() {
            let answer = self.features.arrays.handing[at].job.poll();
            if matches!(answer, Poll::Running) {
                at += 1;
                continue;
            }
            let work = self.features.arrays.handing.remove(at);
            let done = match answer {
                Poll::Done(Ok(handed)) => self.handed_over(work.tab, handed),
                Poll::Done(Err(reason)) => Err(reason),
                Poll::Running | Poll::Lost => Err(String::from("It ended unexpectedly.")),
            };
            if let Err(reason) = done {
                self.context.notices.push(Level::Error, Topic::Clipboard, Some(work.tab), reason);
            }
        }
    }

    fn handed_over(&mut self, id: TabId, handed: Handed) -> Result<(), String> {
        match handed {
            Handed::Copied { text, bytes, is_text } => {
                let title = self.tabs.get(id).map_or_else(String::new, |tab| tab.title.clone());
                self.features.clipboard.copied_array(text, bytes, is_text, &title, &mut self.context);
                Ok(())
            }
            Handed::Exported(path) => {
                self.context.say(format!("Written: {}", path.shown()));
                Ok(())
            }
            Handed::Like(entry) => match self.tabs.get_mut(id) {
                Some(tab) => tab.show_as(&entry),
                None => Ok(()),
            },
        }
    }
}

fn export_words(error: &ExportError) -> String {
    match error {
        ExportError::Write(error) if error.kind() == std::io::ErrorKind::AlreadyExists => String::from(
            "a file with that name exists. Choose another name, or tick 'Replace an existing file'.",
        ),
        other => other.to_string(),
    }
}

/// The array of another file that a file is to be read like: the one of that name, or the only one.
fn golden(path: &Path, wanted: Option<&str>, progress: &Progress) -> Result<Entry, String> {
    let opened = open::open(path, progress).map_err(|error| error.to_string())?;
    let source = opened.source;
    let format = formats::recognise_source(&*source, path)
        .ok_or_else(|| format!("{} has no header that describes an array.", path.shown()))?;
    let mut container =
        format.read(&*source, path, progress).map_err(|error| format!("{}: {error}", path.shown()))?;
    format.complete(&mut container, path, progress);
    let named = wanted.and_then(|name| container.find(name));
    let at = named.or((container.entries.len() == 1).then_some(0)).ok_or_else(|| {
        format!(
            "{} holds {} arrays. Choose a file with a single array.",
            path.shown(),
            container.entries.len()
        )
    })?;
    let entry = container.entries.into_iter().nth(at).ok_or("The array no longer exists.")?;
    match entry.unshown {
        None => Ok(entry),
        Some(_) => Err(format!("{} can't be shown itself, so nothing can be shown like it.", entry.name)),
    }
}

impl Tab {
    /// What is handed over: the selected items, or the whole shown array where a single item is selected.
    fn handed(&self, part: ArrayPart) -> Result<HandOver, String> {
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
        Ok(HandOver { source, array, path, name })
    }

    /// The parts that an export can write, each with its shape as `40×80`; the usual one first.
    pub fn export_parts(&self) -> Vec<(ArrayPart, String)> {
        let Some(view) = self.array() else { return Vec::new() };
        let sides = |shape: &[u64]| {
            let sides: Vec<String> = shape.iter().map(|side| words::grouped(*side)).collect();
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

    /// Shows the file's bytes from the first on as an array of another file.
    fn show_as(&mut self, entry: &Entry) -> Result<(), String> {
        let mut bar = ArrayView::bar_of(entry, 0);
        let whole = Array::new(entry.item.clone(), 0, entry.shape.to_vec(), entry.order)
            .is_ok_and(|array| array.check_fits(self.len()).is_ok());
        if !whole {
            bar.set(super::BarField::Shape, String::from("-1"));
        }
        let view = ArrayView::new(None, bar, self.len(), &self.offset_reader(self.typed_key()))?;
        self.put_array(view, None);
        Ok(())
    }
}

impl ArrayJobs {
    /// Ends what is being made for the clipboard.
    pub(in crate::session) fn stop_copying(&mut self) {
        self.handing.retain(|handing| handing.label != COPYING);
    }
}

impl TabArrays {
    /// Whether there is anything for the panel.
    pub fn has_panel(&self) -> bool {
        self.found.is_some() || self.error.is_some()
    }
}
