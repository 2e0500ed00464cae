//! The text around a value in source code: comments, the declaration before `=`, calls, the end of the statement.

/// The text without comments of C (`/* */`, `//`) and of Python and shells (`# `). What is in quotes stays.
pub(super) fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quote = None;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        if let Some(open) = quote {
            out.push(character);
            if character == '\\' {
                let next = after.chars().next();
                out.extend(next);
                rest = &after[next.map_or(0, char::len_utf8)..];
                continue;
            }
            quote = if character == open { None } else { quote };
            rest = after;
            continue;
        }
        let end_of_line = || rest.find('\n').unwrap_or(rest.len());
        if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |at| &rest[at + 2..]);
            out.push(' ');
        } else if rest.starts_with("//") || rest.starts_with("# ") {
            rest = &rest[end_of_line()..];
        } else {
            quote = matches!(character, '"' | '\'').then_some(character);
            out.push(character);
            rest = after;
        }
    }
    out
}

/// What stands before the first `=` that assigns, and what stands after it. Without one there is no declaration.
pub(super) fn declaration(text: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    let at = text.char_indices().take_while(|(_, c)| !matches!(c, '"' | '\'')).find(|(_, c)| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *c == '=' && depth == 0
    });
    match at.map(|(at, _)| at).filter(|at| !text[at + 1..].starts_with(['=', '>'])) {
        Some(at) => (text[..at].trim_end_matches(':').trim(), text[at + 1..].trim()),
        None => ("", text.trim()),
    }
}

/// Where the bracket at the start of `text` closes. Quotes hide brackets.
pub(super) fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match (quote, character) {
            (Some(_), '\\') => escaped = true,
            (Some(open), _) => quote = if character == open { None } else { quote },
            (None, '"' | '\'') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_strings_stay() {
        assert_eq!(without_comments("a /* b */ c // d\n'# e' # f\n#g"), "a   c \n'# e' \n#g");
        assert_eq!(without_comments(r#""\"// x" // y"#), r#""\"// x" "#);
        assert_eq!(without_comments("/* open"), " ");
    }

    #[test]
    fn a_value_is_what_is_assigned() {
        assert_eq!(declaration("int a[] = {1}; b = 2"), ("int a[]", "{1}; b = 2"));
        assert_eq!(declaration("a := []byte{1}"), ("a", "[]byte{1}"));
        assert_eq!(declaration("'a=b'"), ("", "'a=b'"));
        assert_eq!(declaration("f([1], dtype=x)"), ("", "f([1], dtype=x)"));
        assert_eq!(closing("([']'])x"), Some(6));
        assert_eq!(closing("(]"), Some(1));
        assert_eq!(closing("(("), None);
    }
}
