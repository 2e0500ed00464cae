//! Whether another program writes to a file, and whether one could. Linux alone.
//!
//! The kernel tells of every write and of who made it (fanotify(7); since Linux 5.13 whoever owns the file may ask, and
//! is told at least whether it was this program). A lease (fcntl(2)) is granted only on a file that nobody has open for
//! writing, so asking for one tells whether somebody has. Stores through a map cause no event. Whoever makes them has the
//! file open for writing, though: until the map ends, which causes an event as a close does.

use super::super::WriteWatch;
use super::sharing::is_of_this_machine;
use super::unix::checked;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, FromRawFd, RawFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Sets which signal tells that a lease ends (linux/fcntl.h, the same number on all common machines).
const F_SETSIG: libc::c_int = 10;

/// The fixed part of an event (linux/fanotify.h): length in 4 bytes, mask at 8, process at 20.
const EVENT: usize = 24;

/// Events of a file.
#[derive(Debug)]
struct Events {
    group: Mutex<File>,
    /// The file; `None` where a lease does not tell who has it open.
    file: Option<File>,
    /// Another program wrote.
    wrote: AtomicBool,
    /// Somebody closed it who could have written.
    let_go: AtomicBool,
}

/// Notes from now on what happens to `file`. `Unsupported` where the system or the file system does not tell.
///
/// # Errors
/// As of the system.
pub fn watch_writes(file: &File) -> io::Result<Box<dyn WriteWatch>> {
    let unsupported = |_| io::Error::from(io::ErrorKind::Unsupported);
    let group = new_group().map_err(unsupported)?;
    add_mark(&group, file.as_raw_fd()).map_err(unsupported)?;
    let file = if is_of_this_machine(file) { file.try_clone().ok() } else { None };
    let (wrote, let_go) = (AtomicBool::default(), AtomicBool::default());
    Ok(Box::new(Events { group: Mutex::new(group), file, wrote, let_go }))
}

#[expect(unsafe_code, reason = "std has no fanotify")]
fn new_group() -> io::Result<File> {
    let flags = libc::FAN_CLASS_NOTIF | libc::FAN_CLOEXEC | libc::FAN_NONBLOCK | libc::FAN_REPORT_FID;
    // SAFETY: the call takes plain numbers.
    let answer = unsafe { libc::fanotify_init(flags, libc::O_RDONLY as libc::c_uint) };
    checked(answer.into())?;
    // SAFETY: the call succeeded, so this is a new descriptor that nobody else has.
    Ok(unsafe { File::from_raw_fd(answer) })
}

#[expect(unsafe_code, reason = "std has no fanotify")]
fn add_mark(group: &File, file: RawFd) -> io::Result<()> {
    let (add, events) = (libc::FAN_MARK_ADD, libc::FAN_MODIFY | libc::FAN_CLOSE_WRITE);
    // SAFETY: both descriptors are open; without a path the call is about the second one itself.
    let answer = unsafe { libc::fanotify_mark(group.as_raw_fd(), add, events, file, std::ptr::null()) };
    checked(answer.into()).map(|_| ())
}

impl Events {
    /// Takes what there is.
    fn take(&self) -> io::Result<()> {
        let own = i64::from(std::process::id());
        let mut buf = [0; 4096];
        let mut group = self.group.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let read = match group.read(&mut buf) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let mut rest = &buf[..read];
            while let Some((event, _)) = rest.split_at_checked(EVENT) {
                let number =
                    |at: usize| event[at..at + 4].iter().rev().fold(0, |n, byte| n << 8 | i64::from(*byte));
                let has = |what: u64| number(8) & what as i64 != 0;
                let has_lost_some = has(libc::FAN_Q_OVERFLOW);
                if has_lost_some || has(libc::FAN_MODIFY) && number(20) != own {
                    self.wrote.store(true, Ordering::Relaxed);
                }
                if has_lost_some || has(libc::FAN_CLOSE_WRITE) {
                    self.let_go.store(true, Ordering::Relaxed);
                }
                rest = rest.get((number(0) as usize).max(EVENT)..).unwrap_or_default();
            }
        }
        Ok(())
    }
}

impl WriteWatch for Events {
    fn others_wrote(&self) -> io::Result<bool> {
        self.take()?;
        Ok(self.wrote.load(Ordering::Relaxed))
    }

    fn others_could_store(&self) -> io::Result<bool> {
        // Who closes it between the two questions has caused the event by then.
        let Some(file) = &self.file else { return Ok(true) };
        if has_writers(file)? {
            return Ok(true);
        }
        self.take()?;
        Ok(self.let_go.load(Ordering::Relaxed))
    }
}

/// Whether anybody has `file`, which is open for reading alone, open for writing. `Unsupported` where the system does not
/// tell, as of another user's file.
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std has no leases")]
#[allow(clippy::unnecessary_cast, reason = "the types of these numbers differ between systems")]
pub fn has_writers(file: &File) -> io::Result<bool> {
    let set = |command: libc::c_int, value: libc::c_int| {
        // SAFETY: the descriptor is open; the other arguments are plain numbers.
        let answer = unsafe { libc::fcntl(file.as_raw_fd(), command, value) };
        checked(answer.into())
    };
    let unsupported = |_| io::Error::from(io::ErrorKind::Unsupported);
    // The signal of a lease that ends would end this program; that one is ignored unless somebody waits for it.
    set(F_SETSIG, libc::SIGURG).map_err(unsupported)?;
    match set(libc::F_SETLEASE, libc::F_RDLCK as libc::c_int) {
        Ok(_) => set(libc::F_SETLEASE, libc::F_UNLCK as libc::c_int).map(|_| false),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
        Err(_) => Err(io::ErrorKind::Unsupported.into()),
    }
}
