//! Values of one or two bytes: how often each code occurs tells everything but where.
//!
//! A worker counts in a table of its own, so that a value costs one addition in its core's cache.

use super::spare::Spare;
use crate::analysis::elements::{ElementKernel, Tile, TileValues};

/// Counts in tables that take turns, since an addition waits for the one before if it is to the same place.
#[derive(Debug)]
pub(super) struct CodeTable {
    narrow: Vec<u32>,
    /// What the narrow counts were before they could overflow.
    wide: Vec<u64>,
    since: u64,
}

/// A narrow count has room for so many.
const MOST_NARROW: u64 = 1 << 31;

impl CodeTable {
    /// Of 256 or 65,536 codes.
    pub fn new(codes: usize) -> Self {
        let turns = if codes > 256 { 2 } else { 4 };
        Self { narrow: vec![0; turns * codes], wide: vec![0; codes], since: 0 }
    }

    /// Counts a code so many times.
    pub fn add_times(&mut self, code: usize, times: u64) {
        if let Some(wide) = self.wide.get_mut(code) {
            *wide += times;
        }
    }

    /// What tables that nobody uses have counted together.
    pub fn all(tables: &Spare<Self>, codes: usize) -> Vec<u64> {
        let mut all = vec![0; codes];
        tables.each(|table| {
            table.widen();
            all.iter_mut().zip(&table.wide).for_each(|(all, own)| *all += own);
        });
        all
    }

    /// Before so many more are counted.
    fn make_room(&mut self, count: u64) {
        self.since += count;
        if self.since > MOST_NARROW {
            self.widen();
            self.since = count;
        }
    }

    fn widen(&mut self) {
        let codes = self.wide.len();
        for table in self.narrow.chunks_mut(codes) {
            for (wide, narrow) in self.wide.iter_mut().zip(table) {
                *wide += u64::from(std::mem::take(narrow));
            }
        }
        self.since = 0;
    }

    /// Of tables that have each code there is: no index is out of them.
    fn bytes(&mut self, values: &[u8]) {
        self.make_room(values.len() as u64);
        let (tables, _) = self.narrow.as_chunks_mut::<256>();
        let [a, b, c, d] = tables else { return };
        let (fours, rest) = values.as_chunks::<4>();
        for four in fours {
            a[usize::from(four[0])] += 1;
            b[usize::from(four[1])] += 1;
            c[usize::from(four[2])] += 1;
            d[usize::from(four[3])] += 1;
        }
        rest.iter().for_each(|value| a[usize::from(*value)] += 1);
    }

    /// Counts codes of two bytes.
    pub fn words(&mut self, values: &[u16]) {
        self.make_room(values.len() as u64);
        let (tables, _) = self.narrow.as_chunks_mut::<65536>();
        let [a, b] = tables else { return };
        let (twos, rest) = values.as_chunks::<2>();
        for two in twos {
            a[usize::from(two[0])] += 1;
            b[usize::from(two[1])] += 1;
        }
        rest.iter().for_each(|value| a[usize::from(*value)] += 1);
    }
}

/// Counts the codes of elements of one or two bytes, seen as integers without a sign.
#[derive(Debug)]
pub(super) struct CodeCounts {
    codes: usize,
    tables: Spare<CodeTable>,
}

impl CodeCounts {
    /// Of elements of one byte or two.
    pub fn new(bytes: usize) -> Self {
        Self { codes: if bytes == 1 { 256 } else { 65536 }, tables: Spare::default() }
    }

    /// How often each code was there so far.
    pub fn counts(&self) -> Vec<u64> {
        CodeTable::all(&self.tables, self.codes)
    }
}

impl ElementKernel for CodeCounts {
    type Part = ();

    fn tile(&self, tile: &Tile<'_>, (): &mut ()) {
        self.tables.with(
            || CodeTable::new(self.codes),
            |table| match tile.values {
                TileValues::U8(values) => table.bytes(values),
                TileValues::I8(values) => table.bytes(bytemuck::cast_slice(values)),
                TileValues::U16(values) => table.words(values),
                _ => {}
            },
        );
    }

    fn repeated(&self, period: &Tile<'_>, count: u64, (): &mut ()) {
        let length = period.len() as u64;
        let code = |at: usize| match period.values {
            TileValues::U8(values) => values.get(at).copied().map(usize::from),
            TileValues::I8(values) => values.get(at).map(|value| usize::from(value.cast_unsigned())),
            TileValues::U16(values) => values.get(at).copied().map(usize::from),
            _ => None,
        };
        self.tables.with(
            || CodeTable::new(self.codes),
            |table| {
                for at in 0..period.len() {
                    // Those of the last period, which may be cut, have one more.
                    let times = count / length + u64::from((at as u64) < count % length);
                    if let Some(code) = code(at) {
                        table.add_times(code, times);
                    }
                }
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(values: TileValues<'_>) -> Tile<'_> {
        Tile { values, first: 0, has_nat: false }
    }

    #[test]
    fn every_code_is_counted_also_in_fills() {
        let mut rng = fastrand::Rng::with_seed(4);
        let values: Vec<u16> = (0..100_001).map(|_| rng.u16(..) & rng.u16(..)).collect();
        let bytes: Vec<u8> = values.iter().map(|value| (value >> 8) as u8).collect();
        let (words, narrow) = (CodeCounts::new(2), CodeCounts::new(1));
        words.tile(&tile(TileValues::U16(&values)), &mut ());
        narrow.tile(&tile(TileValues::U8(&bytes)), &mut ());
        let (mut wanted, mut wanted_bytes) = (vec![0; 65536], vec![0; 256]);
        for (value, byte) in values.iter().zip(&bytes) {
            wanted[usize::from(*value)] += 1;
            wanted_bytes[usize::from(*byte)] += 1;
        }
        assert_eq!((words.counts(), narrow.counts()), (wanted.clone(), wanted_bytes));
        words.repeated(&tile(TileValues::U16(&[7, 9, 7])), (3 << 40) + 2, &mut ());
        wanted[7] += (2 << 40) + 1;
        wanted[9] += (1 << 40) + 1;
        assert_eq!(words.counts(), wanted);
    }

    #[test]
    fn narrow_counts_do_not_overflow() {
        let mut table = CodeTable::new(256);
        table.narrow[3] = u32::MAX - 1;
        table.since = MOST_NARROW - 1;
        table.bytes(&[3; 4]);
        table.widen();
        assert_eq!(table.wide[3], u64::from(u32::MAX) + 3);
    }
}
