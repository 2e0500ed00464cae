//! Tests of lists that are in the temporary file: what a row needs is read by a worker, and what is lost is told.

use super::element_map::ElementMap;
use super::hits::{FoundMatches, Hits};
use super::order::{NotSorted, OrderKey, SortedMatches};
use super::query::{Query, QueryKind};
use crate::analysis::search::End;
use crate::analysis::spans::{SpanRecorder, recorder_into};
use crate::analysis::{Limit, Unread};
use crate::bytes::Span;
use crate::job::{Progress, no_waker};
use crate::session::{Action, Command, FindAction, OpenAction, Remembered, Session};
use std::fs::File;
use std::time::{Duration, Instant};

/// Matches in the list: some ten thousand are kept in memory.
const COUNT: u64 = 40_000;

/// A file with a list of matches at uneven distances, all but the last of which are in `file`.
fn session(file: File) -> (tempfile::TempDir, Session, SpanRecorder) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.bin");
    let bytes: Vec<u8> = (0..COUNT * 10).map(|at| at as u8).collect();
    std::fs::write(&path, bytes).expect("written");
    let mut session = Session::new(Remembered::default(), no_waker());
    session.apply(Action::Open(OpenAction::Files(vec![path])));
    settle(&mut session, |session| session.activities().is_empty() && session.tab().is_some());
    let (mut recorder, list) = recorder_into(Limit { bytes: 0, ..Limit::default() }, file);
    (0..COUNT).for_each(|number| recorder.push(span(number)).expect("room"));
    recorder.publish();
    let query = Query { kind: QueryKind::Hex, text: String::from("00"), ..Query::default() };
    let tab = session.tab().expect("a file is open");
    let found = FoundMatches::new(&query, list, tab.shown().clone(), None);
    let (end, unread, elements) = (Some(End::Complete), Unread::default(), ElementMap::default());
    let hits = Hits { tab: tab.id, query, end, unread, found, elements };
    session.features.find.matches.begin(hits, true);
    (folder, session, recorder)
}

fn span(number: u64) -> Span {
    Span::between(10 * number + number % 2, 10 * number + 5)
}

fn settle(session: &mut Session, is_done: impl Fn(&Session) -> bool) {
    let begun = Instant::now();
    while !is_done(session) {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", session.activities());
        session.tick();
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// What a row says in place of a value, and where it is.
fn row(session: &Session, number: u64) -> (&'static str, Option<Span>) {
    let hits = session.finding().matches.hits().expect("a list");
    let line = hits.line(number, session.tab().expect("a tab")).expect("a row");
    (line.instead, line.span)
}

#[test]
fn a_row_that_is_not_in_memory_is_there_when_a_worker_has_read_it() {
    let (_folder, mut session, _recorder) = session(tempfile::tempfile().expect("a file"));
    let last = COUNT - 1;
    assert_eq!(row(&session, last), ("", Some(span(last))), "in memory");
    assert!(!session.finding().matches.is_late());
    assert_eq!(row(&session, 100), ("…", None));
    assert!(session.finding().matches.is_late(), "the next frame has it read");
    settle(&mut session, |session| row(session, 100).1.is_some());
    assert_eq!(row(&session, 100), ("", Some(span(100))));
    // The keys go to a row that was never in sight, and the file follows.
    session.apply(Action::Find(FindAction::ShowMatch(20_000)));
    assert_eq!(session.finding().matches.chosen(), Some(20_000));
    settle(&mut session, |session| session.tab().is_some_and(|tab| tab.selected() == span(20_000)));
    // The marks of a scroll bar are there without a read.
    let found = &session.finding().matches.hits().expect("a list").found;
    assert!(found.spread(400).count() > 5 && !session.finding().matches.is_late());
}

#[test]
fn a_list_that_can_not_be_read_is_an_error_and_never_a_shorter_list() {
    let file = tempfile::tempfile().expect("a file");
    let other = file.try_clone().expect("a second handle");
    let (folder, mut session, _recorder) = session(file);
    other.set_len(100).expect("cut");
    assert_eq!(row(&session, 100), ("…", None));
    settle(&mut session, |session| row(session, 100).0 == "could not be read");
    session.tick();
    assert!(!session.finding().matches.is_late(), "it is not tried for ever");
    let id = session.tab().map(|tab| tab.id);
    let told =
        |session: &Session| session.notices().shown(id).map(|notice| notice.text.clone()).collect::<Vec<_>>();
    assert!(told(&session).concat().contains("Not all matches are listed"), "{:?}", told(&session));
    let hits = session.finding().matches.hits().expect("a list");
    let sorted = SortedMatches::of(&hits.found, OrderKey::Value, &Progress::default());
    assert!(matches!(sorted, Err(NotSorted::List(_))));
    // Nothing is replaced, selected or copied of a part of it.
    session.run(Command::Replace);
    session.features.find.query.replacement = String::from("58");
    for (command, words) in [
        (Command::ReplaceAllMatches, "Nothing was replaced: the temporary file"),
        (Command::SelectMatches, "Nothing was selected: the temporary file"),
        (Command::CopyMatches, "Nothing was copied: the temporary file"),
    ] {
        session.run(command);
        settle(&mut session, |session| session.activities().is_empty());
        assert!(
            session.hint().starts_with(words),
            "{command:?}: {} / {}",
            session.hint(),
            session.finding().answer
        );
    }
    assert!(!session.tab().expect("a tab").is_modified());
    drop(folder);
}
