//! Standard output of the process, which may have been closed before the program began: `pagelens get a.npy >&-`.
//!
//! Rust opens the null device in the place of a closed stream before `main`, so it has to be asked before that.

use std::io::{self, Write};

/// Whether there was no standard output when the program began. Not known on Windows.
pub fn is_closed() -> bool {
    #[cfg(unix)]
    return before_main::IS_CLOSED.load(std::sync::atomic::Ordering::Relaxed);
    #[cfg(not(unix))]
    false
}

/// Standard output; one that fails where it was closed.
pub fn standard() -> Box<dyn Write> {
    if is_closed() { Box::new(Closed) } else { Box::new(io::stdout().lock()) }
}

struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::NotConnected, "standard output is closed"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
#[expect(unsafe_code, reason = "std says nothing of the streams that it has replaced")]
mod before_main {
    use std::sync::atomic::{AtomicBool, Ordering};

    pub static IS_CLOSED: AtomicBool = AtomicBool::new(false);

    /// The system calls this before `main`, and before Rust looks at the streams.
    #[used]
    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
    #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
    static LOOK: extern "C" fn() = look;

    extern "C" fn look() {
        // SAFETY: the call takes numbers alone, and changes nothing.
        let answer = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
        IS_CLOSED.store(answer == -1, Ordering::Relaxed);
    }
}
