//! What several parts share: files of random bytes, and the time of a program.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Writes a new file of random bytes, always the same, and syncs it. `len` is a number of whole MiB.
pub fn write_random(path: &Path, len: u64) -> io::Result<()> {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut file = BufWriter::new(File::create(path)?);
    let mut block = vec![0; 1 << 20];
    for _ in 0..len >> 20 {
        rng.fill(&mut block);
        file.write_all(&block)?;
    }
    file.into_inner()?.sync_all()
}

/// How many seconds a program takes; an error where it fails.
pub fn seconds_of(command: &mut Command) -> io::Result<f64> {
    let begin = Instant::now();
    let output = command.output()?;
    let seconds = begin.elapsed().as_secs_f64();
    if output.status.success() {
        Ok(seconds)
    } else {
        Err(io::Error::other(format!("{command:?}: {output:?}")))
    }
}
