//! The histogram, with the choice of its bins. A click on a bin, or Enter on the chosen one, lists its elements.

use crate::analysis::stats::Histogram;
use crate::decode::Number;
use crate::export::statistics::number_text;
use crate::session::statistics::{Measured, StatisticsAction, StatisticsState};
use crate::session::{Action, describe};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{fit_end, named, weak};
use egui::{
    Align, EventFilter, Id, Key, Layout, Modifiers, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui,
    UiBuilder, WidgetInfo,
};
use egui_plot::{AxisHints, Bar, BarChart, GridInput, GridMark, Plot};

/// Points of the line over the bars.
const HEAD: f32 = 24.0;
/// Points to the right of the bars.
const RIGHT: f32 = 28.0;
/// How many bins can be chosen.
const BINS: [usize; 7] = [10, 20, 50, 100, 256, 500, 1000];
/// Points between two labels under the bars.
const LABEL_STEP: f32 = 84.0;

fn id() -> Id {
    Id::unique("histogram")
}

/// Draws the histogram in `area`.
pub(super) fn show(
    ui: &mut Ui,
    area: Rect,
    statistics: &StatisticsState,
    measured: &Measured,
    chosen: &mut Option<usize>,
    actions: &mut Vec<Action>,
) {
    let mut inside =
        ui.new_child(UiBuilder::new().max_rect(area).layout(Layout::top_down(Align::Min)).id_salt(id()));
    let ui = &mut inside;
    let Some(histogram) = measured.known.histogram.as_ref().filter(|histogram| !histogram.counts.is_empty())
    else {
        // Text and records have none.
        return;
    };
    if chosen.is_some_and(|bin| bin >= histogram.counts.len()) {
        *chosen = None;
    }
    let head = Rect::from_min_size(area.min, egui::vec2(area.width(), HEAD));
    // The last label has half of its width to the right of the bars.
    let plot = area.with_min_y(head.bottom()).with_max_x(area.right() - RIGHT);
    let hovered = ui.data(|data| data.get_temp::<Option<usize>>(id().with("hovered"))).flatten();
    let told = hovered.or(*chosen).filter(|bin| *bin < histogram.counts.len());
    head_line(ui, head, statistics, told.map(|bin| bin_words(histogram, bin)), actions);
    let response = ui.interact(plot, id(), Sense::click());
    keys(ui, &response, histogram, chosen, actions);
    response.widget_info(|| {
        let words = chosen.map_or_else(String::new, |bin| format!(", {}", bin_words(histogram, bin)));
        WidgetInfo::labeled(Role::Image, true, format!("histogram{words}"))
    });
    let mut child = ui.new_child(UiBuilder::new().max_rect(plot).id_salt("bars"));
    let now = bars(&mut child, histogram, statistics.is_logarithmic(), (hovered, *chosen));
    ui.data_mut(|data| data.insert_temp(id().with("hovered"), now));
    if let Some(bin) = now.filter(|_| response.clicked()) {
        *chosen = Some(bin);
        response.request_focus();
        actions.push(Action::Statistics(StatisticsAction::FindBin(bin)));
    }
    if response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        response.on_hover_text("Click: list the elements of this bin");
    }
}

/// The bin that is pointed at, how many bins there are, and the scale of the counts.
fn head_line(
    ui: &mut Ui,
    rect: Rect,
    statistics: &StatisticsState,
    told: Option<String>,
    actions: &mut Vec<Action>,
) {
    let layout = Layout::right_to_left(Align::Center);
    let mut line = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout).id_salt("head"));
    let mut is_logarithmic = statistics.is_logarithmic();
    let text = RichText::new("Log").font(theme::small());
    let log = line.checkbox(&mut is_logarithmic, text).on_hover_text("Draw the counts by their logarithm");
    named(&log, "logarithmic scale");
    if log.changed() {
        actions.push(Action::Statistics(StatisticsAction::Logarithmic(is_logarithmic)));
    }
    let bins = statistics.following.bins();
    let title = bins.map_or_else(|| String::from("Bins"), |bins| format!("{bins} bins"));
    let menu = line.menu_button(RichText::new(title).font(theme::small()), |ui| {
        let choices = std::iter::once(None).chain(BINS.into_iter().map(Some));
        for choice in choices {
            let text = choice.map_or_else(|| String::from("As suits the values"), |bins| bins.to_string());
            if ui.selectable_label(bins == choice, text).clicked() {
                actions.push(Action::Statistics(StatisticsAction::Bins(choice)));
                ui.close();
            }
        }
    });
    named(&menu.response, "number of bins");
    menu.response.on_hover_text("How many bins the histogram has");
    line.with_layout(Layout::left_to_right(Align::Center), |ui| {
        let told = told.unwrap_or_else(|| String::from("Histogram"));
        let room = ui.available_width();
        let shown = fit_end(ui, &told, &theme::small(), room).into_owned();
        weak(ui, shown);
    });
}

/// Left and Right choose a bin, Enter lists its elements.
fn keys(
    ui: &mut Ui,
    response: &egui::Response,
    histogram: &Histogram,
    chosen: &mut Option<usize>,
    actions: &mut Vec<Action>,
) {
    if !response.has_focus() {
        return;
    }
    let stroke = Stroke::new(1.0, Theme::of(ui.ctx()).accent);
    ui.painter().rect_stroke(response.rect.expand(2.0), 2.0, stroke, StrokeKind::Inside);
    let filter = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: false, escape: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let last = histogram.counts.len() - 1;
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    let (left, right) = (pressed(Key::ArrowLeft), pressed(Key::ArrowRight));
    let (home, end, enter) = (pressed(Key::Home), pressed(Key::End), pressed(Key::Enter));
    if left + right > 0 {
        let at = chosen.map_or(0, |bin| (bin + right).saturating_sub(left));
        *chosen = Some(at.min(last));
    }
    if home > 0 {
        *chosen = Some(0);
    }
    if end > 0 {
        *chosen = Some(last);
    }
    if let Some(bin) = chosen.filter(|_| enter > 0) {
        actions.push(Action::Statistics(StatisticsAction::FindBin(bin)));
    }
}

/// `[0.5, 0.75): 1,234 (12.3 %)`
fn bin_words(histogram: &Histogram, bin: usize) -> String {
    let (edges, counts) = (&histogram.edges, &histogram.counts);
    let all: u64 = counts.iter().sum();
    let share = counts[bin] as f64 / all.max(1) as f64 * 100.0;
    let (low, high) = (edges[bin], edges[bin + 1]);
    let count = describe::grouped(counts[bin]);
    if let Some(value) = only_value(low, high) {
        return format!("{value}: {count} ({share:.2} %)");
    }
    let end = if bin + 1 == counts.len() { ']' } else { ')' };
    format!("[{}, {}{end}: {count} ({share:.2} %)", brief(low), brief(high))
}

/// The only integer of a bin that is made for one.
fn only_value(low: f64, high: f64) -> Option<i64> {
    let is_for_one = (high - low - 1.0).abs() < 1e-9 && low.abs() < 1e15;
    is_for_one.then(|| low.ceil() as i64)
}

/// A number in at most seven characters or so: what a label under an axis has room for.
pub(super) fn brief(value: f64) -> String {
    let size = value.abs();
    // Zero has no sign here.
    if value == 0.0 {
        return String::from("0");
    }
    if !value.is_finite() || value.fract() == 0.0 && size < 1e7 {
        return number_text(Number::Float(value)).trim_end_matches(".0").to_owned();
    }
    if !(1e-3..1e7).contains(&size) {
        return format!("{value:.3e}");
    }
    let decimals = (4 - size.log10().floor() as i32).clamp(0, 8) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// How high a bar is: of a logarithmic scale 1 for one element.
fn height(count: u64, is_logarithmic: bool) -> f64 {
    match (is_logarithmic, count) {
        (_, 0) => 0.0,
        (false, count) => count as f64,
        (true, count) => (count as f64).log10() + 1.0,
    }
}

/// Draws the bars, whose places are the numbers of their bins; answers the bin under the pointer.
fn bars(
    ui: &mut Ui,
    histogram: &Histogram,
    is_logarithmic: bool,
    (hovered, chosen): (Option<usize>, Option<usize>),
) -> Option<usize> {
    let theme = Theme::of(ui.ctx());
    let count = histogram.counts.len();
    let bar = |(bin, elements): (usize, &u64)| {
        let is_meant = hovered == Some(bin) || chosen == Some(bin);
        let color = if is_meant { theme.data.changed_mark } else { theme.accent };
        Bar::new(bin as f64 + 0.5, height(*elements, is_logarithmic))
            .width(1.0)
            .fill(color)
            .stroke(Stroke::new(0.0, color))
    };
    let bars: Vec<Bar> = histogram.counts.iter().enumerate().map(bar).collect();
    let most = histogram.counts.iter().copied().max().unwrap_or(0);
    let top = height(most, is_logarithmic).max(1.0) * 1.05;
    let labels = (ui.available_width() / LABEL_STEP).floor().max(1.0) as usize;
    let edges = histogram.edges.clone();
    // A bin that is made for one integer has it under its middle.
    let is_whole = histogram.edges.windows(2).all(|edges| only_value(edges[0], edges[1]).is_some());
    let is_centred = is_whole && histogram.edges.first().is_some_and(|edge| edge.fract() != 0.0);
    let axis =
        |hints: AxisHints<'static>| hints.tick_label_color(theme.text_weak).tick_label_font(theme::small());
    let below = axis(AxisHints::new_x()).label_spacing(1.0..=2.0).formatter(move |mark: GridMark, _| {
        let edge = edges.get(mark.value.floor() as usize);
        edge.map_or_else(String::new, |edge| brief(if is_centred { edge.ceil() } else { *edge }))
    });
    let beside = axis(AxisHints::new_y())
        .min_thickness(44.0)
        .formatter(move |mark: GridMark, _| count_label(mark.value, is_logarithmic));
    let response = Plot::new("histogram")
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .show_x(false)
        .show_y(false)
        .sense(Sense::hover())
        .show_grid([false, true])
        .grid_color(theme.hairline)
        .grid_fade(0.0)
        .set_margin_fraction(egui::Vec2::ZERO)
        .x_grid_spacer(move |_| edge_marks(count, labels, is_centred))
        .y_grid_spacer(move |input| count_marks(&input, is_logarithmic))
        .custom_x_axes(vec![below])
        .custom_y_axes(vec![beside])
        .show(ui, |plot| {
            plot.set_plot_bounds_x(0.0..=count as f64);
            plot.set_plot_bounds_y(0.0..=top);
            plot.bar_chart(BarChart::new("elements", bars).allow_hover(false));
            plot.pointer_coordinate()
        });
    let at = response.inner.filter(|_| response.response.contains_pointer())?;
    let bin = at.x.floor();
    (bin >= 0.0 && bin < count as f64).then_some(bin as usize)
}

/// Edges that have a label, or with `is_centred` the middles of bins: evenly from the first on.
fn edge_marks(count: usize, labels: usize, is_centred: bool) -> Vec<GridMark> {
    let step = count.div_ceil(labels).max(1);
    // Of a power of two every power of two is even.
    let step = if count.is_power_of_two() { step.next_power_of_two() } else { step };
    let (last, off) = if is_centred { (count.saturating_sub(1), 0.5) } else { (count, 0.0) };
    let mark = |at: usize| GridMark { value: at as f64 + off, step_size: step as f64 };
    (0..=last).step_by(step).map(mark).collect()
}

/// Counts that have a line: about four, at round numbers.
fn count_marks(input: &GridInput, is_logarithmic: bool) -> Vec<GridMark> {
    let top = input.bounds.1;
    if is_logarithmic {
        let powers = top.floor().clamp(0.0, 20.0) as usize;
        let step = powers.div_ceil(5).max(1);
        return (1..=powers)
            .step_by(step)
            .map(|at| GridMark { value: at as f64, step_size: step as f64 })
            .collect();
    }
    let rough = (top / 4.0).max(1.0);
    let unit = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * unit).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    let lines = (top / step).floor().clamp(0.0, 20.0) as usize;
    (0..=lines).map(|at| GridMark { value: at as f64 * step, step_size: step }).collect()
}

/// A count in few characters: `1.2 M`.
fn count_label(value: f64, is_logarithmic: bool) -> String {
    let count = if is_logarithmic { 10_f64.powf(value - 1.0) } else { value };
    let units = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];
    for (unit, name) in units {
        if count >= unit {
            return format!("{}{name}", brief((count / unit * 100.0).round() / 100.0));
        }
    }
    format!("{count:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_under_an_axis_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (-0.00062294, "-6.229e-4"),
            (1.0, "1"),
            (-2.5, "-2.5"),
            (0.1 + 0.2, "0.3"),
            (1234.5678, "1234.6"),
            (1e9, "1.000e9"),
            (1.5e-7, "1.500e-7"),
            (65536.0, "65536"),
        ] {
            assert_eq!(brief(value), text, "{value}");
        }
        assert_eq!(
            [0.0, 999.0, 1500.0, 2e6].map(|count| count_label(count, false)),
            ["0", "999", "1.5 k", "2 M"]
        );
        assert_eq!(count_label(4.0, true), "1 k");
    }

    #[test]
    fn a_bin_says_what_is_in_it() {
        let histogram = Histogram { edges: vec![0.0, 0.5, 1.0], counts: vec![3, 1] };
        assert_eq!(bin_words(&histogram, 0), "[0, 0.5): 3 (75.00 %)");
        assert_eq!(bin_words(&histogram, 1), "[0.5, 1]: 1 (25.00 %)");
        let whole = Histogram { edges: vec![-0.5, 0.5, 1.5], counts: vec![1, 1] };
        assert_eq!(bin_words(&whole, 1), "1: 1 (50.00 %)");
    }

    #[test]
    fn labels_are_at_edges_or_under_the_middles_of_bins_for_one_integer() {
        let places = |marks: Vec<GridMark>| marks.iter().map(|mark| mark.value).collect::<Vec<_>>();
        assert_eq!(places(edge_marks(10, 5, false)), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(places(edge_marks(3, 8, true)), [0.5, 1.5, 2.5]);
        assert_eq!(places(edge_marks(256, 3, false)), [0.0, 128.0, 256.0]);
    }

    #[test]
    fn one_element_has_a_bar_on_a_logarithmic_scale_and_none_has_not() {
        assert_eq!([0, 1, 10].map(|count| height(count, true)), [0.0, 1.0, 2.0]);
    }
}
