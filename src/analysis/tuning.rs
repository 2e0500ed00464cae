//! How large the pieces of a pass are, and on how many threads they are worked on.

/// How a pass is cut up. Tests make everything small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Bytes of a chunk, at least 1.
    pub chunk: usize,
    pub threads: usize,
    /// Bytes that are given up at once where reading fails, at least 1.
    pub grain: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { chunk: 512 << 10, threads: cores.min(8), grain: 4096 }
    }
}
