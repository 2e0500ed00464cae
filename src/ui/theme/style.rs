//! A palette as an egui style: spacing on the 4-point grid, quiet widgets, one-pixel lines.
//!
//! Buttons rest flat with an outline and answer with their fill; focus is the accent; nothing grows, casts a long
//! shadow or blinks, so an idle window draws no frame. Deliberately absent: colours of its own.

use egui::style::{
    HandleShape, Interaction, ScrollAnimation, ScrollStyle, Selection, Spacing, TextCursorStyle,
    WidgetVisuals, Widgets,
};
use egui::{Color32, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, Visuals, vec2};

use super::{BODY_SIZE, CONTROL_HEIGHT, HAIRLINE, RADIUS, Theme, UNIT, body, mono, semibold, small};

/// The style of everything that egui draws by itself.
pub(super) fn style(theme: &Theme) -> Style {
    let mut style = Style {
        text_styles: [
            (TextStyle::Small, small()),
            (TextStyle::Body, body()),
            (TextStyle::Button, body()),
            (TextStyle::Monospace, mono()),
            (TextStyle::Heading, semibold(BODY_SIZE)),
        ]
        .into(),
        drag_value_text_style: TextStyle::Monospace,
        spacing: spacing(),
        visuals: visuals(theme),
        // Nothing fades in: what is there is there at once, also in the first frame.
        animation_time: 0.0,
        scroll_animation: ScrollAnimation::none(),
        ..Style::default()
    };
    style.interaction = Interaction {
        resize_grab_radius_side: UNIT,
        tooltip_delay: 0.4,
        // Labels are handles and names here; what is worth copying has a command for it.
        selectable_labels: false,
        ..style.interaction
    };
    style
}

fn spacing() -> Spacing {
    Spacing {
        item_spacing: vec2(2.0 * UNIT, UNIT),
        window_margin: Margin::same(12),
        button_padding: vec2(2.0 * UNIT, 0.5 * UNIT),
        menu_margin: Margin::same(4),
        indent: 4.0 * UNIT,
        interact_size: vec2(10.0 * UNIT, CONTROL_HEIGHT),
        slider_width: 32.0 * UNIT,
        combo_width: 24.0 * UNIT,
        text_edit_width: 48.0 * UNIT,
        icon_width: 4.0 * UNIT,
        icon_width_inner: 2.0 * UNIT,
        icon_spacing: UNIT + 2.0,
        tooltip_width: 90.0 * UNIT,
        menu_width: 80.0 * UNIT,
        menu_spacing: 0.0,
        // A menu may be as high as the window; the usual 400 points would hide the end of most menus.
        default_area_size: vec2(150.0 * UNIT, 1024.0 * UNIT),
        combo_height: 80.0 * UNIT,
        scroll: ScrollStyle {
            bar_width: 2.0 * UNIT,
            floating_allocated_width: 2.0 * UNIT,
            dormant_background_opacity: 0.0,
            active_background_opacity: 0.0,
            interact_background_opacity: 0.0,
            foreground_color: true,
            dormant_handle_opacity: 0.2,
            active_handle_opacity: 0.3,
            interact_handle_opacity: 0.45,
            handle_min_length: 6.0 * UNIT,
            ..ScrollStyle::thin()
        },
        ..Spacing::default()
    }
}

fn visuals(theme: &Theme) -> Visuals {
    let base = if theme.dark { Visuals::dark() } else { Visuals::light() };
    let corner = CornerRadius::same(RADIUS);
    let shadow = Shadow {
        offset: [0, 4],
        blur: 16,
        spread: 0,
        color: Color32::from_black_alpha(if theme.dark { 110 } else { 40 }),
    };
    Visuals {
        dark_mode: theme.dark,
        weak_text_color: Some(theme.text_weak),
        widgets: widgets(theme),
        selection: Selection { bg_fill: theme.accent_bg, stroke: Stroke::new(HAIRLINE, theme.accent) },
        hyperlink_color: theme.accent,
        faint_bg_color: theme.data.row_stripe,
        extreme_bg_color: theme.field_bg,
        text_edit_bg_color: Some(theme.field_bg),
        code_bg_color: theme.bar_bg,
        warn_fg_color: theme.warn,
        error_fg_color: theme.error,
        window_corner_radius: CornerRadius::same(2 * RADIUS),
        window_shadow: shadow,
        window_fill: theme.popup_bg,
        window_stroke: Stroke::new(HAIRLINE, theme.outline),
        window_highlight_topmost: false,
        menu_corner_radius: corner,
        panel_fill: theme.panel_bg,
        popup_shadow: shadow,
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(2.0, theme.accent),
            preview: false,
            blink: false,
            ..TextCursorStyle::default()
        },
        indent_has_left_vline: false,
        striped: false,
        slider_trailing_fill: true,
        handle_shape: HandleShape::Circle,
        ..base
    }
}

fn widgets(theme: &Theme) -> Widgets {
    let corner_radius = CornerRadius::same(RADIUS);
    let widget = |fill, line, text| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(HAIRLINE, line),
        fg_stroke: Stroke::new(HAIRLINE, text),
        corner_radius,
        expansion: 0.0,
    };
    Widgets {
        noninteractive: widget(theme.panel_bg, theme.hairline, theme.text),
        inactive: widget(theme.control_bg, theme.outline, theme.text),
        hovered: widget(theme.hover_bg, theme.outline, theme.text_strong),
        active: widget(theme.pressed_bg, theme.accent, theme.text_strong),
        open: widget(theme.hover_bg, theme.outline, theme.text_strong),
    }
}
