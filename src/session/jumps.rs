//! Where jumps started, so that Back and Forward lead through them as in a browser.

/// Offsets in the order in which they were left.
#[derive(Clone, Debug, Default)]
pub struct Jumps {
    back: Vec<u64>,
    forward: Vec<u64>,
}

/// So many are kept; nobody walks further back by single steps.
const MOST: usize = 1000;

impl Jumps {
    /// A jump leads away from `from`.
    pub fn leave(&mut self, from: u64) {
        if self.back.last() != Some(&from) {
            self.back.push(from);
        }
        if self.back.len() > MOST {
            self.back.remove(0);
        }
        self.forward.clear();
    }

    /// Where Back leads from `here`.
    pub fn go_back(&mut self, here: u64) -> Option<u64> {
        let target = self.back.pop()?;
        self.forward.push(here);
        Some(target)
    }

    /// Where Forward leads from `here`.
    pub fn go_forward(&mut self, here: u64) -> Option<u64> {
        let target = self.forward.pop()?;
        self.back.push(here);
        Some(target)
    }

    /// Whether there is a place to go back to.
    pub fn can_go_back(&self) -> bool {
        !self.back.is_empty()
    }

    /// Whether there is a place to go forward to.
    pub fn can_go_forward(&self) -> bool {
        !self.forward.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_and_forward_lead_through_the_same_places() {
        let mut jumps = Jumps::default();
        jumps.leave(1);
        jumps.leave(20);
        assert_eq!(jumps.go_back(300), Some(20));
        assert_eq!(jumps.go_back(20), Some(1));
        assert_eq!(jumps.go_back(1), None);
        assert_eq!(jumps.go_forward(1), Some(20));
        assert_eq!(jumps.go_forward(20), Some(300));
        jumps.leave(300);
        assert!(!jumps.can_go_forward());
    }
}
