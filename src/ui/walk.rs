//! A list of any length that the keys walk: one row is chosen, and the arrows, Page Up, Page Down, Home and End move on.
//!
//! The list is one stop of Tab; its rows are drawn by the caller, only those that are seen.

use egui::{Event, EventFilter, Id, Key, Rect, Response, Sense, Ui};

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

/// Makes `rect` a widget that takes the keys for a list of `count` rows, and tells what was asked for.
pub fn keys(ui: &Ui, id: Id, rect: Rect, count: u64, chosen: Option<u64>) -> (Response, Option<Step>) {
    let response = ui.interact(rect, id, Sense::focusable_noninteractive());
    if !response.has_focus() {
        return (response, None);
    }
    let filter = EventFilter { tab: false, horizontal_arrows: false, vertical_arrows: true, escape: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    let pressed = ui.input(|input| {
        input.filtered_events(&filter).iter().rev().find_map(|event| match event {
            Event::Key { key, pressed: true, modifiers, .. } if modifiers.is_none() => Some(*key),
            _ => None,
        })
    });
    let step = pressed.and_then(|key| step(key, count, chosen));
    (response, step)
}

fn step(key: Key, count: u64, chosen: Option<u64>) -> Option<Step> {
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
        Key::Enter => return Some(Step::Leave),
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
            (Key::Delete, 3, Some(1), Some(Step::Remove(1))),
            (Key::Delete, 3, None, None),
            (Key::ArrowDown, 0, None, None),
            (Key::A, 3, Some(1), None),
        ] {
            assert_eq!(step(key, count, chosen), expected, "{key:?} {count} {chosen:?}");
        }
    }
}
