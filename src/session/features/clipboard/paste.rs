//! Paste: a clip of pagelens as its exact bytes, text of another program as what it means, and a question if it has
//! more than one meaning.

use super::meaning::{AT_ONCE, Kind, Meaning, PasteChoice, PasteOption, Target};
use super::system::is_same_text;
use super::{Clip, ClipboardState, IntoArray, PasteWay, Pasted};
use crate::bytes::Span;
use crate::document::Content;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::dialog::Dialog;
use crate::session::features::compute::pasted::PastedValues;
use crate::session::ids::TabId;
use crate::session::jobs::Task;
use crate::session::notice::{Level, Topic};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::Selection;

const NOTHING: &str = "There is nothing to paste.";

/// Where a text is to be pasted.
pub(super) type Place = Selection;

impl ClipboardState {
    /// Puts in what is on the system's clipboard; answers what goes into an array.
    pub(super) fn paste(
        &mut self,
        pasted: Pasted,
        way: PasteWay,
        tabs: &mut Tabs,
        context: &mut Context,
    ) -> IntoArray {
        let tab = tabs.front()?;
        if let Err(reason) = tab.check_editable() {
            context.say(reason);
            return None;
        }
        let into = Target::of(tab);
        let in_array = tab.is_in_array();
        let own = self.own_clip(&pasted);
        match (way, own) {
            (PasteWay::Text, own) => {
                let text = own.and_then(|clip| clip.text.clone()).or(pasted.text).unwrap_or_default();
                if in_array {
                    return Some(PastedValues::Text(text));
                }
                self.paste_text(text, into, tabs, context);
            }
            (PasteWay::Choose, own) => {
                let content = own.map(|clip| clip.copied.content());
                return self.choose_paste(pasted, content, into, tabs, context);
            }
            (PasteWay::Usual, Some(clip)) if in_array => {
                let text = clip.text.clone().filter(|_| clip.is_values);
                return into_array(text, Some(clip.copied.content()), context);
            }
            (PasteWay::Usual, Some(clip)) if !(clip.mark.is_text && into.column == Kind::Text) => {
                let content = clip.copied.content();
                self.put_pasted(content, tabs, context);
            }
            (PasteWay::Usual, _) => return self.paste_of_others(pasted, into, tabs, context),
        }
        None
    }

    /// The clip of this window that is on the system's clipboard, if it is.
    fn own_clip(&self, pasted: &Pasted) -> Option<&Clip> {
        let mut clips = self.clip.iter().chain(self.selected.clip());
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
    fn paste_of_others(
        &mut self,
        pasted: Pasted,
        into: Target,
        tabs: &mut Tabs,
        context: &mut Context,
    ) -> IntoArray {
        let Pasted { text, bytes, mark } = pasted;
        if let Some(mark) = mark.as_ref().filter(|_| text.is_none() && bytes.is_none()) {
            refuse_paste(
                &format!(
                    "{} of {} exceed the limit of the clipboard. In the other window choose Edit ▸ Selection to a file….",
                    describe::bytes(mark.len),
                    mark.title
                ),
                context,
            );
            return None;
        }
        let text = text.filter(|text| !text.is_empty());
        if tabs.front().is_some_and(Tab::is_in_array) {
            return into_array(text, bytes.map(Content::Bytes), context);
        }
        let wants_bytes = mark.as_ref().is_some_and(|mark| !mark.is_text) || into.column != Kind::Text;
        match (text, bytes.filter(|bytes| !bytes.is_empty())) {
            (None, None) => context.say(NOTHING),
            (text, Some(bytes)) if wants_bytes || text.is_none() => {
                self.put_pasted(Content::Bytes(bytes), tabs, context);
            }
            (Some(text), _) => self.read_as(text, move |text| into.meaning(text), tabs, context),
            (None, Some(_)) => {}
        }
        None
    }

    fn paste_text(&mut self, text: String, into: Target, tabs: &mut Tabs, context: &mut Context) {
        let read = move |text: &str| match into.encoding.encode(text) {
            Ok(bytes) => Meaning::Bytes(bytes),
            Err(reason) => Meaning::Unclear(Vec::new(), Some(reason.to_string())),
        };
        self.read_as(text, read, tabs, context);
    }

    /// Reads a text by `read`, at once or in a worker.
    fn read_as(
        &mut self,
        text: String,
        read: impl FnOnce(&str) -> Meaning + Send + 'static,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let Some(tab) = tabs.front() else { return };
        if text.len() <= AT_ONCE {
            let id = tab.id;
            return self.take_meaning(id, read(&text), tabs, context);
        }
        self.reading.clear();
        let task = Task::shown("paste", "Pasting").without_fraction().of(tab);
        let started = self.reading.start(context.waker(), task, tab.selection, move |_| read(&text));
        if let Err((error, _)) = started {
            context.say(format!("Nothing was pasted: {error}."));
        }
    }

    pub(super) fn poll_reading(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.reading.drain_finished() {
            let front = tabs.front().filter(|tab| Some(tab.id) == ended.tab && tab.selection == ended.what);
            let front = front.map(|tab| tab.id).filter(|_| ended.is_current(tabs));
            match ended.answer.zip(front) {
                Some((meaning, id)) => self.take_meaning(id, meaning, tabs, context),
                None => context.say(
                    "Nothing was pasted because the caret or the bytes changed in the meantime. Paste again.",
                ),
            }
        }
    }

    fn take_meaning(&mut self, tab: TabId, meaning: Meaning, tabs: &mut Tabs, context: &mut Context) {
        match meaning {
            Meaning::Bytes(bytes) if bytes.is_empty() => context.say(NOTHING),
            Meaning::Bytes(bytes) => self.put_pasted(Content::Bytes(bytes), tabs, context),
            Meaning::Unclear(options, why) => self.ask_meaning(tab, options, why, context),
        }
    }

    fn ask_meaning(
        &mut self,
        tab: TabId,
        options: Vec<PasteOption>,
        why: Option<String>,
        context: &mut Context,
    ) {
        if options.is_empty() {
            return refuse_paste(why.as_deref().unwrap_or("the clipboard is empty"), context);
        }
        let explanation = why.unwrap_or_else(|| String::from("Choose what the clipboard holds."));
        self.ask_paste(PasteChoice { title: "Paste as", explanation, options, at: 0, tab }, context);
    }

    fn choose_paste(
        &mut self,
        pasted: Pasted,
        own: Option<Content>,
        into: Target,
        tabs: &mut Tabs,
        context: &mut Context,
    ) -> IntoArray {
        if tabs.front().is_some_and(Tab::is_in_array) {
            return into_array(pasted.text, own.or(pasted.bytes.map(Content::Bytes)), context);
        }
        let bytes = match own {
            Some(content) => {
                let label = String::from("The bytes that were copied");
                Some(PasteOption { label, content, span: None, preview: Vec::new() })
            }
            None => pasted.bytes.map(|bytes| PasteOption::bytes("The bytes themselves", bytes)),
        };
        let read = move |text: &str| {
            let options: Vec<PasteOption> = bytes.into_iter().chain(into.all(text).0).collect();
            match options.is_empty() {
                true => Meaning::Bytes(Vec::new()),
                false => Meaning::Unclear(options, None),
            }
        };
        self.read_as(pasted.text.unwrap_or_default(), read, tabs, context);
        None
    }

    /// Puts bytes in. In overwrite mode a selection takes as many as it has; for more the user is asked.
    fn put_pasted(&mut self, content: Content, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_mut() else { return };
        let (selected, len) = (tab.selected(), content.len());
        if tab.inserts() || selected.is_empty() || len <= selected.len() {
            return context.tell(tab.put(content, "Paste"));
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
            format!("Only the first {}, over the selection", describe::bytes(selected.len())),
            first(&content, selected.len()),
            Some(selected),
        )];
        options.push(option(
            format!(
                "All {}, also over the {} after the selection",
                describe::bytes(len),
                describe::bytes(rest)
            ),
            content.clone(),
            over,
        ));
        if !tab.has_fixed_length() {
            options.push(option(
                format!("All {} in place of the selection; the bytes after it move", describe::bytes(len)),
                content,
                Some(selected),
            ));
        }
        let explanation = format!(
            "The clipboard holds {}; {} are selected, and overwrite mode is on.",
            describe::bytes(len),
            describe::bytes(selected.len())
        );
        let choice =
            PasteChoice { title: "Paste more than is selected", explanation, options, at: 0, tab: tab.id };
        self.ask_paste(choice, context);
    }

    fn ask_paste(&mut self, choice: PasteChoice, context: &mut Context) {
        self.choice = Some(choice);
        context.show_dialog(Dialog::PasteAs);
    }

    /// The question about a paste that is open.
    pub(in crate::session) fn choice(&self, context: &Context) -> Option<&PasteChoice> {
        self.choice.as_ref().filter(|_| context.is_open(&Dialog::PasteAs))
    }

    /// A question that was left is not answered any more.
    pub(in crate::session) fn forget_choice(&mut self, context: &Context) {
        if !context.is_open(&Dialog::PasteAs) {
            self.choice = None;
        }
    }

    pub(super) fn point_at(&mut self, at: usize) {
        if let Some(choice) = &mut self.choice {
            choice.at = at.min(choice.options.len().saturating_sub(1));
        }
    }

    /// Pastes in the way that is chosen.
    pub(super) fn paste_chosen(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let Some(mut choice) = self.choice.take() else { return };
        context.close_dialog();
        let Some(tab) = tabs.front_mut().filter(|tab| tab.id == choice.tab) else { return };
        if choice.at >= choice.options.len() {
            return;
        }
        let option = choice.options.swap_remove(choice.at);
        match option.span {
            Some(span) => context.tell(tab.put_over(span, option.content, "Paste")),
            None => self.put_pasted(option.content, tabs, context),
        }
    }
}

fn refuse_paste(reason: &str, context: &mut Context) {
    let text = format!("Nothing was pasted: {reason}");
    context.notices.push(Level::Warning, Topic::Clipboard, None, text);
}

/// Values as values; bytes as those of the elements.
fn into_array(text: Option<String>, content: Option<Content>, context: &mut Context) -> IntoArray {
    match (text, content) {
        (Some(text), _) => Some(PastedValues::Text(text)),
        (None, Some(Content::Bytes(bytes))) => Some(PastedValues::Bytes(bytes)),
        (None, Some(Content::Clip(snapshot, span))) if span.len() <= crate::export::MAX_BYTES => {
            Some(PastedValues::Span(snapshot, span))
        }
        (None, Some(_)) => {
            refuse_paste("more than 16 MiB can't be pasted as values.", context);
            None
        }
        (None, None) => {
            context.say(NOTHING);
            None
        }
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
