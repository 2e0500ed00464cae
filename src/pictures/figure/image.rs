//! The figure of an image: its pixels, rows and columns along its sides, and the colours with their values.

use super::super::color_map::Rgb;
use super::super::text;
use super::super::ticks::{label, ticks};
use super::super::{ImageAnswer, Raster};
use super::{Figure, FigureRect, FigureShape, TextAlign};

const INK: Rgb = [40, 40, 40];
const LINE: Rgb = [120, 120, 120];
const GROUND: Rgb = [255, 255, 255];
/// Sizes in pixels.
const SIZE: f32 = 13.0;
const TITLE: f32 = 15.0;
const TICK: f32 = 5.0;
/// Room around the image for what is written.
const LEFT: f32 = 72.0;
const TOP: f32 = 40.0;
const BOTTOM: f32 = 36.0;
const RIGHT: f32 = 24.0;
/// Room for the colours and their values, and the width of the colours.
const COLORS: f32 = 110.0;
const COLOR_BAR: f32 = 18.0;

/// The room that an image has in a figure of so many pixels: height and width.
pub fn room((width, height): (u32, u32), has_colors: bool) -> (u64, u64) {
    let right = if has_colors { COLORS } else { RIGHT };
    let side = |all: u32, around: f32| (all as f32 - around).max(16.0) as u64;
    (side(height, TOP + BOTTOM), side(width, LEFT + right))
}

/// The size of a figure that has so much room for its image.
pub fn size_around((width, height): (u32, u32), has_colors: bool) -> (u32, u32) {
    let right = if has_colors { COLORS } else { RIGHT };
    (width.saturating_add((LEFT + right) as u32), height.saturating_add((TOP + BOTTOM) as u32))
}

/// A figure of so many pixels; `title` is over the image. `flips` is whether the last column is at the left, and the last
/// row at the top.
pub fn image_figure(
    answer: &ImageAnswer,
    title: &str,
    (width, height): (u32, u32),
    flips: (bool, bool),
) -> Figure {
    let has_colors = answer.question.pixel.has_map();
    let (room_height, room_width) = room((width, height), has_colors);
    let (rows, columns) = (&answer.question.rows, &answer.question.columns);
    let shape = ((rows.end - rows.start).max(1) as f32, (columns.end - columns.start).max(1) as f32);
    let scale = (room_width as f32 / shape.1).min(room_height as f32 / shape.0);
    let at = FigureRect {
        left: LEFT,
        top: TOP,
        width: (shape.1 * scale).round().max(1.0),
        height: (shape.0 * scale).round().max(1.0),
    };
    let mut shapes = vec![
        FigureShape::Pixels { at, raster: answer.raster.flipped(flips) },
        at.frame(1.0, LINE),
        words(LEFT, TOP - 14.0, TITLE, TextAlign::Start, &fitted(title, TITLE, width as f32 - LEFT - RIGHT)),
    ];
    let axis = |from: u64, to: u64, pixels: f32, each: f32, is_flipped: bool| {
        let values = ticks(from as f64, to as f64, (pixels / each) as usize, false);
        let inside = move |value: &f64| value.fract() == 0.0 && *value < to as f64;
        values.into_iter().filter(inside).map(move |value| {
            // The middle of the element.
            let place = (value - from as f64 + 0.5) as f32 * pixels / (to - from).max(1) as f32;
            (if is_flipped { pixels - place } else { place }, value)
        })
    };
    for (place, value) in axis(columns.start, columns.end, at.width, 96.0, flips.0) {
        let x = at.left + place;
        shapes.push(tick((x, at.bottom()), (x, at.bottom() + TICK)));
        shapes.push(words(x, at.bottom() + TICK + SIZE, SIZE, TextAlign::Middle, &value.to_string()));
    }
    for (place, value) in axis(rows.start, rows.end, at.height, 56.0, flips.1) {
        let y = at.top + place;
        shapes.push(tick((at.left - TICK, y), (at.left, y)));
        let text = value.to_string();
        shapes.push(words(at.left - TICK - 3.0, y + SIZE * 0.36, SIZE, TextAlign::End, &text));
    }
    if has_colors {
        colors(answer, &at, &mut shapes);
    }
    Figure { width, height, ground: GROUND, shapes }
}

/// The colours from the least value below to the greatest above.
fn colors(answer: &ImageAnswer, image: &FigureRect, shapes: &mut Vec<FigureShape>) {
    let bar = FigureRect { left: image.right() + 16.0, width: COLOR_BAR, ..*image };
    let table = answer.question.colors.map.table();
    let pixels = table.iter().rev().map(|[red, green, blue]| [*red, *green, *blue, 255]).collect();
    let raster = Raster { width: 1, height: table.len(), pixels };
    shapes.push(FigureShape::Pixels { at: bar, raster });
    shapes.push(bar.frame(1.0, LINE));
    let scale = &answer.scale;
    for value in ticks(scale.low, scale.high, (bar.height / 40.0).max(2.0) as usize, scale.is_log) {
        let y = bar.bottom() - scale.place(value) as f32 * bar.height;
        shapes.push(tick((bar.right(), y), (bar.right() + TICK, y)));
        let text = label(value);
        shapes.push(words(bar.right() + TICK + 3.0, y + SIZE * 0.36, SIZE, TextAlign::Start, &text));
    }
}

fn tick(from: (f32, f32), to: (f32, f32)) -> FigureShape {
    FigureShape::Line { points: vec![from, to], width: 1.0, color: LINE }
}

fn words(x: f32, y: f32, size: f32, align: TextAlign, text: &str) -> FigureShape {
    FigureShape::Text { x, y, size, align, color: INK, text: text.to_owned() }
}

/// The start of a text that has so much room.
fn fitted(text: &str, size: f32, room: f32) -> String {
    let mut fitted = text.to_owned();
    while text::width(&fitted, size) > room && fitted.pop().is_some() {}
    if fitted.len() < text.len() {
        fitted.pop();
        fitted.push('…');
    }
    fitted
}
