//! What a save is going to do, shown before it does it: when it is more than a small one, or costs the user something.
//!
//! A worker plans; a small save goes on at once, any other waits here for the user's word.

use super::dialog::Dialog;
use super::{After, Session, TabId, words};
use crate::document::SavePoint;
use crate::save::{SavePlan, SaveRequest, SaveWay};

/// Saves that write no more bytes go ahead without a question.
const SMALL: u64 = 16 << 20;

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

/// How far a save may go by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// Small ones go ahead.
    WhenSmall,
    /// The user wants to see the plan.
    ToPlan,
    /// The user has seen the plan.
    Agreed { forgets_undo: bool },
}

/// Whether the user is asked first.
pub(super) fn needs_word(plan: &SavePlan, forgets_undo: bool, leave: Leave) -> bool {
    match leave {
        Leave::WhenSmall => {
            let is_small = plan.way == SaveWay::Fresh || plan.bytes_to_write <= SMALL;
            !is_small || !plan.warns.is_empty() || forgets_undo
        }
        Leave::ToPlan => true,
        Leave::Agreed { .. } => false,
    }
}

impl Session {
    /// The save whose plan is shown.
    pub fn planned(&self) -> Option<&Planned> {
        let Some(Dialog::ConfirmSave(id)) = self.context.dialog() else { return None };
        self.features.planned.iter().find(|planned| planned.tab == *id)
    }

    /// Shows what a save would do, without doing it.
    pub(super) fn show_save_plan(&mut self, id: TabId) {
        self.save_with(id, false, After::Stay, Leave::ToPlan);
    }

    /// Asks the user about a planned save.
    pub(super) fn ask_about(&mut self, planned: Planned) {
        let id = planned.tab;
        self.context.put_dialog(None);
        self.select_tab(id);
        self.features.planned.push(planned);
        self.context.put_dialog(Some(Dialog::ConfirmSave(id)));
    }

    /// The user has seen the plan and agrees.
    pub(super) fn save_as_planned(&mut self, id: TabId) {
        let Some(at) = self.features.planned.iter().position(|planned| planned.tab == id) else { return };
        let Planned { point, request, after, forgets_undo, .. } = self.features.planned.remove(at);
        self.context.close_dialog();
        self.start_save(id, point, request, after, Leave::Agreed { forgets_undo });
    }

    /// The question was left without an answer.
    pub(super) fn forget_plan(&mut self, id: TabId) {
        let Some(at) = self.features.planned.iter().position(|planned| planned.tab == id) else { return };
        let Planned { point, .. } = self.features.planned.remove(at);
        self.keep_edits(id, point);
        self.resume_watch(id);
    }

    /// How many bytes of the disk undo may hold.
    pub(super) fn undo_disk(&self) -> u64 {
        self.context.settings.undo_disk_mib.saturating_mul(1 << 20)
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
            ("Writes", words::size(plan.bytes_to_write)),
            ("Needs room", words::size(plan.room_needed)),
        ];
        if plan.holds > 0 && !self.forgets_undo {
            lines.push(("Undo holds", words::size(plan.holds)));
        }
        lines.extend((!plan.keeps.is_empty()).then(|| ("Keeps", plan.keeps.join("; "))));
        lines
    }

    /// What the user should know before agreeing.
    pub fn warnings(&self) -> Vec<String> {
        let undo = self.forgets_undo.then(|| {
            format!(
                "Undo would need {} on the disk, more than its limit. Earlier steps can't be undone after this save. Raise the limit with the setting undo-disk-mib.",
                words::size(self.plan.holds)
            )
        });
        self.plan.warns.iter().cloned().chain(undo).collect()
    }
}
