//! The piece tree: positions, and replacing a span by other pieces.
//!
//! A small replacement inside one leaf is done in place on the way down; anything else cuts the tree at both ends of
//! the span and joins three trees; many places at once rebuild all leaves in one pass. Each way hands out the pieces
//! that were there. The tree knows the id of its base and no other thing about sources.

use super::node::{Builder, Inner, LEAF_MAX, LEAF_MIN, Leaf, Node, Subtree, insert_child, pool, split_place};
use super::piece::{Piece, SourceId, Summary, push_joined};
use crate::bytes::Span;
use arrayvec::ArrayVec;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

/// So many pieces at most are put in in place: a leaf then never falls into more than two.
const IN_PLACE_MAX: usize = 2;
const _: () = assert!(LEAF_MAX + IN_PLACE_MAX < 2 * LEAF_MAX, "a leaf that overflows makes two");

/// Below this many places they are done one by one.
const BULK_MIN: usize = 32;
/// One place in a tree costs as much as passing this many pieces in a rebuild.
const BULK_PIECES: u64 = 50;

#[derive(Clone, Debug)]
pub struct Tree {
    root: Subtree,
    base: SourceId,
    base_len: u64,
}

/// Places to be replaced, in order and apart, in coordinates before any of them.
pub trait Incoming {
    fn count(&self) -> usize;

    /// The next place; `pieces` comes empty and leaves with what is put there.
    fn next(&mut self, pieces: &mut Vec<Piece>) -> Option<Span>;
}

/// What a replacement did at one place.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// Before the step.
    pub span: Span,
    /// After the step.
    pub span_now: Span,
}

/// Told of each place that was replaced, in order, with the pieces that were there.
pub trait Outgoing {
    fn done(&mut self, place: Done, removed: &[Piece]);
}

impl Tree {
    /// All of a base and nothing else.
    pub fn new(base: SourceId, base_len: u64) -> Self {
        let mut builder = Builder::new(base);
        if base_len > 0 {
            builder.push(Piece::new(base, 0, base_len));
        }
        Self { root: builder.finish(), base, base_len }
    }

    /// Other pieces over the same base.
    pub fn with_root(&self, root: Subtree) -> Self {
        Self { root, ..*self }
    }

    pub fn len(&self) -> u64 {
        self.root.summary.len
    }

    pub fn summary(&self) -> Summary {
        self.root.summary
    }

    pub fn root(&self) -> &Subtree {
        &self.root
    }

    pub fn base(&self) -> SourceId {
        self.base
    }

    pub fn base_len(&self) -> u64 {
        self.base_len
    }

    /// The base is longer from now on; its new bytes are no piece yet.
    pub fn grow_base(&mut self, base_len: u64) {
        self.base_len = self.base_len.max(base_len);
    }

    /// Calls `f` with each piece that touches `span`, cut to it, and its place in the document, until `f` breaks.
    pub fn visit(&self, span: Span, f: &mut dyn FnMut(u64, Piece) -> ControlFlow<()>) {
        let _ = visit(&self.root.node, 0, span, f);
    }

    /// Says what is broken, if anything is. `source_len` knows the length of a source that is not typed bytes.
    pub fn check(&self, source_len: impl Fn(SourceId) -> Option<u64>) -> Result<(), String> {
        self.root.check(self.base, true)?;
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
        let (mut node, mut start) = (&self.root.node, 0);
        loop {
            match node {
                Node::Leaf(leaf) => {
                    return leaf.pieces.iter().find_map(|&piece| {
                        start += piece.len();
                        (offset < start).then(|| (start - piece.len(), piece))
                    });
                }
                Node::Inner(inner) => {
                    let (index, child_start) = inner.child_at(offset - start);
                    start += child_start;
                    node = &inner.children[index].node;
                }
            }
        }
    }

    /// Replaces many places, the best way for their number.
    pub fn replace_all(&mut self, incoming: &mut dyn Incoming, outgoing: &mut dyn Outgoing) {
        let count = incoming.count();
        if count >= BULK_MIN && count as u64 * BULK_PIECES > self.root.summary.pieces {
            self.rebuild(incoming, outgoing);
        } else {
            self.replace_each(incoming, outgoing);
        }
    }

    fn replace_each(&mut self, incoming: &mut dyn Incoming, outgoing: &mut dyn Outgoing) {
        let (mut pieces, mut removed) = (Vec::new(), Vec::new());
        let len_before = self.len();
        while let Some(span) = incoming.next(&mut pieces) {
            // What lies behind the places done so far has moved by as much as the length has changed.
            let start = span.start().wrapping_add(self.len()).wrapping_sub(len_before);
            self.replace(Span::between(start, start + span.len()), &pieces, &mut removed);
            let len_now = pieces.iter().map(|piece| piece.len()).sum::<u64>();
            outgoing.done(Done { span, span_now: Span::between(start, start + len_now) }, &removed);
            pieces.clear();
            removed.clear();
        }
    }

    /// Goes once through all pieces and the places side by side, and builds full nodes.
    fn rebuild(&mut self, incoming: &mut dyn Incoming, outgoing: &mut dyn Outgoing) {
        let mut old = Pieces::new(&self.root);
        let mut builder = Builder::new(self.base);
        let (mut pieces, mut removed) = (Vec::new(), Vec::new());
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
            outgoing.done(Done { span, span_now: Span::between(start, at_now) }, &removed);
            pieces.clear();
            removed.clear();
        }
        old.take(u64::MAX, |piece| builder.push(piece));
        self.root = builder.finish();
    }

    /// Replaces the bytes of `span` by `insert`, and appends the pieces that were there to `removed`.
    fn replace(&mut self, span: Span, insert: &[Piece], removed: &mut Vec<Piece>) {
        if insert.len() <= IN_PLACE_MAX {
            let change = Replacement { span, insert, base: self.base };
            match replace_in(&mut self.root, change, removed) {
                Ok(None) => return self.root.collapse(),
                Ok(Some(right)) => {
                    let left = std::mem::replace(&mut self.root, Subtree::empty());
                    self.root = left.joined(right, self.base);
                    return;
                }
                Err(Spread) => {}
            }
        }
        self.replace_by_cutting(span, insert, removed);
    }

    fn replace_by_cutting(&mut self, span: Span, insert: &[Piece], removed: &mut Vec<Piece>) {
        self.visit(span, &mut |_, piece| {
            push_joined(removed, piece);
            ControlFlow::Continue(())
        });
        let (span, insert) = self.widened(span, insert);
        let mut builder = Builder::new(self.base);
        insert.into_iter().for_each(|piece| builder.push(piece));
        let root = std::mem::replace(&mut self.root, Subtree::empty());
        let (rest, right) = root.split(span.end(), self.base);
        let (left, _) = rest.split(span.start(), self.base);
        self.root = left.joined(builder.finish(), self.base).joined(right, self.base);
    }

    /// The same replacement, with the neighbours taken in that the new pieces continue, or that continue them.
    fn widened(&self, span: Span, insert: &[Piece]) -> (Span, Vec<Piece>) {
        let (mut start, mut end) = (span.start(), span.end());
        let before = start.checked_sub(1).and_then(|last| self.piece_at(last));
        let before = before.map(|(at, piece)| (at, piece.cut(0, start - at)));
        let after =
            self.piece_at(end).map(|(at, piece)| (at + piece.len(), piece.cut(end - at, piece.len())));
        let mut widened = Vec::with_capacity(insert.len() + 2);
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
    node: &Node,
    start: u64,
    span: Span,
    f: &mut dyn FnMut(u64, Piece) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut at = start;
    match node {
        Node::Leaf(leaf) => {
            for &piece in &leaf.pieces {
                let end = at + piece.len();
                if at >= span.end() {
                    return ControlFlow::Break(());
                }
                if end > span.start() {
                    let from = span.start().max(at);
                    f(from, piece.cut(from - at, span.end().min(end) - at))?;
                }
                at = end;
            }
        }
        Node::Inner(inner) => {
            let (first, start) = inner.child_at(span.start().saturating_sub(at));
            at += start;
            for child in &inner.children[first..] {
                if at >= span.end() {
                    return ControlFlow::Break(());
                }
                visit(&child.node, at, span, f)?;
                at += child.summary.len;
            }
        }
    }
    ControlFlow::Continue(())
}

/// A replacement on its way down; the span counts from the start of the node.
#[derive(Clone, Copy)]
struct Replacement<'a> {
    span: Span,
    insert: &'a [Piece],
    base: SourceId,
}

/// The span does not lie within one leaf.
struct Spread;

/// Replaces inside a leaf below `tree`; answers a right neighbour when `tree` had to be cut in two.
fn replace_in(
    tree: &mut Subtree,
    change: Replacement<'_>,
    removed: &mut Vec<Piece>,
) -> Result<Option<Subtree>, Spread> {
    let inner = match &mut tree.node {
        Node::Leaf(leaf) => {
            let (sum, right) = replace_in_leaf(Arc::make_mut(leaf), tree.summary, change, removed);
            tree.summary = sum;
            return Ok(right);
        }
        Node::Inner(inner) => inner,
    };
    let (index, span) = child_for(inner, change.span)?;
    let inner = Arc::make_mut(inner);
    let old = inner.children[index].summary;
    let right = replace_in(&mut inner.children[index], Replacement { span, ..change }, removed)?;
    if right.is_none() && !inner.children[index].is_underfull() {
        tree.summary = inner.sum_up_child(index, old, tree.summary);
        return Ok(None);
    }
    let sibling = match right {
        Some(right) => insert_child(inner, index + 1, right),
        None => {
            fill_up(inner, index, change.base);
            None
        }
    };
    tree.summary = inner.sum_up();
    Ok(sibling)
}

/// The child that `span` lies in, and the span counted from its start. What is inserted between two goes to the left
/// one, so that typing continues the piece before it.
fn child_for(inner: &Inner, span: Span) -> Result<(usize, Span), Spread> {
    let first = if span.is_empty() { span.start().saturating_sub(1) } else { span.start() };
    let (index, start) = inner.child_at(first);
    if span.end() - start > inner.children[index].summary.len {
        return Err(Spread);
    }
    Ok((index, Span::between(span.start() - start, span.end() - start)))
}

/// Pools the child at `index`, which holds too little, with a neighbour.
fn fill_up(inner: &mut Inner, index: usize, base: SourceId) {
    if inner.children.len() < 2 {
        return;
    }
    let first = index.saturating_sub(1);
    let right = inner.children.remove(first + 1);
    let left = inner.children.remove(first);
    let (a, b) = pool(left, right, base);
    if let Some(b) = b {
        inner.children.insert(first, b);
    }
    inner.children.insert(first, a);
}

/// Replaces in a leaf whose summary was `sum`; answers the new one, and the right half when the leaf had no room.
fn replace_in_leaf(
    leaf: &mut Leaf,
    sum: Summary,
    change: Replacement<'_>,
    removed: &mut Vec<Piece>,
) -> (Summary, Option<Subtree>) {
    let (from, to) = (change.span.start(), change.span.end());
    let pieces = &leaf.pieces;
    // 1. Which pieces the span touches: `first..=last`, and where those start.
    let (mut first, mut first_at) = (0, 0);
    while first + 1 < pieces.len() {
        let end = first_at + pieces[first].len();
        if from < end || (from == to && from == end) {
            break;
        }
        (first, first_at) = (first + 1, end);
    }
    let (mut last, mut last_at) = (first, first_at);
    while last + 1 < pieces.len() && to > last_at + pieces[last].len() {
        last_at += pieces[last].len();
        last += 1;
    }
    // 2. What stands in their place: what is left of the first, the new, what is left of the last.
    //    A neighbour comes in where nothing is left, as the new pieces may continue it.
    let mut middle = Middle::new();
    let (mut start, mut end) = (first, (last + 1).min(pieces.len()));
    if from > first_at {
        middle.push(pieces[first].cut(0, from - first_at));
    } else if first > 0 {
        start -= 1;
        middle.push(pieces[start]);
    }
    change.insert.iter().for_each(|&piece| middle.push(piece));
    if let Some(&piece) = pieces.get(last) {
        if to - last_at < piece.len() {
            middle.push(piece.cut(to - last_at, piece.len()));
        } else if let Some(&next) = pieces.get(end) {
            end += 1;
            middle.push(next);
        }
    }
    // 3. What was there.
    let mut at = first_at;
    for &piece in pieces.get(first..=last).unwrap_or_default() {
        let (cut_from, cut_to) = (from.max(at) - at, to.min(at + piece.len()).saturating_sub(at));
        if cut_from < cut_to {
            push_joined(removed, piece.cut(cut_from, cut_to));
        }
        at += piece.len();
    }
    put(leaf, sum, start..end, &middle.pieces, change.base)
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
    leaf: &mut Leaf,
    sum: Summary,
    range: Range<usize>,
    new: &[Piece],
    base: SourceId,
) -> (Summary, Option<Subtree>) {
    let count = leaf.pieces.len() - range.len() + new.len();
    if count <= LEAF_MAX {
        // The part of the leaf that matters to the summary: what changes, and a neighbour on either side.
        let part = range.start.saturating_sub(1)..(range.end + 1).min(leaf.pieces.len());
        let old = Summary::of_all(&leaf.pieces[part.clone()], base);
        let (first, last) = (part.start == 0, part.end == leaf.pieces.len());
        put_into(&mut leaf.pieces, range.clone(), new);
        let part_now = part.start..part.end - range.len() + new.len();
        let now = Summary::of_all(&leaf.pieces[part_now], base);
        return (sum.with_part(old, now, first, last), None);
    }
    let mut all: ArrayVec<Piece, { 2 * LEAF_MAX }> = leaf.pieces[..range.start].iter().copied().collect();
    all.extend(new.iter().chain(&leaf.pieces[range.end..]).copied());
    let cut = split_place(range.start, count, LEAF_MIN).max(count - LEAF_MAX).min(LEAF_MAX);
    leaf.pieces = all[..cut].iter().copied().collect();
    let right = all[cut..].iter().copied().collect();
    (Summary::of_all(&leaf.pieces, base), Some(Subtree::leaf(right, base)))
}

/// Puts `new` in the place of `range` in a vector that has room for it.
fn put_into(pieces: &mut ArrayVec<Piece, LEAF_MAX>, range: Range<usize>, new: &[Piece]) {
    let (len, count) = (pieces.len(), pieces.len() - range.len() + new.len());
    pieces.extend(new.iter().copied().take(count.saturating_sub(len)));
    pieces.copy_within(range.end..len, range.start + new.len());
    pieces.truncate(count);
    pieces[range.start..range.start + new.len()].copy_from_slice(new);
}

/// Hands out the pieces of a tree in order, a given number of bytes at a time.
struct Pieces<'a> {
    levels: Vec<std::slice::Iter<'a, Subtree>>,
    leaf: std::slice::Iter<'a, Piece>,
    rest: Option<Piece>,
}

impl<'a> Pieces<'a> {
    fn new(root: &'a Subtree) -> Self {
        Self { levels: vec![std::slice::from_ref(root).iter()], leaf: [].iter(), rest: None }
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
            match self.levels.last_mut()?.next() {
                None => {
                    self.levels.pop();
                }
                Some(tree) => match &tree.node {
                    Node::Leaf(leaf) => self.leaf = leaf.pieces.iter(),
                    Node::Inner(inner) => self.levels.push(inner.children.iter()),
                },
            }
        }
    }
}
