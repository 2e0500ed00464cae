//! A picture as it is remembered for the next start.

use super::{PictureLook, PicturePane};
use crate::decode::array::Array;
use crate::session::ids::PaneKey;
use crate::session::subject::ElementSubject;
use crate::state::OpenPicture;

impl PicturePane {
    /// How it looks, for the next start. Elements in bytes of their own, which have no offset in the file, are left out.
    pub(in crate::session) fn as_left(&self) -> OpenPicture {
        let left =
            OpenPicture { of: self.of.number(), look: self.look.to_string(), ..OpenPicture::default() };
        let is_kept = |captured: &&ElementSubject| !captured.is_unpacked() && captured.array.first == 0;
        let Some(captured) = self.captured.as_ref().filter(is_kept) else { return left };
        let array = &captured.array;
        let shape: Option<Vec<i64>> = array.shape.iter().map(|side| i64::try_from(*side).ok()).collect();
        OpenPicture {
            dtype: Some(array.item.to_string()),
            offset: array.offset,
            shape: shape.unwrap_or_default(),
            strides: array.strides.clone(),
            ..left
        }
    }

    /// A picture as it was left, and the elements that were selected for it in a file of `len` bytes; `None` for one that
    /// can't be.
    pub(in crate::session) fn of_left(left: &OpenPicture, len: u64) -> Option<(Self, Option<Array>)> {
        let look = PictureLook::parse(&left.look)?;
        let captured = match &left.dtype {
            Some(dtype) => Some(array_of(dtype, left, len)?),
            None => None,
        };
        Some((Self::new(PaneKey::of_number(left.of), None, look), captured))
    }
}

fn array_of(dtype: &str, left: &OpenPicture, len: u64) -> Option<Array> {
    let shape: Option<Vec<u64>> = left.shape.iter().map(|side| u64::try_from(*side).ok()).collect();
    let array = Array::with_strides(dtype.parse().ok()?, left.offset, shape?, left.strides.clone()).ok()?;
    (array.items() > 0 && array.check_fits(len).is_ok()).then_some(array)
}
