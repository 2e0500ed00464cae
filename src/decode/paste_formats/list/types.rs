//! Which type the numbers of a list have by the text around it, and whether that text names only the type.

use crate::decode::dtype::ItemType;
use crate::decode::type_names::{self, Means};

/// What is said about the type of a list's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Nothing: they may well be bytes.
    Nothing,
    /// Integers of so many bytes.
    Width(usize),
    /// Something that is no integer, or no type that is known here.
    Unknown,
}

/// Words of a declaration that name no type.
const QUALIFIERS: [&str; 23] = [
    "alignas",
    "auto",
    "const",
    "constexpr",
    "constinit",
    "export",
    "extern",
    "final",
    "inline",
    "internal",
    "let",
    "local",
    "my",
    "mut",
    "private",
    "protected",
    "pub",
    "public",
    "readonly",
    "register",
    "static",
    "val",
    "var",
];

/// Calls whose only argument is a list of bytes.
const BYTES: [&str; 6] = ["bytes", "bytearray", "Buffer.from", "Vec::from", "list", "tuple"];

/// Calls that make integers of eight bytes where no type is given.
const ARRAYS: [&str; 9] = [
    "np.array",
    "numpy.array",
    "np.asarray",
    "numpy.asarray",
    "jnp.array",
    "jnp.asarray",
    "array",
    "torch.tensor",
    "tensor",
];

/// What stands before the `=` that assigns a list: `uint16_t d[2]`, `let d: [u8; 2]`.
pub(super) fn of_declaration(declared: &str) -> Named {
    if let Some(width) = width_named(declared) {
        return Named::Width(width);
    }
    let is_name = |word: &&str| word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let names = declared.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '$'));
    // Beside the variable's name there is another one, which is a type's.
    match names.filter(is_name).filter(|word| !QUALIFIERS.contains(word)).count() {
        0 | 1 => Named::Nothing,
        _ => Named::Unknown,
    }
}

/// What stands before a list: `new byte[] `, `[]uint16`, `np.array(`, `array('H', `.
pub(super) fn of_head(before: &str) -> Named {
    let head = before.trim();
    if let Some(code) = array_code(head) {
        return match type_names::find_struct(code, true) {
            Some(Means::Element(element)) if element.is_integer() => Named::Width(element.size()),
            _ => Named::Unknown,
        };
    }
    match head.strip_suffix('(') {
        Some(call) if ARRAYS.contains(&call) => Named::Width(8),
        _ => width_named(head).map_or(Named::Nothing, Named::Width),
    }
}

/// The code of Python's `array('H', ` and `array.array('H', `.
fn array_code(head: &str) -> Option<char> {
    let rest = head.strip_prefix("array.array(").or_else(|| head.strip_prefix("array("))?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let mut letters = rest[1..].strip_suffix(',')?.trim_end().strip_suffix(quote)?.chars();
    letters.next().filter(|_| letters.next().is_none())
}

/// The type behind `dtype=` in what follows a list, and what follows the type.
pub(super) fn keyword<'a>(after: &'a str) -> (Named, &'a str) {
    let Some(rest) = after.trim_start_matches([',', ' ', '\n', '\r', '\t']).strip_prefix("dtype") else {
        return (Named::Nothing, after);
    };
    let Some(word) = rest.trim_start().strip_prefix('=') else { return (Named::Unknown, after) };
    let without = |text: &'a str, starts: &[&str]| -> &'a str {
        starts.iter().find_map(|start| text.strip_prefix(start)).unwrap_or(text)
    };
    let word = without(word.trim_start(), &["np.dtype(", "numpy.dtype("]);
    let word = without(without(word, &["'", "\""]), &["np.", "numpy.", "jnp.", "torch."]);
    let end = word.find(['\'', '"', ')', ',', ' ', '\n']).unwrap_or(word.len());
    let named = match word[..end].parse() {
        Ok(ItemType::Scalar(dtype)) if dtype.element.is_integer() => Named::Width(dtype.size()),
        _ => Named::Unknown,
    };
    (named, word[end..].trim_start_matches(['\'', '"']))
}

/// Whether what stands before a list is all part of it: nothing, a type, a call that makes bytes or an array of it.
pub(super) fn is_head(before: &str, open: char) -> bool {
    let head = before.trim();
    let head = head.strip_prefix("new ").unwrap_or(head).trim_start();
    if head.is_empty() || (head == "&" && open == '[') {
        return true;
    }
    if let Some(call) = head.strip_suffix('(') {
        return BYTES.contains(&call) || ARRAYS.contains(&call) || is_typed_array(call);
    }
    match open {
        '{' => is_type(head),
        '[' => matches!(head, "vec!" | "&vec!") || array_code(head).is_some(),
        _ => is_typed_array(head) || matches!(head, "byteArrayOf" | "ubyteArrayOf" | "[byte[]]"),
    }
}

/// `Uint8Array`, `Uint8Array.from`, `Uint8Array.of`.
fn is_typed_array(call: &str) -> bool {
    let name =
        ["", ".from", ".of"].iter().find_map(|method| call.strip_suffix(method)?.strip_suffix("Array"));
    name.is_some_and(|name| width_of(name).is_some())
}

/// A type with brackets of its own, as before the list of a literal: `[]byte`, `byte[]`, `std::vector<uint8_t>`.
fn is_type(head: &str) -> bool {
    const PARTS: [&str; 7] = ["std", "array", "vector", "unsigned", "signed", "const", "new"];
    let mut words = words(head).filter(|word| !word.is_empty());
    let is_part = |word: &str| word.bytes().all(|digit| digit.is_ascii_digit()) || PARTS.contains(&word);
    head.contains(['[', '<'])
        && width_named(head).is_some()
        && words.all(|word| is_part(word) || width_of(word).is_some())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The bytes of a number of the first type that a text names.
fn width_named(text: &str) -> Option<usize> {
    let found: Vec<usize> = words(text).filter_map(width_of).collect();
    // 'short int' is a short.
    found.iter().copied().find(|width| *width != 4).or_else(|| found.first().copied())
}

/// The bytes of an integer of this name.
fn width_of(word: &str) -> Option<usize> {
    let word = word.to_ascii_lowercase();
    if matches!(word.as_str(), "size_t" | "ssize_t" | "uintptr_t" | "intptr_t" | "ptrdiff_t") {
        return Some(8);
    }
    let word = word.trim_end_matches("of").trim_end_matches("array").trim_end_matches("_t");
    Some(match word {
        "char" | "byte" | "ubyte" | "sbyte" | "u8" | "i8" | "uint8" | "int8" | "uint8clamped" | "uchar"
        | "bool" => 1,
        "short" | "ushort" | "u16" | "i16" | "uint16" | "int16" | "word" | "char16" => 2,
        "int" | "uint" | "u32" | "i32" | "uint32" | "int32" | "dword" | "char32" => 4,
        "long" | "ulong" | "u64" | "i64" | "uint64" | "int64" | "qword" | "bigint64" | "biguint64" => 8,
        "usize" | "isize" => 8,
        "u128" | "i128" | "uint128" | "int128" => 16,
        _ => return None,
    })
}
