//! Figures of a run of the real window, for the benches and tests: time to the first whole frame, memory after
//! random jumps, page faults of the window's thread. The window closes by itself when they are taken.
//!
//! It only watches and asks for jumps through the same actions as a user's.

use crate::session::{Action, PaneAction, Session};
use crate::usage;
use egui::{Context, ViewportCommand};
use std::time::{Duration, Instant};

/// How long nothing happens before memory is read.
const QUIET: Duration = Duration::from_millis(1500);

/// What to measure.
#[derive(Debug)]
pub struct Probe {
    started: Instant,
    jumps: u32,
    seed: u64,
    settled: u32,
    first: Option<f64>,
    /// Since when there is nothing more to do.
    quiet: Option<Instant>,
    done: bool,
}

impl Probe {
    /// Measures until the first frame with every visible byte, and over `jumps` jumps to random offsets.
    pub fn new(started: Instant, jumps: u32) -> Self {
        Self {
            started,
            jumps,
            seed: 0x9E37_79B9_7F4A_7C15,
            settled: 0,
            first: None,
            quiet: None,
            done: false,
        }
    }

    /// After a frame. `ready` says whether every visible byte was there.
    pub fn frame(&mut self, ctx: &Context, session: &Session, ready: bool, actions: &mut Vec<Action>) {
        // A window without files is measured as it is.
        let waiting = session.opening().next().is_some() || (session.tab().is_some() && !ready);
        if self.done || waiting {
            return;
        }
        if self.first.is_none() {
            self.first = Some(self.started.elapsed().as_secs_f64() * 1000.0);
        }
        if self.settled < self.jumps && session.tab().is_some() {
            self.settled += 1;
            let len = session.tab().map_or(0, crate::session::Tab::len);
            actions.push(Action::Pane(PaneAction::JumpTo(self.random() % len.max(1))));
            return;
        }
        // A window that has just come up is still being loaded: the graphics driver compiles its programs.
        let quiet = *self.quiet.get_or_insert_with(Instant::now);
        if quiet.elapsed() < QUIET {
            ctx.request_repaint_after(QUIET);
            return;
        }
        self.done = true;
        let rss = usage::resident_kib();
        let anonymous = usage::anonymous_kib();
        let faults = usage::major_faults();
        tracing::info!(target: "probe", first_frame_ms = self.first, rss_kib = rss, anonymous_kib = anonymous, major_faults = faults, jumps = self.settled);
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }

    /// xorshift64*: the same jumps in every run.
    fn random(&mut self) -> u64 {
        self.seed ^= self.seed >> 12;
        self.seed ^= self.seed << 25;
        self.seed ^= self.seed >> 27;
        self.seed.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}
