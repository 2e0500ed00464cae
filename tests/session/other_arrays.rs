//! Numbers of all elements, and other arrays of the file, in Set values and in Find.

use super::arrays_of_tests::{f4, npy, npz, safetensors};
use super::rig::Rig;
use pagelens::session::arrays::BarField;
use pagelens::session::find::{Query, QueryKind, ValueTypes};
use pagelens::session::{Action, ArrayAction, Command, FindAction, TableAction};

fn act(rig: &mut Rig, action: impl Into<ArrayAction>) {
    rig.apply(Action::Array(action.into()));
}

/// `a` is (2, 3) from 0 to 5, `b` the same, `c` has one element, 0, and `d` has four.
fn checkpoint() -> Rig {
    let mut rig = Rig::new();
    rig.write("m.safetensors", &safetensors(&[("a", &[2, 3]), ("b", &[2, 3]), ("c", &[1]), ("d", &[4])]));
    rig.open("m.safetensors");
    rig.wait_until("the header is read", pagelens::session::Session::has_read_headers);
    rig
}

fn show(rig: &mut Rig, name: &str) {
    let found = rig.tab().arrays.found.as_ref().expect("a container");
    let at = found.container.find(name).expect("an array") as u32;
    act(rig, ArrayAction::Open(at));
    rig.settle();
}

fn set(rig: &mut Rig, text: &str) {
    rig.run(Command::SetValues);
    act(rig, ArrayAction::SetValues(text.to_owned()));
    rig.wait_until("computed", |session| !session.is_busy());
}

/// The floats of the file's data, from the first array on.
fn floats(rig: &Rig, count: usize) -> Vec<f32> {
    let bytes = rig.bytes();
    let start = bytes.len() - 4 * 17;
    let float = |at: usize| f32::from_le_bytes(bytes[start + 4 * at..][..4].try_into().expect("four"));
    (0..count).map(float).collect()
}

fn ask(rig: &mut Rig, text: &str) -> (String, String) {
    rig.run(Command::Find);
    let kind = QueryKind::Where;
    let types = ValueTypes::default();
    let query = Query { kind, text: text.to_owned(), types, ..rig.session.finding().query.clone() };
    rig.apply(Action::Find(FindAction::SetQuery(query)));
    rig.finish(Command::FindAll);
    let finding = rig.session.finding();
    (rig.answer().to_owned(), finding.error.clone().unwrap_or_default() + &finding.passed_over)
}

#[test]
fn values_are_set_from_another_array_and_from_numbers_of_all() {
    let mut rig = checkpoint();
    show(&mut rig, "a");
    rig.run(Command::SelectAll);
    set(&mut rig, "x * 10 + other('b')");
    assert_eq!(floats(&rig, 6), [0.0, 11.0, 22.0, 33.0, 44.0, 55.0]);
    rig.run(Command::Undo);
    assert_eq!(floats(&rig, 6), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    set(&mut rig, "x - mean(x)");
    assert_eq!(floats(&rig, 6), [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]);
    rig.run(Command::Undo);
    // A column of the transposed table, and the same one of the other array.
    act(&mut rig, TableAction::Bar(BarField::Slice, String::from("[::-1, 1:]")));
    act(&mut rig, TableAction::PressColumn { column: 1, extend: false });
    set(&mut rig, "other('b') + max(x) + other('c')");
    assert_eq!(floats(&rig, 6), [0.0, 1.0, 7.0, 3.0, 4.0, 10.0]);
}

#[test]
fn what_can_t_be_named_is_said_with_what_can() {
    let mut rig = checkpoint();
    show(&mut rig, "a");
    rig.run(Command::SelectAll);
    for (text, words) in [
        ("x + other('e')", "There is no array 'e'; the file has a, b, c, d."),
        (
            "x + other('d')",
            "'d' can't be used here: its shape is (4,), but the shape of this array is (2, 3).",
        ),
        ("x + median(7 // x)", "There is no"),
    ] {
        set(&mut rig, text);
        let said = rig.messages().join("\n") + rig.session.dialog_error().unwrap_or_default();
        if text.contains("median") {
            // A float divided by 0 is no error: the median of what is left is a number.
            assert!(rig.tab().is_modified(), "{said}");
        } else {
            assert!(said.contains(words) && !rig.tab().is_modified(), "{text}: {said}");
        }
    }
    let mut rig = Rig::new();
    rig.write("a.npy", &npy("'<f4'", false, "(3,)", &f4(0..3)));
    rig.open("a.npy");
    rig.wait_until("the header is read", pagelens::session::Session::has_read_headers);
    rig.settle();
    rig.run(Command::SelectAll);
    set(&mut rig, "x + other('b')");
    let said = rig.session.dialog_error().unwrap_or_default();
    assert!(said.contains("There is no array 'b'; the file has"), "{said}");
}

#[test]
fn elements_are_found_by_numbers_of_all_and_by_another_array() {
    let mut rig = checkpoint();
    show(&mut rig, "a");
    rig.run(Command::SelectAll);
    set(&mut rig, "x + (x > 3)");
    assert_eq!(ask(&mut rig, "x != other('b')"), (String::from("2 matches."), String::new()));
    assert_eq!(ask(&mut rig, "x > mean"), (String::from("3 matches."), String::new()));
    rig.finish(Command::FindNext);
    let (answer, error) = ask(&mut rig, "x > other('e')");
    assert!(error.contains("There is no array 'e'; the file has a, b, c, d."), "{answer} {error}");
    // All arrays of the file: those of another shape are passed over, each has its own mean.
    let (answer, passed_over) = ask_all(&mut rig, "x == other('b')");
    assert_eq!(answer, "10 matches.", "{passed_over}");
    assert!(passed_over.contains("2 arrays were skipped"), "{passed_over}");
    assert_eq!(ask_all(&mut rig, "x > mean").0, "8 matches.");
}

fn ask_all(rig: &mut Rig, text: &str) -> (String, String) {
    rig.run(Command::ShowBytes);
    ask(rig, text)
}

#[test]
fn a_compressed_array_can_stand_beside_one_that_is_not() {
    let mut rig = Rig::new();
    let plain = npy("'<f4'", false, "(3,)", &f4([1, 2, 3]));
    let packed = npy("'|u1'", false, "(3,)", &[1, 5, 3]);
    rig.write("a.npz", &npz(&[("p", plain, false), ("q", packed, true)]));
    rig.open("a.npz");
    rig.wait_until("the header is read", pagelens::session::Session::has_read_headers);
    show(&mut rig, "p");
    assert_eq!(ask(&mut rig, "x < other('q')"), (String::from("1 match."), String::new()));
    show(&mut rig, "q");
    assert_eq!(ask(&mut rig, "x == other('p')"), (String::from("2 matches."), String::new()));
}

/// The slice of another array may have the shape of this slice, though the arrays differ.
#[test]
fn an_array_that_was_typed_into_the_bar_is_compared_as_a_whole() {
    let mut rig = checkpoint();
    show(&mut rig, "a");
    act(&mut rig, TableAction::Bar(BarField::Shape, String::from("3, 3")));
    act(&mut rig, TableAction::Bar(BarField::Slice, String::from("[:2]")));
    let view = rig.tab().array().expect("an array");
    assert_eq!((&*view.base.shape, &*view.sliced.array.shape), (&[3, 3][..], &[2, 3][..]));
    let (answer, error) = ask(&mut rig, "x == other('b')");
    assert!(error.contains("its shape is (2, 3), but the shape of this array is (3, 3)"), "{answer} {error}");
    assert_eq!(ask(&mut rig, "x == other('c')"), (String::from("1 match."), String::new()), "one element");
    act(&mut rig, TableAction::Bar(BarField::Shape, String::from("2, 3")));
    assert_eq!(ask(&mut rig, "x == other('b')").0, "6 matches.");
}

/// Numbers of all elements are made once for a state of the file, and anew after an edit.
#[test]
fn the_next_match_knows_the_numbers_of_all_elements() {
    let mut rig = checkpoint();
    show(&mut rig, "a");
    rig.run(Command::Find);
    let query = Query { kind: QueryKind::Where, text: String::from("x > mean"), ..Query::default() };
    rig.apply(Action::Find(FindAction::SetQuery(query)));
    let caret = |rig: &Rig| {
        let view = rig.tab().array().expect("an array");
        view.table.index(view.block.caret.0, view.block.caret.1)
    };
    for expected in [[1, 0], [1, 1], [1, 2], [1, 0]] {
        rig.finish(Command::FindNext);
        assert_eq!(caret(&rig), expected);
    }
    rig.run(Command::SelectAll);
    set(&mut rig, "5 - x");
    // The mean is the same, the elements are not.
    rig.finish(Command::FindNext);
    assert_eq!(caret(&rig), [0, 0]);
    set(&mut rig, "x * x * x");
    for expected in [[0, 0], [0, 1], [0, 0]] {
        rig.finish(Command::FindNext);
        assert_eq!(caret(&rig)[0], expected[0]);
    }
}
