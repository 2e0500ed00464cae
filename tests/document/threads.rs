//! Snapshots read by other threads while the owner edits.
