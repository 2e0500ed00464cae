//! Writing back: every way by which bytes reach a file, and the order of system calls that makes it safe.
