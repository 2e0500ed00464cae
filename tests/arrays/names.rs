//! Names of types mean the same wherever they are read, and offsets too: the window's bar, the options, the headers.

use crate::session::rig::Rig;
use pagelens::bytes::MemorySource;
use pagelens::cli::{self, Outcome};
use pagelens::decode::array_text::parse_item;
use pagelens::decode::dtype::ItemType;
use pagelens::decode::{Dialect, Element, Order, names};
use pagelens::formats::recognise_source;
use pagelens::job::Progress;
use pagelens::session::arrays::{BarField, TableAction};
use pagelens::session::{Action, Command};
use std::path::Path;

/// Several blocks of the largest type.
const LEN: usize = 1200;

/// What each name means, if elements of it have bytes.
fn typed() -> Vec<(String, Result<ItemType, String>)> {
    let all: Vec<String> = names().collect();
    assert!(all.len() > 200, "{} names", all.len());
    all.into_iter().map(|name| (name.clone(), parse_item(&name))).collect()
}

fn raw_file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("raw.bin");
    std::fs::write(&path, vec![0; LEN]).expect("written");
    (folder, path)
}

fn get(path: &Path, option: impl FnOnce(&mut cli::get::GetOptions)) -> (Outcome, String) {
    let mut options =
        cli::get::GetOptions { file: path.to_owned(), json: true, ..cli::get::GetOptions::default() };
    option(&mut options);
    let mut out = Vec::new();
    let outcome = cli::get::run(&options, &mut out);
    (outcome, String::from_utf8(out).expect("text"))
}

#[test]
fn get_and_set_take_every_name() {
    let (_folder, path) = raw_file();
    for (name, item) in typed() {
        let (outcome, json) = get(&path, |options| {
            options.raw.dtype = Some(name.clone());
            options.slice = Some("[:2]".to_owned());
        });
        let mut set =
            cli::set::SetOptions { file: path.clone(), slice: "[0]".to_owned(), ..Default::default() };
        set.raw.dtype = Some(name.clone());
        let Ok(item) = item else {
            assert_eq!((outcome.code, cli::set::run(&set, None, &mut Vec::new()).code), (2, 2), "{name}");
            continue;
        };
        assert_eq!(outcome.code, 0, "{name}: {:?}", outcome.errors);
        let wanted = format!("\"dtype\": \"{item}\"");
        assert!(json.contains(&wanted), "{name} is {item}, not {json}");
        set.dry_run = true;
        item.format(&vec![0; item.group_bytes() as usize], 0, &Default::default(), &mut set.value);
        if set.value.is_empty() {
            set.value.push('a');
        }
        let outcome = cli::set::run(&set, None, &mut Vec::new());
        assert_eq!(outcome.code, 0, "{name} {}: {:?}", set.value, outcome.errors);
    }
}

#[test]
fn the_bar_takes_every_name() {
    let mut rig = Rig::new();
    rig.write("raw.bin", &[0; LEN]);
    rig.open("raw.bin");
    rig.wait_until("the header is read", |session| session.has_read_headers());
    rig.run(Command::ArrayFromHere);
    rig.apply(Action::Array(TableAction::Bar(BarField::Shape, "-1".to_owned()).into()));
    for (name, item) in typed() {
        rig.apply(Action::Array(TableAction::Bar(BarField::Dtype, name.clone()).into()));
        let view = rig.tab().array().expect("an array is shown");
        match item {
            Ok(item) => assert_eq!((view.bar.first_error(), &view.base.item), (None, &item), "{name}"),
            Err(fault) => assert_eq!(view.bar.error(BarField::Dtype), Some(&*fault), "{name}"),
        }
    }
}

/// Without a desktop the program ends after its options are read.
#[cfg(target_os = "linux")]
#[test]
fn the_option_of_the_window_takes_every_name() {
    let (folder, path) = raw_file();
    let run = |dtype: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pagelens"));
        let command = command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        let command = command.env("PAGELENS_STATE_DIR", folder.path().join("state"));
        let output = command.arg("--dtype").arg(dtype).arg(&path).output().expect("run");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for name in names() {
        let (code, said) = run(&name);
        assert_eq!((code, said.contains("is not a type")), (Some(1), false), "{name}: {said}");
    }
    assert_eq!(run("float33").0, Some(2));
}

#[test]
fn headers_take_every_name_of_their_dialect_and_no_other() {
    let read = |name: &str, bytes: Vec<u8>| {
        let (source, path) = (MemorySource::new(bytes), Path::new(name));
        let format = recognise_source(&source, path).expect("a format");
        let container = format.read(&source, path, &Progress::default()).expect("a header");
        container.entries.into_iter().next().expect("an array")
    };
    let safetensors = |dtype: &str, bytes: u64| {
        let header = format!(r#"{{"a":{{"dtype":"{dtype}","shape":[8],"data_offsets":[0,{bytes}]}}}}"#);
        let data = vec![0; bytes as usize];
        read("a.safetensors", [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat())
    };
    let mut seen = 0;
    for element in Element::ALL {
        let Some(name) = element.name_in(Dialect::Safetensors) else { continue };
        let entry = safetensors(name, 8 * element.size() as u64);
        assert!(entry.unshown.is_none(), "{name}");
        assert_eq!(entry.item, element.name().parse().expect("its name"), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 19, "numbers that the format has");
    for (name, bytes) in [("float32", 32), ("<f4", 32), ("f32", 32), ("Q4_0", 18), ("u8", 8), ("U128", 128)] {
        assert!(safetensors(name, bytes).unshown.is_some(), "{name} is none of the format's names");
    }
    for name in names() {
        // A `.npy` header has the names that are typed, also of strings without bytes.
        assert_eq!(ItemType::from_descr(&format!("'{name}'")), name.parse(), "{name}");
    }
    assert_eq!(ItemType::named_in(Dialect::Gguf, "BF16", Order::Big), "BF16".parse().ok().map(big));
}

fn big(item: ItemType) -> ItemType {
    match item {
        ItemType::Scalar(dtype) => ItemType::Scalar(pagelens::decode::DType::new(dtype.element, Order::Big)),
        other => other,
    }
}

#[test]
fn the_window_and_the_command_line_read_an_array_alike() {
    let (_folder, path) = raw_file();
    let mut rig = Rig::new();
    rig.write("raw.bin", &[0; LEN]);
    rig.open("raw.bin");
    rig.wait_until("the header is read", |session| session.has_read_headers());
    rig.run(Command::ArrayFromHere);
    for texts in [
        ["<f4", "0", "-1", "C"],
        ["<f4", "end/2", "-1, 3", "F"],
        ["<u2", "-16", "2,2", "c"],
        ["u8", "0x10 + 4", "(3, 4)", " f "],
        ["|u1", "1KiB", "4x-1", "44, 1"],
        ["<i4", "end - 8", "2", "-4"],
        ["<f4", "end + 1", "1", "C"],
        ["<f4", "-9999", "1", "C"],
        ["<f4", "end/2", "1000", "C"],
        ["<f3", "0", "1", "C"],
        ["<f4", "0", "1,", "X"],
        ["S", "0", "1", "C"],
    ] {
        let fields = [BarField::Dtype, BarField::Offset, BarField::Shape, BarField::Order];
        for (field, text) in fields.into_iter().zip(texts) {
            rig.apply(Action::Array(TableAction::Bar(field, text.to_owned()).into()));
        }
        // The bar takes the order and the strides in one field.
        let is_strides = texts[3].contains(|c: char| c.is_ascii_digit());
        let (outcome, json) = get(&path, |options| {
            let [dtype, offset, shape, order] = texts.map(|text| Some(text.to_owned()));
            (options.raw.dtype, options.raw.offset) = (dtype, offset);
            options.raw.shape = shape;
            *if is_strides { &mut options.raw.strides } else { &mut options.raw.order } = order;
        });
        let view = rig.tab().array().expect("an array is shown");
        match view.bar.first_error() {
            None => {
                let shape = format!("{:?}", view.base.shape);
                let wanted = format!("\"dtype\": \"{}\", \"shape\": {shape}", view.base.item);
                assert!(json.contains(&wanted), "{texts:?}: {json} {:?}", outcome.errors);
            }
            Some((field, fault)) => {
                let said = outcome.errors.concat();
                // The strides, which the bar names too, are another option.
                let own = format!("--order {}: write C or F.", texts[3]);
                let wanted = if field == BarField::Order && !is_strides { own.as_str() } else { fault };
                assert!(outcome.code == 2 && said.contains(wanted), "{texts:?}: {wanted} / {said}");
            }
        }
    }
}
