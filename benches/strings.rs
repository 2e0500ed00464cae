//! Strings of 1 GiB in the page cache against GNU strings, in one run, by turns: of random bytes, which have a string in
//! every 80 bytes, and of programs.

use crate::common::write_random;
use pagelens::analysis::Tuning;
use pagelens::analysis::strings::{StringQuery, StringSearch};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{Source, Span};
use pagelens::decode::Encoding;
use pagelens::job::Progress;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LEN: u64 = 1 << 30;
const ROUNDS: usize = 3;

/// Prints what it costs to find strings.
pub fn run() {
    if let Err(error) = figures() {
        println!("strings: no figures, because {error}");
    }
}

fn figures() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bytes");
    println!("strings: 1 GiB in the page cache; the least of {ROUNDS} by turns, and the range");
    write_random(&path, LEN)?;
    against("random bytes", &path)?;
    write_programs(&path)?;
    against("a program again and again", &path)
}

fn against(what: &str, path: &Path) -> io::Result<()> {
    let source = FileSource::open(path)?;
    let (mut lists, mut commands, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (elapsed, count) = library(&source, Encoding::Ascii)?;
        lists.push(elapsed);
        let own =
            command(Command::new(env!("CARGO_BIN_EXE_pagelens")).args(["strings", "-e", "ascii"]), path)?;
        let gnu = command(Command::new("strings").args(["-a", "-t", "x"]), path)?;
        if let Some((elapsed, lines)) = own {
            commands.push(elapsed);
            if lines != count {
                return Err(io::Error::other(format!("{lines} lines of {count} strings")));
            }
        }
        if let Some((elapsed, lines)) = gnu {
            theirs.push(elapsed);
            if lines != count {
                return Err(io::Error::other(format!("GNU strings has {lines} lines, here are {count}")));
            }
        }
    }
    let least = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times.first().map(|least| (least.as_secs_f64() * 1e3, times[times.len() - 1].as_secs_f64() * 1e3))
    };
    let Some(gnu) = least(&mut theirs) else {
        println!("  {what}: NOT COMPARED: GNU strings IS NOT INSTALLED");
        return Ok(());
    };
    for (how, times) in [("found", &mut lists), ("written as lines", &mut commands)] {
        if let Some((best, worst)) = least(times) {
            let ratio = gnu.0 / best;
            println!(
                "  {what}, {how}: {best:.0} to {worst:.0} ms; strings -a {:.0} to {:.0} ms, {ratio:.1} times ours",
                gnu.0, gnu.1
            );
        }
    }
    for encoding in [Encoding::Utf8, Encoding::Utf16Le] {
        let (elapsed, count) = library(&source, encoding)?;
        println!("  {what}, {count} of {}: {:.0} ms", encoding.label(), elapsed.as_secs_f64() * 1e3);
    }
    Ok(())
}

fn library(source: &dyn Source, encoding: Encoding) -> io::Result<(Duration, usize)> {
    let query = StringQuery { encodings: vec![encoding], least: 4, containing: String::new() };
    let progress = Progress::default();
    let search =
        StringSearch { source, query: &query, render: None, progress: &progress, tuning: Tuning::default() };
    let begin = Instant::now();
    let mut count = 0;
    let tally = search.find(Span::first(source.len()), &mut |strings, _| {
        count += strings.len();
        ControlFlow::Continue(())
    });
    if tally.unread.is_empty() { Ok((begin.elapsed(), count)) } else { Err(io::Error::other("unread bytes")) }
}

/// How long a program takes to write its lines, and how many they are; `None` where it is not installed.
fn command(command: &mut Command, path: &Path) -> io::Result<Option<(Duration, usize)>> {
    let lines = path.with_extension("lines");
    let begin = Instant::now();
    match command.arg(path).stdout(Stdio::from(File::create(&lines)?)).status() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        status => status?,
    };
    let elapsed = begin.elapsed();
    let count = memchr::memchr_iter(b'\n', &std::fs::read(&lines)?).count();
    std::fs::remove_file(&lines)?;
    Ok(Some((elapsed, count)))
}

/// This program, as often as it takes.
fn write_programs(path: &Path) -> io::Result<()> {
    let program = std::fs::read(env!("CARGO_BIN_EXE_pagelens"))?;
    let mut file = BufWriter::new(File::create(path)?);
    let mut left = LEN as usize;
    while left > 0 {
        let part = left.min(program.len());
        file.write_all(&program[..part])?;
        left -= part;
    }
    file.into_inner()?.sync_all()
}
