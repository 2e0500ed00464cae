//! Files of NumPy, safetensors and gguf: read as they were written, and loaded there again after an edit.

use super::rig::{entry, findings, inflated, read};
use crate::oracle::rig::ask;
use pagelens::decode::dtype::ItemType;
use pagelens::formats::{Entry, Home};
use std::fmt::Write;
use std::path::Path;

/// An array as the reference library has written it.
struct Written {
    file: String,
    name: String,
    dtype: String,
    shape: String,
    order: String,
    bytes: Vec<u8>,
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex digits");
    (0..text.len()).step_by(2).map(digit).collect()
}

fn lines(answer: Vec<u8>) -> Vec<String> {
    String::from_utf8(answer).expect("UTF-8").lines().map(str::to_owned).collect()
}

fn make(folder: &Path) -> Option<Vec<Written>> {
    let answer = ask("containers.py", &["make", folder.to_str().expect("a name")], b"")?;
    let written = lines(answer).into_iter().map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, name, dtype, shape, order] = [0, 1, 2, 3, 4].map(|index| fields[index].to_owned());
        Written { file, name, dtype, shape, order, bytes: hex(fields[5]) }
    });
    Some(written.collect())
}

fn item(dtype: &str) -> ItemType {
    dtype.parse().unwrap_or_else(|error| panic!("{dtype}: {error}"))
}

/// The file's bytes, or the inflated ones, and where in them the array begins.
fn place(file: &[u8], entry: &Entry) -> (Vec<u8>, usize) {
    match &entry.home {
        Home::Here(at) => (file.to_vec(), *at as usize),
        Home::Deflated { offset, .. } => (inflated(file, &entry.home), *offset as usize),
        home => panic!("{} is at {home:?}", entry.name),
    }
}

#[test]
fn every_file_is_read_as_it_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(written) = make(folder.path()) else { return };
    assert!(written.len() > 500, "{} arrays", written.len());
    for array in written {
        let file = std::fs::read(folder.path().join(&array.file)).expect("the file");
        let at = format!("{} {}", array.file, array.name);
        let container = read(&file, &array.file).unwrap_or_else(|error| panic!("{at}: {error}"));
        assert_eq!(findings(&container), "", "{at}");
        let entry = entry(&container, &array.name);
        let shape: Vec<String> = entry.shape.iter().map(u64::to_string).collect();
        assert_eq!(shape.join(","), array.shape, "{at}");
        let (bytes, start) = place(&file, entry);
        assert_eq!(bytes[start..start + array.bytes.len()], array.bytes, "{at}");
        assert_eq!(entry.bytes(), Some(array.bytes.len() as u64), "{at}");
        if !array.bytes.is_empty() {
            assert_eq!(format!("{:?}", entry.order), array.order, "{at}");
        }
        assert_eq!(entry.item, item(&array.dtype), "{at}: {}", array.dtype);
    }
}

/// The file with another value of the array's last item, and the bytes that the reference library should have.
fn edited(file: &[u8], array: &Written) -> Option<(Vec<u8>, Vec<u8>)> {
    let container = read(file, &array.file).expect("read");
    let entry = entry(&container, &array.name);
    let Home::Here(at) = entry.home else { return None };
    let group = entry.item.group_bytes() as usize;
    let last = array.bytes.len().checked_sub(group).filter(|_| group > 0)?;
    let mut expected = array.bytes.clone();
    let old = expected[last..].to_vec();
    if let ItemType::Quant(quant) = entry.item {
        let (items, _) = quant.block();
        let value = |item: u32| quant.value(&old, item);
        // Items of the block have other scales; the value of one of them fits.
        let new = (0..items).filter(|item| value(*item).to_bits() != value(items - 1).to_bits());
        let new =
            new.filter_map(|item| quant.encode(&old, items - 1, value(item)).ok()).find(|new| *new != old)?;
        expected[last..].copy_from_slice(&new);
    } else {
        // The lowest bit of the first byte: of any type another value of it.
        expected[last] ^= 1;
    }
    let mut new = file.to_vec();
    let start = at as usize;
    new[start..start + expected.len()].copy_from_slice(&expected);
    let changed = [pagelens::bytes::Span::at(at + last as u64, group as u64).expect("a span")];
    super::rig::follow_up(&mut new, &array.file, &changed);
    let loaded = match entry.item {
        ItemType::Quant(quant) => {
            let (items, bytes) = quant.block();
            let blocks = expected.chunks(bytes as usize);
            blocks
                .flat_map(|block| (0..items).flat_map(|item| quant.value(block, item).to_le_bytes()))
                .collect()
        }
        _ => expected,
    };
    Some((new, loaded))
}

#[test]
fn an_edited_value_is_loaded_by_the_reference_and_nothing_else_differs() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(written) = make(folder.path()) else { return };
    let (mut questions, mut expected) = (String::new(), Vec::new());
    for (index, array) in written.iter().enumerate() {
        let file = std::fs::read(folder.path().join(&array.file)).expect("the file");
        let Some((new, loaded)) = edited(&file, array) else { continue };
        assert_ne!(new, file);
        let path = folder.path().join(format!("edited{index}-{}", array.file));
        std::fs::write(&path, new).expect("written");
        writeln!(questions, "{}\t{}", path.display(), array.name).expect("a line");
        expected.push((array, loaded));
    }
    let answer = ask("containers.py", &["load"], questions.as_bytes()).expect("Python was there before");
    let answers = lines(answer);
    assert!(expected.len() > 300 && answers.len() == expected.len(), "{} edits", expected.len());
    assert!(expected.iter().any(|(array, _)| array.dtype == "Q6_K"));
    for ((array, wanted), answer) in expected.into_iter().zip(answers) {
        assert_eq!(hex(&answer), wanted, "{} {}", array.file, array.name);
    }
}

#[test]
fn blocks_have_the_bits_of_the_reference() {
    let mut rng = fastrand::Rng::with_seed(5);
    let kinds = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "MXFP4"];
    let (mut questions, mut all) = (String::new(), Vec::new());
    for name in kinds {
        let ItemType::Quant(quant) = item(name) else { panic!("{name} is a type of blocks") };
        let (_, bytes) = quant.block();
        // Any bits may be a scale: infinities, NaNs and subnormals are among 400 of each.
        let blocks: Vec<u8> = (0..400 * bytes).map(|_| rng.u8(..)).collect();
        let text: String = blocks.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(questions, "{name}\t{text}").expect("a line");
        all.push((name, quant, blocks));
    }
    let Some(answer) = ask("containers.py", &["blocks"], questions.as_bytes()) else { return };
    for ((name, quant, blocks), answer) in all.into_iter().zip(lines(answer)) {
        let (items, bytes) = quant.block();
        let floats = hex(&answer);
        assert_eq!(floats.len(), 400 * items as usize * 4);
        for (index, float) in floats.chunks(4).enumerate() {
            let wanted = f32::from_le_bytes(float.try_into().expect("four bytes"));
            let block = &blocks[index / items as usize * bytes as usize..][..bytes as usize];
            let value = quant.value(block, (index % items as usize) as u32);
            let same = value.to_bits() == wanted.to_bits() || value.is_nan() && wanted.is_nan();
            assert!(same, "{name}, item {index}: {value:?} for {wanted:?}");
        }
    }
}

/// A safetensors file of two tensors and sixteen bytes, right or nearly so.
fn nearly_right(rng: &mut fastrand::Rng) -> Vec<u8> {
    let mut pick = |most: &[&'static str]| *rng.choice(most).expect("one");
    let mut tensor = |begin, end| {
        let dtype = pick(&["F32", "F32", "F32", "F32", "U8", "I64", "F4", "C64", "X"]);
        let shape = pick(&[
            "[2]", "[2]", "[2]", "[2]", "[2]", "[1]", "[8]", "[]", "[4,2]", "[16]", "[0]", "[-1]", "[2.0]",
        ]);
        let (begin, end) = (
            pick(&[begin, begin, begin, begin, begin, begin, "12"]),
            pick(&[end, end, end, end, end, end, "16"]),
        );
        let comma = pick(&["", "", "", "", "", "", "", "", ","]);
        format!(r#"{{"dtype":"{dtype}","shape":{shape},"data_offsets":[{begin},{end}]{comma}}}"#)
    };
    let header = format!(r#"{{"a":{},"b":{}}}"#, tensor("0", "8"), tensor("8", "16"));
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend([7; 16]);
    bytes
}

#[test]
fn what_the_strict_reader_takes_is_read_without_a_finding_and_only_that() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rng = fastrand::Rng::with_seed(3);
    let files: Vec<Vec<u8>> = (0..4000).map(|_| nearly_right(&mut rng)).collect();
    for (index, file) in files.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{index:04}.safetensors")), file).expect("written");
    }
    let folder = folder.path().to_str().expect("a name");
    let Some(answer) = ask("containers.py", &["strict", folder], b"") else { return };
    let mut taken = 0;
    for (file, answer) in files.iter().zip(lines(answer)) {
        let right = read(file, "x.safetensors").is_ok_and(|container| {
            let all_here = container.entries.iter().all(|entry| matches!(entry.home, Home::Here(_)));
            all_here && container.findings.is_empty()
        });
        assert_eq!(right, answer == "yes", "{}", String::from_utf8_lossy(&file[8..]));
        taken += usize::from(right);
    }
    assert!(taken > 40, "{taken} of 4000 are right");
}
