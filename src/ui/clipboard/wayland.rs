//! The clipboards of a Wayland desktop that lets programs manage them (wlr or ext data control): sway, KDE and others.
//!
//! Without that, as on GNOME, only the window with the focus gets the clipboard, and the toolkit does the work.

use super::{Board, MAX_TAKEN, System, decoded};
use crate::session::clipboard::system::{BYTES_TYPE, MARK_TYPE};
use crate::session::{Mark, Offer, Pasted};
use std::io::Read;
use wl_clipboard_rs::copy::{self, MimeSource, MimeType, Source};
use wl_clipboard_rs::paste::{self, Error};
use wl_clipboard_rs::utils::is_primary_selection_supported;

pub(super) struct Wayland {
    has_primary: bool,
}

/// `None` where the desktop does not let programs manage the clipboard.
pub(super) fn connect() -> Option<Wayland> {
    is_primary_selection_supported().ok().map(|has_primary| Wayland { has_primary })
}

impl System for Wayland {
    fn offer(&self, board: Board, offer: Offer) -> Result<(), String> {
        if board == Board::Primary && !self.has_primary {
            return Ok(());
        }
        let kind = match board {
            Board::Clipboard => copy::ClipboardType::Regular,
            Board::Primary => copy::ClipboardType::Primary,
        };
        let source =
            |bytes: Vec<u8>, mime_type| MimeSource { source: Source::Bytes(bytes.into()), mime_type };
        let mut sources = Vec::new();
        if let Some(text) = offer.text {
            sources.push(source(text.into_bytes(), MimeType::Text));
        }
        if let Some(bytes) = offer.bytes {
            sources.push(source(bytes.to_vec(), MimeType::Specific(BYTES_TYPE.to_owned())));
        }
        sources.push(source(offer.mark.to_text().into_bytes(), MimeType::Specific(MARK_TYPE.to_owned())));
        let mut options = copy::Options::new();
        options.clipboard(kind);
        options.copy_multi(sources).map_err(|error| error.to_string())
    }

    fn read(&self, board: Board, only_text: bool) -> Result<Pasted, String> {
        if board == Board::Primary && !self.has_primary {
            return Ok(Pasted::default());
        }
        let kind = match board {
            Board::Clipboard => paste::ClipboardType::Regular,
            Board::Primary => paste::ClipboardType::Primary,
        };
        let types = match paste::get_mime_types(kind, paste::Seat::Unspecified) {
            Ok(types) => types,
            Err(Error::ClipboardEmpty | Error::NoSeats) => return Ok(Pasted::default()),
            Err(error) => return Err(format!("{error}.")),
        };
        let take = |wanted: &str| types.contains(wanted).then(|| contents(kind, wanted)).transpose();
        let mark = if only_text { None } else { take(MARK_TYPE)? };
        let bytes = if only_text { None } else { take(BYTES_TYPE)? };
        let is_text = ["text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING", "TEXT"];
        let text = is_text
            .into_iter()
            .find(|name| types.contains(*name))
            .map(|name| contents(kind, name))
            .transpose()?;
        Ok(Pasted {
            text: text.map(decoded),
            bytes,
            mark: mark.and_then(|mark| Mark::of_text(&decoded(mark))),
        })
    }
}

fn contents(kind: paste::ClipboardType, wanted: &str) -> Result<Vec<u8>, String> {
    let (pipe, _) = paste::get_contents(kind, paste::Seat::Unspecified, paste::MimeType::Specific(wanted))
        .map_err(|error| format!("{error}."))?;
    let mut bytes = Vec::new();
    let most = MAX_TAKEN as u64 + 1;
    pipe.take(most).read_to_end(&mut bytes).map_err(|error| format!("{error}."))?;
    if bytes.len() > MAX_TAKEN { Err(super::too_much()) } else { Ok(bytes) }
}
