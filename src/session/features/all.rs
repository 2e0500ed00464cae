//! All features as one value. It is made from the list of features, and calls them in the order of the list.

use super::{
    autosave, clipboard, compute, containers, embedded, export, external_changes, feature_rows, find, hashes,
    inspector, kinds, list_export, open, other_instances, pictures, save_flow, settings, statistics, strings,
};
use crate::session::context::Context;
use crate::session::jobs::Activity;

/// Makes the features of the list one value.
macro_rules! own_features {
    ($($(#[$doc:meta])* $vis:vis $field:ident: $type:path $(, $variant:ident($action:ty))?;)*) => {
        /// All features.
        #[derive(Debug, Default)]
        pub struct Features {
            $($(#[$doc])* $vis $field: $type,)*
        }

        impl Features {
            /// What is running, the most important first.
            pub(in crate::session) fn activities(&self) -> Vec<Activity> {
                let mut list = Vec::new();
                $(list.extend(self.$field.activities());)*
                list
            }

            /// Ends what the status bar shows first; `false` when nothing can be ended.
            pub(in crate::session) fn cancel(&mut self, context: &mut Context) -> bool {
                $(self.$field.cancel(context))||*
            }
        }
    };
}

feature_rows!(own_features);

impl Features {
    /// What keeps the state of the program, and the tabs of the last session that are still on their way.
    pub(in crate::session) fn settings_and_unfinished(
        &mut self,
    ) -> (&mut settings::Keeping, settings::Unfinished<'_>) {
        let unfinished = settings::Unfinished {
            opening: self.open.left().collect(),
            arrays: self.containers.left().collect(),
        };
        (&mut self.settings, unfinished)
    }

    /// Whether tabs, settings and recent files are in the state folder as they were at the last tick.
    pub(in crate::session) fn has_kept_state(&self) -> bool {
        self.settings.has_kept()
    }
}
