//! What stands on the screen, as text: cells, marks, characters, and what is shown for bytes that are not there.

use super::values::values;
use pagelens::bytes::{Availability, MemorySource, ReadError, Source, Span};
use pagelens::decode::{Encoding, Radix};
use pagelens::session::view::rows::{Flags, ScreenInput};
use pagelens::session::view::*;
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of which some are not there, and a count of how often it was looked at.
#[derive(Debug)]
struct Holey {
    bytes: Vec<u8>,
    missing: Span,
    failed: Span,
    peeks: AtomicUsize,
}

impl Holey {
    fn new(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.to_vec(),
            missing: Span::default(),
            failed: Span::default(),
            peeks: AtomicUsize::new(0),
        }
    }
}

impl Source for Holey {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, _offset: u64, _buf: &mut [u8]) -> Result<(), ReadError> {
        panic!("the view only peeks")
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        self.peeks.fetch_add(1, Ordering::Relaxed);
        MemorySource::new(self.bytes.clone()).peek(offset, buf, states);
        for (at, (byte, state)) in (offset..).zip(buf.iter_mut().zip(states)) {
            if self.missing.contains(at) || self.failed.contains(at) {
                *byte = 0;
                *state = if self.missing.contains(at) { Availability::Missing } else { Availability::Failed };
            }
        }
    }
}

/// The screen as text: label, cells, characters. Marks stand before a cell: `>` selected, `!` changed, `?` found.
fn screen(source: &dyn Source, format: &ViewFormat, selected: Span) -> String {
    let layout = Layout::new(format, source.len(), 0.0);
    let map = layout.row_map(source.len(), format.origin);
    let mut built = Screen::default();
    built.build(&ScreenInput {
        source,
        settle: &|| {},
        changed: &|_, spans| spans.push(Span::between(1, 2)),
        found: &|_, spans| spans.push(Span::between(5, 7)),
        found_current: None,
        strings: &|_, _| {},
        selected: &|_, spans| spans.push(selected),
        format,
        layout: &layout,
        map: &map,
        rows: 0..map.rows(),
        cells: 0..layout.cells(),
        text: 0..layout.cells(),
    });
    let mut lines = String::new();
    for row in built.rows() {
        lines.push_str(row.label);
        lines.push_str(" |");
        for cell in row.cells {
            lines.push(mark_of(cell.flags));
            lines.push_str(built.text_of(cell));
        }
        lines.push_str(" | ");
        lines.extend(row.text);
        lines.push_str("|\n");
    }
    lines
}

/// What stands before a cell.
pub fn mark_of(flags: Flags) -> char {
    let marks = [(Flags::SELECTED, '>'), (Flags::CHANGED, '!'), (Flags::FOUND, '?')];
    marks.into_iter().find(|(flag, _)| flags.any(*flag)).map_or(' ', |(_, mark)| mark)
}

fn columns(cells: u32) -> ViewFormat {
    ViewFormat { columns: Columns::Fixed(cells), ..ViewFormat::default() }
}

#[test]
fn bytes_are_shown_with_their_marks() {
    let source = MemorySource::new(*b"Hello\0\x7f\xffwide world");
    assert_eq!(
        screen(&source, &columns(8), Span::between(2, 4)),
        "\
0000 0000 | 48!65>6c>6c 6f?00?7f ff | Hello...|
0000 0008 | 77 69 64 65 20 77 6f 72 | wide wor|
0000 0010 | 6c 64 | ld|
"
    );
    let decimal = ViewFormat { radix: Radix::Decimal, text: None, base: 0x1000, origin: 5, ..columns(4) };
    assert_eq!(
        screen(&source, &decimal, Span::default()),
        "\
0000 1005 |?000?127 255 119 | |
0000 1009 | 105 100 101 032 | |
0000 100d | 119 111 114 108 | |
0000 1011 | 100 | |
"
    );
}

#[test]
fn the_row_after_the_last_byte_exists() {
    let source = MemorySource::new(*b"12345678");
    assert_eq!(
        screen(&source, &columns(8), Span::default()),
        "0000 0000 | 31!32 33 34 35?36?37 38 | 12345678|\n0000 0008 | | |\n"
    );
    let empty = MemorySource::new(*b"");
    assert_eq!(screen(&empty, &columns(8), Span::default()), "0000 0000 | | |\n");
}

#[test]
fn bytes_that_are_not_there_are_told_from_zeros() {
    let mut source = Holey::new(&[0x41; 12]);
    source.missing = Span::between(2, 4);
    source.failed = Span::between(9, 11);
    assert_eq!(
        screen(&source, &columns(8), Span::default()),
        "\
0000 0000 | 41!41 ·· ·· 41?41?41 41 | AA··AAAA|
0000 0008 | 41 ?? ?? 41 | A??A|
"
    );
    assert_eq!(values(&source, "<u4", Span::default()), "0000 0000 |!··?1094795585|\n0000 0008 | ??|\n");
}

#[test]
fn a_character_may_span_rows() {
    let text = "aé€日本";
    let source = MemorySource::new(text.as_bytes().to_vec());
    let format = ViewFormat { text: Some(Encoding::Utf8), ..columns(4) };
    let shown = screen(&source, &format, Span::default());
    let texts: Vec<_> = shown.lines().map(|line| line.rsplit("| ").next().unwrap_or_default()).collect();
    assert_eq!(texts, ["aé €|", "  日 |", " 本  |", "|"]);
}

#[test]
fn a_screen_is_peeked_at_once_and_again_only_after_waiting() {
    let format = columns(16);
    let mut source = Holey::new(&[7; 300]);
    let layout = Layout::new(&format, source.len(), 0.0);
    let map = layout.row_map(source.len(), 0);
    let mut built = Screen::default();
    let mut look = |source: &Holey| {
        let waits = Cell::new(0);
        built.build(&ScreenInput {
            source,
            settle: &|| waits.set(waits.get() + 1),
            changed: &|_, _| {},
            found: &|_, _| {},
            found_current: None,
            strings: &|_, _| {},
            selected: &|_, _| {},
            format: &format,
            layout: &layout,
            map: &map,
            rows: 2..6,
            cells: 0..16,
            text: 0..16,
        });
        (source.peeks.swap(0, Ordering::Relaxed), waits.get(), built.all_ready())
    };
    assert_eq!(look(&source), (1, 0, true));
    source.missing = Span::between(0, 300);
    assert_eq!(look(&source), (2, 1, false));
    source.missing = Span::between(200, 300);
    assert_eq!(look(&source), (1, 0, true), "what is missing elsewhere is of no matter");
}

#[test]
fn formats_are_made_sensible() {
    let odd = ViewFormat {
        columns: Columns::Fixed(100_000),
        text: None,
        offsets: Radix::Binary,
        ..ViewFormat::default()
    };
    let sane = odd.normalized();
    assert_eq!((sane.columns, sane.offsets), (Columns::Fixed(4096), Radix::Hex));
}
