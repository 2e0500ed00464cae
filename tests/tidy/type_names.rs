//! The rule that a type's name means one type: whoever reads the name in any file knows which type it is.

use super::scan::File;
use super::{assert_none, files};
use std::collections::BTreeMap;

/// The name of the type that `line` declares, if the type is visible outside its file and the module above it:
/// `pub`, `pub(crate)` or `pub(in …)`.
fn visible_type(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub")?;
    let rest = match rest.strip_prefix('(') {
        Some(within) => within.split_once(')').filter(|(within, _)| !matches!(*within, "super" | "self"))?.1,
        None => rest,
    };
    let mut words = rest.strip_prefix(' ')?.split_whitespace().skip_while(|word| *word == "unsafe");
    if !["struct", "enum", "union", "trait", "type"].contains(&words.next()?) {
        return None;
    }
    words.next()?.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()
}

/// Complains of each type of the library whose name another type has. Tests are left out.
fn repeated(files: &[File]) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.starts_with("src/")) {
        for (number, line, _) in file.code_lines().filter(|(_, _, in_test)| !in_test) {
            if let Some(name) = visible_type(line) {
                places.entry(name).or_default().push(format!("{}:{number}", file.path));
            }
        }
    }
    let mut complaints = Vec::new();
    for (name, places) in places {
        for place in &places {
            if let Some(other) = places.iter().find(|other| *other != place) {
                complaints
                    .push(format!("{place}: `{name}` is a type of {other} too; give it a name of its own"));
            }
        }
    }
    complaints
}

#[test]
fn types_of_one_name_are_seen() {
    let bad = [
        ("pub struct Name;\n", "pub struct Name {\n}\n"),
        ("pub enum Name {\n}\n", "pub(crate) trait Name: Send {\n}\n"),
        ("pub type Name = u8;\n", "pub(in crate::ui) struct Name<T>(T);\n"),
        ("pub unsafe trait Name {}\n", "mod inner {\n    pub union Name {\n    }\n}\n"),
    ];
    for (a, b) in bad {
        let complaints = repeated(&[File::new("src/a.rs", a), File::new("src/b.rs", b)]);
        assert_eq!(complaints.len(), 2, "{a}{b}{complaints:?}");
        assert!(complaints[0].starts_with("src/a.rs:1: `Name`"), "{complaints:?}");
        assert!(
            complaints[1].starts_with("src/b.rs:") && complaints[1].contains("src/a.rs:1"),
            "{complaints:?}"
        );
    }
    let good = [
        ("pub struct Name;\n", "struct Name;\n"),
        ("pub struct Name;\n", "pub(super) struct Name;\npub(self) enum Name {}\n"),
        ("pub struct Name;\n", "pub use a::Name;\npub fn Name() {}\npub const Name: u8 = 1;\n"),
        ("pub struct Name;\n", "#[cfg(test)]\nmod tests {\n    pub struct Name;\n}\n"),
        ("pub struct Name;\n", "// pub struct Name;\npub struct Names;\n"),
    ];
    for (a, b) in good {
        assert_none(&repeated(&[File::new("src/a.rs", a), File::new("src/b.rs", b)]));
    }
    assert_none(&repeated(&[File::new("src/a.rs", bad[0].0), File::new("tests/b.rs", bad[0].1)]));
}

#[test]
fn the_names_of_types_are_unique() {
    let files = files();
    let types = files.iter().flat_map(File::code_lines).filter(|(_, line, _)| visible_type(line).is_some());
    assert!(types.count() > 300, "the types are not found");
    assert_none(&repeated(&files));
}
