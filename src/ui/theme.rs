//! Every colour, size and font of the window: nothing else in the program names one.
//!
//! Two palettes, light and dark, share one shape, [`Theme`]; a widget asks [`Theme::of`] for the one in force.
//! Sizes sit on a grid of 4 points. A text colour is legible on each background that it is drawn on
//! (WCAG AA; the dim zero bytes reach 3 : 1), which the tests compute. Meaning is never carried by hue alone:
//! the data colours differ in lightness too, and a changed byte has a mark besides its colour.
//! Deliberately absent: drawing, and what belongs to which byte.

mod colors;
mod style;

use egui::{Color32, Context, FontFamily, FontId, IconData, Stroke};

/// All colours of one mode of the window.
#[derive(Debug, PartialEq)]
pub struct Theme {
    /// Whether this is the dark one.
    pub dark: bool,

    /// Text that is read: values, names, menus.
    pub text: Color32,
    /// Labels, units, hints: legible, but a step back.
    pub text_weak: Color32,
    /// Headings and the active tab.
    pub text_strong: Color32,
    /// The one accent: focus, links, the running part of a progress bar.
    pub accent: Color32,
    /// Text on a surface filled with the accent.
    pub on_accent: Color32,
    /// A row or entry that is selected in a list (not bytes: those are `data.selection_bg`).
    pub accent_bg: Color32,
    /// What agrees, in a line of text.
    pub good: Color32,
    /// Errors in a line of text.
    pub error: Color32,
    /// Warnings in a line of text.
    pub warn: Color32,

    /// Side panels, the toolbar, dialogs.
    pub panel_bg: Color32,
    /// The menu bar, the row of tabs and the status bar.
    pub bar_bg: Color32,
    /// The inside of a text field.
    pub field_bg: Color32,
    /// A button at rest.
    pub control_bg: Color32,
    /// A button or list row under the pointer.
    pub hover_bg: Color32,
    /// A button while it is pressed.
    pub pressed_bg: Color32,
    /// Menus, tooltips, the command palette.
    pub popup_bg: Color32,
    /// Lines between areas, one pixel wide.
    pub hairline: Color32,
    /// The outline of buttons and fields, one pixel wide.
    pub outline: Color32,
    /// The handle of a scroll bar at rest.
    pub scroll_handle: Color32,
    /// The handle of a scroll bar under the pointer or dragged.
    pub scroll_handle_active: Color32,

    /// The grid's colours.
    pub data: DataColors,
    /// A message that informs.
    pub banner_info: BannerColors,
    /// A message that warns.
    pub banner_warn: BannerColors,
    /// A message that tells of a failure.
    pub banner_error: BannerColors,
}

/// The colours of bytes and values.
///
/// The text colours from `zero` to `changed`, `offset` and `header` may be drawn on `grid_bg`, `row_stripe`,
/// `crosshair`, `found_bg`, `string_bg`, `selection_bg` and `selection_inactive_bg`. On `found_current_bg` and on `caret_bg`
/// all text is `found_current_fg` and `caret_fg`.
#[derive(Debug, PartialEq)]
pub struct DataColors {
    /// Zero bytes: dim, so that structure stands out.
    pub zero: Color32,
    /// Printable characters.
    pub printable: Color32,
    /// Space, tab, line ends.
    pub space: Color32,
    /// The other control characters.
    pub control: Color32,
    /// 0x80 to 0xFE.
    pub high: Color32,
    /// 0xFF.
    pub ones: Color32,
    /// A byte that differs from the saved file.
    pub changed: Color32,
    /// The underline of a byte that differs from the saved file.
    pub changed_mark: Color32,
    /// Behind a match of the search.
    pub found_bg: Color32,
    /// Behind the match that the search stands on.
    pub found_current_bg: Color32,
    /// Behind a string of the list of strings.
    pub string_bg: Color32,
    /// A string on a scroll bar.
    pub string_mark: Color32,
    /// Text on `found_current_bg`.
    pub found_current_fg: Color32,
    /// Behind selected bytes in the column that has the focus.
    pub selection_bg: Color32,
    /// Behind selected bytes in the other columns, and when the window has no focus.
    pub selection_inactive_bg: Color32,
    /// The caret's cell in the column that has the focus.
    pub caret_bg: Color32,
    /// Text on `caret_bg`.
    pub caret_fg: Color32,
    /// Around the caret's cell in the other columns.
    pub caret_outline: Color32,
    /// Hatching of bytes that are still being read.
    pub unavailable: Color32,
    /// Hatching of bytes that could not be read.
    pub failed_hatch: Color32,
    /// Behind every other row.
    pub row_stripe: Color32,
    /// Behind the row and column under the pointer.
    pub crosshair: Color32,
    /// The offset at the left of a row.
    pub offset: Color32,
    /// The column heads.
    pub header: Color32,
    /// Behind everything.
    pub grid_bg: Color32,
}

/// A message across the window: background, text, and the edge and icon that tell its kind.
#[derive(Debug, PartialEq)]
pub struct BannerColors {
    /// Behind the text.
    pub bg: Color32,
    /// The text.
    pub fg: Color32,
    /// The bar at the left and the icon; at least 3 : 1 on `bg`.
    pub edge: Color32,
}

/// The unit of all spacing, in points.
pub const UNIT: f32 = 4.0;
/// The width of a line between areas, in points.
pub const HAIRLINE: f32 = 1.0;
/// The rounding of buttons, fields and menus, in points.
pub const RADIUS: u8 = 4;
/// The height of a button, a field or a line of a list, in points.
pub const CONTROL_HEIGHT: f32 = 24.0;
/// The height of the row of tabs, in points.
pub const TAB_HEIGHT: f32 = 32.0;
/// The height of the status bar, in points.
pub const STATUS_HEIGHT: f32 = 24.0;
/// The width of the grid's scroll bar, in points.
pub const SCROLL_BAR_WIDTH: f32 = 12.0;
/// The width of a side panel on the first start, in points.
pub const PANEL_WIDTH: f32 = 248.0;
/// The narrowest that a side panel can be drawn, in points.
pub const PANEL_MIN_WIDTH: f32 = 160.0;
/// Points that a panel at the bottom takes at least.
pub const PANEL_MIN_HEIGHT: f32 = 96.0;

/// The size of text that is read, in points.
pub const BODY_SIZE: f32 = 13.0;
/// The size of labels, hints and the status bar, in points.
pub const SMALL_SIZE: f32 = 11.5;
/// The size of data at a zoom of 1, in points.
pub const DATA_SIZE: f32 = 13.0;
/// The smallest and the largest size of data, in points.
pub const DATA_SIZE_RANGE: std::ops::RangeInclusive<f32> = 7.0..=40.0;

/// The name of the family with the medium weight.
pub const MEDIUM: &str = "medium";
/// The name of the family with the semibold weight.
pub const SEMIBOLD: &str = "semibold";

/// Text that is read.
pub fn body() -> FontId {
    FontId::proportional(BODY_SIZE)
}

/// Labels, hints, the status bar.
pub fn small() -> FontId {
    FontId::proportional(SMALL_SIZE)
}

/// The active tab, the names of panels.
pub fn medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(MEDIUM.into()))
}

/// Headings.
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
}

/// The grid's font. `zoom` is a factor, 1 as shipped; the size comes in steps of half a point and stays in
/// [`DATA_SIZE_RANGE`], so that every zoom is legible and no two differ by less than can be seen.
pub fn data(zoom: f32) -> FontId {
    let wanted = DATA_SIZE * if zoom.is_finite() { zoom } else { 1.0 };
    let size = (wanted * 2.0).round() / 2.0;
    FontId::monospace(size.clamp(*DATA_SIZE_RANGE.start(), *DATA_SIZE_RANGE.end()))
}

/// Values in panels and fields: the data font at the size of the text around it.
pub fn mono() -> FontId {
    FontId::monospace(BODY_SIZE)
}

impl Theme {
    /// The light palette.
    pub fn light() -> &'static Self {
        &colors::LIGHT
    }

    /// The dark palette.
    pub fn dark() -> &'static Self {
        &colors::DARK
    }

    /// The palette in force, which follows the system's or the user's choice (`Context::set_theme`).
    pub fn of(ctx: &Context) -> &'static Self {
        match ctx.theme() {
            egui::Theme::Light => Self::light(),
            egui::Theme::Dark => Self::dark(),
        }
    }

    /// Gives egui this palette's style, for its own mode only.
    pub fn apply(&self, ctx: &Context) {
        let mode = if self.dark { egui::Theme::Dark } else { egui::Theme::Light };
        ctx.set_style_of(mode, style::style(self));
    }

    /// The line between areas.
    pub fn hairline_stroke(&self) -> Stroke {
        Stroke::new(HAIRLINE, self.hairline)
    }
}

/// Gives egui both palettes; which one shows is `Context::set_theme`'s matter.
pub fn install(ctx: &Context) {
    Theme::light().apply(ctx);
    Theme::dark().apply(ctx);
}

/// The window's icon.
pub fn icon() -> IconData {
    // The picture is part of the program, and a test decodes it.
    eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon/pagelens-128.png"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
