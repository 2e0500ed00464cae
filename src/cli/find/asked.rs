//! The options that say what is looked for, as a question to the engine.

use super::hits::{Found, Hits, SearchEnd};
use super::stretch::Stretch;
use super::{FindOptions, FindWhat};
use crate::analysis::masked::Masked;
use crate::analysis::regex::Regex;
use crate::analysis::texts::{TextQuery, usual_encodings};
use crate::analysis::{Case, Pattern};
use crate::cli::CommandError;
use crate::decode::{Encoding, hex};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What is looked for, compiled.
pub(super) struct Asked {
    pattern: Arc<dyn Pattern>,
}

impl Asked {
    /// # Errors
    /// [`CommandError`] when an option can't be understood, or does not go with the others.
    pub fn new(options: &FindOptions) -> Result<Self, CommandError> {
        let FindWhat { hex, text, regex } = &options.what;
        let is_text = text.is_some();
        for (option, given) in [("--encoding", !options.encoding.is_empty()), ("--words", options.words)] {
            if given && !is_text {
                return Err(CommandError::usage(format!("{option} goes with --text.")));
            }
        }
        if options.ignore_case && !is_text && regex.is_none() {
            return Err(CommandError::usage("--ignore-case goes with --text or --regex."));
        }
        let pattern: Arc<dyn Pattern> = match (hex, text, regex) {
            (Some(digits), ..) => Arc::new(masked(digits)?),
            (None, Some(text), _) => text_pattern(text, options)?,
            (None, None, Some(expression)) => Arc::new(
                Regex::new(expression, options.ignore_case)
                    .map_err(|error| CommandError::usage(format!("--regex {expression}: {error}.")))?,
            ),
            (None, None, None) => {
                return Err(CommandError::usage("Say what to find: --hex, --text or --regex."));
            }
        };
        Ok(Self { pattern })
    }

    /// Searches a stretch and gives `take` the hits, in order, on this thread, while the search runs on others.
    pub fn search(&self, stretch: &Stretch, take: &mut dyn FnMut(&[Found]) -> ControlFlow<()>) -> SearchEnd {
        Hits::of_pattern(&*self.pattern, stretch).each(take)
    }
}

fn masked(digits: &str) -> Result<Masked, CommandError> {
    let refused = |reason: String| CommandError::usage(format!("--hex {digits}: {reason}."));
    let bytes = hex::parse_masked(digits).map_err(|error| refused(error.to_string()))?;
    Masked::new(&bytes).map_err(|error| refused(error.to_string()))
}

fn text_pattern(text: &str, options: &FindOptions) -> Result<Arc<dyn Pattern>, CommandError> {
    let named: Result<Vec<Encoding>, CommandError> =
        options.encoding.iter().map(|name| encoding(name)).collect();
    let mut encodings = named?;
    if encodings.is_empty() {
        encodings = usual_encodings(text);
    }
    let case = if options.ignore_case { Case::Unicode } else { Case::Exact };
    let query = TextQuery { text, encodings: &encodings, case, whole_words: options.words };
    let (pattern, _) =
        query.pattern().map_err(|error| CommandError::usage(format!("--text {text}: {error}.")))?;
    Ok(Arc::new(pattern))
}

/// The encoding of a name, with or without hyphens.
fn encoding(name: &str) -> Result<Encoding, CommandError> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    let wanted = plain(name.trim());
    let known = Encoding::ALL.iter().find(|encoding| plain(encoding.name()) == wanted);
    known.copied().ok_or_else(|| {
        let names: Vec<&str> = Encoding::ALL.iter().map(|encoding| encoding.name()).collect();
        CommandError::usage(format!(
            "--encoding {name}: there is no such encoding. Use some of: {}.",
            names.join(", ")
        ))
    })
}
