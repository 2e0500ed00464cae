//! The memory of what was edited over: runs of bytes, in order, each as its bytes or as a hash of them.
//!
//! A run has at most [`RUN`] bytes. Runs of up to 8 bytes, as most edits are, cost nothing besides their entry of 24
//! bytes, so that a million scattered edits cost as many as that. Plain data: nothing is read here.

use crate::bytes::Span;
use xxhash_rust::xxh3::xxh3_64;

/// The most bytes of a run.
pub(super) const RUN: u64 = if cfg!(test) { 32 } else { 4096 };

/// So many bytes are kept as they are; runs beyond are kept as hashes.
const MOST_HELD: usize = if cfg!(test) { 100 } else { 16 << 20 };

/// So many runs are at most 4 MiB, or as many places.
const FEW: usize = 1024;

/// A run up to this long is its own hash.
const INLINE: usize = 8;

/// One run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    start: u64,
    /// The bytes, the place of the bytes, or their hash.
    value: u64,
    len: u16,
    kept: Kept,
}

const _: () = assert!(size_of::<Unit>() == 24);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Inline,
    Held,
    Hash,
    /// It could not be read: nothing is known.
    Unknown,
    /// It is known to have changed, and what it was is not known any more.
    Changed,
}

impl Unit {
    pub(super) fn span(&self) -> Span {
        Span::between(self.start, self.start + u64::from(self.len))
    }
}

/// How a run differs from what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitChange {
    /// In so many bytes.
    Bytes(u64),
    Somewhere,
}

/// Runs in order, apart from each other.
#[derive(Debug, Default)]
pub(super) struct Units {
    units: Vec<Unit>,
    held: Vec<u8>,
}

impl Units {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter()
    }

    /// Whether they are read in no time.
    pub(super) fn are_few(&self) -> bool {
        self.units.len() <= FEW
    }

    /// The runs that have bytes in `span`.
    pub(super) fn touching(&self, span: Span) -> impl Iterator<Item = &Unit> {
        let first = self.units.partition_point(|unit| unit.span().end() <= span.start());
        self.units[first..].iter().take_while(move |unit| unit.start < span.end())
    }

    /// The bytes of a run; `None` of one that is not kept as bytes.
    pub(super) fn bytes<'a>(&'a self, unit: &'a Unit) -> Option<Held<'a>> {
        let len = usize::from(unit.len);
        match unit.kept {
            Kept::Inline => Some(Held::Inline(unit.value.to_le_bytes(), len)),
            Kept::Held => self.held.get(unit.value as usize..unit.value as usize + len).map(Held::There),
            Kept::Hash | Kept::Unknown | Kept::Changed => None,
        }
    }

    /// Whether a hash of the whole run is its; true where none is known.
    pub(super) fn has_hash(&self, unit: &Unit, hash: u64) -> bool {
        match unit.kept {
            Kept::Changed => false,
            Kept::Hash => unit.value == hash,
            Kept::Inline | Kept::Held | Kept::Unknown => true,
        }
    }

    /// Whether a run is known to have held `bytes`, which are as long.
    pub(super) fn agrees(&self, unit: &Unit, bytes: &[u8]) -> bool {
        unit.kept != Kept::Unknown && self.change(unit, bytes).is_none()
    }

    /// How `bytes`, which are as long, differ from a run.
    pub(super) fn change(&self, unit: &Unit, bytes: &[u8]) -> Option<UnitChange> {
        match self.bytes(unit) {
            Some(held) => {
                let count = held.get().iter().zip(bytes).filter(|(was, is)| was != is).count() as u64;
                (count > 0).then_some(UnitChange::Bytes(count))
            }
            None => (!self.has_hash(unit, xxh3_64(bytes))).then_some(UnitChange::Somewhere),
        }
    }

    /// Whether `bytes` are what `part` of a run held; of a run that is kept as a hash the part is the whole.
    ///
    /// # Errors
    /// The offset of the first byte that is not; of a hash that of the run.
    pub(super) fn check_part(&self, unit: &Unit, part: Span, bytes: &[u8]) -> Result<(), u64> {
        let skip = (part.start() - unit.start) as usize;
        match self.bytes(unit) {
            Some(held) => match held.get()[skip..].iter().zip(bytes).position(|(was, is)| was != is) {
                Some(at) => Err(part.start() + at as u64),
                None => Ok(()),
            },
            None if self.has_hash(unit, xxh3_64(bytes)) => Ok(()),
            None => Err(unit.start),
        }
    }
}

/// Bytes of a run.
pub(super) enum Held<'a> {
    Inline([u8; INLINE], usize),
    There(&'a [u8]),
}

impl Held<'_> {
    pub(super) fn get(&self) -> &[u8] {
        match self {
            Self::Inline(bytes, len) => &bytes[..(*len).min(INLINE)],
            Self::There(bytes) => bytes,
        }
    }
}

/// Takes runs in order.
#[derive(Debug, Default)]
pub(super) struct UnitsBuilder {
    units: Units,
}

impl UnitsBuilder {
    /// With room for so many runs.
    pub(super) fn with_capacity(runs: usize) -> Self {
        Self { units: Units { units: Vec::with_capacity(runs), held: Vec::new() } }
    }

    /// Notes that `span` holds `bytes`.
    pub(super) fn push(&mut self, span: Span, bytes: &[u8]) {
        for (run, bytes) in span.chunks(RUN).zip(bytes.chunks(RUN as usize)) {
            let held = self.units.held.len();
            let (kept, value) = if bytes.len() <= INLINE {
                let mut inline = [0; INLINE];
                inline[..bytes.len()].copy_from_slice(bytes);
                (Kept::Inline, u64::from_le_bytes(inline))
            } else if held + bytes.len() <= MOST_HELD {
                self.units.held.extend_from_slice(bytes);
                (Kept::Held, held as u64)
            } else {
                (Kept::Hash, xxh3_64(bytes))
            };
            self.add(run, kept, value);
        }
    }

    /// Notes that a run, of at most [`RUN`] bytes, has this hash.
    pub(super) fn push_hash(&mut self, run: Span, hash: u64) {
        self.add(run, Kept::Hash, hash);
    }

    /// Notes that `span` could not be read.
    pub(super) fn push_unknown(&mut self, span: Span) {
        span.chunks(RUN).for_each(|run| self.add(run, Kept::Unknown, 0));
    }

    /// Notes that `span` holds something else than it did.
    pub(super) fn push_changed(&mut self, span: Span) {
        span.chunks(RUN).for_each(|run| self.add(run, Kept::Changed, 0));
    }

    /// Takes over `part` of a run of other `units`; of one that is not kept as bytes the part is the whole.
    pub(super) fn push_part(&mut self, units: &Units, unit: &Unit, part: Span) {
        match units.bytes(unit) {
            Some(held) => {
                let skip = (part.start() - unit.start) as usize;
                self.push(part, &held.get()[skip..skip + part.len() as usize]);
            }
            None => self.add(part, unit.kept, unit.value),
        }
    }

    fn add(&mut self, run: Span, kept: Kept, value: u64) {
        self.units.units.push(Unit { start: run.start(), value, len: run.len() as u16, kept });
    }

    pub(super) fn finish(self) -> Units {
        self.units
    }
}
