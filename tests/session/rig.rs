//! A session on a folder of its own, and what its window would do: wait for workers, show bytes, answer questions.

use pagelens::bytes::{Availability, Source, Span};
use pagelens::job::no_waker;
use pagelens::save::{Disk, RealDisk};
use pagelens::session::find::{Query, QueryKind};
use pagelens::session::{
    Action, Answer, Asked, ClipboardAction, ClipboardOffer, Command, Dialog, EditAction, FindAction,
    NameAction, OfferWay, OpenAction, OpenOptions, PaneAction, PasteWay, Pasted, Remembered, Request,
    Session, Tab,
};
use pagelens::state::Folders;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than anything here takes, also on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(60);

pub struct Rig {
    pub session: Session,
    folder: TempDir,
    /// What the window has not been asked for yet.
    requests: Vec<Request>,
    /// The last question for a name.
    asked: Option<Asked>,
}

impl Rig {
    /// No file is open.
    pub fn new() -> Self {
        Self::with_session(Session::new(Remembered::default(), no_waker()))
    }

    pub fn with_session(session: Session) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { session, folder, requests: Vec::new(), asked: None }
    }

    /// No file is open; what outlives the program is kept.
    pub fn with_state() -> Self {
        let mut rig = Self::new();
        rig.session = rig.new_session();
        rig
    }

    fn new_session(&self) -> Session {
        let folders = Folders::all_in(self.path("state"));
        Session::new(Remembered::load(Some(folders)), no_waker())
    }

    /// The program ends without a word and starts anew, until it finds that many logs of unsaved edits. The tabs of
    /// the last tick are in the state folder by then: a kill just before would bring back older ones.
    pub fn restart(&mut self, logs: usize) {
        self.wait_until("the tabs are kept", Session::has_kept_state);
        let begun = Instant::now();
        self.session = Session::new(Remembered::default(), no_waker());
        while self.session.offers().count() != logs {
            assert!(begun.elapsed() < DEADLINE, "waited in vain for {logs} logs of unsaved edits");
            // One that its last owner is about to leave is not there yet.
            self.session = self.new_session();
            self.wait_until("logs were looked for", Session::has_looked_for_unsaved);
        }
        self.settle();
    }

    /// Another program has ended here; a new one looks for what it has left.
    pub fn look_again(&mut self) {
        self.session = self.new_session();
        self.wait_until("logs were looked for", Session::has_looked_for_unsaved);
    }

    /// Does what the button of a notice does.
    pub fn press_button(&mut self, label: &str) {
        let tab = self.session.tab().map(|tab| tab.id);
        let mut buttons = self.session.notices().shown(tab).flat_map(|notice| &notice.ways_out);
        let found = buttons.find(|(own, _)| *own == label).map(|(_, action)| action.clone());
        drop(buttons);
        let action = found.unwrap_or_else(|| panic!("no notice has {label:?}: {:?}", self.messages()));
        self.apply(action);
        self.settle();
    }

    /// Does what the button 'Restore' of the only offer of unsaved edits does. An interrupted save has one of that name.
    pub fn restore_offer(&mut self) {
        let id = self.session.offers().map(|(id, _)| id).next().expect("edits are offered");
        self.apply(Action::Offer(id, OfferWay::Restore));
        self.settle();
    }

    /// A file `a.bin` of these bytes is open.
    pub fn on(bytes: &[u8]) -> Self {
        let mut rig = Self::new();
        rig.write("a.bin", bytes);
        rig.open("a.bin");
        rig
    }

    /// A file of `len` zeros that takes no room is open.
    pub fn on_sparse(len: u64) -> Self {
        let mut rig = Self::new();
        let file = std::fs::File::create(rig.path("sparse.bin")).expect("a file");
        file.set_len(len).expect("a sparse file");
        rig.open("sparse.bin");
        rig
    }

    /// Whether the file system of the folder shares blocks, so that even one byte is saved by a rewrite.
    pub fn shares_blocks(&self) -> bool {
        RealDisk.shares_blocks(self.folder.path()).expect("asked")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("written");
    }

    /// What is on the disk.
    pub fn disk(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("the file is there")
    }

    pub fn open(&mut self, name: &str) {
        self.apply(Action::Open(OpenAction::Files(vec![self.path(name)])));
        self.settle();
        assert_eq!(self.tab().title, pagelens::escape::escaped(name), "{:?}", self.messages());
    }

    pub fn open_with(&mut self, name: &str, options: OpenOptions) {
        self.session.open(self.path(name), OpenOptions { in_front: true, ..options });
        self.settle();
    }

    pub fn apply(&mut self, action: Action) {
        self.session.apply(action);
    }

    pub fn run(&mut self, command: Command) {
        self.session.run(command);
    }

    /// Runs a command and waits for what it has started.
    pub fn finish(&mut self, command: Command) {
        self.run(command);
        self.settle();
    }

    /// Takes what workers finish until nothing runs any more.
    pub fn settle(&mut self) {
        self.wait_until("everything has ended", |session| {
            session.activities().is_empty()
                && session.path_help().is_listed()
                && session.features().statistics.is_at_rest()
                && session.features().pictures.is_at_rest()
        });
    }

    /// Ticks until `test` holds.
    pub fn wait_until(&mut self, what: &str, test: impl Fn(&Session) -> bool) {
        let begun = Instant::now();
        loop {
            self.session.tick();
            if test(&self.session) {
                return;
            }
            let running = self.session.activities();
            assert!(begun.elapsed() < DEADLINE, "waited in vain until {what}; what runs is {running:?}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    pub fn tab(&self) -> &Tab {
        self.session.tab().expect("a tab is open")
    }

    /// All bytes of the tab in front, as its window would come to see them.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(self.tab().len()).expect("a small file")];
        self.tab().shown().read_at(0, &mut bytes).expect("readable");
        bytes
    }

    /// Has the bytes around the caret at hand, as a window that shows them.
    pub fn show(&mut self) {
        let from = self.tab().selected().start().saturating_sub(16);
        let span = Span::at(from, 64).expect("a place").clamp_to(self.tab().len());
        self.session.cache().begin_frame();
        let mut bytes = vec![0; span.len() as usize];
        let mut states = vec![Availability::Missing; bytes.len()];
        self.tab().shown().peek(span.start(), &mut bytes, &mut states);
        self.session.cache().settle(DEADLINE);
        self.session.cache().end_frame();
    }

    pub fn type_text(&mut self, text: &str) {
        for character in text.chars() {
            self.show();
            self.apply(Action::Edit(EditAction::Type(character.to_string())));
        }
    }

    pub fn select(&mut self, from: u64, to: u64) {
        self.apply(Action::Pane(PaneAction::Select(Span::between(from, to))));
    }

    pub fn selected(&self) -> (u64, u64) {
        (self.tab().selected().start(), self.tab().selected().end())
    }

    pub fn go(&mut self, place: &str) {
        self.apply(Action::Answer(Answer::GoTo(place.to_owned())));
    }

    /// Has the notes taken of what was edited over.
    pub fn take_notes(&mut self) {
        self.wait_until("the edits are noted", |session| {
            session.tab().is_some_and(|tab| {
                tab.file.as_ref().is_some_and(|file| file.record.is_up_to(tab.shown().revision()))
            })
        });
    }

    /// What is shown over the tab in front.
    pub fn messages(&self) -> Vec<String> {
        let tab = self.session.tab().map(|tab| tab.id);
        self.session.notices().shown(tab).map(|notice| notice.text.clone()).collect()
    }

    pub fn hint(&self) -> &str {
        self.session.hint()
    }

    pub fn requests(&mut self) -> Vec<Request> {
        self.take_requests();
        std::mem::take(&mut self.requests)
    }

    fn take_requests(&mut self) {
        let new: Vec<Request> = std::iter::from_fn(|| self.session.next_request()).collect();
        for request in &new {
            if let Request::ChooseSaveName { asked, .. } = request {
                self.asked = Some(asked.clone());
            }
        }
        self.requests.extend(new);
    }

    /// Who was asked for a name last, and waits for it.
    pub fn asked(&mut self) -> Asked {
        self.take_requests();
        self.asked.take().expect("a name was asked for")
    }

    /// Answers the last question for a name.
    pub fn name(&mut self, path: PathBuf) {
        let asked = self.asked();
        self.apply(Action::Name(NameAction::Take { asked, path }));
    }

    /// Save As of the tab in front, under this name.
    pub fn save_as(&mut self, path: PathBuf) {
        self.run(Command::SaveAs);
        self.name(path);
    }

    /// Agrees that the file which is asked about is lost.
    pub fn replace(&mut self, path: &std::path::Path) {
        let Some(Dialog::ConfirmReplace { asked, path: of }) = self.session.dialog().cloned() else {
            panic!("it asks before it replaces a file: {:?} {:?}", self.session.dialog(), self.messages())
        };
        assert_eq!(of, path);
        self.apply(Action::Name(NameAction::Replace { asked, path: of }));
    }

    /// The text that the system's clipboard is given.
    pub fn copied(&mut self) -> String {
        self.finish(Command::Copy);
        let mut texts = self.requests().into_iter().filter_map(|request| match request {
            Request::Copy(offer) => offer.text,
            _ => None,
        });
        texts.next_back().expect("something was copied")
    }

    /// As Ctrl+V does it, with this text on the system's clipboard.
    pub fn paste(&mut self, text: &str) {
        self.apply(Action::Clipboard(ClipboardAction::Paste {
            pasted: Pasted::of_text(text.to_owned()),
            way: PasteWay::Usual,
        }));
    }

    /// The same with all that a clipboard may hold.
    pub fn paste_all(&mut self, pasted: Pasted) {
        self.apply(Action::Clipboard(ClipboardAction::Paste { pasted, way: PasteWay::Usual }));
        self.settle();
    }

    /// All that the system's clipboard is given.
    pub fn copied_all(&mut self) -> ClipboardOffer {
        self.finish(Command::Copy);
        let mut offers = self.requests().into_iter().filter_map(|request| match request {
            Request::Copy(offer) => Some(offer),
            _ => None,
        });
        offers.next_back().expect("something was copied")
    }

    /// The ways that the question about a paste offers, with the bytes of each as far as it shows them.
    pub fn paste_ways(&self) -> Vec<(String, Vec<u8>)> {
        let choice = self.session.paste_choice();
        let options = choice.map(|choice| &choice.options[..]).unwrap_or_default();
        options.iter().map(|option| (option.label.clone(), option.preview.clone())).collect()
    }

    /// Pastes in the way of this name.
    pub fn paste_as(&mut self, label: &str) {
        let at = self.paste_ways().iter().position(|(own, _)| own == label);
        let at = at.unwrap_or_else(|| panic!("no way is called {label:?}: {:?}", self.paste_ways()));
        self.apply(Action::Clipboard(ClipboardAction::PointAt(at)));
        self.apply(Action::Clipboard(ClipboardAction::PasteChosen));
    }

    pub fn titles(&self) -> Vec<&str> {
        self.session.tabs().iter().map(|tab| tab.title.as_str()).collect()
    }

    /// Looks for hex bytes, or for the text after a colon.
    pub fn look_for(&mut self, text: &str) {
        let query = match text.strip_prefix(':') {
            Some(text) => Query { text: text.to_owned(), kind: QueryKind::Text, ..Query::default() },
            None => Query { text: text.to_owned(), ..Query::default() },
        };
        self.session.run(Command::Find);
        self.apply(Action::Find(FindAction::SetQuery(query)));
    }

    pub fn answer(&self) -> &str {
        &self.session.finding().answer
    }
}
