//! A patch of any format, applied to a few bytes and taken back.

#![no_main]

use pagelens::bytes::MemorySource;
use pagelens::job::Progress;
use pagelens::patch::{PatchWay, apply};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let file = MemorySource::new((0..=255).collect::<Vec<u8>>());
    for way in [PatchWay::Apply, PatchWay::TakeBack] {
        let _ = apply(data, &file, way, &Progress::default());
    }
});
