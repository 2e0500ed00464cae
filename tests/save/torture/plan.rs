//! A save to be tortured: a random file, random edits, a random disk, all of them told by one number.
//!
//! The plan knows what the file held before and what it is to hold after, and judges a disk by that: a file that is
//! neither, a byte of any other file, an attribute that is gone, a file that nobody asked for are findings.

use super::super::rig::Edited;
use super::super::sim::{SECTOR, SET_USER_ID, SimDisk, State};
use pagelens::bytes::{Origin, Source, Span};
use pagelens::document::{KeptRun, Overwrites};
use pagelens::save::disk::Privacy;
use pagelens::save::{Disk, Generation, Purpose, SaveRequest};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const FOLDER: &str = "/disk";
const FALLBACK: &str = "/state";
const NOTE: &str = "user.note";

/// Files are at most so long: a dozen sectors have all there is of borders.
const LONGEST: usize = 6 << 10;

/// What is done to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes overwritten.
    Overwrite,
    /// The same, and the end moved.
    Tail,
    /// Bytes put in and cut out.
    Middle,
    /// Saved under a name that is taken.
    Over,
    /// Saved under a new name.
    Fresh,
}

const KINDS: [Kind; 8] = [
    Kind::Overwrite,
    Kind::Overwrite,
    Kind::Tail,
    Kind::Tail,
    Kind::Tail,
    Kind::Middle,
    Kind::Over,
    Kind::Fresh,
];

/// Which of the two wholes a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Old,
    New,
}

/// What a save has said of itself, that need not be found out any more.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Files that could not be removed.
    pub left: Vec<PathBuf>,
    /// Owner, mode or attributes could not be kept.
    pub attributes_lost: bool,
    /// What a write takes was not given back, since others may have written.
    pub rights_lost: bool,
    /// The disk failed again when a half-made backup was to be removed.
    pub temps_left: bool,
    /// It has said how it ended: saved, or as it was.
    pub is_reported: bool,
    /// An attempt before has left a journal, which has the old bytes alone.
    pub journal_left: bool,
}

/// A splice of the file: from, to, and the bytes that come there.
type Edit = (usize, usize, Vec<u8>);

pub struct Plan {
    pub seed: u64,
    pub kind: Kind,
    /// The disk before the save, everything on it durable.
    pub state: State,
    pub target: PathBuf,
    /// What the target holds before; `None` where it is not there.
    pub old: Option<Vec<u8>>,
    pub new: Vec<u8>,
    /// What the document was opened from.
    base: PathBuf,
    edits: Vec<Edit>,
    in_place: bool,
    backup: bool,
    /// All names with their bytes before the save.
    others: BTreeMap<PathBuf, Vec<u8>>,
}

impl Plan {
    pub fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let random = &mut random;
        let kind = KINDS[random.usize(..KINDS.len())];
        let in_place = !matches!(kind, Kind::Over | Kind::Fresh) && random.u8(..10) < 8;
        let bytes = content(random);
        let base = Path::new(FOLDER).join("data.bin");
        let mut state = State::new(seed, &[Path::new(FOLDER), Path::new(FALLBACK)]);
        let names =
            if in_place && random.u8(..10) == 0 { &["data.bin", "second name"][..] } else { &["data.bin"] };
        put_file(&mut state, names, &bytes, random);
        let target = match kind {
            Kind::Over | Kind::Fresh => Path::new(FOLDER).join("copy.bin"),
            _ => base.clone(),
        };
        if kind == Kind::Over {
            put_file(&mut state, &["copy.bin"], &content(random), random);
        }
        if in_place && random.u8(..10) == 0 {
            state.read_only_folders = Arc::new([FOLDER.into()].into());
        }
        let can = &mut state.can;
        can.shares_blocks = random.u8(..5) == 0;
        can.copies_ranges = random.u8(..10) < 7;
        can.exchanges = random.u8(..10) < 8;
        can.reserves = random.u8(..10) < 8;
        can.locks = random.u8(..20) != 0;
        can.tells_writes = random.u8(..10) < 7;
        state.sync_all();
        let others = everything(&state);
        let edits = edits(random, kind, &bytes);
        let mut new = bytes;
        for (from, to, bytes) in &edits {
            new.splice(from..to, bytes.iter().copied());
        }
        let old = others.get(&target).cloned();
        let backup = old.is_some() && state.read_only_folders.is_empty() && random.u8(..8) == 0;
        Self { seed, kind, state, target, old, new, base, edits, in_place, backup, others }
    }

    /// Whether it goes back to the file that was opened.
    pub fn is_saved_back(&self) -> bool {
        self.target == self.base
    }

    /// Whether a save in place writes where the file has no room yet, more than a sector at once.
    pub fn fills_holes(&self) -> bool {
        let Some(file) = self.state.named(&self.target) else { return false };
        let image = &self.state.files[file].now;
        let holes = |edit: &Edit| {
            (edit.0 / SECTOR..edit.1.div_ceil(SECTOR)).filter(|at| image.sector(*at).is_none()).count()
        };
        let kept = self.old.as_ref().is_some_and(|old| old.len() <= self.new.len());
        self.in_place && kept && self.edits.iter().any(|edit| holes(edit) > 1)
    }

    pub fn fallback(&self) -> Option<&Path> {
        Some(Path::new(FALLBACK))
    }

    /// What the window would ask for, with the file open on `disk`.
    pub fn request(&self, disk: &SimDisk) -> SaveRequest {
        let generation = Arc::new(Generation::new(Arc::new(disk.source(&self.base))));
        let mut edited = Edited::new(generation.clone());
        for (from, to, bytes) in &self.edits {
            edited = edited.splice(Span::between(*from as u64, *to as u64), bytes);
        }
        let overwrites = self.in_place.then(|| overwrites(&edited, generation.len()));
        let kept =
            edited.pieces().into_iter().filter_map(|(to, from)| Some(KeptRun { from: from?, to })).collect();
        let purpose = match self.kind {
            Kind::Over | Kind::Fresh => Purpose::SaveAs { replace: true },
            _ => Purpose::Save,
        };
        SaveRequest {
            snapshot: Arc::new(edited),
            overwrites,
            kept,
            target: Origin::new(&self.target, disk.identity(&self.base)),
            opened_from: Some((&self.base).into()),
            generation: Some(generation),
            purpose,
            allow_changed: false,
            edited_over: None,
            watch: None,
            fallback: Some(FALLBACK.into()),
            backup: self.backup,
            // Both ways are tried, by what is random anyway.
            reads_back: self.edits.len() % 2 == 1,
        }
    }

    /// Which side the target is on.
    pub fn side(&self, disk: &SimDisk) -> Result<Side, String> {
        let now = disk.bytes(&self.target);
        if now.as_ref() == Some(&self.new) {
            return Ok(Side::New);
        }
        if now == self.old {
            return Ok(Side::Old);
        }
        Err(format!("NEITHER: {}", self.difference(now.as_deref())))
    }

    /// Whether the sides can't be told apart.
    pub fn is_same(&self) -> bool {
        self.old.as_ref() == Some(&self.new)
    }

    fn difference(&self, now: Option<&[u8]>) -> String {
        let Some(now) = now else { return "the file is gone".to_owned() };
        let old = self.old.as_deref().unwrap_or_default();
        let mark = |at: usize| match (now.get(at), old.get(at), self.new.get(at)) {
            (a, b, c) if a == b && a == c => '=',
            (a, b, _) if a == b => 'o',
            (a, _, c) if a == c => 'n',
            (Some(0), ..) => '0',
            _ => '?',
        };
        let mut runs: Vec<(char, usize)> = Vec::new();
        for at in 0..now.len() {
            match runs.last_mut() {
                Some((last, count)) if *last == mark(at) => *count += 1,
                _ => runs.push((mark(at), 1)),
            }
        }
        let runs: Vec<String> = runs.iter().map(|(mark, count)| format!("{mark}{count}")).collect();
        format!("{} bytes, old {}, new {}: {}", now.len(), old.len(), self.new.len(), runs.join(" "))
    }

    /// That nothing else on the disk has changed, and no stray file is there but what was told.
    pub fn check_others(&self, disk: &SimDisk, told: &Told) -> Result<(), String> {
        let state = disk.state();
        let now = everything(&state);
        for (path, bytes) in &self.others {
            if !self.is_target(path) && now.get(path) != Some(bytes) {
                return Err(format!("{} was changed", path.display()));
            }
        }
        for path in now.keys().filter(|path| !self.others.contains_key(*path) && !told.left.contains(path)) {
            let is_target = *path == self.target;
            let is_backup = self.backup_path().as_ref() == Some(path);
            if is_backup && now.get(path) != self.old.as_ref() {
                return Err("the backup does not hold the old bytes".to_owned());
            }
            // Without locks nobody knows whether a temporary file is being written, so it stays.
            let may_stay = (!self.state.can.locks || told.temps_left && self.backup)
                && path.to_string_lossy().ends_with(".tmp");
            if !is_target && !is_backup && !may_stay {
                return Err(format!("STRAY: {}", path.display()));
            }
        }
        if told.attributes_lost { Ok(()) } else { self.check_attributes(&state, told) }
    }

    pub fn backup_path(&self) -> Option<PathBuf> {
        let mut name = self.target.clone().into_os_string();
        name.push(".bak");
        self.backup.then(|| name.into())
    }

    /// What a save that was reported has promised besides the bytes.
    pub fn check_backup(&self, disk: &SimDisk) -> Result<(), String> {
        // Where nothing has changed nothing is written.
        match self.backup_path().filter(|_| !self.is_same()) {
            Some(path) if disk.bytes(&path) != self.old => Err("the backup is missing".to_owned()),
            _ => Ok(()),
        }
    }

    /// That no temporary file may be read by more people than the file.
    pub fn check_private(&self, state: &State) -> Result<(), String> {
        let Some(target) = self.state.named(&self.target) else { return Ok(()) };
        let allowed = self.state.files[target].now.mode;
        let names = state.folders.values().flat_map(|folder| &folder.now);
        let mut temps = names.filter(|(name, _)| name.to_string_lossy().ends_with(".tmp"));
        match temps.find(|(_, file)| state.files[**file].now.mode & 0o777 & !allowed != 0) {
            Some((name, _)) => Err(format!("{} is open to others", name.display())),
            None => Ok(()),
        }
    }

    /// Whether a name is one of the target's.
    fn is_target(&self, path: &Path) -> bool {
        let same = |path: &Path| self.state.named(path);
        *path == self.target || same(path).is_some() && same(path) == same(&self.target)
    }

    fn check_attributes(&self, state: &State, told: &Told) -> Result<(), String> {
        let Some(before) = self.state.named(&self.target) else { return Ok(()) };
        let Some(now) = state.named(&self.target) else { return Ok(()) };
        let (before, now) = (&self.state.files[before].now, &state.files[now].now);
        // A crash may come between a write, which takes that bit, and its being given back.
        let is_certain = told.is_reported && !told.journal_left && !told.rights_lost;
        let given_back = now.mode | if is_certain { 0 } else { before.mode & SET_USER_ID };
        if (before.mode, before.owner, &before.attributes) == (given_back, now.owner, &now.attributes) {
            return Ok(());
        }
        Err(format!("mode {:o} and attributes {:?} were lost", now.mode, now.attributes))
    }
}

/// Every name on the disk with its bytes.
pub fn everything(state: &State) -> BTreeMap<PathBuf, Vec<u8>> {
    let names = state
        .folders
        .iter()
        .flat_map(|(at, folder)| folder.now.iter().map(move |(name, n)| (at.join(name), *n)));
    names.map(|(path, file)| (path, state.files[file].now.bytes())).collect()
}

fn random_bytes(random: &mut fastrand::Rng, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    random.fill(&mut bytes);
    bytes
}

/// The bytes of a file: sometimes few or none, sometimes all of whole sectors, sometimes with zeros.
fn content(random: &mut fastrand::Rng) -> Vec<u8> {
    let len = match random.u8(..10) {
        0 => 0,
        1 => random.usize(..20),
        2 => random.usize(..LONGEST / SECTOR) * SECTOR,
        _ => random.usize(..LONGEST),
    };
    let mut bytes = random_bytes(random, len);
    if random.u8(..4) == 0 && len > 0 {
        let (from, to) = (random.usize(..len), random.usize(..len));
        bytes[from.min(to)..from.max(to)].fill(0);
    }
    bytes
}

/// A file with all that is to be kept, and holes where its sectors are zeros.
fn put_file(state: &mut State, names: &[&str], bytes: &[u8], random: &mut fastrand::Rng) {
    let disk = SimDisk::new(state.clone());
    let path = |name: &str| Path::new(FOLDER).join(name);
    let file = disk.create_new(&path(names[0]), Privacy::Default).expect("the disk is sound");
    file.set_len(bytes.len() as u64).expect("the disk is sound");
    let has_holes = random.u8(..3) > 0;
    for (at, sector) in (0..).step_by(SECTOR).zip(bytes.chunks(SECTOR)) {
        if !has_holes || sector.iter().any(|byte| *byte != 0) {
            file.write_at(at, sector).expect("the disk is sound");
        }
    }
    let set_id = if random.u8(..8) == 0 { SET_USER_ID } else { 0 };
    file.set_mode(0o640 | set_id).expect("the disk is sound");
    file.set_attribute(OsStr::new(NOTE), b"kept").expect("the disk is sound");
    *state = disk.state();
    for name in &names[1..] {
        let file = state.named(&path(names[0]));
        state.rename(Path::new(FOLDER), &[(OsStr::new(name), file)]).expect("the folder is there");
    }
}

/// Random edits, one after another, of which each sees what the ones before it have left.
fn edits(random: &mut fastrand::Rng, kind: Kind, bytes: &[u8]) -> Vec<Edit> {
    let mut bytes = bytes.to_vec();
    let mut edits: Vec<Edit> = Vec::new();
    let mut add = |edit: Edit, bytes: &mut Vec<u8>| {
        bytes.splice(edit.0..edit.1, edit.2.iter().copied());
        edits.push(edit);
    };
    for _ in 0..random.usize(..6) {
        let from = random.usize(..=bytes.len());
        let len = if random.u8(..4) == 0 { random.usize(..1500) } else { random.usize(..40) };
        let to = (from + len).min(bytes.len());
        let moved = kind == Kind::Middle && random.bool();
        let count = if moved { random.usize(..600) } else { to - from };
        let new = random_bytes(random, count);
        // The same byte twice, now and then.
        if random.u8(..5) == 0 {
            let count = count.min(to - from);
            add((from, from + count, random_bytes(random, count)), &mut bytes);
        }
        add((from, to, new), &mut bytes);
    }
    if kind == Kind::Tail || kind == Kind::Over && random.bool() {
        let len = bytes.len();
        let far = if random.u8(..3) == 0 { 3000 } else { 40 };
        if random.bool() {
            let count = random.usize(..far);
            let tail = if random.u8(..5) == 0 { vec![0; count] } else { random_bytes(random, count) };
            add((len, len, tail), &mut bytes);
        } else {
            add((len.saturating_sub(random.usize(..far)), len, Vec::new()), &mut bytes);
        }
    }
    edits
}

/// What a save in place writes: from the first byte on that has moved, all there is.
fn overwrites(edited: &Edited, base_len: u64) -> Overwrites {
    let pieces = edited.pieces();
    let moved_at = pieces.iter().find(|(to, from)| from.is_some_and(|from| from != to.start()));
    let unmoved = moved_at.map_or(edited.len(), |(to, _)| to.start());
    let mut spans: Vec<Span> = Vec::new();
    let mut moved = 0;
    for (to, from) in pieces {
        if from.is_some() && to.start() < unmoved {
            continue;
        }
        moved += if from.is_some() { to.len() } else { 0 };
        match spans.last_mut() {
            Some(last) if last.end() == to.start() => *last = Span::between(last.start(), to.end()),
            _ => spans.push(to),
        }
    }
    Overwrites { spans, moved, base_len, len: edited.len() }
}
