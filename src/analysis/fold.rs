//! Which characters are the same but for their case.
//!
//! This is the simple case folding of Unicode, one character to one character, in no language in particular: 'ẞ' is
//! 'ß' but 'ß' is not "ss", and neither 'İ' nor 'ı' is 'i'. Lengths in bytes may differ between the cases.

use std::sync::LazyLock;

/// Pairs that fold together although their upper case is several characters, which std's tables therefore
/// do not show.
const BY_NAME_ONLY: [(char, char); 3] =
    [('\u{1fd3}', '\u{390}'), ('\u{1fe3}', '\u{3b0}'), ('\u{fb05}', '\u{fb06}')];

/// Behind the first two planes of Unicode no character has a case.
const LAST_CASED: char = '\u{1ffff}';

/// The characters that have other cases, each with what it folds to, sorted by that. Made in a few milliseconds at the
/// first use.
static CASED: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let has_case = |c: &char| c.to_uppercase().ne([*c]) || c.to_lowercase().ne([*c]);
    let mut cased: Vec<_> = (char::MIN..=LAST_CASED).filter(has_case).map(|c| (fold(c), c)).collect();
    cased.extend(BY_NAME_ONLY.iter().flat_map(|(from, to)| [(*to, *from), (*to, *to)]));
    cased.sort_unstable();
    cased.dedup();
    cased
});

fn single(mut mapped: impl Iterator<Item = char>) -> Option<char> {
    let first = mapped.next();
    first.filter(|_| mapped.next().is_none())
}

/// The one character that stands for all cases of `c`.
fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // The dotless i is a letter of its own outside Turkish.
    if c == 'ı' {
        return c;
    }
    if let Some((_, to)) = BY_NAME_ONLY.iter().find(|(from, _)| *from == c) {
        return *to;
    }
    let upper = single(c.to_uppercase()).unwrap_or(c);
    single(upper.to_lowercase()).unwrap_or(upper)
}

/// Every character that equals `c` when case does not count, `c` first.
pub fn cases(c: char) -> Vec<char> {
    let folded = fold(c);
    let first = CASED.partition_point(|entry| entry.0 < folded);
    let same = CASED[first..].iter().take_while(|entry| entry.0 == folded).map(|entry| entry.1);
    let mut all = vec![c];
    all.extend(same.filter(|other| *other != c));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(c: char) -> String {
        let mut all = cases(c);
        all.sort_unstable();
        all.into_iter().collect()
    }

    #[test]
    fn cases_are_those_of_simple_folding() {
        for class in
            ["Aa", "Kk\u{212a}", "Ssſ", "ßẞ", "Éé", "Σςσ", "ΘθϑϴΘ", "ǄǅǆǄ", "Жж", "µΜμ", "Åå\u{212b}", "𐐀𐐨"]
        {
            let mut expected: Vec<char> = class.chars().collect();
            expected.sort_unstable();
            expected.dedup();
            let expected: String = expected.into_iter().collect();
            for c in class.chars() {
                assert_eq!(sorted(c), expected, "{c}");
                assert_eq!(cases(c)[0], c);
            }
        }
    }

    #[test]
    fn what_has_no_single_other_case_stands_alone() {
        for c in ['1', '\0', 'İ', 'ı', 'ŉ', '中', char::MAX] {
            assert_eq!(cases(c), [c]);
        }
        assert_eq!(sorted('i'), "Ii");
    }

    #[test]
    fn no_character_of_the_later_planes_has_a_case() {
        for c in LAST_CASED..=char::MAX {
            assert!(c.to_uppercase().eq([c]) && c.to_lowercase().eq([c]), "{c:?}");
        }
    }

    #[test]
    fn being_equal_goes_both_ways() {
        for (_, c) in CASED.iter() {
            for other in cases(*c) {
                assert_eq!(sorted(other), sorted(*c), "{c} {other}");
            }
        }
    }
}
