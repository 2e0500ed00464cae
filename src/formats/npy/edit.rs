//! A key of a `.npy` header, changed within the header's own bytes.
//!
//! The spaces that pad the header take up the difference, so that no element moves. A type, an order or a shape that
//! does not describe just the bytes that are there is refused.

use super::header::{dict_at, order, text};
use super::{dict, parse, read};
use crate::bytes::{Source, Span};
use crate::decode::dtype::ItemType;
use crate::formats::header::{data_bytes, quoted};
use crate::job::Progress;

/// The bytes of `span` in which `key` has another value.
pub(super) fn set(source: &dyn Source, key: &str, value: &str) -> Result<(Span, Vec<u8>), String> {
    let (header, _) = read(source, &Progress::default()).map_err(|error| error.text)?;
    let said = text(&header).map_err(|error| error.text)?;
    let at = dict_at(&header);
    if said.len() != header.len() - at {
        return Err("A header with non-ASCII characters can't be changed here.".to_owned());
    }
    let dict = dict::read(&said).map_err(|error| format!("The header can't be read: {}.", error.text))?;
    let end = dict.end;
    let place = dict.get(key).map(|pair| pair.value.clone());
    let place = place.ok_or_else(|| format!("The header has no key {}.", quoted(key)))?;
    let new = normal(key, value)?;
    // The header ends with a line break; spaces stand in front of it.
    let room = header.len() - at - end;
    let room = if header.ends_with(b"\n") { room.saturating_sub(1) } else { room };
    let missing = new.len().saturating_sub(place.len() + room);
    if missing > 0 {
        return Err(format!("The header has no room for this value: it is {missing} bytes too long."));
    }
    let mut edited = header[..at + place.start].to_vec();
    edited.extend(new.bytes());
    edited.extend(&header[at + place.end..at + end]);
    edited.resize(header.len(), b' ');
    if header.ends_with(b"\n") {
        edited[header.len() - 1] = b'\n';
    }
    fits(&edited, source.len())?;
    let span = Span::between((at + place.start) as u64, header.len() as u64);
    edited.drain(..at + place.start);
    Ok((span, edited))
}

/// The value as NumPy writes it.
fn normal(key: &str, value: &str) -> Result<String, String> {
    let value = value.trim();
    match key {
        "descr" => {
            let bare = value.trim_matches(['\'', '"']);
            let bare = if value.starts_with(['[', '(', '{']) { value } else { bare };
            let item: ItemType = bare.parse().map_err(|error| format!("{error}."))?;
            item.descr()
                .filter(|_| item.is_numpy())
                .ok_or_else(|| format!("NumPy has no type {}.", quoted(value)))
        }
        "fortran_order" => match order(value) {
            Some(_) => Ok(value.to_owned()),
            None => Err("Write the order as True (Fortran) or False (C).".to_owned()),
        },
        "shape" => {
            let inside = value.trim_matches(['(', ')', '[', ']']).trim().trim_end_matches(',');
            let tuple = if inside.is_empty() { "()".to_owned() } else { format!("({inside},)") };
            let sides = dict::shape(&tuple, crate::formats::header::MOST_SIDES)
                .ok_or_else(|| format!("{} is not a shape; write one such as (2, 3).", quoted(value)))?;
            Ok(match sides.as_slice() {
                [one] => format!("({one},)"),
                sides => format!("({})", sides.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
            })
        }
        _ => Err(format!("The key {} can't be changed here.", quoted(key))),
    }
}

/// Whether a changed header describes the bytes behind it.
fn fits(header: &[u8], len: u64) -> Result<(), String> {
    let said = parse(header, 0).map_err(|error| error.text)?;
    if let Some(reason) = said.hidden {
        return Err(format!("An array of this type can't be shown: {reason}."));
    }
    let there = len - header.len() as u64;
    match data_bytes(&said.item, &said.shape) {
        Some(needed) if needed == there => Ok(()),
        Some(needed) => Err(format!("Such an array takes {needed} bytes, but the file has {there}.")),
        None => Err("Such an array would exceed the largest possible size.".to_owned()),
    }
}
