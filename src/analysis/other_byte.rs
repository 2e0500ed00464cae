//! The pattern of a search: any byte but one, to step over runs of equal bytes.

use super::search::{Match, Pattern};
use super::window::Window;
use std::ops::ControlFlow;

/// Bytes that are passed at once while all are equal.
const BLOCK: usize = 64;

/// Any byte that is not this one. With zero, holes are not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherByte(pub u8);

impl Pattern for OtherByte {
    fn max_len(&self) -> usize {
        1
    }

    fn matches_zeros(&self) -> bool {
        self.0 != 0
    }

    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()> {
        let starts = window.first..window.starts.min(window.end);
        let bytes = window.bytes.get(starts.clone()).unwrap_or_default();
        for (n, block) in bytes.chunks(BLOCK).enumerate() {
            if block.iter().fold(0, |any, byte| any | (byte ^ self.0)) == 0 {
                continue;
            }
            for (i, _) in block.iter().enumerate().filter(|(_, byte)| **byte != self.0) {
                hit(Match { at: starts.start + n * BLOCK + i, len: 1 })?;
            }
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_byte_is_told() {
        let mut bytes = vec![7; 300];
        let others = [0, 63, 64, 130, 299];
        others.iter().for_each(|at| bytes[*at] = *at as u8);
        let mut found = Vec::new();
        let _ = OtherByte(7).find_in(&Window::whole(&bytes, 0, 300), &mut |hit| {
            found.push(hit.at);
            ControlFlow::Continue(())
        });
        assert_eq!(found, others);
        assert!(!OtherByte(0).matches_zeros() && OtherByte(7).matches_zeros());
    }
}
