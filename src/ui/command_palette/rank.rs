//! Which entries match the text in the palette, the best one first.
//!
//! A title counts more than the help, whole words more than beginnings of words, and words in the title's order more
//! than words in any order. Spaces may be left out. Among equals, what can be done now comes first.

use super::super::entries::MenuEntry;

/// How well an entry matches the typed text. The smallest is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The whole title, or a submenu's line without the submenu's name.
    Title,
    /// The whole title but for its spaces.
    TitleWithoutSpaces,
    /// Whole words of the title, in its order.
    Words,
    /// Beginnings of words of the title, in its order.
    Beginnings,
    /// The title has it from the beginning of a word, apart from spaces.
    WithoutSpaces,
    /// The title has every word somewhere.
    Parts,
    /// Menu, help and title together have every word.
    Help,
    /// The title has the letters in this order, not far from each other.
    Letters,
}

/// What entries are sorted by: the fit, then what can be done now, then how much of the title is left over.
type Rank = (Fit, bool, usize, usize);

/// The typed text, in the form in which it is compared.
struct Typed {
    /// In lower case.
    words: Vec<String>,
    /// The letters and digits alone, a run each.
    runs: Vec<String>,
    joined: String,
}

impl Typed {
    fn new(text: &str) -> Self {
        let text = text.to_lowercase();
        let runs = runs(&text);
        Self { words: text.split_whitespace().map(str::to_owned).collect(), joined: runs.concat(), runs }
    }

    fn rank(&self, entry: &MenuEntry) -> Option<Rank> {
        let full = entry.full_title().to_lowercase();
        let title = runs(&full);
        let left_over = title.len().saturating_sub(self.runs.len());
        let (fit, at) = self.fit(entry, &full, &title)?;
        Some((fit, !entry.enabled, at, left_over))
    }

    /// How the entry fits, and the word of its title where that begins.
    fn fit(&self, entry: &MenuEntry, full: &str, title: &[String]) -> Option<(Fit, usize)> {
        if !self.runs.is_empty() {
            let own = runs(&entry.title.to_lowercase());
            if self.runs == own || self.runs == title {
                return Some((Fit::Title, 0));
            }
            if self.joined == own.concat() || self.joined == title.concat() {
                return Some((Fit::TitleWithoutSpaces, 0));
            }
            if let Some(at) = in_order(&self.runs, title, |word, wanted| word == wanted) {
                return Some((Fit::Words, at));
            }
            if let Some(at) = in_order(&self.runs, title, |word, wanted| word.starts_with(wanted)) {
                return Some((Fit::Beginnings, at));
            }
            if let Some(at) = (0..title.len()).find(|at| title[*at..].concat().starts_with(&self.joined)) {
                return Some((Fit::WithoutSpaces, at));
            }
        }
        if self.words.iter().all(|word| full.contains(word.as_str())) {
            return Some((Fit::Parts, 0));
        }
        let all = format!("{full} {} {}", entry.place.to_lowercase(), entry.help.to_lowercase());
        if self.words.iter().all(|word| all.contains(word.as_str())) {
            return Some((Fit::Help, 0));
        }
        let at = (0..title.len()).find(|at| has_letters(&title[*at..].concat(), &self.joined))?;
        Some((Fit::Letters, at))
    }
}

/// The runs of letters and digits of a text.
fn runs(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()).map(str::to_owned).collect()
}

/// Where the first of the wanted words is in the title, if the title has all of them in this order.
fn in_order(wanted: &[String], title: &[String], fits: impl Fn(&str, &str) -> bool) -> Option<usize> {
    let (mut first, mut from) = (None, 0);
    for word in wanted {
        let at = from + title.get(from..)?.iter().position(|other| fits(other, word))?;
        first = first.or(Some(at));
        from = at + 1;
    }
    first
}

/// Whether `text` begins with the first of `letters` and has all others behind it, in this order and near.
fn has_letters(text: &str, letters: &str) -> bool {
    if letters.chars().count() < 2 || text.chars().next() != letters.chars().next() {
        return false;
    }
    let near = letters.chars().count() * 2 + 2;
    let mut rest = text.chars().take(near);
    letters.chars().all(|letter| rest.any(|c| c == letter))
}

/// Entries that match the typed text, the best first. All of them, in their usual order, if nothing is typed.
pub fn matching(entries: Vec<MenuEntry>, text: &str) -> Vec<MenuEntry> {
    let typed = Typed::new(text);
    if typed.words.is_empty() {
        return entries;
    }
    let mut ranked: Vec<(Rank, MenuEntry)> =
        entries.into_iter().filter_map(|entry| Some((typed.rank(&entry)?, entry))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, entry)| entry).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::entries;
    use super::*;
    use crate::session::command::COMMANDS;
    use crate::session::{Action, Command, Remembered, Session};
    use std::sync::Arc;

    fn session(with_file: bool) -> Session {
        let mut session = Session::new(Remembered::default(), Arc::new(|| {}));
        if with_file {
            session.apply(Action::Run(Command::OpenSample));
            session.apply(Action::Run(Command::SelectAll));
        }
        session
    }

    fn first(text: &str, with_file: bool) -> Option<String> {
        let found = matching(entries::all(&session(with_file)), text);
        found.first().map(MenuEntry::full_title)
    }

    #[test]
    fn the_title_counts_more_than_the_help() {
        assert_eq!(first("save", false).as_deref(), Some(Command::Save.spec().title));
        assert_eq!(first("zzz", false), None);
        assert_eq!(first("…", true).as_deref(), Some("Open…"));
    }

    #[test]
    fn the_best_title_comes_first() {
        for with_file in [false, true] {
            for (typed, title) in [
                ("C array", "Copy as: C array"),
                ("copy", "Copy"),
                ("copy as C", "Copy as: C array"),
                ("copyasc", "Copy as: C array"),
                ("Python by", "Copy as: Python bytes"),
                ("goto", "Go to…"),
                ("go to", "Go to…"),
                ("gotomess", "Go to the messages"),
                ("find n", "Find next"),
                ("undo", "Undo"),
                ("cls", "Close"),
                ("slice edit", "Edit the slice"),
            ] {
                assert_eq!(first(typed, with_file).as_deref(), Some(title), "{typed}, a file: {with_file}");
            }
        }
    }

    #[test]
    fn of_two_that_fit_alike_the_one_that_can_be_done_now_comes_first() {
        let mut session = session(false);
        session.apply(Action::Run(Command::NewFile));
        let found = matching(entries::all(&session), "copy");
        let place = |title: &str| found.iter().position(|entry| entry.title == title);
        // The table has them the other way round, and this file has no path yet.
        assert!(place("Copy name") < place("Copy path"), "{found:?}");
    }

    #[test]
    fn every_command_and_every_line_of_a_submenu_is_there() {
        let all = entries::all(&session(false));
        assert!(COMMANDS.iter().all(|spec| all.iter().any(|entry| entry.title == spec.title)));
        for (typed, title) in [
            ("copy as base64", "Copy as: Base64"),
            ("export markdown", "Export as: Markdown table…"),
            ("elements json", "Copy elements as: JSON"),
            ("byte format octal", "Byte format: Octal"),
        ] {
            assert_eq!(matching(all.clone(), typed)[0].full_title(), title, "{typed}");
        }
    }
}
