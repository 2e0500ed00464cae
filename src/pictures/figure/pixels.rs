//! A figure as pixels, and pixels as a PNG file.

use super::super::Raster;
use super::super::color_map::Rgb;
use super::super::text::{self, OutlinePart};
use super::{Figure, FigureRect, FigureShape, TextAlign};
use tiny_skia::{FillRule, Paint, Path, PathBuilder, Pixmap, PremultipliedColorU8, Rect, Stroke, Transform};

/// Draws a figure.
///
/// # Errors
/// A sentence when it has no pixels, or too many.
pub fn draw(figure: &Figure) -> Result<Raster, String> {
    let too_large = || format!("A picture of {} × {} pixels is not possible.", figure.width, figure.height);
    let mut map = Pixmap::new(figure.width, figure.height).ok_or_else(too_large)?;
    let [red, green, blue] = figure.ground;
    map.fill(tiny_skia::Color::from_rgba8(red, green, blue, 255));
    for shape in &figure.shapes {
        match shape {
            FigureShape::Box { at, color } => {
                if let Some(rect) = Rect::from_xywh(at.left, at.top, at.width, at.height) {
                    map.fill_rect(rect, &paint(*color), Transform::identity(), None);
                }
            }
            FigureShape::Line { points, width, color } => {
                if let Some(path) = line(points) {
                    let stroke = Stroke { width: *width, ..Stroke::default() };
                    map.stroke_path(&path, &paint(*color), &stroke, Transform::identity(), None);
                }
            }
            FigureShape::Text { x, y, size, align, color, text } => {
                let left = match align {
                    TextAlign::Start => *x,
                    TextAlign::Middle => x - text::width(text, *size) / 2.0,
                    TextAlign::End => x - text::width(text, *size),
                };
                if let Some(path) = glyphs(&text::outlines(text, *size, (left, *y))) {
                    map.fill_path(&path, &paint(*color), FillRule::Winding, Transform::identity(), None);
                }
            }
            FigureShape::Pixels { at, raster } => copy(raster, at, &mut map),
        }
    }
    let pixels = map.pixels().iter().map(|pixel| {
        let color = pixel.demultiply();
        [color.red(), color.green(), color.blue(), color.alpha()]
    });
    Ok(Raster { width: figure.width as usize, height: figure.height as usize, pixels: pixels.collect() })
}

fn paint([red, green, blue]: Rgb) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

fn line(points: &[(f32, f32)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let mut is_down = false;
    for (x, y) in points {
        // A gap in a line.
        if !x.is_finite() || !y.is_finite() {
            is_down = false;
        } else if is_down {
            path.line_to(*x, *y);
        } else {
            path.move_to(*x, *y);
            is_down = true;
        }
    }
    path.finish()
}

fn glyphs(parts: &[OutlinePart]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for part in parts {
        match *part {
            OutlinePart::Move(x, y) => path.move_to(x, y),
            OutlinePart::Line(x, y) => path.line_to(x, y),
            OutlinePart::Quad(cx, cy, x, y) => path.quad_to(cx, cy, x, y),
            OutlinePart::Cubic(ax, ay, bx, by, x, y) => path.cubic_to(ax, ay, bx, by, x, y),
            OutlinePart::Close => path.close(),
        }
    }
    path.finish()
}

/// Each pixel of the figure has the colour of the pixel of the picture that is there: nothing is blended.
fn copy(raster: &Raster, at: &FigureRect, map: &mut Pixmap) {
    let (left, top) = (at.left.round().max(0.0) as usize, at.top.round().max(0.0) as usize);
    let (width, height) = (at.width.round() as usize, at.height.round() as usize);
    let (all_width, all_height) = (map.width() as usize, map.height() as usize);
    if raster.width == 0 || raster.height == 0 || width == 0 || height == 0 {
        return;
    }
    let pixels = map.pixels_mut();
    for y in 0..height.min(all_height.saturating_sub(top)) {
        let from = y * raster.height / height * raster.width;
        for x in 0..width.min(all_width.saturating_sub(left)) {
            let [red, green, blue, opacity] = raster.pixels[from + x * raster.width / width];
            let to = &mut pixels[(top + y) * all_width + left + x];
            let over = |new: u8, old: u8| {
                ((u32::from(new) * u32::from(opacity) + u32::from(old) * (255 - u32::from(opacity))) / 255)
                    as u8
            };
            let mixed = PremultipliedColorU8::from_rgba(
                over(red, to.red()),
                over(green, to.green()),
                over(blue, to.blue()),
                255,
            );
            *to = mixed.unwrap_or(*to);
        }
    }
}

/// A picture as a PNG file.
///
/// # Errors
/// A sentence when it has no pixels.
pub fn png(raster: &Raster) -> Result<Vec<u8>, String> {
    let failed = |error: png::EncodingError| format!("The picture could not be written as PNG: {error}.");
    let side = |side: usize| u32::try_from(side).unwrap_or(0);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side(raster.width), side(raster.height));
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(raster.pixels.as_flattened()).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_where_they_are_said_to_be() {
        let at = FigureRect { left: 2.0, top: 1.0, width: 4.0, height: 2.0 };
        let raster = Raster { width: 2, height: 1, pixels: vec![[10, 20, 30, 255], [0; 4]] };
        let shapes = vec![
            FigureShape::Box {
                at: FigureRect { left: 0.0, top: 5.0, width: 8.0, height: 3.0 },
                color: [0, 0, 255],
            },
            FigureShape::Pixels { at, raster },
        ];
        let drawn = draw(&Figure { width: 8, height: 8, ground: [255; 3], shapes }).expect("a picture");
        let pixel = |x: usize, y: usize| drawn.pixels[y * 8 + x];
        assert_eq!(pixel(0, 0), [255; 4]);
        assert_eq!([pixel(2, 1), pixel(3, 2)], [[10, 20, 30, 255]; 2]);
        assert_eq!(pixel(4, 1), [255; 4], "nothing is there");
        assert_eq!([pixel(0, 5), pixel(7, 7)], [[0, 0, 255, 255]; 2]);
        assert!(draw(&Figure { width: 0, height: 8, ground: [0; 3], shapes: Vec::new() }).is_err());
    }

    #[test]
    fn a_png_file_reads_back() {
        let pixels: Vec<[u8; 4]> = (0..6).map(|at| [at, 2 * at, 255 - at, 255]).collect();
        let raster = Raster { width: 3, height: 2, pixels };
        let file = png(&raster).expect("a file");
        let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().expect("a header");
        let mut read = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut read).expect("pixels");
        assert_eq!((info.width, info.height, &read[..24]), (3, 2, raster.pixels.as_flattened()));
    }

    #[test]
    fn text_leaves_ink_at_its_place() {
        let text = String::from("HH");
        let shapes = vec![FigureShape::Text {
            x: 50.0,
            y: 30.0,
            size: 20.0,
            align: TextAlign::Middle,
            color: [0; 3],
            text,
        }];
        let drawn = draw(&Figure { width: 100, height: 40, ground: [255; 3], shapes }).expect("a picture");
        let ink: Vec<(usize, usize)> = (0..drawn.pixels.len())
            .filter(|at| drawn.pixels[*at][0] < 100)
            .map(|at| (at % 100, at / 100))
            .collect();
        assert!(ink.len() > 60 && ink.iter().all(|(x, y)| (30..70).contains(x) && (14..31).contains(y)));
    }
}
