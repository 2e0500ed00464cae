//! One test per rule: a bad example of it, a good one, and the project.

use super::*;

#[test]
fn layers_use_only_what_lies_below() {
    let bad = [
        ("src/decode/a.rs", "use crate::document::Document;\n"),
        ("src/document/mod.rs", "use crate::{bytes::Span, decode};\n"),
        ("src/ui/a.rs", "fn f() { crate::save::run() }\n"),
        ("src/job.rs", "use crate::{\n    session::{A, B},\n};\n"),
    ];
    let good = [
        (
            "src/session/mod.rs",
            "use crate::{bytes::{Span, job}, document, save};\nuse crate::session::tab;\n",
        ),
        (
            "src/decode/a.rs",
            "//! See crate::document.\n#[cfg(test)]\nmod tests { use crate::document::Document; }\n",
        ),
    ];
    hold(layers, &bad, &good);
}

#[test]
fn each_file_belongs_to_a_layer() {
    hold(every_layer_is_known, &[("src/util/a.rs", "")], &[("src/bytes/a.rs", ""), ("tests/a.rs", "")]);
}

#[test]
fn only_the_ui_knows_the_window() {
    let bad =
        [("src/session/mod.rs", "use egui::Color32;\n"), ("src/bytes/a.rs", "fn f(c: &eframe::Frame) {}\n")];
    let good = [
        ("src/ui/a.rs", "use egui::Color32;\n"),
        ("src/session/mod.rs", "// egui draws this\nlet beguin = 1;\n"),
    ];
    hold(window_crates, &bad, &good);
}

#[test]
fn folders_keep_to_their_promises() {
    let bad = [
        ("src/session/tab.rs", "use std::fs;\n"),
        ("src/ui/a.rs", "fn f() { source.read_at(0, &mut buf) }\n"),
        ("src/decode/a.rs", "use std::io::Read;\n"),
        ("src/ui.rs", "std::fs::read(path)\n"),
    ];
    let good = [("src/bytes/a.rs", "use std::fs;\n"), ("src/session/tab.rs", "#[cfg(test)]\nuse std::fs;\n")];
    hold(banned_words, &bad, &good);
}

#[test]
fn unsafe_code_is_fenced() {
    let bad = [("src/ui/a.rs", "unsafe { f() }\n"), ("tests/a.rs", "fn f() { unsafe { f() } }\n")];
    let good = [
        ("src/bytes/local/mapped.rs", "unsafe { f() }\n"),
        ("src/ui/a.rs", "// unsafe\n#![deny(unsafe_code)]\n"),
    ];
    hold(unsafe_places, &bad, &good);
}

#[test]
fn unsafe_code_says_why_it_is_sound() {
    let bad = [("src/bytes/local/mapped.rs", "//! A map.\nfn f() {\n    unsafe { g() }\n}\n")];
    let good =
        [("src/bytes/local/mapped.rs", "// SAFETY: g has no conditions.\nlet a =\n    unsafe { g() };\n")];
    hold(unsafe_notes, &bad, &good);
}

#[test]
fn files_are_short() {
    let long = "//! Long file.\n".repeat(FILE_LINES + 1);
    hold(file_lengths, &[("src/a.rs", &long)], &[("src/a.rs", &"// x\n".repeat(FILE_LINES))]);
}

#[test]
fn functions_are_short() {
    let body = |lines: usize| format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines - 2));
    let test = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", body(TEST_LINES));
    let long_test = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", body(TEST_LINES + 1));
    let (long, fits) = (body(FUNCTION_LINES + 1), body(FUNCTION_LINES));
    let (bad, good) =
        ([("src/a.rs", &*long), ("src/a.rs", &*long_test)], [("src/a.rs", &*fits), ("src/a.rs", &*test)]);
    hold(function_lengths, &bad, &good);
}

#[test]
fn each_file_says_what_it_is_for() {
    let bad = [("src/a.rs", "fn f() {}\n"), ("src/a.rs", "//! Things\n"), ("src/a.rs", "")];
    hold(headers, &bad, &[("src/a.rs", "//! Reads things.\n")]);
}

#[test]
fn nothing_ends_the_program() {
    let bad = [
        ("src/a.rs", "let a = b.unwrap();\n"),
        ("src/a.rs", "b.expect(\"why\")\n"),
        ("src/a.rs", "panic!(\"x\")\n"),
    ];
    let good = [
        ("src/a.rs", "b.unwrap_or(1); b.unwrap_or_else(f)\n"),
        ("src/a.rs", "#[cfg(test)]\nmod tests {\n    fn f() { b.unwrap() }\n}\n"),
        ("tests/a.rs", "b.unwrap()\n"),
    ];
    hold(panics, &bad, &good);
}

#[test]
fn nothing_is_left_over() {
    let mark = concat!("// FIX", "ME: later\n");
    hold(
        leftovers,
        &[("src/a.rs", "fn f() { todo!() }\n"), ("src/a.rs", mark)],
        &[("src/a.rs", "// all done\n")],
    );
}

#[test]
fn only_the_program_prints() {
    let bad = [("src/bytes/a.rs", "println!(\"x\");\n"), ("src/ui/a.rs", "std::process::exit(1);\n")];
    let good = [
        ("src/main.rs", "println!(\"x\");\n"),
        ("src/cli/a.rs", "print!(\"x\");\n"),
        ("src/a.rs", "// println!\n"),
    ];
    hold(printing, &bad, &good);
}

#[test]
fn no_path_of_one_machine_is_in_the_project() {
    let bad = [("docs/a.md".to_owned(), format!("see {}", concat!("/ro", "ot/x")))];
    assert_eq!(machine_paths(&bad).len(), 1);
    let texts = texts();
    assert!(texts.iter().any(|(path, _)| path == "Cargo.toml"), "the project's texts are not found");
    assert_none(&machine_paths(&texts));
}

#[test]
fn every_test_file_runs() {
    let names = ["a".to_owned(), "b".to_owned()];
    assert_eq!(listed_tests("mod a;\n// mod b;\n", &names).len(), 1);
    let main = std::fs::read_to_string(root().join("tests/main.rs")).unwrap();
    let modules = test_modules();
    assert!(modules.contains(&"tidy".to_owned()), "{modules:?}");
    assert_none(&listed_tests(&main, &modules));
}
