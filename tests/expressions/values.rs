//! Random values, ranges and values with a tolerance to look for.

use super::cases::Made;
use pagelens::decode::Number;

/// What is typed, a tolerance beside it, and what the script is told: `"value"`, `"range"` or `"near"`.
pub fn random(made: &Made, random: &mut fastrand::Rng) -> (String, Option<String>, String) {
    let size = made.part.item.group_bytes() as usize;
    let number = made.part.item.number(&vec![0; size], 0);
    let is_float = matches!(number, Some(Number::Float(_)));
    let one = |random: &mut fastrand::Rng| match random.u8(..5) {
        0 if is_float => format!("{}", f64::from(random.i16(-99..999)) / 64.0),
        1 if is_float => format!("{}", (random.f64() - 0.4) * 12.0),
        _ => random.u8(..7).to_string(),
    };
    if made.dtype == "?" || made.dtype.contains("M8") || matches!(number, Some(Number::Complex(..))) {
        let value =
            if made.dtype.contains("M8") && random.bool() { "NaT".to_owned() } else { "1".to_owned() };
        let facts = format!("\"value\": \"{value}\"");
        return (value, None, facts);
    }
    match random.u8(..6) {
        0 if is_float => {
            let odd = if made.dtype.contains("e4m3") {
                "nan"
            } else {
                *random.choice(&["nan", "inf", "-inf"]).expect("one")
            };
            (odd.to_owned(), None, format!("\"value\": \"{odd}\""))
        }
        0..=1 => {
            let value = one(random);
            (value.clone(), None, format!("\"value\": \"{value}\""))
        }
        2..=3 => {
            let (mut low, mut high) = (one(random), one(random));
            match random.u8(..4) {
                0 => low = String::new(),
                1 => high = String::new(),
                _ => {}
            }
            let facts = format!("\"range\": [\"{low}\", \"{high}\"]");
            (format!("{low}..{high}"), None, facts)
        }
        4 if is_float => {
            let (value, steps) = (one(random), random.u8(..5));
            let facts = format!("\"steps\": [\"{value}\", {steps}]");
            (value, Some(format!("{steps}ulp")), facts)
        }
        _ => {
            let value = one(random);
            let percent = random.bool();
            let tolerance = format!("{}.{:03}7", random.u8(..3), random.u16(..999));
            let facts = format!("\"near\": [\"{value}\", \"{tolerance}\", {percent}]");
            let typed = if percent { format!("{tolerance}%") } else { tolerance };
            if random.bool() {
                (format!("{value}±{typed}"), None, facts)
            } else {
                (value, Some(typed), facts)
            }
        }
    }
}
