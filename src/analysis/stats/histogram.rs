//! Bins as `np.histogram` has them.

/// The edges of so many bins; a range without width is widened by a half to both sides.
pub(super) fn edges((low, high): (f64, f64), count: usize) -> Vec<f64> {
    let (low, high) = widened(low, high);
    let step = (high - low) / count as f64;
    let edge = |at: usize| if at == count { high } else { at as f64 * step + low };
    (0..=count).map(edge).collect()
}

/// The same edges, rounded to 32-bit floats: where NumPy counts those in a range that it is given.
pub(super) fn rounded_edges(range: (f64, f64), count: usize) -> Vec<f64> {
    edges(range, count).into_iter().map(|edge| f64::from(edge as f32)).collect()
}

/// Edges that are calculated in 32 bits: where NumPy counts such floats in the range that they have.
pub(super) fn narrow_edges((low, high): (f64, f64), count: usize) -> Vec<f64> {
    let (low, high) = widened(low, high);
    let (low, high) = (low as f32, high as f32);
    let step = (high - low) / count as f32;
    let edge = |at: usize| if at == count { high } else { at as f32 * step + low };
    (0..=count).map(|at| edge(at).into()).collect()
}

fn widened(low: f64, high: f64) -> (f64, f64) {
    if low == high { (low - 0.5, high + 0.5) } else { (low, high) }
}

/// The bin of a value; `None` outside all bins.
pub(super) fn bin_of(edges: &[f64], value: f64) -> Option<usize> {
    let (first, last) = (edges.first()?, edges.last()?);
    if !(*first..=*last).contains(&value) {
        return None;
    }
    let begun = edges.partition_point(|edge| *edge <= value);
    Some(begun.saturating_sub(1).min(edges.len() - 2))
}
