//! The colours of values between the least and the greatest of a picture, and of those that are neither.

use std::sync::OnceLock;

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// Colours for values from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorMap {
    /// From dark violet to yellow; even steps of brightness, for all eyes.
    #[default]
    Viridis,
    /// From blue to yellow; the same to colour-blind eyes.
    Cividis,
    /// From black over violet to pale yellow.
    Magma,
    /// All hues.
    Turbo,
    /// From black to white.
    Grey,
    /// From red over white to blue, for values around a middle.
    RedBlue,
}

/// Entries of a table.
const STEPS: usize = 256;

/// The colours of what is no value between the least and the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherColors {
    /// NaN, and values that are masked.
    pub nan: Rgb,
    /// Less than the least.
    pub under: Rgb,
    /// More than the greatest.
    pub over: Rgb,
}

impl ColorMap {
    pub const ALL: [Self; 6] =
        [Self::Viridis, Self::Cividis, Self::Magma, Self::Turbo, Self::Grey, Self::RedBlue];

    /// What it is called in a command line and where it is remembered.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viridis => "viridis",
            Self::Cividis => "cividis",
            Self::Magma => "magma",
            Self::Turbo => "turbo",
            Self::Grey => "grey",
            Self::RedBlue => "redblue",
        }
    }

    /// The map with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|map| map.name() == name)
    }

    /// The colours from the least to the greatest value.
    pub fn table(self) -> &'static [Rgb; STEPS] {
        static TABLES: [OnceLock<[Rgb; STEPS]>; 6] = [const { OnceLock::new() }; 6];
        TABLES[self as usize].get_or_init(|| {
            std::array::from_fn(|step| {
                let at = step as f64 / (STEPS - 1) as f64;
                let gradient = match self {
                    Self::Viridis => colorous::VIRIDIS,
                    Self::Cividis => colorous::CIVIDIS,
                    Self::Magma => colorous::MAGMA,
                    Self::Turbo => colorous::TURBO,
                    Self::Grey => return [step as u8; 3],
                    Self::RedBlue => colorous::RED_BLUE,
                };
                let color = gradient.eval_continuous(at);
                [color.r, color.g, color.b]
            })
        })
    }

    /// The colours of other values; none of them is in the map.
    pub const fn others(self) -> OtherColors {
        const BLACK: Rgb = [0, 0, 0];
        const WHITE: Rgb = [255, 255, 255];
        const RED: Rgb = [214, 39, 40];
        const BLUE: Rgb = [31, 78, 158];
        const ORANGE: Rgb = [240, 140, 20];
        const GREEN: Rgb = [0, 150, 80];
        match self {
            Self::Viridis | Self::Cividis => OtherColors { nan: RED, under: BLACK, over: WHITE },
            Self::Magma => OtherColors { nan: GREEN, under: BLUE, over: WHITE },
            Self::Turbo => OtherColors { nan: [128, 128, 128], under: BLACK, over: WHITE },
            Self::Grey => OtherColors { nan: RED, under: BLUE, over: ORANGE },
            Self::RedBlue => OtherColors { nan: [128, 128, 128], under: ORANGE, over: GREEN },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maps_are_the_published_ones() {
        let ends = |map: ColorMap| (map.table()[0], map.table()[255]);
        // The first and last colours that matplotlib has.
        assert_eq!(ends(ColorMap::Viridis), ([68, 1, 84], [253, 231, 37]));
        assert_eq!(ends(ColorMap::Magma), ([0, 0, 4], [252, 253, 191]));
        assert_eq!(ends(ColorMap::Grey), ([0; 3], [255; 3]));
        for map in ColorMap::ALL {
            assert_eq!(ColorMap::from_name(map.name()), Some(map));
        }
    }

    #[test]
    fn no_colour_of_a_map_looks_like_one_of_the_others() {
        let far = |a: Rgb, b: Rgb| (0..3).map(|i| a[i].abs_diff(b[i]) as u32).sum::<u32>();
        for map in ColorMap::ALL {
            let OtherColors { nan, under, over } = map.others();
            for other in [nan, under, over] {
                let least = map.table().iter().map(|color| far(*color, other)).min();
                assert!(least >= Some(36), "{}: {other:?} is {least:?} from its colours", map.name());
            }
        }
    }
}
