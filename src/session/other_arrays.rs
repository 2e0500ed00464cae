//! The arrays of a container that an expression names: `other('b')`.
//!
//! They are found by name in the header as it was read, and cut as the array that the expression is about. What is
//! compressed is decompressed first, so this is for workers.

use super::tab::Tab;
use crate::bytes::SharedSource;
use crate::compute::OtherArray;
use crate::decode::array::Array;
use crate::formats::{Container, Entry, Format, Home};
use crate::job::Progress;
use std::fmt;
use std::sync::Arc;

/// Of what is compressed so many bytes are kept at most.
const MOST_UNPACKED: u64 = 2 << 30;

/// Names that are listed where one is not known.
const SHOWN_NAMES: usize = 12;

/// The part of another array that belongs to the elements at hand.
type Cut<'c> = &'c dyn Fn(&Array) -> Result<Array, String>;

/// The arrays of a tab's container over its bytes as they are now.
#[derive(Clone)]
pub(in crate::session) struct OtherArrays {
    container: Option<(Arc<Container>, &'static dyn Format)>,
    bytes: SharedSource,
}

impl fmt::Debug for OtherArrays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtherArrays")
    }
}

impl OtherArrays {
    /// Those of a tab.
    pub fn of(tab: &Tab) -> Self {
        let found = tab.arrays.found.as_ref();
        let container = found.map(|found| (Arc::clone(&found.container), found.format));
        Self { container, bytes: Arc::new(tab.shown().clone()) }
    }

    /// Whether there are arrays of these names with such a part. Nothing is read.
    ///
    /// # Errors
    /// A sentence when there is one that can't be used.
    pub fn check(&self, names: &[&str], cut: Cut<'_>) -> Result<(), String> {
        names.iter().try_for_each(|name| self.found(name, cut).map(drop))
    }

    /// The arrays of these names, each cut by `cut` unless it is a single element. Blocks.
    ///
    /// # Errors
    /// A sentence when there is no such array, or it can't be read.
    pub fn named(
        &self,
        names: &[&str],
        cut: Cut<'_>,
        progress: &Progress,
    ) -> Result<Vec<OtherArray>, String> {
        names.iter().map(|name| self.one(name, cut, progress)).collect()
    }

    /// The entry of this name, and the part of its array.
    fn found(&self, name: &str, cut: Cut<'_>) -> Result<(&Entry, &'static dyn Format, Array), String> {
        let Some((container, format)) = &self.container else {
            return Err(format!("There is no array '{name}': this file does not name its arrays."));
        };
        let entry = container.find(name).and_then(|at| container.entries.get(at));
        let entry = entry.ok_or_else(|| {
            let names: Vec<&str> =
                container.entries.iter().take(SHOWN_NAMES).map(|entry| &*entry.name).collect();
            let more = if container.entries.len() > SHOWN_NAMES { ", …" } else { "" };
            format!("There is no array '{name}'; the file has {}{more}.", names.join(", "))
        })?;
        let part = whole_of(entry).and_then(|whole| if whole.items() == 1 { Ok(whole) } else { cut(&whole) });
        Ok((entry, *format, part.map_err(|reason| refused(name, &reason))?))
    }

    fn one(&self, name: &str, cut: Cut<'_>, progress: &Progress) -> Result<OtherArray, String> {
        let (entry, format, array) = self.found(name, cut)?;
        let (source, array) = match &entry.home {
            Home::Deflated { .. } => {
                let extent = array.extent().unwrap_or_default();
                let progress = progress.apart();
                let unpacked =
                    format.open_entry(&*self.bytes, &entry.home, Some(extent), MOST_UNPACKED, &progress);
                let unpacked = unpacked.map_err(|error| refused(name, &error.to_string()))?;
                if let Some(damage) = unpacked.damage {
                    // Nobody would see which of the results are wrong.
                    return Err(refused(name, &damage));
                }
                (unpacked.source, Array { offset: array.offset - extent.start(), ..array })
            }
            Home::Here(_) | Home::File(_) | Home::Nowhere(_) => (Arc::clone(&self.bytes), array),
        };
        Ok(OtherArray { name: name.to_owned(), source, array })
    }
}

fn refused(name: &str, reason: &str) -> String {
    format!("'{name}' can't be used here: {}", reason.trim_end_matches('.')) + "."
}

/// The array that an entry of a header describes.
fn whole_of(entry: &Entry) -> Result<Array, String> {
    let offset = match &entry.home {
        Home::Here(offset) | Home::Deflated { offset, .. } => *offset,
        Home::File(file) => return Err(format!("it is in another file, {file}.")),
        Home::Nowhere(reason) => return Err(reason.to_string()),
    };
    if entry.unshown.is_some() {
        return Err(String::from("its type or shape can't be shown."));
    }
    entry.array_at(offset).map_err(|error| error.to_string())
}
