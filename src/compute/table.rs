//! A text as a table of values, each still as its text.
//!
//! In brackets: lists of Python and JSON, `np.array(…)`, what NumPy prints. Without: lines with tabs, commas,
//! semicolons or spaces between. One pass; no value is understood here.

use std::borrow::Cow;

/// Values in C order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub shape: Vec<u64>,
    pub values: Vec<String>,
}

/// Lists in lists.
const MAX_DEPTH: usize = 32;

/// Bytes of text that are read.
const MOST_BYTES: usize = 256 << 20;

/// `records`: what stands in round brackets is one value, a record.
pub(super) fn read(text: &str, records: bool) -> Result<Table, String> {
    if text.len() > MOST_BYTES {
        return Err(format!(
            "The text is longer than {} MiB. Save it to a file and open that.",
            MOST_BYTES >> 20
        ));
    }
    let text = unwrapped(text.trim());
    if text.starts_with('[') || (text.starts_with('(') && !records && is_tuple(text)) {
        return Nested { text, at: 0, records, shape: Vec::new(), values: Vec::new() }.whole();
    }
    lines(text)
}

/// Whether round brackets at the start close at the end with commas between: `(1+2j)` is one value.
fn is_tuple(text: &str) -> bool {
    text.ends_with(')') && text.contains(',')
}

/// Without `np.array(` and what comes after its list, and without a name before `=`.
fn unwrapped(text: &str) -> &str {
    let text = text.trim_end_matches([';', ' ', '\n']);
    let value = match text.split_once('=') {
        Some((name, value)) if name.trim().chars().all(|c| c.is_alphanumeric() || c == '_') => value.trim(),
        _ => text,
    };
    for call in ["np.array(", "numpy.array(", "array.array(", "array("] {
        let Some(inner) = value.strip_prefix(call) else { continue };
        let (Some(start), Some(end)) = (inner.find('['), inner.rfind(']')) else { continue };
        return inner.get(start..=end).unwrap_or(value);
    }
    value
}

struct Nested<'a> {
    text: &'a str,
    at: usize,
    records: bool,
    /// Items of the first list of each depth; later ones have as many.
    shape: Vec<u64>,
    values: Vec<String>,
}

impl Nested<'_> {
    fn whole(mut self) -> Result<Table, String> {
        self.list(0)?;
        match self.peek() {
            None => Ok(Table { shape: self.shape, values: self.values }),
            Some(_) => Err(self.fault("there is more after the list")),
        }
    }

    fn fault(&self, what: &str) -> String {
        let line = self.text[..self.at].matches('\n').count() + 1;
        format!("The values can't be read: in line {line} {what}. Nothing was changed.")
    }

    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn opens_list(&mut self) -> bool {
        match self.peek() {
            Some('[') => true,
            Some('(') => !self.records && self.holds_comma(),
            _ => false,
        }
    }

    /// Whether round brackets are a tuple: a comma comes before they close.
    fn holds_comma(&self) -> bool {
        let rest = &self.text[self.at..];
        rest.find([',', ')']).is_some_and(|at| rest[at..].starts_with(','))
    }

    /// One list with its brackets.
    fn list(&mut self, depth: usize) -> Result<(), String> {
        if depth == MAX_DEPTH {
            return Err(self.fault("lists are nested too deeply"));
        }
        let close = if self.peek() == Some('[') { ']' } else { ')' };
        self.at += 1;
        let mut count = 0;
        loop {
            match self.peek() {
                None => return Err(self.fault("a list does not end")),
                Some(c) if c == close => break,
                Some(',') => return Err(self.fault("a comma stands where a value is wanted")),
                Some(_) => {}
            }
            if self.opens_list() {
                if self.shape.len() == depth + 1
                    && !self.values.is_empty()
                    && count == 0
                    && self.is_bottom(depth)
                {
                    return Err(self.fault("a list stands where there were values before"));
                }
                self.list(depth + 1)?;
            } else {
                let value = self.value(close)?;
                if !self.note_bottom(depth) {
                    return Err(self.fault("a value stands where there were lists before"));
                }
                self.values.push(value);
            }
            count += 1;
            if self.peek() == Some(',') {
                self.at += 1;
            }
        }
        self.at += 1;
        self.counted(depth, count)
    }

    /// Whether values stand at this depth.
    fn is_bottom(&self, depth: usize) -> bool {
        self.shape.len() == depth + 1
    }

    /// Notes that values stand at this depth; `false` when they stood deeper before.
    fn note_bottom(&mut self, depth: usize) -> bool {
        if self.values.is_empty() && self.shape.len() <= depth {
            self.shape.resize(depth + 1, u64::MAX);
        }
        self.shape.len() == depth + 1
    }

    fn counted(&mut self, depth: usize, count: u64) -> Result<(), String> {
        if self.shape.len() <= depth {
            self.shape.resize(depth + 1, u64::MAX);
        }
        let known = self.shape[depth];
        if known == u64::MAX {
            self.shape[depth] = count;
        } else if known != count {
            return Err(self.fault(&format!("a list of {count} ends, and the ones before have {known}")));
        }
        Ok(())
    }

    /// The text of one value up to what ends it.
    fn value(&mut self, close: char) -> Result<String, String> {
        let rest = &self.text[self.at..];
        let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
        for (at, letter) in rest.char_indices() {
            match quote {
                Some(_) if escaped => escaped = false,
                Some(_) if letter == '\\' => escaped = true,
                Some(end) if letter == end => quote = None,
                Some(_) => {}
                None if matches!(letter, '\'' | '"') => quote = Some(letter),
                None if matches!(letter, '(' | '{') => depth += 1,
                None if depth > 0 && matches!(letter, ')' | '}') => depth -= 1,
                None if depth == 0 && (letter == close || letter == ',' || letter.is_whitespace()) => {
                    self.at += at;
                    return Ok(plain(&rest[..at]).into_owned());
                }
                None => {}
            }
        }
        Err(self.fault("a list does not end"))
    }
}

/// The words of JSON as Python has them, and Python's ways to write NaN.
fn plain(text: &str) -> Cow<'_, str> {
    let word = match text {
        "true" => "True",
        "false" => "False",
        "null" | "NaN" | "None" | "float('nan')" | "\"nan\"" | "\"NaN\"" => "nan",
        "Infinity" | "float('inf')" | "\"inf\"" => "inf",
        "-Infinity" | "float('-inf')" | "-float('inf')" | "\"-inf\"" => "-inf",
        _ => return number_in_quotes(text).map_or(Cow::Borrowed(text), Cow::Borrowed),
    };
    Cow::Borrowed(word)
}

/// Whole numbers that JSON can't hold stand in quotes there.
fn number_in_quotes(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let digits = inner.strip_prefix('-').unwrap_or(inner);
    (digits.len() > 15 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(inner)
}

/// A table without brackets. The first line decides what stands between values.
fn lines(text: &str) -> Result<Table, String> {
    let rows: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let first = rows.first().copied().unwrap_or("");
    let separator = ['\t', ';', ','].into_iter().find(|&separator| split(first, Some(separator)).len() > 1);
    let mut values = Vec::new();
    let mut columns = None;
    for (number, row) in rows.iter().enumerate() {
        let cells = split(row, separator);
        let wanted = *columns.get_or_insert(cells.len());
        if cells.len() != wanted {
            return Err(format!(
                "The values can't be read: row {} has {} and the first has {wanted}. Nothing was changed.",
                number + 1,
                cells.len()
            ));
        }
        values.extend(cells);
    }
    let columns = columns.unwrap_or(0) as u64;
    if values.is_empty() {
        return Err("There are no values in what was pasted.".to_owned());
    }
    Ok(Table { shape: vec![rows.len() as u64, columns], values })
}

/// The cells of a line; `None`: between spaces. Quotes hold separators, and `""` in them is one quote.
fn split(line: &str, separator: Option<char>) -> Vec<String> {
    let Some(separator) = separator else {
        return line.split_whitespace().map(|cell| plain(cell).into_owned()).collect();
    };
    let line = if separator == '\t' { line } else { line.trim() };
    let mut cells = vec![String::new()];
    let (mut depth, mut quoted) = (0_usize, false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = cells.len() - 1;
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cells[last].push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cells[last].trim().is_empty() => quoted = true,
            '(' | '[' if !quoted => {
                depth += 1;
                cells[last].push(letter);
            }
            ')' | ']' if !quoted => {
                depth = depth.saturating_sub(1);
                cells[last].push(letter);
            }
            _ if letter == separator && !quoted && depth == 0 => cells.push(String::new()),
            _ => cells[last].push(letter),
        }
    }
    cells.iter().map(|cell| plain(cell.trim()).into_owned()).collect()
}
