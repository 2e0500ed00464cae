//! What can be chosen besides the table of commands: the lines of the submenus and the buttons of the messages. The
//! menus draw them in their places; the palette has them all.

use crate::decode::Radix;
use crate::escape::PathText;
use crate::export;
use crate::session::arrays::ArrayAction;
use crate::session::command::{self, COMMANDS, Command, Spec};
use crate::session::keys::Chord;
use crate::session::view::ViewFormat;
use crate::session::{
    Action, ClipboardAction, Dialog, DialogAction, MessageAction, OpenAction, PaneAction, Session,
};

/// Recent files that are listed.
const RECENT: usize = 15;

/// A line of a submenu or of the palette.
#[derive(Clone, Debug)]
pub struct MenuEntry {
    /// As the submenu writes it.
    pub title: String,
    /// The menu that it stands in, as 'Edit ▸ Copy as'.
    pub place: &'static str,
    pub help: String,
    pub key: Option<Chord>,
    pub enabled: bool,
    /// Whether the thing that it switches is on; `None` for what is no switch.
    pub checked: Option<bool>,
    /// Done in this order.
    pub actions: Vec<Action>,
    needs: Needs,
}

/// What a line can't be run without.
#[derive(Clone, Copy, Debug)]
enum Needs {
    /// What the command needs.
    Command(Command),
    Bytes,
    Elements,
}

impl MenuEntry {
    fn new(title: impl Into<String>, place: &'static str, help: impl Into<String>, action: Action) -> Self {
        Self {
            title: title.into(),
            place,
            help: help.into(),
            key: None,
            enabled: true,
            checked: None,
            actions: vec![action],
            needs: Needs::Bytes,
        }
    }

    fn of_command(spec: &Spec, session: &Session) -> Self {
        Self {
            key: spec.keys.first().copied(),
            enabled: spec.enabled(session),
            checked: spec.checked(session),
            needs: Needs::Command(spec.command),
            ..Self::new(spec.title, spec.menu.title(), spec.help, Action::Run(spec.command))
        }
    }

    /// Why it can't be run, if it is not enabled.
    pub fn why_not(&self, session: &Session) -> String {
        match self.needs {
            Needs::Command(command) => command.why_not(session),
            Needs::Elements => command::no_elements(session),
            Needs::Bytes => command::no_bytes(session),
        }
    }

    /// What the palette writes: a submenu's line says little without the submenu's name.
    pub fn full_title(&self) -> String {
        match self.place.rsplit_once(" ▸ ") {
            Some((_, submenu)) => format!("{submenu}: {}", self.title),
            None => self.title.clone(),
        }
    }
}

/// Everything that can be chosen now, the commands first.
pub fn all(session: &Session) -> Vec<MenuEntry> {
    let mut entries: Vec<MenuEntry> =
        COMMANDS.iter().map(|spec| MenuEntry::of_command(spec, session)).collect();
    entries.extend(messages(session));
    entries.extend(copy_as(session));
    entries.extend(digits(session));
    entries.extend(array_copy_as(session));
    entries.extend(array_export_as(session));
    entries.extend(recent(session));
    entries
}

/// File ▸ Open recent.
pub fn recent(session: &Session) -> Vec<MenuEntry> {
    let entry = |path: &std::path::Path| {
        let title = path.shown().to_string();
        MenuEntry::new(
            title,
            "File ▸ Open recent",
            "Open this file",
            Action::Open(OpenAction::Files(vec![path.to_owned()])),
        )
    };
    session.recent().iter().take(RECENT).map(|file| entry(file.path())).collect()
}

/// Edit ▸ Copy as: the selected bytes.
pub fn copy_as(session: &Session) -> Vec<MenuEntry> {
    let enabled = session.tab().is_some_and(|tab| !tab.selected().is_empty());
    let entry = |(at, format): (usize, &export::ExportFormat)| MenuEntry {
        enabled,
        ..MenuEntry::new(
            format.label,
            "Edit ▸ Copy as",
            "Copy the selected bytes in this form",
            Action::Clipboard(ClipboardAction::CopyAs(at)),
        )
    };
    export::byte_formats().map(entry).collect()
}

/// View ▸ Digits of the bytes.
pub fn digits(session: &Session) -> Vec<MenuEntry> {
    let tab = session.tab();
    let entry = |radix: Radix| {
        let format = tab.map(|tab| ViewFormat { radix, ..tab.hex().format.clone() });
        let help = "Show bytes as numbers in this base";
        MenuEntry {
            enabled: tab.is_some(),
            checked: tab.map(|tab| tab.byte_radix() == radix),
            actions: format
                .zip(tab)
                .map(|(format, tab)| Action::Pane(PaneAction::Format { pane: tab.hex_key(), format }))
                .into_iter()
                .collect(),
            ..MenuEntry::new(radix.label(), "View ▸ Byte format", help, Action::Escape)
        }
    };
    Radix::ALL.into_iter().map(entry).collect()
}

fn shows_array(session: &Session) -> bool {
    session.tab().is_some_and(|tab| tab.array().is_some())
}

/// Array ▸ Copy as: the selected elements.
pub fn array_copy_as(session: &Session) -> Vec<MenuEntry> {
    let formats = export::array_formats().filter(|(_, format)| format.is_text);
    formats
        .map(|(at, format)| MenuEntry {
            enabled: shows_array(session),
            needs: Needs::Elements,
            ..MenuEntry::new(
                format.label,
                "Array ▸ Copy elements as",
                "Copy the selected elements in this form",
                Action::Array(ArrayAction::CopyAs(at)),
            )
        })
        .collect()
}

/// Array ▸ Export as: the selection, the slice or the whole array to a file.
pub fn array_export_as(session: &Session) -> Vec<MenuEntry> {
    let entry = |(at, format): (usize, &export::ExportFormat)| MenuEntry {
        enabled: shows_array(session),
        needs: Needs::Elements,
        ..MenuEntry::new(
            format!("{}…", format.label),
            "Array ▸ Export as",
            "Write elements to a file of this format",
            Action::Dialog(DialogAction::Show(Dialog::ExportArray(at))),
        )
    };
    export::array_formats().map(entry).collect()
}

/// The buttons of the messages that are shown, the newest message first.
pub fn messages(session: &Session) -> Vec<MenuEntry> {
    let mut notices: Vec<_> = session.notices().shown(session.tab().map(|tab| tab.id)).collect();
    notices.reverse();
    let buttons = notices.into_iter().flat_map(|notice| {
        notice.ways_out.iter().map(|(word, action)| MenuEntry {
            actions: vec![Action::Message(MessageAction::Dismiss(notice.id)), action.clone()],
            ..MenuEntry::new(
                *word,
                "Message",
                notice.text.clone(),
                Action::Message(MessageAction::Dismiss(notice.id)),
            )
        })
    });
    buttons.collect()
}
