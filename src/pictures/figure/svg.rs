//! A figure as SVG text. Pixels are in it as a PNG file; text stays text.

use super::super::color_map::Rgb;
use super::{Figure, FigureRect, FigureShape, TextAlign, png};
use crate::export::base64;
use std::fmt::Write;

/// The text of a file.
///
/// # Errors
/// A sentence when pixels can't be written.
pub fn svg(figure: &Figure) -> Result<String, String> {
    let Figure { width, height, ground, shapes } = figure;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"Inter, Helvetica, Arial, sans-serif\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        hex(*ground)
    );
    for shape in shapes {
        write_shape(shape, &mut out)?;
    }
    out.push_str("</svg>\n");
    Ok(out)
}

fn write_shape(shape: &FigureShape, out: &mut String) -> Result<(), String> {
    // Writing to a String cannot fail.
    let _ = match shape {
        FigureShape::Box { at, color } => writeln!(out, "<rect {} fill=\"{}\"/>", sides(at), hex(*color)),
        FigureShape::Line { points, width, color } => {
            let list: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
            writeln!(
                out,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"/>",
                list.join(" "),
                hex(*color)
            )
        }
        FigureShape::Text { x, y, size, align, color, text } => {
            let anchor = match align {
                TextAlign::Start => "start",
                TextAlign::Middle => "middle",
                TextAlign::End => "end",
            };
            writeln!(
                out,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{}\">{}</text>",
                hex(*color),
                plain(text)
            )
        }
        FigureShape::Pixels { at, raster } => {
            let data = base64::text_of(&png(raster)?);
            writeln!(
                out,
                "<image {} preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" \
                 href=\"data:image/png;base64,{data}\"/>",
                sides(at)
            )
        }
    };
    Ok(())
}

fn sides(at: &FigureRect) -> String {
    format!("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", at.left, at.top, at.width, at.height)
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text without signs that mean something, and without what XML does not allow.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::Raster;

    #[test]
    fn a_figure_is_text_that_no_name_can_break() {
        let at = FigureRect { left: 1.0, top: 2.0, width: 3.0, height: 4.0 };
        let text = String::from("a<b>&\"\u{1b}");
        let raster = Raster { width: 1, height: 1, pixels: vec![[1, 2, 3, 255]] };
        let shapes = vec![
            FigureShape::Box { at, color: [255, 0, 16] },
            at.frame(1.5, [0; 3]),
            FigureShape::Text { x: 5.0, y: 6.0, size: 12.0, align: TextAlign::End, color: [0; 3], text },
            FigureShape::Pixels { at, raster },
        ];
        let svg = svg(&Figure { width: 10, height: 20, ground: [255; 3], shapes }).expect("a text");
        let lines: Vec<&str> = svg.lines().collect();
        assert_eq!(lines[2], "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"#ff0010\"/>");
        assert!(lines[3].starts_with("<polyline points=\"1,2 4,2 4,6 1,6 1,2\""), "{}", lines[3]);
        assert!(lines[4].ends_with(">a&lt;b&gt;&amp;&quot;\u{fffd}</text>"), "{}", lines[4]);
        assert!(lines[5].contains("data:image/png;base64,iVBOR"), "{}", lines[5]);
    }
}
