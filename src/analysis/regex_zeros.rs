//! Whether zero bytes alone can be a match of a regular expression, from its parts and not by trying: it is asked at
//! every key that is typed.

use regex_syntax::hir::{Class, Hir, HirKind};

/// What an expression can match.
#[derive(Clone, Copy)]
struct ZeroMatches {
    empty: bool,
    /// One zero byte or more, and nothing else.
    zeros: bool,
}

/// Whether some number of zero bytes, at least one, can be a match. Look-around is taken to hold.
pub(super) fn can_be_zeros(expression: &Hir) -> bool {
    reach(expression).zeros
}

/// The parser bounds how deep expressions are nested.
fn reach(expression: &Hir) -> ZeroMatches {
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => ZeroMatches { empty: true, zeros: false },
        HirKind::Literal(literal) => {
            ZeroMatches { empty: false, zeros: literal.0.iter().all(|byte| *byte == 0) }
        }
        HirKind::Class(Class::Bytes(class)) => {
            ZeroMatches { empty: false, zeros: class.ranges().iter().any(|range| range.start() == 0) }
        }
        HirKind::Class(Class::Unicode(class)) => {
            ZeroMatches { empty: false, zeros: class.ranges().iter().any(|range| range.start() == '\0') }
        }
        HirKind::Repetition(repetition) => {
            let part = reach(&repetition.sub);
            ZeroMatches {
                empty: part.empty || repetition.min == 0,
                zeros: part.zeros && repetition.max != Some(0),
            }
        }
        HirKind::Capture(capture) => reach(&capture.sub),
        HirKind::Concat(parts) => {
            let parts: Vec<ZeroMatches> = parts.iter().map(reach).collect();
            ZeroMatches {
                empty: parts.iter().all(|part| part.empty),
                zeros: parts.iter().all(|part| part.empty || part.zeros)
                    && parts.iter().any(|part| part.zeros),
            }
        }
        HirKind::Alternation(parts) => {
            let parts: Vec<ZeroMatches> = parts.iter().map(reach).collect();
            ZeroMatches {
                empty: parts.iter().any(|part| part.empty),
                zeros: parts.iter().any(|part| part.zeros),
            }
        }
    }
}
