//! Places typed as expressions: the go-to box.
//!
//! Numbers are exact: 128 bits inside, refused when they do not fit, no fractions. What is typed without a sign is
//! an address as shown; `+16` is relative to the caret and `-16` to the end. A result is always a place of the file.
//!
//! From loose to tight: `|`, `&`, `<< >>`, `+ -`, `* / %`, signs; `/` and `%` round down as in Python.

use super::Radix;
use super::cursor::{Cursor, white_space};
use super::operator::{LEVELS, Operator};
use super::scalar::integer::without_separators;
use crate::bytes::Span;
use std::borrow::Cow;

/// What an expression is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetContext {
    /// Offset of the caret.
    pub here: u64,
    /// Bytes of the file.
    pub len: u64,
    /// The address that is shown for the first byte.
    pub base: u64,
    /// How digits without a prefix are read. Where that is hex, `0b1` is the hex number, as in a copied address.
    pub default_radix: Radix,
}

impl OffsetContext {
    fn address_here(&self) -> i128 {
        i128::from(self.base) + i128::from(self.here)
    }

    fn address_end(&self) -> i128 {
        i128::from(self.base) + i128::from(self.len)
    }

    fn show(&self, number: i128) -> String {
        let sign = if number < 0 { "-" } else { "" };
        match self.default_radix {
            Radix::Hex => format!("{sign}{:#x}", number.unsigned_abs()),
            _ => number.to_string(),
        }
    }
}

/// Why an expression is no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    /// Which character of the text, from 0; `None` when it reads well but there is no such place.
    pub at: Option<usize>,
    /// A sentence that names the column (from 1) or the number.
    pub message: String,
}

/// The offset that `text` names, 0 to `place.len` inclusive.
///
/// # Errors
/// [`ExpressionError`] when the text can't be read, or its place lies before the first byte or beyond the end.
pub fn evaluate(text: &str, place: &OffsetContext) -> Result<u64, ExpressionError> {
    let address = address_of(text, 0, place)?;
    offset_of(address, place)
}

/// The span that `START:END` or `START:+LEN` names. Both sides are places as in [`evaluate`], so negatives count
/// from the end; a side that is left out is the edge of the file.
///
/// # Errors
/// [`ExpressionError`], also when the end lies before the start.
pub fn evaluate_span(text: &str, place: &OffsetContext) -> Result<Span, ExpressionError> {
    let Some((first, second)) = text.split_once(':') else {
        return Err(fault(text.chars().count(), "expected ':' as in START:END or START:+LENGTH"));
    };
    let second_column = first.chars().count() + 1;
    let start = match first.trim() {
        "" => i128::from(place.base),
        _ => address_of(first, 0, place)?,
    };
    let end = match second.trim().strip_prefix('+') {
        Some(_) => start.saturating_add(value_of(second, second_column, place)?),
        None if second.trim().is_empty() => place.address_end(),
        None => address_of(second, second_column, place)?,
    };
    let (start, end) = (offset_of(start, place)?, offset_of(end, place)?);
    Span::new(start, end).ok_or_else(|| ExpressionError {
        at: None,
        message: format!(
            "the end, {}, is before the start, {}",
            place.show(end.into()),
            place.show(start.into())
        ),
    })
}

/// How many addresses there are.
const ADDRESSES: i128 = 1 << 64;

fn offset_of(address: i128, place: &OffsetContext) -> Result<u64, ExpressionError> {
    let no_place = |relation: &str, edge: i128| ExpressionError {
        at: None,
        message: format!("{} is {relation}, which is at {}", place.show(address), place.show(edge)),
    };
    let base = i128::from(place.base);
    match u64::try_from(address.saturating_sub(base)) {
        Ok(offset) if offset <= place.len => Ok(offset),
        // Addresses go on at 0 behind the last one.
        Err(_) if address >= 0 && address.saturating_sub(base) + ADDRESSES <= i128::from(place.len) => {
            u64::try_from(address - base + ADDRESSES)
                .map_err(|_| no_place("beyond the end", place.address_end()))
        }
        _ if address < base => Err(no_place("before the first byte", base)),
        _ => Err(no_place("beyond the end", place.address_end())),
    }
}

/// The address that a whole expression names; a leading sign makes it relative.
fn address_of(text: &str, first_column: usize, place: &OffsetContext) -> Result<i128, ExpressionError> {
    let value = value_of(text, first_column, place)?;
    let origin = match text.trim_start().as_bytes().first() {
        Some(b'+') => place.address_here(),
        Some(b'-') => place.address_end(),
        _ => 0,
    };
    value.checked_add(origin).ok_or_else(|| too_large(first_column))
}

fn value_of(text: &str, first_column: usize, place: &OffsetContext) -> Result<i128, ExpressionError> {
    // Columns are counted in characters, which only a fault needs.
    let column = |at: usize| first_column + text[..text.floor_char_boundary(at)].chars().count();
    whole(text, place).map_err(|error| fault(column(error.at), &error.message))
}

fn fault(at: usize, message: &str) -> ExpressionError {
    ExpressionError { at: Some(at), message: format!("column {}: {message}", at + 1) }
}

const TOO_LARGE: &str = "this number is too large";

fn too_large(at: usize) -> ExpressionError {
    fault(at, TOO_LARGE)
}

/// What is wrong at which byte.
struct Wrong {
    at: usize,
    message: Cow<'static, str>,
}

fn wrong(at: usize, message: impl Into<Cow<'static, str>>) -> Wrong {
    Wrong { at, message: message.into() }
}

fn whole(text: &str, place: &OffsetContext) -> Result<i128, Wrong> {
    let tokens = tokenize(text, place)?;
    let mut parser = Parser { tokens: &tokens, end: text.len(), depth: 0 };
    let value = parser.binary(0)?;
    match parser.tokens.first() {
        None => Ok(value),
        Some(token) => Err(wrong(token.at, "expected an operator")),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Number(i128),
    Open,
    Close,
    Operator(Operator),
}

#[derive(Clone, Copy)]
struct Token {
    symbol: Symbol,
    /// Which byte of the text.
    at: usize,
}

fn tokenize(text: &str, place: &OffsetContext) -> Result<Vec<Token>, Wrong> {
    let mut tokens = Vec::new();
    let mut cursor = Cursor::new(text, white_space);
    while let Some(character) = cursor.peek() {
        let at = cursor.at;
        let taken = cursor.take_while(|character| character.is_alphanumeric() || character == '_');
        let symbol = match character {
            _ if !taken.is_empty() => match (unit(taken), tokens.last_mut()) {
                // '4 KiB' is '4KiB'.
                (Some(unit), Some(Token { symbol: Symbol::Number(number), .. })) => {
                    *number = number.checked_mul(unit).ok_or_else(|| wrong(at, TOO_LARGE))?;
                    continue;
                }
                _ => Symbol::Number(word(taken, at, place)?),
            },
            '.' => Symbol::Number(place.address_here()),
            '(' => Symbol::Open,
            ')' => Symbol::Close,
            _ => match operator(cursor.rest()) {
                Some((operator, len)) => {
                    cursor.at += len - 1;
                    Symbol::Operator(operator)
                }
                None => return Err(wrong(at, format!("unexpected '{}'", character.escape_debug()))),
            },
        };
        // What is no word has one byte left.
        cursor.at += usize::from(taken.is_empty());
        tokens.push(Token { symbol, at });
    }
    Ok(tokens)
}

/// An operator that places are calculated with.
fn operator(text: &str) -> Option<(Operator, usize)> {
    match Operator::at_start(text)? {
        // Two signs of multiplication are told of at the second one.
        (Operator::Power, _) => Some((Operator::Multiply, 1)),
        (Operator::Xor, _) => None,
        known => Some(known),
    }
}

/// A name or a number with what stands around its digits.
fn word(word: &str, at: usize, place: &OffsetContext) -> Result<i128, Wrong> {
    let lower = word.to_ascii_lowercase();
    match lower.as_str() {
        "here" => return Ok(place.address_here()),
        "end" => return Ok(place.address_end()),
        _ => {}
    }
    let no_number = || {
        let shown = super::scalar::integer::excerpt(word);
        wrong(at, format!("'{shown}' is neither a number nor a name (here, end)"))
    };
    let (number, factor) = split_suffix(&lower);
    let clean = without_separators(number).ok_or_else(no_number)?;
    let (radix, digits) = split_radix(&clean, place.default_radix);
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(no_number());
    }
    let value = i128::from_str_radix(digits, radix).map_err(|_| wrong(at, TOO_LARGE))?;
    value.checked_mul(factor).ok_or_else(|| wrong(at, TOO_LARGE))
}

/// Binary units and their powers of two. A single letter means the same power of 1024.
const SUFFIXES: [(&str, u32); 8] =
    [("kib", 10), ("mib", 20), ("gib", 30), ("tib", 40), ("k", 10), ("m", 20), ("g", 30), ("t", 40)];

/// A word that is nothing but a unit.
fn unit(word: &str) -> Option<i128> {
    let (_, power) = SUFFIXES.into_iter().find(|(suffix, _)| word.eq_ignore_ascii_case(suffix))?;
    Some(1 << power)
}

/// `4KiB` is 4 and 1024.
fn split_suffix(lower: &str) -> (&str, i128) {
    SUFFIXES
        .into_iter()
        .find_map(|(suffix, power)| lower.strip_suffix(suffix).map(|number| (number, 1 << power)))
        .unwrap_or((lower, 1))
}

fn split_radix(number: &str, default: Radix) -> (u32, &str) {
    if let Some(digits) = number.strip_suffix('h') {
        return (16, digits);
    }
    let (radix, digits) = super::scalar::integer::split_prefix(number);
    if radix == 10 || (radix == 2 && default == Radix::Hex) {
        (default.base(), number)
    } else {
        (radix, digits)
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    /// The byte behind the text.
    end: usize,
    depth: usize,
}

/// Parentheses and signs inside each other; a typed expression has a few.
const MAX_DEPTH: usize = 64;

impl Parser<'_> {
    fn next(&mut self) -> Option<Token> {
        let (&first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    /// Operands joined by operators that bind at `level` or tighter.
    fn binary(&mut self, level: usize) -> Result<i128, Wrong> {
        if level == LEVELS {
            return self.operand();
        }
        let mut left = self.binary(level + 1)?;
        while let Some(&Token { symbol: Symbol::Operator(operator), at }) = self.tokens.first() {
            if operator.level() != level {
                break;
            }
            self.next();
            let right = self.binary(level + 1)?;
            left = apply(operator, left, right).map_err(|message| wrong(at, message))?;
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<i128, Wrong> {
        const EXPECTED: &str = "expected a number, here, end or '('";
        let Some(Token { symbol, at }) = self.next() else { return Err(wrong(self.end, EXPECTED)) };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(wrong(at, "parentheses or signs are nested too deeply"));
        }
        let value = match symbol {
            Symbol::Number(value) => value,
            Symbol::Operator(Operator::Add) => self.operand()?,
            Symbol::Operator(Operator::Subtract) => {
                self.operand()?.checked_neg().ok_or_else(|| wrong(at, TOO_LARGE))?
            }
            Symbol::Open => {
                let value = self.binary(0)?;
                match self.next() {
                    Some(Token { symbol: Symbol::Close, .. }) => value,
                    Some(token) => return Err(wrong(token.at, "expected an operator or ')'")),
                    None => return Err(wrong(self.end, "expected ')'")),
                }
            }
            _ => return Err(wrong(at, EXPECTED)),
        };
        self.depth -= 1;
        Ok(value)
    }
}

fn apply(operator: Operator, left: i128, right: i128) -> Result<i128, &'static str> {
    const TOO_LARGE: &str = "this result is too large";
    let by_zero = "division by 0";
    match operator {
        Operator::Or => Ok(left | right),
        Operator::And => Ok(left & right),
        Operator::Left => {
            let power = u32::try_from(right).ok().filter(|&by| by < 127).map(|by| 1i128 << by);
            power.and_then(|power| left.checked_mul(power)).ok_or(TOO_LARGE)
        }
        Operator::Right => match u32::try_from(right) {
            Ok(by) => Ok(left >> by.min(127)),
            Err(_) => Err("the number of bits to shift by is negative or too large"),
        },
        Operator::Add => left.checked_add(right).ok_or(TOO_LARGE),
        Operator::Subtract => left.checked_sub(right).ok_or(TOO_LARGE),
        Operator::Multiply => left.checked_mul(right).ok_or(TOO_LARGE),
        Operator::Divide | Operator::FloorDivide | Operator::Remainder if right == 0 => Err(by_zero),
        Operator::Divide | Operator::FloorDivide => floor_divide(left, right).ok_or(TOO_LARGE),
        Operator::Remainder => {
            let quotient = floor_divide(left, right).ok_or(TOO_LARGE)?;
            quotient.checked_mul(right).and_then(|product| left.checked_sub(product)).ok_or(TOO_LARGE)
        }
        // The two have no sign here: see `operator`.
        Operator::Xor | Operator::Power => Err("this operator has no meaning here"),
    }
}

fn floor_divide(left: i128, right: i128) -> Option<i128> {
    let quotient = left.checked_div(right)?;
    let rounded_up = left % right != 0 && (left < 0) != (right < 0);
    Some(quotient - i128::from(rounded_up))
}
