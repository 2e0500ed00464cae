//! The dumps of tools: hexdump, xxd, od, gdb, tcpdump, Wireshark, objdump, this program.
//!
//! A line has an offset, cells, and maybe the bytes as text. Which cells a line has is told by the next line's offset,
//! or by the text column. An offset is one only with proof: a colon, two lines that count up, a text column that shows
//! the same bytes. Words of several bytes are in the order that the text column shows, or in that of the tool.

mod layout;
mod line;
mod walk;

use super::TextBytes;
use layout::{Cells, DumpLayout};
use line::{Item, Line};
use walk::Walked;

/// In which radix offsets are tried.
const RADIXES: [u32; 3] = [16, 8, 10];

/// The dump as one layout and one radix of offsets have it.
struct Answer {
    layout: DumpLayout,
    walked: Walked,
}

/// The bytes of a dump in its likeliest layout.
pub(super) fn read(text: &str) -> Result<TextBytes, String> {
    let answers = answers(text)?;
    let best = answers.first().ok_or("it is not a dump")?;
    let is_same = |other: &Answer| other.walked.bytes == best.walked.bytes;
    // A text column shows the order, unless it shows both alike.
    let is_contested = answers.iter().any(|other| other.walked.agrees() && !is_same(other));
    // Where lines were left out, their count may hang on the radix of the offsets.
    let is_counted = answers.iter().all(|other| other.layout.cells != best.layout.cells || is_same(other));
    let is_proven = best.walked.is_proven && best.walked.is_whole && is_counted;
    let is_certain = is_proven && !is_contested && (best.layout.is_sure || best.walked.agrees());
    Ok(TextBytes { bytes: best.walked.bytes.clone(), is_certain })
}

/// Whether the first groups of the lines may well be offsets.
pub(super) fn has_offsets(text: &str) -> bool {
    answers(text).is_ok_and(|answers| answers.iter().any(|answer| answer.walked.is_proven))
}

/// The same bytes with those of each word in the other order, where the dump does not prove the order.
pub(super) fn read_swapped(text: &str) -> Result<TextBytes, String> {
    let answers = answers(text)?;
    let best = &answers[0];
    let is_other = |answer: &&Answer| {
        answer.layout.cells != best.layout.cells
            && answer.walked.bytes != best.walked.bytes
            && !best.walked.agrees()
    };
    let other = answers
        .iter()
        .find(is_other)
        .ok_or("it has no groups of several bytes, so the byte order does not matter")?;
    Ok(TextBytes::possible(other.walked.bytes.clone()))
}

/// The bytes when the offsets are octal or decimal, where they can be hex too.
pub(super) fn read_by_other_radix(text: &str) -> Result<TextBytes, String> {
    let answers = answers(text)?;
    let best = &answers[0];
    let is_other = |answer: &&Answer| {
        answer.layout.cells == best.layout.cells && answer.walked.bytes != best.walked.bytes
    };
    let other = answers.iter().find(is_other).ok_or("its offsets can be read in only one base")?;
    Ok(TextBytes::possible(other.walked.bytes.clone()))
}

/// The layouts and radixes that fit every line, the likeliest first; at least one.
fn answers(text: &str) -> Result<Vec<Answer>, String> {
    let sections = sections(text)?;
    let first = sections.iter().flatten().find_map(Item::line).ok_or("no line has an offset and bytes")?;
    let mut answers: Vec<Answer> = Vec::new();
    let mut fault = None;
    let lines = || sections.iter().flatten().filter_map(Item::line);
    for layout in DumpLayout::candidates(first, lines()) {
        for radix in RADIXES {
            match walk_all(&sections, layout, radix) {
                Ok(walked) => answers.push(Answer { layout, walked }),
                Err(reason) => fault = fault.or(Some(reason)),
            }
        }
    }
    if answers.is_empty() {
        return Err(fault.unwrap_or_else(|| String::from("its groups have no known format")));
    }
    // What the text column shows wins over what is usual.
    answers.sort_by_key(|answer| !answer.walked.agrees());
    Ok(answers)
}

fn walk_all(sections: &[Vec<Item<'_>>], layout: DumpLayout, radix: u32) -> Result<Walked, String> {
    let mut whole = Walked { is_proven: true, is_whole: sections.len() == 1, ..Walked::default() };
    for section in sections {
        whole.join(section, layout, radix)?;
    }
    Ok(whole)
}

/// The lines of a dump; more than one section where other lines stand between, as the packets of a capture have it.
/// Headings before the first line are dropped.
fn sections(text: &str) -> Result<Vec<Vec<Item<'_>>>, String> {
    let mut sections: Vec<Vec<Item<'_>>> = vec![Vec::new()];
    for (number, text) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let Some(section) = sections.last_mut() else { break };
        match Item::of(text, number + 1) {
            // The name of a function: an offset and no bytes.
            Some(Item::Line(line)) if section.is_empty() && line.rest.trim().is_empty() => {}
            Some(item) => section.push(item),
            None if section.is_empty() && !is_heading(text) => {
                return Err(format!("line {} has no offset", number + 1));
            }
            None if section.is_empty() => {}
            None => sections.push(Vec::new()),
        }
    }
    sections.retain(|section| section.iter().any(|item| item.line().is_some_and(Line::has_cells)));
    if sections.is_empty() { Err(String::from("no line has an offset and bytes")) } else { Ok(sections) }
}

/// Whether a line holds no bytes: its first word is not hex digits in pairs.
fn is_heading(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or("");
    !(word.len().is_multiple_of(2) && word.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

impl Cells {
    /// The bytes of one cell, or `None` when it is no cell of this kind.
    fn decode(self, cell: &str, bytes: &mut Vec<u8>) -> Option<()> {
        let from = bytes.len();
        match self {
            Self::Hex { width, swapped } => {
                let cell = cell.strip_prefix("0x").unwrap_or(cell);
                if cell.is_empty() || !cell.len().is_multiple_of(2) || cell.len() > 2 * width {
                    return None;
                }
                for pair in cell.as_bytes().chunks_exact(2) {
                    let digit = |byte: u8| char::from(byte).to_digit(16);
                    bytes.push((digit(pair[0])? << 4 | digit(pair[1])?) as u8);
                }
                if swapped {
                    bytes[from..].reverse();
                }
            }
            Self::Octal { width } => {
                let digits = if width == 1 { 3 } else { 6 };
                let is_octal = cell.len() == digits && cell.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
                let word = u32::from_str_radix(cell, 8).ok().filter(|_| is_octal)?;
                let word = u16::try_from(word).ok().filter(|word| width == 2 || *word < 256)?;
                bytes.extend_from_slice(&word.to_le_bytes()[..width]);
            }
            Self::Binary => {
                let is_binary = cell.len() == 8 && cell.bytes().all(|bit| matches!(bit, b'0' | b'1'));
                bytes.push(u8::from_str_radix(cell, 2).ok().filter(|_| is_binary)?);
            }
        }
        Some(())
    }
}
