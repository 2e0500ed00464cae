//! The values that are written along an axis or a colour bar.

/// The shortest text that reads back to the same value.
pub fn label(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        String::from("nan")
    } else if value == 0.0 || (1e-4..1e9).contains(&size) || value.is_infinite() {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// About `count` round values from `low` to `high`; on a logarithmic axis powers of ten, and 2 and 5 times these where
/// there are few of them.
pub fn ticks(low: f64, high: f64, count: usize, is_log: bool) -> Vec<f64> {
    if !(low.is_finite() && high.is_finite() && low < high) || count == 0 {
        return Vec::new();
    }
    if is_log && low > 0.0 {
        return log_ticks(low, high, count);
    }
    let rough = (high - low) / count as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    let first = (low / step).ceil();
    (0..=count * 2)
        .map(|number| (first + number as f64) * step)
        .take_while(|value| *value <= high * (1.0 + 1e-12) + step * 1e-9)
        // No step of many leaves a rest of the digits.
        .map(|value| if value.abs() < step * 1e-9 { 0.0 } else { rounded(value, step) })
        .collect()
}

/// A value without digits below a hundredth of the step.
fn rounded(value: f64, step: f64) -> f64 {
    let digits = (2.0 - step.log10().floor()).clamp(0.0, 300.0) as usize;
    format!("{value:.digits$}").parse().unwrap_or(value)
}

fn log_ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let decades = (last - first).max(1) as usize;
    let times: &[f64] = if decades * 2 <= count { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let every = decades.div_ceil(count.max(1)).max(1);
    (first..=last)
        .step_by(every)
        .flat_map(|power| times.iter().map(move |times| times * 10_f64.powi(power)))
        .filter(|value| (low..=high).contains(value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short_and_read_back() {
        let labels = [0.0, 255.0, -0.25, 1.5e12, 3e-9, f64::NAN, f64::NEG_INFINITY].map(label);
        assert_eq!(labels, ["0", "255", "-0.25", "1.5e12", "3e-9", "nan", "-inf"]);
        for value in [0.1 + 0.2, 1.0 / 3.0, f64::MAX, f64::MIN_POSITIVE] {
            assert_eq!(label(value).parse(), Ok(value));
        }
    }

    #[test]
    fn ticks_are_round_values_within_the_range() {
        assert_eq!(ticks(0.0, 1.0, 5, false), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(ticks(-3.0, 7.0, 4, false), [0.0, 5.0]);
        assert_eq!(ticks(0.1, 0.35, 5, false), [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
        assert_eq!(ticks(1e20, 3e20, 2, false), [1e20, 2e20, 3e20]);
        assert_eq!(ticks(1.0, 1000.0, 4, true), [1.0, 10.0, 100.0, 1000.0]);
        assert_eq!(ticks(1.0, 10.0, 4, true), [1.0, 2.0, 5.0, 10.0]);
        for (low, high) in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
            assert!(ticks(low, high, 5, false).is_empty());
        }
    }
}
