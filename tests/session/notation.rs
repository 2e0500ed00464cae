//! The script of the tests of editing: bytes with a caret before, keys, bytes with a caret after.
//!
//! Bytes are digits of the view's radix; `^` is the caret, before a byte, inside one whose digits are half typed, or
//! at the end; `[` and `]` enclose what is selected, with the caret at the end where it is: `00 [11 22^] 33`.
//! Keys are words: a name of a key (`Left`, `Shift+End`, `Backspace`, `Enter`), a command's chord as its menu shows it
//! (`Ctrl+Z`, `Insert`), or else text that is typed character by character; `␣` is a space.

use super::rig::Rig;
use pagelens::decode::{DType, Encoding, Radix};
use pagelens::session::command::COMMANDS;
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::{Columns, Motion, ViewFormat};
use pagelens::session::{Action, Command, EditAction, PaneAction, PaneKey};

/// How the bytes are shown while a script runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Script {
    radix: Radix,
    encoding: Encoding,
    dtype: Option<&'static str>,
}

/// Runs a script in hex and ASCII.
#[track_caller]
pub fn check(before: &str, keys: &str, after: &str) {
    Script::default().check(before, keys, after);
}

/// The same, for a script whose last key is refused with a sentence that contains `reason`.
#[track_caller]
pub fn check_refused(before: &str, keys: &str, after: &str, reason: &str) {
    Script::default().check_refused(before, keys, after, reason);
}

impl Script {
    pub fn in_radix(radix: Radix) -> Self {
        Self { radix, ..Self::default() }
    }

    /// The keys go to the text column of this encoding.
    pub fn in_text(encoding: Encoding) -> Self {
        Self { encoding, ..Self::default() }
    }

    /// The keys go to values of this type.
    pub fn in_values(dtype: &'static str) -> Self {
        Self { dtype: Some(dtype), ..Self::default() }
    }

    #[track_caller]
    pub fn check(&self, before: &str, keys: &str, after: &str) -> Rig {
        let mut rig = self.start(before);
        press(&mut rig, keys);
        assert_eq!(self.picture(&rig), after, "after {keys:?} on {before:?}; it says {:?}", rig.hint());
        rig
    }

    #[track_caller]
    pub fn check_refused(&self, before: &str, keys: &str, after: &str, reason: &str) {
        let rig = self.check(before, keys, after);
        assert!(rig.hint().contains(reason), "it says {:?}", rig.hint());
    }

    /// A session that looks like `before`.
    #[track_caller]
    pub fn start(&self, before: &str) -> Rig {
        let digits: String = before.chars().filter(|c| !"[]^".contains(*c)).collect();
        let byte = |word: &str| u8::from_str_radix(word, self.radix.base()).expect("a byte");
        let bytes: Vec<u8> = digits.split_whitespace().map(byte).collect();
        // Bytes that begin before the mark.
        let place = |mark: char| {
            let at = before.find(mark)?;
            Some(before[..at].split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
                as u64)
        };
        let caret = place('^').expect("a caret");
        let anchor = match (place('['), place(']')) {
            (Some(start), Some(end)) => {
                if caret == end {
                    start
                } else {
                    end
                }
            }
            _ => caret,
        };

        let mut rig = Rig::on(&bytes);
        let format =
            ViewFormat { radix: self.radix, text: Some(self.encoding), ..rig.tab().hex().format.clone() };
        rig.apply(Action::Pane(PaneAction::Format { pane: PaneKey::BYTES, format }));
        if let Some(dtype) = self.dtype {
            let dtype: DType = dtype.parse().expect("a type");
            let format = ValuesFormat { dtype, columns: Columns::Fixed(4), ..rig.tab().values().format };
            rig.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
            rig.run(Command::ShowValues);
        }
        rig.apply(Action::Pane(PaneAction::JumpTo(anchor)));
        while rig.tab().caret() != caret {
            let motion = if caret > anchor { Motion::Right } else { Motion::Left };
            rig.apply(Action::Pane(PaneAction::Move { motion, extend: true }));
        }
        if self.encoding != Encoding::default() {
            rig.apply(Action::Pane(PaneAction::OtherColumn));
        }
        rig
    }

    /// How the tab looks now.
    pub fn picture(&self, rig: &Rig) -> String {
        let tab = rig.tab();
        let (span, caret, digit) = (tab.selected(), tab.caret(), usize::from(tab.selection.digit));
        let mut words = Vec::new();
        for (at, byte) in (0..).zip(rig.bytes()) {
            let mut digits = [0; 8];
            let mut word =
                String::from_utf8_lossy(self.radix.write_byte(byte, false, &mut digits)).into_owned();
            if span.is_empty() && at == caret {
                word.insert(digit, '^');
            }
            if span.contains(at) {
                if at == span.start() {
                    word.insert_str(0, if caret == at { "[^" } else { "[" });
                }
                if at + 1 == span.end() {
                    word.push_str(if caret == span.end() { "^]" } else { "]" });
                }
            }
            words.push(word);
        }
        if span.is_empty() && caret == tab.len() {
            words.push(String::from("^"));
        }
        words.join(" ")
    }
}

/// Presses the keys of a script.
#[track_caller]
pub fn press(rig: &mut Rig, keys: &str) {
    for word in keys.split(' ').filter(|word| !word.is_empty()) {
        rig.show();
        match action(word) {
            Some(action) => rig.apply(action),
            None => rig.type_text(&word.replace('␣', " ")),
        }
    }
}

/// The action of a key that types nothing.
fn action(word: &str) -> Option<Action> {
    let (key, extend) = word.strip_prefix("Shift+").map_or((word, false), |key| (key, true));
    let motion = match key {
        "Left" => Motion::Left,
        "Right" => Motion::Right,
        "Up" => Motion::Up,
        "Down" => Motion::Down,
        "Home" => Motion::RowStart,
        "End" => Motion::RowEnd,
        "Ctrl+Home" => Motion::Start,
        "Ctrl+End" => Motion::End,
        "Ctrl+Left" => Motion::WordLeft,
        "Ctrl+Right" => Motion::WordRight,
        "PageUp" => Motion::PageUp,
        "PageDown" => Motion::PageDown,
        _ => return key_action(word),
    };
    Some(Action::Pane(PaneAction::Move { motion, extend }))
}

fn key_action(word: &str) -> Option<Action> {
    match word {
        "Backspace" => Some(Action::Edit(EditAction::Backspace)),
        "Delete" => Some(Action::Edit(EditAction::DeleteForward)),
        "Tab" => Some(Action::Pane(PaneAction::OtherColumn)),
        "Enter" => Some(Action::Edit(EditAction::Enter)),
        "Escape" => Some(Action::Escape),
        // In a cell's field these take what is typed.
        "Take" => Some(Action::Edit(EditAction::Commit { then: None })),
        "TakeDown" => Some(Action::Edit(EditAction::Commit { then: Some(Motion::Down) })),
        "TakeRight" => Some(Action::Edit(EditAction::Commit { then: Some(Motion::Right) })),
        _ => {
            let spec = COMMANDS.iter().find(|spec| spec.keys.iter().any(|key| key.to_string() == word));
            spec.map(|spec| Action::Run(spec.command))
        }
    }
}

#[test]
fn the_notation_reads_what_it_writes() {
    for text in ["^", "^00", "00 ^", "00 ^11 22", "00 [11 22^] 33", "00 [^11 22] 33", "[^00]", "[00^]"] {
        assert_eq!(Script::default().picture(&Script::default().start(text)), text);
    }
    let rig = Script::in_radix(Radix::Binary).check("^00000001", "1 0", "10^000001");
    assert_eq!(rig.bytes(), [0x81]);
}
