//! The system's clipboard, off the window's thread: text, bytes and the program's own mark, both ways.
//!
//! On X11, and on Wayland where programs may manage the clipboard (wlr or ext data control), the program talks to the
//! desktop itself. Elsewhere the toolkit's clipboard does, which knows text only. Nothing is connected before it is needed.

#[cfg(all(unix, not(target_os = "macos")))]
mod wayland;
#[cfg(all(unix, not(target_os = "macos")))]
mod x11;

use crate::job::{Job, Poll, Waker, no_waker};
use crate::session::{Action, Offer, PasteWay, Pasted};
use egui::{Context, Event, ViewportCommand};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
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

/// A desktop's clipboard. Its calls block.
trait System: Send + Sync {
    fn offer(&self, board: Board, offer: Offer) -> Result<(), String>;

    /// What another program, or this one, has put there; only its text for a field.
    fn read(&self, board: Board, only_text: bool) -> Result<Pasted, String>;

    /// The program ends.
    fn farewell(&self) {}
}

/// Found once, by the first worker that needs it; `None` where the toolkit has to do.
type Shared = Arc<OnceLock<Option<Box<dyn System>>>>;

/// The window's side: hands over what is copied, and asks for what is pasted.
pub struct Clipboard {
    shared: Shared,
    wake: Waker,
    orders: Option<Sender<(Board, Offer)>>,
    /// Does the orders; answers the texts that the toolkit has to take.
    worker: Option<Job<()>>,
    left_over: Option<Receiver<String>>,
    reading: Option<Read>,
    /// How the text is meant that the toolkit was asked for.
    way_of_toolkit: PasteWay,
    /// For the fields.
    texts: VecDeque<String>,
    /// What the toolkit has brought with a click of the middle button.
    selections: Vec<Action>,
}

struct Read {
    purpose: Purpose,
    since: Instant,
    job: Job<Option<Result<Pasted, String>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Bytes(PasteWay),
    Field,
}

impl Default for Clipboard {
    /// Only the toolkit's clipboard, as tests want it.
    fn default() -> Self {
        let shared = Shared::default();
        // A fresh cell is empty.
        let _ = shared.set(None);
        Self::with(shared, no_waker())
    }
}

impl Clipboard {
    /// The clipboard of the desktop that the program runs on.
    pub fn of_system(wake: Waker) -> Self {
        Self::with(Shared::default(), wake)
    }

    fn with(shared: Shared, wake: Waker) -> Self {
        Self {
            shared,
            wake,
            orders: None,
            worker: None,
            left_over: None,
            reading: None,
            way_of_toolkit: PasteWay::Usual,
            texts: VecDeque::new(),
            selections: Vec::new(),
        }
    }

    /// Puts something on a clipboard.
    pub fn offer(&mut self, ctx: &Context, board: Board, offer: Offer) {
        if matches!(self.shared.get(), Some(None)) {
            return offer_to_toolkit(ctx, board, offer);
        }
        if self.orders.is_none() {
            let (orders, received) = channel();
            let (leave, left_over) = channel();
            let shared = Arc::clone(&self.shared);
            let worker =
                Job::spawn("clipboard", self.wake.clone(), move |_| work(&shared, &received, &leave));
            (self.orders, self.left_over, self.worker) = (Some(orders), Some(left_over), worker.ok());
        }
        if let Some(orders) = &self.orders {
            // Without its worker the order is lost, as the system has no thread to give.
            let _ = orders.send((board, offer));
        }
    }

    /// Asks for what is on a clipboard, to go into the bytes.
    pub fn read(&mut self, ctx: &Context, board: Board, way: PasteWay) {
        self.start(ctx, board, Purpose::Bytes(way));
    }

    /// The same for the field that has the focus.
    pub fn read_for_field(&mut self, ctx: &Context) {
        self.start(ctx, Board::Clipboard, Purpose::Field);
    }

    fn start(&mut self, ctx: &Context, board: Board, purpose: Purpose) {
        if matches!(self.shared.get(), Some(None)) {
            match (board, purpose) {
                (Board::Primary, Purpose::Bytes(way)) => self.take_toolkit_selection(ctx, way),
                _ => self.ask_toolkit(ctx, purpose),
            }
            return;
        }
        let shared = Arc::clone(&self.shared);
        let only_text = purpose == Purpose::Field;
        let job = Job::spawn("clipboard", self.wake.clone(), move |_| {
            let system = shared.get_or_init(connect).as_ref()?;
            Some(system.read(board, only_text))
        });
        self.reading = job.ok().map(|job| Read { purpose, since: Instant::now(), job });
    }

    fn ask_toolkit(&mut self, ctx: &Context, purpose: Purpose) {
        if let Purpose::Bytes(way) = purpose {
            self.way_of_toolkit = way;
        }
        ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
    }

    /// The toolkit brings the desktop's selection with the click itself.
    fn take_toolkit_selection(&mut self, ctx: &Context, way: PasteWay) {
        let text = ctx.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::MiddleClickPaste { text, .. } => Some(text.clone()),
                _ => None,
            })
        });
        self.selections.extend(text.map(|text| Action::PasteSystem { pasted: Pasted::of_text(text), way }));
        ctx.request_repaint();
    }

    /// How the text is meant that the toolkit was asked for; once.
    pub fn take_way(&mut self) -> PasteWay {
        std::mem::take(&mut self.way_of_toolkit)
    }

    /// Whether an answer is waited for: what is typed meanwhile comes after it.
    pub fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// The text for a field that has come.
    pub fn take_text(&mut self) -> Option<Event> {
        self.texts.pop_front().map(Event::Paste)
    }

    /// What has come since the last call.
    pub fn poll(&mut self, ctx: &Context) -> Vec<Action> {
        if let Some(left_over) = &self.left_over {
            left_over.try_iter().for_each(|text| ctx.copy_text(text));
        }
        let Some(reading) = &mut self.reading else { return std::mem::take(&mut self.selections) };
        let answer = match reading.job.poll() {
            Poll::Running if reading.since.elapsed() < PATIENCE + FAREWELL => {
                ctx.request_repaint_after(PATIENCE);
                return Vec::new();
            }
            Poll::Running | Poll::Lost => Some(Err(String::from(SILENT))),
            Poll::Done(answer) => answer,
        };
        let purpose = reading.purpose;
        self.reading = None;
        match (answer, purpose) {
            (None, purpose) => {
                self.ask_toolkit(ctx, purpose);
                Vec::new()
            }
            (Some(Err(reason)), _) => vec![Action::Say(format!("Nothing was pasted: {reason}"))],
            (Some(Ok(pasted)), Purpose::Bytes(way)) => vec![Action::PasteSystem { pasted, way }],
            (Some(Ok(pasted)), Purpose::Field) => {
                self.texts.extend(pasted.text.filter(|text| !text.is_empty()));
                ctx.request_repaint();
                Vec::new()
            }
        }
    }

    /// The program ends: a clipboard manager may take over what was copied.
    pub fn farewell(&mut self) {
        self.orders = None;
        if self.worker.is_none() {
            return;
        }
        let shared = Arc::clone(&self.shared);
        let job = Job::spawn("clipboard", no_waker(), move |_| {
            if let Some(Some(system)) = shared.get() {
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

/// Does the orders until there will be no more.
fn work(shared: &Shared, orders: &Receiver<(Board, Offer)>, leave: &Sender<String>) {
    for (board, offer) in orders {
        let done = match shared.get_or_init(connect) {
            Some(system) => system.offer(board, offer),
            None => {
                // Nobody listens when the window is gone.
                let _ = leave.send(offer.text.unwrap_or_default());
                Ok(())
            }
        };
        if let Err(reason) = done {
            tracing::warn!(%reason, "the clipboard was not given what was copied");
        }
    }
}

fn offer_to_toolkit(ctx: &Context, board: Board, offer: Offer) {
    match board {
        // Of what is too long there is nothing that could be pasted as data.
        Board::Clipboard => ctx.copy_text(offer.text.unwrap_or_default()),
        Board::Primary => ctx.output_mut(|output| {
            let text = offer.text.unwrap_or_default();
            output.commands.push(egui::OutputCommand::TextSelectionSettled(text));
        }),
    }
}

/// The clipboard of the desktop, if the program can talk to it itself. Blocks.
#[cfg(all(unix, not(target_os = "macos")))]
fn connect() -> Option<Box<dyn System>> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("WAYLAND_DISPLAY") || is_set("WAYLAND_SOCKET") {
        return wayland::connect().map(|system| Box::new(system) as Box<dyn System>);
    }
    match x11::connect() {
        Ok(system) => Some(Box::new(system)),
        Err(reason) => {
            tracing::warn!(%reason, "the toolkit's clipboard is used, which knows text only");
            None
        }
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn connect() -> Option<Box<dyn System>> {
    None
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
