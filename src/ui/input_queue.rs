//! Input in portions: a key that is a command, or may move the focus, has a frame of its own; the rest waits.
//!
//! Commands are done at the start of a frame and typed text goes to the widgets later in it. So who types faster than
//! frames are drawn would else have a file saved without the last letters before Ctrl+S, and the keys after Ctrl+G go
//! to whatever had the focus before. It uses no widget and drops nothing; the order stays.

use egui::{Event, Id, Key, Modifiers, RawInput};
use std::collections::VecDeque;

/// Events that came too early.
#[derive(Debug, Default)]
pub struct InputQueue {
    waiting: VecDeque<Event>,
    /// Frames since a command, while typed text waits for the focus to come to rest: a command may have closed a dialog,
    /// and what is typed before the grid shows the focus would reach nobody.
    behind: Option<u8>,
    /// Which widget had the focus after the frame before.
    focused: Option<Id>,
}

/// Text waits behind a command for so many frames at most: where nothing takes the focus, it never comes to rest.
const MOST_BEHIND: u8 = 8;

impl InputQueue {
    /// Leaves in `input` what this frame is to take; `true` when something waits for the next one. `focused` has had the
    /// focus since the last frame.
    pub fn portion(&mut self, input: &mut RawInput, focused: Option<Id>) -> bool {
        self.settle(focused);
        self.waiting.extend(input.events.drain(..));
        let (mut moved, mut typed) = (false, false);
        while let Some(event) = self.waiting.pop_front() {
            let kind = kind(&event);
            let too_early = match kind {
                Kind::Command => moved || typed,
                Kind::Move => typed,
                Kind::Text => self.behind.is_some(),
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
                self.behind = Some(0);
                break;
            }
        }
        !self.waiting.is_empty()
    }
}

impl InputQueue {
    /// Text goes on when one widget has kept the focus for a whole frame after the command's own.
    fn settle(&mut self, focused: Option<Id>) {
        let rests = focused.is_some() && focused == self.focused;
        self.focused = focused;
        self.behind = match self.behind {
            Some(0) => Some(1),
            Some(frames) if !rests && frames < MOST_BEHIND => Some(frames + 1),
            Some(_) | None => None,
        };
    }

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
        let text = |text: &str| Event::Text(text.to_owned());
        let events = vec![
            text("a"),
            press(Key::G, Modifiers::COMMAND),
            text("1"),
            text("2"),
            press(Key::Enter, Modifiers::NONE),
            text("b"),
        ];
        assert_eq!(portions(events, same), [1, 1, 0, 2, 1, 0, 1]);
    }

    #[test]
    fn text_waits_behind_a_command_until_the_focus_rests() {
        let events = || vec![press(Key::Enter, Modifiers::NONE), Event::Text("b".into())];
        assert_eq!(portions(events(), same), [1, 0, 1]);
        // A dialog that closes, then nobody, then the grid.
        let closing =
            |frame| [Some(0), Some(0), None, Some(1), Some(1)].get(frame).copied().unwrap_or(Some(1));
        assert_eq!(portions(events(), closing), [1, 0, 0, 0, 1]);
        // Nothing takes it: the text is not kept for good.
        assert_eq!(portions(events(), |_| None).len(), 2 + usize::from(MOST_BEHIND));
        // A second command begins anew.
        let twice = vec![press(Key::Enter, Modifiers::NONE); 2].into_iter().chain([Event::Text("b".into())]);
        assert_eq!(portions(twice.collect(), same), [1, 1, 0, 1]);
    }

    fn same(_frame: usize) -> Option<u8> {
        Some(0)
    }

    /// How many events each frame has; `focused` says which widget has the focus when a frame begins.
    fn portions(events: Vec<Event>, focused: impl Fn(usize) -> Option<u8>) -> Vec<usize> {
        let mut queue = InputQueue::default();
        let mut input = RawInput { events, ..RawInput::default() };
        let mut frames = Vec::new();
        while queue.portion(&mut input, focused(frames.len()).map(Id::unique)) {
            frames.push(std::mem::take(&mut input.events).len());
        }
        frames.push(input.events.len());
        frames
    }

    #[test]
    fn keys_that_move_or_erase_do_not_overtake_typed_text() {
        let text = || Event::Text("a".into());
        assert_eq!(portions(vec![text(), press(Key::Backspace, Modifiers::NONE), text()], same), [1, 2]);
        assert_eq!(
            portions(vec![press(Key::ArrowRight, Modifiers::SHIFT), Event::Cut, text()], same),
            [1, 1, 0, 1]
        );
        assert_eq!(portions(vec![text(), Event::Paste("b".into())], same), [1, 1]);
        let arrows = vec![press(Key::ArrowDown, Modifiers::NONE); 5];
        assert_eq!(portions(arrows, same), [5]);
    }

    #[test]
    fn plain_typing_is_not_held_back() {
        let mut queue = InputQueue::default();
        let events =
            vec![press(Key::F, Modifiers::NONE), Event::Text("f".into()), press(Key::A, Modifiers::NONE)];
        let mut input = RawInput { events, ..RawInput::default() };
        assert!(!queue.portion(&mut input, None));
        assert_eq!(input.events.len(), 3);
    }
}
