//! A small replacement inside one leaf, made in the tree itself.
//!
//! First the leaf is looked up, as for a read. Nothing is copied or locked until it is known that the replacement can
//! be made; by then the memory to change is in the processor's cache. Then the nodes on the path are changed from the
//! leaf up; a shared node is copied.

use super::inner::split_place;
use super::leaf::{LEAF_MAX, LEAF_MIN, LeafNode};
use super::node::{InnerNode, Subtree, TreeNode, insert_child, pool};
use super::piece::{Piece, PieceRun, SourceId, Summary, push_joined};
use crate::bytes::Span;
use arrayvec::ArrayVec;
use std::ops::Range;
use std::sync::Arc;

/// So many pieces at most are put in in place: a leaf then never falls into more than two.
pub const IN_PLACE_MAX: usize = 2;
const _: () = assert!(LEAF_MAX + IN_PLACE_MAX < 2 * LEAF_MAX, "a leaf that overflows makes two");

/// More levels than a tree has that fits into memory: a node has two children at least.
const LEVELS: usize = 48;

/// A replacement whose bytes lie inside one leaf.
pub struct Replacement<'a> {
    /// The number of the child on each level, from the root down.
    way: ArrayVec<u8, LEVELS>,
    /// Counted from the start of the leaf.
    span: Span,
    touched: Touched,
    insert: &'a [Piece],
    base: SourceId,
}

/// Which pieces of a leaf a span touches, and where the first and the last of them start.
struct Touched {
    first: usize,
    first_at: u64,
    last: usize,
    last_at: u64,
}

impl Touched {
    fn find(leaf: &LeafNode, from: u64, to: u64) -> Self {
        let pieces = leaf.pieces();
        let (first, first_at) = leaf.piece_at(held_at(from, to));
        let (mut last, mut last_at) = (first, first_at);
        while last + 1 < pieces.len() && to > last_at + pieces[last].len() {
            last_at += pieces[last].len();
            last += 1;
        }
        Self { first, first_at, last, last_at }
    }
}

/// The byte that decides which child and which piece a replacement goes to. What is inserted between two goes to the left
/// one, so that typing continues the piece before it.
fn held_at(from: u64, to: u64) -> u64 {
    if from == to { from.saturating_sub(1) } else { from }
}

impl<'a> Replacement<'a> {
    /// Finds the leaf below `root` that all of `span` lies in; `None` when it lies in several. `insert` holds at most
    /// [`IN_PLACE_MAX`] pieces.
    pub fn find(root: &TreeNode, span: Span, insert: &'a [Piece], base: SourceId) -> Option<Self> {
        let (mut node, mut from, mut to) = (root, span.start(), span.end());
        let mut way = ArrayVec::new();
        loop {
            match node {
                TreeNode::Leaf(leaf) => {
                    let touched = Touched::find(leaf, from, to);
                    return Some(Self { way, span: Span::between(from, to), touched, insert, base });
                }
                TreeNode::Inner(inner) => {
                    let (index, start) = inner.child_at(held_at(from, to));
                    (from, to) = (from - start, to - start);
                    if to > inner.summary(index).len {
                        return None;
                    }
                    way.try_push(index as u8).ok()?;
                    node = inner.node(index);
                }
            }
        }
    }

    /// Makes the replacement below the root that it was found in, and appends the pieces that were there to `removed`.
    /// Answers a right neighbour when the root had to be cut in two.
    pub fn make(&self, root: &mut Subtree, removed: &mut PieceRun) -> Option<Subtree> {
        self.make_in(&mut root.node, &mut root.summary, &self.way, removed)
    }

    fn make_in(
        &self,
        node: &mut Arc<TreeNode>,
        summary: &mut Summary,
        way: &[u8],
        removed: &mut PieceRun,
    ) -> Option<Subtree> {
        let (inner, (index, way)) = match (Arc::make_mut(node), way.split_first()) {
            (TreeNode::Leaf(leaf), _) => {
                let (sum, right) = self.make_in_leaf(leaf, *summary, removed);
                *summary = sum;
                return right;
            }
            (TreeNode::Inner(inner), Some((&index, way))) => (inner, (usize::from(index), way)),
            (TreeNode::Inner(_), None) => unreachable!("the way ends at a leaf"),
        };
        let (child, child_summary) = inner.child_mut(index);
        let old = *child_summary;
        let right = self.make_in(child, child_summary, way, removed);
        if right.is_none() && !child.is_underfull() {
            *summary = inner.sum_up_child(index, old, *summary);
            return None;
        }
        let sibling = match right {
            Some(right) => insert_child(inner, index + 1, right),
            None => {
                fill_up(inner, index, self.base);
                None
            }
        };
        *summary = inner.sum_up();
        sibling
    }

    /// Replaces in a leaf whose summary was `sum`; answers the new one, and the right half when the leaf had no room.
    fn make_in_leaf(
        &self,
        leaf: &mut LeafNode,
        sum: Summary,
        removed: &mut PieceRun,
    ) -> (Summary, Option<Subtree>) {
        let (from, to) = (self.span.start(), self.span.end());
        let Touched { first, first_at, last, last_at } = self.touched;
        let pieces = leaf.pieces();
        // 1. What stands in their place: what is left of the first, the new, what is left of the last.
        //    A neighbour comes in where nothing is left, as the new pieces may continue it.
        let mut middle = Middle::new();
        let (mut start, mut end) = (first, (last + 1).min(pieces.len()));
        if from > first_at {
            middle.push(pieces[first].cut(0, from - first_at));
        } else if first > 0 {
            start -= 1;
            middle.push(pieces[start]);
        }
        self.insert.iter().for_each(|&piece| middle.push(piece));
        if let Some(&piece) = pieces.get(last) {
            if to - last_at < piece.len() {
                middle.push(piece.cut(to - last_at, piece.len()));
            } else if let Some(&next) = pieces.get(end) {
                end += 1;
                middle.push(next);
            }
        }
        // 2. What was there.
        let mut at = first_at;
        for &piece in pieces.get(first..=last).unwrap_or_default() {
            let (cut_from, cut_to) = (from.max(at) - at, to.min(at + piece.len()).saturating_sub(at));
            if cut_from < cut_to {
                push_joined(removed, piece.cut(cut_from, cut_to));
            }
            at += piece.len();
        }
        put(leaf, sum, start..end, &middle.pieces, self.base)
    }
}

/// Pools the child at `index`, which holds too little, with a neighbour.
fn fill_up(inner: &mut InnerNode, index: usize, base: SourceId) {
    if inner.len() < 2 {
        return;
    }
    let first = index.saturating_sub(1);
    let right = Subtree::of_pair(inner.remove(first + 1));
    let left = Subtree::of_pair(inner.remove(first));
    let (a, b) = pool(left, right, base);
    if let Some(b) = b {
        insert_child(inner, first, b);
    }
    insert_child(inner, first, a);
}

/// The pieces around and in a replacement, joined where they continue each other.
struct Middle {
    pieces: ArrayVec<Piece, { IN_PLACE_MAX + 2 }>,
}

impl Middle {
    fn new() -> Self {
        Self { pieces: ArrayVec::new() }
    }

    fn push(&mut self, piece: Piece) {
        match self.pieces.last_mut() {
            Some(last) if last.continues(piece) => *last = last.joined(piece),
            _ => self.pieces.push(piece),
        }
    }
}

/// Puts `new` in the place of `range`; answers the summary, and the right half when the leaf had no room.
fn put(
    leaf: &mut LeafNode,
    sum: Summary,
    range: Range<usize>,
    new: &[Piece],
    base: SourceId,
) -> (Summary, Option<Subtree>) {
    let pieces = leaf.pieces();
    let count = pieces.len() - range.len() + new.len();
    if count <= LEAF_MAX {
        // The part of the leaf that matters to the summary: what changes, and a neighbour on either side.
        let part = range.start.saturating_sub(1)..(range.end + 1).min(pieces.len());
        let old = Summary::of_all(&pieces[part.clone()], base);
        let (first, last) = (part.start == 0, part.end == pieces.len());
        leaf.put(range.clone(), new);
        let part_now = part.start..part.end - range.len() + new.len();
        let now = Summary::of_all(&leaf.pieces()[part_now], base);
        return (sum.with_part(old, now, first, last), None);
    }
    let mut all: ArrayVec<Piece, { 2 * LEAF_MAX }> = pieces[..range.start].iter().copied().collect();
    all.extend(new.iter().chain(&pieces[range.end..]).copied());
    let cut = split_place(range.start, count, LEAF_MIN).max(count - LEAF_MAX).min(LEAF_MAX);
    *leaf = LeafNode::new(&all[..cut]);
    (Summary::of_all(leaf.pieces(), base), Some(Subtree::leaf(&all[cut..], base)))
}
