//! The arrays of the file: a tree of names with type, shape and size, a filter, what the header says besides, and what
//! is odd about it. A click shows an array.

use crate::escape::escaped;
use crate::formats::{Container, Entry, Home, Meta};
use crate::session::arrays::tree::Node;
use crate::session::arrays::{ArrayAction, FoundContainer};
use crate::session::bidi::visual;
use crate::session::{ARRAYS, Action, PaneAction, Session, Tab, TabId, describe};
use crate::ui::focus_ring::{self, Stop};
use crate::ui::panels::side_panel::{Side, SidePanel};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{data_field, fit_end, following, heading, named, plain_field, weak};
use egui::{
    Align, CollapsingHeader, Id, Key, Label, Layout, Modifiers, RichText, Role, ScrollArea, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo,
};
use egui_extras::{Column, TableBuilder};

const ROW_HEIGHT: f32 = 22.0;
/// Points that a level of the tree is moved in.
const INDENT: f32 = 12.0;
/// Findings and metadata that are listed; a header can have millions.
const LISTED: usize = 500;

/// What is being typed into the panel.
#[derive(Debug, Default)]
pub struct ArraysState {
    typing: Option<Typing>,
}

/// A fact of a header that is typed anew.
#[derive(Debug)]
struct Typing {
    tab: TabId,
    key: String,
    value: String,
    /// The field is to have the keys.
    fresh: bool,
    /// Enter was pressed, and what comes of it is not known yet.
    is_sent: bool,
    /// Why it was not taken, until it is changed.
    refused: Option<String>,
}

impl ArraysState {
    /// What became of the value that was sent: one that was refused stays, to be mended.
    fn hear(&mut self, session: &Session) {
        let Some(typing) = self.typing.as_mut().filter(|typing| typing.is_sent) else { return };
        match session.metadata_answer() {
            None => {}
            Some(Ok(())) => self.typing = None,
            Some(Err(reason)) => {
                (typing.is_sent, typing.fresh, typing.refused) = (false, true, Some(reason.to_owned()));
            }
        }
    }
}

/// The field for words of names.
pub fn filter_id() -> Id {
    Id::unique("array names")
}

/// Draws the panel of the arrays of the file; nothing when it is hidden or the file has none.
pub fn panel(ui: &mut Ui, session: &Session, state: &mut ArraysState, actions: &mut Vec<Action>) {
    let Some(tab) = session.tab().filter(|_| session.shows_panel(ARRAYS)) else { return };
    if !tab.arrays.has_panel() {
        return;
    }
    let panel = SidePanel { name: ARRAYS, side: Side::Left, usual: 344.0, most: 0.32, stop: Stop::Arrays };
    state.hear(session);
    panel.show(ui, session, actions, |ui, actions| {
        if let Some(error) = &tab.arrays.error {
            let at = error.span.map(|span| span.start());
            broken(ui, &error.text, at, tab.arrays.found.is_none(), actions);
        }
        if let Some(found) = &tab.arrays.found {
            contents(ui, (session, tab), found, state, actions);
        }
    });
}

/// A header that can't be read, and where to look. It is `alone` when no arrays of an earlier reading are below it.
fn broken(ui: &mut Ui, text: &str, at: Option<u64>, alone: bool, actions: &mut Vec<Action>) {
    if alone {
        // It gets the focus instead of the filter. Otherwise the next keys would change the bytes.
        let area = ui.interact(ui.max_rect(), filter_id(), Sense::focusable_noninteractive());
        area.widget_info(|| WidgetInfo::labeled(Role::Group, true, text));
        focus_ring::lead(ui, Stop::Arrays, area.id);
        if area.has_focus() {
            let stroke = Stroke::new(1.0, Theme::of(ui.ctx()).accent);
            ui.painter().rect_stroke(ui.max_rect().expand(4.0), 2.0, stroke, StrokeKind::Inside);
        }
    }
    heading(ui, "Arrays");
    ui.add_space(theme::UNIT);
    let color = Theme::of(ui.ctx()).error;
    ui.add(Label::new(RichText::new(escaped(text)).color(color)).wrap());
    if let Some(at) = at
        && ui.link(format!("Show byte {at:#x}")).clicked()
    {
        show_byte(at, actions);
    }
    ui.add_space(theme::UNIT);
    ui.add(
        Label::new("The file is shown as bytes. Use Array ▸ Show as an array to read them with a dtype.")
            .wrap(),
    );
}

/// Shows a byte of the header among the bytes.
fn show_byte(at: u64, actions: &mut Vec<Action>) {
    actions.push(Action::Pane(PaneAction::ShowByte(at)));
}

fn contents(
    ui: &mut Ui,
    (session, tab): (&Session, &Tab),
    found: &FoundContainer,
    state: &mut ArraysState,
    actions: &mut Vec<Action>,
) {
    let container = &found.container;
    ui.horizontal(|ui| {
        heading(ui, container.format);
        weak(ui, describe::counted(container.entries.len() as u64, "array", "arrays"));
    });
    if ui.memory(|memory| memory.has_focus(filter_id())) {
        step_by_keys(ui, tab, found, actions);
    }
    let mut filter = found.tree.filter().to_owned();
    let field =
        plain_field(&mut filter).id(filter_id()).hint_text("Filter names").desired_width(f32::INFINITY);
    let response = ui.add(field);
    named(&response, "filter names");
    if response.changed() {
        actions.push(Action::Array(ArrayAction::Filter(filter)));
    }
    ui.add_space(theme::UNIT);
    findings(ui, container, actions);
    metadata(ui, tab, found, state, actions);
    tree(ui, (session, tab), found, actions);
}

/// Down and Up in the filter go through the arrays that it leaves.
fn step_by_keys(ui: &Ui, tab: &Tab, found: &FoundContainer, actions: &mut Vec<Action>) {
    // Taken from the field, whose caret they would move.
    let [down, up] = ui.input_mut(|input| {
        [Key::ArrowDown, Key::ArrowUp].map(|key| input.count_and_consume_key(Modifiers::NONE, key) as isize)
    });
    let step = down - up;
    if step != 0
        && let Some(entry) = found.tree.step(tab.shown_entry(), step)
    {
        actions.push(Action::Array(ArrayAction::Walk(entry)));
    }
}

fn findings(ui: &mut Ui, container: &Container, actions: &mut Vec<Action>) {
    if container.findings.is_empty() {
        return;
    }
    let color = Theme::of(ui.ctx()).warn;
    let title = describe::counted(container.findings.len() as u64, "finding", "findings");
    CollapsingHeader::new(RichText::new(title).font(theme::small()).color(color))
        .default_open(container.findings.len() < 4)
        .show(ui, |ui| {
            let lines = |ui: &mut Ui| {
                for finding in container.findings.iter().take(LISTED) {
                    let label = Label::new(RichText::new(escaped(&finding.text)).font(theme::small()))
                        .wrap()
                        .sense(Sense::click());
                    let response = ui.add(label);
                    if let Some(span) = finding.span
                        && response.on_hover_text(format!("Show byte {:#x}", span.start())).clicked()
                    {
                        show_byte(span.start(), actions);
                    }
                }
            };
            ScrollArea::vertical().max_height(120.0).show(ui, |ui| following(ui, lines));
        });
}

fn metadata(
    ui: &mut Ui,
    tab: &Tab,
    found: &FoundContainer,
    state: &mut ArraysState,
    actions: &mut Vec<Action>,
) {
    let metadata = &found.container.metadata;
    if metadata.is_empty() {
        return;
    }
    let title = format!("Metadata ({})", metadata.len());
    CollapsingHeader::new(RichText::new(title).font(theme::small())).show(ui, |ui| {
        let lines = |ui: &mut Ui| {
            for fact in metadata.iter().take(LISTED) {
                fact_line(ui, tab, fact, state, actions);
            }
            if metadata.len() > LISTED {
                weak(ui, format!("The first {LISTED} are listed."));
            }
        };
        ScrollArea::vertical().max_height(220.0).show(ui, |ui| following(ui, lines));
    });
}

fn fact_line(ui: &mut Ui, tab: &Tab, fact: &Meta, state: &mut ArraysState, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        weak(ui, escaped(&fact.key));
        if let Some(typing) = &mut state.typing
            && (typing.tab, &*typing.key) == (tab.id, &*fact.key)
        {
            if !fact_field(ui, typing, actions) {
                state.typing = None;
            }
            return;
        }
        let can_edit = fact.editable && tab.is_editable();
        let label = Label::new(RichText::new(escaped(&fact.value)).font(theme::mono()))
            .truncate()
            .show_tooltip_when_elided(false)
            .sense(Sense::click());
        let response = ui.add(label);
        if response.clicked() && can_edit {
            let (key, value) = (fact.key.to_string(), fact.value.to_string());
            let (fresh, is_sent) = (true, false);
            state.typing = Some(Typing { tab: tab.id, key, value, fresh, is_sent, refused: None });
        }
        let hint = if can_edit { "\nClick to edit" } else { "" };
        response.on_hover_text(format!("{}{hint}", escaped(&fact.value)));
    });
}

/// The field of a fact, with what is wrong under it; `false` when it was left.
fn fact_field(ui: &mut Ui, typing: &mut Typing, actions: &mut Vec<Action>) -> bool {
    let error = Theme::of(ui.ctx()).error;
    let width = ui.available_width() - 8.0;
    let mut edit = data_field(&mut typing.value, width).id(Id::unique("metadata field"));
    if typing.refused.is_some() {
        edit = edit.text_color(error);
    }
    let response = ui.add(edit);
    named(&response, &escaped(&typing.key));
    if response.changed() {
        typing.refused = None;
    }
    if let Some(reason) = &typing.refused {
        egui::Tooltip::for_widget(&response).show(|ui| ui.label(RichText::new(reason).color(error)));
    }
    if std::mem::take(&mut typing.fresh) || typing.is_sent {
        // Until it is known whether the value was taken, the cells would get what is typed to mend it.
        response.request_focus();
        return true;
    }
    if !response.lost_focus() {
        return true;
    }
    typing.is_sent = ui.input(|input| input.key_pressed(Key::Enter));
    if typing.is_sent {
        response.request_focus();
        let (key, value) = (typing.key.clone(), typing.value.clone());
        actions.push(Action::Array(ArrayAction::SetMetadata { key, value }));
    }
    typing.is_sent
}

fn tree(ui: &mut Ui, (session, tab): (&Session, &Tab), found: &FoundContainer, actions: &mut Vec<Action>) {
    let lines = found.tree.lines();
    if lines.is_empty() {
        let words = if found.container.entries.is_empty() { "No arrays." } else { "No name matches." };
        weak(ui, words);
        return;
    }
    let full = ui.available_width();
    let shape = (full * 0.36).clamp(96.0, 220.0);
    TableBuilder::new(ui)
        .id_salt("arrays")
        .striped(false)
        .sense(Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::remainder().clip(true))
        .column(Column::exact(shape).clip(true))
        .column(Column::exact(64.0))
        .body(|body| {
            body.rows(ROW_HEIGHT, lines.len(), |mut line| {
                let at = lines[line.index()];
                let Some(node) = found.tree.node(at) else { return };
                let Some(entry) = found.container.entries.get(node.entry as usize) else { return };
                line.set_selected(!node.is_group() && tab.shown_entry() == Some(node.entry));
                let nan = nan_of(session, tab, node, entry);
                line.col(|ui| name(ui, found, (at, node), entry, nan));
                line.col(|ui| kind(ui, node, entry));
                line.col(|ui| size(ui, node, entry));
                let response = line.response();
                let spoken = if node.is_group() { words_of(node, entry) } else { &*entry.name };
                response.widget_info(|| WidgetInfo::labeled(Role::TreeItem, true, escaped(spoken)));
                let beside = response.middle_clicked()
                    || response.clicked() && response.ctx.input(|input| input.modifiers.command);
                if response.clicked() || beside {
                    let action = match (node.is_group(), beside) {
                        (true, _) => ArrayAction::Toggle(at),
                        (false, false) => ArrayAction::Open(node.entry),
                        (false, true) => ArrayAction::OpenBeside(node.entry),
                    };
                    actions.push(Action::Array(action));
                }
                if !node.is_group() {
                    response.on_hover_ui(|ui| tooltip(ui, entry));
                }
            });
        });
}

/// The line's own words of a name.
fn words_of<'a>(node: &Node, entry: &'a Entry) -> &'a str {
    entry.name.get(node.from as usize..node.to as usize).unwrap_or(&entry.name)
}

/// How many NaN are in an array, or in those under a line, as far as that is known.
fn nan_of(session: &Session, tab: &Tab, node: &Node, entry: &Entry) -> u64 {
    let arrays = &session.features().statistics.arrays;
    if node.is_group() {
        arrays.nan_under(tab.id, entry.name.get(..node.to as usize).unwrap_or(&entry.name))
    } else {
        arrays.nan_of(tab.id, node.entry)
    }
}

/// The name of a line, and how many NaN are in it or under it.
fn name(ui: &mut Ui, found: &FoundContainer, (at, node): (u32, &Node), entry: &Entry, nan: u64) {
    if nan > 0 {
        let badge = RichText::new(format!("{} NaN", describe::grouped(nan)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let color = Theme::of(ui.ctx()).warn;
            ui.add(Label::new(badge.font(theme::small()).color(color)).selectable(false));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| words(ui, found, (at, node), entry));
        });
    } else {
        words(ui, found, (at, node), entry);
    }
}

fn words(ui: &mut Ui, found: &FoundContainer, (at, node): (u32, &Node), entry: &Entry) {
    let theme = Theme::of(ui.ctx());
    let filtered = !found.tree.filter().is_empty();
    ui.add_space(if filtered { 0.0 } else { f32::from(node.depth) * INDENT });
    if node.is_group() {
        arrow(ui, found.tree.is_open(at), theme);
    } else if !filtered {
        ui.add_space(INDENT + theme::UNIT);
    }
    let text = escaped(if filtered { &entry.name } else { words_of(node, entry) });
    let words = text.trim_end_matches(['.', '/']);
    let text = if node.is_group() && !words.is_empty() { words } else { &*text };
    let shown = if text.is_empty() { "(no name)" } else { text };
    let lies_here = matches!(entry.home, Home::Here(_) | Home::Deflated { .. } | Home::File(_));
    let color = if lies_here || node.is_group() { theme.text } else { theme.text_weak };
    // Names of one file begin alike.
    let shown = fit_end(ui, shown, &theme::body(), ui.available_width());
    ui.add(Label::new(RichText::new(visual(&shown)).font(theme::body()).color(color)).selectable(false));
}

/// The triangle before a line that others are under.
fn arrow(ui: &mut Ui, open: bool, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(INDENT), Sense::empty());
    let (middle, half) = (rect.center(), 3.5);
    let points = if open {
        [(-half, -2.0), (half, -2.0), (0.0, 3.0)]
    } else {
        [(-2.0, -half), (3.0, 0.0), (-2.0, half)]
    };
    let points = points.map(|(x, y)| middle + egui::vec2(x, y)).to_vec();
    ui.painter().add(egui::Shape::convex_polygon(points, theme.text_weak, egui::Stroke::NONE));
}

fn kind(ui: &mut Ui, node: &Node, entry: &Entry) {
    if node.is_group() {
        weak(ui, describe::counted(u64::from(node.arrays), "array", "arrays"));
        return;
    }
    let of_its_own = || format!("{} {}", type_words(entry), shape_words(entry));
    let text = match &entry.home {
        Home::Nowhere(reason) if entry.type_name().is_none() => format!("⚠ {}", escaped(reason)),
        Home::Nowhere(_) => format!("⚠ {}", of_its_own()),
        _ => of_its_own(),
    };
    let text = RichText::new(text).font(theme::small()).color(Theme::of(ui.ctx()).text_weak);
    ui.add(Label::new(text).truncate().show_tooltip_when_elided(false).selectable(false));
}

/// The type: of one that can't be shown the file's own name.
fn type_words(entry: &Entry) -> String {
    match &entry.unshown {
        None => describe::dtype(&entry.item),
        Some(unshown) => match &unshown.type_name {
            Some(name) => escaped(&describe::cut(name, 60)).into_owned(),
            None => String::from("unknown type"),
        },
    }
}

fn shape_words(entry: &Entry) -> String {
    let Some(shape) = entry.known_shape() else { return String::new() };
    let sides: Vec<String> = shape.iter().map(u64::to_string).collect();
    if sides.is_empty() { String::from("()") } else { sides.join(" × ") }
}

fn size(ui: &mut Ui, node: &Node, entry: &Entry) {
    if node.is_group() {
        return;
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(theme::UNIT);
        match entry.bytes() {
            Some(bytes) => weak(ui, describe::size(bytes)),
            None => weak(ui, "?"),
        }
    });
}

fn tooltip(ui: &mut Ui, entry: &Entry) {
    ui.label(RichText::new(visual(&escaped(&entry.name))).font(theme::medium(theme::BODY_SIZE)));
    weak(ui, format!("{}  {}", type_words(entry), shape_words(entry)));
    match &entry.home {
        Home::Here(offset) => weak(ui, format!("at offset {offset:#x}")),
        Home::Deflated { .. } => weak(ui, "compressed: decompressed when it is shown, read-only"),
        Home::File(file) => weak(ui, format!("in {}", escaped(file))),
        Home::Nowhere(reason) => weak(ui, escaped(reason)),
    };
}
