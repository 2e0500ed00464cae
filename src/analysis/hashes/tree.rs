//! BLAKE3 by parts: a chunk of the pass is a whole subtree of the hash's tree, because its length is a power of two.
//!
//! The subtrees are put together as the digits of a binary counter: two of the same size become one of twice the size as
//! soon as a further one follows. The last two become the root, which is computed in another way than the others.

use super::method::{Extent, Fold, Method, Part, PartState, Parts};
use blake3::Hasher;
use blake3::hazmat::{HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root};

/// The smallest subtree, in bytes.
pub(super) const LEAF: u64 = 1024;

struct Subtrees {
    /// Whether one subtree is the whole.
    is_whole: bool,
}

impl Parts for Subtrees {
    fn begin(&self, at: u64) -> Box<dyn PartState + '_> {
        let mut hasher = Hasher::new();
        if !self.is_whole {
            hasher.set_input_offset(at);
        }
        Box::new(SubtreeState { hasher, is_whole: self.is_whole })
    }
}

struct SubtreeState {
    hasher: Hasher,
    is_whole: bool,
}

impl PartState for SubtreeState {
    fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    fn end(self: Box<Self>) -> Part {
        if self.is_whole { *self.hasher.finalize().as_bytes() } else { self.hasher.finalize_non_root() }
    }
}

struct Spine {
    is_whole: bool,
    count: u64,
    /// The subtrees that wait for the one on their right, the largest first.
    waiting: Vec<Part>,
}

impl Fold for Spine {
    fn fold(&mut self, part: Part, _: u64) {
        // As many wait as the count has ones: those that make a larger one are put together first.
        while self.waiting.len() > self.count.count_ones() as usize {
            if let (Some(right), Some(left)) = (self.waiting.pop(), self.waiting.pop()) {
                self.waiting.push(merge_subtrees_non_root(&left, &right, Mode::Hash));
            }
        }
        self.waiting.push(part);
        self.count += 1;
    }

    fn finish(mut self: Box<Self>) -> Vec<u8> {
        let Some(mut right) = self.waiting.pop() else { return blake3::hash(b"").as_bytes().to_vec() };
        if self.is_whole {
            return right.to_vec();
        }
        while let Some(left) = self.waiting.pop() {
            if self.waiting.is_empty() {
                return merge_subtrees_root(&left, &right, Mode::Hash).as_bytes().to_vec();
            }
            right = merge_subtrees_non_root(&left, &right, Mode::Hash);
        }
        right.to_vec()
    }
}

pub(super) fn blake3(extent: Extent) -> Method {
    let is_whole = extent.total <= extent.chunk;
    Method::ByParts(
        Box::new(Subtrees { is_whole }),
        Box::new(Spine { is_whole, count: 0, waiting: Vec::new() }),
    )
}
