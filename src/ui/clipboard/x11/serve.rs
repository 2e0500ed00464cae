//! What the program owns of the clipboards, handed to whoever asks.

use super::{Board, Done, Link, PATIENCE};
use crate::session::ClipboardOffer;
use std::sync::Arc;
use std::time::Instant;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ChangeWindowAttributesAux, ConnectionExt, EventMask, PropMode, Property,
    PropertyNotifyEvent, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window,
};
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{CURRENT_TIME, NONE};

/// What is longer in bytes goes in pieces of this length.
const PIECE: usize = 256 << 10;

#[derive(Default)]
pub(super) struct Serving {
    clipboard: Option<ClipboardOffer>,
    primary: Option<ClipboardOffer>,
    handing: Vec<Handing>,
}

/// A long content on its way to another program, piece by piece.
struct Handing {
    to: Window,
    property: Atom,
    kind: Atom,
    bytes: Arc<[u8]>,
    at: usize,
    since: Instant,
}

impl Serving {
    /// Takes a clipboard over from the program that owns it, with `offer` to serve.
    ///
    /// # Errors
    /// When the connection to the X server breaks.
    pub fn own(&mut self, link: &Link, board: Board, offer: ClipboardOffer) -> Done {
        link.connection.set_selection_owner(link.window, link.board(board), CURRENT_TIME)?;
        link.connection.flush()?;
        *self.of(board) = Some(offer);
        Ok(())
    }

    fn of(&mut self, board: Board) -> &mut Option<ClipboardOffer> {
        match board {
            Board::Clipboard => &mut self.clipboard,
            Board::Primary => &mut self.primary,
        }
    }

    /// What the program owns of a clipboard.
    pub fn owned(&self, _: &Link, board: Board) -> Option<&ClipboardOffer> {
        match board {
            Board::Clipboard => self.clipboard.as_ref(),
            Board::Primary => self.primary.as_ref(),
        }
    }

    /// Another program has copied something.
    pub fn lost(&mut self, selection: Atom) {
        let board =
            if selection == Atom::from(AtomEnum::PRIMARY) { Board::Primary } else { Board::Clipboard };
        *self.of(board) = None;
    }

    /// Whether pieces of a large content are under way to another program.
    pub fn is_handing_over(&self) -> bool {
        !self.handing.is_empty()
    }

    /// Answers a request: the content, its kinds, or a refusal.
    ///
    /// # Errors
    /// When the connection to the X server breaks, or the server refuses a request.
    pub fn request(&mut self, link: &Link, request: &SelectionRequestEvent) -> Done {
        // Old programs name no property; the kind is meant then.
        let property = if request.property == NONE { request.target } else { request.property };
        let is_answered = self.answer(link, request, property)?;
        let notice = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: if is_answered { property } else { NONE },
        };
        link.connection.send_event(false, request.requestor, EventMask::NO_EVENT, notice)?;
        link.connection.flush()?;
        Ok(())
    }

    fn answer(
        &mut self,
        link: &Link,
        request: &SelectionRequestEvent,
        property: Atom,
    ) -> Result<bool, x11rb::errors::ReplyOrIdError> {
        let atoms = &link.atoms;
        let is_primary = request.selection == Atom::from(AtomEnum::PRIMARY);
        let Some(offer) = (if is_primary { &self.primary } else { &self.clipboard }) else {
            return Ok(false);
        };
        let texts = [atoms.UTF8_STRING, atoms.TEXT_UTF8, atoms.TEXT_PLAIN, atoms.STRING, atoms.TEXT];
        let connection = &link.connection;
        if request.target == atoms.TARGETS {
            let mut kinds = vec![atoms.TARGETS];
            kinds.extend(offer.text.iter().flat_map(|_| texts));
            kinds.extend(offer.bytes.iter().map(|_| atoms.BYTES));
            kinds.extend(offer.image.iter().map(|_| atoms.IMAGE));
            kinds.extend(offer.mark.iter().map(|_| atoms.MARK));
            connection.change_property32(
                PropMode::REPLACE,
                request.requestor,
                property,
                AtomEnum::ATOM,
                &kinds,
            )?;
            return Ok(true);
        }
        let content: Option<Arc<[u8]>> = match request.target {
            target if target == atoms.MARK => {
                offer.mark.as_ref().map(|mark| mark.to_text().into_bytes().into())
            }
            target if target == atoms.BYTES => offer.bytes.clone(),
            target if target == atoms.IMAGE => offer.image.clone(),
            target if target == atoms.STRING => offer.text.as_deref().map(latin),
            target if texts.contains(&target) => offer.text.as_deref().map(|text| text.as_bytes().into()),
            _ => None,
        };
        let Some(bytes) = content else { return Ok(false) };
        // TEXT leaves the kind to the owner.
        let kind = if request.target == atoms.TEXT { atoms.UTF8_STRING } else { request.target };
        if bytes.len() <= PIECE {
            connection.change_property8(PropMode::REPLACE, request.requestor, property, kind, &bytes)?;
            return Ok(true);
        }
        let watch = ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        connection.change_window_attributes(request.requestor, &watch)?;
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        connection.change_property32(PropMode::REPLACE, request.requestor, property, atoms.INCR, &[len])?;
        let to = request.requestor;
        self.handing.push(Handing { to, property, kind, bytes, at: 0, since: Instant::now() });
        Ok(true)
    }

    /// The other program has taken a piece: the next one, of no bytes at the end.
    ///
    /// # Errors
    /// When the connection to the X server breaks.
    pub fn go_on(&mut self, link: &Link, event: &PropertyNotifyEvent) -> Done {
        let is_this = |handing: &Handing| handing.to == event.window && handing.property == event.atom;
        let Some(place) = self.handing.iter().position(is_this).filter(|_| event.state == Property::DELETE)
        else {
            return Ok(());
        };
        let handing = &mut self.handing[place];
        let end = handing.bytes.len().min(handing.at + PIECE);
        let piece = &handing.bytes[handing.at..end];
        let is_last = piece.is_empty();
        link.connection.change_property8(
            PropMode::REPLACE,
            handing.to,
            handing.property,
            handing.kind,
            piece,
        )?;
        link.connection.flush()?;
        (handing.at, handing.since) = (end, Instant::now());
        if is_last {
            self.handing.swap_remove(place);
        }
        Ok(())
    }

    /// Gives up programs that have not fetched their next piece for long.
    pub fn forget_silent(&mut self, now: Instant) {
        self.handing.retain(|handing| now.duration_since(handing.since) < PATIENCE);
    }

    /// Asks a clipboard manager to keep what was copied; `false` when there is none, or nothing to keep.
    ///
    /// # Errors
    /// When the connection to the X server breaks, or the server refuses a request.
    pub fn hand_to_manager(&self, link: &Link) -> Result<bool, x11rb::errors::ReplyOrIdError> {
        if self.clipboard.is_none() {
            return Ok(false);
        }
        let atoms = &link.atoms;
        let manager = link.connection.get_selection_owner(atoms.CLIPBOARD_MANAGER)?.reply()?.owner;
        if manager == NONE {
            return Ok(false);
        }
        link.connection.convert_selection(
            link.window,
            atoms.CLIPBOARD_MANAGER,
            atoms.SAVE_TARGETS,
            atoms.PAGELENS_TAKEN,
            CURRENT_TIME,
        )?;
        link.connection.flush()?;
        Ok(true)
    }
}

/// Text in Latin-1, with a question mark for what that lacks.
fn latin(text: &str) -> Arc<[u8]> {
    text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect()
}
