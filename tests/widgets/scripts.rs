//! Text of any script: what a font of the system has is drawn, and the frame never waits for it.
//!
//! fontconfig's own list is asked which characters this system has. Where it has none of a script, that is said loudly
//! and the character must be a box.

use super::rig::Window;
use egui::Color32;
use pagelens::decode::Encoding;
use pagelens::session::view::ViewFormat;
use pagelens::session::{Action, OpenAction, PaneAction, PaneKey};
use pagelens::ui::theme;
use std::process::Command;
use std::time::{Duration, Instant};

/// A character of each script, none of which the program's own fonts have.
const SAMPLES: [(&str, char); 9] = [
    ("Chinese", '漢'),
    ("Japanese", 'か'),
    ("Korean", '한'),
    ("Arabic", 'ع'),
    ("Hebrew", 'ש'),
    ("Thai", 'ก'),
    ("Devanagari", 'क'),
    ("Armenian", 'Ա'),
    ("emoji", '🧬'),
];

/// Whether the system has an outline font, or one of coloured pictures, with the character; `None` without fontconfig.
fn system_has(character: char) -> Option<bool> {
    let pattern = format!(":charset={:x}:fontformat=", u32::from(character));
    let mut any = false;
    for format in ["TrueType", "CFF"] {
        let output = Command::new("fc-list").args([&format!("{pattern}{format}"), "file"]).output().ok()?;
        any |= !output.stdout.is_empty();
    }
    Some(any)
}

/// Whether the program's own fonts have it, in both families.
fn own_fonts_have(character: char) -> bool {
    let ctx = egui::Context::default();
    pagelens::ui::fonts::install(&ctx);
    let mut has = false;
    let output = ctx.run_ui(egui::RawInput::default(), |ui| {
        let fonts = [theme::data(1.0), theme::body()];
        has = ui.ctx().fonts_mut(|ask| fonts.iter().all(|font| ask.has_glyph(font, character)));
    });
    output.drop_without_applying_deltas();
    has
}

/// Draws until the character is there, or nobody looks for it any more.
fn drawn(window: &mut Window, character: char, wanted: bool) -> bool {
    let begun = Instant::now();
    loop {
        window.frame();
        let fonts = [theme::data(1.0), theme::body()];
        let has = |ctx: &egui::Context| {
            ctx.fonts_mut(|ask| fonts.iter().all(|font| ask.has_glyph(font, character)))
        };
        let has = has(window.ctx());
        if has || (!wanted && !window.looks_for_fonts()) {
            return has;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{character:?} is looked for without end");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn utf8(window: &Window) -> Action {
    let format = ViewFormat { text: Some(Encoding::Utf8), ..window.tab().hex().format.clone() };
    Action::Pane(PaneAction::Format { pane: PaneKey::BYTES, format })
}

#[test]
fn a_character_is_drawn_where_the_system_has_a_font_for_it() {
    for (script, character) in SAMPLES {
        let Some(wanted) = system_has(character) else {
            eprintln!("NOT TESTED: fonts of the system, for fc-list (fontconfig) is not here");
            return;
        };
        if !wanted {
            eprintln!("NOT TESTED: {script}, for no font of this system has {character:?}: only the box is");
        }
        let mut window = shown(&character.to_string().repeat(3));
        let wanted = wanted || own_fonts_have(character);
        assert_eq!(drawn(&mut window, character, wanted), wanted, "{script} {character:?}");
    }
}

/// A window in which a character that no font has is a box, as in the real one; others of these tests panic.
fn boxes() -> Window {
    let window = Window::new();
    window.ctx().set_missing_glyph_policy(egui::epaint::text::MissingGlyphPolicy::Tofu);
    window
}

/// A file of this text is shown as UTF-8, one frame of it.
fn shown(text: &str) -> Window {
    let mut window = boxes();
    window.write("a.bin", text.as_bytes());
    window.open("a.bin");
    let format = utf8(&window);
    window.draft(format);
    window
}

/// An array of one string of ten characters.
fn array_of(text: &str) -> Window {
    let header = "{'descr': '<U10', 'fortran_order': False, 'shape': (1,), }";
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    let padded = format!("{header:<117}\n");
    bytes.extend((padded.len() as u16).to_le_bytes());
    bytes.extend(padded.as_bytes());
    bytes.extend(text.chars().flat_map(|character| u32::from(character).to_le_bytes()));
    let mut window = boxes();
    window.write("a.npy", &bytes);
    window.open("a.npy");
    window
}

#[test]
fn a_wide_character_takes_two_cells_of_an_array() {
    let seen = |text: &str| {
        let window = array_of(text);
        let view = window.tab().array().expect("the array is shown");
        view.columns.seen_chars(0)
    };
    let narrow = seen("abcdefghij");
    assert_eq!(seen("漢字漢字漢字漢字漢字"), narrow + 10);
}

#[test]
fn the_frame_does_not_wait_for_fonts() {
    // Every frame answers at once, with a box, until the worker has found something.
    let mut window = boxes();
    window.write("a.bin", "ᚠᚢᚦ".as_bytes());
    window.draft(Action::Open(OpenAction::Files(vec![window.path("a.bin")])));
    let galley = window
        .ctx()
        .fonts_mut(|fonts| fonts.layout_no_wrap(String::from("ᚠ"), theme::body(), Color32::WHITE));
    assert_eq!(galley.rows[0].glyphs.len(), 1);
    assert!(window.looks_for_fonts(), "a worker is sent");
}
