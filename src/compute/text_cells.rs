//! A table without brackets: rows of cells with tabs, commas, semicolons or spaces between, and tables of Markdown.
//!
//! Quotes are those of RFC 4180. One pass; no value is understood here.

use super::pasted::{Table, Words};
use crate::decode::slice::quoted;

/// A table without brackets. The first line decides what stands between values.
///
/// `strings`: any word is a value. `records`: a row is one record. A cell in double quotes is a text for both.
pub(super) fn lines(text: &str, strings: bool, records: bool, words: Words) -> Result<Table, String> {
    let rows: Vec<&str> = rows(text).into_iter().filter(|line| !line.trim().is_empty()).collect();
    if let [first, second, rest @ ..] = &rows[..]
        && first.starts_with('|')
        && second.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
    {
        return table_of(rest.iter().map(|row| markdown(row, words)));
    }
    let texts = strings || records;
    let first = rows.first().copied().unwrap_or("");
    let separator =
        ['\t', ';', ','].into_iter().find(|&separator| split(first, Some(separator), texts, words).len() > 1);
    // A single column of strings, which may have spaces in them.
    let quotes = rows.iter().any(|row| row.starts_with(['"', '\'']) || row.starts_with("b'"));
    let separator = separator.or(quotes.then_some(',')).or(strings.then_some('\t'));
    table_of(rows.iter().map(|row| split(row, separator, texts, words)))
}

/// The rows of a table: lines, save where a cell in double quotes goes on over their ends.
fn rows(text: &str) -> Vec<&str> {
    let (mut rows, mut start, mut quoted, mut before) = (Vec::new(), 0, false, '\n');
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if quoted && letters.peek().is_some_and(|(_, next)| *next == '"') => {
                letters.next();
            }
            '"' if quoted => quoted = false,
            '"' if matches!(before, '\n' | '\t' | ',' | ';') => quoted = true,
            '\n' if !quoted => {
                let row = &text[start..at];
                rows.push(row.strip_suffix('\r').unwrap_or(row));
                start = at + 1;
            }
            _ => {}
        }
        before = if letter == ' ' { before } else { letter };
    }
    rows.push(&text[start..]);
    // A quote that never ends is a mark of inches.
    if quoted { text.lines().collect() } else { rows }
}

/// A value of a record as a literal of Python, whatever stood in its cell.
pub(super) fn literal(value: &str) -> String {
    let is_literal = ["'", "\"", "b'", "b\""].iter().any(|start| value.starts_with(start));
    if is_literal { value.to_owned() } else { quoted(value) }
}

/// A name as it stands in its cell, without quotes.
pub(super) fn bare(value: &str) -> &str {
    value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')).unwrap_or(value)
}

/// The cells of a row of a Markdown table.
fn markdown(row: &str, words: Words) -> Vec<String> {
    let row = row.trim();
    let inner = row.strip_prefix('|').unwrap_or(row).trim_end();
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for letter in inner.chars() {
        let last = cells.len() - 1;
        match letter {
            '|' if escaped => {
                cells[last].pop();
                cells[last].push('|');
            }
            '|' => cells.push(String::new()),
            _ => cells[last].push(letter),
        }
        escaped = letter == '\\';
    }
    cells.iter().map(|cell| words(cell.trim()).into_owned()).collect()
}

fn table_of(rows: impl Iterator<Item = Vec<String>>) -> Result<Table, String> {
    let mut values = Vec::new();
    let (mut columns, mut count) = (None, 0);
    for cells in rows {
        count += 1;
        let wanted = *columns.get_or_insert(cells.len());
        if cells.len() != wanted {
            return Err(format!(
                "The values can't be read: row {count} has {}, but the first row has {wanted}. Nothing was changed.",
                cells.len()
            ));
        }
        values.extend(cells);
    }
    if values.is_empty() {
        return Err("The pasted text has no values.".to_owned());
    }
    Ok(Table { shape: vec![count, columns.unwrap_or(0) as u64], values, is_flat: false })
}

/// The cells of a line; `None`: between spaces. Quotes hold separators, and `""` in them is one quote. `texts`: what is
/// in double quotes becomes a literal of Python, so that nothing in it is taken for anything else.
fn split(line: &str, separator: Option<char>, texts: bool, words: Words) -> Vec<String> {
    let Some(separator) = separator else {
        return line.split_whitespace().map(|cell| words(cell).into_owned()).collect();
    };
    let line = if separator == '\t' { line } else { line.trim() };
    let mut cells = vec![Cell::default()];
    let (mut depth, mut in_quotes) = (0_usize, false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = cells.len() - 1;
        let cell = &mut cells[last];
        match letter {
            '"' if in_quotes && letters.peek() == Some(&'"') => {
                letters.next();
                cell.text.push('"');
            }
            '"' if in_quotes => in_quotes = false,
            '"' if !cell.is_quoted && cell.text.trim().is_empty() => {
                cell.text.clear();
                (in_quotes, cell.is_quoted) = (true, true);
            }
            _ if letter == separator && !in_quotes && depth == 0 => cells.push(Cell::default()),
            _ => {
                if !in_quotes {
                    depth = match letter {
                        '(' | '[' => depth + 1,
                        ')' | ']' => depth.saturating_sub(1),
                        _ => depth,
                    };
                }
                // White space behind the quotes is no part of the cell.
                if in_quotes || !cell.is_quoted || !letter.is_whitespace() {
                    cell.text.push(letter);
                }
            }
        }
    }
    cells.into_iter().map(|cell| cell.value(texts, words)).collect()
}

/// A cell on its way.
#[derive(Default)]
struct Cell {
    text: String,
    is_quoted: bool,
}

impl Cell {
    fn value(self, texts: bool, words: Words) -> String {
        match self.is_quoted && texts {
            true => quoted(&self.text),
            false => words(self.text.trim()).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    #[test]
    fn quotes_hold_what_would_end_a_cell() {
        let read = |text: &str| {
            lines(text, true, false, |text| Cow::Borrowed(text))
                .map(|table| (table.shape, table.values.join("|")))
        };
        for (text, shape, values) in [
            ("abc,\"d, e\"", [1, 2], "abc|'d, e'"),
            ("\"a\nb\",c\nd,e", [2, 2], "'a\\nb'|c|d|e"),
            ("\"say \"\"hi\"\"\"\tx", [1, 2], "'say \"hi\"'|x"),
            ("\" x \" , y", [1, 2], "' x '|y"),
            ("3\",4", [1, 2], "3\"|4"),
        ] {
            let found = read(text);
            assert_eq!(found, Ok((shape.to_vec(), values.to_owned())), "{text}");
        }
    }
}
