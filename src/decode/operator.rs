//! The operators between numbers: their spelling and their precedence, as in Python.

/// An operator with a number on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Or,
    Xor,
    And,
    Left,
    Right,
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
}

/// Spelling, operator and level, from loose to tight. Longer spellings come first.
const OPERATORS: [(&str, Operator, usize); 12] = [
    ("**", Operator::Power, LEVELS),
    ("//", Operator::FloorDivide, 5),
    ("<<", Operator::Left, 3),
    (">>", Operator::Right, 3),
    ("|", Operator::Or, 0),
    ("^", Operator::Xor, 1),
    ("&", Operator::And, 2),
    ("+", Operator::Add, 4),
    ("-", Operator::Subtract, 4),
    ("*", Operator::Multiply, 5),
    ("/", Operator::Divide, 5),
    ("%", Operator::Remainder, 5),
];

impl Operator {
    /// The operator at the start of a text, and how many bytes it has.
    pub fn at_start(text: &str) -> Option<(Self, usize)> {
        let found = OPERATORS.iter().find(|(spelling, ..)| text.starts_with(spelling));
        found.map(|(spelling, operator, _)| (*operator, spelling.len()))
    }

    /// How tightly it binds, from 0; less than [`LEVELS`] for all but the power, which binds its right side first.
    pub fn level(self) -> usize {
        OPERATORS.iter().find(|(_, operator, _)| *operator == self).map_or(LEVELS, |(.., level)| *level)
    }
}

/// Levels of operators that bind their left side first.
pub const LEVELS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_spelling_is_read() {
        for (at, (spelling, operator, level)) in OPERATORS.into_iter().enumerate() {
            let text = format!("{spelling} 2");
            assert_eq!(Operator::at_start(&text), Some((operator, spelling.len())));
            assert_eq!(operator.level(), level);
            assert!(OPERATORS[..at].iter().all(|(longer, ..)| !spelling.starts_with(longer)));
        }
        assert_eq!(Operator::at_start("2 + 2"), None);
        assert_eq!(Operator::at_start("~2"), None);
    }
}
