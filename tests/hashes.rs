//! Hashes against published values, Python's modules and the libraries' own one-call functions, over data that is cut
//! into chunks of every size, edited, full of holes, or can't be read.

use crate::oracle::rig::ask;
use crate::search::sources::{Gate, Patchy, Sparse};
use pagelens::analysis::Tuning;
use pagelens::analysis::hashes::{ALGORITHMS, HashAlgorithm, HashError, HashValue, algorithm, hash};
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::decode::hex;
use pagelens::document::{Content, Document, Edit, Splice};
use pagelens::job::Progress;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn named(names: &[&str]) -> Vec<&'static HashAlgorithm> {
    names.iter().map(|name| algorithm(name).expect("a name of the table")).collect()
}

fn all() -> Vec<&'static HashAlgorithm> {
    ALGORITHMS.iter().collect()
}

fn tiny(rng: &mut fastrand::Rng) -> Tuning {
    Tuning { chunk: 1 << rng.u32(0..14), threads: rng.usize(1..5), grain: rng.usize(1..5000) }
}

fn values(
    source: &dyn Source,
    span: Span,
    algorithms: &[&'static HashAlgorithm],
    tuning: Tuning,
) -> Vec<HashValue> {
    let progress = Progress::default();
    let values = hash(source, span, algorithms, tuning, &progress).expect("readable");
    assert_eq!(
        (progress.done(), progress.total()),
        (span.len(), span.len()),
        "the progress ends at its total"
    );
    values
}

/// The value of one algorithm in hex digits.
pub fn value_of(name: &str, bytes: &[u8]) -> String {
    let source = MemorySource::new(bytes.to_vec());
    values(&source, Span::first(source.len()), &named(&[name]), Tuning::default())[0].hex()
}

#[test]
fn published_values() {
    for (name, bytes, expected) in [
        ("MD5", "", "d41d8cd98f00b204e9800998ecf8427e"),
        ("MD5", "abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("SHA-1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("SHA-224", "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
        ("SHA-256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("SHA-256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("SHA-512/256", "abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
        ("SHA3-256", "", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"),
        ("BLAKE3", "", "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"),
        ("XXH32", "", "02cc5d05"),
        ("XXH64", "", "ef46db3751d8e999"),
        ("XXH3-64", "", "2d06800538d394c2"),
        ("XXH3-128", "", "99aa06d3014798d86001c324468d497f"),
        ("Adler-32", "", "00000001"),
        ("Adler-32", "Wikipedia", "11e60398"),
        ("CRC-32", "", "00000000"),
        ("CRC-32", "123456789", "cbf43926"),
        ("CRC-32C", "123456789", "e3069283"),
    ] {
        assert_eq!(value_of(name, bytes.as_bytes()), expected, "{name} of {bytes:?}");
    }
}

/// Calls the macro for each algorithm of the catalogue that the table has, by its name there.
macro_rules! catalogue {
    ($each:ident) => {
        $each! {
            u8: CRC_8_AUTOSAR, CRC_8_MAXIM_DOW, CRC_8_SAE_J1850, CRC_8_SMBUS;
            u16: CRC_16_ARC, CRC_16_CDMA2000, CRC_16_CMS, CRC_16_DDS_110, CRC_16_DECT_R, CRC_16_DECT_X, CRC_16_DNP,
                CRC_16_EN_13757, CRC_16_GENIBUS, CRC_16_GSM, CRC_16_IBM_3740, CRC_16_IBM_SDLC,
                CRC_16_ISO_IEC_14443_3_A, CRC_16_KERMIT, CRC_16_LJ1200, CRC_16_M17, CRC_16_MAXIM_DOW,
                CRC_16_MCRF4XX, CRC_16_MODBUS, CRC_16_NRSC_5, CRC_16_OPENSAFETY_A, CRC_16_OPENSAFETY_B,
                CRC_16_PROFIBUS, CRC_16_RIELLO, CRC_16_SPI_FUJITSU, CRC_16_T10_DIF, CRC_16_TELEDISK,
                CRC_16_TMS37157, CRC_16_UMTS, CRC_16_USB, CRC_16_XMODEM;
            u32: CRC_32_AUTOSAR, CRC_32_BZIP2, CRC_32_CKSUM, CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_32_JAMCRC,
                CRC_32_MPEG_2;
            u64: CRC_64_ECMA_182, CRC_64_GO_ISO, CRC_64_NVME, CRC_64_REDIS, CRC_64_XZ;
        }
    };
}

#[test]
fn each_crc_has_the_check_value_of_the_catalogue_and_is_the_same_in_parts() {
    let mut seen = 0;
    let mut rng = fastrand::Rng::with_seed(5);
    macro_rules! check {
        ($($number:ty: $($name:ident),*;)*) => {$($({
            let name = stringify!($name);
            // The widths are those of all integers that Rust has.
            let (check, bytes) = (crc::$name.check.to_be_bytes(), usize::from(crc::$name.width) / 8);
            let digits = hex::format(&check[check.len() - bytes..], false, "");
            assert_eq!(value_of(name, b"123456789"), digits, "{name}");
            for _ in 0..20 {
                let data: Vec<u8> = (0..rng.usize(0..9000)).map(|_| rng.u8(..)).collect();
                let whole = crc::Crc::<$number, crc::NoTable>::new(&crc::$name).checksum(&data).to_be_bytes();
                let source = MemorySource::new(data);
                let found = values(&source, Span::first(source.len()), &named(&[name]), tiny(&mut rng));
                assert_eq!(found[0].bytes, whole[whole.len() - bytes..], "{name}");
            }
            seen += 1;
        })*)*};
    }
    catalogue!(check);
    assert_eq!(seen, ALGORITHMS.iter().filter(|algorithm| algorithm.name.starts_with("CRC-")).count());
}

#[test]
fn random_bytes_have_the_values_that_python_computes() {
    let algorithms: Vec<&HashAlgorithm> = ALGORITHMS
        .iter()
        .filter(|algorithm| {
            let own = ["CRC-32", "CRC-16/XMODEM", "CRC-16/IBM-3740", "Adler-32", "MD5"];
            own.contains(&algorithm.name) || algorithm.name.starts_with("SHA")
        })
        .collect();
    assert_eq!(algorithms.len(), 16);
    let mut rng = fastrand::Rng::with_seed(1);
    let (mut questions, mut ours) = (String::new(), String::new());
    for _ in 0..60 {
        let most = [70, 5000, 60_000][rng.usize(..3)];
        let byte = rng.u8(..);
        let constant = rng.u8(..) < 50;
        let data: Vec<u8> =
            (0..rng.usize(0..most)).map(|_| if constant { byte } else { rng.u8(..) }).collect();
        let source = MemorySource::new(data);
        let span = Span::between(rng.u64(0..=source.len()), rng.u64(0..=source.len()));
        let mut bytes = vec![0; span.len() as usize];
        source.read_at(span.start(), &mut bytes).expect("in memory");
        let digits = hex::format(&bytes, false, "");
        for value in values(&source, span, &algorithms, tiny(&mut rng)) {
            let _ = writeln!(questions, "{}\t{digits}", value.algorithm.name);
            ours += &(value.hex() + "\n");
        }
    }
    let Some(answers) = ask("hashes.py", &[], questions.as_bytes()) else { return };
    assert_eq!(String::from_utf8_lossy(&answers).replace('\r', ""), ours);
}

#[test]
fn blake3_and_xxhash_are_those_of_one_call() {
    let mut rng = fastrand::Rng::with_seed(2);
    let algorithms = named(&["BLAKE3", "XXH32", "XXH64", "XXH3-64", "XXH3-128"]);
    let mut data = vec![0; 90_000];
    rng.fill(&mut data);
    // Around each border of a leaf and of a power of two, and anywhere.
    let mut lens: Vec<usize> =
        (0..70).flat_map(|n| [1024 * n, 1024 * n + 1, (1024_usize * n).saturating_sub(1)]).collect();
    lens.extend((0..100).map(|_| rng.usize(0..data.len())));
    for len in lens {
        let from = rng.usize(0..=data.len() - len);
        let bytes = &data[from..from + len];
        let source = MemorySource::new(&data[..]);
        let span = Span::between(from as u64, (from + len) as u64);
        let found: Vec<String> =
            values(&source, span, &algorithms, tiny(&mut rng)).iter().map(HashValue::hex).collect();
        let expected = [
            blake3::hash(bytes).to_hex().to_string(),
            format!("{:08x}", xxhash_rust::xxh32::xxh32(bytes, 0)),
            format!("{:016x}", xxhash_rust::xxh64::xxh64(bytes, 0)),
            format!("{:016x}", xxhash_rust::xxh3::xxh3_64(bytes)),
            format!("{:032x}", xxhash_rust::xxh3::xxh3_128(bytes)),
        ];
        assert_eq!(found, expected, "{len} bytes");
    }
}

#[test]
fn all_in_one_pass_are_what_each_is_alone() {
    for seed in 0..30 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let data: Vec<u8> = (0..rng.usize(0..40_000)).map(|_| rng.u8(..)).collect();
        let source = MemorySource::new(data);
        let span = Span::first(source.len());
        let together = values(&source, span, &all(), tiny(&mut rng));
        let alone = ALGORITHMS.iter().map(|one| values(&source, span, &[one], tiny(&mut rng)).remove(0));
        for (together, alone) in together.into_iter().zip(alone) {
            assert_eq!((together.algorithm.len, &together), (together.bytes.len(), &alone), "seed {seed}");
        }
    }
}

#[test]
fn edited_documents_are_hashed_as_they_are_shown() {
    for seed in 0..60 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut bytes: Vec<u8> = (0..rng.usize(1..30_000)).map(|_| rng.u8(..)).collect();
        let mut document = Document::new(Arc::new(MemorySource::new(bytes.clone())));
        for _ in 0..rng.usize(1..20) {
            let (a, b) = (rng.usize(0..=bytes.len()), rng.usize(0..=bytes.len()));
            let (start, end) = (a.min(b), a.max(b).min(a.min(b) + 300));
            let new: Vec<u8> = (0..rng.usize(0..300)).map(|_| rng.u8(..)).collect();
            let span = Span::between(start as u64, end as u64);
            bytes.splice(start..end, new.iter().copied());
            let splice = Splice { span, content: Content::Bytes(new) };
            document.apply(Edit::each("Edit", vec![splice])).expect("applied");
        }
        let snapshot = document.snapshot();
        let found =
            values(&snapshot, Span::first(snapshot.len()), &named(&["BLAKE3", "CRC-32"]), tiny(&mut rng));
        assert_eq!(found[0].bytes, blake3::hash(&bytes).as_bytes(), "seed {seed}");
        assert_eq!(found[1].bytes, crc32fast::hash(&bytes).to_be_bytes(), "seed {seed}");
    }
}

#[test]
fn holes_count_as_zeros_and_are_not_read() {
    for seed in 0..200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut bytes: Vec<u8> = (0..rng.usize(0..20_000)).map(|_| rng.u8(..)).collect();
        for _ in 0..4 {
            let start = rng.usize(0..=bytes.len());
            let end = bytes.len().min(start + rng.usize(0..6000));
            bytes[start..end].fill(0);
        }
        let (len, plain) = (bytes.len() as u64, MemorySource::new(bytes.clone()));
        let holes = Patchy::new(bytes).with_holes(&mut rng);
        let algorithms = if rng.bool() { all() } else { named(&["CRC-32", "Adler-32", "CRC-16/X-25"]) };
        let span = Span::between(rng.u64(0..=len), rng.u64(0..=len));
        let tuning = tiny(&mut rng);
        assert_eq!(
            values(&holes, span, &algorithms, tuning),
            values(&plain, span, &algorithms, tuning),
            "seed {seed}"
        );
    }
    // Of half a tebibyte of zeros a CRC needs none.
    let sparse = Sparse { len: 1 << 39, islands: vec![(1 << 38, b"x".to_vec())], read: AtomicU64::new(0) };
    let large = Tuning { chunk: 1 << 30, ..Tuning::default() };
    let found = values(&sparse, Span::between(0, 1 << 38), &named(&["CRC-32", "Adler-32"]), large);
    assert_eq!(found[1].hex(), format!("{:04x}0001", (1_u64 << 38) % 65_521));
    assert_eq!(sparse.read.load(Ordering::Relaxed), 0);
}

#[test]
fn the_first_byte_that_cannot_be_read_is_named() {
    for seed in 0..200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut source = Patchy::new((0..rng.usize(1..20_000)).map(|_| rng.u8(..)).collect());
        let len = source.len();
        let bad = rng.u64(0..len);
        source.bad = vec![Span::between(bad, (bad + rng.u64(1..3000)).min(len))];
        let algorithms = [all(), named(&["BLAKE3"]), named(&["SHA-256"])][rng.usize(..3)].clone();
        let tuning = tiny(&mut rng);
        let failed = hash(&source, Span::first(len), &algorithms, tuning, &Progress::default());
        let Err(HashError::Read(error)) = &failed else { panic!("seed {seed}: {failed:?}") };
        assert!(error.span().contains(bad), "seed {seed}: {bad:#x} is not in {error}");
        assert!(error.span().len() <= tuning.grain as u64, "seed {seed}: {error}");
        // What lies before it can be hashed.
        let before = Span::first(bad);
        assert_eq!(values(&source, before, &algorithms, tuning).len(), algorithms.len());
    }
}

#[test]
fn a_cancel_ends_it_without_a_value() {
    let reads = AtomicU64::new(0);
    for algorithms in [named(&["SHA-256", "MD5"]), named(&["BLAKE3"])] {
        let progress = Progress::default();
        let source = Gate { wanted: 1, reads: &reads, then: &|| progress.cancel() };
        let tuning = Tuning { threads: 3, ..Tuning::default() };
        let ended = hash(&source, Span::first(source.len()), &algorithms, tuning, &progress);
        assert_eq!(ended, Err(HashError::Cancelled));
        assert!(progress.done() < source.len());
    }
}

#[test]
fn nothing_has_a_value_and_no_algorithm_reads_nothing() {
    let empty = MemorySource::new(Vec::new());
    let found = values(&empty, Span::first(0), &all(), Tuning::default());
    assert_eq!(found.len(), ALGORITHMS.len());
    assert_eq!(values(&MemorySource::new(*b"abc"), Span::first(3), &[], Tuning::default()), []);
}
