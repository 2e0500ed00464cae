//! The fonts that the program brings along, given to egui as families.
//!
//! Proportional text is Inter with digits of one width, data is JetBrains Mono with a zero that is no O; each lends
//! the other the signs that it lacks, then come egui's own, then the system's ([`system`]). Deliberately absent: sizes
//! (the theme has them).

pub mod pictures;
pub mod system;

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily};

use super::theme::{MEDIUM, SEMIBOLD};

const SANS: &str = "Inter";
const SANS_MEDIUM: &str = "Inter Medium";
const SANS_SEMIBOLD: &str = "Inter SemiBold";
const MONO: &str = "JetBrains Mono";

static FILES: [(&str, &[u8]); 4] = [
    (SANS, crate::pictures::text::SANS),
    (SANS_MEDIUM, include_bytes!("../../assets/fonts/Inter-Medium.otf")),
    (SANS_SEMIBOLD, include_bytes!("../../assets/fonts/Inter-SemiBold.otf")),
    (MONO, include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf")),
];

/// Gives egui the families; call it once, before the first frame.
pub fn install(ctx: &Context) {
    ctx.set_fonts(definitions());
    pictures::install(ctx);
}

fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    for (name, file) in FILES {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(file)));
    }
    for (family, own) in [
        (FontFamily::Proportional, [SANS, MONO]),
        (FontFamily::Monospace, [MONO, SANS]),
        (FontFamily::Name(MEDIUM.into()), [SANS_MEDIUM, MONO]),
        (FontFamily::Name(SEMIBOLD.into()), [SANS_SEMIBOLD, MONO]),
    ] {
        let fallback = if family == FontFamily::Monospace { &family } else { &FontFamily::Proportional };
        let last: Vec<String> = FontDefinitions::default().families.remove(fallback).unwrap_or_default();
        fonts.families.insert(family, own.map(str::to_owned).into_iter().chain(last).collect());
    }
    fonts.families.insert(pictures::family(), vec![MONO.to_owned()]);
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme;

    /// Runs one pass with the fonts installed, then asks of them.
    fn with_fonts<R>(ask: impl FnOnce(&Context) -> R) -> R {
        let ctx = Context::default();
        install(&ctx);
        let mut ask = Some(ask);
        let mut answer = None;
        let output = ctx.run_ui(egui::RawInput::default(), |ui| {
            if let Some(ask) = ask.take() {
                answer = Some(ask(ui.ctx()));
            }
        });
        output.drop_without_applying_deltas();
        answer.unwrap()
    }

    #[test]
    fn digits_of_the_text_font_are_of_equal_width() {
        with_fonts(|ctx| {
            for font in [theme::body(), theme::small(), theme::medium(13.0), theme::semibold(13.0)] {
                let widths = "0123456789".chars().map(|c| ctx.fonts_mut(|f| f.glyph_width(&font, c)));
                let widths: Vec<f32> = widths.collect();
                assert!(widths.iter().all(|w| *w == widths[0] && *w > 0.0), "{font:?}: {widths:?}");
            }
        });
    }

    #[test]
    fn data_characters_are_of_equal_width() {
        with_fonts(|ctx| {
            let font = theme::data(1.0);
            let width = |c| ctx.fonts_mut(|f| f.glyph_width(&font, c));
            let zero = width('0');
            assert!(zero > 0.0);
            for c in ('!'..='~').chain('¡'..='ÿ').chain('Α'..='Ρ').chain('А'..='я').filter(|c| *c != '\u{ad}')
            {
                assert_eq!(width(c), zero, "{c:?} is not as wide as a zero");
            }
        });
    }

    #[test]
    fn every_family_has_the_signs_of_the_window() {
        with_fonts(|ctx| {
            for font in [theme::body(), theme::medium(13.0), theme::semibold(13.0), theme::mono()] {
                for sign in "▸▾✕●○⚠…←→↑↓✓×·│≡∞−±≤≥µΩé·".chars() {
                    assert!(ctx.fonts_mut(|f| f.has_glyph(&font, sign)), "{font:?} lacks {sign}");
                }
            }
        });
    }

    #[test]
    fn nothing_is_replaced_while_typing() {
        // A ligature would show `->` as an arrow and 8x8 as 8×8: what is shown must be what is there.
        with_fonts(|ctx| {
            for font in [theme::body(), theme::mono()] {
                for text in ["->", "8x8", "!=", "fi", "0x00"] {
                    let galley = ctx
                        .fonts_mut(|f| f.layout_no_wrap(text.to_owned(), font.clone(), egui::Color32::WHITE));
                    let glyphs = &galley.rows[0].glyphs;
                    assert_eq!(glyphs.len(), text.chars().count());
                    for (glyph, c) in glyphs.iter().zip(text.chars()) {
                        let alone = ctx.fonts_mut(|f| {
                            f.layout_no_wrap(c.to_string(), font.clone(), egui::Color32::WHITE)
                        });
                        let (got, want) = (glyph.uv_rect.size, alone.rows[0].glyphs[0].uv_rect.size);
                        let near = (got.x - want.x).abs() <= 1.0 && (got.y - want.y).abs() <= 1.0;
                        assert!(
                            near,
                            "{c:?} in {text:?} is drawn as something else: {got:?}, alone {want:?}"
                        );
                    }
                }
            }
        });
    }
}
