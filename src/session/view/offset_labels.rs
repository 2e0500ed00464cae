//! Offsets as the labels of rows, and the numbers above their cells.
//!
//! All labels of a document have the same width, so that nothing moves when other rows are shown.

use crate::decode::Radix;

/// Digits of an offset at least, so that small files look like large ones.
const MIN_OFFSET_DIGITS: u32 = 8;

/// How offsets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetLabels {
    digits: u32,
    group: u32,
    hex: bool,
    upper: bool,
    base: u64,
}

impl OffsetLabels {
    /// Labels for a document of `len` bytes, in hexadecimal or, with `offsets` so, in decimal digits. `base` is added to
    /// every offset; `upper` is whether digits above 9 are capitals.
    pub fn new(offsets: Radix, base: u64, upper: bool, len: u64) -> Self {
        let hex = offsets != Radix::Decimal;
        Self { digits: offset_digits(offsets, base, len), group: if hex { 4 } else { 3 }, hex, upper, base }
    }

    /// What is added to every offset.
    pub fn base(&self) -> u64 {
        self.base
    }

    /// Characters of a label, its gaps included.
    pub fn chars(&self) -> u32 {
        self.digits + (self.digits - 1) / self.group
    }

    /// Appends the label of the row that begins at `offset`: [`Self::chars`] ASCII characters.
    /// Offsets above `u64::MAX` with their base wrap around, as addresses do.
    pub fn write(&self, offset: u64, out: &mut String) {
        let mut rest = offset.wrapping_add(self.base);
        let mut label = [b' '; 32];
        let chars = self.chars() as usize;
        let radix = if self.hex { 16 } else { 10 };
        let stride = self.group as usize + 1;
        for (at, place) in label[..chars].iter_mut().rev().enumerate() {
            if at % stride == stride - 1 {
                *place = if rest == 0 && !self.hex { b' ' } else { self.separator() };
            } else if rest > 0 || at == 0 || self.hex {
                *place = digit((rest % radix) as u8, self.upper);
                rest /= radix;
            }
        }
        out.extend(label[..chars].iter().map(|byte| *byte as char));
    }

    /// The label of the row that begins at `offset`.
    pub fn label(&self, offset: u64) -> String {
        let mut label = String::new();
        self.write(offset, &mut label);
        label
    }

    fn separator(&self) -> u8 {
        if self.hex { b' ' } else { b',' }
    }

    /// What stands above cell `index` of `cell_bytes` bytes: how many bytes it is from the row's start, or which value.
    pub fn header(&self, index: u32, cell_bytes: u32) -> String {
        match (cell_bytes == 1 && self.hex, self.upper) {
            (true, true) => format!("{index:02X}"),
            (true, false) => format!("{index:02x}"),
            (false, _) => index.to_string(),
        }
    }

    /// What stands above character `index` of the text: the last digit of its number.
    pub fn text_head(&self, index: u32) -> char {
        let radix = if self.hex { 16 } else { 10 };
        digit((index % radix) as u8, self.upper).into()
    }
}

fn digit(value: u8, upper: bool) -> u8 {
    match value {
        0..=9 => b'0' + value,
        _ if upper => b'A' + value - 10,
        _ => b'a' + value - 10,
    }
}

/// Digits of the largest offset that is shown; hexadecimal ones in whole groups of four.
fn offset_digits(offsets: Radix, base: u64, len: u64) -> u32 {
    let largest = base.saturating_add(len);
    if offsets == Radix::Decimal {
        largest.checked_ilog10().unwrap_or(0).max(MIN_OFFSET_DIGITS - 1) + 1
    } else {
        (largest.checked_ilog(16).unwrap_or(0).max(MIN_OFFSET_DIGITS - 1) + 1).next_multiple_of(4)
    }
}
