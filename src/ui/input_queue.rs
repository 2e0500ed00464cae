//! Input in portions: a frame takes what was typed up to the next key that may move the focus, the rest waits.
//!
//! Who types faster than frames are drawn would else have the keys after Ctrl+G or Enter go to whatever had the
//! focus before. It knows no widget and drops nothing; the order stays.

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
        while let Some(event) = self.waiting.pop_front() {
            let ends = may_move_the_focus(&event);
            input.events.push(event);
            if ends {
                break;
            }
        }
        !self.waiting.is_empty()
    }
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
    fn what_follows_a_command_waits_for_the_next_frame() {
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
        assert_eq!(frames, [2, 3, 1]);
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
