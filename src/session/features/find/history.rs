//! What was looked for before, the last one first: Up and Down in the field go through it.

use super::query::Query;

/// Queries that are kept.
const MOST: usize = 100;

/// The queries of this run.
#[derive(Debug, Default)]
pub(super) struct QueryHistory {
    queries: Vec<Query>,
    /// Which of them is in the field.
    at: Option<usize>,
    /// What was in the field before the first of them.
    draft: Option<Query>,
}

impl QueryHistory {
    /// It was looked for: the query is the newest one now.
    pub fn add(&mut self, query: &Query) {
        self.leave();
        if query.text.trim().is_empty() {
            return;
        }
        self.queries.retain(|other| (&other.text, other.kind) != (&query.text, query.kind));
        self.queries.insert(0, query.clone());
        self.queries.truncate(MOST);
    }

    /// Something else is typed: the history begins with its newest query again.
    pub fn leave(&mut self) {
        (self.at, self.draft) = (None, None);
    }

    /// The query before the one in the field, or the one after it; `None` at either end. The replacement stays.
    pub fn recall(&mut self, now: &Query, older: bool) -> Option<Query> {
        let next = match (self.at, older) {
            // What is in the field is often the newest one.
            (None, true) => {
                let is_newest = self.queries.first().is_some_and(|newest| newest.text == now.text);
                Some(usize::from(is_newest))
            }
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => at.checked_sub(1),
            (None, false) => return None,
        };
        let query = match next {
            Some(at) => self.queries.get(at).cloned()?,
            None => self.draft.take()?,
        };
        if self.at.is_none() {
            self.draft = Some(now.clone());
        }
        self.at = next;
        Some(Query { replacement: now.replacement.clone(), ..query })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query { text: text.to_owned(), ..Query::default() }
    }

    #[test]
    fn up_goes_to_older_queries_and_down_back_to_what_was_typed() {
        let mut history = QueryHistory::default();
        for text in ["1", "2", "1", "", "3"] {
            history.add(&query(text));
        }
        let mut now = query("4");
        let mut go = |older| {
            let next = history.recall(&now, older)?;
            now = next.clone();
            Some(next.text)
        };
        let up: Vec<Option<String>> = (0..4).map(|_| go(true)).collect();
        assert_eq!(up, [Some("3"), Some("1"), Some("2"), None].map(|text| text.map(str::to_owned)));
        let down: Vec<Option<String>> = (0..4).map(|_| go(false)).collect();
        assert_eq!(down, [Some("1"), Some("3"), Some("4"), None].map(|text| text.map(str::to_owned)));
    }

    #[test]
    fn the_newest_is_passed_over_while_it_is_in_the_field() {
        let mut history = QueryHistory::default();
        history.add(&query("1"));
        history.add(&query("2"));
        let before = history.recall(&query("2"), true).expect("an older one");
        assert_eq!(before.text, "1");
        history.leave();
        assert!(history.recall(&before, false).is_none());
    }
}
