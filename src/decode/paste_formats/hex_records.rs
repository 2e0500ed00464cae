//! The records that programmers of chips load: Intel HEX and Motorola S-records.
//!
//! Both name an address and a checksum a line. Only what has no gap between its addresses is read, as bytes alone.

use super::TextBytes;
use crate::decode::hex;

/// A record's address and bytes.
type Record = (u64, Vec<u8>);

pub(super) fn read_intel(text: &str) -> Result<TextBytes, String> {
    let mut high = 0;
    let mut data = Vec::new();
    for line in lines(text) {
        let digits = line.strip_prefix(':').ok_or("a line does not begin with ':'")?;
        let bytes = hex::parse(digits).map_err(|error| error.to_string())?;
        let (&[len, upper, lower, kind], rest) = bytes.split_first_chunk().ok_or("a line is too short")?;
        let (_, content) = rest.split_last().ok_or("a line is too short")?;
        let sum = bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        if content.len() != usize::from(len) || sum != 0 {
            return Err(String::from("a checksum is wrong"));
        }
        let number = content.iter().take(4).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        match kind {
            0 => data.push((high + u64::from(upper) * 256 + u64::from(lower), content.to_vec())),
            2 => high = number << 4,
            4 => high = number << 16,
            _ => {}
        }
    }
    joined(data)
}

pub(super) fn read_motorola(text: &str) -> Result<TextBytes, String> {
    let mut data = Vec::new();
    for line in lines(text) {
        let kind = line
            .strip_prefix('S')
            .and_then(|rest| rest.bytes().next())
            .ok_or("a line does not begin with S")?;
        let bytes = hex::parse(line.get(2..).unwrap_or("")).map_err(|error| error.to_string())?;
        let (len, rest) = bytes.split_first().ok_or("a line is too short")?;
        let sum = bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        if rest.len() != usize::from(*len) || sum != 0xff {
            return Err(String::from("a checksum is wrong"));
        }
        let width = match kind {
            b'1' => 2,
            b'2' => 3,
            b'3' => 4,
            b'0' | b'5'..=b'9' => continue,
            _ => return Err(String::from("a line is not an S-record")),
        };
        let content = rest.get(width..rest.len().saturating_sub(1)).ok_or("a line is too short")?;
        let address = rest[..width].iter().fold(0, |address, byte| address << 8 | u64::from(*byte));
        data.push((address, content.to_vec()));
    }
    joined(data)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn joined(records: Vec<Record>) -> Result<TextBytes, String> {
    let mut bytes = Vec::new();
    let first = records.first().map(|(address, _)| *address).ok_or("there are no bytes in it")?;
    for (address, content) in records {
        if address != first + bytes.len() as u64 {
            return Err(String::from("there is a gap between its addresses"));
        }
        bytes.extend(content);
    }
    Ok(TextBytes::certain(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_with_right_checksums() {
        let intel = ":020000040800F2\n:0400000041424344F2\n:0200040045466F\n:00000001FF\n";
        assert_eq!(read_intel(intel), Ok(TextBytes::certain(b"ABCDEF".to_vec())));
        assert!(read_intel(&intel.replace("F2\n:02", "F3\n:02")).is_err());
        let motorola = "S00600004844521B\nS107000041424344EE\nS10500044546 6B\nS9030000FC\n".replace(' ', "");
        assert_eq!(read_motorola(&motorola), Ok(TextBytes::certain(b"ABCDEF".to_vec())));
        assert!(read_motorola("S10700004142434400").is_err());
    }
}
