//! The program in a window that nobody sees.

use crate::raster::Raster;
use egui::accesskit::Role;
use egui::{
    Context, Event, Key, Modifiers, PointerButton, Pos2, Rect, Theme, UiBuilder, ViewportCommand, ViewportId,
};
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, Node};
use pagelens::bytes::SharedSource;
use pagelens::job::Waker;
use pagelens::session::keys::{self, Chord};
use pagelens::session::{Action, Command, OpenAction, Remembered, Session, Tab};
use pagelens::ui::App;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub const SIZE: egui::Vec2 = egui::vec2(1200.0, 800.0);
/// Longer than anything here takes, also on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(60);

/// The program begins with its first frame.
enum Program {
    Waits(Option<Box<Session>>),
    Runs(Box<App>),
}

pub struct Window {
    harness: Harness<'static, Program>,
    raster: Raster,
    folder: TempDir,
}

impl Window {
    /// Nothing is open.
    pub fn new() -> Self {
        Self::build(Theme::Dark, |waker| Session::new(Remembered::default(), waker))
    }

    /// A file `a.bin` of these bytes is open.
    pub fn on(bytes: &[u8]) -> Self {
        let mut window = Self::new();
        window.write("a.bin", bytes);
        window.open("a.bin");
        window
    }

    pub fn build(theme: Theme, session: impl FnOnce(Waker) -> Session) -> Self {
        let shown: Arc<OnceLock<Context>> = Arc::default();
        let in_window = Arc::clone(&shown);
        let session = session(Arc::new(move || {
            if let Some(ctx) = in_window.get() {
                ctx.request_repaint();
            }
        }));
        let raster = Raster::default();
        let mut harness = Harness::builder()
            .with_size(SIZE)
            .renderer(raster.clone())
            .with_step_dt(0.02)
            .with_max_steps(200)
            .with_theme(theme)
            .build_ui_state(show, Program::Waits(Some(Box::new(session))));
        // A test's window is made before its context is there to be given to the session.
        let _ = shown.set(harness.ctx.clone());
        harness.run();
        Self { harness, raster, folder: tempfile::tempdir().expect("a folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("written");
    }

    pub fn open(&mut self, name: &str) {
        let path = self.path(name);
        self.apply(Action::Open(OpenAction::Files(vec![path])));
    }

    fn app(&self) -> &App {
        let Program::Runs(app) = self.harness.state() else { unreachable!("a frame was drawn") };
        app
    }

    pub fn session(&self) -> &Session {
        self.app().session()
    }

    pub fn tab(&self) -> &Tab {
        self.session().tab().expect("a tab is open")
    }

    /// Does what a test is not about at once, and draws what comes of it.
    pub fn apply(&mut self, action: Action) {
        let Program::Runs(app) = self.harness.state_mut() else { unreachable!("a frame was drawn") };
        app.session_mut().apply(action);
        self.settle();
    }

    pub fn run(&mut self, command: Command) {
        self.apply(Action::Run(command));
    }

    /// Draws until nothing runs, every byte on the screen is there and no frame is wanted.
    pub fn settle(&mut self) {
        let begun = Instant::now();
        loop {
            self.harness.run();
            let session = self.session();
            if session.activities().is_empty()
                && session.has_read_headers()
                && session.path_help().is_listed()
                && session.features().statistics.is_at_rest()
                && session.features().pictures.is_at_rest()
                && session.cache().stats().waiting_blocks == 0
            {
                self.harness.run();
                return;
            }
            assert!(begun.elapsed() < DEADLINE, "what runs is {:?}", session.activities());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Does what a test is not about and draws one frame, whatever is not there yet.
    pub fn draft(&mut self, action: Action) {
        let Program::Runs(app) = self.harness.state_mut() else { unreachable!("a frame was drawn") };
        app.session_mut().apply(action);
        self.frame();
    }

    /// One frame with `event`, whatever is not there yet.
    pub fn draft_event(&mut self, event: Event) {
        self.harness.event(event);
        self.frame();
    }

    /// One frame with `events` just after `action`, whatever that has only begun.
    pub fn draft_with(&mut self, action: Action, events: &[Event]) {
        let Program::Runs(app) = self.harness.state_mut() else { unreachable!("a frame was drawn") };
        app.session_mut().apply(action);
        self.harness.input_mut().events.extend_from_slice(events);
        self.frame();
    }

    /// One frame with several events.
    pub fn events_of_one_frame(&mut self, events: &[Event]) {
        self.harness.input_mut().events.extend_from_slice(events);
        self.settle();
    }

    pub fn drop_file(&mut self, name: &str) {
        let file = Dropped(self.path(name));
        self.harness.input_mut().dropped_files = vec![Arc::new(file)];
        self.settle();
    }

    /// Shows a source that no file is behind.
    pub fn open_source(&mut self, title: &str, source: SharedSource) {
        let Program::Runs(app) = self.harness.state_mut() else { unreachable!("a frame was drawn") };
        app.session_mut().open_source(title.to_owned(), source);
        self.frame();
    }

    /// Gives the window another size, in points.
    pub fn resize(&mut self, size: egui::Vec2) {
        self.harness.set_size(size);
        self.settle();
    }

    /// Draws until animations are over and whatever comes later has come.
    pub fn rest(&mut self) {
        for _ in 0..200 {
            self.frame();
            if self.next_frame() == Duration::MAX {
                return;
            }
        }
    }

    /// One frame, whatever is not there yet.
    pub fn frame(&mut self) {
        self.harness.step();
    }

    /// How often the last frame was drawn: more than once where its layout had to be found first.
    pub fn passes(&self) -> usize {
        self.harness.output().platform_output.num_completed_passes
    }

    /// When the last frame wanted the next one.
    pub fn next_frame(&self) -> Duration {
        self.harness.output().viewport_output[&ViewportId::ROOT].repaint_delay
    }

    pub fn event(&mut self, event: Event) {
        self.harness.event(event);
        self.settle();
    }

    /// Types, one key after the other.
    pub fn type_text(&mut self, text: &str) {
        for character in text.chars() {
            self.event(Event::Text(character.to_string()));
        }
    }

    pub fn key(&mut self, key: Key) {
        self.key_with(Modifiers::NONE, key);
    }

    /// Presses a key and draws the few frames that take it, without waiting for what comes later.
    pub fn key_of_a_frame(&mut self, key: Key) {
        self.harness.key_press(key);
        for _ in 0..4 {
            self.frame();
        }
    }

    pub fn key_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Presses the key of a command as the keyboard sends it.
    pub fn chord(&mut self, chord: Chord) {
        let (modifiers, key) = toolkit(chord);
        self.key_with(modifiers, key);
    }

    /// Presses the first key of a command.
    pub fn key_of(&mut self, command: Command) {
        self.chord(command.spec().keys[0]);
    }

    /// The widget of this role whose label has `label` in it.
    #[track_caller]
    pub fn find(&self, role: Role, label: &str) -> Node<'_> {
        self.try_find(role, label)
            .unwrap_or_else(|| panic!("no {role:?} {label:?} in {:#?}", self.labels(role)))
    }

    pub fn try_find(&self, role: Role, label: &str) -> Option<Node<'_>> {
        let fits = |node: &Node<'_>| node.accesskit_node().role() == role && label_of(node).contains(label);
        self.harness.query_all_by(|_| true).find(|node| fits(node))
    }

    /// The labels of all widgets of a role, as they stand in the tree.
    pub fn labels(&self, role: Role) -> Vec<String> {
        self.harness.query_all_by(|node| node.role() == role).map(|node| label_of(&node)).collect()
    }

    /// Where the widgets of a role are whose labels have `label` in them.
    pub fn rects(&self, role: Role, label: &str) -> Vec<Rect> {
        let fits = |node: &Node<'_>| node.accesskit_node().role() == role && label_of(node).contains(label);
        self.harness.query_all_by(|_| true).filter(fits).map(|node| node.rect()).collect()
    }

    #[track_caller]
    pub fn click(&mut self, role: Role, label: &str) {
        self.find(role, label).click();
        self.settle();
    }

    pub fn click_at(&mut self, at: Pos2, modifiers: Modifiers) {
        self.click_with(PointerButton::Primary, at, modifiers);
    }

    pub fn middle_click_at(&mut self, at: Pos2) {
        self.click_with(PointerButton::Middle, at, Modifiers::NONE);
    }

    fn click_with(&mut self, button: PointerButton, at: Pos2, modifiers: Modifiers) {
        for pressed in [true, false] {
            self.harness.event_modifiers(Event::PointerMoved(at), modifiers);
            self.harness
                .event_modifiers(Event::PointerButton { pos: at, button, pressed, modifiers }, modifiers);
            self.harness.run_steps(1);
        }
        self.settle();
    }

    /// Presses the mouse's button at a place, or lets go of it.
    pub fn press_at(&mut self, pos: Pos2, pressed: bool) {
        self.harness.event(Event::PointerMoved(pos));
        let modifiers = Modifiers::NONE;
        self.harness.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers });
        self.harness.run_steps(1);
    }

    /// Presses at one place, moves to another and lets go there.
    pub fn drag(&mut self, from: Pos2, to: Pos2) {
        let button = |pos, pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let middle = from.lerp(to, 0.5);
        for event in [
            Event::PointerMoved(from),
            button(from, true),
            Event::PointerMoved(middle),
            Event::PointerMoved(to),
            button(to, false),
        ] {
            self.harness.event(event);
            self.harness.run_steps(1);
        }
        self.settle();
    }

    pub fn hover(&mut self, at: Pos2) {
        self.harness.hover_at(at);
        self.frame();
    }

    /// The labels of the rows of the bytes, or of the values beside them.
    pub fn rows(&self) -> Vec<String> {
        self.labels(Role::Row)
    }

    /// What a screen reader says of the row at `offset`.
    #[track_caller]
    pub fn row_text(&self, offset: &str) -> String {
        let row = self.rows().into_iter().find(|row| row.starts_with(offset));
        row.unwrap_or_else(|| panic!("no row {offset} in {:?}", self.rows()))
    }

    #[track_caller]
    pub fn row_rect(&self, offset: &str) -> Rect {
        let row =
            |node: &Node<'_>| node.accesskit_node().role() == Role::Row && label_of(node).starts_with(offset);
        self.harness.query_all_by(|_| true).find(row).expect("the row is on the screen").rect()
    }

    /// What a screen reader says of the field that has the keys.
    pub fn focused(&self) -> Option<String> {
        let node = self.harness.query_all_by(|node| node.is_focused()).last()?;
        Some(format!("{:?} {}", node.accesskit_node().role(), label_of(&node)))
    }

    /// Where the widget that has the keys was drawn, also out of sight.
    pub fn focused_rect(&self) -> Option<Rect> {
        let id = self.ctx().memory(egui::Memory::focused)?;
        self.ctx().read_response(id).map(|response| response.rect)
    }

    /// Whether a worker is looking for a font.
    pub fn looks_for_fonts(&self) -> bool {
        self.app().looks_for_fonts()
    }

    /// Whether anything on the window says this.
    pub fn says(&self, text: &str) -> bool {
        let of =
            |node: &Node<'_>| label_of(node).contains(text) || node.value().is_some_and(|v| v.contains(text));
        // What was told at once stays in the tree for a while.
        self.harness.query_all_by(|node| node.role() != Role::Status).any(|node| of(&node))
    }

    /// Characters of the longest text in a field.
    pub fn longest_value(&self) -> usize {
        let lengths = self.harness.query_all_by(|_| true).filter_map(|node| node.value());
        lengths.map(|value| value.chars().count()).max().unwrap_or(0)
    }

    /// What was asked of the desktop in the last frame.
    pub fn desktop_commands(&self) -> Vec<ViewportCommand> {
        self.harness.output().viewport_output[&ViewportId::ROOT].commands.clone()
    }

    pub fn picture(&self) -> egui::ColorImage {
        self.raster.picture(&self.harness, Rect::from_min_size(Pos2::ZERO, SIZE))
    }

    pub fn ctx(&self) -> &Context {
        &self.harness.ctx
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err(String::from("a file is opened by its path"))
    }
}

/// The name of a widget; of a text its words.
fn label_of(node: &Node<'_>) -> String {
    let node = node.accesskit_node();
    let label = if node.role() == Role::Label { node.value() } else { node.label() };
    label.unwrap_or_default()
}

/// The whole window is the program's, as in its real one.
fn show(ui: &mut egui::Ui, program: &mut Program) {
    if let Program::Waits(session) = program
        && let Some(session) = session.take()
    {
        *program = Program::Runs(Box::new(App::new(ui.ctx(), *session)));
    }
    if let Program::Runs(app) = program {
        let whole = ui.ctx().content_rect();
        ui.scope_builder(UiBuilder::new().max_rect(whole), |ui| {
            ui.set_clip_rect(whole);
            app.show(ui);
        });
    }
}

/// What the keyboard sends for a chord.
fn toolkit(chord: Chord) -> (Modifiers, Key) {
    let key = match chord.key {
        keys::Key::Letter(letter) => Key::from_name(&letter.to_string()),
        keys::Key::F(number) => Key::from_name(&format!("F{number}")),
        keys::Key::Insert => Some(Key::Insert),
        keys::Key::Left => Some(Key::ArrowLeft),
        keys::Key::Right => Some(Key::ArrowRight),
        keys::Key::Up => Some(Key::ArrowUp),
        keys::Key::Down => Some(Key::ArrowDown),
        keys::Key::Home => Some(Key::Home),
        keys::Key::End => Some(Key::End),
        keys::Key::PageUp => Some(Key::PageUp),
        keys::Key::PageDown => Some(Key::PageDown),
        keys::Key::Plus => Some(Key::Plus),
        keys::Key::Minus => Some(Key::Minus),
        keys::Key::Zero => Some(Key::Num0),
        keys::Key::Comma => Some(Key::Comma),
        keys::Key::Slash => Some(Key::Slash),
        keys::Key::Backslash => Some(Key::Backslash),
        keys::Key::Tab => Some(Key::Tab),
    };
    let modifiers = Modifiers {
        alt: chord.alt,
        shift: chord.shift,
        command: chord.ctrl,
        ctrl: chord.ctrl,
        mac_cmd: false,
    };
    // The digit 1 is no letter of the toolkit's names for letters.
    (modifiers, key.unwrap_or(Key::F35))
}
