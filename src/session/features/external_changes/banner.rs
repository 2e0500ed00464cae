//! The banner about changes by other programs, with its buttons. Nothing is reloaded without the user.

use super::ExternalChange;
use super::compare::{ComparedFile, Fate};
use crate::bytes::watch::FileChange;
use crate::escape::PathText;
use crate::save::edited_over::Difference;
use crate::session::action::{Action, ExternalAction, SaveAction};
use crate::session::command::Command;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::ids::TabId;
use crate::session::notice::{Level, Notice, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;

type WaysOut = Vec<(&'static str, Action)>;

/// Edits may take long to compare, and what is the matter is not to be waited for: until it is known, what the watcher
/// reports is shown.
pub(super) fn tell_at_once(tab: &Tab, change: FileChange, context: &mut Context) {
    let id = tab.id;
    let fate = match change {
        FileChange::Modified => Some((Fate::Modified, None)),
        FileChange::CutShort { len } => Some((Fate::CutShort, Some(len))),
        FileChange::Replaced => Some((Fate::Replaced, None)),
        FileChange::Grown { len } if !tab.following => Some((Fate::Grown, Some(len))),
        FileChange::Grown { .. } | FileChange::Deleted | FileChange::Restored | FileChange::Attributes => {
            None
        }
    };
    if let Some((fate, _)) = fate.filter(|_| tab.interrupted.is_some()) {
        let text = format!("{} It also has an interrupted save.", happened(tab, fate, None));
        let ways_out = ways_out(tab, fate);
        context.notices.push_with(level(fate), Topic::ChangedOnDisk, Some(id), text, ways_out);
    } else if let Some((fate, len)) = fate.filter(|_| tab.is_modified()) {
        let text = format!(
            "{} Your edits are kept. The bytes under them are being compared.",
            happened(tab, fate, len)
        );
        context.notices.push_with(level(fate), Topic::ChangedOnDisk, Some(id), text, vec![]);
    }
}

/// Shows in a banner what became of the file of a tab, as last found out.
pub(super) fn tell(change: &ExternalChange, tab: &Tab, context: &mut Context) {
    let Some(found) = &change.found else { return };
    let (id, refusal) = (tab.id, &change.refusal);
    let follows = tab.following && found.spares_edits();
    if found.fate == Fate::Same || found.fate == Fate::Grown && (change.is_hushed || follows) {
        context.notices.clear(Topic::ChangedOnDisk, Some(id));
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
    let is_same = |notice: &Notice| notice.text == text && notice.ways_out.len() == ways_out.len();
    // A second look that finds the same is no news to those who listen.
    if !context.notices.shown(Some(id)).any(is_same) {
        context.notices.push_with(level(found.fate), Topic::ChangedOnDisk, Some(id), text, ways_out);
    }
}

/// A save was refused, for this reason.
pub(super) fn tell_refused(id: TabId, reason: String, context: &mut Context) {
    let ways_out = vec![
        ("Reload", Action::External(ExternalAction::Reload(id))),
        ("Overwrite it", Action::Save(SaveAction::Anyway(id))),
        SAVE_AS,
    ];
    context.notices.push_with(Level::Error, Topic::ChangedOnDisk, Some(id), reason, ways_out);
}

pub(super) fn tell_not_compared(id: TabId, error: &std::io::Error, tabs: &Tabs, context: &mut Context) {
    let Some(tab) = tabs.get(id) else { return };
    let kept = if tab.is_modified() { " Your edits are kept." } else { "" };
    let text = format!("{} has changed, but it can't be read to compare it ({error}).{kept}", path_of(tab));
    let ways_out = vec![("Reload", Action::External(ExternalAction::Reload(id))), SAVE_AS];
    context.notices.push_with(Level::Warning, Topic::ChangedOnDisk, Some(id), text, ways_out);
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
    let to = |verb: &str| len.map_or_else(String::new, |len| format!("{verb} {}", describe::bytes(len)));
    match fate {
        Fate::Same => String::new(),
        Fate::Modified => format!("Another program has written to {path}. You see the file as it is now."),
        Fate::CutShort => format!(
            "Another program has truncated {path}{}. The bytes beyond the new end are hatched: they can no longer be read.",
            to(" to")
        ),
        Fate::Grown => format!("{path} has grown{}. The appended bytes are not shown yet.", to(" to")),
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
fn about_edits(tab: &Tab, found: &ComparedFile) -> String {
    let known_len = tab.shown().base_len();
    let Some(comparison) = &found.comparison else { return String::from(" Your edits are kept.") };
    let difference = comparison.difference;
    let have = if difference.bytes == 1 { "has" } else { "have" };
    let mut text = if difference.is_none() {
        String::from(" Your edits are kept. The bytes under them have not changed. Keep mine keeps both.")
    } else if found.takes_edits(known_len) {
        format!(
            " Your edits are kept, but {} under them {have} changed. Keep mine overwrites these when you save.",
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
            1 => (String::from("1 edited place is"), "it"),
            places => (format!("{} edited places are", describe::grouped(places)), "them"),
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
        describe::bytes(difference.bytes),
        describe::counted(difference.places, "place", "places")
    )
}

fn ways_out_with_edits(tab: &Tab, found: &ComparedFile) -> WaysOut {
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
