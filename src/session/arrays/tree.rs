//! The arrays of a container as a tree: names that share their beginning are below it.
//!
//! The tree is made once, by the worker that read the header. What is shown of it is a list of lines, so that a
//! hundred thousand names cost the window no more than the lines on the screen.

use crate::formats::Container;
use crate::job::Progress;
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
    /// Whether there are lines under it.
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
    /// The tree of a container. Costs the sorting of its names and one pass over their bytes; what has been made by then
    /// when the work is cancelled.
    pub fn of(container: &Container, progress: &Progress) -> Self {
        let names: Vec<&str> = container.entries.iter().map(|entry| &*entry.name).collect();
        let mut order: Vec<u32> = (0..names.len() as u32).collect();
        if progress.is_cancelled() {
            return Self::default();
        }
        order.sort_by(|a, b| by_number(names[*a as usize], names[*b as usize]).then(a.cmp(b)));
        let mut nodes = Vec::with_capacity(names.len() + names.len() / 4);
        grow(&Names { names: &names, progress }, &order, 0, 0, &mut nodes);
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

    /// The line with this number in the whole tree.
    pub fn node(&self, line: u32) -> Option<&Node> {
        self.nodes.get(line as usize)
    }

    /// Whether the lines under this one are shown.
    pub fn is_open(&self, line: u32) -> bool {
        !self.filter.is_empty() || !self.closed.contains(&line)
    }

    /// The text that the names of the shown arrays contain; empty for all.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Arrays whose names match the filter.
    pub fn set_filter(&mut self, text: &str, container: &Container) {
        text.clone_into(&mut self.filter);
        self.list(container);
    }

    /// Shows or hides the lines under this one.
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

/// Whether a name has all the words, which are in lower case; letters beyond ASCII count in both cases too.
fn matches(name: &str, words: &[String]) -> bool {
    if name.is_ascii() {
        return words.iter().all(|word| has_word(name.as_bytes(), word.as_bytes()));
    }
    let lower = name.to_lowercase();
    words.iter().all(|word| lower.contains(word))
}

/// Whether `word`, in lower case, is in `name` in any case; nothing is copied, since it is asked of every name for every
/// key that is typed.
fn has_word(name: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), name)
        .any(|at| name.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)))
}

/// The names of the container, by entry, and whether anybody waits for their tree.
struct Names<'a> {
    names: &'a [&'a str],
    progress: &'a Progress,
}

impl<'a> Names<'a> {
    fn of(&self, entry: u32) -> &'a str {
        self.names[entry as usize]
    }
}

/// Adds the lines of `order`, whose names agree up to `from`.
fn grow(names: &Names<'_>, order: &[u32], from: usize, depth: u16, nodes: &mut Vec<Node>) {
    const DEEPEST: u16 = 24;
    let mut at = 0;
    while at < order.len() && !names.progress.is_cancelled() {
        let name = names.of(order[at]);
        let step = if depth < DEEPEST { segment(name, from) } else { name.len() };
        // A name that ends here is not a group for longer names that begin with it: `x`, `xy` and `x.`, `x.y`.
        let is_whole = step == name.len();
        let same = order[at..].iter().take_while(|other| {
            let other = names.of(**other).as_bytes();
            other.get(from..step) == Some(&name.as_bytes()[from..step]) && (!is_whole || other.len() == step)
        });
        let count = same.count().max(1);
        if is_whole || count == 1 {
            // More than one only if they have exactly the same name.
            for &entry in &order[at..at + count] {
                let to = name.len() as u32;
                nodes.push(Node { depth, from: from as u32, to, entry, under: 0, arrays: 1 });
            }
        } else {
            add_group(names, &order[at..at + count], (from, step), depth, nodes);
        }
        at += count;
    }
}

/// A line over several arrays, whose names all continue after `step`. Words that all of them share are added to this
/// line.
fn add_group(
    names: &Names<'_>,
    order: &[u32],
    (from, step): (usize, usize),
    depth: u16,
    nodes: &mut Vec<Node>,
) {
    let first = names.of(order[0]);
    // They agree up to `step`. Numbers order names such as 1 and 01 as one, so the last may agree where others don't.
    let (alike, shortest) = order.iter().fold((first.len(), first.len()), |(alike, shortest), other| {
        let other = names.of(*other);
        let more = common(&first.as_bytes()[step..alike], &other.as_bytes()[step..]);
        (step + more, shortest.min(other.len()))
    });
    let mut end = step;
    loop {
        let next = segment(first, end);
        if next > alike || next >= shortest || next == end {
            break;
        }
        end = next;
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

/// How many bytes two texts begin with alike.
fn common(a: &[u8], b: &[u8]) -> usize {
    const PIECE: usize = 32;
    let pieces = a.chunks_exact(PIECE).zip(b.chunks_exact(PIECE)).take_while(|(a, b)| a == b).count();
    let from = pieces * PIECE;
    from + a[from..].iter().zip(&b[from..]).take_while(|(a, b)| a == b).count()
}

/// The end of the words that begin at `from`, their dot or slash included.
fn segment(name: &str, from: usize) -> usize {
    let rest = name.as_bytes().get(from..).unwrap_or_default();
    rest.iter().position(|byte| matches!(byte, b'.' | b'/')).map_or(name.len(), |at| from + at + 1)
}

/// Names in the order that a person expects: `layer.2` before `layer.10`.
pub(in crate::session) fn by_number(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    // What is alike decides nothing, but for the digits that the rest goes on with.
    let alike = common(a, b);
    let alike = a[..alike].iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at + 1);
    (a, b) = (&a[alike..], &b[alike..]);
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
            unshown: None,
        };
        let entries = names.iter().map(entry).collect();
        Container {
            format: "test",
            entries,
            metadata: Vec::new(),
            findings: Vec::new(),
            header: Span::empty_at(0),
            whole_names: None,
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
        let mut tree = Tree::of(&container, &Progress::default());
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
            let tree = Tree::of(&container, &Progress::default());
            let arrays = tree.lines().iter().filter(|line| !tree.node(**line).expect("a line").is_group());
            assert_eq!(arrays.count(), names.len(), "{names:?}");
            drawn(&tree, &container);
        }
    }

    /// The words of a line and of the groups above it make up the whole name of its array.
    #[test]
    fn each_line_shows_its_own_whole_name() {
        for names in [
            &["", "alpha", "beta"][..],
            &["x.", "x.y", "x.z", "w"],
            &["a/", "a/b", "a/c", "a/", "a/b/", "a/b/c", "a/b/d"],
            &["w", "weight", "weight_scale", "weight.scale", "w."],
            &["a.b", "a.c", "", ".", "..", "a..b", ".x", "x."],
            &["a.w", "a.w", "a.w_scale", "a.", "a"],
            &["x1.", "x01.", "x1.a", "x01.a", "x1", "x01"],
        ] {
            let container = container(names);
            let tree = Tree::of(&container, &Progress::default());
            let (mut way, mut shown) = (Vec::new(), Vec::new());
            for node in tree.lines().iter().map(|line| tree.node(*line).expect("a line")) {
                let name = &container.entries[node.entry as usize].name;
                way.truncate(node.depth.into());
                way.push(&name[node.from as usize..node.to as usize]);
                if !node.is_group() {
                    assert_eq!(way.concat(), **name, "{names:?}");
                    shown.push(&**name);
                }
            }
            let mut wanted = names.to_vec();
            wanted.sort_unstable();
            shown.sort_unstable();
            assert_eq!(shown, wanted);
        }
        let container = container(&["x.", "x.y", "x.z", "w"]);
        let tree = Tree::of(&container, &Progress::default());
        assert_eq!(drawn(&tree, &container), ["w", "x.", "x.", " y", " z"]);
    }

    /// What is quadratic in them does not end.
    #[test]
    fn names_made_to_be_costly_are_a_tree_at_once() {
        let (dots, many) = (".".repeat(500_000), "a.".repeat(300));
        let twins = container(&[&format!("{dots}a"), &format!("{dots}b")]);
        let tree = Tree::of(&twins, &Progress::default());
        assert_eq!(tree.nodes.len(), 3, "one group over both");
        assert_eq!(tree.nodes[0].to as usize, dots.len());
        let names: Vec<String> = (0..100_000).map(|n| format!("{many}layer.{n}.weight")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let container = container(&names);
        let mut tree = Tree::of(&container, &Progress::default());
        assert_eq!(tree.nodes[0].arrays, 100_000);
        tree.set_filter("LAYER.99999 wei", &container);
        assert_eq!(tree.lines().len(), 1);
    }

    #[test]
    fn a_tree_that_nobody_waits_for_is_not_made() {
        let progress = Progress::default();
        progress.cancel();
        assert!(Tree::of(&container(&["a", "b"]), &progress).lines().is_empty());
    }

    #[test]
    fn the_filter_looks_at_letters_in_any_case() {
        for (name, word, found) in [
            ("Layer.W", "r.w", true),
            ("aab", "ab", true),
            ("ab", "abc", false),
            ("\u{c4}b", "\u{e4}B", true),
        ] {
            assert_eq!(matches(name, &[word.to_lowercase()]), found, "{name} {word}");
        }
    }
}
