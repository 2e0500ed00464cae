//! A file of the simulated disk: what the system sees of it, what is on the platter, and what lies between.
//!
//! The unit is the sector of 512 bytes, which is written wholly or not at all. Between two syncs a sector passes
//! through several versions, each with all the writes so far; after a power cut it has any one of them, whatever its
//! neighbours have. The same goes for the length and for each attribute. A sync leaves one version, the last.

use pagelens::save::disk::Owner;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::{Arc, LazyLock};

pub const SECTOR: usize = 512;

/// The bytes of a sector; `None` for a hole.
pub type Sector = Option<Arc<[u8; SECTOR]>>;

/// What room that was set aside reads as until it is written.
pub static ZEROS: LazyLock<Arc<[u8; SECTOR]>> = LazyLock::new(|| Arc::new([0; SECTOR]));

/// All that a file is at one moment.
#[derive(Clone, Debug)]
pub struct Image {
    pub len: u64,
    pub sectors: Vec<Sector>,
    pub mode: u32,
    pub owner: Owner,
    pub attributes: Arc<BTreeMap<OsString, Vec<u8>>>,
    /// Of the last change of the bytes, and of anything.
    pub times: (i128, i128),
}

/// What a call has changed and no sync has confirmed.
#[derive(Clone, Debug)]
pub enum Change {
    Sector(usize, Sector),
    /// With whether a write beyond the end brought it about.
    Len(u64, bool),
    Mode(u32),
    Owner(Owner),
    Attributes(Arc<BTreeMap<OsString, Vec<u8>>>),
}

impl Image {
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.len as usize];
        self.read(0, &mut bytes);
        bytes
    }

    /// Answers how many bytes there were.
    pub fn read(&self, offset: u64, buf: &mut [u8]) -> usize {
        let wanted = self.len.saturating_sub(offset).min(buf.len() as u64) as usize;
        let mut done = 0;
        while done < wanted {
            let (index, inside) = place(offset + done as u64);
            let here = (SECTOR - inside).min(wanted - done);
            let out = &mut buf[done..done + here];
            match self.sectors.get(index) {
                Some(Some(sector)) => out.copy_from_slice(&sector[inside..inside + here]),
                _ => out.fill(0),
            }
            done += here;
        }
        wanted
    }

    pub fn sector(&self, index: usize) -> Sector {
        self.sectors.get(index).cloned().flatten()
    }

    fn set_sector(&mut self, index: usize, sector: Sector) {
        if self.sectors.len() <= index {
            self.sectors.resize(index + 1, None);
        }
        self.sectors[index] = sector;
    }

    /// How many sectors take up room.
    pub fn allocated(&self) -> usize {
        self.sectors.iter().flatten().count()
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Sector(index, sector) => self.set_sector(index, sector),
            Change::Len(len, _) => self.len = len,
            Change::Mode(mode) => self.mode = mode,
            Change::Owner(owner) => self.owner = owner,
            Change::Attributes(attributes) => self.attributes = attributes,
        }
    }

    /// Nothing lies beyond the end, and what a later growth uncovers is zeros.
    fn trim(&mut self) {
        self.sectors.truncate((self.len as usize).div_ceil(SECTOR));
        let (index, inside) = place(self.len);
        if inside > 0
            && let Some(Some(sector)) = self.sectors.get_mut(index)
            && sector[inside..].iter().any(|byte| *byte != 0)
        {
            Arc::make_mut(sector)[inside..].fill(0);
        }
    }
}

/// The sector of an offset, and the place in it.
pub fn place(offset: u64) -> (usize, usize) {
    (offset as usize / SECTOR, offset as usize % SECTOR)
}

/// How likely each thing that no sync has confirmed is to be kept, of 256.
#[derive(Clone, Copy, Debug)]
pub struct Keep(pub u8);

impl Keep {
    pub fn random(random: &mut fastrand::Rng) -> Self {
        Self([0, 20, 128, 128, 128, 235, 255][random.usize(..7)])
    }

    pub fn keeps(self, random: &mut fastrand::Rng) -> bool {
        self.0 == u8::MAX || random.u8(..) < self.0
    }
}

/// A file on the disk, with or without a name.
#[derive(Clone, Debug)]
pub struct Inode {
    /// As the system sees it.
    pub now: Image,
    pub durable: Image,
    pub pending: Vec<Change>,
}

impl Inode {
    pub fn new(mode: u32, owner: Owner, time: i128) -> Self {
        let empty = Image {
            len: 0,
            sectors: Vec::new(),
            mode,
            owner,
            attributes: Arc::default(),
            times: (time, time),
        };
        Self { now: empty.clone(), durable: empty, pending: Vec::new() }
    }

    pub fn change(&mut self, change: Change) {
        self.now.apply(change.clone());
        self.pending.push(change);
    }

    pub fn write(&mut self, offset: u64, bytes: &[u8]) {
        let mut done = 0;
        while done < bytes.len() {
            let (index, inside) = place(offset + done as u64);
            let here = (SECTOR - inside).min(bytes.len() - done);
            let mut sector = self.now.sector(index).unwrap_or_else(|| ZEROS.clone());
            Arc::make_mut(&mut sector)[inside..inside + here].copy_from_slice(&bytes[done..done + here]);
            self.change(Change::Sector(index, Some(sector)));
            done += here;
        }
        let end = offset + bytes.len() as u64;
        if end > self.durable.len {
            self.change(Change::Len(self.now.len.max(end), true));
        }
    }

    pub fn set_len(&mut self, len: u64) {
        let (cut, inside) = place(len);
        for index in cut..self.now.sectors.len() {
            let Some(mut sector) = self.now.sector(index) else { continue };
            let kept = (index == cut && inside > 0).then(|| {
                Arc::make_mut(&mut sector)[inside..].fill(0);
                sector
            });
            self.change(Change::Sector(index, kept));
        }
        self.change(Change::Len(len, false));
        self.now.trim();
    }

    /// Sets aside the room of one sector, if it has none.
    pub fn reserve(&mut self, index: usize) {
        if self.now.sector(index).is_none() {
            self.change(Change::Sector(index, Some(ZEROS.clone())));
        }
    }

    /// Holds what `from` holds.
    pub fn share(&mut self, from: &Image) {
        for (index, sector) in from.sectors.iter().enumerate().filter(|(_, sector)| sector.is_some()) {
            self.change(Change::Sector(index, sector.clone()));
        }
        self.change(Change::Len(from.len, true));
    }

    /// What a failed sync has dropped stays lost.
    pub fn sync(&mut self) {
        self.pending.drain(..).for_each(|change| self.durable.apply(change));
        self.durable.trim();
        self.durable.times = self.now.times;
    }

    /// Some of the bytes reached the platter, and the others count as clean: no later sync writes them. The system
    /// goes on showing them, or reads what is on the platter back, sector by sector.
    pub fn fail_sync(&mut self, random: &mut fastrand::Rng) {
        let mut still = Vec::new();
        for change in self.pending.drain(..) {
            match change {
                Change::Sector(..) | Change::Len(_, true) if random.bool() => self.durable.apply(change),
                Change::Sector(..) | Change::Len(_, true) => {}
                _ => still.push(change),
            }
        }
        self.pending = still;
        let read_back = [0, 128, u8::MAX][random.usize(..3)];
        for index in 0..self.now.sectors.len() {
            if Keep(read_back).keeps(random) {
                let sector = self.durable.sector(index);
                self.now.set_sector(index, sector);
            }
        }
        self.now.trim();
    }

    pub fn lose_power(&mut self, random: &mut fastrand::Rng, keep: Keep) {
        for change in self.pending.drain(..) {
            if keep.keeps(random) {
                self.durable.apply(change);
            }
        }
        if keep.keeps(random) {
            self.durable.times = self.now.times;
        }
        self.durable.trim();
        self.now = self.durable.clone();
    }
}
