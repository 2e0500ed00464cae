//! One line of a dump, taken apart: the offset, and the cells with the room between them.

/// What a line of a dump is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item<'a> {
    Line(Line<'a>),
    /// `*`: lines like the one before were left out.
    Star,
}

/// An offset and what follows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Which line of the text, from 1.
    pub number: usize,
    /// The digits, without `0x`.
    pub offset: &'a str,
    pub has_colon: bool,
    /// The offset begins with `0x`.
    pub is_marked: bool,
    /// All that follows the offset.
    pub rest: &'a str,
}

/// A group of characters and the blanks before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'a> {
    pub text: &'a str,
    pub gap: usize,
    /// Where the cell ends in the rest of its line.
    pub end: usize,
}

impl<'a> Item<'a> {
    /// `None` for a line of another kind: a heading, a packet's summary.
    pub fn of(text: &'a str, number: usize) -> Option<Self> {
        let text = text.trim_start();
        if text.trim_end() == "*" {
            return Some(Self::Star);
        }
        let (digits, is_marked) = match text.strip_prefix("0x") {
            Some(digits) => (digits, true),
            None => (text, false),
        };
        let len = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        let (offset, mut rest) = digits.split_at(len);
        rest = rest.strip_prefix(['h', 'H']).unwrap_or(rest);
        // gdb names the symbol: 0x4000 <main+4>:
        if let Some((symbol, after)) = rest.strip_prefix(" <").and_then(|rest| rest.split_once(">:")) {
            rest = if symbol.contains(char::is_whitespace) {
                rest
            } else {
                &rest[rest.len() - after.len() - 1..]
            };
        }
        let after = rest.strip_prefix(':');
        let line =
            Line { number, offset, has_colon: after.is_some(), is_marked, rest: after.unwrap_or(rest) };
        let is_long = len >= 4 || (len >= 1 && (line.has_colon || is_marked));
        let is_apart = line.rest.is_empty() || line.rest.starts_with([' ', '\t']);
        let fits = is_long && len <= 16 && is_apart && (line.rest.trim().is_empty() || line.has_cells());
        fits.then_some(Self::Line(line))
    }

    /// The line; `None` for a star.
    pub fn line(&self) -> Option<&Line<'a>> {
        match self {
            Self::Line(line) => Some(line),
            Self::Star => None,
        }
    }
}

impl<'a> Line<'a> {
    /// The offset in a radix, if its digits are of that radix.
    pub fn offset(&self, radix: u32) -> Option<u64> {
        u64::from_str_radix(self.offset, radix).ok()
    }

    /// Whether what follows the offset begins with digits.
    pub fn has_cells(&self) -> bool {
        self.cells().next().is_some_and(|cell| {
            let digits = cell.text.strip_prefix("0x").unwrap_or(cell.text);
            digits.len() >= 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        })
    }

    /// Whether cells of at most so many hex digits are followed by something else that no bar or angle begins.
    pub fn has_open_text(&self, digits: usize) -> bool {
        let is_cell = |cell: &Cell<'_>| {
            cell.text.len() <= digits && cell.text.bytes().all(|digit| digit.is_ascii_hexdigit())
        };
        self.cells().find(|cell| !is_cell(cell)).is_some_and(|cell| !cell.text.starts_with(['|', '>']))
    }

    /// What stands between blanks behind the offset.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'a>> {
        let rest = self.rest;
        let mut at = 0;
        std::iter::from_fn(move || {
            let open = &rest[at..];
            let gap = open.len() - open.trim_start_matches([' ', '\t']).len();
            let text = open[gap..].split([' ', '\t']).next().filter(|text| !text.is_empty())?;
            at += gap + text.len();
            Some(Cell { text, gap, end: at })
        })
    }
}
