//! The inspector: the values that are typed into its rows, and the choice of rows.

use super::settings::panels;
use crate::session::action::InspectorAction;
use crate::session::context::Context;
use crate::session::jobs::Activity;
use crate::session::tabs::Tabs;

/// What became of the value that was typed last.
#[derive(Debug, Default)]
pub struct Inspector {
    error: Option<String>,
}

impl Inspector {
    /// Does what the window asks.
    pub(in crate::session) fn apply(
        &mut self,
        action: InspectorAction,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        match action {
            InspectorAction::Set { row, order, text } => {
                let Some(tab) = tabs.front_mut() else { return };
                let done = tab.set_inspected(row, order, &text);
                self.error = done.as_ref().err().cloned();
                context.tell(done);
            }
            InspectorAction::Show { row, shown } => panels::show_row(context, row, shown),
            InspectorAction::ShowUsual => context.change_settings(|settings| settings.inspector.clear()),
        }
    }

    /// It runs nothing.
    pub(in crate::session) fn poll(&mut self, _: &mut Tabs, _: &mut Context) {}

    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        std::iter::empty()
    }

    pub(in crate::session) fn cancel(&mut self, _: &mut Context) -> bool {
        false
    }

    /// Why the value that was typed last was not taken.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}
