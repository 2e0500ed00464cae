//! Types and shapes of the tensors of an index, from the headers of the files that it names.
//!
//! A file that is not there, as of a model that is still being fetched, leaves its tensors without type and shape. Of
//! what is no regular file, as a pipe that nobody writes to, nothing is read.

use super::Safetensors;
use crate::bytes::open::{OpenError, open};
use crate::formats::header::{Budget, Findings, quoted};
use crate::formats::{Container, Entry, Format, Home};
use crate::job::Progress;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Files whose headers are read, and bytes of all those headers: an index may name any number.
const MOST_FILES: usize = 4096;
const MOST_HEADERS: u64 = 256 << 20;

/// Takes the types and shapes of an index's tensors from the headers of the files beside `path`. Blocks; workers only.
pub(super) fn describe(container: &mut Container, path: &Path, progress: &Progress) {
    let mut of_files: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
    for (at, entry) in container.entries.iter().enumerate() {
        if let Home::File(file) = &entry.home {
            of_files.entry(Arc::clone(file)).or_default().push(at);
        }
    }
    let mut reading =
        Reading { entries: &mut container.entries, budget: Budget::default(), found: Findings::default() };
    let mut left = MOST_HEADERS;
    for (number, (file, entries)) in of_files.iter().enumerate() {
        if progress.is_cancelled() {
            break;
        }
        let header = if number < MOST_FILES && left > 0 {
            read_beside(path, file)
        } else {
            Err("the index names too many files, or their headers are too long, so it was not read"
                .to_owned())
        };
        match header {
            Ok(header) => {
                left = left.saturating_sub(header.header.len());
                reading.take(&header, file, entries);
            }
            Err(reason) => reading.found.add(None, || format!("{}: {reason}.", quoted(file))),
        }
    }
    let found = reading.found.finish();
    container.findings.extend(found);
}

struct Reading<'a> {
    entries: &'a mut [Entry],
    budget: Budget,
    found: Findings,
}

impl Reading<'_> {
    /// What the header of `file` says of the tensors with these numbers.
    fn take(&mut self, header: &Container, file: &str, entries: &[usize]) {
        // Sorted names: to look for each in the whole list would be work without end.
        let names = header.entries.iter().map(|entry| &*entry.name).zip(0_usize..);
        let mut order: Vec<(&str, usize)> = names.collect();
        order.sort_unstable();
        for at in entries {
            let Some(own) = self.entries.get_mut(*at) else { continue };
            // Of several tensors of one name the last counts.
            let end = order.partition_point(|(name, _)| *name <= &*own.name);
            let last =
                end.checked_sub(1).and_then(|at| order.get(at)).filter(|(name, _)| *name == &*own.name);
            let Some(tensor) = last.and_then(|(_, at)| header.entries.get(*at)) else {
                self.found.add(None, || format!("{} is not in {}.", quoted(&own.name), quoted(file)));
                continue;
            };
            if self.budget.take("", &tensor.shape, &tensor.item) {
                own.item = tensor.item.clone();
                own.shape = tensor.shape.clone();
                own.unshown = tensor.unshown.clone();
            }
        }
    }
}

/// The header of the file of this name beside `path`, or why it can't be had.
fn read_beside(path: &Path, file: &str) -> Result<Container, String> {
    let path = path.with_file_name(file);
    let opened = open(&path, &Progress::default()).map_err(|error| match error {
        OpenError::Missing { .. } => "there is no such file in the folder of the index".to_owned(),
        error => error.to_string().trim_end_matches('.').to_owned(),
    })?;
    let read = Safetensors.read(&*opened.source, &path, &Progress::default());
    read.map_err(|error| error.text.trim_end_matches('.').to_owned())
}
