//! Hashes of 1 GiB in the page cache against the programs and the loop that compute them, in one run, by turns.

use crate::common::write_random;
use pagelens::analysis::Tuning;
use pagelens::analysis::hashes::{HashAlgorithm, algorithm, hash};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{Source, Span};
use pagelens::job::Progress;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const LEN: u64 = 1 << 30;
const ROUNDS: usize = 5;

/// A peer: computes the value of a file, or `None` where it is not installed.
type Peer = fn(&Path) -> io::Result<Option<String>>;

/// Prints what hashing costs.
pub fn run() {
    if let Err(error) = figures() {
        println!("hashes: no figures, because {error}");
    }
}

fn figures() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bytes");
    write_random(&path, LEN)?;
    let source = FileSource::open(&path)?;
    println!("hashes: 1 GiB in the page cache; the least of {ROUNDS} by turns, and the range");
    let peers: [(&str, &str, Peer); 4] = [
        ("BLAKE3", "b3sum", |path| program("b3sum", path)),
        ("SHA-256", "sha256sum", |path| program("sha256sum", path)),
        ("SHA-256", "a loop of the crate sha2", looped_sha2),
        ("CRC-32", "a loop of crc32fast", looped_crc),
    ];
    for (name, peer_name, peer) in peers {
        against(&source, &path, name, peer_name, peer)?;
    }
    let names = ["CRC-32", "MD5", "SHA-1", "SHA-256", "BLAKE3"];
    let mut alone = Duration::ZERO;
    for name in names {
        let elapsed = ours(&source, &[named(name)?])?.0;
        alone += elapsed;
        println!("  {name:24} {:7.1} ms alone", elapsed.as_secs_f64() * 1e3);
    }
    let together = ours(&source, &names.map(named).into_iter().collect::<io::Result<Vec<_>>>()?)?.0;
    let ratio = alone.as_secs_f64() / together.as_secs_f64();
    println!(
        "  all five in one pass     {:7.1} ms, {ratio:.2} times as fast as one after another",
        together.as_secs_f64() * 1e3
    );
    Ok(())
}

fn against(source: &dyn Source, path: &Path, name: &str, peer_name: &str, peer: Peer) -> io::Result<()> {
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (elapsed, value) = ours(source, &[named(name)?])?;
        own.push(elapsed);
        let begin = Instant::now();
        let Some(other) = peer(path)? else { continue };
        theirs.push(begin.elapsed());
        if other != value {
            return Err(io::Error::other(format!("{name} is {value}, but {peer_name} says {other}")));
        }
    }
    own.sort_unstable();
    theirs.sort_unstable();
    let ms = |time: &Duration| time.as_secs_f64() * 1e3;
    let range =
        |times: &[Duration]| format!("{:7.1} to {:7.1} ms", ms(&times[0]), ms(&times[times.len() - 1]));
    let compared = match theirs.first() {
        None => format!("NOT COMPARED: {peer_name} IS NOT INSTALLED"),
        Some(least) => format!("{peer_name} {}, {:.2} times ours", range(&theirs), ms(least) / ms(&own[0])),
    };
    println!("  {name:8} {}; {compared}", range(&own));
    Ok(())
}

fn named(name: &str) -> io::Result<&'static HashAlgorithm> {
    algorithm(name).ok_or_else(|| io::Error::other(format!("there is no {name}")))
}

/// How long our pass takes, and its last value.
fn ours(source: &dyn Source, algorithms: &[&'static HashAlgorithm]) -> io::Result<(Duration, String)> {
    let begin = Instant::now();
    let span = Span::first(source.len());
    let values = hash(source, span, algorithms, Tuning::default(), &Progress::default());
    let values = values.map_err(io::Error::other)?;
    Ok((begin.elapsed(), values.last().map(|value| value.hex()).unwrap_or_default()))
}

fn program(name: &str, path: &Path) -> io::Result<Option<String>> {
    match Command::new(name).arg(path).output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        output => {
            let text = String::from_utf8_lossy(&output?.stdout).into_owned();
            Ok(text.split(' ').next().map(str::to_owned))
        }
    }
}

/// Hands the file to `update` as a program does that reads into one buffer.
fn looped(path: &Path, mut update: impl FnMut(&[u8])) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 256 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            len => update(&buffer[..len]),
        }
    }
}

fn looped_sha2(path: &Path) -> io::Result<Option<String>> {
    use sha2::Digest;
    let mut state = sha2::Sha256::new();
    looped(path, |bytes| state.update(bytes))?;
    Ok(Some(state.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

fn looped_crc(path: &Path) -> io::Result<Option<String>> {
    let mut state = crc32fast::Hasher::new();
    looped(path, |bytes| state.update(bytes))?;
    Ok(Some(format!("{:08x}", state.finalize())))
}
