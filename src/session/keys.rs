//! Key chords as data: what a command's default key is and how it is written in a menu.
//!
//! It does not depend on the toolkit; `ui` turns the toolkit's key events into these.

use std::fmt;

/// A key without its modifiers. Letters are upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Letter(char),
    F(u8),
    Insert,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    Plus,
    Minus,
    Zero,
    Comma,
    Slash,
    Backslash,
    Tab,
}

/// A key with its modifiers; `ctrl` is the platform's command key (Ctrl, on macOS ⌘).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
    pub key: Key,
}

/// The key alone.
pub const fn plain(key: Key) -> Chord {
    Chord { ctrl: false, shift: false, alt: false, key }
}

/// Ctrl and the key.
pub const fn ctrl(key: Key) -> Chord {
    Chord { ctrl: true, shift: false, alt: false, key }
}

/// Ctrl, Shift and the key.
pub const fn ctrl_shift(key: Key) -> Chord {
    Chord { ctrl: true, shift: true, alt: false, key }
}

/// Shift and the key.
pub const fn shift(key: Key) -> Chord {
    Chord { ctrl: false, shift: true, alt: false, key }
}

/// Alt and the key.
pub const fn alt(key: Key) -> Chord {
    Chord { ctrl: false, shift: false, alt: true, key }
}

/// Alt, Shift and the key.
pub const fn alt_shift(key: Key) -> Chord {
    Chord { ctrl: false, shift: true, alt: true, key }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mac = cfg!(target_os = "macos");
        if self.ctrl {
            f.write_str(if mac { "⌘" } else { "Ctrl+" })?;
        }
        if self.alt {
            f.write_str(if mac { "⌥" } else { "Alt+" })?;
        }
        if self.shift {
            f.write_str(if mac { "⇧" } else { "Shift+" })?;
        }
        match self.key {
            Key::Letter(letter) => write!(f, "{letter}"),
            Key::F(number) => write!(f, "F{number}"),
            Key::Plus => f.write_str("+"),
            Key::Minus => f.write_str("-"),
            Key::Zero => f.write_str("0"),
            Key::Comma => f.write_str(","),
            Key::Slash => f.write_str("/"),
            Key::Backslash => f.write_str("\\"),
            Key::Left => f.write_str("←"),
            Key::Right => f.write_str("→"),
            Key::Up => f.write_str("↑"),
            Key::Down => f.write_str("↓"),
            Key::PageUp => f.write_str("PgUp"),
            Key::PageDown => f.write_str("PgDn"),
            Key::Insert | Key::Home | Key::End | Key::Tab => write!(f, "{:?}", self.key),
        }
    }
}

#[cfg(all(test, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn chords_are_written_as_menus_write_them() {
        assert_eq!(ctrl_shift(Key::Letter('P')).to_string(), "Ctrl+Shift+P");
        assert_eq!(alt(Key::Left).to_string(), "Alt+←");
        assert_eq!(plain(Key::F(3)).to_string(), "F3");
    }
}
