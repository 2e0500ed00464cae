//! Bytes over insertions and deletions: a line for each change.

use super::DiffSide;
use super::report::{Report, json_side};
use super::streamed::streamed;
use crate::analysis::compare::{Aligner, Hunk};
use crate::analysis::search::End;
use crate::cli::CommandError;
use std::ops::ControlFlow;

/// Whether both are equal.
pub(super) fn compare(a: &DiffSide, b: &DiffSide, report: &mut Report<'_>) -> Result<bool, CommandError> {
    if report.json {
        let sides = (json_side(a), json_side(b));
        report.write(&format!(
            "{{\"kind\": \"aligned\", \"a\": {}, \"b\": {}, \"changes\": [",
            sides.0, sides.1
        ));
    }
    let mut is_cut = false;
    let mut any = false;
    let tally = streamed(
        |progress, take| {
            let aligner = Aligner::new(&*a.source, &*b.source, progress);
            aligner.align(a.span, b.span, &mut |hunks: &[Hunk]| {
                let changes: Vec<Hunk> = hunks.iter().filter(|hunk| hunk.is_change()).copied().collect();
                if changes.is_empty() { ControlFlow::Continue(()) } else { take(changes) }
            })
        },
        &mut |changes| {
            any = true;
            if report.quiet {
                return ControlFlow::Break(());
            }
            let listed = if report.summary { Vec::new() } else { changes };
            for hunk in listed {
                if !report.takes_one() {
                    is_cut = true;
                    return ControlFlow::Break(());
                }
                let text = if report.json { json_change(&hunk, report.comma()) } else { line(&hunk) };
                report.write(&text);
            }
            report.flush();
            ControlFlow::Continue(())
        },
    );
    report.unread((&a.place, &b.place), &tally.unread);
    if report.json {
        let is_complete = !is_cut && tally.end == End::Complete && tally.unread.is_empty();
        let line = if any && !report.summary { "\n" } else { "" };
        report.write(&format!("{line}], \"equal\": {}, \"complete\": {is_complete}}}\n", !any));
    }
    if report.summary && !report.json {
        let (a, b) = (tally.changed.a, tally.changed.b);
        report.write(&format!("changes\t{}\nchanged in a\t{a}\nchanged in b\t{b}\n", tally.changes));
    }
    report.end()?;
    Ok(!any)
}

fn line(hunk: &Hunk) -> String {
    format!("{}\t{}\t{}\n", hunk.kind.name(), hunk.a, hunk.b)
}

fn json_change(hunk: &Hunk, comma: &str) -> String {
    format!(
        "{comma}{{\"kind\": \"{}\", \"a\": {{\"offset\": {}, \"length\": {}}}, \"b\": {{\"offset\": {}, \"length\": {}}}}}",
        hunk.kind.name(),
        hunk.a.start(),
        hunk.a.len(),
        hunk.b.start(),
        hunk.b.len()
    )
}
