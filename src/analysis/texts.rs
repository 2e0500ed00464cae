//! The pattern of a search: a text, in one encoding or several at a time, in any case, as whole words.

use super::any_of::AnyOf;
use super::candidates::Candidates;
use super::needle::{Case, Needle, NeedleError};
use super::search::{Match, Pattern, Sight};
use super::window::Window;
use crate::decode::{Encoding, Order};
use std::ops::ControlFlow;
use std::sync::Arc;

/// The longest character of any encoding, in bytes.
const LONGEST_CHARACTER: usize = 4;

/// A text to be looked for.
#[derive(Clone, Copy, Debug)]
pub struct TextQuery<'a> {
    pub text: &'a str,
    /// In any of these that has all its characters.
    pub encodings: &'a [Encoding],
    pub case: Case,
    /// Only where neither side continues with a letter, a digit or `_` what begins or ends with one.
    pub whole_words: bool,
}

impl TextQuery<'_> {
    /// What finds the text, and in which encodings: those that write it as another one does are left out.
    ///
    /// # Errors
    /// [`NeedleError`] when the text is empty or too long, or no encoding has all its characters.
    pub fn pattern(&self) -> Result<(AnyOf, Vec<Encoding>), NeedleError> {
        let mut patterns: Vec<Arc<dyn Pattern>> = Vec::new();
        let (mut encodings, mut known, mut refused) = (Vec::new(), Vec::new(), None);
        for &encoding in self.encodings {
            match encoding.encode(self.text) {
                // Whole words depend on the encoding of the characters around, too.
                Ok(bytes) if known.contains(&bytes) && self.case == Case::Exact && !self.whole_words => {}
                Ok(bytes) => {
                    let needle = self.needle(encoding)?;
                    if self.whole_words {
                        patterns.push(Arc::new(WholeWords::new(needle, self.text, encoding)));
                    } else {
                        patterns.push(Arc::new(needle));
                    }
                    known.push(bytes);
                    encodings.push(encoding);
                }
                Err(error) => {
                    refused.get_or_insert(NeedleError::NotEncodable { character: error.character });
                }
            }
        }
        match refused {
            _ if !patterns.is_empty() => Ok((AnyOf::new(patterns), encodings)),
            Some(refused) => Err(refused),
            None => Err(NeedleError::Empty),
        }
    }

    fn needle(&self, encoding: Encoding) -> Result<Needle, NeedleError> {
        let mut utf8 = [0; LONGEST_CHARACTER];
        Needle::text(self.text, self.case, |c| encoding.encode(c.encode_utf8(&mut utf8)).ok())
    }
}

/// The encodings that a text is likely to be in: UTF-8, UTF-16 in both byte orders, and of the others those that have
/// all its characters and write them in another way. UTF-32 and EBCDIC are rare and left out: see
/// [`usual_encodings_beside`].
pub fn usual_encodings(text: &str) -> Vec<Encoding> {
    const FIRST: [Encoding; 4] =
        [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252];
    const RARE: [Encoding; 3] = [Encoding::Utf32Le, Encoding::Utf32Be, Encoding::Ebcdic];
    let others =
        Encoding::ALL.iter().filter(|encoding| !FIRST.contains(encoding) && !RARE.contains(encoding));
    let mut known: Vec<Vec<u8>> = Vec::new();
    FIRST
        .iter()
        .chain(others)
        .filter(|encoding| match encoding.encode(text) {
            Ok(bytes) if known.contains(&bytes) => false,
            Ok(bytes) => {
                known.push(bytes);
                true
            }
            Err(_) => false,
        })
        .copied()
        .collect()
}

/// The same, and UTF-32 in the byte orders that arrays of text have: NumPy's `U` is in it.
pub fn usual_encodings_beside(text: &str, has_text: impl Fn(Order) -> bool) -> Vec<Encoding> {
    let mut encodings = usual_encodings(text);
    let wide = [(Order::Little, Encoding::Utf32Le), (Order::Big, Encoding::Utf32Be)];
    encodings.extend(wide.into_iter().filter(|(order, _)| has_text(*order)).map(|(_, encoding)| encoding));
    encodings
}

/// Matches of a text that are no parts of longer words.
#[derive(Clone, Debug)]
struct WholeWords {
    needle: Needle,
    encoding: Encoding,
    /// Whether the text begins, and ends, with a character of a word.
    begins: bool,
    ends: bool,
}

impl WholeWords {
    fn new(needle: Needle, text: &str, encoding: Encoding) -> Self {
        let begins = text.chars().next().is_some_and(is_of_word);
        let ends = text.chars().next_back().is_some_and(is_of_word);
        Self { needle, encoding, begins, ends }
    }

    fn is_whole(&self, bytes: &[u8], found: Match) -> bool {
        let before = self.begins && self.character_before(&bytes[..found.at]).is_some_and(is_of_word);
        let behind = self.ends && self.character_at(&bytes[found.at + found.len..]).is_some_and(is_of_word);
        !before && !behind
    }

    /// The character that ends where `bytes` do.
    fn character_before(&self, bytes: &[u8]) -> Option<char> {
        let lens = (1..=LONGEST_CHARACTER).filter(|len| len.is_multiple_of(self.encoding.unit()));
        let mut tails = lens.filter_map(|len| bytes.len().checked_sub(len).map(|from| &bytes[from..]));
        tails.find_map(|tail| {
            let text = self.encoding.decode_lossy(tail);
            let mut characters = text.chars();
            let last = characters.next().filter(|c| *c != char::REPLACEMENT_CHARACTER)?;
            characters.next().is_none().then_some(last)
        })
    }

    /// The character that `bytes` begin with.
    fn character_at(&self, bytes: &[u8]) -> Option<char> {
        self.encoding.decode_lossy(&bytes[..bytes.len().min(LONGEST_CHARACTER)]).chars().next()
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl Pattern for WholeWords {
    fn max_len(&self) -> usize {
        self.needle.max_len()
    }

    fn matches_zeros(&self) -> bool {
        self.needle.matches_zeros()
    }

    fn sight(&self) -> Sight {
        Sight { before: LONGEST_CHARACTER, behind: LONGEST_CHARACTER }
    }

    fn candidates(&self) -> Option<&Candidates> {
        self.needle.candidates()
    }

    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()> {
        self.needle.find_in(window, &mut |found| match self.is_whole(window.bytes, found) {
            true => hit(found),
            false => ControlFlow::Continue(()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(query: &TextQuery<'_>, bytes: &[u8]) -> Vec<(usize, usize)> {
        let (pattern, _) = query.pattern().expect("a text");
        let mut places = Vec::new();
        let _ = pattern.find_in(&Window::whole(bytes, 0, bytes.len() as u64), &mut |hit| {
            places.push((hit.at, hit.len));
            ControlFlow::Continue(())
        });
        places
    }

    fn query<'a>(text: &'a str, encodings: &'a [Encoding]) -> TextQuery<'a> {
        TextQuery { text, encodings, case: Case::Exact, whole_words: false }
    }

    #[test]
    fn the_usual_encodings_of_a_text_write_it_differently() {
        use Encoding as E;
        assert_eq!(usual_encodings("Radius"), [E::Utf8, E::Utf16Le, E::Utf16Be]);
        let accents = usual_encodings("é");
        assert_eq!(accents[..4], [E::Utf8, E::Utf16Le, E::Utf16Be, E::Windows1252]);
        assert!(
            accents.contains(&E::Cp437) && accents.contains(&E::MacRoman) && !accents.contains(&E::Latin1)
        );
        let wide = usual_encodings_beside("Radius", |order| order == Order::Big);
        assert_eq!(wide, [E::Utf8, E::Utf16Le, E::Utf16Be, E::Utf32Be]);
        let cyrillic = usual_encodings("Жук");
        assert!(cyrillic.contains(&E::Windows1251) && cyrillic.contains(&E::Koi8R));
        assert!(!cyrillic.contains(&E::Windows1252));
    }

    #[test]
    fn a_text_is_found_in_all_its_encodings_at_once() {
        let mut bytes = "Zoë ".as_bytes().to_vec();
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Latin1, Encoding::Cp437] {
            bytes.extend(encoding.encode("Zoë ").expect("there"));
        }
        let usual = usual_encodings("Zoë");
        // Behind the text in the one byte order, one byte on, it is there in the other.
        assert_eq!(
            places(&query("Zoë", &usual), &bytes),
            [(0, 4), (5, 6), (13, 6), (14, 6), (21, 3), (25, 3)]
        );
        let any = TextQuery { case: Case::Unicode, ..query("zOë", &usual) };
        assert_eq!(places(&any, &bytes).len(), 6);
        // One place, two encodings: the longer of them.
        assert_eq!(places(&query("a", &[Encoding::Utf8, Encoding::Utf16Le]), b"a\0b"), [(0, 2)]);
    }

    #[test]
    fn whole_words_in_the_encoding_of_the_text() {
        let text = "cat concat cats cat_ (cat) écat caté cat";
        for encoding in
            [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Latin1, Encoding::Utf32Be]
        {
            let bytes = encoding.encode(text).expect("there");
            let encodings = [encoding];
            let words = TextQuery { whole_words: true, ..query("cat", &encodings) };
            let at = |place: &str| encoding.encode(place).expect("there").len();
            let expected = ["", "cat concat cats cat_ (", "cat concat cats cat_ (cat) écat caté "].map(at);
            let found: Vec<usize> = places(&words, &bytes).into_iter().map(|(at, _)| at).collect();
            assert_eq!(found, expected, "{encoding:?}");
        }
        // What begins with no character of a word may follow one.
        let words = TextQuery { whole_words: true, ..query("-a", &[Encoding::Utf8]) };
        assert_eq!(places(&words, b"x-a -ab"), [(1, 2)]);
        let words = TextQuery { whole_words: true, ..query("語", &[Encoding::ShiftJis]) };
        let bytes = Encoding::ShiftJis.encode("(語) 日語").expect("there");
        assert_eq!(places(&words, &bytes), [(1, 2)]);
    }

    #[test]
    fn what_no_encoding_has_is_refused() {
        let error = |query: TextQuery<'_>| query.pattern().err();
        let latin = [Encoding::Latin1, Encoding::Ascii];
        assert_eq!(error(query("a€", &latin)), Some(NeedleError::NotEncodable { character: '€' }));
        assert_eq!(error(query("", &latin)), Some(NeedleError::Empty));
        let (_, used) = query("é", &latin).pattern().expect("in one of them");
        assert_eq!(used, [Encoding::Latin1]);
    }
}
