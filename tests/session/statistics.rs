//! Statistics that follow the selection: right values in their places, what is kept while it changes, errors, the end.

use super::arrays_of_tests::{npy, safetensors};
use super::rig::Rig;
use super::unread::BadDisk;
use pagelens::bytes::{Availability, ReadError, Source};
use pagelens::session::panes::ValuesFormat;
use pagelens::session::statistics::{FollowingState, Measured, StatisticsAction};
use pagelens::session::view::Motion;
use pagelens::session::{Action, Command, FindAction, PaneAction, PaneKey, Request, Session};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};

pub fn act(rig: &mut Rig, action: StatisticsAction) {
    rig.apply(Action::Statistics(action));
}

#[track_caller]
fn measured(rig: &Rig) -> &Measured {
    let following = &rig.session.features().statistics.following;
    following.measured().unwrap_or_else(|| panic!("nothing is measured: {:?}", following.state()))
}

/// `Min -1.5 [2]`
fn facts(rig: &Rig) -> Vec<String> {
    let facts = measured(rig).facts.all().map(|fact| {
        let place = fact.place.as_ref().map_or_else(String::new, |place| format!(" {}", place.words));
        format!("{} {}{place}", fact.label, fact.value)
    });
    facts.collect()
}

#[track_caller]
fn has(rig: &Rig, expected: &[&str]) {
    let facts = facts(rig);
    for fact in expected {
        assert!(facts.iter().any(|own| own == fact), "no {fact:?} in {facts:?}");
    }
}

/// Shows the panel and waits for its answer.
fn shown(mut rig: Rig) -> Rig {
    rig.finish(Command::ToggleStatistics);
    rig
}

pub fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Plain values of this type, which have the keys.
fn see_as(rig: &mut Rig, dtype: &str) {
    rig.run(Command::ShowBoth);
    let format = ValuesFormat::new(dtype.parse().expect("a dtype"));
    rig.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::TYPED)));
}

#[test]
fn all_bytes_of_a_file_and_then_the_selected_ones() {
    let mut rig = shown(Rig::on(&[0, 7, 7, 255, 1, 0]));
    has(&rig, &["Min 0 0x0", "Max 255 0x3", "Mean 45.0", "Sum 270", "Zeros 2", "Distinct 4", "Elements 6"]);
    assert_eq!(measured(&rig).subject.words(), "All bytes");
    let histogram = measured(&rig).known.histogram.clone().expect("a histogram");
    assert_eq!((histogram.counts.len(), histogram.counts[7], histogram.counts[255]), (256, 2, 1));
    rig.select(1, 4);
    rig.settle();
    has(&rig, &["Min 7 0x1", "Max 255 0x3", "Sum 269", "Entropy 0.918296", "50 % 7"]);
    assert_eq!(measured(&rig).subject.words(), "Selection");
    rig.select(0, 0);
    rig.settle();
    has(&rig, &["Sum 270"]);
}

#[test]
fn values_of_the_pane_with_the_keys_have_its_type() {
    let mut bytes = floats(&[0.1, -2.0, f32::NAN, f32::INFINITY, 0.1]);
    bytes.push(9);
    let mut rig = shown(Rig::on(&bytes));
    see_as(&mut rig, "<f4");
    rig.settle();
    has(&rig, &["Min -2.0 0x4", "Max inf 0xC", "NaN 1 0x8", "Elements 5", "+inf 1", "−inf 0", "Negative 1"]);
    has(&rig, &["Distinct 4"]);
    assert_eq!((measured(&rig).subject.left_over, measured(&rig).subject.array.items()), (1, 5));
    rig.select(0, 8);
    rig.settle();
    has(&rig, &["Max 0.1 0x0", "Mean -0.9499999992549419", "Elements 2", "50 % -0.9499999992549419"]);
    act(&mut rig, StatisticsAction::GoTo(1));
    assert_eq!(rig.selected(), (4, 8), "the least value");
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.settle();
    has(&rig, &["Elements 4", "Max 192 0x7"]);
}

/// `a` is (2, 3): 0 to 5.
pub fn array(data: &[u8], dtype: &str, shape: &str) -> Rig {
    let mut rig = Rig::new();
    let descr = if dtype.starts_with('[') { dtype.to_owned() } else { format!("'{dtype}'") };
    rig.write("a.npy", &npy(&descr, false, shape, data));
    rig.open("a.npy");
    rig.wait_until("the array is shown", |session| session.tab().is_some_and(|tab| tab.is_in_array()));
    rig
}

#[test]
fn the_slice_of_an_array_and_then_a_block_of_it_with_indices_of_the_whole() {
    let data: Vec<u8> = (0..24_i16).flat_map(|value| (value * 10 - 50).to_le_bytes()).collect();
    let mut rig = shown(array(&data, "<i2", "(2, 3, 4)"));
    has(&rig, &["Min -50 [0, 0, 0]", "Max 180 [1, 2, 3]", "Zeros 1", "Negative 5", "Elements 24"]);
    rig.apply(Action::Array(pagelens::session::ArrayAction::Table(pagelens::session::TableAction::Bar(
        pagelens::session::arrays::BarField::Slice,
        String::from("[1, :, ::2]"),
    ))));
    rig.settle();
    has(&rig, &["Min 70 [1, 0, 0]", "Max 170 [1, 2, 2]", "Elements 6", "Mean 120.0"]);
    rig.apply(Action::Pane(PaneAction::Move { motion: Motion::Down, extend: false }));
    rig.apply(Action::Pane(PaneAction::Move { motion: Motion::Down, extend: true }));
    rig.settle();
    has(&rig, &["Min 110 [1, 1, 0]", "Max 150 [1, 2, 0]", "Elements 2"]);
    act(&mut rig, StatisticsAction::GoTo(1));
    let view = rig.tab().array().expect("an array");
    assert_eq!(view.table.index_words(view.block.caret.0, view.block.caret.1), "[1, 2, 0]");
}

#[test]
fn a_field_of_records_is_measured_by_itself() {
    let records: Vec<u8> = [(1_i32, 0.5_f32), (2, f32::NAN), (3, -1.5)]
        .iter()
        .flat_map(|(id, temp)| [id.to_le_bytes(), temp.to_le_bytes()].concat())
        .collect();
    let mut rig = shown(array(&records, "[('id', '<i4'), ('temp', '<f4')]", "(3,)"));
    has(&rig, &["Min 1 [0]", "Max 3 [2]", "Sum 6"]);
    assert!(measured(&rig).subject.words().starts_with("Field id"));
    rig.apply(Action::Pane(PaneAction::Move { motion: Motion::Right, extend: false }));
    rig.settle();
    has(&rig, &["Min -1.5 [2]", "NaN 1 [1]", "Elements 3"]);
}

#[test]
fn an_edit_inside_is_measured_anew_and_one_elsewhere_is_not() {
    let (mut rig, gate) = gated();
    gate.open(true);
    rig.select(4096, 3 * 4096);
    let mut rig = shown(rig);
    has(&rig, &["Min 1 0x1000", "Max 2 0x2000"]);
    // What is edited is not part of it: nothing is read again.
    gate.was_read.store(false, Ordering::SeqCst);
    rig.select(0, 0);
    rig.run(Command::ToggleStatistics);
    rig.type_text("ff");
    rig.select(4096, 3 * 4096);
    rig.finish(Command::ToggleStatistics);
    has(&rig, &["Max 2 0x2000"]);
    assert_eq!(state(&rig.session), FollowingState::UpToDate);
    rig.select(4100, 4100);
    rig.type_text("ee");
    rig.select(4096, 3 * 4096);
    rig.settle();
    has(&rig, &["Max 238 0x1004"]);
}

#[test]
fn a_bin_lists_the_elements_that_were_counted_in_it() {
    let mut random = fastrand::Rng::with_seed(4);
    for dtype in ["<f4", "<f2", "<f8", "<i4", "<u8", "|u1"] {
        let size: usize = dtype[2..].parse().expect("a size");
        let mut bytes: Vec<u8> = Vec::new();
        for _ in 0..500 {
            let value = random.f64() * 200.0 - 80.0;
            match dtype {
                "<f4" => bytes.extend((value as f32).to_le_bytes()),
                "<f2" => bytes.extend(half::f16::from_f64(value).to_le_bytes()),
                "<f8" => bytes.extend(value.to_le_bytes()),
                "<i4" => bytes.extend((value as i32).to_le_bytes()),
                "<u8" => bytes.extend((random.u64(..)).to_le_bytes()),
                _ => bytes.push(random.u8(..)),
            }
        }
        let mut rig = shown(array(&bytes, dtype, "(500,)"));
        act(&mut rig, StatisticsAction::Bins(Some(10)));
        rig.settle();
        let counts = measured(&rig).known.histogram.clone().expect("a histogram").counts;
        assert_eq!(counts.iter().sum::<u64>(), 500);
        for bin in [0, 4, 9] {
            act(&mut rig, StatisticsAction::FindBin(bin));
            rig.settle();
            let found = rig.session.finding().matches.len();
            let query = &rig.session.finding().query.text;
            assert_eq!(found, counts[bin], "{dtype} of {size} bytes, bin {bin}: {query}");
        }
    }
}

#[test]
fn a_bin_of_a_selection_lists_elements_of_the_selection_with_their_indices() {
    let data: Vec<u8> = (0..20_i32).flat_map(|value| (value % 4).to_le_bytes()).collect();
    let mut rig = shown(array(&data, "<i4", "(5, 4)"));
    for extend in [false, true] {
        rig.apply(Action::Pane(PaneAction::Move { motion: Motion::Down, extend }));
    }
    rig.apply(Action::Pane(PaneAction::Move { motion: Motion::Right, extend: true }));
    rig.settle();
    has(&rig, &["Elements 4", "Max 1 [1, 1]"]);
    let histogram = measured(&rig).known.histogram.clone().expect("a histogram");
    assert_eq!((histogram.edges, histogram.counts), (vec![-0.5, 0.5, 1.5], vec![2, 2]), "a value a bin");
    act(&mut rig, StatisticsAction::FindBin(1));
    rig.settle();
    rig.show();
    let list = &rig.session.finding().matches;
    let hits = list.shown(rig.tab()).expect("a list");
    let elements: Vec<String> =
        (0..list.len()).map(|number| hits.line(number, rig.tab()).expect("a line").element).collect();
    assert_eq!(elements, ["a[1, 1]", "a[2, 1]"]);
    rig.apply(Action::Find(FindAction::ShowMatch(1)));
    assert_eq!(rig.tab().selected().start(), rig.tab().len() - 80 + 4 * 9);
}

#[test]
fn what_can_not_be_read_is_left_out_and_said() {
    let mut rig = Rig::new();
    let cached = rig.session.cache().attach(Arc::new(BadDisk::default())).expect("threads");
    rig.session.open_source(String::from("disk"), cached);
    let rig = shown(rig);
    let known = &measured(&rig).known;
    assert_eq!((known.lost, known.count), (4096, (3 << 20) - 4096));
    has(&rig, &["Unread 4,096", "Max 222 0x0"]);
    let words = measured(&rig).unread_words();
    assert!(
        words.contains("4,096 elements could not be read") && words.contains("Input/output error"),
        "{words}"
    );
}

#[test]
fn there_is_a_sentence_where_nothing_can_be_measured() {
    let mut rig = shown(Rig::on(&[1, 2]));
    see_as(&mut rig, "<f4");
    rig.settle();
    let following = &rig.session.features().statistics.following;
    let reason = following.subject().expect("it follows").expect_err("too few bytes");
    assert_eq!(reason, "2 bytes are less than one <f4.");
    assert!(following.measured().is_none());
    let mut rig = Rig::new();
    rig.run(Command::NewFile);
    let rig = shown(rig);
    let following = &rig.session.features().statistics.following;
    assert_eq!(following.subject().and_then(Result::err), Some("The file is empty."));
}

/// Bytes that are read only while the gate is open.
#[derive(Debug, Default)]
struct Gated {
    is_open: Mutex<bool>,
    opened: Condvar,
    was_read: AtomicBool,
}

const GATED: u64 = 1 << 20;

impl Gated {
    fn open(&self, is_open: bool) {
        *self.is_open.lock().expect("a lock") = is_open;
        self.opened.notify_all();
    }
}

impl Source for Gated {
    fn len(&self) -> u64 {
        GATED
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.was_read.store(true, Ordering::SeqCst);
        let mut is_open = self.is_open.lock().expect("a lock");
        while !*is_open {
            is_open = self.opened.wait(is_open).expect("a lock");
        }
        for (at, byte) in (offset..).zip(buf) {
            *byte = (at / 4096) as u8;
        }
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("the cache stands between");
    }
}

fn gated() -> (Rig, Arc<Gated>) {
    let gate = Arc::new(Gated::default());
    let mut rig = Rig::new();
    let cached = rig.session.cache().attach(gate.clone()).expect("threads");
    rig.session.open_source(String::from("gated"), cached);
    (rig, gate)
}

fn state(session: &Session) -> FollowingState {
    session.features().statistics.following.state()
}

#[test]
fn the_last_answer_is_shown_until_the_next_one_is_there() {
    let (mut rig, gate) = gated();
    gate.open(true);
    rig.select(0, 4096);
    let mut rig = shown(rig);
    has(&rig, &["Max 0 0x0", "Elements 4,096"]);
    gate.open(false);
    rig.select(8192, 8192 + 4096);
    rig.wait_until("it takes long", |session| {
        matches!(state(session), FollowingState::Running { is_long: true, .. })
    });
    assert!(rig.session.features().statistics.following.is_old());
    has(&rig, &["Max 0 0x0"]);
    assert!(rig.session.activities().iter().any(|activity| activity.label == "Statistics"));
    // Another selection: the answer to the one before is not wanted any more.
    rig.select(12288, 12288 + 8192);
    rig.session.tick();
    gate.open(true);
    rig.settle();
    has(&rig, &["Min 3 0x3000", "Max 4 0x4000", "Elements 8,192"]);
    assert!(!rig.session.features().statistics.following.is_old());
}

#[test]
fn what_is_stopped_stays_stopped_until_it_is_wanted() {
    let (mut rig, gate) = gated();
    rig.run(Command::ToggleStatistics);
    rig.wait_until("it takes long", |session| !session.activities().is_empty());
    rig.apply(Action::CancelJob);
    rig.settle();
    assert_eq!(state(&rig.session), FollowingState::Stopped);
    gate.open(true);
    rig.settle();
    assert_eq!(state(&rig.session), FollowingState::Stopped, "it does not begin again by itself");
    act(&mut rig, StatisticsAction::Calculate);
    rig.settle();
    assert_eq!(state(&rig.session), FollowingState::UpToDate);
    has(&rig, &["Max 255 0xF F000"]);
}

#[test]
fn nothing_is_read_while_the_panel_is_hidden() {
    let (mut rig, gate) = gated();
    gate.open(true);
    rig.select(0, 4096);
    rig.settle();
    assert!(!gate.was_read.load(Ordering::SeqCst));
    rig.finish(Command::ToggleStatistics);
    assert!(gate.was_read.load(Ordering::SeqCst));
    rig.finish(Command::ToggleStatistics);
    gate.was_read.store(false, Ordering::SeqCst);
    rig.select(65536, 2 * 65536);
    rig.settle();
    assert!(!gate.was_read.load(Ordering::SeqCst));
}

#[test]
fn much_is_read_only_when_it_is_wanted() {
    let mut rig = shown(Rig::on_sparse(5 << 30));
    assert_eq!(state(&rig.session), FollowingState::Asks(5 << 30));
    act(&mut rig, StatisticsAction::Calculate);
    rig.settle();
    has(&rig, &["Elements 5,368,709,120", "Max 0 0x0", "Zeros 5,368,709,120"]);
}

#[test]
fn the_facts_are_copied_and_written_to_files() {
    let mut rig = shown(Rig::on(&floats(&[1.5, f32::NAN])));
    see_as(&mut rig, "<f4");
    rig.settle();
    rig.finish(Command::CopyStatistics);
    let texts = rig.requests().into_iter().filter_map(|request| match request {
        Request::Copy(offer) => offer.text,
        _ => None,
    });
    let text = texts.last().expect("copied");
    assert!(text.starts_with("fact\tvalue\ndtype\t<f4\nshape\t2\ncount\t2\nmin\t1.5\nargmin\t0\n"), "{text}");
    rig.run(Command::ExportStatisticsJson);
    rig.name(rig.path("a.json"));
    rig.settle();
    let json = String::from_utf8(rig.disk("a.json")).expect("text");
    assert!(json.contains("\"nan\": 1, \"first_nan\": 1") && json.contains("\"50\": 1.5"), "{json}");
    // A file that is there is asked about.
    rig.run(Command::ExportStatisticsCsv);
    rig.name(rig.path("a.json"));
    rig.settle();
    rig.replace(&rig.path("a.json"));
    rig.settle();
    assert!(rig.disk("a.json").starts_with(b"fact,value\n"));
    // The bytes that are open are never written over.
    rig.run(Command::ExportStatisticsCsv);
    rig.name(rig.path("a.bin"));
    rig.settle();
    assert!(
        rig.messages().iter().any(|message| message.contains("is open in pagelens")),
        "{:?}",
        rig.messages()
    );
}

#[test]
fn values_of_types_of_all_kinds_have_the_facts_that_they_can_have() {
    for (dtype, bytes, expected) in [
        ("<M8[D]", 1_i64.to_le_bytes().to_vec(), vec!["Min 1970-01-02 [0]", "NaT 0", "Elements 1"]),
        ("|S4", b"abcd".to_vec(), vec!["Elements 1"]),
        ("<c8", floats(&[3.0, -4.0]), vec!["Mean 3.0-4.0j", "NaN 0"]),
        ("|b1", vec![1], vec!["Min 1 [0]", "Mean 1.0"]),
    ] {
        let rig = shown(array(&bytes, dtype, "(1,)"));
        let facts = facts(&rig);
        for fact in expected {
            assert!(facts.iter().any(|own| own == fact), "{dtype}: no {fact:?} in {facts:?}");
        }
    }
}

#[test]
fn a_tensor_of_a_checkpoint_has_its_name() {
    let mut rig = Rig::new();
    rig.write("m.safetensors", &safetensors(&[("a.w", &[2, 2])]));
    rig.open("m.safetensors");
    rig.wait_until("the array is shown", |session| session.tab().is_some_and(|tab| tab.is_in_array()));
    let rig = shown(rig);
    assert_eq!((measured(&rig).subject.words(), measured(&rig).subject.name()), (String::from("a.w"), "a.w"));
}
