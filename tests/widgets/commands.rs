//! Every command of the table is in its menu, answers to its key, and is found in the palette.

use super::rig::Window;
use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers, ViewportCommand};
use egui_kittest::kittest::NodeT;
use pagelens::bytes::Span;
use pagelens::session::arrays::{BarField, TableAction};
use pagelens::session::command::{COMMANDS, Menu, Spec};
use pagelens::session::{Action, Answer, Command, Dialog, EditAction, FindAction, PaneAction};

/// A window in which nearly everything can be done: two files, the one in front edited, undone in part, with a
/// selection, jumps both ways, both panes, and something to look for.
fn busy() -> Window {
    let mut window = Window::on(b"0123456789abcdef0123456789abcdef");
    window.write("b.bin", b"other");
    window.open("b.bin");
    for action in [
        Action::Run(Command::PreviousTab),
        Action::Edit(EditAction::Type(String::from("ff"))),
        Action::Answer(Answer::GoTo(String::from("8"))),
        Action::Edit(EditAction::Type(String::from("ee"))),
        Action::Answer(Answer::GoTo(String::from("20"))),
        Action::Run(Command::Undo),
        Action::Run(Command::Back),
        Action::Find(FindAction::SetQuery(pagelens::session::find::Query {
            text: String::from("61"),
            ..Default::default()
        })),
        Action::Run(Command::ShowBoth),
    ] {
        window.apply(action);
    }
    // Not by `Select`, which would be a jump.
    for _ in 0..3 {
        window.key_with(Modifiers::SHIFT, Key::ArrowRight);
    }
    window
}

/// All that a command may change, but for what depends on the room on the screen.
fn state(window: &Window) -> String {
    let session = window.session();
    let tab = |tab: &pagelens::session::Tab| {
        let shown = tab.shown();
        format!(
            "{} {:?} {:?} {} {} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            tab.title,
            tab.selection,
            tab.edit,
            tab.locked,
            tab.inserts(),
            tab.is_modified(),
            (tab.focus(), tab.focus_kind(), tab.is_linked()),
            ([tab.shows(true, false), tab.shows(false, true)], tab.layout().to_string()),
            (&tab.hex().format, &tab.values().format),
            (tab.len(), shown.changes(), shown.changed_bytes()),
            (tab.document().can_undo(), tab.document().can_redo()),
            (tab.can_go_back(), tab.can_go_forward()),
            tab.is_saving(),
            (
                shown.nth_change(0),
                tab.array().map(|view| (view.base.clone(), view.block, view.table.axes().clone()))
            ),
        )
    };
    let finding = session.finding();
    let state = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        session.tabs().iter().map(tab).collect::<Vec<_>>(),
        session.tab().map(|tab| tab.title.clone()),
        session.dialog(),
        session.settings(),
        (finding.open, finding.replacing, &finding.answer),
        finding.matches.hits().map(|hits| hits.found.len()),
        (session.hint(), window.focused()),
    );
    // Each window has a folder of its own.
    state.replace(&window.path("").display().to_string(), "")
}

/// Commands whose work is the desktop's.
fn is_for_the_desktop(command: Command) -> bool {
    matches!(command, Command::Open | Command::SaveAs)
}

#[test]
fn each_command_answers_to_each_of_its_keys() {
    let mut asked = 0;
    for spec in COMMANDS.iter().filter(|spec| !is_for_the_desktop(spec.command)) {
        for chord in spec.keys {
            let mut by_key = busy();
            let mut direct = busy();
            if spec.command == Command::ShowBoth {
                // Both are shown already; the key must have something to do.
                by_key.run(Command::ShowBytes);
                direct.run(Command::ShowBytes);
            }
            if spec.command == Command::MoveTabLeft {
                // The first one has nowhere to go.
                by_key.run(Command::NextTab);
                direct.run(Command::NextTab);
            }
            if !spec.enabled(by_key.session()) && matches!(spec.menu, Menu::Go | Menu::View | Menu::Panes) {
                // What goes to another pane needs one on that side.
                for window in [&mut by_key, &mut direct] {
                    window.run(Command::SplitDown);
                    for _ in 0..3 {
                        if !spec.enabled(window.session()) {
                            window.run(Command::OtherPane);
                        }
                    }
                }
            }
            if !spec.enabled(by_key.session()) {
                // What is for arrays needs one.
                for window in [&mut by_key, &mut direct] {
                    window.run(Command::ArrayFromHere);
                    if !spec.enabled(window.session()) {
                        // One of three axes.
                        for (field, text) in [(BarField::Dtype, "u1"), (BarField::Shape, "(2, 2, 2)")] {
                            window.apply(Action::Array(TableAction::Bar(field, text.to_owned()).into()));
                        }
                    }
                }
            }
            assert_eq!(state(&by_key), state(&direct), "the same window twice");
            assert!(spec.enabled(by_key.session()), "{:?} can't be tried here", spec.command);
            let before = state(&by_key);
            by_key.chord(*chord);
            direct.run(spec.command);
            let (by_key, direct) = (state(&by_key), state(&direct));
            assert_eq!(by_key, direct, "{chord} does not do what {:?} does", spec.command);
            // Nor does the menu bar, which is the area before the bytes, change anything by having the keys.
            let does_nothing_here =
                [Command::Copy, Command::Paste, Command::PasteText, Command::PreviousArea]
                    .contains(&spec.command);
            assert!(does_nothing_here || by_key != before, "{chord} of {:?} does nothing", spec.command);
            asked += 1;
        }
    }
    assert!(asked > 35, "only {asked} keys were tried");
}

#[test]
fn copy_and_paste_reach_the_systems_clipboard() {
    let mut window = busy();
    window.apply(Action::Pane(PaneAction::Select(Span::between(1, 3))));
    window.event(Event::Copy);
    assert!(window.says("Copied."));
    window.event(Event::Paste(String::from("c0 ff")));
    assert_eq!(window.tab().selected(), Span::between(1, 3));
    window.event(Event::Cut);
    assert_eq!(window.tab().len(), 30);
}

/// The entry of a command in the open menu.
fn entry<'a>(window: &'a Window, spec: &Spec) -> egui_kittest::Node<'a> {
    let role = if spec.checked(window.session()).is_some() { Role::MenuItemCheckBox } else { Role::MenuItem };
    window.find(role, spec.title)
}

#[test]
fn each_command_has_its_place_in_its_menu() {
    for open_file in [false, true] {
        let mut window = if open_file { busy() } else { Window::new() };
        for menu in Menu::ALL {
            window.click(Role::MenuItem, menu.title());
            for spec in COMMANDS.iter().filter(|spec| spec.menu == menu) {
                let node = entry(&window, spec);
                let label = node.accesskit_node().label().unwrap_or_default();
                assert_eq!(
                    !node.accesskit_node().is_disabled(),
                    spec.enabled(window.session()),
                    "{label:?} with a file open: {open_file}"
                );
                let checked = spec.checked(window.session());
                assert_eq!(
                    node.accesskit_node().toggled().map(|on| on == Toggled::True),
                    checked,
                    "{label:?}"
                );
            }
            window.key(Key::Escape);
        }
    }
}

#[test]
fn an_entry_of_a_menu_runs_its_command() {
    let mut window = busy();
    window.click(Role::MenuItem, Menu::View.title());
    window.click(Role::MenuItemCheckBox, Command::UpperCase.spec().title);
    assert!(window.tab().hex().format.upper);
    assert!(
        window.try_find(Role::MenuItemCheckBox, Command::UpperCase.spec().title).is_none(),
        "the menu is closed"
    );
    window.click(Role::MenuItem, Menu::Go.title());
    window.click(Role::MenuItem, Command::GoTo.spec().title);
    assert_eq!(window.session().dialog(), Some(&Dialog::GoTo));
}

#[test]
fn paste_as_text_from_the_menu_pastes_text() {
    for (command, expected) in [(Command::PasteText, &b"41"[..]), (Command::Paste, b"A")] {
        let mut window = Window::on(b"");
        window.click(Role::MenuItem, Menu::Edit.title());
        window.click(Role::MenuItem, command.spec().title);
        // The desktop answers with an event when it is asked.
        window.event(Event::Paste(String::from("41")));
        assert_eq!(window.tab().len(), expected.len() as u64, "{command:?}");
        window.run(Command::GoEnd);
        window.event(Event::Paste(String::from("42")));
        assert_eq!(window.tab().len(), expected.len() as u64 + 1, "the next one is as usual");
    }
}

#[test]
fn the_palette_finds_and_runs_a_command() {
    for key in Command::Palette.spec().keys {
        let mut window = busy();
        window.chord(*key);
        assert_eq!(window.session().dialog(), Some(&Dialog::Palette));
        let all = window.labels(Role::ListBoxOption);
        for spec in COMMANDS {
            assert!(all.iter().any(|title| title == spec.title), "{} is missing", spec.title);
        }
        assert!(all.len() > COMMANDS.len() + 30, "the lines of the submenus too: {}", all.len());
        window.type_text("no such command");
        assert!(window.says("No command matches 'no such command'."));
        window.key_with(Modifiers::COMMAND, Key::A);
        window.type_text("range");
        let titles = window.labels(Role::ListBoxOption);
        assert_eq!(titles[0], Command::SelectRange.spec().title);
        assert!(titles.len() < 6, "{titles:?}");
        window.key(Key::Enter);
        assert_eq!(window.session().dialog(), Some(&Dialog::SelectRange));
    }
}

#[test]
fn the_palette_is_walked_by_keys_and_left_by_escape() {
    let mut window = busy();
    window.key_of(Command::Palette);
    window.type_text("theme");
    let titles = window.labels(Role::ListBoxOption);
    assert!(titles.len() >= 3, "{titles:?}");
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    let second = COMMANDS.iter().find(|spec| spec.title == titles[1]).expect("a command");
    assert_eq!(second.checked(window.session()), Some(true), "{} was run", second.title);
    window.key_of(Command::Palette);
    assert!(window.labels(Role::ListBoxOption).len() > COMMANDS.len(), "it starts empty again");
    window.key(Key::Escape);
    assert_eq!(window.session().dialog(), None);
    window.type_text("7");
    assert_eq!(window.tab().selection.digit, 1, "the keys go to the bytes again");
}

#[test]
fn a_command_that_can_not_be_run_is_not_run() {
    let mut window = Window::new();
    window.key_of(Command::Palette);
    window.type_text("select all");
    window.key(Key::Enter);
    assert!(window.session().tab().is_none());
}

#[test]
fn leaving_asks_for_what_is_unsaved_and_ends_the_window_after_it() {
    let mut window = busy();
    window.key_of(Command::Quit);
    assert_eq!(window.session().dialog(), Some(&Dialog::ConfirmQuit));
    assert!(window.says("Unsaved changes in: a.bin."));
    window.find(Role::Button, "Don't save").click();
    let mut closed = false;
    for _ in 0..10 {
        window.frame();
        closed |= window.desktop_commands().contains(&ViewportCommand::Close);
    }
    assert!(closed);
}
