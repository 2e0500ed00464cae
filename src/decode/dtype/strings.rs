//! Strings of a fixed size as Python literals: NumPy's S, U and V, struct's p.
//!
//! What is typed without quotes is taken as it is. A string that is too long is refused, never cut; a shorter one is
//! filled with zeros.

use super::{ItemType, Order};
use crate::decode::literal::{self, Literal};
use crate::decode::quoted;
use crate::decode::scalar::integer::excerpt;
use crate::decode::{DType, Element, ValueError};
use crate::escape::{escaped, is_hidden};
use std::borrow::Cow;

pub(super) fn format(item: &ItemType, group: &[u8], out: &mut String) {
    match item {
        ItemType::Text(_, order) => match characters(group, *order) {
            Some(text) => quoted::push_str(text.trim_end_matches('\0'), out),
            // No string of Unicode: its bytes, all of them.
            None => quoted::push_bytes(group, out),
        },
        ItemType::Void(_) => quoted::push_bytes(group, out),
        ItemType::Pascal(_) => {
            let (len, content) =
                group.split_first().map_or((0, group), |(len, content)| (usize::from(*len), content));
            quoted::push_bytes(&content[..len.min(content.len())], out);
        }
        _ => {
            let end = group.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            quoted::push_bytes(&group[..end], out);
        }
    }
}

impl ItemType {
    /// The string in `group` as it is, without quotes; `None` of what is no string, of bytes that are no text, and of text
    /// that drives a terminal or is not seen.
    pub fn plain_text(&self, group: &[u8]) -> Option<String> {
        let text = match self {
            Self::Text(_, order) => characters(group, *order)?.trim_end_matches('\0').to_owned(),
            Self::Bytes(_) => {
                let end = group.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                std::str::from_utf8(&group[..end]).ok().filter(|text| text.is_ascii())?.to_owned()
            }
            Self::Scalar(DType { element: Element::Char, .. }) => {
                std::str::from_utf8(group).ok().filter(|text| text.is_ascii())?.to_owned()
            }
            _ => return None,
        };
        let is_odd = |letter: char| is_hidden(letter) && !matches!(letter, '\n' | '\r' | '\t');
        // Joiners stay where a script has them.
        let is_seen =
            |text: &str| matches!(escaped(&text.replace(['\n', '\r', '\t'], " ")), Cow::Borrowed(_));
        (!text.contains(is_odd) || is_seen(&text)).then_some(text)
    }

    /// Bytes at the front of a string that are enough to see what is in it; `None` of what can only be written whole,
    /// and of what is no longer than this.
    pub fn head_bytes(&self) -> Option<u64> {
        /// Whole characters, of four bytes.
        const HEAD: u64 = 1 << 10;
        let is_string = matches!(self, Self::Bytes(_) | Self::Text(..) | Self::Void(_));
        (is_string && self.group_bytes() > HEAD).then_some(HEAD)
    }

    /// The front of a long string, [`ItemType::head_bytes`] of it, with '…' for what may come after it.
    pub fn format_head(&self, head: &[u8], out: &mut String) {
        format(self, head, out);
        out.push('…');
    }
}

/// The code points; `None` when one is no character.
fn characters(group: &[u8], order: Order) -> Option<String> {
    let code = |chunk: &[u8]| {
        let bytes = chunk.try_into().ok()?;
        char::from_u32(if order == Order::Little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    };
    group.chunks_exact(4).map(code).collect()
}

/// The bytes of a typed string; what is no literal is taken as it is.
pub(super) fn encode(item: &ItemType, text: &str, old: &[u8]) -> Result<Vec<u8>, ValueError> {
    let trimmed = text.trim();
    let starts = trimmed.trim_start_matches(['b', 'B', 'r', 'R', 'u', 'U']);
    if trimmed.len() - starts.len() > 2 || !starts.starts_with(['\'', '"']) {
        return of_str(item, text, old);
    }
    match literal::parse(trimmed) {
        Ok(value) => of_literal(item, &value, old),
        Err(error) => {
            Err(ValueError::new(format!("'{}' is not a Python string: {}", excerpt(trimmed), error.text)))
        }
    }
}

pub(super) fn of_literal(item: &ItemType, value: &Literal, old: &[u8]) -> Result<Vec<u8>, ValueError> {
    match (item, value) {
        (_, Literal::Str(text)) => of_str(item, text, old),
        (ItemType::Text(..), Literal::Bytes(bytes)) if bytes.len() == old.len() => Ok(bytes.clone()),
        (ItemType::Text(..), Literal::Bytes(_)) => {
            Err(ValueError::new("this type holds characters, not bytes: leave out the b"))
        }
        (_, Literal::Bytes(bytes)) => of_bytes(item, bytes, old),
        (_, other) => Err(ValueError::new(format!("expected a string, not {}", other.kind()))),
    }
}

fn of_str(item: &ItemType, text: &str, old: &[u8]) -> Result<Vec<u8>, ValueError> {
    let ItemType::Text(chars, order) = item else {
        if let Some(odd) = text.chars().find(|character| !character.is_ascii()) {
            return Err(ValueError::new(format!("'{odd}' is not a single byte: write bytes as b'\\xe4'")));
        }
        return of_bytes(item, text.as_bytes(), old);
    };
    let count = text.chars().count();
    if count > *chars as usize {
        return Err(ValueError::new(format!(
            "'{}' has {count} characters, but there is room for only {chars}",
            excerpt(text)
        )));
    }
    let mut bytes: Vec<u8> = text
        .chars()
        .flat_map(|character| {
            let code = u32::from(character);
            if *order == Order::Little { code.to_le_bytes() } else { code.to_be_bytes() }
        })
        .collect();
    bytes.resize(old.len(), 0);
    Ok(bytes)
}

fn of_bytes(item: &ItemType, bytes: &[u8], old: &[u8]) -> Result<Vec<u8>, ValueError> {
    let pascal = matches!(item, ItemType::Pascal(_));
    let room = if pascal { old.len().saturating_sub(1).min(255) } else { old.len() };
    if bytes.len() > room {
        return Err(ValueError::new(format!(
            "this has {} bytes, but there is room for only {room}",
            bytes.len()
        )));
    }
    let mut new = Vec::with_capacity(old.len());
    if pascal && !old.is_empty() {
        new.push(bytes.len() as u8);
    }
    new.extend_from_slice(bytes);
    if pascal {
        // Behind the length there is nothing of the value.
        new.extend_from_slice(&old[new.len()..]);
    }
    new.resize(old.len(), 0);
    Ok(new)
}
