//! Keys and certificates as text (RFC 7468, and the older headers of RFC 1421): a line that begins them, lines in base64, and
//! a line that ends them. Programs that read such files have the first and the last line as constants: those are none.

use super::head::Head;
use super::signature::Claim;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// Characters of a label, and of a line that is not base64.
const MOST_LABEL: usize = 64;
const MOST_LINE: usize = 128;
/// Characters of a line in base64: some programs write all of it on one.
const MOST_DATA_LINE: usize = 16 << 10;

/// The header of such a file, which goes to the end of its last line. Of one that goes on where the bytes at hand end, the
/// length is not known.
pub(super) fn pem(head: Head<'_>) -> Option<Claim> {
    let is_cut = (head.bytes.len() as u64) < head.rest;
    claim(&mut Lines { bytes: head.bytes, at: 0 }, is_cut)
}

/// The same of lines, some more of which follow where these are cut. Reads no further than to the next line that begins
/// such a file: lines that all begin one take no more time than others.
fn claim(lines: &mut Lines<'_>, is_cut: bool) -> Option<Claim> {
    let label = lines.next()?.strip_prefix(BEGIN)?.strip_suffix(DASHES)?;
    let is_word = |byte: &u8| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'-' | b'.');
    if label.is_empty() || label.len() > MOST_LABEL || !label.iter().all(is_word) {
        return None;
    }
    let mut data = 0_u32;
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix(END) {
            let is_end = rest.strip_suffix(DASHES) == Some(label) && data > 0;
            return is_end.then_some(Claim { len: Some(lines.at as u64) });
        }
        if is_base64(line) {
            data += 1;
        } else if data > 0 && is_checksum(line) {
            continue;
        } else if data > 0 || !is_field(line) {
            return None;
        }
    }
    // The last line at hand may be cut.
    (is_cut && data > 1).then_some(Claim::default())
}

/// Lines one after another, without what ends them; the last one needs no end.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let is_ending = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let near = rest.iter().take(MOST_LINE + 2).position(is_ending);
        let digits = || {
            let far =
                rest.iter().take(MOST_DATA_LINE + 1).position(|byte| !is_digit(byte) && *byte != b'=')?;
            Some(far).filter(|far| is_ending(&rest[*far]))
        };
        let end = near.or_else(digits);
        // Behind the last line anything may follow.
        let last = || {
            let label = rest.strip_prefix(END)?;
            let label = &label[..label.len().min(MOST_LINE)];
            let dashes = label.windows(DASHES.len()).position(|five| five == DASHES)?;
            Some(END.len() + dashes + DASHES.len()).filter(|len| *len <= MOST_LINE)
        };
        let len = end.or_else(last)?;
        let ending = match rest.get(len..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([b'\r' | b'\n', ..]) => 1,
            _ => 0,
        };
        self.at += len + ending;
        Some(&rest[..len])
    }
}

fn is_digit(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

fn is_base64(line: &[u8]) -> bool {
    let digits = line.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    digits > 0 && line.len() - digits <= 2 && line[..digits].iter().all(is_digit)
}

/// The checksum behind the data of OpenPGP: `=njUN`.
fn is_checksum(line: &[u8]) -> bool {
    line.strip_prefix(b"=").is_some_and(|sum| sum.len() == 4 && sum.iter().all(is_digit))
}

/// `Proc-Type: 4,ENCRYPTED`, the rest of such a field, or the empty line behind them. None begins another such file.
fn is_field(line: &[u8]) -> bool {
    let is_text = line.iter().all(|byte| (0x20..0x7f).contains(byte));
    let begins = line.len() >= BEGIN.len() && line.windows(BEGIN.len()).any(|part| part == BEGIN);
    is_text && !begins && (line.is_empty() || line[0] == b' ' || line.windows(2).any(|two| two == b": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = "MIIBCgKCAQEA+xGZ/wcz9ugFpP07Nspo6U17l0YhFiFpxxU4pTk3Lifz9R3zsIsu\nERwta7+fWIfxOo208ett/jhskiVodSEt3QBGh4XBipyWopKwZ93HHaDVZAALi/2A\n+xTBtWdEo7XGUujKDvC2/aZKukfjpOiUI8AhLAfjmlcD/UZ1QPh0mHsglRNCmpCw==\n";

    fn of(text: &str, rest: u64) -> Option<Option<u64>> {
        let head = Head { bytes: text.as_bytes(), rest: text.len() as u64 + rest };
        pem(head).map(|claim| claim.len)
    }

    #[test]
    fn a_key_goes_from_its_first_line_to_its_last() {
        for (fields, ending, behind) in [
            ("", "\n", ""),
            ("Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,1F\n\n", "\n", "\0\0"),
            ("", "", "\0"),
        ] {
            let key = format!("-----BEGIN RSA KEY-----\n{fields}{DATA}-----END RSA KEY-----{ending}");
            assert_eq!(
                of(&format!("{key}{behind}"), 0),
                Some(Some(key.len() as u64)),
                "{fields:?} {ending:?}"
            );
            let dos = key.replace('\n', "\r\n");
            assert_eq!(of(&format!("{dos}{behind}"), 0), Some(Some(dos.len() as u64)));
        }
    }

    #[test]
    fn data_on_one_line_and_a_checksum_behind_it_belong_to_a_key() {
        let line: String = DATA.lines().collect();
        assert!(line.len() > MOST_LINE);
        for body in [
            format!("{line}\n"),
            format!("{}\n", line.replace('=', "A").repeat(80)),
            format!("Version: 1\n\n{DATA}=njUN\n"),
        ] {
            let key =
                format!("-----BEGIN PGP PUBLIC KEY BLOCK-----\n{body}-----END PGP PUBLIC KEY BLOCK-----\n");
            assert_eq!(of(&format!("{key}\0"), 0), Some(Some(key.len() as u64)), "{body}");
        }
        for body in [
            String::from("=njUN\n"),
            format!("{DATA}=njU\n"),
            format!("{}\n", "A".repeat(MOST_DATA_LINE + 1)),
        ] {
            assert_eq!(of(&format!("-----BEGIN A-----\n{body}-----END A-----\n"), 0), None);
        }
    }

    #[test]
    fn a_check_goes_no_further_than_to_the_next_one() {
        for line in [
            " -----BEGIN A-----\n",
            "a: -----BEGIN A-----\n",
            "-----BEGIN A-----\nAAAA\n",
            "-----BEGIN -----END ",
        ] {
            let text = line.repeat(3000);
            let mut looked = 0;
            for (at, _) in text.match_indices("-----BEGIN ") {
                let mut lines = Lines { bytes: &text.as_bytes()[at..], at: 0 };
                assert_eq!(claim(&mut lines, false), None, "{line:?}");
                looked += lines.at;
            }
            assert!(looked <= 3 * text.len(), "{line:?}: {looked} of {}", text.len());
        }
    }

    #[test]
    fn constants_of_programs_are_no_keys() {
        for text in [
            "-----BEGIN CERTIFICATE-----\0-----END CERTIFICATE-----\0",
            "-----BEGIN CERTIFICATE-----\n\0\0-----END CERTIFICATE-----\n\0",
            "-----BEGIN \0-----END \0",
            "-----BEGIN RSA KEY-----\n-----END RSA KEY-----\n",
            "-----BEGIN %s-----\nabcd\n-----END %s-----\n",
            "-----BEGIN A-----\nabcd\n-----END B-----\n",
            "-----BEGIN A-----\nabcd\nno base64!\n-----END A-----\n",
            "-----BEGIN A-----\nabcd\n",
            "-----BEGIN A-----",
        ] {
            assert_eq!(of(text, 0), None, "{text:?}");
        }
    }

    #[test]
    fn a_long_key_is_one_though_its_end_is_not_at_hand() {
        let start = format!("-----BEGIN X509 CRL-----\n{DATA}{DATA}MIIBCg");
        assert_eq!(of(&start, 100_000), Some(None));
        assert_eq!(of(&start, 0), None, "its end is missing");
    }
}
