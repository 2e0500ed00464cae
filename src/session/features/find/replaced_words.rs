//! What a replacement has done, in words.

use crate::session::describe;

/// What replacing `count` matches did to a file that had `before` bytes and now has `after`.
pub(super) fn replaced_words(count: u64, deletes: bool, before: u64, after: u64) -> String {
    let did = if deletes { "Deleted" } else { "Replaced" };
    let matches = describe::counted(count, "match", "matches");
    let length = match after.abs_diff(before) {
        0 => String::new(),
        by => format!(
            "; the file is {} {}",
            describe::bytes(by),
            if after > before { "longer" } else { "shorter" }
        ),
    };
    format!("{did} {matches}{length}. One Undo reverts all.")
}
