//! Real saves while another process appends, patches, truncates or replaces the file, at random moments: what it wrote is
//! in the file afterwards, or kept beside it, or the save says that something was written. Never lost in silence.

use super::rig::{Opened, pattern};
use pagelens::bytes::Span;
use pagelens::job::Progress;
use pagelens::save::disk::Access;
use pagelens::save::{Disk, FileState, RealDisk, SaveRequest, SaveWay, plan, save};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Lines, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

const OTHER: &str = "PAGELENS_TEST_RACES";

/// How many races there are in an ordinary run; `PAGELENS_RACES=2000` for all of them.
const RACES: usize = 200;
const ALL: &str = "PAGELENS_RACES";

/// What the other process writes: in no file of the test.
const MARK: &[u8; 16] = b"<another writer>";

/// What it writes when it writes again.
const SECOND: &[u8; 16] = b"<and once again>";

/// What the other process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Waits so many microseconds between opening the file and writing.
    Append(u64),
    /// Appends, and so many microseconds later appends again, to what has the name then.
    Twice(u64),
    Patch(u64),
    Truncate(u64),
    Replace,
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Append(pause) => write!(f, "append {pause}"),
            Self::Twice(pause) => write!(f, "twice {pause}"),
            Self::Patch(at) => write!(f, "patch {at}"),
            Self::Truncate(len) => write!(f, "truncate {len}"),
            Self::Replace => write!(f, "replace 0"),
        }
    }
}

impl FromStr for Deed {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (word, number) = text.split_once(' ').ok_or(())?;
        let number = number.parse().map_err(|_| ())?;
        match word {
            "append" => Ok(Self::Append(number)),
            "twice" => Ok(Self::Twice(number)),
            "patch" => Ok(Self::Patch(number)),
            "truncate" => Ok(Self::Truncate(number)),
            "replace" => Ok(Self::Replace),
            _ => Err(()),
        }
    }
}

impl Deed {
    /// Whether the file was there to be written to.
    fn act(self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Append(pause) => {
                let mut file = OpenOptions::new().append(true).open(path)?;
                wait(Duration::from_micros(pause));
                file.write_all(MARK)
            }
            Self::Twice(pause) => {
                OpenOptions::new().append(true).open(path)?.write_all(MARK)?;
                wait(Duration::from_micros(pause));
                OpenOptions::new().append(true).open(path)?.write_all(SECOND)
            }
            Self::Patch(at) => OpenOptions::new().write(true).open(path)?.write_all_at(MARK, at),
            Self::Truncate(len) => OpenOptions::new().write(true).open(path)?.set_len(len),
            Self::Replace => {
                let new = path.with_extension("new");
                std::fs::write(&new, MARK)?;
                std::fs::rename(new, path)
            }
        }
    }
}

/// Sleeps are too coarse for the moments of a save.
fn wait(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// The other process: does what each line says, after so many microseconds.
#[test]
#[ignore = "run by the test below"]
fn write_as_told() {
    std::env::var_os(OTHER).expect("run by the test below");
    println!("ready");
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let mut parts = line.splitn(3, '|');
        let (delay, deed, path) = (parts.next(), parts.next(), parts.next());
        let delay: u64 = delay.and_then(|delay| delay.parse().ok()).expect("a delay");
        let deed: Deed = deed.and_then(|deed| deed.parse().ok()).expect("a deed");
        wait(Duration::from_micros(delay));
        let done = deed.act(Path::new(path.expect("a path"))).is_ok();
        println!("done {done}");
    }
}

struct Other {
    child: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Other {
    fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().expect("a path"))
            .args(["--exact", "save::races::write_as_told", "--ignored", "--nocapture"])
            .env(OTHER, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let orders = child.stdin.take().expect("a pipe");
        let answers = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut other = Self { child, orders, answers };
        other.answer("ready");
        other
    }

    fn order(&mut self, delay: u64, deed: Deed, path: &Path) {
        writeln!(self.orders, "{delay}|{deed}|{}", path.display()).expect("it listens");
    }

    /// What comes behind `word` in the next line that has it.
    fn answer(&mut self, word: &str) -> String {
        let found = self.answers.find_map(|line| line.ok()?.split(word).nth(1).map(str::to_owned));
        found.expect("an answer").trim().to_owned()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        // It ends with its input; a test that fails need not wait for that.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Overwrites that go in place, with the end cut, grown or left, or bytes put in, which is a rewrite.
fn request(opened: &Opened, random: &mut fastrand::Rng) -> SaveRequest {
    let len = opened.identity.len();
    let at = random.u64(..len - 600);
    match random.u8(..8) {
        0..4 => opened.splice(Span::empty_at(at), &[7; 300]),
        4 | 5 => opened.overwrite(&[(at, &[7; 300]), (len - 20, &[8; 20])]),
        end => {
            let tail = Span::between(len - 500, len);
            let bytes: &[u8] = if end == 6 { &[] } else { &[9; 900] };
            let snapshot = opened.edited().overwrite(at, &[7; 100]).splice(tail, bytes);
            let spans =
                vec![Span::between(at, at + 100), Span::between(len - 500, len - 500 + bytes.len() as u64)];
            SaveRequest::save(std::sync::Arc::new(snapshot), &opened.path, opened.identity.clone())
                .with_overwrites(opened.generation.clone(), Some(spans))
        }
    }
}

fn deed(len: u64, random: &mut fastrand::Rng) -> Deed {
    match random.u8(..7) {
        0 | 1 => Deed::Append(0),
        6 => Deed::Twice(random.u64(..400)),
        2 => Deed::Append(random.u64(..600)),
        3 => Deed::Patch(random.u64(..len - 100)),
        4 => Deed::Truncate(random.u64(1..len)),
        _ => Deed::Replace,
    }
}

/// Whether what was done is still to be seen, in the file or in one that was kept; journals are no place to look.
fn is_kept(opened: &Opened, deed: Deed) -> bool {
    let names = opened.names();
    let files = names.iter().filter(|name| !name.ends_with(".pagelens-journal") && !name.ends_with(".tmp"));
    let files: Vec<Vec<u8>> =
        files.map(|name| std::fs::read(opened.folder.path().join(name)).expect("readable")).collect();
    let has = |mark: &[u8; 16]| files.iter().any(|bytes| bytes.windows(mark.len()).any(|part| part == mark));
    match deed {
        Deed::Truncate(len) => files.iter().any(|bytes| bytes.len() as u64 == len),
        Deed::Twice(_) => has(MARK) && has(SECOND),
        _ => has(MARK),
    }
}

/// One race. Answers how it ended, in words.
fn race(other: &mut Other, folder: &Path, seed: u64, long: u64) -> Result<String, String> {
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    let path = folder.path().join("data.bin");
    std::fs::write(&path, pattern(random.usize(2_000..60_000))).expect("written");
    let opened = Opened::at(folder, path);
    let request = request(&opened, &mut random);
    let deed = deed(opened.identity.len(), &mut random);
    let way = plan(&RealDisk, &request).expect("a plan").way;
    other.order(random.u64(..long), deed, &opened.path);
    // It takes the other process a while to hear of it.
    wait(Duration::from_micros(random.u64(..long.min(1000))));
    let result = save(&RealDisk, request, &Progress::default());
    let done = other.answer("done") == "true";
    let told = format!("seed {seed}: {deed:?}");
    if !done {
        return Ok("the name was not there for a moment, as the other process saw it".to_owned());
    }
    let kept = is_kept(&opened, deed);
    let stray = opened.names().into_iter().find(|name| name.ends_with(".tmp"));
    match result {
        _ if stray.is_some() => Err(format!("{told}: {stray:?} is left")),
        Ok(saved) if kept && saved.warnings.is_empty() => Ok(format!("{:?}: both are there", saved.way)),
        Ok(saved) if kept => Ok(format!("{:?}: both are there, and told", saved.way)),
        Ok(saved) if !saved.warnings.is_empty() => Ok(format!("{:?}: written over, and told", saved.way)),
        Ok(saved) => Err(format!("{told}: LOST IN SILENCE, {:?}", saved.way)),
        Err(error) if matches!(error.state(), FileState::Mixed(_)) => {
            Ok("refused, and the journal is there".to_owned())
        }
        Err(_) if kept => Ok("refused, and what was written is there".to_owned()),
        Err(error) if way == SaveWay::Rewrite => {
            Err(format!("{told}: a new file was refused, and what was written is LOST: {error}"))
        }
        Err(error) => {
            Ok(format!("refused; what was written has the old bytes over it: {}", kind(&error.to_string())))
        }
    }
}

fn kind(text: &str) -> String {
    text.split(": ").nth(1).unwrap_or_default().chars().take(60).collect()
}

#[test]
fn what_another_process_writes_during_a_save_is_never_lost_in_silence() {
    let races = std::env::var(ALL).ok().and_then(|all| all.parse().ok()).unwrap_or(RACES);
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let memory = Path::new("/dev/shm");
    let folders = [memory.is_dir().then(|| memory.to_owned()), Some(std::env::temp_dir())];
    let folders: Vec<_> = folders.into_iter().flatten().collect();
    let mut other = Other::start();
    let (mut ends, mut lost): (BTreeMap<String, usize>, _) = (BTreeMap::new(), Vec::new());
    for folder in &folders {
        // How long a save takes here, so that the moments are spread over it.
        let opened = Opened::at(tempfile::tempdir_in(folder).expect("a folder"), {
            let path = folder.join(format!("pagelens-race-{}", std::process::id()));
            std::fs::write(&path, pattern(30_000)).expect("written");
            path
        });
        let start = Instant::now();
        save(&RealDisk, opened.overwrite(&[(5, b"new")]), &Progress::default()).expect("saved");
        let long = (start.elapsed().as_micros() as u64).clamp(200, 50_000) * 3 / 2;
        std::fs::remove_file(&opened.path).expect("removed");
        for n in 0..races / folders.len() {
            match race(&mut other, folder, seed ^ n as u64, long) {
                Ok(end) => *ends.entry(end).or_default() += 1,
                Err(finding) => lost.push(finding),
            }
        }
    }
    println!("figure: {} races with another process: {ends:#?}", ends.values().sum::<usize>());
    assert!(lost.is_empty(), "{} of {races}: {lost:#?}", lost.len());
    let refused = ends.keys().filter(|end| end.starts_with("refused")).count();
    assert!(refused > 0, "nobody came in the middle, so nothing was tested: {ends:?}");
}

/// Whoever has the file open for writing goes on with the old content; that is kept, and told.
#[test]
fn what_a_program_writes_later_that_has_the_file_open_is_kept() {
    let opened = Opened::with(&pattern(5000));
    let mut log = OpenOptions::new().append(true).open(&opened.path).expect("opened");
    let saved =
        save(&RealDisk, opened.splice(Span::empty_at(10), b"inserted"), &Progress::default()).expect("saved");
    log.write_all(MARK).expect("written");
    assert_eq!(saved.way, SaveWay::Rewrite);
    if saved.warnings.is_empty() {
        println!("SKIPPED: this file system does not tell who has a file open for writing");
        return;
    }
    assert!(
        saved.warnings[0].contains("open for writing") && saved.warnings[0].contains(".kept-"),
        "{saved:?}"
    );
    assert!(is_kept(&opened, Deed::Append(0)));
    assert_eq!(opened.bytes().len(), 5008);
    assert_eq!(opened.names().len(), 2, "{:?}", opened.names());
}

/// Whoever opens the file for each line of a log writes to the old file before the names are swapped and to the new one
/// after that, whatever comes of the save: both lines are there.
#[test]
fn what_is_written_to_the_old_file_and_to_the_new_one_is_kept() {
    use super::rig::{Fault, FaultyDisk};
    let sound = Opened::with(&pattern(5000));
    let _open = OpenOptions::new().append(true).open(&sound.path).expect("opened");
    let disk = FaultyDisk::sound();
    save(&disk, sound.splice(Span::empty_at(10), b"inserted"), &Progress::default()).expect("saved");
    let swapped = disk.calls().iter().position(|call| *call == "exchange").expect("names are swapped");
    let (mut ends, len) = ([0, 0], disk.calls().len());
    // In between it is asked, time and again, whether anybody writes.
    for at in (swapped..swapped + 3).chain(len.saturating_sub(12)..len) {
        let opened = Opened::with(&pattern(5000));
        let old = OpenOptions::new().append(true).open(&opened.path).expect("opened");
        let path = opened.path.clone();
        let disk = FaultyDisk::new(
            Fault::Interfere(std::sync::Arc::new(move || {
                (&old).write_all(MARK).expect("written");
                OpenOptions::new()
                    .append(true)
                    .open(&path)
                    .expect("there")
                    .write_all(SECOND)
                    .expect("written");
            })),
            at,
            1,
        );
        let saved = save(&disk, opened.splice(Span::empty_at(10), b"inserted"), &Progress::default());
        assert!(is_kept(&opened, Deed::Twice(0)), "before call {at}: {saved:?} {:?}", opened.names());
        ends[usize::from(saved.is_ok())] += 1;
    }
    println!("figure: two lines of a log written in the moment of a swap: {ends:?}");
    assert!(ends.iter().all(|count| *count > 0), "{ends:?}");
}

/// What else there is to say is said with the news that the name was lost.
#[test]
fn what_was_noticed_is_told_also_when_the_file_is_another() {
    use super::rig::{Fault, FaultyDisk};
    let sound = Opened::with(&pattern(5000));
    if RealDisk.open(&sound.path, Access::Write).expect("opened").watch_writes().is_err() {
        println!("SKIPPED: this system does not tell who writes to a file");
        return;
    }
    let disk = FaultyDisk::sound();
    save(&disk, sound.overwrite(&[(10, b"edited")]), &Progress::default()).expect("saved");
    // When the journal is gone, and the name is looked for once more.
    let at = disk.calls().iter().rposition(|call| *call == "remove").expect("the journal goes");
    let opened = Opened::with(&pattern(5000));
    let path = opened.path.clone();
    let act = move || {
        let script = "printf x >> \"$0\" && mv \"$0\" \"$0.away\" && echo other > \"$0\"";
        assert!(Command::new("sh").arg("-c").arg(script).arg(&path).status().expect("run").success());
    };
    let disk = FaultyDisk::new(Fault::Interfere(std::sync::Arc::new(act)), at, 1);
    let saved = save(&disk, opened.overwrite(&[(10, b"edited")]), &Progress::default());
    let told = saved.expect_err("it is another file").to_string();
    assert!(told.contains("was replaced or removed") && told.contains("Another program wrote"), "{told}");
}

/// A file that is renamed over the target while it is saved in place: the edits are not in it, and that is said.
#[test]
fn a_file_that_is_renamed_over_the_target_is_told_and_stays() {
    use super::rig::FaultyDisk;
    use pagelens::save::SaveError;
    // Before each call of the save from the first write on.
    let sound = Opened::with(&pattern(5000));
    let disk = FaultyDisk::sound();
    save(&disk, sound.overwrite(&[(10, b"edited")]), &Progress::default()).expect("saved");
    let asked = disk.calls().iter().rposition(|call| *call == "stat").expect("it asks");
    let mut told = BTreeMap::new();
    for at in 0..=asked {
        let opened = Opened::with(&pattern(5000));
        let (path, request) = (opened.path.clone(), opened.overwrite(&[(10, b"edited")]));
        let kept_open = std::fs::File::open(&path).expect("opened");
        let disk = FaultyDisk::new(
            super::rig::Fault::Interfere(std::sync::Arc::new(move || {
                Deed::Replace.act(&path).expect("replaced");
            })),
            at,
            1,
        );
        let error = save(&disk, request, &Progress::default()).expect_err("told");
        assert_eq!(opened.bytes(), MARK, "before call {at}: {error}");
        let mut now = vec![0; 6];
        kept_open.read_exact_at(&mut now, 10).expect("read");
        let end = match error {
            // The nameless file has the edits; those of the document are kept.
            SaveError::Replaced { .. } => "replaced",
            error => {
                assert_eq!(now, pattern(5000)[10..16], "before call {at}: {error}");
                "changed"
            }
        };
        *told.entry(end).or_insert(0) += 1;
    }
    println!("figure: replaced before each of {asked} calls: {told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
}
