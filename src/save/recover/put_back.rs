//! The old bytes of an interrupted save, put back over the new ones and over nothing else.

use super::super::disk::{DiskFile, FileKind, read_exact_at, retry, write_all_at};
use super::super::journal::OldJournal;
use super::judge;
use std::io;

/// Puts the old bytes and the old length back, and syncs. Returns how many bytes were written. Each part is checked
/// once more right before it is written, because another program may have written since the file was judged. If
/// `chosen`, the user wants the old bytes whatever is there now.
pub(super) fn put_back(file: &dyn DiskFile, content: &OldJournal, chosen: bool) -> io::Result<u64> {
    let stat = retry(|| file.stat())?;
    let old_len = content.extents.old_len;
    let mut now = Vec::new();
    let mut write = || -> io::Result<u64> {
        let mut written = 0;
        if stat.identity.len != old_len && stat.kind == FileKind::Regular {
            retry(|| file.set_len(old_len))?;
        }
        content.walk::<io::Error>(|part| {
            let there = content.extents.old_part(part.span);
            now.resize(there.len() as usize, 0);
            read_exact_at(file, there.start(), &mut now)?;
            if let Some(at) = judge::foreign(content, &part, &now).filter(|_| !chosen) {
                return Err(io::Error::other(format!("another program has written to it at {at:#x}")));
            }
            written += part.old.len() as u64;
            write_all_at(file, part.span.start(), part.old, || {})
        })?;
        Ok(written)
    };
    let mut written = write()?;
    if retry(|| file.sync()).is_err() {
        // A failed sync has dropped the writes.
        written = write()?;
        retry(|| file.sync())?;
    }
    Ok(written)
}
