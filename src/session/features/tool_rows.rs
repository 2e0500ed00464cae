//! The commands of the menu Tools: rows of the list of commands.

/// Hands the rows that it is given and those of the menu Tools to the macro `$then`. A row is as in `command_rows`.
macro_rules! tool_rows {
    ($then:ident $($before:tt)*) => { $then! {
        $($before)*
        ToggleHashes: Tools 0, "Hashes", [ctrl_shift(Key::Letter('H'))], always,
            "Calculate checksums and hashes of the file or the selection, and compare them with a value",
            List(HASHES);
        ToggleStrings: Tools 0, "Strings", [ctrl_shift(Key::Letter('R'))], always,
            "List the texts among the bytes of the file or the selection",
            List(STRINGS);
        ToggleEmbedded: Tools 0, "Embedded files", [ctrl_shift(Key::Letter('B'))], always,
            "List the files inside this file: pictures, archives, programs, file systems",
            List(EMBEDDED);
        ToggleStatistics: Tools 0, "Statistics", [ctrl(Key::Letter('I'))], always,
            "Show minimum, maximum, mean, NaN, histogram and more of what is selected or shown",
            Features(|features, _, context| features.statistics.toggle(StatisticsView::Selection, context)),
            switch |s| Some(shows_statistics(s, StatisticsView::Selection));
        ArraysStatistics: Tools 0, "Statistics of all arrays", [ctrl_shift(Key::Letter('I'))], open,
            "List minimum, maximum, mean, NaN and zeros of every array of the file, those with NaN first",
            Features(|features, _, context| features.statistics.toggle(StatisticsView::Arrays, context)),
            switch |s| Some(shows_statistics(s, StatisticsView::Arrays));
        AxisStatistics: Tools 0, "Statistics along an axis", [], shows_array,
            "List minimum, maximum, mean, NaN and more along an axis, a row for each index of the other axes",
            Features(|features, _, context| features.statistics.toggle(StatisticsView::Axis, context)),
            switch |s| Some(shows_statistics(s, StatisticsView::Axis));
        ComputeHashes: Tools 1, "Calculate the hashes again", [], shows_hashes,
            "Calculate all hashes of the panel now, of files of any size",
            Features(|features, tabs, context| features.hashes.compute_again(tabs, context));
        CopyHash: Tools 1, "Copy the hash", [], shows_hashes,
            "Copy the value of the chosen row of the hashes",
            Features(|features, tabs, context| features.hashes.copy_value(tabs, context));
        CopyHashes: Tools 1, "Copy all hashes", [], shows_hashes,
            "Copy all values of the panel, a line each",
            Features(|features, tabs, context| features.hashes.copy_values(tabs, context));
        WriteHash: Tools 1, "Write the hash at the caret", [], can_write_hash,
            "Write the value of the chosen row into the file as bytes, the most significant first",
            Features(|features, tabs, context| features.hashes.write_value(HashWriting::Bytes, tabs, context));
        WriteHashReversed: Tools 1, "Write the hash in reverse byte order", [], can_write_hash,
            "Write the value of the chosen row into the file as bytes, the least significant first",
            Features(|features, tabs, context| features.hashes.write_value(HashWriting::Reversed, tabs, context));
        WriteHashText: Tools 1, "Write the hash as text", [], can_write_hash,
            "Write the hex digits of the chosen row into the file as text",
            Features(|features, tabs, context| features.hashes.write_value(HashWriting::Text, tabs, context));
        SearchStrings: Tools 2, "Search the strings again", [], shows_strings,
            "List the strings as they are now, in files of any size",
            Features(|features, tabs, context| features.strings.search_again(tabs, context));
        CopyStrings: Tools 2, "Copy the strings", [], has_strings,
            "Copy the texts of the chosen rows of the strings, or of all of them",
            Features(|features, tabs, context| features.strings.copy_strings(tabs, context));
        ExportStringsText: Tools 2, "Export the strings as text…", [], has_strings,
            "Write offset and text of the chosen rows of the strings, or of all of them, to a file",
            Features(|features, tabs, context| features.strings.export_strings(StringFormat::Text, tabs, context));
        ExportStringsCsv: Tools 2, "Export the strings as CSV…", [], has_strings,
            "Write the chosen rows of the strings, or all of them, to a CSV file",
            Features(|features, tabs, context| features.strings.export_strings(StringFormat::Csv, tabs, context));
        ExportStringsJson: Tools 2, "Export the strings as JSON…", [], has_strings,
            "Write the chosen rows of the strings, or all of them, to a JSON file",
            Features(|features, tabs, context| features.strings.export_strings(StringFormat::Json, tabs, context));
        SortStringsByOffset: Tools 2, "Sort the strings by offset", [], has_strings,
            "Put the strings in the order of the file; again turns it round",
            Features(|features, _, context| features.strings.sort(StringKey::Offset, context));
        SortStringsByLength: Tools 2, "Sort the strings by length", [], has_strings,
            "Put the longest strings first; again turns it round",
            Features(|features, _, context| features.strings.sort(StringKey::Length, context));
        SortStringsByText: Tools 2, "Sort the strings by text", [], has_strings,
            "Put the strings in the order of their texts; again turns it round",
            Features(|features, _, context| features.strings.sort(StringKey::Text, context));
        SearchEmbedded: Tools 3, "Search embedded files again", [], shows_embedded,
            "List the files inside this file as it is now, in files of any size",
            Features(|features, tabs, context| features.embedded.search_again(tabs, context));
        SaveEmbedded: Tools 3, "Save the embedded file…", [], has_embedded,
            "Write the bytes of the chosen embedded file to a file of their own",
            Features(|features, tabs, context| features.embedded.ask_file_name(tabs, context));
        CopyEmbedded: Tools 3, "Copy the list of embedded files", [], has_embedded,
            "Copy offset, kind and length of the chosen embedded files, or of all of them",
            Features(|features, tabs, context| features.embedded.copy_list(tabs, context));
        CopyStatistics: Tools 4, "Copy the statistics", [], has_statistics,
            "Copy what the panel of statistics shows as lines of text",
            Features(|features, tabs, context| features.statistics.copy(tabs, context));
        ExportStatisticsCsv: Tools 4, "Export the statistics as CSV…", [], has_statistics,
            "Write what the panel of statistics shows to a CSV file",
            Features(|features, tabs, context| features.statistics.export(StatisticsFormat::Csv, tabs, context));
        ExportStatisticsJson: Tools 4, "Export the statistics as JSON…", [], has_statistics,
            "Write what the panel of statistics shows to a JSON file",
            Features(|features, tabs, context| features.statistics.export(StatisticsFormat::Json, tabs, context));
    } };
}

pub(in crate::session) use tool_rows;
