//! The view model in the user's notation: what is there, the keys, what is there then.

mod screen;
mod values;

use pagelens::bytes::Span;
use pagelens::decode::Radix;
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::motion::moved;
use pagelens::session::view::{
    Column, Columns, Hit, Layout, Motion, RowMap, RowsArea, Selection, ViewFormat, Viewport,
};

/// Rows of 8 bytes that lie above the drawn ones: nothing may depend on where in a document a key is pressed.
const ROWS_ABOVE: [u64; 5] = [0, 1 << 20, 1 << 24, 1 << 40, 1 << 59];

/// Reads `'.'` as a byte, `'|'` as the caret, `'['` as the anchor (where the caret is when there is none);
/// blanks part the rows.
fn drawn(picture: &str) -> (u64, Selection) {
    let (mut len, mut anchor, mut caret) = (0, None, None);
    for sign in picture.chars() {
        match sign {
            '.' => len += 1,
            '|' => caret = Some(len),
            '[' => anchor = Some(len),
            _ => assert_eq!(sign, ' ', "a picture of bytes is made of . | [ and blanks"),
        }
    }
    let caret = caret.expect("a picture has a caret");
    (len, Selection::between(anchor.unwrap_or(caret), caret, Column::Cells))
}

fn draw(len: u64, selection: &Selection) -> String {
    let mut picture = String::new();
    for at in 0..=len {
        if at > 0 && at % 8 == 0 && at < len {
            picture.push(' ');
        }
        if at == selection.anchor && !selection.is_empty() {
            picture.push('[');
        }
        if at == selection.caret {
            picture.push('|');
        }
        if at < len {
            picture.push('.');
        }
    }
    picture
}

/// Applies keys (`S-` is Shift) to a picture, at every depth of a document.
#[track_caller]
fn keys(cell_bytes: u32, before: &str, keys: &str, after: &str) {
    let (drawn_len, start) = drawn(before);
    for above in ROWS_ABOVE {
        let base = above * 8;
        let map = RowMap::new(base + drawn_len, 0, cell_bytes, 8 / cell_bytes, 4 / cell_bytes);
        let mut at = Selection::between(start.anchor + base, start.caret + base, Column::Cells);
        for key in keys.split_whitespace() {
            let (extend, name) = key.strip_prefix("S-").map_or((false, key), |name| (true, name));
            at = moved(&at, motion(name), extend, &map, 2);
        }
        let shown = Selection::between(at.anchor - base, at.caret - base, Column::Cells);
        assert_eq!(draw(drawn_len, &shown), after, "'{keys}' on {before}, {above} rows down");
    }
}

fn motion(name: &str) -> Motion {
    match name {
        "left" => Motion::Left,
        "right" => Motion::Right,
        "up" => Motion::Up,
        "down" => Motion::Down,
        "pageup" => Motion::PageUp,
        "pagedown" => Motion::PageDown,
        "home" => Motion::RowStart,
        "end" => Motion::RowEnd,
        "bottom" => Motion::End,
        "wordleft" => Motion::WordLeft,
        "wordright" => Motion::WordRight,
        _ => panic!("no such key: {name}"),
    }
}

#[test]
fn keys_move_the_caret_by_bytes() {
    keys(1, "..|...... ........ ..", "right", "...|..... ........ ..");
    keys(1, ".......|. ........ ..", "right", "........ |........ ..");
    keys(1, "........ |........ ..", "left", ".......|. ........ ..");
    keys(1, "..|...... ........ ..", "down", "........ ..|...... ..");
    keys(1, "........ ........ ..|", "right", "........ ........ ..|");
    keys(1, "........ ...|..... ..", "down", "........ ........ ..|");
    keys(1, "........ ...|..... ..", "down up", "........ ..|...... ..");
    keys(1, "...|..... ........ ........ ..", "pagedown", "........ ........ ...|..... ..");
    keys(1, "........ ........ ...|..... ..", "pageup", "...|..... ........ ........ ..");
    keys(1, "........ ...|..... ..", "home", "........ |........ ..");
    keys(1, "........ ...|..... ..", "end", "........ .......|. ..");
    keys(1, "........ ........ |..", "end", "........ ........ ..|");
    keys(1, "|........ ........ ..", "bottom", "........ ........ ..|");
    keys(1, "........ ........|", "down", "........ ........|");
    keys(1, ".|....... ........", "wordright", "....|.... ........");
    keys(1, ".|....... ........", "wordright wordright", "........ |........");
    keys(1, "........ .....|...", "wordleft", "........ ....|....");
    keys(1, "........ |........", "wordleft", "....|.... ........");
}

#[test]
fn shift_selects_from_the_byte_under_the_caret() {
    keys(1, "..|...... ..", "S-right", "..[.|..... ..");
    keys(1, "..|...... ..", "S-right S-right S-left", "..[.|..... ..");
    keys(1, "..|...... ..", "S-left", ".|.[...... ..");
    keys(1, "..|...... ........", "S-end", "..[......| ........".replace("| ", " |").as_str());
    keys(1, "..|...... ........", "S-end S-end", "..[...... |........");
    keys(1, "..|...... ........ ..", "S-down", "..[...... ..|...... ..");
    keys(1, "..[.|..... ..", "right", "...|..... ..");
    keys(1, "..[...|... ..", "left", "..|...... ..");
    keys(1, ".....|...[ ..".replace("[ ", " [").as_str(), "S-home", "|........ [..");
    keys(1, "..|...... ..", "S-bottom", "..[...... ..|");
    keys(1, "..|...... ..", "S-right S-left", "..|...... ..");
}

#[test]
fn values_are_moved_over_and_selected_whole() {
    keys(4, "|........ ........ ..", "right", "....|.... ........ ..");
    keys(4, "....|.... ........ ..", "right", "........ |........ ..");
    keys(4, "........ |........ ..", "left", "....|.... ........ ..");
    keys(4, "|........ ........ ..", "S-right", "[....|.... ........ ..");
    keys(4, "........ ........ |..", "right", "........ ........ ..|");
    keys(4, "........ ........ ..|", "left", "........ ........ |..");
    keys(4, "........ |........ ..", "end", "........ ....|.... ..");
    let map = RowMap::new(18, 0, 4, 2, 0);
    let snapped = |anchor, caret| {
        let selection = Selection::between(anchor, caret, Column::Text).snapped(&map);
        (selection.anchor, selection.caret)
    };
    assert_eq!(snapped(5, 5), (4, 4));
    assert_eq!(snapped(5, 9), (4, 12));
    assert_eq!(snapped(9, 5), (12, 4));
    assert_eq!(snapped(13, 18), (12, 18));
    assert_eq!(snapped(40, 40), (18, 18));
}

#[test]
fn the_mouse_selects_both_ends_of_a_drag() {
    for above in ROWS_ABOVE {
        let base = above * 8;
        let map = RowMap::new(base + 40, 0, 1, 8, 4);
        let hit = |offset: u64| Hit { offset: base + offset, column: Column::Cells };
        let span = |from: u64, to: u64| Span::between(base + from, base + to);
        let pressed = Selection::default().press(hit(3), false, 1, &map);
        assert_eq!((pressed.span(), pressed.caret), (span(3, 3), base + 3));
        assert!(pressed.drag(hit(3), &map).is_empty(), "a click with a tremble selects nothing");
        assert_eq!(pressed.drag(hit(5), &map).span(), span(3, 6));
        assert_eq!(pressed.drag(hit(5), &map).drag(hit(3), &map).span(), span(3, 4));
        let up = pressed.drag(hit(1), &map);
        assert_eq!((up.span(), up.caret), (span(1, 4), base + 1));
        assert_eq!(pressed.press(hit(6), true, 1, &map).span(), span(3, 7), "Shift and a click");

        let group = Selection::default().press(hit(13), false, 2, &map);
        assert_eq!(group.span(), span(12, 16));
        assert_eq!(group.drag(hit(20), &map).span(), span(12, 24));
        assert_eq!(group.drag(hit(7), &map).span(), span(4, 16));
        let row = Selection::default().press(hit(13), false, 3, &map);
        assert_eq!(row.span(), span(8, 16));
        assert_eq!(row.drag(hit(26), &map).span(), span(8, 32));
    }
}

#[test]
fn scrolling_is_exact_at_every_depth() {
    for rows in [1, 40, 1 << 24, 1 << 40, 1 << 59] {
        let pane = RowsArea { rows: rows + 1, row_height: 19.0, height: 700.0 };
        let top = Viewport::default();
        let last = top.at_fraction(1.0, &pane);
        assert_eq!(last, pane.last());
        assert_eq!(last.fraction(&pane), if rows < 36 { 0.0 } else { 1.0 });
        assert_eq!(top.at_fraction(0.0, &pane), top);
        assert_eq!(top.at_fraction(2.0, &pane), last);
        assert_eq!(last.scrolled(1e30, &pane), last);
        assert_eq!(last.scrolled(-1e30, &pane), top);
        if rows == 1 {
            continue;
        }
        let deep = Viewport { top: rows - 40, sub: 7.0, left: 3.0 }.clamped(&pane);
        for pixels in [1.0, 19.0, 33.5] {
            let there = deep.scrolled(pixels, &pane);
            let moved = (there.top - deep.top) as f64 * 19.0 + f64::from(there.sub - deep.sub);
            assert_eq!(moved, pixels, "{rows} rows");
            assert_eq!(there.scrolled(-pixels, &pane), deep);
        }
        for row in deep.top..deep.top + 30 {
            let y = deep.y_of(row, &pane);
            assert_eq!(deep.row_at(y, &pane), row);
            assert_eq!(deep.row_at(y + 18.9, &pane), row);
        }
        assert_eq!(deep.row_at(1e9, &pane), rows);
    }
}

#[test]
fn a_revealed_row_is_seen_in_whole_and_the_view_moves_no_further() {
    for base in [0, 1 << 24, 1 << 40, 1 << 59] {
        let pane = RowsArea { rows: base + 1000, row_height: 20.0, height: 210.0 };
        let view = Viewport { top: base + 100, sub: 5.0, left: 0.0 };
        for row in base + 80..base + 130 {
            let seen = view.revealing(row, 1, &pane);
            let (above, below) = (seen.y_of(row - 1, &pane), seen.y_of(row + 2, &pane));
            assert!(above >= 0.0 && below <= 210.0, "row {row} at {above}..{below}");
            if (base + 102..base + 109).contains(&row) {
                assert_eq!(seen, view, "row {row} was in sight");
            }
        }
        assert_eq!(view.revealing(base + 99, 0, &pane), Viewport { top: base + 99, sub: 0.0, left: 0.0 });
        assert_eq!(view.jumped_to(base + 105, &pane), view);
        assert_eq!(view.jumped_to(base + 500, &pane).top, base + 497);
        assert_eq!(view.jumped_to(u64::MAX, &pane), pane.last());
    }
}

#[test]
fn every_cell_and_character_is_hit_where_it_stands() {
    let mut formats = Vec::new();
    for (radix, cells) in [(Radix::Hex, 16), (Radix::Binary, 7)] {
        for group in [0, 1, 3, 8] {
            let columns = Columns::Fixed(cells);
            formats.push(ViewFormat { radix, columns, group, ..ViewFormat::default() });
        }
    }
    for format in &formats {
        let layout = Layout::new(format, 1 << 62, 0.0);
        for index in 0..layout.cells() {
            let left = layout.cell_x(index) as f32;
            for x in [left, left + 0.5, left + layout.cell_chars() as f32 - 0.1] {
                assert_eq!(layout.hit(x), (Column::Cells, index), "{format:?} at {x}");
            }
        }
        for byte in 0..layout.cells() {
            let x = layout.text_x(byte).expect("a text column") as f32 + 0.5;
            assert_eq!(layout.hit(x), (Column::Text, byte));
            assert_eq!(layout.text_between(x, x + 1.0).start, byte);
        }
        assert_eq!(layout.hit(-5.0), (Column::Cells, 0));
        assert_eq!(layout.hit(1e9), (Column::Text, layout.cells() - 1));
    }
}

#[test]
fn fitted_columns_are_the_most_that_fit() {
    for group in [0, 1, 4, 8] {
        let format = ViewFormat { columns: Columns::Fit, group, ..ViewFormat::default() };
        for width in 20..300 {
            let layout = Layout::new(&format, 1 << 30, width as f32);
            let whole_groups = group > 1 && layout.cells().is_multiple_of(group);
            let step = if whole_groups { group } else { 1 };
            let more = ViewFormat { columns: Columns::Fixed(layout.cells() + step), ..format.clone() };
            assert!(Layout::new(&more, 1 << 30, 0.0).width() > width, "{group} {width}: more would fit");
            assert!(layout.width() <= width || layout.cells() == 1, "{group} {width}: too wide");
        }
    }
}

#[test]
fn offsets_are_grouped_and_wide_enough_for_the_last_one() {
    let label =
        |format: &ViewFormat, len: u64, offset: u64| Layout::new(format, len, 0.0).labels().label(offset);
    let hex = ViewFormat::default();
    assert_eq!(label(&hex, 10, 0x80), "0000 0080");
    assert_eq!(label(&hex, 1 << 33, 0x80), "0000 0000 0080");
    assert_eq!(label(&hex, u64::MAX, 0xfeed_0000_0000_cafe), "feed 0000 0000 cafe");
    let upper = ViewFormat { upper: true, base: 0xffff_ffff_8000_0000, ..ViewFormat::default() };
    assert_eq!(label(&upper, 10, 0xab), "FFFF FFFF 8000 00AB");
    assert_eq!(label(&upper, 10, 0x8000_0000), "0000 0000 0000 0000");
    let decimal = ViewFormat { offsets: Radix::Decimal, ..ViewFormat::default() };
    assert_eq!(label(&decimal, 10, 0), "         0");
    assert_eq!(label(&decimal, 10, 1_234_567), " 1,234,567");
    assert_eq!(label(&decimal, u64::MAX, u64::MAX), "18,446,744,073,709,551,615");
}

#[test]
fn as_many_as_fit_line_up_with_the_rows_beside_them() {
    let cells = |dtype: &str, width: f32, beside: Option<u32>| {
        ValuesFormat::new(dtype.parse().expect("a type")).columns_in(1 << 20, width, beside)
    };
    assert!(cells("<f4", 200.0, None) > 4);
    assert_eq!(cells("<f4", 200.0, Some(16)), 4);
    assert_eq!(cells("<f4", 70.0, Some(16)), 2);
    assert_eq!(cells("<f8", 90.0, Some(16)), 2);
    // Twelve bytes are no part of sixteen.
    assert_eq!(cells("<f8", 90.0, Some(12)), cells("<f8", 90.0, None));
}

#[test]
fn the_word_step_is_eight_bytes_where_cells_are_not_grouped() {
    assert_eq!(RowMap::new(100, 0, 1, 16, 0).word_bytes(), 8);
    assert_eq!(RowMap::new(100, 0, 4, 16, 0).word_bytes(), 8);
    assert_eq!(RowMap::new(100, 0, 16, 16, 0).word_bytes(), 16);
    assert_eq!(RowMap::new(100, 0, 4, 16, 4).word_bytes(), 16);
}
