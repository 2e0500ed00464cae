//! `model.safetensors.index.json`: which file of the same folder each tensor of a large model is in.
//!
//! Only the index is read; types and shapes are in the files that it names, whose headers `members.rs` reads. A name
//! with a path in it is never followed.

use super::members;
use crate::bytes::{Source, Span};
use crate::decode::array::MemoryOrder;
use crate::decode::{DType, Element, Order};
use crate::formats::header::{
    Budget, Findings, MOST_HEADER, MOST_METADATA, VALUE_CHARS, cut, most_entries, quoted, read_span,
};
use crate::formats::json::{Json, JsonError};
use crate::formats::{Container, Entry, Format, FormatError, Home, Meta, Unshown};
use crate::job::Progress;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// `x.safetensors.index.json`.
pub struct Shards;

impl Format for Shards {
    fn label(&self) -> &'static str {
        "safetensors index"
    }

    fn recognises(&self, _: &[u8], path: &Path) -> bool {
        path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".safetensors.index.json"))
    }

    fn read(&self, source: &dyn Source, _: &Path, progress: &Progress) -> Result<Container, FormatError> {
        let span = Span::first(source.len());
        if span.len() > MOST_HEADER {
            return Err(FormatError::new("The index is longer than 100 MB, the limit.", None));
        }
        let text = read_span(source, span)?;
        progress.set_total(span.len());
        let mut index = Index { json: Json::new(&text), most: most_entries(span.len()), ..Index::default() };
        let outcome = index.read(progress);
        if progress.is_cancelled() {
            return Err(FormatError::new("Reading the index was cancelled.", None));
        }
        if let Err(error) = outcome {
            let at = Span::between(error.at as u64, span.end());
            let text = format!("The index is broken at byte {}: {}.", error.at, error.text);
            if index.entries.is_empty() {
                return Err(FormatError::new(text, Some(at)));
            }
            index.findings.add(Some(at), || format!("{text} What follows is not listed."));
        } else if index.entries.is_empty() {
            return Err(FormatError::new("The index has no weight_map with tensors.", Some(span)));
        }
        if index.more > 0 {
            let more = index.more;
            index.findings.add(None, || format!("{more} more tensors are not listed."));
        }
        Ok(Container {
            format: self.label(),
            entries: index.entries,
            metadata: index.metadata,
            findings: index.findings.finish(),
            header: span,
            whole_names: None,
        })
    }

    fn complete(&self, container: &mut Container, path: &Path, progress: &Progress) {
        members::describe(container, path, progress);
    }
}

/// An index half read.
#[derive(Default)]
struct Index<'a> {
    json: Json<'a>,
    entries: Vec<Entry>,
    files: BTreeSet<Arc<str>>,
    metadata: Vec<Meta>,
    findings: Findings,
    most: usize,
    more: u64,
    budget: Budget,
    /// What is known of a tensor before the headers of the files are read.
    nothing: Arc<Unshown>,
}

impl Index<'_> {
    fn read(&mut self, progress: &Progress) -> Result<(), JsonError> {
        self.json.open_object()?;
        let mut first = true;
        while let Some((key, _)) = self.json.key(first)? {
            first = false;
            let is_object = self.json.peek() == Some(b'{');
            match &*key {
                "weight_map" if is_object => self.weights(progress)?,
                "metadata" if is_object => self.metadata()?,
                _ => self.json.pass()?,
            }
        }
        Ok(())
    }

    fn weights(&mut self, progress: &Progress) -> Result<(), JsonError> {
        self.json.open_object()?;
        let mut first = true;
        let mut done = self.json.work();
        while let Some((name, place)) = self.json.key(first)? {
            first = false;
            let home = if self.json.peek() == Some(b'"') {
                let file = self.json.string()?;
                self.home(&file)
            } else {
                self.json.skip()?;
                Home::Nowhere("no file name".into())
            };
            if let Home::Nowhere(reason) = &home {
                let span = Span::new(place.start as u64, self.json.at() as u64);
                self.findings.add(span, || format!("{}: {reason}.", quoted(&name)));
            }
            progress.advance(self.json.work() - done);
            done = self.json.work();
            if progress.is_cancelled() {
                return Ok(());
            }
            let item = DType::new(Element::U8, Order::Little).into();
            if self.entries.len() >= self.most || !self.budget.take(&name, &[], &item) {
                self.more += 1;
                continue;
            }
            if self.entries.len() == self.entries.capacity() {
                // By an eighth, not by doubling: the copy that growing makes is most of the peak.
                self.entries.reserve_exact(self.entries.len() / 8 + 64);
            }
            let (shape, order, unshown) = (Box::default(), MemoryOrder::C, Some(Arc::clone(&self.nothing)));
            self.entries.push(Entry { name: name.into(), item, shape, order, home, unshown });
        }
        Ok(())
    }

    fn home(&mut self, file: &str) -> Home {
        if let Some(known) = self.files.get(file) {
            return Home::File(Arc::clone(known));
        }
        if file.is_empty() || file == "." || file == ".." || file.contains(['/', '\\', ':', '\0']) {
            return Home::Nowhere(format!("{} is not a file in this folder", quoted(file)).into());
        }
        if self.files.len() >= self.most / 4 {
            return Home::Nowhere("too many files".into());
        }
        let file: Arc<str> = file.into();
        self.files.insert(Arc::clone(&file));
        Home::File(file)
    }

    fn metadata(&mut self) -> Result<(), JsonError> {
        self.json.open_object()?;
        let mut first = true;
        while let Some((key, _)) = self.json.key(first)? {
            first = false;
            let place = self.json.skip()?;
            if self.metadata.len() < MOST_METADATA {
                let raw = self.json.raw(place.clone());
                let span = Span::new(place.start as u64, place.end as u64);
                let value = cut(&raw, VALUE_CHARS).into();
                self.metadata.push(Meta { key: key.into(), value, span, editable: false });
            }
        }
        Ok(())
    }
}
