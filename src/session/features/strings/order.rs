//! In which order the list of strings is shown: by offset, by length, or by text.

use std::sync::Arc;

/// What the rows are in the order of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StringKey {
    #[default]
    Offset,
    Length,
    Text,
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StringOrder {
    pub by: StringKey,
    pub descending: bool,
}

impl StringOrder {
    /// The order after a click on the head of a column: the other way round where it was in this order already. The
    /// longest strings come first.
    pub(super) fn toggled(self, by: StringKey) -> Self {
        let descending = if self.by == by { !self.descending } else { by == StringKey::Length };
        Self { by, descending }
    }
}

/// The numbers of the strings in an ascending order.
pub(super) type SortedStrings = Arc<[u32]>;

/// The string in a row of a list of `count`.
pub(super) fn number_of_row(
    row: u64,
    count: u64,
    order: StringOrder,
    sorted: Option<&SortedStrings>,
) -> Option<u64> {
    let turned =
        |count: u64| if order.descending { count.checked_sub(1)?.checked_sub(row) } else { Some(row) };
    match (order.by, sorted) {
        (StringKey::Offset, _) => turned(count).filter(|number| *number < count),
        (StringKey::Length | StringKey::Text, Some(sorted)) => {
            let at = usize::try_from(turned(sorted.len() as u64)?).ok()?;
            sorted.get(at).map(|number| u64::from(*number))
        }
        (StringKey::Length | StringKey::Text, None) => (row < count).then_some(row),
    }
}
