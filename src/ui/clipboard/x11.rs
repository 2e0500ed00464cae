//! The clipboards of an X11 desktop, as its conventions (ICCCM 2) have them: one window owns what was copied and hands it
//! to whoever asks, in pieces when it is long; and asks others in the same way.
//!
//! One thread owns the connection's events. It never waits for another program: each request is a state that events move.

mod serve;
mod take;

use super::{Board, FAREWELL, PATIENCE, System};
use crate::job::{Job, no_waker};
use crate::session::clipboard::system::{BYTES_TYPE, MARK_TYPE};
use crate::session::{Offer, Pasted};
use serve::Serving;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;
use take::Taking;
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
        MARK: MARK_TYPE.as_bytes(),
        // Where others put what they hand over.
        PAGELENS_TAKEN,
        // Wakes the thread when an order is there.
        PAGELENS_ORDER,
    }
}

/// What the thread is asked to do.
enum Order {
    Own(Board, Offer),
    Read { board: Board, only_text: bool, answer: Sender<Result<Pasted, String>> },
    End(Sender<()>),
}

/// The window that owns and asks, and the connection it is on.
struct Link {
    connection: RustConnection,
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
    let window = connection.generate_id().map_err(|error| words(&error))?;
    let looks = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
    connection
        .create_window(0, window, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &looks)
        .map_err(|error| words(&error))?;
    let atoms =
        Atoms::new(&connection).map_err(|error| words(&error))?.reply().map_err(|error| words(&error))?;
    let link = Arc::new(Link { connection, window, atoms });
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
    fn offer(&self, board: Board, offer: Offer) -> Result<(), String> {
        self.order(Order::Own(board, offer))
    }

    fn read(&self, board: Board, only_text: bool) -> Result<Pasted, String> {
        let (answer, received) = channel();
        self.order(Order::Read { board, only_text, answer })?;
        let silent = || Err(String::from(super::SILENT));
        // Long contents take longer; the thread itself gives up on who is silent.
        received.recv_timeout(PATIENCE * 20).unwrap_or_else(|_| silent())
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
                    tracing::warn!(%error, "an order about the clipboard failed");
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
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        Ok(event)
    }

    fn order(&mut self, order: Order) -> Done {
        match order {
            Order::Own(board, offer) => self.serving.own(self.link, board, offer)?,
            Order::Read { board, only_text, answer } => {
                if let Some(offer) = self.serving.owned(self.link, board) {
                    let bytes = offer.bytes.as_ref().map(|bytes| bytes.to_vec());
                    let own = Pasted { text: offer.text.clone(), bytes, mark: Some(offer.mark.clone()) };
                    // Whoever asked may be gone.
                    let _ = answer.send(Ok(own));
                    return Ok(());
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
            Event::PropertyNotify(event) if event.window != self.link.window => {
                self.serving.go_on(self.link, event)
            }
            event => {
                let Some(taking) = &mut self.taking else { return Ok(()) };
                let is_over = taking.event(self.link, event)?;
                if is_over {
                    self.taking = None;
                    self.take_next()?;
                }
                Ok(())
            }
        }
    }

    /// Gives up on who is silent.
    fn look_at_clock(&mut self) {
        let now = Instant::now();
        self.serving.forget_silent(now);
        if self.taking.as_mut().is_some_and(|taking| taking.give_up(now)) {
            self.taking = None;
            // The next one is tried at once, and given up in its turn.
            let _ = self.take_next();
        }
    }
}
