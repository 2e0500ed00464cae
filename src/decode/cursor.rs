//! A position in a text that is read from left to right. All parsers of typed texts and headers use it.

/// Bytes of white space and the like at the start of a text, which a reader passes over.
pub(crate) type Blanks = fn(&str) -> usize;

/// A text and how far it has been read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    pub text: &'a str,
    /// The next byte; always at the start of a character.
    pub at: usize,
    blanks: Blanks,
}

/// White space of Unicode.
pub(crate) fn white_space(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

impl<'a> Cursor<'a> {
    /// The start of `text`, of which `blanks` are passed over.
    pub const fn new(text: &'a str, blanks: Blanks) -> Self {
        Self { text, at: 0, blanks }
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character that is not blank, with the cursor before it.
    pub fn peek(&mut self) -> Option<char> {
        self.at += (self.blanks)(self.rest());
        self.rest().chars().next()
    }

    /// Passes over blanks and `wanted`, if it comes next.
    pub fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    /// The same for several characters.
    pub fn take_text(&mut self, wanted: &str) -> bool {
        self.peek();
        let found = self.rest().starts_with(wanted);
        self.at += if found { wanted.len() } else { 0 };
        found
    }

    /// The characters from here on that are `wanted`, blanks too. The cursor stays.
    pub fn run(&self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find(|c| !wanted(c)).unwrap_or(rest.len())]
    }

    /// The same, passed over.
    pub fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let run = self.run(wanted);
        self.at += run.len();
        run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_passed_over_and_characters_stay_whole() {
        let mut cursor = Cursor::new(" é\u{2003}ab12 <= b", white_space);
        assert!(!cursor.take('a'));
        assert_eq!((cursor.at, cursor.take('é'), cursor.at), (1, true, 3));
        assert_eq!(cursor.run(char::is_alphanumeric), "");
        assert_eq!(cursor.peek(), Some('a'));
        assert_eq!((cursor.take_while(char::is_alphanumeric), cursor.rest()), ("ab12", " <= b"));
        assert_eq!((cursor.take_text("<="), cursor.take_text("=")), (true, false));
        assert_eq!((cursor.take('b'), cursor.peek(), cursor.rest()), (true, None, ""));
    }
}
