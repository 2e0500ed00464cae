//! Between which values a percentile is, by NumPy's linear interpolation.

/// The lower of the two ranks that a percentile of so many values is between, and how far it is from there to the next.
pub(super) fn place(count: u64, percent: f64) -> (u64, f64) {
    let last = count.saturating_sub(1);
    let at = last as f64 * (percent / 100.0);
    let lower = (at.floor() as u64).min(last);
    if lower == last { (last, 0.0) } else { (lower, at - at.floor()) }
}

/// The value at a percentile of `count` values, of which `at` answers the one of a rank; NaN of none.
pub(super) fn between(count: u64, percent: f64, at: impl Fn(u64) -> f64) -> f64 {
    if count == 0 {
        return f64::NAN;
    }
    let (lower, share) = place(count, percent);
    let low = at(lower);
    let high = if share == 0.0 { low } else { at(lower + 1) };
    interpolated(low, high, high - low, share)
}

/// Between two values that are so far apart: from the nearer of both, as NumPy does.
pub(super) fn interpolated(low: f64, high: f64, step: f64, share: f64) -> f64 {
    if low == high {
        return low;
    }
    let value = if share < 0.5 { low + step * share } else { high - step * (1.0 - share) };
    // The sign of a NaN depends on the machine.
    if value.is_nan() { f64::NAN } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_and_values_between_them() {
        let values = [1.0, 2.0, 4.0, 8.0];
        let at = |rank: u64| values[rank as usize];
        for (percent, value) in [(0.0, 1.0), (100.0, 8.0), (50.0, 3.0), (25.0, 1.75), (75.0, 5.0)] {
            assert_eq!(between(4, percent, at), value, "{percent}");
        }
        assert_eq!(between(1, 37.0, at), 1.0);
        assert!(between(0, 50.0, at).is_nan());
        let no_number = interpolated(1.0, f64::INFINITY, f64::INFINITY, 0.7);
        assert!(no_number.is_nan() && no_number.is_sign_positive(), "NumPy has NaN here too");
        assert_eq!(interpolated(f64::INFINITY, f64::INFINITY, f64::NAN, 0.5), f64::INFINITY);
    }
}
