//! The clipboards of an X11 desktop, as its conventions (ICCCM 2) have them: one window owns what was copied and hands
//! it to whoever asks, in pieces when it is long; and asks others in the same way.
//!
//! One thread owns the connection's events. It never waits for another program: each request is a state that events
//! move.

mod serve;
mod take;

use super::{Board, FAREWELL, PATIENCE, System};
use crate::job::{Job, Progress, no_waker};
use crate::session::clipboard::system::{BYTES_TYPE, IMAGE_TYPE, MARK_TYPE};
use crate::session::{ClipboardOffer, Pasted};
use serve::Serving;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use take::{Taken, Taking};
use x11rb::NONE;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, CLIENT_MESSAGE_EVENT, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask,
    Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;

x11rb::atom_manager! {
    Atoms: AtomCookies {
        CLIPBOARD, CLIPBOARD_MANAGER, SAVE_TARGETS, TARGETS, INCR, ATOM,
        UTF8_STRING, STRING, TEXT,
        TEXT_UTF8: b"text/plain;charset=utf-8",
        TEXT_PLAIN: b"text/plain",
        BYTES: BYTES_TYPE.as_bytes(),
        IMAGE: IMAGE_TYPE.as_bytes(),
        MARK: MARK_TYPE.as_bytes(),
        // Where others put what they hand over.
        PAGELENS_TAKEN,
        // Wakes the thread when an order is there.
        PAGELENS_ORDER,
    }
}

/// So often whoever waits for another program sees whether that is still wanted.
const LOOK: Duration = Duration::from_millis(50);

/// What the thread is asked to do.
enum Order {
    Own(Board, ClipboardOffer),
    Read { board: Board, only_text: bool, answer: Sender<Taken> },
    End(Sender<()>),
}

/// The window that owns what was copied, and the connection it is on.
struct Link {
    connection: RustConnection,
    root: Window,
    window: Window,
    atoms: Atoms,
}

pub(super) struct X11 {
    link: Arc<Link>,
    orders: std::sync::Mutex<Sender<Order>>,
    /// Ends with the connection.
    _thread: std::sync::Mutex<Job<()>>,
}

pub(super) fn connect() -> Result<X11, String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let (connection, screen) = RustConnection::connect(None).map_err(|error| words(&error))?;
    let root = connection.setup().roots.get(screen).ok_or("the display has no screen")?.root;
    let atoms =
        Atoms::new(&connection).map_err(|error| words(&error))?.reply().map_err(|error| words(&error))?;
    let mut link = Link { connection, root, window: NONE, atoms };
    link.window = link.new_window().map_err(|error| words(&error))?;
    let link = Arc::new(link);
    let (orders, received) = channel();
    let own = Arc::clone(&link);
    let thread = Job::spawn("clipboard of X11", no_waker(), move |_| Thread::new(&own).run(&received));
    let thread = thread.map_err(|error| words(&error))?;
    Ok(X11 { link, orders: std::sync::Mutex::new(orders), _thread: std::sync::Mutex::new(thread) })
}

impl X11 {
    fn order(&self, order: Order) -> Result<(), String> {
        let gone = || String::from("the connection to the display is gone.");
        let orders = self.orders.lock().map_err(|_| gone())?;
        orders.send(order).map_err(|_| gone())?;
        self.link.wake().map_err(|error| error.to_string())
    }
}

impl System for X11 {
    fn offer(&self, board: Board, offer: ClipboardOffer) -> Result<(), String> {
        self.order(Order::Own(board, offer))
    }

    fn read(&self, board: Board, only_text: bool, progress: &Progress) -> Result<Pasted, String> {
        let (answer, received) = channel();
        self.order(Order::Read { board, only_text, answer })?;
        let begun = Instant::now();
        // The thread itself gives up on who is silent; who hands over drop by drop is not waited for without end.
        while begun.elapsed() < PATIENCE * 20 && !progress.is_cancelled() {
            match received.recv_timeout(LOOK) {
                Ok(Taken::Some) => progress.advance(1),
                Ok(Taken::All(pasted)) => return pasted,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Err(String::from(super::SILENT))
    }

    fn farewell(&self) {
        let (done, received) = channel();
        if self.order(Order::End(done)).is_ok() {
            // A manager that takes longer has what it has.
            let _ = received.recv_timeout(FAREWELL);
        }
    }
}

impl Link {
    /// A window that nobody sees.
    fn new_window(&self) -> Result<Window, x11rb::errors::ReplyOrIdError> {
        let window = self.connection.generate_id()?;
        let looks = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        let class = WindowClass::INPUT_ONLY;
        self.connection.create_window(0, window, self.root, 0, 0, 1, 1, 0, class, 0, &looks)?;
        Ok(window)
    }

    fn board(&self, board: Board) -> Atom {
        match board {
            Board::Clipboard => self.atoms.CLIPBOARD,
            Board::Primary => AtomEnum::PRIMARY.into(),
        }
    }

    /// Sends an event to the own window, so that the thread looks for orders.
    fn wake(&self) -> Result<(), x11rb::errors::ConnectionError> {
        let event = ClientMessageEvent {
            response_type: CLIENT_MESSAGE_EVENT,
            format: 32,
            sequence: 0,
            window: self.window,
            type_: self.atoms.PAGELENS_ORDER,
            data: [0_u32; 5].into(),
        };
        self.connection.send_event(false, self.window, EventMask::NO_EVENT, event)?;
        self.connection.flush()
    }
}

struct Thread<'a> {
    link: &'a Link,
    serving: Serving,
    taking: Option<Taking>,
    /// Orders that wait for the one before.
    waiting: std::collections::VecDeque<Taking>,
    /// Whoever ends the program waits for this.
    end: Option<Sender<()>>,
}

type Done = Result<(), x11rb::errors::ReplyOrIdError>;

impl<'a> Thread<'a> {
    fn new(link: &'a Link) -> Self {
        Self { link, serving: Serving::default(), taking: None, waiting: Default::default(), end: None }
    }

    /// Until the connection ends.
    fn run(&mut self, orders: &Receiver<Order>) {
        loop {
            let event = match self.next_event() {
                Ok(event) => event,
                Err(error) => return tracing::warn!(%error, "the connection to the clipboard has ended"),
            };
            let done = match event {
                Some(event) => self.event(&event),
                None => Ok(()),
            };
            // A window of another program that is gone is its own affair.
            if let Err(error) = done {
                tracing::debug!(%error, "a request about the clipboard failed");
            }
            for order in orders.try_iter() {
                if let Err(error) = self.order(order) {
                    tracing::warn!(%error, "a command to the clipboard failed");
                }
            }
            self.look_at_clock();
        }
    }

    /// The next event; while another program is waited for, `None` after a moment.
    fn next_event(&self) -> Result<Option<Event>, x11rb::errors::ConnectionError> {
        if self.taking.is_none() && !self.serving.is_handing_over() {
            return self.link.connection.wait_for_event().map(Some);
        }
        let event = self.link.connection.poll_for_event()?;
        if event.is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(event)
    }

    fn order(&mut self, order: Order) -> Done {
        match order {
            Order::Own(board, offer) => self.serving.own(self.link, board, offer)?,
            Order::Read { board, only_text, answer } => {
                if let Some(offer) = self.serving.owned(self.link, board) {
                    let bytes = offer.bytes.as_ref().map(|bytes| bytes.to_vec());
                    let own = Pasted { text: offer.text.clone(), bytes, mark: offer.mark.clone() };
                    // Whoever asked may be gone.
                    let _ = answer.send(Taken::All(Ok(own)));
                    return Ok(());
                }
                if self.taking.as_ref().is_some_and(|taking| !taking.is_wanted()) {
                    self.end_taking()?;
                }
                self.waiting.push_back(Taking::new(self.link.board(board), only_text, answer));
                self.take_next()?;
            }
            Order::End(done) => {
                if self.serving.hand_to_manager(self.link)? {
                    self.end = Some(done);
                } else {
                    let _ = done.send(());
                }
            }
        }
        Ok(())
    }

    fn take_next(&mut self) -> Done {
        if self.taking.is_none()
            && let Some(mut next) = self.waiting.pop_front()
        {
            next.begin(self.link)?;
            self.taking = Some(next);
        }
        Ok(())
    }

    fn end_taking(&mut self) -> Done {
        if let Some(taking) = self.taking.take() {
            taking.end(self.link)?;
        }
        self.take_next()
    }

    fn event(&mut self, event: &Event) -> Done {
        match event {
            Event::SelectionRequest(request) => self.serving.request(self.link, request),
            Event::SelectionClear(event) => {
                self.serving.lost(event.selection);
                Ok(())
            }
            Event::SelectionNotify(event) if event.selection == self.link.atoms.CLIPBOARD_MANAGER => {
                if let Some(end) = self.end.take() {
                    let _ = end.send(());
                }
                Ok(())
            }
            Event::PropertyNotify(event)
                if self.taking.as_ref().is_none_or(|taking| !taking.owns(event.window)) =>
            {
                self.serving.go_on(self.link, event)
            }
            event => {
                let Some(taking) = &mut self.taking else { return Ok(()) };
                if taking.event(self.link, event)? { self.end_taking() } else { Ok(()) }
            }
        }
    }

    /// Gives up on who is silent.
    fn look_at_clock(&mut self) {
        let now = Instant::now();
        self.serving.forget_silent(now);
        if self.taking.as_mut().is_some_and(|taking| taking.give_up(now))
            && let Err(error) = self.end_taking()
        {
            tracing::debug!(%error, "the next paste was not started");
        }
    }
}
