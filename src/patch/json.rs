//! Our own JSON: `{"pagelens_patch": 1, "file", "length_before", "length_after", "changes": [{"offset", "old", "new"}]}`.
//!
//! Offsets are those of the old file; `old` and `new` are hex digits. An insertion has no old bytes, a deletion no new ones.

use super::change::{ChangeList, PatchChange, each_change};
use super::error::PatchError;
use super::{PatchPlace, PatchSides};
use crate::formats::json::{Json, JsonError};
use std::io::Write;

/// The version that is written, and the only one that is read.
const VERSION: u64 = 1;

pub(super) fn write(
    sides: &PatchSides<'_>,
    places: &[PatchPlace],
    out: &mut dyn Write,
) -> Result<(), PatchError> {
    let mut name = Vec::new();
    crate::formats::json::push_quoted(sides.name, &mut name);
    let (before, after) = (sides.old.len(), sides.new.len());
    write!(out, "{{\"pagelens_patch\": {VERSION}, \"file\": ")?;
    out.write_all(&name)?;
    write!(out, ", \"length_before\": {before}, \"length_after\": {after}, \"changes\": [")?;
    let mut comma = "\n";
    each_change(sides, places, &mut |change| {
        let hex = |bytes: &[u8]| crate::decode::hex::format(bytes, false, "");
        let (old, new) = (hex(&change.old), hex(&change.new));
        write!(out, "{comma}  {{\"offset\": {}, \"old\": \"{old}\", \"new\": \"{new}\"}}", change.offset)?;
        comma = ",\n";
        Ok(())
    })?;
    writeln!(out, "\n]}}")?;
    Ok(())
}

impl From<JsonError> for PatchError {
    fn from(error: JsonError) -> Self {
        Self::Damaged { what: error.text, at: error.at }
    }
}

pub(super) fn read(patch: &[u8]) -> Result<ChangeList, PatchError> {
    let mut json = Json::new(patch);
    let mut list = ChangeList::default();
    let (mut version, mut has_changes, mut first) = (None, false, true);
    json.open_object()?;
    while let Some((key, _)) = json.key(first)? {
        first = false;
        match &*key {
            "pagelens_patch" => version = Some(json.count()?),
            "length_before" => list.len_before = Some(json.count()?),
            "length_after" => list.len_after = Some(json.count()?),
            "changes" if !has_changes => {
                has_changes = true;
                list.changes = changes(&mut json)?;
            }
            _ => json.pass()?,
        }
    }
    let damaged = |what| Err(PatchError::Damaged { what, at: json.at() });
    match version {
        Some(VERSION) if has_changes => Ok(list),
        Some(VERSION) => damaged("it has no list of changes"),
        Some(_) => damaged("its version is not known"),
        None => damaged("it does not say that it is a patch: 'pagelens_patch' is missing"),
    }
}

fn changes(json: &mut Json<'_>) -> Result<Vec<PatchChange>, PatchError> {
    let mut changes = Vec::new();
    json.open_list()?;
    while json.next_in_list(changes.is_empty())? {
        let (mut offset, mut old, mut new, mut first) = (None, Vec::new(), Vec::new(), true);
        json.open_object()?;
        while let Some((key, _)) = json.key(first)? {
            first = false;
            match &*key {
                "offset" => offset = Some(json.count()?),
                "old" => old = hex_bytes(json)?,
                "new" => new = hex_bytes(json)?,
                _ => json.pass()?,
            }
        }
        let missing = PatchError::Damaged { what: "a change has no offset", at: json.at() };
        changes.push(PatchChange { offset: offset.ok_or(missing)?, old, new });
    }
    Ok(changes)
}

fn hex_bytes(json: &mut Json<'_>) -> Result<Vec<u8>, PatchError> {
    let at = json.at();
    let text = json.string()?;
    let damaged = PatchError::Damaged { what: "bytes are not written as hex digits", at };
    super::text::bytes_of_hex(text.as_bytes()).ok_or(damaged)
}
