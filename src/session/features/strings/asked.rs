//! What strings are searched for, as the panel has it.

use crate::analysis::strings::{LEAST, StringQuery};
use crate::decode::Encoding;
use crate::state::StringsChoice;

/// The fields of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedStrings {
    /// Only what was selected when this was chosen; else the whole file.
    pub in_selection: bool,
    /// Characters of a string at least, as typed.
    pub least: String,
    /// In the order in which they were chosen.
    pub encodings: Vec<Encoding>,
    /// Text that a string has in it, in any case; empty for all.
    pub containing: String,
}

impl Default for AskedStrings {
    fn default() -> Self {
        Self {
            in_selection: false,
            least: LEAST.to_string(),
            encodings: vec![Encoding::Utf8],
            containing: String::new(),
        }
    }
}

impl AskedStrings {
    /// As the user had it last time. Encodings that this version does not know are left out.
    pub fn recalled(choice: &StringsChoice) -> Self {
        let encodings: Vec<Encoding> = choice.encodings.iter().filter_map(|name| named(name)).collect();
        let usual = Self::default();
        Self {
            least: choice.least.to_string(),
            encodings: if encodings.is_empty() { usual.encodings.clone() } else { encodings },
            ..usual
        }
    }

    /// What is remembered of it: not the text that is looked for, nor where. `None` while a field is wrong.
    pub fn choice(&self) -> Option<StringsChoice> {
        let StringQuery { least, encodings, .. } = self.query().ok()?;
        Some(StringsChoice { least, encodings: encodings.iter().map(|own| own.name().to_owned()).collect() })
    }

    /// The question to the search.
    ///
    /// # Errors
    /// The sentence that says what is wrong in a field.
    pub fn query(&self) -> Result<StringQuery, String> {
        let least = self.least.trim().replace(',', "").parse::<u64>().ok().filter(|least| *least > 0);
        let least = least.ok_or("The least number of characters must be an integer from 1 on.")?;
        if self.encodings.is_empty() {
            return Err(String::from("Choose an encoding."));
        }
        Ok(StringQuery { encodings: self.encodings.clone(), least, containing: self.containing.clone() })
    }

    /// The same with an encoding more, or less.
    #[must_use]
    pub fn with_encoding(&self, encoding: Encoding, is_on: bool) -> Self {
        let mut asked = self.clone();
        asked.encodings.retain(|own| *own != encoding);
        if is_on {
            asked.encodings.push(encoding);
        }
        asked
    }
}

fn named(name: &str) -> Option<Encoding> {
    Encoding::ALL.iter().copied().find(|encoding| encoding.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_is_recalled_and_what_is_wrong_is_not_remembered() {
        let asked = AskedStrings {
            least: String::from("12"),
            encodings: vec![Encoding::Utf16Le, Encoding::Utf8],
            containing: String::from("key"),
            in_selection: true,
        };
        let choice = asked.choice().expect("a question");
        let recalled = AskedStrings::recalled(&choice);
        assert_eq!((&*recalled.least, &recalled.encodings), ("12", &asked.encodings));
        assert!(recalled.containing.is_empty() && !recalled.in_selection);
        assert_eq!(AskedStrings { least: String::from("x"), ..asked.clone() }.choice(), None);
        assert_eq!(AskedStrings { encodings: Vec::new(), ..asked }.choice(), None);
        let unknown = StringsChoice { least: 7, encodings: vec![String::from("runes")] };
        assert_eq!(AskedStrings::recalled(&unknown).encodings, [Encoding::Utf8]);
        assert_eq!(AskedStrings::recalled(&StringsChoice::default()), AskedStrings::default());
    }
}
