//! What F6 goes round: the areas of the window, in the order of the table below.
//!
//! Each area marks its rectangle while it is drawn. F6 gives the keys to the widget that leads the next area, or to the
//! first one there that can take them; Shift+F6 goes the other way round. An area without such a widget is passed over.

use crate::session::PaneKey;
use egui::{Context, Id, LayerId, Rect, Ui, WidgetRect};

/// An area of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// The grid of a pane.
    Pane(PaneKey),
    /// The bar over it.
    Bar(PaneKey),
    Find,
    Matches,
    Hashes,
    Strings,
    Embedded,
    Statistics,
    Inspector,
    Changes,
    Arrays,
    Banners,
    Tabs,
    Menu,
    Status,
}

/// The order of F6 after the panes and their bars.
const ORDER: [Stop; 13] = [
    Stop::Find,
    Stop::Matches,
    Stop::Hashes,
    Stop::Strings,
    Stop::Embedded,
    Stop::Statistics,
    Stop::Inspector,
    Stop::Changes,
    Stop::Arrays,
    Stop::Banners,
    Stop::Status,
    Stop::Tabs,
    Stop::Menu,
];

impl Stop {
    /// What a screen reader calls the area; panes are named where they are drawn.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pane(_) => "pane",
            Self::Bar(_) => "how the pane is shown",
            Self::Find => "find",
            Self::Matches => "list of matches",
            Self::Hashes => "hashes",
            Self::Strings => "strings",
            Self::Embedded => "embedded files",
            Self::Statistics => "statistics",
            Self::Inspector => "inspector",
            Self::Changes => "changes",
            Self::Arrays => "arrays",
            Self::Banners => "messages",
            Self::Tabs => "open files",
            Self::Menu => "menu",
            Self::Status => "status",
        }
    }

    fn id(self) -> Id {
        Id::unique(("area of F6", self))
    }
}

/// Called inside a panel whose size is known before its content: it is this area.
pub fn area_of(ui: &Ui, stop: Stop) {
    mark(ui, stop, ui.max_rect());
    name(ui, stop.name());
}

/// Called inside a panel: names it for screen readers.
pub fn name(ui: &Ui, name: &str) {
    let panel = ui.stack().iter().find(|stack| stack.kind().is_some_and(|kind| kind.is_panel()));
    if let Some(panel) = panel {
        ui.ctx().accesskit_node_builder(panel.unique_id, |node| node.set_label(name));
    }
}

/// Called by whoever draws an area.
pub fn mark(ui: &Ui, stop: Stop, rect: Rect) {
    let place = Place { pass: ui.ctx().cumulative_pass_nr(), layer: ui.layer_id(), rect };
    ui.ctx().data_mut(|data| data.insert_temp(stop.id(), place));
}

/// Called by whoever draws an area: F6 gives the keys to this widget of it, whatever else is drawn before.
pub fn lead(ui: &Ui, stop: Stop, widget: Id) {
    let pass = ui.ctx().cumulative_pass_nr();
    ui.ctx().data_mut(|data| data.insert_temp(stop.id().with("lead"), (pass, widget)));
}

/// Where an area was drawn.
#[derive(Clone, Copy, Debug)]
struct Place {
    pass: u64,
    layer: LayerId,
    rect: Rect,
}

/// Where an area is, if the last frame drew it.
fn place_of(ctx: &Context, stop: Stop) -> Option<Place> {
    let place = ctx.data(|data| data.get_temp::<Place>(stop.id()))?;
    (place.pass + 1 >= ctx.cumulative_pass_nr()).then_some(place)
}

/// The first widget of an area that takes the keys.
pub fn first_of(ctx: &Context, stop: Stop) -> Option<Id> {
    let place = place_of(ctx, stop)?;
    first_in(ctx, stop, &place, &widgets_of(ctx, place.layer))
}

fn first_in(ctx: &Context, stop: Stop, place: &Place, widgets: &[WidgetRect]) -> Option<Id> {
    let lead = ctx.data(|data| data.get_temp::<(u64, Id)>(stop.id().with("lead")));
    if let Some((_, widget)) = lead.filter(|(pass, _)| pass + 1 >= ctx.cumulative_pass_nr()) {
        return Some(widget);
    }
    let inside =
        |widget: &&WidgetRect| takes_keys(widget) && place.rect.contains(widget.interact_rect.center());
    Some(widgets.iter().find(inside)?.id)
}

/// Whether a widget lies in an area, as both were drawn last.
pub fn holds(ctx: &Context, stop: Stop, id: Id) -> bool {
    let place = place_of(ctx, stop);
    let response = ctx.read_response(id);
    place.zip(response).is_some_and(|(place, widget)| place.rect.contains(widget.rect.center()))
}

/// The widgets of a layer as they were drawn last, in that order.
fn widgets_of(ctx: &Context, layer: LayerId) -> Vec<WidgetRect> {
    ctx.viewport(|viewport| {
        // This frame may only have begun: then it has the window's ground and no widget yet.
        let drawn = [&viewport.this_pass.widgets, &viewport.prev_pass.widgets];
        let last = drawn.into_iter().find(|widgets| widgets.get_layer(layer).any(takes_keys));
        last.map(|widgets| widgets.get_layer(layer).copied().collect()).unwrap_or_default()
    })
}

/// The area that comes after the one with the keys, and its widget that takes them.
/// `panes` are those of the tab in front, in the order of the screen.
pub fn next(ctx: &Context, panes: &[PaneKey], backwards: bool) -> Option<(Stop, Id)> {
    let grids = panes.iter().map(|pane| Stop::Pane(*pane));
    let bars = panes.iter().map(|pane| Stop::Bar(*pane));
    let order = grids.chain(bars).chain(ORDER);
    let areas: Vec<(Stop, Place)> = order.filter_map(|stop| Some((stop, place_of(ctx, stop)?))).collect();
    let layer = areas.first()?.1.layer;
    let widgets = widgets_of(ctx, layer);
    let focused = ctx.memory(|memory| memory.focused());
    let here = widgets.iter().find(|widget| Some(widget.id) == focused).and_then(|widget| {
        let within = |(_, place): &&(Stop, Place)| place.rect.contains(widget.rect.center());
        // The smallest, as the edges of neighbours touch.
        areas.iter().filter(within).min_by(|(_, a), (_, b)| a.rect.area().total_cmp(&b.rect.area()))
    });
    let at = here.and_then(|(stop, _)| areas.iter().position(|(other, _)| other == stop)).unwrap_or(0);
    let count = areas.len();
    (1..count).find_map(|step| {
        let (stop, place) = areas[(if backwards { at + count - step } else { at + step }) % count];
        Some((stop, first_in(ctx, stop, &place, &widgets)?))
    })
}

/// Whether a widget is worth the keys: the edge of a panel and a scroll bar are not.
fn takes_keys(widget: &WidgetRect) -> bool {
    let is_seen = widget.visible && widget.interact_rect.is_positive();
    widget.enabled && is_seen && widget.sense.is_focusable() && widget.sense.senses_click()
}
