//! A look as one line of text, as it is remembered: `image map=viridis range=0.5%,99.5% bins=max`.
//!
//! What was remembered may be of another version or nonsense: what does not fit is left out.

use super::{ImageLook, PictureLook};
use crate::pictures::view::ViewAt;
use crate::pictures::{BinChoice, ColorMap, ImageColors, ImageView, PixelFormat};
use crate::session::arrays::Axes;
use std::fmt;

/// A text that is longer was not written by this program.
const LONGEST: usize = 4096;

impl fmt::Display for PictureLook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(look) => write_image(look, f),
        }
    }
}

impl PictureLook {
    /// The look that a text tells of; `None` where it is of no kind.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, words) = text.get(..text.len().min(LONGEST))?.split_once(' ').unwrap_or((text, ""));
        let words = words.split(' ').filter_map(|word| word.split_once('=').or(Some((word, ""))));
        match kind {
            "image" => Some(Self::Image(read_image(words))),
            _ => None,
        }
    }
}

fn write_image(look: &ImageLook, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let ImageColors { map, range, is_log } = look.colors;
    write!(f, "image map={} range={range} bins={}", map.name(), look.bins.name())?;
    if look.pixel != PixelFormat::Values {
        write!(f, " pixel={}", look.pixel.name())?;
    }
    if let Some(fill) = look.fill {
        write!(f, " fill={fill}")?;
    }
    for (is_so, word) in
        [(look.flips.0, " mirrored"), (look.flips.1, " upside-down"), (look.is_stretched, " stretched")]
    {
        f.write_str(if is_so { word } else { "" })?;
    }
    if let ImageView::At(ViewAt { row, column, across, down }) = look.view {
        write!(f, " view={row},{column},{across},{down}")?;
    }
    if is_log {
        f.write_str(" log")?;
    }
    if look.is_transposed {
        f.write_str(" transposed")?;
    }
    if let Some(width) = look.width {
        write!(f, " width={width}")?;
    }
    if look.start > 0 {
        write!(f, " start={}", look.start)?;
    }
    if let Some(Axes { rows: Some(rows), columns: Some(columns), at }) = &look.axes {
        let at: Vec<String> = at.iter().map(u64::to_string).collect();
        write!(f, " axes={rows},{columns} at={}", at.join(","))?;
    }
    Ok(())
}

fn read_image<'t>(words: impl Iterator<Item = (&'t str, &'t str)>) -> ImageLook {
    let mut look = ImageLook::default();
    let (mut axes, mut at) = (None, None);
    for (word, value) in words {
        match word {
            "map" => look.colors.map = ColorMap::from_name(value).unwrap_or_default(),
            "range" => look.colors.range = value.parse().unwrap_or_default(),
            "pixel" => look.pixel = PixelFormat::from_name(value).unwrap_or_default(),
            "fill" => look.fill = value.parse().ok().filter(|fill: &f64| fill.is_finite()),
            "mirrored" => look.flips.0 = true,
            "upside-down" => look.flips.1 = true,
            "stretched" => look.is_stretched = true,
            "view" => look.view = view(value).unwrap_or_default(),
            "bins" => look.bins = BinChoice::from_name(value).unwrap_or_default(),
            "log" => look.colors.is_log = true,
            "transposed" => look.is_transposed = true,
            "width" => look.width = value.parse().ok().filter(|width| *width > 0),
            "start" => look.start = value.parse().unwrap_or(0),
            "axes" => axes = numbers(value),
            "at" => at = numbers(value),
            _ => {}
        }
    }
    if let (Some(axes), Some(at)) = (axes, at)
        && let [rows, columns] = axes[..]
        && rows != columns
        && [rows, columns].iter().all(|axis| (*axis as usize) < at.len())
    {
        look.axes = Some(Axes { rows: Some(rows as usize), columns: Some(columns as usize), at });
    }
    look
}

fn view(text: &str) -> Option<ImageView> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|number| number.parse().ok()).collect();
    let [row, column, across, down] = numbers?[..] else { return None };
    let is_sane =
        [row, column, across, down].iter().all(|number| number.is_finite()) && across > 0.0 && down > 0.0;
    is_sane.then_some(ImageView::At(ViewAt { row, column, across, down }))
}

fn numbers(text: &str) -> Option<Vec<u64>> {
    text.split(',').map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::RangeChoice;

    #[test]
    fn a_look_is_read_as_it_was_written() {
        let axes = Axes { rows: Some(2), columns: Some(0), at: vec![0, 7, 3] };
        let looks = [
            ImageLook::default(),
            ImageLook {
                colors: ImageColors {
                    map: ColorMap::Turbo,
                    range: RangeChoice::Fixed(-1.5, 3.0),
                    is_log: true,
                },
                fill: Some(-9999.0),
                pixel: PixelFormat::Yuy2,
                flips: (true, true),
                is_stretched: true,
                view: ImageView::At(ViewAt { row: 1.5, column: 1e9, across: 0.25, down: 3.0 }),
                cursor: None,
                anchor: None,
                bins: BinChoice::Mean,
                width: Some(77),
                start: 5,
                axes: Some(axes),
                is_transposed: true,
            },
        ];
        for look in looks.map(PictureLook::Image) {
            assert_eq!(PictureLook::parse(&look.to_string()), Some(look));
        }
    }

    #[test]
    fn nonsense_becomes_a_usual_look_or_none() {
        assert_eq!(PictureLook::parse("film map=viridis"), None);
        assert_eq!(PictureLook::parse(""), None);
        for text in [
            "image",
            "image map=x range=9,1 bins= width=0 start=-3 axes=1,1 at=0,0",
            "image view=1,2,0,nan fill=inf pixel=4d axes=0,5 at=1,2 width=99999999999999999999999 = == ö",
        ] {
            assert_eq!(PictureLook::parse(text), Some(PictureLook::Image(ImageLook::default())), "{text}");
        }
    }
}
