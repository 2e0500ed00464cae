//! From an expression to steps over tiles, by the rules of [`Calc`] for one value.
//!
//! What has no steps (complex numbers, powers of whole numbers to a power that differs, numbers that are not known) makes
//! that there is no program: then one value after another is calculated.

use super::registers::Registers;
use super::steps::{Cleaned, InputKind, Operand, Outcome, Program, RealOp, RealTest, Step, TruthOp, WholeOp};
use crate::compute::calc::Calc;
use crate::compute::expr::{Comparison, Expr, Function};
use crate::compute::rounding::Rounding;
use crate::compute::value::{Value, is_unsigned};
use crate::decode::dtype::ItemType;
use crate::decode::operator::Operator;
use crate::decode::{DType, Element};

/// What a part of the expression is.
#[derive(Clone, Copy, Debug)]
enum Node {
    Whole(Operand<i128>),
    /// Floats, and whether they are rounded as the type has it.
    Real(Operand<f64>, bool),
    Truth(Operand<bool>),
    Constant(Value),
}

struct Lowering<'a> {
    inputs: &'a [InputKind],
    steps: Vec<Step>,
    wholes: Registers,
    reals: Registers,
    truths: Registers,
}

/// The program of `expr` for items as `calc` has them; `None` when there is none.
pub(super) fn lower(expr: &Expr, calc: &Calc<'_>, inputs: &[InputKind]) -> Option<Program> {
    let mut lowering = Lowering::new(inputs);
    let outcome = match lowering.node(expr, calc)? {
        Node::Whole(operand) => Outcome::Whole(operand),
        Node::Real(operand, _) => Outcome::Real(operand),
        Node::Truth(operand) => Outcome::Truth(operand),
        Node::Constant(_) => return None,
    };
    Some(lowering.finished(outcome))
}

/// The program that answers `expr` with True or False; `None` when there is none.
pub(super) fn lower_question(expr: &Expr, calc: &Calc<'_>, inputs: &[InputKind]) -> Option<Program> {
    let mut lowering = Lowering::new(inputs);
    let node = lowering.node(expr, calc)?;
    let outcome = Outcome::Truth(lowering.as_truth(node)?);
    Some(lowering.finished(outcome))
}

impl<'a> Lowering<'a> {
    fn new(inputs: &'a [InputKind]) -> Self {
        let none = Registers::default();
        Self { inputs, steps: Vec::new(), wholes: none, reals: none, truths: none }
    }

    fn finished(self, outcome: Outcome) -> Program {
        let (wholes, reals, truths) = (self.wholes.most, self.reals.most, self.truths.most);
        Program { steps: self.steps, outcome, wholes, reals, truths }
    }
}

impl Lowering<'_> {
    fn input(&self, at: u8) -> Option<Node> {
        Some(match self.inputs.get(usize::from(at))? {
            InputKind::Whole => Node::Whole(Operand::Input(at)),
            InputKind::Real => Node::Real(Operand::Input(at), true),
        })
    }

    fn node(&mut self, expr: &Expr, calc: &Calc<'_>) -> Option<Node> {
        if !expr.has_x() {
            return calc.of_all(expr, &[]).ok().map(Node::Constant);
        }
        match expr {
            Expr::X => self.input(0),
            Expr::Input(at) => self.input(*at),
            Expr::In(rounding, inner) => self.node(inner, &Calc { item: calc.item, rounding: *rounding }),
            Expr::Negate(inner) => {
                let node = self.node(inner, calc)?;
                match node {
                    Node::Real(operand, is_rounded) => {
                        self.real_one(RealOp::Negate, operand, is_rounded, calc)
                    }
                    node => self.whole_one(WholeOp::Negate, node),
                }
            }
            Expr::Invert(inner) => {
                let node = self.node(inner, calc)?;
                self.inverted(node, calc.item)
            }
            Expr::Binary(operator, left, right) => {
                let (left, right) = (self.node(left, calc)?, self.node(right, calc)?);
                self.binary(*operator, left, right, calc)
            }
            Expr::Call(Function::NanToNum, values) => self.cleaned(values, calc),
            Expr::Call(function, values) => self.call(*function, values, calc),
            Expr::Compare(how, left, right) => {
                let (left, right) = (self.node(left, calc)?, self.node(right, calc)?);
                self.compared(*how, left, right, calc)
            }
            Expr::And(left, right) => self.logical(TruthOp::And, left, Some(right), calc),
            Expr::Or(left, right) => self.logical(TruthOp::Or, left, Some(right), calc),
            Expr::Not(inner) => self.logical(TruthOp::Not, inner, None, calc),
            Expr::Int(_) | Expr::Float(_) | Expr::Complex(..) | Expr::Text(_) => None,
            Expr::Field(..) | Expr::Other(..) | Expr::Reduced(..) => None,
        }
    }

    fn whole(&mut self, op: WholeOp, a: Operand<i128>, b: Operand<i128>) -> Option<Node> {
        self.wholes.give_back(b);
        self.wholes.give_back(a);
        let to = self.wholes.take()?;
        self.steps.push(Step::Whole(op, to, a, b));
        Some(Node::Whole(Operand::Register(to)))
    }

    fn whole_one(&mut self, op: WholeOp, node: Node) -> Option<Node> {
        let operand = self.as_whole(node)?;
        self.whole(op, operand, Operand::Constant(0))
    }

    /// An operation whose result is one of its operands, or is rounded by a step of its own.
    fn real(&mut self, op: RealOp, rounding: Rounding, a: Operand<f64>, b: Operand<f64>) -> Option<u8> {
        self.reals.give_back(b);
        self.reals.give_back(a);
        let to = self.reals.take()?;
        self.steps.push(Step::Real(op, rounding, to, a, b));
        Some(to)
    }

    /// On one float. What is rounded stays so, but for a root.
    fn real_one(&mut self, op: RealOp, a: Operand<f64>, is_rounded: bool, calc: &Calc<'_>) -> Option<Node> {
        let to = self.real(op, calc.rounding, a, Operand::Constant(0.0))?;
        if op == RealOp::Negate {
            return Some(Node::Real(Operand::Register(to), is_rounded));
        }
        if op == RealOp::Sqrt || !is_rounded {
            return self.rounded(to, calc);
        }
        Some(Node::Real(Operand::Register(to), true))
    }

    /// Whole numbers, of truth values too; `None` of floats.
    fn as_whole(&mut self, node: Node) -> Option<Operand<i128>> {
        match node {
            Node::Whole(operand) => Some(operand),
            Node::Constant(Value::Int(value) | Value::Whole(value)) => Some(Operand::Constant(value)),
            Node::Truth(operand) => {
                self.truths.give_back(operand);
                let to = self.wholes.take()?;
                self.steps.push(Step::TruthToWhole(to, operand));
                Some(Operand::Register(to))
            }
            Node::Real(..) | Node::Constant(_) => None,
        }
    }

    /// Two floats as [`Calc`] has them for an operation, and whether both are rounded as the type has it.
    fn both_real(
        &mut self,
        left: Node,
        right: Node,
        calc: &Calc<'_>,
    ) -> Option<(Operand<f64>, Operand<f64>, bool)> {
        let own =
            [left, right].iter().any(|node| matches!(node, Node::Real(..) | Node::Constant(Value::Real(_))));
        if !own && calc.rounding != Rounding::F64 {
            // Calculated in 64 bits, whatever the type.
            return None;
        }
        // The right one first: its register is the last that was taken.
        let (right, is_right_rounded) = self.as_real(right, own, calc)?;
        let (left, is_left_rounded) = self.as_real(left, own, calc)?;
        Some((left, right, is_left_rounded && is_right_rounded))
    }

    fn as_real(&mut self, node: Node, own: bool, calc: &Calc<'_>) -> Option<(Operand<f64>, bool)> {
        let constant = |value: f64| {
            let value = if own { calc.constant(value) } else { value };
            (Operand::Constant(value), calc.round(value).to_bits() == value.to_bits())
        };
        Some(match node {
            Node::Real(operand, is_rounded) => (operand, is_rounded),
            Node::Constant(Value::Int(value) | Value::Whole(value)) => constant(value as f64),
            Node::Constant(Value::Float(value)) => constant(value),
            // Calculated in 64 bits, whatever the type.
            Node::Constant(Value::Real(value)) if calc.rounding.step(value).to_bits() != value.to_bits() => {
                return None;
            }
            Node::Constant(Value::Real(value)) => {
                (Operand::Constant(value), calc.round(value).to_bits() == value.to_bits())
            }
            Node::Constant(Value::Complex(..)) => return None,
            Node::Whole(operand) => {
                self.wholes.give_back(operand);
                let to = self.reals.take()?;
                self.steps.push(Step::WholeToReal(to, operand));
                let rounding = match calc.rounding {
                    Rounding::Bf16 | Rounding::Own => Rounding::F32,
                    rounding => rounding,
                };
                if own && rounding != Rounding::F64 {
                    self.steps.push(Step::Round(rounding, to));
                }
                (Operand::Register(to), rounding == calc.rounding)
            }
            Node::Truth(operand) => {
                self.truths.give_back(operand);
                let to = self.reals.take()?;
                self.steps.push(Step::TruthToReal(to, operand));
                (Operand::Register(to), true)
            }
        })
    }

    fn inverted(&mut self, node: Node, item: &ItemType) -> Option<Node> {
        let operand = self.as_whole(node)?;
        match item {
            ItemType::Scalar(DType { element: Element::Bool, .. }) => None,
            ItemType::Scalar(dtype) if is_unsigned(*dtype) => {
                let most = (1 << (8 * dtype.size())) - 1;
                self.whole(WholeOp::Subtract, Operand::Constant(most), operand)
            }
            _ => self.whole(WholeOp::Invert, operand, Operand::Constant(0)),
        }
    }

    fn binary(&mut self, operator: Operator, left: Node, right: Node, calc: &Calc<'_>) -> Option<Node> {
        if let (Node::Truth(a), Node::Truth(b)) = (left, right) {
            let op = match operator {
                Operator::And => Some(TruthOp::And),
                Operator::Or => Some(TruthOp::Or),
                Operator::Xor => Some(TruthOp::Xor),
                _ => None,
            };
            if let Some(op) = op {
                return self.truth(op, a, b);
            }
        }
        if is_whole(left) && is_whole(right) && operator != Operator::Divide {
            return self.whole_binary(operator, left, right);
        }
        let op = match operator {
            Operator::Add => RealOp::Add,
            Operator::Subtract => RealOp::Subtract,
            Operator::Multiply => RealOp::Multiply,
            Operator::Divide => RealOp::Divide,
            Operator::FloorDivide => RealOp::FloorDivide,
            Operator::Remainder => RealOp::Remainder,
            Operator::Power => RealOp::Power,
            Operator::Or | Operator::Xor | Operator::And | Operator::Left | Operator::Right => return None,
        };
        let (a, b, _) = self.both_real(left, right, calc)?;
        if op == RealOp::Power
            && let Some(short) = self.short_power(a, b, calc)
        {
            return short;
        }
        let to = self.real(op, calc.rounding, a, b)?;
        self.rounded(to, calc)
    }

    /// What a register holds, rounded; `None` where only the type itself can do that.
    fn rounded(&mut self, to: u8, calc: &Calc<'_>) -> Option<Node> {
        match calc.rounding {
            Rounding::Own => return None,
            Rounding::F64 => {}
            rounding => self.steps.push(Step::Round(rounding, to)),
        }
        Some(Node::Real(Operand::Register(to), true))
    }

    /// The powers that NumPy takes a shorter way for; `None` for the others.
    fn short_power(&mut self, a: Operand<f64>, b: Operand<f64>, calc: &Calc<'_>) -> Option<Option<Node>> {
        let Operand::Constant(power) = b else { return None };
        let (op, a, b) = match power {
            2.0 => (RealOp::Square, a, Operand::Constant(0.0)),
            0.5 => (RealOp::Sqrt, a, Operand::Constant(0.0)),
            -1.0 => (RealOp::Divide, Operand::Constant(1.0), a),
            _ => return None,
        };
        let to = self.real(op, calc.rounding, a, b);
        Some(to.and_then(|to| self.rounded(to, calc)))
    }

    fn whole_binary(&mut self, operator: Operator, left: Node, right: Node) -> Option<Node> {
        // A shift by more than all bits is one by all of them.
        const MOST_BITS: i128 = 127;
        let b = self.as_whole(right)?;
        let a = self.as_whole(left)?;
        let (op, b) = match (operator, b) {
            (Operator::Add, b) => (WholeOp::Add, b),
            (Operator::Subtract, b) => (WholeOp::Subtract, b),
            (Operator::Multiply, b) => (WholeOp::Multiply, b),
            (Operator::FloorDivide | Operator::Remainder, Operand::Constant(0)) => return None,
            (Operator::FloorDivide, b) => (WholeOp::FloorDivide, b),
            (Operator::Remainder, b) => (WholeOp::Remainder, b),
            (Operator::Or, b) => (WholeOp::Or, b),
            (Operator::Xor, b) => (WholeOp::Xor, b),
            (Operator::And, b) => (WholeOp::And, b),
            (Operator::Left, Operand::Constant(b @ 0..)) => {
                (WholeOp::Left, Operand::Constant(b.min(MOST_BITS)))
            }
            (Operator::Right, Operand::Constant(b @ 0..)) => {
                (WholeOp::Right, Operand::Constant(b.min(MOST_BITS)))
            }
            (Operator::Power, Operand::Constant(b @ 1..=64)) => (WholeOp::Power, Operand::Constant(b)),
            (Operator::Right, Operand::Input(_) | Operand::Register(_)) => (WholeOp::Right, b),
            (Operator::Left | Operator::Right | Operator::Power | Operator::Divide, _) => return None,
        };
        self.whole(op, a, b)
    }

    fn call(&mut self, function: Function, values: &[Expr], calc: &Calc<'_>) -> Option<Node> {
        match (function, values) {
            (Function::Minimum | Function::Maximum, [first, other]) => {
                let (first, other) = (self.node(first, calc)?, self.node(other, calc)?);
                let is_first = calc.rounding == Rounding::F16;
                let op = match (function == Function::Maximum, is_first) {
                    (false, false) => RealOp::Smaller,
                    (true, false) => RealOp::Larger,
                    (false, true) => RealOp::Lowered,
                    (true, true) => RealOp::Raised,
                };
                self.extreme(op, first, other, calc)
            }
            (Function::Clip, [first, low, high]) => {
                let (first, low) = (self.node(first, calc)?, self.node(low, calc)?);
                let raised = self.extreme(RealOp::Raised, first, low, calc)?;
                let high = self.node(high, calc)?;
                self.extreme(RealOp::Lowered, raised, high, calc)
            }
            (function, [value]) => {
                let value = self.node(value, calc)?;
                self.of_one(function, value, calc)
            }
            _ => None,
        }
    }

    fn extreme(&mut self, op: RealOp, left: Node, right: Node, calc: &Calc<'_>) -> Option<Node> {
        if is_whole(left) && is_whole(right) {
            let is_larger = matches!(op, RealOp::Larger | RealOp::Raised);
            let b = self.as_whole(right)?;
            let a = self.as_whole(left)?;
            return self.whole(if is_larger { WholeOp::Larger } else { WholeOp::Smaller }, a, b);
        }
        let (a, b, is_rounded) = self.both_real(left, right, calc)?;
        let to = self.real(op, calc.rounding, a, b)?;
        if is_rounded { Some(Node::Real(Operand::Register(to), true)) } else { self.rounded(to, calc) }
    }

    fn of_one(&mut self, function: Function, value: Node, calc: &Calc<'_>) -> Option<Node> {
        let test = match function {
            Function::IsNan => Some(RealTest::Nan),
            Function::IsInf => Some(RealTest::Infinite),
            Function::IsFinite => Some(RealTest::Finite),
            _ => None,
        };
        if let Some(test) = test {
            return match value {
                Node::Real(operand, _) => self.test(test, operand),
                value => {
                    let operand = self.as_whole(value)?;
                    self.wholes.give_back(operand);
                    Some(Node::Truth(Operand::Constant(test == RealTest::Finite)))
                }
            };
        }
        if is_whole(value) && function != Function::Sqrt {
            return match function {
                Function::Abs => self.whole_one(WholeOp::Abs, value),
                Function::Sign => self.whole_one(WholeOp::Sign, value),
                _ => self.as_whole(value).map(Node::Whole),
            };
        }
        let op = match function {
            Function::Abs => RealOp::Abs,
            Function::Sqrt => RealOp::Sqrt,
            Function::Floor => RealOp::Floor,
            Function::Ceil => RealOp::Ceil,
            Function::Trunc => RealOp::Trunc,
            Function::Round => RealOp::Round,
            Function::Sign => RealOp::Sign,
            _ => return None,
        };
        if is_whole(value) && calc.rounding != Rounding::F64 {
            return None;
        }
        let (operand, is_rounded) = self.as_real(value, false, calc)?;
        self.real_one(op, operand, is_rounded, calc)
    }

    fn test(&mut self, test: RealTest, operand: Operand<f64>) -> Option<Node> {
        self.reals.give_back(operand);
        let to = self.truths.take()?;
        self.steps.push(Step::Test(test, to, operand));
        Some(Node::Truth(Operand::Register(to)))
    }

    fn cleaned(&mut self, values: &[Expr], calc: &Calc<'_>) -> Option<Node> {
        let [value, replacements @ ..] = values else { return None };
        let usual = [0.0, calc.largest(), -calc.largest()];
        let mut with = [0.0; 3];
        for ((with, expr), usual) in with.iter_mut().zip(replacements).zip(usual) {
            *with = match expr {
                Expr::Call(Function::NanToNum, none) if none.is_empty() => usual,
                expr if expr.has_x() => return None,
                expr => match calc.of_all(expr, &[]).ok()? {
                    Value::Int(value) | Value::Whole(value) => calc.round(value as f64),
                    Value::Float(value) | Value::Real(value) => calc.round(value),
                    Value::Complex(..) => return None,
                },
            };
        }
        match self.node(value, calc)? {
            Node::Real(operand, is_rounded) => {
                self.reals.give_back(operand);
                let to = self.reals.take()?;
                self.steps.push(Step::Clean(
                    Cleaned { nan: with[0], high: with[1], low: with[2] },
                    to,
                    operand,
                ));
                Some(Node::Real(Operand::Register(to), is_rounded))
            }
            node => self.as_whole(node).map(Node::Whole),
        }
    }

    fn compared(&mut self, how: Comparison, left: Node, right: Node, calc: &Calc<'_>) -> Option<Node> {
        if is_whole(left) && is_whole(right) {
            let b = self.as_whole(right)?;
            let a = self.as_whole(left)?;
            self.wholes.give_back(b);
            self.wholes.give_back(a);
            let to = self.truths.take()?;
            self.steps.push(Step::CompareWhole(how, to, a, b));
            return Some(Node::Truth(Operand::Register(to)));
        }
        let (a, b, _) = self.both_real(left, right, calc)?;
        self.reals.give_back(b);
        self.reals.give_back(a);
        let to = self.truths.take()?;
        self.steps.push(Step::CompareReal(how, to, a, b));
        Some(Node::Truth(Operand::Register(to)))
    }

    fn logical(&mut self, op: TruthOp, left: &Expr, right: Option<&Expr>, calc: &Calc<'_>) -> Option<Node> {
        let left = self.node(left, calc)?;
        let left = self.as_truth(left)?;
        let right = match right {
            Some(right) => {
                let right = self.node(right, calc)?;
                self.as_truth(right)?
            }
            None => Operand::Constant(false),
        };
        self.truth(op, left, right)
    }

    fn truth(&mut self, op: TruthOp, a: Operand<bool>, b: Operand<bool>) -> Option<Node> {
        self.truths.give_back(b);
        self.truths.give_back(a);
        let to = self.truths.take()?;
        self.steps.push(Step::Truth(op, to, a, b));
        Some(Node::Truth(Operand::Register(to)))
    }

    /// Whether a value counts as True.
    fn as_truth(&mut self, node: Node) -> Option<Operand<bool>> {
        let truth = match node {
            Node::Truth(operand) => return Some(operand),
            Node::Constant(value) => return Some(Operand::Constant(crate::compute::calc::is_true(value))),
            Node::Real(operand, _) => self.test(RealTest::True, operand),
            Node::Whole(operand) => {
                self.wholes.give_back(operand);
                let to = self.truths.take()?;
                self.steps.push(Step::CompareWhole(Comparison::NotEqual, to, operand, Operand::Constant(0)));
                Some(Node::Truth(Operand::Register(to)))
            }
        };
        match truth {
            Some(Node::Truth(operand)) => Some(operand),
            _ => None,
        }
    }
}

/// Whether a node is a whole number, or counts as one.
fn is_whole(node: Node) -> bool {
    matches!(node, Node::Whole(_) | Node::Truth(_) | Node::Constant(Value::Int(_) | Value::Whole(_)))
}
