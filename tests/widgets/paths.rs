//! Opening by a typed path: names are completed, errors are said inside, folders are listed.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use pagelens::session::{Action, Command, Dialog, OpenAction};

/// A window with some files, and the question for a path in which `text` is typed.
fn asked(text: &str) -> Window {
    let mut window = Window::new();
    for name in ["model-1.bin", "model-2.bin", "other.bin"] {
        window.write(name, b"Hello");
    }
    std::fs::create_dir(window.path("parts")).expect("made");
    window.write("parts/inner.bin", b"inside");
    window.key_of(Command::OpenPath);
    let path = window.path(text).display().to_string();
    window.type_text(&path);
    window
}

fn field(window: &Window) -> String {
    window.find(Role::TextInput, "path").value().unwrap_or_default()
}

#[test]
fn tab_completes_names_and_enter_opens() {
    let mut window = asked("mo");
    window.key(Key::Tab);
    assert!(field(&window).ends_with("/model-"), "{}", field(&window));
    assert_eq!(window.labels(Role::ListItem), ["model-1.bin", "model-2.bin"]);
    window.type_text("2");
    window.key(Key::Tab);
    assert!(field(&window).ends_with("/model-2.bin"), "{}", field(&window));
    window.key(Key::Enter);
    assert_eq!((window.tab().title.as_str(), window.session().dialog()), ("model-2.bin", None));
}

fn press(key: Key) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}

#[test]
fn tab_waits_for_the_names_of_a_folder_that_is_slow() {
    let mut window = asked("mo");
    let elsewhere = window.path("parts");
    window.draft_with(Action::Open(OpenAction::ListFolder(elsewhere)), &[press(Key::Tab)]);
    assert!(window.says("Reading the folder…"));
    assert_eq!(window.labels(Role::ListItem), [""; 0]);
    window.settle();
    assert_eq!(window.focused().as_deref(), Some("TextInput path"));
    assert!(field(&window).ends_with("/model-"), "{}", field(&window));
    // What is typed meanwhile is not what Tab was pressed for.
    let mut window = asked("mo");
    let elsewhere = window.path("parts");
    window.draft_with(
        Action::Open(OpenAction::ListFolder(elsewhere)),
        &[press(Key::Tab), Event::Text(String::from("x"))],
    );
    window.settle();
    assert!(field(&window).ends_with("/mox"), "{}", field(&window));
    assert!(window.says("No name in this folder begins with this text."));
}

#[test]
fn names_of_another_folder_are_not_offered() {
    let mut window = asked("parts");
    assert_eq!(window.labels(Role::ListItem), ["parts/"]);
    window.draft_event(Event::Text(String::from("/")));
    assert_eq!(window.labels(Role::ListItem), [""; 0]);
    window.settle();
    assert_eq!(window.labels(Role::ListItem), ["inner.bin"]);
}

#[test]
fn the_chosen_name_is_in_sight_and_heard() {
    let mut window = asked("");
    for number in 0..40 {
        window.write(&format!("n-{number:02}.bin"), b"Hello");
    }
    window.apply(Action::Open(OpenAction::ListFolder(window.path("parts"))));
    window.type_text("n-");
    for _ in 0..12 {
        window.key(Key::ArrowDown);
    }
    assert_eq!(window.focused().as_deref(), Some("ListItem n-11.bin"));
    let row = window.find(Role::ListItem, "n-11.bin").rect();
    let below = window.find(Role::Button, "Cancel").rect();
    assert!(row.bottom() <= below.top(), "{row:?} {below:?}");
    window.key(Key::Enter);
    assert_eq!(window.tab().title, "n-11.bin");
}

#[test]
fn shift_tab_goes_back_round_the_dialog() {
    let mut window = asked("other.bin");
    window.key_with(Modifiers::SHIFT, Key::Tab);
    assert_eq!(window.focused().as_deref(), Some("Button Open"));
    window.key_with(Modifiers::SHIFT, Key::Tab);
    assert_eq!(window.focused().as_deref(), Some("Button Cancel"));
    window.key(Key::Tab);
    assert_eq!(window.focused().as_deref(), Some("Button Open"));
}

#[test]
fn folders_are_entered_and_names_are_chosen_by_arrows() {
    let mut window = asked("pa");
    window.key(Key::Tab);
    assert!(field(&window).ends_with("/parts/"), "{}", field(&window));
    assert_eq!(window.labels(Role::ListItem), ["inner.bin"]);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(window.tab().title, "inner.bin");
}

#[test]
fn a_path_that_leads_nowhere_is_said_inside_and_kept() {
    let mut window = asked("missing.bin");
    window.key(Key::Enter);
    assert_eq!(window.session().dialog(), Some(&Dialog::OpenPath));
    assert!(window.session().dialog_error().is_some_and(|error| error.contains("There is no file")));
    assert_eq!(window.labels(Role::Alert), [""; 0]);
    assert!(field(&window).ends_with("/missing.bin"));
    window.key(Key::Escape);
    window.key_of(Command::OpenPath);
    assert!(field(&window).ends_with("/missing.bin"), "what was typed is kept");
    window.type_text("x");
    assert_eq!(field(&window), "x", "it is marked, and typed over");
}

#[test]
fn a_folder_lists_its_files() {
    for dropped in [false, true] {
        let mut window = asked("other.bin");
        window.key(Key::Escape);
        if dropped {
            window.drop_file("parts");
        } else {
            let path = window.path("parts");
            window.apply(Action::Open(OpenAction::Files(vec![path])));
        }
        assert_eq!(window.session().dialog(), Some(&Dialog::OpenPath), "dropped: {dropped}");
        assert_eq!(window.labels(Role::Alert), [""; 0], "it is no error");
        assert_eq!(window.labels(Role::ListItem), ["inner.bin"]);
        let at = window.find(Role::ListItem, "inner.bin").rect().center();
        window.click_at(at, Modifiers::NONE);
        assert_eq!(window.tab().title, "inner.bin");
    }
}

/// The start page and File ▸ Open recent shorten in the middle what is wider than their room; what is heard stays whole.
#[test]
fn recent_files_fit_where_they_are_listed() {
    let mut window = Window::new();
    let folder = "a folder whose name is long/".repeat(6);
    let name = format!("model-{}-of-00030.safetensors", "0".repeat(120));
    std::fs::create_dir_all(window.path(&folder)).expect("made");
    window.write(&format!("{folder}{name}"), b"Hello");
    window.open(&format!("{folder}{name}"));
    window.run(Command::CloseTab);
    let right = window.ctx().content_rect().right();
    let link = window.find(Role::Link, &name);
    assert!(link.rect().width() < 400.0, "{}", link.rect());
    let labels = window.labels(Role::Label);
    let short = labels.iter().find(|label| label.contains('…')).expect("the folder, shortened");
    assert!(short.ends_with("name is long"), "{short}");
    assert!(window.find(Role::Label, &short.clone()).rect().right() < right);
    window.key(Key::F10);
    window.click(Role::MenuItem, "Open recent");
    let line = window.find(Role::MenuItem, &name);
    assert!(line.rect().right() <= right, "{}", line.rect());
    window.click(Role::MenuItem, &name);
    assert_eq!(window.tab().title, name);
}

#[test]
fn names_stand_at_the_left_under_the_field() {
    let window = asked("");
    let labels = window.labels(Role::ListItem);
    assert!(labels.len() > 1, "{labels:?}");
    let left = |name: &str| window.find(Role::Label, name).rect().left();
    let first = left(&labels[0]);
    assert!(labels.iter().all(|name| left(name) == first), "{labels:?}");
    let row = window.find(Role::ListItem, &labels[0]).rect();
    assert!(first - row.left() < 10.0, "{first} in {row}");
}
