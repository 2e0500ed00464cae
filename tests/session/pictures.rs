//! Pictures in panes: what they are of, what they answer, and that they come back at the next start.

use super::arrays_of_tests::{f4, npy};
use super::remembered::start;
use super::rig::Rig;
use pagelens::pictures::view::ViewAt;
use pagelens::pictures::{BinChoice, ColorMap, ImageAnswer, ImageView, PixelFormat, RangeChoice};
use pagelens::session::panes::{ImageLook, PictureLook, PicturePane};
use pagelens::session::pictures::{PictureAction, PictureWhat};
use pagelens::session::tab::layout::PaneSide;
use pagelens::session::{Action, Command, EditAction, LayoutAction, PaneKey, PaneKind, Request};
use pagelens::state::{Folders, OpenPicture, OpenTabs};
use std::sync::Arc;

fn picture(rig: &Rig) -> &PicturePane {
    rig.tab().panes().get(rig.tab().focus()).content.picture().expect("a picture has the keys")
}

fn image(rig: &mut Rig) -> Arc<ImageAnswer> {
    rig.settle();
    let state = rig.session.features().pictures.of(rig.tab().id, rig.tab().focus()).expect("a picture");
    assert_eq!(state.failure(), None);
    Arc::clone(state.answer().and_then(|answer| answer.image()).expect("an image"))
}

fn ask(rig: &mut Rig, what: PictureWhat) {
    let pane = rig.tab().focus();
    rig.apply(Action::Picture(PictureAction { pane, what }));
}

fn look(rig: &mut Rig, change: impl FnOnce(&mut ImageLook)) {
    let PictureLook::Image(mut look) = picture(rig).look.clone();
    change(&mut look);
    ask(rig, PictureWhat::Look(Box::new(PictureLook::Image(look))));
}

#[test]
fn bytes_become_an_image_of_rows_that_edits_change() {
    let mut rig = Rig::on(&(0..=255).cycle().take(1000).collect::<Vec<u8>>());
    rig.run(Command::ShowImage);
    assert_eq!((rig.tab().focus_kind(), picture(&rig).of), (PaneKind::Picture, PaneKey::BYTES));
    look(&mut rig, |look| look.width = Some(256));
    let first = image(&mut rig);
    assert_eq!((first.bins.height, first.bins.width, first.is_whole), (4, 256, true));
    // The last row has 232 bytes.
    assert_eq!(
        (first.bins.max[7], first.bins.max[3 * 256 + 231], first.bins.count[3 * 256 + 232]),
        (7.0, 231.0, 0)
    );
    let pane = rig.tab().focus();
    rig.run(Command::PreviousPane);
    rig.go("7");
    rig.type_text("ff");
    rig.run(Command::OtherPane);
    assert_eq!(rig.tab().focus(), pane);
    assert_eq!(image(&mut rig).bins.max[7], 255.0);
}

#[test]
fn a_pixel_of_several_elements_is_what_was_chosen() {
    let mut rig = Rig::on(&[1, 3, 5, 250, 2, 2, 2, 2]);
    rig.run(Command::ShowImage);
    ask(&mut rig, PictureWhat::Room { width: 2, height: 1 });
    look(&mut rig, |look| look.width = Some(4));
    for (bins, expected) in [
        (BinChoice::Max, [3.0, 250.0]),
        (BinChoice::Min, [1.0, 2.0]),
        (BinChoice::Mean, [2.0, 64.75]),
        (BinChoice::Count, [4.0, 4.0]),
    ] {
        look(&mut rig, |look| look.bins = bins);
        let image = image(&mut rig);
        assert_eq!([0, 1].map(|at| bins.value(&image.bins, at)), expected, "{bins:?}");
    }
    look(&mut rig, |look| (look.bins, look.colors.range) = (BinChoice::Max, RangeChoice::Extremes));
    let found = image(&mut rig);
    assert_eq!((found.scale.low, found.scale.high), (1.0, 250.0), "of all elements");
}

#[test]
fn an_image_of_an_array_has_its_rows_columns_and_indices() {
    let mut rig = Rig::new();
    rig.write("a.npy", &npy("'<f4'", false, "(2, 3, 4)", &f4(0..24)));
    rig.open("a.npy");
    rig.wait_until("the header is read", pagelens::session::Session::has_read_headers);
    rig.run(Command::ShowImage);
    let first = image(&mut rig);
    assert_eq!((first.bins.height, first.bins.width, first.bins.max[5]), (3, 4, 5.0));
    look(&mut rig, |look| {
        let axes = pagelens::session::arrays::Axes { rows: Some(0), columns: Some(2), at: vec![0, 2, 0] };
        look.axes = Some(axes);
        look.is_transposed = true;
    });
    let turned = image(&mut rig);
    assert_eq!((turned.bins.height, turned.bins.width), (4, 2));
    assert_eq!(turned.bins.max, [8.0, 20.0, 9.0, 21.0, 10.0, 22.0, 11.0, 23.0]);
    // Row 3 and column 1 of the image are element [1, 2, 3], the last one.
    ask(&mut rig, PictureWhat::Select { from: (3, 1), to: (3, 1) });
    assert_eq!(rig.selected().1 as usize, rig.bytes().len());
    ask(&mut rig, PictureWhat::Select { from: (1, 0), to: (2, 1) });
    let view = rig.tab().array().expect("the array");
    assert_eq!((view.table.axes().rows, view.table.axes().columns), (Some(0), Some(2)));
    assert_eq!((view.block.rows(), view.block.columns()), ((0, 1), (1, 2)));
    let state = rig.session.features().pictures.of(rig.tab().id, rig.tab().focus()).expect("a picture");
    let PictureLook::Image(shown) = &picture(&rig).look;
    let marked = rig.tab().selected_in_image(state.subject().expect("elements"), shown);
    assert_eq!(
        marked.iter().map(|part| (part.rows.clone(), part.columns.clone())).collect::<Vec<_>>(),
        [(1..3, 0..2)]
    );
}

#[test]
fn a_selection_is_pictured_until_the_picture_is_of_all_again() {
    let mut rig = Rig::on(&[9; 100]);
    rig.select(10, 42);
    rig.run(Command::PictureSelection);
    look(&mut rig, |look| look.width = Some(16));
    assert_eq!(image(&mut rig).question.plane.array.offset, 10);
    // Bytes that come before it move it.
    let pane = rig.tab().focus();
    rig.run(Command::PreviousPane);
    rig.go("0");
    rig.run(Command::ToggleInsert);
    rig.type_text("0102");
    rig.run(Command::OtherPane);
    assert_eq!(rig.tab().focus(), pane);
    let moved = image(&mut rig);
    assert_eq!((moved.question.plane.array.offset, moved.bins.count.iter().sum::<u64>()), (12, 32));
    ask(&mut rig, PictureWhat::Release);
    assert_eq!(image(&mut rig).bins.count.iter().sum::<u64>(), 102);
}

#[test]
fn a_picture_is_split_moved_and_closed_like_other_panes_and_outlives_its_pane() {
    let mut rig = Rig::on(&[1, 2, 3, 4, 5, 6, 7, 8]);
    rig.run(Command::ShowImage);
    let first = rig.tab().focus();
    rig.run(Command::SplitDown);
    let second = rig.tab().focus();
    assert_eq!(picture(&rig).of, PaneKey::BYTES);
    rig.apply(Action::Layout(first, LayoutAction::Close));
    assert!(!rig.tab().panes().has(first) && rig.tab().focus() == second);
    rig.apply(Action::Layout(PaneKey::BYTES, LayoutAction::Split(PaneSide::Left)));
    rig.apply(Action::Layout(PaneKey::BYTES, LayoutAction::Close));
    rig.apply(Action::Layout(rig.tab().layout().panes()[0], LayoutAction::Close));
    assert_eq!(rig.tab().layout().panes(), [second]);
    assert_eq!(image(&mut rig).bins.count.iter().sum::<u64>(), 8);
    // Commands on bytes show them again.
    rig.run(Command::ShowBytes);
    assert_eq!(rig.tab().layout().panes(), [PaneKey::BYTES]);
    rig.apply(Action::Edit(EditAction::Cancel));
}

#[test]
fn what_has_no_colours_says_why() {
    let mut rig = Rig::on(&[]);
    rig.run(Command::ShowImage);
    rig.settle();
    let state = rig.session.features().pictures.of(rig.tab().id, rig.tab().focus()).expect("a picture");
    assert_eq!((state.failure(), state.answer().is_none()), (Some("The file is empty."), true));
    assert_eq!(Command::PictureSelection.why_not(&rig.session), "Select bytes first.");
}

#[test]
fn pictures_come_back_at_the_next_start_and_nonsense_does_not() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    rig.write("a.bin", &(0..200).collect::<Vec<u8>>());
    rig.open("a.bin");
    rig.select(20, 60);
    rig.run(Command::PictureSelection);
    look(&mut rig, |look| {
        (look.colors.map, look.width, look.colors.range) =
            (ColorMap::Magma, Some(8), RangeChoice::Fixed(3.0, 30.0));
    });
    let before = (picture(&rig).look.clone(), rig.tab().layout().to_string());
    rig.wait_until("the tabs are kept", pagelens::session::Session::has_kept_state);
    let mut next = start(state.path());
    assert_eq!((picture(&next).look.clone(), next.tab().layout().to_string()), before);
    let image = image(&mut next);
    assert_eq!(
        (image.question.plane.array.offset, image.question.plane.array.shape.clone()),
        (20, vec![5, 8])
    );
    drop(next);
    // A file that was changed by hand.
    let folders = Folders::all_in(state.path());
    let kept = OpenTabs::load(&folders).value;
    for change in [
        (|left: &mut OpenPicture| left.look = String::from("film")) as fn(&mut OpenPicture),
        |left| left.dtype = Some(String::from("nonsense")),
        |left| left.shape = vec![-1, i64::MAX],
        |left| left.offset = 1 << 60,
    ] {
        let mut changed = kept.clone();
        for view in &mut changed.tabs[0].views {
            view.picture.iter_mut().for_each(change);
        }
        changed.save(&folders).expect("a state file");
        let next = start(state.path());
        assert_eq!(next.tab().layout().panes(), [PaneKey::BYTES]);
    }
}

#[test]
fn a_part_that_is_looked_at_is_asked_for_alone() {
    let mut rig = Rig::on(&[5; 10_000]);
    rig.run(Command::ShowImage);
    ask(&mut rig, PictureWhat::Room { width: 40, height: 20 });
    let near = ViewAt { row: 50.0, column: 50.0, across: 4.0, down: 4.0 };
    look(&mut rig, |look| (look.width, look.view) = (Some(100), ImageView::At(near)));
    let part = image(&mut rig);
    assert_eq!((part.question.rows.clone(), part.question.columns.clone()), (47..53, 45..55));
    assert_eq!((part.bins.height, part.bins.width), (6, 10));
}

#[test]
fn a_rectangle_of_bytes_selects_from_its_first_to_its_last_byte() {
    let mut rig = Rig::on(&[5; 1000]);
    rig.run(Command::ShowImage);
    look(&mut rig, |look| (look.width, look.start) = (Some(10), 3));
    image(&mut rig);
    ask(&mut rig, PictureWhat::Select { from: (4, 7), to: (2, 1) });
    assert_eq!(rig.selected(), (24, 51));
    assert_eq!(rig.tab().focus_kind(), PaneKind::Picture, "the keys stay");
}

#[test]
fn pixels_have_the_colours_that_their_format_says() {
    let mut rig = Rig::on(&[255, 0, 0, 0, 255, 0, 1, 2, 3, 9, 9, 9]);
    rig.run(Command::ShowImage);
    look(&mut rig, |look| (look.width, look.pixel) = (Some(2), PixelFormat::Rgb));
    assert_eq!(
        image(&mut rig).raster.pixels,
        [[255, 0, 0, 255], [0, 255, 0, 255], [1, 2, 3, 255], [9, 9, 9, 255]]
    );
    look(&mut rig, |look| look.pixel = PixelFormat::Bgr);
    assert_eq!(image(&mut rig).raster.pixels[0], [0, 0, 255, 255]);
    ask(&mut rig, PictureWhat::Select { from: (1, 0), to: (1, 1) });
    assert_eq!(rig.selected(), (6, 12), "whole pixels");
}

#[test]
fn a_picture_is_saved_and_copied() {
    let mut rig = Rig::on(&(0..=255).collect::<Vec<u8>>());
    assert_eq!(Command::CopyPicture.why_not(&rig.session), "No picture is shown. Choose View ▸ Image first.");
    rig.run(Command::ShowImage);
    look(&mut rig, |look| look.width = Some(16));
    image(&mut rig);
    for (command, name, start) in [
        (Command::SavePicturePng, "a.png", &b"\x89PNG"[..]),
        (Command::SavePictureSvg, "a.svg", b"<svg "),
        (Command::SavePictureCsv, "a.csv", b"0,1,2,3,4,5,"),
    ] {
        rig.run(command);
        let path = rig.path(name);
        rig.name(path);
        rig.settle();
        assert!(rig.disk(name).starts_with(start), "{name}: {}", rig.hint());
        assert!(rig.hint().starts_with("The picture was written to"), "{}", rig.hint());
    }
    rig.run(Command::CopyPicture);
    rig.settle();
    let offered = rig.requests().into_iter().find_map(|request| match request {
        Request::Copy(offer) => offer.image,
        _ => None,
    });
    let image = offered.expect("an image");
    assert!(image.starts_with(b"\x89PNG"));
}
