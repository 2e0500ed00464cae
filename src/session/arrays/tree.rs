//! The arrays of a container as a tree: names that share their beginning stand under it.
//!
//! The tree is made once, by the worker that read the header. What is shown of it is a list of lines, so that a
//! hundred thousand names cost the window no more than the lines on the screen.

use crate::formats::Container;
use std::cmp::Ordering;
use std::collections::HashSet;

/// A line of the whole tree, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    pub depth: u16,
    /// Where in a name the line's own words are: of the array's, or of the first array under it.
    pub from: u32,
    pub to: u32,
    /// The array, or the first one under the line.
    pub entry: u32,
    /// Lines under this one, all levels; 0 for an array.
    pub under: u32,
    /// Arrays under this one.
    pub arrays: u32,
}

impl Node {
    pub fn is_group(&self) -> bool {
        self.under > 0
    }
}

/// The tree, and which lines of it are shown.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    closed: HashSet<u32>,
    filter: String,
    lines: Vec<u32>,
}

impl Tree {
    /// The tree of a container. Costs the sorting of its names.
    pub fn of(container: &Container) -> Self {
        let names: Vec<&str> = container.entries.iter().map(|entry| &*entry.name).collect();
        let mut order: Vec<u32> = (0..names.len() as u32).collect();
        order.sort_by(|a, b| by_number(names[*a as usize], names[*b as usize]).then(a.cmp(b)));
        let mut nodes = Vec::with_capacity(names.len() + names.len() / 4);
        grow(&names, &order, 0, 0, &mut nodes);
        let mut tree = Self { nodes, ..Self::default() };
        tree.close_what_is_long();
        tree.list(container);
        tree
    }

    /// Of a long tree only the first level is open at first.
    fn close_what_is_long(&mut self) {
        const SHORT: usize = 60;
        if self.nodes.len() > SHORT {
            let groups = self.nodes.iter().enumerate().filter(|(_, node)| node.is_group() && node.depth > 0);
            self.closed = groups.map(|(at, _)| at as u32).collect();
        }
    }

    /// Numbers of the lines that are shown.
    pub fn lines(&self) -> &[u32] {
        &self.lines
    }

    pub fn node(&self, line: u32) -> Option<&Node> {
        self.nodes.get(line as usize)
    }

    pub fn is_open(&self, line: u32) -> bool {
        !self.filter.is_empty() || !self.closed.contains(&line)
    }

    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Arrays whose names match the filter.
    pub fn set_filter(&mut self, text: &str, container: &Container) {
        text.clone_into(&mut self.filter);
        self.list(container);
    }

    pub fn toggle(&mut self, line: u32, container: &Container) {
        if !self.closed.remove(&line) {
            self.closed.insert(line);
        }
        self.list(container);
    }

    /// The array lines before and after one, for the keys: the shown line of `entry` moved by `by`.
    pub fn step(&self, entry: Option<u32>, by: isize) -> Option<u32> {
        let arrays: Vec<u32> = self
            .lines
            .iter()
            .filter_map(|line| self.node(*line))
            .filter(|node| !node.is_group())
            .map(|node| node.entry)
            .collect();
        let at = entry.and_then(|entry| arrays.iter().position(|other| *other == entry));
        let next = match at {
            Some(at) => at.checked_add_signed(by)?,
            None => 0,
        };
        arrays.get(next).copied()
    }

    fn list(&mut self, container: &Container) {
        self.lines.clear();
        let words: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let mut at = 0;
        while let Some(node) = self.nodes.get(at) {
            let shown = words.is_empty() || {
                let name = container.entries.get(node.entry as usize).map_or("", |entry| &entry.name);
                !node.is_group() && matches(name, &words)
            };
            if shown {
                self.lines.push(at as u32);
            }
            let skips = words.is_empty() && node.is_group() && self.closed.contains(&(at as u32));
            at += 1 + if skips { node.under as usize } else { 0 };
        }
    }
}

/// Whether a name has all the words, in any case.
fn matches(name: &str, words: &[String]) -> bool {
    let lower = name.to_lowercase();
    words.iter().all(|word| lower.contains(word))
}

/// Adds the lines of `order`, whose names agree up to `from`.
fn grow(names: &[&str], order: &[u32], from: usize, depth: u16, nodes: &mut Vec<Node>) {
    const DEEPEST: u16 = 24;
    let mut at = 0;
    while at < order.len() {
        let name = names[order[at] as usize];
        let step = if depth < DEEPEST { segment(name, from) } else { name.len() };
        let same = order[at..].iter().take_while(|other| {
            let other = names[**other as usize];
            other.len() >= step && other.as_bytes()[..step] == name.as_bytes()[..step]
        });
        let count = same.count().max(1);
        if count == 1 {
            nodes.push(Node {
                depth,
                from: from as u32,
                to: name.len() as u32,
                entry: order[at],
                under: 0,
                arrays: 1,
            });
        } else {
            add_group(names, &order[at..at + count], (from, step), depth, nodes);
        }
        at += count;
    }
}

/// A line over several arrays; as long as all go on alike, their next words join it.
fn add_group(names: &[&str], order: &[u32], (from, step): (usize, usize), depth: u16, nodes: &mut Vec<Node>) {
    let first = names[order[0] as usize];
    let mut end = step;
    loop {
        let next = segment(first, end);
        let all = next < first.len()
            && order.iter().all(|other| {
                let other = names[*other as usize];
                other.len() > next && other.as_bytes()[..next] == first.as_bytes()[..next]
            });
        if !all || next == end {
            break;
        }
        end = next;
    }
    if end >= first.len() {
        // Several arrays of one name.
        for entry in order {
            let to = first.len() as u32;
            nodes.push(Node { depth, from: from as u32, to, entry: *entry, under: 0, arrays: 1 });
        }
        return;
    }
    let line = nodes.len();
    nodes.push(Node {
        depth,
        from: from as u32,
        to: end as u32,
        entry: order[0],
        under: 0,
        arrays: order.len() as u32,
    });
    grow(names, order, end, depth + 1, nodes);
    nodes[line].under = (nodes.len() - line - 1) as u32;
}

/// The end of the words that begin at `from`, their dot or slash included.
fn segment(name: &str, from: usize) -> usize {
    let rest = name.as_bytes().get(from..).unwrap_or_default();
    rest.iter().position(|byte| matches!(byte, b'.' | b'/')).map_or(name.len(), |at| from + at + 1)
}

/// Names in the order that a person expects: `layer.2` before `layer.10`.
fn by_number(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (left, right) = (digits(a), digits(b));
            let order = left.len().cmp(&right.len()).then(left.cmp(right));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (after_digits(a), after_digits(b));
        } else if x == y {
            (a, b) = (&a[1..], &b[1..]);
        } else {
            // What ends a word comes before what goes on with it.
            let rank = |byte: u8| if matches!(byte, b'.' | b'/') { 0 } else { byte };
            return rank(*x).cmp(&rank(*y));
        }
    }
    a.len().cmp(&b.len())
}

/// The digits that a text begins with, without zeros in front.
fn digits(text: &[u8]) -> &[u8] {
    let all = &text[..text.len() - after_digits(text).len()];
    let zeros = all.iter().take_while(|digit| **digit == b'0').count();
    &all[zeros..]
}

fn after_digits(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| byte.is_ascii_digit()).count()..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Span;
    use crate::decode::array::MemoryOrder;
    use crate::decode::{DType, Element, Order as ByteOrder};
    use crate::formats::{Entry, Home};

    fn container(names: &[&str]) -> Container {
        let entry = |name: &&str| Entry {
            name: (*name).into(),
            item: DType::new(Element::U8, ByteOrder::Little).into(),
            shape: Box::new([]),
            order: MemoryOrder::C,
            home: Home::Here(0),
        };
        let entries = names.iter().map(entry).collect();
        Container {
            format: "test",
            entries,
            metadata: Vec::new(),
            findings: Vec::new(),
            header: Span::empty_at(0),
        }
    }

    fn drawn(tree: &Tree, container: &Container) -> Vec<String> {
        let line = |line: &u32| {
            let node = tree.node(*line).expect("a line");
            let name = &container.entries[node.entry as usize].name;
            format!("{}{}", " ".repeat(node.depth.into()), &name[node.from as usize..node.to as usize])
        };
        tree.lines().iter().map(line).collect()
    }

    #[test]
    fn names_stand_under_what_they_share_and_numbers_in_their_order() {
        let container = container(&["m.l.10.w", "m.l.2.w", "m.l.2.b", "head", "m.norm"]);
        let mut tree = Tree::of(&container);
        let whole = ["head", "m.", " l.", "  2.", "   b", "   w", "  10.w", " norm"];
        assert_eq!(drawn(&tree, &container), whole);
        tree.toggle(tree.lines()[2], &container);
        assert_eq!(drawn(&tree, &container), ["head", "m.", " l.", " norm"]);
        tree.set_filter("L. W", &container);
        assert_eq!(drawn(&tree, &container), ["   w", "  10.w"]);
        assert_eq!(tree.step(None, 1), Some(1));
        assert_eq!(tree.step(Some(1), 1), Some(0));
        assert_eq!(tree.step(Some(0), 1), None);
    }

    #[test]
    fn odd_names_make_a_tree_as_well() {
        for names in [
            &["", "", "a", "a"][..],
            &["a", "a.b", "a.b.c", "a..b"],
            &["..", ".", "/", "é.ü", "é.u"],
            &["x.1", "x.01", "x.001"],
        ] {
            let container = container(names);
            let tree = Tree::of(&container);
            let arrays = tree.lines().iter().filter(|line| !tree.node(**line).expect("a line").is_group());
            assert_eq!(arrays.count(), names.len(), "{names:?}");
            drawn(&tree, &container);
        }
    }
}
