//! The order of words of scripts that are written from right to left.
//!
//! The toolkit shapes each such word right, but sets the words of a line from left to right. Where several of them
//! follow each other, as in a name, they are put into the order in which they are read. Of Unicode's algorithm (UAX #9)
//! this is the part for a line that itself runs from left to right, word by word: no embeddings, and a word counts by
//! its first letter.

use std::borrow::Cow;

/// Which way a character of a script runs; digits, signs and spaces run either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Right,
    Left,
    Either,
}

fn way_of(character: char) -> Way {
    match character {
        '\u{590}'..='\u{8ff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}' => Way::Left,
        character if character.is_alphabetic() => Way::Right,
        _ => Way::Either,
    }
}

/// The text with runs of right-to-left words in the order of the screen, from left to right.
pub fn visual(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|character| way_of(character) == Way::Left) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = run_at(rest);
        if run == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (words, after) = rest.split_at(run);
        // A word, and then the blanks that are before it.
        for part in words.split_inclusive(' ').rev() {
            let (word, blanks) = part.split_at(part.trim_end_matches(' ').len());
            out.push_str(blanks);
            out.push_str(word);
        }
        rest = after;
    }
    Cow::Owned(out)
}

/// Bytes of the run of right-to-left words that `text` begins with; it begins and ends with a letter of theirs.
fn run_at(text: &str) -> usize {
    let mut end = 0;
    for (at, character) in text.char_indices() {
        match way_of(character) {
            Way::Left => end = at + character.len_utf8(),
            Way::Either if end > 0 => {}
            Way::Either | Way::Right => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_right_to_left_change_their_order_and_others_do_not() {
        for (text, wanted) in [
            ("plain words 12", "plain words 12"),
            ("שלום", "שלום"),
            ("שלום עולם", "עולם שלום"),
            ("a שלום עולם b", "a עולם שלום b"),
            ("שלום 12 עולם", "עולם 12 שלום"),
            ("שלום 12", "שלום 12"),
            ("漢字 עברית شكرا ไทย.bin", "漢字 شكرا עברית ไทย.bin"),
            ("א b ג ד", "א b ד ג"),
            (" א  ב ", " ב  א "),
            ("'שלום עולם'", "'עולם שלום'"),
            ("a_שלום עולם.txt", "a_עולם שלום.txt"),
        ] {
            assert_eq!(visual(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn nothing_is_lost() {
        let mut text = "a ב ג 1 د e  ".repeat(50);
        text.push('ש');
        let (mut all, mut shown): (Vec<char>, Vec<char>) =
            (text.chars().collect(), visual(&text).chars().collect());
        all.sort_unstable();
        shown.sort_unstable();
        assert_eq!(all, shown);
    }
}
