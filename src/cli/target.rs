//! Which array a command is about: `FILE`, `FILE::ARRAY`, or a raw file seen as an array by options.
//!
//! Only the header of the file is read.

use super::CommandError;
use super::raw::Raw;
use super::seen_as::seen_as;
use crate::bytes::SharedSource;
use crate::bytes::open::{OpenError, Opened, leads_to_one_of, open};
use crate::decode::array::Array;
use crate::decode::shape::left_over_words;
use crate::decode::slice::{Slice, SliceError, Sliced};
use crate::decode::{OffsetContext, Radix, evaluate};
use crate::escape::PathText;
use crate::formats::{Container, Entry, Format, HEAD, Home, recognise};
use crate::job::Progress;
use std::path::{Path, PathBuf};

/// Of what is compressed so many bytes are kept at most.
const MOST_INFLATED: u64 = 16 << 30;

/// A container's shards lead to others at most this often.
const MOST_FILES: usize = 3;

/// Names that are listed where one has to be chosen.
const SHOWN_NAMES: usize = 12;

/// An array that was found.
#[derive(Debug)]
pub(crate) struct Target {
    /// The file that holds the bytes.
    pub opened: Opened,
    /// The files that led to it: indexes of shards.
    pub through: Vec<Opened>,
    /// Where the bytes are that `array` is over, if they don't lie in the file as they are.
    pub deflated: Option<Home>,
    pub format: Option<&'static dyn Format>,
    /// Empty for the array of a file with one, and for raw ones.
    pub name: String,
    pub array: Array,
    /// What is to be said of it: bytes that are left over, a doubtful name of a type.
    pub notes: Vec<String>,
}

/// The bytes of a part of an array, and the part as it lies in them.
pub(crate) struct PartBytes {
    pub source: SharedSource,
    pub array: Array,
    /// Why they are not to be trusted, as a sentence with the place.
    pub damage: Option<String>,
}

impl std::fmt::Debug for dyn Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.label())
    }
}

/// Opens the file of `text`, and says what stands behind `::`.
pub(crate) fn open_file(text: &Path) -> Result<(Opened, Option<String>), CommandError> {
    let progress = Progress::default();
    let whole = open(text, &progress);
    let name = text.to_string_lossy();
    if let Err(OpenError::Missing { .. }) = &whole {
        for (at, mark) in name.match_indices("::") {
            match open(Path::new(&name[..at]), &progress) {
                Err(OpenError::Missing { .. }) => {}
                Ok(opened) => return Ok((opened, Some(name[at + mark.len()..].to_owned()))),
                Err(error) => return Err(CommandError::failed(error.to_string())),
            }
        }
    }
    match whole {
        Ok(opened) => Ok((opened, None)),
        Err(OpenError::Missing { path }) => {
            let file = path.to_string_lossy();
            let file = file.split_once("::").map_or(&*file, |(file, _)| file);
            Err(CommandError::not_found(format!("{file}: there is no such file.")))
        }
        Err(error) => Err(CommandError::failed(error.to_string())),
    }
}

/// The container that an open file is.
pub(crate) fn container(opened: &Opened) -> Result<Option<(&'static dyn Format, Container)>, CommandError> {
    let mut head = vec![0; opened.len.min(HEAD as u64) as usize];
    let place = opened.asked.shown();
    opened
        .source
        .read_at(0, &mut head)
        .map_err(|error| CommandError::failed(format!("{place}: {error}.")))?;
    let Some(format) = recognise(&head, opened.path()) else { return Ok(None) };
    let read = format.read(&*opened.source, opened.path(), &Progress::default());
    let container = read.map_err(|error| CommandError::failed(format!("{place}: {error}")))?;
    Ok(Some((format, container)))
}

/// The array of `text`, or the raw file as the options see it.
pub(crate) fn find(text: &Path, raw: &Raw) -> Result<Target, CommandError> {
    let (opened, name) = open_file(text)?;
    let asks_raw = raw.is_given();
    match container(&opened) {
        Ok(Some((format, container))) => {
            let target = of_container(opened, format, &container, name, MOST_FILES)?;
            if !asks_raw {
                return Ok(target);
            }
            let place = target.place();
            let array = seen_as(&target.array, raw)
                .map_err(|text| CommandError::usage(format!("{place}: {text}")))?;
            Ok(Target { array, notes: raw.type_note(), ..target })
        }
        // Of a header that can't be read the bytes can be seen all the same.
        Err(_) if asks_raw && name.is_none() => as_raw(opened, raw),
        Err(stop) => Err(stop),
        Ok(None) => match name {
            Some(name) => Err(CommandError::not_found(format!(
                "{}: no array '{name}': this kind of file does not name its arrays. Read it as raw values with --dtype.",
                opened.asked.shown()
            ))),
            None => as_raw(opened, raw),
        },
    }
}

fn of_container(
    opened: Opened,
    format: &'static dyn Format,
    container: &Container,
    name: Option<String>,
    files: usize,
) -> Result<Target, CommandError> {
    let place = opened.asked.shown();
    let at = match &name {
        Some(name) => container.find(name).ok_or_else(|| {
            CommandError::not_found(format!("{place}: there is no array '{name}'.{}", names(container)))
        })?,
        None if container.entries.len() == 1 => 0,
        None if container.entries.is_empty() => {
            return Err(CommandError::not_found(format!("{place}: the file holds no arrays.")));
        }
        None => {
            return Err(CommandError::usage(format!(
                "{place} holds {} arrays. Name one: {place}::{}.{}",
                container.entries.len(),
                container.entries[0].name,
                names(container)
            )));
        }
    };
    of_entry(opened, format, container, at, files)
}

/// An open file, and its arrays: each, or why it can't be read. `None` for a file without a header.
pub(super) type AllArrays = (Opened, Option<Vec<Result<Target, CommandError>>>);

/// All arrays of the file of `text`, which names none.
pub(super) fn all_arrays(text: &Path) -> Result<AllArrays, CommandError> {
    let (opened, _) = open_file(text)?;
    let Some((format, container)) = container(&opened)? else { return Ok((opened, None)) };
    let entries = 0..container.entries.len();
    let targets = entries.map(|at| of_entry(opened.clone(), format, &container, at, MOST_FILES)).collect();
    Ok((opened, Some(targets)))
}

/// The array of one entry of a container.
///
/// # Errors
/// [`CommandError`] when it can't be read.
pub(super) fn entry_of(
    opened: Opened,
    format: &'static dyn Format,
    container: &Container,
    at: usize,
) -> Result<Target, CommandError> {
    of_entry(opened, format, container, at, MOST_FILES)
}

/// The array of one entry.
fn of_entry(
    opened: Opened,
    format: &'static dyn Format,
    container: &Container,
    at: usize,
    files: usize,
) -> Result<Target, CommandError> {
    let place = opened.asked.shown().to_string();
    let entry = &container.entries[at];
    let what = if entry.name.is_empty() { place.clone() } else { format!("{place}::{}", entry.name) };
    let (offset, len, deflated) = match &entry.home {
        Home::Here(offset) => (*offset, opened.len, None),
        Home::Deflated { offset, len, .. } => (*offset, *len, Some(entry.home.clone())),
        Home::File(file) => {
            let mut target = shard(&opened, file, entry, files)?;
            target.through.push(opened);
            return Ok(target);
        }
        Home::Nowhere(reason) => return Err(CommandError::failed(format!("{what}: {reason}"))),
    };
    let array = entry.array_at(offset).and_then(|array| array.check_fits(len).map(|()| array));
    let array = array.map_err(|error| CommandError::failed(format!("{what}: {error}")))?;
    Ok(Target {
        deflated,
        format: Some(format),
        name: entry.name.to_string(),
        array,
        opened,
        through: Vec::new(),
        notes: Vec::new(),
    })
}

/// The same array in another file of the folder.
fn shard(opened: &Opened, file: &str, entry: &Entry, files: usize) -> Result<Target, CommandError> {
    let path: PathBuf = opened.path().parent().unwrap_or(Path::new("")).join(file);
    let plain = Path::new(file).components().count() == 1 && Path::new(file).file_name().is_some();
    if !plain || files == 0 {
        return Err(CommandError::failed(format!(
            "{}: '{}' is listed in '{file}', which is not a file in the same folder.",
            opened.asked.shown(),
            entry.name
        )));
    }
    let shard = open(&path, &Progress::default()).map_err(|error| match error {
        OpenError::Missing { path } => CommandError::not_found(format!(
            "{}: there is no such file, but '{}' of {} is stored in it.",
            path.shown(),
            entry.name,
            opened.asked.shown()
        )),
        error => CommandError::failed(error.to_string()),
    })?;
    match container(&shard)? {
        Some((format, container)) => {
            of_container(shard, format, &container, Some(entry.name.to_string()), files - 1)
        }
        None => Err(CommandError::failed(format!("{}: this kind of file holds no arrays.", path.shown()))),
    }
}

/// The names of a container's arrays, as a sentence.
pub(super) fn names(container: &Container) -> String {
    let shown: Vec<&str> = container.entries.iter().take(SHOWN_NAMES).map(|entry| &*entry.name).collect();
    let more = if container.entries.len() > SHOWN_NAMES { ", …" } else { "" };
    if shown.is_empty() { String::new() } else { format!(" There are: {}{more}.", shown.join(", ")) }
}

fn as_raw(opened: Opened, raw: &Raw) -> Result<Target, CommandError> {
    let place = opened.asked.shown().to_string();
    if raw.strides.is_some() && raw.shape.is_none() {
        return Err(CommandError::usage(format!("{place}: --strides needs a --shape.")));
    }
    // Read as in the window: numbers, sums, `end`, and from the end with a minus.
    let here = OffsetContext { here: 0, len: opened.len, base: 0, default_radix: Radix::Decimal };
    let offset_of = |text: &str| evaluate(text, &here).map_err(|error| error.to_string());
    raw.check_layout()?;
    let read = raw.texts().read(opened.len, &offset_of).map_err(|faults| raw.stop(&faults, &place))?;
    let mut notes = raw.type_note();
    notes.extend(left_over_words(read.left_over).map(|words| format!("{place}: {words}")));
    Ok(Target {
        opened,
        through: Vec::new(),
        deflated: None,
        format: None,
        name: String::new(),
        array: read.array,
        notes,
    })
}

/// Which character of a text a byte of it is in, from 1.
pub(super) fn character(text: &str, byte: usize) -> usize {
    text[..text.floor_char_boundary(byte)].chars().count() + 1
}

impl Target {
    /// Whether `path` leads, under any name, to a file that was read to find the array.
    pub fn is_read_from(&self, path: &Path) -> bool {
        let read = std::iter::once(&self.opened).chain(&self.through);
        let read: Vec<_> = read.map(|opened| opened.origin.clone()).collect();
        leads_to_one_of(path, &read)
    }

    /// The file and the array in it, for messages.
    pub fn place(&self) -> String {
        let file = self.opened.asked.shown();
        if self.name.is_empty() { file.to_string() } else { format!("{file}::{}", self.name) }
    }

    /// The bytes of a part of the array, and the part as it lies in them. Of a compressed array no more is decompressed
    /// than reaches the part's end, and no more is kept than the part has.
    ///
    /// # Errors
    /// [`CommandError`] when the array can't be decompressed.
    pub fn bytes_of(&self, part: Array) -> Result<PartBytes, CommandError> {
        let (Some(format), Some(home), Some(extent)) = (self.format, &self.deflated, part.extent()) else {
            return Ok(PartBytes { source: self.opened.source.clone(), array: part, damage: None });
        };
        let source = &*self.opened.source;
        let inflated = format
            .open_entry(source, home, Some(extent), MOST_INFLATED, &Progress::default())
            .map_err(|error| CommandError::failed(format!("{}: {error}", self.place())))?;
        let damage = inflated.damage.map(|damage| format!("{}: {damage}", self.place()));
        let array = Array { offset: part.offset - extent.start(), ..part };
        Ok(PartBytes { source: inflated.source, array, damage })
    }

    /// The part that `text` asks for; none: the whole.
    ///
    /// # Errors
    /// [`CommandError`] when the text is no slice, or not one of this array.
    pub fn slice(&self, text: Option<&str>) -> Result<Sliced, CommandError> {
        let text = text.unwrap_or("");
        let slice: Slice = text.parse().map_err(|error: crate::decode::slice::ParseSliceError| {
            CommandError::usage(format!(
                "The slice {text}, at character {}: {error}",
                character(text, error.at)
            ))
        })?;
        self.array.slice(&slice).map_err(|error| {
            let sentence = format!("{}: {error}", self.place());
            match error {
                SliceError::OutOfRange { .. } | SliceError::NoField { .. } => {
                    CommandError::not_found(sentence)
                }
                _ => CommandError::usage(sentence),
            }
        })
    }
}
