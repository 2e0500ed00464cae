//! NumPy's `.npz`: a zip archive of `.npy` files. Stored members are shown and edited where they are; of deflated
//! ones only the header is inflated, until [`Format::open_entry`] is asked for all.
//!
//! Members that share bytes are not read: a small archive could make endless work of them.

mod checksum;
mod directory;
mod inflate;

pub(super) use checksum::{broken_by, damaged_before};
pub(super) use directory::is_zip;

use super::header::{Budget, Findings, most_entries, quoted, read_span, shared};
use super::{Container, Entry, EntryBytes, Format, FormatError, Home, Unshown, npy};
use crate::bytes::{Source, Span};
use crate::decode::array::MemoryOrder;
use crate::decode::{DType, Element, Order};
use crate::job::Progress;
use directory::{Directory, Member, local};
use inflate::{MOST_RATIO, first_bytes, inflate, inflate_part};
use std::path::Path;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// `x.npz`.
pub struct Npz;

/// Names of zip archives end like this.
pub(super) const ENDINGS: [&str; 12] =
    ["npz", "zip", "pt", "pth", "jit", "ckpt", "docx", "xlsx", "pptx", "odt", "jar", "whl"];

/// What begins a member, and what an archive without members.
const STARTS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// A header of a member that costs nothing worth counting.
const SHORT_HEADER: u64 = 4096;

/// Bytes of all longer headers of an archive: a small file can hold many that inflate to much.
const LONG_HEADERS: u64 = 32 << 20;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

impl Format for Npz {
    fn label(&self) -> &'static str {
        "NumPy archive"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        if path.extension().is_some_and(|extension| extension == "npz") {
            return true;
        }
        // The first member's name follows its header.
        let len = head.get(26..28).map_or(0, |len| usize::from(u16::from_le_bytes([len[0], len[1]])));
        let name = head.get(30..30 + len);
        head.starts_with(STARTS[0]) && name.is_some_and(|name| name.ends_with(b".npy"))
    }

    fn read(&self, source: &dyn Source, _: &Path, progress: &Progress) -> Result<Container, FormatError> {
        let directory = Directory::read(source)?;
        let mut reading = Reading::new(source, &directory);
        let places: Vec<usize> = directory.places().collect();
        if !directory.end_of(places.last().copied()) {
            let span = Some(directory.span);
            reading
                .findings
                .add(span, || "The directory ends too early; later members are not listed.".to_owned());
        }
        let clashes = clashes(&directory, &places);
        let most = most_entries(source.len());
        progress.set_total(places.len() as u64);
        let mut entries = Vec::with_capacity(places.len().min(most));
        let (mut whole_names, mut budget, mut read) = (Vec::new(), Budget::default(), 0);
        for (at, clash) in places.iter().zip(clashes).take(most) {
            if progress.is_cancelled() {
                return Err(FormatError::new("Reading the directory was cancelled.", None));
            }
            let member = directory.member(*at);
            if !member.name.ends_with('/') {
                let mut entry = reading.entry(&member, clash);
                entry.unshown = entry.unshown.map(|unshown| shared(&entries, (*unshown).clone()));
                if !budget.take(&entry.name, &entry.shape, &entry.item) {
                    break;
                }
                whole_names.extend((entry.name.len() == member.name.len()).then_some(entries.len() as u32));
                entries.push(entry);
            }
            read += 1;
            progress.advance(1);
        }
        let more = places.len() - read;
        if more > 0 {
            reading.findings.add(None, || format!("{more} more members are not listed."));
        }
        super::check::names(&entries, &mut reading.findings);
        Ok(Container {
            format: self.label(),
            entries,
            metadata: Vec::new(),
            findings: reading.findings.finish(),
            header: directory.span,
            whole_names: Some(whole_names),
        })
    }

    fn open_entry(
        &self,
        source: &dyn Source,
        home: &Home,
        part: Option<Span>,
        limit: u64,
        progress: &Progress,
    ) -> Result<EntryBytes, FormatError> {
        match part {
            None => inflate(source, home, progress, limit),
            Some(part) => inflate_part(source, home, part, progress, limit),
        }
    }

    fn has_follow_up(&self) -> bool {
        true
    }

    fn follow_up(
        &self,
        source: &dyn Source,
        changed: &[Span],
        progress: &Progress,
    ) -> Result<Vec<(Span, Vec<u8>)>, FormatError> {
        checksum::renewed(source, changed, progress)
    }
}

/// Of each member whether it shares bytes with one that comes before it in the file.
fn clashes(directory: &Directory, places: &[usize]) -> Vec<bool> {
    let spans = places.iter().map(|at| {
        let member = directory.member(*at);
        let start = member.header_at.unwrap_or(u64::MAX);
        Span::between(start, start.saturating_add(30).saturating_add(member.packed))
    });
    let mut spans: Vec<(Span, usize)> = spans.zip(0..).collect();
    spans.sort_unstable();
    let mut clashes = vec![false; places.len()];
    let mut end = 0;
    for (span, index) in spans {
        clashes[index] = span.start() < end;
        end = end.max(span.end());
    }
    clashes
}

/// An archive whose members are being looked at.
struct Reading<'a> {
    source: &'a dyn Source,
    /// Members end before this byte.
    end: u64,
    findings: Findings,
    /// Hashes of the names of all members, sorted.
    names: Vec<u64>,
    /// Bytes of long headers that may still be read.
    long_headers: u64,
}

/// Where the bytes of a member are.
struct Data {
    /// As they are in the file.
    span: Span,
    /// How many they are when inflated.
    len: u64,
    /// The checksum of these.
    crc: u32,
    deflated: bool,
}

impl<'a> Reading<'a> {
    fn new(source: &'a dyn Source, directory: &Directory) -> Self {
        let hash = |at| xxh3_64(directory.member(at).name.as_bytes());
        let mut names: Vec<u64> = directory.places().map(hash).collect();
        names.sort_unstable();
        let end = directory.span.start();
        Self { source, end, findings: Findings::default(), names, long_headers: LONG_HEADERS }
    }

    /// What the array of a member is called: as NumPy has it, without `.npy` unless another member is called so.
    fn name<'n>(&self, member: &'n Member<'_>) -> &'n str {
        let stripped = member.name.strip_suffix(".npy");
        let is_taken = |name: &&str| self.names.binary_search(&xxh3_64(name.as_bytes())).is_ok();
        stripped.filter(|name| !is_taken(name)).unwrap_or(&member.name)
    }

    fn entry(&mut self, member: &Member<'_>, clash: bool) -> Entry {
        let name = self.name(member);
        let data = if clash { Err("shares bytes with another member".to_owned()) } else { self.data(member) };
        match data {
            Ok(data) => self.array(name, &data, member.name.ends_with(".npy")),
            Err(reason) => {
                self.findings.add(None, || format!("{}: {reason}.", quoted(name)));
                nowhere(name, member.len, &reason)
            }
        }
    }

    /// Where a member's bytes are, or why they can't be had.
    fn data(&self, member: &Member<'_>) -> Result<Data, String> {
        if member.encrypted {
            return Err("encrypted".to_owned());
        }
        let deflated = match member.method {
            STORED => false,
            DEFLATED => true,
            12 => return Err("compressed by bzip2".to_owned()),
            14 => return Err("compressed by LZMA".to_owned()),
            93 => return Err("compressed by Zstandard".to_owned()),
            other => return Err(format!("compressed by method {other}")),
        };
        let local = member.header_at.and_then(|at| local(self.source, at));
        let local = local.ok_or("has no header of its own")?;
        let span = Span::at(local.data_at, member.packed).filter(|span| span.end() <= self.end);
        let span = span.ok_or("beyond the file's end")?;
        if !deflated && member.packed != member.len {
            return Err("stored with two different sizes".to_owned());
        }
        if deflated && member.len > member.packed.saturating_mul(MOST_RATIO) {
            return Err("declares an impossible size".to_owned());
        }
        Ok(Data { span, len: member.len, crc: member.crc, deflated })
    }

    fn array(&mut self, name: &str, data: &Data, is_npy: bool) -> Entry {
        let header = self.npy_header(data);
        let (header, said) = match header {
            Ok(found) => found,
            // Whatever else is in the archive is shown as its bytes, as NumPy does.
            Err(None) if !is_npy => return bytes(name, data.len, home(data, 0)),
            Err(error) => {
                let error =
                    error.map_or_else(|| "it does not begin like a .npy file".to_owned(), |error| error.text);
                self.findings.add(Some(data.span), || format!("{}: {error}", quoted(name)));
                return nowhere(name, data.len, "broken .npy header");
            }
        };
        for text in &said.odd {
            self.findings.add(Some(data.span), || format!("{}: {text}", quoted(name)));
        }
        let mut findings = Findings::default();
        let mut entry = npy::entry(&said, name, header, data.len, &mut findings);
        for finding in findings.finish() {
            self.findings.add(Some(data.span), || finding.text);
        }
        if let Home::Here(offset) = entry.home {
            entry.home = home(data, offset);
        }
        entry
    }

    /// The length of the `.npy` header of a member, and what it says; `None` when it has none.
    fn npy_header(&mut self, data: &Data) -> Result<(u64, npy::Said), Option<FormatError>> {
        let first = |len: u64| {
            if data.deflated {
                return Ok(first_bytes(self.source, data.span, len));
            }
            read_span(
                self.source,
                Span::between(data.span.start(), data.span.start() + len.min(data.span.len())),
            )
        };
        let start = first(npy::START as u64).map_err(Some)?;
        if !start.starts_with(npy::MAGIC) {
            return Err(None);
        }
        let len = npy::size_of_header(&start, data.len).map_err(Some)?;
        if len > SHORT_HEADER {
            let left = self.long_headers.checked_sub(len);
            self.long_headers = left.ok_or_else(|| {
                Some(FormatError::new(
                    "The headers of this archive exceed 32 MiB in total, so this one was not read.",
                    None,
                ))
            })?;
        }
        let header = first(len).map_err(Some)?;
        let base = if data.deflated { 0 } else { data.span.start() };
        Ok((len, npy::parse(&header, base).map_err(Some)?))
    }
}

/// Where the array of a member begins.
fn home(data: &Data, offset: u64) -> Home {
    if data.deflated {
        Home::Deflated { span: data.span, len: data.len, offset, crc: data.crc }
    } else {
        Home::Here(data.span.start() + offset)
    }
}

/// A member as plain bytes.
fn bytes(name: &str, len: u64, home: Home) -> Entry {
    let item = DType::new(Element::U8, Order::Little).into();
    Entry { name: name.into(), item, shape: [len].into(), order: MemoryOrder::C, home, unshown: None }
}

/// A member of `len` bytes that can't be read.
fn nowhere(name: &str, len: u64, reason: &str) -> Entry {
    let unshown = Unshown { type_name: None, has_shape: false, bytes: Some(len) };
    Entry { unshown: Some(Arc::new(unshown)), ..bytes(name, 0, Home::Nowhere(reason.into())) }
}
