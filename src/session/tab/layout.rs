//! The layout of a tab: a tree of splits whose leaves are panes.
//!
//! Plain values and pure functions. A tree is always normal: it has at least one pane, no pane twice, no split with
//! fewer than two parts, no split directly inside one of the same kind, and the shares of a split add up to 1.

mod grow;
mod text;

pub use grow::PaneEdge;

use crate::session::ids::PaneKey;

/// The least part of a split that a pane can be given.
const LEAST_SHARE: f32 = 0.02;

/// How the parts of a split lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SplitKind {
    /// From left to right.
    Row,
    /// From top to bottom.
    Column,
}

/// A side of a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaneSide {
    Left,
    Right,
    Up,
    Down,
}

impl PaneSide {
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::Down];

    /// The split that puts a pane at this side of another.
    pub fn split(self) -> SplitKind {
        match self {
            Self::Left | Self::Right => SplitKind::Row,
            Self::Up | Self::Down => SplitKind::Column,
        }
    }

    fn is_before(self) -> bool {
        matches!(self, Self::Left | Self::Up)
    }
}

/// A part of the tree: a pane, or a split with its parts.
#[derive(Clone, Debug, PartialEq)]
pub enum LayoutNode {
    Pane(PaneKey),
    Split(SplitKind, Vec<LayoutPart>),
}

/// A part of a split, and its share of the split's length.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutPart {
    pub share: f32,
    pub node: LayoutNode,
}

/// A rectangle of the window, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PaneRect {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl PaneRect {
    /// `width` by `height` points from the upper left corner on.
    pub fn of_size(width: f32, height: f32) -> Self {
        Self { left: 0.0, top: 0.0, width, height }
    }

    /// From `start` to `end` of its length along a split, on whole points.
    fn part(&self, kind: SplitKind, start: f32, end: f32) -> Self {
        match kind {
            SplitKind::Row => {
                let left = (self.left + self.width * start).round();
                Self { left, width: (self.left + self.width * end).round() - left, ..*self }
            }
            SplitKind::Column => {
                let top = (self.top + self.height * start).round();
                Self { top, height: (self.top + self.height * end).round() - top, ..*self }
            }
        }
    }
}

/// The line between two parts of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct Divider {
    /// Which split: the number of the part at each level of the tree.
    pub path: Vec<usize>,
    /// Between this part and the next.
    pub at: usize,
    pub kind: SplitKind,
    /// The room of the whole split.
    pub split: PaneRect,
    /// Where the line is, along the split.
    pub place: f32,
}

/// The tree.
#[derive(Clone, Debug, PartialEq)]
pub struct PaneLayout {
    root: LayoutNode,
}

impl PaneLayout {
    /// One pane alone.
    pub fn single(pane: PaneKey) -> Self {
        Self { root: LayoutNode::Pane(pane) }
    }

    /// Two panes side by side, of which the first has `share` of the width.
    pub fn pair(first: PaneKey, second: PaneKey, share: f32) -> Self {
        let part = |share, pane| LayoutPart { share, node: LayoutNode::Pane(pane) };
        let parts = vec![part(share, first), part(1.0 - share, second)];
        Self { root: LayoutNode::Split(SplitKind::Row, parts) }.normal()
    }

    /// The tree under `root`, made normal; `None` where it has no pane or one twice.
    pub fn of(root: LayoutNode) -> Option<Self> {
        let mut layout = Self { root };
        layout.root = normalised(layout.root)?;
        let mut seen = layout.panes();
        seen.sort_unstable();
        seen.windows(2).all(|two| two[0] != two[1]).then_some(layout)
    }

    /// The tree of panes.
    pub fn root(&self) -> &LayoutNode {
        &self.root
    }

    /// The panes in reading order.
    pub fn panes(&self) -> Vec<PaneKey> {
        let mut list = Vec::new();
        add_panes(&self.root, &mut list);
        list
    }

    /// Whether `pane` is one of them.
    pub fn has(&self, pane: PaneKey) -> bool {
        has_pane(&self.root, pane)
    }

    /// Whether it is `first` and `second` side by side and nothing else; gives the share of the first.
    pub fn as_pair(&self, first: PaneKey, second: PaneKey) -> Option<f32> {
        let LayoutNode::Split(SplitKind::Row, parts) = &self.root else { return None };
        let [a, b] = parts.as_slice() else { return None };
        (a.node == LayoutNode::Pane(first) && b.node == LayoutNode::Pane(second)).then_some(a.share)
    }

    /// Puts the pane `new` at a side of `at`, which gives it half of its room. `false` when `at` is not there or
    /// `new` is.
    pub fn split(&mut self, at: PaneKey, side: PaneSide, new: PaneKey) -> bool {
        if at == new || self.has(new) || !self.has(at) {
            return false;
        }
        put_beside(&mut self.root, at, side, new);
        self.normalise();
        true
    }

    /// Takes a pane out; the others share its room. `false` when it is the last one or is not there.
    pub fn close(&mut self, pane: PaneKey) -> bool {
        if !self.has(pane) || self.panes().len() == 1 {
            return false;
        }
        take_out(&mut self.root, pane);
        self.normalise();
        true
    }

    /// Moves `pane` to a side of `target`. `false` when that is no move.
    pub fn move_to(&mut self, pane: PaneKey, target: PaneKey, side: PaneSide) -> bool {
        let before = self.clone();
        pane != target
            && self.has(target)
            && self.close(pane)
            && self.split(target, side, pane)
            && *self != before
    }

    /// Puts `new` in the place of `old`. `false` when `old` is not there or `new` is.
    pub fn replace(&mut self, old: PaneKey, new: PaneKey) -> bool {
        if self.has(new) {
            return false;
        }
        leaf_mut(&mut self.root, old).map(|leaf| *leaf = LayoutNode::Pane(new)).is_some()
    }

    /// Moves a line to `at`, a part of its split's length; the parts on both of its sides keep `least` of it if they
    /// can.
    pub fn resize(&mut self, path: &[usize], divider: usize, at: f32, least: f32) {
        let Some(LayoutNode::Split(_, parts)) = node_mut(&mut self.root, path) else { return };
        if divider + 1 >= parts.len() || !at.is_finite() {
            return;
        }
        let start: f32 = parts[..divider].iter().map(|part| part.share).sum();
        let both = parts[divider].share + parts[divider + 1].share;
        let least = least.clamp(LEAST_SHARE, 1.0).min(both / 2.0);
        let first = (at - start).clamp(least, both - least);
        parts[divider].share = first;
        parts[divider + 1].share = both - first;
        self.normalise();
    }

    /// All parts of every split get the same room, or those of one split.
    pub fn equalise(&mut self, path: Option<&[usize]>) {
        match path {
            None => equalise_all(&mut self.root),
            Some(path) => {
                if let Some(LayoutNode::Split(_, parts)) = node_mut(&mut self.root, path) {
                    let share = 1.0 / parts.len() as f32;
                    parts.iter_mut().for_each(|part| part.share = share);
                }
            }
        }
    }

    /// Where each pane is in `room`, in reading order.
    pub fn rects(&self, room: PaneRect) -> Vec<(PaneKey, PaneRect)> {
        let mut list = Vec::new();
        add_rects(&self.root, room, &mut list);
        list
    }

    /// The lines between the panes in `room`.
    pub fn dividers(&self, room: PaneRect) -> Vec<Divider> {
        let mut list = Vec::new();
        add_dividers(&self.root, room, &mut Vec::new(), &mut list);
        list
    }

    /// The pane after `pane` in reading order, or the one before; round the ends.
    pub fn next(&self, pane: PaneKey, backwards: bool) -> PaneKey {
        let panes = self.panes();
        let Some(at) = panes.iter().position(|other| *other == pane) else { return panes[0] };
        let count = panes.len();
        panes[(if backwards { at + count - 1 } else { at + 1 }) % count]
    }

    /// The pane that is beside `pane` in its split: the one before it, or else the one after it.
    pub fn sibling(&self, pane: PaneKey) -> Option<PaneKey> {
        sibling_in(&self.root, pane)
    }

    /// The pane that touches a side of `pane`: of several the one that has most of that side.
    pub fn neighbour(&self, pane: PaneKey, side: PaneSide) -> Option<PaneKey> {
        // A room so large that rounding to points makes no gap.
        let rects = self.rects(PaneRect::of_size(1e6, 1e6));
        let (_, own) = *rects.iter().find(|(other, _)| *other == pane)?;
        let shared = |other: &PaneRect| -> Option<f32> {
            let touches = |a: f32, b: f32| (a - b).abs() < 2.0;
            let common = |a: f32, a_len: f32, b: f32, b_len: f32| (a + a_len).min(b + b_len) - a.max(b);
            let is_there = match side {
                PaneSide::Left => touches(other.left + other.width, own.left),
                PaneSide::Right => touches(own.left + own.width, other.left),
                PaneSide::Up => touches(other.top + other.height, own.top),
                PaneSide::Down => touches(own.top + own.height, other.top),
            };
            let common = match side.split() {
                SplitKind::Row => common(own.top, own.height, other.top, other.height),
                SplitKind::Column => common(own.left, own.width, other.left, other.width),
            };
            (is_there && common > 1.0).then_some(common)
        };
        let mut best: Option<(PaneKey, f32)> = None;
        for (other, rect) in rects.iter().filter(|(other, _)| *other != pane) {
            if let Some(common) = shared(rect).filter(|common| best.is_none_or(|(_, most)| *common > most)) {
                best = Some((*other, common));
            }
        }
        best.map(|(other, _)| other)
    }

    fn normalise(&mut self) {
        let root = std::mem::replace(&mut self.root, LayoutNode::Split(SplitKind::Row, Vec::new()));
        // The functions above leave a pane always.
        if let Some(root) = normalised(root) {
            self.root = root;
        }
    }

    fn normal(mut self) -> Self {
        self.normalise();
        self
    }
}

fn add_panes(node: &LayoutNode, list: &mut Vec<PaneKey>) {
    match node {
        LayoutNode::Pane(pane) => list.push(*pane),
        LayoutNode::Split(_, parts) => parts.iter().for_each(|part| add_panes(&part.node, list)),
    }
}

fn has_pane(node: &LayoutNode, pane: PaneKey) -> bool {
    match node {
        LayoutNode::Pane(own) => *own == pane,
        LayoutNode::Split(_, parts) => parts.iter().any(|part| has_pane(&part.node, pane)),
    }
}

fn sibling_in(node: &LayoutNode, pane: PaneKey) -> Option<PaneKey> {
    let LayoutNode::Split(_, parts) = node else { return None };
    let Some(at) = parts.iter().position(|part| part.node == LayoutNode::Pane(pane)) else {
        return parts.iter().find_map(|part| sibling_in(&part.node, pane));
    };
    let mut list = Vec::new();
    match at.checked_sub(1) {
        Some(before) => {
            add_panes(&parts[before].node, &mut list);
            list.last().copied()
        }
        None => {
            add_panes(&parts[at + 1].node, &mut list);
            list.first().copied()
        }
    }
}

fn leaf_mut(node: &mut LayoutNode, pane: PaneKey) -> Option<&mut LayoutNode> {
    match node {
        LayoutNode::Pane(own) if *own == pane => Some(node),
        LayoutNode::Pane(_) => None,
        LayoutNode::Split(_, parts) => parts.iter_mut().find_map(|part| leaf_mut(&mut part.node, pane)),
    }
}

fn node_mut<'a>(node: &'a mut LayoutNode, path: &[usize]) -> Option<&'a mut LayoutNode> {
    let Some((first, rest)) = path.split_first() else { return Some(node) };
    match node {
        LayoutNode::Pane(_) => None,
        LayoutNode::Split(_, parts) => node_mut(&mut parts.get_mut(*first)?.node, rest),
    }
}

fn put_beside(node: &mut LayoutNode, at: PaneKey, side: PaneSide, new: PaneKey) {
    if let LayoutNode::Split(kind, parts) = node
        && *kind == side.split()
        && let Some(own) = parts.iter().position(|part| part.node == LayoutNode::Pane(at))
    {
        let share = parts[own].share / 2.0;
        parts[own].share = share;
        let part = LayoutPart { share, node: LayoutNode::Pane(new) };
        parts.insert(if side.is_before() { own } else { own + 1 }, part);
        return;
    }
    match node {
        LayoutNode::Pane(own) if *own == at => {
            let order = if side.is_before() { [new, at] } else { [at, new] };
            let parts = order.map(|pane| LayoutPart { share: 0.5, node: LayoutNode::Pane(pane) });
            *node = LayoutNode::Split(side.split(), parts.into());
        }
        LayoutNode::Pane(_) => {}
        LayoutNode::Split(_, parts) => {
            parts.iter_mut().for_each(|part| put_beside(&mut part.node, at, side, new));
        }
    }
}

fn take_out(node: &mut LayoutNode, pane: PaneKey) {
    if let LayoutNode::Split(_, parts) = node {
        parts.retain(|part| part.node != LayoutNode::Pane(pane));
        parts.iter_mut().for_each(|part| take_out(&mut part.node, pane));
    }
}

fn equalise_all(node: &mut LayoutNode) {
    if let LayoutNode::Split(_, parts) = node {
        let share = 1.0 / parts.len() as f32;
        for part in parts {
            part.share = share;
            equalise_all(&mut part.node);
        }
    }
}

/// A share that a pane can have: a number above 0.
fn sane(share: f32) -> f32 {
    if share.is_finite() { share.clamp(LEAST_SHARE / 2.0, 1e3) } else { 1.0 }
}

fn normalised(node: LayoutNode) -> Option<LayoutNode> {
    let LayoutNode::Split(kind, parts) = node else { return Some(node) };
    let mut flat = Vec::new();
    for part in parts {
        let Some(node) = normalised(part.node) else { continue };
        let share = sane(part.share);
        match node {
            LayoutNode::Split(inner, parts) if inner == kind => {
                flat.extend(
                    parts.into_iter().map(|inner| LayoutPart { share: inner.share * share, ..inner }),
                );
            }
            node => flat.push(LayoutPart { share, node }),
        }
    }
    if flat.len() < 2 {
        return flat.pop().map(|part| part.node);
    }
    let sum: f32 = flat.iter().map(|part| part.share).sum();
    flat.iter_mut().for_each(|part| part.share /= sum);
    Some(LayoutNode::Split(kind, flat))
}

fn add_rects(node: &LayoutNode, room: PaneRect, list: &mut Vec<(PaneKey, PaneRect)>) {
    match node {
        LayoutNode::Pane(pane) => list.push((*pane, room)),
        LayoutNode::Split(kind, parts) => {
            for (part, rect) in parts.iter().zip(part_rects(*kind, parts, room)) {
                add_rects(&part.node, rect, list);
            }
        }
    }
}

/// The room of each part of a split.
fn part_rects(kind: SplitKind, parts: &[LayoutPart], room: PaneRect) -> Vec<PaneRect> {
    let mut start = 0.0;
    let last = parts.len().saturating_sub(1);
    let rect = |(at, part): (usize, &LayoutPart)| {
        let end = if at == last { 1.0 } else { start + part.share };
        let rect = room.part(kind, start, end);
        start = end;
        rect
    };
    parts.iter().enumerate().map(rect).collect()
}

fn add_dividers(node: &LayoutNode, room: PaneRect, path: &mut Vec<usize>, list: &mut Vec<Divider>) {
    let LayoutNode::Split(kind, parts) = node else { return };
    let rects = part_rects(*kind, parts, room);
    for (at, (part, rect)) in parts.iter().zip(&rects).enumerate() {
        if at + 1 < parts.len() {
            let place = match kind {
                SplitKind::Row => rect.left + rect.width,
                SplitKind::Column => rect.top + rect.height,
            };
            list.push(Divider { path: path.clone(), at, kind: *kind, split: room, place });
        }
        path.push(at);
        add_dividers(&part.node, *rect, path, list);
        path.pop();
    }
}

#[cfg(test)]
mod tests;
