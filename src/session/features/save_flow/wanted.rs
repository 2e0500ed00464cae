//! A save as it is requested, and as it is ready to be started.

use crate::document::SavePoint;
use crate::save::SaveRequest;
use crate::session::ids::TabId;
use crate::session::name_request::After;
use crate::session::work_guard::WorkGuard;
use std::path::PathBuf;

/// How far a save may go by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Leave {
    /// Small ones go ahead.
    WhenSmall,
    /// The user wants to see the plan.
    ToPlan,
    /// The user has seen the plan.
    Agreed { forgets_undo: bool },
}

/// Where the bytes of a tab go.
#[derive(Clone, Debug)]
pub(super) enum SaveTarget {
    /// The tab's own file; with `allow_changed` also when another program has changed it.
    Own { allow_changed: bool, leave: Leave },
    /// Another file, which becomes the tab's; with `replace` one that is there and may be lost.
    Other { path: PathBuf, replace: bool },
}

/// What the user wants saved.
#[derive(Clone, Debug)]
pub(in crate::session) struct WantedSave {
    pub(super) tab: TabId,
    pub(super) target: SaveTarget,
    pub(super) after: After,
}

impl WantedSave {
    /// A save to the tab's own file.
    pub fn own(tab: TabId, after: After) -> Self {
        Self { tab, target: SaveTarget::Own { allow_changed: false, leave: Leave::WhenSmall }, after }
    }

    /// The same over a file that another program has changed.
    pub fn over_changed(tab: TabId) -> Self {
        let target = SaveTarget::Own { allow_changed: true, leave: Leave::WhenSmall };
        Self { tab, target, after: After::Stay }
    }

    /// The plan of a save, before it is done.
    pub fn plan(tab: TabId) -> Self {
        let target = SaveTarget::Own { allow_changed: false, leave: Leave::ToPlan };
        Self { tab, target, after: After::Stay }
    }

    /// Save As.
    pub fn other(tab: TabId, path: PathBuf, replace: bool, after: After) -> Self {
        Self { tab, target: SaveTarget::Other { path, replace }, after }
    }
}

/// A save whose state of the document is fixed.
#[derive(Debug)]
pub(in crate::session) struct ReadySave {
    pub tab: TabId,
    pub(super) point: SavePoint,
    pub(super) request: SaveRequest,
    pub(super) after: After,
    pub(super) leave: Leave,
    /// The tab is being saved since this began; `None` after a question.
    pub(super) guard: Option<WorkGuard>,
}
