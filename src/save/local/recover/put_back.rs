//! The old bytes of an interrupted save, put back over the new ones and over nothing else; and its end, cut off.
//!
//! The file was judged, and then the journal synced, which takes long. So its length, and the bytes that a cut takes,
//! are checked once more right before.

use super::super::disk::{DiskFile, FileKind, FileStat, read_exact_at, retry, write_all_at};
use super::super::journal::OldJournal;
use super::judge;
use std::io;

/// Puts the old bytes and the old length back, and syncs. Returns how many bytes were written. `len_now` is the length
/// in bytes with which the file was judged. Each part is checked once more right before it is written, because another
/// program may have written since. If `chosen`, the user wants the old bytes whatever is there now.
pub(super) fn put_back(
    file: &dyn DiskFile,
    content: &OldJournal,
    len_now: u64,
    chosen: bool,
) -> io::Result<u64> {
    let old_len = content.extents.old_len;
    let mut expected = len_now;
    let mut now = Vec::new();
    let mut write = || -> io::Result<u64> {
        let mut written = 0;
        let stat = retry(|| file.stat())?;
        if !chosen {
            check_end(file, content, &stat, &[expected], old_len)?;
        }
        if stat.identity.len != old_len && stat.kind == FileKind::Regular {
            retry(|| file.set_len(old_len))?;
            expected = old_len;
        }
        content.walk::<io::Error>(|part| {
            let there = content.extents.old_part(part.span);
            now.resize(there.len() as usize, 0);
            read_exact_at(file, there.start(), &mut now)?;
            if let Some(at) = judge::foreign(content, &part, there, &now).filter(|_| !chosen) {
                return Err(written_by_another(at));
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

/// Cuts a file that was judged with `len_now` bytes to its new length, and syncs.
pub(super) fn cut_off(file: &dyn DiskFile, content: &OldJournal, len_now: u64) -> io::Result<()> {
    let new_len = content.extents.new_len;
    let cut = || {
        let stat = retry(|| file.stat())?;
        // A first try may have cut it.
        check_end(file, content, &stat, &[len_now, new_len], new_len)?;
        retry(|| file.set_len(new_len))?;
        retry(|| file.sync())
    };
    cut().or_else(|_| cut())
}

/// Fails if the file has none of the lengths `expected`, or if what is behind `end` is not all of the save.
fn check_end(
    file: &dyn DiskFile,
    content: &OldJournal,
    stat: &FileStat,
    expected: &[u64],
    end: u64,
) -> io::Result<()> {
    let len = stat.identity.len;
    let moved = || io::Error::other("another program has changed its length");
    if !expected.contains(&len) {
        return Err(moved());
    }
    if len <= end {
        return Ok(());
    }
    let mut now = Vec::new();
    content.walk::<io::Error>(|part| {
        let there = part.span.clamp_to(len);
        if there.end() <= end {
            return Ok(());
        }
        now.resize(there.len() as usize, 0);
        read_exact_at(file, there.start(), &mut now)?;
        judge::foreign(content, &part, there, &now).map_or(Ok(()), |at| Err(written_by_another(at)))
    })?;
    // Another program may have appended in the meantime.
    if retry(|| file.stat())?.identity.len == len { Ok(()) } else { Err(moved()) }
}

fn written_by_another(at: u64) -> io::Error {
    io::Error::other(format!("another program has written to it at {at:#x}"))
}
