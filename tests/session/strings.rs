//! The panel of the strings: what it lists, its order, what edits make of it, and strings for other programs.

use super::rig::Rig;
use super::unread::BadDisk;
use pagelens::analysis::search::End;
use pagelens::bytes::Span;
use pagelens::decode::Encoding;
use pagelens::session::strings::{AskedStrings, StringKey, StringLine};
use pagelens::session::{Action, Command, Request, StringsAction};
use std::sync::Arc;

/// The panel is shown over a file of these bytes, and its list is there.
fn shown(bytes: &[u8]) -> Rig {
    let mut rig = Rig::on(bytes);
    rig.run(Command::ToggleStrings);
    wait(&mut rig);
    rig
}

fn wait(rig: &mut Rig) {
    rig.session.tick();
    rig.wait_until("the strings are listed", |session| !session.features().strings.is_searching());
    rig.settle();
    rig.session.tick();
}

fn ask(rig: &mut Rig, change: impl FnOnce(&mut AskedStrings)) {
    let mut asked = rig.session.features().strings.asked().clone();
    change(&mut asked);
    rig.apply(Action::Strings(StringsAction::Ask(asked)));
    wait(rig);
}

fn lines(rig: &mut Rig) -> Vec<StringLine> {
    rig.run(Command::GoStart);
    rig.show();
    let strings = &rig.session.features().strings;
    let count = strings.listed(rig.tab()).map_or(0, |listed| listed.len());
    (0..count).map(|row| strings.line(row, rig.tab()).expect("a row")).collect()
}

fn texts(rig: &mut Rig) -> Vec<String> {
    lines(rig).into_iter().map(|line| line.text).collect()
}

fn sort(rig: &mut Rig, by: StringKey) {
    rig.apply(Action::Strings(StringsAction::Sort(by)));
    wait(rig);
}

fn copied(rig: &mut Rig) -> String {
    rig.finish(Command::CopyStrings);
    let texts = rig.requests().into_iter().filter_map(|request| match request {
        Request::Copy(offer) => offer.text,
        _ => None,
    });
    texts.last().expect("something was copied")
}

const BYTES: &[u8] = b"\x00\x01beta\x00abc\x00Alpha!\x00\xffgamma ray\x00";

#[test]
fn strings_are_listed_with_offset_length_and_text() {
    let mut rig = shown(BYTES);
    let expected = [("0x2", "4", "beta"), ("0xB", "6", "Alpha!"), ("0x13", "9", "gamma ray")];
    let found = lines(&mut rig);
    let found: Vec<(&str, &str, &str)> =
        found.iter().map(|line| (line.offset.as_str(), line.length.as_str(), line.text.as_str())).collect();
    assert_eq!(found, expected);
    ask(&mut rig, |asked| asked.least = String::from("3"));
    assert_eq!(texts(&mut rig), ["beta", "abc", "Alpha!", "gamma ray"]);
    ask(&mut rig, |asked| asked.containing = String::from("AL"));
    assert_eq!(texts(&mut rig), ["Alpha!"]);
    ask(&mut rig, |asked| asked.containing = String::from("delta"));
    assert!(texts(&mut rig).is_empty());
    ask(&mut rig, |asked| (asked.least, asked.containing) = (String::from("none"), String::new()));
    assert!(rig.session.features().strings.asked().query().is_err());
    assert!(texts(&mut rig).is_empty(), "the list of the last question stays");
}

#[test]
fn several_encodings_are_searched_at_once() {
    let wide: Vec<u8> = "wide".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bytes = [b"\x00\x00plain\x00\x00\x00", &wide[..], b"\x00\x00"].concat();
    let mut rig = shown(&bytes);
    assert_eq!(texts(&mut rig), ["plain"]);
    ask(&mut rig, |asked| *asked = asked.with_encoding(Encoding::Utf16Le, true));
    let found = lines(&mut rig);
    let found: Vec<(&str, &str)> = found.iter().map(|line| (line.text.as_str(), line.encoding)).collect();
    assert_eq!(found, [("plain", "UTF-8"), ("wide", "UTF-16 little-endian")]);
    ask(&mut rig, |asked| asked.encodings.clear());
    assert_eq!(rig.session.features().strings.asked().query().err().as_deref(), Some("Choose an encoding."));
}

#[test]
fn a_row_is_gone_to_and_rows_are_sorted() {
    let mut rig = shown(BYTES);
    rig.apply(Action::Strings(StringsAction::Show(1)));
    assert_eq!(rig.selected(), (11, 17));
    sort(&mut rig, StringKey::Length);
    assert_eq!(texts(&mut rig), ["gamma ray", "Alpha!", "beta"], "the longest come first");
    sort(&mut rig, StringKey::Length);
    assert_eq!(texts(&mut rig), ["beta", "Alpha!", "gamma ray"]);
    sort(&mut rig, StringKey::Text);
    assert_eq!(texts(&mut rig), ["Alpha!", "beta", "gamma ray"]);
    rig.apply(Action::Strings(StringsAction::Show(0)));
    assert_eq!(rig.selected(), (11, 17));
    // The next list has the same order.
    ask(&mut rig, |asked| asked.least = String::from("3"));
    assert_eq!(texts(&mut rig), ["abc", "Alpha!", "beta", "gamma ray"]);
    sort(&mut rig, StringKey::Text);
    assert_eq!(texts(&mut rig), ["gamma ray", "beta", "Alpha!", "abc"]);
    sort(&mut rig, StringKey::Offset);
    sort(&mut rig, StringKey::Offset);
    assert_eq!(texts(&mut rig), ["gamma ray", "Alpha!", "abc", "beta"]);
}

#[test]
fn a_list_is_told_where_its_strings_are_after_edits() {
    let mut rig = shown(BYTES);
    rig.run(Command::ToggleInsert);
    rig.type_text("0000");
    rig.run(Command::ToggleInsert);
    rig.go("0x4");
    rig.type_text("00");
    rig.session.tick();
    assert!(rig.session.features().strings.listed(rig.tab()).is_some_and(|listed| listed.is_old(rig.tab())));
    let found = lines(&mut rig);
    assert!(!found[0].is_there, "its bytes were edited");
    assert_eq!((found[1].offset.as_str(), found[1].text.as_str()), ("0xD", "Alpha!"));
    rig.apply(Action::Strings(StringsAction::Show(0)));
    assert!(rig.hint().contains("edited since"), "{}", rig.hint());
    rig.apply(Action::Strings(StringsAction::Show(1)));
    assert_eq!(rig.selected(), (13, 19));
    rig.apply(Action::Pane(pagelens::session::PaneAction::JumpTo(0)));
    rig.run(Command::SearchStrings);
    wait(&mut rig);
    assert_eq!(texts(&mut rig), ["Alpha!", "gamma ray"]);
}

#[test]
fn the_selection_is_the_one_of_the_moment() {
    let mut rig = shown(BYTES);
    ask(&mut rig, |asked| asked.in_selection = true);
    let strings = &rig.session.features().strings;
    assert!(strings.wants_selection(rig.tab()));
    rig.select(0, 20);
    rig.run(Command::SearchStrings);
    wait(&mut rig);
    assert_eq!(texts(&mut rig), ["beta", "Alpha!"]);
    // A row that is chosen is selected, and does not become the selection that is searched.
    rig.apply(Action::Strings(StringsAction::Show(1)));
    rig.session.tick();
    ask(&mut rig, |asked| asked.least = String::from("3"));
    assert_eq!(texts(&mut rig), ["beta", "abc", "Alpha!"]);
    ask(&mut rig, |asked| asked.in_selection = false);
    assert_eq!(texts(&mut rig).len(), 4);
}

#[test]
fn chosen_rows_are_copied_and_exported() {
    let mut rig = shown(b"\x00a\"b,\tc\x00\x00second\x00");
    assert_eq!(copied(&mut rig), "a\"b,\tc\nsecond\n");
    rig.apply(Action::Strings(StringsAction::Show(1)));
    assert_eq!(copied(&mut rig), "second\n");
    rig.apply(Action::Strings(StringsAction::ChooseAll));
    for (command, name, expected) in [
        (
            Command::ExportStringsCsv,
            "a.csv",
            "offset,length,encoding,text\n1,6,utf-8,\"a\"\"b,\tc\"\n9,6,utf-8,\"second\"\n",
        ),
        (Command::ExportStringsText, "a.txt", "      1 a\"b,\tc\n      9 second\n"),
        (
            Command::ExportStringsJson,
            "a.json",
            "{\"count\": 2, \"strings\": [\n  \
             {\"offset\": 1, \"length\": 6, \"encoding\": \"utf-8\", \"text\": \"a\\\"b,\\tc\"},\n  \
             {\"offset\": 9, \"length\": 6, \"encoding\": \"utf-8\", \"text\": \"second\"}\n]}\n",
        ),
    ] {
        rig.run(command);
        let path = rig.path(name);
        rig.name(path.clone());
        rig.settle();
        assert_eq!(String::from_utf8(rig.disk(name)).expect("text"), expected);
        assert!(rig.hint().starts_with("2 strings written to "), "{}", rig.hint());
        // A file that is there is not lost without a question, and the open one never.
        rig.run(command);
        rig.name(path.clone());
        rig.settle();
        rig.replace(&path);
        rig.settle();
        rig.run(command);
        let own = rig.path("a.bin");
        rig.name(own);
        rig.settle();
        assert!(rig.messages().concat().contains("open in pagelens"), "{:?}", rig.messages());
    }
}

#[test]
fn what_cannot_be_read_is_passed_over_and_said() {
    let disk = Arc::new(BadDisk::default());
    let mut rig = Rig::new();
    let cached = rig.session.cache().attach(disk).expect("threads");
    rig.session.open_source(String::from("disk"), cached);
    rig.run(Command::ToggleStrings);
    wait(&mut rig);
    let listed = rig.session.features().strings.listed(rig.tab()).expect("a list");
    assert_eq!((listed.len(), listed.unread().bytes()), (0, 4096));
}

#[test]
fn a_long_list_is_bounded_and_its_search_can_be_stopped() {
    // Eight bytes each, in a file that is searched only when asked.
    let bytes = b"string\x00\x00".repeat(1 << 20);
    let mut rig = shown(&bytes);
    let len = |rig: &Rig| rig.session.features().strings.listed(rig.tab()).map_or(0, |listed| listed.len());
    assert_eq!(len(&rig), 1 << 20);
    rig.apply(Action::Strings(StringsAction::Show(u64::MAX)));
    assert_eq!(rig.selected(), (bytes.len() as u64 - 8, bytes.len() as u64 - 2));
    sort(&mut rig, StringKey::Length);
    assert_eq!(rig.session.features().strings.order().0.by, StringKey::Length);
    rig.finish(Command::CopyStrings);
    rig.run(Command::SearchStrings);
    rig.session.tick();
    rig.apply(Action::CancelJob);
    rig.session.tick();
    assert!(!rig.session.features().strings.is_searching());
    let listed = rig.session.features().strings.listed(rig.tab()).expect("a list");
    assert_eq!(listed.end(), Some(End::Cancelled));
}

#[test]
fn a_search_that_ended_with_its_panel_begins_anew_with_it() {
    let mut rig = Rig::on(&b"string\x00\x00".repeat(1 << 20));
    rig.run(Command::ToggleStrings);
    rig.session.tick();
    assert!(rig.session.features().strings.is_searching());
    rig.run(Command::ToggleStrings);
    rig.session.tick();
    assert!(!rig.session.features().strings.is_searching());
    rig.run(Command::ToggleStrings);
    wait(&mut rig);
    let listed = rig.session.features().strings.listed(rig.tab()).expect("a list");
    assert_eq!((listed.len(), listed.end()), (1 << 20, Some(End::Complete)));
}

#[test]
fn a_large_file_is_searched_when_the_panel_is_opened_and_not_by_itself() {
    let mut rig = Rig::on_sparse(300 << 20);
    rig.session.tick();
    rig.run(Command::ToggleStrings);
    rig.session.tick();
    assert!(rig.session.features().strings.is_searching());
    wait(&mut rig);
    assert!(rig.session.features().strings.listed(rig.tab()).is_some());
    rig.write("b.bin", b"other text");
    rig.open("b.bin");
    wait(&mut rig);
    assert_eq!(texts(&mut rig), ["other text"]);
    rig.run(Command::PreviousTab);
    rig.session.tick();
    assert!(!rig.session.features().strings.is_searching(), "nobody has asked");
    assert!(rig.session.features().strings.listed(rig.tab()).is_none());
    rig.run(Command::SearchStrings);
    assert!(rig.session.features().strings.is_searching());
}

#[test]
fn listed_strings_are_marked_where_they_are_now() {
    let mut rig = shown(BYTES);
    let marked = |rig: &Rig, from: u64, to: u64| {
        let strings = &rig.session.features().strings;
        let spans = strings.marked(rig.tab(), Span::between(from, to));
        spans.into_iter().map(|span| (span.start(), span.end())).collect::<Vec<_>>()
    };
    assert_eq!(marked(&rig, 0, 28), [(2, 6), (11, 17), (19, 28)]);
    assert_eq!(marked(&rig, 5, 12), [(2, 6), (11, 17)], "those that reach in");
    assert_eq!(marked(&rig, 6, 11), []);
    let all = |rig: &Rig| rig.session.features().strings.spread(rig.tab(), 400).len();
    assert_eq!(all(&rig), 3);
    // Bytes before them move them; one that is typed into is marked no more.
    rig.go("0");
    rig.run(Command::ToggleInsert);
    rig.type_text("ffff");
    assert_eq!(marked(&rig, 0, 30), [(4, 8), (13, 19), (21, 30)]);
    assert_eq!(marked(&rig, 7, 14), [(4, 8), (13, 19)]);
    assert_eq!(marked(&rig, 29, 30), [(21, 30)]);
    rig.run(Command::ToggleInsert);
    rig.go("14");
    rig.type_text("00");
    assert_eq!(marked(&rig, 0, 30), [(4, 8), (21, 30)]);
    rig.select(0, 10);
    rig.run(Command::Delete);
    assert_eq!(marked(&rig, 0, 20), [(11, 20)], "the first is deleted");
    assert_eq!(all(&rig), 1);
    // Of another file nothing is marked.
    rig.write("b.bin", b"words");
    rig.open("b.bin");
    assert_eq!(
        marked(&rig, 0, 5).len(),
        rig.session.features().strings.listed(rig.tab()).map_or(0, |own| own.len() as usize)
    );
}

#[test]
fn strings_behind_many_deleted_ones_are_marked() {
    const COUNT: u64 = 50_000;
    // Eight bytes each.
    let mut rig = shown(&b"string\x00\x00".repeat(COUNT as usize));
    let marked = |rig: &Rig, from: u64, to: u64| {
        let spans = rig.session.features().strings.marked(rig.tab(), Span::between(from, to));
        spans.into_iter().map(|span| (span.start(), span.end())).collect::<Vec<_>>()
    };
    // The second one to the 40,001st.
    rig.select(8, 8 * 40_001);
    rig.run(Command::Delete);
    assert_eq!(marked(&rig, 0, 24), [(0, 6), (8, 14), (16, 22)]);
    assert_eq!(marked(&rig, 8, 16), [(8, 14)]);
    assert_eq!(marked(&rig, 70_000, 70_010), [(70_000, 70_006), (70_008, 70_014)]);
    rig.select(0, 8 * 5000);
    rig.run(Command::Delete);
    assert_eq!(marked(&rig, 0, 10), [(0, 6), (8, 14)]);
}

#[test]
fn spread_strings_are_others_after_an_edit_and_after_a_search() {
    let mut rig = shown(BYTES);
    let key = |rig: &Rig| rig.session.features().strings.spread_key(rig.tab());
    let first = key(&rig);
    assert!(first.is_some() && first == key(&rig));
    rig.go("0");
    rig.type_text("01");
    let edited = key(&rig);
    assert!(first != edited && edited == key(&rig));
    rig.run(Command::SearchStrings);
    wait(&mut rig);
    let again = key(&rig);
    assert_ne!(edited, again);
    // As many others, of the same bytes.
    ask(&mut rig, |asked| asked.least = String::from("2"));
    let four = key(&rig);
    ask(&mut rig, |asked| asked.least = String::from("3"));
    assert!(again != four && four != key(&rig));
}

#[test]
fn what_is_asked_is_remembered_for_the_next_start() {
    let mut rig = Rig::with_state();
    rig.write("a.bin", BYTES);
    rig.open("a.bin");
    rig.run(Command::ToggleStrings);
    wait(&mut rig);
    ask(&mut rig, |asked| {
        asked.least = String::from("6");
        asked.encodings = vec![Encoding::Utf16Le, Encoding::Ascii];
        asked.containing = String::from("a");
    });
    ask(&mut rig, |asked| asked.least = String::from("x"));
    rig.wait_until("the settings are kept", pagelens::session::Session::has_kept_state);
    rig.look_again();
    wait(&mut rig);
    let asked = rig.session.features().strings.asked();
    assert_eq!((&*asked.least, &*asked.encodings), ("6", &[Encoding::Utf16Le, Encoding::Ascii][..]));
    assert_eq!(asked.containing, "", "a filter is for this list alone");
}
