//! What kind of byte a byte is, for its colour: the same in every encoding.

/// The kinds of bytes that a hex view tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteClass {
    /// 0x00.
    Zero,
    /// A visible ASCII character.
    Printable,
    /// ASCII white space: tab, line feed, vertical tab, form feed, carriage return, space.
    Space,
    /// The other ASCII control codes.
    Control,
    /// 0x80 to 0xFE.
    High,
    /// 0xFF.
    Ones,
}

impl ByteClass {
    pub const ALL: [Self; 6] =
        [Self::Zero, Self::Printable, Self::Space, Self::Control, Self::High, Self::Ones];
}

const fn classify(byte: u8) -> ByteClass {
    match byte {
        0 => ByteClass::Zero,
        b'\t'..=b'\r' | b' ' => ByteClass::Space,
        0x21..=0x7e => ByteClass::Printable,
        0x80..=0xfe => ByteClass::High,
        0xff => ByteClass::Ones,
        _ => ByteClass::Control,
    }
}

const CLASSES: [ByteClass; 256] = {
    let mut classes = [ByteClass::Zero; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = classify(byte as u8);
        byte += 1;
    }
    classes
};

/// A look-up, for it is asked of every byte on the screen.
pub const fn byte_class(byte: u8) -> ByteClass {
    CLASSES[byte as usize]
}
