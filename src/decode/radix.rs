//! A byte as a fixed number of digits, and typing one digit of it.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Radix {
    #[default]
    Hex,
    Decimal,
    Octal,
    Binary,
}

impl Radix {
    pub const ALL: [Self; 4] = [Self::Hex, Self::Decimal, Self::Octal, Self::Binary];
    /// 16, 10, 8 or 2.
    pub const fn base(self) -> u32 {
        todo!()
    }
    /// Digits of a byte: 2, 3, 3, 8.
    pub const fn digits(self) -> usize {
        todo!()
    }
    pub const fn label(self) -> &'static str {
        todo!()
    }
    /// `hex`, `decimal`, `octal`, `binary`, for settings.
    pub const fn name(self) -> &'static str {
        todo!()
    }
    pub fn from_name(name: &str) -> Option<Self> {
        let _ = name;
        todo!()
    }
    /// The byte's digits, zero-padded, in ASCII: the first `digits()` bytes of `out`.
    pub fn write_byte(self, byte: u8, upper: bool, out: &mut [u8; 8]) -> &[u8] {
        let _ = (byte, upper, out);
        todo!()
    }
    /// `byte` with the digit at `index` (0 is the leftmost) replaced; `None` if `digit` is no digit of this
    /// radix, `index` no place of it, or the value would lie above 255.
    pub fn with_digit(self, byte: u8, index: usize, digit: char) -> Option<u8> {
        let _ = (byte, index, digit);
        todo!()
    }
}
