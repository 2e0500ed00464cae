//! The toolkit's events to actions: command keys anywhere, grid keys while the grid has the focus.
//!
//! While a text field has the focus, the keys that mean something in text are the field's. While a list or a button has
//! it, keys put nothing in and remove nothing: bytes change where the focus is shown.

use super::arrays::are_fields_open;
use super::clipboard::Clipboard;
use super::focus_ring::{self, Stop};
use super::list_navigation;
use super::panes::Panes;
use super::widgets::MAX_FIELD;
use crate::session::command::{COMMANDS, Spec};
use crate::session::keys::{Chord, Key as Name};
use crate::session::view::Motion;
use crate::session::{
    Action, ClipboardAction, Command, DialogAction, EditAction, OpenAction, PaneAction, PasteWay, Pasted,
    Session, describe,
};
use egui::{Context, Event, FocusDirection, Id, Key, Modifiers, MouseWheelUnit, Popup};

/// What is kept from frame to frame.
#[derive(Debug, Default)]
pub struct KeyState {
    /// Who had the focus when the last frame ended: the toolkit takes it away before Escape is looked at.
    held: Option<Id>,
    wheel: ZoomWheel,
}

impl KeyState {
    /// Called at the end of a frame.
    pub fn remember(&mut self, ctx: &Context) {
        self.held = ctx.memory(egui::Memory::focused);
    }
}

/// Adds what the keys, the clipboard and dropped files ask for.
///
/// `clipboard` is asked for what a field is to paste, and knows how the text is meant that the toolkit brings.
pub fn collect(
    ctx: &Context,
    session: &Session,
    panes: &Panes,
    state: &mut KeyState,
    clipboard: &mut Clipboard,
    actions: &mut Vec<Action>,
) {
    let focused = ctx.memory(egui::Memory::focused);
    let in_grid = focused.is_some_and(|id| panes.owns(session, id));
    let fields_open = session.tab().is_some_and(|tab| are_fields_open(ctx, tab));
    let in_rows = focused.is_some_and(|id| list_navigation::copies_rows(ctx, id));
    let elsewhere = fields_open || focused.is_some() && !in_grid;
    if in_grid {
        // The toolkit lets a widget keep the arrows only from the second frame on that it has the keys.
        ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    }
    let editing = session.tab().is_some_and(|tab| tab.edit.is_some());
    let modal = session.dialog().is_some();
    // A list that is open closes itself, and what no dialog or bar is around gives up the keys.
    let list_open = fields_open || Popup::is_any_open(ctx);
    let gives_up = |id: Id| !modal && !panes.owns(session, id) && !focus_ring::holds(ctx, Stop::Find, id);
    let escapes_itself = list_open || state.held.is_some_and(gives_up);

    let in_text = ctx.text_edit_focused() || editing;
    let can_change = !elsewhere || in_text;
    let mut wants_text = false;
    ctx.input_mut(|input| {
        if in_text || modal {
            wants_text = field_keys(input, actions);
        }
        let is_free = |spec: &Spec, chord: Chord| {
            let is_taken = (in_text || modal) && belongs_to_text(chord) || in_rows && belongs_to_rows(chord);
            !is_taken && (can_change || !changes_bytes(spec.command))
        };
        command_keys(input, is_free, modal, actions);
        // A cell that is typed into has given up the keys when what was typed is refused.
        if editing && !elsewhere && !modal && !list_open && input.consume_key(Modifiers::NONE, Key::Escape) {
            actions.push(Action::Edit(EditAction::Cancel));
        }
        if !editing && !escapes_itself && input.consume_key(Modifiers::NONE, Key::Escape) {
            actions.push(Action::Escape);
        }
        dropped(input, actions);
        state.wheel.turn(input, actions);
        if !in_text && !modal && !in_rows {
            bytes_keys(input, clipboard, can_change, actions);
        }
        if in_grid && !editing && !modal && !list_open {
            let in_array = session.tab().is_some_and(crate::session::Tab::is_in_array);
            if in_array && input.consume_key(Modifiers::SHIFT, Key::Tab) {
                actions.push(Action::Pane(PaneAction::Move { motion: Motion::Left, extend: false }));
            }
            grid_keys(input, actions);
        }
    });
    if wants_text {
        clipboard.read_for_field(ctx);
    }
}

/// The keys of the commands, where `is_free` says that nothing else has a use for them.
fn command_keys(
    input: &mut egui::InputState,
    is_free: impl Fn(&Spec, Chord) -> bool,
    modal: bool,
    actions: &mut Vec<Action>,
) {
    for spec in COMMANDS {
        for chord in spec.keys {
            let (modifiers, key) = toolkit(*chord);
            if is_free(spec, *chord)
                && (!modal || works_over_dialogs(spec.command))
                && input.consume_key_exact(modifiers, key)
            {
                actions.push(Action::Run(spec.command));
            }
        }
    }
}

/// The wheel with the command key held: a step of it is a step of the zoom. Smooth wheels and touch pads tell of many
/// small parts of a step.
#[derive(Debug, Default)]
struct ZoomWheel {
    /// The part of a step that is not done yet.
    part: f32,
}

/// What is a step on a touch pad, in points.
const PAD_STEP: f32 = 50.0;
/// More steps in a frame are no turn of a wheel.
const MOST_STEPS: usize = 16;

impl ZoomWheel {
    fn turn(&mut self, input: &egui::InputState, actions: &mut Vec<Action>) {
        for event in &input.events {
            match event {
                Event::MouseWheel { unit, delta, modifiers, .. } if modifiers.command => {
                    let step = if *unit == MouseWheelUnit::Point { PAD_STEP } else { 1.0 };
                    let steps = self.steps(delta.y / step);
                    let command = if steps > 0.0 { Command::ZoomIn } else { Command::ZoomOut };
                    let count = (steps.abs() as usize).min(MOST_STEPS);
                    actions.extend(std::iter::repeat_n(Action::Run(command), count));
                }
                Event::ModifiersChanged(modifiers) | Event::MouseWheel { modifiers, .. } => {
                    self.part = if modifiers.command { self.part } else { 0.0 };
                }
                Event::WindowFocused(_) => self.part = 0.0,
                _ => {}
            }
        }
    }

    /// The whole steps that are done with `by` more.
    fn steps(&mut self, by: f32) -> f32 {
        // Who turns back does not first undo the part of a step that nobody saw.
        let before = if self.part * by < 0.0 { 0.0 } else { self.part };
        let sum = before + by;
        self.part = if sum.is_finite() { sum.fract() } else { 0.0 };
        sum.trunc()
    }
}

fn dropped(input: &egui::InputState, actions: &mut Vec<Action>) {
    let paths: Vec<_> = input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect();
    if !paths.is_empty() {
        actions.push(Action::Open(OpenAction::Files(paths)));
    }
}

/// What a key means for the clipboard, in fields and beside the table of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClipKey {
    Copy,
    Cut,
    Paste,
}

fn clip_key(key: Key, held: Modifiers) -> Option<ClipKey> {
    match key {
        Key::Copy => Some(ClipKey::Copy),
        Key::Cut => Some(ClipKey::Cut),
        Key::Paste => Some(ClipKey::Paste),
        Key::Insert if held.shift && !held.command && !held.alt => Some(ClipKey::Paste),
        Key::Insert if held.command && !held.shift && !held.alt => Some(ClipKey::Copy),
        Key::Delete if held.shift && !held.command && !held.alt => Some(ClipKey::Cut),
        Key::C if held.command && !held.alt => Some(ClipKey::Copy),
        Key::X if held.command && !held.alt => Some(ClipKey::Cut),
        Key::V if held.command && !held.alt => Some(ClipKey::Paste),
        _ => None,
    }
}

/// The clipboard's keys as a field of the toolkit knows them; `true` when it wants the clipboard's text. What is too
/// long for a field is kept from it.
fn field_keys(input: &mut egui::InputState, actions: &mut Vec<Action>) -> bool {
    let mut wants_text = false;
    input.events.retain_mut(|event| {
        if let Event::Key { key, pressed: true, modifiers, .. } = event {
            match clip_key(*key, *modifiers) {
                Some(ClipKey::Copy) => *event = Event::Copy,
                Some(ClipKey::Cut) => *event = Event::Cut,
                Some(ClipKey::Paste) => {
                    wants_text = true;
                    return false;
                }
                None => {}
            }
        }
        let len = match &*event {
            Event::Paste(text)
            | Event::Text(text)
            | Event::MiddleClickPaste { text, .. }
            | Event::Ime(egui::ImeEvent::Commit(text)) => text.len(),
            _ => 0,
        };
        if len > MAX_FIELD {
            actions.push(Action::Dialog(DialogAction::Say(too_long_for_field(len))));
        }
        len <= MAX_FIELD
    });
    wants_text
}

fn too_long_for_field(len: usize) -> String {
    format!(
        "Nothing was pasted: the clipboard holds {}, and a field takes at most {}.",
        describe::bytes(len as u64),
        describe::bytes(MAX_FIELD as u64)
    )
}

/// The clipboard's keys that are no commands, and the text that the toolkit has brought; only to copy unless the bytes
/// `can_change`.
fn bytes_keys(
    input: &mut egui::InputState,
    clipboard: &mut Clipboard,
    can_change: bool,
    actions: &mut Vec<Action>,
) {
    let by_key = input.modifiers.command.then_some(input.modifiers.shift);
    input.events.retain(|event| {
        let changes = match event {
            Event::Cut | Event::Paste(_) => true,
            Event::Key { key, pressed: true, modifiers, .. } => {
                matches!(clip_key(*key, *modifiers), Some(ClipKey::Cut | ClipKey::Paste))
            }
            _ => false,
        };
        if changes && !can_change {
            return true;
        }
        match event {
            Event::Copy => actions.push(Action::Run(Command::Copy)),
            Event::Cut => actions.push(Action::Run(Command::Cut)),
            Event::Paste(text) => {
                let way = match (clipboard.take_way(), by_key) {
                    (PasteWay::Usual, Some(true)) => PasteWay::Text,
                    (way, _) => way,
                };
                actions.push(Action::Clipboard(ClipboardAction::Paste {
                    pasted: Pasted::of_text(text.clone()),
                    way,
                }));
            }
            Event::Key { key, pressed: true, modifiers, .. } => match clip_key(*key, *modifiers) {
                Some(ClipKey::Copy) => actions.push(Action::Run(Command::Copy)),
                Some(ClipKey::Cut) => actions.push(Action::Run(Command::Cut)),
                Some(ClipKey::Paste) => actions.push(Action::Run(Command::Paste)),
                None => return true,
            },
            Event::Key { pressed: false, .. } => {
                actions.push(Action::Clipboard(ClipboardAction::SelectionSettled));
                return true;
            }
            _ => return true,
        }
        false
    });
}

/// Keys that the grid alone takes: moving, erasing, entering.
fn grid_keys(input: &mut egui::InputState, actions: &mut Vec<Action>) {
    let mut taken = Vec::new();
    input.events.retain(|event| {
        let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
        match grid_key(*key, *modifiers) {
            Some(action) => {
                taken.push(action);
                false
            }
            None => true,
        }
    });
    actions.append(&mut taken);
}

fn grid_key(key: Key, modifiers: Modifiers) -> Option<Action> {
    if modifiers.alt {
        return None;
    }
    let motion = match (key, modifiers.command) {
        (Key::ArrowLeft, false) => Motion::Left,
        (Key::ArrowRight, false) => Motion::Right,
        (Key::ArrowLeft, true) => Motion::WordLeft,
        (Key::ArrowRight, true) => Motion::WordRight,
        (Key::ArrowUp, _) => Motion::Up,
        (Key::ArrowDown, _) => Motion::Down,
        (Key::PageUp, _) => Motion::PageUp,
        (Key::PageDown, _) => Motion::PageDown,
        (Key::Home, false) => Motion::RowStart,
        (Key::End, false) => Motion::RowEnd,
        (Key::Home, true) => Motion::Start,
        (Key::End, true) => Motion::End,
        (Key::Backspace, _) => return Some(Action::Edit(EditAction::Backspace)),
        (Key::Delete, _) => return Some(Action::Edit(EditAction::DeleteForward)),
        (Key::Enter, _) => return Some(Action::Edit(EditAction::Enter)),
        (Key::Tab, _) => return Some(Action::Pane(PaneAction::OtherColumn)),
        _ => return None,
    };
    Some(Action::Pane(PaneAction::Move { motion, extend: modifiers.shift }))
}

/// Chords that a text field uses itself.
fn belongs_to_text(chord: Chord) -> bool {
    match chord.key {
        Name::Letter(letter) => chord.ctrl && !chord.alt && "ACVXZY".contains(letter),
        Name::Insert | Name::Left | Name::Right | Name::Home | Name::End => true,
        _ => false,
    }
}

/// Chords that a list of rows uses itself: to choose all, and to copy.
fn belongs_to_rows(chord: Chord) -> bool {
    let letter = matches!(chord.key, Name::Letter('A' | 'C'));
    chord.ctrl && !chord.shift && !chord.alt && letter
}

/// Whether the keys of a command put bytes in or remove them at once.
fn changes_bytes(command: Command) -> bool {
    matches!(command, Command::Cut | Command::Paste | Command::PasteText)
}

/// What may be asked for while a dialog is open: another dialog, and to leave.
fn works_over_dialogs(command: Command) -> bool {
    matches!(command, Command::Palette | Command::Quit | Command::ZoomIn | Command::ZoomOut)
}

fn toolkit(chord: Chord) -> (Modifiers, Key) {
    let modifiers = Modifiers {
        alt: chord.alt,
        shift: chord.shift,
        command: chord.ctrl,
        ctrl: chord.ctrl && !cfg!(target_os = "macos"),
        mac_cmd: chord.ctrl && cfg!(target_os = "macos"),
    };
    let key = match chord.key {
        Name::Letter(letter) => Key::from_name(letter.encode_utf8(&mut [0; 4])).unwrap_or(Key::F35),
        Name::F(number) => Key::from_name(&format!("F{number}")).unwrap_or(Key::F35),
        Name::Insert => Key::Insert,
        Name::Left => Key::ArrowLeft,
        Name::Right => Key::ArrowRight,
        Name::Up => Key::ArrowUp,
        Name::Down => Key::ArrowDown,
        Name::Home => Key::Home,
        Name::End => Key::End,
        Name::PageUp => Key::PageUp,
        Name::PageDown => Key::PageDown,
        Name::Plus => Key::Equals,
        Name::Minus => Key::Minus,
        Name::Zero => Key::Num0,
        Name::Comma => Key::Comma,
        Name::Slash => Key::Slash,
        Name::Backslash => Key::Backslash,
        Name::Tab => Key::Tab,
    };
    (modifiers, key)
}

/// Keys exactly as written: Ctrl+Shift+S is not Ctrl+S.
trait ConsumeExact {
    fn consume_key_exact(&mut self, modifiers: Modifiers, key: Key) -> bool;
}

impl ConsumeExact for egui::InputState {
    fn consume_key_exact(&mut self, modifiers: Modifiers, key: Key) -> bool {
        let mut found = false;
        self.events.retain(|event| {
            let hit = matches!(event, Event::Key { key: pressed_key, pressed: true, modifiers: held, .. }
                if same_key(*pressed_key, key) && same_modifiers(*held, modifiers, key));
            found |= hit;
            !hit
        });
        found
    }
}

/// '+' is Shift+'=' on many keyboards, and a key of its own on others; '|' is Shift+'\\'.
fn same_key(pressed: Key, wanted: Key) -> bool {
    pressed == wanted
        || (wanted == Key::Equals && pressed == Key::Plus)
        || (wanted == Key::Backslash && pressed == Key::Pipe)
}

fn same_modifiers(held: Modifiers, wanted: Modifiers, key: Key) -> bool {
    let shift_matters = key != Key::Equals;
    held.command == wanted.command && held.alt == wanted.alt && (!shift_matters || held.shift == wanted.shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps of the zoom that turns of the wheel make.
    fn steps(turns: &[f32]) -> Vec<f32> {
        let mut wheel = ZoomWheel::default();
        turns.iter().map(|turn| wheel.steps(*turn)).filter(|steps| *steps != 0.0).collect()
    }

    #[test]
    fn parts_of_a_step_of_the_wheel_add_up() {
        assert_eq!(steps(&[1.0, 1.0, -1.0]), [1.0, 1.0, -1.0]);
        assert_eq!(steps(&[0.125; 20]), [1.0, 1.0]);
        assert_eq!(steps(&[0.75, -0.75, -0.25]), [-1.0], "turned back");
        assert_eq!(steps(&[f32::NAN, 1.0])[1..], [1.0]);
    }

    #[test]
    fn every_chord_of_the_table_is_a_key_of_the_toolkit() {
        for spec in COMMANDS {
            for chord in spec.keys {
                assert_ne!(toolkit(*chord).1, Key::F35, "{chord} of {:?}", spec.command);
            }
        }
    }
}
