//! Steps 9 and 10, and putting back: bytes are written piece by piece, each right after a last check of the bytes that
//! it overwrites.
//!
//! Old and new bytes are read before that check, because this may take long: new ones may come from a million places,
//! old ones in the journal. Between the check and the write there is no other call, and the pieces are small. So
//! another program's write can go unseen for only some microseconds.

use super::super::disk::{retry, write_all_at};
use super::super::screen_check::changed_at;
use super::InPlace;
use super::others::moved;
use crate::bytes::{ReadError, Span};
use crate::job::{Cancel, Progress};
use crate::save::error::{SaveStop, at_step};
use crate::save::generation::Overlay;

/// Bytes checked and written at once.
const PIECE: u64 = 16 << 10;

/// Which bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    New,
    Old,
}

/// The bytes that a piece may hold, and those that it holds now.
#[derive(Default)]
struct Piece {
    old: Vec<u8>,
    new: Vec<u8>,
    /// Why the new bytes are not known. When old bytes are put back, this matters only where new ones may be there.
    no_new: Option<ReadError>,
    now: Vec<u8>,
}

impl Piece {
    /// The first byte that is neither old nor new.
    fn foreign(&mut self) -> Result<Option<usize>, ReadError> {
        if is_of(&self.now, &self.old) {
            return Ok(None);
        }
        if let Some(error) = self.no_new.take() {
            return Err(error);
        }
        if is_of(&self.now, &self.new) {
            return Ok(None);
        }
        let (old, new) = (&self.old, &self.new);
        Ok(self.now.iter().enumerate().position(|(at, byte)| {
            let (old, new) = (old.get(at), new.get(at));
            // New space reads as zeros. So does an end that was cut off and extended again.
            let is_room = *byte == 0 && (old.is_none() || new.is_none());
            old != Some(byte) && new != Some(byte) && !is_room
        }))
    }
}

/// Whether `now` holds the bytes of `side`, and zeros behind them.
fn is_of(now: &[u8], side: &[u8]) -> bool {
    let (here, room) = now.split_at(side.len().min(now.len()));
    side.starts_with(here) && room.iter().all(|byte| *byte == 0)
}

impl InPlace<'_> {
    /// Writes the first `count` pieces, for good.
    pub(super) fn write_durably(
        &self,
        count: usize,
        aim: Aim,
        old: &Overlay,
        progress: &Progress,
    ) -> Result<(), SaveStop> {
        self.write(count, aim, old, progress)?;
        if retry(|| self.file.sync()).is_ok() {
            return Ok(());
        }
        self.write(count, aim, old, progress)?;
        retry(|| self.file.sync()).map_err(at_step("confirming that the file is on the disk"))
    }

    fn write(&self, count: usize, aim: Aim, old: &Overlay, progress: &Progress) -> Result<(), SaveStop> {
        let mut piece = Piece::default();
        for (n, span) in self.extents.chunks(PIECE).take(count).enumerate().map(|(n, (_, span))| (n, span)) {
            self.check_cancel(progress)?;
            self.prepare(span, old, &mut piece, progress.as_cancel())?;
            if let Some(error) = piece.no_new.take_if(|_| aim == Aim::New) {
                return Err(error.into());
            }
            let reached = || self.reached.set(self.reached.get().max(n + 1));
            self.check_ours(span, &mut piece)?;
            let bytes = if aim == Aim::New { &piece.new } else { &piece.old };
            write_all_at(&*self.file, span.start(), bytes, reached).map_err(at_step("writing"))?;
            progress.advance(bytes.len() as u64);
        }
        Ok(())
    }

    /// Reads the old and the new bytes of `span`, which is part of an extent.
    fn prepare(&self, span: Span, old: &Overlay, piece: &mut Piece, cancel: &Cancel) -> Result<(), SaveStop> {
        let (old_part, new_part) = (self.extents.old_part(span), self.extents.new_part(span));
        piece.old.resize(old_part.len() as usize, 0);
        old.read_over(old_part, &mut piece.old, cancel)?;
        piece.new.resize(new_part.len() as usize, 0);
        let read = self.request.snapshot.read_cancellable(new_part.start(), &mut piece.new, cancel);
        piece.no_new = read.err();
        // Allocated before the check, which must not wait for memory.
        piece.now.resize(span.len() as usize, 0);
        Ok(())
    }

    /// The last check: each byte of `span` is one of those that were prepared.
    fn check_ours(&self, span: Span, piece: &mut Piece) -> Result<(), SaveStop> {
        let there = self.read_there(span, &mut piece.now)?;
        // A write past an end that was moved would fill the gap with zeros.
        if (there as u64) < span.clamp_to(self.end.get()).len() {
            return Err(moved(self.end.get(), span.start() + there as u64));
        }
        piece.now.truncate(there);
        let Some(at) = piece.foreign()? else { return Ok(()) };
        self.is_meddled.set(true);
        Err(changed_at(span.start() + at as u64))
    }

    /// Reads as much of `span` as there is, and returns how much that is.
    fn read_there(&self, span: Span, buf: &mut [u8]) -> Result<usize, SaveStop> {
        let mut done = 0;
        while done < buf.len() {
            let at = span.start() + done as u64;
            match retry(|| self.file.read_at(at, &mut buf[done..])) {
                Ok(0) => break,
                Ok(read) => done += read,
                Err(error) => return Err(at_step("reading its old bytes")(error)),
            }
        }
        Ok(done)
    }

    /// Checks that only this save wrote behind the old end, before that part is cut off again.
    pub(super) fn check_end(&self, old: &Overlay) -> Result<(), SaveStop> {
        let (old_len, new_len) = (self.extents.old_len, self.extents.new_len);
        let len = retry(|| self.file.stat()).map_err(at_step("checking its length"))?.identity.len;
        if len < old_len.min(new_len) || len > old_len.max(new_len) {
            return Err(moved(new_len, len));
        }
        let mut piece = Piece::default();
        for span in Span::between(old_len.min(len), len).chunks(PIECE) {
            // Putting back is not cancelled.
            self.prepare(span, old, &mut piece, Cancel::never())?;
            self.check_ours(span, &mut piece)?;
        }
        // Another program may have appended in the meantime.
        self.check_len(len)
    }
}
