//! The piece tree: positions, and replacing a span by other pieces.
//!
//! A small replacement inside one leaf is done in place on the way down; anything else cuts the tree at both ends of
//! the span and joins three trees; many places at once rebuild all leaves in one pass. Each way hands out the pieces
//! that were there. The tree knows the id of its base and no other thing about sources.

use super::in_place::{IN_PLACE_MAX, Replacement};
use super::node::{InnerNode, Subtree, TreeBuilder, TreeNode};
use super::piece::{Piece, PieceRun, SourceId, Summary, push_joined};
use crate::bytes::Span;
use std::ops::ControlFlow;

/// Below this many places they are done one by one.
const BULK_MIN: usize = 32;
/// One place in a tree costs as much as passing this many pieces in a rebuild.
const BULK_PIECES: u64 = 50;

#[derive(Clone, Debug)]
pub struct PieceTree {
    root: Subtree,
    base: SourceId,
    base_len: u64,
}

/// Places to be replaced, in order and apart, in coordinates before any of them.
pub trait Replacements {
    fn count(&self) -> usize;

    /// The next place; `pieces` comes empty and leaves with what is put there.
    fn next(&mut self, pieces: &mut PieceRun) -> Option<Span>;
}

/// What a replacement did at one place.
#[derive(Clone, Copy, Debug)]
pub struct ReplacedSpan {
    /// Before the step.
    pub span: Span,
    /// After the step.
    pub span_now: Span,
}

/// Told of each place that was replaced, in order, with the pieces that were there.
pub trait ReplaceObserver {
    fn done(&mut self, place: ReplacedSpan, removed: &[Piece]);
}

impl PieceTree {
    /// All of a base and nothing else.
    pub fn new(base: SourceId, base_len: u64) -> Self {
        let mut builder = TreeBuilder::new(base);
        if base_len > 0 {
            builder.push(Piece::new(base, 0, base_len));
        }
        Self { root: builder.finish(), base, base_len }
    }

    /// Other pieces over the same base.
    pub fn with_root(&self, root: Subtree) -> Self {
        Self { root, ..*self }
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.root.summary.len
    }

    /// What is known of all pieces.
    pub fn summary(&self) -> Summary {
        self.root.summary
    }

    /// The node over all others.
    pub fn root(&self) -> &Subtree {
        &self.root
    }

    /// The source whose bytes count as unchanged.
    pub fn base(&self) -> SourceId {
        self.base
    }

    /// Length of the base in bytes.
    pub fn base_len(&self) -> u64 {
        self.base_len
    }

    /// The base is longer from now on; its new bytes are no piece yet.
    pub fn grow_base(&mut self, base_len: u64) {
        self.base_len = self.base_len.max(base_len);
    }

    /// Calls `f` with each piece that touches `span`, cut to it, and its place in the document, until `f` breaks.
    pub fn visit(&self, span: Span, f: &mut dyn FnMut(u64, Piece) -> ControlFlow<()>) {
        // Most spans lie in one leaf: down to the lowest node that holds all of it without a call for each level.
        let (mut node, mut start) = (&*self.root.node, 0);
        while let TreeNode::Inner(inner) = node {
            let (index, child_start) = inner.child_at(span.start() - start);
            if span.end() - start > inner.end_of(index) {
                break;
            }
            start += child_start;
            node = inner.node(index);
        }
        let _ = visit(node, start, span, f);
    }

    /// Says what is broken, if anything is. `source_len` knows the length of a source that is not typed bytes.
    ///
    /// # Errors
    /// Says what is broken.
    pub fn check(&self, source_len: impl Fn(SourceId) -> Option<u64>) -> Result<(), String> {
        self.root.node.check(self.root.summary, self.base, true)?;
        let (mut base_at, mut broken) = (0, None);
        self.visit(Span::first(self.len()), &mut |at, piece| {
            let beyond = source_len(piece.source()).is_some_and(|len| piece.end() > len);
            let unordered = piece.source() == self.base && piece.offset() < base_at;
            if beyond || unordered || piece.len() == 0 {
                broken = Some(format!("the piece {piece:?} at {at:#x}, base up to {base_at:#x}"));
                return ControlFlow::Break(());
            }
            if piece.source() == self.base {
                base_at = piece.end();
            }
            ControlFlow::Continue(())
        });
        broken.map_or(Ok(()), Err)
    }

    /// The piece that holds the byte at `offset`, and where it starts.
    fn piece_at(&self, offset: u64) -> Option<(u64, Piece)> {
        let (mut node, mut start) = (&*self.root.node, 0);
        loop {
            match node {
                TreeNode::Leaf(leaf) => {
                    let (index, piece_start) = leaf.piece_at(offset - start);
                    return leaf.pieces().get(index).map(|&piece| (start + piece_start, piece));
                }
                TreeNode::Inner(inner) => {
                    let (index, child_start) = inner.child_at(offset - start);
                    start += child_start;
                    node = inner.node(index);
                }
            }
        }
    }

    /// Replaces many places, the best way for their number.
    pub fn replace_all(&mut self, incoming: &mut impl Replacements, outgoing: &mut impl ReplaceObserver) {
        let count = incoming.count();
        if count >= BULK_MIN && count as u64 * BULK_PIECES > self.root.summary.pieces {
            self.rebuild(incoming, outgoing);
        } else {
            self.replace_each(incoming, outgoing);
        }
    }

    fn replace_each(&mut self, incoming: &mut impl Replacements, outgoing: &mut impl ReplaceObserver) {
        let (mut pieces, mut removed) = (PieceRun::new(), PieceRun::new());
        let len_before = self.len();
        while let Some(span) = incoming.next(&mut pieces) {
            // What lies behind the places done so far has moved by as much as the length has changed.
            let start = span.start().wrapping_add(self.len()).wrapping_sub(len_before);
            self.replace(Span::between(start, start + span.len()), &pieces, &mut removed);
            let len_now = pieces.iter().map(|piece| piece.len()).sum::<u64>();
            outgoing.done(ReplacedSpan { span, span_now: Span::between(start, start + len_now) }, &removed);
            pieces.clear();
            removed.clear();
        }
    }

    /// Goes once through all pieces and the places side by side, and builds full nodes.
    fn rebuild(&mut self, incoming: &mut impl Replacements, outgoing: &mut impl ReplaceObserver) {
        let mut old = Pieces::new(&self.root);
        let mut builder = TreeBuilder::new(self.base);
        let (mut pieces, mut removed) = (PieceRun::new(), PieceRun::new());
        let (mut at, mut at_now) = (0, 0);
        while let Some(span) = incoming.next(&mut pieces) {
            old.take(span.start() - at, |piece| builder.push(piece));
            old.take(span.len(), |piece| push_joined(&mut removed, piece));
            at_now += span.start() - at;
            at = span.end();
            let start = at_now;
            for &piece in &pieces {
                builder.push(piece);
                at_now += piece.len();
            }
            outgoing.done(ReplacedSpan { span, span_now: Span::between(start, at_now) }, &removed);
            pieces.clear();
            removed.clear();
        }
        old.take(u64::MAX, |piece| builder.push(piece));
        self.root = builder.finish();
    }

    /// Replaces the bytes of `span` by `insert`, and appends the pieces that were there to `removed`.
    fn replace(&mut self, span: Span, insert: &[Piece], removed: &mut PieceRun) {
        if insert.len() <= IN_PLACE_MAX
            && let Some(change) = Replacement::find(&self.root.node, span, insert, self.base)
        {
            if let Some(right) = change.make(&mut self.root, removed) {
                let left = std::mem::replace(&mut self.root, Subtree::empty());
                self.root = left.joined(right, self.base);
            } else {
                self.root.collapse();
            }
        } else {
            self.replace_by_cutting(span, insert, removed);
        }
    }

    fn replace_by_cutting(&mut self, span: Span, insert: &[Piece], removed: &mut PieceRun) {
        self.visit(span, &mut |_, piece| {
            push_joined(removed, piece);
            ControlFlow::Continue(())
        });
        let (span, insert) = self.widened(span, insert);
        let mut builder = TreeBuilder::new(self.base);
        insert.into_iter().for_each(|piece| builder.push(piece));
        let root = std::mem::replace(&mut self.root, Subtree::empty());
        let (rest, right) = root.split(span.end(), self.base);
        let (left, _) = rest.split(span.start(), self.base);
        self.root = left.joined(builder.finish(), self.base).joined(right, self.base);
    }

    /// The same replacement, with the neighbours taken in that the new pieces continue, or that continue them.
    fn widened(&self, span: Span, insert: &[Piece]) -> (Span, PieceRun) {
        let (mut start, mut end) = (span.start(), span.end());
        let before = start.checked_sub(1).and_then(|last| self.piece_at(last));
        let before = before.map(|(at, piece)| (at, piece.cut(0, start - at)));
        let after =
            self.piece_at(end).map(|(at, piece)| (at + piece.len(), piece.cut(end - at, piece.len())));
        let mut widened = PieceRun::with_capacity(insert.len() + 2);
        let next = insert.first().copied().or(after.map(|(_, piece)| piece));
        if let (Some((at, piece)), Some(next)) = (before, next)
            && piece.continues(next)
        {
            start = at;
            widened.push(piece);
        }
        insert.iter().for_each(|&piece| push_joined(&mut widened, piece));
        if let (Some(&last), Some((after_end, piece))) = (widened.last(), after)
            && last.continues(piece)
        {
            end = after_end;
            push_joined(&mut widened, piece);
        }
        (Span::between(start, end), widened)
    }
}

fn visit(
    node: &TreeNode,
    start: u64,
    span: Span,
    f: &mut dyn FnMut(u64, Piece) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut at = start;
    match node {
        TreeNode::Leaf(leaf) => {
            let (first, start) = leaf.piece_at(span.start().saturating_sub(at));
            at += start;
            for &piece in &leaf.pieces()[first..] {
                let end = at + piece.len();
                if at >= span.end() {
                    return ControlFlow::Break(());
                }
                let from = span.start().max(at);
                f(from, piece.cut(from - at, span.end().min(end) - at))?;
                at = end;
            }
        }
        TreeNode::Inner(inner) => {
            let (first, start) = inner.child_at(span.start().saturating_sub(at));
            at += start;
            visit(inner.node(first), at, span, f)?;
            let mut last = inner.summary(first).len;
            for (child, summary) in inner.children_from(first + 1) {
                at += last;
                if at >= span.end() {
                    return ControlFlow::Break(());
                }
                visit(child, at, span, f)?;
                last = summary.len;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Hands out the pieces of a tree in order, a given number of bytes at a time.
struct Pieces<'a> {
    /// The inner nodes on the way to the leaf, each with the number of its next child.
    levels: Vec<(&'a InnerNode, usize)>,
    leaf: std::slice::Iter<'a, Piece>,
    rest: Option<Piece>,
}

impl<'a> Pieces<'a> {
    fn new(root: &'a Subtree) -> Self {
        let mut pieces = Self { levels: Vec::new(), leaf: [].iter(), rest: None };
        pieces.enter(&root.node);
        pieces
    }

    fn enter(&mut self, node: &'a TreeNode) {
        match node {
            TreeNode::Leaf(leaf) => self.leaf = leaf.pieces().iter(),
            TreeNode::Inner(inner) => self.levels.push((inner, 0)),
        }
    }

    /// The next `bytes` bytes, or what there is of them.
    fn take(&mut self, mut bytes: u64, mut f: impl FnMut(Piece)) {
        while bytes > 0 {
            let Some(piece) = self.rest.take().or_else(|| self.next_piece()) else { return };
            let cut = piece.len().min(bytes);
            f(piece.cut(0, cut));
            bytes -= cut;
            if cut < piece.len() {
                self.rest = Some(piece.cut(cut, piece.len()));
            }
        }
    }

    fn next_piece(&mut self) -> Option<Piece> {
        loop {
            if let Some(&piece) = self.leaf.next() {
                return Some(piece);
            }
            let (inner, next) = self.levels.last_mut()?;
            if *next < inner.len() {
                let child = inner.node(*next);
                *next += 1;
                self.enter(child);
            } else {
                self.levels.pop();
            }
        }
    }
}
