//! A hash for others: copied, or written into the file at the caret.

use super::{Hashes, chosen};
use crate::analysis::hashes::{HashAlgorithm, HashValue};
use crate::bytes::Span;
use crate::document::{Content, Edit};
use crate::escape::escaped;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::done::Done;
use crate::session::features::clipboard::system::ClipboardOffer;
use crate::session::request::Request;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::Selection;

/// How a value is written into the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashWriting {
    /// Its bytes, the most significant first, as the digits are written.
    Bytes,
    /// The same, the least significant first.
    Reversed,
    /// Its hex digits, as text.
    Text,
}

impl HashWriting {
    fn bytes(self, value: &HashValue) -> Vec<u8> {
        match self {
            Self::Bytes => value.bytes.clone(),
            Self::Reversed => value.bytes.iter().rev().copied().collect(),
            Self::Text => value.hex().into_bytes(),
        }
    }
}

impl Hashes {
    /// The algorithm of the row that the keys stand on; without one that of the first row.
    fn meant_algorithm(&self, context: &Context) -> Option<&'static HashAlgorithm> {
        let row = usize::try_from(self.chosen.unwrap_or(0)).ok()?;
        let rows = chosen(&context.settings);
        rows.get(row).or(rows.last()).copied()
    }

    /// The value of that row, and the tab that it is of.
    fn meant_value(&self, tab: &Tab, context: &Context) -> Result<HashValue, String> {
        let algorithm = self.meant_algorithm(context).ok_or("Choose an algorithm first.")?;
        let known = self.of(tab.id).filter(|known| known.span().is_some());
        let known = known.ok_or("There is no value yet. Show the panel Hashes first.")?;
        if let Some(reason) = known.failure() {
            return Err(reason.to_owned());
        }
        if !known.is_current() {
            return Err(String::from(
                "The values are old: the bytes have been changed since. Calculate them again first.",
            ));
        }
        let value = known.value(algorithm).cloned();
        value.ok_or_else(|| format!("{} is not calculated yet.", algorithm.name))
    }

    /// Gives the clipboard the value of the chosen row.
    pub(in crate::session) fn copy_value(&self, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        match self.meant_value(tab, context) {
            Ok(value) => {
                context.request(Request::Copy(ClipboardOffer::of_text(value.hex())));
                context.say(format!("Copied the {}.", value.algorithm.name));
            }
            Err(reason) => context.say(reason),
        }
    }

    /// Gives the clipboard all values, a line each.
    pub(in crate::session) fn copy_values(&self, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        let values = self.of(tab.id).filter(|known| known.is_current());
        let line = |algorithm: &&'static HashAlgorithm| {
            let value = values?.value(algorithm)?;
            Some(format!("{} ({}) = {}\n", algorithm.tag(), escaped(&tab.title), value.hex()))
        };
        let lines: Vec<String> = chosen(&context.settings).iter().filter_map(line).collect();
        if lines.is_empty() {
            return context.say("There are no values to copy.");
        }
        context.request(Request::Copy(ClipboardOffer::of_text(lines.concat())));
        let count = describe::counted(lines.len() as u64, "value", "values");
        context.say(format!("Copied {count}."));
    }

    /// Writes the value of the chosen row at the caret, as one step.
    pub(in crate::session) fn write_value(
        &mut self,
        way: HashWriting,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let Some(tab) = tabs.front_mut() else { return };
        match tab.settle_edit() {
            Ok(true) => {}
            Ok(false) => return context.want_grid_focus(),
            Err(reason) => return context.say(reason),
        }
        let value = match self.meant_value(tab, context) {
            Ok(value) => value,
            Err(reason) => return context.say(reason),
        };
        let at = tab.caret();
        match tab.write_at_caret(way.bytes(&value), "Write hash") {
            Ok(()) => context.say(format!(
                "The {} is written at {}.",
                value.algorithm.name,
                describe::hex(at.wrapping_add(tab.hex().format.base))
            )),
            Err(reason) => context.say(reason),
        }
    }
}

impl Tab {
    /// Writes bytes at the caret: over those that are there, or between them in insert mode. A selection is not replaced: it
    /// may be what the bytes were computed from. The caret goes behind them.
    fn write_at_caret(&mut self, bytes: Vec<u8>, label: &'static str) -> Done {
        if self.array().filter(|_| self.is_in_array()).is_some_and(|view| view.unpacked.is_some()) {
            return Err(String::from(
                "The array was decompressed from an archive, so nothing can be written into it. Go to the bytes first (Ctrl+1).",
            ));
        }
        let at = self.caret();
        let end = at.checked_add(bytes.len() as u64);
        let end = end.ok_or("The file would exceed the largest possible size.")?;
        let replaced = match self.inserts() {
            true => Span::empty_at(at),
            false => Span::between(at, end).clamp_to(self.len()),
        };
        let after = Selection::caret_at(end, self.selection.column);
        self.splice(Edit::one(label, replaced, Content::Bytes(bytes)), after)
    }
}
