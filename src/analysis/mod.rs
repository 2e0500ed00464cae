//! Questions asked of a snapshot in the background, one file each.
