//! The columns of a list: their heads, which say and change the order of its rows, and their widths, which the mouse changes.

use super::long_list::{ROW_HEIGHT, cell};
use super::theme::{self, Theme};
use super::widgets::weak;
use egui::accesskit::{Role, SortDirection};
use egui::{
    Align, CursorIcon, Id, Label, Layout, Rect, Response, RichText, Sense, Stroke, Ui, UiBuilder, WidgetInfo,
    vec2,
};
use std::ops::Range;

/// Points between two columns, and at the edge of one by which it is made wider.
const GAP: f32 = 8.0;
/// Points that a column has at least.
const LEAST: f32 = 36.0;
/// Points that a column has at least which takes what is left.
const LEAST_WIDE: f32 = 140.0;
/// The most: beside a wide gap it is hard to see which numbers belong to a name.
const MOST_WIDE: f32 = 560.0;
/// The widest that a column can be made, in points.
const MOST: f32 = 2000.0;

/// A column of a list.
#[derive(Clone, Copy, Debug)]
pub struct ListColumn {
    pub title: &'static str,
    /// Points until the user says otherwise. The last column takes what is left.
    pub width: f32,
    /// What a click on the head does; `None` when it does nothing.
    pub help: Option<&'static str>,
    /// How the rows are in the order of this column, if they are.
    pub sorted: Option<Sorted>,
}

impl ListColumn {
    /// A column by which the rows can't be sorted.
    pub const fn plain(title: &'static str, width: f32) -> Self {
        Self { title, width, help: None, sorted: None }
    }
}

/// The direction of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    Ascending,
    Descending,
}

impl Sorted {
    /// The one or the other.
    pub fn of(descending: bool) -> Self {
        if descending { Self::Descending } else { Self::Ascending }
    }
}

/// Where a column is in a row: points from the left edge, and its width.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ColumnPlace {
    left: f32,
    width: f32,
}

/// The columns of one list.
#[derive(Clone, Debug)]
pub struct ListHeads {
    id: Id,
    columns: Vec<ListColumn>,
    places: Vec<ColumnPlace>,
    /// The columns of numbers, which are at the right.
    numbers: Range<usize>,
}

impl ListHeads {
    /// The columns in the room that is left, which also has the scroll bar of the list.
    pub fn new(ui: &Ui, id: Id, columns: Vec<ListColumn>) -> Self {
        let room = ui.available_width() - theme::SCROLL_BAR_WIDTH;
        let width = |column: &ListColumn| dragged(ui, id, column.title).unwrap_or(column.width);
        let widths: Vec<f32> = columns.iter().map(width).collect();
        let places = places(&widths, room);
        Self { id, columns, places, numbers: 0..0 }
    }

    /// The head of this column is at the right, as the numbers under it.
    #[must_use]
    pub fn with_numbers(self, at: usize) -> Self {
        Self { numbers: at..at + 1, ..self }
    }

    /// Draws a number in column `at` of a row.
    pub fn number(&self, ui: &mut Ui, at: usize, content: impl FnOnce(&mut Ui)) {
        self.cell(ui, at, |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(GAP);
                content(ui);
            });
        });
    }

    /// The same, but what is left goes to column `wide`, and the others have the widths that they want.
    pub fn around(ui: &Ui, id: Id, columns: Vec<ListColumn>, wide: usize) -> Self {
        let room = ui.available_width() - theme::SCROLL_BAR_WIDTH;
        let width = |column: &ListColumn| dragged(ui, id, column.title).unwrap_or(column.width);
        let widths: Vec<f32> = columns.iter().map(width).collect();
        let is_dragged = columns.get(wide).is_some_and(|column| dragged(ui, id, column.title).is_some());
        let places = places_around(&widths, room, wide, is_dragged);
        Self { id, columns, places, numbers: 0..0 }
    }

    /// Has the heads of the columns from `at` on stand at the right, as the numbers under them do.
    #[must_use]
    pub fn right_from(self, at: usize) -> Self {
        Self { numbers: at..usize::MAX, ..self }
    }

    /// Whether what is in a column stands at the right.
    pub fn is_right(&self, at: usize) -> bool {
        self.numbers.contains(&at)
    }

    /// Draws column `at` of a row.
    pub fn cell(&self, ui: &mut Ui, at: usize, content: impl FnOnce(&mut Ui)) {
        if let Some(place) = self.places.get(at) {
            cell(ui, place.left, place.width, content);
        }
    }

    /// Draws the heads. Answers the column whose head was clicked.
    pub fn show(&self, ui: &mut Ui) -> Option<usize> {
        let room = ui.available_width();
        let (rect, _) = ui.allocate_exact_size(vec2(room, ROW_HEIGHT), Sense::hover());
        let mut line = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(self.id));
        let mut clicked = None;
        for (at, (column, place)) in self.columns.iter().zip(&self.places).enumerate() {
            let head = Rect::from_min_size(rect.min + vec2(place.left, 0.0), vec2(place.width, ROW_HEIGHT));
            if self.head(&mut line, column, (at, head)).clicked() {
                clicked = Some(at);
            }
            if at + 1 < self.columns.len() {
                self.edge(&line, column, *place, head);
            }
        }
        let theme = Theme::of(ui.ctx());
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline_stroke());
        clicked
    }

    fn head(&self, ui: &mut Ui, column: &ListColumn, (at, rect): (usize, Rect)) -> Response {
        let theme = Theme::of(ui.ctx());
        // The keys go to the list; its heads are for the mouse, and have keys of their own there.
        let sense = if column.help.is_some() { Sense::CLICK } else { Sense::hover() };
        let mut response = ui.interact(rect, self.id.with(("head", column.title)), sense);
        let color = if column.help.is_some() && response.hovered() { theme.text } else { theme.text_weak };
        let sign = match column.sorted {
            Some(Sorted::Ascending) => " ↑",
            Some(Sorted::Descending) => " ↓",
            None => "",
        };
        let layout = match self.is_right(at) {
            true => Layout::right_to_left(Align::Center),
            false => Layout::left_to_right(Align::Center),
        };
        let mut inside = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout).id_salt(column.title));
        inside.set_clip_rect(rect.intersect(ui.clip_rect()));
        if self.is_right(at) {
            inside.add_space(GAP);
        }
        let text = RichText::new(format!("{}{sign}", column.title)).font(theme::small()).color(color);
        inside.add(Label::new(text).selectable(false).truncate());
        if let Some(help) = column.help {
            response = response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(help);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, column.title));
        ui.ctx().accesskit_node_builder(response.id, |node| match column.sorted {
            Some(Sorted::Ascending) => node.set_sort_direction(SortDirection::Ascending),
            Some(Sorted::Descending) => node.set_sort_direction(SortDirection::Descending),
            None => {}
        });
        response
    }

    /// The edge at the right of a column, which is dragged to make it wider. A double click gives it its usual width.
    fn edge(&self, ui: &Ui, column: &ListColumn, place: ColumnPlace, head: Rect) {
        let grip = Rect::from_min_size(head.right_top(), vec2(GAP, ROW_HEIGHT));
        let id = self.id.with(("edge", column.title));
        let response =
            ui.interact(grip, id, Sense::CLICK | Sense::DRAG).on_hover_cursor(CursorIcon::ResizeColumn);
        let slot = slot(self.id, column.title);
        if response.dragged() {
            let wide = (place.width + GAP + response.drag_delta().x).clamp(LEAST + GAP, MOST);
            ui.data_mut(|data| data.insert_temp(slot, wide));
        }
        if response.double_clicked() {
            ui.data_mut(|data| data.remove_temp::<f32>(slot));
        }
        if response.hovered() || response.dragged() {
            let stroke = Stroke::new(2.0, Theme::of(ui.ctx()).accent);
            ui.painter().vline(grip.center().x, grip.y_range(), stroke);
        }
    }
}

fn slot(id: Id, title: &str) -> Id {
    id.with(("width", title))
}

/// The width that the user gave a column.
fn dragged(ui: &Ui, id: Id, title: &str) -> Option<f32> {
    ui.data(|data| data.get_temp::<f32>(slot(id, title)))
}

/// Columns of these widths, their gaps included, in `room` points; all of them narrower where that is too little.
fn places(widths: &[f32], room: f32) -> Vec<ColumnPlace> {
    let Some((_, firsts)) = widths.split_last() else { return Vec::new() };
    let wanted: f32 = firsts.iter().sum();
    // A third is left for the last column, which has the longest texts.
    let share = (room * 0.67 / wanted.max(1.0)).min(1.0);
    let mut places = Vec::with_capacity(widths.len());
    let mut left = 0.0;
    for width in firsts {
        let wide = (width * share).max(LEAST);
        places.push(ColumnPlace { left, width: wide - GAP });
        left += wide;
    }
    places.push(ColumnPlace { left, width: (room - left).max(0.0) });
    places
}

/// Columns of these widths in `room` points, of which column `wide` takes what is left, unless its edge was dragged. It
/// has [`LEAST_WIDE`] to [`MOST_WIDE`] points; where there is less room, the others are narrower too.
fn places_around(widths: &[f32], room: f32, wide: usize, is_dragged: bool) -> Vec<ColumnPlace> {
    let others: f32 = widths.iter().enumerate().filter(|(at, _)| *at != wide).map(|(_, width)| width).sum();
    let share = ((room - LEAST_WIDE) / others.max(1.0)).clamp(0.0, 1.0);
    let mut left = 0.0;
    let place = |(at, width): (usize, &f32)| {
        let full = match at == wide {
            true if is_dragged => width.max(LEAST),
            true => (room - others * share).clamp(LEAST_WIDE, MOST_WIDE),
            false => (width * share).max(LEAST),
        };
        let place = ColumnPlace { left, width: full - GAP };
        left += full;
        place
    };
    widths.iter().enumerate().map(place).collect()
}

/// Text of data in a row.
pub fn data_text(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(RichText::new(text).font(theme::mono())).selectable(false).truncate())
}

/// A quiet remark in a row.
pub fn weak_text(ui: &mut Ui, text: &str) {
    weak(ui, text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_share_the_room_and_the_last_one_takes_what_is_left() {
        let wide = places(&[100.0, 200.0, 0.0], 1000.0);
        let expected = [(0.0, 92.0), (100.0, 192.0), (300.0, 700.0)];
        assert_eq!(wide, expected.map(|(left, width)| ColumnPlace { left, width }));
        let narrow = places(&[100.0, 200.0, 0.0], 300.0);
        assert!(narrow[2].width >= 90.0 && narrow[1].width < 192.0, "{narrow:?}");
        assert!(places(&[], 100.0).is_empty());
    }

    #[test]
    fn one_column_takes_what_the_others_leave() {
        let wide = places_around(&[300.0, 100.0, 50.0], 600.0, 0, false);
        let expected = [(0.0, 442.0), (450.0, 92.0), (550.0, 42.0)];
        assert_eq!(wide, expected.map(|(left, width)| ColumnPlace { left, width }));
        let narrow = places_around(&[300.0, 100.0, 100.0], 240.0, 0, false);
        assert_eq!(narrow[0].width, LEAST_WIDE - GAP);
        assert_eq!(narrow[2].left + narrow[2].width + GAP, 240.0);
        let dragged = places_around(&[200.0, 100.0, 100.0], 1000.0, 0, true);
        assert_eq!((dragged[0].width, dragged[1].left), (192.0, 200.0));
        let vast = places_around(&[300.0, 100.0, 100.0], 3000.0, 0, false);
        assert_eq!((vast[0].width, vast[1].left), (MOST_WIDE - GAP, MOST_WIDE));
    }
}
