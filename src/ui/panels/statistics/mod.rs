//! Statistics of what is selected or shown: extremes, sums, counts, percentiles and a histogram. They follow the
//! selection; the last answer is greyed until the next one is there.

mod facts;
mod histogram;
mod tables;

use super::panel_head::{CommandGroups, PanelHead};
use super::side_panel::SidePanel;
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element, Number, Order};
use crate::session::statistics::{Following, FollowingState, Measured, StatisticsAction, StatisticsView};
use crate::session::subject::{ElementSubject, SubjectExtent};
use crate::session::{Action, Command, STATISTICS, Session, Tab, describe};
use crate::ui::focus_ring::Stop;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{weak, width_of_text};
use egui::{Button, Id, Label, ProgressBar, RichText, ScrollArea, Sense, Ui, UiBuilder, vec2};
use histogram::brief;
use std::time::Duration;

const HEIGHT: f32 = 268.0;
/// Time between two frames while something is calculated.
const PROGRESS_STEP: Duration = Duration::from_millis(100);
/// Points between the columns of facts, and to the histogram.
const COLUMN_GAP: f32 = 24.0;
/// The narrowest histogram that says something.
const LEAST_HISTOGRAM: f32 = 160.0;
/// Points beside the facts for the bar that scrolls them.
const SCROLL_ROOM: f32 = 12.0;
/// Points of the histogram where it stands below the facts.
const BELOW: f32 = 132.0;
/// Room for the progress bar.
const BAR_WIDTH: f32 = 96.0;

/// What can be done with the statistics.
const COMMANDS: CommandGroups =
    &[&[Command::CopyStatistics, Command::ExportStatisticsCsv, Command::ExportStatisticsJson]];

/// What the panel keeps from frame to frame.
#[derive(Debug, Default)]
pub struct StatisticsPanelState {
    /// The fact that the keys are on, and the bin.
    chosen: Option<u64>,
    bin: Option<usize>,
}

/// The list that the keys go to.
pub fn list_id() -> Id {
    Id::unique("statistics")
}

/// Draws the panel of statistics; nothing when it is hidden.
pub fn panel(ui: &mut Ui, session: &Session, state: &mut StatisticsPanelState, actions: &mut Vec<Action>) {
    if !session.shows_panel(STATISTICS) || session.tab().is_none() {
        return;
    }
    let panel = SidePanel::bottom(STATISTICS, HEIGHT, Stop::Statistics);
    panel.show(ui, session, actions, |ui, actions| {
        let statistics = &session.features().statistics;
        head(ui, session, actions);
        match statistics.view() {
            StatisticsView::Selection => selection(ui, session, state, actions),
            StatisticsView::Arrays => arrays(ui, session, actions),
            StatisticsView::Axis => along(ui, session, actions),
        }
        if !statistics.is_at_rest() {
            ui.ctx().request_repaint_after(PROGRESS_STEP);
        }
    });
}

/// The name of the panel, what is measured, how far it is, and what can be done with it.
fn head(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let head = PanelHead {
        title: "Statistics",
        close: (Action::Statistics(StatisticsAction::Close), "Close the statistics"),
        commands: COMMANDS,
        menu: ("what to do with the statistics", "Copy or export"),
    };
    let statistics = &session.features().statistics;
    let state = |ui: &mut Ui, actions: &mut Vec<Action>| match statistics.view() {
        StatisticsView::Selection => following_state(ui, &statistics.following, actions),
        StatisticsView::Arrays => arrays_state(ui, session, actions),
        StatisticsView::Axis => along_state(ui, session, actions),
    };
    head.show(ui, session, actions, state, |ui, actions| {
        views(ui, session, actions);
        match statistics.view() {
            StatisticsView::Selection => subject(ui, &statistics.following),
            StatisticsView::Arrays => arrays_words(ui, session),
            StatisticsView::Axis => axes(ui, session, actions),
        }
    });
}

/// What the panel can show.
fn views(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let shown = session.features().statistics.view();
    let views = [
        (StatisticsView::Selection, "Selection", Command::ToggleStatistics),
        (StatisticsView::Axis, "Along an axis", Command::AxisStatistics),
        (StatisticsView::Arrays, "All arrays", Command::ArraysStatistics),
    ];
    for (view, title, command) in views {
        let is_ready = command.spec().enabled(session);
        let button = Button::selectable(shown == view, RichText::new(title).font(theme::small()));
        let response = ui.add_enabled(is_ready, button).on_hover_text(command.spec().tooltip());
        if response.on_disabled_hover_text(command.why_not(session)).clicked() && shown != view {
            actions.push(Action::Statistics(StatisticsAction::View(view)));
        }
    }
}

/// How many arrays are known, and what was found in them.
fn arrays_words(ui: &mut Ui, session: &Session) {
    let statistics = &session.features().statistics.arrays;
    let Some(table) = session.tab().and_then(|tab| statistics.of(tab.id)).map(|table| &table.table) else {
        return;
    };
    let theme = Theme::of(ui.ctx());
    let (nan, infinite) = table.found();
    let mut words = Vec::new();
    for (count, what) in [(nan, "NaN"), (infinite, "infinities")] {
        if count > 0 {
            let verb = if count == 1 { "has" } else { "have" };
            words.push(format!("{} {verb} {what}", describe::counted(count, "array", "arrays")));
        }
    }
    let is_done = table.done() == table.len();
    if words.is_empty() && is_done {
        words.push(String::from("no NaN, no infinities"));
    }
    let color = if nan + infinite > 0 { theme.warn } else { theme.text_weak };
    let count = match is_done {
        true => describe::counted(table.len(), "array", "arrays"),
        false => format!("{} of {} arrays", describe::grouped(table.done()), describe::grouped(table.len())),
    };
    weak(ui, count);
    ui.add(Label::new(RichText::new(words.join(", ")).font(theme::small()).color(color)).truncate());
}

/// How far the table of all arrays is.
fn arrays_state(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let statistics = &session.features().statistics.arrays;
    let Some(tab) = session.tab() else { return };
    if let Some(fraction) = statistics.fraction(tab.id) {
        running(ui, fraction, actions);
    } else if statistics.is_stopped(tab.id) {
        calculate(ui, "Go on", actions);
        weak(ui, "stopped");
    }
}

fn arrays(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let Some(tab) = session.tab() else { return };
    match session.features().statistics.arrays.of(tab.id) {
        Some(shown) if !shown.table.is_empty() => {
            let table = tables::ShownTable {
                table: &shown.table,
                name: "statistics of all arrays",
                first: "Name",
                has_types: true,
                pane: tab.focus(),
            };
            table.show(ui, actions);
        }
        _ if session.has_read_headers() => facts::nothing(ui, "This file has no list of arrays."),
        _ => facts::nothing(ui, "The header is being read."),
    }
}

/// The choice of the axis.
fn axes(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let Some(shown) = session.features().statistics.axis.shown() else { return };
    let words = crate::escape::escape(shown.subject.words());
    ui.add(Label::new(RichText::new(words).font(theme::small())).truncate());
    for (axis, side) in shown.subject.array.shape.iter().enumerate() {
        let title = RichText::new(format!("axis {axis} ({})", describe::grouped(*side))).font(theme::small());
        let response = ui.add(Button::selectable(shown.axis == axis, title));
        if response.on_hover_text("A row for each index of the other axes").clicked() {
            actions.push(Action::Statistics(StatisticsAction::Along(axis)));
        }
    }
    weak(ui, describe::counted(shown.table.len(), "row", "rows"));
}

/// How far the rows along an axis are.
fn along_state(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let statistics = &session.features().statistics.axis;
    if let Some(fraction) = statistics.fraction() {
        running(ui, fraction, actions);
    } else if statistics.is_stopped() {
        calculate(ui, "Calculate again", actions);
        weak(ui, "stopped");
    }
}

fn along(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let statistics = &session.features().statistics.axis;
    let Some(tab) = session.tab() else { return };
    if let Some(reason) = statistics.refusal() {
        return facts::nothing(ui, reason);
    }
    match statistics.shown() {
        Some(shown) if !shown.table.is_empty() => {
            let table = tables::ShownTable {
                table: &shown.table,
                name: "statistics along an axis",
                first: "Index",
                has_types: false,
                pane: tab.focus(),
            };
            table.show(ui, actions);
        }
        _ => facts::nothing(ui, "The array has no elements."),
    }
}

/// A number of at most six digits, as a column has room for.
fn short(value: Number) -> String {
    match value {
        Number::Float(value) => brief(value),
        Number::Int(whole) if whole.unsigned_abs() < 10_000_000 => whole.to_string(),
        Number::Int(whole) => brief(whole as f64),
        Number::Wide(whole) => brief(whole as f64),
        Number::Complex(real, imaginary) => {
            let sign = if imaginary.is_sign_negative() { "" } else { "+" };
            format!("{}{sign}{}j", brief(real), brief(imaginary))
        }
    }
}

/// What is measured: `layer.0.weight  4,096 × 11,008 <f4`.
fn subject(ui: &mut Ui, following: &Following) {
    let Some(Ok(subject)) = following.subject() else { return };
    let theme = Theme::of(ui.ctx());
    let words = crate::escape::escape(subject.words());
    let text = RichText::new(&words).font(theme::small()).color(theme.text);
    ui.add(Label::new(text).truncate().show_tooltip_when_elided(false)).on_hover_text(&words);
    ui.add(
        Label::new(RichText::new(elements(subject)).font(theme::small()).color(theme.text_weak)).truncate(),
    );
}

fn elements(subject: &ElementSubject) -> String {
    if matches!(subject.extent, SubjectExtent::File | SubjectExtent::Selection)
        && *subject.item() == DType::new(Element::U8, Order::Little).into()
    {
        return describe::bytes(subject.array.items());
    }
    let ItemType::Scalar(dtype) = subject.item() else {
        return format!("{} × {}", describe::grouped(subject.array.items()), describe::dtype(subject.item()));
    };
    let left_over = match subject.left_over {
        0 => String::new(),
        bytes => format!(", {} left over", describe::bytes(bytes)),
    };
    format!("{} × {}{left_over}", describe::grouped(subject.array.items()), dtype.name())
}

/// How far the answer is, with what the user can do about it.
fn following_state(ui: &mut Ui, following: &Following, actions: &mut Vec<Action>) {
    match following.state() {
        FollowingState::UpToDate | FollowingState::Running { is_long: false, .. } => {}
        FollowingState::Running { fraction, .. } => running(ui, fraction.unwrap_or(0.0), actions),
        FollowingState::Stopped => {
            calculate(ui, "Calculate again", actions);
            weak(ui, "stopped");
        }
        FollowingState::Failed => {
            calculate(ui, "Try again", actions);
            weak(ui, "ended unexpectedly");
        }
        FollowingState::Asks(bytes) => calculate(ui, &format!("Read {}", describe::size(bytes)), actions),
    }
}

/// A button that has the answer calculated.
fn calculate(ui: &mut Ui, title: &str, actions: &mut Vec<Action>) {
    if ui.button(title).clicked() {
        actions.push(Action::Statistics(StatisticsAction::Calculate));
    }
}

/// How far the answer is, and how to stop.
fn running(ui: &mut Ui, fraction: f32, actions: &mut Vec<Action>) {
    if ui.small_button("Stop").clicked() {
        actions.push(Action::CancelJob);
    }
    ui.add(ProgressBar::new(fraction).desired_width(BAR_WIDTH).desired_height(8.0).animate(false));
    // As wide at any part.
    let width = width_of_text(ui, "100 %", &theme::small()).ceil();
    ui.add_sized([width, theme::CONTROL_HEIGHT], Label::new(part_text(ui, fraction)));
}

fn part_text(ui: &Ui, fraction: f32) -> RichText {
    let color = Theme::of(ui.ctx()).text_weak;
    RichText::new(format!("{:.0} %", fraction * 100.0)).font(theme::small()).color(color)
}

fn selection(ui: &mut Ui, session: &Session, state: &mut StatisticsPanelState, actions: &mut Vec<Action>) {
    let following = &session.features().statistics.following;
    match (following.subject(), following.measured()) {
        (Some(Err(reason)), _) => facts::nothing(ui, reason),
        (_, None) => {
            let words = match following.state() {
                FollowingState::Asks(_) => {
                    "This is much to read, so it is not read by itself. Choose 'Read', or select a part."
                }
                _ => "Calculating…",
            };
            facts::nothing(ui, words);
        }
        (_, Some(measured)) => answer(ui, session, measured, state, actions),
    }
}

fn answer(
    ui: &mut Ui,
    session: &Session,
    measured: &Measured,
    state: &mut StatisticsPanelState,
    actions: &mut Vec<Action>,
) {
    let statistics = &session.features().statistics;
    let following = &statistics.following;
    let is_waiting = !matches!(
        following.state(),
        FollowingState::UpToDate | FollowingState::Running { is_long: false, .. }
    );
    let is_old = following.is_old() && is_waiting;
    let Some(pane) = session.tab().map(Tab::focus) else { return };
    remarks(ui, measured, is_old);
    ui.scope(|ui| {
        if is_old {
            ui.set_opacity(0.5);
        }
        let area = ui.available_rect_before_wrap();
        let size = facts::size(measured);
        let rest = area.with_min_x(area.left() + size.x + SCROLL_ROOM + COLUMN_GAP);
        let is_beside = rest.width() >= LEAST_HISTOGRAM;
        let shown = facts::ShownFacts { measured, pane };
        let left = if is_beside { area.with_max_x(area.left() + size.x + SCROLL_ROOM) } else { area };
        let (keys, follows) = shown.keys(ui, left, &mut state.chosen, actions);
        let mut inside = ui.new_child(UiBuilder::new().max_rect(left).id_salt("facts"));
        // A low or narrow panel scrolls: nothing is cut off.
        ScrollArea::both().auto_shrink(false).show(&mut inside, |ui| {
            let below = if is_beside { 0.0 } else { COLUMN_GAP + BELOW };
            let (room, _) = ui.allocate_exact_size(size + vec2(0.0, below), Sense::hover());
            shown.draw(ui, room.min, (&keys, follows), &mut state.chosen, actions);
            if !is_beside {
                let plot = room.with_min_y(room.bottom() - BELOW).with_max_x(room.left() + left.width());
                histogram::show(ui, plot, statistics, measured, &mut state.bin, actions);
            }
        });
        if is_beside {
            histogram::show(ui, rest, statistics, measured, &mut state.bin, actions);
        }
    });
}

/// What is not as it should be of the answer.
fn remarks(ui: &mut Ui, measured: &Measured, is_old: bool) {
    let theme = Theme::of(ui.ctx());
    let mut line = |text: String, color| {
        ui.add(Label::new(RichText::new(text).font(theme::small()).color(color)).truncate());
    };
    let unread = measured.unread_words();
    if !unread.is_empty() {
        line(unread, theme.error);
    }
    if is_old {
        line(format!("Still of the selection before: {}.", measured.subject.words()), theme.text_weak);
    } else if !measured.is_whole {
        let read = describe::counted(measured.known.count, "element", "elements");
        line(format!("So far, of the first {read}."), theme.text_weak);
    }
}
