//! Edits as a text for people and for other programs: what was where, and what is there now.
//!
//! The text says itself how it is to be read. It is made while it is read, so its length costs no memory. Bytes that
//! nobody kept are written as `??`.

use super::record::About;
use crate::bytes::{Availability, SharedSource, Source, Span};
use crate::document::Snapshot;
use crate::escape::PathText;
use std::collections::VecDeque;
use std::io::{self, Read};

/// Bytes in a line.
const LINE: u64 = 32;
const CHUNK: u64 = 64 << 10;

const HEAD: &str = "\
# A patch of pagelens: unsaved edits, described against the file as it was before them.
# Each change begins with @, the offset of its first byte in that file, the number of bytes that were there, and
# the number of bytes that are there now. Lines with - are the old bytes, lines with + the new ones, in hex.
# x and a number at the end of a line: the line is repeated that many times. ?? is a byte that was not kept.
# Offsets are those of the file before all changes.
";

/// The text of a patch, to be read once.
pub struct PatchText {
    now: Snapshot,
    base: SharedSource,
    next_change: u64,
    /// What is left of the change at hand: the sign before its bytes, and where they are.
    parts: VecDeque<(char, Span)>,
    /// The last line, which may stand more than once.
    line: Option<(String, u64)>,
    text: Vec<u8>,
    given: usize,
}

impl PatchText {
    /// The changes of `now` against `base`, under a head that says which file it is about.
    pub fn new(about: &About, damage: Option<&str>, now: Snapshot, base: SharedSource) -> Self {
        let mut text = HEAD.to_owned();
        if let Some(damage) = damage {
            text.push_str(&format!("# {damage}\n"));
        }
        let name = about.path().map_or(about.title.clone(), |path| path.typed());
        let lines = [
            format!("file: {}\n", name.escape_debug()),
            format!("length before: {}\n", now.base_len()),
            format!("length now: {}\n", now.len()),
            format!("changes: {}\n", now.changes()),
        ];
        text.extend(lines);
        Self { now, base, next_change: 0, parts: VecDeque::new(), line: None, text: text.into(), given: 0 }
    }

    /// Makes some more of the text; `false` at its end.
    fn go_on(&mut self) -> bool {
        let Some((sign, span)) = self.parts.pop_front() else {
            self.flush_line();
            let Some(change) = self.now.nth_change(self.next_change) else { return !self.text.is_empty() };
            self.next_change += 1;
            let (before, after) = (change.replaced, change.span);
            let head = format!("@ {:#x} -{} +{}\n", before.start(), before.len(), after.len());
            self.text.extend_from_slice(head.as_bytes());
            self.parts =
                [('-', before), ('+', after)].into_iter().filter(|(_, span)| !span.is_empty()).collect();
            return true;
        };
        let part = Span::between(span.start(), span.end().min(span.start() + CHUNK));
        if part.end() < span.end() {
            self.parts.push_front((sign, Span::between(part.end(), span.end())));
        }
        let source: &dyn Source = if sign == '-' { &*self.base } else { &self.now };
        let digits = digits(source, part);
        for line in digits.chunks(LINE as usize) {
            self.push_line(format!("{sign} {}", line.join(" ")));
        }
        true
    }

    fn push_line(&mut self, line: String) {
        match &mut self.line {
            Some((last, count)) if *last == line => *count += 1,
            _ => {
                self.flush_line();
                self.line = Some((line, 1));
            }
        }
    }

    fn flush_line(&mut self) {
        if let Some((line, count)) = self.line.take() {
            self.text.extend_from_slice(line.as_bytes());
            if count > 1 {
                self.text.extend_from_slice(format!(" x {count}").as_bytes());
            }
            self.text.push(b'\n');
        }
    }
}

/// Each byte as two digits.
fn digits(source: &dyn Source, span: Span) -> Vec<String> {
    let mut bytes = vec![0; span.len() as usize];
    if source.read_at(span.start(), &mut bytes).is_ok() {
        return bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    }
    let mut states = vec![Availability::Missing; bytes.len()];
    source.peek(span.start(), &mut bytes, &mut states);
    let one = |(at, (byte, state)): (u64, (&u8, &Availability))| {
        let mut own = [*byte];
        let is_known = match state {
            Availability::Ready => true,
            Availability::Failed => false,
            Availability::Missing => source.read_at(at, &mut own).is_ok(),
        };
        if is_known { format!("{:02x}", own[0]) } else { "??".to_owned() }
    };
    (span.start()..).zip(bytes.iter().zip(&states)).map(one).collect()
}

impl Read for PatchText {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.text.clear();
            self.given = 0;
            while self.text.is_empty() && self.go_on() {}
        }
        let ready = &self.text[self.given..];
        let len = ready.len().min(buf.len());
        buf[..len].copy_from_slice(&ready[..len]);
        self.given += len;
        Ok(len)
    }
}
