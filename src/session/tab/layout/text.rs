//! A layout as one line of text, as it is stored: `row(0.5000 0, 0.5000 column(0.5000 1, 0.5000 2))`.

use super::{LayoutNode, LayoutPart, PaneLayout, SplitKind};
use crate::session::ids::PaneKey;
use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

/// Levels that a tree may have as text.
const MOST_LEVELS: usize = 24;

impl PaneLayout {
    /// The tree that its text tells of; `None` where that is no tree. Reads what is written by `Display`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.chars().peekable();
        let root = read_node(&mut rest, 0)?;
        if rest.next().is_some() { None } else { Self::of(root) }
    }
}

impl fmt::Display for PaneLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_node(&self.root, f)
    }
}

fn write_node(node: &LayoutNode, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (kind, parts) = match node {
        LayoutNode::Pane(pane) => return write!(f, "{}", pane.number()),
        LayoutNode::Split(kind, parts) => (kind, parts),
    };
    f.write_str(if *kind == SplitKind::Row { "row(" } else { "column(" })?;
    for (at, part) in parts.iter().enumerate() {
        let gap = if at == 0 { "" } else { ", " };
        write!(f, "{gap}{:.4} ", part.share)?;
        write_node(&part.node, f)?;
    }
    f.write_str(")")
}

fn read_node(rest: &mut Peekable<Chars<'_>>, level: usize) -> Option<LayoutNode> {
    let word = read_word(rest);
    let kind = match word.as_str() {
        "row" => SplitKind::Row,
        "column" => SplitKind::Column,
        number => return Some(LayoutNode::Pane(PaneKey::of_number(number.parse().ok()?))),
    };
    if level == MOST_LEVELS || rest.next() != Some('(') {
        return None;
    }
    let mut parts = Vec::new();
    loop {
        while rest.next_if_eq(&' ').is_some() {}
        let share = read_word(rest).parse().ok()?;
        if rest.next() != Some(' ') {
            return None;
        }
        parts.push(LayoutPart { share, node: read_node(rest, level + 1)? });
        match rest.next()? {
            ',' => {}
            ')' => return Some(LayoutNode::Split(kind, parts)),
            _ => return None,
        }
    }
}

fn read_word(rest: &mut Peekable<Chars<'_>>) -> String {
    let mut word = String::new();
    while let Some(next) = rest.next_if(|next| next.is_ascii_alphanumeric() || *next == '.') {
        word.push(next);
    }
    word
}
