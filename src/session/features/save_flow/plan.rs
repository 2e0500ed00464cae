//! The plan of a save, shown before the save if it is not small or has a side effect.
//!
//! A worker plans. A small save continues at once; any other save waits here for the confirmation of the user.

use super::SaveFlow;
use super::ended::{keep_edits, resume_watch};
use super::wanted::{Leave, ReadySave};
use crate::document::SavePoint;
use crate::save::{SavePlan, SaveRequest, SaveWay};
use crate::session::context::Context;
use crate::session::describe;
use crate::session::dialog::Dialog;
use crate::session::effect::Effect;
use crate::session::ids::TabId;
use crate::session::name_request::After;
use crate::session::tabs::Tabs;

/// A save that waits for the user's word.
#[derive(Debug)]
pub struct Planned {
    pub tab: TabId,
    pub plan: SavePlan,
    /// Undo would hold more of the disk than it may, so it ends with this save.
    pub forgets_undo: bool,
    pub(super) point: SavePoint,
    pub(super) request: SaveRequest,
    pub(super) after: After,
}

impl SaveFlow {
    /// Asks the user about a planned save.
    pub(super) fn ask_about(&mut self, planned: Planned, tabs: &mut Tabs, context: &mut Context) {
        let id = planned.tab;
        context.put_dialog(None);
        tabs.select(id, context);
        self.planned.push(planned);
        context.put_dialog(Some(Dialog::ConfirmSave(id)));
    }

    /// The user has seen the plan and agrees.
    pub(super) fn save_as_planned(&mut self, id: TabId, context: &mut Context) {
        let Some(at) = self.planned.iter().position(|planned| planned.tab == id) else { return };
        let Planned { point, request, after, forgets_undo, .. } = self.planned.remove(at);
        context.close_dialog();
        let leave = Leave::Agreed { forgets_undo };
        context.want(Effect::StartSave(Box::new(ReadySave {
            tab: id,
            point,
            request,
            after,
            leave,
            guard: None,
        })));
    }

    /// Plans whose question is not open any more are left without an answer.
    pub fn forget_left_plans(&mut self, tabs: &mut Tabs, context: &Context) {
        let is_left = |planned: &mut Planned| !context.is_open(&Dialog::ConfirmSave(planned.tab));
        for Planned { tab, point, .. } in self.planned.extract_if(.., is_left) {
            keep_edits(tab, point, tabs);
            resume_watch(tab, tabs, context);
        }
    }
}

impl Planned {
    /// What the user is told, a line each: the names on the left, the facts on the right.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let plan = &self.plan;
        let way = match plan.way {
            SaveWay::InPlace => "in the file itself, with a journal",
            SaveWay::Rewrite => "a new file replaces the old one",
            SaveWay::Fresh => "a new file",
        };
        let mut lines = vec![
            ("Way", way.to_owned()),
            ("Writes", describe::size(plan.bytes_to_write)),
            ("Needs free space", describe::size(plan.room_needed)),
        ];
        if plan.holds > 0 && !self.forgets_undo {
            lines.push(("Undo keeps", describe::size(plan.holds)));
        }
        lines.extend((!plan.keeps.is_empty()).then(|| ("Keeps", plan.keeps.join("; "))));
        lines
    }

    /// What the user should know before agreeing.
    pub fn warnings(&self) -> Vec<String> {
        let undo = self.forgets_undo.then(|| {
            format!(
                "Undo would need {} on the disk, more than its limit. Earlier steps can't be undone after this save. Raise the limit with the setting undo-disk-mib.",
                describe::size(self.plan.holds)
            )
        });
        self.plan.warns.iter().cloned().chain(undo).collect()
    }
}
