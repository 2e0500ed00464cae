//! A list of any length that the keys walk: one row is chosen, and the arrows, Page Up, Page Down, Home and End move
//! on. In some lists several rows can be chosen, with Shift, and copied.
//!
//! The list is one stop of Tab; its rows are drawn by the caller, only those that are seen.

use super::access;
use super::focus_ring::{self, Stop};
use super::long_list::LongList;
use super::theme::Theme;
use egui::accesskit::{Node, NodeId, Role};
use egui::{Context, Event, EventFilter, Id, Key, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo};
use std::ops::RangeInclusive;

/// What the keys and clicks ask of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Choose(u64),
    /// The rows up to this one too.
    Extend(u64),
    /// All rows.
    All,
    /// Enter or a double click: to the file, where the chosen row is shown.
    Leave,
    /// Delete, on the chosen row.
    Remove(u64),
    /// The chosen rows to the clipboard.
    Copy,
    /// A letter that the list has a use for.
    Letter(Key),
}

/// Rows of a page.
const PAGE: u64 = 16;

/// What the keys walk.
#[derive(Clone, Copy, Debug)]
pub struct WalkedList {
    pub id: Id,
    /// What a screen reader calls the list.
    pub name: &'static str,
    pub count: u64,
    /// The row that the keys stand on.
    pub chosen: Option<u64>,
    /// Of a list in which several rows can be chosen and copied.
    pub many: Option<ManyRows>,
}

/// Several rows of a list.
#[derive(Clone, Copy, Debug)]
pub struct ManyRows {
    /// The first and the last one that is chosen.
    pub chosen: Option<(u64, u64)>,
    /// Letters that mean something in the list.
    pub letters: &'static [Key],
}

impl ManyRows {
    /// Of a list with these rows chosen.
    pub fn of(chosen: Option<RangeInclusive<u64>>, letters: &'static [Key]) -> Self {
        Self { chosen: chosen.map(RangeInclusive::into_inner), letters }
    }
}

/// Whether the widget with the keys is a list that is copied from, and not the file.
pub fn copies_rows(ctx: &Context, id: Id) -> bool {
    let shown = ctx.data(|data| data.get_temp::<u64>(id.with("copies rows")));
    shown.is_some_and(|pass| pass + 1 >= ctx.cumulative_pass_nr())
}

impl WalkedList {
    /// Shows the list in the remaining space, as a stop of F6. Returns what keys and clicks ask for, in this order.
    ///
    /// `head` draws the part above the rows, `draw` a row. A screen reader is told the `words` of the chosen row.
    pub fn show(
        &self,
        ui: &mut Ui,
        stop: Stop,
        words: impl FnOnce(u64) -> String,
        head: impl FnOnce(&mut Ui),
        draw: impl FnMut(&mut Ui, u64, &Response),
    ) -> Vec<Step> {
        let (area, mut steps) = self.keys(ui, ui.available_rect_before_wrap(), words);
        focus_ring::lead(ui, stop, area.id);
        let moved = steps.iter().rev().find_map(|step| match step {
            Step::Choose(n) | Step::Extend(n) => Some(*n),
            Step::All | Step::Leave | Step::Remove(_) | Step::Copy | Step::Letter(_) => None,
        });
        head(ui);
        let rows = self.many.and_then(|many| many.chosen).or(self.chosen.map(|n| (n, n)));
        let list =
            LongList { id: area.id, count: self.count, chosen: rows.map(|(first, last)| first..=last) };
        if let Some(clicked) = list.show(ui, moved, draw) {
            area.request_focus();
            let extends = clicked.extends && self.many.is_some();
            steps.push(if extends { Step::Extend(clicked.row) } else { Step::Choose(clicked.row) });
            steps.extend(clicked.twice.then_some(Step::Leave));
        }
        steps
    }

    /// Makes `rect` a widget that takes the keys for the list, and tells what was asked for, in this order.
    ///
    /// A screen reader is told the `words` of the chosen row.
    pub fn keys(&self, ui: &Ui, rect: Rect, words: impl FnOnce(u64) -> String) -> (Response, Vec<Step>) {
        let response = ui.interact(rect, self.id, Sense::focusable_noninteractive());
        self.tell(ui, &response, words);
        if !response.has_focus() {
            return (response, Vec::new());
        }
        // Also where no row is chosen yet it has to be seen where the keys go.
        let stroke = Stroke::new(1.0, Theme::of(ui.ctx()).accent);
        ui.painter().rect_stroke(rect.expand(4.0), 2.0, stroke, StrokeKind::Inside);
        let filter =
            EventFilter { tab: false, horizontal_arrows: false, vertical_arrows: true, escape: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, filter));
        if self.many.is_some() {
            let pass = ui.ctx().cumulative_pass_nr();
            ui.data_mut(|data| data.insert_temp(self.id.with("copies rows"), pass));
        }
        let pressed: Vec<Pressed> =
            ui.input(|input| input.filtered_events(&filter).iter().filter_map(Pressed::of).collect());
        (response, self.steps(&pressed))
    }

    /// The list as one box whose chosen row has a node of its own: another row is heard though it says the same.
    fn tell(&self, ui: &Ui, response: &Response, words: impl FnOnce(u64) -> String) {
        response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, self.name));
        let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let chosen = self.chosen.filter(|n| *n < self.count);
        let on = ui.ctx().accesskit_node_builder(self.id, |node| {
            node.set_size_of_set(size(self.count));
            if let Some(n) = chosen {
                node.set_active_descendant(self.row_id(n));
            }
        });
        let (Some(n), true) = (chosen, on.is_some()) else { return };
        let mut node = Node::new(Role::ListBoxOption);
        node.set_label(words(n));
        node.set_selected(true);
        node.set_position_in_set(size(n));
        access::graft(ui.ctx(), self.id, vec![self.row_id(n)], vec![(self.row_id(n), node)]);
    }

    fn row_id(&self, n: u64) -> NodeId {
        self.id.with(("row", n)).accesskit_id()
    }
}

/// A key that may mean something to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pressed {
    Plain(Key),
    WithShift(Key),
    All,
    Copy,
}

impl Pressed {
    fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Copy => Some(Self::Copy),
            Event::Key { key, pressed: true, modifiers, .. } => match key {
                Key::C | Key::Insert if modifiers.command_only() => Some(Self::Copy),
                Key::Copy => Some(Self::Copy),
                Key::A if modifiers.command_only() => Some(Self::All),
                key if modifiers.is_none() => Some(Self::Plain(*key)),
                key if modifiers.shift_only() => Some(Self::WithShift(*key)),
                _ => None,
            },
            _ => None,
        }
    }
}

impl WalkedList {
    /// What all the keys of a frame ask for. Behind a row that goes and behind the way out nothing is walked: the rows have
    /// other numbers then, and the keys are somewhere else.
    fn steps(&self, pressed: &[Pressed]) -> Vec<Step> {
        let (mut steps, mut chosen): (Vec<Step>, _) = (Vec::new(), self.chosen);
        for key in pressed {
            let Some(step) = self.step(*key, chosen) else { continue };
            // Of rows that are walked through the last one counts.
            let walks_on = match (steps.last(), step) {
                (Some(Step::Choose(_)), Step::Choose(_)) | (Some(Step::Extend(_)), Step::Extend(_)) => true,
                (
                    _,
                    Step::Choose(_)
                    | Step::Extend(_)
                    | Step::All
                    | Step::Leave
                    | Step::Remove(_)
                    | Step::Copy
                    | Step::Letter(_),
                ) => false,
            };
            if walks_on {
                steps.pop();
            }
            steps.push(step);
            match step {
                Step::Choose(n) | Step::Extend(n) => chosen = Some(n),
                Step::Leave | Step::Remove(_) => break,
                Step::All | Step::Copy | Step::Letter(_) => {}
            }
        }
        steps
    }

    fn step(&self, pressed: Pressed, chosen: Option<u64>) -> Option<Step> {
        let to = |key: Key| row_after(key, self.count, chosen);
        match (pressed, self.many) {
            // An empty list is left as any other.
            (Pressed::Plain(Key::Enter), _) => Some(Step::Leave),
            (Pressed::Plain(Key::Delete), _) => {
                let last = self.count.checked_sub(1)?;
                chosen.map(|at| Step::Remove(at.min(last)))
            }
            (Pressed::Plain(key), Some(many)) if many.letters.contains(&key) => Some(Step::Letter(key)),
            (Pressed::Plain(key), _) => to(key).map(Step::Choose),
            (Pressed::WithShift(key), Some(_)) => to(key).map(Step::Extend),
            (Pressed::All, Some(_)) => Some(Step::All),
            (Pressed::Copy, Some(_)) => Some(Step::Copy),
            (Pressed::WithShift(_) | Pressed::All | Pressed::Copy, None) => None,
        }
    }
}

/// The row that a key leads to.
fn row_after(key: Key, count: u64, chosen: Option<u64>) -> Option<u64> {
    let last = count.checked_sub(1)?;
    let at = chosen.unwrap_or(0).min(last);
    let to = match key {
        // The first key chooses the row where the list stands.
        Key::ArrowDown | Key::ArrowUp if chosen.is_none() => at,
        Key::ArrowDown => (at + 1).min(last),
        Key::ArrowUp => at.saturating_sub(1),
        Key::PageDown => at.saturating_add(PAGE).min(last),
        Key::PageUp => at.saturating_sub(PAGE),
        Key::Home => 0,
        Key::End => last,
        _ => return None,
    };
    Some(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(count: u64, chosen: Option<u64>, many: bool) -> WalkedList {
        let rows = ManyRows { chosen: None, letters: &[Key::V] };
        WalkedList { id: Id::unique("a list"), name: "a list", count, chosen, many: many.then_some(rows) }
    }

    #[test]
    fn keys_stay_within_the_list() {
        for (key, count, chosen, expected) in [
            (Key::ArrowDown, 3, None, Some(Step::Choose(0))),
            (Key::ArrowDown, 3, Some(0), Some(Step::Choose(1))),
            (Key::ArrowDown, 3, Some(2), Some(Step::Choose(2))),
            (Key::ArrowUp, 3, Some(0), Some(Step::Choose(0))),
            (Key::End, 3, Some(0), Some(Step::Choose(2))),
            (Key::PageUp, 100, Some(20), Some(Step::Choose(4))),
            (Key::ArrowDown, 2, Some(9), Some(Step::Choose(1))),
            (Key::Enter, 3, Some(1), Some(Step::Leave)),
            (Key::Enter, 0, None, Some(Step::Leave)),
            (Key::Delete, 3, Some(1), Some(Step::Remove(1))),
            (Key::Delete, 3, None, None),
            (Key::ArrowDown, 0, None, None),
            (Key::A, 3, Some(1), None),
            (Key::V, 3, Some(1), None),
        ] {
            let step = list(count, chosen, false).step(Pressed::Plain(key), chosen);
            assert_eq!(step, expected, "{key:?} {count} {chosen:?}");
        }
    }

    #[test]
    fn several_rows_are_chosen_and_copied_only_where_the_list_has_that() {
        let down = Pressed::WithShift(Key::ArrowDown);
        for (pressed, expected) in [
            (down, Step::Extend(2)),
            (Pressed::All, Step::All),
            (Pressed::Copy, Step::Copy),
            (Pressed::Plain(Key::V), Step::Letter(Key::V)),
        ] {
            assert_eq!(list(3, Some(1), true).step(pressed, Some(1)), Some(expected));
            assert_eq!(list(3, Some(1), false).step(pressed, Some(1)), None);
        }
        let pressed = [Pressed::Plain(Key::Home), down, down, Pressed::Copy];
        assert_eq!(list(9, Some(5), true).steps(&pressed), [Step::Choose(0), Step::Extend(2), Step::Copy]);
    }

    #[test]
    fn all_keys_of_a_frame_count() {
        let down = Key::ArrowDown;
        for (keys, chosen, expected) in [
            (vec![down; 3], None, vec![Step::Choose(2)]),
            (vec![down, down, Key::ArrowUp], Some(4), vec![Step::Choose(5)]),
            (vec![down, Key::Enter, down], Some(4), vec![Step::Choose(5), Step::Leave]),
            (vec![down, Key::Delete, Key::Delete], Some(4), vec![Step::Choose(5), Step::Remove(5)]),
            (vec![Key::A], Some(4), vec![]),
        ] {
            let pressed: Vec<Pressed> = keys.iter().copied().map(Pressed::Plain).collect();
            assert_eq!(list(10, chosen, false).steps(&pressed), expected, "{keys:?}");
        }
    }
}
