//! After a save: the written file becomes the base of the document, or the edits are kept and the reason is shown.

use super::write::Written;
use crate::bytes::SharedSource;
use crate::bytes::file::FileSource;
use crate::bytes::open::OpenedKind;
use crate::bytes::watch::WatchId;
use crate::document::SavePoint;
use crate::escape::PathText;
use crate::save::{RecoveryChoice, SaveError, SaveWay, Saved};
use crate::session::action::{Action, SaveAction};
use crate::session::command::Command;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::effect::Effect;
use crate::session::generations::first_generation;
use crate::session::ids::TabId;
use crate::session::name_request::{After, Asked};
use crate::session::notice::{Level, Topic};
use crate::session::tab::{FileFacts, Tab};
use crate::session::tabs::Tabs;
use std::sync::Arc;

/// Makes the written file the document's base.
pub(super) fn take_written(
    id: TabId,
    point: SavePoint,
    written: &Written,
    tabs: &mut Tabs,
    context: &mut Context,
) -> Result<(), String> {
    let Written { saved, file, holds, forgets_undo } = written;
    let file = file.clone().ok_or("no access")?;
    let cached = context.cache.attach(file.clone()).map_err(|error| error.to_string())?;
    let Some(tab) = tabs.get_mut(id) else { return Ok(()) };
    let raw: SharedSource = cached.clone();
    let generation = match (&tab.file, saved.way) {
        (Some(facts), SaveWay::InPlace) => facts.generation.successor(raw),
        _ => first_generation(&context.cache, raw),
    };
    let generation = Arc::new(generation);
    tab.keep_previous_layout(&generation);
    // What was typed meanwhile is worth more than the room.
    if *forgets_undo && tab.document.revision() == point.snapshot.revision() {
        tab.document.reset(generation.clone());
        tab.held_disk = 0;
    } else {
        tab.document.finish_save(point, generation.clone()).map_err(|error| error.to_string())?;
        tab.held_disk = tab.held_disk.saturating_add(*holds);
    }
    tab.interrupted = None;
    let watch = watch_written(tab, saved, &file, context);
    if let Some(name) = saved.path().file_name() {
        tab.title = name.shown().to_string();
    }
    let is_other = tab.file.as_ref().is_none_or(|facts| facts.origin.location != saved.location);
    let kind = tab.file.take().map_or(OpenedKind::Regular, |facts| facts.kind);
    let kind = if kind == OpenedKind::Spooled { OpenedKind::Regular } else { kind };
    tab.file = Some(FileFacts {
        origin: saved.origin(),
        kind,
        writable: true,
        watch,
        source: Some(file),
        cached,
        generation,
        record: Arc::default(),
    });
    tab.refresh();
    if is_other {
        tab.distrust_header();
        context.want(Effect::ReadHeader(id));
    }
    Ok(())
}

/// Has the written file watched in the place of the one before.
fn watch_written(tab: &Tab, saved: &Saved, file: &Arc<FileSource>, context: &Context) -> Option<WatchId> {
    let (watcher, identity) = context.watcher.as_ref().zip(saved.version.as_file())?;
    let own = tab.file.as_ref();
    if let Some(watch) =
        own.filter(|facts| facts.origin.location == saved.location).and_then(|facts| facts.watch)
    {
        watcher.update(watch, identity, Some(file));
        return Some(watch);
    }
    if let Some(old) = own.and_then(|facts| facts.watch) {
        watcher.unwatch(old);
    }
    Some(watcher.watch(saved.path(), identity, Some(file)))
}

pub(super) fn save_failed(
    id: TabId,
    point: SavePoint,
    error: &SaveError,
    after: After,
    tabs: &mut Tabs,
    context: &mut Context,
) {
    keep_edits(id, point, tabs);
    if let Some(now) = error.version_now()
        && let Some(file) = tabs.get_mut(id).and_then(|tab| tab.file.as_mut())
    {
        file.origin.version = Some(now);
    }
    resume_watch(id, tabs, context);
    if let SaveError::Exists { path } = error {
        return context.ask_to_replace(Asked::Save { tab: id, after }, path.clone());
    }
    if let SaveError::NoFolder { path, .. } = error
        && tabs.get(id).is_some_and(|tab| tab.file.as_ref().is_none_or(|file| file.path() != path))
    {
        // The typed name probably has only a small mistake.
        let asked = Asked::Save { tab: id, after };
        if context.ask_name_again(asked, path, error.to_string()) {
            return;
        }
    }
    tell_failed(id, error, context);
}

pub(super) fn tell_failed(id: TabId, error: &SaveError, context: &mut Context) {
    let ways_out = match error {
        SaveError::NeedsRecovery { .. } => vec![
            ("Restore", Action::Save(SaveAction::Recover(id, RecoveryChoice::Safe))),
            ("Save as…", Action::Run(Command::SaveAs)),
        ],
        SaveError::ChangedOnDisk { .. } | SaveError::Replaced { .. } => {
            let (reason, left_alone) = (error.to_string(), error.left_alone());
            return context.want(Effect::SaveRefused { tab: id, reason, left_alone });
        }
        error if error.is_cancelled() => vec![],
        _ => vec![("Save as…", Action::Run(Command::SaveAs))],
    };
    let level = if error.is_cancelled() { Level::Warning } else { Level::Error };
    context.notices.push_with(level, Topic::Save, Some(id), error.to_string(), ways_out);
}

pub(super) fn keep_edits(id: TabId, point: SavePoint, tabs: &mut Tabs) {
    if let Some(tab) = tabs.get_mut(id) {
        tab.document.cancel_save(point);
    }
}

/// Looks after the file again, as it was known before the save that failed.
pub(super) fn resume_watch(id: TabId, tabs: &Tabs, context: &Context) {
    if let Some(file) = tabs.get(id).and_then(|tab| tab.file.as_ref()) {
        context.resume_watch(file);
    }
}

/// How many bytes a save has changed and, if it also wrote unchanged bytes between them, how many it has written.
pub(super) fn written_words(changed: u64, saved: &Saved) -> String {
    let is_copy = saved.way == SaveWay::Fresh || changed == 0 || changed >= saved.bytes_written;
    if is_copy {
        return format!("{} written", describe::bytes(saved.bytes_written));
    }
    format!("{} changed ({} written)", describe::bytes(changed), describe::grouped(saved.bytes_written))
}
