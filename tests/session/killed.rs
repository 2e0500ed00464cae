//! A process that edits and saves is killed at a random moment, and its edits are restored by another.
//!
//! The process says after each action that it has done it. Whatever the moment, what is restored must be the state after
//! the last action that was done a tenth of a second before, or after a later one, in a file with or without that save.

use super::rig::Rig;
use pagelens::bytes::Span;
use pagelens::job::no_waker;
use pagelens::session::dialog::RunOfBytes;
use pagelens::session::{
    Action, Answer, ClipboardAction, Command, OpenOptions, PaneAction, PasteWay, Pasted, Remembered, Session,
};
use pagelens::state::Folders;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

const FOLDER: &str = "PAGELENS_TEST_TYPING_FOLDER";
const SEED: &str = "PAGELENS_TEST_TYPING_SEED";

/// How many processes are killed; times a factor from the environment for the long run.
const KILLS: u64 = 60;
const FACTOR: &str = "PAGELENS_TORTURE";
/// Nothing older is lost.
const MOST_LOST: Duration = Duration::from_millis(100);
/// Of so many kills one may have met a machine that did not let the process write for that long.
const BUSY: u64 = 20;
const ACTIONS: usize = 400;

fn first_bytes(seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..random.usize(2000..40_000)).map(|_| random.u8(..)).collect()
}

/// What is done one after another; the same for whoever asks, and the same in effect whatever the disk is doing.
fn actions(seed: u64) -> Vec<Action> {
    let mut random = fastrand::Rng::with_seed(!seed);
    let mut actions = Vec::new();
    for _ in 0..ACTIONS {
        let at = random.u64(0..1500);
        actions.push(match random.u8(..20) {
            0..4 => Action::Pane(PaneAction::JumpTo(at)),
            4..12 => Action::Clipboard(ClipboardAction::Paste {
                pasted: Pasted::of_text(format!("{:02x}", random.u8(..))),
                way: PasteWay::Text,
            }),
            12 => Action::Answer(Answer::InsertRun(RunOfBytes {
                count: format!("{}", at + 1),
                pattern: String::from("5a"),
            })),
            13 => Action::Pane(PaneAction::Select(Span::between(at, at + random.u64(1..40)))),
            14 => Action::Run(Command::Delete),
            15..17 => Action::Run(Command::Undo),
            17 => Action::Run(Command::Redo),
            18 => Action::Run(Command::ToggleInsert),
            _ => Action::Run(Command::Save),
        });
    }
    actions
}

/// The process that is killed.
#[test]
#[ignore = "run by the test below, which kills it"]
fn edit_until_killed() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("run by the test below"));
    let seed: u64 = std::env::var(SEED).expect("run by the test below").parse().expect("a number");
    let folders = Folders::all_in(folder.join("state"));
    let mut session = Session::new(Remembered::load(Some(folders)), no_waker());
    session.open(folder.join("a.bin"), OpenOptions { in_front: true, ..OpenOptions::default() });
    while session.tab().is_none() {
        session.tick();
    }
    let mut random = fastrand::Rng::with_seed(seed);
    for (n, action) in actions(seed).into_iter().enumerate() {
        session.apply(action);
        println!("did {}", n + 1);
        session.tick();
        std::thread::sleep(Duration::from_micros(random.u64(0..4000)));
    }
}

/// Starts a process and kills it at a random moment; answers which actions were done, and how long before the kill.
fn edit_and_kill(folder: &Path, seed: u64) -> Vec<(usize, Duration)> {
    let mut child = Process::new(std::env::current_exe().expect("a path"))
        .args(["--exact", "session::killed::edit_until_killed", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let lines = BufReader::new(child.stdout.take().expect("its words")).lines();
    let reader = std::thread::spawn(move || {
        let done = |line: String| line.strip_prefix("did ").and_then(|n| n.parse::<usize>().ok());
        let done = lines.map_while(Result::ok).filter_map(done);
        done.map(|n| (n, Instant::now())).collect::<Vec<_>>()
    });
    std::thread::sleep(Duration::from_millis(fastrand::Rng::with_seed(seed).u64(30..600)));
    child.kill().expect("killed");
    let killed = Instant::now();
    child.wait().expect("ended");
    let done = reader.join().expect("read");
    done.into_iter().map(|(n, at)| (n, killed.saturating_duration_since(at))).collect()
}

/// What the bytes are after each action.
fn states(seed: u64) -> Vec<Vec<u8>> {
    let mut rig = Rig::on(&first_bytes(seed));
    let mut states = vec![rig.bytes()];
    for action in actions(seed) {
        if !matches!(action, Action::Run(Command::Save)) {
            rig.apply(action);
        }
        states.push(rig.bytes());
    }
    states
}

#[test]
fn nothing_older_than_a_tenth_of_a_second_is_lost_by_a_kill() {
    let factor: u64 = std::env::var(FACTOR).ok().and_then(|factor| factor.parse().ok()).unwrap_or(1);
    let kills = KILLS * factor;
    let (mut restored, mut late, mut worst) = (0, 0, Duration::ZERO);
    for seed in 0..kills {
        let mut rig = Rig::new();
        rig.write("a.bin", &first_bytes(seed));
        let done = edit_and_kill(rig.path("").as_path(), seed);
        let states = states(seed);
        rig.look_again();
        let bytes = if rig.session.has_offers() {
            rig.restore_offer();
            // What a kill does: a save or a record is cut off.
            let expected = |text: &String| text.starts_with("A save of") || text.contains("is cut off");
            assert!(rig.messages().iter().all(expected), "seed {seed}: {:?}", rig.messages());
            restored += 1;
            rig.bytes()
        } else {
            // Nothing was edited yet.
            rig.disk("a.bin")
        };
        let last = states.iter().rposition(|state| *state == bytes);
        let last = last.unwrap_or_else(|| panic!("seed {seed}: a state that never was"));
        let lost = done.iter().filter(|(n, _)| *n > last && states[*n] != states[last]);
        let age = lost.map(|(_, age)| *age).max().unwrap_or_default();
        worst = worst.max(age);
        late += u64::from(age > MOST_LOST);
    }
    println!("figure: {kills} kills, {restored} restored, the oldest edit lost was {worst:?} old");
    assert!(restored * 2 > kills, "only {restored} of {kills} had anything to restore");
    assert!(
        late * BUSY <= kills,
        "{late} of {kills} kills lost something older than {MOST_LOST:?}, up to {worst:?}"
    );
}
