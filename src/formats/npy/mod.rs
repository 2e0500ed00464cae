//! NumPy's `.npy`: a magic, a version, a Python dict that says type, order and shape, then the elements.
//!
//! The dict is read as text, never evaluated; arrays of Python objects are pickles, which are never loaded.

mod dict;
mod edit;
mod header;

pub(super) use header::{Said, parse, size_of_header};

use super::header::{Findings, quoted, read_span};
use super::{Container, Entry, Format, FormatError, Home, Unshown};
use crate::bytes::{Source, Span};
use crate::job::Progress;
use std::path::Path;
use std::sync::Arc;

/// `x.npy`.
pub struct Npy;

pub(super) const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// So many bytes say how long the header is, whatever the version.
pub(super) const START: usize = 12;

impl Format for Npy {
    fn label(&self) -> &'static str {
        "NumPy array"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        head.starts_with(MAGIC) || path.extension().is_some_and(|extension| extension == "npy")
    }

    fn is_one_array(&self) -> bool {
        true
    }

    fn can_grow(&self) -> bool {
        true
    }

    fn read(&self, source: &dyn Source, path: &Path, progress: &Progress) -> Result<Container, FormatError> {
        let (bytes, said) = read(source, progress)?;
        let mut findings = Findings::default();
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let entry = entry(&said, &name, bytes.len() as u64, source.len(), &mut findings);
        for text in &said.odd {
            findings.add(Some(Span::first(bytes.len() as u64)), || text.clone());
        }
        Ok(Container {
            format: self.label(),
            entries: vec![entry],
            metadata: said.metadata,
            findings: findings.finish(),
            header: Span::first(bytes.len() as u64),
            whole_names: None,
        })
    }

    fn set_metadata(&self, source: &dyn Source, key: &str, value: &str) -> Result<(Span, Vec<u8>), String> {
        edit::set(source, key, value)
    }
}

/// The header's bytes and what they say.
fn read(source: &dyn Source, progress: &Progress) -> Result<(Vec<u8>, Said), FormatError> {
    let start = read_span(source, Span::first(source.len().min(START as u64)))?;
    let len = size_of_header(&start, source.len())?;
    progress.set_total(len);
    let bytes = read_span(source, Span::first(len))?;
    let said = parse(&bytes, 0)?;
    progress.advance(len);
    Ok((bytes, said))
}

/// The array of a header of `header` bytes, in a file (or member of an archive) of `len` bytes.
pub(super) fn entry(said: &Said, name: &str, header: u64, len: u64, findings: &mut Findings) -> Entry {
    let there = len - header.min(len);
    let data = Span::between(header, len);
    let needed = super::header::data_bytes(&said.item, &said.shape);
    let home = match (&said.hidden, needed) {
        (Some(reason), _) => Home::Nowhere(reason.clone()),
        (None, None) => {
            findings
                .add(None, || format!("{}: its shape does not give a valid number of bytes.", quoted(name)));
            Home::Nowhere("impossible shape".into())
        }
        (None, Some(needed)) if needed > there => {
            findings.add(Some(data), || {
                format!("{}: the array takes {needed} bytes, but the file has {there}.", quoted(name))
            });
            Home::Nowhere("beyond the file's end".into())
        }
        (None, Some(needed)) => {
            if needed < there {
                let rest = Span::between(header + needed, len);
                findings.add(Some(rest), || format!("{} bytes follow the array.", there - needed));
            }
            Home::Here(header)
        }
    };
    let unshown = said.hidden.as_ref().map(|_| {
        let (type_name, bytes) = (Some(said.type_name.clone()), Some(there));
        Arc::new(Unshown { type_name, has_shape: true, bytes })
    });
    Entry {
        name: name.into(),
        item: said.item.clone(),
        shape: said.shape.clone(),
        order: said.order,
        home,
        unshown,
    }
}
