//! A list of any length that the keys walk: one row is chosen, and the arrows, Page Up, Page Down, Home and End move
//! on.
//!
//! The list is one stop of Tab; its rows are drawn by the caller, only those that are seen.

use super::access;
use super::focus_ring::{self, Stop};
use super::long_list::LongList;
use super::theme::Theme;
use egui::accesskit::{Node, NodeId, Role};
use egui::{Event, EventFilter, Id, Key, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

/// What the keys ask of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Choose(u64),
    /// Enter: to the file, where the chosen row is shown.
    Leave,
    /// Delete, on the chosen row.
    Remove(u64),
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
    pub chosen: Option<u64>,
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
        draw: impl FnMut(&mut Ui, u64),
    ) -> Vec<Step> {
        let (area, mut steps) = self.keys(ui, ui.available_rect_before_wrap(), words);
        focus_ring::lead(ui, stop, area.id);
        let moved = steps.iter().rev().find_map(|step| match step {
            Step::Choose(n) => Some(*n),
            Step::Leave | Step::Remove(_) => None,
        });
        head(ui);
        let list = LongList { id: area.id, count: self.count, chosen: self.chosen };
        if let Some(n) = list.show(ui, moved, draw) {
            area.request_focus();
            steps.push(Step::Choose(n));
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
        let pressed: Vec<Key> = ui.input(|input| {
            let key = |event: &Event| match event {
                Event::Key { key, pressed: true, modifiers, .. } if modifiers.is_none() => Some(*key),
                _ => None,
            };
            input.filtered_events(&filter).iter().filter_map(key).collect()
        });
        (response, steps(&pressed, self.count, self.chosen))
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

/// What all the keys of a frame ask for. Behind a row that goes and behind the way out nothing is walked: the rows have
/// other numbers then, and the keys are somewhere else.
fn steps(pressed: &[Key], count: u64, mut chosen: Option<u64>) -> Vec<Step> {
    let (mut to, mut last) = (None, None);
    for key in pressed {
        match step(*key, count, chosen) {
            Some(Step::Choose(n)) => (to, chosen) = (Some(Step::Choose(n)), Some(n)),
            Some(step @ (Step::Leave | Step::Remove(_))) => {
                last = Some(step);
                break;
            }
            None => {}
        }
    }
    to.into_iter().chain(last).collect()
}

fn step(key: Key, count: u64, chosen: Option<u64>) -> Option<Step> {
    // An empty list is left as any other.
    if key == Key::Enter {
        return Some(Step::Leave);
    }
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
        Key::Delete => return chosen.map(|_| Step::Remove(at)),
        _ => return None,
    };
    Some(Step::Choose(to))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(step(key, count, chosen), expected, "{key:?} {count} {chosen:?}");
        }
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
            assert_eq!(steps(&keys, 10, chosen), expected, "{keys:?}");
        }
    }
}
