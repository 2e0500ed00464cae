//! `--patch OUT`: what differs is written as a patch that makes B of A.

use super::DiffSide;
use super::report::Report;
use crate::analysis::compare::{Aligner, ByteCompare, BytePair, Hunk};
use crate::analysis::search::End;
use crate::bytes::open::leads_to_one_of;
use crate::bytes::{Source, Span};
use crate::cli::CommandError;
use crate::escape::PathText;
use crate::job::Progress;
use crate::patch::{PatchError, PatchFormat, PatchPlace, PatchSides, write};
use crate::save::whole_file::{Durability, write_whole};
use std::ops::ControlFlow;
use std::path::Path;

/// Equal bytes between two places that are fewer are part of one place: a place takes as many in a patch.
const WORTH_A_PLACE: u64 = 8;

/// Writes the patch; whether both are equal.
pub(super) fn compare(
    a: &DiffSide,
    b: &DiffSide,
    out: &Path,
    format: Option<&str>,
    report: &mut Report<'_>,
) -> Result<bool, CommandError> {
    let format = format_of(format, out)?;
    if a.span != Span::first(a.source.len()) || b.span != Span::first(b.source.len()) {
        return Err(CommandError::usage("A patch is made of whole files. Leave out the names of arrays."));
    }
    let inputs: Vec<_> = [a, b].iter().filter_map(|side| side.origin.clone()).collect();
    if leads_to_one_of(out, &inputs) {
        let text = "is an input file and would be overwritten. Nothing was written. Choose another name.";
        return Err(CommandError::usage(format!("{} {text}", out.shown())));
    }
    let progress = Progress::default();
    let places =
        if format.has_insertions() { aligned(a, b, &progress) } else { at_same_offsets(a, b, &progress) };
    let places = places.map_err(|reason| {
        CommandError::failed(format!("{reason}. There is no patch of bytes that can't be read."))
    })?;
    let sides = PatchSides { old: &*a.source, new: &*b.source, name: &a.place, progress: &progress };
    let written = write_whole(out, true, Durability::Buffered, |out| write(format, &sides, &places, out));
    written.map_err(|error: PatchError| CommandError::failed(format!("{}: {error}", out.shown())))?;
    if !report.quiet {
        let count =
            if places.len() == 1 { "1 change".to_owned() } else { format!("{} changes", places.len()) };
        report.write(&format!("{count} written to {}, format {}.\n", out.shown(), format.name()));
    }
    report.end()?;
    Ok(places.is_empty())
}

/// The format that is asked for, or that the end of the name says.
fn format_of(format: Option<&str>, out: &Path) -> Result<PatchFormat, CommandError> {
    let known = || PatchFormat::ALL.map(PatchFormat::name).join(", ");
    match format {
        Some(name) => PatchFormat::named(name)
            .ok_or_else(|| CommandError::usage(format!("--format {name}: use one of: {}.", known()))),
        None => {
            let end = out.extension().and_then(|end| end.to_str()).unwrap_or_default();
            let end = if end.eq_ignore_ascii_case("txt") { "text" } else { end };
            Ok(PatchFormat::named(end).unwrap_or(PatchFormat::Json))
        }
    }
}

fn aligned(a: &DiffSide, b: &DiffSide, progress: &Progress) -> Result<Vec<PatchPlace>, String> {
    let mut places = Vec::new();
    let aligner = Aligner::new(&*a.source, &*b.source, progress);
    let tally = aligner.align(a.span, b.span, &mut |hunks: &[Hunk]| {
        for hunk in hunks.iter().filter(|hunk| hunk.is_change()) {
            push(&mut places, PatchPlace { old: hunk.a, new: hunk.b });
        }
        ControlFlow::Continue(())
    });
    match tally.unread.a.reason().or(tally.unread.b.reason()) {
        Some(reason) => Err(reason.to_string()),
        None if tally.end == End::Complete => Ok(places),
        None => Err("it was cancelled".to_owned()),
    }
}

/// Both from the same offsets on; what only the longer one has is a place too.
fn at_same_offsets(a: &DiffSide, b: &DiffSide, progress: &Progress) -> Result<Vec<PatchPlace>, String> {
    let pair = BytePair::whole(&*a.source, &*b.source);
    let mut places = Vec::new();
    let tally = ByteCompare::new(pair, progress).find_each(Span::first(pair.len), &mut |runs| {
        runs.iter().for_each(|run| push(&mut places, PatchPlace { old: run, new: run }));
        ControlFlow::Continue(())
    });
    if let Some(reason) = tally.unread.a.reason().or(tally.unread.b.reason()) {
        return Err(reason.to_string());
    }
    let rest = |source: &dyn Source| Span::between(pair.len, source.len());
    let tail = PatchPlace { old: rest(&*a.source), new: rest(&*b.source) };
    if !tail.old.is_empty() || !tail.new.is_empty() {
        push(&mut places, tail);
    }
    Ok(places)
}

fn push(places: &mut Vec<PatchPlace>, next: PatchPlace) {
    match places.last_mut() {
        Some(last) if next.old.start() - last.old.end() < WORTH_A_PLACE => {
            *last = PatchPlace {
                old: Span::between(last.old.start(), next.old.end()),
                new: Span::between(last.new.start(), next.new.end()),
            };
        }
        _ => places.push(next),
    }
}
