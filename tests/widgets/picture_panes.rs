//! Pictures in panes: mouse, keys, what a screen reader hears.

use super::rig::Window;
use crate::session::arrays_of_tests::npy;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, Vec2};
use pagelens::pictures::ImageView;
use pagelens::session::panes::{ImageLook, PictureLook};
use pagelens::session::pictures::{PictureAction, PictureWhat};
use pagelens::session::{Action, Command, PaneKind};

fn look(window: &Window) -> ImageLook {
    let content = &window.tab().panes().get(window.tab().focus()).content;
    let PictureLook::Image(look) = &content.picture().expect("a picture has the keys").look;
    look.clone()
}

fn set(window: &mut Window, change: impl FnOnce(&mut ImageLook)) {
    let mut look = look(window);
    change(&mut look);
    let what = PictureWhat::Look(Box::new(PictureLook::Image(look)));
    window.apply(Action::Picture(PictureAction { pane: window.tab().focus(), what }));
    window.settle();
}

/// The label of the image, and where it is.
fn heard(window: &Window) -> (String, Rect) {
    let label =
        window.labels(Role::Image).into_iter().find(|label| label.starts_with("image")).expect("an image");
    let rect = window.rects(Role::Image, &label)[0];
    (label, rect)
}

/// 16 rows of 16 bytes, each its own offset.
fn window() -> Window {
    let mut window = Window::on(&(0..=255).collect::<Vec<u8>>());
    window.key_of(Command::ShowImage);
    set(&mut window, |look| look.width = Some(16));
    window
}

#[test]
fn the_keys_go_to_the_picture_and_its_cursor_is_heard() {
    let mut window = window();
    assert_eq!(window.tab().focus_kind(), PaneKind::Picture);
    assert_eq!(heard(&window).0, "image of 16 rows and 16 columns");
    set(&mut window, |look| look.cursor = Some((0, 0)));
    window.key(Key::ArrowRight);
    window.key(Key::ArrowDown);
    assert_eq!(heard(&window).0, "image, row 1, column 1 = 17 at 0x11");
    window.key(Key::Enter);
    assert_eq!((window.tab().selected().start(), window.tab().selected().len()), (17, 1));
    // Shift selects all bytes from the first to the last.
    window.key_with(Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!((window.tab().selected().start(), window.tab().selected().len()), (17, 17));
    window.key(Key::End);
    assert_eq!(heard(&window).0, "image, row 2, column 15 = 47 at 0x2F");
    assert!(!window.tab().is_modified(), "no key has gone to the bytes");
}

#[test]
fn keys_change_how_the_picture_lies_and_how_large_it_is() {
    let mut window = window();
    for (key, is_done) in [
        (Key::T, (|look: &ImageLook| look.is_transposed) as fn(&ImageLook) -> bool),
        (Key::H, |look| look.flips.0),
        (Key::V, |look| look.flips.1),
        (Key::S, |look| look.is_stretched),
        (Key::L, |look| look.colors.is_log),
    ] {
        window.key(key);
        assert!(is_done(&look(&window)), "{key:?}");
        window.key(key);
        assert!(!is_done(&look(&window)), "{key:?}");
    }
    window.key(Key::Plus);
    assert!(look(&window).view != ImageView::Fit);
    window.key(Key::Num0);
    assert_eq!(look(&window).view, ImageView::Fit);
    window.key(Key::CloseBracket);
    assert_eq!(look(&window).width, Some(17));
    window.key(Key::OpenBracket);
    window.key(Key::OpenBracket);
    assert_eq!(look(&window).width, Some(15));
    window.key(Key::Period);
    assert_eq!(look(&window).start, 1);
}

#[test]
fn a_click_selects_and_a_drag_selects_from_corner_to_corner() {
    let mut window = window();
    let (_, canvas) = heard(&window);
    // The image fits: its elements are squares around the middle.
    let side = (canvas.width() - 16.0).min(canvas.height() - 16.0) / 16.0;
    let at = |row: f32, column: f32| canvas.center() + Vec2::new((column - 7.5) * side, (row - 7.5) * side);
    window.click_at(at(2.0, 3.0), Modifiers::NONE);
    assert_eq!(window.tab().selected().start(), 35);
    window.drag(at(1.0, 4.0), at(3.0, 9.0));
    assert_eq!((window.tab().selected().start(), window.tab().selected().end()), (20, 58));
    assert_eq!(window.tab().focus_kind(), PaneKind::Picture, "the keys stay");
    window.hover(at(15.0, 15.0));
    assert!(heard(&window).0.contains("= 255 at 0xFF"), "{}", heard(&window).0);
}

#[test]
fn the_other_axis_is_stepped_through_and_played() {
    let mut window = Window::new();
    let bytes: Vec<u8> = (0..5 * 4 * 4).collect();
    window.write("a.npy", &npy("'|u1'", false, "(5, 4, 4)", &bytes));
    window.open("a.npy");
    window.key_of(Command::ShowImage);
    let at = |window: &Window| look(window).axes.map(|axes| axes.at[0]);
    window.key(Key::PageDown);
    assert_eq!(at(&window), Some(1));
    window.key(Key::PageUp);
    window.key(Key::PageUp);
    assert_eq!(at(&window), Some(4), "round the end");
    window.key_of_a_frame(Key::Space);
    for _ in 0..2000 {
        window.frame();
        if at(&window) == Some(2) {
            break;
        }
    }
    assert_eq!(at(&window), Some(2), "it plays");
    window.key_of_a_frame(Key::Space);
    window.settle();
    let stopped = at(&window);
    window.frame();
    window.frame();
    assert_eq!(at(&window), stopped);
}

#[test]
fn f6_stops_at_the_picture_and_at_its_bar() {
    let mut window = window();
    let mut seen = Vec::new();
    for _ in 0..8 {
        window.key_of(Command::NextArea);
        seen.extend(window.focused());
    }
    assert!(seen.iter().any(|focused| focused.starts_with("Image image")), "{seen:?}");
    assert!(seen.iter().any(|focused| focused.contains("kind of picture")), "{seen:?}");
}

#[test]
fn what_has_no_picture_says_so_in_its_place() {
    let mut window = Window::on(&[]);
    window.key_of(Command::ShowImage);
    assert_eq!(heard(&window).0, "image: The file is empty.");
}
