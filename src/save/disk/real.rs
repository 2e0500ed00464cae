use super::*;
/// The system itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;
impl Disk for RealDisk {
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> { todo!() }
    fn read_link(&self, path: &Path) -> io::Result<PathBuf> { todo!() }
    fn stat(&self, path: &Path) -> io::Result<FileStat> { todo!() }
    fn may_write(&self, path: &Path) -> io::Result<bool> { todo!() }
    fn device_in_use(&self, path: &Path) -> io::Result<bool> { todo!() }
    fn free_room(&self, folder: &Path) -> io::Result<Option<u64>> { todo!() }
    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> { todo!() }
    fn create_new(&self, path: &Path, privacy: Privacy) -> io::Result<Box<dyn DiskFile>> { todo!() }
    fn create_unnamed(&self, folder: &Path) -> io::Result<Box<dyn DiskFile>> { todo!() }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> { todo!() }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> { todo!() }
    fn remove(&self, path: &Path) -> io::Result<()> { todo!() }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> { todo!() }
}
