//! What a user of a broken checkpoint does: find the NaN, see in which tensor it is, mend it, save.

use super::app::App;
use super::display::{self, Display};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

const TENSORS: u64 = 300;
/// Bytes of a tensor of 1024 by 3400 values of two bytes; all of them are 2 GB.
const TENSOR: u64 = 1024 * 3400 * 2;
const BAD_TENSOR: u64 = 217;

/// Zeros but for one NaN, most of it holes. Answers where the NaN is.
fn write_checkpoint(path: &Path) -> u64 {
    let entries: Vec<String> = (0..TENSORS)
        .map(|number| {
            let (start, end) = (number * TENSOR, (number + 1) * TENSOR);
            format!(
                r#""model.layers.{number}.weight":{{"dtype":"BF16","shape":[1024,3400],"data_offsets":[{start},{end}]}}"#
            )
        })
        .collect();
    let header = format!("{{{}}}", entries.join(","));
    let file = File::create(path).unwrap();
    file.write_all_at(&(header.len() as u64).to_le_bytes(), 0).unwrap();
    file.write_all_at(header.as_bytes(), 8).unwrap();
    let start = 8 + header.len() as u64;
    file.set_len(start + TENSORS * TENSOR).unwrap();
    let bad = start + BAD_TENSOR * TENSOR + (700 * 3400 + 33) * 2;
    file.write_all_at(&[0xc0, 0x7f], bad).unwrap();
    bad
}

fn value_at(path: &Path, offset: u64) -> [u8; 2] {
    let mut bytes = [0; 2];
    File::open(path).unwrap().read_exact_at(&mut bytes, offset).unwrap();
    bytes
}

#[test]
fn the_nan_of_a_checkpoint_is_found_mended_and_saved() {
    let display = Display::start();
    let path = display.path("model.safetensors");
    let bad = write_checkpoint(&path);
    let len = std::fs::metadata(&path).unwrap().len();
    let app = App::start(&display, [&path]);
    let before = app.see();
    app.key("ctrl+shift+n");
    let listed = display::wait_for("the list of matches", || {
        let shown = app.see();
        (shown.difference(&before) > 5000).then_some(shown)
    });
    app.key("F3");
    display::wait_for("the tensor", || (app.see().difference(&listed) > 5000).then_some(()));
    // The keys are the list's until then.
    app.key("Escape");
    app.type_text("0.5");
    app.key("Return");
    app.see();
    assert_eq!(value_at(&path, bad), [0xc0, 0x7f], "the file changed before it was saved");
    app.key("ctrl+s");
    display::wait_for("the value on the disk", || (value_at(&path, bad) == [0, 0x3f]).then_some(()));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), len);
    assert!(app.close().success(), "{}", super::app_words(&display));
}
