//! The order of words of scripts that are written from right to left.
//!
//! The toolkit shapes each such word right, but sets the words of a line from left to right. Where several of them
//! follow each other, as in a name, they are put into the order in which they are read. Of Unicode's algorithm (UAX #9)
//! this is the part for a line that itself runs from left to right, word by word: no embeddings, and a word counts by its
//! first letter.

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
    // Words and the blanks between them, in turn.
    let parts: Vec<&str> = text
        .split_inclusive(' ')
        .flat_map(|part| {
            let (word, blank) = part.split_at(part.trim_end_matches(' ').len());
            [word, blank]
        })
        .filter(|part| !part.is_empty())
        .collect();
    let ways: Vec<Way> = parts
        .iter()
        .map(|part| part.chars().map(way_of).find(|way| *way != Way::Either).unwrap_or(Way::Either))
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < parts.len() {
        if ways[at] != Way::Left {
            out.push_str(parts[at]);
            at += 1;
            continue;
        }
        // Up to the last such word before one that runs the other way.
        let run = ways[at..].iter().take_while(|way| **way != Way::Right).count();
        let last = ways[at..at + run].iter().rposition(|way| *way == Way::Left).unwrap_or(0);
        parts[at..=at + last].iter().rev().for_each(|part| out.push_str(part));
        at += last + 1;
    }
    Cow::Owned(out)
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
