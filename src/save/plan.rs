//! What a save is going to do, as it is shown before anything is touched.

/// How the bytes reach the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveWay {
    /// Overwritten where they lie.
    InPlace,
    /// A temporary file is written beside it and takes its place.
    Rewrite,
    /// A new file: nothing has this name yet.
    Fresh,
}

/// What a save is going to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavePlan {
    pub way: SaveWay,
    /// A sentence for the user.
    pub why: String,
    pub bytes_to_write: u64,
    /// Bytes of the disk that the save takes up while it runs.
    pub room_needed: u64,
    /// Bytes of the disk that go on holding what the file held before, for as long as somebody reads it.
    pub holds: u64,
    /// What stays as it is, in a few words each.
    pub keeps: Vec<String>,
    /// What the user should know before agreeing, in sentences.
    pub warns: Vec<String>,
}
