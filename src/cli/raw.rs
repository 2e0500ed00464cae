//! The options that describe how a raw file is read.

use super::CommandError;
use crate::decode::array::MemoryOrder;
use crate::decode::array_text::{ArrayFaults, ArrayText, AxisLayout, parse_layout};
use crate::decode::shape::parse_strides;
use crate::decode::taken_for;

/// What a raw file is to be seen as, or the values of an array that a header describes.
#[derive(clap::Args, Debug, Default)]
pub struct Raw {
    /// Read the file, or the array if the file has a header, as values of this type: '<f4', uint16, 'struct:<2hf', "[('x', '<f4')]"
    #[arg(long, value_name = "TYPE")]
    pub dtype: Option<String>,

    /// Offset of the first value: 128, 0x80, -8 (from the end), end/2
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    pub offset: Option<String>,

    /// The shape, as 100,200; one axis may be -1: as many as fit
    #[arg(long, value_name = "SHAPE", allow_hyphen_values = true)]
    pub shape: Option<String>,

    /// C: the last axis is contiguous; F: the first axis is
    #[arg(long, value_name = "C|F")]
    pub order: Option<String>,

    /// Bytes from one value to the next, one number per axis
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true, conflicts_with = "order")]
    pub strides: Option<String>,
}

impl Raw {
    /// Whether any of them is given.
    pub(super) fn is_given(&self) -> bool {
        let options = [&self.dtype, &self.offset, &self.shape, &self.order, &self.strides];
        options.into_iter().any(Option::is_some)
    }

    /// The order that `--order` names, if it is given.
    ///
    /// # Errors
    /// A sentence for any text but C and F.
    pub(super) fn order(&self) -> Result<Option<MemoryOrder>, String> {
        let Some(text) = &self.order else { return Ok(None) };
        match parse_layout(text) {
            Ok(AxisLayout::Order(order)) if !text.trim().is_empty() => Ok(Some(order)),
            Ok(AxisLayout::Order(_) | AxisLayout::Strides(_)) | Err(_) => {
                Err(format!("--order {text}: write C or F."))
            }
        }
    }

    /// Whether `--order` and `--strides` are each what they may be.
    ///
    /// # Errors
    /// The fault, when one of them is something else.
    pub(super) fn check_layout(&self) -> Result<(), CommandError> {
        self.order().map_err(CommandError::usage)?;
        match self.strides.as_deref().map(|text| (text, parse_strides(text))) {
            Some((text, Err(error))) => Err(CommandError::usage(format!("--strides {text}: {error}"))),
            Some((_, Ok(_))) | None => Ok(()),
        }
    }

    /// The texts of an array; without a shape all whole elements that there are.
    pub(super) fn texts(&self) -> ArrayText<'_> {
        ArrayText {
            dtype: self.dtype.as_deref().unwrap_or("|u1"),
            offset: self.offset.as_deref().unwrap_or("0"),
            shape: self.shape.as_deref().unwrap_or("-1"),
            order: self.strides.as_deref().or(self.order.as_deref()).unwrap_or("C"),
            slice: "",
        }
    }

    /// The first fault of the texts, for the file at `place`.
    pub(super) fn stop(&self, faults: &ArrayFaults, place: &str) -> CommandError {
        let ArrayText { dtype, offset, shape, order, .. } = self.texts();
        let layout = if self.strides.is_some() { "--strides" } else { "--order" };
        let all = [
            faults.dtype.as_ref().map(|fault| format!("--dtype {dtype}: {fault}")),
            faults.offset.as_ref().map(|fault| format!("--offset {offset}: {fault}.")),
            faults.order.as_ref().map(|fault| format!("{layout} {order}: {fault}")),
            faults.shape.as_ref().map(|fault| format!("{place}: --shape {shape}: {fault}")),
            faults.whole.as_ref().or(faults.slice.as_ref()).map(|fault| format!("{place}: {fault}")),
        ];
        CommandError::usage(all.into_iter().flatten().next().unwrap_or_default())
    }

    /// What a doubtful name of a type is taken for.
    pub(super) fn type_note(&self) -> Vec<String> {
        let note = self.dtype.as_deref().and_then(taken_for);
        note.map(|note| format!("--dtype: {note}")).into_iter().collect()
    }
}
