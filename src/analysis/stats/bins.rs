//! A histogram of values, counted as `np.histogram` counts.

use super::histogram::bin_of;
use super::keyed::Keyed;
use crate::analysis::vector::{Vectorised, vectorised};

/// Values whose bins are calculated at once.
const AT_ONCE: usize = 64;

/// Tables that take turns, since an addition waits for the one before if it is to the same place.
const TURNS: usize = 4;

/// So many bins or fewer have tables in which every byte is a place, so that no place has to be checked.
const FEW: usize = 256;

/// The numbers whose last bit is 1: what is added to them is rounded to an integer.
const ROUNDING: f64 = 4_503_599_627_370_496.0;

/// Where bins begin and end.
#[derive(Clone, Debug)]
pub(super) struct Edges {
    edges: Vec<f64>,
    /// Bins for each unit of the values.
    scale: f64,
    /// How near to an edge, in bins, a calculated bin may be the wrong one.
    doubt: f64,
}

impl Edges {
    /// Of edges that are nearly the same distance apart.
    pub fn new(edges: Vec<f64>) -> Self {
        let (first, last) = (edges.first().copied().unwrap_or(0.0), edges.last().copied().unwrap_or(0.0));
        let scale = (edges.len().max(2) - 1) as f64 / (last - first);
        let even = |at: usize| (edges[at] - first) * scale - at as f64;
        let off = (0..edges.len()).map(|at| even(at).abs()).fold(0.0, f64::max);
        let doubt = if off.is_finite() && scale.is_finite() { 2.0 * off + 1e-6 } else { 1.0 };
        Self { edges, scale, doubt }
    }

    /// The edges.
    pub fn all(&self) -> &[f64] {
        &self.edges
    }
}

/// How many values are in each bin.
#[derive(Debug)]
pub(super) struct BinCounts {
    narrow: Vec<u32>,
    /// Places of a narrow table.
    stride: usize,
    wide: Vec<u64>,
    since: u64,
}

impl BinCounts {
    /// None are counted yet.
    pub fn new(edges: &Edges) -> Self {
        let bins = edges.edges.len() - 1;
        let stride = bins.max(FEW);
        Self { narrow: vec![0; TURNS * stride], stride, wide: vec![0; bins], since: 0 }
    }

    /// Adds values; those outside all bins are left out.
    pub fn add<T: Keyed>(&mut self, edges: &Edges, values: &[T]) {
        // A narrow count has room for more than this.
        if self.since > 1 << 31 {
            self.widen();
        }
        self.since += values.len() as u64;
        vectorised(CountBins { edges, values, counts: self });
    }

    /// Adds one value so many times.
    pub fn add_times(&mut self, edges: &Edges, value: f64, times: u64) {
        if let Some(bin) = bin_of(&edges.edges, value) {
            self.wide[bin] += times;
        }
    }

    fn widen(&mut self) {
        for table in self.narrow.chunks_mut(self.stride) {
            for (wide, narrow) in self.wide.iter_mut().zip(table) {
                *wide += u64::from(std::mem::take(narrow));
            }
        }
        self.since = 0;
    }

    /// All that was counted.
    pub fn counts(&mut self) -> &[u64] {
        self.widen();
        &self.wide
    }

    /// Adds one to each of the places, all of which are bins.
    #[inline(always)]
    fn count(&mut self, places: &[u32; AT_ONCE]) {
        let turns = places.as_chunks::<TURNS>().0;
        if self.stride > FEW {
            for places in turns {
                for (turn, place) in places.iter().enumerate() {
                    self.narrow[turn * self.stride + *place as usize] += 1;
                }
            }
            return;
        }
        let (tables, _) = self.narrow.as_chunks_mut::<FEW>();
        let [a, b, c, d] = tables else { return };
        for places in turns {
            a[usize::from(places[0] as u8)] += 1;
            b[usize::from(places[1] as u8)] += 1;
            c[usize::from(places[2] as u8)] += 1;
            d[usize::from(places[3] as u8)] += 1;
        }
    }

    /// Values of which at least one may be near to an edge.
    #[inline(never)]
    fn add_doubtful<T: Keyed>(&mut self, edges: &Edges, values: &[T]) {
        let bins = self.wide.len();
        let first = edges.edges[0];
        for value in values {
            let value = value.float();
            let near = ((value - first) * edges.scale) as usize;
            let Some(bin) = bin_near(&edges.edges, near.min(bins - 1), value) else { continue };
            self.narrow[bin] += 1;
        }
    }
}

/// The bin of a value, which is not far from `near`; `None` outside all bins.
fn bin_near(edges: &[f64], near: usize, value: f64) -> Option<usize> {
    const FAR: usize = 4;
    let last = edges.len() - 2;
    let is_in = |bin: usize| {
        edges[bin] <= value && (value < edges[bin + 1] || bin == last && value == edges[bin + 1])
    };
    let around = near.saturating_sub(FAR)..=(near + FAR).min(last);
    if is_in(near) {
        return Some(near);
    }
    around.into_iter().find(|bin| is_in(*bin)).or_else(|| bin_of(edges, value))
}

struct CountBins<'a, T> {
    edges: &'a Edges,
    values: &'a [T],
    counts: &'a mut BinCounts,
}

impl<T: Keyed> Vectorised for CountBins<'_, T> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Edges { edges, scale, doubt } = self.edges;
        let bins = self.counts.wide.len();
        let (first, end) = (edges[0], bins as f64 - doubt);
        let mut places = [0_u32; AT_ONCE];
        let (groups, rest) = self.values.as_chunks::<AT_ONCE>();
        for values in groups {
            let mut doubts = 0;
            for at in 0..AT_ONCE {
                let place = (values[at].float() - first) * scale;
                let rounded = place + ROUNDING;
                let off = place - (rounded - ROUNDING);
                places[at] = (rounded.to_bits() as u32).wrapping_sub(u32::from(off < 0.0));
                // Of NaN all of these are false.
                let is_sure = (off.abs() > *doubt) & (place > *doubt) & (place < end);
                doubts |= u32::from(!is_sure);
            }
            if doubts > 0 {
                self.counts.add_doubtful(self.edges, values);
                continue;
            }
            self.counts.count(&places);
        }
        self.counts.add_doubtful(self.edges, rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Keyed>(edges: &[f64], values: &[T]) {
        let edges = Edges::new(edges.to_vec());
        let mut counts = BinCounts::new(&edges);
        counts.add(&edges, values);
        let mut wanted = vec![0; edges.all().len() - 1];
        for value in values {
            if let Some(bin) = bin_of(edges.all(), value.float()) {
                wanted[bin] += 1;
            }
        }
        assert_eq!(counts.counts(), wanted);
    }

    #[test]
    fn every_value_is_in_the_bin_that_a_search_finds() {
        let mut rng = fastrand::Rng::with_seed(6);
        let floats: Vec<f32> =
            (0..20_011).map(|_| rng.f32() * 8.0 - 4.0).chain([f32::NAN, f32::INFINITY]).collect();
        let whole: Vec<i32> = (0..9999).map(|_| rng.i32(-50..=50)).collect();
        for bins in [1, 2, 10, 100, 257, 5000] {
            let narrow = super::super::histogram::narrow_edges((-3.7, 3.3), bins);
            check(&narrow, &floats);
            let edges = super::super::histogram::edges((-50.0, 50.0), bins);
            check(&edges, &whole);
            // On edges, and just beside them.
            let near: Vec<f64> =
                edges.iter().flat_map(|edge| [edge.next_down(), *edge, edge.next_up()]).collect();
            check(&edges, &near);
        }
        check(&[1.0, 1.0 + f64::EPSILON, 1.0 + 2.0 * f64::EPSILON], &[1.0, 1.0 + f64::EPSILON, 2.0]);
    }
}
