//! What the language of the search reads in another way than Python's `re`: possessive repetitions, kinds of boundaries,
//! and classes inside classes. They are refused, as nobody would see that something else is found.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassSetBinaryOp, ClassSetBinaryOpKind, ClassSetItem, Position, Repetition,
    RepetitionKind, Visitor,
};

/// The first such part of an expression: the number of its character, from 1, and what to write instead. `None` where
/// there is none, and for what is no expression.
pub(super) fn foreign_part(expression: &str) -> Option<(usize, String)> {
    let ast = Parser::new().parse(expression).ok()?;
    let (at, reason) = ast::visit(&ast, Foreign { expression }).err()?;
    Some((expression.get(..at.offset)?.chars().count() + 1, reason))
}

/// Looks for it.
struct Foreign<'e> {
    expression: &'e str,
}

impl Visitor for Foreign<'_> {
    type Output = ();
    type Err = (Position, String);

    fn finish(self) -> Result<(), Self::Err> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        if let Ast::Assertion(assertion) = ast {
            let reason = boundary(&assertion.kind);
            return reason.map_or(Ok(()), |reason| Err((assertion.span.start, reason)));
        }
        let Ast::Repetition(outer) = ast else { return Ok(()) };
        let Ast::Repetition(inner) = &*outer.ast else { return Ok(()) };
        Err((outer.op.span.start, self.repeated_twice(outer, inner)))
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Self::Err> {
        let ClassSetItem::Bracketed(nested) = item else { return Ok(()) };
        let text = self.part(nested.span.start, nested.span.end);
        let reason = if text.starts_with("[:") && text.ends_with(":]") {
            format!("{text} is no class of characters: those are [:alpha:], [:digit:], [:space:] and others")
        } else {
            String::from(
                "[ in brackets begins a class in the class here, but is a character in Python's re: write \\[",
            )
        };
        Err((nested.span.start, reason))
    }

    fn visit_class_set_binary_op_pre(&mut self, op: &ClassSetBinaryOp) -> Result<(), Self::Err> {
        let (sign, what) = match op.kind {
            ClassSetBinaryOpKind::Intersection => ("&&", "the characters of both sides"),
            ClassSetBinaryOpKind::Difference => ("--", "the left side without the right one"),
            ClassSetBinaryOpKind::SymmetricDifference => ("~~", "the characters of one side only"),
        };
        let sign_at = self.part(op.lhs.span().end, op.rhs.span().start).find(sign).unwrap_or(0);
        let at = Position { offset: op.lhs.span().end.offset + sign_at, ..op.lhs.span().end };
        let first = &sign[..1];
        Err((
            at,
            format!(
                "{sign} in brackets means {what} here, but two characters in Python's re: write \\{first} for the character {first}, or list the characters that you want"
            ),
        ))
    }
}

/// What is to be said of a boundary that Python does not know: it takes the sign for a character, or for several.
fn boundary(kind: &AssertionKind) -> Option<String> {
    let angle = |sign: char, place: &str| {
        format!(
            "\\{sign} is the {place} of a word here, but the character {sign} in Python's re: write {sign}, or \\b"
        )
    };
    match kind {
        AssertionKind::WordBoundaryStartAngle => Some(angle('<', "start")),
        AssertionKind::WordBoundaryEndAngle => Some(angle('>', "end")),
        AssertionKind::WordBoundaryStart
        | AssertionKind::WordBoundaryEnd
        | AssertionKind::WordBoundaryStartHalf
        | AssertionKind::WordBoundaryEndHalf => {
            Some(String::from("\\b{…} is a kind of boundary here only: write \\b"))
        }
        AssertionKind::StartLine
        | AssertionKind::EndLine
        | AssertionKind::StartText
        | AssertionKind::EndText
        | AssertionKind::WordBoundary
        | AssertionKind::NotWordBoundary => None,
    }
}

impl Foreign<'_> {
    fn part(&self, start: Position, end: Position) -> &str {
        self.expression.get(start.offset..end.offset).unwrap_or_default()
    }

    fn repeated_twice(&self, outer: &Repetition, inner: &Repetition) -> String {
        let repeated = self.part(inner.span.start, inner.span.end);
        let sign = self.part(outer.op.span.start, outer.op.span.end);
        if outer.op.kind == RepetitionKind::OneOrMore && inner.greedy && outer.greedy {
            return format!(
                "{repeated}+ is possessive in Python's re, and that is not known here: write {repeated}, which never takes exponential time"
            );
        }
        format!("{sign} repeats what is repeated already: write (?:{repeated}){sign}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_python_reads_in_another_way_is_told_with_its_place() {
        for (expression, at, words) in [
            ("a++", 3, "a++ is possessive"),
            ("xä*+", 4, "ä*+ is possessive"),
            ("(b|c)?+d", 7, "write (b|c)?, which"),
            ("[0-9]{2,}+", 10, "possessive"),
            ("x(a{2}{3})", 7, "{3} repeats what is repeated already: write (?:a{2}){3}"),
            ("a+?+", 4, "write (?:a+?)+"),
            ("[a&&b]", 3, "&& in brackets"),
            ("q[a-z--m]", 6, "write \\- for"),
            ("(?x) [ a ~~ b ]", 10, "~~ in brackets"),
            ("[x[a&&b]]", 3, "write \\["),
            ("[a[bc]]", 3, "[ in brackets begins a class in the class here"),
            ("x[^a[^b]]", 5, "write \\["),
            ("[[:alfa:]]", 2, "[:alfa:] is no class of characters"),
            (r"\<div", 1, "the start of a word here, but the character < in Python's re: write <, or \\b"),
            (r"(div\>)*", 5, "the end of a word here, but the character > in Python's re: write >, or \\b"),
            (r"ab|\b{start}c", 4, "a kind of boundary here only: write \\b"),
            (r"\b{end-half}", 1, "write \\b"),
        ] {
            let (place, reason) = foreign_part(expression).unwrap_or_else(|| panic!("{expression} is taken"));
            assert!(reason.contains(words), "{expression}: {reason}");
            assert_eq!(place, at, "{expression}: {reason}");
        }
        let (_, reason) = foreign_part("a++").expect("possessive");
        assert!(reason.starts_with("a++ is possessive") && reason.contains("write a+,"), "{reason}");
    }

    #[test]
    fn what_both_read_alike_is_taken() {
        for expression in [
            "a+?b*?",
            "(?:a+)+",
            "(a+)*",
            r"a\++",
            "[a&b-]",
            "[-a]",
            "[a~b]",
            r"[a\&\&b]",
            "[[:alpha:][:digit:]_]",
            r"[\[a]",
            r"^\bx\B$",
            "<a>",
            "a{2}?",
            "(",
        ] {
            assert_eq!(foreign_part(expression), None, "{expression}");
        }
    }
}
