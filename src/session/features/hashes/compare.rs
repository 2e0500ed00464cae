//! The comparison with a value that the user has.

use super::{Hashes, chosen};
use crate::analysis::hashes::{Agreement, HashAlgorithm, HashValue, agreement, algorithms_as_long};
use crate::session::context::Context;
use crate::session::describe::counted;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::state::Settings;

/// What the comparison has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashVerdict {
    /// A sentence.
    pub words: String,
    /// The algorithm whose value it is; `None` of another value.
    pub matches: Option<&'static HashAlgorithm>,
    /// How many further algorithms have values as long as it.
    pub more: usize,
}

impl Hashes {
    /// What the comparison has come to; `None` while there is nothing to compare.
    pub fn verdict(&self, tab: &Tab, settings: &Settings) -> Option<HashVerdict> {
        let known = self.of(tab.id)?;
        let shown = chosen(settings);
        if self.compared.trim().is_empty() || !known.is_current() || !known.missing(&shown).is_empty() {
            return None;
        }
        let is_shown = |algorithm: &HashAlgorithm| shown.contains(&algorithm);
        let values: Vec<HashValue> =
            known.values().iter().filter(|value| is_shown(value.algorithm)).cloned().collect();
        let (fitting, _) = algorithms_as_long(&self.compared);
        let more = fitting.iter().filter(|algorithm| !is_shown(algorithm)).count();
        Some(verdict(agreement(&self.compared, &values), more))
    }

    /// Says it in the status bar, for those who listen.
    pub(super) fn say_verdict(&self, tabs: &Tabs, context: &mut Context) {
        let verdict = tabs.front().and_then(|tab| self.verdict(tab, &context.settings));
        if let Some(verdict) = verdict {
            context.say(verdict.words);
        }
    }
}

fn verdict(agreement: Agreement<'_>, more: usize) -> HashVerdict {
    let same =
        |value: &HashValue, words: String| HashVerdict { words, matches: Some(value.algorithm), more: 0 };
    let other = |words: String| HashVerdict { words, matches: None, more };
    match agreement {
        Agreement::Same(value) => same(value, format!("Matches {}.", value.algorithm.name)),
        Agreement::Swapped(value) => {
            same(value, format!("Matches {}, with its bytes in the other order.", value.algorithm.name))
        }
        Agreement::Other { .. } => other(String::from("Matches none of the values shown.")),
        Agreement::NoneSoLong { digits } if more > 0 => other(format!(
            "None of the values shown has {}.",
            counted(digits as u64, "hex digit", "hex digits")
        )),
        Agreement::NoneSoLong { digits } => other(format!(
            "No algorithm has values of {}. Check whether a part is missing.",
            counted(digits as u64, "hex digit", "hex digits")
        )),
        Agreement::NoHex => other(String::from("This is not a hex value.")),
    }
}
