//! The console that Windows opens for a program that is started by a double-click.

#![cfg_attr(windows, expect(unsafe_code, reason = "std knows no consoles"))]

/// Closes the console if nobody but this program uses it. One in which the program was typed stays.
#[cfg(windows)]
pub(super) fn close_own() {
    use windows_sys::Win32::System::Console::{FreeConsole, GetConsoleProcessList};
    let mut processes = [0; 2];
    // SAFETY: the list is as long as the call is told and lives until it returns.
    let count = unsafe { GetConsoleProcessList(processes.as_mut_ptr(), 2) };
    if count == 1 {
        // SAFETY: the call takes nothing; without a console nothing happens.
        unsafe { FreeConsole() };
    }
}

/// Elsewhere no console is opened.
#[cfg(not(windows))]
pub(super) fn close_own() {}
