//! What saves cost against the plainest way to write the same: one byte in a huge file, a million places, a byte
//! inserted in front of a gigabyte.

use crate::alloc;
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{SharedSource, Source, Span, Version};
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use pagelens::save::{Generation, RealDisk, SaveRequest, SaveWay, Saved, plan, save};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const PLACES: u64 = 1_000_000;

type Part = (&'static str, fn() -> io::Result<()>);

pub fn run() {
    let parts: [Part; 4] = [
        ("one byte", one_byte),
        ("a million places", many_places),
        ("a byte in front", in_front),
        ("a sparse file", sparse),
    ];
    for (what, part) in parts {
        if let Err(error) = part() {
            println!("{what}: no figures, because {error}");
        }
    }
}

/// An open file with the document over it, as the program has it.
struct Opened {
    path: PathBuf,
    version: Version,
    generation: Arc<Generation>,
    document: Document,
}

impl Opened {
    fn new(path: &Path) -> io::Result<Self> {
        let file = Arc::new(FileSource::open(path)?);
        let version = file.identity().clone().into();
        let generation = Arc::new(Generation::new(file));
        let document = Document::new(generation.clone() as SharedSource);
        Ok(Self { path: path.to_owned(), version, generation, document })
    }

    fn request(&self) -> SaveRequest {
        let snapshot = self.document.snapshot();
        let request = SaveRequest::save(Arc::new(snapshot.clone()), &self.path, self.version.clone());
        SaveRequest {
            overwrites: Some(snapshot.overwrites()),
            kept: snapshot.kept(64 << 10),
            generation: Some(self.generation.clone()),
            ..request
        }
    }

    fn save(&self) -> io::Result<Saved> {
        save(&RealDisk, self.request(), &Progress::default()).map_err(io::Error::other)
    }

    fn put(&mut self, span: Span, content: Content) -> io::Result<()> {
        self.document.apply(Edit::one("Edit", span, content)).map(|_| ()).map_err(io::Error::other)
    }
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

fn sparse_file(path: &Path, len: u64) -> io::Result<()> {
    File::create(path)?.set_len(len)
}

/// By turns, so that what the machine does meanwhile falls on both.
fn one_byte() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (small, huge) = (folder.path().join("small"), folder.path().join("huge"));
    std::fs::write(&small, vec![1; MIB as usize])?;
    sparse_file(&huge, 100 * GIB)?;
    let mut random = fastrand::Rng::with_seed(1);
    let (mut small_times, mut huge_times) = (Vec::new(), Vec::new());
    for round in 0..51_u64 {
        for (path, times) in [(&small, &mut small_times), (&huge, &mut huge_times)] {
            let mut opened = Opened::new(path)?;
            let at = random.u64(..opened.generation.len());
            let span = Span::at(at, 1).ok_or(io::ErrorKind::InvalidInput)?;
            opened.put(span, Content::Bytes(vec![round as u8 | 1]))?;
            let start = Instant::now();
            let saved = opened.save()?;
            times.push(start.elapsed());
            assert_eq!(saved.way, SaveWay::InPlace);
        }
    }
    let (small, huge) = (median(&mut small_times) * 1e3, median(&mut huge_times) * 1e3);
    println!(
        "one byte saved: {small:.2} ms in 1 MiB, {huge:.2} ms in 100 GiB (sparse): {:.2} times",
        huge / small
    );
    Ok(())
}

/// A replace-all of a million scattered places, against the same writes in order, and one sync.
fn many_places() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
    let spans: Vec<Span> = (0..PLACES).filter_map(|n| Span::at(n * 1000 + n * 7919 % 900, 8)).collect();
    let (mut our_times, mut plain_times) = (Vec::new(), Vec::new());
    let mut way = None;
    for round in 0..3_u8 {
        for path in [&ours, &plain] {
            let mut file = File::create(path)?;
            (0..1000).try_for_each(|_| file.write_all(&vec![0x55; 1_000_000]))?;
            file.sync_all()?;
        }
        let mut opened = Opened::new(&ours)?;
        let before = alloc::live();
        alloc::reset_peak();
        let copy = spans.clone();
        let start = Instant::now();
        let edit = Edit::same("Replace all", copy, Content::Bytes(vec![round | 0x80; 8]));
        opened.document.apply(edit).map_err(io::Error::other)?;
        let step = start.elapsed();
        let memory = (alloc::peak() - before) / 1_000_000;
        let start = Instant::now();
        way = Some(opened.save()?.way);
        our_times.push(start.elapsed());
        let file = OpenOptions::new().write(true).open(&plain)?;
        let start = Instant::now();
        spans.iter().try_for_each(|span| file.write_all_at(&[round | 0x80; 8], span.start()))?;
        file.sync_all()?;
        plain_times.push(start.elapsed());
        if round == 0 {
            println!("replace all of 1e6 places: {:.3} s, {memory} MB at most", step.as_secs_f64());
        }
    }
    let (ours, plain) = (median(&mut our_times), median(&mut plain_times));
    println!(
        "its save ({}): {ours:.2} s; the same writes and a sync: {plain:.2} s: {:.2} times",
        way.map_or(String::new(), |way| format!("{way:?}")),
        ours / plain
    );
    Ok(())
}

/// A byte inserted in front of a gigabyte, against `cp` and a sync of the copy.
fn in_front() -> io::Result<()> {
    for (what, folder) in [("in memory", PathBuf::from("/dev/shm")), ("on the disk", std::env::temp_dir())] {
        let folder = tempfile::tempdir_in(&folder)?;
        let (path, copy) = (folder.path().join("file"), folder.path().join("copy"));
        let mut file = File::create(&path)?;
        (0..1024).try_for_each(|n| file.write_all(&vec![n as u8; MIB as usize]))?;
        file.sync_all()?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..9 {
            let mut opened = Opened::new(&path)?;
            opened.put(Span::empty_at(0), Content::Bytes(vec![1]))?;
            let start = Instant::now();
            let saved = opened.save()?;
            ours.push(start.elapsed());
            assert_eq!(saved.way, SaveWay::Rewrite);
            let start = Instant::now();
            let copied = Command::new("cp").arg(&path).arg(&copy).status()?;
            File::open(&copy)?.sync_all()?;
            theirs.push(start.elapsed());
            assert!(copied.success());
            std::fs::remove_file(&copy)?;
        }
        let (ours, theirs) = (median(&mut ours), median(&mut theirs));
        println!(
            "a byte in front of 1 GiB, {what}: {ours:.2} s; cp and sync: {theirs:.2} s: {:.2} times",
            ours / theirs
        );
    }
    Ok(())
}

/// A terabyte with 10 MiB of data in it: a byte inserted in front, rewritten.
fn sparse() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("sparse");
    sparse_file(&path, 1 << 40)?;
    let mut file = OpenOptions::new().write(true).open(&path)?;
    for n in 0..10 {
        file.seek(SeekFrom::Start(n * 100 * GIB + 12_345))?;
        file.write_all(&vec![7; MIB as usize])?;
    }
    file.sync_all()?;
    let mut opened = Opened::new(&path)?;
    opened.put(Span::empty_at(0), Content::Bytes(vec![1]))?;
    let needed = plan(&RealDisk, &opened.request()).map_err(io::Error::other)?.room_needed;
    let start = Instant::now();
    let saved = opened.save()?;
    let allocated = std::fs::metadata(&path)?.blocks() * 512;
    println!(
        "a byte in front of a sparse TiB with 10 MiB of data: {:.2} s, {:?}; planned {:.1} MiB, takes {:.1} MiB",
        start.elapsed().as_secs_f64(),
        saved.way,
        needed as f64 / MIB as f64,
        allocated as f64 / MIB as f64
    );
    Ok(())
}
