//! One number of a list in the spellings of many languages: `65`, `0x41`, `41h`, `0b1`, `0o101`, `'A'`, `(byte)0xff`,
//! `65u8`.

/// A number of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub value: i128,
    /// Decimal digits that it is written with; 0 in another radix.
    pub digits: usize,
    /// A leading zero means octal in some languages and nothing in others.
    pub is_doubtful: bool,
    /// Bytes of the type that its suffix names.
    pub width: Option<usize>,
}

/// The numbers between commas, or between blanks where there is no comma; brackets inside are passed over.
pub(super) fn list(inner: &str) -> Result<Vec<Number>, String> {
    let is_bracket = |c: char| matches!(c, '[' | ']' | '{' | '}');
    let has_commas = inner.contains(',') || inner.contains('\'');
    let mut numbers = Vec::new();
    let mut rest = inner.trim();
    while !rest.is_empty() {
        let end = end_of_item(rest, has_commas);
        let item = rest[..end].trim_matches(|c: char| is_bracket(c) || c.is_whitespace());
        rest = rest[end..].trim_start_matches(|c: char| c == ',' || c.is_whitespace());
        if !item.is_empty() {
            numbers.push(number(item).ok_or_else(|| fault(item))?);
        }
    }
    if numbers.is_empty() { Err(String::from("there are no numbers in it")) } else { Ok(numbers) }
}

fn fault(item: &str) -> String {
    let short: String = item.chars().take(20).collect();
    format!("'{}' is not a number", short.escape_debug())
}

fn end_of_item(rest: &str, has_commas: bool) -> usize {
    let mut in_quotes = false;
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' if in_quotes => escaped = true,
            '\'' => in_quotes = !in_quotes,
            ',' if !in_quotes => return at,
            c if !has_commas && c.is_whitespace() => return at,
            _ => {}
        }
    }
    rest.len()
}

fn number(item: &str) -> Option<Number> {
    let item = ["(byte)", "(char)", "(sbyte)", "(unsigned char)", "(uint8_t)"]
        .iter()
        .find_map(|cast| item.strip_prefix(cast))
        .map_or(item, str::trim_start);
    if let Some(value) = character(item) {
        return Some(Number { value: value.into(), digits: 0, is_doubtful: false, width: None });
    }
    let (negative, digits) = match item.strip_prefix('-') {
        Some(digits) => (true, digits.trim_start()),
        None => (false, item),
    };
    let is_hex = digits.starts_with("0x") || digits.starts_with("0X");
    let (body, width) = SUFFIXES
        .iter()
        .find_map(|(suffix, width)| Some((digits.strip_suffix(suffix)?, *width)))
        .unwrap_or((digits, None));
    let body = body.trim_end_matches('_');
    let (radix, body) = match body.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, &body[2..]),
        Some("0b") if !body.ends_with(['h', 'H']) => (2, &body[2..]),
        Some("0o") => (8, &body[2..]),
        _ => match body.strip_suffix(['h', 'H']).filter(|_| !is_hex) {
            Some(hex) => (16, hex),
            None => (10, body),
        },
    };
    let body = body.replace('_', "");
    if body.is_empty() || body.len() > 20 || !body.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let value = i128::from_str_radix(&body, radix).ok()?;
    let is_doubtful = radix == 10 && body.len() > 1 && body.starts_with('0');
    let digits = if radix == 10 { body.len() } else { 0 };
    Some(Number { value: if negative { -value } else { value }, digits, is_doubtful, width })
}

/// What may end a number, and the bytes of the type that it names; those of C say too little.
const SUFFIXES: [(&str, Option<usize>); 16] = [
    ("u8", Some(1)),
    ("i8", Some(1)),
    ("u16", Some(2)),
    ("i16", Some(2)),
    ("u32", Some(4)),
    ("i32", Some(4)),
    ("u64", Some(8)),
    ("i64", Some(8)),
    ("usize", Some(8)),
    ("isize", Some(8)),
    ("UL", None),
    ("ul", None),
    ("LL", None),
    ("U", None),
    ("u", None),
    ("L", None),
];

/// The byte of `'A'`, `b'A'`, `'\n'`, `'\x41'`, `'\0'`.
fn character(item: &str) -> Option<u8> {
    let inner = item.strip_prefix('b').unwrap_or(item).strip_prefix('\'')?.strip_suffix('\'')?;
    let byte = |digits: &str, radix| u8::from_str_radix(digits, radix).ok();
    match inner.as_bytes() {
        [byte] if byte.is_ascii() && *byte != b'\\' => Some(*byte),
        [b'\\', b'n'] => Some(b'\n'),
        [b'\\', b'r'] => Some(b'\r'),
        [b'\\', b't'] => Some(b'\t'),
        [b'\\', quoted @ (b'\\' | b'\'' | b'"')] => Some(*quoted),
        [b'\\', b'x', _, _] => byte(&inner[2..], 16),
        [b'\\', digits @ ..] if (1..=3).contains(&digits.len()) => byte(&inner[1..], 8),
        _ => None,
    }
}
