//! The rules of the project, held over its own files.
//!
//! Each rule is a function from files to complaints, with two tests: that the project follows it, and that it
//! complains of a bad example. A complaint names the file and the line and says how to mend it. A rule may be
//! changed, in a commit of its own that says why. Rules on what words mean are for reviewers, not for here.

mod documented;
mod imports;
mod scan;
mod type_names;

use scan::{File, files, functions, paths, relative, root};

/// What each layer may name of the others; `src/lib.rs` has the reasons.
const LAYERS: [(&str, &[&str]); 17] = [
    ("bytes", &["escape", "job"]),
    ("escape", &[]),
    ("job", &[]),
    ("usage", &[]),
    ("decode", &["bytes", "escape"]),
    ("document", &["bytes", "job"]),
    ("save", &["bytes", "document", "escape", "job"]),
    // A file of the state folder is saved as any other: wholly or not at all.
    ("state", &["bytes", "document", "escape", "job", "save"]),
    ("analysis", &["bytes", "decode", "escape", "job"]),
    ("export", &["analysis", "bytes", "decode", "escape", "job"]),
    ("formats", &["bytes", "decode", "escape", "job"]),
    // JSON patches are read by the bounded reader of the formats.
    ("patch", &["bytes", "decode", "document", "formats", "job"]),
    ("compute", &["analysis", "bytes", "decode", "document", "export", "job"]),
    ("pictures", &["analysis", "bytes", "decode", "escape", "export", "job"]),
    (
        "session",
        &[
            "bytes", "escape", "job", "decode", "document", "save", "state", "analysis", "export", "formats",
            "compute", "pictures",
        ],
    ),
    (
        "cli",
        &[
            "bytes", "escape", "job", "decode", "document", "save", "state", "analysis", "export", "formats",
            "compute", "patch", "pictures",
        ],
    ),
    (
        "ui",
        &[
            "bytes", "escape", "job", "decode", "document", "state", "analysis", "export", "formats",
            "compute", "pictures", "session", "usage",
        ],
    ),
];

/// Words that code of a folder (outside its tests) does not use, and why.
const BANNED: [(&str, &str, &str); 15] = [
    ("src/session", "std::fs", "the session is on the window's thread: let a job of a lower layer do it"),
    ("src/ui", "std::fs", "the window's thread does no I/O: let a job of a lower layer do it"),
    ("src/ui", "std::thread::spawn", "work off the window's thread is a job::Job, which can be cancelled"),
    ("src/ui", "read_at", "it may wait for a disk: the window peeks"),
    ("src/ui", "read_cancellable", "it may wait for a disk: the window peeks"),
    ("src/ui", "mapped::", "a fault on the window's thread would freeze it: the window peeks"),
    ("src/decode", "std::io", "decode is made of pure functions"),
    ("src/decode", "std::fs", "decode is made of pure functions"),
    ("src/decode", "std::thread", "decode is made of pure functions"),
    ("src/document", "std::fs", "the edit layer does no I/O: sources do"),
    ("src/analysis", "std::fs", "an analysis is given a source"),
    ("src/formats", "std::fs", "a format is given a source"),
    ("src/export", "std::fs", "an export is given a source and somewhere to write"),
    (
        "src",
        ".display()",
        "a name may drive a terminal: show it by .shown() of crate::escape, type it by .typed()",
    ),
    ("src", "static mut", "use an atomic or a lock"),
];

/// Where `unsafe` may stand, and what for.
const UNSAFE: [(&str, &str); 14] = [
    ("benches/alloc.rs", "an allocator that counts"),
    (
        "benches/reading.rs",
        "a map of a file of the bench's own, as the plainest read to compare with; the clock of a thread",
    ),
    ("src/analysis/vector.rs", "a call of code for vector instructions that were found to be there"),
    ("src/analysis/stats/avx.rs", "the same, for the loop of 32-bit floats"),
    ("src/analysis/strings/ascii.rs", "the same, for ASCII among other bytes"),
    ("src/compute/kernels/look.rs", "the same, for questions about mapped elements"),
    ("src/bytes/local/mapped.rs", "the memory map and its fault guard"),
    ("src/bytes/local/mapped/", "the parts of the map and its guard"),
    ("src/bytes/raw", "vector loads of mapped bytes that others may change"),
    ("src/bytes/local/sys.rs", "system calls that std lacks: sizes of devices, advice on reading"),
    ("tests/bytes/", "signals, counts of faults and named pipes, to test the guard"),
    ("src/ui/clipboard/focused.rs", "the window's connection to a Wayland desktop"),
    ("src/ui/startup/console.rs", "the console that Windows opens for a window"),
    ("src/save/local/disk", "system calls of a save that std lacks: room, holes, attributes, locks"),
];

/// The crates that draw the window, which only `src/ui` and `src/main.rs` know.
const WINDOW_CRATES: [&str; 8] =
    ["egui", "eframe", "epaint", "egui_extras", "egui_plot", "egui_system_font_provider", "winit", "rfd"];

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 60;
const TEST_LINES: usize = 80;

/// Whether `line` has `word` as a whole word (or path) of its own.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let open = !line[..at].ends_with(part) || !word.starts_with(part);
        let closed = !line[at + word.len()..].starts_with(part) || !word.ends_with(part);
        open && closed
    })
}

/// The complaint of `say` for each line of code on which it has one; `tests` says whether test code counts.
fn each_line(files: &[File], tests: bool, say: impl Fn(&File, &str) -> Option<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        for (number, line, in_test) in file.code_lines() {
            if (tests || !in_test)
                && let Some(complaint) = say(file, line)
            {
                complaints.push(format!("{}:{number}: {complaint}", file.path));
            }
        }
    }
    complaints
}

/// The layers that follow `crate::` in `code`, each with the number of its line.
fn layers_named(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + start.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push((line, first_name(rest)));
            continue;
        };
        let mut depth = 1;
        let mut name_next = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' => name_next = depth == 1,
                c if name_next && !c.is_whitespace() => {
                    found.push((line + group[..at].matches('\n').count(), first_name(&group[at..])));
                    name_next = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn layers(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        let own = file.layer().unwrap_or("");
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == own) else { continue };
        for (line, named) in layers_named(&file.code) {
            let in_test = file.in_test.get(line - 1).copied().unwrap_or(false);
            let known = LAYERS.iter().any(|(layer, _)| *layer == named);
            if known && !in_test && named != own && !allowed.contains(&named.as_str()) {
                complaints.push(format!(
                    "{}:{line}: `{own}` may not use `{named}`; let `{named}` call `{own}`, or move what both need lower",
                    file.path
                ));
            }
        }
    }
    complaints
}

fn every_layer_is_known(files: &[File]) -> Vec<String> {
    let outside = ["lib", "main", "cli"];
    let known = |layer: &str| outside.contains(&layer) || LAYERS.iter().any(|(name, _)| *name == layer);
    let stray = files.iter().filter(|file| file.layer().is_some_and(|layer| !known(layer)));
    stray
        .map(|file| {
            format!("{}:1: not in a known layer; add the layer to LAYERS in tests/tidy.rs", file.path)
        })
        .collect()
}

fn window_crates(files: &[File]) -> Vec<String> {
    each_line(files, false, |file, line| {
        let inside =
            file.path.starts_with("src/ui") || file.path == "src/main.rs" || !file.path.starts_with("src/");
        let named = WINDOW_CRATES.iter().find(|name| has_word(line, name))?;
        (!inside).then(|| format!("only src/ui knows `{named}`; hand it plain values instead"))
    })
}

fn banned_words(files: &[File]) -> Vec<String> {
    each_line(files, false, |file, line| {
        let within =
            |folder: &str| file.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with(['/', '.']));
        let (_, word, reason) =
            BANNED.iter().find(|(folder, word, _)| within(folder) && has_word(line, word))?;
        Some(format!("`{word}` has no place here: {reason}"))
    })
}

fn unsafe_places(files: &[File]) -> Vec<String> {
    each_line(files, true, |file, line| {
        let allowed = UNSAFE.iter().any(|(place, _)| file.path.starts_with(place));
        let bad = has_word(line, "unsafe") && !allowed;
        bad.then(|| {
            "no `unsafe` here; a safe wrapper belongs in one of the files that UNSAFE lists".to_owned()
        })
    })
}

fn unsafe_notes(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        let text: Vec<&str> = file.text.lines().collect();
        for (number, line, _) in file.code_lines() {
            let opens = has_word(line, "unsafe {") || has_word(line, "unsafe impl");
            let above = text[number.saturating_sub(6)..number].iter();
            if opens && !above.clone().any(|line| line.contains("SAFETY")) {
                complaints
                    .push(format!("{}:{number}: say above why this is sound: `// SAFETY: …`", file.path));
            }
        }
    }
    complaints
}

fn file_lengths(files: &[File]) -> Vec<String> {
    let long =
        files.iter().map(|file| (file, file.text.lines().count())).filter(|(_, lines)| *lines > FILE_LINES);
    long.map(|(file, lines)| {
        format!("{}:{FILE_LINES}: {lines} lines; split it by ideas, {FILE_LINES} are enough", file.path)
    })
    .collect()
}

fn function_lengths(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        for function in functions(&file.code) {
            let test = file.in_test.get(function.line - 1).copied().unwrap_or(false);
            let limit = if test { TEST_LINES } else { FUNCTION_LINES };
            if function.len > limit {
                let (path, name, len) = (&file.path, &function.name, function.len);
                complaints.push(format!(
                    "{path}:{}: `{name}` has {len} lines; split it into steps of at most {limit}",
                    function.line
                ));
            }
        }
    }
    complaints
}

fn headers(files: &[File]) -> Vec<String> {
    let bare = files.iter().filter(|file| {
        let first = file.text.lines().next().and_then(|line| line.strip_prefix("//!"));
        first.is_none_or(|header| header.split_whitespace().count() < 2)
    });
    bare.map(|file| format!("{}:1: begin with `//!` and what the file is for", file.path)).collect()
}

fn panics(files: &[File]) -> Vec<String> {
    each_line(files, false, |file, line| {
        let call =
            [".unwrap()", ".expect(", ".unwrap_err()", "panic!("].iter().find(|call| line.contains(*call))?;
        let inside = file.path.starts_with("src/");
        inside.then(|| format!("`{call}` ends the program; return an error, or take a form that can't fail"))
    })
}

fn leftovers(files: &[File]) -> Vec<String> {
    let macros = ["todo!", "unimplemented!", "dbg!"];
    let mut complaints = each_line(files, true, |_, line| {
        let named = macros.iter().find(|name| line.contains(*name))?;
        Some(format!("`{named}` is left over; finish it"))
    });
    let marks = [concat!("FIX", "ME"), concat!("TO", "DO"), concat!("XX", "X")];
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| has_word(line, mark)) {
                complaints.push(format!(
                    "{}:{}: `{mark}` is left over; do it, or open an issue",
                    file.path,
                    index + 1
                ));
            }
        }
    }
    complaints
}

fn printing(files: &[File]) -> Vec<String> {
    let calls = ["println!", "eprintln!", "print!", "eprint!", "process::exit"];
    each_line(files, false, |file, line| {
        let allowed =
            file.path == "src/main.rs" || file.path.starts_with("src/cli") || !file.path.starts_with("src/");
        let call = calls.iter().find(|call| has_word(line, call))?;
        (!allowed).then(|| format!("`{call}` belongs to main.rs and cli; return it, or log by tracing"))
    })
}

fn machine_paths(files: &[(String, String)]) -> Vec<String> {
    let homes = [
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/tm", "p/pl"),
        concat!(".cargo/", "registry"),
    ];
    let mut complaints = Vec::new();
    for (path, text) in files {
        for (index, line) in text.lines().enumerate() {
            if let Some(home) = homes.iter().find(|home| line.contains(*home)) {
                complaints.push(format!(
                    "{path}:{}: `{home}` is a path of one machine; make it relative",
                    index + 1
                ));
            }
        }
    }
    complaints
}

fn listed_tests(main: &str, names: &[String]) -> Vec<String> {
    let code = scan::mask(main);
    let missing = names.iter().filter(|name| !has_word(&code, &format!("mod {name};")));
    missing.map(|name| format!("tests/main.rs:1: `mod {name};` is missing, so its tests never run")).collect()
}

/// Every text that the project shows to others: documentation, scripts, sources.
fn texts() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let tops = std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let folders = ["src", "tests", "benches", "docs", "scripts", "assets", ".ci"];
    let all = tops
        .filter(|path| path.is_file() && !path.ends_with(".git"))
        .chain(folders.iter().flat_map(|f| paths(&root().join(f))));
    for path in all {
        if let Ok(text) = std::fs::read_to_string(&path) {
            found.push((relative(&path), text));
        }
    }
    found
}

/// The modules that `tests/main.rs` has to list.
fn test_modules() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("tests")).unwrap().map(|entry| entry.unwrap().path());
    let modules = entries.filter(|path| {
        path.join("mod.rs").exists() || path.extension().is_some_and(|extension| extension == "rs")
    });
    let names = modules.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    names.filter(|name| name != "main").collect()
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// The project follows `rule`, and the rule complains of each of `bad`, and only there.
fn hold(rule: impl Fn(&[File]) -> Vec<String>, bad: &[(&str, &str)], good: &[(&str, &str)]) {
    for (path, text) in bad {
        let complaints = rule(&[File::new(path, text)]);
        assert!(!complaints.is_empty(), "the rule does not see {text:?} in {path}");
        assert!(complaints[0].starts_with(path), "{complaints:?}");
    }
    for (path, text) in good {
        assert_none(&rule(&[File::new(path, text)]));
    }
    let files = files();
    assert!(files.len() > 10, "the project's files are not found");
    assert_none(&rule(&files));
}

mod rules;
