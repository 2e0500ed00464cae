//! The scripts that people start, run on machines of which the tests decide what is on them.
#![cfg(target_os = "linux")]

mod installed;
mod machine;
mod packages;
