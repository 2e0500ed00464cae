//! The row of open files: scrolled so that the one in front is seen, reordered by dragging.
//!
//! Only the tabs in sight are laid out, so that a thousand of them cost a frame no more than ten.

mod list;

use super::focus_ring::{self, Stop};
use super::theme::{self, Theme};
use super::widgets::{LEAST_SIGN, fit_middle, sign_button, width_of_text};
use crate::escape::{PathText, escape};
use crate::session::bidi::visual;
use crate::session::{Action, Arrangement, Command, Session, Tab, TabAction, TabId, shorten};
use egui::{
    Align, Button, Color32, CursorIcon, EventFilter, FocusDirection, FontId, Id, Key, Label, Layout,
    Modifiers, Rect, Response, RichText, Sense, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2,
};
use list::ListState;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// Wide enough for a name, narrow enough for several.
const TAB_WIDTH: (f32, f32) = (96.0, 240.0);
/// Space at the left and right in a tab, and between two items in it.
const EDGE: f32 = 10.0;
const BETWEEN: f32 = 8.0;
/// The sign that closes the tab.
const CLOSE: &str = "✕";
/// The sign of unsaved changes, and the word for a locked file.
const MODIFIED: &str = "●";
const LOCKED: &str = "read-only";
/// Room of the buttons at the end of the row.
const BUTTON: f32 = 28.0;
/// Room of the list of all files, with their number.
const COUNT: f32 = 48.0;

/// What the row keeps from frame to frame.
#[derive(Debug, Default)]
pub struct TabsState {
    /// Points that are scrolled out at the left.
    scrolled: f32,
    /// The tab in front, its place, the tabs there are and the room, as they were when it was last brought into sight.
    seen: Option<(TabId, usize, usize, f32)>,
    /// The tab that is dragged, and where in it the pointer took hold.
    dragged: Option<(TabId, f32)>,
    /// What is drawn of the names, until one of them is another.
    names: TabLabels,
    list: ListState,
}

/// How the tabs are told apart and where they stand. Measuring the text of a thousand names in each frame would cost more
/// than all the rest of the row.
#[derive(Debug, Default)]
struct TabLabels {
    of: Vec<TabLabel>,
    /// The end of the folder that tells a tab apart, where it needs one.
    apart: Vec<Option<String>>,
    strip: Strip,
    /// The pixels per point that the names were measured for.
    scale: f32,
}

/// What the width of a tab comes from.
#[derive(Debug)]
struct TabLabel {
    title: String,
    path: Option<PathBuf>,
    /// Whether it shows the signs of unsaved changes and of a locked file.
    signs: [bool; 2],
}

impl TabLabel {
    fn of(tab: &Tab) -> Self {
        Self { title: tab.title.clone(), path: path_of(tab).map(Path::to_owned), signs: signs_of(tab) }
    }

    /// Whether it still is what `tab` says. Paths are compared as they are written, which costs no parsing.
    fn is_of(&self, tab: &Tab) -> bool {
        self.title == tab.title
            && self.signs == signs_of(tab)
            && self.path.as_deref().map(Path::as_os_str) == path_of(tab).map(Path::as_os_str)
    }
}

impl TabLabels {
    /// Follows the tabs there are.
    fn update(&mut self, ui: &Ui, tabs: &[Tab]) {
        let scale = ui.ctx().pixels_per_point();
        let is_same = self.scale == scale && self.of.len() == tabs.len();
        if is_same && self.of.iter().zip(tabs).all(|(named, tab)| named.is_of(tab)) {
            return;
        }
        self.scale = scale;
        let named: Vec<(&str, Option<&Path>)> = tabs.iter().map(|tab| (&*tab.title, path_of(tab))).collect();
        self.apart = shorten::told_apart(&named).into_iter().map(|folder| folder.map(escape)).collect();
        self.strip = Strip::of(ui, tabs, &self.apart);
        self.of = tabs.iter().map(TabLabel::of).collect();
    }
}

/// The places of a frame's tabs, from the left of the first one.
#[derive(Debug, Default)]
struct Strip {
    lefts: Vec<f32>,
    end: f32,
}

impl Strip {
    fn of(ui: &Ui, tabs: &[Tab], apart: &[Option<String>]) -> Self {
        let mut strip = Self { lefts: Vec::with_capacity(tabs.len()), end: 0.0 };
        for (tab, folder) in tabs.iter().zip(apart) {
            strip.lefts.push(strip.end);
            strip.end += width_of(ui, tab, folder.as_deref());
        }
        strip
    }

    fn tab(&self, at: usize) -> (f32, f32) {
        (self.lefts[at], self.lefts.get(at + 1).copied().unwrap_or(self.end))
    }

    /// The tab under a place, or the nearest one.
    fn at(&self, x: f32) -> usize {
        self.lefts.partition_point(|left| *left <= x).saturating_sub(1)
    }
}

/// As wide as its content, up to the usual limit.
fn width_of(ui: &Ui, tab: &Tab, folder: Option<&str>) -> f32 {
    let small = |text: &str| width_of_text(ui, text, &theme::small()).ceil() + BETWEEN;
    // The name of the tab in front is the widest.
    let name = width_of_text(ui, &visual(&tab.title), &theme::medium(theme::BODY_SIZE)).ceil() + 2.0;
    let folder = folder.map_or(0.0, small);
    let signs = [MODIFIED, LOCKED].into_iter().zip(signs_of(tab));
    let signs: f32 = signs.filter(|(_, is_there)| *is_there).map(|(sign, _)| small(sign)).sum();
    let all = 2.0 * EDGE + name + folder + signs + BETWEEN + closing_width(ui);
    all.clamp(TAB_WIDTH.0, TAB_WIDTH.1).round()
}

/// Points of the sign that closes a tab.
fn closing_width(ui: &Ui) -> f32 {
    let sign = width_of_text(ui, CLOSE, &theme::body()).ceil();
    (sign + 2.0 * ui.spacing().button_padding.x).max(LEAST_SIGN)
}

/// Whether a tab shows the signs of unsaved changes and of a locked file.
fn signs_of(tab: &Tab) -> [bool; 2] {
    [tab.is_modified(), tab.locked]
}

/// Draws the row of tabs.
pub fn strip(ui: &mut Ui, session: &Session, state: &mut TabsState, actions: &mut Vec<Action>) {
    // Taken out while the row is drawn, which changes the rest of the state.
    let mut names = std::mem::take(&mut state.names);
    names.update(ui, session.tabs());
    row_of(ui, session, &names, state, actions);
    state.names = names;
}

fn row_of(
    ui: &mut Ui,
    session: &Session,
    names: &TabLabels,
    state: &mut TabsState,
    actions: &mut Vec<Action>,
) {
    let tabs = session.tabs();
    let TabLabels { apart, strip, .. } = names;
    let all = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(all);
    let overflows = strip.end + BUTTON > all.width();
    let buttons = if overflows { BUTTON + COUNT } else { BUTTON };
    let row = all.with_max_x((all.left() + strip.end).min(all.right() - buttons));
    if !ui.input(|input| input.pointer.any_down()) {
        // What was dragged out of sight was let go of somewhere else.
        state.dragged = None;
    }
    scroll(ui, session, strip, row, state);
    let mut inside = ui.new_child(UiBuilder::new().max_rect(row).id_salt("row"));
    inside.set_clip_rect(row.intersect(ui.clip_rect()));
    let (first, end) = (strip.at(state.scrolled), state.scrolled + row.width());
    for at in (first..tabs.len()).take_while(|at| strip.lefts[*at] < end) {
        let (left, right) = strip.tab(at);
        let x = row.left() - state.scrolled;
        let rect = Rect::from_min_max(pos2(x + left, row.top()), pos2(x + right, row.bottom()));
        let active = session.tab().is_some_and(|front| front.id == tabs[at].id);
        let response = one(&mut inside, &tabs[at], apart[at].as_deref(), active, rect, actions);
        if active {
            focus_ring::lead(ui, Stop::Tabs, response.id);
        }
        if response.has_focus() {
            focused(ui, &response, rect, tabs, at, actions);
        }
        drag(ui, &response, session, at, strip, row, state, actions);
        response.context_menu(|ui| menu(ui, session, &tabs[at], at, actions));
    }
    edges(ui, strip, row, state);
    let rest = Rect::from_min_max(pos2(row.right(), all.top()), all.max);
    let mut rest = ui.new_child(UiBuilder::new().max_rect(rest).layout(Layout::left_to_right(Align::Center)));
    rest.add_space(theme::UNIT);
    rest.spacing_mut().item_spacing.x = 0.0;
    if overflows {
        let count = rest.menu_button(tabs.len().to_string(), |ui| {
            list::list(ui, session, apart, &mut state.list, actions);
        });
        count.response.on_hover_text("All open files");
    }
    if sign_button(&mut rest, "+", &Command::Open.spec().tooltip()).clicked() {
        actions.push(Action::Run(Command::Open));
    }
}

fn path_of(tab: &Tab) -> Option<&Path> {
    tab.file.as_ref().map(|file| file.path())
}

/// The wheel moves the row; a tab that comes to the front, or another room, brings it into sight.
fn scroll(ui: &Ui, session: &Session, strip: &Strip, row: Rect, state: &mut TabsState) {
    if ui.rect_contains_pointer(row) {
        let wheel = ui.input(|input| input.smooth_scroll_delta());
        state.scrolled -= wheel.x + wheel.y;
    }
    let front = session.tab().and_then(|front| session.tabs().iter().position(|tab| tab.id == front.id));
    if let Some(at) = front {
        let now = Some((session.tabs()[at].id, at, session.tabs().len(), row.width()));
        if state.seen != now && state.dragged.is_none() {
            let (left, right) = strip.tab(at);
            state.scrolled = state.scrolled.max(right - row.width()).min(left);
            state.seen = now;
        }
    }
    state.scrolled = state.scrolled.clamp(0.0, (strip.end - row.width()).max(0.0)).round();
}

/// A tab that is dragged takes the place of the one whose middle it has passed.
#[expect(clippy::too_many_arguments, reason = "one gesture over the whole row")]
fn drag(
    ui: &Ui,
    response: &Response,
    session: &Session,
    at: usize,
    strip: &Strip,
    row: Rect,
    state: &mut TabsState,
    actions: &mut Vec<Action>,
) {
    let id = session.tabs()[at].id;
    // Where the button went down: by now the pointer may be far away.
    if response.drag_started()
        && let Some(pointer) = ui.input(|input| input.pointer.press_origin())
    {
        state.dragged = Some((id, pointer.x - row.left() + state.scrolled - strip.lefts[at]));
    }
    let Some((_, hold)) = state.dragged.filter(|(dragged, _)| *dragged == id) else { return };
    if !response.dragged() {
        state.dragged = None;
        return;
    }
    ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    let Some(pointer) = response.interact_pointer_pos() else { return };
    // At the edges the row moves on under the pointer.
    let beyond = (pointer.x - row.right()).max(0.0) + (pointer.x - row.left()).min(0.0);
    state.scrolled += beyond.clamp(-12.0, 12.0);
    if beyond != 0.0 {
        ui.ctx().request_repaint();
    }
    let (left, right) = strip.tab(at);
    let middle = pointer.x - row.left() + state.scrolled - hold + (right - left) / 2.0;
    let over = strip.at(middle);
    let (other_left, other_right) = strip.tab(over);
    let half = (other_left + other_right) / 2.0;
    let to = match over.cmp(&at) {
        Ordering::Greater if middle < half => over - 1,
        Ordering::Less if middle > half => over + 1,
        Ordering::Greater | Ordering::Less | Ordering::Equal => over,
    };
    if to != at {
        actions.push(Action::Arrange(Arrangement::MoveTab { tab: id, to }));
    }
}

fn tab_widget(id: TabId) -> Id {
    Id::unique(("tab", id))
}

/// The tab that has the focus. It is marked, and Left and Right move the focus to its neighbours.
fn focused(ui: &Ui, response: &Response, rect: Rect, tabs: &[Tab], at: usize, actions: &mut Vec<Action>) {
    let ring = Stroke::new(2.0, Theme::of(ui.ctx()).accent);
    ui.painter().rect_stroke(rect.shrink(2.0), f32::from(theme::RADIUS), ring, StrokeKind::Inside);
    let filter = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: false, escape: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let [left, right] = ui.input_mut(|input| {
        [Key::ArrowLeft, Key::ArrowRight].map(|key| input.count_and_consume_key(Modifiers::NONE, key))
    });
    if (left, right) == (0, 0) {
        return;
    }
    let to = at.saturating_add(right).saturating_sub(left).min(tabs.len().saturating_sub(1));
    if let Some(neighbour) = tabs.get(to) {
        actions.push(Action::Arrange(Arrangement::ShowTab(neighbour.id)));
        ui.memory_mut(|memory| {
            // In the first frame with the focus, the toolkit would use the arrow key to move the focus itself.
            memory.move_focus(FocusDirection::None);
            memory.request_focus(tab_widget(neighbour.id));
        });
    }
}

fn one(
    ui: &mut Ui,
    tab: &Tab,
    folder: Option<&str>,
    active: bool,
    rect: Rect,
    actions: &mut Vec<Action>,
) -> Response {
    let theme = Theme::of(ui.ctx());
    let response = ui.interact(rect, tab_widget(tab.id), Sense::click_and_drag());
    let hovered = ui.rect_contains_pointer(rect);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Tab, true, active, tab.title.clone()));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_selected(active));
    if active {
        ui.painter().rect_filled(rect, 0.0, theme.data.grid_bg);
        ui.painter().hline(rect.x_range(), rect.top() + 1.0, Stroke::new(2.0, theme.accent));
    } else if hovered {
        ui.painter().rect_filled(rect, 0.0, theme.hover_bg);
    }
    ui.painter().vline(rect.right(), rect.y_range(), theme.hairline_stroke());
    let inner = rect.shrink2(vec2(EDGE, 0.0));
    let layout = Layout::right_to_left(Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout).id_salt(tab.id));
    let closes = closing_sign(&mut ui, tab, hovered || active);
    signs(&mut ui, tab, theme);
    let font = if active { theme::medium(theme::BODY_SIZE) } else { theme::body() };
    let color = if active { theme.text_strong } else { theme.text_weak };
    title(&mut ui, &tab.title, folder, &font, color);
    if closes || response.middle_clicked() {
        actions.push(Action::Tab(TabAction::Close(tab.id)));
    } else if response.clicked() || (response.drag_started() && !active) {
        actions.push(Action::Tab(TabAction::Select(tab.id)));
    }
    let path =
        path_of(tab).map_or_else(|| String::from("Not saved to a file yet"), |path| path.shown().to_string());
    response.on_hover_text(path)
}

fn closing_sign(ui: &mut Ui, tab: &Tab, shown: bool) -> bool {
    if shown {
        return sign_button(ui, CLOSE, &format!("Close {}", tab.title)).clicked();
    }
    ui.add_space(closing_width(ui));
    false
}

fn signs(ui: &mut Ui, tab: &Tab, theme: &Theme) {
    if tab.is_modified() {
        ui.add(
            Label::new(RichText::new(MODIFIED).font(theme::small()).color(theme.accent)).selectable(false),
        )
        .on_hover_text("Unsaved changes");
    }
    if tab.locked {
        let text = RichText::new(LOCKED).font(theme::small()).color(theme.text_weak);
        ui.add(Label::new(text).selectable(false)).on_hover_text("Locked against changes");
    }
}

/// The name, and behind it as much of the folder as it needs to be told apart. The name is shortened last.
fn title(ui: &mut Ui, name: &str, folder: Option<&str>, font: &FontId, color: Color32) {
    let weak = Theme::of(ui.ctx()).text_weak;
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = theme::UNIT * 1.5;
        let room = ui.available_width();
        let share = if folder.is_some() { 0.6 } else { 1.0 };
        let name = fit_middle(ui, name, font, room * share);
        ui.add(Label::new(RichText::new(visual(&name)).font(font.clone()).color(color)).selectable(false));
        if let Some(folder) = folder {
            let folder = fit_middle(ui, folder, &theme::small(), ui.available_width());
            ui.add(
                Label::new(RichText::new(visual(&folder)).font(theme::small()).color(weak)).selectable(false),
            );
        }
    });
}

/// A shadow where tabs are scrolled out of sight.
fn edges(ui: &Ui, strip: &Strip, row: Rect, state: &TabsState) {
    let theme = Theme::of(ui.ctx());
    let is_more = [state.scrolled > 0.0, state.scrolled + row.width() < strip.end - 0.5];
    for (is_more, x) in is_more.into_iter().zip([row.left(), row.right()]) {
        if is_more {
            ui.painter().vline(x, row.y_range(), Stroke::new(2.0, theme.accent));
        }
    }
}

fn menu(ui: &mut Ui, session: &Session, tab: &Tab, at: usize, actions: &mut Vec<Action>) {
    ui.set_min_width(200.0);
    let (id, count) = (tab.id, session.tabs().len());
    let move_to = |to| Action::Arrange(Arrangement::MoveTab { tab: id, to });
    // As the commands do it with the tab in front.
    let lines = [
        (Command::CloseTab, true, Action::Tab(TabAction::Close(id))),
        (Command::CloseOtherTabs, count > 1, Action::Arrange(Arrangement::CloseOthers(id))),
        (Command::CloseTabsToRight, at + 1 < count, Action::Arrange(Arrangement::CloseToRight(id))),
        (Command::CopyPath, tab.file.is_some(), Action::Arrange(Arrangement::CopyPath(id))),
        (Command::CopyName, true, Action::Arrange(Arrangement::CopyName(id))),
        (Command::MoveTabLeft, at > 0, move_to(at.saturating_sub(1))),
        (Command::MoveTabRight, at + 1 < count, move_to(at + 1)),
    ];
    for (command, enabled, action) in lines {
        if matches!(command, Command::CopyPath | Command::MoveTabLeft) {
            ui.separator();
        }
        if ui.add_enabled(enabled, Button::new(command.spec().title)).clicked() {
            actions.push(action);
        }
    }
}
