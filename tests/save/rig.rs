//! What the tests of saving share: edits over a generation, and a file in a folder of its own.

pub use super::faulty::{Fault, FaultyDisk};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{Availability, ReadError, SharedSource, Source, Span, Version, check_bounds};
use pagelens::save::{Generation, SaveRequest};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A source with runs of bytes cut out and put in: what a snapshot is, by the simplest means.
#[derive(Debug)]
pub struct Edited {
    /// Each part: its length, and where it comes from.
    parts: Vec<(u64, Part)>,
}

#[derive(Clone, Debug)]
enum Part {
    Base(SharedSource, u64),
    New(Vec<u8>),
}

impl Edited {
    pub fn new(base: SharedSource) -> Self {
        Self { parts: vec![(base.len(), Part::Base(base, 0))] }
    }

    /// Puts `bytes` in the place of `span`.
    pub fn splice(mut self, span: Span, bytes: &[u8]) -> Self {
        let (head, rest) = cut(std::mem::take(&mut self.parts), span.start());
        let (_, tail) = cut(rest, span.len());
        self.parts = head;
        self.parts.extend((!bytes.is_empty()).then(|| (bytes.len() as u64, Part::New(bytes.to_vec()))));
        self.parts.extend(tail);
        self
    }

    /// The runs of it, each with its offset in the base where it comes from there.
    pub fn pieces(&self) -> Vec<(Span, Option<u64>)> {
        let mut at = 0;
        let place = |(len, part): &(u64, Part)| {
            let to = Span::between(at, at + len);
            at += len;
            let from = if let Part::Base(_, from) = part { Some(*from) } else { None };
            (to, from)
        };
        self.parts.iter().map(place).collect()
    }

    pub fn overwrite(self, offset: u64, bytes: &[u8]) -> Self {
        self.splice(Span::at(offset, bytes.len() as u64).expect("inside the file"), bytes)
    }
}

type Parts = Vec<(u64, Part)>;

fn cut(parts: Parts, at: u64) -> (Parts, Parts) {
    let (mut head, mut tail, mut left) = (Vec::new(), Vec::new(), at);
    for (len, part) in parts {
        let here = left.min(len);
        left -= here;
        let (first, second) = match part {
            Part::Base(source, offset) => {
                (Part::Base(source.clone(), offset), Part::Base(source, offset + here))
            }
            Part::New(bytes) => {
                let (first, second) = bytes.split_at(here as usize);
                (Part::New(first.to_vec()), Part::New(second.to_vec()))
            }
        };
        head.extend((here > 0).then_some((here, first)));
        tail.extend((here < len).then_some((len - here, second)));
    }
    (head, tail)
}

impl Source for Edited {
    fn len(&self) -> u64 {
        self.parts.iter().map(|(len, _)| len).sum()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let wanted = check_bounds(offset, buf.len(), self.len())?;
        let mut at = 0;
        for (len, part) in &self.parts {
            if let Some(here) = Span::at(at, *len).and_then(|span| span.intersect(wanted)) {
                let start = (here.start() - offset) as usize;
                let (out, inside) = (&mut buf[start..start + here.len() as usize], here.start() - at);
                match part {
                    Part::Base(source, base) => source.read_at(base + inside, out)?,
                    Part::New(bytes) => out.copy_from_slice(&bytes[inside as usize..][..out.len()]),
                }
            }
            at += len;
        }
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], states: &mut [Availability]) {
        states.fill(Availability::Missing);
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        let mut at = 0;
        for (len, part) in &self.parts {
            let whole = Span::at(at, *len)?;
            at += len;
            if whole.end() <= offset {
                continue;
            }
            let inside = offset.max(whole.start()) - whole.start();
            let data = match part {
                Part::New(_) => Span::between(whole.start() + inside, whole.end()),
                Part::Base(source, base) => match source.data_after(base + inside) {
                    Some(data) if data.start() < base + len => {
                        let end = data.end().min(base + len);
                        Span::between(whole.start() + data.start() - base, whole.start() + end - base)
                    }
                    _ => continue,
                },
            };
            return Some(data);
        }
        None
    }
}

/// A file in a folder of its own, and the generation that was opened from it.
pub struct Opened {
    pub folder: tempfile::TempDir,
    pub path: PathBuf,
    pub identity: Version,
    pub generation: Arc<Generation>,
}

impl Opened {
    pub fn with(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data.bin");
        std::fs::write(&path, bytes).expect("written");
        Self::at(folder, path)
    }

    pub fn at(folder: tempfile::TempDir, path: PathBuf) -> Self {
        let file = open(&path);
        let identity = file.identity().clone().into();
        Self { folder, path, identity, generation: Arc::new(Generation::new(file)) }
    }

    pub fn edited(&self) -> Edited {
        Edited::new(self.generation.clone())
    }

    /// Overwrites of the same length, which may go in place.
    pub fn overwrite(&self, edits: &[(u64, &[u8])]) -> SaveRequest {
        let snapshot = edits.iter().fold(self.edited(), |edited, (at, bytes)| edited.overwrite(*at, bytes));
        let spans = edits.iter().filter_map(|(at, bytes)| Span::at(*at, bytes.len() as u64)).collect();
        SaveRequest::save(Arc::new(snapshot), &self.path, self.identity.clone())
            .with_overwrites(self.generation.clone(), Some(spans))
    }

    /// Any other edit, which is a rewrite.
    pub fn splice(&self, span: Span, bytes: &[u8]) -> SaveRequest {
        let snapshot = self.edited().splice(span, bytes);
        SaveRequest::save(Arc::new(snapshot), &self.path, self.identity.clone())
            .with_overwrites(self.generation.clone(), None)
    }

    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).expect("readable")
    }

    /// The names in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("a folder");
        // A file that is open keeps a name on Windows; the next save removes what is left then.
        let is_there = |path: &Path| cfg!(unix) || !path.to_string_lossy().ends_with(".tmp");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry"))
            .filter(|entry| is_there(&entry.path()))
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// The same file, opened anew.
pub fn reopened(opened: Opened) -> Opened {
    let Opened { folder, path, .. } = opened;
    Opened::at(folder, path)
}

pub fn open(path: &Path) -> Arc<FileSource> {
    Arc::new(FileSource::open(path).expect("opened"))
}

/// All bytes of a source.
pub fn all(source: &dyn Source) -> Vec<u8> {
    let mut bytes = vec![0; source.len() as usize];
    source.read_at(0, &mut bytes).expect("readable");
    bytes
}

/// Bytes that repeat nowhere near.
pub fn pattern(len: usize) -> Vec<u8> {
    (0..len as u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}
