//! Nodes of the piece tree: leaves of pieces, inner nodes of summarised children, all at one depth.
//!
//! Invariant: a node that is not the root holds at least its minimum and at most its maximum of entries, and a
//! [`Subtree`]'s summary is that of its pieces. Nodes are shared between snapshots, so a change copies the path to it
//! ([`Arc::make_mut`]) unless nobody else holds it. Positions and edits are in `tree`.

use super::inner::{INNER_MAX, INNER_MIN, Inner};
use super::leaf::{LEAF_MAX, LEAF_MIN, LeafNode};
use super::piece::{Piece, SourceId, Summary};
use arrayvec::ArrayVec;
use std::sync::Arc;

/// Shared between snapshots. Both kinds stand behind one kind of pointer, so that a parent has no note of the kind
/// beside each.
#[derive(Clone, Debug)]
pub enum TreeNode {
    Leaf(LeafNode),
    Inner(InnerNode),
}

pub type InnerNode = Inner<Arc<TreeNode>>;

const _: () =
    assert!(size_of::<LeafNode>() <= size_of::<InnerNode>(), "pieces waste no memory of inner nodes");

impl TreeNode {
    /// Levels below.
    pub fn height(&self) -> u8 {
        match self {
            Self::Leaf(_) => 0,
            Self::Inner(inner) => inner.height(),
        }
    }

    fn entries(&self) -> usize {
        match self {
            Self::Leaf(leaf) => leaf.pieces().len(),
            Self::Inner(inner) => inner.len(),
        }
    }

    /// Whether it holds less than a node below the root may.
    pub fn is_underfull(&self) -> bool {
        match self {
            Self::Leaf(leaf) => leaf.pieces().len() < LEAF_MIN,
            Self::Inner(inner) => inner.len() < INNER_MIN,
        }
    }

    /// Looks for a broken invariant in and below this node. `summary` is what its parent knows of it.
    ///
    /// # Errors
    /// Says what is broken.
    pub fn check(&self, summary: Summary, base: SourceId, is_root: bool) -> Result<(), String> {
        let (count, height) = (self.entries(), self.height());
        if !is_root && self.is_underfull() {
            return Err(format!("a node at height {height} has only {count} entries"));
        }
        let sum = match self {
            Self::Leaf(leaf) => {
                if let Some(pair) = leaf.pieces().windows(2).find(|pair| pair[0].continues(pair[1])) {
                    return Err(format!("the pieces {pair:?} are one"));
                }
                Summary::of_all(leaf.pieces(), base)
            }
            Self::Inner(inner) => {
                for (child, summary) in inner.children_from(0) {
                    if child.height() + 1 != height {
                        return Err(format!("a child at height {} below {height}", child.height()));
                    }
                    child.check(summary, base, false)?;
                }
                let (again, sum) = Inner::new(height, subtrees(inner).map(Subtree::into_pair));
                if again.starts() != inner.starts() {
                    return Err(format!("starts of children at height {height} are {:?}", inner.starts()));
                }
                sum
            }
        };
        if sum == summary {
            Ok(())
        } else {
            Err(format!("a node at height {height} is {sum:?} and says {summary:?}"))
        }
    }
}

/// A node with what is known of all that lies below it.
#[derive(Clone, Debug)]
pub struct Subtree {
    pub summary: Summary,
    pub node: Arc<TreeNode>,
}

impl Subtree {
    /// A leaf of `pieces`.
    pub fn leaf(pieces: &[Piece], base: SourceId) -> Self {
        Self { summary: Summary::of_all(pieces, base), node: Arc::new(TreeNode::Leaf(LeafNode::new(pieces))) }
    }

    /// A leaf of nothing: the root of an empty document.
    pub fn empty() -> Self {
        Self { summary: Summary::EMPTY, node: Arc::new(TreeNode::Leaf(LeafNode::new(&[]))) }
    }

    /// `children` stand at `height - 1`.
    fn inner(height: u8, children: impl IntoIterator<Item = Self>) -> Self {
        let (inner, sum) = Inner::new(height, children.into_iter().map(Self::into_pair));
        Self::over(inner, sum)
    }

    /// A node whose summary is `summary`.
    pub fn over(inner: InnerNode, summary: Summary) -> Self {
        Self { summary, node: Arc::new(TreeNode::Inner(inner)) }
    }

    /// A child of a node, on its own.
    pub fn of_pair((node, summary): (Arc<TreeNode>, Summary)) -> Self {
        Self { summary, node }
    }

    /// The same as a child of a node.
    pub fn into_pair(self) -> (Arc<TreeNode>, Summary) {
        (self.node, self.summary)
    }

    /// The node and what is known of it.
    pub fn part(&self) -> (&Arc<TreeNode>, Summary) {
        (&self.node, self.summary)
    }

    /// A root over `children`, which stand at one height: no more levels than are needed.
    fn root_over(children: impl IntoIterator<Item = Self>) -> Self {
        let mut children: ArrayVec<Self, INNER_MAX> = children.into_iter().collect();
        match children.len() {
            0 => Self::empty(),
            1 => children.remove(0),
            _ => Self::inner(children[0].node.height() + 1, children),
        }
    }

    /// One tree of two, each a root of any height.
    pub fn joined(self, right: Self, base: SourceId) -> Self {
        if self.node.entries() == 0 {
            return right;
        }
        if right.node.entries() == 0 {
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
        let (before, cut, after, at) = match &*self.node {
            TreeNode::Leaf(leaf) => return split_leaf(leaf, at, base),
            TreeNode::Inner(inner) => {
                let (index, start) = inner.child_at(at);
                let mut children = subtrees(inner);
                let before = Self::root_over(children.by_ref().take(index));
                let cut = children.next().unwrap_or_else(Self::empty);
                (before, cut, Self::root_over(children), at - start)
            }
        };
        // Nodes that only this tree had are changed where they are instead of copied.
        drop(self);
        let (left, right) = cut.split(at, base);
        (before.joined(left, base), right.joined(after, base))
    }

    /// Takes away levels of a single child; for a root.
    pub fn collapse(&mut self) {
        while let TreeNode::Inner(inner) = &*self.node
            && inner.len() == 1
        {
            *self = Self { summary: inner.summary(0), node: inner.node(0).clone() };
        }
    }
}

fn split_leaf(leaf: &LeafNode, at: u64, base: SourceId) -> (Subtree, Subtree) {
    let (mut left, mut right) = (ArrayVec::<Piece, LEAF_MAX>::new(), ArrayVec::<Piece, LEAF_MAX>::new());
    let mut start = 0;
    for &piece in leaf.pieces() {
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
    (Subtree::leaf(&left, base), Subtree::leaf(&right, base))
}

/// Copies of the children, in order.
fn subtrees(inner: &InnerNode) -> impl Iterator<Item = Subtree> {
    inner.children_from(0).map(|(node, summary)| Subtree { summary, node: node.clone() })
}

/// Puts `child` at `index`; answers the right half when the node had no room. The caller sums up anew.
pub fn insert_child(inner: &mut InnerNode, index: usize, child: Subtree) -> Option<Subtree> {
    inner.insert(index, child.into_pair()).map(|(right, sum)| Subtree::over(right, sum))
}

/// Joins two trees that are not empty: one node, or two neighbours, at the height of the higher one.
fn join(mut left: Subtree, mut right: Subtree, base: SourceId) -> (Subtree, Option<Subtree>) {
    let (left_height, right_height) = (left.node.height(), right.node.height());
    if left_height == right_height {
        return pool(left, right, base);
    }
    if left_height > right_height
        && let TreeNode::Inner(inner) = Arc::make_mut(&mut left.node)
    {
        let last = Subtree::of_pair(inner.remove(inner.len() - 1));
        let (a, b) = join(last, right, base);
        inner.push(a.into_pair());
        let sibling = b.and_then(|b| insert_child(inner, inner.len(), b));
        left.summary = inner.sum_up();
        return (left, sibling);
    }
    let TreeNode::Inner(inner) = Arc::make_mut(&mut right.node) else {
        unreachable!("the higher one is an inner node")
    };
    let first = Subtree::of_pair(inner.remove(0));
    let (a, b) = join(left, first, base);
    if let Some(b) = b {
        // There is room: the first was taken out.
        insert_child(inner, 0, b);
    }
    let sibling = insert_child(inner, 0, a);
    right.summary = inner.sum_up();
    (right, sibling)
}

/// Makes neighbours at one height both full enough, or one of them.
pub fn pool(left: Subtree, right: Subtree, base: SourceId) -> (Subtree, Option<Subtree>) {
    if !left.node.is_underfull() && !right.node.is_underfull() {
        return (left, Some(right));
    }
    match (&*left.node, &*right.node) {
        (TreeNode::Leaf(a), TreeNode::Leaf(b)) => pool_leaves(a.pieces(), b.pieces(), base),
        (TreeNode::Inner(a), TreeNode::Inner(b)) => {
            let (first, second) = halves(a.len() + b.len(), INNER_MAX);
            let mut all = subtrees(a).chain(subtrees(b));
            let one = Subtree::inner(a.height(), all.by_ref().take(first));
            (one, (second > 0).then(|| Subtree::inner(a.height(), all)))
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
    let one = Subtree::leaf(&all[..first], base);
    (one, (second > 0).then(|| Subtree::leaf(&all[first..], base)))
}

/// How many of `count` entries go into the first and the second node of at most `max`.
fn halves(count: usize, max: usize) -> (usize, usize) {
    if count <= max { (count, 0) } else { (count.div_ceil(2), count / 2) }
}

/// Builds a tree of full nodes from pieces in order.
pub struct TreeBuilder {
    base: SourceId,
    leaves: Vec<Subtree>,
    leaf: ArrayVec<Piece, LEAF_MAX>,
    /// Not in a leaf yet, as the next piece may continue it.
    last: Option<Piece>,
}

impl TreeBuilder {
    /// Nothing yet; `base` is the source that counts as unchanged.
    pub fn new(base: SourceId) -> Self {
        Self { base, leaves: Vec::new(), leaf: ArrayVec::new(), last: None }
    }

    /// Appends `piece`, as a part of the last one where it continues that.
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
            self.leaves.push(Subtree::leaf(&self.leaf, self.base));
            self.leaf.clear();
        }
        self.leaf.push(piece);
    }

    /// The root of the tree.
    pub fn finish(mut self) -> Subtree {
        if let Some(last) = self.last.take() {
            self.push_to_leaf(last);
        }
        let mut level = self.leaves;
        level.push(Subtree::leaf(&self.leaf, self.base));
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
        above.push(Subtree::inner(height, children.by_ref().take(INNER_MAX)));
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
