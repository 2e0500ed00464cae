//! `pagelens recover PATH…`: puts files right whose save was cut off.
//!
//! Ends with 0 when every file is right, 1 when something could not be done, 2 when the user has to choose.

use super::Outcome;
use crate::bytes::Location;
use crate::bytes::file::FileSource;
use crate::escape::{PathText, escape};
use crate::save::recover::{Decision, find_in};
use crate::save::{Disk, Pending, RealDisk, Recovered, RecoveryChoice, SaveError, Verdict, destination_of};
use crate::state::Folders;
use std::path::{Path, PathBuf};

const FAILED: u8 = 1;
const NEEDS_CHOICE: u8 = 2;

/// Bytes of each side that are shown where a file matches neither.
const SHOWN: u64 = 16;

#[derive(clap::Args, Debug, Default)]
pub struct RecoverOptions {
    /// Files, or folders whose files are checked (not their subfolders)
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,

    /// Show what would be done; write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// If a file holds neither its old nor its new bytes: write the old bytes back
    #[arg(long, conflicts_with = "keep_as_is")]
    pub put_back_old: bool,

    /// If a file holds neither its old nor its new bytes: keep it and remove the journal
    #[arg(long)]
    pub keep_as_is: bool,
}

/// Recovers what is asked for; `folders` is where journals lie that can't lie beside their file.
pub fn run(options: &RecoverOptions, folders: Option<&Folders>) -> Outcome {
    let journals = folders.map(Folders::journals);
    let mut run = Run { options, journals, outcome: Outcome::default(), found: 0 };
    for path in &options.paths {
        if let Err(error) = run.path(path) {
            run.fail(error.to_string());
        }
    }
    if run.found == 0 && run.outcome.code == 0 {
        run.outcome.lines.push("Nothing to recover: no interrupted save was found there.".to_owned());
    }
    run.outcome
}

struct Run<'a> {
    options: &'a RecoverOptions,
    journals: Option<PathBuf>,
    outcome: Outcome,
    /// How many files had something left behind.
    found: usize,
}

impl Run<'_> {
    fn fail(&mut self, text: String) {
        self.outcome.errors.push(escape(text));
        self.outcome.code = self.outcome.code.max(FAILED);
    }

    fn say(&mut self, text: String) {
        self.outcome.lines.push(escape(text));
    }

    fn path(&mut self, path: &Path) -> Result<(), SaveError> {
        if !path.is_dir() {
            if !path.exists() {
                self.fail(format!("{}: there is no such file.", path.shown()));
                return Ok(());
            }
            self.remove_strays(path);
            return self.file(path);
        }
        let found = find_in(&RealDisk, path, self.journals.as_deref())?;
        for target in &found.targets {
            if let Err(error) = self.file(target) {
                self.fail(error.to_string());
            }
        }
        for orphan in &found.orphans {
            self.found += 1;
            self.say(format!(
                "{}: a journal whose file was deleted or moved. It was left unchanged.",
                orphan.shown()
            ));
        }
        for stray in &found.strays {
            self.stray(stray);
        }
        Ok(())
    }

    fn remove_strays(&mut self, target: &Path) {
        let Ok(target) = RealDisk.resolve(target) else { return };
        let found = target.parent().map(|folder| find_in(&RealDisk, folder, None));
        let Some(Ok(found)) = found else { return };
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let own = |path: &&PathBuf| {
            path.file_name()
                .is_some_and(|file| file.to_string_lossy().starts_with(&format!(".{name}.pagelens-")))
        };
        for stray in found.strays.iter().filter(own) {
            self.stray(stray);
        }
    }

    /// A temporary file of a rewrite that never took its place: the file it was for is whole.
    fn stray(&mut self, path: &Path) {
        self.found += 1;
        if self.options.dry_run {
            self.say(format!("{}: unfinished copy from a save. It would be removed.", path.shown()));
            return;
        }
        match RealDisk.remove(path) {
            Ok(()) => self.say(format!("{}: unfinished copy from a save. Removed.", path.shown())),
            Err(error) => self.fail(format!("{}: could not be removed ({error}).", path.shown())),
        }
    }

    fn file(&mut self, target: &Path) -> Result<(), SaveError> {
        let (location, journals) = (Location::from(target), self.journals.as_deref());
        let destination = destination_of(&location);
        let Some(pending) = destination.pending(&location, journals)? else { return Ok(()) };
        self.found += 1;
        let choice = match self.options {
            RecoverOptions { put_back_old: true, .. } => RecoveryChoice::PutBackOld,
            RecoverOptions { keep_as_is: true, .. } => RecoveryChoice::KeepAsIs,
            _ => RecoveryChoice::Safe,
        };
        if pending.is_live {
            return Err(SaveError::InUse { path: pending.target });
        }
        let Some(decision) = choice.decide(pending.verdict) else {
            self.conflict(&pending);
            return Ok(());
        };
        if self.options.dry_run {
            self.say(format!("{}: {}", pending.target.shown(), would(decision)));
        } else if let Some(recovered) = destination.recover(&location, journals, choice)? {
            let warnings = recovered.warnings.iter().map(|warning| format!(" {warning}")).collect::<String>();
            self.say(format!("{}: {}{warnings}", recovered.target.shown(), did(&recovered)));
        }
        Ok(())
    }

    fn conflict(&mut self, pending: &Pending) {
        let Verdict::Conflict { at } = pending.verdict else { return };
        let file = FileSource::open(&pending.target).ok();
        let sides = file.and_then(|file| pending.both_sides(&file, at, SHOWN).ok()).unwrap_or_default();
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        let bytes = if sides.0.is_empty() {
            String::new()
        } else {
            format!(" At {at:#x} it held {} and now holds {}.", hex(&sides.0), hex(&sides.1))
        };
        self.outcome.code = NEEDS_CHOICE;
        self.outcome.errors.push(format!(
            "{}: a save was interrupted, and another program has changed the file since: it holds neither \
             its old nor its new bytes.{bytes} It was {} bytes long and is now {}. Nothing was written. \
             Choose one: --put-back-old writes the old bytes over it, --keep-as-is leaves it and removes \
             the journal {}.",
            pending.target.shown(),
            pending.old_len,
            pending.len_now,
            pending.journal.shown(),
        ));
    }
}

fn would(decision: Decision) -> &'static str {
    match decision.does {
        Verdict::RollBack if decision.chosen => "the old bytes would be written back, as you chose.",
        Verdict::Untouched if decision.chosen => {
            "it would be left unchanged and its journal removed, as you chose."
        }
        Verdict::Unfinished | Verdict::Untouched | Verdict::Conflict { .. } => {
            "a save was interrupted before it changed the file. The file is intact."
        }
        Verdict::RollBack => "a save was interrupted. The old bytes would be restored.",
        Verdict::RollForward => "a save was interrupted in its last step. The new bytes would be kept.",
    }
}

fn did(recovered: &Recovered) -> String {
    let by_choice = if recovered.chosen { " as you chose" } else { "" };
    match recovered.did {
        Verdict::RollBack => {
            format!("the old bytes were restored{by_choice} ({} bytes written).", recovered.bytes_written)
        }
        Verdict::RollForward => {
            "the save was complete except for its last step. The new bytes were kept.".to_owned()
        }
        Verdict::Untouched if recovered.chosen => {
            "the file was left unchanged, as you chose. The journal was removed.".to_owned()
        }
        _ => "the save had not changed the file yet. The file is intact, and the journal was removed."
            .to_owned(),
    }
}
