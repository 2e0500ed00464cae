//! The panel of statistics in the window: facts by mouse and keyboard, the histogram, all arrays.

use super::rig::Window;
use crate::session::arrays_of_tests::safetensors;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use pagelens::bytes::Span;
use pagelens::session::{Action, Command, PaneAction};

/// Bytes whose least value is at 3 and whose greatest is at 5; the panel is shown.
fn window() -> Window {
    let mut window = Window::on(&[9, 9, 9, 1, 9, 200, 9, 9]);
    window.key_of(Command::ToggleStatistics);
    window
}

/// A checkpoint whose `b.w` has NaN at `[0, 1]`.
fn checkpoint() -> Window {
    let mut bytes = safetensors(&[("a.w", &[4]), ("b.w", &[2, 3])]);
    let at = bytes.len() - 4 * 5;
    bytes[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    let mut window = Window::new();
    window.write("m.safetensors", &bytes);
    window.open("m.safetensors");
    window
}

fn is_grid(window: &Window) -> bool {
    window.focused().is_some_and(|focused| focused.starts_with("GridCell"))
}

#[test]
fn the_keys_stay_where_the_selection_is_made_and_facts_follow_it() {
    let mut window = window();
    assert!(is_grid(&window), "{:?}", window.focused());
    window.find(Role::Label, "Min 1 at 0x3");
    window.find(Role::Label, "Entropy");
    window.apply(Action::Pane(PaneAction::Select(Span::between(4, 6))));
    window.find(Role::Label, "Min 9 at 0x4");
    window.find(Role::Label, "Elements 2");
    window.key_of(Command::ToggleStatistics);
    assert!(window.try_find(Role::Label, "Min 9").is_none());
    assert!(is_grid(&window));
}

#[test]
fn a_click_on_an_extreme_and_enter_on_it_go_there() {
    let mut window = window();
    window.click(Role::Label, "Max 200 at 0x5");
    assert_eq!(window.tab().selected().start(), 5);
    assert_eq!(window.focused().as_deref(), Some("ListBoxOption Max 200 at 0x5"));
    // What is selected now is the byte that was gone to.
    window.find(Role::Label, "Elements 1");
    window.apply(Action::Pane(PaneAction::Select(Span::empty_at(0))));
    window.find(Role::Label, "Min 1 at 0x3");
    window.key(Key::Home);
    window.key(Key::Enter);
    assert_eq!(window.tab().selected().start(), 3);
}

#[test]
fn the_bars_are_walked_and_their_elements_are_listed() {
    let mut window = window();
    window.find(Role::Image, "histogram").focus();
    window.settle();
    for _ in 0..10 {
        window.key(Key::ArrowRight);
    }
    window.find(Role::Image, "histogram, 9: 6 (75.00 %)");
    window.key(Key::Enter);
    assert_eq!(window.session().finding().matches.len(), 6);
    window.key(Key::End);
    window.find(Role::Image, "histogram, 255: 0 (0.00 %)");
}

#[test]
fn bins_and_scale_are_chosen() {
    let mut window = window();
    window.click(Role::Button, "number of bins");
    window.click(Role::Button, "20");
    let statistics = &window.session().features().statistics;
    assert_eq!(statistics.following.bins(), Some(20));
    let bars = |window: &Window| {
        let measured = window.session().features().statistics.following.measured().expect("an answer");
        measured.known.histogram.as_ref().expect("a histogram").counts.len()
    };
    assert_eq!(bars(&window), 20);
    window.click(Role::CheckBox, "logarithmic scale");
    assert!(window.session().features().statistics.is_logarithmic());
}

#[test]
fn an_unknown_checkpoint_shows_its_nan_in_one_step() {
    let mut window = checkpoint();
    window.key_of(Command::ArraysStatistics);
    assert_eq!(window.focused().as_deref(), Some("ListBox statistics of all arrays"));
    assert!(window.says("1 array has NaN"), "it is said at once");
    assert!(window.says("1 NaN"), "the tree has it too");
    window.key(Key::Enter);
    assert_eq!(window.tab().array().and_then(|view| view.name.as_deref()), Some("b.w"));
    assert_eq!(window.find(Role::Grid, "array").value().as_deref(), Some("[0, 1] nan"));
    assert!(is_grid(&window));
}

#[test]
fn letters_and_heads_sort_the_table() {
    let mut window = checkpoint();
    window.key_of(Command::ArraysStatistics);
    let first = |window: &Window| {
        let arrays = &window.session().features().statistics.arrays;
        arrays.of(window.tab().id).expect("a table").table.row_at(0).expect("a row").name.to_string()
    };
    assert_eq!(first(&window), "b.w");
    window.key(Key::A);
    assert_eq!(first(&window), "a.w");
    window.click(Role::ColumnHeader, "Name");
    assert_eq!(first(&window), "b.w");
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().len(), checkpoint().tab().len(), "letters change no bytes");
    window.key_with(Modifiers::COMMAND, Key::C);
    assert!(!window.tab().is_modified());
}

#[test]
fn an_empty_file_says_that_there_is_nothing() {
    let mut window = Window::new();
    window.run(Command::NewFile);
    window.key_of(Command::ToggleStatistics);
    assert!(window.says("The file is empty."));
    window.run(Command::ArraysStatistics);
    assert!(window.says("This file has no list of arrays."));
}

#[test]
fn f6_comes_to_the_panel_and_escape_leaves_it_as_it_is() {
    let mut window = window();
    for _ in 0..14 {
        if window.focused().as_deref() == Some("ListBox statistics") {
            break;
        }
        window.key_of(Command::NextArea);
    }
    assert_eq!(window.focused().as_deref(), Some("ListBox statistics"));
    window.key(Key::ArrowDown);
    window.click(Role::Button, "Close the statistics");
    assert!(window.try_find(Role::Label, "Min 1").is_none());
    assert!(is_grid(&window));
}

/// In a low or narrow window nothing is cut off: the facts scroll, and the histogram is as high as the panel or below them.
#[test]
fn the_histogram_and_all_facts_are_there_in_a_small_window() {
    for size in [egui::vec2(1280.0, 720.0), egui::vec2(1280.0, 400.0), egui::vec2(820.0, 600.0)] {
        let mut window = checkpoint();
        window.key_of(Command::ShowBytes);
        window.resize(size);
        window.key_of(Command::ToggleStatistics);
        window.find(Role::Label, "Entropy");
        window.find(Role::ListBox, "statistics").focus();
        window.settle();
        let screen = window.ctx().content_rect();
        if size.x > 1000.0 {
            let plot = window.find(Role::Image, "histogram").rect();
            assert!(plot.height() > 60.0 && plot.width() > 160.0, "{plot:?} of {size:?}");
            assert!(screen.contains_rect(plot), "{plot:?} of {size:?}");
        }
        // The keys go to the last fact, and it comes into sight.
        window.key(Key::End);
        window.rest();
        let rect = window.focused_rect().expect("a fact");
        assert!(screen.expand(1.0).contains_rect(rect), "{rect:?} of {size:?}");
        let last = window.focused().expect("a fact");
        let label = last.trim_start_matches("ListBoxOption ").to_owned();
        let rect = window.find(Role::Label, &label).rect();
        assert!(screen.contains_rect(rect), "{label}: {rect:?} of {size:?}");
        assert!(window.try_find(Role::Image, "histogram").is_some(), "{size:?}");
    }
}

/// The toolkit warns where the layout has to be found anew in three frames in a row.
#[test]
fn opening_the_panel_finds_its_layout_in_two_frames() {
    for size in [egui::vec2(1280.0, 720.0), egui::vec2(1920.0, 1080.0)] {
        for command in [Command::ToggleStatistics, Command::ArraysStatistics] {
            let mut window = checkpoint();
            window.resize(size);
            window.draft(Action::Run(command));
            let passes: Vec<usize> = (0..12)
                .map(|_| {
                    window.frame();
                    window.passes()
                })
                .collect();
            assert!(passes.windows(3).all(|three| three.contains(&1)), "{command:?} {size:?}: {passes:?}");
        }
    }
}
