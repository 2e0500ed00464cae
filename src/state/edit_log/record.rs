//! The records of a log, as values and as bytes.
//!
//! A number at the front says which one it is; what this version does not know is a damaged log to it. What the
//! document packs (`document::record`) stays packed here.

use crate::bytes::{FileIdentity, Location, Origin, Span, Version};
use crate::document::SourceKey;
use crate::document::pack::{fold, put, put_run, take, take_run, unfold};
use std::path::Path;

/// Spans in one record of contents, at most.
pub const RUNS: usize = 1 << 14;

/// Which file a log is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What its tab is called.
    pub title: String,
    /// The file as it was opened or last saved. `None` for what has no location; no version for what was never a file.
    pub origin: Option<Origin>,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogRecord {
    /// The first one: what is edited, and how the document calls its base.
    Begin {
        about: About,
        base: SourceKey,
        len: u64,
    },
    /// The file is another, or was saved.
    About(About),
    /// Bytes that edits put in lie in a source of this length; 0 for typed bytes, which have no end yet. Of what was
    /// the base before a save, the key after it is a name too.
    Source {
        key: SourceKey,
        len: u64,
        was_base: bool,
    },
    /// The same, a pattern over and over.
    Pattern {
        key: SourceKey,
        len: u64,
        pattern: Vec<u8>,
    },
    /// Bytes of a source: some spans of it, in order, and their bytes one after another.
    Content {
        key: SourceKey,
        spans: Vec<Span>,
        bytes: Vec<u8>,
    },
    /// An edit.
    Step {
        label: String,
        coalesced: bool,
        packed: Vec<u8>,
    },
    Undo,
    Redo,
    SaveBegun,
    SaveCancelled,
    /// The base is so long now; what came is at the end of all there is.
    Grown {
        len: u64,
    },
    /// The save that had begun is done: what the file is now, and how the document calls its base.
    Saved {
        about: About,
        base: SourceKey,
        len: u64,
    },
    /// The whole history and the state, in the place of all edits before.
    State(Vec<u8>),
}

const BEGIN: u8 = 1;
const ABOUT: u8 = 2;
const SOURCE: u8 = 3;
const PATTERN: u8 = 4;
const CONTENT: u8 = 5;
const STEP: u8 = 6;
const UNDO: u8 = 7;
const REDO: u8 = 8;
const SAVE_BEGUN: u8 = 9;
const SAVE_CANCELLED: u8 = 10;
const SAVED: u8 = 11;
const STATE: u8 = 12;
const GROWN: u8 = 13;

impl LogRecord {
    /// The record as it lies in a log; see [`Self::from_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut to = Vec::new();
        match self {
            Self::Begin { about, base, len } => {
                to.push(BEGIN);
                put_key_and_len(&mut to, *base, *len);
                about.put(&mut to);
            }
            Self::About(about) => {
                to.push(ABOUT);
                about.put(&mut to);
            }
            Self::Source { key, len, was_base } => {
                to.push(SOURCE);
                put_key_and_len(&mut to, *key, *len);
                to.push(u8::from(*was_base));
            }
            Self::Pattern { key, len, pattern } => {
                to.push(PATTERN);
                put_key_and_len(&mut to, *key, *len);
                put_run(&mut to, pattern);
            }
            Self::Content { key, spans, bytes } => {
                to.push(CONTENT);
                put_content_head(&mut to, *key, spans);
                to.extend_from_slice(bytes);
            }
            Self::Step { label, coalesced, packed } => {
                to.push(STEP);
                to.push(u8::from(*coalesced));
                put_run(&mut to, label.as_bytes());
                to.extend_from_slice(packed);
            }
            Self::Undo => to.push(UNDO),
            Self::Redo => to.push(REDO),
            Self::SaveBegun => to.push(SAVE_BEGUN),
            Self::SaveCancelled => to.push(SAVE_CANCELLED),
            Self::Saved { about, base, len } => {
                to.push(SAVED);
                put_key_and_len(&mut to, *base, *len);
                about.put(&mut to);
            }
            Self::Grown { len } => {
                to.push(GROWN);
                put(&mut to, *len);
            }
            Self::State(packed) => {
                to.push(STATE);
                to.extend_from_slice(packed);
            }
        }
        to
    }

    /// `None` when the bytes are none of the records above.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&kind, mut from) = bytes.split_first()?;
        let from = &mut from;
        let record = match kind {
            BEGIN => {
                let (base, len) = take_key_and_len(from)?;
                Self::Begin { about: About::take(from)?, base, len }
            }
            ABOUT => Self::About(About::take(from)?),
            SOURCE => {
                let (key, len) = take_key_and_len(from)?;
                Self::Source { key, len, was_base: take_flag(from)? }
            }
            PATTERN => {
                let (key, len) = take_key_and_len(from)?;
                let pattern = take_run(from)?.to_vec();
                (!pattern.is_empty()).then_some(Self::Pattern { key, len, pattern })?
            }
            CONTENT => {
                let (key, spans) = take_content_head(from)?;
                let total = spans.iter().try_fold(0_u64, |total, span| total.checked_add(span.len()))?;
                let bytes = std::mem::take(from).to_vec();
                (total == bytes.len() as u64).then_some(Self::Content { key, spans, bytes })?
            }
            STEP => {
                let coalesced = take_flag(from)?;
                let label = String::from_utf8_lossy(take_run(from)?).into_owned();
                Self::Step { label, coalesced, packed: std::mem::take(from).to_vec() }
            }
            UNDO => Self::Undo,
            REDO => Self::Redo,
            SAVE_BEGUN => Self::SaveBegun,
            SAVE_CANCELLED => Self::SaveCancelled,
            SAVED => {
                let (base, len) = take_key_and_len(from)?;
                Self::Saved { about: About::take(from)?, base, len }
            }
            GROWN => Self::Grown { len: take(from)? },
            STATE => Self::State(std::mem::take(from).to_vec()),
            _ => return None,
        };
        from.is_empty().then_some(record)
    }
}

fn put_key_and_len(to: &mut Vec<u8>, key: SourceKey, len: u64) {
    put(to, u64::from(key.0));
    put(to, len);
}

fn take_key_and_len(from: &mut &[u8]) -> Option<(SourceKey, u64)> {
    Some((SourceKey(u32::try_from(take(from)?).ok()?), take(from)?))
}

fn put_content_head(to: &mut Vec<u8>, key: SourceKey, spans: &[Span]) {
    put_key_and_len(to, key, spans.len() as u64);
    let mut end = 0;
    for span in spans {
        put(to, fold(span.start().wrapping_sub(end) as i64));
        put(to, span.len());
        end = span.end();
    }
}

fn take_content_head(from: &mut &[u8]) -> Option<(SourceKey, Vec<Span>)> {
    let (key, count) = take_key_and_len(from)?;
    if count > RUNS as u64 {
        return None;
    }
    let (mut spans, mut end) = (Vec::new(), 0_u64);
    for _ in 0..count {
        let start = end.wrapping_add_signed(unfold(take(from)?));
        let span = Span::at(start, take(from)?)?;
        end = span.end();
        spans.push(span);
    }
    Some((key, spans))
}

/// Kinds of a location and of a version.
const NONE: u8 = 0;
const FILE: u8 = 1;

impl About {
    /// The location in the form of a path.
    pub fn path(&self) -> Option<&Path> {
        self.origin.as_ref().map(|origin| origin.location.as_path())
    }

    /// The file's version as it was opened or last saved. `None` for what was never a file.
    pub fn version(&self) -> Option<&Version> {
        self.origin.as_ref()?.version.as_ref()
    }

    fn put(&self, to: &mut Vec<u8>) {
        put_run(to, self.title.as_bytes());
        match self.origin.as_ref().map(|origin| &origin.location) {
            None => to.push(NONE),
            Some(location @ Location::File(_)) => {
                to.push(FILE);
                put_run(to, location.as_bytes());
            }
        }
        match self.version() {
            None => to.push(NONE),
            Some(Version::File(identity)) => {
                to.push(FILE);
                put_identity(to, identity);
            }
        }
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        let title = String::from_utf8_lossy(take_run(from)?).into_owned();
        let location = match take_byte(from)? {
            NONE => None,
            FILE => Some(Location::from_bytes(take_run(from)?.to_vec())),
            _ => return None,
        };
        let version = match take_byte(from)? {
            NONE => None,
            FILE => Some(Version::File(take_identity(from)?)),
            _ => return None,
        };
        Some(Self { title, origin: location.map(|location| Origin { location, version }) })
    }
}

fn put_identity(to: &mut Vec<u8>, identity: &FileIdentity) {
    put(to, identity.len);
    let numbers = [identity.device.map(i128::from), identity.inode.map(i128::from)];
    for part in numbers.into_iter().chain([identity.mtime_ns, identity.ctime_ns]) {
        to.push(u8::from(part.is_some()));
        to.extend_from_slice(&part.unwrap_or_default().to_le_bytes());
    }
}

fn take_identity(from: &mut &[u8]) -> Option<FileIdentity> {
    let len = take(from)?;
    let mut part = || {
        let is_known = take_flag(from)?;
        let (bytes, rest) = from.split_first_chunk::<16>()?;
        *from = rest;
        Some(is_known.then_some(i128::from_le_bytes(*bytes)))
    };
    let (device, inode, mtime_ns, ctime_ns) = (part()?, part()?, part()?, part()?);
    let number = |part: Option<i128>| part.and_then(|part| u64::try_from(part).ok());
    Some(FileIdentity { device: number(device), inode: number(inode), len, mtime_ns, ctime_ns })
}

fn take_flag(from: &mut &[u8]) -> Option<bool> {
    take_byte(from).map(|flag| flag != 0)
}

fn take_byte(from: &mut &[u8]) -> Option<u8> {
    let (&byte, rest) = from.split_first()?;
    *from = rest;
    Some(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<LogRecord> {
        let identity = FileIdentity {
            device: Some(3),
            inode: Some(u64::MAX),
            len: 77,
            mtime_ns: Some(-5),
            ctime_ns: None,
        };
        let about = About { title: "a.bin".into(), origin: Some(Origin::new("/x/a.bin", Some(identity))) };
        let spans = vec![Span::between(9, 10), Span::between(2, 4)];
        vec![
            LogRecord::Begin { about: about.clone(), base: SourceKey(1), len: 77 },
            LogRecord::About(About { title: "b".into(), origin: None }),
            LogRecord::About(About { title: "-".into(), origin: Some(Origin::unversioned("-")) }),
            LogRecord::Source { key: SourceKey(0), len: 0, was_base: false },
            LogRecord::Source { key: SourceKey(3), len: 9, was_base: true },
            LogRecord::Pattern { key: SourceKey(5), len: 1 << 50, pattern: b"ab".to_vec() },
            LogRecord::Content { key: SourceKey(7), spans, bytes: b"xyz".to_vec() },
            LogRecord::Step { label: "Typing".into(), coalesced: true, packed: b"..".to_vec() },
            LogRecord::Undo,
            LogRecord::Redo,
            LogRecord::SaveBegun,
            LogRecord::SaveCancelled,
            LogRecord::Grown { len: 1 << 40 },
            LogRecord::Saved { about, base: SourceKey(8), len: 3 },
            LogRecord::State(b"...".to_vec()),
        ]
    }

    #[test]
    fn records_are_read_as_written_and_never_half() {
        for record in all() {
            let bytes = record.to_bytes();
            assert_eq!(LogRecord::from_bytes(&bytes).as_ref(), Some(&record));
            for len in 0..bytes.len() {
                assert_ne!(LogRecord::from_bytes(&bytes[..len]).as_ref(), Some(&record), "cut at {len}");
            }
        }
        assert_eq!(LogRecord::from_bytes(&[99]), None);
    }

    /// What the versions up to 0.1 have written, byte for byte.
    #[test]
    fn logs_of_earlier_versions_are_read() {
        let mut bytes = vec![ABOUT, 5];
        bytes.extend(b"a.bin");
        bytes.extend([1, 8]);
        bytes.extend(b"/x/a.bin");
        bytes.extend([1, 77]);
        for (is_known, number) in [(1, 3_i128), (1, i128::from(u64::MAX)), (1, -5), (0, 0)] {
            bytes.push(is_known);
            bytes.extend(number.to_le_bytes());
        }
        let Some(LogRecord::Begin { about, .. }) = all().into_iter().next() else {
            unreachable!("it is first")
        };
        assert_eq!(LogRecord::from_bytes(&bytes), Some(LogRecord::About(about.clone())));
        assert_eq!(LogRecord::About(about).to_bytes(), bytes, "and by the earlier versions too");
        let never_a_file = [ABOUT, 1, b'b', 0, 0];
        let about = About { title: "b".into(), origin: None };
        assert_eq!(LogRecord::from_bytes(&never_a_file), Some(LogRecord::About(about)));
        // A kind of location that this version does not know is no path.
        assert_eq!(LogRecord::from_bytes(&[ABOUT, 1, b'b', 2, 1, b'x', 0]), None);
    }
}
