//! What the keyboard and the palette ask of an array: the same as the bar, the heads and the menus are asked by mouse.
//!
//! Nothing is done here; a command is the action that a click would be, or asks for a field's focus.

use super::table::Axes;
use super::{ArrayAction, ArrayView, BarField};
use crate::decode::style::NumberStyle;
use crate::export::arrays::ARRAY_FORMATS;
use crate::session::{Command, Dialog, Request, Session};

impl Session {
    /// Runs a command of the Array menu that is about the array on the screen; `false` for any other.
    pub(in crate::session) fn run_on_array(&mut self, command: Command) -> bool {
        let field = match command {
            Command::TypeSlice => Some(BarField::Slice),
            Command::TypeDtype => Some(BarField::Dtype),
            _ => None,
        };
        if let Some(field) = field {
            self.request(Request::FocusBar(field));
            return true;
        }
        match command {
            Command::FilterArrays => self.filter_arrays(),
            Command::ExportNpy => self.ask_for_export("npy"),
            Command::ExportCsv => self.ask_for_export("csv"),
            command => match self.tab().and_then(|tab| tab.array()).and_then(|view| action(command, view)) {
                Some(action) => {
                    self.act_on_array(action);
                    self.want_grid_focus();
                }
                None => return false,
            },
        }
        true
    }

    fn filter_arrays(&mut self) {
        if !self.shows_panel(crate::session::ARRAYS) {
            self.toggle_panel(crate::session::ARRAYS);
        }
        self.request(Request::FocusFilter);
    }

    fn ask_for_export(&mut self, format: &str) {
        if let Some(at) = format_number(format) {
            self.show_dialog(Dialog::ExportArray(at));
        }
    }
}

fn format_number(name: &str) -> Option<usize> {
    ARRAY_FORMATS.iter().position(|format| format.name == name)
}

/// The action that a command is.
fn action(command: Command, view: &ArrayView) -> Option<ArrayAction> {
    let (row, column) = view.block.caret;
    Some(match command {
        Command::SelectRow => ArrayAction::PressRow { row, extend: false },
        Command::SelectColumn => ArrayAction::PressColumn { column, extend: false },
        Command::HideField => ArrayAction::Hide(usize::try_from(column).ok()?),
        Command::ShowAllFields => ArrayAction::ShowAllFields,
        Command::FitArrayColumn => ArrayAction::Resize { column, chars: None },
        Command::TransposeArray => {
            let axes = view.table.axes();
            ArrayAction::Axes(Axes { rows: axes.columns, columns: axes.rows, ..axes.clone() })
        }
        Command::NextIndex => ArrayAction::Axes(turned(view, true)?),
        Command::PreviousIndex => ArrayAction::Axes(turned(view, false)?),
        Command::NextNumberStyle => ArrayAction::Style(next_style(view.style)),
        Command::CopyAsPython => ArrayAction::CopyAs(format_number("array")?),
        Command::CopyAsJson => ArrayAction::CopyAs(format_number("json")?),
        _ => return None,
    })
}

/// The next place of the first axis that stands still, and after the last one the first.
fn turned(view: &ArrayView, forward: bool) -> Option<Axes> {
    let axis = view.standing_axis()?;
    let mut axes = view.table.axes().clone();
    let side = *view.table.array().shape.get(axis)?;
    let at = axes.at.get_mut(axis)?;
    *at = match (forward, *at) {
        (true, at) if at + 1 < side => at + 1,
        (true, _) => 0,
        (false, 0) => side - 1,
        (false, at) => at - 1,
    };
    Some(axes)
}

fn next_style(style: NumberStyle) -> NumberStyle {
    match style {
        NumberStyle::Shortest => NumberStyle::Fixed(3),
        NumberStyle::Fixed(digits) => NumberStyle::Scientific(digits),
        NumberStyle::Scientific(digits) => NumberStyle::Engineering(digits),
        NumberStyle::Engineering(_) => NumberStyle::Hex,
        NumberStyle::Hex => NumberStyle::Shortest,
    }
}
