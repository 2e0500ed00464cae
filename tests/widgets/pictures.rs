//! The whole window as a picture: in both themes it is drawn, in its theme's colours, and stands still.

use super::rig::{SIZE, Window};
use egui::{Color32, ColorImage, Theme};
use pagelens::session::{Command, Remembered, Session};
use pagelens::ui::theme;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

fn window(theme: Theme) -> Window {
    let mut window = Window::build(theme, |waker| Session::new(Remembered::default(), waker));
    let bytes: Vec<u8> = (0..20_000u32).map(|at| ((at * 37) >> 3) as u8).collect();
    window.write("a.bin", &bytes);
    window.open("a.bin");
    let command = if theme == Theme::Dark { Command::ThemeDark } else { Command::ThemeLight };
    window.run(command);
    window.run(Command::ShowBoth);
    window
}

fn count(picture: &ColorImage) -> HashMap<Color32, usize> {
    let mut counts = HashMap::new();
    for pixel in &picture.pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    counts
}

#[test]
fn the_window_is_drawn_in_both_themes() {
    for (theme, colors) in [(Theme::Dark, theme::Theme::dark()), (Theme::Light, theme::Theme::light())] {
        let mut window = window(theme);
        window.rest();
        let picture = window.picture();
        assert_eq!(picture.size, [SIZE.x as usize, SIZE.y as usize]);
        let counts = count(&picture);
        let share =
            |color: Color32| counts.get(&color).copied().unwrap_or_default() as f32 / (SIZE.x * SIZE.y);
        assert!(counts.len() > 100, "{theme:?}: only {} colours", counts.len());
        assert!(
            share(colors.data.grid_bg) > 0.2,
            "{theme:?}: {} is the grid's ground",
            share(colors.data.grid_bg)
        );
        assert!(share(colors.panel_bg) > 0.05, "{theme:?}: {} is the panels'", share(colors.panel_bg));
        assert!(share(colors.data.caret_bg) > 0.0, "{theme:?}: no caret");
        // Ink where the rows are, and none of the black that stands for nothing drawn.
        let row = window.row_rect("0000 0100");
        let ink = (row.left() as usize..row.right() as usize)
            .filter(|x| picture[(*x, row.center().y as usize)] != colors.data.grid_bg)
            .count();
        assert!(ink > 50, "{theme:?}: {ink} pixels of ink in a row");
    }
}

#[test]
fn the_themes_are_not_each_other() {
    let [dark, light] = [Theme::Dark, Theme::Light].map(|theme| {
        let mut window = window(theme);
        window.rest();
        window.picture()
    });
    let same = dark.pixels.iter().zip(&light.pixels).filter(|(a, b)| a == b).count();
    assert!(same < dark.pixels.len() / 10, "{same} pixels are the same");
}

#[test]
fn a_window_at_rest_draws_the_same_picture_again() {
    let mut window = window(Theme::Dark);
    window.rest();
    let first = window.picture();
    for frame in 1..5 {
        window.frame();
        assert!(window.picture() == first, "frame {frame} is another");
    }
    window.type_text("4");
    window.rest();
    assert!(window.picture() != first, "a typed digit is seen");
}

/// The characters beyond ASCII that the code of a folder writes, tests and comments aside.
fn signs(folder: &Path, found: &mut BTreeSet<char>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            signs(&path, found);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.extend(lines.flat_map(str::chars).filter(|character| !character.is_ascii()));
        }
    }
}

#[test]
fn every_sign_that_the_window_writes_is_in_its_fonts() {
    let mut wanted = BTreeSet::new();
    for folder in ["src/ui", "src/session"] {
        signs(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut wanted);
    }
    assert!(wanted.contains(&'…') && wanted.len() > 8, "{wanted:?}");
    let window = Window::new();
    for font in [theme::body(), theme::small(), theme::medium(13.0), theme::mono()] {
        let lacks = |sign: &char| !window.ctx().fonts_mut(|fonts| fonts.has_glyph(&font, *sign));
        let missing: Vec<char> = wanted.iter().copied().filter(lacks).collect();
        assert_eq!(missing, ['x'; 0], "{font:?} shows boxes for these");
    }
}
