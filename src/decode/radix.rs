//! A byte as a fixed number of digits, and typing one digit of it.
//!
//! Bytes only: values of more bytes are numbers and have no fixed digits.

/// How the digits of a byte are written.
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
        match self {
            Self::Hex => 16,
            Self::Decimal => 10,
            Self::Octal => 8,
            Self::Binary => 2,
        }
    }

    /// Digits of a byte: 2, 3, 3 or 8.
    pub const fn digits(self) -> usize {
        match self {
            Self::Hex => 2,
            Self::Decimal | Self::Octal => 3,
            Self::Binary => 8,
        }
    }

    /// The name in menus.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hex => "Hex",
            Self::Decimal => "Decimal",
            Self::Octal => "Octal",
            Self::Binary => "Binary",
        }
    }

    /// For settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Decimal => "decimal",
            Self::Octal => "octal",
            Self::Binary => "binary",
        }
    }

    /// The radix of a name that is kept in the settings.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|radix| radix.name() == name)
    }

    /// The byte's digits in ASCII, with leading zeros: the first [`digits`](Self::digits) bytes of `out`.
    pub fn write_byte(self, byte: u8, upper: bool, out: &mut [u8; 8]) -> &[u8] {
        let letters: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let base = self.base() as u8;
        let digits = &mut out[..self.digits()];
        let mut rest = byte;
        for digit in digits.iter_mut().rev() {
            *digit = letters[usize::from(rest % base)];
            rest /= base;
        }
        digits
    }

    /// `byte` with its digit at `index` (0 is the leftmost) replaced. `None` when `digit` is none of this radix,
    /// when there is no such place, or when the value would lie above 255.
    pub fn with_digit(self, byte: u8, index: usize, digit: char) -> Option<u8> {
        let places_right = self.digits().checked_sub(index + 1)?;
        let new = digit.to_digit(self.base())?;
        let place = self.base().pow(places_right as u32);
        let old = u32::from(byte) / place % self.base();
        u8::try_from(u32::from(byte) - old * place + new * place).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_a_byte_digit_by_digit_gives_the_byte() {
        for radix in Radix::ALL {
            for byte in 0..=255u8 {
                let mut digits = [0; 8];
                let typed = radix.write_byte(byte, byte % 2 == 0, &mut digits);
                assert_eq!(typed.len(), radix.digits());
                let built = typed
                    .iter()
                    .enumerate()
                    .try_fold(0, |built, (index, &digit)| radix.with_digit(built, index, digit.into()));
                assert_eq!(built, Some(byte));
                let parsed =
                    std::str::from_utf8(typed).ok().map(|text| u8::from_str_radix(text, radix.base()));
                assert_eq!(parsed, Some(Ok(byte)));
            }
        }
    }

    #[test]
    fn a_digit_that_makes_too_much_is_refused() {
        assert_eq!(Radix::Decimal.with_digit(199, 1, '6'), Some(169));
        assert_eq!(Radix::Decimal.with_digit(99, 0, '3'), None);
        assert_eq!(Radix::Octal.with_digit(0o77, 0, '4'), None);
        assert_eq!(Radix::Hex.with_digit(0, 0, 'g'), None);
        assert_eq!(Radix::Hex.with_digit(0, 2, '1'), None);
        assert_eq!(Radix::Binary.with_digit(0, usize::MAX - 1, '1'), None);
    }
}
