//! Input in portions: a key that is a command, or may move the focus, has a frame of its own; the rest waits.
//!
//! Commands are done at the start of a frame and typed text goes to the widgets later in it. So who types faster
//! than frames are drawn would else have a file saved without the last letters before Ctrl+S, and the keys after
//! Ctrl+G go to whatever had the focus before. It knows no widget and drops nothing; the order stays.

use egui::{Event, Key, RawInput};
use std::collections::VecDeque;

/// Events that came too early.
#[derive(Debug, Default)]
pub struct InputQueue {
    waiting: VecDeque<Event>,
}

impl InputQueue {
    /// Leaves in `input` what this frame is to take; `true` when something waits for the next one.
    pub fn portion(&mut self, input: &mut RawInput) -> bool {
        self.waiting.extend(input.events.drain(..));
        let mut typed = false;
        while let Some(event) = self.waiting.pop_front() {
            let ends = may_move_the_focus(&event);
            if ends && typed {
                self.waiting.push_front(event);
                break;
            }
            typed |= is_typing(&event);
            input.events.push(event);
            if ends {
                break;
            }
        }
        !self.waiting.is_empty()
    }
}

fn is_typing(event: &Event) -> bool {
    matches!(
        event,
        Event::Text(_) | Event::Paste(_) | Event::Cut | Event::Ime(_) | Event::Key { pressed: true, .. }
    )
}

fn may_move_the_focus(event: &Event) -> bool {
    let Event::Key { key, pressed: true, modifiers, .. } = event else { return false };
    modifiers.command
        || modifiers.alt
        || matches!(key, Key::Enter | Key::Escape | Key::Tab | Key::Insert)
        || key.name().strip_prefix('F').is_some_and(|number| number.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Modifiers;

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
        assert_eq!(frames, [1, 1, 2, 1, 1]);
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
