//! How a snapshot differs from its base: the marks beside the grid, 'next change', and what a save in place writes.
//!
//! Everything is found on the way down by the summaries; only [`Snapshot::overwrites`] walks over all pieces.
//! A change is told by where bytes come from, not by their values: a byte that was overwritten by the same is changed.

use super::node::TreeNode;
use super::piece::{Piece, SourceId, Summary};
use super::snapshot::Snapshot;
use super::tree::PieceTree;
use crate::bytes::Span;
use std::ops::ControlFlow;
use std::sync::Arc;

/// One change against the base: a run of new bytes, or a place where bytes were deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The new bytes, in coordinates of the snapshot; empty at the place of a deletion.
    pub span: Span,
    /// The bytes of the base that are not there any more; empty where bytes were only inserted.
    pub replaced: Span,
}

impl Change {
    /// What was done there.
    pub fn kind(&self) -> ChangeKind {
        match (self.span.is_empty(), self.replaced.is_empty()) {
            (true, _) => ChangeKind::Deletion,
            (false, true) => ChangeKind::Insertion,
            (false, false) => ChangeKind::Replacement,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Insertion,
    Replacement,
    Deletion,
}

/// What is to be written to make a snapshot of its base in the base's own place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overwrites {
    /// What is to be written, sorted and apart, each at its own offset; the appended tail included. From the first byte
    /// on that has moved, that is all there is.
    pub spans: Vec<Span>,
    /// How many of these bytes the base has elsewhere.
    pub moved: u64,
    pub base_len: u64,
    /// Length afterwards: the same, longer (the tail is in `spans`) or shorter.
    pub len: u64,
}

/// A run of the base that a snapshot has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptRun {
    /// Its offset in the base.
    pub from: u64,
    /// Its place in the snapshot.
    pub to: Span,
}

impl Snapshot {
    /// How many bytes are not the base's.
    pub fn changed_bytes(&self) -> u64 {
        let sum = self.tree().summary();
        sum.len - sum.base_bytes
    }

    /// How many changes there are: maximal runs of new bytes, and places of mere deletion.
    pub fn changes(&self) -> u64 {
        changes_of(self.tree())
    }

    /// The runs of new bytes inside `within`, sorted, apart, cut to it. Deletions are not in it.
    pub fn changed_spans(&self, within: Span) -> Vec<Span> {
        let mut spans = Vec::new();
        add_changed(self.tree().root().part(), self.tree().base(), 0, within, &mut spans);
        spans
    }

    /// Whether the byte at `offset` stands elsewhere than in the base, as the nearest byte of the base from there on
    /// tells: more were put in before it than taken out, or fewer. `None` when none of the base follows.
    pub fn is_moved(&self, offset: u64) -> Option<bool> {
        let tree = self.tree();
        let mut held = None;
        tree.visit(Span::at(offset, 1)?, &mut |at, piece| {
            held = (piece.source() == tree.base()).then(|| (at, piece.offset()));
            ControlFlow::Break(())
        });
        let (at, base_at) = held.or_else(|| base_after(tree.root().part(), tree.base(), 0, offset))?;
        Some(at != base_at)
    }

    /// The `n`-th change from the start, counted from 0.
    pub fn nth_change(&self, n: u64) -> Option<Change> {
        let tree = self.tree();
        let place = find_mark(tree, n)?;
        let base_at = place.before.tail().base_offset().unwrap_or_default();
        let (end, base_end) = match place.piece {
            Some(piece) if piece.source() == tree.base() => (place.at, piece.offset()),
            Some(_) => {
                let next = base_after(tree.root().part(), tree.base(), 0, place.at);
                next.unwrap_or((tree.len(), tree.base_len()))
            }
            None => (place.at, tree.base_len()),
        };
        Some(Change { span: Span::between(place.at, end), replaced: Span::between(base_at, base_end) })
    }

    /// The first change that starts at or after `offset`.
    pub fn change_after(&self, offset: u64) -> Option<Change> {
        self.nth_change(self.changes_before(offset))
    }

    /// The last change that starts before `offset`.
    pub fn change_before(&self, offset: u64) -> Option<Change> {
        self.nth_change(self.changes_before(offset).checked_sub(1)?)
    }

    /// How many changes start before `offset`: the number of the first one at or after it.
    pub fn changes_before(&self, offset: u64) -> u64 {
        let tree = self.tree();
        if offset > tree.len() {
            return self.changes();
        }
        let mut sum = start();
        let (mut node, mut at) = (&*tree.root().node, 0);
        loop {
            match node {
                TreeNode::Leaf(leaf) => {
                    for &piece in leaf.pieces() {
                        if at >= offset {
                            break;
                        }
                        sum = sum.then(Summary::of(piece.cut(0, piece.len().min(offset - at)), tree.base()));
                        at += piece.len();
                    }
                    return sum.marks;
                }
                TreeNode::Inner(inner) => {
                    let (index, start) = inner.child_at(offset - at);
                    sum = inner.children_from(0).take(index).fold(sum, |sum, (_, child)| sum.then(child));
                    (node, at) = (inner.node(index), at + start);
                }
            }
        }
    }

    /// What a save in the base's own place writes. Takes time in proportion to the pieces.
    pub fn overwrites(&self) -> Overwrites {
        let tree = self.tree();
        let (base_len, len) = (tree.base_len(), tree.len());
        let (mut unmoved, mut moved) = (len, 0);
        tree.visit(Span::first(len), &mut |at, piece| {
            if piece.source() == tree.base() {
                if piece.offset() != at {
                    unmoved = unmoved.min(at);
                }
                if unmoved < len {
                    moved += piece.len();
                }
            }
            ControlFlow::Continue(())
        });
        let mut spans = self.changed_spans(Span::first(unmoved));
        if unmoved < len {
            push_run(&mut spans, Span::between(unmoved, len));
        }
        Overwrites { spans, moved, base_len, len }
    }

    /// The runs of the base of at least `shortest` bytes, in order. Takes time in proportion to the pieces.
    pub fn kept(&self, shortest: u64) -> Vec<KeptRun> {
        let tree = self.tree();
        let mut runs: Vec<KeptRun> = Vec::new();
        tree.visit(Span::first(tree.len()), &mut |at, piece| {
            if piece.source() == tree.base() && piece.len() >= shortest {
                runs.push(KeptRun { from: piece.offset(), to: Span::between(at, at + piece.len()) });
            }
            ControlFlow::Continue(())
        });
        runs
    }
}

impl Snapshot {
    /// The bytes of the base that are not there any more, sorted and apart, in coordinates of the base. Takes time in
    /// proportion to the pieces.
    pub fn replaced_spans(&self) -> Vec<Span> {
        let tree = self.tree();
        let (mut spans, mut base_at) = (Vec::new(), 0);
        tree.visit(Span::first(tree.len()), &mut |_, piece| {
            if piece.source() == tree.base() {
                spans.push(Span::between(base_at, piece.offset()));
                base_at = piece.end();
            }
            ControlFlow::Continue(())
        });
        spans.push(Span::between(base_at, tree.base_len()));
        spans.retain(|span| !span.is_empty());
        spans
    }
}

pub(super) fn changes_of(tree: &PieceTree) -> u64 {
    start().then(tree.summary()).then(Summary::border(tree.base_len())).marks
}

/// Where the base starts: what the first piece is compared with.
fn start() -> Summary {
    Summary::border(0)
}

/// Appends the runs of new bytes of `tree`, which starts at `at`, that lie in `within`.
fn add_changed(
    tree: (&Arc<TreeNode>, Summary),
    base: SourceId,
    at: u64,
    within: Span,
    spans: &mut Vec<Span>,
) {
    let (node, summary) = tree;
    let Some(part) = Span::between(at, at + summary.len).intersect(within) else { return };
    if summary.base_bytes == summary.len {
        return;
    }
    if summary.base_bytes == 0 {
        return push_run(spans, part);
    }
    let mut at = at;
    match &**node {
        TreeNode::Inner(inner) => {
            for child in inner.children_from(0) {
                add_changed(child, base, at, within, spans);
                at += child.1.len;
            }
        }
        TreeNode::Leaf(leaf) => {
            for &piece in leaf.pieces() {
                let run = Span::between(at, at + piece.len()).intersect(within);
                if let Some(run) = run.filter(|_| piece.source() != base) {
                    push_run(spans, run);
                }
                at += piece.len();
            }
        }
    }
}

fn push_run(spans: &mut Vec<Span>, run: Span) {
    match spans.last_mut() {
        Some(last) if last.end() == run.start() => *last = Span::between(last.start(), run.end()),
        _ => spans.push(run),
    }
}

/// Where a change starts.
struct ChangeStart {
    at: u64,
    /// What lies before it.
    before: Summary,
    /// The piece that it starts with or lies before; `None` at the end.
    piece: Option<Piece>,
}

/// The place where the count of marks first exceeds `n`.
fn find_mark(tree: &PieceTree, n: u64) -> Option<ChangeStart> {
    let mut before = start();
    let (mut node, mut at) = (&*tree.root().node, 0);
    loop {
        let mut passes = |next: Summary| {
            let sum = before.then(next);
            if sum.marks > n {
                return false;
            }
            (before, at) = (sum, at + next.len);
            true
        };
        match node {
            TreeNode::Leaf(leaf) => {
                let piece = leaf.pieces().iter().find(|&&piece| !passes(Summary::of(piece, tree.base())));
                let piece = piece.copied();
                let there = piece.is_some() || before.then(Summary::border(tree.base_len())).marks > n;
                return there.then_some(ChangeStart { at, before, piece });
            }
            TreeNode::Inner(inner) => match inner.children_from(0).find(|(_, child)| !passes(*child)) {
                Some((child, _)) => node = child,
                None => {
                    let there = before.then(Summary::border(tree.base_len())).marks > n;
                    return there.then_some(ChangeStart { at, before, piece: None });
                }
            },
        }
    }
}

/// The first piece of the base at or after the offset `from` of `tree`, which starts at `at`: its place, and its offset
/// in the base.
fn base_after(tree: (&Arc<TreeNode>, Summary), base: SourceId, at: u64, from: u64) -> Option<(u64, u64)> {
    let (node, summary) = tree;
    if summary.base_bytes == 0 || at + summary.len <= from {
        return None;
    }
    let mut at = at;
    match &**node {
        TreeNode::Leaf(leaf) => leaf.pieces().iter().find_map(|piece| {
            let found = (at >= from && piece.source() == base).then(|| (at, piece.offset()));
            at += piece.len();
            found
        }),
        TreeNode::Inner(inner) => {
            let (first, start) = inner.child_at(from.saturating_sub(at));
            at += start;
            inner.children_from(first).find_map(|child| {
                let found = base_after(child, base, at, from);
                at += child.1.len;
                found
            })
        }
    }
}
