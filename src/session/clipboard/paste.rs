//! Paste: the program's own clip as its exact bytes, what other programs have copied as what it is, and a question where
//! that is not clear.

use super::meaning::{AT_ONCE, Kind, Meaning, PasteChoice, PasteOption, Target};
use super::system::is_same_text;
use super::{Clip, PasteWay, Pasted};
use crate::bytes::Span;
use crate::document::{Content, Revision};
use crate::job::{Job, Poll};
use crate::session::arrays::PastedValues;
use crate::session::dialog::Dialog;
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::view::Selection;
use crate::session::{Session, TabId, words};

const NOTHING: &str = "There is nothing to paste.";

/// A long text that a worker reads.
#[derive(Debug)]
pub(in crate::session) struct Reading {
    tab: TabId,
    revision: Revision,
    selection: Selection,
    job: Job<Meaning>,
}

impl Session {
    /// Puts in what is on the system's clipboard.
    pub(in crate::session) fn paste(&mut self, pasted: Pasted, way: PasteWay) {
        let Some(tab) = self.tabs.front() else { return };
        if let Err(reason) = tab.check_editable() {
            return self.context.say(reason);
        }
        let into = Target::of(tab);
        let in_array = tab.is_in_array();
        let own = self.own_clip(&pasted);
        match (way, own) {
            (PasteWay::Text, own) => {
                let text = own.and_then(|clip| clip.text.clone()).or(pasted.text);
                self.paste_text(text.unwrap_or_default(), into);
            }
            (PasteWay::Choose, own) => {
                let content = own.map(|clip| clip.copied.content());
                self.choose_paste(pasted, content, into);
            }
            (PasteWay::Usual, Some(clip)) if in_array => {
                let content = clip.copied.content();
                let text = clip.text.clone().filter(|_| clip.is_values);
                self.paste_into_array(text, Some(content));
            }
            (PasteWay::Usual, Some(clip)) if !(clip.mark.is_text && into.column == Kind::Text) => {
                let content = clip.copied.content();
                self.put_pasted(content);
            }
            (PasteWay::Usual, _) => self.paste_of_others(pasted, into, in_array),
        }
    }

    /// The clip of this window that is on the system's clipboard, if it is.
    fn own_clip(&self, pasted: &Pasted) -> Option<&Clip> {
        let mut clips = self.features.clip.iter().chain(self.selected_clip());
        if let Some(mark) = &pasted.mark {
            return clips.find(|clip| clip.mark.id == mark.id);
        }
        // Where the clipboard keeps no mark, the text tells. Of what has no text nothing was put there.
        let text = pasted.text.as_deref().unwrap_or_default();
        clips.find(|clip| match &clip.text {
            Some(own) => !text.is_empty() && is_same_text(own, text),
            None if clip.is_inside_only => text.is_empty() && pasted.bytes.is_none(),
            None => true,
        })
    }

    /// What another program, or another window, has put on the clipboard.
    fn paste_of_others(&mut self, pasted: Pasted, into: Target, in_array: bool) {
        let Pasted { text, bytes, mark } = pasted;
        if let Some(mark) = mark.as_ref().filter(|_| text.is_none() && bytes.is_none()) {
            return self.refuse_paste(format!(
                "{} of {} are too much for the clipboard. In the other window choose 'Selection to a file…' in the Edit menu.",
                words::bytes(mark.len),
                mark.title
            ));
        }
        let text = text.filter(|text| !text.is_empty());
        if in_array {
            return self.paste_into_array(text, bytes.map(Content::Bytes));
        }
        let wants_bytes = mark.as_ref().is_some_and(|mark| !mark.is_text) || into.column != Kind::Text;
        match (text, bytes.filter(|bytes| !bytes.is_empty())) {
            (None, None) => self.context.say(String::from(NOTHING)),
            (text, Some(bytes)) if wants_bytes || text.is_none() => self.put_pasted(Content::Bytes(bytes)),
            (Some(text), _) => self.read_text(text, into),
            (None, Some(_)) => {}
        }
    }

    fn paste_text(&mut self, text: String, into: Target) {
        if self.tabs.front().is_some_and(Tab::is_in_array) {
            return self.paste_values(PastedValues::Text(text));
        }
        self.read_as(text, move |text| match into.encoding.encode(text) {
            Ok(bytes) => Meaning::Bytes(bytes),
            Err(reason) => Meaning::Unclear(Vec::new(), Some(reason.to_string())),
        });
    }

    /// Values as values; bytes as those of the items.
    fn paste_into_array(&mut self, text: Option<String>, content: Option<Content>) {
        let values = match (text, content) {
            (Some(text), _) => PastedValues::Text(text),
            (None, Some(Content::Bytes(bytes))) => PastedValues::Bytes(bytes),
            (None, Some(Content::Clip(snapshot, span))) if span.len() <= crate::export::MAX_BYTES => {
                PastedValues::Span(snapshot, span)
            }
            (None, Some(_)) => {
                return self.refuse_paste(String::from("more than 16 MiB can't be pasted as values."));
            }
            (None, None) => return self.context.say(String::from(NOTHING)),
        };
        self.paste_values(values);
    }

    /// Reads a text as the column takes it.
    fn read_text(&mut self, text: String, into: Target) {
        self.read_as(text, move |text| into.meaning(text));
    }

    /// Reads a text by `read`, at once or in a worker.
    fn read_as(&mut self, text: String, read: impl FnOnce(&str) -> Meaning + Send + 'static) {
        let Some(tab) = self.tabs.front() else { return };
        let (id, revision, selection) = (tab.id, tab.shown().revision(), tab.selection);
        if text.len() <= AT_ONCE {
            return self.take_meaning(id, read(&text));
        }
        match Job::spawn("paste", self.context.waker(), move |_| read(&text)) {
            Ok(job) => self.features.reading = Some(Reading { tab: id, revision, selection, job }),
            Err(error) => self.context.say(format!("Nothing was pasted: {error}.")),
        }
    }

    pub(in crate::session) fn poll_reading(&mut self) {
        let Some(reading) = &mut self.features.reading else { return };
        let meaning = match reading.job.poll() {
            Poll::Running => return,
            Poll::Done(meaning) => Some(meaning),
            Poll::Lost => None,
        };
        let (id, revision, selection) = (reading.tab, reading.revision, reading.selection);
        self.features.reading = None;
        let is_as_it_was = self.tabs.front().is_some_and(|tab| {
            tab.id == id && tab.shown().revision() == revision && tab.selection == selection
        });
        match meaning {
            Some(meaning) if is_as_it_was => self.take_meaning(id, meaning),
            _ => self.context.say(String::from(
                "Nothing was pasted because the caret or the bytes changed in the meantime. Paste again.",
            )),
        }
    }

    fn take_meaning(&mut self, tab: TabId, meaning: Meaning) {
        match meaning {
            Meaning::Bytes(bytes) if bytes.is_empty() => self.context.say(String::from(NOTHING)),
            Meaning::Bytes(bytes) => self.put_pasted(Content::Bytes(bytes)),
            Meaning::Unclear(options, why) => self.ask_meaning(tab, options, why),
        }
    }

    fn ask_meaning(&mut self, tab: TabId, options: Vec<PasteOption>, why: Option<String>) {
        if options.is_empty() {
            return self.refuse_paste(why.unwrap_or_else(|| String::from("the clipboard is empty")));
        }
        let explanation = why.unwrap_or_else(|| String::from("Choose what the clipboard holds."));
        self.ask_paste(PasteChoice { title: "Paste as", explanation, options, at: 0, tab });
    }

    fn choose_paste(&mut self, pasted: Pasted, own: Option<Content>, into: Target) {
        if self.tabs.front().is_some_and(Tab::is_in_array) {
            return self.paste_into_array(pasted.text, own.or(pasted.bytes.map(Content::Bytes)));
        }
        let bytes = match own {
            Some(content) => {
                let label = String::from("The bytes that were copied");
                Some(PasteOption { label, content, span: None, preview: Vec::new() })
            }
            None => pasted.bytes.map(|bytes| PasteOption::bytes("The bytes themselves", bytes)),
        };
        self.read_as(pasted.text.unwrap_or_default(), move |text| {
            let options: Vec<PasteOption> = bytes.into_iter().chain(into.all(text).0).collect();
            match options.is_empty() {
                true => Meaning::Bytes(Vec::new()),
                false => Meaning::Unclear(options, None),
            }
        });
    }

    /// Puts bytes in. In overwrite mode a selection takes as many as it has; for more the user is asked.
    fn put_pasted(&mut self, content: Content) {
        let Some(tab) = self.tabs.front() else { return };
        let (selected, len) = (tab.selected(), content.len());
        if tab.inserts() || selected.is_empty() || len <= selected.len() {
            return self.edit(move |tab| tab.put(content, "Paste"));
        }
        let option = |label: String, content: Content, span: Option<Span>| {
            let preview = match &content {
                Content::Bytes(bytes) => bytes[..bytes.len().min(64)].to_vec(),
                _ => Vec::new(),
            };
            PasteOption { label, content, span, preview }
        };
        let rest = len - selected.len();
        let over = Span::at(selected.start(), len).map(|span| span.clamp_to(tab.len()));
        let mut options = vec![option(
            format!("Only the first {}, over the selection", words::bytes(selected.len())),
            first(&content, selected.len()),
            Some(selected),
        )];
        options.push(option(
            format!("All {}, also over the {} behind the selection", words::bytes(len), words::bytes(rest)),
            content.clone(),
            over,
        ));
        if !tab.has_fixed_length() {
            options.push(option(
                format!("All {} in place of the selection; what is behind moves", words::bytes(len)),
                content,
                Some(selected),
            ));
        }
        let explanation = format!(
            "The clipboard holds {}; {} are selected, and overwrite mode is on.",
            words::bytes(len),
            words::bytes(selected.len())
        );
        let tab = tab.id;
        self.ask_paste(PasteChoice {
            title: "Paste more than is selected",
            explanation,
            options,
            at: 0,
            tab,
        });
    }

    fn ask_paste(&mut self, choice: PasteChoice) {
        self.features.paste_choice = Some(choice);
        self.context.show_dialog(Dialog::PasteAs);
    }

    /// The question about a paste that is open.
    pub fn paste_choice(&self) -> Option<&PasteChoice> {
        self.features.paste_choice.as_ref().filter(|_| self.context.dialog() == Some(&Dialog::PasteAs))
    }

    pub(in crate::session) fn point_at_paste(&mut self, at: usize) {
        if let Some(choice) = &mut self.features.paste_choice {
            choice.at = at.min(choice.options.len().saturating_sub(1));
        }
    }

    /// Pastes in the way that is chosen.
    pub(in crate::session) fn paste_chosen(&mut self) {
        let Some(mut choice) = self.features.paste_choice.take() else { return };
        self.context.close_dialog();
        if choice.at >= choice.options.len() || self.tabs.front().is_none_or(|tab| tab.id != choice.tab) {
            return;
        }
        let option = choice.options.swap_remove(choice.at);
        match option.span {
            Some(span) => self.edit(move |tab| tab.put_over(span, option.content, "Paste")),
            None => self.put_pasted(option.content),
        }
    }

    fn refuse_paste(&mut self, reason: String) {
        let text = format!("Nothing was pasted: {reason}");
        self.context.notices.push(Level::Warning, Topic::Clipboard, None, text);
    }
}

/// The first `len` bytes of a content.
fn first(content: &Content, len: u64) -> Content {
    let cut = |span: &Span| Span::at(span.start(), len.min(span.len())).unwrap_or(*span);
    match content {
        Content::Bytes(bytes) => Content::Bytes(bytes[..bytes.len().min(len as usize)].to_vec()),
        Content::Clip(snapshot, span) => Content::Clip(snapshot.clone(), cut(span)),
        Content::Source(source, span) => Content::Source(source.clone(), cut(span)),
        Content::Repeat { pattern, len: all } => {
            Content::Repeat { pattern: pattern.clone(), len: len.min(*all) }
        }
    }
}
