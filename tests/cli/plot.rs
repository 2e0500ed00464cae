//! `pagelens plot`: the pixels, the figures and the tables that it writes, and what it refuses.

use crate::oracle::rig::ask;
use std::path::Path;
use std::process::{Command, Output};

fn plot(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    command.current_dir(folder).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command.arg("plot").args(arguments).output().expect("the program runs")
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = plot(folder, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The pixels of a PNG file, and its width and height.
fn pixels(path: &Path) -> (Vec<[u8; 4]>, usize, usize) {
    let file = std::io::BufReader::new(std::fs::File::open(path).expect("a file"));
    let mut reader = png::Decoder::new(file).read_info().expect("a header");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut bytes).expect("pixels");
    let (width, height) = (info.width as usize, info.height as usize);
    (bytes[..width * height * 4].as_chunks().0.to_vec(), width, height)
}

#[test]
fn the_pixels_alone_have_a_colour_for_each_element() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.bin"), (0..=255).collect::<Vec<u8>>()).expect("written");
    let options =
        ["a.bin", "--width", "16", "--colormap", "grey", "--range", "0,255", "--bare", "--png", "a.png"];
    assert_eq!(done(folder.path(), &options), "");
    let (read, width, height) = pixels(&folder.path().join("a.png"));
    assert_eq!((width, height), (16, 16));
    assert!((0..256).all(|at| read[at] == [at as u8, at as u8, at as u8, 255]));
}

#[test]
fn a_figure_has_the_picture_axes_and_colours_in_both_forms() {
    let folder = tempfile::tempdir().expect("a folder");
    let values: Vec<u8> = (0..100 * 200).flat_map(|at| ((at % 200) as f32).to_le_bytes()).collect();
    std::fs::write(folder.path().join("a.bin"), values).expect("written");
    let options = ["a.bin", "--dtype", "<f4", "--shape", "100,200", "--size", "800x600"];
    let files = ["--png", "a.png", "--svg", "a.svg"];
    done(folder.path(), &[&options[..], &files].concat());
    let (read, width, height) = pixels(&folder.path().join("a.png"));
    assert_eq!((width, height), (800, 600));
    let colors: std::collections::HashSet<[u8; 4]> = read.iter().copied().collect();
    // Each column has a colour of its own, but for the clipped ones at both ends.
    assert!(colors.len() > 190, "{}", colors.len());
    let white = read.iter().filter(|pixel| **pixel == [255; 4]).count();
    assert!(white > read.len() / 5 && white < read.len() * 4 / 5, "{white}");
    let svg = std::fs::read_to_string(folder.path().join("a.svg")).expect("a text");
    for part in ["width=\"800\"", "data:image/png;base64,", ">50</text>", ">150</text>", "a.bin</text>"] {
        assert!(svg.contains(part), "{part}");
    }
}

#[test]
fn nan_clipped_and_masked_values_have_colours_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let values = [0_f32, 1.0, f32::NAN, -9.0, 5.0, -1.0].iter().flat_map(|value| value.to_le_bytes());
    std::fs::write(folder.path().join("a.bin"), values.collect::<Vec<u8>>()).expect("written");
    let options = ["a.bin", "--dtype", "<f4", "--width", "6", "--range", "0,1", "--fill", "-9", "--bare"];
    done(folder.path(), &[&options[..], &["--png", "a.png"]].concat());
    let (read, ..) = pixels(&folder.path().join("a.png"));
    assert_eq!(read[0], [68, 1, 84, 255]);
    assert_eq!(read[2], read[3], "what is masked is as NaN");
    let kinds: std::collections::HashSet<_> = read.iter().collect();
    assert_eq!(kinds.len(), 5, "{read:?}");
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.bin"), [1; 64]).expect("written");
    for (arguments, code, said) in [
        (&["a.bin"][..], 2, "Name a file to write"),
        (&["a.bin", "--png", "a.bin"], 2, "would be overwritten"),
        (&["a.bin", "--png", "x.png", "--size", "9x9"], 2, "--size 9x9"),
        (&["a.bin", "--png", "x.png", "--range", "5,1"], 2, "--range 5,1"),
        (&["a.bin", "--png", "x.png", "--colormap", "jet"], 2, "viridis, cividis"),
        (&["a.bin", "--png", "x.png", "--reduce", "median"], 2, "max, mean, min, count"),
        (&["a.bin", "--png", "x.png", "--pixel", "cmyk"], 2, "rgb565"),
        (&["a.bin", "--png", "x.png", "--width", "0"], 2, "--width 0"),
        (&["a.bin", "--png", "x.png", "--kind", "dream"], 2, "dream"),
        (&["a.bin", "--png", "x.png", "--shape", "2,4,8"], 2, "The part has 3 axes"),
        (&["a.bin", "--csv", "x.csv", "--pixel", "rgb"], 1, "x.csv was not written"),
        (&["a.bin", "--dtype", "<f4", "--pixel", "rgb", "--png", "x.png"], 2, "uint8"),
        (&["b.bin", "--png", "x.png"], 3, "b.bin"),
        (&["a.bin", "--png", "no/x.png"], 1, "was not written"),
    ] {
        let output = plot(folder.path(), arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(said), "{arguments:?}: {errors}");
    }
    assert!(!folder.path().join("x.png").exists());
    assert_eq!(std::fs::read(folder.path().join("a.bin")).expect("a file"), [1; 64]);
}

#[test]
fn bins_are_those_of_numpy_to_the_bit() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut random = fastrand::Rng::with_seed(3);
    for (dtype, size) in [("<f4", 4), ("<f8", 8), ("<i2", 2), (">i4", 4), ("<u8", 8), ("u1", 1)] {
        let (rows, columns) = (random.usize(40..200), random.usize(40..300));
        let mut bytes: Vec<u8> = (0..rows * columns * size).map(|_| random.u8(..)).collect();
        if dtype == "<f4" {
            // Sums of any floats would depend on the order in the last bit.
            let values =
                (0..rows * columns).map(|at| if at % 91 == 7 { f32::NAN } else { random.i32(..) as f32 });
            bytes = values.flat_map(f32::to_le_bytes).collect();
        }
        if dtype == "<f8" {
            let values = (0..rows * columns).map(|_| f64::from(random.i32(..)) / 3.0);
            bytes = values.flat_map(f64::to_le_bytes).collect();
        }
        std::fs::write(folder.path().join("a.bin"), bytes).expect("written");
        let shape = format!("{rows},{columns}");
        for how in ["max", "min", "mean", "count"] {
            let options = ["a.bin", "--dtype", dtype, "--shape", &shape, "--size", "37x23", "--bare"];
            let csv = done(folder.path(), &[&options[..], &["--reduce", how, "--csv", "-"]].concat());
            let file = folder.path().join("a.bin");
            let arguments = [&*file.to_string_lossy(), dtype, &shape, how];
            let Some(answer) = ask("bins.py", &arguments, csv.as_bytes()) else { return };
            assert_eq!(String::from_utf8_lossy(&answer).trim(), "equal", "{dtype} {shape} {how}");
        }
    }
}
