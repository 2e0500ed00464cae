//! The two palettes, as tables of colours.
//!
//! The data's hues are those of Okabe and Ito (bluish green, vermilion, blue, reddish purple, orange), which stay
//! apart under the common kinds of colour blindness, darkened or lightened until they are legible.
//! Grey carries everything else, so that the one accent means something. Deliberately absent: sizes.

use egui::Color32;

use super::{BannerColors, DataColors, Theme};

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

pub(super) static LIGHT: Theme = Theme {
    dark: false,

    text: rgb(0x24292F),
    text_weak: rgb(0x5B636E),
    text_strong: rgb(0x0E1116),
    accent: rgb(0x0B62B5),
    on_accent: rgb(0xFFFFFF),
    accent_bg: rgb(0xD8E8F8),
    good: rgb(0x006B50),
    error: rgb(0xA82410),
    warn: rgb(0x854A00),

    panel_bg: rgb(0xF6F7F9),
    bar_bg: rgb(0xEEF0F3),
    field_bg: rgb(0xFFFFFF),
    control_bg: rgb(0xFFFFFF),
    hover_bg: rgb(0xE4E8ED),
    pressed_bg: rgb(0xD5DBE2),
    popup_bg: rgb(0xFFFFFF),
    hairline: rgb(0xDDE1E6),
    outline: rgb(0xC9CFD6),
    scroll_handle: rgb(0xB9C0C8),
    scroll_handle_active: rgb(0x87909B),

    data: DataColors {
        zero: rgb(0x7A8089),
        printable: rgb(0x1B1F24),
        space: rgb(0x006B50),
        control: rgb(0x8F3F00),
        high: rgb(0x00529C),
        ones: rgb(0x7D2B64),
        changed: rgb(0xB0280F),
        changed_mark: rgb(0xD55E00),
        found_bg: rgb(0xFCEBAF),
        found_current_bg: rgb(0xF0AE1F),
        string_bg: rgb(0xD3EFE3),
        string_mark: rgb(0x008F68),
        found_current_fg: rgb(0x171205),
        selection_bg: rgb(0xCFE2F7),
        selection_inactive_bg: rgb(0xE2E6EB),
        caret_bg: rgb(0x0B62B5),
        caret_fg: rgb(0xFFFFFF),
        caret_outline: rgb(0x0B62B5),
        unavailable: rgb(0xD3D8DE),
        failed_hatch: rgb(0xE08A78),
        row_stripe: rgb(0xF8F9FB),
        crosshair: rgb(0xEEF2F7),
        offset: rgb(0x5B636E),
        header: rgb(0x5B636E),
        grid_bg: rgb(0xFFFFFF),
    },
    banner_info: BannerColors { bg: rgb(0xE6F0FB), fg: rgb(0x123355), edge: rgb(0x0B62B5) },
    banner_warn: BannerColors { bg: rgb(0xFEF4DC), fg: rgb(0x4A3300), edge: rgb(0xB36B00) },
    banner_error: BannerColors { bg: rgb(0xFDEBE7), fg: rgb(0x6B170A), edge: rgb(0xC2321A) },
};

pub(super) static DARK: Theme = Theme {
    dark: true,

    text: rgb(0xD3D7DD),
    text_weak: rgb(0x9AA1AC),
    text_strong: rgb(0xF2F4F7),
    accent: rgb(0x5AABEA),
    on_accent: rgb(0x081420),
    accent_bg: rgb(0x1D3550),
    good: rgb(0x4FCBA5),
    error: rgb(0xFF937C),
    warn: rgb(0xEFB14A),

    panel_bg: rgb(0x1C1F24),
    bar_bg: rgb(0x202329),
    field_bg: rgb(0x14161A),
    control_bg: rgb(0x2A2E35),
    hover_bg: rgb(0x32373F),
    pressed_bg: rgb(0x3D434D),
    popup_bg: rgb(0x24282E),
    hairline: rgb(0x2F333A),
    outline: rgb(0x3C414A),
    scroll_handle: rgb(0x454B55),
    scroll_handle_active: rgb(0x6F7783),

    data: DataColors {
        zero: rgb(0x79808A),
        printable: rgb(0xDDE0E5),
        space: rgb(0x3FBF98),
        control: rgb(0xE9A13B),
        high: rgb(0x6DBBEE),
        ones: rgb(0xDD94BE),
        changed: rgb(0xFF8E62),
        changed_mark: rgb(0xF06A2A),
        found_bg: rgb(0x3F3510),
        found_current_bg: rgb(0xF0AE1F),
        string_bg: rgb(0x12382C),
        string_mark: rgb(0x2FA37F),
        found_current_fg: rgb(0x171205),
        selection_bg: rgb(0x173555),
        selection_inactive_bg: rgb(0x2A2E35),
        caret_bg: rgb(0x5AABEA),
        caret_fg: rgb(0x081420),
        caret_outline: rgb(0x5AABEA),
        unavailable: rgb(0x30343B),
        failed_hatch: rgb(0x8C3E2E),
        row_stripe: rgb(0x191C20),
        crosshair: rgb(0x21252B),
        offset: rgb(0x8D949F),
        header: rgb(0x8D949F),
        grid_bg: rgb(0x16181C),
    },
    banner_info: BannerColors { bg: rgb(0x172B40), fg: rgb(0xCFE4F8), edge: rgb(0x5AABEA) },
    banner_warn: BannerColors { bg: rgb(0x382C10), fg: rgb(0xF6E2B5), edge: rgb(0xEFB14A) },
    banner_error: BannerColors { bg: rgb(0x401C15), fg: rgb(0xFDD5CB), edge: rgb(0xFF8A70) },
};
