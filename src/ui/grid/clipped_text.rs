//! A text that is only partly in sight, so that what is left of it never passes for the whole.
//!
//! `12345` cut at the right by the edge of the pane would read `123`: another number. So the last character that is in
//! sight whole is an ellipsis then, and at the left the first one.

/// Where a text begins, and between which places it is seen, all in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sight {
    pub(super) from: f32,
    pub(super) left: f32,
    pub(super) right: f32,
    /// Points a character.
    pub(super) pitch: f32,
}

/// A part of a pixel that does not count.
const SLACK: f32 = 0.25;

impl Sight {
    /// Whether so many characters are seen whole.
    pub(super) fn shows(&self, chars: u32) -> bool {
        self.from >= self.left - SLACK && self.from + chars as f32 * self.pitch <= self.right + SLACK
    }

    /// What is seen of `text`, in `out`, and where it begins; nothing when there is no room for a character.
    pub(super) fn cut(&self, text: &str, out: &mut String) -> Option<f32> {
        out.clear();
        let count = text.chars().count();
        let first = (((self.left - self.from - SLACK) / self.pitch).ceil().max(0.0)) as usize;
        let end = (((self.right - self.from + SLACK) / self.pitch).floor().max(0.0)) as usize;
        let end = end.min(count);
        if first >= end {
            // It lies wholly beyond an edge: something is there all the same.
            let room = self.right - self.left >= self.pitch - SLACK;
            let at = if self.from >= self.right - self.pitch { self.right - self.pitch } else { self.left };
            return (room && count > 0).then(|| {
                out.push('…');
                at
            });
        }
        for (at, c) in text.chars().enumerate().skip(first).take(end - first) {
            let hides = (at == first && first > 0) || (at + 1 == end && end < count);
            out.push(if hides { '…' } else { c });
        }
        Some(self.from + first as f32 * self.pitch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(from: f32, text: &str) -> (Option<f32>, String) {
        let mut out = String::new();
        let sight = Sight { from, left: 10.0, right: 50.0, pitch: 8.0 };
        (sight.cut(text, &mut out), out)
    }

    #[test]
    fn a_cut_number_is_never_another_number() {
        assert_eq!(seen(10.0, "12345"), (Some(10.0), "12345".to_owned()));
        assert_eq!(seen(18.0, "12345"), (Some(18.0), "123…".to_owned()));
        assert_eq!(seen(40.0, "12345"), (Some(40.0), "…".to_owned()));
        assert_eq!(seen(45.0, "12345"), (Some(42.0), "…".to_owned()));
        assert_eq!(seen(2.0, "12345"), (Some(10.0), "…345".to_owned()));
        assert_eq!(seen(-30.0, "12345"), (Some(10.0), "…".to_owned()));
        assert_eq!(seen(-6.0, "123456789"), (Some(10.0), "…456…".to_owned()));
        assert_eq!(seen(45.0, ""), (None, String::new()));
    }

    #[test]
    fn what_is_seen_whole_is_known() {
        let sight = Sight { from: 10.0, left: 10.0, right: 50.0, pitch: 8.0 };
        assert!(sight.shows(5) && !sight.shows(6));
        assert!(!Sight { from: 9.0, ..sight }.shows(1));
    }
}
