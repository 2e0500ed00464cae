//! The values of an image's pixels as CSV.

use super::ImageAnswer;
use super::ticks::label;
use std::io::{self, Write};

/// Writes a line for each row of pixels, with the values between commas; nothing where no element is a number.
///
/// # Errors
/// When it can't be written, or the pixels are colours.
pub fn write_csv(answer: &ImageAnswer, out: &mut dyn Write) -> io::Result<()> {
    if !answer.question.pixel.has_map() {
        return Err(io::Error::other("pixels with colours of their own have no values for CSV"));
    }
    let width = answer.bins.width.max(1);
    for row in 0..answer.bins.height {
        let values: Vec<String> = (row * width..(row + 1) * width)
            .map(|at| match answer.question.bins.value(&answer.bins, at) {
                value if value.is_nan() && answer.bins.nan[at] == 0 => String::new(),
                value => label(value),
            })
            .collect();
        writeln!(out, "{}", values.join(","))?;
    }
    Ok(())
}
