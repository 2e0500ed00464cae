//! A picture of the screen: read from the server's own format, compared, written as PNG for people to look at.
//!
//! Only the one layout that the test's server uses is read: 32 bits a pixel, true colour.

use std::path::Path;

/// Pixels in rows from the top, red, green and blue.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<[u8; 3]>,
}

impl Picture {
    /// Reads an X window dump; `None` when it is cut short or of another layout.
    pub fn from_xwd(dump: &[u8]) -> Option<Self> {
        let field = |index: usize| -> Option<usize> {
            let bytes = dump.get(4 * index..4 * index + 4)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
        };
        let (header_len, version) = (field(0)?, field(1)?);
        let (width, height, little_endian) = (field(4)?, field(5)?, field(7)? == 0);
        let (bits, row_len, colors) = (field(11)?, field(12)?, field(19)?);
        if version != 7 || bits != 32 || !little_endian {
            return None;
        }
        let data = dump.get(header_len + 12 * colors..)?;
        let mut pixels = Vec::with_capacity(width * height);
        for row in 0..height {
            let row = data.get(row * row_len..row * row_len + 4 * width)?;
            pixels.extend(row.chunks_exact(4).map(|pixel| [pixel[2], pixel[1], pixel[0]]));
        }
        Some(Self { width, height, pixels })
    }

    /// Reads a picture in the form of binary PPM, with 8 bits a channel; `None` when it is none.
    pub fn from_ppm(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"P6")?;
        let mut number = || {
            rest = rest.trim_ascii_start();
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (number, after) = rest.split_at(digits);
            rest = after;
            std::str::from_utf8(number).ok()?.parse::<usize>().ok()
        };
        let (width, height, most) = (number()?, number()?, number()?);
        // One white space is between the header and the pixels.
        let (pixels, none) = rest.get(1..)?.as_chunks::<3>();
        let is_whole = most == 255 && none.is_empty() && pixels.len() == width * height;
        is_whole.then(|| Self { width, height, pixels: pixels.to_vec() })
    }

    /// The colour at `x`, `y` from the top left.
    pub fn at(&self, x: usize, y: usize) -> [u8; 3] {
        self.pixels[y * self.width + x]
    }

    /// How many pixels have exactly this colour.
    pub fn count(&self, color: [u8; 3]) -> usize {
        self.pixels.iter().filter(|pixel| **pixel == color).count()
    }

    /// How many pixels differ from those of `other`, a picture of the same size.
    pub fn difference(&self, other: &Self) -> usize {
        assert_eq!((self.width, self.height), (other.width, other.height));
        self.pixels.iter().zip(&other.pixels).filter(|(a, b)| a != b).count()
    }

    /// Writes a PNG.
    pub fn save(&self, path: &Path) {
        let file = std::fs::File::create(path).unwrap();
        let mut encoder =
            png::Encoder::new(std::io::BufWriter::new(file), self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(self.pixels.as_flattened()).unwrap();
    }
}

#[test]
fn a_portable_picture_is_read() {
    let picture = Picture::from_ppm(b"P6\n2 1\n255\n\x11\x22\x33\x44\x55\x66").unwrap();
    assert_eq!((picture.width, picture.height), (2, 1));
    assert_eq!((picture.at(0, 0), picture.at(1, 0)), ([0x11, 0x22, 0x33], [0x44, 0x55, 0x66]));
    assert!(Picture::from_ppm(b"P6\n2 1\n255\n\x11\x22\x33\x44\x55").is_none());
}

#[test]
fn a_dump_is_read() {
    let mut dump: Vec<u8> = Vec::new();
    let header = [108, 7, 2, 24, 2, 1, 0, 0, 32, 0, 32, 32, 8, 4, 0xFF0000, 0xFF00, 0xFF, 8, 256, 1];
    header.iter().for_each(|field: &u32| dump.extend(field.to_be_bytes()));
    dump.resize(108 + 12, 0);
    dump.extend([0x33, 0x22, 0x11, 0, 0x66, 0x55, 0x44, 0]);
    let picture = Picture::from_xwd(&dump).unwrap();
    assert_eq!((picture.width, picture.height), (2, 1));
    assert_eq!((picture.at(0, 0), picture.at(1, 0)), ([0x11, 0x22, 0x33], [0x44, 0x55, 0x66]));
    assert_eq!(picture.count([0x11, 0x22, 0x33]), 1);
    assert!(Picture::from_xwd(&dump[..dump.len() - 1]).is_none());
}
