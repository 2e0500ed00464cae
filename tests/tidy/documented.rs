//! The rule that public functions say what they do, and when they fail.

use super::scan::File;
use super::{assert_none, files};
use std::collections::BTreeSet;

/// Complains of each public function of the library without a doc comment, and of each that returns a `Result` and has
/// no `# Errors` in it. Public is what is `pub` and no more; functions of traits and tests are left out.
fn documented(files: &[File]) -> Vec<String> {
    let results = result_types(files);
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("src/")) {
        let text: Vec<&str> = file.text.lines().collect();
        let code: Vec<&str> = file.code.lines().collect();
        for (number, line, in_test) in file.code_lines() {
            let Some(name) = public_function(line).filter(|_| !in_test) else { continue };
            let doc = doc_above(&text[..number - 1]);
            let place = format!("{}:{number}: `{name}`", file.path);
            if doc.is_empty() {
                complaints.push(format!("{place} is public: say above it what it does: `/// …`"));
            } else if returns_any(&code[number - 1..], &results)
                && !doc.iter().any(|line| line.trim() == "/// # Errors")
            {
                complaints.push(format!("{place} returns a Result: say below `/// # Errors` when it fails"));
            }
        }
    }
    complaints
}

/// The name of the function that `line` begins, if it is `pub`.
fn public_function(line: &str) -> Option<&str> {
    let mut words = line.trim_start().strip_prefix("pub ")?.split_whitespace();
    let name = loop {
        match words.next()? {
            "fn" => break words.next()?,
            "const" | "unsafe" | "async" | "extern" => {}
            _ => return None,
        }
    };
    name.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()
}

/// The lines of the doc comment that ends above an item; attributes may stand between.
fn doc_above<'a>(above: &[&'a str]) -> Vec<&'a str> {
    let lines = above.iter().rev().map(|line| line.trim_start());
    let belongs = |line: &&str| line.starts_with("///") || line.starts_with("#[") || line.ends_with(")]");
    lines.take_while(belongs).filter(|line| line.starts_with("///")).collect()
}

/// `Result`, and the names that the project gives to one: `type Calculated<T> = Result<T, …>`.
fn result_types(files: &[File]) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["Result".to_owned()]);
    for (_, line, _) in files.iter().flat_map(File::code_lines) {
        if let Some((_, rest)) = line.split_once("type ")
            && let Some((name, of)) = rest.split_once(" = ")
            && last_name(of) == "Result"
        {
            names.insert(last_name(name).to_owned());
        }
    }
    names
}

/// The last name of the path that `text` begins with: `Result` of `std::io::Result<u8>`.
fn last_name(text: &str) -> &str {
    let path = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next();
    path.and_then(|path| path.rsplit("::").next()).unwrap_or_default()
}

/// Whether the function that begins on the first of `lines` returns one of `types`.
fn returns_any(lines: &[&str], types: &BTreeSet<String>) -> bool {
    let (mut depth, mut signature) = (0_i32, String::new());
    for c in lines.iter().flat_map(|line| line.chars().chain(Some('\n'))) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' | ';' if depth == 0 => break,
            _ if depth == 0 => signature.push(c),
            _ => {}
        }
    }
    // What is in brackets is gone, so this arrow is the function's own, unless a bound of a generic has one before it.
    signature.rsplit_once("-> ").is_some_and(|(_, kind)| types.contains(last_name(kind)))
}

#[test]
fn public_functions_are_documented() {
    let bad = [
        "pub fn f() {}\n",
        "// A comment.\npub const fn f() {}\n",
        "/// Does.\nfn g() {}\npub fn f() {}\n",
        "impl A {\n    #[must_use]\n    pub fn f(&self) -> u8 {\n        1\n    }\n}\n",
        "/// Does.\npub fn f() -> Result<u8, ()> {}\n",
        "/// Does.\n///\n/// # Errors\n/// Never.\nfn g() {}\n/// Does.\npub fn f(\n    a: [u8; 4],\n) -> std::io::Result<()> {\n}\n",
        "type Checked<T> = Result<T, String>;\n/// Does.\npub fn f() -> Checked<u8> {}\n",
    ];
    for text in bad {
        let complaints = documented(&[File::new("src/job.rs", text)]);
        assert_eq!(complaints.len(), 1, "{text}: {complaints:?}");
        assert!(complaints[0].starts_with("src/job.rs:") && complaints[0].contains("`f`"), "{complaints:?}");
    }
    let good = [
        "/// Does.\n#[must_use]\npub fn f() {}\n",
        "pub(crate) fn f() {}\npub(super) fn g() {}\npub(in crate::ui) fn h() {}\nfn i() {}\npub struct F;\n",
        "/// Does.\n///\n/// # Errors\n/// When not.\n#[cfg(unix)]\npub fn f() -> io::Result<()> {}\n",
        "/// Does.\npub fn f(g: impl Fn() -> Result<u8, ()>) -> u8 {}\n",
        "/// Does.\npub fn f() -> Option<u8> { let g = || -> Result<(), ()> { Ok(()) }; }\n",
        "#[cfg(test)]\nmod tests {\n    pub fn f() {}\n}\n",
    ];
    good.iter().for_each(|text| assert_none(&documented(&[File::new("src/job.rs", text)])));
    assert_none(&documented(&[File::new("tests/a.rs", "pub fn f() {}\n")]));
}

#[test]
fn the_project_documents_its_public_functions() {
    let files = files();
    let public =
        files.iter().flat_map(File::code_lines).filter(|(_, line, _)| public_function(line).is_some());
    assert!(public.count() > 500, "the public functions are not found");
    assert_none(&documented(&files));
}
