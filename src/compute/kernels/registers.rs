//! Which registers of a program are in use while an expression becomes steps.

use super::steps::Operand;

/// So many registers of a kind are there at most.
const MOST_REGISTERS: u8 = 12;

/// Registers of one kind, taken and given back in turn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Registers {
    used: u8,
    pub most: u8,
}

impl Registers {
    /// The next one; `None` when there are no more.
    pub fn take(&mut self) -> Option<u8> {
        let register = self.used;
        self.used += 1;
        self.most = self.most.max(self.used);
        (self.used <= MOST_REGISTERS).then_some(register)
    }

    /// What a step has read is free again.
    pub fn give_back<C>(&mut self, operand: Operand<C>) {
        self.used -= u8::from(matches!(operand, Operand::Register(_)));
    }
}
