//! The list of features. A macro makes the fields of all features, the actions and the calls of it.

/// Hands all features to the macro `$then`, the most important first: its field, its type, and the action that it answers,
/// if it answers one. In this order they are polled, listed and cancelled.
macro_rules! feature_rows {
    ($then:ident) => {
        $then! {
            /// Saves, and what is left of one that was interrupted.
            pub save_flow: save_flow::SaveFlow, Save(SaveAction);
            /// Find and replace.
            pub find: find::FindState, Find(FindAction);
            /// What other programs do to open files.
            pub external_changes: external_changes::ExternalChanges, External(ExternalAction);
            /// Files on their way to a tab.
            pub open: open::Open, Open(OpenAction);
            /// Copy and paste.
            pub clipboard: clipboard::ClipboardState, Clipboard(ClipboardAction);
            /// Values typed into the inspector, and its rows.
            pub inspector: inspector::Inspector, Inspect(InspectorAction);
            /// Hashes of files and selections.
            pub hashes: hashes::Hashes, Hash(HashAction);
            /// The list of strings.
            pub strings: strings::StringsState, Strings(StringsAction);
            /// The files inside a file.
            pub embedded: embedded::EmbeddedState, Embedded(EmbeddedAction);
            /// Statistics of what is selected.
            pub statistics: statistics::StatisticsState, Statistics(StatisticsAction);
            /// Pictures in panes.
            pub pictures: pictures::PicturesState, Picture(PictureAction);
            /// What kind of file each tab shows.
            pub kinds: kinds::FileKinds;
            /// New values for elements of an array.
            pub(in crate::session) compute: compute::Compute;
            /// The headers of files, and the arrays that they describe.
            pub(in crate::session) containers: containers::Containers;
            /// Elements on their way to the clipboard or to a file.
            pub(in crate::session) export: export::ArrayExport;
            /// Rows of lists on their way to the clipboard or to a file.
            pub(in crate::session) list_export: list_export::ListExport;
            /// The logs of unsaved edits, and those that another run has left.
            pub(in crate::session) autosave: autosave::Autosave;
            /// Other windows of the program.
            pub(in crate::session) other_instances: other_instances::OtherInstances;
            /// What is kept for the next start.
            pub(in crate::session) settings: settings::Keeping;
        }
    };
}

pub(in crate::session) use feature_rows;
