use super::plan::Prepared;
use super::{Disk, SaveError, SaveRequest, Saved};
use crate::job::Progress;

pub(super) fn save(disk: &dyn Disk, request: &SaveRequest, prepared: Prepared, progress: &Progress) -> Result<Saved, SaveError> {
    todo!()
}
