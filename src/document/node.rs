//! Nodes of the piece tree: leaves of pieces, inner nodes of summarised children, all at one depth.
//!
//! Invariant: a node that is not the root holds at least its minimum and at most its maximum of entries, and a
//! [`Subtree`]'s summary is that of its pieces. Nodes are shared between snapshots, so a change copies the path to it
//! ([`Arc::make_mut`]) unless nobody else holds it. Positions and edits are in `tree`.

use super::piece::{Piece, SourceId, Summary};
use arrayvec::ArrayVec;
use std::sync::Arc;

/// Pieces in a leaf and children of an inner node, at most. Tiny under test, so that small trees are deep.
#[cfg(not(test))]
pub const LEAF_MAX: usize = 32;
#[cfg(not(test))]
pub const INNER_MAX: usize = 16;
#[cfg(test)]
pub const LEAF_MAX: usize = 5;
#[cfg(test)]
pub const INNER_MAX: usize = 4;

/// A quarter rather than a half: what was split does not merge again at the next deletion.
pub const LEAF_MIN: usize = minimum(LEAF_MAX);
pub const INNER_MIN: usize = minimum(INNER_MAX);

const fn minimum(max: usize) -> usize {
    if max / 4 < 2 { 2 } else { max / 4 }
}

const _: () =
    assert!(LEAF_MIN * 2 <= LEAF_MAX && INNER_MIN * 2 <= INNER_MAX, "two minimal nodes fit into one");

#[derive(Clone, Debug)]
pub enum Node {
    Leaf(Arc<Leaf>),
    Inner(Arc<Inner>),
}

#[derive(Clone, Debug)]
pub struct Leaf {
    pub pieces: ArrayVec<Piece, LEAF_MAX>,
}

/// In this order in memory, so that a look-up finds the ends beside the number of children.
/// In this order in memory, so that a look-up finds the ends beside the number of children.
#[repr(C)]
#[derive(Clone, Debug)]
pub struct Inner {
    /// Levels below; a leaf's is 0.
    height: u8,
    /// Where each child ends, counted from the start of the node: a look-up reads these and one child. It follows from
    /// the children; who changes them calls [`Inner::sum_up`]. Behind the last child `u64::MAX`.
    ends: [u64; INNER_MAX],
    pub children: ArrayVec<Subtree, INNER_MAX>,
}

impl Inner {
    /// The child that holds the byte at `at`, or the last one, and where it starts.
    pub fn child_at(&self, at: u64) -> (usize, u64) {
        let index = self.ends.partition_point(|&end| end <= at).min(self.children.len() - 1);
        (index, index.checked_sub(1).map_or(0, |before| self.ends[before]))
    }

    /// Takes in whatever was changed of the children.
    pub fn sum_up(&mut self) -> Summary {
        self.ends = [u64::MAX; INNER_MAX];
        let mut sum = Summary::EMPTY;
        for (child, end) in self.children.iter().zip(&mut self.ends) {
            sum = sum.then(child.summary);
            *end = sum.len;
        }
        sum
    }

    /// The same when only the summary of the child at `index` is another than `old`, and that of the node was `sum`.
    pub fn sum_up_child(&mut self, index: usize, old: Summary, sum: Summary) -> Summary {
        let new = self.children[index].summary;
        let count = self.children.len();
        if new.len != old.len {
            for end in &mut self.ends[index..count] {
                *end = end.wrapping_add(new.len).wrapping_sub(old.len);
            }
        }
        if old.has_edges_of(new) {
            return sum.with_part(old, new, false, false);
        }
        let before = index.checked_sub(1).map_or(Summary::EMPTY, |before| self.children[before].summary);
        let after = self.children.get(index + 1).map_or(Summary::EMPTY, |child| child.summary);
        let part = |child: Summary| before.then(child).then(after);
        sum.with_part(part(old), part(new), index == 0, index + 1 == count)
    }
}

/// A node with what is known of all that lies below it.
#[derive(Clone, Debug)]
pub struct Subtree {
    pub summary: Summary,
    pub node: Node,
}

impl Subtree {
    pub fn leaf(pieces: ArrayVec<Piece, LEAF_MAX>, base: SourceId) -> Self {
        Self { summary: Summary::of_all(&pieces, base), node: Node::Leaf(Arc::new(Leaf { pieces })) }
    }

    pub fn empty() -> Self {
        Self { summary: Summary::EMPTY, node: Node::Leaf(Arc::new(Leaf { pieces: ArrayVec::new() })) }
    }

    /// `children` stand at `height - 1`.
    fn inner(height: u8, children: ArrayVec<Self, INNER_MAX>) -> Self {
        let mut inner = Inner { height, ends: [0; INNER_MAX], children };
        Self { summary: inner.sum_up(), node: Node::Inner(Arc::new(inner)) }
    }

    /// A root over `children`, which stand at one height: no more levels than are needed.
    fn root_over(children: impl IntoIterator<Item = Self>) -> Self {
        let mut children: ArrayVec<Self, INNER_MAX> = children.into_iter().collect();
        match children.len() {
            0 => Self::empty(),
            1 => children.remove(0),
            _ => Self::inner(children[0].height() + 1, children),
        }
    }

    pub fn height(&self) -> u8 {
        match &self.node {
            Node::Leaf(_) => 0,
            Node::Inner(inner) => inner.height,
        }
    }

    fn entries(&self) -> usize {
        match &self.node {
            Node::Leaf(leaf) => leaf.pieces.len(),
            Node::Inner(inner) => inner.children.len(),
        }
    }

    pub fn is_underfull(&self) -> bool {
        match &self.node {
            Node::Leaf(leaf) => leaf.pieces.len() < LEAF_MIN,
            Node::Inner(inner) => inner.children.len() < INNER_MIN,
        }
    }

    /// One tree of two, each a root of any height.
    pub fn joined(self, right: Self, base: SourceId) -> Self {
        if self.entries() == 0 {
            return right;
        }
        if right.entries() == 0 {
            return self;
        }
        match join(self, right, base) {
            (root, None) => root,
            (left, Some(right)) => Self::root_over([left, right]),
        }
    }

    /// The trees of the bytes before and from `at` on.
    pub fn split(self, at: u64, base: SourceId) -> (Self, Self) {
        if at == 0 {
            return (Self::empty(), self);
        }
        if at >= self.summary.len {
            return (self, Self::empty());
        }
        match self.node {
            Node::Leaf(leaf) => split_leaf(&leaf, at, base),
            Node::Inner(inner) => split_inner(Arc::unwrap_or_clone(inner), at, base),
        }
    }

    /// Says what is broken below this node, if anything is.
    pub fn check(&self, base: SourceId, is_root: bool) -> Result<(), String> {
        let (count, height) = (self.entries(), self.height());
        if !is_root && self.is_underfull() {
            return Err(format!("a node at height {height} has only {count} entries"));
        }
        let sum = match &self.node {
            Node::Leaf(leaf) => {
                if let Some(pair) = leaf.pieces.windows(2).find(|pair| pair[0].continues(pair[1])) {
                    return Err(format!("the pieces {pair:?} are one"));
                }
                Summary::of_all(&leaf.pieces, base)
            }
            Node::Inner(inner) => {
                for child in &inner.children {
                    if child.height() + 1 != height {
                        return Err(format!("a child at height {} below {height}", child.height()));
                    }
                    child.check(base, false)?;
                }
                let mut again = Inner::clone(inner);
                let sum = again.sum_up();
                if again.ends != inner.ends {
                    return Err(format!("ends of children at height {height} are {:?}", inner.ends));
                }
                sum
            }
        };
        if sum == self.summary {
            Ok(())
        } else {
            Err(format!("a node at height {height} is {sum:?} and says {:?}", self.summary))
        }
    }

    /// Takes away levels of a single child; for a root.
    pub fn collapse(&mut self) {
        while let Node::Inner(inner) = &self.node
            && let [only] = inner.children.as_slice()
        {
            *self = only.clone();
        }
    }
}

fn split_leaf(leaf: &Leaf, at: u64, base: SourceId) -> (Subtree, Subtree) {
    let (mut left, mut right) = (ArrayVec::new(), ArrayVec::new());
    let mut start = 0;
    for &piece in &leaf.pieces {
        let end = start + piece.len();
        if end <= at {
            left.push(piece);
        } else if start >= at {
            right.push(piece);
        } else {
            left.push(piece.cut(0, at - start));
            right.push(piece.cut(at - start, piece.len()));
        }
        start = end;
    }
    (Subtree::leaf(left, base), Subtree::leaf(right, base))
}

fn split_inner(inner: Inner, at: u64, base: SourceId) -> (Subtree, Subtree) {
    let (index, start) = inner.child_at(at);
    let mut children = inner.children.into_iter();
    let before = Subtree::root_over(children.by_ref().take(index));
    let cut = children.next().unwrap_or_else(Subtree::empty);
    let after = Subtree::root_over(children);
    let (left, right) = cut.split(at - start, base);
    (before.joined(left, base), right.joined(after, base))
}

/// Joins two trees that are not empty: one node, or two neighbours, at the height of the higher one.
fn join(mut left: Subtree, mut right: Subtree, base: SourceId) -> (Subtree, Option<Subtree>) {
    let (left_height, right_height) = (left.height(), right.height());
    match (&mut left.node, &mut right.node) {
        (Node::Inner(inner), _) if left_height > right_height => {
            let inner = Arc::make_mut(inner);
            let Some(last) = inner.children.pop() else { unreachable!("an inner node has children") };
            let (a, b) = join(last, right, base);
            inner.children.push(a);
            let sibling = b.and_then(|b| insert_child(inner, inner.children.len(), b));
            left.summary = inner.sum_up();
            (left, sibling)
        }
        (_, Node::Inner(inner)) if right_height > left_height => {
            let inner = Arc::make_mut(inner);
            let first = inner.children.remove(0);
            let (a, b) = join(left, first, base);
            if let Some(b) = b {
                // There is room: the first was taken out.
                inner.children.insert(0, b);
            }
            let sibling = insert_child(inner, 0, a);
            right.summary = inner.sum_up();
            (right, sibling)
        }
        _ => pool(left, right, base),
    }
}

/// Makes neighbours at one height both full enough, or one of them.
pub fn pool(left: Subtree, right: Subtree, base: SourceId) -> (Subtree, Option<Subtree>) {
    if !left.is_underfull() && !right.is_underfull() {
        return (left, Some(right));
    }
    match (left.node, right.node) {
        (Node::Leaf(a), Node::Leaf(b)) => pool_leaves(&a.pieces, &b.pieces, base),
        (Node::Inner(a), Node::Inner(b)) => {
            let height = a.height;
            let all: ArrayVec<Subtree, { 2 * INNER_MAX }> =
                a.children.iter().chain(&b.children).cloned().collect();
            let (first, second) = halves(all.len(), INNER_MAX);
            let mut all = all.into_iter();
            let one = Subtree::inner(height, all.by_ref().take(first).collect());
            (one, (second > 0).then(|| Subtree::inner(height, all.collect())))
        }
        _ => unreachable!("neighbours stand at one height"),
    }
}

fn pool_leaves(a: &[Piece], b: &[Piece], base: SourceId) -> (Subtree, Option<Subtree>) {
    let mut all: ArrayVec<Piece, { 2 * LEAF_MAX }> = a.iter().copied().collect();
    let mut rest = b.iter().copied();
    if let (Some(last), Some(&first)) = (all.last_mut(), b.first())
        && last.continues(first)
    {
        *last = last.joined(first);
        rest.next();
    }
    all.extend(rest);
    let (first, second) = halves(all.len(), LEAF_MAX);
    let one = Subtree::leaf(all[..first].iter().copied().collect(), base);
    (one, (second > 0).then(|| Subtree::leaf(all[first..].iter().copied().collect(), base)))
}

/// How many of `count` entries go into the first and the second node of at most `max`.
fn halves(count: usize, max: usize) -> (usize, usize) {
    if count <= max { (count, 0) } else { (count.div_ceil(2), count / 2) }
}

/// Puts `child` at `index`; answers the right half when the node had no room. The caller sums up anew.
pub fn insert_child(inner: &mut Inner, index: usize, child: Subtree) -> Option<Subtree> {
    if !inner.children.is_full() {
        inner.children.insert(index, child);
        return None;
    }
    let middle = split_place(index, INNER_MAX, INNER_MIN);
    let mut right: ArrayVec<Subtree, INNER_MAX> = inner.children.drain(middle..).collect();
    if index <= middle {
        inner.children.insert(index, child);
    } else {
        right.insert(index - middle, child);
    }
    Some(Subtree::inner(inner.height, right))
}

/// Where a full run of `count` entries is cut when it grows at `index`: in the middle, but near an edge where it grows
/// there, so that edits made in order leave full nodes behind them.
pub fn split_place(index: usize, count: usize, min: usize) -> usize {
    let edge = min.max(count / 8);
    if index >= count - edge {
        count - edge
    } else if index <= edge {
        edge
    } else {
        count / 2
    }
}

/// Builds a tree of full nodes from pieces in order.
pub struct Builder {
    base: SourceId,
    leaves: Vec<Subtree>,
    leaf: ArrayVec<Piece, LEAF_MAX>,
    /// Not in a leaf yet, as the next piece may continue it.
    last: Option<Piece>,
}

impl Builder {
    pub fn new(base: SourceId) -> Self {
        Self { base, leaves: Vec::new(), leaf: ArrayVec::new(), last: None }
    }

    pub fn push(&mut self, piece: Piece) {
        match self.last {
            Some(last) if last.continues(piece) => self.last = Some(last.joined(piece)),
            _ => {
                if let Some(last) = self.last.replace(piece) {
                    self.push_to_leaf(last);
                }
            }
        }
    }

    fn push_to_leaf(&mut self, piece: Piece) {
        if self.leaf.is_full() {
            let full = std::mem::take(&mut self.leaf);
            self.leaves.push(Subtree::leaf(full, self.base));
        }
        self.leaf.push(piece);
    }

    pub fn finish(mut self) -> Subtree {
        if let Some(last) = self.last.take() {
            self.push_to_leaf(last);
        }
        let mut level = self.leaves;
        level.push(Subtree::leaf(self.leaf, self.base));
        balance_end(&mut level, self.base);
        let mut height = 0;
        while level.len() > 1 {
            height += 1;
            level = level_above(level, height, self.base);
        }
        level.pop().unwrap_or_else(Subtree::empty)
    }
}

fn level_above(level: Vec<Subtree>, height: u8, base: SourceId) -> Vec<Subtree> {
    let mut above = Vec::with_capacity(level.len().div_ceil(INNER_MAX));
    let mut children = level.into_iter().peekable();
    while children.peek().is_some() {
        above.push(Subtree::inner(height, children.by_ref().take(INNER_MAX).collect()));
    }
    balance_end(&mut above, base);
    above
}

/// The last node of a level may hold too little: shares it out with the one before.
fn balance_end(level: &mut Vec<Subtree>, base: SourceId) {
    if level.len() > 1
        && let (Some(right), Some(left)) = (level.pop(), level.pop())
    {
        let (a, b) = pool(left, right, base);
        level.push(a);
        level.extend(b);
    }
}
