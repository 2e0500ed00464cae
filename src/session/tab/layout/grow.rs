//! Finds the line that a pane moves when its size is changed by keys.

use super::{LayoutNode, PaneLayout, SplitKind, has_pane};
use crate::session::ids::PaneKey;

/// A line between two parts of a split, as seen from a pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaneEdge {
    /// Which split: the number of the part at each level of the tree.
    pub path: Vec<usize>,
    /// Behind this part.
    pub at: usize,
    /// Whether the pane is before the line. It grows then when the line moves on.
    pub is_end: bool,
}

impl PaneLayout {
    /// The line that changes the size of `pane` along `kind`: the one after it, or before it where it is the last part.
    pub fn edge_of(&self, pane: PaneKey, kind: SplitKind) -> Option<PaneEdge> {
        edge_in(&self.root, pane, kind, &mut Vec::new())
    }
}

fn edge_in(node: &LayoutNode, pane: PaneKey, kind: SplitKind, path: &mut Vec<usize>) -> Option<PaneEdge> {
    let LayoutNode::Split(own, parts) = node else { return None };
    let at = parts.iter().position(|part| has_pane(&part.node, pane))?;
    path.push(at);
    let inner = edge_in(&parts[at].node, pane, kind, path);
    path.pop();
    let is_end = at + 1 < parts.len();
    let own_edge =
        || PaneEdge { path: path.clone(), at: if is_end { at } else { at.saturating_sub(1) }, is_end };
    inner.or_else(|| (*own == kind).then(own_edge))
}
