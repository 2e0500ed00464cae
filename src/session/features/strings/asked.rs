//! What strings are searched for, as the panel has it.

use crate::analysis::strings::{LEAST, StringQuery};
use crate::decode::Encoding;

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
