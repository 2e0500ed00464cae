//! What must hold of any bytes and any text, for the fuzz targets and for the tests that replay their corpus.
//!
//! A check panics when it does not hold. It bounds no time and no memory: the fuzzer's limits and the tests'
//! allocator do.

#![allow(dead_code, reason = "each target uses one of them")]

use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::compute::Operation;
use pagelens::decode::dtype::ItemType;
use pagelens::decode::literal;
use pagelens::decode::slice::Slice;
use pagelens::formats::{Container, Format, FormatError, HEAD, Home, recognise};
use pagelens::job::Progress;
use std::path::Path;

/// Bytes that a deflated array may make of itself here.
const INFLATED: u64 = 1 << 16;

/// A header of the format that this name means.
pub fn header(name: &str, bytes: &[u8]) {
    let source = MemorySource::new(bytes);
    let Some(format) = recognise(&bytes[..bytes.len().min(HEAD)], Path::new(name)) else { return };
    let answer = format.read(&source, Path::new(name), &Progress::default());
    within(&source, name, &answer);
    if let Ok(container) = &answer {
        edits(&source, format, container);
    }
}

/// What an answer says lies within the file.
pub fn within(source: &dyn Source, name: &str, answer: &Result<Container, FormatError>) {
    let len = source.len();
    let container = match answer {
        Ok(container) => container,
        Err(error) => {
            assert!(error.text.ends_with('.') && error.text.len() < 400, "{name}: {error}");
            return;
        }
    };
    let spans = container.findings.iter().filter_map(|finding| finding.span);
    let places = container.metadata.iter().filter_map(|meta| meta.span);
    for span in spans.chain(places).chain([container.header]) {
        assert!(span.end() <= len, "{name}: {span} beyond {len}");
    }
    for entry in &container.entries {
        assert!(entry.shape.len() <= 64, "{name}");
        match &entry.home {
            Home::Here(at) => {
                let end = entry.bytes().and_then(|bytes| at.checked_add(bytes));
                assert!(end.is_some_and(|end| end <= len), "{name}: {entry:?} beyond {len}");
            }
            Home::Deflated { span, .. } => assert!(span.end() <= len, "{name}: {entry:?}"),
            Home::File(file) => assert!(!file.contains(['/', '\\']) && &**file != "..", "{name}: {file}"),
            Home::Nowhere(reason) => assert!(!reason.is_empty(), "{name}"),
        }
    }
}

/// Edits of the header have as many bytes as they replace, and nothing of it can end the program.
pub fn edits(source: &dyn Source, format: &dyn Format, container: &Container) {
    let sized = |(span, new): (Span, Vec<u8>)| {
        assert!(span.end() <= source.len() && span.len() == new.len() as u64, "{span}: {} bytes", new.len());
    };
    for meta in container.metadata.iter().take(3) {
        for value in ["", "1", "(1,)", "'<f4'", "a\"é\\"] {
            let _ = format.set_metadata(source, &meta.key, value).map(sized);
        }
    }
    let changed = [Span::first(source.len())];
    let renewed = format.follow_up(source, &changed, &Progress::default());
    renewed.unwrap_or_default().into_iter().for_each(sized);
    let deflated = container.entries.iter().filter(|entry| matches!(entry.home, Home::Deflated { .. }));
    for entry in deflated.take(3) {
        let _ = format.open_entry(source, &entry.home, None, INFLATED, &Progress::default());
    }
}

/// Bytes as text for a check of text; what is no UTF-8 is none.
pub fn text(check: fn(&str), bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        check(text);
    }
}

/// A type is shown by a text that means it.
pub fn dtype(text: &str) {
    let Ok(item) = text.parse::<ItemType>() else { return };
    let shown = item.to_string();
    assert_eq!(shown.parse::<ItemType>().as_ref(), Ok(&item), "{text:?} is shown as {shown:?}");
    let _ = (item.descr(), item.python(), item.leaves(100), item.group_bytes());
}

/// A slice is shown by a text that means it.
pub fn slice(text: &str) {
    let Ok(slice) = text.parse::<Slice>() else { return };
    let shown = slice.to_string();
    assert_eq!(shown.parse::<Slice>().as_ref(), Ok(&slice), "{text:?} is shown as {shown:?}");
}

/// Whatever a type takes, it shows so that it takes it again as the same bytes.
pub fn number(text: &str) {
    const TYPES: [&str; 14] = [
        "u1",
        "<i2",
        ">u4",
        "<i8",
        "<f2",
        "<f4",
        ">f8",
        "bfloat16",
        "float8_e4m3fn",
        "<c8",
        "<M8[ms]",
        "S9",
        "<U5",
        "<f16",
    ];
    for name in TYPES {
        let Ok(item) = name.parse::<ItemType>() else { continue };
        let old = vec![0; item.group_bytes() as usize];
        let Ok(bytes) = item.encode(text, &old, 0) else { continue };
        let mut shown = String::new();
        item.format(&bytes, 0, &Default::default(), &mut shown);
        let again = item.encode(&shown, &old, 0);
        assert_eq!(again.as_ref(), Ok(&bytes), "{name} shows {text:?} as {shown:?}");
    }
}

/// A literal is read or refused at a byte of it.
pub fn literal(text: &str) {
    if let Err(error) = literal::parse(text) {
        assert!(error.at <= text.len(), "{error:?}");
    }
}

/// An operation is shown by a text that means it.
pub fn operation(text: &str) {
    let Ok(operation) = text.parse::<Operation>() else { return };
    let shown = operation.to_string();
    assert_eq!(shown.parse::<Operation>().map(|again| again.to_string()), Ok(shown));
}
