//! Reads the project's files the way the rules need them: code apart from comments, strings and tests.
//!
//! A scanner of tokens, not a parser: it knows strings, comments and braces, no grammar. It never drops a line, so
//! line numbers of the masked text are those of the file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub struct File {
    /// Relative to the project, with `/`.
    pub path: String,
    /// As it stands in the file.
    pub text: String,
    /// `text` with comments, strings and characters blanked out.
    pub code: String,
    /// For each line whether it is part of a test.
    pub in_test: Vec<bool>,
}

impl File {
    /// A file with this text; code outside `src` is test code.
    pub fn new(path: &str, text: &str) -> Self {
        let code = mask(text);
        let in_test =
            if path.starts_with("src/") { test_lines(&code) } else { vec![true; text.lines().count()] };
        Self { path: path.to_owned(), text: text.to_owned(), code, in_test }
    }

    /// The lines of code, each with its number from 1 and whether it is part of a test.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str, bool)> {
        let tests = self.in_test.iter().copied().chain(std::iter::repeat(false));
        self.code.lines().zip(tests).enumerate().map(|(index, (line, test))| (index + 1, line, test))
    }

    /// The layer that the file belongs to: the first name below `src`.
    pub fn layer(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        Some(below.split('/').next()?.trim_end_matches(".rs"))
    }
}

/// The folder of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of the project.
pub fn files() -> Vec<File> {
    let mut files: Vec<File> = ["src", "tests", "benches"]
        .iter()
        .flat_map(|folder| paths(&root().join(folder)))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| File::new(&relative(&path), &fs::read_to_string(&path).unwrap()))
        .collect();
    let test_files = test_files(&files);
    for file in &mut files {
        if test_files.contains(&file.path) {
            file.in_test.fill(true);
        }
    }
    files
}

/// Every file below `folder`, in order.
pub fn paths(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() { found.extend(paths(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

pub fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The files of modules declared as `#[cfg(test)] mod name;`.
fn test_files(files: &[File]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files {
        let mut before = "";
        for line in file.code.lines().map(str::trim) {
            if is_test_mark(before)
                && let Some(name) = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'))
            {
                let stem =
                    file.path.trim_end_matches(".rs").trim_end_matches("/mod").trim_end_matches("src/lib");
                found.insert(format!("{stem}/{name}.rs"));
                found.insert(format!("{stem}/{name}/mod.rs"));
            }
            before = line;
        }
    }
    found
}

/// `text` with the insides of comments, strings and characters replaced by blanks; lines stay.
pub fn mask(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = opaque_end(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Where the comment, string or character that starts at `at` ends; `at` when none does.
fn opaque_end(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => at + chars[at..].iter().take_while(|c| **c != '\n').count(),
        '/' if next == Some('*') => block_comment_end(chars, at),
        '"' => quoted_end(chars, at, '"'),
        'r' if is_token_start(chars, at) => raw_string_end(chars, at),
        // A character, unless it is a lifetime: 'a' against 'a.
        '\'' if next == Some('\\') || chars.get(at + 2) == Some(&'\'') => quoted_end(chars, at, '\''),
        _ => at,
    }
}

fn is_token_start(chars: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map(|index| chars[index]);
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    // br"…" and cr"…" are one token.
    !word(before(1)) || (matches!(before(1), Some('b' | 'c')) && !word(before(2)))
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at.min(chars.len())
}

fn quoted_end(chars: &[char], start: usize, quote: char) -> usize {
    let mut at = start + 1;
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn raw_string_end(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return start;
    }
    let mut at = open + 1;
    while at < chars.len() {
        let tail = &chars[at + 1..];
        if chars[at] == '"' && tail.iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    at
}

/// `#[cfg(test)]`, or with more conditions: `#[cfg(all(test, unix))]`.
fn is_test_mark(line: &str) -> bool {
    line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test,")
}

/// For each line of masked code whether it lies in an item under `#[cfg(test)]`.
fn test_lines(code: &str) -> Vec<bool> {
    let lines: Vec<&str> = code.lines().collect();
    let mut in_test = vec![false; lines.len()];
    let mut at = 0;
    while at < lines.len() {
        if is_test_mark(lines[at].trim()) {
            let end = item_end(&lines, at);
            in_test[at..=end].fill(true);
            at = end;
        }
        at += 1;
    }
    in_test
}

/// The line on which the item that starts at line `start` ends: its closing brace, or its semicolon.
fn item_end(lines: &[&str], start: usize) -> usize {
    let mut depth = 0_i32;
    for (at, line) in lines.iter().enumerate().skip(start) {
        for c in line.chars() {
            match c {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(c, '}' | ';') {
                return at;
            }
        }
    }
    lines.len().saturating_sub(1)
}

/// A function: its name, its first line (from 1) and how many lines it has.
pub struct Function {
    pub name: String,
    pub line: usize,
    pub len: usize,
}

/// Every function with a body, in the order in which they start.
pub fn functions(code: &str) -> Vec<Function> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        let name = words.windows(2).find(|pair| pair[0] == "fn" && !pair[1].is_empty()).map(|pair| pair[1]);
        if let Some(name) = name {
            found.push(Function { name: name.to_owned(), line: at + 1, len: item_end(&lines, at) - at + 1 });
        }
    }
    found
}

#[test]
fn masking_keeps_code_and_lines() {
    let text = "let a = \"fn x {\"; // unsafe\nlet b = r#\"a \" b\"#; /* x /* y */ z */ let c = '{';\nfn f<'a>() {}\n";
    let masked = mask(text);
    assert_eq!(masked.lines().count(), text.lines().count());
    assert!(!masked.contains("unsafe") && !masked.contains("x {") && !masked.contains('z'), "{masked}");
    assert!(masked.contains("let c =") && masked.contains("fn f<'a>() {}"), "{masked}");
    assert_eq!(mask(r"let q = '\''; let r = b'\\'; end").split_whitespace().last(), Some("end"));
}

#[test]
fn tests_are_told_from_code() {
    let file = File::new("src/a.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n");
    assert_eq!(file.in_test, [false, true, true, true, true, false]);
    let file =
        File::new("src/a.rs", "#[cfg(all(test, unix))]\nmod tests {\n}\n#[cfg(not(test))]\nfn c() {}\n");
    assert_eq!(file.in_test, [true, true, true, false, false]);
    let parent = File::new("src/ui/theme.rs", "#[cfg(test)]\nmod tests;\nfn a() {}\n");
    assert_eq!(parent.in_test, [true, true, false]);
    assert!(test_files(&[parent]).contains("src/ui/theme/tests.rs"));
}

#[test]
fn functions_are_measured() {
    let found = functions(
        "fn a() {\n    b();\n}\n\npub fn c<T>(x: [u8; 4]) -> u8\nwhere\n    T: Copy,\n{\n    1\n}\n",
    );
    let sizes: Vec<(&str, usize, usize)> = found.iter().map(|f| (f.name.as_str(), f.line, f.len)).collect();
    assert_eq!(sizes, [("a", 1, 3), ("c", 5, 6)]);
}
