//! The canvas of an image: its pixels, what is marked on them, and the element at the pointer or the cursor.

use super::color_bar;
use super::image_input::{self, Canvas, ImageInput};
use super::image_marks;
use super::{Drawn, grid_id};
use crate::pictures::{ImageAnswer, Raster};
use crate::session::panes::ImageLook;
use crate::session::pictures::PictureAnswer;
use crate::session::{Action, describe};
use crate::ui::theme::{self, Theme};
use egui::{
    Align, Color32, ColorImage, Label, Layout, Rect, Response, RichText, Sense, TextureHandle,
    TextureOptions, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// Points of the line under the image.
const STATUS: f32 = 22.0;
/// Points around the image.
const MARGIN: f32 = 8.0;

/// What an image keeps from frame to frame.
#[derive(Default)]
pub struct ImageScratch {
    /// The answer that the textures are of.
    number: Option<u64>,
    tiles: Vec<ImageTile>,
    input: ImageInput,
}

/// A texture of a part of an image.
struct ImageTile {
    texture: TextureHandle,
    /// The pixels that it has.
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// Draws an image; answers its canvas, which takes the keys.
pub(super) fn show(
    ui: &mut Ui,
    drawn: &Drawn<'_>,
    look: &ImageLook,
    scratch: &mut ImageScratch,
    actions: &mut Vec<Action>,
) -> Response {
    let all = ui.available_rect_before_wrap();
    let body = all.with_max_y((all.bottom() - STATUS).max(all.top()));
    let bar = if !look.pixel.has_map() { 0.0 } else { color_bar::width(body.width()) };
    let canvas_rect = body.with_max_x((body.right() - bar).max(body.left()));
    let response = ui.interact(canvas_rect, grid_id(drawn.pane), Sense::click_and_drag());
    let room = canvas_rect.shrink(MARGIN);
    drawn.measure(ui, room, actions);
    let answer = drawn.state.and_then(|state| state.answer()).and_then(PictureAnswer::image);
    let plane = drawn.state.and_then(|state| state.subject()).map(|subject| look.plane(&subject.array));
    let (Some(answer), Some(Ok(plane))) = (answer, plane) else {
        drawn.failure(ui, canvas_rect);
        let reason = drawn.state.and_then(|state| state.failure());
        let label = reason.map_or_else(|| String::from("image"), |reason| format!("image: {reason}"));
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, label.clone()));
        return response;
    };
    let points = ui.ctx().pixels_per_point();
    let canvas = Canvas { placing: look.placing(&plane, drawn.picture.room), plane: &plane, room, points };
    paint(ui, drawn, answer, &canvas, scratch);
    image_marks::show(ui, drawn, look, &canvas, scratch.input.is_playing, response.has_focus());
    image_input::pointer(ui, drawn, look, &canvas, &mut scratch.input, &response, actions);
    image_input::keys(ui, drawn, look, &canvas, &mut scratch.input, &response, actions);
    if bar > 0.0 {
        color_bar::show(ui, body.with_min_x(canvas_rect.right()), answer);
    }
    let under = response.hover_pos().and_then(|at| canvas.element_at(at));
    let told = under.or(look.cursor).filter(|(row, column)| plane.has(*row, *column));
    let words = told.map(|(row, column)| words_of(drawn, &canvas, row, column));
    let label = match &words {
        Some(words) => format!("image, {words}"),
        None => format!("image of {} rows and {} columns", plane.shape().0, plane.shape().1),
    };
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, label.clone()));
    status(ui, all.with_min_y(body.bottom()), answer, words);
    response
}

fn paint(ui: &Ui, drawn: &Drawn<'_>, answer: &ImageAnswer, canvas: &Canvas<'_>, scratch: &mut ImageScratch) {
    let number = drawn.state.map(|state| state.number());
    if scratch.number != number {
        scratch.number = number;
        let side = ui.ctx().input(|input| input.max_texture_side).max(64);
        scratch.tiles = tiles(ui, &answer.raster, side, std::mem::take(&mut scratch.tiles));
    }
    let whole = canvas.rect_of(&answer.question.rows, &answer.question.columns);
    let (width, height) = (answer.raster.width.max(1) as f32, answer.raster.height.max(1) as f32);
    let painter = ui.painter_at(canvas.room);
    let (flip_x, flip_y) = canvas.placing.flips;
    for tile in &scratch.tiles {
        let part = |from: usize, len: usize, all: f32, is_flipped: bool| {
            let (start, end) = (from as f32 / all, (from + len) as f32 / all);
            if is_flipped { (1.0 - end, 1.0 - start) } else { (start, end) }
        };
        let (left, right) = part(tile.left, tile.width, width, flip_x);
        let (top, bottom) = part(tile.top, tile.height, height, flip_y);
        let at = |x: f32, y: f32| whole.lerp_inside(vec2(x, y));
        let rect = Rect::from_min_max(at(left, top), at(right, bottom));
        let uv = |is_flipped: bool| if is_flipped { (1.0, 0.0) } else { (0.0, 1.0) };
        let ((u0, u1), (v0, v1)) = (uv(flip_x), uv(flip_y));
        let uv = Rect { min: pos2(u0, v0), max: pos2(u1, v1) };
        painter.image(tile.texture.id(), rect, uv, Color32::WHITE);
    }
}

/// Textures of an image, none of which is larger than the screen's memory allows.
fn tiles(ui: &Ui, raster: &Raster, side: usize, before: Vec<ImageTile>) -> Vec<ImageTile> {
    let mut before = before.into_iter();
    let mut made = Vec::new();
    for top in (0..raster.height).step_by(side) {
        for left in (0..raster.width).step_by(side) {
            let (width, height) = (side.min(raster.width - left), side.min(raster.height - top));
            let image = color_image(raster, (left, top), (width, height));
            let texture = match before.next() {
                Some(ImageTile { mut texture, .. }) => {
                    texture.set(image, TextureOptions::NEAREST);
                    texture
                }
                None => ui.ctx().load_texture("picture", image, TextureOptions::NEAREST),
            };
            made.push(ImageTile { texture, left, top, width, height });
        }
    }
    made
}

fn color_image(raster: &Raster, (left, top): (usize, usize), (width, height): (usize, usize)) -> ColorImage {
    let rows = raster.pixels.chunks(raster.width.max(1)).skip(top).take(height);
    let pixels = rows.flat_map(|row| &row[left..left + width]);
    let color = |[red, green, blue, opacity]: &[u8; 4]| match opacity {
        255 => Color32::from_rgb(*red, *green, *blue),
        0 => Color32::TRANSPARENT,
        _ => Color32::from_rgba_unmultiplied(*red, *green, *blue, *opacity),
    };
    ColorImage::new([width, height], pixels.map(color).collect())
}

/// The element at a row and a column: where it is, and its value.
fn words_of(drawn: &Drawn<'_>, canvas: &Canvas<'_>, row: u64, column: u64) -> String {
    let place = canvas.plane.array.place(&[row, column]);
    let subject = drawn.state.and_then(|state| state.subject());
    let value = subject.and_then(|subject| subject.value_text(drawn.tab.shown(), place));
    let value = value.unwrap_or_else(|| String::from("…"));
    let index = subject.and_then(|subject| subject.index_words(place));
    let index = index.unwrap_or_else(|| format!("row {row}, column {column}"));
    let offset = describe::hex(place.span.start().wrapping_add(drawn.tab.hex().format.base));
    format!("{index} = {value} at {offset}")
}

/// The line under the image: the element at the pointer or the cursor, and what the pixels are.
fn status(ui: &mut Ui, rect: Rect, answer: &ImageAnswer, words: Option<String>) {
    let layout = Layout::left_to_right(Align::Center);
    let builder = UiBuilder::new().max_rect(rect.shrink2(vec2(MARGIN, 0.0))).layout(layout).id_salt("status");
    let mut line = ui.new_child(builder);
    let (rows, columns) = answer.question.plane.shape();
    let mut parts: Vec<String> = words.into_iter().collect();
    if parts.is_empty() {
        parts.push(format!("{} × {}", describe::grouped(rows), describe::grouped(columns)));
    }
    parts.extend(Some(answer.bin_words()).filter(|words| !words.is_empty()));
    if !answer.is_whole {
        parts.push(String::from("refining…"));
    }
    let text = parts.join(" · ");
    let color = Theme::of(line.ctx()).text_weak;
    line.add(Label::new(RichText::new(text).font(theme::small()).color(color)).truncate());
    if !answer.unread.is_empty() {
        let color = Theme::of(line.ctx()).error;
        line.colored_label(color, "Some bytes could not be read.");
    }
}
