//! What another program has on a clipboard, taken kind by kind: the mark, the bytes, the text.

use super::super::{MAX_TAKEN, SILENT, decoded, too_much};
use super::{Done, Link, PATIENCE};
use crate::session::{ClipMark, Pasted};
use std::sync::mpsc::Sender;
use std::time::Instant;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt, Property, Window};
use x11rb::{CURRENT_TIME, NONE};

/// Words of four bytes that are asked for at once.
const WORDS: u32 = 16 << 20;

/// What whoever asked is told.
pub(super) enum Taken {
    /// Something has come.
    Some,
    All(Result<Pasted, String>),
}

/// A paste that is under way.
pub(super) struct Taking {
    /// Its own window, which another program hands over to; gone with the paste, so that one which was given up can't
    /// put its pieces among those of the next.
    window: Window,
    selection: Atom,
    only_text: bool,
    answer: Sender<Taken>,
    /// The kind that is asked for now, and those to come.
    now: Atom,
    next: Vec<Atom>,
    /// Pieces of the kind that is asked for now come one after another.
    in_pieces: bool,
    bytes: Vec<u8>,
    pasted: Pasted,
    since: Instant,
}

impl Taking {
    /// A paste from `selection`, of text alone when `only_text`; `answer` is told of it.
    pub fn new(selection: Atom, only_text: bool, answer: Sender<Taken>) -> Self {
        Self {
            window: NONE,
            selection,
            only_text,
            answer,
            now: NONE,
            next: Vec::new(),
            in_pieces: false,
            bytes: Vec::new(),
            pasted: Pasted::default(),
            since: Instant::now(),
        }
    }

    /// Asks which kinds there are.
    ///
    /// # Errors
    /// When the connection to the X server breaks, or the server refuses a request.
    pub fn begin(&mut self, link: &Link) -> Done {
        self.window = link.new_window()?;
        self.ask(link, link.atoms.TARGETS)
    }

    /// Whether a window is the paste's own.
    pub fn owns(&self, window: Window) -> bool {
        self.window == window
    }

    /// Tells whoever asked that it goes on; `false` when nobody waits for the rest.
    pub fn is_wanted(&self) -> bool {
        self.answer.send(Taken::Some).is_ok()
    }

    /// The paste is over, whatever came of it.
    ///
    /// # Errors
    /// When the connection to the X server breaks.
    pub fn end(&self, link: &Link) -> Done {
        link.connection.destroy_window(self.window)?;
        link.connection.flush()?;
        Ok(())
    }

    fn ask(&mut self, link: &Link, kind: Atom) -> Done {
        (self.now, self.since, self.in_pieces) = (kind, Instant::now(), false);
        self.bytes = Vec::new();
        let place = link.atoms.PAGELENS_TAKEN;
        link.connection.delete_property(self.window, place)?;
        link.connection.convert_selection(self.window, self.selection, kind, place, CURRENT_TIME)?;
        link.connection.flush()?;
        Ok(())
    }

    /// Takes what an event brings; `true` when the paste is answered.
    ///
    /// # Errors
    /// When the connection to the X server breaks, or the server refuses a request.
    pub fn event(&mut self, link: &Link, event: &Event) -> Result<bool, x11rb::errors::ReplyOrIdError> {
        let has_come = match event {
            Event::SelectionNotify(event) if self.owns(event.requestor) && event.target == self.now => {
                event.property != NONE
            }
            Event::PropertyNotify(event)
                if self.in_pieces
                    && event.atom == link.atoms.PAGELENS_TAKEN
                    && event.state == Property::NEW_VALUE =>
            {
                true
            }
            _ => return Ok(false),
        };
        if !self.is_wanted() {
            return Ok(true);
        }
        if has_come { self.property(link) } else { self.have(link, None) }
    }

    /// Reads and deletes the property that the other program has written.
    fn property(&mut self, link: &Link) -> Result<bool, x11rb::errors::ReplyOrIdError> {
        self.since = Instant::now();
        let place = link.atoms.PAGELENS_TAKEN;
        let reply =
            link.connection.get_property(true, self.window, place, AtomEnum::ANY, 0, WORDS)?.reply()?;
        if reply.type_ == link.atoms.INCR {
            self.in_pieces = true;
            return Ok(false);
        }
        if self.in_pieces && !reply.value.is_empty() {
            self.bytes.extend_from_slice(&reply.value);
            if self.bytes.len() > MAX_TAKEN {
                return Ok(self.answer(Err(too_much())));
            }
            return Ok(false);
        }
        if reply.bytes_after > 0 {
            return Ok(self.answer(Err(too_much())));
        }
        let bytes = if self.in_pieces { std::mem::take(&mut self.bytes) } else { reply.value };
        self.have(link, Some(bytes))
    }

    /// Keeps what has come of the kind that was asked for, and asks for the next.
    fn have(&mut self, link: &Link, bytes: Option<Vec<u8>>) -> Result<bool, x11rb::errors::ReplyOrIdError> {
        let atoms = &link.atoms;
        let kind = self.now;
        if kind == atoms.TARGETS {
            let kinds: Vec<Atom> = bytes
                .unwrap_or_default()
                .chunks_exact(4)
                .map(|word| Atom::from_ne_bytes([word[0], word[1], word[2], word[3]]))
                .collect();
            let texts = [atoms.UTF8_STRING, atoms.TEXT_UTF8, atoms.TEXT_PLAIN, atoms.STRING];
            // Some old programs say no kinds and have text all the same.
            let text = texts.into_iter().find(|text| kinds.contains(text));
            let text = if kinds.is_empty() { Some(atoms.STRING) } else { text };
            let others = [atoms.BYTES, atoms.MARK].into_iter().filter(|kind| kinds.contains(kind));
            self.next = text.into_iter().chain(others.filter(|_| !self.only_text)).collect();
        } else if let Some(bytes) = bytes {
            match kind {
                kind if kind == atoms.BYTES => self.pasted.bytes = Some(bytes),
                kind if kind == atoms.MARK => self.pasted.mark = ClipMark::of_text(&decoded(bytes)),
                _ => self.pasted.text = Some(decoded(bytes)),
            }
        }
        match self.next.pop() {
            Some(next) => {
                self.ask(link, next)?;
                Ok(false)
            }
            None => {
                let pasted = std::mem::take(&mut self.pasted);
                Ok(self.answer(Ok(pasted)))
            }
        }
    }

    fn answer(&self, pasted: Result<Pasted, String>) -> bool {
        // Whoever asked may be gone.
        let _ = self.answer.send(Taken::All(pasted));
        true
    }

    /// Whether the other program has been silent for too long; whoever asked is told then.
    pub fn give_up(&self, now: Instant) -> bool {
        now.duration_since(self.since) > PATIENCE && self.answer(Err(String::from(SILENT)))
    }
}
