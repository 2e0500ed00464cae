//! Bytes in quotes: `b'A\x00'` of Python and Rust, `"\x41\x42"` of C and its kin, several of them side by side.
//!
//! Only numeric escapes make a string certain: `"AB"` may be meant with its quotes. In C a `\x` takes all hex digits
//! that follow, in Python two; where that makes a difference the string is only possible.

use super::{TextBytes, source_code};
use crate::decode::hex;
use crate::decode::literal::{self, Literal};

pub(super) fn read(text: &str) -> Result<TextBytes, String> {
    let text = source_code::without_comments(text.trim());
    let (_, value) = source_code::declaration(&text);
    let value = value.trim_end_matches([';', ',']).trim();
    if let Some(bytes) = from_hex_call(value) {
        return Ok(TextBytes::certain(bytes));
    }
    let value = without_call(value);
    let head = value.trim_start_matches(['b', 'B', 'r', 'R']);
    if head.len() < value.len() && value.len() - head.len() <= 2 && head.starts_with(['\'', '"']) {
        // As Python takes the ends of its lines.
        let value = value.replace("\r\n", "\n");
        return match literal::parse_source(&value) {
            Ok(Literal::Bytes(bytes)) => Ok(TextBytes { bytes, is_certain: !differs_in_rust(&value) }),
            Ok(_) => Err(String::from("it is not a bytes string")),
            Err(error) => Err(error.to_string()),
        };
    }
    strings(value)
}

/// Whether Rust has other bytes for a `b"…"` of Python: it leaves out the blanks that begin a line behind a backslash, and
/// its `\0` takes no more digits.
fn differs_in_rust(value: &str) -> bool {
    let Some(inner) = value.strip_prefix("b\"").filter(|inner| !inner.starts_with("\"\"")) else {
        return false;
    };
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = if letter == '\\' { letters.next() } else { None };
        let differs = match (escaped, letters.peek()) {
            (Some('\n'), Some(next)) => next.is_whitespace(),
            (Some('0'), Some(next)) => next.is_digit(8),
            _ => false,
        };
        if differs {
            return true;
        }
    }
    false
}

/// `bytes.fromhex('41 42')`, `hex!("4142")`, `X'4142'`.
fn from_hex_call(value: &str) -> Option<Vec<u8>> {
    let inner = ["bytes.fromhex(", "bytearray.fromhex(", "binascii.unhexlify(", "unhexlify(", "hex!("]
        .iter()
        .find_map(|call| value.strip_prefix(call)?.strip_suffix(')'))
        .or_else(|| value.strip_prefix(['x', 'X']))?;
    let quote = inner.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    hex::parse(inner.strip_prefix(quote)?.strip_suffix(quote)?).ok()
}

/// What a call or parentheses around the strings hold.
fn without_call(value: &str) -> &str {
    let calls = ["bytearray(", "bytes(", "memoryview(", "("];
    let inner = calls.iter().find_map(|call| value.strip_prefix(call)?.strip_suffix(')'));
    inner.map_or(value, str::trim)
}

/// One or more strings of C, Go, JavaScript, a shell.
fn strings(mut rest: &str) -> Result<TextBytes, String> {
    let mut bytes = Vec::new();
    let mut doubts = Doubts::default();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\\' | '+'));
        let Some(quote) = rest.chars().next() else { break };
        let open = rest.strip_prefix("$'").or_else(|| rest.strip_prefix(['"', '\'']));
        let open = open.ok_or("it is not a string in quotes")?;
        let quote = if quote == '$' { '\'' } else { quote };
        rest = string(open, quote, &mut bytes, &mut doubts)?;
    }
    Ok(TextBytes { bytes, is_certain: doubts.numbered && !doubts.differ })
}

#[derive(Default)]
struct Doubts {
    /// There are escapes by number.
    numbered: bool,
    /// Languages read it differently.
    differ: bool,
}

/// Appends the bytes of a string behind its quote; what follows it.
fn string<'a>(
    text: &'a str,
    quote: char,
    bytes: &mut Vec<u8>,
    doubts: &mut Doubts,
) -> Result<&'a str, String> {
    let mut rest = text;
    loop {
        let character = rest.chars().next().filter(|c| *c != '\n').ok_or("a quote is missing at the end")?;
        rest = &rest[character.len_utf8()..];
        if character == quote {
            return Ok(rest);
        }
        if character == '\\' {
            rest = escape(rest, bytes, doubts)?;
            continue;
        }
        doubts.differ |= !character.is_ascii();
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Appends the byte of an escape behind its backslash; what follows it.
fn escape<'a>(rest: &'a str, bytes: &mut Vec<u8>, doubts: &mut Doubts) -> Result<&'a str, String> {
    let (letter, after) = rest.split_at_checked(1).ok_or("an escape is cut off")?;
    let simple = match letter {
        "n" => b'\n',
        "r" => b'\r',
        "t" => b'\t',
        "a" => 7,
        "b" => 8,
        "f" => 12,
        "v" => 11,
        "e" => 27,
        "\\" | "'" | "\"" | "?" => letter.as_bytes()[0],
        "x" => return numbered(after, 16, 2, bytes, doubts),
        _ if letter.as_bytes()[0].is_ascii_digit() => return numbered(rest, 8, 3, bytes, doubts),
        _ => return Err(format!("\\{letter} is not an escape for a byte")),
    };
    bytes.push(simple);
    Ok(after)
}

fn numbered<'a>(
    rest: &'a str,
    radix: u32,
    most: usize,
    bytes: &mut Vec<u8>,
    doubts: &mut Doubts,
) -> Result<&'a str, String> {
    let len = rest.chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
    let (digits, after) = rest.split_at(len);
    let byte =
        u8::from_str_radix(digits, radix).map_err(|_| String::from("an escape does not stand for a byte"))?;
    let goes_on = after.starts_with(|next: char| next.is_digit(if radix == 16 { 16 } else { 10 }));
    doubts.differ |= goes_on || (radix == 16 && len < most);
    doubts.numbered = true;
    bytes.push(byte);
    Ok(after)
}
