//! Input in portions: a key that is a command, or may move the focus, has a frame of its own; the rest waits.
//!
//! Commands are done at the start of a frame and typed text goes to the widgets later in it. So who types faster
//! than frames are drawn would else have a file saved without the last letters before Ctrl+S, and the keys after
//! Ctrl+G go to whatever had the focus before. It knows no widget and drops nothing; the order stays.

use egui::{Event, Key, Modifiers, RawInput};
use std::collections::VecDeque;

/// Events that came too early.
#[derive(Debug, Default)]
pub struct InputQueue {
    waiting: VecDeque<Event>,
    /// Frames until typed text goes on: a command may have closed a dialog, and the grid shows the focus two frames
    /// later. What is typed meanwhile would reach nobody.
    pause: u8,
}

/// Frames that text waits behind a command.
const PAUSE: u8 = 2;

impl InputQueue {
    /// Leaves in `input` what this frame is to take; `true` when something waits for the next one.
    pub fn portion(&mut self, input: &mut RawInput) -> bool {
        self.waiting.extend(input.events.drain(..));
        let pauses = self.pause > 0;
        self.pause = self.pause.saturating_sub(1);
        let (mut moved, mut typed) = (false, false);
        while let Some(event) = self.waiting.pop_front() {
            let kind = kind(&event);
            let too_early = match kind {
                Kind::Command => moved || typed,
                Kind::Move => typed,
                Kind::Text => pauses,
                Kind::Other => false,
            };
            if too_early {
                self.waiting.push_front(event);
                break;
            }
            moved |= kind == Kind::Move;
            typed |= kind == Kind::Text;
            input.events.push(event);
            if kind == Kind::Command {
                self.pause = PAUSE;
                break;
            }
        }
        !self.waiting.is_empty()
    }
}

impl InputQueue {
    /// Keeps all of `input` for later.
    pub fn hold(&mut self, input: &mut RawInput) {
        self.waiting.extend(input.events.drain(..));
    }

    /// What comes before all that waits.
    pub fn put_first(&mut self, event: Option<Event>) {
        event.into_iter().for_each(|event| self.waiting.push_front(event));
    }
}

/// In which part of a frame an event is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Alone in its frame: it may be a command or move the focus.
    Command,
    /// At the start of a frame: keys that move or erase.
    Move,
    /// In the widgets, later in the frame.
    Text,
    Other,
}

fn kind(event: &Event) -> Kind {
    match event {
        Event::Copy | Event::Cut | Event::Paste(_) | Event::PointerButton { pressed: true, .. } => {
            Kind::Command
        }
        Event::Text(_) | Event::Ime(_) => Kind::Text,
        Event::Key { key, pressed: true, modifiers, .. } => kind_of_key(*key, *modifiers),
        _ => Kind::Other,
    }
}

fn kind_of_key(key: Key, modifiers: Modifiers) -> Kind {
    let function = key.name().strip_prefix('F').is_some_and(|number| number.parse::<u8>().is_ok());
    if modifiers.command || modifiers.alt || function {
        return Kind::Command;
    }
    match key {
        Key::Enter | Key::Escape | Key::Tab | Key::Insert => Kind::Command,
        Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown => Kind::Move,
        Key::Home | Key::End | Key::PageUp | Key::PageDown | Key::Backspace | Key::Delete => Kind::Move,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: Key, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    #[test]
    fn a_command_has_a_frame_of_its_own() {
        let mut queue = InputQueue::default();
        let text = |text: &str| Event::Text(text.to_owned());
        let events = vec![
            text("a"),
            press(Key::G, Modifiers::COMMAND),
            text("1"),
            text("2"),
            press(Key::Enter, Modifiers::NONE),
            text("b"),
        ];
        let mut frames = Vec::new();
        let mut input = RawInput { events, ..RawInput::default() };
        while queue.portion(&mut input) {
            frames.push(std::mem::take(&mut input.events).len());
        }
        frames.push(input.events.len());
        assert_eq!(frames, [1, 1, 0, 0, 2, 1, 0, 0, 1]);
    }

    fn portions(events: Vec<Event>) -> Vec<usize> {
        let mut queue = InputQueue::default();
        let mut input = RawInput { events, ..RawInput::default() };
        let mut frames = Vec::new();
        while queue.portion(&mut input) {
            frames.push(std::mem::take(&mut input.events).len());
        }
        frames.push(input.events.len());
        frames
    }

    #[test]
    fn keys_that_move_or_erase_do_not_overtake_typed_text() {
        let text = || Event::Text("a".into());
        assert_eq!(portions(vec![text(), press(Key::Backspace, Modifiers::NONE), text()]), [1, 2]);
        assert_eq!(
            portions(vec![press(Key::ArrowRight, Modifiers::SHIFT), Event::Cut, text()]),
            [1, 1, 0, 0, 1]
        );
        assert_eq!(portions(vec![text(), Event::Paste("b".into())]), [1, 1]);
        let arrows = vec![press(Key::ArrowDown, Modifiers::NONE); 5];
        assert_eq!(portions(arrows), [5]);
    }

    #[test]
    fn plain_typing_is_not_held_back() {
        let mut queue = InputQueue::default();
        let events =
            vec![press(Key::F, Modifiers::NONE), Event::Text("f".into()), press(Key::A, Modifiers::NONE)];
        let mut input = RawInput { events, ..RawInput::default() };
        assert!(!queue.portion(&mut input));
        assert_eq!(input.events.len(), 3);
    }
}
