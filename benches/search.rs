//! Search in the page cache against ripgrep, in one run: the same file, the same needle, by turns. And, as
//! information only, a sparse file of a terabyte.

use pagelens::analysis::regex::Regex;
use pagelens::analysis::spans::recorder;
use pagelens::analysis::{Case, Direction, End, Limit, Needle, Pattern, Search, Tuning};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{Source, Span};
use pagelens::job::Progress;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const LEN: u64 = 1 << 30;
const SPARSE_LEN: u64 = 1 << 40;
const NEEDLE: &str = "Zanzqif";
/// One in every 128 MiB.
const HITS: u64 = 8;
/// In every line.
const PAIR: &str = "QX";
const LINE: u64 = 64;
/// No byte of it is rare, so every byte goes through the matcher.
const EXPRESSION: &str = "[etaoin]{9}[hldc]{3}[^ ]";
const ROUNDS: usize = 11;

/// What is searched for, how on our side, and as ripgrep has it: option, text, and how many lines it is to find.
type BenchCase<'a> = (&'a str, &'a dyn Pattern, Tuning, &'a str, &'a str, Option<u64>);

/// Prints what searching costs.
pub fn run() {
    if let Err(error) = in_the_page_cache().and_then(|()| sparse()) {
        println!("search: no figures, because {error}");
    }
}

fn in_the_page_cache() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("text");
    write_text(&path)?;
    let file = FileSource::open(&path)?;
    let exact = Needle::exact(NEEDLE.as_bytes()).map_err(io::Error::other)?;
    let utf8 = |c: char| Some(c.to_string().into_bytes());
    let folded = Needle::text(NEEDLE, Case::Unicode, utf8).map_err(io::Error::other)?;
    let all = Tuning::default();
    let one = Tuning { threads: 1, ..all };
    println!(
        "search: 1 GiB of text in the page cache, {NEEDLE} {HITS} times; {} threads; medians of {ROUNDS}",
        all.threads
    );
    let pair = Needle::exact(PAIR.as_bytes()).map_err(io::Error::other)?;
    let regex = Regex::new(EXPRESSION, false).map_err(io::Error::other)?;
    let (exactly, any_case) = ("--case-sensitive", "--ignore-case");
    let cases: [BenchCase<'_>; 7] = [
        ("exact", &exact, all, exactly, NEEDLE, Some(HITS)),
        ("exact, one thread", &exact, one, exactly, NEEDLE, Some(HITS)),
        ("any case", &folded, all, any_case, NEEDLE, Some(HITS)),
        ("any case, one thread", &folded, one, any_case, NEEDLE, Some(HITS)),
        ("a pair in every line", &pair, all, exactly, PAIR, Some(LEN / LINE)),
        ("a regular expression", &regex, all, exactly, EXPRESSION, None),
        ("the same, one thread", &regex, one, exactly, EXPRESSION, None),
    ];
    for (what, pattern, tuning, option, text, expected) in cases {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(find_all(&file, pattern, tuning, expected)?);
            theirs.extend(ripgrep(&path, option, text, expected)?);
        }
        report(what, &mut ours, &mut theirs);
    }
    dense(&file)
}

/// A letter that is everywhere: up to the limit of the list.
fn dense(source: &dyn Source) -> io::Result<()> {
    let needle = Needle::exact(b"e").map_err(io::Error::other)?;
    let progress = Progress::default();
    let (mut hits, list) = recorder(Limit::default());
    let begin = Instant::now();
    let tally = Search::new(source, &needle, &progress).find_all(Span::first(source.len()), &mut hits);
    let elapsed = begin.elapsed();
    let each = list.size() as f64 / list.len() as f64;
    println!("  {} hits ({:?}) in {elapsed:.1?}, {each:.2} bytes each", list.len(), tally.end);
    Ok(())
}

/// How long it takes to find all; an error when they are not as many as there should be.
fn find_all(
    source: &dyn Source,
    pattern: &dyn Pattern,
    tuning: Tuning,
    expected: Option<u64>,
) -> io::Result<Duration> {
    let begin = Instant::now();
    let progress = Progress::default();
    let (mut hits, list) = recorder(Limit::default());
    let search = Search { source, pattern, progress: &progress, tuning };
    let tally = search.find_all(Span::first(source.len()), &mut hits);
    let elapsed = begin.elapsed();
    let is_right = expected.is_none_or(|expected| list.len() == expected);
    if tally.end == End::Complete && tally.unread.is_empty() && is_right && list.size() <= 40 << 20 {
        return Ok(elapsed);
    }
    let found = list.len();
    Err(io::Error::other(format!("the search found {found} of {expected:?} and says {tally:?}")))
}

/// How long ripgrep takes; `None` where it is not installed.
fn ripgrep(path: &Path, option: &str, text: &str, expected: Option<u64>) -> io::Result<Option<Duration>> {
    let mut command = Command::new("rg");
    command.args(["--no-config", "-c", "-a", "--mmap", option, text]).arg(path);
    let begin = Instant::now();
    let output = match command.output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        output => output?,
    };
    let elapsed = begin.elapsed();
    // It counts lines, in each of which the needle is at most once.
    let lines: Option<u64> = String::from_utf8_lossy(&output.stdout).trim().parse().ok();
    if lines.is_some() && expected.is_none_or(|expected| lines == Some(expected)) {
        return Ok(Some(elapsed));
    }
    Err(io::Error::other(format!("rg did not find {expected:?} lines: {output:?}")))
}

fn report(what: &str, ours: &mut [Duration], theirs: &mut [Duration]) {
    let own = median(ours).as_secs_f64();
    let speed = LEN as f64 / f64::from(1 << 30) / own;
    let compared = if theirs.is_empty() {
        "NOT COMPARED: rg IS NOT INSTALLED".to_owned()
    } else {
        let other = median(theirs).as_secs_f64();
        let best = theirs[0].as_secs_f64() / ours[0].as_secs_f64();
        format!("rg {:6.1} ms, {:.2} times ours (best of each: {best:.2})", other * 1e3, other / own)
    };
    println!("  {what:24} {:6.1} ms, {speed:4.1} GiB/s; {compared}", own * 1e3);
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A terabyte of holes with a needle at either end.
fn sparse() -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new()?;
    for offset in [1 << 20, SPARSE_LEN - (1 << 20)] {
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(NEEDLE.as_bytes())?;
    }
    file.as_file().set_len(SPARSE_LEN)?;
    let source = FileSource::open(file.path())?;
    let needle = Needle::exact(NEEDLE.as_bytes()).map_err(io::Error::other)?;
    let all = find_all(&source, &needle, Tuning::default(), Some(2))?;
    let progress = Progress::default();
    let search = Search::new(&source, &needle, &progress);
    let begin = Instant::now();
    let found = search.find_next(SPARSE_LEN - (2 << 20), Direction::Backward, false);
    let backward = begin.elapsed();
    if found.span.map(Span::start) != Some(1 << 20) {
        return Err(io::Error::other(format!("the search back found {found:?}")));
    }
    println!("  1 TiB of holes, 2 hits: all in {all:.1?}, back over the whole hole in {backward:.1?}");
    Ok(())
}

/// Lines of random letters with the pair in each, and the needle in every 128 MiB.
fn write_text(path: &Path) -> io::Result<()> {
    const LETTERS: &[u8; 32] = b"etaoinsrhldcumfpgwyb  eta oinsh\n";
    let mut rng = fastrand::Rng::with_seed(1);
    let mut file = BufWriter::new(File::create(path)?);
    let mut block = vec![0; 1 << 20];
    for index in 0..LEN >> 20 {
        for word in block.chunks_exact_mut(8) {
            let bits = rng.u64(..);
            for (i, byte) in word.iter_mut().enumerate() {
                *byte = LETTERS[(bits >> (5 * i)) as usize % LETTERS.len()];
            }
        }
        for line in block.chunks_exact_mut(LINE as usize) {
            line[20..20 + PAIR.len()].copy_from_slice(PAIR.as_bytes());
            line[LINE as usize - 1] = b'\n';
        }
        if index % ((LEN / HITS) >> 20) == 77 {
            block[1000..1000 + NEEDLE.len()].copy_from_slice(NEEDLE.as_bytes());
        }
        file.write_all(&block)?;
    }
    file.into_inner()?.sync_all()
}
