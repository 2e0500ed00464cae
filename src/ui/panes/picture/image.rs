//! The canvas of an image: its pixels, the colour bar, and the element under the pointer.

use super::{Drawn, grid_id};
use crate::bytes::{Availability, Source};
use crate::decode::style::NumberStyle;
use crate::pictures::Raster;
use crate::session::pictures::{ImageAnswer, PictureAnswer, PictureWhat};
use crate::session::{Action, describe};
use crate::ui::widgets::weak;
use egui::{
    Color32, ColorImage, Pos2, Rect, Response, Sense, TextureHandle, TextureOptions, Ui, WidgetInfo, pos2,
    vec2,
};
use std::sync::Arc;

/// Points of the line under the image.
const STATUS: f32 = 22.0;
/// Points around the image.
const MARGIN: f32 = 8.0;

/// The texture of the image that is shown.
#[derive(Default)]
pub struct ImageScratch {
    /// The answer that it is of, and the texture.
    shown: Option<(u64, TextureHandle)>,
}

/// Draws an image; answers its canvas, which takes the keys.
pub(super) fn show(
    ui: &mut Ui,
    drawn: &Drawn<'_>,
    scratch: &mut ImageScratch,
    actions: &mut Vec<Action>,
) -> Response {
    let all = ui.available_rect_before_wrap();
    let canvas = all.with_max_y((all.bottom() - STATUS).max(all.top()));
    let response = ui.interact(canvas, grid_id(drawn.pane), Sense::click_and_drag());
    let room = canvas.shrink(MARGIN);
    drawn.measure(ui, room, actions);
    let answer = drawn.state.and_then(|state| state.answer()).and_then(PictureAnswer::image);
    let Some(answer) = answer else {
        drawn.failure(ui, canvas);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, "image"));
        return response;
    };
    let rect = place(answer, room);
    paint(ui, drawn, answer, rect, scratch);
    let under = response.hover_pos().and_then(|at| element_at(answer, rect, at));
    let words = under.map(|(row, column)| words_of(drawn, answer, row, column));
    response.widget_info(|| {
        let words = words.as_deref().unwrap_or_default();
        WidgetInfo::labeled(egui::Role::Image, true, format!("image {words}"))
    });
    status(ui, all.with_min_y(canvas.bottom()), answer, words);
    if let Some((row, column)) = under.filter(|_| response.clicked())
        && let Some(element) = element_of(drawn, answer, row, column)
    {
        actions.push(drawn.action(PictureWhat::GoTo(element)));
    }
    response
}

/// Where the image is: as large as fits, elements as wide as high.
fn place(answer: &ImageAnswer, room: Rect) -> Rect {
    let [rows, columns] = answer.plane().array.shape[..] else { return room };
    let (rows, columns) = (rows.max(1) as f32, columns.max(1) as f32);
    let scale = (room.width() / columns).min(room.height() / rows);
    Rect::from_min_size(room.min, vec2((columns * scale).max(1.0), (rows * scale).max(1.0)))
}

fn paint(ui: &Ui, drawn: &Drawn<'_>, answer: &ImageAnswer, rect: Rect, scratch: &mut ImageScratch) {
    let number = drawn.state.map_or(0, |state| state.number());
    if scratch.shown.as_ref().is_none_or(|(shown, _)| *shown != number) {
        let image = color_image(&answer.raster);
        match &mut scratch.shown {
            Some((shown, texture)) => {
                *shown = number;
                texture.set(image, TextureOptions::NEAREST);
            }
            None => {
                let texture = ui.ctx().load_texture("picture", image, TextureOptions::NEAREST);
                scratch.shown = Some((number, texture));
            }
        }
    }
    if let Some((_, texture)) = &scratch.shown {
        let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        ui.painter().image(texture.id(), rect, whole, Color32::WHITE);
    }
}

fn color_image(raster: &Raster) -> Arc<ColorImage> {
    let pixels = raster.pixels.iter();
    let pixels = pixels.map(|[r, g, b, a]| Color32::from_rgba_unmultiplied(*r, *g, *b, *a)).collect();
    Arc::new(ColorImage::new([raster.width, raster.height], pixels))
}

/// The row and the column of the element under a place of the screen.
fn element_at(answer: &ImageAnswer, rect: Rect, at: Pos2) -> Option<(u64, u64)> {
    let [rows, columns] = answer.plane().array.shape[..] else { return None };
    let part = (at - rect.min) / rect.size();
    let inside = (0.0..1.0).contains(&part.x) && (0.0..1.0).contains(&part.y);
    let (row, column) = ((part.y * rows as f32) as u64, (part.x * columns as f32) as u64);
    let has = row + 1 < rows || column < answer.plane().last_row;
    (inside && has && row < rows && column < columns).then_some((row, column))
}

/// Which element of those that are pictured is at a row and a column.
fn element_of(drawn: &Drawn<'_>, answer: &ImageAnswer, row: u64, column: u64) -> Option<u64> {
    let place = answer.plane().array.place(&[row, column]);
    let array = &drawn.state?.subject()?.array;
    let index = array.index_of_place(place)?;
    let number = index.iter().zip(&array.shape).fold(0, |number: u64, (at, side)| number * side + at);
    Some(number)
}

/// The element at a row and a column: where it is, and its value.
fn words_of(drawn: &Drawn<'_>, answer: &ImageAnswer, row: u64, column: u64) -> String {
    let place = answer.plane().array.place(&[row, column]);
    let mut bytes = vec![0; usize::try_from(place.span.len()).unwrap_or(0)];
    let mut states = vec![Availability::Missing; bytes.len()];
    let subject = drawn.state.and_then(|state| state.subject());
    drawn.tab.shown().peek(place.span.start(), &mut bytes, &mut states);
    let mut value = String::new();
    if states.iter().all(|state| *state == Availability::Ready) {
        let item = &answer.plane().array.item;
        item.format(&bytes, place.item, &NumberStyle::Shortest, &mut value);
    } else {
        value.push('…');
    }
    let index = subject.and_then(|subject| subject.index_words(place));
    let index = index.unwrap_or_else(|| format!("row {row}, column {column}"));
    let offset = describe::hex(place.span.start().wrapping_add(drawn.tab.hex().format.base));
    format!("{index} = {value} at {offset}")
}

/// The line under the image: the element under the pointer, and what the pixels are.
fn status(ui: &mut Ui, rect: Rect, answer: &ImageAnswer, words: Option<String>) {
    let mut line = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(rect.shrink2(vec2(MARGIN, 0.0)))
            .layout(egui::Layout::left_to_right(egui::Align::Center))
            .id_salt("status"),
    );
    let words = words.unwrap_or_else(|| {
        let [rows, columns] = answer.plane().array.shape[..] else { return String::new() };
        let per_pixel =
            (rows / answer.raster.height.max(1) as u64, columns / answer.raster.width.max(1) as u64);
        let bins = if per_pixel == (1, 1) || !answer.is_whole {
            String::new()
        } else {
            format!(", a pixel is the {} of its elements", answer.choice().name())
        };
        format!("{rows} × {columns}{bins}")
    });
    weak(&mut line, words);
}
