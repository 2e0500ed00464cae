//! A block that can't be read: hatched in the grid, with the reason wherever the user asks, and the rest of the window
//! as ever.

use super::rig::Window;
use crate::session::unread::{BAD, BadDisk};
use egui::accesskit::Role;
use egui::pos2;
use pagelens::session::{Action, Command, PaneAction};
use std::sync::Arc;

const REASON: &str =
    "could not be read: Input/output error (os error 5). Try again with File ▸ Retry unreadable parts.";

fn window() -> (Window, Arc<BadDisk>) {
    let disk = Arc::new(BadDisk::default());
    let mut window = Window::new();
    let cached = window.session().cache().attach(disk.clone()).expect("threads");
    window.open_source("disk", cached);
    window.apply(Action::Pane(PaneAction::JumpTo(BAD.start() - 32)));
    (window, disk)
}

#[test]
fn the_rows_around_a_bad_block_are_shown_and_the_reason_at_the_caret() {
    let (mut window, disk) = window();
    assert!(window.row_text("0010 1ff0").contains("00 00 00 00"), "{:?}", window.rows());
    assert!(window.row_text("0010 2000").contains("?? ?? ?? ??"), "{:?}", window.rows());
    assert!(!window.says(REASON), "the caret is at a good byte");
    window.apply(Action::Pane(PaneAction::JumpTo(BAD.start() + 3)));
    let told = format!("The byte at 0x10 2003 {REASON}");
    let labels = window.labels(Role::Label);
    assert_eq!(
        labels.iter().filter(|label| **label == told).count(),
        2,
        "inspector and status bar: {labels:?}"
    );
    disk.mend();
    window.run(Command::ReadAgain);
    assert!(
        !window.says(REASON) && window.row_text("0010 2000").contains("00 00 00 00"),
        "{:?}",
        window.rows()
    );
}

#[test]
fn the_pointer_over_a_bad_byte_is_told_the_reason() {
    let (mut window, _disk) = window();
    let row = window.row_rect("0010 2010");
    window.hover(pos2(row.left() + 200.0, row.center().y));
    window.rest();
    assert!(window.says(REASON), "{:?}", window.labels(Role::Label));
    let row = window.row_rect("0010 1ff0");
    window.hover(pos2(row.left() + 200.0, row.center().y));
    window.rest();
    assert!(!window.says(REASON));
}

#[test]
fn the_find_bar_says_what_a_search_passed_over() {
    let (mut window, _disk) = window();
    window.run(Command::Find);
    window.type_text("dead");
    window.click(Role::Button, "Find all");
    assert!(window.says("48 matches."));
    assert!(window.says("4,096 bytes could not be read and were skipped"));
}
