//! The features of the window beside showing bytes: the list of features, and the list of commands.
//!
//! A feature owns its state and its jobs. `apply` handles the actions of the window, `poll` takes the results of its
//! jobs, `activities` lists what the status bar shows of them, and `cancel` ends them. Each gets the tabs and the
//! shared context. A feature asks another one for something by an effect. A feature to which the window sends no
//! actions has no `apply`, and its row has no action.

pub mod all;
pub mod autosave;
mod chosen_rows;
pub mod clipboard;
pub mod compute;
pub mod containers;
pub mod embedded;
pub mod export;
pub mod external_changes;
mod feature_list;
pub mod find;
pub mod hashes;
pub mod inspector;
pub mod kinds;
mod late_reads;
pub mod list_export;
pub mod open;
pub mod other_instances;
mod pause;
mod picture_rows;
pub mod pictures;
pub mod save_flow;
pub mod settings;
pub mod statistics;
pub mod strings;
mod tool_rows;

/// Hands all commands to the macro `$then`, those of pictures and of the menu Tools from files of their own. A row: the command, its menu and group, its title, its keys, what it needs; a
/// sentence of help; what it runs, and for a switch whether that is on. The rows of a menu are in its order.
macro_rules! command_rows {
    ($then:ident) => { picture_rows! { $then
        NewFile: File 0, "New", [ctrl(Key::Letter('N'))], always,
            "Start an empty file",
            Features(|features, tabs, context| features.open.new_file(tabs, context));
        Open: File 0, "Open…", [ctrl(Key::Letter('O'))], always,
            "Choose a file to open",
            Request(|| Request::ChooseFiles);
        OpenPath: File 0, "Open path…", [ctrl(Key::Letter('L'))], always,
            "Open a file by typing its path",
            Ask(|| Dialog::OpenPath);
        OpenSample: File 0, "Open the sample", [], always,
            "Open a small built-in file with bytes, text and numbers",
            Features(|_, tabs, context| open_sample(tabs, context));
        Save: File 1, "Save", [ctrl(Key::Letter('S'))], can_save,
            "Write the changes to the file",
            Front(Session::save_front);
        SaveAs: File 1, "Save as…", [ctrl_shift(Key::Letter('S'))], open,
            "Write the bytes to another file",
            Front(Session::save_front_as);
        ShowSavePlan: File 1, "What saving would do…", [], has_save_plan,
            "Show the plan of a save without saving: how it writes the file, what it needs, what it keeps",
            Front(Session::show_front_plan);
        ToggleBackup: File 1, "Keep a backup when saving", [], always,
            "Keep the previous content as NAME.bak",
            Settings(|settings| settings.backup = !settings.backup),
            switch |s| Some(s.settings().backup);
        Reload: File 1, "Reload from disk", [plain(Key::F(5))], in_file,
            "Read the file from the disk again; asks before it discards edits",
            Front(|session, id| session.reload(id));
        RestoreUnsaved: File 1, "Restore unsaved edits", [], has_offers,
            "Restore the edits that were unsaved when pagelens ended, those of this file first",
            Features(|features, tabs, context| features.autosave.restore_next(tabs, context));
        ShowUnsaved: File 1, "Show unsaved edits of the last run", [], has_offers,
            "Show the messages about the unsaved edits of the last run again",
            Features(|features, _, context| features.autosave.show_offers(context));
        ReadAgain: File 1, "Retry unreadable parts", [], open,
            "Try again to read the bytes that could not be read",
            Features(|features, tabs, context| features.containers.read_again(tabs, context));
        CloseTab: File 2, "Close", [ctrl(Key::Letter('W'))], open,
            "Close this file; asks if there are unsaved changes",
            Features(|_, tabs, context| close_front(tabs, context));
        CloseOtherTabs: File 2, "Close other tabs", [], several,
            "Close every other file that has no unsaved changes",
            Arrange(Arrangement::CloseOthers);
        CloseTabsToRight: File 2, "Close tabs to the right", [], has_tabs_to_right,
            "Close the files to the right of this one that have no unsaved changes",
            Arrange(Arrangement::CloseToRight);
        CopyPath: File 3, "Copy path", [], has_path,
            "Copy the full path of this file",
            Arrange(Arrangement::CopyPath);
        CopyName: File 3, "Copy name", [], open,
            "Copy the name of this file",
            Arrange(Arrangement::CopyName);
        Quit: File 4, "Quit", [ctrl(Key::Letter('Q'))], always,
            "Quit pagelens; asks if there are unsaved changes",
            Features(|features, tabs, context| features.save_flow.quit(tabs, context));
        Undo: Edit 0, "Undo", [ctrl(Key::Letter('Z'))], can_undo,
            "Undo the last change",
            Tab(|tab| tab.go_back_or_forth(true));
        Redo: Edit 0, "Redo", [ctrl(Key::Letter('Y')), ctrl_shift(Key::Letter('Z'))], can_redo,
            "Redo the change that was undone",
            Tab(|tab| tab.go_back_or_forth(false));
        Cut: Edit 1, "Cut", [ctrl(Key::Letter('X'))], can_cut,
            "Remove the selected bytes and put them on the clipboard",
            Session(Session::cut);
        Copy: Edit 1, "Copy", [ctrl(Key::Letter('C'))], can_copy,
            "Copy the selected bytes; other programs get them as text and as bytes",
            Session(Session::copy);
        Paste: Edit 1, "Paste", [ctrl(Key::Letter('V'))], editable,
            "Paste the clipboard; hex, dumps and arrays from other programs are pasted as bytes",
            Request(|| Request::Paste(PasteWay::Usual));
        PasteText: Edit 1, "Paste as text", [ctrl_shift(Key::Letter('V'))], editable,
            "Paste the clipboard as text, in the encoding of the text column",
            Request(|| Request::Paste(PasteWay::Text));
        PasteAs: Edit 1, "Paste as…", [], editable,
            "Choose what the clipboard holds: hex, a dump, numbers, Base64, text; with a preview",
            Request(|| Request::Paste(PasteWay::Choose));
        Delete: Edit 1, "Delete", [], can_cut,
            "Remove the selected bytes",
            Tab(|tab| tab.remove(tab.selected(), "Delete", None));
        SelectionToFile: Edit 1, "Selection to a file…", [], can_copy,
            "Write the selected bytes, of any length, to another file",
            Features(|features, tabs, context| features.clipboard.ask_selection_name(tabs, context));
        InsertBytes: Edit 2, "Insert bytes…", [], editable_bytes,
            "Insert a number of bytes at the caret",
            Ask(|| Dialog::InsertBytes);
        AppendBytes: Edit 2, "Append bytes…", [], editable_bytes,
            "Add a number of bytes at the end of the file",
            Ask(|| Dialog::AppendBytes);
        Fill: Edit 2, "Fill…", [], can_fill,
            "Overwrite the selection with a repeated pattern",
            Session(Session::ask_fill);
        Truncate: Edit 2, "Truncate here", [], can_truncate,
            "Remove everything from the caret to the end of the file",
            Tab(Tab::truncate);
        Revert: Edit 2, "Revert all changes", [], can_revert,
            "Undo every change since the file was opened or saved, as one step",
            Tab(Tab::revert);
        RevertChange: Edit 2, "Revert this change", [], can_revert_here,
            "Undo the change at the caret and keep all others",
            Tab(Tab::revert_here);
        ShowPatch: Edit 2, "Changes as a patch", [], modified,
            "Open the changes as text, with old and new bytes, to read, copy or save",
            Features(|features, tabs, context| features.open.show_patch(tabs, context));
        SelectAll: Edit 3, "Select all", [ctrl(Key::Letter('A'))], open,
            "Select every byte",
            Tab(Tab::select_all);
        SelectRange: Edit 3, "Select range…", [ctrl_shift(Key::Letter('A'))], open,
            "Select by offsets: START:END or START:+LENGTH",
            Ask(|| Dialog::SelectRange);
        EditValue: Edit 4, "Edit value", [plain(Key::F(2))], editable,
            "Type a new value for the cell at the caret",
            Tab(|tab| tab.start_edit(None));
        ToggleInsert: Edit 4, "Insert mode", [plain(Key::Insert)], open,
            "Insert typed bytes instead of overwriting",
            Tab(Tab::toggle_insert),
            switch |s| s.tab().map(Tab::inserts);
        ToggleLock: Edit 4, "Read-only lock", [ctrl_shift(Key::Letter('L'))], open,
            "Refuse every change until the file is unlocked",
            Tab(Tab::toggle_lock),
            switch |s| s.tab().map(|tab| tab.locked);
        Find: Find 0, "Find…", [ctrl(Key::Letter('F'))], open,
            "Search for bytes, text or values",
            Features(|features, tabs, _| features.find.open(false, tabs));
        Replace: Find 0, "Replace…", [ctrl(Key::Letter('H'))], open,
            "Search for bytes, text or values and replace them",
            Features(|features, tabs, _| features.find.open(true, tabs));
        FindHex: Find 1, "Find hex…", [alt(Key::Letter('1'))], open,
            "Search for bytes, typed as hex digits",
            Features(|features, tabs, _| features.find.open_as(QueryKind::Hex, tabs));
        FindText: Find 1, "Find text…", [alt(Key::Letter('2'))], open,
            "Search for text in any encoding",
            Features(|features, tabs, _| features.find.open_as(QueryKind::Text, tabs));
        FindRegex: Find 1, "Find by a regular expression…", [alt(Key::Letter('3'))], open,
            "Search for bytes that match a regular expression",
            Features(|features, tabs, _| features.find.open_as(QueryKind::Regex, tabs));
        FindValue: Find 1, "Find a value…", [alt(Key::Letter('4'))], open,
            "Search for a number or another value of a type",
            Features(|features, tabs, _| features.find.open_as(QueryKind::Value, tabs));
        FindWhere: Find 1, "Find where…", [alt(Key::Letter('5'))], open,
            "Search for elements of arrays by a question about each element x",
            Features(|features, tabs, _| features.find.open_as(QueryKind::Where, tabs));
        FindNext: Find 2, "Find next", [plain(Key::F(3))], open,
            "Go to the next match",
            Session(|session| session.find_from_caret(false));
        FindPrevious: Find 2, "Find previous", [shift(Key::F(3))], open,
            "Go to the previous match",
            Session(|session| session.find_from_caret(true));
        FindAll: Find 2, "Find all", [ctrl_shift(Key::Letter('F'))], open,
            "List, mark and count every match",
            Features(|features, tabs, context| {
                features.find.find_all(Reach::File, false, tabs, context);
                features.find.give_list_keys(context);
            });
        FindAllSelected: Find 2, "Find all in the selection", [alt_shift(Key::Letter('F'))], has_part_selected,
            "List, mark and count every match in the selected bytes or elements",
            Features(|features, tabs, context| {
                let elements = tabs.front().and_then(ElementSubject::selected_elements);
                features.find.find_all_selected(elements, tabs, context);
                features.find.give_list_keys(context);
            });
        NextDifferent: Find 2, "Next different byte", [ctrl(Key::Letter('D'))], open,
            "Go to the next byte that differs from the one at the caret",
            Features(|features, tabs, context| features.find.find_different(tabs, context));
        NextNonZero: Find 2, "Next non-zero byte", [ctrl_shift(Key::Letter('D'))], open,
            "Go to the next byte that is not zero",
            Features(|features, tabs, context| features.find.find_non_zero(tabs, context));
        FindNan: Find 3, "Find NaN", [ctrl_shift(Key::Letter('N'))], open,
            "List every NaN of the array that is shown, or of all arrays of the file",
            Features(|features, tabs, context| {
                features.find.list_where(IS_NAN, tabs, context);
                features.find.give_list_keys(context);
            });
        FindInfinite: Find 3, "Find infinities", [], open,
            "List every infinite value of the array that is shown, or of all arrays of the file",
            Features(|features, tabs, context| {
                features.find.list_where(IS_INFINITE, tabs, context);
                features.find.give_list_keys(context);
            });
        SortMatchesByOffset: Find 4, "Sort the matches by offset", [], lists_matches,
            "Put the list of matches in the order of the file; again turns it round",
            Features(|features, _, context| features.find.sort_matches(OrderKey::Offset, context));
        SortMatchesByValue: Find 4, "Sort the matches by value", [], lists_matches,
            "Put the smallest values of the list of matches first; again turns it round",
            Features(|features, _, context| features.find.sort_matches(OrderKey::Value, context));
        SelectMatches: Find 4, "Select the matches", [], has_matches,
            "Select the chosen rows of the list, or all of them, where they follow each other without a gap",
            Features(|features, tabs, context| features.find.select_matches(tabs, context));
        ReplaceMatches: Find 4, "Replace in the chosen rows", [], can_replace_matches,
            "Replace the matches in the chosen rows of the list; one Undo reverts all",
            Features(|features, tabs, context| features.find.replace_chosen(tabs, context));
        ReplaceAllMatches: Find 4, "Replace in the whole list", [], can_replace_matches,
            "Replace every match in the list; one Undo reverts all",
            Features(|features, tabs, context| features.find.replace_listed(tabs, context));
        CopyMatches: Find 5, "Copy the matches", [], has_matches,
            "Copy offset, element and value of the chosen rows of the list, or of all of them",
            Features(|features, tabs, context| features.find.copy_matches(tabs, context));
        ExportMatchesCsv: Find 5, "Export the matches as CSV…", [], has_matches,
            "Write the chosen rows of the list, or all of them, to a CSV file",
            Features(|features, tabs, context| features.find.export_matches(MatchFormat::Csv, tabs, context));
        ExportMatchesJson: Find 5, "Export the matches as JSON…", [], has_matches,
            "Write the chosen rows of the list, or all of them, to a JSON file",
            Features(|features, tabs, context| features.find.export_matches(MatchFormat::Json, tabs, context));
        CloseMatches: Find 6, "Close the list of matches", [], lists_matches,
            "Close the list that Find all has opened",
            Features(|features, _, context| features.find.close_matches(context));
        ShowBytes: View 0, "Bytes", [ctrl(Key::Letter('1'))], open,
            "Show the bytes alone",
            Tab(|tab| tab.show_panes(true, false)),
            switch |s| s.tab().map(|tab| tab.shows(true, false));
        ShowValues: View 0, "Values", [ctrl(Key::Letter('2'))], open,
            "Show the typed values alone",
            Tab(|tab| tab.show_panes(false, true)),
            switch |s| s.tab().map(|tab| tab.shows(false, true));
        ShowBoth: View 0, "Bytes and values", [ctrl(Key::Letter('3'))], open,
            "Show bytes and typed values side by side",
            Tab(|tab| tab.show_panes(true, true)),
            switch |s| s.tab().map(|tab| tab.shows(true, true));
        PreviousLayout: View 0, "Previous layout", [ctrl(Key::Letter('4'))], has_previous_layout,
            "Show the panes as they were before Bytes, Values or Bytes and values",
            Tab(Tab::show_previous_layout);
        SplitRight: Panes 0, "Split right", [ctrl(Key::Backslash)], open,
            "Show the same content in a new pane on the right",
            Tab(|tab| tab.split_focus(PaneSide::Right));
        SplitDown: Panes 0, "Split down", [ctrl_shift(Key::Backslash)], open,
            "Show the same content in a new pane below",
            Tab(|tab| tab.split_focus(PaneSide::Down));
        NewTablePane: Panes 0, "New table of the selection", [ctrl_shift(Key::Letter('T'))], open,
            "Show the selected bytes as an array in a pane of its own",
            Tab(Tab::put_table_beside);
        MaximisePane: Panes 1, "Maximise pane", [ctrl_shift(Key::Letter('M'))], several_panes,
            "Show this pane alone, or all panes again",
            Tab(Tab::toggle_maximised),
            switch |s| s.tab().map(Tab::is_maximised);
        LinkPane: Panes 1, "Link scrolling", [ctrl_shift(Key::Letter('K'))], several_panes,
            "Scroll this pane together with the other panes, or alone",
            Tab(Tab::toggle_link),
            switch |s| s.tab().map(Tab::is_linked);
        EqualPanes: Panes 1, "Equal sizes", [ctrl_shift(Key::Letter('E'))], several_panes,
            "Give all panes the same size",
            Tabs(Tabs::equalise_panes);
        WiderPane: Panes 2, "Wider pane", [alt(Key::Plus)], has_pane_beside,
            "Make this pane wider",
            Tabs(|tabs| tabs.grow_pane(SplitKind::Row, PANE_STEP));
        NarrowerPane: Panes 2, "Narrower pane", [alt(Key::Minus)], has_pane_beside,
            "Make this pane narrower",
            Tabs(|tabs| tabs.grow_pane(SplitKind::Row, -PANE_STEP));
        TallerPane: Panes 2, "Taller pane", [alt_shift(Key::PageUp)], has_pane_over_or_under,
            "Make this pane taller",
            Tabs(|tabs| tabs.grow_pane(SplitKind::Column, PANE_STEP));
        ShorterPane: Panes 2, "Shorter pane", [alt_shift(Key::PageDown)], has_pane_over_or_under,
            "Make this pane shorter",
            Tabs(|tabs| tabs.grow_pane(SplitKind::Column, -PANE_STEP));
        ClosePane: Panes 3, "Close pane", [ctrl_shift(Key::Letter('W'))], several_panes,
            "Close this pane and leave the file open",
            Tab(Tab::close_focus);
        FitColumns: View 2, "Fit columns to the window", [ctrl(Key::Zero)], open,
            "Show as many cells per row as fit the window",
            Format(Tab::toggle_fit_columns),
            switch |s| s.tab().map(Tab::fits_columns);
        MoreColumns: View 2, "One more column", [ctrl_shift(Key::Right)], open,
            "Show one more cell per row",
            Format(|tab| tab.change_columns(1));
        FewerColumns: View 2, "One fewer column", [ctrl_shift(Key::Left)], open,
            "Show one fewer cell per row",
            Format(|tab| tab.change_columns(-1));
        UpperCase: View 2, "Upper-case hex", [], open,
            "Write hex digits in upper case",
            Format(Tab::toggle_upper_case),
            switch |s| s.tab().map(|tab| tab.hex().format.upper);
        DecimalOffsets: View 2, "Decimal offsets", [], open,
            "Show offsets as decimal numbers",
            Format(Tab::toggle_decimal_offsets),
            switch |s| s.tab().map(Tab::decimal_offsets);
        TextColumn: View 2, "Text column", [], open,
            "Show the bytes as text beside them",
            Format(Tab::toggle_text_column),
            switch |s| s.tab().map(|tab| tab.hex().format.text.is_some());
        BaseAddress: View 2, "Base address…", [], open,
            "Add a number to every offset shown",
            Ask(|| Dialog::BaseAddress);
        Follow: View 2, "Follow growing file", [], can_follow,
            "Show appended bytes at once, like tail -f",
            Features(|features, tabs, context| features.external_changes.toggle_follow(tabs, context)),
            switch |s| s.tab().map(|tab| tab.following);
        ToggleInspector: View 3, "Inspector", [plain(Key::F(9))], always,
            "Show the value at the caret in every type",
            Context(|context| panels::toggle(context, INSPECTOR)),
            switch |s| Some(s.shows_panel(INSPECTOR));
        ToggleChanges: View 3, "Changes", [plain(Key::F(8))], always,
            "List the changes since the last save",
            List(CHANGES);
        ZoomIn: View 4, "Zoom in", [ctrl(Key::Plus)], always,
            "Larger text in the grid",
            Settings(|settings| settings.zoom_by(ZOOM_STEP));
        ZoomOut: View 4, "Zoom out", [ctrl(Key::Minus)], always,
            "Smaller text in the grid",
            Settings(|settings| settings.zoom_by(1.0 / ZOOM_STEP));
        ZoomReset: View 4, "Reset zoom", [], always,
            "Show text at its normal size",
            Settings(|settings| settings.zoom = 1.0);
        ThemeSystem: View 5, "System theme", [], always,
            "Light or dark, like the desktop",
            Settings(|settings| settings.theme = ThemeChoice::System),
            switch |s| Some(s.settings().theme == ThemeChoice::System);
        ThemeLight: View 5, "Light theme", [], always,
            "Dark text on a light background",
            Settings(|settings| settings.theme = ThemeChoice::Light),
            switch |s| Some(s.settings().theme == ThemeChoice::Light);
        ThemeDark: View 5, "Dark theme", [], always,
            "Light text on a dark background",
            Settings(|settings| settings.theme = ThemeChoice::Dark),
            switch |s| Some(s.settings().theme == ThemeChoice::Dark);
        GoTo: Go 0, "Go to…", [ctrl(Key::Letter('G'))], open,
            "Go to an offset: hex, decimal, +relative, -from the end, or a sum",
            Ask(|| Dialog::GoTo);
        GoStart: Go 0, "Start of the file", [ctrl(Key::Home)], open,
            "Go to the first byte",
            Tab(|tab| tab.step_to(Motion::Start));
        GoEnd: Go 0, "End of the file", [ctrl(Key::End)], open,
            "Go to the end, after the last byte",
            Tab(|tab| tab.step_to(Motion::End));
        Back: Go 1, "Back", [alt(Key::Left)], can_go_back,
            "Go back to where the last jump started",
            Tab(|tab| tab.travel(true));
        Forward: Go 1, "Forward", [alt(Key::Right)], can_go_forward,
            "Go forward again after Back",
            Tab(|tab| tab.travel(false));
        NextChange: Go 2, "Next change", [plain(Key::F(7))], modified,
            "Go to the next changed bytes",
            Tab(|tab| tab.next_change(false));
        PreviousChange: Go 2, "Previous change", [shift(Key::F(7))], modified,
            "Go to the previous changed bytes",
            Tab(|tab| tab.next_change(true));
        OtherPane: Go 3, "Next pane", [alt(Key::PageDown)], several_panes,
            "Move the focus to the next pane of this file",
            Tab(|tab| tab.go_to_next_pane(false));
        PreviousPane: Go 3, "Previous pane", [alt(Key::PageUp)], several_panes,
            "Move the focus to the previous pane of this file",
            Tab(|tab| tab.go_to_next_pane(true));
        PaneLeft: Go 3, "Pane to the left", [alt_shift(Key::Left)], has_pane_left,
            "Move the focus to the pane on the left",
            Tab(|tab| tab.go_to_pane_at(PaneSide::Left));
        PaneRight: Go 3, "Pane to the right", [alt_shift(Key::Right)], has_pane_right,
            "Move the focus to the pane on the right",
            Tab(|tab| tab.go_to_pane_at(PaneSide::Right));
        PaneAbove: Go 3, "Pane above", [alt_shift(Key::Up)], has_pane_above,
            "Move the focus to the pane above",
            Tab(|tab| tab.go_to_pane_at(PaneSide::Up));
        PaneBelow: Go 3, "Pane below", [alt_shift(Key::Down)], has_pane_below,
            "Move the focus to the pane below",
            Tab(|tab| tab.go_to_pane_at(PaneSide::Down));
        GoToMessages: Go 4, "Go to the messages", [], has_messages,
            "Move the focus to the buttons of the messages above the file",
            Request(|| Request::FocusMessages);
        CopyMessage: Go 4, "Copy the message", [], has_messages,
            "Copy the text of the newest message",
            Session(|session| session.copy_message(None));
        DismissMessage: Go 4, "Dismiss the message", [], has_messages,
            "Remove the newest message",
            Session(Session::dismiss_last_message);
        Palette: Help 0, "Command palette…", [ctrl_shift(Key::Letter('P')), plain(Key::F(1))], always,
            "Find any command by its name",
            Ask(|| Dialog::Palette);
        Keys: Help 0, "Keyboard", [ctrl(Key::Slash)], always,
            "Show every keyboard shortcut",
            Ask(|| Dialog::Keys);
        About: Help 1, "About pagelens", [], always,
            "Show the version and licence",
            Ask(|| Dialog::About);
        NextArea: Go 4, "Next area", [plain(Key::F(6))], always,
            "Move the focus to the next area: panes, their bars, panels, messages, tabs",
            Request(|| Request::NextArea { backwards: false });
        PreviousArea: Go 4, "Previous area", [shift(Key::F(6))], always,
            "Move the focus to the previous area",
            Request(|| Request::NextArea { backwards: true });
        NextTab: Go 5, "Next file", [ctrl(Key::Tab), alt(Key::Down)], several,
            "Show the next open file",
            Features(|_, tabs, context| tabs.step(true, context));
        PreviousTab: Go 5, "Previous file", [ctrl_shift(Key::Tab), alt(Key::Up)], several,
            "Show the previous open file",
            Features(|_, tabs, context| tabs.step(false, context));
        MoveTabLeft: Go 5, "Move tab to the left", [ctrl_shift(Key::PageUp)], several,
            "Move this file one place to the left in the row of open files",
            Tabs(|tabs| tabs.shift_front(false));
        MoveTabRight: Go 5, "Move tab to the right", [ctrl_shift(Key::PageDown)], several,
            "Move this file one place to the right in the row of open files",
            Tabs(|tabs| tabs.shift_front(true));
        ArrayFromHere: Array 0, "Show as an array", [ctrl(Key::Letter('T'))], open,
            "Show the selection, or everything from the caret on, as an array; type its dtype, shape and slice",
            Tab(Tab::array_from_here);
        OpenLike: Array 0, "Show like another file…", [], open,
            "Read this file's bytes with the dtype and the shape of a .npy, safetensors or GGUF file",
            Ask(|| Dialog::OpenLike);
        CloseArray: Array 0, "Back to plain values", [], shows_array,
            "Close the array and show bytes and plain values",
            Tab(Tab::close_array);
        SetValues: Array 1, "Set values…", [ctrl(Key::Letter('E'))], editable_array,
            "Change the selected elements: a constant, x * 2 + 1, clip, arange, random and more",
            Ask(|| Dialog::SetValues);
        AppendRows: Array 1, "Append rows…", [], editable_array,
            "Add rows of zeros after the last row of the array",
            Ask(|| Dialog::AppendRows);
        ToggleArrays: Array 2, "Arrays of the file", [plain(Key::F(4))], always,
            "Show or hide the list of the arrays in the file",
            List(ARRAYS);
        TypeDtype: Array 3, "Edit the dtype", [], shows_array,
            "Move the focus to the dtype field of the bar",
            Session(|session| session.focus_bar(BarField::Dtype));
        TypeSlice: Array 3, "Edit the slice", [], shows_array,
            "Move the focus to the slice field of the bar",
            Session(|session| session.focus_bar(BarField::Slice));
        FilterArrays: Array 3, "Filter the names", [], has_names,
            "Move the focus to the filter above the array names; Down and Up move through the matches",
            Session(Session::filter_arrays);
        TransposeArray: Array 3, "Swap rows and columns", [], has_two_axes,
            "Transpose: swap the axes that are shown as rows and columns",
            Array(transposed);
        NextIndex: Array 3, "Next index", [ctrl(Key::PageDown)], has_standing_axis,
            "Go to the next index of the first axis that is not on the screen",
            Array(|view| turned(view, true));
        PreviousIndex: Array 3, "Previous index", [ctrl(Key::PageUp)], has_standing_axis,
            "Go to the previous index of the first axis that is not on the screen",
            Array(|view| turned(view, false));
        NextNumberStyle: Array 3, "Next number format", [], shows_array,
            "Switch between shortest, fixed, scientific, engineering and hex",
            Array(next_style);
        SelectRow: Array 4, "Select the row", [], shows_array,
            "Select the whole row at the caret",
            Array(caret_row);
        SelectColumn: Array 4, "Select the column", [], shows_array,
            "Select the whole column at the caret",
            Array(caret_column);
        HideField: Array 4, "Hide the field", [], has_fields,
            "Hide the column of the field at the caret",
            Array(hidden_field);
        ShowAllFields: Array 4, "Show every field", [], hides_fields,
            "Show the hidden fields again",
            Array(|_| Some(TableAction::ShowAllFields.into()));
        FitArrayColumn: Array 4, "Fit column to its values", [], shows_array,
            "Make the column at the caret as wide as its values",
            Array(fitted_column);
        CopyAsPython: Array 5, "Copy as np.array", [], shows_array,
            "Copy the selected elements as a Python expression",
            Array(|_| copied_as("array"));
        CopyAsJson: Array 5, "Copy as JSON", [], shows_array,
            "Copy the selected elements as JSON",
            Array(|_| copied_as("json"));
        ExportNpy: Array 5, "Export as .npy…", [], shows_array,
            "Write the selection, the slice or the whole array to a NumPy file",
            Ask(|| exported_as("npy"));
        ExportCsv: Array 5, "Export as CSV…", [], shows_array,
            "Write the selection, the slice or the whole array to a CSV file",
            Ask(|| exported_as("csv"));
    } };
}

pub(super) use command_rows;
pub(super) use feature_list::feature_rows;
pub(super) use picture_rows::picture_rows;
pub(super) use tool_rows::tool_rows;
