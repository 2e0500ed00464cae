//! Statistics for other programs: copied as lines of text, or written to a file as CSV or JSON.

use super::table::{RowState, StatisticsRowFacts};
use super::{StatisticsState, StatisticsView};
use crate::export::statistics::{
    StatisticsFormat, StatisticsRow, json_object, write_facts, write_json_list, write_table,
};
use crate::job::Progress;
use crate::session::context::Context;
use crate::session::handed_rows::{HandedRows, HandingError, SharedRows};
use crate::session::ids::TabId;
use crate::session::tabs::Tabs;
use std::io;
use std::sync::Arc;

/// What the rows are.
const NOUN: &str = "statistics";

/// Statistics as the panel shows them.
#[derive(Debug)]
struct HandedStatistics {
    format: StatisticsFormat,
    tab: TabId,
    what: HandedKind,
}

#[derive(Debug)]
enum HandedKind {
    /// One array with all of its facts.
    One(Arc<StatisticsRowFacts>),
    /// Rows, and the order in which they are shown.
    Table(Arc<Vec<StatisticsRowFacts>>, Arc<[u32]>),
}

impl StatisticsRowFacts {
    fn as_exported(&self) -> StatisticsRow<'_> {
        let known = match &self.known {
            RowState::Known(known) => Ok(&**known),
            RowState::Waiting => Err("it was not read"),
            RowState::Failed(reason) => Err(&**reason),
        };
        StatisticsRow { name: &self.name, dtype: &self.dtype, shape: &self.shape, known }
    }
}

impl HandedRows for HandedStatistics {
    fn tab(&self) -> TabId {
        self.tab
    }

    fn noun(&self) -> &'static str {
        NOUN
    }

    fn extension(&self) -> &'static str {
        self.format.extension()
    }

    fn counted(&self) -> String {
        String::from("Statistics")
    }

    fn advice_when_too_long(&self) -> &'static str {
        "Export the table to a file"
    }

    fn write(&self, _: &Progress, out: &mut dyn io::Write) -> Result<(), HandingError> {
        let separator = if self.format == StatisticsFormat::Csv { ',' } else { '\t' };
        let written = match (&self.what, self.format) {
            (HandedKind::One(row), StatisticsFormat::Json) => {
                writeln!(out, "{}", json_object(&row.as_exported()))
            }
            (HandedKind::One(row), StatisticsFormat::Csv | StatisticsFormat::Lines) => {
                write_facts(&row.as_exported(), separator, out)
            }
            (HandedKind::Table(rows, shown), format) => {
                let rows = shown.iter().filter_map(|row| rows.get(*row as usize));
                let rows = rows.map(StatisticsRowFacts::as_exported);
                match format {
                    StatisticsFormat::Json => write_json_list(rows, out),
                    StatisticsFormat::Csv | StatisticsFormat::Lines => write_table(rows, separator, out),
                }
            }
        };
        Ok(written?)
    }
}

impl StatisticsState {
    /// Copies what the panel shows as lines of text.
    pub(in crate::session) fn copy(&self, tabs: &Tabs, context: &mut Context) {
        context.copy_rows(self.handed(StatisticsFormat::Lines, tabs), NOUN);
    }

    /// Exports what the panel shows to a file that the user names.
    pub(in crate::session) fn export(&self, format: StatisticsFormat, tabs: &Tabs, context: &mut Context) {
        context.export_rows(self.handed(format, tabs), NOUN);
    }

    /// What the panel shows; `None` while nothing is known.
    fn handed(&self, format: StatisticsFormat, tabs: &Tabs) -> Option<SharedRows> {
        let (tab, what) = match self.view {
            StatisticsView::Selection => {
                let measured = self.following.measured()?;
                let row = StatisticsRowFacts {
                    name: measured.subject.name().into(),
                    dtype: measured.subject.item().to_string().into(),
                    shape: measured.subject.array.shape.clone().into(),
                    known: RowState::Known(Arc::new((*measured.known).clone())),
                };
                (measured.subject.tab, HandedKind::One(Arc::new(row)))
            }
            StatisticsView::Arrays => {
                let tab = tabs.front_id()?;
                let (rows, shown) = self.arrays.of(tab)?.table.shared();
                (tab, HandedKind::Table(rows, shown.into()))
            }
            StatisticsView::Axis => {
                let lines = self.axis.shown()?;
                let (rows, shown) = lines.table.shared();
                (lines.subject.tab, HandedKind::Table(rows, shown.into()))
            }
        };
        Some(SharedRows::new(HandedStatistics { format, tab, what }))
    }

    /// Whether there is something to copy or to export.
    pub fn has_answer(&self, tab: TabId) -> bool {
        match self.view {
            StatisticsView::Selection => self.following.measured().is_some(),
            StatisticsView::Arrays => self.arrays.of(tab).is_some(),
            StatisticsView::Axis => self.axis.shown().is_some(),
        }
    }
}
