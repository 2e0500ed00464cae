//! Plain values in the grid: what is heard, what a click takes, where the caret is drawn.

use super::*;

fn values(source: impl Source + 'static, dtype: &str, columns: u32) -> View {
    let format = ValuesFormat::new(dtype.parse().expect("a dtype"));
    let format = GridFormat::Values(ValuesFormat { columns: Columns::Fixed(columns), ..format });
    View { format, ..View::new(source) }
}

fn four_and_a_half() -> Vec<u8> {
    [1i32, -2, 0, 3].into_iter().flat_map(i32::to_le_bytes).chain([7, 7]).collect()
}

fn labels(window: &Window, role: Role) -> Vec<String> {
    let nodes = window.harness.query_all_by(|node| node.role() == role);
    nodes.map(|node| node.accesskit_node().label().unwrap_or_default()).collect()
}

#[test]
fn values_and_the_caret_can_be_heard() {
    let mut window = Window::new(values(MemorySource::new(four_and_a_half()), "<i4", 4));
    assert_eq!(labels(&window, Role::Row), ["0000 0000, 1 -2 0 3", "0000 0010, …"]);
    assert_eq!(labels(&window, Role::Grid), ["values, int32"]);
    let cells = ["1, 0x0", "-2, 0x4", "0, 0x8", "3, 0xC", "…, 0x10, incomplete"];
    assert_eq!(labels(&window, Role::GridCell), cells);
    for (at, heard) in [(4, "0000 0004, -2"), (16, "0000 0010, …"), (18, "0000 0012, end")] {
        window.view().selection = Selection::caret_at(at, Column::Cells);
        window.harness.run();
        assert_eq!(window.harness.get_by_role(Role::Grid).value().as_deref(), Some(heard));
    }
    assert_eq!(labels(&window, Role::GridCell).last().map(String::as_str), Some("end, 0x12"));
    window.view().selection = Selection::between(4, 12, Column::Cells);
    window.harness.run();
    let selected = window.harness.query_all_by(|node| node.is_selected() == Some(true)).count();
    assert_eq!(selected, 2);
}

/// The columns of pixels in `row` that the solid caret covers.
fn drawn_caret(window: &Window, row: Rect) -> (usize, usize) {
    let (picture, caret) = (window.picture_of(row), theme::Theme::dark().data.caret_bg);
    let solid = (1..900).filter(|x| picture[(*x, row.top() as usize + 2)] == caret);
    let solid: Vec<usize> = solid.collect();
    (solid[0], solid[solid.len() - 1])
}

#[test]
fn the_value_that_is_clicked_has_the_caret() {
    for (columns, left) in [(6, 0.0), (64, 0.0), (64, 1234.0)] {
        let mut view = values(Vast(1 << 20), "<u2", columns);
        view.viewport.left = left;
        let mut window = Window::new(view);
        let label = format!("{:04x}", 3 * columns * 2);
        let row = window.row_rect(&format!("0000 {label}"));
        let mut hit = Vec::new();
        for x in (110..430).step_by(13) {
            window.click(pos2(x as f32 + 0.5, row.center().y));
            window.harness.run_steps(1);
            let selection = window.view().selection;
            assert!(selection.is_empty() && selection.caret.is_multiple_of(2), "{selection:?}");
            let (first, last) = drawn_caret(&window, row);
            // The pointer is in the cell or in a gap beside it.
            assert!(first.saturating_sub(14) <= x && x <= last + 14, "{x}: {first}..={last}");
            hit.push(selection.caret);
        }
        hit.dedup();
        assert!(hit.is_sorted() && hit.len() > 4, "{hit:?}");
    }
}

#[test]
fn clicks_on_values_take_the_value_and_the_row() {
    let mut window = Window::new(values(sample(), "<i4", 4));
    let row = window.row_rect("0000 0030");
    let at = pos2(150.5, row.center().y);
    window.click(at);
    let caret = window.view().selection.caret;
    window.click(at);
    assert_eq!(window.view().selection.span(), Span::between(caret, caret + 4), "two clicks: the value");
    window.click(at);
    assert_eq!(window.view().selection.span(), Span::between(0x30, 0x40), "three clicks: the row");
    window.click(pos2(20.0, window.row_rect("0000 0050").center().y));
    assert_eq!(window.view().selection.span(), Span::between(0x50, 0x60), "an offset: its row");
}

#[test]
fn behind_the_last_value_there_is_a_place_for_the_caret() {
    let mut window = Window::new(values(MemorySource::new(vec![1; 16]), "<i4", 2));
    let row = window.row_rect("0000 0010");
    window.click(pos2(400.5, row.center().y));
    window.harness.run_steps(1);
    let selection = window.view().selection;
    assert_eq!((selection.anchor, selection.caret), (16, 16));
    let (first, last) = drawn_caret(&window, row);
    assert!(last > first + 11 * 4, "a cell's width: {first}..={last}");
}
