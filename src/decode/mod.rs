//! Bytes to values and back: pure functions that do no I/O and start no thread.
