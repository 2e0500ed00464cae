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

    text: rgb(0x24_29_2F),
    text_weak: rgb(0x5B_63_6E),
    text_strong: rgb(0x0E_11_16),
    accent: rgb(0x0B_62_B5),
    on_accent: rgb(0xFF_FF_FF),
    accent_bg: rgb(0xD8_E8_F8),
    error: rgb(0xA8_24_10),
    warn: rgb(0x85_4A_00),

    panel_bg: rgb(0xF6_F7_F9),
    bar_bg: rgb(0xEE_F0_F3),
    field_bg: rgb(0xFF_FF_FF),
    control_bg: rgb(0xFF_FF_FF),
    hover_bg: rgb(0xE4_E8_ED),
    pressed_bg: rgb(0xD5_DB_E2),
    popup_bg: rgb(0xFF_FF_FF),
    hairline: rgb(0xDD_E1_E6),
    outline: rgb(0xC9_CF_D6),
    scroll_handle: rgb(0xB9_C0_C8),
    scroll_handle_active: rgb(0x87_90_9B),

    data: DataColors {
        zero: rgb(0x7A_80_89),
        printable: rgb(0x1B_1F_24),
        space: rgb(0x00_6B_50),
        control: rgb(0x8F_3F_00),
        high: rgb(0x00_52_9C),
        ones: rgb(0x7D_2B_64),
        changed: rgb(0xB0_28_0F),
        changed_mark: rgb(0xD5_5E_00),
        found_bg: rgb(0xFC_EB_AF),
        found_current_bg: rgb(0xF0_AE_1F),
        found_current_fg: rgb(0x17_12_05),
        selection_bg: rgb(0xCF_E2_F7),
        selection_inactive_bg: rgb(0xE2_E6_EB),
        caret_bg: rgb(0x0B_62_B5),
        caret_fg: rgb(0xFF_FF_FF),
        caret_outline: rgb(0x0B_62_B5),
        unavailable: rgb(0xD3_D8_DE),
        failed_hatch: rgb(0xE0_8A_78),
        row_stripe: rgb(0xF8_F9_FB),
        crosshair: rgb(0xEE_F2_F7),
        offset: rgb(0x5B_63_6E),
        header: rgb(0x5B_63_6E),
        grid_bg: rgb(0xFF_FF_FF),
    },
    banner_info: BannerColors { bg: rgb(0xE6_F0_FB), fg: rgb(0x12_33_55), edge: rgb(0x0B_62_B5) },
    banner_warn: BannerColors { bg: rgb(0xFE_F4_DC), fg: rgb(0x4A_33_00), edge: rgb(0xB3_6B_00) },
    banner_error: BannerColors { bg: rgb(0xFD_EB_E7), fg: rgb(0x6B_17_0A), edge: rgb(0xC2_32_1A) },
};

pub(super) static DARK: Theme = Theme {
    dark: true,

    text: rgb(0xD3_D7_DD),
    text_weak: rgb(0x9A_A1_AC),
    text_strong: rgb(0xF2_F4_F7),
    accent: rgb(0x5A_AB_EA),
    on_accent: rgb(0x08_14_20),
    accent_bg: rgb(0x1D_35_50),
    error: rgb(0xFF_93_7C),
    warn: rgb(0xEF_B1_4A),

    panel_bg: rgb(0x1C_1F_24),
    bar_bg: rgb(0x20_23_29),
    field_bg: rgb(0x14_16_1A),
    control_bg: rgb(0x2A_2E_35),
    hover_bg: rgb(0x32_37_3F),
    pressed_bg: rgb(0x3D_43_4D),
    popup_bg: rgb(0x24_28_2E),
    hairline: rgb(0x2F_33_3A),
    outline: rgb(0x3C_41_4A),
    scroll_handle: rgb(0x45_4B_55),
    scroll_handle_active: rgb(0x6F_77_83),

    data: DataColors {
        zero: rgb(0x79_80_8A),
        printable: rgb(0xDD_E0_E5),
        space: rgb(0x3F_BF_98),
        control: rgb(0xE9_A1_3B),
        high: rgb(0x6D_BB_EE),
        ones: rgb(0xDD_94_BE),
        changed: rgb(0xFF_8E_62),
        changed_mark: rgb(0xF0_6A_2A),
        found_bg: rgb(0x3F_35_10),
        found_current_bg: rgb(0xF0_AE_1F),
        found_current_fg: rgb(0x17_12_05),
        selection_bg: rgb(0x17_35_55),
        selection_inactive_bg: rgb(0x2A_2E_35),
        caret_bg: rgb(0x5A_AB_EA),
        caret_fg: rgb(0x08_14_20),
        caret_outline: rgb(0x5A_AB_EA),
        unavailable: rgb(0x30_34_3B),
        failed_hatch: rgb(0x8C_3E_2E),
        row_stripe: rgb(0x19_1C_20),
        crosshair: rgb(0x21_25_2B),
        offset: rgb(0x8D_94_9F),
        header: rgb(0x8D_94_9F),
        grid_bg: rgb(0x16_18_1C),
    },
    banner_info: BannerColors { bg: rgb(0x17_2B_40), fg: rgb(0xCF_E4_F8), edge: rgb(0x5A_AB_EA) },
    banner_warn: BannerColors { bg: rgb(0x38_2C_10), fg: rgb(0xF6_E2_B5), edge: rgb(0xEF_B1_4A) },
    banner_error: BannerColors { bg: rgb(0x40_1C_15), fg: rgb(0xFD_D5_CB), edge: rgb(0xFF_8A_70) },
};
