//! The clipboards of a Wayland desktop that gives them only to the window with the focus, as GNOME does. Only text,
//! over the window's own connection.

#![expect(unsafe_code, reason = "the connection is the toolkit's, and known by its address only")]

use super::{Board, System};
use crate::job::Progress;
use crate::session::{ClipboardOffer, Pasted};
use raw_window_handle::{HasDisplayHandle, RawDisplayHandle};
use std::ffi::c_void;
use std::io::ErrorKind;
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};

/// The window's connection to a Wayland desktop.
pub(super) struct Connection(NonNull<c_void>);

// SAFETY: it is only handed to libwayland, which takes a connection from any thread.
unsafe impl Send for Connection {}
// SAFETY: the same.
unsafe impl Sync for Connection {}

impl Connection {
    /// `None` where the window is on no Wayland desktop.
    pub fn of(window: &impl HasDisplayHandle) -> Option<Self> {
        match window.display_handle().ok()?.as_raw() {
            RawDisplayHandle::Wayland(handle) => Some(Self(handle.display)),
            _ => None,
        }
    }
}

pub(super) struct Focused {
    /// What is copied goes here. It does not wait for a program that is asked for what it holds.
    given: Mutex<smithay_clipboard::Clipboard>,
    taken: Mutex<smithay_clipboard::Clipboard>,
}

impl Focused {
    /// The clipboards that come over this connection.
    pub fn on(connection: &Connection) -> Self {
        // SAFETY: the toolkit keeps the connection until its event loop ends, and the event loop outlives the window.
        // The clipboard is dropped with the window. Only a worker that waits for another program may hold it longer,
        // until pagelens itself ends, which comes next.
        let clipboard = || Mutex::new(unsafe { smithay_clipboard::Clipboard::new(connection.0.as_ptr()) });
        Self { given: clipboard(), taken: clipboard() }
    }
}

impl System for Focused {
    fn offer(&self, board: Board, offer: ClipboardOffer) -> Result<(), String> {
        let clipboard = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        // Text that is too long can't be pasted as data.
        let text = offer.text.unwrap_or_default();
        match board {
            Board::Clipboard => clipboard.store(text),
            Board::Primary => clipboard.store_primary(text),
        }
        Ok(())
    }

    fn read(&self, board: Board, _: bool, _: &Progress) -> Result<Pasted, String> {
        let clipboard = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let text = match board {
            Board::Clipboard => clipboard.load(),
            Board::Primary => clipboard.load_primary(),
        };
        match text {
            Ok(text) => Ok(Pasted::of_text(text)),
            // The clipboard holds no text.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Pasted::default()),
            Err(error) => Err(format!("{error}.")),
        }
    }
}
