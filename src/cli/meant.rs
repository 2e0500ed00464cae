//! Which command was meant by a word that is none.

use std::path::Path;

/// The command that `word` is but for one letter: one too many, one missing, another one, or two that changed places.
/// `None` for a word that is a file.
pub fn meant<'a>(word: &Path, mut commands: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = word.to_str().filter(|_| std::fs::symlink_metadata(word).is_err())?;
    commands.find(|command| is_near(typed.as_bytes(), command.as_bytes()))
}

fn is_near(typed: &[u8], command: &[u8]) -> bool {
    let front = typed.iter().zip(command).take_while(|(left, right)| left == right).count();
    let (typed, command) = (&typed[front..], &command[front..]);
    let without = |word: &[u8], count: usize| word.get(count..).map(<[u8]>::to_vec);
    let swapped = matches!((typed, command), ([a, b, ..], [c, d, ..]) if a == d && b == c);
    // The rest is the same behind what differs.
    [(1, 0), (0, 1), (1, 1)].into_iter().chain(swapped.then_some((2, 2))).any(|(left, right)| {
        let rests = without(typed, left).zip(without(command, right));
        rests.is_some_and(|(left, right)| left == right)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_may_be_wrong() {
        let of = |word: &str| meant(Path::new(word), ["stats", "strings", "get"].into_iter());
        for (word, expected) in [
            ("stat", Some("stats")),
            ("statss", Some("stats")),
            ("stots", Some("stats")),
            ("satts", Some("stats")),
            ("sttas", Some("stats")),
            ("string", Some("strings")),
            ("gt", Some("get")),
            ("data.bin", None),
            ("", None),
        ] {
            assert_eq!(of(word), expected, "{word}");
        }
        assert_eq!(meant(Path::new("src"), ["srcs"].into_iter()), None, "it is a folder");
    }
}
