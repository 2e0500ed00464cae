//! What other programs do to open files: said in a banner, with the ways out. Nothing is reloaded by itself.
//!
//! Here are the words. What has happened is found out in `outside`; until it has been, the watcher's word is told.

use super::action::{Action, ExternalAction, SaveAction};
use super::command::Command;
use super::notice::{Level, NoticeId, Topic};
use super::outside::{Fate, Found};
use super::tab::Tab;
use super::{Session, TabId, words};
use crate::bytes::watch::FileChange;
use crate::escape::PathText;
use crate::save::SaveError;
use crate::save::edited_over::Difference;

type WaysOut = Vec<(&'static str, Action)>;

impl Session {
    /// Takes note of what has changed since the last call.
    pub(super) fn poll_watcher(&mut self) {
        let Some(watcher) = &self.context.watcher else { return };
        for (watch, change) in watcher.changes() {
            let of_watch = |tab: &&Tab| tab.file.as_ref().is_some_and(|file| file.watch == Some(watch));
            let Some(id) = self.tabs.iter().find(of_watch).map(|tab| tab.id) else { continue };
            self.file_changed(id, change);
        }
    }

    /// The user is back from other programs: their work is looked at now.
    pub(super) fn look_at_files(&mut self) {
        if let Some(watcher) = &self.context.watcher {
            watcher.look_now();
        }
        self.look_elsewhere();
        // A store through another program's map is seen in no attribute of the file.
        let with_few_edits = self.tabs.iter().filter(|tab| {
            tab.is_modified() && tab.file.as_ref().is_some_and(|file| file.record.is_quick_to_compare())
        });
        for id in with_few_edits.map(|tab| tab.id).collect::<Vec<_>>() {
            self.compare_outside(id);
        }
    }

    fn file_changed(&mut self, id: TabId, change: FileChange) {
        if self.is_recovering(id) {
            return;
        }
        let Some(tab) = self.tabs.get(id) else { return };
        let Some(file) = &tab.file else { return };
        // Pages read before are of another state than those read from now on.
        if !matches!(change, FileChange::Replaced | FileChange::Deleted | FileChange::Restored) {
            self.context.cache.forget(&file.cached);
        }
        // Edits may take long to compare, and what is the matter is not to be waited for.
        let fate = match change {
            FileChange::Modified => Some((Fate::Modified, None)),
            FileChange::CutShort { len } => Some((Fate::CutShort, Some(len))),
            FileChange::Replaced => Some((Fate::Replaced, None)),
            FileChange::Grown { len } if !tab.following => Some((Fate::Grown, Some(len))),
            FileChange::Grown { .. }
            | FileChange::Deleted
            | FileChange::Restored
            | FileChange::Attributes => None,
        };
        if let Some((fate, _)) = fate.filter(|_| tab.interrupted.is_some()) {
            let text = format!("{} It has an interrupted save, too.", happened(tab, fate, None));
            let ways_out = ways_out(tab, fate);
            self.context.notices.push_with(level(fate), Topic::ChangedOnDisk, Some(id), text, ways_out);
        } else if let Some((fate, len)) = fate.filter(|_| tab.is_modified()) {
            let text = format!(
                "{} Your edits are kept. The bytes under them are being compared.",
                happened(tab, fate, len)
            );
            self.context.notices.push_with(level(fate), Topic::ChangedOnDisk, Some(id), text, vec![]);
        }
        self.compare_outside(id);
    }

    /// Says in a banner what became of the file of `id`, as last found out.
    pub(super) fn tell_outside(&mut self, id: TabId) {
        let Some(outside) = self.features.outside.iter().find(|outside| outside.tab == id) else { return };
        let (Some(tab), Some(found)) = (self.tabs.get(id), &outside.found) else { return };
        let (hushed, refusal) = (outside.is_hushed, &outside.refusal);
        let follows = tab.following && found.spares_edits();
        if found.fate == Fate::Same || found.fate == Fate::Grown && (hushed || follows) {
            self.context.notices.clear(Topic::ChangedOnDisk, Some(id));
            return;
        }
        let is_refused = refusal.is_some();
        let mut text = refusal.as_ref().map(|left| format!("{left} ")).unwrap_or_default();
        text.push_str(&happened(tab, found.fate, Some(found.len())));
        let mut ways_out = if tab.is_modified() {
            text.push_str(&about_edits(tab, found));
            ways_out_with_edits(tab, found)
        } else {
            ways_out(tab, found.fate)
        };
        if is_refused && found.fate != Fate::Deleted {
            ways_out.insert(ways_out.len() - 1, ("Overwrite it", Action::Save(SaveAction::Anyway(id))));
        }
        let level = level(found.fate);
        // A second look that finds the same is no news to those who listen.
        if !self
            .context
            .notices
            .shown(Some(id))
            .any(|notice| notice.text == text && notice.ways_out.len() == ways_out.len())
        {
            self.context.notices.push_with(level, Topic::ChangedOnDisk, Some(id), text, ways_out);
        }
    }

    /// A save was refused because another program has changed the file: said at once, and more when it is known.
    pub(super) fn refused(&mut self, id: TabId, error: &SaveError) {
        let ways_out = vec![
            ("Reload", Action::External(ExternalAction::Reload(id))),
            ("Overwrite it", Action::Save(SaveAction::Anyway(id))),
            SAVE_AS,
        ];
        self.context.notices.push_with(
            Level::Error,
            Topic::ChangedOnDisk,
            Some(id),
            error.to_string(),
            ways_out,
        );
        // What was written went into the file that has lost its name.
        self.outside_of(id).refusal = error.left_alone();
        self.compare_outside(id);
    }

    pub(super) fn tell_not_compared(&mut self, id: TabId, error: &std::io::Error) {
        let Some(tab) = self.tabs.get(id) else { return };
        let kept = if tab.is_modified() { " Your edits are kept." } else { "" };
        let text =
            format!("{} has changed, and it can't be read to find out how ({error}).{kept}", path_of(tab));
        let ways_out = vec![("Reload", Action::External(ExternalAction::Reload(id))), SAVE_AS];
        self.context.notices.push_with(Level::Warning, Topic::ChangedOnDisk, Some(id), text, ways_out);
    }

    /// Takes a notice away. The news that a file grows comes again with every line of a log, so once is enough.
    pub(super) fn dismiss(&mut self, notice: NoticeId) {
        if let Some(id) = self.context.notices.about(notice, Topic::ChangedOnDisk)
            && let Some(outside) = self.features.outside.iter_mut().find(|outside| outside.tab == id)
        {
            outside.is_hushed = true;
        }
        self.context.notices.dismiss(notice);
    }

    /// Reads the file again; asks first when edits would be lost.
    pub(super) fn reload(&mut self, id: TabId, asked: bool) {
        if self.is_unsaved(id) && !asked {
            self.context.put_dialog(Some(super::dialog::Dialog::ConfirmReload(id)));
            return;
        }
        self.context.put_dialog(None);
        let Some(path) =
            self.tabs.get(id).and_then(|tab| tab.file.as_ref()).map(|file| file.path().to_owned())
        else {
            return;
        };
        self.start_opening(path, super::OpenOptions::default(), Some(id));
    }
}

const SAVE_AS: (&str, Action) = ("Save as…", Action::Run(Command::SaveAs));

fn path_of(tab: &Tab) -> String {
    tab.file.as_ref().map_or_else(|| tab.title.clone(), |file| file.path().shown().to_string())
}

fn level(fate: Fate) -> Level {
    match fate {
        Fate::Same | Fate::Grown => Level::Info,
        Fate::Modified | Fate::Replaced | Fate::Deleted => Level::Warning,
        Fate::CutShort => Level::Error,
    }
}

/// What happened, in one or two sentences; `len` is the length that the file has now, where that is known.
fn happened(tab: &Tab, fate: Fate, len: Option<u64>) -> String {
    let path = path_of(tab);
    let to = |verb: &str| len.map_or_else(String::new, |len| format!(" {verb} {}", words::bytes(len)));
    match fate {
        Fate::Same => String::new(),
        Fate::Modified => format!("Another program has written to {path}. You see the file as it is now."),
        Fate::CutShort => format!(
            "Another program has cut {path} short{}. The bytes beyond that are hatched: they can't be read any more.",
            to("to")
        ),
        Fate::Grown => format!("{path} has grown{}. What was appended is not shown yet.", to("to")),
        Fate::Replaced => format!(
            "Another program has replaced {path} with another file{}. You still see the file that was opened.",
            to("; it has")
        ),
        Fate::Deleted => {
            format!("{path} has been deleted or moved. You still see its content. Save it to keep it.")
        }
    }
}

/// What that means for the edits, and what keeping them does.
fn about_edits(tab: &Tab, found: &Found) -> String {
    let known_len = tab.shown().base_len();
    let Some(comparison) = &found.comparison else { return String::from(" Your edits are kept.") };
    let difference = comparison.difference;
    let have = if difference.bytes == 1 { "has" } else { "have" };
    let mut text = if difference.is_none() {
        String::from(" Your edits are kept. The bytes under them have not changed: Keep mine keeps both.")
    } else if found.takes_edits(known_len) {
        format!(
            " Your edits are kept. But {} under them {have} changed: Keep mine overwrites those when you save.",
            counted(difference),
        )
    } else {
        format!(
            " Your edits are kept. They do not fit that file: {} under them {have} changed.",
            counted(difference)
        )
    };
    if difference.behind_end > 0 {
        let (places, them) = match difference.behind_end {
            1 => (String::from("1 edited place lies"), "it"),
            places => (format!("{} edited places lie", words::grouped(places)), "them"),
        };
        text.push_str(&format!(
            " {places} beyond the new end: Keep mine removes {them}, and Undo brings {them} back."
        ));
    }
    text
}

/// `at most 12 bytes in 3 places`.
fn counted(difference: Difference) -> String {
    let most = if difference.is_exact { "" } else { "at most " };
    format!(
        "{most}{} in {}",
        words::bytes(difference.bytes),
        words::counted(difference.places, "place", "places")
    )
}

fn ways_out_with_edits(tab: &Tab, found: &Found) -> WaysOut {
    let mut ways_out = ways_out(tab, found.fate);
    if found.takes_edits(tab.shown().base_len()) {
        let at = usize::from(!ways_out.is_empty());
        ways_out.insert(at, ("Keep mine", Action::External(ExternalAction::KeepMine(tab.id))));
    }
    ways_out
}

fn ways_out(tab: &Tab, fate: Fate) -> WaysOut {
    let reload = ("Reload", Action::External(ExternalAction::Reload(tab.id)));
    match fate {
        Fate::Same => vec![],
        Fate::Grown if tab.can_follow() && !tab.following => {
            vec![reload, ("Follow", Action::External(ExternalAction::Follow(tab.id))), SAVE_AS]
        }
        Fate::Grown | Fate::Modified | Fate::CutShort | Fate::Replaced => vec![reload, SAVE_AS],
        Fate::Deleted => vec![("Save it again", Action::Save(SaveAction::Anyway(tab.id))), SAVE_AS],
    }
}
