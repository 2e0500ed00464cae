//! The table of sources that pieces name, and the buffer of typed bytes.
//!
//! Both only grow, and what was put in never changes or moves: so one table serves the document and all its snapshots,
//! and readers on other threads need no lock while the owner appends. That they see what a snapshot names follows from
//! how they got the snapshot. Nothing is taken out before the document goes: an undone edit may come back. A base is in
//! the table twice. Bytes of the base that are pasted somewhere name the second id, so that they count as new bytes
//! there, and pieces of the first id always are in the order of the base.

use super::piece::{Piece, SourceId};
use crate::bytes::{Availability, ReadError, SharedSource};
use crate::job::Cancel;
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

/// The buffer of typed bytes; every other id is a place in the table.
const TYPED: SourceId = SourceId(0);

/// Items that are added at the end and never move, in runs of doubling length.
struct AppendOnly<T, const FIRST: u64> {
    runs: [OnceLock<Box<[T]>>; RUNS],
}

/// The last run starts at `FIRST << 39`: more than any memory holds.
const RUNS: usize = 40;

impl<T: Default, const FIRST: u64> AppendOnly<T, FIRST> {
    fn new() -> Self {
        Self { runs: [const { OnceLock::new() }; RUNS] }
    }

    /// The run that holds `index`, and the place in it.
    fn place(index: u64) -> (usize, usize) {
        let run = ((index + FIRST) / FIRST).ilog2();
        (run as usize, (index + FIRST - (FIRST << run)) as usize)
    }

    /// The items from `index` to the end of its run; none where nothing was ever put.
    fn from(&self, index: u64) -> &[T] {
        let (run, at) = Self::place(index);
        self.runs[run].get().map_or(&[], |items| &items[at..])
    }

    /// The same, with the run made where it is not there yet.
    fn room_from(&self, index: u64) -> &[T] {
        let (run, at) = Self::place(index);
        &self.runs[run].get_or_init(|| (0..FIRST << run).map(|_| T::default()).collect())[at..]
    }
}

/// What all snapshots of a document read from.
pub struct Sources {
    table: AppendOnly<OnceLock<SharedSource>, 16>,
    typed: AppendOnly<AtomicU8, 4096>,
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sources")
    }
}

impl Sources {
    /// The source of a piece; `None` for typed bytes.
    pub fn get(&self, id: SourceId) -> Option<&SharedSource> {
        self.table.from(u64::from(id.0)).first().and_then(OnceLock::get)
    }

    /// Fills `buf` with the bytes of `piece`, which is as long. May block.
    ///
    /// # Errors
    /// [`ReadError`], in coordinates of the source.
    pub fn read(&self, piece: Piece, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        match self.get(piece.source()) {
            Some(source) => source.read_cancellable(piece.offset(), buf, cancel),
            None => {
                self.copy_typed(piece.offset(), buf);
                Ok(())
            }
        }
    }

    /// What is at hand of `piece`. Never blocks.
    pub fn peek(&self, piece: Piece, buf: &mut [u8], states: &mut [Availability]) {
        match self.get(piece.source()) {
            Some(source) => source.peek(piece.offset(), buf, states),
            None => {
                self.copy_typed(piece.offset(), buf);
                states.fill(Availability::Ready);
            }
        }
    }

    /// Fills `buf` with typed bytes from `offset` on.
    pub fn copy_typed(&self, offset: u64, buf: &mut [u8]) {
        let mut done = 0;
        while done < buf.len() {
            let run = self.typed.from(offset + done as u64);
            let len = run.len().min(buf.len() - done);
            if len == 0 {
                unreachable!("a piece names bytes that were typed");
            }
            for (to, from) in buf[done..done + len].iter_mut().zip(run) {
                *to = from.load(Ordering::Relaxed);
            }
            done += len;
        }
    }
}

/// The one hand that adds to a table.
#[derive(Debug)]
pub struct SourcesOwner {
    shared: Arc<Sources>,
    next: u32,
    typed: u64,
}

impl SourcesOwner {
    /// An empty table.
    pub fn new() -> Self {
        let shared = Arc::new(Sources { table: AppendOnly::new(), typed: AppendOnly::new() });
        Self { shared, next: TYPED.0 + 1, typed: 0 }
    }

    /// The table, for readers.
    pub fn shared(&self) -> &Arc<Sources> {
        &self.shared
    }

    /// How many more sources there is room for.
    pub fn room(&self) -> u64 {
        u64::from(u32::MAX - self.next)
    }

    /// Adds `source`; the caller has looked whether there is [`Self::room`].
    pub fn add(&mut self, source: SharedSource) -> SourceId {
        let id = SourceId(self.next);
        self.next += 1;
        if let Some(place) = self.shared.table.room_from(u64::from(id.0)).first() {
            // The place is new, so it takes the source.
            let _ = place.set(source);
        }
        id
    }

    /// Adds a base: its id, followed by the id that its pasted bytes get.
    pub fn add_base(&mut self, base: SharedSource) -> SourceId {
        let id = self.add(Arc::clone(&base));
        self.add(base);
        id
    }

    /// Appends typed bytes.
    pub fn type_bytes(&mut self, bytes: &[u8]) -> Piece {
        let piece = Piece::new(TYPED, self.typed, bytes.len() as u64);
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = self.shared.typed.room_from(self.typed);
            let (now, later) = rest.split_at(rest.len().min(room.len()));
            for (to, &from) in room.iter().zip(now) {
                to.store(from, Ordering::Relaxed);
            }
            self.typed += now.len() as u64;
            rest = later;
        }
        piece
    }
}

/// The id that bytes of `base` have where they are pasted.
pub fn pasted(base: SourceId) -> SourceId {
    SourceId(base.0 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;

    #[test]
    fn typed_bytes_stay_as_they_are_over_the_runs() {
        let mut owner = SourcesOwner::new();
        let mut all = Vec::new();
        for round in 0..60_u32 {
            let bytes: Vec<u8> = (0..round * 37).map(|at| (at ^ round) as u8).collect();
            let piece = owner.type_bytes(&bytes);
            assert_eq!(piece.offset(), all.len() as u64);
            all.extend(bytes);
        }
        let mut buf = vec![0; all.len()];
        owner.shared().copy_typed(0, &mut buf);
        assert!(buf == all);
        owner.shared().copy_typed(4090, &mut buf[..10_000]);
        assert!(buf[..10_000] == all[4090..14_090]);
    }

    #[test]
    fn sources_keep_their_ids() {
        let mut owner = SourcesOwner::new();
        for len in 1..200_usize {
            let id = owner.add(Arc::new(MemorySource::new(vec![0; len])));
            assert_eq!(id, SourceId(len as u32));
        }
        for len in 1..200_u64 {
            assert_eq!(owner.shared().get(SourceId(len as u32)).map(|source| source.len()), Some(len));
        }
        assert!(owner.shared().get(TYPED).is_none() && owner.shared().get(SourceId(200)).is_none());
    }
}
