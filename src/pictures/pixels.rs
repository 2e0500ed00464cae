//! Pixels with colours of their own, as cameras, screens and programs store them.
//!
//! Pixels of a colour that share one of the screen are averaged, each channel by itself. Colours from Y, U and V are those
//! of BT.601 with the values of a screen (Y from 16 to 235), as cameras and video have them. A Bayer mosaic is shown two by
//! two: each block of four sensors is one colour, the mean of its greens, which keeps the sides of the mosaic.

use super::Raster;
use crate::analysis::{PassEnd, Pool, Tuning, Unread};
use crate::bytes::Source;
use crate::bytes::retry::Retries;
use crate::job::Progress;
use std::ops::{ControlFlow, Range};

/// How bytes become the colour of a pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PixelFormat {
    /// The value of the element, by the colours of a map.
    #[default]
    Values,
    /// Complex numbers: the phase is the hue, the absolute value the brightness.
    Phase,
    Rgb,
    Bgr,
    Rgba,
    Bgra,
    /// Five, six and five bits, in 16 bits with the lower byte first.
    Rgb565,
    /// One bit, the highest of a byte first; 1 is white.
    Bit,
    BayerRggb,
    BayerBggr,
    BayerGrbg,
    BayerGbrg,
    /// Planes of Y, U and V; U and V have a pixel for each two by two.
    I420,
    /// A plane of Y, and one of U and V in turn.
    Nv12,
    /// Y, U, Y, V for each two pixels.
    Yuy2,
}

impl PixelFormat {
    pub const ALL: [Self; 15] = [
        Self::Values,
        Self::Phase,
        Self::Rgb,
        Self::Bgr,
        Self::Rgba,
        Self::Bgra,
        Self::Rgb565,
        Self::Bit,
        Self::BayerRggb,
        Self::BayerBggr,
        Self::BayerGrbg,
        Self::BayerGbrg,
        Self::I420,
        Self::Nv12,
        Self::Yuy2,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Phase => "phase",
            Self::Rgb => "rgb",
            Self::Bgr => "bgr",
            Self::Rgba => "rgba",
            Self::Bgra => "bgra",
            Self::Rgb565 => "rgb565",
            Self::Bit => "1bit",
            Self::BayerRggb => "rggb",
            Self::BayerBggr => "bggr",
            Self::BayerGrbg => "grbg",
            Self::BayerGbrg => "gbrg",
            Self::I420 => "i420",
            Self::Nv12 => "nv12",
            Self::Yuy2 => "yuy2",
        }
    }

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether bytes are pixels with colours of their own.
    pub fn is_color(self) -> bool {
        !matches!(self, Self::Values | Self::Phase)
    }

    /// Whether a colour map gives the colours.
    pub fn has_map(self) -> bool {
        self == Self::Values
    }

    /// Bits of a pixel in its rows.
    fn bits(self) -> u64 {
        match self {
            Self::Rgb | Self::Bgr => 24,
            Self::Rgba | Self::Bgra => 32,
            Self::Rgb565 | Self::Yuy2 => 16,
            Self::Bit => 1,
            Self::Values
            | Self::Phase
            | Self::BayerRggb
            | Self::BayerBggr
            | Self::BayerGrbg
            | Self::BayerGbrg
            | Self::I420
            | Self::Nv12 => 8,
        }
    }

    /// Bytes from a pixel to the next one of its row; of several pixels in a byte 1.
    pub fn pixel_bytes(self) -> u64 {
        (self.bits() / 8).max(1)
    }

    /// Pixels in a row of so many bytes.
    pub fn pixels_in(self, bytes: u64) -> u64 {
        bytes.saturating_mul(8) / self.bits()
    }

    /// Whether a plane of bytes is a mosaic of sensors.
    pub fn is_mosaic(self) -> bool {
        matches!(self, Self::BayerRggb | Self::BayerBggr | Self::BayerGrbg | Self::BayerGbrg)
    }

    /// Bytes of a row of so many pixels.
    pub fn row_bytes(self, width: u64) -> u64 {
        let even = if self == Self::Yuy2 { width.next_multiple_of(2) } else { width };
        even.saturating_mul(self.bits()).div_ceil(8)
    }

    /// Rows of so many pixels that so many bytes have.
    pub fn rows_in(self, bytes: u64, width: u64) -> u64 {
        let row = self.row_bytes(width).max(1);
        match self {
            // Half a row of each of U and V for each row of Y.
            Self::I420 | Self::Nv12 => bytes / (row + width.div_ceil(2)).max(1),
            _ => bytes.div_ceil(row),
        }
    }
}

/// Pixels that were read.
pub(super) struct ReadPixels {
    pub raster: Raster,
    pub unread: Unread,
}

/// A part of a plane of pixels, as pixels of the screen.
#[derive(Clone, Debug)]
pub(super) struct PixelArea {
    pub format: PixelFormat,
    /// The first byte, and the end of the bytes that there are.
    pub start: u64,
    pub end: u64,
    /// Rows of the whole plane, and pixels of each.
    pub all_rows: u64,
    pub all_columns: u64,
    /// The part that is wanted.
    pub rows: Range<u64>,
    pub columns: Range<u64>,
    pub height: usize,
    pub width: usize,
}

/// Bytes of pixels side by side in a plane of bytes.
struct PixelPlane<'a> {
    source: &'a dyn Source,
    format: PixelFormat,
    /// Where the first pixel is, the end of the bytes, and the bytes from row to row.
    start: u64,
    end: u64,
    row_bytes: u64,
    rows: u64,
    columns: Range<u64>,
    width: usize,
    retries: Retries,
}

/// A row of pixels of the screen: the sums of red, green, blue and opacity, and how many were added.
type ColorSums = Vec<[u64; 5]>;

/// Reads an area. `None` after a cancel. Blocks.
pub(super) fn read(area: &PixelArea, source: &dyn Source, progress: &Progress) -> Option<ReadPixels> {
    let row_bytes = area.format.row_bytes(area.all_columns);
    let plane = PixelPlane {
        source,
        format: area.format,
        start: area.start,
        end: area.end,
        row_bytes,
        rows: area.all_rows,
        columns: area.columns.clone(),
        width: area.width,
        retries: Retries::default(),
    };
    let height = area.height as u64;
    let count = area.rows.end - area.rows.start;
    let edge = |at: u64| area.rows.start + (u128::from(at) * u128::from(count) / u128::from(height)) as u64;
    let mut next = 0;
    let mut pieces = || {
        (next < height).then(|| {
            next += 1;
            (next - 1, edge(next - 1)..edge(next))
        })
    };
    progress.set_total(count.saturating_mul(row_bytes));
    let mut raster = Raster { width: area.width, height: area.height, pixels: Vec::new() };
    raster.pixels = vec![[0; 4]; raster.width * raster.height];
    let mut unread = Unread::default();
    let work = |(row, rows): (u64, Range<u64>), _: &mut ()| {
        let mut made = (row, vec![[0; 5]; plane.width], Unread::default());
        for row in rows {
            plane.add_row(row, &mut made.1, &mut made.2, progress);
        }
        made
    };
    let threads = Tuning::default().threads;
    let end =
        Pool { threads, cancel: progress.as_cancel() }.run(&mut pieces, &work, &mut |(row, sums, lost): (
            u64,
            ColorSums,
            Unread,
        )| {
            let from = row as usize * raster.width;
            for (pixel, sum) in raster.pixels[from..from + sums.len()].iter_mut().zip(&sums) {
                if sum[4] > 0 {
                    *pixel = [0, 1, 2, 3].map(|channel| ((sum[channel] + sum[4] / 2) / sum[4]) as u8);
                }
            }
            unread.merge(&lost);
            ControlFlow::Continue(())
        });
    (end == PassEnd::Complete).then_some(ReadPixels { raster, unread })
}

impl PixelPlane<'_> {
    /// Reads bytes as far as there are any; the others are zero.
    fn bytes(&self, offset: u64, len: u64, unread: &mut Unread, progress: &Progress) -> (Vec<u8>, usize) {
        let there = self.end.saturating_sub(offset).min(len);
        let mut bytes = vec![0; usize::try_from(len).unwrap_or(0)];
        let Ok(there) = usize::try_from(there) else { return (bytes, 0) };
        match self.retries.read(self.source, offset, &mut bytes[..there], progress.as_cancel()) {
            Ok(()) => (bytes, there),
            Err(error) => {
                unread.add(error.span(), &error);
                (bytes, 0)
            }
        }
    }

    /// Adds a row of pixels to a row of the screen.
    fn add_row(&self, row: u64, sums: &mut ColorSums, unread: &mut Unread, progress: &Progress) {
        // From an even pixel on, so that what two pixels share is there.
        let from = self.columns.start & !7;
        let columns = from..self.columns.end;
        let skip = self.format.bits() * from / 8;
        let len = self.format.row_bytes(columns.end) - skip;
        let offset = self.start + row * self.row_bytes + skip;
        let (bytes, there) = self.bytes(offset, len, unread, progress);
        progress.advance(len);
        let beside = self.beside(row, &columns, unread, progress);
        let count = self.columns.end - self.columns.start;
        for (number, column) in self.columns.clone().enumerate() {
            let at = (column - from) as usize;
            if at as u64 * self.format.bits() / 8 >= there as u64 {
                break;
            }
            let color = self.color(row, at, &bytes, &beside);
            let bin = (number as u128 * self.width as u128 / u128::from(count)) as usize;
            let sum = &mut sums[bin];
            (0..4).for_each(|channel| sum[channel] += u64::from(color[channel]));
            sum[4] += 1;
        }
    }

    /// What the colours of a row need besides its own bytes: the other row of its mosaic, or U and V.
    fn beside(
        &self,
        row: u64,
        columns: &Range<u64>,
        unread: &mut Unread,
        progress: &Progress,
    ) -> [Vec<u8>; 2] {
        let width = self.row_bytes;
        let half = width.div_ceil(2);
        let luma = self.rows * width;
        let (from, len) = (columns.start / 2, (columns.end - columns.start).div_ceil(2));
        let mut read = |offset: u64, len: u64| self.bytes(offset, len, unread, progress).0;
        match self.format {
            PixelFormat::BayerRggb
            | PixelFormat::BayerBggr
            | PixelFormat::BayerGrbg
            | PixelFormat::BayerGbrg => {
                let other = if row ^ 1 < self.rows { row ^ 1 } else { row };
                [read(self.start + other * width + columns.start, columns.end - columns.start), Vec::new()]
            }
            PixelFormat::I420 => {
                let u = self.start + luma + row / 2 * half + from;
                [read(u, len), read(u + self.rows.div_ceil(2) * half, len)]
            }
            PixelFormat::Nv12 => {
                [read(self.start + luma + row / 2 * (2 * half) + 2 * from, 2 * len), Vec::new()]
            }
            PixelFormat::Values
            | PixelFormat::Phase
            | PixelFormat::Rgb
            | PixelFormat::Bgr
            | PixelFormat::Rgba
            | PixelFormat::Bgra
            | PixelFormat::Rgb565
            | PixelFormat::Bit
            | PixelFormat::Yuy2 => [Vec::new(), Vec::new()],
        }
    }

    /// The colour of a pixel of a row.
    fn color(&self, row: u64, at: usize, bytes: &[u8], beside: &[Vec<u8>; 2]) -> [u8; 4] {
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let other = |list: usize, at: usize| beside[list].get(at).copied().unwrap_or(0);
        match self.format {
            PixelFormat::Values | PixelFormat::Phase => [byte(at), byte(at), byte(at), 255],
            PixelFormat::Rgb => [byte(3 * at), byte(3 * at + 1), byte(3 * at + 2), 255],
            PixelFormat::Bgr => [byte(3 * at + 2), byte(3 * at + 1), byte(3 * at), 255],
            PixelFormat::Rgba => [byte(4 * at), byte(4 * at + 1), byte(4 * at + 2), byte(4 * at + 3)],
            PixelFormat::Bgra => [byte(4 * at + 2), byte(4 * at + 1), byte(4 * at), byte(4 * at + 3)],
            PixelFormat::Rgb565 => {
                let bits = u16::from_le_bytes([byte(2 * at), byte(2 * at + 1)]);
                let (red, green, blue) = (bits >> 11, bits >> 5 & 63, bits & 31);
                // The highest bits again below, so that the most is 255.
                [
                    (red << 3 | red >> 2) as u8,
                    (green << 2 | green >> 4) as u8,
                    (blue << 3 | blue >> 2) as u8,
                    255,
                ]
            }
            PixelFormat::Bit => {
                let value = 255 * (byte(at / 8) >> (7 - at % 8) & 1);
                [value, value, value, 255]
            }
            PixelFormat::BayerRggb
            | PixelFormat::BayerBggr
            | PixelFormat::BayerGrbg
            | PixelFormat::BayerGbrg => {
                let (left, right) = (at & !1, (at | 1).min(bytes.len().saturating_sub(1)));
                let own = [byte(left), byte(right)];
                let others = [other(0, left), other(0, right)];
                let [upper, lower] = if row.is_multiple_of(2) { [own, others] } else { [others, own] };
                bayer(self.format, upper, lower)
            }
            PixelFormat::I420 => from_yuv(byte(at), other(0, at / 2), other(1, at / 2)),
            PixelFormat::Nv12 => from_yuv(byte(at), other(0, at & !1), other(0, at | 1)),
            PixelFormat::Yuy2 => {
                let pair = at / 2 * 4;
                from_yuv(byte(2 * at), byte(pair + 1), byte(pair + 3))
            }
        }
    }
}

/// The colour of two by two sensors.
fn bayer(format: PixelFormat, [a, b]: [u8; 2], [c, d]: [u8; 2]) -> [u8; 4] {
    let mean = |one: u8, other: u8| (u16::from(one) + u16::from(other)).div_ceil(2) as u8;
    match format {
        PixelFormat::BayerBggr => [d, mean(b, c), a, 255],
        PixelFormat::BayerGrbg => [b, mean(a, d), c, 255],
        PixelFormat::BayerGbrg => [c, mean(a, d), b, 255],
        _ => [a, mean(b, c), d, 255],
    }
}

/// BT.601, with Y from 16 to 235, in steps of 1/256.
fn from_yuv(y: u8, u: u8, v: u8) -> [u8; 4] {
    let (c, d, e) = (298 * (i32::from(y) - 16), i32::from(u) - 128, i32::from(v) - 128);
    let channel = |value: i32| ((value + 128) >> 8).clamp(0, 255) as u8;
    [channel(c + 409 * e), channel(c - 100 * d - 208 * e), channel(c + 516 * d), 255]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::memory::MemorySource;

    fn area(format: PixelFormat, bytes: u64, width: u64) -> PixelArea {
        let rows = format.rows_in(bytes, width);
        PixelArea {
            format,
            start: 0,
            end: bytes,
            all_rows: rows,
            all_columns: width,
            rows: 0..rows,
            columns: 0..width,
            height: rows as usize,
            width: width as usize,
        }
    }

    /// All pixels of some bytes, of which `width` are in a row.
    fn pixels(format: PixelFormat, bytes: Vec<u8>, width: u64) -> Vec<[u8; 4]> {
        let area = area(format, bytes.len() as u64, width);
        let read = read(&area, &MemorySource::new(bytes), &Progress::default()).expect("pixels");
        assert!(read.unread.is_empty());
        read.raster.pixels
    }

    #[test]
    fn each_format_has_its_channels_in_its_order() {
        let bytes = vec![10, 20, 30, 40, 50, 60, 70, 80];
        assert_eq!(pixels(PixelFormat::Rgb, bytes[..6].to_vec(), 2), [[10, 20, 30, 255], [40, 50, 60, 255]]);
        assert_eq!(pixels(PixelFormat::Bgr, bytes[..3].to_vec(), 1), [[30, 20, 10, 255]]);
        assert_eq!(pixels(PixelFormat::Rgba, bytes.clone(), 2), [[10, 20, 30, 40], [50, 60, 70, 80]]);
        assert_eq!(pixels(PixelFormat::Bgra, bytes, 1)[1], [70, 60, 50, 80]);
        let words: Vec<u8> =
            [0xf800_u16, 0x07e0, 0x001f, 0xffff].iter().flat_map(|w| w.to_le_bytes()).collect();
        let expected = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [255; 4]];
        assert_eq!(pixels(PixelFormat::Rgb565, words, 4), expected);
        let bits = pixels(PixelFormat::Bit, vec![0b1010_0001, 0x80], 9);
        let on: Vec<usize> = (0..9).filter(|at| bits[*at][0] == 255).collect();
        assert_eq!(on, [0, 2, 7, 8]);
    }

    #[test]
    fn a_mosaic_is_the_colours_of_its_blocks() {
        for (format, block) in [
            (PixelFormat::BayerRggb, [200, 100, 50, 10]),
            (PixelFormat::BayerBggr, [10, 100, 50, 200]),
            (PixelFormat::BayerGrbg, [100, 200, 10, 50]),
            (PixelFormat::BayerGbrg, [100, 10, 200, 50]),
        ] {
            assert_eq!(pixels(format, block.to_vec(), 2), [[200, 75, 10, 255]; 4], "{format:?}");
        }
    }

    #[test]
    fn colours_of_y_u_and_v_are_those_of_bt_601() {
        // Red, green, white and black of a colour bar.
        let (red, green) = ([81, 90, 240], [145, 54, 34]);
        let expected = [[255, 0, 0, 255], [0, 255, 1, 255]];
        let yuy2 = vec![red[0], red[1], red[0], red[2], green[0], green[1], green[0], green[2]];
        let shown = pixels(PixelFormat::Yuy2, yuy2, 4);
        assert_eq!(
            [shown[0], shown[1], shown[2], shown[3]],
            [expected[0], expected[0], expected[1], expected[1]]
        );
        let luma = [red[0], red[0], green[0], green[0]];
        let planar: Vec<u8> = luma.iter().chain(&luma).copied().chain([90, 54, 240, 34]).collect();
        let shown = pixels(PixelFormat::I420, planar, 4);
        assert_eq!((shown.len(), shown[0], shown[7]), (8, expected[0], expected[1]));
        let mixed: Vec<u8> = luma.iter().chain(&luma).copied().chain([90, 240, 54, 34]).collect();
        let shown = pixels(PixelFormat::Nv12, mixed, 4);
        assert_eq!((shown.len(), shown[1], shown[6]), (8, expected[0], expected[1]));
        let grey = pixels(PixelFormat::I420, vec![235, 16, 235, 16, 128, 128], 2);
        assert_eq!([grey[0], grey[1]], [[255; 4], [0, 0, 0, 255]]);
    }

    #[test]
    fn pixels_that_share_one_are_averaged() {
        let bytes = vec![0, 0, 0, 10, 20, 30, 20, 40, 60, 30, 60, 90];
        let area = PixelArea { width: 2, ..area(PixelFormat::Rgb, 12, 4) };
        let read = read(&area, &MemorySource::new(bytes), &Progress::default()).expect("pixels");
        assert_eq!(read.raster.pixels, [[5, 10, 15, 255], [25, 50, 75, 255]]);
    }
}
