//! Letters that are pressed together with Alt or the Super key are commands of the menu bar or of the desktop, never
//! text. The toolkit reports their text all the same, so it is taken out before a widget sees it.
//!
//! On macOS Option makes characters (Option+g is ©), so there only the command key counts, which the toolkit knows
//! itself. AltGr is neither Alt nor Ctrl on any system: the toolkit's layer takes care of that.

use egui::{Event, Key, RawInput};

/// Which of the keys are down.
#[derive(Debug, Default)]
pub struct HeldKeys {
    alt: bool,
    /// The toolkit has no modifier for it outside macOS.
    logo: [bool; 2],
}

impl HeldKeys {
    /// Takes from `input` the text that is none.
    pub fn strip(&mut self, input: &mut RawInput, is_mac: bool) {
        input.events.retain(|event| {
            match event {
                Event::ModifiersChanged(modifiers) => self.alt = modifiers.alt,
                Event::Key { key, pressed, modifiers, .. } => {
                    self.alt = modifiers.alt;
                    match key {
                        Key::SuperLeft => self.logo[0] = *pressed,
                        Key::SuperRight => self.logo[1] = *pressed,
                        _ => {}
                    }
                }
                // A key that is let go while another window has the keys is not told of.
                Event::WindowFocused(_) => self.logo = [false; 2],
                Event::Text(_) => return is_mac || !(self.alt || self.logo != [false; 2]),
                _ => {}
            }
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Modifiers;

    fn key(key: Key, pressed: bool, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key: None, pressed, repeat: false, modifiers }
    }

    fn text(letter: &str) -> Event {
        Event::Text(letter.to_owned())
    }

    /// The text that is left of `events`.
    fn typed(held: &mut HeldKeys, events: Vec<Event>, is_mac: bool) -> String {
        let mut input = RawInput { events, ..RawInput::default() };
        held.strip(&mut input, is_mac);
        let text = |event: &Event| if let Event::Text(text) = event { Some(text.clone()) } else { None };
        input.events.iter().filter_map(text).collect()
    }

    #[test]
    fn alt_and_a_letter_type_nothing() {
        let mut held = HeldKeys::default();
        let events = || {
            vec![
                Event::ModifiersChanged(Modifiers::ALT),
                key(Key::F, true, Modifiers::ALT),
                text("f"),
                Event::ModifiersChanged(Modifiers::NONE),
                key(Key::E, true, Modifiers::NONE),
                text("e"),
            ]
        };
        assert_eq!(typed(&mut held, events(), false), "e");
        assert_eq!(typed(&mut held, events(), true), "fe", "Option makes characters on macOS");
        // Over two frames.
        assert_eq!(typed(&mut held, vec![key(Key::A, true, Modifiers::ALT)], false), "");
        assert_eq!(typed(&mut held, vec![text("a")], false), "");
    }

    #[test]
    fn the_super_key_and_a_letter_type_nothing_and_a_lost_release_is_forgotten() {
        let mut held = HeldKeys::default();
        let press = |down| key(Key::SuperLeft, down, Modifiers::NONE);
        let events =
            vec![press(true), key(Key::D, true, Modifiers::NONE), text("d"), press(false), text("b")];
        assert_eq!(typed(&mut held, events, false), "b");
        let events = vec![press(true), Event::WindowFocused(false), Event::WindowFocused(true), text("c")];
        assert_eq!(typed(&mut held, events, false), "c");
    }

    #[test]
    fn alt_gr_types() {
        // It is no modifier of the toolkit: what it makes comes as text without one.
        let mut held = HeldKeys::default();
        let events = vec![key(Key::AltRight, true, Modifiers::NONE), text("€")];
        assert_eq!(typed(&mut held, events, false), "€");
    }
}
