//! Other arrays of the same file that an expression names: `other('b')`.

use super::CommandError;
use super::target::{PartBytes, Target, container, entry_of, names, open_file};
use crate::bytes::SharedSource;
use crate::compute::{OtherArray, check_whole_shape};
use crate::decode::slice::Slice;
use std::path::Path;
use std::sync::Arc;

/// The arrays of these names in the file of `text`, each cut by the slice unless it is a single element. `own` is what the
/// bytes of the target's file are to be read from.
///
/// # Errors
/// [`CommandError`] when there is no such array, it has no such part, or it can't be read.
pub(super) fn others_of(
    text: &Path,
    wanted: &[&str],
    (target, own): (&Target, &SharedSource),
    slice: &Slice,
) -> Result<Vec<OtherArray>, CommandError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let (opened, _) = open_file(text)?;
    let Some((format, container)) = container(&opened)? else {
        return Err(CommandError::not_found(format!(
            "There is no array '{}': this kind of file does not name its arrays.",
            wanted[0]
        )));
    };
    let other = |name: &&str| {
        let at = container.find(name).ok_or_else(|| {
            CommandError::not_found(format!("There is no array '{name}'.{}", names(&container)))
        })?;
        let found = entry_of(opened.clone(), format, &container, at)?;
        let whole = found.array.clone();
        check_whole_shape(&whole.shape, &target.array.shape)
            .map_err(|reason| CommandError::usage(format!("'{name}' can't be used here: {reason}.")))?;
        let part = if whole.items() == 1 {
            whole
        } else {
            let sliced = whole.slice(slice);
            sliced.map_err(|error| CommandError::usage(error.to_string()))?.array
        };
        let is_own = found.deflated.is_none() && found.opened.path() == target.opened.path();
        let name = (*name).to_owned();
        if is_own {
            return Ok(OtherArray { name, source: Arc::clone(own), array: part });
        }
        let PartBytes { source, array, damage } = found.bytes_of(part)?;
        match damage {
            // Nobody would see which of the results are wrong.
            Some(damage) => Err(CommandError::failed(damage)),
            None => Ok(OtherArray { name, source, array }),
        }
    };
    wanted.iter().map(other).collect()
}
