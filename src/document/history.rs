//! What can be undone and redone, and which state is the saved one.
//!
//! The history is two stacks of steps; a position is the number of steps that are done. Going one step applies it to
//! the tree and lays its opposite on the other stack. So the path from the saved state to any state that is on the
//! stacks can be walked there and back, and back at the saved state the tree is what it was: one piece of the base.

use super::edit::{CoalesceKey, RebaseError};
use super::piece::{Piece, PieceRun};
use super::step::{Head, StepWriter, UndoStep};
use super::tree::{PieceTree, ReplaceObserver, ReplacedSpan};

/// Cheap to clone: the steps are shared.
#[derive(Clone, Debug)]
pub struct History {
    pub(super) undo: Vec<UndoStep>,
    pub(super) redo: Vec<UndoStep>,
    pub(super) labels: Vec<&'static str>,
    /// The last step grows by edits of this key.
    growing: Option<CoalesceKey>,
    /// The position of the saved state; `None` when it can't be reached any more.
    pub(super) saved: Option<usize>,
    pub(super) save: Option<Save>,
    pub(super) saves_begun: u64,
}

/// A save that has begun, and the way to its state.
#[derive(Clone, Debug)]
pub(super) struct Save {
    pub id: u64,
    pub mark: usize,
    /// The last position on the way to `mark` that is on the stacks: `mark` itself, unless the user went back before
    /// it and edited there.
    pub fork: usize,
    /// The steps from `fork` to `mark` that such an edit has dropped, the first to be done last.
    pub branch: Vec<UndoStep>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryDirection {
    Undo,
    Redo,
}

impl History {
    /// Nothing is done yet, and that is the saved state.
    pub fn new() -> Self {
        Self {
            undo: Vec::new(),
            redo: Vec::new(),
            labels: Vec::new(),
            growing: None,
            saved: Some(0),
            save: None,
            saves_begun: 0,
        }
    }

    /// The place of a label in the list. There are as many as kinds of edits, so a walk is fine.
    pub fn intern(&mut self, label: &'static str) -> u64 {
        let known = self.labels.iter().position(|known| *known == label);
        let index = known.unwrap_or_else(|| {
            self.labels.push(label);
            self.labels.len() - 1
        });
        index as u64
    }

    /// The label at a place of the list.
    pub fn label(&self, index: u64) -> &'static str {
        self.labels.get(index as usize).copied().unwrap_or_default()
    }

    /// The label of the step that would be undone or redone.
    pub fn next_label(&self, way: HistoryDirection) -> Option<&'static str> {
        let step = match way {
            HistoryDirection::Undo => self.undo.last(),
            HistoryDirection::Redo => self.redo.last(),
        };
        step.map(|step| self.label(step.reader().head.label))
    }

    /// Has the next edit grow the last step if it touches it, whatever came between.
    pub fn let_grow(&mut self, key: CoalesceKey) {
        self.growing = Some(key);
    }

    /// Drops what can be undone from `undo` steps before the last on, and what can be redone from `redo` steps after
    /// the next on: the states there can't be made any more.
    pub fn keep_steps(&mut self, undo: usize, redo: usize) {
        let dropped = self.undo.len().saturating_sub(undo);
        self.undo.drain(..dropped);
        let dropped_redo = self.redo.len().saturating_sub(redo);
        self.redo.drain(..dropped_redo);
        let last = self.undo.len() + self.redo.len();
        self.saved = self.saved.and_then(|saved| saved.checked_sub(dropped)).filter(|&saved| saved <= last);
    }

    /// Lays the opposite of an edit that was just made on the stack, or lets the last step grow by it: true then.
    pub fn push(&mut self, step: UndoStep, key: Option<CoalesceKey>) -> bool {
        self.drop_redo();
        let grows = key.is_some() && self.growing == key;
        self.growing = key;
        if grows
            && let Some(last) = self.undo.last_mut()
            && let Some(grown) = last.grown(&step)
        {
            *last = grown;
            return true;
        }
        self.undo.push(step);
        false
    }

    /// What was undone can't be redone after a new edit; what leads to a state that is being saved is kept.
    fn drop_redo(&mut self) {
        let position = self.undo.len();
        if let Some(save) = &mut self.save
            && position < save.fork
        {
            let dropped = self.redo.split_off(self.redo.len() - (save.fork - position));
            save.branch.extend(dropped);
            save.fork = position;
        }
        self.saved = self.saved.filter(|&saved| saved <= position);
        self.redo = Vec::new();
    }

    /// Ends the growing of the last step.
    pub fn seal(&mut self) {
        self.growing = None;
    }

    /// Whether the state now is the saved one.
    pub fn is_at_saved(&self) -> bool {
        self.saved == Some(self.undo.len())
    }

    /// Goes one step and tells `watcher` of its places; `None` when there is no step that way.
    pub fn go(
        &mut self,
        way: HistoryDirection,
        tree: &mut PieceTree,
        watcher: &mut impl ReplaceObserver,
    ) -> Option<Head> {
        let (from, to) = match way {
            HistoryDirection::Undo => (&mut self.undo, &mut self.redo),
            HistoryDirection::Redo => (&mut self.redo, &mut self.undo),
        };
        let step = from.pop()?;
        let mut reader = step.reader();
        let head = reader.head;
        let mut writer = StepWriter::new(head);
        tree.replace_all(&mut reader, &mut Both(&mut writer, watcher));
        to.push(writer.finish());
        self.growing = None;
        Some(head)
    }

    fn go_to(&mut self, position: usize, tree: &mut PieceTree, watcher: &mut impl ReplaceObserver) {
        while self.undo.len() > position && self.go(HistoryDirection::Undo, tree, watcher).is_some() {}
        while self.undo.len() < position && self.go(HistoryDirection::Redo, tree, watcher).is_some() {}
    }

    /// Remembers the state now as the one that is being saved.
    pub fn begin_save(&mut self) -> u64 {
        self.growing = None;
        self.saves_begun += 1;
        let (id, mark) = (self.saves_begun, self.undo.len());
        self.save = Some(Save { id, mark, fork: mark, branch: Vec::new() });
        id
    }

    /// Whether the save `id` is the one under way.
    pub fn is_saving(&self, id: u64) -> bool {
        self.save.as_ref().is_some_and(|save| save.id == id)
    }

    /// Whether a save is under way.
    pub fn saves(&self) -> bool {
        self.save.is_some()
    }

    /// Has every step name other pieces; `is_saved_lost` when the saved state is none of the new base's.
    pub fn rename(&mut self, pieces: &dyn Fn(Piece, &mut PieceRun), is_saved_lost: bool) {
        for step in self.undo.iter_mut().chain(&mut self.redo) {
            *step = step.renamed(pieces);
        }
        self.saved = self.saved.filter(|_| !is_saved_lost);
        self.growing = None;
    }

    /// Gives up the save `id`, if it is the one under way.
    pub fn cancel_save(&mut self, id: u64) {
        self.save = self.save.take().filter(|save| save.id != id);
    }

    /// The state that is being saved; `tree` is the state now. `watcher` is told of the places on the way.
    pub fn marked(&self, tree: &PieceTree, watcher: &mut impl ReplaceObserver) -> Option<PieceTree> {
        let (mut history, mut tree) = (self.clone(), tree.clone());
        let save = history.save.take()?;
        history.go_to(save.fork, &mut tree, watcher);
        if !save.branch.is_empty() {
            history.redo = save.branch;
            history.go_to(save.mark, &mut tree, watcher);
        }
        Some(tree)
    }

    /// Puts `saved`, which has the same bytes, in the place of the state that was saved, and brings the tree back to
    /// the state now. Walking there and back makes the steps on the way name pieces of the new base where
    /// they named pieces of the old one.
    ///
    /// # Errors
    /// [`RebaseError::Stale`] when `id` is not the save under way.
    pub fn finish_save(
        &mut self,
        id: u64,
        tree: &mut PieceTree,
        saved: PieceTree,
    ) -> Result<(), RebaseError> {
        let Some(save) = self.save.take_if(|save| save.id == id) else { return Err(RebaseError::Stale) };
        let here = self.undo.len();
        let growing = self.growing;
        self.go_to(save.fork, tree, &mut Nobody);
        if save.branch.is_empty() {
            *tree = saved;
            self.saved = Some(save.mark);
        } else {
            let redo = std::mem::replace(&mut self.redo, save.branch);
            self.go_to(save.mark, tree, &mut Nobody);
            *tree = saved;
            self.go_to(save.fork, tree, &mut Nobody);
            self.redo = redo;
            self.saved = None;
        }
        self.go_to(here, tree, &mut Nobody);
        self.growing = growing;
        Ok(())
    }
}

/// Tells two of the same places.
pub struct Both<'a, A, B>(pub &'a mut A, pub &'a mut B);

impl<A: ReplaceObserver, B: ReplaceObserver> ReplaceObserver for Both<'_, A, B> {
    fn done(&mut self, place: ReplacedSpan, removed: &[Piece]) {
        self.0.done(place, removed);
        self.1.done(place, removed);
    }
}

/// Listens to nothing.
pub struct Nobody;

impl ReplaceObserver for Nobody {
    fn done(&mut self, _: ReplacedSpan, _: &[Piece]) {}
}
