//! The header of a tab's file, as a worker has read it, and what it changes in the tab.
//!
//! If a header can't be read, the file stays open as bytes, with the reason in the panel.

use super::FoundContainer;
use super::header::Followed;
use super::header_basis::HeaderBasis;
use super::tree::Tree;
use crate::document::{Revision, Snapshot};
use crate::formats::{self, Container, Format, FormatError};
use crate::job::Progress;
use crate::session::panes::PaneKey;
use crate::session::tab::Tab;
use std::path::Path;
use std::sync::Arc;

/// What a header reports: nothing for a file that is no container.
pub(in crate::session) type HeaderAnswer =
    Option<Result<(&'static dyn Format, Container, Tree), FormatError>>;

impl Tab {
    /// What an answer was made of.
    pub(in crate::session) fn mark_of(
        &self,
        (revision, len): (Revision, u64),
        answer: &HeaderAnswer,
    ) -> HeaderBasis {
        match answer {
            None => HeaderBasis::of_nothing(revision, len),
            Some(Err(error)) => {
                let old = self.arrays.found.as_ref().map(|found| found.container.header);
                HeaderBasis::of_error(revision, len, error, old)
            }
            Some(Ok((_, container, _))) => HeaderBasis::of(revision, len, container),
        }
    }

    /// Takes what was read; answers what is to be done about the array of each pane.
    pub(in crate::session) fn take_header(
        &mut self,
        mark: HeaderBasis,
        answer: HeaderAnswer,
    ) -> Vec<(PaneKey, Followed)> {
        let arrays = &mut self.arrays;
        let before = arrays.mark.take();
        // What never looked like a container is looked at no more.
        arrays.mark = (answer.is_some() || before.is_some()).then_some(mark);
        arrays.error = None;
        match answer {
            None => arrays.found = None,
            Some(Err(error)) => {
                arrays.error = Some(error);
                return Vec::new();
            }
            Some(Ok((format, container, mut tree))) => {
                let old = arrays.found.take();
                if let Some(old) = &old {
                    tree.set_filter(old.tree.filter(), &container);
                }
                let single = old.is_some_and(|old| old.container.entries.len() == 1);
                let found = FoundContainer { format, container: Arc::new(container), tree };
                for pane in self.panes.iter_mut() {
                    let Some(typed) = pane.content.typed_mut() else { continue };
                    let name = typed.array.as_deref().and_then(|view| view.name.as_deref());
                    typed.entry = name.and_then(|name| found.number_of(name, single));
                }
                arrays.found = Some(found);
            }
        }
        self.array_keys().into_iter().map(|pane| (pane, self.follow_header(pane, before.as_ref()))).collect()
    }
}

/// Reads the header of a file, if it has one; blocks.
pub(in crate::session) fn read_header(snapshot: &Snapshot, path: &Path, progress: &Progress) -> HeaderAnswer {
    let format = formats::recognise_source(snapshot, path)?;
    Some(format.read(snapshot, path, progress).map(|mut container| {
        format.complete(&mut container, path, progress);
        let tree = Tree::of(&container, progress);
        (format, container, tree)
    }))
}
