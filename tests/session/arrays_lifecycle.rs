//! A header and the bytes that it tells of part: by reloads, saves, edits, late answers. What is typed into an array
//! goes where the array is, or nowhere.

use super::arrays_of_tests::{f4, npy, npz, safetensors};
use super::rig::Rig;
use pagelens::bytes::{Source, Span};
use pagelens::session::arrays::{ArrayAction, ArrayView, BarField, TableAction};
use pagelens::session::statistics::RowState;
use pagelens::session::{
    Action, ArrayRequest, Command, EditAction, OpenOptions, PaneAction, PaneKey, Request, Session,
};

/// A file is open and its header, if it has one, is read.
fn open(name: &str, bytes: &[u8]) -> Rig {
    let mut rig = Rig::new();
    rig.write(name, bytes);
    rig.open(name);
    read(&mut rig);
    rig
}

/// Lets headers be read, also those that are found to have changed meanwhile.
fn read(rig: &mut Rig) {
    for _ in 0..3 {
        rig.settle();
        rig.session.tick();
        rig.wait_until("the header is read", Session::has_read_headers);
    }
}

fn view(rig: &Rig) -> &ArrayView {
    rig.tab().array().expect("an array is shown")
}

fn act(rig: &mut Rig, action: impl Into<ArrayAction>) {
    rig.apply(Action::Array(action.into()));
}

fn show(rig: &mut Rig, name: &str) {
    let found = rig.tab().arrays.found.as_ref().expect("a container");
    let at = found.container.find(name).expect("an array") as u32;
    act(rig, ArrayAction::Open(at));
}

/// Types a value over the item at `place` of the array on the screen; gives what is said to it.
fn set(rig: &mut Rig, place: (u64, u64), text: &str) -> String {
    act(rig, TableAction::Press { place, extend: false, clicks: 1 });
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(text.to_owned())));
    let said = rig.hint().to_owned();
    rig.apply(Action::Edit(EditAction::Commit { then: None }));
    rig.apply(Action::Edit(EditAction::Cancel));
    said
}

/// Types over the bytes from `at` on.
fn overwrite(rig: &mut Rig, at: u64, digits: &str) {
    rig.run(Command::ShowBoth);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.apply(Action::Pane(PaneAction::JumpTo(at)));
    rig.type_text(digits);
}

fn delete(rig: &mut Rig, from: u64, to: u64) {
    rig.run(Command::ShowBoth);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.select(from, to);
    rig.run(Command::Delete);
}

/// Where the shape's first side stands in a file of `npy`.
fn side(bytes: &[u8]) -> u64 {
    bytes.windows(4).position(|window| window == b"e': ").expect("a shape") as u64 + 5
}

fn f4_at(bytes: &[u8], at: u64) -> f32 {
    let at = at as usize;
    f32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

#[test]
fn after_a_reload_the_array_is_where_the_new_header_has_it() {
    let mut rig = open("m.safetensors", &safetensors(&[("a", &[2]), ("b", &[2])]));
    show(&mut rig, "b");
    let other = safetensors(&[("a", &[40]), ("c", &[3]), ("b", &[1, 4])]);
    rig.write("m.safetensors", &other);
    rig.finish(Command::Reload);
    read(&mut rig);
    assert_eq!(
        (view(&rig).base.shape.as_slice(), view(&rig).name.as_deref()),
        ([1, 4].as_slice(), Some("b"))
    );
    set(&mut rig, (0, 1), "7.5");
    assert_eq!(f4_at(&rig.bytes(), other.len() as u64 - 12), 7.5);
    rig.finish(Command::Save);
    rig.write("m.safetensors", &safetensors(&[("a", &[40]), ("c", &[3])]));
    rig.finish(Command::Reload);
    read(&mut rig);
    assert!(
        rig.tab().array().is_none() && rig.messages().iter().any(|text| text.contains("b is no longer in"))
    );
}

#[test]
fn an_array_keeps_its_place_in_a_file_that_is_saved_under_another_name() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    rig.run(Command::SaveAs);
    rig.save_as(rig.path("b.npy"));
    rig.settle();
    read(&mut rig);
    assert_eq!(view(&rig).name.as_deref(), Some("b"));
    let said = set(&mut rig, (1, 2), "9");
    assert!(rig.bytes().ends_with(&9_f32.to_le_bytes()), "{said}");
}

#[test]
fn nothing_is_typed_into_an_array_whose_bytes_were_pushed_aside() {
    let file = safetensors(&[("a", &[3]), ("b", &[3])]);
    let data = file.len() as u64 - 24;
    let mut rig = open("m.safetensors", &file);
    show(&mut rig, "b");
    delete(&mut rig, data + 4, data + 8);
    read(&mut rig);
    let before = rig.bytes();
    let said = set(&mut rig, (0, 0), "7");
    assert_eq!(rig.bytes(), before);
    assert!(said.contains("inserted or deleted"), "{said}");
    // As many are put in behind: all is as long as it was, and b is not where it was.
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.run(Command::ToggleInsert);
    rig.apply(Action::Pane(PaneAction::JumpTo(data + 16)));
    rig.type_text("aabbccdd");
    read(&mut rig);
    let before = rig.bytes();
    assert_eq!(before.len(), file.len());
    show(&mut rig, "b");
    act(&mut rig, TableAction::PressAll);
    act(&mut rig, ArrayAction::SetValues(String::from("0")));
    rig.settle();
    set(&mut rig, (0, 0), "7");
    assert_eq!(rig.bytes(), before);
    while rig.tab().is_modified() {
        rig.run(Command::Undo);
    }
    read(&mut rig);
    let said = set(&mut rig, (0, 0), "7");
    assert_eq!(f4_at(&rig.bytes(), data + 12), 7.0, "{said}");
}

#[test]
fn a_header_that_was_broken_is_read_again_when_it_is_mended() {
    let file = npy("'<f4'", false, "(2, 3)", &f4(0..6));
    let mut rig = open("a.npy", &file);
    delete(&mut rig, 20, 24);
    read(&mut rig);
    assert!(rig.tab().arrays.error.is_some());
    let before = rig.bytes();
    let said = set(&mut rig, (0, 0), "7");
    assert_eq!(rig.bytes(), before);
    assert!(said.contains("header can no longer be read"), "{said}");
    rig.run(Command::Undo);
    read(&mut rig);
    assert_eq!(rig.tab().arrays.error, None);
    let said = set(&mut rig, (0, 0), "7");
    assert_eq!(f4_at(&rig.bytes(), file.len() as u64 - 24), 7.0, "{said}");
    // One that never could be read.
    let mut broken = file.clone();
    broken[12] = 0;
    let mut rig = open("a.npy", &broken);
    assert!(rig.tab().arrays.error.is_some() && rig.tab().arrays.found.is_none());
    overwrite(&mut rig, 12, &format!("{:02x}", file[12]));
    read(&mut rig);
    assert!(rig.tab().arrays.error.is_none() && rig.tab().arrays.found.is_some());
}

#[test]
fn an_answer_about_bytes_that_are_others_by_now_is_not_taken() {
    let file = npy("'<f4'", false, "(2, 3)", &f4(0..6));
    let mut rig = open("a.npy", &file);
    overwrite(&mut rig, side(&file), "31");
    rig.session.tick();
    assert!(!rig.session.has_read_headers(), "it is being read");
    rig.run(Command::Undo);
    read(&mut rig);
    assert_eq!((view(&rig).base.shape.as_slice(), rig.tab().is_modified()), ([2, 3].as_slice(), false));
}

#[test]
fn what_was_typed_into_the_bar_stays_when_the_header_changes() {
    let file = npy("'<f4'", false, "(2, 3)", &f4(0..6));
    let mut rig = open("a.npy", &file);
    act(&mut rig, TableAction::Bar(BarField::Dtype, String::from("<i4")));
    act(&mut rig, TableAction::Bar(BarField::Slice, String::from("[0]")));
    overwrite(&mut rig, side(&file), "31");
    read(&mut rig);
    let bar = &view(&rig).bar;
    let texts = BarField::ALL.map(|field| bar.text(field).to_owned());
    assert_eq!(texts, ["<i4", "0x80", "(1, 3)", "C", "[0]"].map(str::to_owned));
    // A cell edit leaves the header as it was read.
    let said = set(&mut rig, (0, 0), "7");
    rig.session.tick();
    assert!(rig.session.has_read_headers() && rig.bytes()[128] == 7, "{said}");
}

#[test]
fn a_value_that_is_typed_is_given_up_when_its_cell_is_another_one() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    act(&mut rig, TableAction::Press { place: (1, 2), extend: false, clicks: 1 });
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("5"))));
    assert!(rig.tab().edit.is_some());
    // Another program writes another header into the file; what is typed would go to another item.
    rig.write("a.npy", &npy("'<f4'", false, "(3, 2)", &f4(0..6)));
    rig.wait_until("it is followed", |session| {
        session.tab().and_then(|tab| tab.array()).is_some_and(|view| view.base.shape == [3, 2])
    });
    rig.apply(Action::Edit(EditAction::Commit { then: None }));
    assert!(rig.tab().edit.is_none() && !rig.tab().is_modified(), "{}", rig.hint());
}

#[test]
fn a_file_that_is_no_container_any_more_is_not_read_for_ever() {
    let mut rig = open("a.bin", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    overwrite(&mut rig, 0, "00");
    read(&mut rig);
    assert!(rig.tab().arrays.found.is_none());
    for _ in 0..3 {
        rig.session.tick();
        assert!(rig.session.has_read_headers());
    }
    let before = rig.bytes();
    set(&mut rig, (0, 0), "7");
    assert_eq!(rig.bytes(), before, "nobody knows what these bytes are");
    rig.run(Command::Undo);
    read(&mut rig);
    set(&mut rig, (0, 0), "7");
    assert_ne!(rig.bytes(), before);
    assert!(rig.tab().arrays.found.is_some());
}

/// An archive with a deflated member and a stored one.
fn archive() -> Vec<u8> {
    let member = |first| npy("'<f4'", false, "(2, 2)", &f4(first..first + 4));
    npz(&[("packed", member(0), true), ("plain", member(10), false)])
}

#[test]
fn a_member_that_is_unpacked_too_late_stays_away() {
    let mut rig = open("a.npz", &archive());
    show(&mut rig, "packed");
    rig.run(Command::ArrayFromHere);
    rig.settle();
    assert_eq!(view(&rig).name, None);
    show(&mut rig, "packed");
    show(&mut rig, "plain");
    rig.settle();
    assert_eq!(view(&rig).name.as_deref(), Some("plain"));
    show(&mut rig, "packed");
    act(&mut rig, ArrayAction::Close);
    rig.settle();
    assert!(rig.tab().array().is_none());
    show(&mut rig, "packed");
    rig.write("b.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    rig.session.open(rig.path("b.npy"), OpenOptions { in_front: true, ..OpenOptions::default() });
    rig.wait_until("the other is open", |session| session.tabs().len() == 2);
    rig.run(Command::ArrayFromHere);
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("5"))));
    rig.requests();
    read(&mut rig);
    assert!(rig.tab().edit.is_some(), "{}", rig.hint());
    assert_eq!(rig.requests(), []);
    let packed = rig.session.tabs()[0].array().expect("it is unpacked in its own tab");
    assert!(packed.unpacked.is_some());
}

#[test]
fn a_member_with_another_checksum_is_shown_with_a_warning() {
    let mut bytes = archive();
    let crc_at = bytes.windows(4).position(|four| four == b"PK\x01\x02").expect("a directory") + 16;
    bytes[crc_at] ^= 1;
    let mut rig = open("a.npz", &bytes);
    show(&mut rig, "packed");
    rig.settle();
    assert_eq!(view(&rig).name.as_deref(), Some("packed"), "its values are there");
    let is_told = |rig: &Rig| {
        rig.messages().iter().any(|text| text.starts_with("packed: The decompressed bytes do not match"))
    };
    assert!(is_told(&rig), "{:?}", rig.messages());
    show(&mut rig, "plain");
    rig.finish(Command::ArraysStatistics);
    let arrays = &rig.session.features().statistics.arrays;
    let table = &arrays.of(rig.tab().id).expect("a table").table;
    let known = (0..2).map(|place| &table.row_at(place).expect("a row").known);
    let failed: Vec<&str> = known
        .filter_map(|known| match known {
            RowState::Failed(reason) => Some(&**reason),
            RowState::Known(_) | RowState::Waiting => None,
        })
        .collect();
    assert!(failed.len() == 1 && failed[0].contains("is damaged"), "{failed:?}");
}

#[test]
fn names_are_walked_without_taking_the_keys() {
    let mut rig = open("a.npz", &archive());
    rig.requests();
    // The first is unpacked by work that ends later.
    for (entry, name) in [(0, "packed"), (1, "plain")] {
        act(&mut rig, ArrayAction::Walk(entry));
        rig.settle();
        assert_eq!(view(&rig).name.as_deref(), Some(name));
        assert!(!rig.requests().contains(&Request::FocusGrid), "{name}");
    }
    show(&mut rig, "plain");
    assert!(rig.requests().contains(&Request::FocusGrid), "a click on a name leads to the array");
}

#[test]
fn what_is_asked_of_a_packed_array_is_done_when_it_is_there() {
    let mut rig = Rig::new();
    rig.write("a.npz", &archive());
    let some = |text: &str| Some(String::from(text));
    let request = ArrayRequest { name: some("packed"), slice: some("[1]"), ..ArrayRequest::default() };
    rig.open_with("a.npz", OpenOptions { array: Some(request), ..OpenOptions::default() });
    read(&mut rig);
    assert_eq!(view(&rig).sliced.array.shape, [2]);
    assert_eq!((view(&rig).name.as_deref(), rig.messages()), (Some("packed"), vec![]));
    rig.write("s.safetensors", &safetensors(&[("w", &[3, 2])]));
    rig.write(
        "m.safetensors.index.json",
        br#"{"metadata": {}, "weight_map": {"w": "s.safetensors", "v": "t.safetensors"}}"#,
    );
    let request = ArrayRequest { name: some("w"), slice: some("[2]"), ..ArrayRequest::default() };
    rig.open_with("m.safetensors.index.json", OpenOptions { array: Some(request), ..OpenOptions::default() });
    read(&mut rig);
    assert_eq!((rig.tab().title.as_str(), view(&rig).name.as_deref()), ("s.safetensors", Some("w")));
    assert_eq!(view(&rig).sliced.array.shape, [2]);
}

#[test]
fn rows_are_appended_where_the_header_can_tell_of_them() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(0, 3)", &[]));
    act(&mut rig, ArrayAction::AppendRows(String::from("2")));
    read(&mut rig);
    assert_eq!(view(&rig).base.shape, [2, 3], "{:?}", rig.session.dialog_error());
    set(&mut rig, (1, 2), "9");
    assert_eq!(rig.bytes(), npy("'<f4'", false, "(2, 3)", &f4([0, 0, 0, 0, 0, 9])));
    let before = rig.bytes();
    act(&mut rig, TableAction::Bar(BarField::Dtype, String::from("<i2")));
    act(&mut rig, ArrayAction::AppendRows(String::from("1")));
    rig.settle();
    assert_eq!(rig.bytes(), before, "the header tells of f4");
    let file = safetensors(&[("a", &[3])]);
    let mut rig = open("m.safetensors", &file);
    act(&mut rig, ArrayAction::AppendRows(String::from("1")));
    rig.settle();
    assert_eq!(rig.bytes(), file);
    // Shown like another file, it is the user's own description that grows.
    rig.write("golden.npy", &npy("'<f4'", false, "(1,)", &f4([9])));
    let golden = rig.path("golden.npy");
    act(&mut rig, ArrayAction::Like(golden));
    rig.settle();
    assert_eq!((rig.tab().arrays.found.is_some(), rig.tab().shown_entry()), (true, None));
}

#[test]
fn an_archive_is_saved_with_the_checksums_of_what_was_typed() {
    let mut rig = open("a.npz", &archive());
    show(&mut rig, "plain");
    set(&mut rig, (1, 1), "-1");
    rig.finish(Command::Save);
    let plain = npy("'<f4'", false, "(2, 2)", &f4([10, 11, 12, -1]));
    let packed = npy("'<f4'", false, "(2, 2)", &f4(0..4));
    let expected = |plain: Vec<u8>| npz(&[("packed", packed.clone(), true), ("plain", plain, false)]);
    assert_eq!(rig.disk("a.npz"), expected(plain));
    assert!(!rig.tab().is_modified());
    // Undone step by step and saved in between, it fits each time.
    for _ in 0..2 {
        rig.run(Command::Undo);
        rig.finish(Command::Save);
        let bytes = rig.disk("a.npz");
        let at = view(&rig).base.offset as usize + 12;
        let value = f32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as i32;
        assert_eq!(bytes, expected(npy("'<f4'", false, "(2, 2)", &f4([10, 11, 12, value]))));
    }
    set(&mut rig, (0, 0), "3");
    rig.save_as(rig.path("b.npz"));
    rig.settle();
    assert_ne!(rig.disk("b.npz"), rig.disk("a.npz"));
    let mut source = vec![0; rig.tab().len() as usize];
    rig.tab().shown().read_at(0, &mut source).expect("readable");
    assert_eq!(rig.disk("b.npz"), source);
    let at = Span::at(view(&rig).base.offset, 16).expect("a place");
    let data = &source[at.start() as usize..at.end() as usize];
    let value = |at: usize| f4_at(data, at as u64 * 4) as i32;
    let own = npy("'<f4'", false, "(2, 2)", &f4((0..4).map(value)));
    assert_eq!(source, expected(own));
}

#[test]
fn edits_that_are_kept_over_another_header_do_not_keep_the_old_one() {
    let file = safetensors(&[("a", &[2]), ("b", &[2])]);
    let mut rig = open("m.safetensors", &file);
    show(&mut rig, "b");
    set(&mut rig, (0, 1), "7");
    rig.take_notes();
    let swapped = safetensors(&[("b", &[2]), ("a", &[2])]);
    rig.write("m.safetensors", &swapped);
    let id = rig.tab().id;
    rig.wait_until("it is told", |session| {
        let mut notices = session.notices().shown(Some(id));
        notices.any(|notice| notice.ways_out.iter().any(|(label, _)| *label == "Keep mine"))
    });
    rig.settle();
    rig.press_button("Keep mine");
    read(&mut rig);
    set(&mut rig, (0, 0), "9");
    let mut expected = swapped.clone();
    let data = swapped.len() - 16;
    expected[data..data + 4].copy_from_slice(&9_f32.to_le_bytes());
    expected[data + 12..].copy_from_slice(&7_f32.to_le_bytes());
    assert_eq!(rig.bytes(), expected, "b is the first one now");
}

#[test]
fn what_is_appended_to_the_file_moves_no_array() {
    let file = npy("'<f4'", false, "(2, 3)", &f4(0..6));
    let mut rig = open("a.npy", &file);
    rig.finish(Command::Follow);
    let longer = npy("'<f4'", false, "(4, 3)", &f4(0..12));
    rig.write("a.npy", &longer);
    rig.wait_until("it has grown", |session| {
        session.tab().is_some_and(|tab| tab.len() == longer.len() as u64)
    });
    read(&mut rig);
    assert_eq!(view(&rig).base.shape, [4, 3]);
    let said = set(&mut rig, (3, 2), "9");
    assert!(rig.bytes().ends_with(&9_f32.to_le_bytes()), "{said}");
}
