//! Whether the header that was read still tells where the arrays are, and the array on the screen as it tells it now.
//!
//! What is typed into an array that a header names is taken only while the header is known to fit the bytes: no byte
//! that it was read from is another, and none was put in or taken out before the array's end. Nothing is read here.

use super::FoundContainer;
use super::bar::BarField;
use super::header_basis::HeaderBasis;
use super::view::ArrayView;
use crate::bytes::{Source, Span};
use crate::formats::Home;
use crate::session::panes::{PaneKey, PaneKind};
use crate::session::tab::Tab;

/// What is to be done about the array on the screen after its header was read again.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::session) enum Followed {
    Done,
    /// It was closed, for this reason.
    Closed(String),
    /// Its bytes are to be unpacked anew.
    Unpack(u32),
}

impl Tab {
    /// Whether the bytes of the header are not those that were read.
    pub(in crate::session) fn header_changed(&mut self) -> bool {
        let Some(mark) = &mut self.arrays.mark else { return false };
        let is_stale = mark.is_stale(&self.document);
        if !is_stale {
            mark.revision = self.document.revision();
        }
        is_stale
    }

    /// The file under the document is another: nothing that was read of it is known to hold.
    pub(in crate::session) fn distrust_header(&mut self) {
        if let Some(mark) = &mut self.arrays.mark {
            mark.is_void = true;
        }
    }

    /// The array on the screen, if what is typed into it is sure to go where it belongs.
    pub(in crate::session) fn check_array(&self) -> Result<&ArrayView, String> {
        let view = self.array().ok_or("Show the bytes as an array first (Array menu).")?;
        if let Some(unpacked) = &view.unpacked {
            return Err(unpacked.why_fixed.clone());
        }
        let Some(name) = &view.name else { return Ok(view) };
        if self.arrays.mark.as_ref().is_none_or(|mark| mark.is_stale(&self.document)) {
            return Err(String::from("The file's header is being read again. Try again in a moment."));
        }
        if let Some(error) = &self.arrays.error {
            return Err(format!(
                "The header can no longer be read ({error}), so the offset of {name} is unknown. Undo (Ctrl+Z) restores the header."
            ));
        }
        if view.base.extent().is_some_and(|extent| self.is_moved(extent)) {
            return Err(format!(
                "Bytes were inserted or deleted in this file, so the offset of {name} in the header is wrong. Undo (Ctrl+Z), or save the file and open the array again."
            ));
        }
        if self.arrays.found.is_none() || self.shown_entry().is_none() {
            return Err(format!(
                "The header no longer describes {name}. Undo (Ctrl+Z), open another array, or close this one."
            ));
        }
        Ok(view)
    }

    /// Whether the bytes of `array` are not where the file has them.
    fn is_moved(&self, array: Span) -> bool {
        let shown = self.shown();
        // Where none of the file's own bytes follow, only the end tells.
        let beside_end = array.end() != shown.len() && shown.len() != shown.base_len();
        let moved = |at: u64| shown.is_moved(at).unwrap_or(beside_end);
        !array.is_empty() && (moved(array.start()) || moved(array.end() - 1))
    }

    /// The panes that have an array.
    pub(super) fn array_keys(&self) -> Vec<PaneKey> {
        let with_array = self.panes.iter().filter(|pane| pane.content.array().is_some());
        with_array.map(|pane| pane.key).collect()
    }

    /// The array of a pane as the header describes it now. What was typed into the bar stays. `before` is what the
    /// header was last read of.
    pub(super) fn follow_header(&mut self, pane: PaneKey, before: Option<&HeaderBasis>) -> Followed {
        let array = self.panes.get(pane).content.array();
        let Some((name, is_unpacked)) =
            array.and_then(|view| Some((view.name.clone()?, view.unpacked.is_some())))
        else {
            return Followed::Done;
        };
        let found = self.arrays.found.as_ref();
        let at = found.and_then(|_| self.panes.typed(pane)?.entry);
        let entry = at.and_then(|at| found?.container.entries.get(at as usize)).cloned();
        match (at, entry.as_ref().map(|entry| (&entry.home, entry))) {
            (Some(_), Some((Home::Here(offset), entry))) if !is_unpacked => {
                let described = ArrayView::bar_of(entry, *offset);
                self.with_array(pane, |view, len, read| {
                    view.name = Some(entry.name.clone());
                    let Some(old) = view.described.replace(described.clone()) else { return };
                    for field in BarField::ALL.into_iter().filter(|field| *field != BarField::Slice) {
                        if view.bar.text(field) == old.text(field) {
                            view.bar.set(field, described.text(field).to_owned());
                        }
                    }
                    view.read_again(len, read);
                });
                Followed::Done
            }
            (Some(at), Some((Home::Deflated { span, .. }, _))) if is_unpacked => {
                let holds = before.is_some_and(|mark| mark.holds(*span, &self.document));
                if holds { Followed::Done } else { Followed::Unpack(at) }
            }
            _ => {
                if let Some(typed) = self.panes.get_mut(pane).content.typed_mut() {
                    typed.entry = None;
                }
                // What the user did to the header, undo brings back.
                if self.is_modified() {
                    return Followed::Done;
                }
                self.drop_array(pane);
                Followed::Closed(format!("{name} is no longer in the file, so the array was closed."))
            }
        }
    }

    /// Changes how the array of a pane is laid out. Among its cells the bytes of the block are selected then; a value
    /// that is being typed is given up where its cell is another one.
    pub(super) fn with_array(
        &mut self,
        pane: PaneKey,
        change: impl FnOnce(&mut ArrayView, u64, &dyn Fn(&str) -> Result<u64, String>),
    ) {
        let (len, read) = (self.array_len(pane), self.offset_reader(pane));
        let Some(view) = self.panes.get_mut(pane).content.array_mut() else { return };
        let before = view.selected_bytes();
        change(view, len, &read);
        let after = view.selected_bytes();
        if before != after && self.focus() == pane {
            let is_same_cell = before.1.is_some() && before.1 == after.1;
            let edit = self.edit.take().filter(|_| is_same_cell);
            self.select_block();
            self.edit = edit;
        }
    }

    /// A pane shows its plain values again. An array that was shown alone leaves the bytes.
    pub(in crate::session) fn drop_array(&mut self, pane: PaneKey) {
        // The panes behind one that is shown alone are not dropped with it.
        self.unmaximise();
        let was_alone = self.shows(false, true);
        let is_usual =
            pane == PaneKey::TYPED && (was_alone || self.shows(true, false) || self.shows(true, true));
        if self.focus() == pane {
            self.edit = None;
        }
        if let Some(typed) = self.panes.get_mut(pane).content.typed_mut() {
            typed.put(None, None);
        }
        if is_usual {
            self.aim(PaneKey::BYTES);
            self.show(true, !was_alone);
        } else if self.focus() == pane {
            let bytes = self.shown_of_kind(PaneKind::Bytes);
            self.set_focus(bytes.unwrap_or(pane));
        }
    }
}

impl FoundContainer {
    /// The number of the array of this name; of a file with one array, whose name is the file's, that one.
    pub(in crate::session) fn number_of(&self, name: &str, was_single: bool) -> Option<u32> {
        let single = was_single && self.container.entries.len() == 1;
        self.container.find(name).or(single.then_some(0)).and_then(|at| u32::try_from(at).ok())
    }
}
