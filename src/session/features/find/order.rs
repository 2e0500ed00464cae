//! In which order the list of matches is shown: by offset, or by value.
//!
//! By offset the list is as it was found, also millions of rows and while it grows; what was read as several types was found
//! type by type, so its numbers are sorted first. By value a worker reads each match and sorts their numbers. That takes 16
//! bytes a match meanwhile and four afterwards, so there is a limit.

use super::hits::{FoundMatch, FoundMatches, MatchReading};
use crate::analysis::spans::SpillError;
use crate::bytes::ahead::Ahead;
use crate::bytes::{ReadError, ReadErrorKind, Span};
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Number};
use crate::job::Progress;
use std::sync::Arc;

/// Matches that are sorted by value at most.
pub const MOST_SORTED: u64 = 4_000_000;
/// Bytes at the front of a match that decide.
const DECIDING: u64 = 12;
/// Matches read between two looks at the cancel.
const STRIDE: u64 = 256;

/// What the rows are in the order of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderKey {
    #[default]
    Offset,
    Value,
}

impl OrderKey {
    /// What the rows are in the order of, in a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Offset => "offset",
            Self::Value => "value",
        }
    }
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchOrder {
    pub by: OrderKey,
    pub descending: bool,
}

impl MatchOrder {
    /// The order after a click on the head of a column: the other way round where it was in this order already.
    pub fn toggled(self, by: OrderKey) -> Self {
        Self { by, descending: self.by == by && !self.descending }
    }
}

/// Why matches are not sorted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotSorted {
    #[error("the job was cancelled")]
    Cancelled,
    #[error("{0}")]
    List(#[from] SpillError),
}

/// The numbers of the matches in the order of their values, or of their places.
#[derive(Clone, Debug)]
pub(super) struct SortedMatches {
    ascending: Arc<[u32]>,
    /// How many of them have a value; the others come last in both directions.
    valued: usize,
    by: OrderKey,
}

impl SortedMatches {
    /// What they are in the order of.
    pub fn by(&self) -> OrderKey {
        self.by
    }

    /// The match in this row.
    pub fn get(&self, row: u64, descending: bool) -> Option<u64> {
        let row = usize::try_from(row).ok()?;
        let at = if descending && row < self.valued { self.valued - 1 - row } else { row };
        self.ascending.get(at).map(|number| u64::from(*number))
    }

    /// The row of a match.
    pub fn row_of(&self, number: u64, descending: bool) -> Option<u64> {
        let at = self.ascending.iter().position(|other| u64::from(*other) == number)?;
        let row = if descending && at < self.valued { self.valued - 1 - at } else { at };
        Some(row as u64)
    }

    /// Reads the matches and sorts them; by value, those whose bytes can't be read, and NaN, come last. Blocks.
    ///
    /// # Errors
    /// [`NotSorted`] when it was cancelled, or the list can't be read.
    pub fn of(found: &FoundMatches, by: OrderKey, progress: &Progress) -> Result<Self, NotSorted> {
        let count = found.len().min(MOST_SORTED);
        progress.set_total(count);
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let mut keys = Vec::with_capacity(count);
        let mut ahead = Ahead::new(found.bytes(), progress.as_cancel());
        let mut matches = found.iter_from(0).take(count).peekable();
        let mut number = 0;
        while let Some(this) = matches.next() {
            let this = this?;
            if u64::from(number) % STRIDE == 0 {
                if progress.is_cancelled() {
                    return Err(NotSorted::Cancelled);
                }
                progress.advance(STRIDE);
            }
            if by == OrderKey::Offset {
                keys.push(ValueKey { coarse: this.span.start(), fine: 0, number });
                number += 1;
                continue;
            }
            let kind = ValueKind::of(&this, found.reading());
            let front = kind.front(this.span);
            // The next match is read along where it is near.
            let next = matches.peek().and_then(|next| next.as_ref().ok());
            let until = next.map_or(front.end(), |next| next.span.end());
            let key = match read(&mut ahead, front, until, &kind) {
                Ok(key) => key,
                Err(error) if error.kind() == ReadErrorKind::Cancelled => return Err(NotSorted::Cancelled),
                Err(_) => LAST,
            };
            keys.push(ValueKey { number, ..key });
            number += 1;
        }
        keys.sort_unstable();
        let valued = keys.partition_point(|key| ValueKey { number: 0, ..*key } != LAST);
        Ok(Self { ascending: keys.iter().map(|key| key.number).collect(), valued, by })
    }
}

/// The number of the match in a row of a list of `count`, in the order in which they were found.
pub(super) fn number_of_row(
    row: u64,
    count: u64,
    order: MatchOrder,
    sorted: Option<&SortedMatches>,
) -> Option<u64> {
    match (order.by, sorted) {
        (OrderKey::Offset | OrderKey::Value, Some(sorted)) => sorted.get(row, order.descending),
        (OrderKey::Offset, None) if order.descending => count.checked_sub(1)?.checked_sub(row),
        (OrderKey::Offset | OrderKey::Value, None) => (row < count).then_some(row),
    }
}

/// What matches are compared by; the number keeps equals in the order in which they were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ValueKey {
    coarse: u64,
    fine: u32,
    number: u32,
}

/// What is no number, or can't be read.
const LAST: ValueKey = ValueKey { coarse: u64::MAX, fine: u32::MAX, number: 0 };

/// How the value of a match is read.
enum ValueKind<'a> {
    /// The bytes decide.
    Bytes,
    Plain(DType),
    /// The element in this place of its group.
    Element(&'a ItemType, u32),
}

impl<'a> ValueKind<'a> {
    fn of(this: &FoundMatch<'a>, reading: MatchReading) -> Self {
        match (&this.element, reading) {
            (Some(element), _) => Self::Element(&element.array.elements().item, element.place().item),
            (None, MatchReading::Value(dtype)) => Self::Plain(dtype),
            (None, MatchReading::Hex | MatchReading::Text(_) | MatchReading::UsualText) => Self::Bytes,
        }
    }

    /// The bytes that decide.
    fn front(&self, span: Span) -> Span {
        let len = match self {
            Self::Bytes => span.len().min(DECIDING),
            Self::Plain(_) | Self::Element(..) => span.len(),
        };
        Span::between(span.start(), span.start() + len)
    }

    fn key(&self, bytes: &[u8]) -> ValueKey {
        let number = match self {
            Self::Bytes => None,
            Self::Plain(dtype) => dtype.number(bytes),
            Self::Element(item, place) => item.number(bytes, *place),
        };
        match number {
            Some(number) => key_of_number(number),
            None if matches!(self, Self::Element(ItemType::Time(_), _)) => LAST,
            None => key_of_bytes(bytes),
        }
    }
}

/// The key of the match that begins with `front`. Bytes behind it that can't be read do no harm.
fn read(ahead: &mut Ahead<'_>, front: Span, until: u64, kind: &ValueKind<'_>) -> Result<ValueKey, ReadError> {
    if let Ok(bytes) = ahead.get(front, until) {
        return Ok(kind.key(bytes));
    }
    ahead.get(front, front.end()).map(|bytes| kind.key(bytes))
}

/// The first twelve bytes, as a number.
fn key_of_bytes(bytes: &[u8]) -> ValueKey {
    let mut front = [0; 12];
    let len = bytes.len().min(front.len());
    front[..len].copy_from_slice(&bytes[..len]);
    let (coarse, fine) = front.split_at(8);
    ValueKey {
        coarse: u64::from_be_bytes(coarse.try_into().unwrap_or_default()),
        fine: u32::from_be_bytes(fine.try_into().unwrap_or_default()),
        number: 0,
    }
}

/// A number as its nearest double, and how far it is from that. Exact for 64 bits; of longer integers the first 84 bits
/// count, of complex numbers the imaginary part to single precision.
fn key_of_number(number: Number) -> ValueKey {
    let of = |near: f64, rest: i32| ValueKey {
        coarse: ascending(near),
        fine: rest.cast_unsigned() ^ (1 << 31),
        number: 0,
    };
    match number {
        Number::Float(value) if value.is_nan() => LAST,
        Number::Float(value) => of(value, 0),
        Number::Int(value) => {
            let near = value as f64;
            of(near, clamped(value.saturating_sub(near as i128)))
        }
        Number::Wide(value) => {
            let near = value as f64;
            let rest = value.abs_diff(near as u128).min(i128::MAX.cast_unsigned()).cast_signed();
            of(near, clamped(if (near as u128) > value { -rest } else { rest }))
        }
        Number::Complex(real, imaginary) if real.is_nan() || imaginary.is_nan() => LAST,
        Number::Complex(real, imaginary) => {
            let fine = (ascending(imaginary) >> 32) as u32;
            ValueKey { fine, ..of(real, 0) }
        }
    }
}

fn clamped(rest: i128) -> i32 {
    rest.clamp(i32::MIN.into(), i32::MAX.into()) as i32
}

/// Bits that are in the order of the numbers; both zeros are one.
fn ascending(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

#[cfg(test)]
mod tests {
    use super::super::query::{Query, QueryKind};
    use super::super::value_types::ValueTypes;
    use super::*;
    use crate::analysis::{Limit, spans};
    use crate::bytes::MemorySource;
    use crate::document::Document;

    fn sorted(bytes: Vec<u8>, spans: &[(u64, u64)], query: &Query) -> Vec<u64> {
        let (mut recorder, list) = spans::recorder(Limit::default());
        for (start, end) in spans {
            recorder.push(Span::between(*start, *end)).expect("room");
        }
        recorder.publish();
        let searched = Document::new(Arc::new(MemorySource::new(bytes))).snapshot();
        let found = FoundMatches::new(query, list, searched, None);
        let sorted = SortedMatches::of(&found, OrderKey::Value, &Progress::default());
        let sorted = sorted.expect("nothing is cancelled");
        let rows: Vec<u64> = (0..).map_while(|row| sorted.get(row, false)).collect();
        for (row, number) in (0..).zip(&rows) {
            assert_eq!(sorted.row_of(*number, false), Some(row));
            let turned = sorted.row_of(*number, true).expect("a row");
            assert_eq!(sorted.get(turned, true), Some(*number));
        }
        rows
    }

    fn values(name: &str, texts: &[&str]) -> Vec<u64> {
        let dtype: DType = name.parse().expect("a dtype");
        let bytes: Vec<u8> = texts.iter().flat_map(|text| dtype.encode(text).expect("a value")).collect();
        let size = dtype.size() as u64;
        let spans: Vec<(u64, u64)> = (0..texts.len() as u64).map(|n| (n * size, n * size + size)).collect();
        let types = ValueTypes::one(dtype);
        let query = Query { kind: QueryKind::Value, types, ..Query::default() };
        sorted(bytes, &spans, &query)
    }

    #[test]
    fn values_are_in_the_order_of_numbers() {
        assert_eq!(values("<i2", &["5", "-7", "0", "-7", "300"]), [1, 3, 2, 0, 4]);
        assert_eq!(values(">f4", &["1.5", "nan", "-inf", "inf", "-0.0", "0.0"]), [2, 4, 5, 0, 3, 1]);
        assert_eq!(values("<f2", &["2", "-2", "0.5"]), [1, 2, 0]);
        let large = ["9007199254740993", "9007199254740992", "9007199254740994", "9007199254740991"];
        assert_eq!(values("<i8", &large), [3, 1, 0, 2], "doubles can't tell them apart");
        let wide = ["18446744073709551615", "18446744073709551614", "0"];
        assert_eq!(values("<u8", &wide), [2, 1, 0]);
        assert_eq!(values("complex64", &["1+2j", "1-2j", "0+9j"]), [2, 1, 0]);
    }

    #[test]
    fn bytes_are_in_the_order_of_a_dictionary() {
        let text = b"beta alpha bet alphabet".to_vec();
        let spans = [(0, 4), (5, 10), (11, 14), (15, 23)];
        assert_eq!(sorted(text.clone(), &spans, &Query::default()), [1, 3, 2, 0]);
        let spans = [(0, 4), (20, 99)];
        assert_eq!(sorted(text, &spans, &Query::default()), [0, 1], "what can't be read comes last");
    }

    #[test]
    fn numbers_of_every_size_keep_their_order() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut numbers: Vec<i128> = (0..2000)
            .map(|_| i128::from(random.i64(..)) >> random.u32(0..64))
            .chain([i128::from(u64::MAX), i128::from(i64::MIN), 0, -1])
            .collect();
        numbers.sort_unstable();
        for pair in numbers.windows(2) {
            let keys = [pair[0], pair[1]].map(|value| key_of_number(Number::Int(value)));
            assert_eq!(keys[0].cmp(&keys[1]), pair[0].cmp(&pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn a_click_on_the_same_head_turns_the_order_round() {
        let first = MatchOrder::default().toggled(OrderKey::Value);
        assert_eq!(first, MatchOrder { by: OrderKey::Value, descending: false });
        assert!(first.toggled(OrderKey::Value).descending);
        assert!(!first.toggled(OrderKey::Value).toggled(OrderKey::Offset).descending);
    }
}
