//! The system's file dialogs, on a thread of their own.
//!
//! Where they can't be shown (no desktop portal, a portal that fails) the program's own path field takes their place
//! and says why.

#[cfg(target_os = "linux")]
mod portal;
#[cfg(not(target_os = "linux"))]
mod toolkit;

use crate::job::{Job, Poll, Waker};
use crate::session::{Action, Asked, Dialog, DialogAction, NameAction, OpenAction};
use egui::Context;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The window that a dialog belongs to, in the words of the system's dialogs; empty when it is not known.
#[cfg(target_os = "linux")]
pub type Parent = String;
#[cfg(not(target_os = "linux"))]
pub use toolkit::BaseDialog as Parent;

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
    /// What became of questions that could not be asked.
    refused: Vec<Action>,
    parent: Parent,
}

#[derive(Debug)]
struct Choosing {
    /// What a name is asked for; `None` where files to open are.
    asked: Option<Asked>,
    job: Job<Answer>,
}

impl Platform {
    /// Dialogs belong to this window.
    pub fn set_parent(&mut self, parent: Parent) {
        self.parent = parent;
    }

    /// Asks for files to open, beginning in the folder of `beside`.
    pub fn choose_files(&mut self, ctx: &Context, beside: Option<&Path>) {
        let folder = beside.and_then(Path::parent);
        self.start(ctx, self.question("Open", None, folder), None);
    }

    /// Asks for the name of a file to write. Whatever comes of it, `asked` is answered.
    pub fn choose_save_name(&mut self, ctx: &Context, suggested: &str, asked: Asked) {
        let path = Path::new(suggested);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.start(ctx, self.question("Save as", Some(name), path.parent()), Some(asked));
    }

    fn question(&self, title: &'static str, name: Option<String>, folder: Option<&Path>) -> Question {
        let folder = folder.filter(|folder| folder.is_absolute()).map(Path::to_owned);
        Question { saves: name.is_some(), title, parent: self.parent.clone(), folder, name }
    }

    fn start(&mut self, ctx: &Context, question: Question, asked: Option<Asked>) {
        if self.choosing.is_some() {
            self.refused.extend(asked.map(|asked| Action::Name(NameAction::Nothing(asked))));
            self.refused.push(Action::Dialog(DialogAction::Say(String::from(
                "Another file dialog is open. Close it first.",
            ))));
            return ctx.request_repaint();
        }
        let waking = ctx.clone();
        let waker: Waker = Arc::new(move || waking.request_repaint());
        #[cfg(target_os = "linux")]
        let ask = portal::ask;
        #[cfg(not(target_os = "linux"))]
        let ask = toolkit::ask;
        match Job::spawn("file dialog", waker, move |_| ask(&question)) {
            Ok(job) => self.choosing = Some(Choosing { asked, job }),
            Err(error) => {
                let reason = format!("no thread could be started: {error}");
                self.refused.extend(actions_of(Answer::Failed(reason), asked));
                ctx.request_repaint();
            }
        }
    }

    /// What was chosen since the last call.
    pub fn poll(&mut self) -> Vec<Action> {
        let mut actions = std::mem::take(&mut self.refused);
        if let Some(choosing) = &mut self.choosing {
            let answer = match choosing.job.poll() {
                Poll::Running => return actions,
                Poll::Done(answer) => answer,
                Poll::Lost => Answer::Failed(String::from("the dialog ended unexpectedly")),
            };
            let asked = choosing.asked.take();
            self.choosing = None;
            actions.extend(actions_of(answer, asked));
        }
        actions
    }
}

fn actions_of(answer: Answer, asked: Option<Asked>) -> Vec<Action> {
    match (answer, asked) {
        // The system's dialog has asked already whether a file that is there may be replaced.
        (Answer::Chosen { paths, .. }, Some(asked)) => match paths.into_iter().next() {
            Some(path) => vec![Action::Name(NameAction::Take { asked, path })],
            None => vec![Action::Name(NameAction::Nothing(asked))],
        },
        (Answer::Chosen { paths, read_only: true }, None) => vec![Action::Open(OpenAction::Locked(paths))],
        (Answer::Chosen { paths, read_only: false }, None) => vec![Action::Open(OpenAction::Files(paths))],
        (Answer::Cancelled, asked) => {
            asked.map(|asked| Action::Name(NameAction::Nothing(asked))).into_iter().collect()
        }
        (Answer::Failed(reason), asked) => {
            let dialog = asked.map_or(Dialog::OpenPath, Dialog::SaveAsPath);
            let why = format!("The desktop's file dialog can't be shown ({reason}). Type the path here.");
            vec![Action::Dialog(DialogAction::ShowBecause(dialog, why))]
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
    use crate::session::{After, TabId};

    fn asked() -> Asked {
        Asked::Save { tab: TabId::default(), after: After::Stay }
    }

    #[test]
    fn a_failure_opens_the_path_field_and_says_why_and_a_cancel_does_not() {
        let actions = actions_of(Answer::Failed(String::from("no portal")), None);
        let [Action::Dialog(DialogAction::ShowBecause(Dialog::OpenPath, why))] = &actions[..] else {
            panic!("{actions:?}")
        };
        assert!(why.contains("no portal"), "{why}");
        let actions = actions_of(Answer::Failed(String::from("no portal")), Some(asked()));
        let [Action::Dialog(DialogAction::ShowBecause(Dialog::SaveAsPath(of), _))] = &actions[..] else {
            panic!("{actions:?}")
        };
        assert_eq!(*of, asked());
        assert!(actions_of(Answer::Cancelled, None).is_empty());
        let actions = actions_of(Answer::Cancelled, Some(asked()));
        assert!(
            matches!(&actions[..], [Action::Name(NameAction::Nothing(of))] if *of == asked()),
            "{actions:?}"
        );
    }

    #[test]
    fn files_that_are_chosen_read_only_are_opened_locked() {
        let chosen = |read_only| Answer::Chosen { paths: vec![PathBuf::from("/a")], read_only };
        assert!(matches!(actions_of(chosen(true), None)[..], [Action::Open(OpenAction::Locked(_))]));
        assert!(matches!(actions_of(chosen(false), None)[..], [Action::Open(OpenAction::Files(_))]));
        let actions = actions_of(chosen(false), Some(asked()));
        assert!(
            matches!(&actions[..], [Action::Name(NameAction::Take { asked: of, .. })] if *of == asked()),
            "{actions:?}"
        );
    }

    /// Whoever asks is answered, or would wait for good.
    #[test]
    fn a_question_that_can_t_be_asked_is_answered_and_said() {
        let ctx = Context::default();
        let job = Job::spawn("file dialog", crate::job::no_waker(), |progress| {
            while !progress.is_cancelled() {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            Answer::Cancelled
        });
        let first = Choosing { asked: None, job: job.expect("a thread") };
        let mut platform = Platform { choosing: Some(first), ..Platform::default() };
        platform.choose_save_name(&ctx, "/folder/name", asked());
        let actions = platform.poll();
        assert!(
            matches!(&actions[..], [Action::Name(NameAction::Nothing(of)), Action::Dialog(DialogAction::Say(_))] if *of == asked()),
            "{actions:?}"
        );
        assert!(platform.choosing.is_some() && platform.poll().is_empty());
    }
}
