//! Statistics of what is selected or shown, of all arrays of a container, and along an axis.
//!
//! What is selected is followed: when it changes, a job on a snapshot answers anew, and the one before is given up. The
//! last answer stays until the next one is there. Nothing runs while the panel is hidden.
//!
//! | file | what it holds |
//! |---|---|
//! | `action` | what the panel asks |
//! | `following` | the job that follows the selection, and its last answer |
//! | `work`, `facts` | what the worker does; the answer in words |
//! | `bins` | the elements of a bin of the histogram, to be found |
//! | `arrays`, `axis`, `table` | all arrays of a container, and lines along an axis, as rows that can be sorted |
//! | `handing` | what is copied and exported |

pub mod action;
pub mod arrays;
pub mod axis;
mod bins;
pub mod facts;
mod following;
mod handing;
pub mod table;
mod work;

pub use action::{StatisticsAction, StatisticsView};
pub use arrays::{ArraysStatistics, ArraysTable};
pub use axis::{AxisStatistics, AxisTable};
pub use facts::{Fact, FactPlace, Facts};
pub use following::{Following, FollowingState, Measured};
pub use table::{RowState, StatisticsColumn, StatisticsOrder, StatisticsRowFacts, StatisticsTable, infinite};

use super::settings::panels::{self, STATISTICS};
use crate::session::context::Context;
use crate::session::effect::Effect;
use crate::session::ids::TabId;
use crate::session::jobs::Activity;
use crate::session::request::Request;
use crate::session::tabs::Tabs;

/// The state of the panel.
#[derive(Debug, Default)]
pub struct StatisticsState {
    view: StatisticsView,
    is_logarithmic: bool,
    pub following: Following,
    pub arrays: ArraysStatistics,
    pub axis: AxisStatistics,
}

impl StatisticsState {
    /// What the panel shows.
    pub fn view(&self) -> StatisticsView {
        self.view
    }

    /// Whether the counts of the histogram are drawn by their logarithm.
    pub fn is_logarithmic(&self) -> bool {
        self.is_logarithmic
    }

    /// Whether nothing is being calculated.
    pub fn is_at_rest(&self) -> bool {
        self.following.is_at_rest() && self.arrays.is_at_rest() && self.axis.is_at_rest()
    }

    /// Does what the panel asks.
    pub(in crate::session) fn apply(
        &mut self,
        action: StatisticsAction,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        match action {
            StatisticsAction::View(view) => self.show(view, context),
            StatisticsAction::Bins(bins) => self.following.set_bins(bins),
            StatisticsAction::Logarithmic(on) => self.is_logarithmic = on,
            StatisticsAction::Calculate => self.calculate(tabs),
            StatisticsAction::GoTo(element) => self.go_to(element, tabs, context),
            StatisticsAction::FindBin(bin) => self.find_bin(bin, context),
            StatisticsAction::Along(axis) => self.axis.set_axis(axis),
            StatisticsAction::Choose(place) => self.choose(place, tabs),
            StatisticsAction::Open(place) => self.open_row(place, tabs, context),
            StatisticsAction::Sort(column) => self.sort(column, tabs),
            StatisticsAction::Close => self.close(context),
        }
    }

    /// The user wants the answer, whatever it takes.
    fn calculate(&mut self, tabs: &Tabs) {
        match (self.view, tabs.front_id()) {
            (StatisticsView::Selection, _) => self.following.calculate(),
            (StatisticsView::Arrays, Some(tab)) => self.arrays.go_on(tab),
            (StatisticsView::Arrays, None) => {}
            (StatisticsView::Axis, _) => self.axis.go_on(),
        }
    }

    fn choose(&mut self, place: u64, tabs: &Tabs) {
        match self.view {
            StatisticsView::Selection => {}
            StatisticsView::Arrays => {
                if let Some(table) = tabs.front_id().and_then(|tab| self.arrays.of_mut(tab)) {
                    table.table.choose(place);
                }
            }
            StatisticsView::Axis => self.axis.choose(place),
        }
    }

    fn sort(&mut self, column: StatisticsColumn, tabs: &Tabs) {
        match (self.view, tabs.front_id()) {
            (StatisticsView::Arrays, Some(tab)) => self.arrays.order_by(tab, column),
            (StatisticsView::Axis, _) => self.axis.order_by(column),
            (StatisticsView::Selection | StatisticsView::Arrays, _) => {}
        }
    }

    /// Shows what a row is of: an array, or a line; with the caret on its first NaN if it has one.
    fn open_row(&mut self, place: u64, tabs: &mut Tabs, context: &mut Context) {
        self.choose(place, tabs);
        match self.view {
            StatisticsView::Selection => {}
            StatisticsView::Arrays => self.open_array(place, tabs, context),
            StatisticsView::Axis => {
                let Some((subject, element)) = self.axis.element_at(place) else { return };
                let Some(tab) = tabs.get_mut(subject.tab) else { return };
                context.tell(tab.go_to_subject(subject, element));
                context.want_grid_focus();
            }
        }
    }

    fn open_array(&self, place: u64, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.front_id() else { return };
        let Some(table) = self.arrays.of(tab) else { return };
        let Some(entry) = table.table.number_at(place) else { return };
        let known = table.table.row(entry).and_then(|row| row.known.statistics());
        let nan = known.and_then(|known| known.first_nan);
        let index = nan
            .zip(table.entry(entry))
            .and_then(|(nan, facts)| Some(arrays::array_of(facts).ok()?.index_at(nan)));
        context.want(Effect::ShowElement { tab, entry, index: index.unwrap_or_default() });
        context.want_grid_focus();
    }

    fn go_to(&self, element: u64, tabs: &mut Tabs, context: &mut Context) {
        let Some(measured) = self.following.measured() else { return };
        let Some(tab) = tabs.get_mut(measured.subject.tab) else { return };
        context.tell(tab.go_to_subject(&measured.subject, element));
    }

    fn find_bin(&self, bin: usize, context: &mut Context) {
        let Some(measured) = self.following.measured() else { return };
        match measured.question_of_bin(bin) {
            Ok(question) => context.want(Effect::ListElements {
                tab: measured.subject.tab,
                question,
                arrays: measured.subject.to_search(),
            }),
            Err(reason) => context.say(reason),
        }
    }

    fn close(&mut self, context: &mut Context) {
        if panels::shows(&context.settings, STATISTICS) {
            panels::toggle(context, STATISTICS);
            context.want_grid_focus();
        }
    }

    /// Shows the panel with a view of it; hides it where it shows this view already.
    pub(in crate::session) fn toggle(&mut self, view: StatisticsView, context: &mut Context) {
        let is_shown = panels::shows(&context.settings, STATISTICS);
        if is_shown && self.view == view {
            return self.close(context);
        }
        if !is_shown {
            panels::toggle(context, STATISTICS);
        }
        self.show(view, context);
    }

    /// Shows a view in the panel.
    fn show(&mut self, view: StatisticsView, context: &mut Context) {
        self.view = view;
        match view {
            // The keys stay where the selection is made, which is followed.
            StatisticsView::Selection => {}
            StatisticsView::Arrays => context.request(Request::FocusList(STATISTICS)),
            StatisticsView::Axis => {}
        }
    }

    /// Takes what workers have found, and starts what is to be calculated.
    pub(in crate::session) fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        let is_shown = panels::shows(&context.settings, STATISTICS);
        let follows = is_shown && self.view == StatisticsView::Selection;
        self.following.poll(follows, tabs, context);
        self.arrays.poll(is_shown && self.view == StatisticsView::Arrays, tabs, context);
        self.axis.poll(is_shown && self.view == StatisticsView::Axis, tabs, context);
    }

    pub(in crate::session) fn activities(&self) -> impl Iterator<Item = Activity> {
        let measuring = self.following.activities().chain(self.arrays.activities());
        measuring.chain(self.axis.activities())
    }

    /// Ends what is being calculated; `false` when nothing is.
    pub(in crate::session) fn cancel(&mut self, context: &mut Context) -> bool {
        context.say_stopped(self.following.stop() | self.arrays.stop() | self.axis.stop())
    }

    /// Forgets what belongs to a tab that is closed.
    pub(in crate::session) fn forget_tab(&mut self, id: TabId) {
        self.following.forget_tab(id);
        self.arrays.forget_tab(id);
        self.axis.forget_tab(id);
    }
}
