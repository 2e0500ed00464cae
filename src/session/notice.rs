//! Messages that stay until they are dismissed: what happened, to which file, and what can be done.
//!
//! A notice offers commands as buttons; it is text and data, `ui` draws it as a banner.

use super::action::Action;
use super::ids::{NoticeId, OfferId, TabId};
use crate::escape::escape;

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Info,
    Warning,
    Error,
}

/// What a notice is about; a newer notice of the same topic and tab takes the older one's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Open,
    Save,
    ChangedOnDisk,
    /// Another window of the program has the file open.
    OpenElsewhere,
    Interrupted,
    Edit,
    Find,
    Clipboard,
    State,
    /// How safe unsaved edits are.
    Unsaved,
    /// Edits that another run has left unsaved.
    Offer(OfferId),
}

impl Topic {
    /// Whether it makes an offer that can't be reached without the notice. Only its own buttons remove it.
    pub fn is_kept(self) -> bool {
        match self {
            Self::Offer(_) | Self::Interrupted => true,
            Self::Open
            | Self::Save
            | Self::ChangedOnDisk
            | Self::OpenElsewhere
            | Self::Edit
            | Self::Find
            | Self::Clipboard
            | Self::State
            | Self::Unsaved => false,
        }
    }
}

/// One message.
#[derive(Clone, Debug)]
pub struct Notice {
    pub id: NoticeId,
    pub level: Level,
    pub topic: Topic,
    /// The file that it is about; `None` when it is about the program.
    pub tab: Option<TabId>,
    pub text: String,
    /// Buttons: what they say and what they do. Each also dismisses the notice.
    pub ways_out: Vec<(&'static str, Action)>,
}

impl Notice {
    /// The same for a notice and the newer one that takes its place, so that a click on a button which both have is not
    /// lost in between.
    pub fn place(&self) -> impl std::hash::Hash + std::fmt::Debug + use<> {
        let own = (self.topic == Topic::Open).then_some(self.id);
        (self.topic, self.tab, own)
    }
}

/// The notices that are there.
#[derive(Debug, Default)]
pub struct Notices {
    list: Vec<Notice>,
    made: u64,
}

impl Notices {
    /// Adds a notice without buttons, as [`Self::push_with`] does.
    pub fn push(&mut self, level: Level, topic: Topic, tab: Option<TabId>, text: impl Into<String>) {
        self.push_with(level, topic, tab, text, Vec::new());
    }

    /// Adds a notice with buttons, each a word and its action. It replaces the one with the same topic and tab; failed
    /// opens stand side by side.
    pub fn push_with(
        &mut self,
        level: Level,
        topic: Topic,
        tab: Option<TabId>,
        text: impl Into<String>,
        ways_out: Vec<(&'static str, Action)>,
    ) {
        // Names of arrays are in it as their file has them.
        let text = escape(text.into());
        tracing::info!(?level, ?topic, %text, "notice");
        // Failed opens are about different files, so they stand side by side.
        let before =
            self.list.iter().position(|old| topic != Topic::Open && old.topic == topic && old.tab == tab);
        if topic != Topic::Open {
            self.clear(topic, tab);
        }
        self.made += 1;
        // In the older one's place, so that no button moves under the pointer.
        let at = before.or_else(|| self.place_among_offers(topic)).unwrap_or(self.list.len());
        let at = at.min(self.list.len());
        self.list.insert(at, Notice { id: NoticeId::new(self.made), level, topic, tab, text, ways_out });
    }

    /// The place of an offer that is shown again: before those that were found after it.
    fn place_among_offers(&self, topic: Topic) -> Option<usize> {
        let Topic::Offer(id) = topic else { return None };
        self.list.iter().position(|notice| matches!(notice.topic, Topic::Offer(other) if other > id))
    }

    /// The number of the newest notice that ever was.
    pub fn newest(&self) -> u64 {
        self.made
    }

    /// Removes a notice.
    pub fn dismiss(&mut self, id: NoticeId) {
        self.list.retain(|notice| notice.id != id);
    }

    /// The tab that a notice is about, if that is its topic.
    pub fn about(&self, id: NoticeId, topic: Topic) -> Option<TabId> {
        self.list.iter().find(|notice| notice.id == id && notice.topic == topic)?.tab
    }

    /// Removes what was said of a topic that is settled now.
    pub fn clear(&mut self, topic: Topic, tab: Option<TabId>) {
        self.list.retain(|notice| notice.topic != topic || notice.tab != tab);
    }

    /// Removes all that was said of a tab that is closed.
    pub fn forget_tab(&mut self, tab: TabId) {
        self.list.retain(|notice| notice.tab != Some(tab));
    }

    /// The newest notice that is shown with `tab`.
    pub fn last(&self, tab: Option<TabId>) -> Option<NoticeId> {
        self.shown(tab).next_back().map(|notice| notice.id)
    }

    /// The newest one that Escape dismisses.
    pub fn last_passing(&self, tab: Option<TabId>) -> Option<NoticeId> {
        self.shown(tab).rfind(|notice| !notice.topic.is_kept()).map(|notice| notice.id)
    }

    /// What is shown with `tab`: its own notices and those of the program.
    pub fn shown(&self, tab: Option<TabId>) -> impl DoubleEndedIterator<Item = &Notice> {
        self.list.iter().filter(move |notice| notice.tab.is_none() || notice.tab == tab)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_notice_of_a_topic_takes_the_older_ones_place() {
        let mut notices = Notices::default();
        notices.push(Level::Error, Topic::Save, None, "first");
        notices.push(Level::Error, Topic::Save, None, "second");
        notices.push(Level::Error, Topic::Open, None, "a");
        notices.push(Level::Error, Topic::Open, None, "b");
        let texts: Vec<_> = notices.shown(None).map(|n| n.text.as_str()).collect();
        assert_eq!(texts, ["second", "a", "b"]);
        assert_eq!(notices.last(None), notices.shown(None).last().map(|notice| notice.id));
    }

    #[test]
    fn what_offers_something_is_no_passing_notice() {
        let mut notices = Notices::default();
        notices.push(Level::Error, Topic::Save, None, "passes");
        let passing = notices.last(None);
        notices.push(Level::Warning, Topic::Interrupted, None, "stays");
        assert_ne!(notices.last(None), passing);
        assert_eq!(notices.last_passing(None), passing);
    }
}
