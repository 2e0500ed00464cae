//! Random expressions, each in two languages: that of the project, and that of the script which asks NumPy.

use std::fmt::Write;

/// The same in both languages.
#[derive(Clone, Debug)]
pub struct Both {
    pub own: String,
    pub python: String,
}

/// What may be in an expression.
pub struct Ingredients {
    /// Whether all elements are integers, or some.
    pub has_wholes: bool,
    pub has_floats: bool,
    pub is_complex: bool,
    /// Whether elements are ticks, of which only sums and differences make sense.
    pub is_time: bool,
    /// How many other arrays there are.
    pub others: usize,
    /// Numbers of all elements so far: what they are called, and of what they are.
    pub reductions: Vec<(&'static str, Both)>,
    pub most_reductions: usize,
}

fn both(own: impl Into<String>, python: impl Into<String>) -> Both {
    Both { own: own.into(), python: python.into() }
}

fn same(text: impl Into<String>) -> Both {
    let text = text.into();
    both(text.clone(), text)
}

fn pick<'a>(random: &mut fastrand::Rng, from: &[&'a str]) -> &'a str {
    random.choice(from).copied().expect("some")
}

impl Ingredients {
    fn element(&self, random: &mut fastrand::Rng) -> Both {
        match random.usize(..=self.others) {
            0 => same("x"),
            other => both(format!("other('o{other}')"), format!("o{other}")),
        }
    }

    /// A number as it is typed.
    fn constant(&self, random: &mut fastrand::Rng) -> Both {
        if self.is_time || !self.has_floats && random.u8(..4) > 0 {
            return same(random.u8(1..9).to_string());
        }
        let text = match random.u8(..6) {
            0 => random.u8(1..20).to_string(),
            1 => "0.1".to_owned(),
            2 => format!("{}", f64::from(random.i16(1..999)) / 64.0),
            3 => pick(random, &["1e-7", "3.7", "0.3", "65504.0", "1.5"]).to_owned(),
            _ => random.u8(1..7).to_string(),
        };
        same(text)
    }

    /// A number of all elements, of an element or of a short expression over it.
    fn reduction(&mut self, random: &mut fastrand::Rng) -> Both {
        let name = match self.is_complex {
            true => pick(random, &["mean", "sum", "std"]),
            false => pick(random, &["mean", "std", "min", "max", "sum", "median"]),
        };
        let name = ["mean", "std", "min", "max", "sum", "median"].into_iter().find(|known| *known == name);
        let name = name.expect("one of them");
        let of = match random.u8(..3) {
            0 if !self.is_time => {
                let (element, other) = (self.element(random), self.element(random));
                both(
                    format!("{} * {}", element.own, other.own),
                    format!("{} * {}", element.python, other.python),
                )
            }
            _ => self.element(random),
        };
        let own =
            if of.own == "x" && random.bool() { name.to_owned() } else { format!("{name}({})", of.own) };
        self.reductions.push((name, of));
        both(own, format!("k{}", self.reductions.len() - 1))
    }

    /// What differs from element to element, as a number.
    pub fn number(&mut self, random: &mut fastrand::Rng, depth: usize) -> Both {
        if depth == 0 || random.u8(..6) == 0 {
            return self.element(random);
        }
        let one = self.number(random, depth - 1);
        if self.is_time {
            let (operator, other) = (pick(random, &["+", "-"]), self.second(random, depth));
            return both(
                format!("{} {operator} ({})", one.own, other.own),
                format!("{} {operator} ({})", one.python, other.python),
            );
        }
        match random.u8(..20) {
            0 => call("-", &[one]),
            1 if !self.is_complex => call("abs", &[one]),
            2 if !self.is_complex => call(pick(random, &["floor", "ceil", "trunc", "round", "sign"]), &[one]),
            3 if self.has_floats && !self.is_complex => call("sqrt", &[call("abs", &[one])]),
            4 if !self.is_complex => {
                let other = self.second(random, depth);
                call(pick(random, &["minimum", "maximum"]), &[one, other])
            }
            5 if !self.is_complex => call("clip", &[one, same("1"), same("6")]),
            6 if self.has_floats && !self.has_wholes && !self.is_complex => call("nan_to_num", &[one]),
            7 => self.power(random, &one),
            8 if !self.is_complex => {
                let truth = self.truth(random, depth - 1);
                infix(&truth, "*", &one)
            }
            9..=10 if !self.has_floats => {
                let operator = pick(random, &["&", "|", "^", "<<", ">>"]);
                let other = match operator {
                    "<<" | ">>" => same(random.u8(..4).to_string()),
                    _ => self.constant_whole(random),
                };
                infix(&one, operator, &other)
            }
            _ => {
                let operators: &[&str] =
                    if self.is_complex { &["+", "-", "*", "/"] } else { &["+", "-", "*", "/", "//", "%"] };
                let operator = if self.has_floats || random.u8(..8) == 0 {
                    pick(random, operators)
                } else {
                    pick(random, &["+", "-", "*", "//", "%"])
                };
                let other = self.second(random, depth);
                if random.u8(..4) == 0 && !self.is_complex {
                    infix(&other, operator, &one)
                } else {
                    infix(&one, operator, &other)
                }
            }
        }
    }

    fn constant_whole(&self, random: &mut fastrand::Rng) -> Both {
        if random.bool() { self.element(random) } else { same(random.u8(..60).to_string()) }
    }

    fn power(&self, random: &mut fastrand::Rng, one: &Both) -> Both {
        let power = match (self.has_wholes, self.is_complex) {
            (_, true) => "2",
            (false, false) => pick(random, &["2", "0.5", "-1", "1"]),
            (true, false) if self.has_floats => return one.clone(),
            (true, false) => pick(random, &["1", "2", "3"]),
        };
        same_shape(one, &|text| format!("({text}) ** {power}"))
    }

    /// The other operand: a number that is typed, one of all elements, or what differs too.
    fn second(&mut self, random: &mut fastrand::Rng, depth: usize) -> Both {
        match random.u8(..8) {
            0 if self.reductions.len() < self.most_reductions => self.reduction(random),
            1..=3 => self.number(random, depth - 1),
            _ => self.constant(random),
        }
    }

    /// True or False for each element.
    pub fn truth(&mut self, random: &mut fastrand::Rng, depth: usize) -> Both {
        match random.u8(..10) {
            0 if !self.is_time => {
                let one = self.number(random, depth.min(2));
                call(pick(random, &["isnan", "isinf", "isfinite"]), &[one])
            }
            1 if depth > 0 => {
                let truth = self.truth(random, depth - 1);
                both(format!("(not {})", truth.own), format!("lnot({})", truth.python))
            }
            2..=3 if depth > 0 => {
                let (word, function) = *random.choice(&[("and", "land"), ("or", "lor")]).expect("two");
                let (left, right) = (self.truth(random, depth - 1), self.truth(random, depth - 1));
                both(
                    format!("({} {word} {})", left.own, right.own),
                    format!("{function}(lambda: {}, lambda: {})", left.python, right.python),
                )
            }
            _ => {
                let operators: &[&str] =
                    if self.is_complex { &["==", "!="] } else { &["<", ">", "<=", ">=", "==", "!="] };
                let operator = pick(random, operators);
                let one = self.number(random, depth.min(2));
                let other = self.second(random, depth.clamp(1, 2));
                infix(&one, operator, &other)
            }
        }
    }
}

fn same_shape(one: &Both, of: &dyn Fn(&str) -> String) -> Both {
    both(of(&one.own), of(&one.python))
}

fn call(name: &str, arguments: &[Both]) -> Both {
    let text = |of: &dyn Fn(&Both) -> String| {
        let arguments: Vec<String> = arguments.iter().map(of).collect();
        let mut text = name.to_owned();
        write!(text, "({})", arguments.join(", ")).expect("memory");
        text
    };
    both(text(&|argument| argument.own.clone()), text(&|argument| argument.python.clone()))
}

fn infix(left: &Both, operator: &str, right: &Both) -> Both {
    both(
        format!("({} {operator} {})", left.own, right.own),
        format!("({} {operator} {})", left.python, right.python),
    )
}
