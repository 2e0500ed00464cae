//! The bar of Find and Replace: its field keeps the keys, it keeps its place, and it says how else a text can be read.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use pagelens::bytes::Span;
use pagelens::session::panes::ValuesFormat;
use pagelens::session::{Action, Command, FindAction, PaneAction, PaneKey};

fn query(window: &Window) -> String {
    window.session().finding().query.text.clone()
}

#[test]
fn the_field_keeps_the_keys_whatever_is_clicked_in_the_bar() {
    for button in ["Text", "Hex", "Value", "Where", "aA"] {
        let mut window = Window::on(b"..AB....AB..");
        window.key_of(if button == "aA" { Command::FindText } else { Command::Find });
        window.type_text("4");
        let role = if button == "aA" { Role::Button } else { Role::ListBoxOption };
        if button != "aA" {
            let list = window.find(Role::ComboBox, "how the text is read").rect().center();
            window.click_at(list, Modifiers::NONE);
        }
        let at = window.find(role, button).rect().center();
        window.click_at(at, Modifiers::NONE);
        window.type_text("1");
        assert_eq!(query(&window), "41", "{button}");
        assert!(!window.tab().is_modified() && window.tab().selection.digit == 0, "{button}");
    }
}

#[test]
fn the_bar_stays_where_it_is_whatever_a_search_says() {
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::Replace);
    let places = |window: &Window| {
        ["Find all", "Replace all", "Close (Esc)"].map(|name| window.find(Role::Button, name).rect())
    };
    let before = places(&window);
    window.type_text("4");
    assert!(window.says("Incomplete byte at the end."));
    assert_eq!(places(&window), before);
    window.type_text("z");
    assert!(window.says("Not hex digits") && window.says("Search as text"));
    assert_eq!(places(&window), before);
    window.key(Key::Backspace);
    window.type_text("1");
    window.click(Role::Button, "Find all");
    assert!(window.says("2 matches."));
    assert_eq!(places(&window), before);
}

#[test]
fn a_signed_number_is_no_hex_and_is_offered_as_a_value() {
    // 12 34 is what '-1234' used to find; -1234 as int16 is 2e fb.
    let mut window = Window::on(&[0x12, 0x34, 0, 0x2e, 0xfb, 0, 0, 0x2e, 0xfb]);
    let dtype = "<i2".parse().expect("a type");
    let format = ValuesFormat { dtype, ..window.tab().values().format };
    window.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    window.key_of(Command::Find);
    window.type_text("-1234");
    window.key(Key::Enter);
    assert!(window.tab().selected().is_empty(), "12 34 is not found");
    assert!(window.says("Not hex digits: a number with a sign is a value."));
    window.click(Role::Button, "Search as value");
    window.key(Key::Enter);
    assert_eq!(window.tab().selected(), Span::between(3, 5));
    window.key(Key::Enter);
    assert_eq!(window.tab().selected(), Span::between(7, 9), "at any offset");
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("70000");
    assert!(window.session().finding().error.is_none(), "a longer type has it");
    window.type_text("x");
    assert!(window.says("Not a value of"));
}

#[test]
fn hex_replacements_are_refused_like_needles() {
    let mut window = Window::on(&[1, 2, 3]);
    window.key_of(Command::Replace);
    window.type_text("02");
    let mut query = window.session().finding().query.clone();
    query.replacement = String::from("-12");
    window.apply(Action::Find(FindAction::SetQuery(query)));
    window.click(Role::Button, "Replace all");
    assert!(window.says("Not hex digits") && !window.tab().is_modified());
}

#[test]
fn asking_again_marks_what_is_in_the_field() {
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::Find);
    window.type_text("41");
    window.key(Key::Enter);
    window.key_of(Command::Find);
    window.type_text("42");
    assert_eq!(query(&window), "42", "it is typed over");
}

#[test]
fn a_narrow_bar_keeps_all_of_its_buttons_in_sight() {
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::Replace);
    window.resize(egui::vec2(520.0, 600.0));
    let screen = window.ctx().content_rect();
    let names = [
        "Find all",
        "Replace all",
        "In selection",
        "Close (Esc)",
        "Go to the next match",
        "what can be typed",
    ];
    for name in names {
        let rect = window.find(Role::Button, name).rect();
        assert!(screen.contains_rect(rect), "{name}: {rect:?} in {screen:?}");
    }
}

#[test]
fn lit_means_that_case_matters() {
    let mut window = Window::on(b"ab..AB");
    window.key_of(Command::FindText);
    window.type_text("AB");
    window.key(Key::Enter);
    assert_eq!(window.tab().selected(), Span::between(4, 6));
    window.click(Role::Button, "aA");
    window.click(Role::Button, "Find all");
    assert!(window.session().finding().query.any_case && window.says("2 matches."));
}

/// A long answer is cut where the bar ends; what closes the bar stays in sight.
#[test]
fn a_long_answer_leaves_the_closing_sign_in_sight() {
    let mut window = Window::on(b"ABABABAB................ZZ");
    window.apply(Action::Pane(PaneAction::Select(Span::between(0, 8))));
    window.run(Command::ArrayFromHere);
    window.run(Command::ShowValues);
    window.apply(Action::Pane(PaneAction::Focus(PaneKey::TYPED)));
    window.key_of(Command::Find);
    window.type_text("5a 5a");
    window.key(Key::Enter);
    assert!(window.says("outside the array"), "{}", window.session().finding().answer);
    window.resize(egui::vec2(520.0, 600.0));
    let screen = window.ctx().content_rect();
    let close = window.find(Role::Button, "Close (Esc)").rect();
    assert!(screen.contains_rect(close), "{close:?} in {screen:?}");
}

fn focused(window: &Window) -> String {
    window.focused().unwrap_or_default()
}

#[test]
fn tab_goes_from_find_to_replace_and_then_to_the_buttons() {
    for width in [1200.0, 520.0] {
        let mut window = Window::on(b"..AB....AB..");
        window.resize(egui::vec2(width, 600.0));
        window.key_of(Command::Replace);
        assert_eq!(focused(&window), "TextInput find");
        window.key(Key::Tab);
        assert_eq!(focused(&window), "TextInput replace with", "{width}");
        window.key(Key::Tab);
        assert!(focused(&window).starts_with("Button"), "{width}: {}", focused(&window));
        window.key_with(Modifiers::SHIFT, Key::Tab);
        window.key_with(Modifiers::SHIFT, Key::Tab);
        assert_eq!(focused(&window), "TextInput find", "{width}");
    }
}

#[test]
fn replace_begins_with_its_own_field_where_something_is_looked_for() {
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::Find);
    window.type_text("41");
    window.key_of(Command::Replace);
    assert_eq!(focused(&window), "TextInput replace with");
    window.type_text("43 44");
    assert_eq!(window.session().finding().query.replacement, "43 44");
    assert_eq!(query(&window), "41");
    window.key_of(Command::Find);
    assert_eq!(focused(&window), "TextInput find");
}

#[test]
fn a_replacement_of_another_length_is_told_of_before() {
    let note = "Changes the file's length";
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::Replace);
    assert!(!window.says(note), "nothing is looked for yet");
    window.type_text("41 42");
    assert!(window.says(note), "an empty replacement deletes");
    window.key(Key::Tab);
    for (typed, differs) in [("43", true), (" 44", false), (" 45", true)] {
        window.type_text(typed);
        assert_eq!(window.says(note), differs, "{typed}");
    }
    window.click(Role::Button, "Replace all");
    assert!(window.says("Replaced 2 matches; the file is 2 bytes longer. One Undo reverts all."));
}

#[test]
fn alt_and_a_digit_choose_the_kind_wherever_the_keys_are() {
    let mut window = Window::on(b"..AB....AB..");
    for (command, title) in [
        (Command::FindText, "Text"),
        (Command::FindValue, "Value"),
        (Command::FindWhere, "Where"),
        (Command::FindHex, "Hex"),
    ] {
        window.key_of(command);
        assert_eq!(focused(&window), "TextInput find");
        assert_eq!(window.session().finding().query.kind.title(), title);
        assert!(
            window.find(Role::ComboBox, "how the text is read").value().is_some_and(|text| text == title)
        );
    }
    assert!(!window.tab().is_modified());
}

#[test]
fn up_and_down_bring_back_what_was_looked_for() {
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::Find);
    for text in ["41", "42"] {
        window.key_with(Modifiers::COMMAND, Key::A);
        window.type_text(text);
        window.key(Key::Enter);
    }
    window.key_of(Command::FindText);
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("typed");
    for (key, expected) in [
        (Key::ArrowUp, "42"),
        (Key::ArrowUp, "41"),
        (Key::ArrowUp, "41"),
        (Key::ArrowDown, "42"),
        (Key::ArrowDown, "typed"),
    ] {
        window.key(key);
        assert_eq!((query(&window).as_str(), focused(&window).as_str()), (expected, "TextInput find"));
    }
    assert_eq!(window.session().finding().query.kind.title(), "Text", "with the kind that it was typed for");
}

#[test]
fn an_example_of_the_help_is_put_into_the_field() {
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::FindValue);
    window.click(Role::Button, "what can be typed");
    assert!(window.says("this number"));
    window.click(Role::Button, "-32768");
    assert_eq!((query(&window).as_str(), focused(&window).as_str()), ("-32768", "TextInput find"));
}

fn is_list(window: &Window) -> bool {
    window
        .focused()
        .is_some_and(|focused| focused == "ListBox matches" || focused.starts_with("ListBoxOption"))
}

fn is_grid(window: &Window) -> bool {
    window.focused().is_some_and(|focused| focused.starts_with("GridCell"))
}

#[test]
fn find_all_by_key_gives_the_keys_to_the_list_and_escape_gives_them_back() {
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::Find);
    window.type_text("41");
    window.key_of(Command::FindAll);
    assert!(is_list(&window), "{:?}", window.focused());
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().selected(), Span::between(2, 3));
    // The bar is still open; the search goes on from there.
    window.key(Key::F3);
    assert_eq!(window.tab().selected(), Span::between(8, 9));
    assert!(is_list(&window), "{:?}", window.focused());
    window.key(Key::Escape);
    assert!(is_grid(&window), "{:?}", window.focused());
    assert!(window.session().finding().open);
    window.key(Key::Escape);
    assert!(!window.session().finding().open && is_grid(&window));
    // Also where nothing is found, and with the bar closed.
    for (command, hits) in [(Command::FindAll, 2), (Command::FindNan, 0)] {
        window.key_of(command);
        assert_eq!(window.session().finding().matches.len(), hits);
        assert!(is_list(&window), "{command:?}: {:?}", window.focused());
        window.key(Key::Escape);
        assert!(is_grid(&window), "{command:?}: {:?}", window.focused());
    }
}

#[test]
fn the_button_leaves_the_keys_in_the_field_after_a_click_and_gives_them_to_the_list_after_enter() {
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::Find);
    window.type_text("4");
    window.key_of(Command::FindAll);
    assert!(window.says("Incomplete byte at the end."), "nothing is searched, and the field has the keys");
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("41");
    window.click(Role::Button, "Find all");
    assert_eq!(window.session().finding().matches.len(), 2);
    window.type_text("42");
    assert_eq!(query(&window), "4142");
    for _ in 0..12 {
        if window.focused().is_some_and(|focused| focused == "Button Find all") {
            break;
        }
        window.key(Key::Tab);
    }
    assert_eq!(window.focused().as_deref(), Some("Button Find all"));
    window.key(Key::Enter);
    assert!(is_list(&window), "{:?}", window.focused());
}

#[test]
fn several_types_of_a_value_are_chosen_in_one_list() {
    let mut window = Window::on(&[0xaa, 0x03, 0xe8, 0xaa, 0, 0, 0x7a, 0x44, 0xe8, 0x03]);
    window.key_of(Command::FindValue);
    window.type_text("1000");
    window.click(Role::ComboBox, "type of the value");
    // The names of unsigned types have those of signed ones in them, and stand before them.
    for (choice, place) in [("int16", 1), ("float32", 0)] {
        let at = window.rects(Role::CheckBox, choice)[place].center();
        window.click_at(at, Modifiers::NONE);
    }
    window.click(Role::RadioButton, "Both byte orders");
    let types = &window.session().finding().query.types;
    let names: Vec<String> = types.dtypes().iter().map(|dtype| dtype.name()).collect();
    assert_eq!(names, ["<i2", ">i2", "<f4", ">f4"]);
    assert!(window.try_find(Role::CheckBox, "float64").is_some(), "the list stays open");
    window.key(Key::Escape);
    assert!(window.try_find(Role::CheckBox, "float64").is_none());
    assert!(window.session().finding().open, "Escape closes the list first");
    window.key_of(Command::FindAll);
    assert!(window.says("3 matches."), "{}", window.session().finding().answer);
    for dtype in ["int16, big-endian", "float32, little-endian", "int16, little-endian"] {
        window.find(Role::Label, dtype);
    }
    // By the keys alone: the list opens, and Tab and Space choose.
    window.find(Role::ComboBox, "type of the value").focus();
    window.settle();
    window.key(Key::Space);
    for _ in 0..40 {
        if window.focused().is_some_and(|focused| focused == "CheckBox All integers and floats") {
            break;
        }
        window.key(Key::Tab);
    }
    assert_eq!(window.focused().as_deref(), Some("CheckBox All integers and floats"));
    window.key(Key::Space);
    assert!(window.session().finding().query.types.has_all_numbers());
    window.key(Key::Space);
    assert!(window.session().finding().query.types.is_empty());
}

#[test]
fn the_list_of_types_fits_the_window() {
    for size in [egui::vec2(1280.0, 720.0), egui::vec2(700.0, 480.0)] {
        let mut window = Window::on(&[0; 100]);
        window.resize(size);
        window.key_of(Command::FindValue);
        window.click(Role::ComboBox, "type of the value");
        let screen = window.ctx().content_rect();
        for (role, label) in
            [(Role::RadioButton, "Shown type, or the smallest that can hold it"), (Role::CheckBox, "uint64")]
        {
            let rect = window.find(role, label).rect();
            assert!(screen.contains_rect(rect), "{label}: {rect:?} in {screen:?}");
        }
    }
}
