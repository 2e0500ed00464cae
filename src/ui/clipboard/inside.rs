//! Clipboards inside the program, used when the desktop's can't be reached: copies can be pasted only in this program.

use super::{Board, System};
use crate::job::Progress;
use crate::session::{ClipboardOffer, Pasted};
use std::sync::{Mutex, PoisonError};

#[derive(Default)]
pub(super) struct Inside {
    clipboard: Mutex<Pasted>,
    primary: Mutex<Pasted>,
}

impl Inside {
    fn of(&self, board: Board) -> &Mutex<Pasted> {
        match board {
            Board::Clipboard => &self.clipboard,
            Board::Primary => &self.primary,
        }
    }
}

impl System for Inside {
    fn offer(&self, board: Board, offer: ClipboardOffer) -> Result<(), String> {
        let bytes = offer.bytes.map(|bytes| bytes.to_vec());
        let given = Pasted { text: offer.text, bytes, mark: offer.mark };
        *self.of(board).lock().unwrap_or_else(PoisonError::into_inner) = given;
        Ok(())
    }

    fn read(&self, board: Board, _: bool, _: &Progress) -> Result<Pasted, String> {
        Ok(self.of(board).lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_copied_and_what_was_selected_come_back_each() {
        let (inside, progress) = (Inside::default(), Progress::default());
        assert_eq!(inside.read(Board::Clipboard, false, &progress), Ok(Pasted::default()));
        inside.offer(Board::Clipboard, ClipboardOffer::of_text("copied")).expect("taken");
        inside.offer(Board::Primary, ClipboardOffer::of_text("selected")).expect("taken");
        assert_eq!(inside.read(Board::Clipboard, false, &progress), Ok(Pasted::of_text("copied")));
        assert_eq!(inside.read(Board::Primary, false, &progress), Ok(Pasted::of_text("selected")));
    }
}
