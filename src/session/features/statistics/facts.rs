//! Statistics in words: the rows of the panel.

use crate::analysis::stats::{Extremum, Statistics, ValueKind};
use crate::decode::dtype::ItemType;
use crate::decode::{Number, NumberStyle};
use crate::export::statistics::number_text;
use crate::session::describe;
use crate::session::subject::ElementSubject;
use crate::session::tab::Tab;

/// A fact about the elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub label: &'static str,
    pub value: String,
    /// What is to be said besides the value: an error bound, a share.
    pub note: String,
    /// An element that it leads to, and where that is.
    pub place: Option<FactPlace>,
    /// Whether it is something that people look for: NaN, infinities, what could not be read.
    pub is_warning: bool,
}

/// An element that a fact leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactPlace {
    pub element: u64,
    /// Its index or its offset.
    pub words: String,
}

/// All facts of one answer.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Values: extremes, mean, deviation, sum.
    pub values: Vec<Fact>,
    /// How many elements there are of each kind.
    pub counts: Vec<Fact>,
    /// The percentiles.
    pub ranks: Vec<Fact>,
}

impl Facts {
    /// What the statistics of `subject` say.
    pub(super) fn of(known: &Statistics, subject: &ElementSubject, tab: Option<&Tab>) -> Self {
        let writer = FactWriter { known, subject, base: tab.map_or(0, Tab::base_address) };
        Self { values: writer.values(), counts: writer.counts(), ranks: writer.ranks() }
    }

    /// All of them, in the order of the panel.
    pub fn all(&self) -> impl Iterator<Item = &Fact> {
        self.values.iter().chain(&self.counts).chain(&self.ranks)
    }
}

struct FactWriter<'a> {
    known: &'a Statistics,
    subject: &'a ElementSubject,
    /// What is added to the offsets that are shown.
    base: u64,
}

fn fact(label: &'static str, value: String) -> Fact {
    Fact { label, value, note: String::new(), place: None, is_warning: false }
}

impl FactWriter<'_> {
    fn place(&self, element: Option<u64>) -> Option<FactPlace> {
        element.map(|element| FactPlace { element, words: self.subject.place_words(element, self.base) })
    }

    fn values(&self) -> Vec<Fact> {
        let known = self.known;
        let item = self.subject.item();
        let extremum = |label, extremum: Option<Extremum>| {
            extremum.map(|found| Fact {
                place: self.place(found.element),
                ..fact(label, value_text(item, found.value))
            })
        };
        let number = |label, value: Option<Number>| value.map(|value| fact(label, number_text(value)));
        let sum = number("Sum", known.sum).map(|sum| Fact { note: sum_note(known), ..sum });
        let entropy = known.entropy().map(|bits| Fact {
            note: String::from("of 8 bits a byte"),
            ..fact("Entropy", format!("{bits:.6}"))
        });
        // The mean of times is a number of ticks, which nobody can read.
        let of_numbers = known.kind != ValueKind::Times;
        [
            extremum("Min", known.least),
            extremum("Max", known.greatest),
            self.no_numbers(),
            number("Mean", known.mean).filter(|_| of_numbers),
            number("Std", known.deviation.map(Number::Float)).filter(|_| of_numbers),
            sum.filter(|_| of_numbers),
            entropy,
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// How many are NaN, and the first of them, of types that can have it.
    fn no_numbers(&self) -> Option<Fact> {
        let known = self.known;
        let label = match known.kind {
            ValueKind::Floats | ValueKind::Complex => "NaN",
            ValueKind::Times => "NaT",
            ValueKind::Integers | ValueKind::Others => return None,
        };
        Some(Fact {
            is_warning: known.nan > 0,
            place: self.place(known.first_nan),
            note: share(known.nan, known),
            ..fact(label, describe::grouped(known.nan))
        })
    }

    fn counts(&self) -> Vec<Fact> {
        let known = self.known;
        let count =
            |label, count: u64| Fact { note: share(count, known), ..fact(label, describe::grouped(count)) };
        let mut facts = vec![fact("Elements", describe::grouped(known.count))];
        if known.kind != ValueKind::Others {
            if matches!(known.kind, ValueKind::Floats | ValueKind::Complex) {
                let infinite = |label, found| Fact { is_warning: found > 0, ..count(label, found) };
                facts.push(infinite("+inf", known.positive_infinities));
                facts.push(infinite("−inf", known.negative_infinities));
            }
            facts.push(count("Zeros", known.zeros));
            facts.push(count("Negative", known.negatives));
        }
        if let Some(distinct) = known.distinct {
            let about = if distinct.is_exact { "" } else { "≈ " };
            let note = if distinct.is_exact { "" } else { "estimated, ± 2 %" };
            let value = format!("{about}{}", describe::grouped(distinct.count));
            facts.push(Fact { note: note.to_owned(), ..fact("Distinct", value) });
        }
        if known.odd > 0 {
            facts.push(Fact { is_warning: true, ..count("No value", known.odd) });
        }
        if known.lost > 0 {
            facts.push(Fact { is_warning: true, ..fact("Unread", describe::grouped(known.lost)) });
        }
        facts
    }

    fn ranks(&self) -> Vec<Fact> {
        let item = self.subject.item();
        let label =
            |percent: f64| PERCENT_LABELS.iter().find(|(own, _)| *own == percent).map(|(_, label)| *label);
        let ranks = self.known.percentiles.iter();
        ranks
            .filter_map(|(percent, value)| {
                Some(fact(label(*percent)?, value_text(item, Number::Float(*value))))
            })
            .collect()
    }
}

/// The percentiles that the panel shows, and what they are called there.
pub(super) const PERCENT_LABELS: [(f64, &str); 9] = [
    (0.1, "0.1 %"),
    (1.0, "1 %"),
    (5.0, "5 %"),
    (25.0, "25 %"),
    (50.0, "50 %"),
    (75.0, "75 %"),
    (95.0, "95 %"),
    (99.0, "99 %"),
    (99.9, "99.9 %"),
];

/// How far the sum can be from the true one.
fn sum_note(known: &Statistics) -> String {
    match known.sum {
        Some(Number::Int(_) | Number::Wide(_)) => String::from("exact"),
        Some(Number::Float(sum)) if sum.is_finite() => format!("± {:.1e}", known.sum_error),
        _ => String::new(),
    }
}

/// Which part of all elements so many are, where that says something.
fn share(count: u64, known: &Statistics) -> String {
    if count == 0 || known.count == 0 {
        return String::new();
    }
    let percent = count as f64 / known.count as f64 * 100.0;
    match percent {
        _ if count == known.count => String::from("all"),
        ..0.01 => String::from("< 0.01 %"),
        ..99.99 => format!("{percent:.2} %"),
        _ => String::from("> 99.99 %"),
    }
}

/// A number as its type writes it, where it is a value of the type; else as its shortest text.
pub(super) fn value_text(item: &ItemType, number: Number) -> String {
    // Between two integers a percentile may be an integer too.
    let number = match number {
        Number::Float(value) if item.is_exact() && value.fract() == 0.0 && value.abs() < 1e15 => {
            Number::Int(value as i128)
        }
        other => other,
    };
    let zeros = vec![0; usize::try_from(item.group_bytes()).unwrap_or(0)];
    let as_type = || {
        let bytes = item.of_number(number, &zeros, 0).ok()?;
        if item.number(&bytes, 0) != Some(number) {
            return None;
        }
        let mut text = String::new();
        item.format(&bytes, 0, &NumberStyle::Shortest, &mut text);
        Some(text)
    };
    // Truth values are numbers here, as their mean is.
    let is_number = !item.is_truth() && item.group_bytes() <= 64;
    is_number.then(as_type).flatten().unwrap_or_else(|| number_text(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_as_its_type_writes_it() {
        let text = |item: &str, number| value_text(&item.parse().expect("a type"), number);
        assert_eq!(text("<f4", Number::Float(0.1_f32.into())), "0.1");
        assert_eq!(text("<f4", Number::Float(0.1)), "0.1", "what the type does not have is a double");
        assert_eq!(text("bfloat16", Number::Float(-1.5)), "-1.5");
        assert_eq!(text("<f8", Number::Float(f64::INFINITY)), "inf");
        assert_eq!(text(">i2", Number::Int(-32768)), "-32768");
        assert_eq!(text("<M8[s]", Number::Int(0)), "1970-01-01T00:00:00");
        assert_eq!(text("bool", Number::Int(1)), "1");
        assert_eq!(
            (text("|u1", Number::Float(3.0)), text("|u1", Number::Float(2.5))),
            ("3".into(), "2.5".into())
        );
    }

    #[test]
    fn a_share_never_says_none_or_all_of_what_is_not() {
        let known = Statistics { count: 1_000_000, ..Statistics::default() };
        let shares = [0, 1, 500_000, 999_999, 1_000_000].map(|count| share(count, &known));
        assert_eq!(shares, ["", "< 0.01 %", "50.00 %", "> 99.99 %", "all"]);
    }
}
