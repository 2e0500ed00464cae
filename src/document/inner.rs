//! Inner nodes of the piece tree: the children, the start of each, and a summary of each.
//!
//! A look-up waits for memory about once per node. The starts of the children and the children themselves are stored
//! side by side, and [`Inner::child_at`] finds the child without a branch: first it reads a start from nearly each
//! cache line, so the processor requests these lines at once. The summaries are stored after them.

use super::piece::Summary;
use std::array::from_fn;

/// Children of a node, at most. Tiny under test, so that small trees are deep.
#[cfg(not(test))]
pub const INNER_MAX: usize = 24;
#[cfg(test)]
pub const INNER_MAX: usize = 4;
pub const INNER_MIN: usize = minimum(INNER_MAX);
/// A search looks at the first of each so many children, then at the others of one group.
const GROUP: usize = INNER_MAX.isqrt();
const _: () = assert!(INNER_MAX.is_multiple_of(GROUP), "no group is cut off");

/// What a node of at most `max` entries holds at least, unless it is the root. A quarter rather than a half: what was
/// split does not merge again at the next deletion.
pub const fn minimum(max: usize) -> usize {
    if max / 4 < 2 { 2 } else { max / 4 }
}

const _: () = assert!(INNER_MIN * 2 <= INNER_MAX, "two minimal nodes fit into one");
const _: () = assert!(INNER_MAX <= u8::MAX as usize, "the count is a byte");

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

/// A child, and where it starts, counted from the start of the node. Behind the last child the slots are vacant.
#[derive(Clone, Debug)]
struct ChildSlot<N> {
    start: u64,
    node: Option<N>,
}

impl<N> ChildSlot<N> {
    /// Starts behind every offset.
    const VACANT: Self = Self { start: u64::MAX, node: None };
}

/// Children that stand at one height. The order of the fields in memory keeps what a look-up reads together.
#[repr(C)]
#[derive(Clone, Debug)]
pub struct Inner<N> {
    /// Levels below; a leaf's is 0.
    height: u8,
    count: u8,
    /// The starts follow from the summaries; who changes those calls [`Inner::sum_up`].
    slots: [ChildSlot<N>; INNER_MAX],
    summaries: [Summary; INNER_MAX],
}

impl<N> Inner<N> {
    /// `children` stand at `height - 1`; at most [`INNER_MAX`] are taken.
    pub fn new(height: u8, children: impl IntoIterator<Item = (N, Summary)>) -> (Self, Summary) {
        let slots = [const { ChildSlot::VACANT }; INNER_MAX];
        let mut inner = Self { height, count: 0, slots, summaries: [Summary::EMPTY; INNER_MAX] };
        children.into_iter().take(INNER_MAX).for_each(|child| inner.push(child));
        let sum = inner.sum_up();
        (inner, sum)
    }

    /// Levels below this node.
    pub fn height(&self) -> u8 {
        self.height
    }

    /// How many children there are.
    pub fn len(&self) -> usize {
        usize::from(self.count)
    }

    /// The child that holds the byte at `at`, or the last one, and where it starts.
    pub fn child_at(&self, at: u64) -> (usize, u64) {
        // No early exit: a branch would have to wait for what it is about.
        let mut group = 0;
        for index in (GROUP..INNER_MAX).step_by(GROUP) {
            group += GROUP * usize::from(self.slots[index].start <= at);
        }
        let mut index = group;
        for slot in &self.slots[group + 1..group + GROUP] {
            index += usize::from(slot.start <= at);
        }
        (index, self.slots[index].start)
    }

    /// Where the child at `index` ends; behind every offset where it is the last one.
    pub fn end_of(&self, index: usize) -> u64 {
        self.slots.get(index + 1).map_or(u64::MAX, |slot| slot.start)
    }

    /// The child at `index`, which is less than [`Self::len`].
    pub fn node(&self, index: usize) -> &N {
        let Some(node) = &self.slots[index].node else { unreachable!("a child stands in each slot in use") };
        node
    }

    /// What is known of the child at `index`.
    pub fn summary(&self, index: usize) -> Summary {
        self.summaries[index]
    }

    /// The child at `index` and what is known of it, to be changed; the caller calls [`Self::sum_up`] then.
    pub fn child_mut(&mut self, index: usize) -> (&mut N, &mut Summary) {
        let Some(node) = &mut self.slots[index].node else {
            unreachable!("a child stands in each slot in use")
        };
        (node, &mut self.summaries[index])
    }

    /// The children from `first` on, and what is known of them.
    pub fn children_from(&self, first: usize) -> impl Iterator<Item = (&N, Summary)> {
        let slots = self.slots[first..self.len()].iter().filter_map(|slot| slot.node.as_ref());
        slots.zip(self.summaries[first..].iter().copied())
    }

    /// Adds a child behind the last one; there is room for it.
    pub fn push(&mut self, child: (N, Summary)) {
        self.put_in(self.len(), child);
    }

    fn put_in(&mut self, index: usize, child: (N, Summary)) {
        let end = self.len() + 1;
        self.slots[index..end].rotate_right(1);
        self.summaries[index..end].rotate_right(1);
        self.slots[index] = ChildSlot { start: 0, node: Some(child.0) };
        self.summaries[index] = child.1;
        self.count += 1;
    }

    /// Takes the child at `index` out. The caller sums up anew.
    pub fn remove(&mut self, index: usize) -> (N, Summary) {
        let end = self.len();
        self.slots[index..end].rotate_left(1);
        self.summaries[index..end].rotate_left(1);
        self.count -= 1;
        let ChildSlot { node: Some(node), .. } =
            std::mem::replace(&mut self.slots[end - 1], ChildSlot::VACANT)
        else {
            unreachable!("a child stands in each slot in use")
        };
        (node, self.summaries[end - 1])
    }

    /// Puts `child` at `index`; answers the right half when the node had no room. The caller sums up anew.
    pub fn insert(&mut self, index: usize, child: (N, Summary)) -> Option<(Self, Summary)> {
        if self.len() < INNER_MAX {
            self.put_in(index, child);
            return None;
        }
        let middle = split_place(index, INNER_MAX, INNER_MIN);
        let (mut right, _) = Self::new(self.height, []);
        for (to, from) in (middle..INNER_MAX).enumerate() {
            right.slots[to] = std::mem::replace(&mut self.slots[from], ChildSlot::VACANT);
            right.summaries[to] = self.summaries[from];
        }
        self.count = middle as u8;
        right.count = (INNER_MAX - middle) as u8;
        if index <= middle {
            self.put_in(index, child);
        } else {
            right.put_in(index - middle, child);
        }
        let sum = right.sum_up();
        Some((right, sum))
    }

    /// Takes in whatever was changed of the children.
    pub fn sum_up(&mut self) -> Summary {
        let mut sum = Summary::EMPTY;
        let count = self.len();
        for (slot, summary) in self.slots.iter_mut().zip(&self.summaries[..count]) {
            slot.start = sum.len;
            sum = sum.then(*summary);
        }
        sum
    }

    /// The same when only the summary of the child at `index` is another than `old`, and that of the node was `sum`.
    pub fn sum_up_child(&mut self, index: usize, old: Summary, sum: Summary) -> Summary {
        let new = self.summaries[index];
        let count = self.len();
        if new.len != old.len {
            for slot in &mut self.slots[index + 1..count] {
                slot.start = slot.start.wrapping_add(new.len).wrapping_sub(old.len);
            }
        }
        if old.has_edges_of(new) {
            return sum.with_part(old, new, false, false);
        }
        let before = index.checked_sub(1).map_or(Summary::EMPTY, |before| self.summaries[before]);
        let after = if index + 1 < count { self.summaries[index + 1] } else { Summary::EMPTY };
        let part = |child: Summary| before.then(child).then(after);
        sum.with_part(part(old), part(new), index == 0, index + 1 == count)
    }

    /// Where each child starts; for tests.
    pub fn starts(&self) -> [u64; INNER_MAX] {
        from_fn(|index| self.slots[index].start)
    }
}
