//! The words for an edit: which bytes were written, what was deleted, which command was done.

use super::live::Announcer;
use crate::bytes::{Availability, Source};
use crate::document::Revision;
use crate::session::{Action, ChangeOfBytes, Session, Tab, describe};
use egui::accesskit::Live;

/// Bytes that are told at most.
const TOLD: usize = 16;

/// The state before an action that may edit.
#[derive(Debug)]
pub struct Before {
    revision: Revision,
    len: u64,
    /// Where the selection began.
    at: u64,
    said: u64,
    edit: Edit,
}

#[derive(Debug)]
enum Edit {
    Typed,
    Deleted,
    /// What was done, in words that are known before.
    Known(String),
}

impl Announcer {
    /// Notes what is about to be done; `None` when it edits nothing or nobody listens.
    pub fn before(&self, action: &Action, session: &Session) -> Option<Before> {
        if !self.listens() {
            return None;
        }
        let tab = session.tab()?;
        let written = |text: &str| Edit::Known(format!("{text} written"));
        let edit = match action.change()? {
            ChangeOfBytes::Typed => Edit::Typed,
            ChangeOfBytes::Deleted => Edit::Deleted,
            ChangeOfBytes::Field => written(&tab.edit.as_ref()?.text),
            ChangeOfBytes::Value(text) => written(text),
            ChangeOfBytes::Pasted => Edit::Known(String::from("Pasted")),
            ChangeOfBytes::Command(command) => {
                Edit::Known(command.spec().title.trim_end_matches('…').to_owned())
            }
        };
        Some(Before {
            revision: tab.document().revision(),
            len: tab.len(),
            at: tab.selected().start(),
            said: session.times_said(),
            edit,
        })
    }

    /// Tells what became of it, unless the session has said so itself.
    pub fn after(&mut self, before: Option<Before>, session: &Session) {
        let (Some(before), Some(tab)) = (before, session.tab()) else { return };
        if tab.document().revision() == before.revision || session.times_said() != before.said {
            return;
        }
        let words = match before.edit {
            Edit::Typed => typed(tab, before.at),
            Edit::Deleted => match before.len.saturating_sub(tab.len()) {
                0 => String::new(),
                bytes => format!("{} deleted", describe::bytes(bytes)),
            },
            Edit::Known(words) => words,
        };
        self.tell(words, Live::Polite);
    }
}

/// '41 42 written at 0x10': the bytes that the caret has passed. Of a byte that is half typed the cell itself tells.
fn typed(tab: &Tab, at: u64) -> String {
    let passed = tab.selection.caret_place().offset().saturating_sub(at);
    let count = usize::try_from(passed).unwrap_or(TOLD).min(TOLD);
    let (mut bytes, mut states) = (vec![0; count], vec![Availability::Missing; count]);
    tab.shown().peek(at, &mut bytes, &mut states);
    if count == 0 || states.iter().any(|state| *state != Availability::Ready) {
        return String::new();
    }
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} written at {}", digits.join(" "), describe::hex(at.wrapping_add(tab.hex().format.base)))
}
