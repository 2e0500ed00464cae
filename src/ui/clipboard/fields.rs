//! Text that is copied or selected in text fields. The toolkit would pass it to the desktop on the window's thread.

use super::Board;
use egui::{Context, FullOutput, OutputCommand, Plugin};
use std::sync::{Arc, Mutex, PoisonError};

/// Texts that wait for the desktop, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldTexts(Arc<Mutex<Vec<(Board, String)>>>);

impl FieldTexts {
    /// All of them, once.
    pub fn take(&self) -> Vec<(Board, String)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Plugin for FieldTexts {
    fn debug_name(&self) -> &'static str {
        "texts of fields"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = texts.len();
        output.platform_output.commands.retain_mut(|command| {
            let (board, text) = match command {
                OutputCommand::CopyText(text) => (Board::Clipboard, text),
                OutputCommand::TextSelectionSettled(text) => (Board::Primary, text),
                OutputCommand::CopyImage(_) | OutputCommand::OpenUrl(_) => return true,
            };
            texts.push((board, std::mem::take(text)));
            false
        });
        if texts.len() > before {
            // The next frame hands them on.
            ctx.request_repaint();
        }
    }
}
