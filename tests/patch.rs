//! Patches: round trips, other programs' patches, wrong files, hostile patches, and the command.

use crate::cli::headers::run;
use crate::oracle::rig::{ask, python};
use pagelens::bytes::{MemorySource, SharedSource, Span};
use pagelens::decode::hex;
use pagelens::document::{Document, Edit};
use pagelens::job::Progress;
use pagelens::patch::{PatchError, PatchFormat, PatchPlace, PatchSides, PatchWay, Patched, apply, write};
use std::path::Path;
use std::sync::Arc;

/// What a patch makes of a file.
fn patched(patch: &[u8], file: &[u8], way: PatchWay) -> Result<Vec<u8>, PatchError> {
    let source: SharedSource = Arc::new(MemorySource::new(file.to_vec()));
    let made: SharedSource = match apply(patch, &*source, way, &Progress::default())? {
        Patched::Whole(made) => made,
        Patched::Edits(splices) => {
            let mut document = Document::new(source);
            if !splices.is_empty() {
                document.apply(Edit::each("Patch", splices)).expect("edits in order");
            }
            Arc::new(document.snapshot())
        }
    };
    let mut bytes = vec![0; made.len() as usize];
    made.read_at(0, &mut bytes).expect("readable");
    Ok(bytes)
}

fn place(old: (u64, u64), new: (u64, u64)) -> PatchPlace {
    PatchPlace { old: Span::between(old.0, old.1), new: Span::between(new.0, new.1) }
}

fn written(format: PatchFormat, old: &[u8], new: &[u8], places: &[PatchPlace]) -> Vec<u8> {
    let (old, new) = (MemorySource::new(old.to_vec()), MemorySource::new(new.to_vec()));
    let progress = Progress::default();
    let sides = PatchSides { old: &old, new: &new, name: "a 'file'\n", progress: &progress };
    let mut patch = Vec::new();
    write(format, &sides, places, &mut patch).expect("written");
    assert_eq!(PatchFormat::of(&patch), Some(format));
    patch
}

/// Random edits: the new file, and the places.
fn edited(old: &[u8], rng: &mut fastrand::Rng, has_insertions: bool) -> (Vec<u8>, Vec<PatchPlace>) {
    let (mut new, mut places, mut at) = (Vec::new(), Vec::new(), 0);
    while at < old.len() && places.len() < 20 {
        let from = (at + rng.usize(1..400)).min(old.len());
        new.extend(&old[at..from]);
        let taken = rng.usize(0..60).min(old.len() - from);
        let put = if has_insertions { rng.usize(0..60) } else { taken };
        let byte = rng.u8(..);
        let put: Vec<u8> = (0..put).map(|_| if rng.bool() { byte } else { rng.u8(..) }).collect();
        let start = new.len() as u64;
        new.extend(&put);
        if taken + put.len() > 0 {
            places.push(place((from as u64, (from + taken) as u64), (start, new.len() as u64)));
        }
        at = from + taken;
    }
    new.extend(&old[at..]);
    if !has_insertions {
        let (old_len, len) = (old.len() as u64, new.len() as u64);
        match rng.u8(0..3) {
            0 => {
                let tail: Vec<u8> = (0..rng.usize(1..70_000)).map(|at| (at / 300) as u8).collect();
                new.extend(&tail);
                places.push(place((old_len, old_len), (len, new.len() as u64)));
            }
            1 if places.last().is_none_or(|last| last.new.end() < len) => {
                let cut =
                    rng.usize(places.last().map_or(0, |last| last.new.end() as usize)..new.len()).max(1);
                new.truncate(cut);
                places.push(place((cut as u64, old_len), (cut as u64, cut as u64)));
            }
            _ => {}
        }
    }
    (new, places)
}

#[test]
fn what_is_written_makes_the_new_file_again() {
    for seed in 0..300 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let old: Vec<u8> = (0..rng.usize(1..5000)).map(|_| rng.u8(..)).collect();
        for format in [PatchFormat::Json, PatchFormat::Text, PatchFormat::Bps, PatchFormat::Ips] {
            let (new, places) = edited(&old, &mut rng, format.has_insertions());
            let patch = written(format, &old, &new, &places);
            let made = patched(&patch, &old, PatchWay::Apply).expect("it fits");
            assert!(made == new, "seed {seed}, {}", format.name());
            let back = patched(&patch, &new, PatchWay::TakeBack);
            match format {
                PatchFormat::Json | PatchFormat::Text => {
                    assert!(back.expect("it fits") == old, "seed {seed}")
                }
                PatchFormat::Ips | PatchFormat::Bps | PatchFormat::Bsdiff => {
                    assert!(matches!(back, Err(PatchError::NoWayBack(_))));
                }
            }
            if old != new && format != PatchFormat::Ips {
                let again = patched(&patch, &new, PatchWay::Apply);
                assert!(matches!(again, Err(PatchError::AppliedAlready)), "seed {seed}: {again:?}");
            }
        }
    }
}

#[test]
fn a_patch_for_another_file_is_refused() {
    let (old, new) = (b"0123456789".to_vec(), b"01x34567zz89".to_vec());
    let places = [place((2, 3), (2, 3)), place((8, 8), (8, 10))];
    let mut other = old.clone();
    other[2] = b'?';
    for format in [PatchFormat::Json, PatchFormat::Text] {
        let patch = written(format, &old, &new, &places);
        let refused = patched(&patch, &other, PatchWay::Apply).expect_err("another file").to_string();
        assert_eq!(refused, "The patch is about another file: at 0x2 it expects 32, and the file has 3f.");
        let refused = patched(&patch, &old[..9], PatchWay::Apply).expect_err("another file").to_string();
        assert_eq!(refused, "The patch is about another file: it expects 10 bytes, and the file has 9.");
    }
    let patch = written(PatchFormat::Bps, &old, &new, &places);
    assert!(matches!(patched(&patch, &other, PatchWay::Apply), Err(PatchError::OtherSum { .. })));
    assert!(matches!(
        patched(&patch, &old[1..], PatchWay::Apply),
        Err(PatchError::OtherLength { expected: 10, found: 9 })
    ));
    let mut damaged = patch.clone();
    damaged[9] ^= 1;
    assert!(matches!(patched(&damaged, &old, PatchWay::Apply), Err(PatchError::PatchSum)));
    assert!(matches!(patched(b"what", &old, PatchWay::Apply), Err(PatchError::NoPatch)));
}

#[test]
fn the_json_is_as_documented_and_may_be_written_by_others() {
    let patch = written(PatchFormat::Json, b"abcd", b"aXYd", &[place((1, 3), (1, 3))]);
    let wanted = "{\"pagelens_patch\": 1, \"file\": \"a 'file'\\n\", \"length_before\": 4, \"length_after\": 4, \"changes\": [
  {\"offset\": 1, \"old\": \"6263\", \"new\": \"5859\"}
]}\n";
    assert_eq!(String::from_utf8_lossy(&patch), wanted);
    let own = br#"{"changes":[{"new":"FF","offset":0,"note":{"x":[1]}},{"offset":3,"old":"64"}],"pagelens_patch":1}"#;
    assert_eq!(patched(own, b"abcd", PatchWay::Apply).expect("it fits"), b"\xffabc");
    for (patch, words) in [
        (r#"{"changes":[]}"#, "'pagelens_patch' is missing"),
        (r#"{"pagelens_patch":2,"changes":[]}"#, "version is not known"),
        (r#"{"pagelens_patch":1}"#, "no list of changes"),
        (r#"{"pagelens_patch":1,"changes":[{"old":"00"}]}"#, "no offset"),
        (r#"{"pagelens_patch":1,"changes":[{"offset":0,"old":"0"}]}"#, "hex digits"),
        (r#"{"pagelens_patch":1,"changes":[{"offset":3},{"offset":1,"new":"00"}]}"#, "not in order"),
        (r#"{"pagelens_patch":1,"changes":[{"offset":18446744073709551615,"old":"00"}]}"#, "another file"),
        (r#"{"pagelens_patch":1,"changes":[{"#, "damaged"),
    ] {
        let error = patched(patch.as_bytes(), b"abcd", PatchWay::Apply).expect_err("refused").to_string();
        assert!(error.contains(words), "{patch}: {error}");
    }
}

#[test]
fn the_text_of_the_window_is_read() {
    let text = "# A patch of pagelens: unsaved edits\nfile: x\nlength before: 70\nlength now: 71\nchanges: 2\n@ 0x0 -64 +64\n- 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 x 2\n+ 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 x 2\n@ 0x46 -0 +1\n+ 21\n";
    let old = [&[b'a'; 64][..], b"middle"].concat();
    let new = [&[b'b'; 64][..], b"middle!"].concat();
    assert_eq!(patched(text.as_bytes(), &old, PatchWay::Apply).expect("it fits"), new);
    assert_eq!(patched(text.as_bytes(), &new, PatchWay::TakeBack).expect("it fits"), old);
    for (text, words) in [
        ("@ 0x0 -1 +1\n- 61\n", "more or fewer bytes"),
        ("@ 0x0 -1 +1\n- ??\n+ 61\n", "can't be read"),
        ("@ zero\n", "with @"),
        ("# \n+ 61\n", "before the first @"),
        ("@ 0x0 -0 +1\n+ 61 x 99999999999\n", "too often"),
        ("@ 0x0 -0 +1\n+ 6161 x 18446744073709551615\n", "can't be read"),
    ] {
        let error = patched(text.as_bytes(), &old, PatchWay::Apply).expect_err("refused").to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn ips_has_its_limits() {
    let old = vec![0; (1 << 24) + 10];
    let mut new = old.clone();
    new[1 << 24] = 1;
    let at = 1 << 24;
    let sides = (MemorySource::new(old.clone()), MemorySource::new(new));
    let progress = Progress::default();
    let sides = PatchSides { old: &sides.0, new: &sides.1, name: "", progress: &progress };
    let refused = write(PatchFormat::Ips, &sides, &[place((at, at + 1), (at, at + 1))], &mut Vec::new());
    assert!(refused.is_err_and(|error| error.to_string().contains("16 MiB")));
    // The offset that reads as the end mark.
    let mut new = old[..0x45_5000].to_vec();
    new[0x45_4f46..0x45_4f50].fill(7);
    let at = 0x45_4f46;
    let patch = written(PatchFormat::Ips, &old[..0x45_5000], &new, &[place((at, at + 10), (at, at + 10))]);
    assert!(patched(&patch, &old[..0x45_5000], PatchWay::Apply).expect("it fits") == new);
    // A fill, an overlap, a write behind the end, and a cut.
    let patch = b"PATCH\x00\x00\x02\x00\x00\x00\x05x\x00\x00\x04\x00\x02YZ\x00\x00\x0c\x00\x01!EOF";
    assert_eq!(patched(patch, b"0123456789", PatchWay::Apply).expect("it fits"), b"01xxYZx789\0\0!");
    let cut = b"PATCH\x00\x00\x01\x00\x01aEOF\x00\x00\x04";
    assert_eq!(patched(cut, b"0123456789", PatchWay::Apply).expect("it fits"), b"0a23");
    for damaged in [&b"PATCH\x00\x00"[..], b"PATCH\x00\x00\x01\x00\x09ab", b"PATCHEOF\x00"] {
        assert!(matches!(patched(damaged, b"0123", PatchWay::Apply), Err(PatchError::Damaged { .. })));
    }
}

/// BPS with checksums that are right, whatever its commands say.
fn bps(old: &[u8], new_len: u64, commands: &[u8], new: &[u8]) -> Vec<u8> {
    let number = |mut number: u64| {
        let mut bytes = Vec::new();
        loop {
            let low = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                bytes.push(0x80 | low);
                return bytes;
            }
            bytes.push(low);
            number -= 1;
        }
    };
    let mut patch = [&b"BPS1"[..], &number(old.len() as u64), &number(new_len), &[0x80], commands].concat();
    patch.extend(crc32fast::hash(old).to_le_bytes());
    patch.extend(crc32fast::hash(new).to_le_bytes());
    let sum = crc32fast::hash(&patch);
    patch.extend(sum.to_le_bytes());
    patch
}

#[test]
fn bps_commands_copy_from_both_files_and_hostile_ones_are_refused() {
    // Read 2 of the old file, 1 of the patch, copy 3 from old offset 5, then 6 from what is made from offset 3: a period.
    let commands = [0x80 | 1 << 2, 0x80 | 1, b'Z', 0x80 | 2 << 2 | 2, 0x80 | 10, 0x80 | 5 << 2 | 3, 0x80 | 6];
    let new = b"01Z567567567";
    let patch = bps(b"0123456789", 12, &commands, new);
    assert_eq!(patched(&patch, b"0123456789", PatchWay::Apply).expect("it fits"), &new[..]);
    let long = [0x80 | 1, b'a', 0x7f, 0x7f, 0x7f, 0x80, 0x80];
    let refused = |new_len: u64, commands: &[u8]| {
        let patch = bps(b"0123", new_len, commands, b"");
        patched(&patch, b"0123", PatchWay::Apply).expect_err("refused").to_string()
    };
    assert!(refused(2, &long).contains("more bytes than it says"));
    assert!(refused(9, &[0x80]).contains("fewer bytes"));
    assert!(refused(9, &[0x80 | 8 << 2]).contains("does not have"));
    assert!(refused(9, &[0x80 | 2, 0x80 | 3]).contains("before the start"));
    assert!(refused(9, &[0x80 | 3, 0x80]).contains("not made yet"));
    assert!(refused(9, &[0x80 | 5 << 2 | 1, b'x']).contains("ends too early"));
    assert!(refused(1 << 60, &[0x80]).contains("more than patches are applied for"));
    assert!(refused(1, &[0x80 | 1, b'x']).contains("The result has the checksum"));
    assert!(refused(9, &[0x7f; 40]).contains("too large"));
}

#[test]
fn bsdiff_patches_of_another_program_are_applied() {
    for seed in 0..25 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let old: Vec<u8> = (0..rng.usize(0..20_000)).map(|_| rng.u8(0..9)).collect();
        let (new, _) = edited(&old, &mut rng, true);
        let mut patch = Vec::new();
        qbsdiff::Bsdiff::new(&old, &new).compare(std::io::Cursor::new(&mut patch)).expect("made");
        assert!(patched(&patch, &old, PatchWay::Apply).expect("it fits") == new, "seed {seed}");
        // Whatever is damaged, it ends, and never with more than the patch says.
        for _ in 0..20 {
            let mut damaged = patch.clone();
            let at = rng.usize(8..damaged.len());
            damaged[at] ^= 1 << rng.u8(0..8);
            let made = patched(&damaged, &old, PatchWay::Apply);
            assert!(
                made.is_err() || made.is_ok_and(|made| made.len() <= new.len() + (1 << 20)),
                "seed {seed}"
            );
        }
        assert!(patched(&patch[..patch.len() / 2], &old, PatchWay::Apply).is_err());
    }
    let head = |lengths: [u64; 3]| [&b"BSDIFF40"[..], &lengths.map(u64::to_le_bytes).concat()].concat();
    for (lengths, words) in [
        ([1 << 63 | 1, 0, 1], "negative"),
        ([0, 1 << 40, 1], "longer than it is"),
        ([0, 0, 1 << 50], "more than patches are applied for"),
        ([0, 0, 10], "compressed part"),
    ] {
        let error = patched(&head(lengths), b"old", PatchWay::Apply).expect_err("refused").to_string();
        assert!(error.contains(words), "{lengths:?}: {error}");
    }
}

#[test]
fn other_programs_read_ours_and_we_read_theirs() {
    if python().is_none() {
        return;
    }
    let mut questions = String::new();
    let mut pairs = Vec::new();
    for seed in 0..60 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let old: Vec<u8> = (0..rng.usize(1..3000)).map(|_| rng.u8(0..20)).collect();
        let is_ips = seed % 2 == 0;
        let (new, places) = edited(&old, &mut rng, !is_ips);
        let format = if is_ips { PatchFormat::Ips } else { PatchFormat::Bps };
        let patch = written(format, &old, &new, &places);
        let hex = |bytes: &[u8]| hex::format(bytes, false, "");
        questions += &format!("{} {} {} {}\n", format.name(), hex(&old), hex(&new), hex(&patch));
        pairs.push((old, new));
    }
    let Some(answer) = ask("patches.py", &[], questions.as_bytes()) else { return };
    let answer = String::from_utf8_lossy(&answer).replace('\r', "");
    let lines: Vec<&str> = answer.lines().collect();
    assert_eq!(lines.len(), pairs.len());
    for (number, (line, (old, new))) in lines.iter().zip(&pairs).enumerate() {
        let (verdict, theirs) = line.split_once(' ').expect("two words");
        assert_eq!(verdict, "same", "pair {number}: what they make of our patch");
        let digits: Vec<u32> = theirs.chars().filter_map(|digit| digit.to_digit(16)).collect();
        let theirs: Vec<u8> = digits.chunks(2).map(|two| (two[0] * 16 + two[1]) as u8).collect();
        assert!(patched(&theirs, old, PatchWay::Apply).expect("it fits") == *new, "pair {number}: theirs");
    }
}

fn patch(folder: &Path, arguments: &[&str]) -> (i32, String) {
    run(folder, &[&["patch"], arguments].concat())
}

#[test]
fn the_commands_write_check_apply_and_take_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let old: Vec<u8> = (0..5000_u32).map(|n| (n * n / 5) as u8).collect();
    let mut new = old.clone();
    new.splice(1000..1003, *b"longer than before");
    new[4000] ^= 0xff;
    let put = |name: &str, bytes: &[u8]| std::fs::write(path.join(name), bytes).expect("written");
    let got = |name: &str| std::fs::read(path.join(name)).expect("there");
    put("old", &old);
    put("new", &new);
    for (name, format) in [("p.json", "json"), ("p.txt", "text"), ("p.bps", "bps")] {
        put("file", &old);
        let (code, text) = run(path, &["diff", "old", "new", "--patch", name]);
        assert_eq!((code, text), (1, format!("2 changes written to {name}, format {format}.\n")));
        let (code, text) = patch(path, &["file", name, "--check"]);
        assert!(code == 0 && text.contains(&format!("the {format} patch fits")), "{text}");
        assert!(got("file") == old, "a check writes nothing");
        let (code, text) = patch(path, &["file", name, "--output", "out"]);
        assert!(code == 0 && got("out") == new && got("file") == old, "{text}");
        let (code, text) = patch(path, &["file", name]);
        assert!(code == 0 && text.contains("applied in 2 places: written and read back."), "{text}");
        assert!(got("file") == new, "{format}");
        let (code, text) = patch(path, &["file", name]);
        assert!(code == 1 && text.contains("The patch was applied already."), "{text}");
        let (code, text) = patch(path, &["file", name, "--reverse"]);
        if format == "bps" {
            assert!(code == 1 && text.contains("can't be taken back"), "{text}");
        } else {
            assert!(code == 0 && text.contains("taken back") && got("file") == old, "{text}");
        }
    }
    put("short", &old[..4000]);
    let (code, text) = run(path, &["diff", "old", "short", "--patch", "q", "--format", "ips"]);
    assert_eq!((code, text.as_str()), (1, "1 change written to q, format ips.\n"));
    assert_eq!(patch(path, &["old", "q", "--output", "out"]).0, 0);
    assert!(got("out") == old[..4000]);
    let (code, text) = run(path, &["diff", "old", "new", "--patch", "new"]);
    assert!(code == 2 && text.contains("is an input file") && got("new") == new, "{text}");
    let (code, text) = run(path, &["diff", "old", "new", "--patch", "x", "--format", "zip"]);
    assert!(code == 2 && text.contains("use one of: json, text, ips, bps"), "{text}");
    let (code, text) = patch(path, &["old", "q", "--output", "q"]);
    assert!(code == 2 && text.contains("is an input file"), "{text}");
    let (code, text) = patch(path, &["missing", "q"]);
    assert!(code == 3 && text.contains("there is no such file"), "{text}");
    assert_eq!(run(path, &["diff", "old", "old", "--patch", "same.json"]).0, 0);
    let (code, text) = patch(path, &["old", "same.json"]);
    assert_eq!((code, text.as_str()), (0, "old: nothing to change.\n"));
}
