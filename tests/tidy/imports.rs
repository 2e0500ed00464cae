//! The rule that files do not import each other in a circle.
//!
//! An edge is a path to something in another file: in a `use`, or inline where it starts with `crate`, `super` or
//! `self`. A name that the named module only hands on (`use x::Name;` in it, `pub` or not) counts as an edge to the
//! file that it comes from. Edges between a module's file and the files of the modules inside it are left out, and so
//! are names that come in by `*`, test code and `src/main.rs`.

use super::scan::File;
use super::{assert_none, files};
use std::collections::{BTreeMap, BTreeSet};

/// The names of a path; its first one is `crate` when it is resolved.
type Names = Vec<String>;

/// What a `use` brings into its file: a name, and the path that it stands for.
type Imports = BTreeMap<String, Names>;

/// Each file, and the files that it names something of.
type Edges = BTreeMap<String, BTreeSet<String>>;

/// The modules of the library.
struct Modules {
    /// The file of each module, and what it imports.
    files: BTreeMap<Names, (String, Imports)>,
}

/// The path of the module that a file of `src` holds.
fn module_of(path: &str) -> Option<Names> {
    let inner = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    match inner {
        "main" => None,
        "lib" => Some(vec!["crate".to_owned()]),
        _ => Some(std::iter::once("crate").chain(inner.split('/')).map(str::to_owned).collect()),
    }
}

/// The code of a file without its tests, in words and signs.
fn tokens(file: &File) -> Vec<String> {
    let mut tokens = Vec::new();
    for (_, line, _) in file.code_lines().filter(|(_, _, in_test)| !in_test) {
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let len = if word > 0 {
                word
            } else if rest.starts_with("::") {
                2
            } else {
                c.len_utf8()
            };
            if !c.is_whitespace() {
                tokens.push(rest[..len].to_owned());
            }
            rest = &rest[len..];
        }
    }
    tokens
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Reads one tree of a `use` from `at` on: each path, and the name that it goes by. Answers where it ends.
fn use_tree(tokens: &[String], mut at: usize, before: &[String], found: &mut Vec<(String, Names)>) -> usize {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(at).map(String::as_str) {
        match token {
            "::" => at += 1,
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    at = use_tree(tokens, at, &path, found);
                    at += usize::from(tokens.get(at).is_some_and(|token| token == ","));
                }
                return at + 1;
            }
            "*" => {
                found.push(("*".to_owned(), path));
                return at + 1;
            }
            "self" if !path.is_empty() => at += 1,
            "as" => {
                found.push((tokens.get(at + 1).cloned().unwrap_or_default(), path));
                return at + 2;
            }
            word if is_word(word) => {
                path.push(word.to_owned());
                at += 1;
            }
            _ => break,
        }
    }
    if let Some(name) = path.last() {
        found.push((name.clone(), path));
    }
    at
}

/// Every path of a file that may lead to another: those of its `use`s by name, and the inline ones.
fn paths_of(file: &File) -> (Vec<(String, Names)>, Vec<Names>) {
    let tokens = tokens(file);
    let (mut used, mut inline) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let starts = tokens.get(at + 1).is_some_and(|token| token == "::");
        match tokens[at].as_str() {
            "use" => at = use_tree(&tokens, at + 1, &[], &mut used),
            "crate" | "super" | "self" if starts => {
                let mut path = vec![tokens[at].clone()];
                while tokens.get(at + 1).is_some_and(|token| token == "::")
                    && let Some(name) = tokens.get(at + 2).filter(|token| is_word(token))
                {
                    path.push(name.clone());
                    at += 2;
                }
                inline.push(path);
                at += 1;
            }
            _ => at += 1,
        }
    }
    (used, inline)
}

impl Modules {
    fn new(files: &[File]) -> Self {
        let modules = files.iter().filter_map(|file| {
            let imports = paths_of(file).0.into_iter().filter(|(name, _)| name != "*").collect();
            Some((module_of(&file.path)?, (file.path.clone(), imports)))
        });
        Self { files: modules.collect() }
    }

    /// `path`, which stands in `module`, from the root on; `None` when it leads out of the library.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        let mut from = match first.as_str() {
            "crate" => vec![first.clone()],
            "super" => module[..module.len() - 1].to_vec(),
            "self" => module.to_vec(),
            _ => {
                let child: Names = module.iter().chain([first]).cloned().collect();
                self.files.contains_key(&child).then_some(child)?
            }
        };
        for name in rest {
            if name == "super" {
                from.pop();
            } else {
                from.push(name.clone());
            }
        }
        Some(from)
    }

    /// The file that what `path` names is in; follows what modules hand on for at most `hops` times.
    fn file_of(&self, path: &[String], hops: usize) -> Option<&str> {
        let len = (1..=path.len()).rev().find(|&len| self.files.contains_key(&path[..len]))?;
        let (file, imports) = self.files.get(&path[..len])?;
        let handed_on = path.get(len).and_then(|name| imports.get(name)).filter(|_| hops > 0);
        let further = handed_on.and_then(|handed_on| {
            let whole: Names = handed_on.iter().chain(&path[len + 1..]).cloned().collect();
            self.file_of(&self.absolute(&path[..len], &whole)?, hops - 1)
        });
        Some(further.unwrap_or(file))
    }

    fn edges(&self, files: &[File]) -> Edges {
        let mut edges = Edges::new();
        for file in files {
            let Some(module) = module_of(&file.path) else { continue };
            let (used, inline) = paths_of(file);
            for path in used.into_iter().map(|(_, path)| path).chain(inline) {
                let named = self.absolute(&module, &path).and_then(|path| self.file_of(&path, 8));
                if let Some(named) = named
                    && let Some(other) = module_of(named)
                    && !other.starts_with(&module)
                    && !module.starts_with(&other)
                {
                    edges.entry(file.path.clone()).or_default().insert(named.to_owned());
                }
            }
        }
        edges
    }
}

/// The shortest way from `start` along the edges back to it.
fn circle_through(edges: &Edges, start: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for next in edges.get(file).into_iter().flatten().map(String::as_str) {
            if next == start {
                let mut way = vec![start.to_owned(), file.to_owned()];
                while way.last().is_some_and(|last| last != start) {
                    way.push(before[way[way.len() - 1].as_str()].to_owned());
                }
                way.reverse();
                return Some(way);
            }
            if !before.contains_key(next) {
                before.insert(next, file);
                queue.push_back(next);
            }
        }
    }
    None
}

/// A complaint for each file that is in a circle of imports.
fn circles(files: &[File]) -> Vec<String> {
    let edges = Modules::new(files).edges(files);
    let found = edges.keys().filter_map(|file| {
        let way = circle_through(&edges, file)?.join(" -> ");
        Some(format!("{file}:1: {way} is a circle of imports; move what they share into a file of its own"))
    });
    found.collect()
}

fn project(texts: &[(&str, &str)]) -> Vec<File> {
    texts.iter().map(|(path, text)| File::new(path, text)).collect()
}

#[test]
fn circles_of_imports_are_seen() {
    let mods = ("src/state/mod.rs", "mod a;\nmod b;\npub use b::B;\nuse a::A as First;\n");
    let bad = [
        ("use super::b::B;\n", "use crate::state::a;\n"),
        ("use super::{\n    b::{self, C},\n};\n", "fn f() { crate::state::a::f() }\n"),
        ("use super::B;\n", "use super::First;\n"),
        ("use crate::state::*;\nuse self::super::b::C as D;\n", "fn f() -> super::a::A {}\n"),
        ("pub(crate) use super::b::*;\n", "use super::a::A;\n"),
    ];
    for (a, b) in bad {
        let files = project(&[mods, ("src/state/a.rs", a), ("src/state/b.rs", b)]);
        let complaints = circles(&files);
        assert_eq!(complaints.len(), 2, "{a}{b}{complaints:?}");
        let way = "src/state/a.rs:1: src/state/a.rs -> src/state/b.rs -> src/state/a.rs is a circle";
        assert!(complaints[0].starts_with(way), "{complaints:?}");
    }
    let long = project(&[
        ("src/a.rs", "use crate::b::c::C;\n"),
        ("src/b/mod.rs", "pub mod c;\n"),
        ("src/b/c.rs", "use crate::d;\n"),
        ("src/d.rs", "use crate::a::A;\n"),
    ]);
    assert_eq!(circles(&long).len(), 3);
}

#[test]
fn imports_that_lead_one_way_are_fine() {
    let good = [
        ("use super::b::B;\n", "use std::fmt;\n#[cfg(test)]\nmod tests {\n    use super::super::a::A;\n}\n"),
        (
            "use super::b::B;\n",
            "use super::X;\n//! See crate::state::a.\nlet text = \"crate::state::a::A\";\n",
        ),
        ("mod deep;\nuse deep::Deep;\n", "use super::a::A;\n"),
    ];
    for (a, b) in good {
        assert_none(&circles(&project(&[
            ("src/state/mod.rs", "mod a;\nmod b;\npub use a::A;\nstruct X;\n"),
            ("src/state/a.rs", a),
            ("src/state/a/deep.rs", "use super::super::X;\nuse super::A;\n"),
            ("src/state/b.rs", b),
            ("src/main.rs", "use crate::state::a;\n"),
        ])));
    }
}

#[test]
fn the_project_has_no_circles_of_imports() {
    let files = files();
    let edges = Modules::new(&files).edges(&files);
    assert!(edges.values().map(BTreeSet::len).sum::<usize>() > 100, "the imports are not found");
    assert_none(&circles(&files));
}
