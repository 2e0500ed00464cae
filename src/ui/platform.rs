//! The system's file dialogs, on a thread of their own.
//!
//! Without a desktop portal the dialog answers 'cancelled' at once, which no user can do; then the program's own
//! path field takes its place.

use crate::job::{Job, Poll, Waker};
use crate::session::{Action, Dialog};
use egui::Context;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// No user cancels a dialog within this time of its opening.
const TOO_FAST: Duration = Duration::from_millis(400);

#[derive(Debug, Default)]
pub struct Platform {
    choosing: Option<Choosing>,
    /// Whether the paste that the system was asked for is meant as text.
    pub paste_as_text: bool,
}

#[derive(Debug)]
struct Choosing {
    saves: bool,
    since: Instant,
    job: Job<Vec<PathBuf>>,
}

impl Platform {
    pub fn choose_files(&mut self, ctx: &Context) {
        self.start(ctx, false, || rfd::FileDialog::new().set_title("Open").pick_files().unwrap_or_default());
    }

    pub fn choose_save_name(&mut self, ctx: &Context, suggested: &str) {
        let path = Path::new(suggested).to_owned();
        self.start(ctx, true, move || {
            let mut dialog = rfd::FileDialog::new().set_title("Save as");
            if let Some(name) = path.file_name() {
                dialog = dialog.set_file_name(name.to_string_lossy());
            }
            if let Some(folder) = path.parent().filter(|folder| folder.is_absolute()) {
                dialog = dialog.set_directory(folder);
            }
            dialog.save_file().into_iter().collect()
        });
    }

    fn start(&mut self, ctx: &Context, saves: bool, choose: impl FnOnce() -> Vec<PathBuf> + Send + 'static) {
        if self.choosing.is_some() {
            return;
        }
        let ctx = ctx.clone();
        let waker: Waker = Arc::new(move || ctx.request_repaint());
        let job = Job::spawn("file dialog", waker, move |_| choose());
        self.choosing = job.ok().map(|job| Choosing { saves, since: Instant::now(), job });
    }

    /// What was chosen since the last call.
    pub fn poll(&mut self) -> Vec<Action> {
        let Some(choosing) = &mut self.choosing else { return Vec::new() };
        let chosen = match choosing.job.poll() {
            Poll::Running => return Vec::new(),
            Poll::Done(paths) => paths,
            Poll::Lost => Vec::new(),
        };
        let (saves, quick) = (choosing.saves, choosing.since.elapsed() < TOO_FAST);
        self.choosing = None;
        match (chosen.is_empty(), saves) {
            (true, true) if quick => vec![Action::Show(Dialog::SaveAsPath)],
            (true, false) if quick => vec![Action::Show(Dialog::OpenPath)],
            (true, true) => vec![Action::NameNothing],
            (true, false) => Vec::new(),
            // The system's dialog has asked already whether a file that is there may be replaced.
            (false, true) => chosen.into_iter().map(|path| Action::SaveTo { path }).collect(),
            (false, false) => vec![Action::Open(chosen)],
        }
    }
}
