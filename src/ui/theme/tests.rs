//! Legibility, computed: the contrast of each text colour on each background that it is drawn on.
//!
//! The formulas are those of WCAG 2.1, relative luminance and contrast ratio.

use egui::Color32;

use super::*;

fn luminance(color: Color32) -> f64 {
    let [r, g, b, a] = color.to_array();
    assert_eq!(a, 255, "contrast is only defined for opaque colours, not {color:?}");
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

fn contrast(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The pairs of `fgs` and `bgs` below `least`, as text.
fn too_faint(least: f64, fgs: &[(&str, Color32)], bgs: &[(&str, Color32)]) -> Vec<String> {
    let mut faint = Vec::new();
    for (fg_name, fg) in fgs {
        for (bg_name, bg) in bgs {
            let ratio = contrast(*fg, *bg);
            if ratio < least {
                faint.push(format!("{fg_name} on {bg_name}: {ratio:.2}, wanted {least}"));
            }
        }
    }
    faint
}

fn both() -> [(&'static str, &'static Theme); 2] {
    [("light", Theme::light()), ("dark", Theme::dark())]
}

fn assert_legible(name: &str, faint: &[String]) {
    assert!(faint.is_empty(), "{name} theme:\n  {}", faint.join("\n  "));
}

fn grid_backgrounds(data: &DataColors) -> [(&'static str, Color32); 7] {
    [
        ("grid_bg", data.grid_bg),
        ("row_stripe", data.row_stripe),
        ("crosshair", data.crosshair),
        ("found_bg", data.found_bg),
        ("string_bg", data.string_bg),
        ("selection_bg", data.selection_bg),
        ("selection_inactive_bg", data.selection_inactive_bg),
    ]
}

#[test]
fn the_formula_gives_the_known_ratios() {
    assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-9);
    let grey = Color32::from_rgb(0x76, 0x76, 0x76);
    assert!((contrast(grey, Color32::WHITE) - 4.54).abs() < 0.01);
    assert_eq!(too_faint(4.6, &[("grey", grey)], &[("white", Color32::WHITE)]).len(), 1);
}

#[test]
fn data_is_legible_on_every_background_of_the_grid() {
    for (name, theme) in both() {
        let data = &theme.data;
        let bgs = grid_backgrounds(data);
        let fgs = [
            ("printable", data.printable),
            ("space", data.space),
            ("control", data.control),
            ("high", data.high),
            ("ones", data.ones),
            ("changed", data.changed),
        ];
        let mut faint = too_faint(4.5, &fgs, &bgs);
        faint.extend(too_faint(3.0, &[("zero", data.zero)], &bgs));
        faint.extend(too_faint(3.0, &[("changed_mark", data.changed_mark)], &bgs[..3]));
        let margins = [("offset", data.offset), ("header", data.header)];
        faint.extend(too_faint(4.5, &margins, &bgs[..3]));
        let current = [("found_current_fg", data.found_current_fg)];
        faint.extend(too_faint(4.5, &current, &[("found_current_bg", data.found_current_bg)]));
        faint.extend(too_faint(4.5, &[("caret_fg", data.caret_fg)], &[("caret_bg", data.caret_bg)]));
        faint.extend(too_faint(3.0, &[("caret_outline", data.caret_outline)], &bgs));
        assert_legible(name, &faint);
    }
}

#[test]
fn text_is_legible_on_every_surface() {
    for (name, theme) in both() {
        let surfaces = [
            ("panel_bg", theme.panel_bg),
            ("bar_bg", theme.bar_bg),
            ("field_bg", theme.field_bg),
            ("control_bg", theme.control_bg),
            ("popup_bg", theme.popup_bg),
            ("hover_bg", theme.hover_bg),
            ("pressed_bg", theme.pressed_bg),
            ("accent_bg", theme.accent_bg),
            ("grid_bg", theme.data.grid_bg),
        ];
        let everywhere = [("text", theme.text), ("text_strong", theme.text_strong)];
        let mut faint = too_faint(4.5, &everywhere, &surfaces);
        let quiet = [
            ("text_weak", theme.text_weak),
            ("accent", theme.accent),
            ("good", theme.good),
            ("error", theme.error),
            ("warn", theme.warn),
        ];
        faint.extend(too_faint(4.5, &quiet, &surfaces[..5]));
        // A list row under the pointer, and a selected one: egui draws selected text in the accent.
        faint.extend(too_faint(
            4.5,
            &[("accent", theme.accent), ("good", theme.good)],
            &[("accent_bg", theme.accent_bg)],
        ));
        faint.extend(too_faint(4.5, &[("text_weak", theme.text_weak)], &surfaces[5..6]));
        faint.extend(too_faint(4.5, &[("on_accent", theme.on_accent)], &[("accent", theme.accent)]));
        assert_legible(name, &faint);
    }
}

#[test]
fn banners_are_legible() {
    for (name, theme) in both() {
        for banner in [&theme.banner_info, &theme.banner_warn, &theme.banner_error] {
            let mut faint = too_faint(4.5, &[("fg", banner.fg)], &[("bg", banner.bg)]);
            faint.extend(too_faint(3.0, &[("edge", banner.edge)], &[("bg", banner.bg)]));
            assert_legible(name, &faint);
        }
    }
}

#[test]
fn marks_of_the_grid_show_in_greyscale() {
    // A print in grey keeps only the luminance: what lies behind a byte must still differ from the plain grid.
    for (name, theme) in both() {
        let data = &theme.data;
        for (what, bg) in [
            ("found_bg", data.found_bg),
            ("string_bg", data.string_bg),
            ("string_mark", data.string_mark),
            ("found_current_bg", data.found_current_bg),
            ("selection_bg", data.selection_bg),
            ("selection_inactive_bg", data.selection_inactive_bg),
            ("unavailable", data.unavailable),
            ("failed_hatch", data.failed_hatch),
        ] {
            let ratio = contrast(bg, data.grid_bg);
            assert!(ratio >= 1.15, "{name} theme: {what} is {ratio:.2} from the grid, wanted 1.15");
        }
        let dim = contrast(data.zero, data.grid_bg);
        let loud = contrast(data.printable, data.grid_bg);
        assert!(
            loud > 2.5 * dim,
            "{name} theme: zero bytes must be dimmer than text, {dim:.1} and {loud:.1}"
        );
    }
}

#[test]
fn applying_gives_each_mode_its_own_style() {
    let ctx = egui::Context::default();
    install(&ctx);
    for (mode, theme) in [(egui::Theme::Light, Theme::light()), (egui::Theme::Dark, Theme::dark())] {
        ctx.set_theme(mode);
        assert_eq!(Theme::of(&ctx), theme);
        assert_eq!(ctx.style_of(mode).visuals.panel_fill, theme.panel_bg);
        assert!(
            !ctx.style_of(mode).visuals.text_cursor.blink,
            "a blinking caret would draw frames when idle"
        );
    }
}

#[test]
fn data_sizes_stay_legible_at_any_zoom() {
    assert_eq!(data(1.0), FontId::monospace(DATA_SIZE));
    assert_eq!(data(0.0).size, *DATA_SIZE_RANGE.start());
    assert_eq!(data(1e9).size, *DATA_SIZE_RANGE.end());
    assert_eq!(data(f32::NAN).size, DATA_SIZE);
    assert_eq!(data(1.1).size, 14.5);
}

#[test]
fn the_icon_decodes() {
    let icon = icon();
    assert_eq!((icon.width, icon.height), (128, 128));
    assert!(icon.rgba.chunks_exact(4).any(|pixel| pixel[3] == 255), "the icon is empty");
}
