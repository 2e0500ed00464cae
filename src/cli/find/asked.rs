//! The options that say what is looked for, as a question to the engine.

use super::found::Batch;
use super::hits::{Hits, SearchEnd};
use super::stretch::Stretch;
use super::{FindOptions, FindWhat};
use crate::analysis::in_slice::InSlice;
use crate::analysis::masked::Masked;
use crate::analysis::regex::Regex;
use crate::analysis::texts::{TextQuery, usual_encodings_beside};
use crate::analysis::{Case, Needle, NeedleError, Pattern};
use crate::cli::CommandError;
use crate::cli::target::character;
use crate::compute::{ParseOperationError, Predicate};
use crate::decode::{Encoding, hex};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What is looked for, compiled.
pub(super) enum Asked {
    /// Bytes, wherever they are.
    Bytes(Arc<dyn Pattern>),
    /// A text in all usual encodings.
    UsualText { text: String, case: Case, whole_words: bool },
    /// Elements of arrays.
    Elements(Predicate),
}

impl Asked {
    /// # Errors
    /// [`CommandError`] when an option can't be understood, or does not go with the others.
    pub fn new(options: &FindOptions) -> Result<Self, CommandError> {
        let FindWhat { hex, text, regex, value, asked_where } = &options.what;
        let is_text = text.is_some();
        for (option, given) in [("--encoding", !options.encoding.is_empty()), ("--words", options.words)] {
            if given && !is_text {
                return Err(CommandError::usage(format!("{option} goes with --text.")));
            }
        }
        if options.ignore_case && !is_text && regex.is_none() {
            return Err(CommandError::usage("--ignore-case goes with --text or --regex."));
        }
        if options.tolerance.is_some() && value.is_none() {
            return Err(CommandError::usage("--tolerance goes with --value."));
        }
        if let Some(text) = value {
            let refused = |error| typing_error("--value", text, &error);
            return Ok(Self::Elements(
                Predicate::value(text, options.tolerance.as_deref()).map_err(refused)?,
            ));
        }
        if let Some(text) = asked_where {
            return Ok(Self::Elements(text.parse().map_err(|error| typing_error("--where", text, &error))?));
        }
        let pattern: Arc<dyn Pattern> = match (hex, text, regex) {
            (Some(digits), ..) => hex_pattern(digits)?,
            (None, Some(text), _) if options.encoding.is_empty() => return usual_text(text, options),
            (None, Some(text), _) => text_pattern(text, options)?,
            (None, None, Some(expression)) => Arc::new(
                Regex::new(expression, options.ignore_case)
                    .map_err(|error| CommandError::usage(format!("--regex {expression}: {error}.")))?,
            ),
            (None, None, None) => {
                return Err(CommandError::usage(
                    "Say what to find: --hex, --text, --regex, --value or --where.",
                ));
            }
        };
        Ok(Self::Bytes(pattern))
    }

    /// Whether it is about the elements of arrays.
    pub fn is_of_elements(&self) -> bool {
        matches!(self, Self::Elements(_))
    }

    /// The other arrays that it names.
    pub fn others(&self) -> Vec<&str> {
        match self {
            Self::Bytes(_) | Self::UsualText { .. } => Vec::new(),
            Self::Elements(predicate) => predicate.others(),
        }
    }

    /// Searches a stretch and gives `take` the hits, in order, on this thread, while the search runs on others.
    pub fn search(
        &self,
        stretch: &Stretch,
        only_count: bool,
        take: &mut dyn FnMut(&Batch) -> ControlFlow<()>,
    ) -> SearchEnd {
        match self {
            Self::Bytes(pattern) => search_bytes(&**pattern, stretch, only_count, take),
            Self::UsualText { text, case, whole_words } => {
                let encodings = usual_encodings_beside(text, |order| stretch.has_text(order));
                let query = TextQuery { text, encodings: &encodings, case: *case, whole_words: *whole_words };
                match query.pattern() {
                    Ok((pattern, _)) => search_bytes(&pattern, stretch, only_count, take),
                    Err(error) => SearchEnd { refused: Some(error.to_string()), ..SearchEnd::default() },
                }
            }
            Self::Elements(predicate) => match Hits::of_elements(predicate, stretch, only_count) {
                Ok(hits) => hits.each(take),
                Err(reason) => SearchEnd { refused: Some(reason), ..SearchEnd::default() },
            },
        }
    }
}

/// Searches a stretch for a pattern of bytes.
fn search_bytes(
    pattern: &dyn Pattern,
    stretch: &Stretch,
    only_count: bool,
    take: &mut dyn FnMut(&Batch) -> ControlFlow<()>,
) -> SearchEnd {
    let in_slice = stretch.slice_with_gaps().and_then(|slice| InSlice::new(pattern, slice));
    let pattern = in_slice.as_ref().map_or(pattern, |pattern| pattern as &dyn Pattern);
    Hits::of_pattern(pattern, stretch, only_count).each(take)
}

fn typing_error(option: &str, text: &str, error: &ParseOperationError) -> CommandError {
    CommandError::usage(format!("{option} {text}, at character {}: {error}", character(text, error.at)))
}

fn hex_pattern(digits: &str) -> Result<Arc<dyn Pattern>, CommandError> {
    let refused = |reason: String| CommandError::usage(format!("--hex {digits}: {reason}."));
    let bytes = hex::parse_masked(digits).map_err(|error| refused(error.to_string()))?;
    if bytes.iter().all(|byte| byte.mask == 0xff) {
        let known: Vec<u8> = bytes.iter().map(|byte| byte.value).collect();
        return Ok(Arc::new(Needle::exact(&known).map_err(|error| refused(error.to_string()))?));
    }
    Ok(Arc::new(Masked::new(&bytes).map_err(|error| refused(error.to_string()))?))
}

fn text_pattern(text: &str, options: &FindOptions) -> Result<Arc<dyn Pattern>, CommandError> {
    let named: Result<Vec<Encoding>, CommandError> =
        options.encoding.iter().map(|name| encoding(name)).collect();
    let query = TextQuery { text, encodings: &named?, case: case_of(options), whole_words: options.words };
    Ok(Arc::new(query.pattern().map_err(|error| wrong_text(text, &error))?.0))
}

/// A text that is in some usual encoding.
fn usual_text(text: &str, options: &FindOptions) -> Result<Asked, CommandError> {
    let (case, whole_words) = (case_of(options), options.words);
    let encodings = usual_encodings_beside(text, |_| true);
    let query = TextQuery { text, encodings: &encodings, case, whole_words };
    query.pattern().map_err(|error| wrong_text(text, &error))?;
    Ok(Asked::UsualText { text: text.to_owned(), case, whole_words })
}

fn case_of(options: &FindOptions) -> Case {
    if options.ignore_case { Case::Unicode } else { Case::Exact }
}

fn wrong_text(text: &str, error: &NeedleError) -> CommandError {
    CommandError::usage(format!("--text {text}: {error}."))
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
