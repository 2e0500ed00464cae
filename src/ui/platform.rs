//! The system's file dialogs, on a thread of their own.
//!
//! Where they can't be shown (no desktop portal, a portal that fails) the program's own path field takes their place and
//! says why.

#[cfg(target_os = "linux")]
mod portal;
#[cfg(not(target_os = "linux"))]
mod toolkit;

use crate::job::{Job, Poll, Waker};
use crate::session::{Action, Dialog};
use egui::Context;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The window that a dialog belongs to, in the words of the system's dialogs; empty when it is not known.
#[cfg(target_os = "linux")]
pub type Parent = String;
#[cfg(not(target_os = "linux"))]
pub use toolkit::Parent;

/// What a dialog is to ask.
#[derive(Debug)]
pub struct Question {
    saves: bool,
    title: &'static str,
    parent: Parent,
    /// Where to begin.
    folder: Option<PathBuf>,
    /// A name to begin with.
    name: Option<String>,
}

/// What became of it.
#[derive(Debug)]
enum Answer {
    Chosen {
        paths: Vec<PathBuf>,
        /// The user wants the files locked.
        read_only: bool,
    },
    Cancelled,
    /// No dialog could be shown, and why.
    Failed(String),
}

#[derive(Debug, Default)]
pub struct Platform {
    choosing: Option<Choosing>,
    parent: Parent,
}

#[derive(Debug)]
struct Choosing {
    saves: bool,
    job: Job<Answer>,
}

impl Platform {
    /// Dialogs belong to this window.
    pub fn set_parent(&mut self, parent: Parent) {
        self.parent = parent;
    }

    /// Asks for files to open, beginning in the folder of `beside`.
    pub fn choose_files(&mut self, ctx: &Context, beside: Option<&Path>) {
        self.start(ctx, "Open", None, beside);
    }

    pub fn choose_save_name(&mut self, ctx: &Context, suggested: &str) {
        let path = Path::new(suggested);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.start(ctx, "Save as", Some(name), Some(path));
    }

    fn start(&mut self, ctx: &Context, title: &'static str, name: Option<String>, beside: Option<&Path>) {
        if self.choosing.is_some() {
            return;
        }
        let folder = beside.and_then(Path::parent).filter(|folder| folder.is_absolute()).map(Path::to_owned);
        let saves = name.is_some();
        let question = Question { saves, title, parent: self.parent.clone(), folder, name };
        let ctx = ctx.clone();
        let waker: Waker = Arc::new(move || ctx.request_repaint());
        #[cfg(target_os = "linux")]
        let ask = portal::ask;
        #[cfg(not(target_os = "linux"))]
        let ask = toolkit::ask;
        let job = Job::spawn("file dialog", waker, move |_| ask(&question));
        self.choosing = job.ok().map(|job| Choosing { saves, job });
    }

    /// What was chosen since the last call.
    pub fn poll(&mut self) -> Vec<Action> {
        let Some(choosing) = &mut self.choosing else { return Vec::new() };
        let answer = match choosing.job.poll() {
            Poll::Running => return Vec::new(),
            Poll::Done(answer) => answer,
            Poll::Lost => Answer::Failed(String::from("it ended unexpectedly")),
        };
        let saves = choosing.saves;
        self.choosing = None;
        actions_of(answer, saves)
    }
}

fn actions_of(answer: Answer, saves: bool) -> Vec<Action> {
    match answer {
        // The system's dialog has asked already whether a file that is there may be replaced.
        Answer::Chosen { paths, .. } if saves => {
            paths.into_iter().map(|path| Action::SaveTo { path }).collect()
        }
        Answer::Chosen { paths, read_only: true } => vec![Action::OpenLocked(paths)],
        Answer::Chosen { paths, read_only: false } => vec![Action::Open(paths)],
        Answer::Cancelled if saves => vec![Action::NameNothing],
        Answer::Cancelled => Vec::new(),
        Answer::Failed(reason) => {
            let dialog = if saves { Dialog::SaveAsPath } else { Dialog::OpenPath };
            let why = format!("The desktop's file dialog can't be shown ({reason}). Type the path here.");
            vec![Action::ShowBecause(dialog, why)]
        }
    }
}

/// The name of an X11 window in the portal's words. Wayland has no name to give without an extension of its protocol.
#[cfg(target_os = "linux")]
pub fn parent_of(window: &impl raw_window_handle::HasWindowHandle) -> Parent {
    use raw_window_handle::RawWindowHandle;
    match window.window_handle().map(|handle| handle.as_raw()) {
        Ok(RawWindowHandle::Xlib(handle)) => format!("x11:{:x}", handle.window),
        Ok(RawWindowHandle::Xcb(handle)) => format!("x11:{:x}", handle.window),
        _ => String::new(),
    }
}

#[cfg(not(target_os = "linux"))]
pub use toolkit::parent_of;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_opens_the_path_field_and_says_why_and_a_cancel_does_not() {
        let actions = actions_of(Answer::Failed(String::from("no portal")), false);
        let [Action::ShowBecause(Dialog::OpenPath, why)] = &actions[..] else { panic!("{actions:?}") };
        assert!(why.contains("no portal"), "{why}");
        let actions = actions_of(Answer::Failed(String::from("no portal")), true);
        assert!(matches!(actions[..], [Action::ShowBecause(Dialog::SaveAsPath, _)]), "{actions:?}");
        assert!(actions_of(Answer::Cancelled, false).is_empty());
        assert!(matches!(actions_of(Answer::Cancelled, true)[..], [Action::NameNothing]));
    }

    #[test]
    fn files_that_are_chosen_read_only_are_opened_locked() {
        let chosen = |read_only| Answer::Chosen { paths: vec![PathBuf::from("/a")], read_only };
        assert!(matches!(actions_of(chosen(true), false)[..], [Action::OpenLocked(_)]));
        assert!(matches!(actions_of(chosen(false), false)[..], [Action::Open(_)]));
    }
}
