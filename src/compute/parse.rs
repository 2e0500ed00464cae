//! Expressions over `x`, by Python's grammar and precedence, as a tree.
//!
//! The tree has at most [`MOST_NODES`] nodes, and so is at most as deep, however its brackets are nested; nothing but
//! numbers, operators, a fixed list of functions, and the names of fields where there may be some, is read.

use super::expr::{COMPARISONS, Comparison, Expr, FUNCTIONS, Function, MOST_NODES, REDUCTIONS};
use crate::decode::cursor::{Cursor, white_space};
use crate::decode::literal::{Literal, parse as parse_literal};
use crate::decode::operator::{LEVELS, Operator};

/// Levels of brackets, signs and powers: the way in of the parser.
const MAX_DEPTH: usize = 32;

/// An argument of a call, by name where it has one.
pub(super) type Argument = (Option<String>, Expr);

pub(super) struct Parser<'a> {
    cursor: Cursor<'a>,
    depth: usize,
    nodes: usize,
    /// Whether names that are not known may be fields of a record, and strings values of them.
    has_fields: bool,
}

type Parsed<T> = Result<T, (String, usize)>;

impl<'a> Parser<'a> {
    /// At the start of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { cursor: Cursor::new(text, white_space), depth: 0, nodes: 0, has_fields: false }
    }

    /// The same, with the names of fields, and with strings.
    pub fn with_fields(text: &'a str) -> Self {
        Self { has_fields: true, ..Self::new(text) }
    }

    /// The whole text as an expression.
    ///
    /// # Errors
    /// A sentence, and the byte at which the text can't be read.
    pub fn whole(mut self) -> Parsed<Expr> {
        let expr = self.either()?;
        match self.cursor.peek() {
            None => Ok(expr),
            Some('=') => self.fail("'=' is not allowed here; write == to compare"),
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
        Err(self.failure(text))
    }

    fn failure(&self, text: impl Into<String>) -> (String, usize) {
        (text.into(), self.cursor.at)
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

    /// Whether `word` comes next, as a word of its own; it is taken then.
    fn word(&mut self, word: &str) -> bool {
        self.cursor.peek();
        let rest = self.cursor.rest().strip_prefix(word);
        let found = rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        self.cursor.at += if found { word.len() } else { 0 };
        found
    }

    /// `a or b`, and all that binds tighter.
    fn either(&mut self) -> Parsed<Expr> {
        let mut left = self.both()?;
        while self.word("or") {
            let right = self.both()?;
            left = self.node(Expr::Or(Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    /// `a and b`, and all that binds tighter.
    fn both(&mut self) -> Parsed<Expr> {
        let mut left = self.negated()?;
        while self.word("and") {
            let right = self.negated()?;
            left = self.node(Expr::And(Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    /// `not a`, and all that binds tighter.
    fn negated(&mut self) -> Parsed<Expr> {
        if !self.word("not") {
            return self.compared();
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("the expression is nested too deeply");
        }
        let inner = self.negated()?;
        self.depth -= 1;
        self.node(Expr::Not(Box::new(inner)))
    }

    /// `a < b <= c`, each with its neighbour as in Python, and all that binds tighter.
    fn compared(&mut self) -> Parsed<Expr> {
        let mut left = self.level(0)?;
        let mut all: Option<Expr> = None;
        while let Some(comparison) = self.comparison() {
            let right = self.level(0)?;
            if all.is_some() {
                // What stands in the middle is there twice.
                self.nodes += left.nodes();
            }
            let one = self.node(Expr::Compare(comparison, Box::new(left), Box::new(right.clone())))?;
            all = Some(match all {
                None => one,
                Some(before) => self.node(Expr::And(Box::new(before), Box::new(one)))?,
            });
            left = right;
        }
        Ok(all.unwrap_or(left))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        self.cursor.peek();
        let rest = self.cursor.rest();
        let (text, comparison) = COMPARISONS.iter().find(|(text, _)| rest.starts_with(text))?;
        if rest.starts_with("<<") || rest.starts_with(">>") {
            return None;
        }
        self.cursor.at += text.len();
        Some(*comparison)
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
            let inner = Box::new(self.unary()?);
            self.node(if inner.is_truth() { Expr::Not(inner) } else { Expr::Invert(inner) })?
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
                let inner = self.either()?;
                if self.cursor.take(')') { Ok(inner) } else { self.fail("a ')' is missing") }
            }
            Some('\'' | '"') if self.has_fields => self.string().map(Expr::Text),
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) => match self.name() {
                Some(name) => self.named(&name),
                None => self.fail(format!("unexpected '{c}'")),
            },
        }
    }

    /// A string in quotes.
    fn string(&mut self) -> Parsed<String> {
        let Some(quote) = self.cursor.peek() else { return self.fail("the expression ends too early") };
        let rest = self.cursor.rest();
        let mut is_escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, c)| {
            let ends = *c == quote && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            ends
        });
        let Some((end, _)) = end else { return self.fail(format!("a {quote} is missing")) };
        match parse_literal(&rest[..=end]) {
            Ok(Literal::Str(text)) => {
                self.cursor.at += end + 1;
                Ok(text)
            }
            _ => self.fail("this string can't be read"),
        }
    }

    fn named(&mut self, name: &str) -> Parsed<Expr> {
        let start = self.cursor.at - name.len();
        if self.cursor.take('(') {
            return self.called(name, start);
        }
        match name {
            "x" => self.element(),
            "nan" => Ok(Expr::Float(f64::NAN)),
            "inf" => Ok(Expr::Float(f64::INFINITY)),
            "pi" => Ok(Expr::Float(std::f64::consts::PI)),
            "e" => Ok(Expr::Float(std::f64::consts::E)),
            "True" => Ok(Expr::Int(1)),
            "False" => Ok(Expr::Int(0)),
            _ => match REDUCTIONS.iter().find(|(known, _)| *known == name) {
                Some((_, reduction)) => self.node(Expr::Reduced(*reduction, None)),
                None if self.has_fields && !["and", "or", "not"].contains(&name) => {
                    let mut names = vec![name.to_owned()];
                    while self.cursor.take('.') {
                        let next =
                            self.name().ok_or_else(|| self.failure("the name of a field is missing"))?;
                        names.push(next);
                    }
                    Ok(Expr::Field(names))
                }
                None => Err((format!("'{name}' is not known; the value of an element is called x"), start)),
            },
        }
    }

    /// `x`, or `x['field']` of a record.
    fn element(&mut self) -> Parsed<Expr> {
        let mut names = Vec::new();
        while self.has_fields && self.cursor.take('[') {
            names.push(self.string()?);
            if !self.cursor.take(']') {
                return self.fail("a ']' is missing");
            }
        }
        Ok(if names.is_empty() { Expr::X } else { Expr::Field(names) })
    }

    /// `name(…)`; the bracket is taken already.
    fn called(&mut self, name: &str, start: usize) -> Parsed<Expr> {
        if name == "other" {
            let other = self.string()?;
            if !self.cursor.take(')') {
                return self.fail("other takes the name of one array, in quotes");
            }
            return self.node(Expr::Other(other));
        }
        let is_known = FUNCTIONS.iter().any(|(known, ..)| *known == name);
        let reduction = REDUCTIONS.iter().find(|(known, _)| *known == name);
        if !is_known && reduction.is_none() {
            return Err((format!("there is no function '{name}' inside an expression"), start));
        }
        let mut arguments = self.arguments()?;
        if let Some((_, reduction)) = reduction
            && (arguments.len() == 1 || !is_known)
        {
            return match (arguments.len(), arguments.pop()) {
                (1, Some((None, inner))) if inner.has_x() && !inner.is_reduced() => {
                    self.node(Expr::Reduced(*reduction, Some(Box::new(inner))))
                }
                _ => self.fail(format!("{name} takes one value of each element: {name}(x)")),
            };
        }
        match FUNCTIONS.iter().find(|(known, ..)| *known == name) {
            Some(&(name, function, fewest, most)) => self.call(name, function, (fewest, most), arguments),
            None => self.fail(format!("{name} takes one value of each element: {name}(x)")),
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
            found.push((named, self.either()?));
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
