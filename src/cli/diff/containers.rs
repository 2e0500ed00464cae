//! Two containers: a line for each array, paired by name.

use super::report::Report;
use super::values::{ValueSide, float_words};
use crate::analysis::compare::{ArrayChange, ArrayCompare, CompareRule, NamedArray, ValueTally, pair_names};
use crate::bytes::open::Opened;
use crate::cli::CommandError;
use crate::cli::target::{Target, container, entry_of};
use crate::decode::array::tuple;
use crate::escape::{PathText, escaped};
use crate::export::arrays::json_string;
use crate::formats::{Container, Format, Home};
use crate::job::Progress;
use std::ops::ControlFlow;

/// A container, and what its header says of its arrays.
struct ContainerSide<'o> {
    opened: &'o Opened,
    format: &'static dyn Format,
    container: Container,
    arrays: Vec<NamedArray>,
}

impl<'o> ContainerSide<'o> {
    fn new(opened: &'o Opened) -> Result<Self, CommandError> {
        let place = opened.asked.shown();
        let read = container(opened)?;
        let (format, container) =
            read.ok_or_else(|| CommandError::failed(format!("{place}: this kind of file holds no arrays.")))?;
        let arrays = container.entries.iter().map(|entry| NamedArray {
            name: entry.name.to_string(),
            item: entry.item.clone(),
            shape: entry.shape.to_vec(),
            offset: match &entry.home {
                Home::Here(offset) => Some(*offset),
                Home::Deflated { .. } | Home::File(_) | Home::Nowhere(_) => None,
            },
        });
        let arrays = arrays.collect();
        Ok(Self { opened, format, container, arrays })
    }

    fn target(&self, at: usize) -> Result<Target, CommandError> {
        entry_of(self.opened.clone(), self.format, &self.container, at)
    }
}

/// What became of an array.
struct Row {
    status: &'static str,
    details: Vec<String>,
    is_equal: bool,
    tally: Option<ValueTally>,
}

/// Whether all arrays are equal.
pub(super) fn compare(
    a: &Opened,
    b: &Opened,
    rule: &CompareRule,
    report: &mut Report<'_>,
) -> Result<bool, CommandError> {
    let (a, b) = (ContainerSide::new(a)?, ContainerSide::new(b)?);
    if report.json {
        let file = |side: &ContainerSide<'_>| json_string(&side.opened.asked.shown().to_string());
        report.write(&format!(
            "{{\"kind\": \"arrays\", \"a\": {}, \"b\": {}, \"arrays\": [",
            file(&a),
            file(&b)
        ));
    }
    let (mut is_equal, mut is_cut, mut any) = (true, false, false);
    for pair in pair_names(&a.arrays, &b.arrays) {
        let (name, row) = match (pair.a, pair.b) {
            (Some(at), Some(other)) => (&a.arrays[at].name, both(&a, at, &b, other, rule)),
            (Some(at), None) => (&a.arrays[at].name, Ok(only("removed", &a.arrays[at]))),
            (None, Some(at)) => (&b.arrays[at].name, Ok(only("added", &b.arrays[at]))),
            (None, None) => continue,
        };
        let row = match row {
            Ok(row) => row,
            Err(stop) => {
                report.error(stop.text);
                Row { status: "unreadable", details: Vec::new(), is_equal: false, tally: None }
            }
        };
        is_equal &= row.is_equal;
        if let Some(tally) = &row.tally {
            report.unread((&format!("{} of a", name), &format!("{} of b", name)), &tally.unread);
        }
        if report.quiet && !is_equal {
            break;
        }
        if !report.takes_one() {
            is_cut = true;
            break;
        }
        any = true;
        let text = match report.json {
            true => format!("{}{}", report.comma(), json_row(name, &row)),
            false => format!("{}\t{}\t{}\n", row.status, escaped(name), escaped(&row.details.join("; "))),
        };
        report.write(&text);
        report.flush();
    }
    if report.json {
        let line = if any { "\n" } else { "" };
        report.write(&format!("{line}], \"equal\": {is_equal}, \"complete\": {}}}\n", !is_cut));
    }
    report.end()?;
    Ok(is_equal)
}

fn only(status: &'static str, array: &NamedArray) -> Row {
    let details = vec![format!("{} {}", array.item, tuple(&array.shape))];
    Row { status, details, is_equal: false, tally: None }
}

/// Two arrays of one name.
fn both(
    a: &ContainerSide<'_>,
    at: usize,
    b: &ContainerSide<'_>,
    other: usize,
    rule: &CompareRule,
) -> Result<Row, CommandError> {
    let (own_head, other_head) = (&a.arrays[at], &b.arrays[other]);
    let change = ArrayChange::of(own_head, other_head);
    let (own, theirs) = (ValueSide::new(&a.target(at)?, None)?, ValueSide::new(&b.target(other)?, None)?);
    let progress = Progress::default();
    let mut details: Vec<String> = [&own.damage, &theirs.damage].into_iter().flatten().cloned().collect();
    let is_damaged = !details.is_empty();
    if change.is_retyped {
        details.push(format!("{} became {}", own_head.item, other_head.item));
    }
    if change.is_reshaped {
        details.push(format!("{} became {}", tuple(&own_head.shape), tuple(&other_head.shape)));
    }
    // Texts and records have no tolerance; they are the same or not.
    let compare =
        ArrayCompare::in_c_order(own.compared(), theirs.compared(), *rule, &progress).or_else(|_| {
            ArrayCompare::in_c_order(own.compared(), theirs.compared(), CompareRule::default(), &progress)
        });
    let tally = compare.ok().map(|compare| compare.run(&mut |_| ControlFlow::Continue(())));
    let is_same = tally.as_ref().is_some_and(ValueTally::is_equal) && !is_damaged;
    if let Some(tally) = &tally {
        details.extend(difference_words(tally, &own, change.is_retyped || change.is_reshaped));
    }
    let status = match () {
        () if change.is_retyped => "retyped",
        () if change.is_reshaped => "reshaped",
        () if !is_same => "changed",
        () if change.is_moved => "moved",
        () => "equal",
    };
    let is_equal = is_same && !change.is_retyped && !change.is_reshaped;
    Ok(Row { status, details, is_equal, tally })
}

fn difference_words(tally: &ValueTally, side: &ValueSide, is_other: bool) -> Option<String> {
    let found = &tally.found;
    if found.different == 0 {
        return (is_other && tally.is_equal()).then(|| "the values are equal".to_owned());
    }
    let mut text = format!("{} of {} elements differ", found.different, found.compared);
    if let Some(max) = found.max_abs {
        text += &format!(
            ", at most by {} at {}",
            float_words(max.difference, false),
            side.index_words(max.element)
        );
    }
    Some(text)
}

fn json_row(name: &str, row: &Row) -> String {
    let mut text = format!("{{\"name\": {}, \"status\": \"{}\"", json_string(name), row.status);
    if let Some(tally) = &row.tally {
        let found = &tally.found;
        text += &format!(", \"compared\": {}, \"different\": {}", found.compared, found.different);
        if let Some(max) = found.max_abs.filter(|max| max.difference.is_finite()) {
            text += &format!(", \"max_abs\": {}", float_words(max.difference, false));
        }
    }
    if !row.details.is_empty() {
        text += &format!(", \"details\": {}", json_string(&row.details.join("; ")));
    }
    text + "}"
}
