//! Python literals as values: the header of a `.npy` file, a pasted list, the text of a record.
//!
//! One pass without backtracking, so the work is linear in the text, and no deeper than a fixed depth. Nothing is
//! ever evaluated: names are refused, save the constants and, where a dtype is read, names and calls as such.

mod header;
mod scan;
mod strings;

pub(super) use header::header_items;
pub use header::{HeaderPair, header_pairs, header_value};

use scan::Scan;

/// A value as Python writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    None,
    Bool(bool),
    Int(i128),
    /// Also a whole number beyond 128 bits. The text is the number as it was written.
    Float(f64, String),
    /// Real part, imaginary part, and the number as it was written.
    Complex(f64, f64, String),
    Str(String),
    Bytes(Vec<u8>),
    List(Vec<Self>),
    Tuple(Vec<Self>),
    Dict(Vec<(Self, Self)>),
    /// A name such as `np.float32`; [`parse`] refuses them.
    Name(String),
    /// A call such as `np.dtype('f4', align=True)`, keywords by name; [`parse`] refuses them.
    Call(String, Vec<(Option<String>, Self)>),
}

/// Why a text is no literal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct LiteralError {
    /// A sentence without the place.
    pub text: String,
    /// Which byte of the text, from 0.
    pub at: usize,
}

/// Lists in lists that are read.
pub const MAX_DEPTH: usize = 32;

/// The literal that `text` is, with white space around it.
///
/// # Errors
/// [`LiteralError`] at the first character that can't be read, and for what lies deeper than [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Literal, LiteralError> {
    Scan::new(text, MAX_DEPTH, false).whole()
}

/// As [`parse`], of a text of Python's source: lines may go on behind a backslash, and there may be comments.
///
/// # Errors
/// As [`parse`].
pub fn parse_source(text: &str) -> Result<Literal, LiteralError> {
    Scan::source(text, usize::MAX).whole()
}

/// As [`parse`], with names and calls, and twice as deep: a record of a record is a list in a tuple.
///
/// # Errors
/// [`LiteralError`] at the first byte that can't be read.
pub fn parse_expression(text: &str) -> Result<Literal, LiteralError> {
    Scan::new(text, 2 * MAX_DEPTH, true).whole()
}

impl Literal {
    /// The items of a list or tuple.
    pub fn items(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) | Self::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The value of a dictionary's key; the last one where it is repeated, as in Python.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Dict(pairs) = self else { return None };
        pairs
            .iter()
            .rev()
            .find(|(name, _)| matches!(name, Self::Str(name) if name == key))
            .map(|(_, value)| value)
    }

    /// The text of a number that Python and NumPy write as an expression: `np.nan`, `-np.inf`, `float('inf')`,
    /// `complex(1.5, -0.0)`. `None` of all else.
    pub fn number_text(&self) -> Option<String> {
        match self {
            Self::Name(name) => {
                let (sign, bare) = name.strip_prefix('-').map_or(("", name.as_str()), |bare| ("-", bare));
                let bare = ["np.", "numpy.", "math."].iter().find_map(|module| bare.strip_prefix(module))?;
                matches!(bare, "nan" | "inf").then(|| format!("{sign}{bare}"))
            }
            Self::Int(value) => Some(value.to_string()),
            Self::Float(_, text) => Some(text.clone()),
            Self::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
                ("float", [(None, Self::Str(text))]) => Some(text.clone()),
                ("complex", [(None, real), (None, imaginary)]) => {
                    let (real, imaginary) = (real.number_text()?, imaginary.number_text()?);
                    let sign = if imaginary.starts_with('-') { "" } else { "+" };
                    Some(format!("({real}{sign}{imaginary}j)"))
                }
                _ => None,
            },
            Self::None | Self::Bool(_) | Self::Complex(..) | Self::Str(_) | Self::Bytes(_) => None,
            Self::List(_) | Self::Tuple(_) | Self::Dict(_) => None,
        }
    }

    /// What the value is, for messages.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool(_) => "a Boolean",
            Self::Int(_) => "an integer",
            Self::Float(..) => "a number",
            Self::Complex(..) => "a complex number",
            Self::Str(_) => "a string",
            Self::Bytes(_) => "a bytes string",
            Self::List(_) => "a list",
            Self::Tuple(_) => "a tuple",
            Self::Dict(_) => "a dictionary",
            Self::Name(_) => "a name",
            Self::Call(..) => "a call",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Literal {
        Literal::Str(text.to_owned())
    }

    #[test]
    fn every_kind_of_value() {
        let float = |value: f64, text: &str| Literal::Float(value, text.to_owned());
        for (source, value) in [
            (" None ", Literal::None),
            ("True", Literal::Bool(true)),
            ("-12", Literal::Int(-12)),
            ("0x_ff", Literal::Int(255)),
            ("1_000", Literal::Int(1000)),
            ("- 5", Literal::Int(-5)),
            ("1.5e3", float(1500.0, "1.5e3")),
            ("-inf", float(f64::NEG_INFINITY, "-inf")),
            (
                "340282366920938463463374607431768211455",
                float(2f64.powi(128), "340282366920938463463374607431768211455"),
            ),
            ("0x1.8p1", float(3.0, "0x1.8p1")),
            ("2j", Literal::Complex(0.0, 2.0, "2j".to_owned())),
            ("(1-2.5j)", Literal::Complex(1.0, -2.5, "1-2.5j".to_owned())),
            ("(3)", Literal::Int(3)),
            ("(3,)", Literal::Tuple(vec![Literal::Int(3)])),
            ("()", Literal::Tuple(vec![])),
            ("[1, 'a',]", Literal::List(vec![Literal::Int(1), text("a")])),
            (
                "{'a': (1, 2), }",
                Literal::Dict(vec![(text("a"), Literal::Tuple(vec![Literal::Int(1), Literal::Int(2)]))]),
            ),
            ("'a' \"b\"", text("ab")),
            (r"'\x41\u20ac\U0001f600\n\'\101'", text("A€😀\n'A")),
            (r"r'\n'", text("\\n")),
            (r"b'\x00\xffa'", Literal::Bytes(vec![0, 255, b'a'])),
            ("'''a'b'''", text("a'b")),
            ("u'ü'", text("ü")),
        ] {
            assert_eq!(parse(source), Ok(value), "{source}");
        }
    }

    #[test]
    fn what_is_no_literal_is_refused_at_its_place() {
        for (source, at) in [
            ("", 0),
            ("[1, 2", 5),
            ("[1 2]", 3),
            ("'abc", 4),
            ("b'ü'", 2),
            ("x", 0),
            ("np.dtype('f4')", 0),
            ("1 2", 2),
            ("{1: 2, 3}", 8),
            (r"'\xg0'", 1),
            (r"'\ud800'", 1),
            ("1.2.3", 0),
            ("[,]", 1),
            ("(,)", 1),
            ("--", 1),
        ] {
            assert_eq!(parse(source).map_err(|error| error.at), Err(at), "{source}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
        assert!(parse(&"[".repeat(1_000_000)).is_err());
        assert!(parse(&"(".repeat(1_000_000)).is_err());
        assert!(parse(&"-".repeat(1_000_000)).is_err());
    }

    #[test]
    fn names_only_where_they_are_asked_for() {
        let call = parse_expression("np.dtype(np.float32, align=True)");
        let arguments = vec![
            (None, Literal::Name("np.float32".to_owned())),
            (Some("align".to_owned()), Literal::Bool(true)),
        ];
        assert_eq!(call, Ok(Literal::Call("np.dtype".to_owned(), arguments)));
    }
}
