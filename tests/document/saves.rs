//! Saves while the user goes on: what is modified, what is changed, and what undo brings back.
//! Each test types letters, so that a state is a word.

use super::bytes::{MemorySource, Source, Span};
use super::document::{
    Change, CoalesceKey, Content, Document, Edit, Mapped, Overwrites, RebaseError, SavePoint,
};
use std::sync::Arc;

fn document(text: &str) -> Document {
    Document::new(source(text))
}

fn source(text: &str) -> Arc<MemorySource> {
    Arc::new(MemorySource::new(text.as_bytes()))
}

fn replace(document: &mut Document, start: u64, end: u64, by: &str) {
    let content = Content::Bytes(by.as_bytes().to_vec());
    document.apply(Edit::one("Typing", Span::between(start, end), content)).expect("inside");
}

fn text_of(source: &dyn Source) -> String {
    let mut bytes = vec![0; source.len() as usize];
    source.read_at(0, &mut bytes).expect("inside");
    String::from_utf8(bytes).expect("text")
}

fn text(document: &Document) -> String {
    text_of(&document.snapshot())
}

fn finish(document: &mut Document, point: SavePoint) {
    let written = source(&text_of(&point.snapshot));
    document.finish_save(point, written).expect("the save under way");
    document.snapshot().check().expect("a sound tree");
}

fn changes(document: &Document) -> Vec<Change> {
    let snapshot = document.snapshot();
    (0..snapshot.changes()).filter_map(|n| snapshot.nth_change(n)).collect()
}

fn is_as_saved(document: &Document) -> bool {
    let snapshot = document.snapshot();
    !document.is_modified() && snapshot.changes() == 0 && snapshot.pieces() == 1
}

#[test]
fn undo_goes_on_across_a_save() {
    let mut document = document("abcdef");
    replace(&mut document, 1, 2, "B");
    replace(&mut document, 6, 6, "!");
    let point = document.begin_save();
    finish(&mut document, point);
    assert!(is_as_saved(&document));
    document.undo();
    assert_eq!((text(&document).as_str(), document.is_modified()), ("aBcdef", true));
    document.undo();
    assert_eq!((text(&document).as_str(), document.is_modified()), ("abcdef", true));
    let changed = document.snapshot().changed_spans(Span::first(6));
    assert_eq!(changed, [Span::between(1, 2)], "the old byte is not what the file holds now");
    document.redo();
    document.redo();
    assert_eq!(text(&document), "aBcdef!");
    assert!(is_as_saved(&document));
}

#[test]
fn what_is_typed_during_a_save_stays_a_change() {
    let mut document = document("abcdef");
    replace(&mut document, 0, 1, "A");
    let point = document.begin_save();
    replace(&mut document, 2, 3, "C");
    replace(&mut document, 3, 4, "");
    finish(&mut document, point);
    assert_eq!((text(&document).as_str(), document.is_modified()), ("AbCef", true));
    let change = |from, to, base_from, base_to| Change {
        span: Span::between(from, to),
        replaced: Span::between(base_from, base_to),
    };
    assert_eq!(changes(&document), [change(2, 3, 2, 4)]);
    document.undo();
    document.undo();
    assert_eq!(text(&document), "Abcdef");
    assert!(is_as_saved(&document));
    document.undo();
    assert_eq!((text(&document).as_str(), document.is_modified()), ("abcdef", true));
    assert_eq!(changes(&document), [change(0, 1, 0, 1)]);
}

#[test]
fn what_is_undone_during_a_save_can_be_redone_to_the_saved_state() {
    let mut document = document("abcdef");
    replace(&mut document, 0, 1, "A");
    replace(&mut document, 2, 4, "");
    let point = document.begin_save();
    document.undo();
    document.undo();
    finish(&mut document, point);
    assert_eq!((text(&document).as_str(), document.is_modified()), ("abcdef", true));
    document.redo();
    document.redo();
    assert_eq!(text(&document), "Abef");
    assert!(is_as_saved(&document));
}

#[test]
fn other_edits_after_undo_during_a_save_leave_no_way_to_the_saved_state() {
    let mut document = document("abcdef");
    replace(&mut document, 0, 1, "A");
    replace(&mut document, 1, 2, "B");
    let point = document.begin_save();
    document.undo();
    replace(&mut document, 5, 6, "F");
    document.undo();
    document.undo();
    replace(&mut document, 4, 5, "E");
    finish(&mut document, point);
    assert_eq!((text(&document).as_str(), document.is_modified()), ("abcdEf", true));
    let changed = document.snapshot().changed_spans(Span::first(6));
    assert_eq!(changed, [Span::between(0, 2), Span::between(4, 5)], "against the saved ABcdef");
    document.undo();
    assert_eq!((text(&document).as_str(), document.is_modified()), ("abcdef", true));
    assert!(document.undo().is_none());
    document.redo();
    assert_eq!(text(&document), "abcdEf");
}

#[test]
fn an_edit_that_drops_the_saved_state_leaves_it_modified_for_good() {
    let mut document = document("abc");
    replace(&mut document, 0, 1, "A");
    let point = document.begin_save();
    finish(&mut document, point);
    document.undo();
    replace(&mut document, 0, 1, "A");
    assert!(document.is_modified(), "the same bytes by another way");
    document.undo();
    assert!(document.is_modified());
    let point = document.begin_save();
    finish(&mut document, point);
    assert!(is_as_saved(&document));
}

#[test]
fn typing_does_not_grow_the_step_that_was_saved() {
    let mut document = document("");
    let type_letter = |document: &mut Document, at, letter: &str| {
        let edit = Edit::one("Typing", Span::empty_at(at), Content::Bytes(letter.as_bytes().to_vec()));
        document.apply(edit.coalescing(CoalesceKey(1)).carets((at, at), (at + 1, at + 1))).expect("inside")
    };
    assert!(!type_letter(&mut document, 0, "a").coalesced);
    assert!(type_letter(&mut document, 1, "b").coalesced);
    let point = document.begin_save();
    assert!(!type_letter(&mut document, 2, "c").coalesced);
    finish(&mut document, point);
    assert!(type_letter(&mut document, 3, "d").coalesced, "a save that ends does not end a word");
    let undone = document.undo().expect("the word");
    assert_eq!((text(&document).as_str(), undone.caret), ("ab", (2, 2)));
    assert!(is_as_saved(&document));
    let redone = document.redo().expect("the word");
    assert_eq!((text(&document).as_str(), redone.caret), ("abcd", (4, 4)));
    document.seal();
    assert!(!type_letter(&mut document, 4, "e").coalesced);
}

#[test]
fn only_the_save_under_way_can_finish_and_only_with_its_length() {
    let mut document = document("abc");
    replace(&mut document, 0, 0, "x");
    let first = document.begin_save();
    let second = document.begin_save();
    assert_eq!(document.finish_save(first, source("xabc")), Err(RebaseError::Stale));
    let wrong = document.finish_save(second.clone(), source("abc"));
    assert_eq!(wrong, Err(RebaseError::Length { expected: 4, saved: 3 }));
    assert!(document.is_modified());
    document.finish_save(second.clone(), source("xabc")).expect("under way still");
    assert!(is_as_saved(&document));
    assert_eq!(document.finish_save(second, source("xabc")), Err(RebaseError::Stale));
    let point = document.begin_save();
    document.cancel_save(point.clone());
    assert_eq!(document.finish_save(point, source("xabc")), Err(RebaseError::Stale));
    let point = document.begin_save();
    document.reset(source("new!"));
    assert_eq!(document.finish_save(point, source("xabc")), Err(RebaseError::Stale));
    assert!(is_as_saved(&document) && document.undo().is_none());
    assert_eq!(text(&document), "new!");
}

#[test]
fn from_the_first_moved_byte_on_all_is_written() {
    let overwrites = |edit: &dyn Fn(&mut Document)| {
        let mut document = document("abcdef");
        edit(&mut document);
        let Overwrites { spans, moved, base_len, len } = document.snapshot().overwrites();
        assert_eq!((base_len, len), (6, document.len()));
        (spans.iter().map(|span| (span.start(), span.end())).collect::<Vec<_>>(), moved)
    };
    assert_eq!(overwrites(&|_| {}), (vec![], 0));
    assert_eq!(overwrites(&|it| replace(it, 1, 2, "x")), (vec![(1, 2)], 0));
    assert_eq!(overwrites(&|it| replace(it, 6, 6, "gh")), (vec![(6, 8)], 0));
    assert_eq!(overwrites(&|it| replace(it, 4, 6, "")), (vec![], 0));
    assert_eq!(overwrites(&|it| replace(it, 3, 6, "xy")), (vec![(3, 5)], 0));
    assert_eq!(overwrites(&|it| replace(it, 0, 1, "")), (vec![(0, 5)], 5));
    assert_eq!(overwrites(&|it| replace(it, 2, 2, "x")), (vec![(2, 7)], 4));
    let two = |it: &mut Document| {
        replace(it, 0, 1, "");
        replace(it, 2, 2, "x");
    };
    assert_eq!(overwrites(&two), (vec![(0, 6)], 5), "the length is the same, but bytes have moved");
}

#[test]
fn pasted_bytes_of_the_base_are_new_bytes() {
    let mut document = document("abcdef");
    let clip = Content::Clip(document.snapshot(), Span::between(1, 3));
    document.apply(Edit::one("Paste", Span::empty_at(5), clip)).expect("inside");
    assert_eq!(text(&document), "abcdebcf");
    assert_eq!(document.snapshot().changed_spans(Span::first(8)), [Span::between(5, 7)]);
}

#[test]
fn spans_follow_their_bytes() {
    let mut document = document("0123456789");
    let start = document.revision();
    replace(&mut document, 2, 2, "ab");
    replace(&mut document, 8, 9, "X");
    replace(&mut document, 0, 1, "");
    assert_eq!(text(&document), "1ab2345X789");
    let map = |from, to| document.map_span(Span::between(from, to), start);
    let span = Span::between;
    assert_eq!(map(2, 5), Mapped::Intact(span(3, 6)), "insertion at its start pushes it");
    assert_eq!(map(1, 2), Mapped::Intact(span(0, 1)), "insertion at its end does not touch it");
    assert_eq!(map(1, 3), Mapped::Touched(span(0, 4)), "an insertion inside pushes it apart");
    assert_eq!(map(5, 8), Mapped::Touched(span(6, 9)), "overwritten in place");
    assert_eq!(map(6, 7), Mapped::Touched(span(7, 8)));
    assert_eq!(map(0, 1), Mapped::Gone);
    assert_eq!(map(0, 3), Mapped::Touched(span(0, 4)));
    assert_eq!(map(10, 10), Mapped::Intact(span(11, 11)));
    assert_eq!(document.map_span(span(3, 4), document.revision()), Mapped::Intact(span(3, 4)));
    let old = document.revision();
    let point = document.begin_save();
    finish(&mut document, point);
    assert_eq!(document.map_span(span(3, 4), old), Mapped::Intact(span(3, 4)), "a save moves nothing");
    document.undo();
    assert_eq!(document.map_span(span(3, 4), old), Mapped::Intact(span(4, 5)));
    document.reset(source(""));
    assert_eq!(document.map_span(span(3, 4), old), Mapped::Unknown);
}
