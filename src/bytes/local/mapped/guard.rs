//! The handler of SIGBUS, which a thread gets that reads a map where its file ends by now or can't be read.
//!
//! It puts zeros in place of what is gone and notes that it did; the reader asks afterwards. It runs inside a
//! signal: no lock, no allocation, nothing but atomics and three system calls. All dead pages behind the end are
//! replaced at once, since page by page would end at the system's limit of maps. A signal that is not about a
//! registered range goes to whoever handled it before.

use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Ranges that can be under guard at a time; who finds none free reads by position.
const SLOTS: usize = 256;

static TABLE: [Slot; SLOTS] = [const { Slot::new() }; SLOTS];

/// In bytes; 0 until the guard is installed.
static PAGE: AtomicUsize = AtomicUsize::new(0);

/// Who handled the signal before us.
static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

/// One range of memory and the part of a file that it maps.
struct Slot {
    is_taken: AtomicBool,
    /// Odd while the other fields are being changed, so that the handler does not take half of two ranges for one.
    version: AtomicUsize,
    start: AtomicUsize,
    /// 0 for no range.
    end: AtomicUsize,
    descriptor: AtomicI32,
    file_offset: AtomicU64,
    was_hit: AtomicBool,
}

/// A slot as the handler reads it.
#[derive(Clone, Copy)]
struct Range {
    start: usize,
    end: usize,
    descriptor: i32,
    file_offset: u64,
}

impl Slot {
    const fn new() -> Self {
        Self {
            is_taken: AtomicBool::new(false),
            version: AtomicUsize::new(0),
            start: AtomicUsize::new(0),
            end: AtomicUsize::new(0),
            descriptor: AtomicI32::new(-1),
            file_offset: AtomicU64::new(0),
            was_hit: AtomicBool::new(false),
        }
    }

    /// Only by who took the slot.
    fn set(&self, range: Range) {
        self.version.fetch_add(1, Ordering::SeqCst);
        self.start.store(range.start, Ordering::SeqCst);
        self.end.store(range.end, Ordering::SeqCst);
        self.descriptor.store(range.descriptor, Ordering::SeqCst);
        self.file_offset.store(range.file_offset, Ordering::SeqCst);
        self.version.fetch_add(1, Ordering::SeqCst);
    }

    /// `None` while it is being changed: then it is not the range of a thread that reads now.
    fn get(&self) -> Option<Range> {
        let version = self.version.load(Ordering::SeqCst);
        let range = Range {
            start: self.start.load(Ordering::SeqCst),
            end: self.end.load(Ordering::SeqCst),
            descriptor: self.descriptor.load(Ordering::SeqCst),
            file_offset: self.file_offset.load(Ordering::SeqCst),
        };
        (version.is_multiple_of(2) && version == self.version.load(Ordering::SeqCst)).then_some(range)
    }
}

/// A range under guard, until this is dropped.
#[derive(Debug)]
pub(super) struct Guarded {
    slot: usize,
    /// Keeps the descriptor open that the handler asks.
    _file: Arc<File>,
}

impl Guarded {
    /// Puts `len` bytes of memory from `start` on, which map `file` from `file_offset` on, under guard. `None` when
    /// the table is full.
    ///
    /// # Safety
    /// [`install`] has succeeded. The range begins on a page border, is a map of `file` and nothing else, up to the
    /// end of its last page, and stays one until the answer is dropped: the handler replaces parts of it.
    pub(super) unsafe fn new(start: usize, len: usize, file_offset: u64, file: Arc<File>) -> Option<Self> {
        let page = PAGE.load(Ordering::SeqCst);
        let slot = TABLE.iter().position(|slot| !slot.is_taken.swap(true, Ordering::SeqCst))?;
        TABLE[slot].was_hit.store(false, Ordering::SeqCst);
        let end = start + len.next_multiple_of(page);
        TABLE[slot].set(Range { start, end, descriptor: file.as_raw_fd(), file_offset });
        Some(Self { slot, _file: file })
    }

    /// Whether any of the range was replaced by zeros.
    pub(super) fn was_hit(&self) -> bool {
        TABLE[self.slot].was_hit.load(Ordering::SeqCst)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let slot = &TABLE[self.slot];
        slot.set(Range { start: 0, end: 0, descriptor: -1, file_offset: 0 });
        slot.is_taken.store(false, Ordering::SeqCst);
    }
}

/// Lets the handler in, once for the process.
///
/// # Errors
/// As of `sysconf` and `sigaction`.
pub(super) fn install() -> io::Result<()> {
    static INSTALLING: Mutex<bool> = Mutex::new(false);
    let mut is_installed = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    if *is_installed {
        return Ok(());
    }
    // SAFETY: asks for a number.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    let page = usize::try_from(page).map_err(|_| io::Error::last_os_error())?;
    PAGE.store(page, Ordering::SeqCst);
    // First the question, then the change: the handler must know its predecessor when it first runs.
    let previous = exchange_action(None)?;
    PREVIOUS.get_or_init(|| previous);
    // SAFETY: all zeros is a sigaction: no handler, no flags, an empty mask.
    let mut action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
    action.sa_sigaction = on_sigbus as *const () as usize;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
    exchange_action(Some(&action))?;
    *is_installed = true;
    Ok(())
}

/// The action of SIGBUS, which becomes `new` if there is one.
fn exchange_action(new: Option<&libc::sigaction>) -> io::Result<libc::sigaction> {
    let mut old = MaybeUninit::<libc::sigaction>::zeroed();
    let new = new.map_or(ptr::null(), ptr::from_ref);
    // SAFETY: `new` is null or refers to an action that outlives the call; `old` has room for one.
    if unsafe { libc::sigaction(libc::SIGBUS, new, old.as_mut_ptr()) } == 0 {
        // SAFETY: it was all zeros, which is a sigaction, and the call filled it.
        Ok(unsafe { old.assume_init() })
    } else {
        Err(io::Error::last_os_error())
    }
}

/// If the signal is about an address in a guarded range, replaces what is dead there and returns: the reader goes
/// on. Else passes it on. `errno` is kept, which the interrupted code may be about to read.
extern "C" fn on_sigbus(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: gives the address of this thread's own `errno`, valid as long as the thread is.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above.
    let kept = unsafe { *errno };
    // SAFETY: the system passes a valid `info` to a handler installed with SA_SIGINFO, and si_code tells that its
    // address field is the one that is set.
    let (code, address) = unsafe { ((*info).si_code, (*info).si_addr() as usize) };
    let is_mended = code == libc::BUS_ADRERR && mend(address);
    // SAFETY: as above.
    unsafe { *errno = kept };
    if !is_mended {
        pass_on(signal, info, context, code);
    }
}

/// Replaces what is dead around `address` by zeros: whether that was ours to do and succeeded.
fn mend(address: usize) -> bool {
    let found = TABLE.iter().find_map(|slot| {
        let range = slot.get()?;
        (range.start <= address && address < range.end).then_some((slot, range))
    });
    let Some((slot, range)) = found else {
        return false;
    };
    let page = PAGE.load(Ordering::SeqCst);
    let faulted = address - address % page;
    let dead = match file_end(&range, page) {
        // The file ends before the place: all behind its end is dead.
        Some(end) if end <= faulted => (end, range.end),
        // Its length is as it was, so the disk can't read this page; what follows may still be good.
        _ => (faulted, faulted + page),
    };
    slot.was_hit.store(true, Ordering::SeqCst);
    let flags = libc::MAP_FIXED | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: `dead` lies in a registered range, which is a map that nobody refers into and that only readers by
    // raw pointer use, so replacing its pages breaks no reference.
    let zeros =
        unsafe { libc::mmap(dead.0 as *mut libc::c_void, dead.1 - dead.0, libc::PROT_READ, flags, -1, 0) };
    zeros != libc::MAP_FAILED
}

/// Where in memory the file ends now, at the next page border; `None` when the system does not say.
fn file_end(range: &Range, page: usize) -> Option<usize> {
    let mut stat = MaybeUninit::<libc::stat>::zeroed();
    // SAFETY: the descriptor is open as long as the range is registered; `stat` has room for the answer.
    if unsafe { libc::fstat(range.descriptor, stat.as_mut_ptr()) } != 0 {
        return None;
    }
    // SAFETY: it was all zeros, which is a stat, and the call filled it.
    let len_now = u64::try_from(unsafe { stat.assume_init() }.st_size).ok()?;
    let mapped = (range.end - range.start) as u64;
    let valid = len_now.saturating_sub(range.file_offset).min(mapped) as usize;
    Some(range.start + valid.next_multiple_of(page))
}

/// Does what would have been done without us.
fn pass_on(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void, code: libc::c_int) {
    let handler = PREVIOUS.get().map_or(libc::SIG_DFL, |previous| previous.sa_sigaction);
    let flags = PREVIOUS.get().map_or(0, |previous| previous.sa_flags);
    let was_sent = code <= 0;
    if handler == libc::SIG_IGN && was_sent {
        return;
    }
    if handler == libc::SIG_DFL || handler == libc::SIG_IGN {
        // The default is to die, as the system also has it for a fault that is ignored.
        // SAFETY: both calls are allowed in a handler. The signal is held back until this handler returns.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
    } else if flags & libc::SA_SIGINFO != 0 {
        type WithInfo = extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void);
        // SAFETY: the flag says that the address is that of a function with three arguments.
        let handler = unsafe { std::mem::transmute::<usize, WithInfo>(handler) };
        handler(signal, info, context);
    } else {
        // SAFETY: without the flag it is a function with one argument.
        let handler = unsafe { std::mem::transmute::<usize, extern "C" fn(libc::c_int)>(handler) };
        handler(signal);
    }
}
