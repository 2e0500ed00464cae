//! The panes of a tab side by side: which are shown, which has the focus, which scroll together.

use super::Tab;
use super::layout::{PaneLayout, PaneSide};
use super::previous::PaneArrangement;
use crate::session::arrays::ArrayView;
use crate::session::done::Done;
use crate::session::panes::{PaneContent, PaneKey, PaneKind, PaneSet, PlainValues, TabPane, TypedPane, View};
use crate::session::view::{ByteRows, Column};

/// The part of the width that the bytes have at first beside values, and beside an array, which has more to show.
const PAIR_SHARES: [f32; 2] = [0.6, 0.45];
/// Before the window has told the room of all panes together, in points.
const FIRST_ROOM: (f32, f32) = (1200.0, 600.0);

/// How the panes share the room in the middle of the window.
#[derive(Clone, Debug)]
pub(super) struct Centre {
    /// What is shown.
    pub(super) layout: PaneLayout,
    /// All panes, while one of them is shown alone.
    pub(super) behind: Option<PaneLayout>,
    /// The panes before the last preset.
    pub(super) previous: Option<Box<PaneArrangement>>,
    /// The bytes' part of the width beside values, and beside an array.
    pub(super) pair_shares: [f32; 2],
    pub(super) room: (f32, f32),
}

impl Default for Centre {
    fn default() -> Self {
        Self {
            layout: PaneLayout::single(PaneKey::BYTES),
            behind: None,
            previous: None,
            pair_shares: PAIR_SHARES,
            room: FIRST_ROOM,
        }
    }
}

impl Tab {
    /// The panes of the tab, shown or not.
    pub fn panes(&self) -> &PaneSet {
        &self.panes
    }

    /// How the panes share the room.
    pub fn layout(&self) -> &PaneLayout {
        &self.centre.layout
    }

    /// The pane that the keys go to.
    pub fn focus(&self) -> PaneKey {
        self.focus
    }

    /// What the pane shows that the keys go to.
    pub fn focus_kind(&self) -> PaneKind {
        self.kind(self.focus)
    }

    /// What a pane shows.
    pub fn kind(&self, pane: PaneKey) -> PaneKind {
        self.panes.get(pane).content.kind()
    }

    /// The pane of bytes that is meant where the keys go to another kind of pane: the one that had them last.
    pub fn hex_key(&self) -> PaneKey {
        self.last.0
    }

    /// The typed pane that is meant where the keys go to another kind of pane: the one that had them last.
    pub fn typed_key(&self) -> PaneKey {
        self.last.1
    }

    /// The rows of the pane of bytes that had the keys last.
    pub fn hex(&self) -> &View {
        self.panes.hex(self.last.0)
    }

    /// The plain values of the typed pane that had the keys last, also while an array is shown in their place.
    pub fn values(&self) -> &PlainValues {
        self.panes.values(self.last.1)
    }

    /// The typed pane that had the keys last.
    pub(in crate::session) fn typed(&self) -> Option<&TypedPane> {
        self.panes.typed(self.last.1)
    }

    pub(in crate::session) fn typed_mut(&mut self) -> Option<&mut TypedPane> {
        self.panes.get_mut(self.last.1).content.typed_mut()
    }

    /// The array of the typed pane that had the keys last.
    pub fn array(&self) -> Option<&ArrayView> {
        self.panes.get(self.last.1).content.array()
    }

    pub(in crate::session) fn array_mut(&mut self) -> Option<&mut ArrayView> {
        self.panes.get_mut(self.last.1).content.array_mut()
    }

    /// The same, if it is shown.
    pub fn shown_array(&self) -> Option<&ArrayView> {
        self.array().filter(|_| self.is_shown(self.last.1))
    }

    /// The plain values of the typed pane that had the keys last, if they are shown.
    pub fn shown_values(&self) -> Option<&PlainValues> {
        self.panes.get(self.last.1).content.values().filter(|_| self.is_shown(self.last.1))
    }

    /// Whether the keys go to an array.
    pub fn is_in_array(&self) -> bool {
        self.focus_kind() == PaneKind::Array
    }

    /// The rows of a pane, to scroll them; for an array those of the bytes.
    pub(in crate::session) fn view_mut(&mut self, pane: PaneKey) -> &mut ByteRows {
        let pane = if self.panes.get(pane).content.rows().is_none() { self.last.0 } else { pane };
        // A key always has its rows then.
        self.panes.rows_mut(pane)
    }

    /// Whether a pane is shown.
    pub fn is_shown(&self, pane: PaneKey) -> bool {
        self.centre.layout.has(pane)
    }

    /// A pane of this kind that is shown, the one that had the keys last before others.
    pub fn shown_of_kind(&self, kind: PaneKind) -> Option<PaneKey> {
        let panes = self.centre.layout.panes();
        let is_fit = |pane: &PaneKey| self.kind(*pane) == kind;
        let last = [self.focus, self.last.0, self.last.1]
            .into_iter()
            .find(|pane| panes.contains(pane) && is_fit(pane));
        last.or_else(|| panes.into_iter().find(is_fit))
    }

    /// Whether just these of the panes that every tab has are shown, the bytes at the left.
    pub fn shows(&self, bytes: bool, values: bool) -> bool {
        let layout = &self.centre.layout;
        match (bytes, values) {
            (true, true) => layout.as_pair(PaneKey::BYTES, PaneKey::TYPED).is_some(),
            (true, false) => *layout == PaneLayout::single(PaneKey::BYTES),
            (false, _) => values && *layout == PaneLayout::single(PaneKey::TYPED),
        }
    }

    /// Whether it is as at first: one pane alone, or both with the line between them where it is at first.
    pub(in crate::session) fn has_usual_layout(&self) -> bool {
        let pair = self.whole_layout().as_pair(PaneKey::BYTES, PaneKey::TYPED);
        let usual = PAIR_SHARES[usize::from(self.array().is_some())];
        let is_alone = self.shows(true, false) || self.shows(false, true);
        !self.is_maximised() && (is_alone || pair.is_some_and(|share| (share - usual).abs() < 1e-3))
    }

    /// The pane that the command Next pane goes to.
    pub fn next_pane(&self, backwards: bool) -> PaneKey {
        self.whole_layout().next(self.focus, backwards)
    }

    /// Shows bytes, values or both, and no other pane; at least one always is. Of several panes of a kind the one stays
    /// that had the keys last.
    pub fn show(&mut self, bytes: bool, values: bool) {
        self.unmaximise();
        let len = self.len();
        let (hex, typed) = self.last;
        self.panes.take_bytes_of(hex);
        self.panes.take_typed_of(typed);
        let in_typed = self.panes.get(self.focus).content.is_typed();
        self.focus = if in_typed { PaneKey::TYPED } else { PaneKey::BYTES };
        self.last = (PaneKey::BYTES, PaneKey::TYPED);
        self.panes.retain(|_| false);
        let shown_before = self.focus;
        let top = self.view(shown_before).top_byte(len);
        self.centre.layout = match (bytes || !values, values) {
            (true, true) => PaneLayout::pair(PaneKey::BYTES, PaneKey::TYPED, self.pair_share()),
            (false, _) => PaneLayout::single(PaneKey::TYPED),
            (true, false) => PaneLayout::single(PaneKey::BYTES),
        };
        if !self.is_shown(self.focus) {
            self.focus = self.centre.layout.panes()[0];
        }
        // A pane that comes into sight shows what the other one shows.
        let is_values = self.kind(shown_before) == PaneKind::Values;
        let other = if is_values { PaneKey::BYTES } else { PaneKey::TYPED };
        if let Some(rows) = self.panes.get_mut(other).content.any_rows_mut() {
            rows.show_at_top(top, len);
        }
        self.set_focus(self.focus);
    }

    /// The bytes' part of the width beside what the typed pane shows.
    fn pair_share(&self) -> f32 {
        self.centre.pair_shares[usize::from(self.array().is_some())]
    }

    /// Shows a pane that is hidden: beside the bytes or values alone as the presets have it, else beside the focus.
    pub(in crate::session) fn bring(&mut self, pane: PaneKey) {
        if self.is_shown(pane) {
            return;
        }
        self.unmaximise();
        if self.is_shown(pane) {
            return;
        }
        if self.shows(true, false) || self.shows(false, true) {
            return self.show(true, true);
        }
        let side = if pane == PaneKey::BYTES { PaneSide::Left } else { PaneSide::Right };
        self.centre.layout.split(self.focus, side, pane);
    }

    /// Shows the typed pane that had the keys last, beside the bytes where they are shown.
    pub(in crate::session) fn bring_typed(&mut self) {
        if self.is_shown(self.last.1) {
            self.fit_pair();
            self.set_focus(self.focus);
        } else {
            self.bring(self.last.1);
        }
    }

    /// Shows a typed pane that has been given an array: in the place of bytes that are shown alone, else beside the
    /// focus.
    pub(in crate::session) fn show_typed(&mut self, pane: PaneKey) {
        if !self.is_shown(pane) {
            self.unmaximise();
        }
        if self.is_shown(pane) {
            self.fit_pair();
        } else if self.shows(true, false) {
            self.show(false, true);
        } else if self.check_room(self.focus, PaneSide::Right).is_ok() {
            self.centre.layout.split(self.focus, PaneSide::Right, pane);
        } else {
            self.centre.layout.replace(self.focus, pane);
            let layout = self.centre.layout.clone();
            self.panes.retain(|pane| layout.has(pane));
            self.aim(pane);
            self.last = self.last_shown();
        }
    }

    /// Gives the lines between bytes and what is beside them the usual places of what is there now.
    pub(in crate::session) fn fit_pair(&mut self) {
        if self.shows(true, true) {
            self.centre.layout = PaneLayout::pair(PaneKey::BYTES, PaneKey::TYPED, self.pair_share());
        }
    }

    /// Sends the keys to `pane` and leaves the selection as it is.
    pub(in crate::session) fn aim(&mut self, pane: PaneKey) {
        self.focus = pane;
        self.make_last(pane);
    }

    /// `pane` is meant where panes of its kind are, from now on.
    pub(in crate::session) fn make_last(&mut self, pane: PaneKey) {
        let content = &self.panes.get(pane).content;
        if content.is_hex() {
            self.last.0 = pane;
        } else if content.is_typed() {
            self.last.1 = pane;
        }
    }

    /// Sends the keys to `pane`; the selection is widened to its whole cells.
    pub fn set_focus(&mut self, pane: PaneKey) {
        if self.focus != pane {
            // A digit that was typed is one of the other pane's radix.
            self.selection.digit = 0;
        }
        self.aim(pane);
        self.leave_missing_text();
        if self.is_in_array() {
            return;
        }
        self.selection = self.selection.snapped(&self.map());
    }

    /// A caret in the text goes to the cells of a pane that shows no text.
    pub(in crate::session) fn leave_missing_text(&mut self) {
        if self.focus_kind() != PaneKind::Bytes || self.panes.hex(self.focus).format.text.is_none() {
            self.selection.column = Column::Cells;
        }
    }

    /// What is done to an array is done to that of `pane`. A value that is being typed in another one is taken first;
    /// `false` when it is none.
    pub(in crate::session) fn work_on(&mut self, pane: PaneKey) -> Result<bool, String> {
        let leaves = self.focus != pane && self.focus_kind() != PaneKind::Bytes;
        if leaves && self.is_shown(pane) {
            if !self.settle_edit()? {
                return Ok(false);
            }
            self.focus = pane;
        }
        self.make_last(pane);
        Ok(true)
    }

    /// Scrolls the pane with the keys, and the linked ones with it. An array's place among the bytes is theirs.
    pub(in crate::session) fn scroll_focused(&mut self, scroll: impl FnOnce(&mut ByteRows)) {
        let pane = if self.panes.get(self.focus).content.rows().is_none() { self.last.0 } else { self.focus };
        if pane == self.focus || self.panes.get(pane).linked {
            scroll(self.view_mut(pane));
        }
        self.follow(self.focus);
    }

    /// Scrolls the panes that are linked with `moved` to the same bytes.
    pub(in crate::session) fn follow(&mut self, moved: PaneKey) {
        let len = self.len();
        let own = self.panes.get(moved);
        let Some(top) = own.content.rows().filter(|_| own.linked).map(|view| view.top_byte(len)) else {
            return;
        };
        let shown = self.centre.layout.panes();
        for pane in self.panes.iter_mut().filter(|pane| is_follower(pane, moved, &shown)) {
            if let Some(view) = pane.content.rows_mut() {
                view.show_at_top(top, len);
            }
        }
    }

    /// Scrolls the panes of bytes and values that are shown and linked to a byte, except the one with the keys.
    pub(in crate::session) fn show_in_rows(&mut self, at: u64) {
        let (len, focus) = (self.len(), self.focus);
        if !self.panes.get(focus).linked {
            return;
        }
        let shown = self.centre.layout.panes();
        for pane in self.panes.iter_mut().filter(|pane| is_follower(pane, focus, &shown)) {
            if let Some(view) = pane.content.rows_mut() {
                view.jump_to(at, len);
            }
        }
    }

    /// The window has so much room for all panes together, in points.
    pub(in crate::session) fn set_room(&mut self, width: f32, height: f32) {
        self.centre.room = (width, height);
    }

    /// The room that the window has told.
    pub fn centre_room(&self) -> (f32, f32) {
        self.centre.room
    }

    /// Panes of both kinds that had the keys last, of those that are still shown where there are any.
    pub(super) fn last_shown(&self) -> (PaneKey, PaneKey) {
        let panes = self.centre.layout.panes();
        let pick = |last: PaneKey, usual: PaneKey, is_fit: fn(&PaneContent) -> bool| {
            let of_kind = |pane: &PaneKey| is_fit(&self.panes.get(*pane).content);
            let shown = panes.iter().copied().find(of_kind);
            if panes.contains(&last) && of_kind(&last) { last } else { shown.unwrap_or(usual) }
        };
        let hex = pick(self.last.0, PaneKey::BYTES, PaneContent::is_hex);
        let typed = pick(self.last.1, PaneKey::TYPED, PaneContent::is_typed);
        (hex, typed)
    }

    /// After the keys came to another pane: an array's selection is what is selected among the bytes.
    pub(in crate::session) fn enter_pane(&mut self) -> Done {
        if self.is_in_array() { self.enter_array() } else { Ok(()) }
    }

    /// Another arrangement, as it was left; panes that it does not have are dropped, except those that every tab has.
    pub(in crate::session) fn put_layout(&mut self, layout: PaneLayout) {
        self.panes.retain(|pane| layout.has(pane));
        self.centre.layout = layout;
        self.centre.behind = None;
        self.keep_pair_share();
        self.last = self.last_shown();
        if !self.is_shown(self.focus) {
            self.aim(self.centre.layout.panes()[0]);
        }
    }
}

/// Whether a pane goes where the linked pane `moved` goes.
fn is_follower(pane: &TabPane, moved: PaneKey, shown: &[PaneKey]) -> bool {
    pane.key != moved && pane.linked && shown.contains(&pane.key)
}
