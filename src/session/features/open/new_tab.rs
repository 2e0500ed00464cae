//! A tab for an opened document: its first layout, and the options that were given with the file.

use super::options::OpenOptions;
use crate::bytes::SharedSource;
use crate::decode::{Encoding, Radix};
use crate::document::Document;
use crate::escape::escape;
use crate::session::context::Context;
use crate::session::defaults::DEFAULT_DTYPE;
use crate::session::ids::TabId;
use crate::session::notice::{Level, Topic};
use crate::session::panes::{PaneKey, PlainValues, ValuesFormat, View};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::session::view::{Columns, Selection, ViewFormat};
use crate::state::Settings;

/// Shows `source`, which no file is behind, in a tab in front.
pub(in crate::session) fn show_source(
    title: String,
    source: SharedSource,
    tabs: &mut Tabs,
    context: &mut Context,
) -> TabId {
    let id = tabs.next_id();
    let options = OpenOptions { in_front: true, ..OpenOptions::default() };
    add_tab(id, title, Document::new(source), &options, tabs, context);
    id
}

/// Adds a tab with the panes of the settings, changed by `options`.
pub(in crate::session) fn add_tab(
    id: TabId,
    title: String,
    document: Document,
    options: &OpenOptions,
    tabs: &mut Tabs,
    context: &mut Context,
) {
    let (bytes, values) = first_formats(options, &context.settings);
    // A title of a log of edits comes from a file too.
    let mut tab = Tab::new(id, escape(title), document, View::new(bytes), PlainValues::new(values));
    tab.locked = options.read_only || context.settings.read_only_by_default;
    if let Some(front) = tabs.front() {
        tab.set_pair_shares(front.pair_shares());
    }
    let values = options.dtype.is_some();
    tab.show(true, values);
    if options.dtype.is_some() {
        tab.set_focus(PaneKey::TYPED);
    }
    let is_first = tabs.front_id().is_none();
    tabs.add(tab);
    if options.in_front || is_first {
        tabs.show(id, context);
    }
}

fn first_formats(options: &OpenOptions, settings: &Settings) -> (ViewFormat, ValuesFormat) {
    let dtype = options.dtype.or_else(|| settings.dtype.parse().ok()).unwrap_or(DEFAULT_DTYPE);
    let columns = |asked: Option<u32>, usual: u32| match asked.unwrap_or(usual) {
        0 => Columns::Fit,
        cells => Columns::Fixed(cells),
    };
    let encoding = options.encoding.or_else(|| Encoding::from_name(&settings.encoding)).unwrap_or_default();
    let bytes = ViewFormat {
        radix: Radix::Hex,
        columns: columns(options.columns.filter(|_| options.dtype.is_none()), settings.columns),
        group: settings.grouping,
        upper: settings.upper_case,
        text: settings.text_column.then_some(encoding),
        ..ViewFormat::default()
    };
    let values = ValuesFormat {
        columns: columns(options.columns.filter(|_| options.dtype.is_some()), 0),
        ..ValuesFormat::new(dtype)
    };
    (bytes, values)
}

/// What else was asked for of a file that is open already.
pub(super) fn apply_options(tab: &mut Tab, options: &OpenOptions) {
    tab.locked |= options.read_only;
    if let Some(dtype) = options.dtype {
        tab.show_values_of(dtype);
    }
    if let Some(cells) = options.columns.filter(|cells| *cells > 0) {
        tab.set_columns(options.dtype.is_some(), Columns::Fixed(cells));
    }
}

/// Puts the caret where it was asked for.
pub(super) fn place_caret(tab: &mut Tab, options: &OpenOptions, context: &mut Context) {
    let Some(text) = &options.offset else { return };
    match tab.evaluate(text) {
        Ok(offset) => {
            tab.go(Selection::caret_at(offset, tab.selection.column));
        }
        Err(reason) => {
            let text = format!("{}: {reason}", tab.title);
            context.notices.push(Level::Warning, Topic::Open, Some(tab.id), text);
        }
    }
}
