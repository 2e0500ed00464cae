//! The clipboards of a Wayland desktop that lets programs manage them (wlr or ext data control): sway, KDE and others.
//!
//! Without that, as on GNOME, only the window with the focus gets the clipboard: see [`super::focused`].

use super::{Board, MAX_TAKEN, PATIENCE, SILENT, System, decoded};
use crate::job::Progress;
use crate::session::clipboard::system::{BYTES_TYPE, IMAGE_TYPE, MARK_TYPE};
use crate::session::{ClipMark, ClipboardOffer, Pasted};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};
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
    fn offer(&self, board: Board, offer: ClipboardOffer) -> Result<(), String> {
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
        if let Some(image) = offer.image {
            sources.push(source(image.to_vec(), MimeType::Specific(IMAGE_TYPE.to_owned())));
        }
        if let Some(mark) = offer.mark {
            sources.push(source(mark.to_text().into_bytes(), MimeType::Specific(MARK_TYPE.to_owned())));
        }
        let mut options = copy::Options::new();
        options.clipboard(kind);
        options.copy_multi(sources).map_err(|error| error.to_string())
    }

    fn read(&self, board: Board, only_text: bool, progress: &Progress) -> Result<Pasted, String> {
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
        let take =
            |wanted: &str| types.contains(wanted).then(|| contents(kind, wanted, progress)).transpose();
        let mark = if only_text { None } else { take(MARK_TYPE)? };
        let bytes = if only_text { None } else { take(BYTES_TYPE)? };
        let is_text = ["text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING", "TEXT"];
        let text = is_text
            .into_iter()
            .find(|name| types.contains(*name))
            .map(|name| contents(kind, name, progress))
            .transpose()?;
        Ok(Pasted {
            text: text.map(decoded),
            bytes,
            mark: mark.and_then(|mark| ClipMark::of_text(&decoded(mark))),
        })
    }
}

fn contents(kind: paste::ClipboardType, wanted: &str, progress: &Progress) -> Result<Vec<u8>, String> {
    let (pipe, _) = paste::get_contents(kind, paste::Seat::Unspecified, paste::MimeType::Specific(wanted))
        .map_err(|error| format!("{error}."))?;
    drain(pipe, PATIENCE, progress)
}

/// So long a pipe that holds nothing is left alone.
const PAUSE: Duration = Duration::from_millis(2);

/// All that another program writes into a pipe; it may be silent for so long, and must end in twenty times that.
fn drain(mut pipe: impl Read + AsFd, patience: Duration, progress: &Progress) -> Result<Vec<u8>, String> {
    let words = |error: io::Error| format!("{error}.");
    // std can make a socket's descriptor not block, and the system takes the same call for a pipe.
    let same = pipe.as_fd().try_clone_to_owned().map_err(words)?;
    UnixStream::from(same).set_nonblocking(true).map_err(words)?;
    let (mut taken, mut chunk) = (Vec::new(), vec![0; 64 << 10]);
    let begun = Instant::now();
    let mut heard = begun;
    while !progress.is_cancelled() {
        match pipe.read(&mut chunk) {
            Ok(0) => return Ok(taken),
            Ok(len) => {
                taken.extend_from_slice(&chunk[..len]);
                if taken.len() > MAX_TAKEN {
                    return Err(super::too_much());
                }
                progress.advance(len as u64);
                heard = Instant::now();
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && heard.elapsed() < patience => {
                std::thread::sleep(PAUSE);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(words(error)),
        }
        if begun.elapsed() > patience * 20 {
            break;
        }
    }
    Err(String::from(SILENT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_pipe_is_read_for_as_long_as_something_comes() {
        let patience = Duration::from_millis(400);
        let progress = Progress::default();
        let (reader, mut writer) = io::pipe().expect("a pipe");
        // Longer in all than the silence that is borne.
        let slow = std::thread::spawn(move || {
            for byte in 0..6 {
                writer.write_all(&[byte]).expect("written");
                std::thread::sleep(patience / 4);
            }
        });
        assert_eq!(drain(reader, patience, &progress), Ok(vec![0, 1, 2, 3, 4, 5]));
        assert_eq!(progress.done(), 6);
        slow.join().expect("it has ended");
    }

    #[test]
    fn a_silent_pipe_is_given_up() {
        let progress = Progress::default();
        let (reader, mut writer) = io::pipe().expect("a pipe");
        writer.write_all(b"begun").expect("written");
        assert_eq!(drain(reader, Duration::from_millis(50), &progress), Err(String::from(SILENT)));
        let (reader, _writer) = io::pipe().expect("a pipe");
        progress.cancel();
        assert!(drain(reader, PATIENCE * 100, &progress).is_err(), "nobody waits for it");
    }
}
