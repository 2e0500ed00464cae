//! `pagelens plot FILE[::ARRAY] [SLICE]`: a picture of an array, or of a part of it, as PNG, SVG or CSV.
//!
//! It needs no display: the picture is the one that the window shows.

use super::raw::Raw;
use super::target::{PartBytes, Target, find};
use super::{CommandError, FAILED, Outcome};
use crate::decode::array::{Array, MemoryOrder};
use crate::escape::PathText;
use crate::job::Progress;
use crate::pictures::figure::{Figure, draw, image_figure, png, room, svg};
use crate::pictures::plane::usual_width;
use crate::pictures::table::write_csv;
use crate::pictures::{
    BinChoice, ColorMap, ImageAnswer, ImageColors, ImagePlane, ImageQuestion, PixelFormat, RangeChoice,
};
use crate::save::whole_file::{Durability, write_whole};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub struct PlotOptions {
    /// The file, then :: and the name of an array in it; a file with a single array needs no name
    #[arg(value_name = "FILE[::ARRAY]")]
    pub file: PathBuf,

    /// The part to show, as in Python: '[0, :, ::2]'; its last two axes are the rows and columns
    #[arg(allow_hyphen_values = true)]
    pub slice: Option<String>,

    #[command(flatten)]
    pub raw: Raw,

    /// The kind of picture
    #[arg(long, value_name = "KIND", default_value = "image", value_parser = ["image"])]
    pub kind: String,

    /// Write a PNG file; - for standard output
    #[arg(long, value_name = "OUT")]
    pub png: Option<PathBuf>,

    /// Write an SVG file; - for standard output
    #[arg(long, value_name = "OUT")]
    pub svg: Option<PathBuf>,

    /// Write the values of the pixels as CSV, a line for each row; - for standard output
    #[arg(long, value_name = "OUT")]
    pub csv: Option<PathBuf>,

    /// The size of the picture in pixels
    #[arg(long, value_name = "WxH", default_value = "1280x960")]
    pub size: String,

    /// Only the pixels, without axes and colours: one for an element, or as many as --size has
    #[arg(long)]
    pub bare: bool,

    /// The values of the first and the last colour: 0,255, percentiles 0.5%,99.5%, or min,max
    #[arg(long, value_name = "LOW,HIGH", default_value = "0.5%,99.5%", allow_hyphen_values = true)]
    pub range: String,

    /// viridis, cividis, magma, turbo, grey, redblue
    #[arg(long, value_name = "NAME", default_value = "viridis")]
    pub colormap: String,

    /// Colours by the logarithm of the values
    #[arg(long)]
    pub log: bool,

    /// What a pixel of several elements shows: max, mean, min, count
    #[arg(long, value_name = "HOW", default_value = "max")]
    pub reduce: String,

    /// Mask the elements of this value
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub fill: Option<f64>,

    /// Elements, or pixels, in a row, where the elements are along one axis
    #[arg(long, value_name = "N")]
    pub width: Option<u64>,

    /// Pixels with colours of their own: phase (of complex numbers), rgb, bgr, rgba, bgra, rgb565, 1bit, rggb, bggr, grbg, gbrg, i420, nv12, yuy2
    #[arg(long, value_name = "FORMAT", default_value = "values")]
    pub pixel: String,
}

/// Sides of a picture that are possible, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 16..=16_384;

/// Writes what is asked for to `out`, or to the files that are asked for.
pub fn run(options: &PlotOptions, out: &mut dyn Write) -> Outcome {
    let mut notes = Vec::new();
    let mut outcome = Outcome::from(plot(options, out, &mut notes));
    if outcome.code == 0 && notes.iter().any(|(is_failure, _)| *is_failure) {
        outcome.code = FAILED;
    }
    outcome.errors.splice(0..0, notes.into_iter().map(|(_, note)| note));
    outcome
}

/// Whether it is a failure, and what is to be said.
type Notes = Vec<(bool, String)>;

/// What the texts of the options say.
struct Asked {
    size: (u32, u32),
    colors: ImageColors,
    bins: BinChoice,
    pixel: PixelFormat,
}

fn plot(options: &PlotOptions, out: &mut dyn Write, notes: &mut Notes) -> Result<(), CommandError> {
    let asked = read(options)?;
    let mut target = find(&options.file, &options.raw)?;
    notes.extend(target.notes.drain(..).map(|note| (false, note)));
    for path in [&options.png, &options.svg, &options.csv].into_iter().flatten() {
        if target.is_read_from(path) {
            let text = "is an input file and would be overwritten. Nothing was written. Choose another name.";
            return Err(CommandError::usage(format!("{} {text}", path.shown())));
        }
    }
    let PartBytes { source, array, damage } =
        target.bytes_of(target.slice(options.slice.as_deref())?.array)?;
    notes.extend(damage.map(|damage| (true, damage)));
    let plane = plane(&array, options, asked.pixel).map_err(CommandError::usage)?;
    let most = match options.bare {
        true => (u64::from(asked.size.1), u64::from(asked.size.0)),
        false => room(asked.size, asked.pixel.has_map()),
    };
    let question = ImageQuestion {
        bins: asked.bins,
        fill: options.fill,
        pixel: asked.pixel,
        colors: asked.colors,
        ..ImageQuestion::all(array, plane, most)
    };
    let answer = question
        .answer(&*source, None, &Progress::default(), &mut |_| {})
        .ok_or_else(|| CommandError::failed("The picture was not made."))?;
    if let Some(reason) = answer.unread.reason() {
        notes.push((true, format!("{}: some bytes could not be read: {reason}.", target.place())));
    }
    write(options, &answer, &title(&target, options, &answer), asked.size, out)
}

fn write(
    options: &PlotOptions,
    answer: &ImageAnswer,
    title: &str,
    size: (u32, u32),
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let figure = (!options.bare).then(|| image_figure(answer, title, size, (false, false)));
    if let Some(path) = &options.png {
        let raster = figure.as_ref().map(draw).transpose().map_err(CommandError::failed)?;
        let file = png(raster.as_ref().unwrap_or(&answer.raster)).map_err(CommandError::failed)?;
        to_file(path, out, |out| out.write_all(&file))?;
    }
    if let Some(path) = &options.svg {
        let text = match &figure {
            Some(figure) => svg(figure),
            None => svg(&bare(answer)),
        };
        let text = text.map_err(CommandError::failed)?;
        to_file(path, out, |out| out.write_all(text.as_bytes()))?;
    }
    if let Some(path) = &options.csv {
        to_file(path, out, |out| write_csv(answer, out))?;
    }
    Ok(())
}

/// The pixels alone.
fn bare(answer: &ImageAnswer) -> Figure {
    Figure::of_pixels(&answer.raster)
}

/// What is over the picture: the file, the array, and how elements became pixels.
fn title(target: &Target, options: &PlotOptions, answer: &ImageAnswer) -> String {
    let mut title = target.place();
    if let Some(slice) = &options.slice {
        title.push(' ');
        title.push_str(slice);
    }
    let bins = answer.bin_words();
    if !bins.is_empty() {
        title.push_str(" — ");
        title.push_str(&bins);
    }
    title
}

fn read(options: &PlotOptions) -> Result<Asked, CommandError> {
    if options.png.is_none() && options.svg.is_none() && options.csv.is_none() {
        return Err(CommandError::usage("Name a file to write: --png OUT, --svg OUT or --csv OUT."));
    }
    let size = options.size.split_once(['x', 'X', '×']).and_then(|(width, height)| {
        let side = |text: &str| text.trim().parse::<u32>().ok().filter(|side| SIDES.contains(side));
        Some((side(width)?, side(height)?))
    });
    let size = size.ok_or_else(|| {
        CommandError::usage(format!(
            "--size {}: write the width and the height, each from 16 to 16384, as 1280x960.",
            options.size
        ))
    })?;
    let range: RangeChoice = options
        .range
        .parse()
        .map_err(|text| CommandError::usage(format!("--range {}: {text}", options.range)))?;
    let unknown = |option: &str, name: &str, known: Vec<&str>| {
        CommandError::usage(format!("{option} {name}: unknown. Use one of: {}.", known.join(", ")))
    };
    let map = ColorMap::from_name(&options.colormap).ok_or_else(|| {
        unknown("--colormap", &options.colormap, ColorMap::ALL.map(ColorMap::name).to_vec())
    })?;
    let bins = BinChoice::from_name(&options.reduce)
        .ok_or_else(|| unknown("--reduce", &options.reduce, BinChoice::ALL.map(BinChoice::name).to_vec()))?;
    let pixel = PixelFormat::from_name(&options.pixel).ok_or_else(|| {
        unknown("--pixel", &options.pixel, PixelFormat::ALL.map(PixelFormat::name).to_vec())
    })?;
    if options.width == Some(0) {
        return Err(CommandError::usage("--width 0: a row has at least one element."));
    }
    Ok(Asked { size, colors: ImageColors { map, range, is_log: options.log }, bins, pixel })
}

/// The rows and columns of an array: its last two axes, or rows of one axis.
fn plane(array: &Array, options: &PlotOptions, pixel: PixelFormat) -> Result<ImagePlane, String> {
    if array.items() == 0 {
        return Err(String::from("The array is empty."));
    }
    if pixel.is_color() {
        return ImagePlane::of_colors(array, pixel, 0, options.width, &vec![0; array.shape.len()]);
    }
    let sides = array.shape.len();
    match sides {
        0 | 1 => {
            let mut line = array.clone();
            (line.shape, line.strides) = match sides {
                0 => (vec![1], vec![0]),
                _ => (line.shape, line.strides),
            };
            let count = line.items();
            ImagePlane::wrapped(&line, 0, options.width.unwrap_or_else(|| usual_width(count)), false)
        }
        _ if array.shape[..sides - 2].iter().all(|side| *side == 1) => {
            Ok(ImagePlane::crossed(array, (sides - 2, sides - 1), &vec![0; sides], false))
        }
        _ if array.order() == Some(MemoryOrder::C) && options.width.is_some() => {
            let line = Array {
                shape: vec![array.items()],
                strides: vec![array.strides[sides - 1]],
                ..array.clone()
            };
            ImagePlane::wrapped(&line, 0, options.width.unwrap_or(1), false)
        }
        _ => Err(format!(
            "The part has {sides} axes. Choose a plane by a slice, for example '[0]', or --width for rows of all elements."
        )),
    }
}

/// A new file takes the place of an old one only when it is whole; `-` is the standard output.
fn to_file(
    path: &Path,
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CommandError> {
    if path == Path::new("-") {
        return write(out).and_then(|()| out.flush()).map_err(|error| CommandError::write(&error));
    }
    write_whole(path, true, Durability::Buffered, write)
        .map_err(|error| CommandError::failed(format!("{} was not written: {error}.", path.shown())))
}
