//! Goes through the lines of a dump in one layout and one radix of offsets, and says what speaks for them.

use super::layout::{Cells, DumpLayout};
use super::line::{Cell, Item, Line};
use std::ops::Range;

/// The most bytes that all `*` lines of a text may stand for together: a few words could ask for any number.
const MAX_REPEATED: u64 = 64 << 20;
/// The longest line whose text column is compared.
const MAX_SHOWN: usize = 256;
/// So many bytes shown right in the text column prove that the first group is an offset.
const PROOF: usize = 4;

/// The bytes of a dump.
#[derive(Clone, Debug, Default)]
pub(super) struct Walked {
    pub bytes: Vec<u8>,
    /// The offsets are offsets.
    pub is_proven: bool,
    /// One dump without a break, whose end is known.
    pub is_whole: bool,
    /// How many of the bytes `*` lines stand for.
    pub(super) repeated: u64,
    pub(super) shown: Shown,
}

/// What the text columns say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
    /// Bytes of ASCII text that are shown as they are.
    right: usize,
    /// Bytes that are shown as something else.
    wrong: usize,
    /// There are columns between bars or angles.
    is_delimited: bool,
}

impl Walked {
    /// Whether a text column shows these bytes.
    pub fn agrees(&self) -> bool {
        self.shown.right > 0 && self.shown.wrong == 0
    }

    /// Appends what the next section of the same text holds.
    ///
    /// # Errors
    /// A sentence without its stop: of the section's lines, and when `*` lines stand for too many bytes in all.
    pub fn join(&mut self, section: &[Item<'_>], layout: DumpLayout, radix: u32) -> Result<(), String> {
        let other = walk(section, layout, radix, self.repeated)?;
        self.repeated = other.repeated;
        self.bytes.extend(other.bytes);
        self.is_proven &= other.is_proven;
        self.is_whole &= other.is_whole;
        self.shown.add(other.shown);
        Ok(())
    }

    /// Appends the last row again until there are `len` bytes.
    fn repeat(&mut self, row: Range<usize>, len: u64) -> Result<(), &'static str> {
        let missing = len.checked_sub(self.bytes.len() as u64).ok_or(REPEATS)?;
        let size = row.len() as u64;
        if size == 0 || row.end != self.bytes.len() || !missing.is_multiple_of(size) {
            return Err(REPEATS);
        }
        self.repeated = self.repeated.saturating_add(missing);
        if self.repeated > MAX_REPEATED {
            return Err(TOO_MANY);
        }
        self.bytes.reserve(missing as usize);
        // All from the row on are rows like it, so ever more of them are copied at once.
        while (self.bytes.len() as u64) < len {
            let wanted = (len - self.bytes.len() as u64) as usize;
            let end = self.bytes.len().min(row.start + wanted);
            self.bytes.extend_from_within(row.start..end);
        }
        Ok(())
    }
}

impl Shown {
    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.is_delimited |= other.is_delimited;
    }
}

/// The lines of one section; `repeated` bytes are what `*` lines of those before it stand for.
fn walk(items: &[Item<'_>], layout: DumpLayout, radix: u32, repeated: u64) -> Result<Walked, String> {
    let mut walked = Walked { repeated, ..Walked::default() };
    let mut first = None;
    let mut counted = 0;
    let mut row = 0..0;
    for (place, item) in items.iter().enumerate() {
        let Item::Line(line) = item else { continue };
        let offset = line
            .offset(radix)
            .ok_or_else(|| fault(line, "its offset is not a number in the same base as the others"))?;
        let begin = *first.get_or_insert(offset);
        let here = offset.checked_sub(begin).ok_or_else(|| fault(line, COUNTS))?;
        let starred = place > 0 && matches!(items[place - 1], Item::Star);
        if starred {
            walked.repeat(row.clone(), here).map_err(|reason| fault(line, reason))?;
        }
        // A word may have been filled up at the end.
        let is_end = place + 1 == items.len() && line.rest.trim().is_empty();
        let over = (walked.bytes.len() as u64).checked_sub(here).ok_or_else(|| fault(line, COUNTS))?;
        if over > 0 && !(is_end && over < width(layout.cells)) {
            return Err(fault(line, COUNTS));
        }
        walked.bytes.truncate(here as usize);
        counted += usize::from(place > 0);
        if is_end {
            continue;
        }
        let step = match items.get(place + 1) {
            Some(Item::Line(next)) => next.offset(radix).and_then(|next| next.checked_sub(offset)),
            _ => None,
        };
        let from = walked.bytes.len();
        let shown = take(line, layout.cells, step, &mut walked.bytes)?;
        row = from..walked.bytes.len();
        walked.shown.add(shown.unwrap_or_default());
    }
    if matches!(items.last(), Some(Item::Star)) {
        return Err(String::from(
            "its last line is *, and no offset after it gives the number of repeated lines",
        ));
    }
    let has_colon = items.iter().any(|item| item.line().is_some_and(|line| line.has_colon));
    let Shown { right, wrong, is_delimited } = walked.shown;
    // Without the offset at the end a last word may have been filled up with a zero.
    let digits = match layout.cells {
        Cells::Hex { width, .. } => 2 * width,
        Cells::Octal { width: 1 } => 3,
        Cells::Octal { .. } => 6,
        Cells::Binary => 8,
    };
    let ends_with_word = items
        .last()
        .and_then(Item::line)
        .is_some_and(|line| !line.rest.trim().is_empty() && !line.has_open_text(digits));
    let is_filled = ends_with_word && width(layout.cells) > 1 && walked.bytes.last() == Some(&0);
    walked.is_whole = !is_filled || has_colon || walked.agrees();
    walked.is_proven = has_colon || counted > 0 || (wrong == 0 && (right >= PROOF || is_delimited));
    Ok(walked)
}

const COUNTS: &str = "its offset does not match the number of bytes before it";
const REPEATS: &str = "the * before it does not match a multiple of the line length";
const TOO_MANY: &str = "the * lines before it repeat more than 64 MiB";

fn fault(line: &Line<'_>, reason: &str) -> String {
    format!("line {}: {reason}", line.number)
}

fn width(cells: Cells) -> u64 {
    match cells {
        Cells::Hex { width, .. } | Cells::Octal { width } => width as u64,
        Cells::Binary => 1,
    }
}

/// Appends the bytes of a line, of which `step` says how many there are. Answers what the text column says, if there is
/// one to compare.
fn take(
    line: &Line<'_>,
    cells: Cells,
    step: Option<u64>,
    bytes: &mut Vec<u8>,
) -> Result<Option<Shown>, String> {
    let from = bytes.len();
    let step = step.filter(|step| *step > 0);
    // Where in the line its cells may end: the bytes so far, and the place in the rest.
    let mut ends = Vec::new();
    let mut gaps = Gaps::default();
    let mut goes_on = false;
    for cell in line.cells() {
        let is_short = cell.text.len() < 2 * width(cells) as usize;
        let is_full = step.is_some_and(|step| (bytes.len() - from) as u64 >= step);
        let before = bytes.len();
        if !gaps.go_on(&cell, cells, is_short) || cells.decode(cell.text, bytes).is_none() {
            bytes.truncate(before);
            break;
        }
        if is_full {
            bytes.truncate(before);
            goes_on = true;
            break;
        }
        ends.push((bytes.len() - from, cell.end));
    }
    let last = *ends
        .last()
        .ok_or_else(|| fault(line, "its groups differ in format from those in the first line"))?;
    let Some(step) = step else { return take_last(line, &ends, from, bytes) };
    if (last.0 as u64) < step {
        return Err(fault(line, "it has fewer bytes than the next line's offset says"));
    }
    let shown = compare(&line.rest[last.1..], &bytes[from..]);
    if goes_on && shown.is_none_or(|shown| shown.wrong > 0) {
        return Err(fault(line, "it has more bytes than the next line's offset says"));
    }
    Ok(shown)
}

/// The same for a line that no other follows: the most cells that a text column follows, else the whole line.
fn take_last(
    line: &Line<'_>,
    ends: &[(usize, usize)],
    from: usize,
    bytes: &mut Vec<u8>,
) -> Result<Option<Shown>, String> {
    let shown = ends.iter().rev().find_map(|(count, end)| {
        let shown = compare(&line.rest[*end..], &bytes[from..from + count])?;
        (shown.wrong == 0).then_some((*count, shown))
    });
    if let Some((count, shown)) = shown {
        bytes.truncate(from + count);
        return Ok(Some(shown));
    }
    let after = ends.last().map_or("", |(_, end)| &line.rest[*end..]).trim();
    if after.is_empty() || (after.len() > 1 && after.starts_with('|') && after.ends_with('|')) {
        return Ok(None);
    }
    Err(fault(line, "it is not clear where its bytes end"))
}

/// The blanks between the cells of a line: the same between all, save a wider gap in the middle.
#[derive(Default)]
struct Gaps {
    usual: usize,
    seen: usize,
}

impl Gaps {
    /// Whether a cell may follow those before it.
    fn go_on(&mut self, cell: &Cell<'_>, cells: Cells, is_short: bool) -> bool {
        let place = self.seen;
        self.seen += 1;
        match place {
            0 => true,
            1 => {
                self.usual = cell.gap;
                match cells {
                    Cells::Hex { width: 2, swapped: true } => matches!(cell.gap, 1 | 4),
                    // xxd -e has blanks in the place of the bytes that are not there.
                    Cells::Hex { swapped: true, .. } => cell.gap == 1 || is_short,
                    Cells::Octal { width: 2 } => matches!(cell.gap, 1 | 2),
                    _ => cell.gap == 1,
                }
            }
            _ if matches!(cells, Cells::Hex { swapped: true, .. }) && is_short => true,
            _ => cell.gap == self.usual || (cell.gap == self.usual + 1 && place.is_multiple_of(4)),
        }
    }
}

/// What a text column says of the bytes before it; `None` when there is none of that length.
fn compare(after: &str, bytes: &[u8]) -> Option<Shown> {
    if bytes.len() > MAX_SHOWN || after.trim().is_empty() {
        return None;
    }
    let open = after.trim();
    for (left, right) in [('|', '|'), ('>', '<')] {
        if let Some(inner) = open.strip_prefix(left).and_then(|rest| rest.strip_suffix(right)) {
            let shown = compare_shown(inner.chars(), bytes);
            return shown.map(|shown| Shown { is_delimited: true, ..shown });
        }
    }
    // A text column ends the line; its own blanks at the end may have been cut off.
    let characters: Vec<char> = after.trim_end().chars().take(4 * MAX_SHOWN).collect();
    let mut best: Option<Shown> = None;
    for cut in 0..bytes.len() {
        let kept = bytes.len() - cut;
        if kept >= characters.len() {
            continue;
        }
        let (gap, shown) = characters.split_at(characters.len() - kept);
        if !gap.iter().all(|blank| matches!(blank, ' ' | '\t')) {
            break;
        }
        let shown = compare_shown(shown.iter().copied().chain(std::iter::repeat_n(' ', cut)), bytes);
        if let Some(shown) = shown.filter(|shown| best.is_none_or(|best| shown.wrong < best.wrong)) {
            best = Some(shown);
        }
    }
    best
}

/// All characters that are no ASCII letters or digits are as good as a dot where a byte is no text: tools differ there.
fn compare_shown(shown: impl Iterator<Item = char>, bytes: &[u8]) -> Option<Shown> {
    let mut count = 0;
    let mut answer = Shown::default();
    for (character, byte) in shown.zip(bytes.iter().map(Some).chain(std::iter::repeat(None))) {
        count += 1;
        let byte = *byte?;
        let is_text = matches!(byte, b' '..=b'~');
        // tcpdump shows a blank as a dot.
        let is_dot = byte == b' ' && character == '.';
        let fits = if is_text {
            character == char::from(byte) || is_dot
        } else {
            !character.is_ascii_alphanumeric()
        };
        answer.right += usize::from(fits && is_text && !is_dot);
        answer.wrong += usize::from(!fits);
    }
    // A column of another length is in an encoding that is not ASCII: it says nothing.
    (count == bytes.len()).then_some(answer)
}
