//! Headers made by hand, and the readers over them.

use pagelens::bytes::{MemorySource, Span};
use pagelens::formats::npz::Npz;
use pagelens::formats::{Container, Entry, Format, FormatError, HEAD, Home, recognise};
use pagelens::job::Progress;
use std::path::Path;

/// What the reader that recognises `bytes` under this name makes of them.
pub fn read(bytes: &[u8], name: &str) -> Result<Container, FormatError> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let format = recognise(head, Path::new(name)).unwrap_or_else(|| panic!("{name} is recognised"));
    format.read(&MemorySource::new(bytes), Path::new(name), &Progress::default())
}

/// The array of this name.
pub fn entry<'a>(container: &'a Container, name: &str) -> &'a Entry {
    let index = container.find(name).unwrap_or_else(|| panic!("{name} is listed"));
    &container.entries[index]
}

/// Why an array is not shown.
pub fn reason(entry: &Entry) -> &str {
    match &entry.home {
        Home::Nowhere(reason) => reason,
        home => panic!("{} is at {home:?}", entry.name),
    }
}

/// All findings, a line each.
pub fn findings(container: &Container) -> String {
    container.findings.iter().map(|finding| format!("{}\n", finding.text)).collect()
}

/// The bytes of a metadata edit, put in place.
pub fn set(bytes: &[u8], name: &str, key: &str, value: &str) -> Result<Vec<u8>, String> {
    let format = recognise(&bytes[..bytes.len().min(HEAD)], Path::new(name)).expect("recognised");
    let (span, new) = format.set_metadata(&MemorySource::new(bytes), key, value)?;
    assert_eq!(span.len(), new.len() as u64, "an edit of a header keeps its length");
    let mut edited = bytes.to_vec();
    edited[span.start() as usize..span.end() as usize].copy_from_slice(&new);
    Ok(edited)
}

/// The whole of a deflated member.
pub fn inflated(file: &[u8], home: &Home) -> Vec<u8> {
    let source = Npz.open_entry(&MemorySource::new(file), home, None, 1 << 30, &Progress::default());
    let source = source.expect("inflates").source;
    let mut bytes = vec![0; source.len() as usize];
    source.read_at(0, &mut bytes).expect("read");
    bytes
}

/// Puts in place what has to follow an edit.
pub fn follow_up(bytes: &mut [u8], name: &str, changed: &[Span]) {
    let format = recognise(&bytes[..bytes.len().min(HEAD)], Path::new(name)).expect("recognised");
    let source = MemorySource::new(&*bytes);
    let edits = format.follow_up(&source, changed, &Progress::default()).expect("checksums");
    for (span, new) in edits {
        assert_eq!(span.len(), new.len() as u64);
        bytes[span.start() as usize..span.end() as usize].copy_from_slice(&new);
    }
}
