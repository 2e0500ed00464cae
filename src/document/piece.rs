//! The leaves' content, and what the tree knows of a run of it.
//!
//! A [`Piece`] names bytes of a source and never holds any. [`Summary`] is a monoid: the summary of two runs side by
//! side follows from their summaries alone, which is what lets the tree find the n-th change without a walk. A piece is
//! *of the base* when its source is the base's id; pieces of the base always are in the order of the base, because
//! pasted bytes of the base carry another id (see `sources`).

use smallvec::SmallVec;

/// A place in the table of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceId(pub u32);

/// `len` bytes of a source from `offset` on; never empty, and ends below `i64::MAX`.
/// Packed: a million edits are two million pieces, and 4 bytes of padding each would be a sixth of them.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    source: SourceId,
    offset: u64,
    len: u64,
}

const _: () = assert!(size_of::<Piece>() == 20);

impl Piece {
    /// `len` bytes of `source` from `offset` on.
    pub const fn new(source: SourceId, offset: u64, len: u64) -> Self {
        Self { source, offset, len }
    }

    /// The source of the bytes.
    pub const fn source(self) -> SourceId {
        self.source
    }

    /// Where the bytes start in the source.
    pub const fn offset(self) -> u64 {
        self.offset
    }

    /// Length in bytes.
    pub const fn len(self) -> u64 {
        self.len
    }

    /// Where the bytes end in the source.
    pub const fn end(self) -> u64 {
        self.offset + self.len
    }

    /// The part from `from` up to `to`, counted from the start of the piece.
    pub const fn cut(self, from: u64, to: u64) -> Self {
        Self { source: self.source, offset: self.offset + from, len: to - from }
    }

    /// The same offsets of another source.
    pub const fn with_source(self, source: SourceId) -> Self {
        Self { source, ..self }
    }

    /// Whether `next` is the bytes right after these, so that both are one piece.
    pub fn continues(self, next: Self) -> bool {
        self.source() == next.source() && self.end() == next.offset()
    }

    /// These bytes and those of `next`, which [continue](Self::continues) them, as one piece.
    pub const fn joined(self, next: Self) -> Self {
        Self { source: self.source, offset: self.offset, len: self.len + next.len }
    }
}

/// The pieces of one place of an edit, which are few as a rule: they take no memory of their own then.
pub type PieceRun = SmallVec<[Piece; 4]>;

/// Appends `piece`, as a part of the last one where it continues that.
pub fn push_joined(pieces: &mut PieceRun, piece: Piece) {
    match pieces.last_mut() {
        Some(last) if last.continues(piece) => *last = last.joined(piece),
        _ if piece.len() == 0 => {}
        _ => pieces.push(piece),
    }
}

/// Offset in the base at the edge of a run, or that the run is not of the base there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge(u64);

impl Edge {
    const FOREIGN: Self = Self(u64::MAX);

    /// The offset, in bytes; `None` where the run is not of the base.
    pub fn base_offset(self) -> Option<u64> {
        (self != Self::FOREIGN).then_some(self.0)
    }
}

/// What the tree knows of a run of pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    pub len: u64,
    pub pieces: u64,
    /// Bytes that are the base's.
    pub base_bytes: u64,
    /// Maximal runs of pieces that are not of the base, plus seams between pieces of the base.
    pub marks: u64,
    head: Edge,
    tail: Edge,
}

impl Summary {
    pub const EMPTY: Self =
        Self { len: 0, pieces: 0, base_bytes: 0, marks: 0, head: Edge::FOREIGN, tail: Edge::FOREIGN };

    /// The summary of one piece.
    pub fn of(piece: Piece, base: SourceId) -> Self {
        let len = piece.len();
        if piece.source() == base {
            let (head, tail) = (Edge(piece.offset()), Edge(piece.end()));
            Self { len, pieces: 1, base_bytes: len, marks: 0, head, tail }
        } else {
            Self { len, pieces: 1, base_bytes: 0, marks: 1, head: Edge::FOREIGN, tail: Edge::FOREIGN }
        }
    }

    /// The summary of pieces side by side.
    pub fn of_all(pieces: &[Piece], base: SourceId) -> Self {
        pieces.iter().fold(Self::EMPTY, |sum, &piece| sum.then(Self::of(piece, base)))
    }

    /// No bytes, at an offset of the base: what the run is compared with before its start and after its end, so that
    /// a deletion there is a seam too.
    pub fn border(offset: u64) -> Self {
        Self { pieces: 1, head: Edge(offset), tail: Edge(offset), ..Self::EMPTY }
    }

    /// The summary of this run followed by `next`.
    pub fn then(self, next: Self) -> Self {
        if self.pieces == 0 {
            return next;
        }
        if next.pieces == 0 {
            return self;
        }
        let seam = self.seam(next);
        Self {
            len: self.len + next.len,
            pieces: self.pieces + next.pieces,
            base_bytes: self.base_bytes + next.base_bytes,
            marks: (self.marks + next.marks).wrapping_add_signed(seam),
            head: self.head,
            tail: next.tail,
        }
    }

    /// The summary when the part `old` of the run has become `new`. Both take in a neighbour on either side where
    /// there is one; `first` and `last` say that there is none, so that the part is at that end of the run.
    pub fn with_part(self, old: Self, new: Self, first: bool, last: bool) -> Self {
        Self {
            len: self.len - old.len + new.len,
            pieces: self.pieces - old.pieces + new.pieces,
            base_bytes: self.base_bytes - old.base_bytes + new.base_bytes,
            marks: self.marks.wrapping_sub(old.marks).wrapping_add(new.marks),
            head: if first { new.head } else { self.head },
            tail: if last { new.tail } else { self.tail },
        }
    }

    /// Whether both meet their neighbours in the same way.
    pub fn has_edges_of(self, other: Self) -> bool {
        self.head == other.head && self.tail == other.tail
    }

    /// How the marks of two neighbours add up: two runs of new bytes become one, two pieces of the base that do not
    /// join are a mark more.
    fn seam(self, next: Self) -> i64 {
        match (self.tail == Edge::FOREIGN, next.head == Edge::FOREIGN) {
            (true, true) => -1,
            (false, false) => i64::from(self.tail != next.head),
            _ => 0,
        }
    }

    /// The base's offset where this run ends, if it ends in the base.
    pub fn tail(self) -> Edge {
        self.tail
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: SourceId = SourceId(7);
    const ADDED: SourceId = SourceId(0);

    #[test]
    fn a_summary_does_not_depend_on_where_it_is_cut() {
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..300 {
            let pieces: Vec<Piece> = (0..random.usize(0..9))
                .map(|_| {
                    Piece::new(if random.bool() { BASE } else { ADDED }, random.u64(0..4), random.u64(1..3))
                })
                .collect();
            let whole = Summary::of_all(&pieces, BASE);
            for cut in 0..=pieces.len() {
                let (left, right) = pieces.split_at(cut);
                let joined = Summary::of_all(left, BASE).then(Summary::of_all(right, BASE));
                assert_eq!(joined, whole, "{pieces:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn a_deletion_at_either_end_is_a_mark() {
        let middle = Summary::of(Piece::new(BASE, 2, 3), BASE);
        let marks = |base_len| Summary::border(0).then(middle).then(Summary::border(base_len)).marks;
        assert_eq!(marks(5), 1, "two bytes are gone at the start");
        assert_eq!(marks(6), 2, "and one at the end");
    }
}
