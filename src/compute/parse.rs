//! Expressions over `x`, by Python's grammar and precedence, as a tree.
//!
//! The tree has at most [`MOST_NODES`] nodes, and so is at most as deep, however its brackets are nested; nothing but
//! numbers, operators and a fixed list of functions is read.

use crate::decode::cursor::{Cursor, white_space};
use crate::decode::literal::{Literal, parse as parse_literal};
use crate::decode::operator::{LEVELS, Operator};

/// What an expression is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    X,
    Int(i128),
    Float(f64),
    Complex(f64, f64),
    Negate(Box<Self>),
    Invert(Box<Self>),
    Binary(Operator, Box<Self>, Box<Self>),
    Call(Function, Vec<Self>),
}

/// Functions of values; all give what NumPy's function of that name gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Clip,
    Minimum,
    Maximum,
    Sqrt,
    Floor,
    Ceil,
    Trunc,
    Round,
    Sign,
    NanToNum,
}

/// Name, function, fewest and most arguments.
pub(super) const FUNCTIONS: [(&str, Function, usize, usize); 13] = [
    ("abs", Function::Abs, 1, 1),
    ("clip", Function::Clip, 3, 3),
    ("minimum", Function::Minimum, 2, 2),
    ("min", Function::Minimum, 2, 2),
    ("maximum", Function::Maximum, 2, 2),
    ("max", Function::Maximum, 2, 2),
    ("sqrt", Function::Sqrt, 1, 1),
    ("floor", Function::Floor, 1, 1),
    ("ceil", Function::Ceil, 1, 1),
    ("trunc", Function::Trunc, 1, 1),
    ("round", Function::Round, 1, 1),
    ("sign", Function::Sign, 1, 1),
    ("nan_to_num", Function::NanToNum, 1, 4),
];

/// Levels of brackets, signs and powers: the way in of the parser.
const MAX_DEPTH: usize = 32;

/// Operators and calls of an expression. Whoever walks the tree goes no deeper than this.
pub(super) const MOST_NODES: usize = 256;

/// An argument of a call, by name where it has one.
pub(super) type Argument = (Option<String>, Expr);

pub(super) struct Parser<'a> {
    cursor: Cursor<'a>,
    depth: usize,
    nodes: usize,
}

type Parsed<T> = Result<T, (String, usize)>;

impl<'a> Parser<'a> {
    /// At the start of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { cursor: Cursor::new(text, white_space), depth: 0, nodes: 0 }
    }

    /// The whole text as an expression.
    ///
    /// # Errors
    /// A sentence, and the byte at which the text can't be read.
    pub fn whole(mut self) -> Parsed<Expr> {
        let expr = self.level(0)?;
        match self.cursor.peek() {
            None => Ok(expr),
            Some(c) => self.fail(format!("'{c}' is not allowed here")),
        }
    }

    /// `name(…)`, the whole text, with the name and what its arguments are.
    pub fn whole_call(mut self) -> Option<Parsed<(String, Vec<Argument>)>> {
        let name = self.name()?;
        if self.cursor.peek() != Some('(') {
            return None;
        }
        self.cursor.at += 1;
        let arguments = match self.arguments() {
            Ok(arguments) => arguments,
            Err(error) => return Some(Err(error)),
        };
        self.cursor.peek().is_none().then_some(Ok((name, arguments)))
    }

    fn fail<T>(&self, text: impl Into<String>) -> Parsed<T> {
        Err((text.into(), self.cursor.at))
    }

    /// One more operator or call.
    fn node(&mut self, expr: Expr) -> Parsed<Expr> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return self.fail(format!("the expression is too long: it has more than {MOST_NODES} operators"));
        }
        Ok(expr)
    }

    /// A name, with `np.` left out.
    fn name(&mut self) -> Option<String> {
        self.cursor.peek();
        let before = self.cursor.at;
        let _ = ["np.", "numpy."].iter().any(|module| self.cursor.take_text(module));
        let name = self.cursor.take_while(|c| c.is_alphanumeric() || c == '_');
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            self.cursor.at = before;
            return None;
        }
        Some(name.to_owned())
    }

    /// The operators of `level`, the loosest first, and all that bind tighter.
    fn level(&mut self, level: usize) -> Parsed<Expr> {
        if level == LEVELS {
            return self.unary();
        }
        let mut left = self.level(level + 1)?;
        loop {
            self.cursor.peek();
            let found =
                Operator::at_start(self.cursor.rest()).filter(|(operator, _)| operator.level() == level);
            let Some((operator, len)) = found else { return Ok(left) };
            self.cursor.at += len;
            let right = self.level(level + 1)?;
            left = self.node(Expr::Binary(operator, Box::new(left), Box::new(right)))?;
        }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("the expression is nested too deeply");
        }
        let expr = if self.cursor.take('-') {
            let inner = self.unary()?;
            self.node(Expr::Negate(Box::new(inner)))?
        } else if self.cursor.take('+') {
            self.unary()?
        } else if self.cursor.take('~') {
            let inner = self.unary()?;
            self.node(Expr::Invert(Box::new(inner)))?
        } else {
            let base = self.atom()?;
            if self.cursor.take_text("**") {
                let power = self.unary()?;
                self.node(Expr::Binary(Operator::Power, Box::new(base), Box::new(power)))?
            } else {
                base
            }
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn atom(&mut self) -> Parsed<Expr> {
        match self.cursor.peek() {
            None => self.fail("the expression ends too early"),
            Some('(') => {
                self.cursor.at += 1;
                let inner = self.level(0)?;
                if self.cursor.take(')') { Ok(inner) } else { self.fail("a ')' is missing") }
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) => match self.name() {
                Some(name) => self.named(&name),
                None => self.fail(format!("unexpected '{c}'")),
            },
        }
    }

    fn named(&mut self, name: &str) -> Parsed<Expr> {
        let start = self.cursor.at - name.len();
        if self.cursor.take('(') {
            let (text, at) = match FUNCTIONS.iter().find(|(known, ..)| *known == name) {
                Some(&(name, function, fewest, most)) => {
                    let arguments = self.arguments()?;
                    return self.call(name, function, (fewest, most), arguments);
                }
                None => (format!("there is no function '{name}' inside an expression"), start),
            };
            return Err((text, at));
        }
        match name {
            "x" => Ok(Expr::X),
            "nan" => Ok(Expr::Float(f64::NAN)),
            "inf" => Ok(Expr::Float(f64::INFINITY)),
            "pi" => Ok(Expr::Float(std::f64::consts::PI)),
            "e" => Ok(Expr::Float(std::f64::consts::E)),
            "True" => Ok(Expr::Int(1)),
            "False" => Ok(Expr::Int(0)),
            _ => Err((format!("'{name}' is not known; the value of an element is called x"), start)),
        }
    }

    fn call(
        &mut self,
        name: &str,
        function: Function,
        (fewest, most): (usize, usize),
        arguments: Vec<Argument>,
    ) -> Parsed<Expr> {
        if function == Function::NanToNum {
            let call = nan_to_num(arguments).map_err(|text| (text, self.cursor.at))?;
            return self.node(call);
        }
        if arguments.iter().any(|(name, _)| name.is_some()) {
            return self.fail(format!("{name} takes no named arguments"));
        }
        if !(fewest..=most).contains(&arguments.len()) {
            return self.fail(format!("{name} takes {fewest} values, not {}", arguments.len()));
        }
        self.node(Expr::Call(function, arguments.into_iter().map(|(_, value)| value).collect()))
    }

    /// What stands between the brackets of a call; the first one is taken already.
    fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        let mut found = Vec::new();
        if self.cursor.take(')') {
            return Ok(found);
        }
        loop {
            let before = self.cursor.at;
            let named = self
                .name()
                .filter(|_| self.cursor.peek() == Some('=') && !self.cursor.rest().starts_with("=="));
            if named.is_some() {
                self.cursor.take('=');
            } else {
                self.cursor.at = before;
            }
            found.push((named, self.level(0)?));
            if self.cursor.take(')') {
                return Ok(found);
            }
            if !self.cursor.take(',') || found.len() > MAX_DEPTH {
                return self.fail("a ',' or a ')' is missing");
            }
        }
    }

    fn number(&mut self) -> Parsed<Expr> {
        let bytes = self.cursor.rest().as_bytes();
        let mut len = 0;
        while let Some(&byte) = bytes.get(len) {
            let exponent = matches!(byte, b'+' | b'-')
                && len > 0
                && matches!(bytes[len - 1], b'e' | b'E' | b'p' | b'P')
                && (matches!(bytes[len - 1], b'p' | b'P')
                    || !bytes.starts_with(b"0x") && !bytes.starts_with(b"0X"));
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || exponent) {
                break;
            }
            len += 1;
        }
        let word = &self.cursor.rest()[..len];
        let digits = word.trim_start_matches(['0', '_']);
        if word.starts_with('0')
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.bytes().all(|c| c.is_ascii_digit() || c == b'_')
        {
            // Python has no such numbers either; most are parts of dates.
            return self.fail(format!("'{word}' begins with 0; an integer must not"));
        }
        let expr = match parse_literal(word) {
            Ok(Literal::Int(value)) => Expr::Int(value),
            Ok(Literal::Float(value, _)) => Expr::Float(value),
            Ok(Literal::Complex(real, imaginary, _)) => Expr::Complex(real, imaginary),
            _ => return self.fail(format!("'{word}' is not a number")),
        };
        self.cursor.at += len;
        Ok(expr)
    }
}

/// `nan_to_num(x, nan=0, posinf=largest, neginf=lowest)`: always four arguments, NaN for those that are left out.
fn nan_to_num(arguments: Vec<Argument>) -> Result<Expr, String> {
    let unset = || Expr::Call(Function::NanToNum, Vec::new());
    let mut values = [None, Some(Expr::Int(0)), None, None];
    for (place, (name, value)) in arguments.into_iter().enumerate() {
        let slot = match name.as_deref() {
            None if place < 2 => place,
            Some("nan") => 1,
            Some("posinf") => 2,
            Some("neginf") => 3,
            _ => {
                return Err(
                    "nan_to_num takes x and nan, and the named arguments posinf and neginf".to_owned()
                );
            }
        };
        values[slot] = Some(value);
    }
    if values[0].is_none() {
        return Err("nan_to_num needs a value".to_owned());
    }
    Ok(Expr::Call(Function::NanToNum, values.into_iter().map(|value| value.unwrap_or_else(unset)).collect()))
}

impl Expr {
    /// Whether it is a lone number with its signs, also a complex one of both parts.
    pub fn is_number(&self) -> bool {
        match self {
            Self::Int(_) | Self::Float(_) | Self::Complex(..) => true,
            Self::Negate(inner) => inner.is_number(),
            Self::Binary(Operator::Add | Operator::Subtract, real, imaginary) => {
                real.is_number() && matches!(**imaginary, Self::Complex(..))
            }
            Self::X | Self::Invert(_) | Self::Binary(..) | Self::Call(..) => false,
        }
    }

    /// Whether it depends on the item.
    pub fn has_x(&self) -> bool {
        match self {
            Self::X => true,
            Self::Int(_) | Self::Float(_) | Self::Complex(..) => false,
            Self::Negate(inner) | Self::Invert(inner) => inner.has_x(),
            Self::Binary(_, left, right) => left.has_x() || right.has_x(),
            Self::Call(_, values) => values.iter().any(Self::has_x),
        }
    }
}
