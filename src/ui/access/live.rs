//! Messages that are told at once, wherever the keys are: what was done, found, refused and asked.
//!
//! Each is a node of its own, because a screen reader is told when a node appears, and the same words may come twice.

use super::is_on;
use crate::session::notice::Level;
use crate::session::{Session, Tab, describe};
use egui::Context;
use egui::accesskit::{Live, Node, NodeId, Role};
use std::collections::VecDeque;

/// Messages that stay in the tree, to be read again.
const KEPT: usize = 4;

/// What was told, and what of it is still in the tree.
#[derive(Debug, Default)]
pub struct Announcer {
    /// `None` until a screen reader was on: what happened before is not news.
    known: Option<Known>,
    told: VecDeque<(u64, String, Live)>,
    count: u64,
}

/// What the session said when it was listened to last.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    said: u64,
    answer: String,
    answers: u64,
    find_error: Option<String>,
    dialog_error: Option<String>,
    notices: u64,
    /// Whether items are counted rather than bytes, and how many are selected.
    selected: (bool, u64),
}

impl Announcer {
    /// Tells what is new since the last frame.
    pub fn listen(&mut self, ctx: &Context, session: &Session) {
        if !is_on(ctx) {
            *self = Self::default();
            return;
        }
        let now = known(session);
        match self.known.replace(now.clone()) {
            Some(before) if before != now => self.compare(&before, &now, session),
            _ => {}
        }
        self.show(ctx);
    }

    /// Whether a screen reader is on.
    pub(super) fn listens(&self) -> bool {
        self.known.is_some()
    }

    /// Tells something that the session has no words for.
    pub fn tell(&mut self, text: String, live: Live) {
        if self.known.is_none() || text.is_empty() {
            return;
        }
        self.count += 1;
        self.told.push_back((self.count, text, live));
        while self.told.len() > KEPT {
            self.told.pop_front();
        }
    }

    fn compare(&mut self, before: &Known, now: &Known, session: &Session) {
        if now.said != before.said {
            self.tell(session.hint().to_owned(), Live::Polite);
        }
        if now.answers != before.answers || now.answer != before.answer {
            // What was found is selected, which the answer has no words for.
            let found = session.tab().and_then(|tab| session.finding().current(tab));
            let place = found.map(|span| format!("Found at {}. ", describe::hex(span.start())));
            let place = place.filter(|_| now.answers != before.answers).unwrap_or_default();
            self.tell(format!("{place}{}", now.answer), Live::Polite);
        }
        for (old, new) in [(&before.find_error, &now.find_error), (&before.dialog_error, &now.dialog_error)] {
            if let Some(error) = new.as_ref().filter(|_| old != new) {
                self.tell(error.clone(), Live::Assertive);
            }
        }
        let shown = session.notices().shown(session.tab().map(|tab| tab.id));
        for notice in shown.filter(|notice| notice.id.number() > before.notices) {
            let live = if notice.level == Level::Info { Live::Polite } else { Live::Assertive };
            let ways: Vec<&str> = notice.ways_out.iter().map(|(label, _)| *label).collect();
            let ways = if ways.is_empty() { String::new() } else { format!(" {}. F6", ways.join(", ")) };
            self.tell(format!("{}{ways}", notice.text), live);
        }
        if now.selected != before.selected && now.answers == before.answers {
            let words = match now.selected {
                (_, 0) => String::from("Nothing selected"),
                (true, count) => format!("{} selected", describe::counted(count, "element", "elements")),
                (false, count) => format!("{} selected", describe::bytes(count)),
            };
            self.tell(words, Live::Polite);
        }
    }

    fn show(&self, ctx: &Context) {
        let id = |number: u64| egui::Id::unique(("message", number)).accesskit_id();
        let node = |text: &str, live: Live| {
            let mut node = Node::new(Role::Status);
            node.set_label(text);
            node.set_live(live);
            node
        };
        let nodes: Vec<(NodeId, Node)> =
            self.told.iter().map(|(number, text, live)| (id(*number), node(text, *live))).collect();
        let children = nodes.iter().map(|(id, _)| *id).collect();
        super::graft(ctx, egui::accesskit_root_id(), children, nodes);
    }
}

fn known(session: &Session) -> Known {
    let finding = session.finding();
    Known {
        said: session.times_said(),
        answer: finding.answer.clone(),
        answers: finding.answers(),
        find_error: finding.error.clone(),
        dialog_error: session.dialog_error().map(str::to_owned),
        notices: session.notices().newest(),
        selected: session.tab().map_or((false, 0), selected),
    }
}

fn selected(tab: &Tab) -> (bool, u64) {
    match tab.array().filter(|_| tab.is_in_array()) {
        // The item at the caret alone is no selection.
        Some(view) => (true, Some(view.block.count(&view.table)).filter(|count| *count > 1).unwrap_or(0)),
        None => (false, tab.selection.span().len()),
    }
}
