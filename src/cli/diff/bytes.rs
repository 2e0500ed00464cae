//! Bytes at the same places: a line for each byte that differs, as `cmp -l` has them.

use super::DiffSide;
use super::report::{Report, json_side};
use super::streamed::streamed;
use crate::analysis::SpanBatch;
use crate::analysis::compare::{ByteCompare, BytePair, CompareTally};
use crate::analysis::search::End;
use crate::bytes::Span;
use crate::cli::CommandError;
use std::ops::ControlFlow;

/// Bytes of a run that are read at once.
const AT_ONCE: u64 = 64 << 10;

/// Bytes of a run that stand in JSON; of a longer one only its place.
const MOST_IN_JSON: u64 = 64;

/// Whether both are equal.
pub(super) fn compare(a: &DiffSide, b: &DiffSide, report: &mut Report<'_>) -> Result<bool, CommandError> {
    let pair = BytePair::of_spans((&*a.source, a.span), (&*b.source, b.span));
    if report.json {
        let sides = (json_side(a), json_side(b));
        report.write(&format!("{{\"kind\": \"bytes\", \"a\": {}, \"b\": {}, \"runs\": [", sides.0, sides.1));
    }
    let mut failed = None;
    let mut is_cut = false;
    let lists = !report.quiet && !report.summary;
    let tally = streamed(
        |progress, take| ByteCompare::new(pair, progress).find_each(Span::first(pair.len), take),
        &mut |runs: SpanBatch| {
            for run in runs.iter() {
                let written = if lists { write_run(&pair, run, report) } else { Ok(true) };
                match written {
                    Ok(true) => {}
                    Ok(false) => is_cut = true,
                    Err(error) => failed = Some(error),
                }
                if is_cut || failed.is_some() {
                    return ControlFlow::Break(());
                }
            }
            report.flush();
            if report.quiet { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    if let Some(error) = failed {
        report.error(error);
    }
    report.unread((&a.place, &b.place), &tally.unread);
    let is_equal = tally.runs == 0 && a.span.len() == b.span.len();
    if report.json {
        let is_complete = !is_cut && tally.end == End::Complete && tally.unread.is_empty();
        let line = if tally.runs > 0 && lists { "\n" } else { "" };
        report.write(&format!(
            "{line}], \"different_bytes\": {}, \"equal\": {is_equal}, \"complete\": {is_complete}}}\n",
            tally.bytes
        ));
    }
    if report.summary && !report.json {
        let CompareTally { bytes, runs, .. } = tally;
        report.write(&format!("compared\t{}\ndifferent\t{bytes}\nruns\t{runs}\n", pair.len));
    }
    if !is_cut {
        report.lengths(a, b);
    }
    report.end()?;
    Ok(is_equal)
}

/// Whether all of a run was wanted.
fn write_run(pair: &BytePair<'_>, run: Span, report: &mut Report<'_>) -> Result<bool, String> {
    let mut text = String::new();
    let (mut own, mut other) = (Vec::new(), Vec::new());
    if report.json {
        if !report.takes_one() {
            return Ok(false);
        }
        let offset = pair.from.a + run.start();
        text += &format!("{}{{\"offset\": {offset}, \"length\": {}", report.comma(), run.len());
        if run.len() <= MOST_IN_JSON {
            read_both(pair, run, &mut own, &mut other)?;
            text += &format!(", \"a\": \"{}\", \"b\": \"{}\"", hex(&own), hex(&other));
        }
        report.write(&(text + "}"));
        return Ok(true);
    }
    for part in run.chunks(AT_ONCE) {
        read_both(pair, part, &mut own, &mut other)?;
        text.clear();
        let mut all = true;
        for (at, (own, other)) in (pair.from.a + part.start()..).zip(own.iter().zip(&other)) {
            // It may have changed since it was compared.
            if own == other {
                continue;
            }
            all = report.takes_one();
            if !all {
                break;
            }
            push_line(at, *own, *other, &mut text);
        }
        report.write(&text);
        if !all {
            return Ok(false);
        }
    }
    Ok(true)
}

fn push_line(at: u64, own: u8, other: u8, text: &mut String) {
    use std::fmt::Write;
    // Writing to a text never fails.
    let _ = writeln!(text, "{at:#x}\t{own:02x}\t{other:02x}");
}

fn read_both(
    pair: &BytePair<'_>,
    places: Span,
    own: &mut Vec<u8>,
    other: &mut Vec<u8>,
) -> Result<(), String> {
    own.resize(places.len() as usize, 0);
    other.resize(places.len() as usize, 0);
    let read = pair.a.read_at(pair.from.a + places.start(), own);
    let read = read.and_then(|()| pair.b.read_at(pair.from.b + places.start(), other));
    read.map_err(|error| format!("{error}."))
}

fn hex(bytes: &[u8]) -> String {
    crate::decode::hex::format(bytes, false, "")
}
