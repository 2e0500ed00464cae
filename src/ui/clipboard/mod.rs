//! The system's clipboard, off the window's thread: text, bytes and the program's own mark, both ways.
//!
//! On X11, and on Wayland where programs may manage the clipboard (wlr or ext data control), the program talks to the
//! desktop itself. On other Wayland desktops, on Windows and on macOS only text is exchanged. On Windows and macOS the
//! toolkit does it, because it does not wait for other programs there.

#[cfg(all(unix, not(target_os = "macos")))]
mod fields;
#[cfg(all(unix, not(target_os = "macos")))]
mod focused;
#[cfg(all(unix, not(target_os = "macos")))]
mod inside;
#[cfg(all(unix, not(target_os = "macos")))]
mod wayland;
#[cfg(all(unix, not(target_os = "macos")))]
mod x11;

#[cfg(test)]
mod tests;

use crate::job::{Job, Poll, Progress, Waker, no_waker};
use crate::session::{Action, ClipboardAction, ClipboardOffer, DialogAction, PasteWay, Pasted};
use egui::{Context, CursorIcon, Event, PointerButton, Pos2, TextEdit, ViewportCommand};
use raw_window_handle::HasDisplayHandle;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SendError, Sender, TryRecvError, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Which of the desktop's two clipboards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Board {
    /// Copy and paste.
    Clipboard,
    /// Select, and click with the middle button.
    Primary,
}

/// The longest content in bytes that is taken from another program.
#[cfg(all(unix, not(target_os = "macos")))]
const MAX_TAKEN: usize = 256 << 20;
/// So long another program may be silent while it hands over.
const PATIENCE: Duration = Duration::from_secs(3);
/// So long the end of the program waits for a clipboard manager to take over what was copied.
const FAREWELL: Duration = Duration::from_millis(400);
/// After so long the user is told what the window waits for.
const TOLD_AFTER: Duration = Duration::from_secs(1);

/// A desktop's clipboard. Its calls block.
trait System: Send + Sync {
    fn offer(&self, board: Board, offer: ClipboardOffer) -> Result<(), String>;

    /// What another program, or this one, has put there; only its text for a field.
    ///
    /// `progress` moves on with each thing that comes: whoever waits tells by it a long content from a silent program.
    fn read(&self, board: Board, only_text: bool, progress: &Progress) -> Result<Pasted, String>;

    /// The program ends.
    fn farewell(&self) {}
}

/// Blocks. `None` where the toolkit has to do it.
type Connect = dyn Fn() -> Option<Box<dyn System>> + Send + Sync;

/// The desktop's clipboard, looked for once, by the first worker that needs it.
struct Desktop {
    connect: Box<Connect>,
    system: OnceLock<Option<Box<dyn System>>>,
}

impl Desktop {
    fn new(connect: impl Fn() -> Option<Box<dyn System>> + Send + Sync + 'static) -> Self {
        Self { connect: Box::new(connect), system: OnceLock::new() }
    }

    /// `None` where the toolkit has to do. Blocks.
    fn reach(&self) -> Option<&dyn System> {
        self.system.get_or_init(&self.connect).as_deref()
    }

    /// `None` also while it is looked for.
    fn at_hand(&self) -> Option<&dyn System> {
        self.system.get()?.as_deref()
    }

    /// Whether it is known that the toolkit has to do.
    fn is_toolkits(&self) -> bool {
        matches!(self.system.get(), Some(None))
    }
}

/// What the desktop did not take, and where it was to go; `None` when it did.
type LeftOver = Option<(Board, ClipboardOffer)>;

/// The window's side: hands over what is copied, and asks for what is pasted.
pub struct Clipboard {
    desktop: Arc<Desktop>,
    wake: Waker,
    orders: Option<Sender<(Board, ClipboardOffer)>>,
    /// Does the orders, one after the other.
    worker: Option<Job<()>>,
    answers: Option<Receiver<LeftOver>>,
    /// Orders that are not answered yet.
    under_way: usize,
    wanted: Option<Wanted>,
    reading: Option<Read>,
    /// How the text is meant that the toolkit was asked for.
    way_of_toolkit: PasteWay,
    /// For the fields.
    texts: VecDeque<Event>,
    /// From the fields.
    #[cfg(all(unix, not(target_os = "macos")))]
    of_fields: fields::FieldTexts,
    /// What has come of readings.
    came: Vec<Action>,
    /// How long another program may be silent.
    patience: Duration,
}

/// What is to be read.
struct Wanted {
    board: Board,
    purpose: Purpose,
    since: Instant,
}

struct Read {
    wanted: Wanted,
    job: Job<Option<Result<Pasted, String>>>,
    /// The progress that was seen last, and when it had moved.
    moved: (u64, Instant),
    /// The user knows what is waited for.
    is_told: bool,
}

impl Read {
    /// How long nothing has come.
    fn silence(&mut self) -> Duration {
        let done = self.job.progress().done();
        if done != self.moved.0 {
            self.moved = (done, Instant::now());
        }
        self.moved.1.elapsed()
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Purpose {
    Bytes(PasteWay),
    /// Where it was clicked, if that is why.
    Field(Option<Pos2>),
}

impl Default for Clipboard {
    /// Only the toolkit's clipboard, as tests want it.
    fn default() -> Self {
        let desktop = Desktop::new(|| None);
        desktop.reach();
        Self::with(desktop, no_waker())
    }
}

impl Clipboard {
    /// The clipboard of the desktop that the window is on; fields of `ctx` use it too.
    #[cfg(all(unix, not(target_os = "macos")))]
    pub fn of_window(ctx: &Context, window: &impl HasDisplayHandle, wake: Waker) -> Self {
        let wayland = focused::Connection::of(window);
        let is_wayland = wayland.is_some();
        let mut clipboard = Self::with(Desktop::new(move || Some(connect(wayland.as_ref()))), wake);
        ctx.add_plugin(clipboard.of_fields.clone());
        if is_wayland {
            // A connection made too late is not told that the window has the focus, and gets nothing.
            clipboard.start_worker();
        }
        clipboard
    }

    /// The toolkit's clipboard.
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    pub fn of_window(_: &Context, _: &impl HasDisplayHandle, wake: Waker) -> Self {
        Self::with(Desktop::new(|| None), wake)
    }

    fn with(desktop: Desktop, wake: Waker) -> Self {
        Self {
            desktop: Arc::new(desktop),
            wake,
            orders: None,
            worker: None,
            answers: None,
            under_way: 0,
            wanted: None,
            reading: None,
            way_of_toolkit: PasteWay::Usual,
            texts: VecDeque::new(),
            #[cfg(all(unix, not(target_os = "macos")))]
            of_fields: fields::FieldTexts::default(),
            came: Vec::new(),
            patience: PATIENCE,
        }
    }

    /// Puts something on a clipboard.
    pub fn offer(&mut self, ctx: &Context, board: Board, offer: ClipboardOffer) {
        // One that is under way may yet come back to go to the toolkit, and what was copied later comes after it.
        if self.desktop.is_toolkits() && self.under_way == 0 {
            return offer_to_toolkit(ctx, board, offer);
        }
        if self.orders.is_none() {
            self.start_worker();
        }
        let sent = match &self.orders {
            Some(orders) => orders.send((board, offer)),
            None => Err(SendError((board, offer))),
        };
        match sent {
            Ok(()) => self.under_way += 1,
            // The system has no thread to give.
            Err(SendError((board, offer))) => offer_to_toolkit(ctx, board, offer),
        }
    }

    fn start_worker(&mut self) {
        let (orders, received) = channel();
        let (leave, answers) = channel();
        let (desktop, wake) = (Arc::clone(&self.desktop), self.wake.clone());
        let worker = Job::spawn("clipboard", no_waker(), move |_| work(&desktop, &received, &leave, &wake));
        (self.orders, self.answers, self.worker) = (Some(orders), Some(answers), worker.ok());
    }

    /// Asks for what is on a clipboard, to go into the bytes.
    pub fn read(&mut self, ctx: &Context, board: Board, way: PasteWay) {
        self.want(ctx, board, Purpose::Bytes(way));
    }

    /// The same for the field that has the focus.
    pub fn read_for_field(&mut self, ctx: &Context) {
        self.want(ctx, Board::Clipboard, Purpose::Field(None));
    }

    /// Pastes the selection into a text field that is clicked with the middle button. Call it after everything is
    /// drawn: the pointer's shape shows whether it is over a text field.
    pub fn read_for_pressed_field(&mut self, ctx: &Context) {
        let pressed = ctx.input(|input| {
            let pressed = input.pointer.button_pressed(PointerButton::Middle);
            input.pointer.interact_pos().filter(|_| pressed)
        });
        if pressed.is_none() || ctx.output(|output| output.cursor_icon != CursorIcon::Text) {
            return;
        }
        // Labels that can be selected have that shape too.
        let under = ctx.interaction_snapshot(|widgets| widgets.contains_pointer.clone());
        if under.into_iter().any(|id| TextEdit::load_state(ctx, id).is_some()) {
            self.want(ctx, Board::Primary, Purpose::Field(pressed));
        }
    }

    fn want(&mut self, ctx: &Context, board: Board, purpose: Purpose) {
        self.wanted = Some(Wanted { board, purpose, since: Instant::now() });
        self.start(ctx);
    }

    /// Reads what is wanted, once what was copied before it has been handed over.
    fn start(&mut self, ctx: &Context) {
        let Some(wanted) = self.wanted.take() else { return };
        if self.under_way > 0 && wanted.since.elapsed() < self.patience {
            ctx.request_repaint_after(self.patience);
            self.wanted = Some(wanted);
            return;
        }
        if self.desktop.is_toolkits() {
            return self.ask_toolkit(ctx, &wanted);
        }
        let desktop = Arc::clone(&self.desktop);
        let (board, only_text) = (wanted.board, matches!(wanted.purpose, Purpose::Field(_)));
        let job = Job::spawn("clipboard", self.wake.clone(), move |progress| {
            Some(desktop.reach()?.read(board, only_text, progress))
        });
        match job {
            Ok(job) => {
                self.reading = Some(Read { wanted, job, moved: (0, Instant::now()), is_told: false });
            }
            Err(error) => self.nothing_came(&format!("no thread could be started ({error}).")),
        }
    }

    /// The toolkit's clipboard arrives as an event. Where the toolkit is used, there is no selection.
    fn ask_toolkit(&mut self, ctx: &Context, wanted: &Wanted) {
        if wanted.board == Board::Primary {
            return;
        }
        if let Purpose::Bytes(way) = wanted.purpose {
            self.way_of_toolkit = way;
        }
        ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
    }

    /// Hands on what was read.
    fn has_come(&mut self, ctx: &Context, pasted: Pasted, purpose: Purpose) {
        match purpose {
            Purpose::Bytes(way) => self.came.push(Action::Clipboard(ClipboardAction::Paste { pasted, way })),
            Purpose::Field(at) => {
                let text = pasted.text.filter(|text| !text.is_empty());
                self.texts.extend(text.map(|text| match at {
                    Some(pos) => Event::MiddleClickPaste { pos, text },
                    None => Event::Paste(text),
                }));
            }
        }
        ctx.request_repaint();
    }

    fn nothing_came(&mut self, reason: &str) {
        self.came.push(Action::Dialog(DialogAction::Say(format!("Nothing was pasted: {reason}"))));
    }

    /// How the text is meant that the toolkit was asked for; once.
    pub fn take_way(&mut self) -> PasteWay {
        std::mem::take(&mut self.way_of_toolkit)
    }

    /// Whether an answer is waited for: what is typed meanwhile comes after it.
    pub fn is_reading(&self) -> bool {
        self.reading.is_some() || self.wanted.is_some()
    }

    /// The user waits no longer.
    pub fn give_up(&mut self) {
        (self.reading, self.wanted) = (None, None);
        self.nothing_came("waiting for the clipboard was cancelled.");
    }

    /// The text for a field that has come.
    pub fn take_text(&mut self) -> Option<Event> {
        self.texts.pop_front()
    }

    /// What has come since the last call.
    pub fn poll(&mut self, ctx: &Context) -> Vec<Action> {
        self.take_back(ctx);
        #[cfg(all(unix, not(target_os = "macos")))]
        for (board, text) in self.of_fields.take() {
            self.offer(ctx, board, ClipboardOffer::of_text(text));
        }
        self.start(ctx);
        if let Some(reading) = self.reading.take() {
            self.look_at(ctx, reading);
        }
        std::mem::take(&mut self.came)
    }

    /// Gives to the toolkit what the desktop did not take.
    fn take_back(&mut self, ctx: &Context) {
        let Some(answers) = &self.answers else { return };
        loop {
            match answers.try_recv() {
                Ok(left_over) => {
                    self.under_way = self.under_way.saturating_sub(1);
                    if let Some((board, offer)) = left_over {
                        offer_to_toolkit(ctx, board, offer);
                    }
                }
                Err(TryRecvError::Empty) => return,
                // With the worker went what it had not done.
                Err(TryRecvError::Disconnected) => {
                    self.under_way = 0;
                    return;
                }
            }
        }
    }

    fn look_at(&mut self, ctx: &Context, mut reading: Read) {
        // The system itself is to give up first, as it knows more.
        let patience = self.patience + FAREWELL;
        let answer = match reading.job.poll() {
            Poll::Running if reading.silence() < patience => {
                ctx.request_repaint_after(TOLD_AFTER.min(patience));
                let is_slow = reading.wanted.since.elapsed() >= TOLD_AFTER;
                if is_slow && !std::mem::replace(&mut reading.is_told, true) {
                    self.came.push(Action::Dialog(DialogAction::Say(String::from(WAITING))));
                }
                self.reading = Some(reading);
                return;
            }
            Poll::Running | Poll::Lost => Some(Err(String::from(SILENT))),
            Poll::Done(answer) => answer,
        };
        match answer {
            None => self.ask_toolkit(ctx, &reading.wanted),
            Some(Err(reason)) => self.nothing_came(&reason),
            Some(Ok(pasted)) => self.has_come(ctx, pasted, reading.wanted.purpose),
        }
    }

    /// The program ends: a clipboard manager may take over what was copied.
    pub fn farewell(&mut self) {
        self.orders = None;
        if self.worker.is_none() {
            return;
        }
        let desktop = Arc::clone(&self.desktop);
        let job = Job::spawn("clipboard", no_waker(), move |_| {
            if let Some(system) = desktop.at_hand() {
                system.farewell();
            }
        });
        let begun = Instant::now();
        let Ok(mut job) = job else { return };
        while matches!(job.poll(), Poll::Running) && begun.elapsed() < FAREWELL {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

const SILENT: &str = "the program that holds the clipboard does not answer.";
const WAITING: &str = "Waiting for the program that holds the clipboard. Press Esc to stop waiting.";

/// Does the orders until there will be no more, and answers each.
fn work(
    desktop: &Desktop,
    orders: &Receiver<(Board, ClipboardOffer)>,
    leave: &Sender<LeftOver>,
    wake: &Waker,
) {
    desktop.reach();
    for (board, offer) in orders {
        let left_over = match desktop.reach() {
            Some(system) => {
                if let Err(reason) = system.offer(board, offer) {
                    tracing::warn!(%reason, "the copied content could not be put on the clipboard");
                }
                None
            }
            None => Some((board, offer)),
        };
        // Nobody listens when the window is gone.
        let _ = leave.send(left_over);
        wake();
    }
}

fn offer_to_toolkit(ctx: &Context, board: Board, offer: ClipboardOffer) {
    match board {
        // Of what is too long there is nothing that could be pasted as data.
        Board::Clipboard => ctx.copy_text(offer.text.unwrap_or_default()),
        Board::Primary => {}
    }
}

/// The clipboard of the desktop. Blocks.
#[cfg(all(unix, not(target_os = "macos")))]
fn connect(wayland: Option<&focused::Connection>) -> Box<dyn System> {
    if let Some(connection) = wayland {
        return match wayland::connect() {
            Some(system) => Box::new(system),
            None => Box::new(focused::Focused::on(connection)),
        };
    }
    match x11::connect() {
        Ok(system) => Box::new(system),
        Err(reason) => {
            tracing::warn!(%reason, "the desktop's clipboard is not available; copies stay in this window");
            Box::new(inside::Inside::default())
        }
    }
}

/// Text as clipboards have it, in UTF-8 or in Latin-1.
#[cfg(all(unix, not(target_os = "macos")))]
fn decoded(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect())
}

#[cfg(all(unix, not(target_os = "macos")))]
fn too_much() -> String {
    String::from("the clipboard holds more than 256 MiB. Save it to a file and open that.")
}
