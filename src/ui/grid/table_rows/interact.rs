//! Input of the pointer in the cells and heads of a table, as actions.

use super::geometry::{Geometry, Under};
use crate::session::arrays::{ArrayView, TableAction};
use egui::{Pos2, Vec2};

/// What the pointer has hold of.
#[derive(Clone, Copy, Debug)]
enum Grip {
    Cells,
    Rows,
    Columns,
    /// A field's head, from this column on; where it would go.
    Field(u64, u64),
    /// A column's edge: its width in characters and the place of the pointer when it was taken.
    Edge(u64, u32, f32),
}

/// The hold of a press.
#[derive(Debug, Default)]
pub(in crate::ui::grid) struct TableHold {
    grip: Option<Grip>,
    last: Option<Under>,
    /// Where a context menu was asked for.
    pub(super) menu: Option<Under>,
}

impl TableHold {
    /// The field that is being moved, and where to.
    pub(super) fn moving(&self) -> Option<(u64, u64)> {
        match self.grip {
            Some(Grip::Field(from, to)) if from != to => Some((from, to)),
            _ => None,
        }
    }

    /// The column whose head the context menu was asked for.
    pub(in crate::ui::grid) fn menu_column(&self) -> Option<u64> {
        match self.menu {
            Some(Under::Column(column) | Under::Edge(column)) => Some(column),
            Some(Under::Cell(..) | Under::Row(_) | Under::Corner) | None => None,
        }
    }

    /// Whether a column is made wider.
    pub(super) fn is_on_edge(&self) -> bool {
        matches!(self.grip, Some(Grip::Edge(..)))
    }

    /// The main button went down.
    pub(super) fn press(
        &mut self,
        (under, at): (Under, Pos2),
        view: &ArrayView,
        (extend, clicks): (bool, u32),
        actions: &mut Vec<TableAction>,
    ) {
        self.last = Some(under);
        self.grip = Some(take(under, at, view, (extend, clicks), actions));
    }

    /// The main button was let go.
    pub(super) fn release(&mut self, actions: &mut Vec<TableAction>) {
        if let Some((from, to)) = self.moving() {
            actions.push(TableAction::MoveColumn { from: from as usize, to: to as usize });
        }
        self.grip = None;
    }

    /// The pointer is here. Answers how far beyond the edge it is, of a head only along it.
    pub(super) fn drag(
        &mut self,
        at: Pos2,
        view: &ArrayView,
        geometry: &Geometry,
        actions: &mut Vec<TableAction>,
    ) -> Vec2 {
        let Some(grip) = self.grip else { return Vec2::ZERO };
        if let Grip::Edge(column, chars, from) = grip {
            let wanted = (chars as f32 + (at.x - from) / geometry.pitch).round().max(1.0) as u32;
            if wanted != view.columns.chars(column) && at.x != from {
                actions.push(TableAction::Resize { column, chars: Some(wanted) });
            }
            return Vec2::ZERO;
        }
        // A head that was pressed says nothing of the cells under it, so the pointer counts where it is nearest to them.
        let (inside, mut beyond) = geometry.inside(geometry.body, at);
        let Some(Under::Cell(row, column)) = geometry.under(inside) else { return Vec2::ZERO };
        match (grip, self.last) {
            (Grip::Cells, Some(Under::Cell(was_row, was_column)))
                if (was_row, was_column) != (row, column) =>
            {
                self.last = Some(Under::Cell(row, column));
                actions.push(TableAction::Drag((row, column)));
            }
            (Grip::Rows, Some(Under::Row(was))) if was != row => {
                self.last = Some(Under::Row(row));
                actions.push(TableAction::PressRow { row, extend: true });
            }
            (Grip::Columns, Some(Under::Column(was))) if was != column => {
                self.last = Some(Under::Column(column));
                actions.push(TableAction::PressColumn { column, extend: true });
            }
            (Grip::Field(from, _), _) => {
                self.grip = Some(Grip::Field(from, column));
                return Vec2::ZERO;
            }
            _ => {}
        }
        match grip {
            Grip::Rows => beyond.x = 0.0,
            Grip::Columns => beyond.y = 0.0,
            Grip::Cells | Grip::Field(..) | Grip::Edge(..) => {}
        }
        beyond
    }
}

fn take(
    under: Under,
    at: Pos2,
    view: &ArrayView,
    (extend, clicks): (bool, u32),
    actions: &mut Vec<TableAction>,
) -> Grip {
    match under {
        Under::Cell(row, column) => {
            actions.push(TableAction::Press { place: (row, column), extend, clicks });
            Grip::Cells
        }
        Under::Row(row) => {
            actions.push(TableAction::PressRow { row, extend });
            Grip::Rows
        }
        Under::Column(column) => {
            actions.push(TableAction::PressColumn { column, extend });
            if view.columns.are_alike() || extend { Grip::Columns } else { Grip::Field(column, column) }
        }
        Under::Edge(column) => {
            if clicks == 2 {
                actions.push(TableAction::Resize { column, chars: None });
            }
            Grip::Edge(column, view.columns.chars(column), at.x)
        }
        Under::Corner => {
            actions.push(TableAction::PressAll);
            Grip::Cells
        }
    }
}
