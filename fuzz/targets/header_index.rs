//! The index of a model in several safetensors files.

#![no_main]

#[path = "../../tests/hostile/checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| checks::header("x.safetensors.index.json", data));
