//! Names that other programs use for another type, and the message about each.

/// Names that mean one type here and another elsewhere: what is read, whose meaning that is, what the other one is called.
const DOUBTFUL: &[(&str, &str, &str, &str)] = &[
    ("u8", "uint64", "as in NumPy", "for 8 bits write uint8"),
    ("i8", "int64", "as in NumPy", "for 8 bits write int8"),
    ("f16", "longdouble", "as in NumPy", "for 16 bits write float16"),
    ("u16", "uint16", "as in Rust", "for 16 bytes write uint128"),
    ("i16", "int16", "as in Rust", "for 16 bytes write int128"),
    ("<u16", "<u16", "16 bytes", "for 16 bits write <u2"),
    (">u16", ">u16", "16 bytes", "for 16 bits write >u2"),
    ("<i16", "<i16", "16 bytes", "for 16 bits write <i2"),
    (">i16", ">i16", "16 bytes", "for 16 bits write >i2"),
    ("I8", "int8", "as in safetensors", "for 8 bytes write int64"),
    ("F16", "float16", "as in safetensors", "for 16 bytes write longdouble"),
    ("F4", "f4e2m1x2", "as in safetensors", "for 4 bytes write float32"),
    ("U8", "<U8", "a string of 8 characters, as in NumPy", "for a number of 8 bits write uint8"),
    ("U16", "<U16", "a string of 16 characters, as in NumPy", "for a number of 16 bits write uint16"),
    ("U32", "<U32", "a string of 32 characters, as in NumPy", "for a number of 32 bits write uint32"),
    ("U64", "<U64", "a string of 64 characters, as in NumPy", "for a number of 64 bits write uint64"),
    ("l", "int64", "as in NumPy on 64-bit Unix", "for 32 bits write int32"),
    ("L", "uint64", "as in NumPy on 64-bit Unix", "for 32 bits write uint32"),
    ("c", "S1", "as in NumPy", "for a character as C writes it write char"),
];

/// What a doubtful name is taken for, as a sentence; `None` for a name that means the same everywhere.
pub fn taken_for(text: &str) -> Option<String> {
    let text = text.trim();
    let (name, read, whose, other) = DOUBTFUL.iter().find(|(name, ..)| *name == text)?;
    let read = if read == name { String::new() } else { format!("{read}, ") };
    Some(format!("'{name}' is read as {read}{whose}; {other}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::dtype::ItemType;

    #[test]
    fn a_doubtful_name_says_what_it_is_taken_for() {
        for (name, read, whose, other) in DOUBTFUL {
            let item = |text: &str| text.parse::<ItemType>().expect("a type");
            assert_eq!(item(name), item(read), "{name} {whose}");
            let (_, proposed) = other.rsplit_once(' ').expect("a name at the end");
            assert_ne!(item(name), item(proposed), "{name}");
            assert!(taken_for(proposed).is_none(), "{proposed} is doubtful too");
        }
        let said = taken_for(" u8 ");
        assert_eq!(said.as_deref(), Some("'u8' is read as uint64, as in NumPy; for 8 bits write uint8."));
        assert_eq!(taken_for("<u16").as_deref(), Some("'<u16' is read as 16 bytes; for 16 bits write <u2."));
        assert_eq!(taken_for("f4"), None);
    }
}
