//! A window that has just come up: nothing in it changes by itself.
//!
//! The desktop tells a new window some frames later that it has the keys and that the pointer rests over it. Neither is
//! something that the user did, so the first frame is drawn as if the keys were there already, and the pointer counts
//! for nothing until it is moved or pressed.

use egui::{Event, Pos2, RawInput};
use std::time::{Duration, Instant};

/// Where the desktop moves a window that comes up, the pointer seems to move; later moves are the user's.
const COMING_UP: Duration = Duration::from_millis(300);
/// A window that was not told by then that it has the keys does not have them.
const TOLD_BY: Duration = Duration::from_secs(3);

/// What is held back until the user does something.
#[derive(Debug, Default)]
pub struct Arrival {
    /// When the first frame was drawn.
    begun: Option<Instant>,
    knows_keys: bool,
    /// Where the pointer rests.
    pointer: Option<Pos2>,
    has_moved: bool,
}

impl Arrival {
    /// Takes from `input` what nobody did. Answers when to look again, while it is not known who has the keys.
    pub fn tame(&mut self, input: &mut RawInput) -> Option<Duration> {
        let age = self.begun.get_or_insert_with(Instant::now).elapsed();
        // That it does not have them is said of a window that has just been made, too.
        self.knows_keys |= input.events.contains(&Event::WindowFocused(true));
        let waits = !self.knows_keys && age < TOLD_BY;
        input.focused |= waits;
        if !self.has_moved {
            let events = std::mem::take(&mut input.events);
            input.events = events.into_iter().flat_map(|event| self.passed(event, age)).flatten().collect();
        }
        waits.then(|| TOLD_BY - age)
    }

    /// What becomes of an event.
    fn passed(&mut self, event: Event, age: Duration) -> [Option<Event>; 2] {
        if self.has_moved {
            return [None, Some(event)];
        }
        match event {
            Event::PointerMoved(at) if age < COMING_UP || self.pointer.is_none_or(|rest| rest == at) => {
                self.pointer = Some(at);
                [None, None]
            }
            Event::PointerGone => {
                self.pointer = None;
                [None, None]
            }
            Event::PointerMoved(_) => {
                self.has_moved = true;
                [None, Some(event)]
            }
            Event::PointerButton { .. } | Event::MouseWheel { .. } | Event::Zoom(_) | Event::Touch { .. } => {
                self.has_moved = true;
                [self.pointer.take().map(Event::PointerMoved), Some(event)]
            }
            _ => [None, Some(event)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Modifiers, PointerButton, pos2};

    fn old() -> Arrival {
        Arrival { begun: Instant::now().checked_sub(2 * TOLD_BY), ..Arrival::default() }
    }

    fn tamed(arrival: &mut Arrival, events: Vec<Event>) -> (Vec<Event>, bool) {
        let mut input = RawInput { events, focused: false, ..RawInput::default() };
        arrival.tame(&mut input);
        (input.events, input.focused)
    }

    #[test]
    fn a_pointer_that_rests_is_not_there_until_it_moves() {
        let (rest, next) = (Event::PointerMoved(pos2(5.0, 5.0)), Event::PointerMoved(pos2(6.0, 5.0)));
        let mut arrival = old();
        assert_eq!(tamed(&mut arrival, vec![rest.clone(), rest.clone()]).0, []);
        assert_eq!(tamed(&mut arrival, vec![next.clone(), rest.clone()]).0, [next, rest]);
    }

    #[test]
    fn a_press_or_the_wheel_comes_where_the_pointer_rests() {
        let rest = Event::PointerMoved(pos2(5.0, 5.0));
        let press = Event::PointerButton {
            pos: pos2(5.0, 5.0),
            button: PointerButton::Primary,
            pressed: true,
            modifiers: Modifiers::NONE,
        };
        let wheel = Event::Zoom(1.5);
        for event in [press, wheel] {
            let mut arrival = Arrival::default();
            assert_eq!(tamed(&mut arrival, vec![rest.clone(), event.clone()]).0, [rest.clone(), event]);
        }
    }

    #[test]
    fn the_keys_are_taken_to_be_there_until_the_desktop_says_or_says_nothing() {
        let mut arrival = Arrival::default();
        assert!(tamed(&mut arrival, vec![]).1);
        assert!(tamed(&mut arrival, vec![Event::WindowFocused(false)]).1, "it is told so before it is shown");
        tamed(&mut arrival, vec![Event::WindowFocused(true)]);
        assert!(!tamed(&mut arrival, vec![Event::WindowFocused(false)]).1);
        assert!(!tamed(&mut old(), vec![]).1);
    }
}
