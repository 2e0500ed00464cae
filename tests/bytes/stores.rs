//! Stores into a file through a map that is shared with it, as another program's: no call to the system tells of them.

use std::fs::File;
use std::path::Path;

/// A map of a whole file whose pages are dirty already, so that a further store changes no time of the file.
pub struct DirtyMap(memmap2::MmapMut);

impl DirtyMap {
    pub fn of(path: &Path) -> Self {
        let file = File::options().read(true).write(true).open(path).expect("open to write");
        // SAFETY: nobody refers into the map but this value, and the file is not cut short as long as it lives.
        let mut map = unsafe { memmap2::MmapMut::map_mut(&file) }.expect("a map");
        for at in (0..map.len()).step_by(4096) {
            let byte = map[at];
            map[at] = !byte;
            map[at] = byte;
        }
        Self(map)
    }

    pub fn store(&mut self, at: usize, byte: u8) {
        self.0[at] = byte;
    }
}
