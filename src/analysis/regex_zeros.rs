//! Whether zero bytes alone can be a match of a regular expression, from its parts and not by trying: it is asked at
//! every key that is typed.

use regex_syntax::hir::{Class, Hir, HirKind};

/// What an expression can match.
#[derive(Clone, Copy)]
struct Reach {
    empty: bool,
    /// One zero byte or more, and nothing else.
    zeros: bool,
}

/// Whether some number of zero bytes, at least one, can be a match. Look-around is taken to hold.
pub(super) fn can_be_zeros(expression: &Hir) -> bool {
    reach(expression).zeros
}

/// The parser bounds how deep expressions are nested.
fn reach(expression: &Hir) -> Reach {
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => Reach { empty: true, zeros: false },
        HirKind::Literal(literal) => Reach { empty: false, zeros: literal.0.iter().all(|byte| *byte == 0) },
        HirKind::Class(Class::Bytes(class)) => {
            Reach { empty: false, zeros: class.ranges().iter().any(|range| range.start() == 0) }
        }
        HirKind::Class(Class::Unicode(class)) => {
            Reach { empty: false, zeros: class.ranges().iter().any(|range| range.start() == '\0') }
        }
        HirKind::Repetition(repetition) => {
            let part = reach(&repetition.sub);
            Reach { empty: part.empty || repetition.min == 0, zeros: part.zeros && repetition.max != Some(0) }
        }
        HirKind::Capture(capture) => reach(&capture.sub),
        HirKind::Concat(parts) => {
            let parts: Vec<Reach> = parts.iter().map(reach).collect();
            Reach {
                empty: parts.iter().all(|part| part.empty),
                zeros: parts.iter().all(|part| part.empty || part.zeros)
                    && parts.iter().any(|part| part.zeros),
            }
        }
        HirKind::Alternation(parts) => {
            let parts: Vec<Reach> = parts.iter().map(reach).collect();
            Reach { empty: parts.iter().any(|part| part.empty), zeros: parts.iter().any(|part| part.zeros) }
        }
    }
}
