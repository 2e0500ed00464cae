//! Two arrays element by element: a line for each element that differs, or a summary.

use super::report::Report;
use super::streamed::streamed;
use crate::analysis::SpanBatch;
use crate::analysis::compare::{
    ArrayCompare, CompareRule, ComparedArray, ElementDifference, ValueDifferences, ValueTally,
};
use crate::analysis::elements::TileKind;
use crate::analysis::search::End;
use crate::bytes::SharedSource;
use crate::bytes::ahead::Ahead;
use crate::cli::CommandError;
use crate::cli::target::{PartBytes, Target};
use crate::decode::array::Array;
use crate::decode::slice::Sliced;
use crate::decode::{Number, NumberStyle};
use crate::escape::escaped;
use crate::export::arrays::{json_string, json_value};
use crate::job::Cancel;
use std::ops::ControlFlow;

/// Bytes of an element that are read to show its value.
const MOST_VALUE: u64 = 64 << 10;

/// One of the arrays, or the slice of it.
pub(super) struct ValueSide {
    source: SharedSource,
    array: Array,
    sliced: Sliced,
    place: String,
    /// Why the bytes are not to be trusted.
    pub damage: Option<String>,
}

impl ValueSide {
    /// The part of an array that is asked for.
    ///
    /// # Errors
    /// When there is no such part, or it can't be decompressed.
    pub fn new(target: &Target, slice: Option<&str>) -> Result<Self, CommandError> {
        let sliced = target.slice(slice)?;
        let PartBytes { source, array, damage } = target.bytes_of(sliced.array.clone())?;
        Ok(Self { source, array, sliced, place: target.place(), damage })
    }

    /// What is compared.
    pub fn compared(&self) -> ComparedArray<'_> {
        ComparedArray { source: &*self.source, array: &self.array }
    }

    /// The index of an element in the whole array, as a text.
    pub fn index_words(&self, element: u64) -> String {
        self.sliced.index_words(&self.array.index_at(element))
    }

    fn json_index(&self, element: u64) -> String {
        let index = self.sliced.base_index(&self.array.index_at(element));
        let index: Vec<String> = index.iter().map(u64::to_string).collect();
        format!("[{}]", index.join(", "))
    }
}

/// Whether both are equal.
pub(super) fn compare(
    a: &Target,
    b: &Target,
    slice: Option<&str>,
    rule: &CompareRule,
    report: &mut Report<'_>,
) -> Result<bool, CommandError> {
    let (a, b) = (ValueSide::new(a, slice)?, ValueSide::new(b, slice)?);
    let progress = crate::job::Progress::default();
    let checked = ArrayCompare::new(a.compared(), b.compared(), *rule, &progress);
    let has_differences = checked
        .map_err(|refusal| CommandError::usage(format!("{} and {}: {refusal}", a.place, b.place)))?
        .has_differences();
    let mut lines = Lines::new(&a, &b);
    if report.json {
        report.write(&format!(
            "{{\"kind\": \"elements\", \"a\": {}, \"b\": {}, \"elements\": [",
            json_array(&a),
            json_array(&b)
        ));
    }
    let (mut is_cut, mut any) = (false, false);
    let (lists, needs_all) = (!report.summary && !report.quiet, report.summary || report.json);
    let tally = streamed(
        |progress, take| match ArrayCompare::new(a.compared(), b.compared(), *rule, progress) {
            Ok(compare) => compare.run(take),
            // It was asked for before.
            Err(_) => ValueTally::default(),
        },
        &mut |runs: SpanBatch| {
            any = true;
            if lists && !is_cut {
                is_cut = !lines.write(&runs, report);
            }
            report.flush();
            // The figures are those of all elements, whatever is listed.
            if report.quiet || (is_cut && !needs_all) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    ended(&tally, (&a, &b), any, is_cut, has_differences, report);
    if report.summary && !report.json {
        report.write(&summary(&tally.found, &mut lines, has_differences));
    }
    report.end()?;
    Ok(!any)
}

/// What could not be compared, and the end of the JSON.
fn ended(
    tally: &ValueTally,
    (a, b): (&ValueSide, &ValueSide),
    any: bool,
    is_cut: bool,
    has_differences: bool,
    report: &mut Report<'_>,
) {
    report.unread((&a.place, &b.place), &tally.unread);
    [&a.damage, &b.damage].into_iter().flatten().for_each(|damage| report.error(damage.clone()));
    if tally.odd > 0 {
        report.error(format!(
            "{} and {}: {} elements have bits that their type does not use, and were not compared.",
            a.place, b.place, tally.odd
        ));
    }
    if report.json {
        let is_complete = tally.end == End::Complete && tally.lost == 0 && !is_cut;
        let line = if any && !report.summary { "\n" } else { "" };
        let figures = json_figures(&tally.found, a, has_differences);
        report.write(&format!("{line}], {figures}, \"equal\": {}, \"complete\": {is_complete}}}\n", !any));
    }
}

fn json_array(side: &ValueSide) -> String {
    let shape: Vec<String> = side.array.shape.iter().map(u64::to_string).collect();
    format!(
        "{{\"array\": {}, \"dtype\": {}, \"shape\": [{}]}}",
        json_string(&side.place),
        json_string(&side.array.item.to_string()),
        shape.join(", ")
    )
}

/// Writes elements with their values.
struct Lines<'a> {
    a: &'a ValueSide,
    b: &'a ValueSide,
    ahead_a: Ahead<'a>,
    ahead_b: Ahead<'a>,
}

impl<'a> Lines<'a> {
    fn new(a: &'a ValueSide, b: &'a ValueSide) -> Self {
        let ahead = |side: &'a ValueSide| Ahead::new(&*side.source, Cancel::never());
        Self { a, b, ahead_a: ahead(a), ahead_b: ahead(b) }
    }

    /// Whether all of these elements were wanted.
    fn write(&mut self, runs: &SpanBatch, report: &mut Report<'_>) -> bool {
        for element in runs.iter().flat_map(|run| run.start()..run.end()) {
            if !report.takes_one() {
                return false;
            }
            let text = match report.json {
                true => format!("{}{}", report.comma(), self.json(element)),
                false => self.line(element) + "\n",
            };
            report.write(&text);
        }
        true
    }

    fn line(&mut self, element: u64) -> String {
        let (own, other) = self.texts(element, false);
        let difference = self.difference(element).unwrap_or_else(|| String::from("-"));
        let index = self.a.index_words(element);
        format!("{}\t{}\t{}\t{difference}", escaped(&index), escaped(&own), escaped(&other))
    }

    fn json(&mut self, element: u64) -> String {
        let (own, other) = self.texts(element, true);
        let index = self.a.json_index(element);
        let or_null = |text: String| if text.is_empty() { String::from("null") } else { text };
        let difference = match self.difference(element) {
            Some(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => text,
            Some(text) => json_string(&text),
            None => String::from("null"),
        };
        let (own, other) = (or_null(own), or_null(other));
        format!("{{\"index\": {index}, \"a\": {own}, \"b\": {other}, \"difference\": {difference}}}")
    }

    /// Both values; an empty text for one that is too large or can't be read.
    fn texts(&mut self, element: u64, json: bool) -> (String, String) {
        let text = |side: &ValueSide, ahead: &mut Ahead<'_>| {
            let mut text = String::new();
            let place = side.array.place(&side.array.index_at(element));
            if place.span.len() <= MOST_VALUE
                && let Ok(group) = ahead.get(place.span, place.span.end() + MOST_VALUE)
            {
                match json {
                    true => json_value(&side.array.item, group, place.item, &mut text),
                    false => side.array.item.format(group, place.item, &NumberStyle::Shortest, &mut text),
                }
            }
            text
        };
        (text(self.a, &mut self.ahead_a), text(self.b, &mut self.ahead_b))
    }

    fn number(side: &ValueSide, ahead: &mut Ahead<'_>, element: u64) -> Option<Number> {
        let place = side.array.place(&side.array.index_at(element));
        let group = ahead.get(place.span, place.span.end() + MOST_VALUE).ok()?;
        side.array.item.number(group, place.item)
    }

    /// Whether differences are calculated in 32 bits.
    fn is_single(&self) -> bool {
        [self.a, self.b].iter().all(|side| TileKind::of(&side.array.item) == TileKind::F32)
    }

    /// `|a - b|`, calculated as the comparison does.
    fn difference(&mut self, element: u64) -> Option<String> {
        let own = Self::number(self.a, &mut self.ahead_a, element)?;
        let other = Self::number(self.b, &mut self.ahead_b, element)?;
        let is_single = self.is_single();
        Some(match (own, other) {
            (Number::Int(own), Number::Int(other)) => own.abs_diff(other).to_string(),
            (Number::Wide(own), Number::Wide(other)) => own.abs_diff(other).to_string(),
            (Number::Float(own), Number::Float(other)) if is_single => {
                float_words(f64::from((own as f32 - other as f32).abs()), true)
            }
            (own, other) => {
                let ((re, im), (other_re, other_im)) = (parts(own), parts(other));
                let difference = if im == 0.0 && other_im == 0.0 {
                    (re - other_re).abs()
                } else {
                    (re - other_re).hypot(im - other_im)
                };
                float_words(difference, false)
            }
        })
    }
}

fn parts(number: Number) -> (f64, f64) {
    match number {
        Number::Int(value) => (value as f64, 0.0),
        Number::Wide(value) => (value as f64, 0.0),
        Number::Float(value) => (value, 0.0),
        Number::Complex(re, im) => (re, im),
    }
}

/// The fewest digits that read back to the same value.
pub(super) fn float_words(value: f64, is_single: bool) -> String {
    let mut text = String::new();
    if is_single {
        let bits = (value as f32).to_le_bytes();
        item("<f4", &bits, &mut text);
    } else {
        item("<f8", &value.to_le_bytes(), &mut text);
    }
    text
}

fn item(dtype: &str, bytes: &[u8], text: &mut String) {
    if let Ok(item) = dtype.parse::<crate::decode::dtype::ItemType>() {
        item.format(bytes, 0, &NumberStyle::Shortest, text);
    }
}

/// The figures as lines of names and values.
fn summary(found: &ValueDifferences, lines: &mut Lines<'_>, has_differences: bool) -> String {
    let mut text = format!("compared\t{}\ndifferent\t{}\n", found.compared, found.different);
    if !has_differences {
        return text;
    }
    let nan = found.nan;
    text += &format!("NaN\t{} only in a, {} only in b, {} in both\n", nan.only_a, nan.only_b, nan.both);
    let is_single = lines.is_single();
    let extreme = |name: &str, found: Option<ElementDifference>| {
        found.map_or_else(String::new, |found| {
            let value = float_words(found.difference, is_single);
            format!("{name}\t{value}\t{}\n", lines.a.index_words(found.element))
        })
    };
    text += &extreme("max |a - b|", found.max_abs);
    text += &extreme("max |a - b| / |b|", found.max_rel);
    if let Some(ulp) = found.max_ulp {
        text += &format!("max ULP\t{}\t{}\n", ulp.ulps, lines.a.index_words(ulp.element));
    }
    for worst in &found.worst {
        text += &format!("worst\t{}\n", lines.line(worst.element));
    }
    text += &format!("|a - b| = 0\t{}\n", found.bins.zero);
    for (power, count) in &found.bins.powers {
        text += &format!("|a - b| from 2^{power}\t{count}\n");
    }
    if found.bins.infinite > 0 {
        text += &format!("|a - b| = inf\t{}\n", found.bins.infinite);
    }
    text
}

fn json_figures(found: &ValueDifferences, a: &ValueSide, has_differences: bool) -> String {
    let mut text = format!("\"compared\": {}, \"different\": {}", found.compared, found.different);
    if !has_differences {
        return text;
    }
    let nan = found.nan;
    text += &format!(
        ", \"nan\": {{\"only_a\": {}, \"only_b\": {}, \"both\": {}}}",
        nan.only_a, nan.only_b, nan.both
    );
    let number = |value: f64| {
        if value.is_finite() { float_words(value, false) } else { json_string(&float_words(value, false)) }
    };
    let json_found = |found: &ElementDifference| {
        format!("{{\"value\": {}, \"index\": {}}}", number(found.difference), a.json_index(found.element))
    };
    let or_null =
        |found: Option<ElementDifference>| found.as_ref().map_or_else(|| "null".to_owned(), json_found);
    let ulp = found.max_ulp.map_or_else(
        || "null".to_owned(),
        |ulp| format!("{{\"value\": {}, \"index\": {}}}", ulp.ulps, a.json_index(ulp.element)),
    );
    let worst: Vec<String> = found.worst.iter().map(json_found).collect();
    let bins: Vec<String> =
        found.bins.powers.iter().map(|(power, count)| format!("[{power}, {count}]")).collect();
    text += &format!(
        ", \"max_abs\": {}, \"max_rel\": {}, \"max_ulp\": {ulp}, \"worst\": [{}]",
        or_null(found.max_abs),
        or_null(found.max_rel),
        worst.join(", ")
    );
    text + &format!(
        ", \"histogram\": {{\"zero\": {}, \"powers_of_two\": [{}], \"infinite\": {}}}",
        found.bins.zero,
        bins.join(", "),
        found.bins.infinite
    )
}
