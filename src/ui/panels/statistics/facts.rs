//! The facts in columns: values, counts, percentiles. The arrow keys walk them, Enter goes to the element of a fact.

use super::list_id;
use crate::session::statistics::{Fact, Measured, StatisticsAction};
use crate::session::{Action, Command, PaneAction, PaneKey};
use crate::ui::focus_ring::{self, Stop};
use crate::ui::list_navigation::{ManyRows, Step, WalkedList};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{fit_end, fit_middle, weak, width_of_text};
use egui::{Align2, Color32, CursorIcon, FontId, Painter, Pos2, Rect, Response, Sense, Ui, Vec2, pos2, vec2};

const ROW_HEIGHT: f32 = 22.0;
const GAP: f32 = 8.0;

/// A column of facts: points for labels, values, and what is said besides.
struct FactColumn<'a> {
    facts: &'a [Fact],
    label: f32,
    value: f32,
    note: f32,
}

impl FactColumn<'_> {
    fn width(&self) -> f32 {
        self.label + self.value + GAP + self.note
    }
}

/// A sentence where there are no facts; the keys have a place in it.
pub(super) fn nothing(ui: &mut Ui, words: &str) {
    let walked = WalkedList { id: list_id(), name: "statistics", count: 0, chosen: None, many: None };
    walked.keys(ui, ui.available_rect_before_wrap(), |_| String::new());
    focus_ring::lead(ui, Stop::Statistics, list_id());
    weak(ui, words);
}

/// The columns that have facts.
fn columns_of(measured: &Measured) -> Vec<FactColumn<'_>> {
    let columns = [
        FactColumn { facts: &measured.facts.values, label: 60.0, value: 184.0, note: 132.0 },
        FactColumn { facts: &measured.facts.counts, label: 68.0, value: 112.0, note: 84.0 },
        FactColumn { facts: &measured.facts.ranks, label: 52.0, value: 152.0, note: 0.0 },
    ];
    columns.into_iter().filter(|column| !column.facts.is_empty()).collect()
}

/// Points that all facts take.
pub(super) fn size(measured: &Measured) -> Vec2 {
    let columns = columns_of(measured);
    let width: f32 = columns.iter().map(|column| column.width() + super::COLUMN_GAP).sum();
    let rows = columns.iter().map(|column| column.facts.len()).max().unwrap_or(0);
    vec2((width - super::COLUMN_GAP).max(0.0), rows as f32 * ROW_HEIGHT)
}

/// The facts on the screen.
pub(super) struct ShownFacts<'a> {
    pub measured: &'a Measured,
    /// The pane that Enter leads to.
    pub pane: PaneKey,
}

impl ShownFacts<'_> {
    /// Makes `area` take the keys of the facts. Whether they have them, and whether another fact was chosen.
    pub fn keys(
        &self,
        ui: &Ui,
        area: Rect,
        chosen: &mut Option<u64>,
        actions: &mut Vec<Action>,
    ) -> (Response, bool) {
        let facts: Vec<&Fact> = self.measured.facts.all().collect();
        let walked = WalkedList {
            id: list_id(),
            name: "statistics",
            count: facts.len() as u64,
            chosen: *chosen,
            many: Some(ManyRows { chosen: None, letters: &[] }),
        };
        let fact = |row: u64| usize::try_from(row).ok().and_then(|row| facts.get(row).copied());
        let (response, steps) = walked.keys(ui, area, |row| fact(row).map_or_else(String::new, words));
        focus_ring::lead(ui, Stop::Statistics, response.id);
        let mut is_moved = false;
        for step in steps {
            match step {
                Step::Choose(row) => (*chosen, is_moved) = (Some(row), true),
                Step::Leave => match chosen.and_then(fact).and_then(|fact| fact.place.as_ref()) {
                    Some(place) => actions.push(go_to(place.element)),
                    None => actions.push(Action::Pane(PaneAction::Focus(self.pane))),
                },
                Step::Copy => actions.push(Action::Run(Command::CopyStatistics)),
                Step::Extend(_) | Step::All | Step::Remove(_) | Step::Letter(_) => {}
            }
        }
        (response, is_moved)
    }

    /// Draws the facts from `corner` on. `keys` is what took the keys; with `follows` the chosen fact is scrolled to.
    pub fn draw(
        &self,
        ui: &mut Ui,
        corner: Pos2,
        (keys, follows): (&Response, bool),
        chosen: &mut Option<u64>,
        actions: &mut Vec<Action>,
    ) {
        let (mut left, mut number) = (corner.x, 0);
        for column in columns_of(self.measured) {
            let at = pos2(left, corner.y);
            let row_of = |row: u64| (row - number) as f32 * ROW_HEIGHT;
            let has = |row: &u64| (number..number + column.facts.len() as u64).contains(row);
            if let Some(row) = chosen.filter(|row| follows && has(row)) {
                let rect = Rect::from_min_size(at + vec2(0.0, row_of(row)), vec2(column.width(), ROW_HEIGHT));
                ui.scroll_to_rect(rect, None);
            }
            let is_chosen = |row| keys.has_focus() && *chosen == Some(row);
            if let Some(row) = draw(ui, &column, at, number, is_chosen, actions) {
                *chosen = Some(row);
                keys.request_focus();
            }
            number += column.facts.len() as u64;
            left += column.width() + super::COLUMN_GAP;
        }
    }
}

fn go_to(element: u64) -> Action {
    Action::Statistics(StatisticsAction::GoTo(element))
}

/// Draws a column whose first fact has the number `first`; answers the fact that was clicked.
fn draw(
    ui: &mut Ui,
    column: &FactColumn<'_>,
    corner: Pos2,
    first: u64,
    is_chosen: impl Fn(u64) -> bool,
    actions: &mut Vec<Action>,
) -> Option<u64> {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter().clone();
    let mut clicked = None;
    for (at, fact) in column.facts.iter().enumerate() {
        let row = first + at as u64;
        let rect =
            Rect::from_min_size(corner + vec2(0.0, at as f32 * ROW_HEIGHT), vec2(column.width(), ROW_HEIGHT));
        // The keys go to the list, not to its rows.
        let mut response = ui.interact(rect, list_id().with(("fact", row)), Sense::CLICK);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words(fact)));
        let fill = match (is_chosen(row), response.hovered()) {
            (true, _) => Some(theme.accent_bg),
            (false, true) => Some(theme.hover_bg),
            (false, false) => None,
        };
        if let Some(fill) = fill {
            painter.rect_filled(rect.expand2(vec2(4.0, 0.0)), f32::from(theme::RADIUS), fill);
        }
        paint(ui, &painter, column, rect, fact);
        if let Some(place) = &fact.place {
            response = response.on_hover_cursor(CursorIcon::PointingHand);
            if response.clicked() {
                actions.push(go_to(place.element));
            }
        }
        if response.clicked() {
            clicked = Some(row);
        }
        let is_cut = width_of_text(ui, &fact.value, &theme::mono()) > column.value;
        let hint = hint(fact, is_cut);
        if !hint.is_empty() {
            response.on_hover_text(hint);
        }
    }
    clicked
}

/// Draws label, value and place of a fact.
fn paint(ui: &Ui, painter: &Painter, column: &FactColumn<'_>, rect: Rect, fact: &Fact) {
    let theme = Theme::of(ui.ctx());
    let text = |at: f32, align, text: &str, font: FontId, color: Color32| {
        painter.text(pos2(rect.left() + at, rect.center().y), align, text, font, color);
    };
    text(0.0, Align2::LEFT_CENTER, fact.label, theme::small(), theme.text_weak);
    let color = if fact.is_warning { theme.warn } else { theme.text };
    let value = fit_end(ui, &fact.value, &theme::mono(), column.value);
    text(column.label + column.value, Align2::RIGHT_CENTER, &value, theme::mono(), color);
    let beside = column.label + column.value + GAP;
    match &fact.place {
        Some(place) => {
            let words = fit_middle(ui, &place.words, &theme::mono(), column.note);
            text(beside, Align2::LEFT_CENTER, &words, theme::mono(), theme.accent);
        }
        None => {
            let note = fit_end(ui, &fact.note, &theme::small(), column.note);
            text(beside, Align2::LEFT_CENTER, &note, theme::small(), theme.text_weak);
        }
    }
}

/// What the tooltip of a fact says.
fn hint(fact: &Fact, is_cut: bool) -> String {
    let mut lines = Vec::new();
    if is_cut {
        lines.push(fact.value.clone());
    }
    if let Some(place) = &fact.place {
        lines.push(format!("{} (Enter: go there)", place.words));
        lines.extend((!fact.note.is_empty()).then(|| fact.note.clone()));
    }
    match fact.label {
        "Std" => lines.push(String::from("Standard deviation of these values (ddof=0)")),
        "Sum" if fact.note.starts_with('±') => {
            lines.push(String::from("The true sum is within this bound"));
        }
        _ => {}
    }
    lines.join("\n")
}

/// What a screen reader says of a fact.
fn words(fact: &Fact) -> String {
    let place = fact.place.as_ref().map(|place| format!("at {}", place.words)).unwrap_or_default();
    let parts = [fact.label, &fact.value, &fact.note, &place];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
