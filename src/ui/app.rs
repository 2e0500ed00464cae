//! The frame: in which order things happen, and what the session asks of the platform.

use super::access::{self, TreeMender, live::Announcer};
use super::arrival::Arrival;
use super::clipboard::{Board, Clipboard};
use super::command_palette::PaletteState;
use super::dialogs::Fields;
use super::find_bar::FindFields;
use super::focus_ring::{self, Stop};
use super::fonts::system::SystemFonts;
use super::input_queue::InputQueue;
use super::menu_bar::{self, MenuBarState};
use super::modified_letters::HeldKeys;
use super::panels::{self, Panels};
use super::panes::Panes;
use super::platform::{Parent, Platform};
use super::run_figures::Probe;
use super::tabs::TabsState;
use super::theme::{self, Theme};
use super::widgets::{MAX_FIELD, is_field_full};
use super::{banners, command_palette, dialogs, find_bar, fonts, keymap, start_page, status, tabs};
use crate::session::arrays::{ArrayAction, TableAction};
use crate::session::{
    ARRAYS, Action, Dialog, DialogAction, ExternalAction, PaneAction, PasteWay, Request, Session,
};
use crate::state::{self, WindowPlace};
use egui::{CentralPanel, Context, Event, Frame, Key, Panel, ThemePreference, Ui, ViewportCommand};
use std::time::{Duration, Instant};

/// How often the progress of a job is drawn anew.
const PROGRESS_STEP: Duration = Duration::from_millis(100);

/// So long the desktop may take to maximize the window.
const MAXIMIZED_BY: Duration = Duration::from_secs(3);
/// So often in a row a frame may be drawn again for its room: what never comes to rest must not keep a core busy.
const MOST_UNSETTLED: u8 = 4;

/// The window's side of the program.
pub struct App {
    session: Session,
    panes: Panes,
    fields: Fields,
    find: FindFields,
    fonts: SystemFonts,
    announcer: Announcer,
    menus: MenuBarState,
    palette: PaletteState,
    panels: Panels,
    tabs: TabsState,
    platform: Platform,
    held: HeldKeys,
    keys: keymap::KeyState,
    clipboard: Clipboard,
    queue: InputQueue,
    probe: Option<Probe>,
    /// The session has agreed to end.
    may_close: bool,
    /// The title that the window has.
    title: String,
    arrival: Arrival,
    /// Frames in a row that told of another room than was drawn for.
    unsettled: u8,
    /// Whether a frame was drawn.
    is_up: bool,
    /// Until when the desktop may take to maximize the window as it was last time.
    maximizes: Option<Instant>,
}

impl App {
    /// An app that shows `session` in windows of `ctx`.
    pub fn new(ctx: &Context, session: Session) -> Self {
        fonts::install(ctx);
        let fonts = SystemFonts::default();
        fonts.install(ctx);
        theme::install(ctx);
        ctx.add_plugin(TreeMender::default());
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        // Before the first frame, which would else be drawn in another size or theme.
        follow_looks(ctx, &session);
        let title = window_title(&session);
        Self {
            session,
            panes: Panes::default(),
            fields: Fields::default(),
            find: FindFields::default(),
            fonts,
            announcer: Announcer::default(),
            menus: MenuBarState::default(),
            palette: PaletteState::default(),
            panels: Panels::default(),
            tabs: TabsState::default(),
            platform: Platform::default(),
            held: HeldKeys::default(),
            keys: keymap::KeyState::default(),
            clipboard: Clipboard::default(),
            queue: InputQueue::default(),
            probe: None,
            may_close: false,
            title,
            arrival: Arrival::default(),
            unsettled: 0,
            is_up: false,
            maximizes: None,
        }
    }

    /// Has the run measured; the window closes by itself then.
    #[must_use]
    pub fn with_probe(mut self, probe: Option<Probe>) -> Self {
        self.probe = probe;
        self
    }

    /// The system's dialogs belong to this window.
    #[must_use]
    pub fn with_parent(mut self, parent: Parent) -> Self {
        self.platform.set_parent(parent);
        self
    }

    /// Whether a worker is looking for a font of the system.
    pub fn looks_for_fonts(&self) -> bool {
        self.fonts.is_looking()
    }

    /// Uses the clipboard of the desktop instead of the toolkit's.
    #[must_use]
    pub fn with_clipboard(mut self, clipboard: Clipboard) -> Self {
        self.clipboard = clipboard;
        self
    }

    /// What the window shows.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// For tests: what a user would do with mouse and keyboard.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// One frame.
    pub fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.session.tick();
        self.fonts.poll(&ctx);
        self.session.cache().begin_frame();
        self.follow_settings(&ctx);

        let mut actions = self.platform.poll();
        actions.extend(self.clipboard.poll(&ctx));
        // Told by the event: a window that is covered draws no frame in which it is not in front.
        if ctx.input(|input| input.events.contains(&Event::WindowFocused(true))) {
            actions.push(Action::External(ExternalAction::CameBack));
        }
        self.menus.keys(&ctx, &self.session);
        let keys = &mut self.keys;
        keymap::collect(&ctx, &self.session, &self.panes, keys, &mut self.clipboard, &mut actions);
        self.apply(&ctx, actions);

        let mut actions = Vec::new();
        self.draw(ui, &mut actions);
        self.session.cache().end_frame();
        if self.session.finding().matches.is_late() || self.session.features().strings.is_late() {
            ctx.request_repaint();
        }
        if is_field_full(&ctx) {
            actions.push(Action::Dialog(DialogAction::Say(format!(
                "The field is full: it takes at most {MAX_FIELD} characters."
            ))));
        }
        if let Some(probe) = &mut self.probe {
            probe.frame(&ctx, &self.session, self.panes.all_ready(), &mut actions);
        }
        let is_new = !std::mem::replace(&mut self.is_up, true);
        if is_new && self.session.window().is_some_and(|window| window.maximized) {
            ctx.send_viewport_cmd(ViewportCommand::Maximized(true));
            self.maximizes = Some(Instant::now() + MAXIMIZED_BY);
        }
        // Lists know only now how long they are, and bytes may have come meanwhile.
        let has_room = !actions.iter().any(is_measure) && !is_new;
        let tells = |action: &Action| {
            is_measure(action) || matches!(action, Action::Pane(PaneAction::CentreRoom { .. }))
        };
        let again = actions.iter().any(|action| !tells(action));
        self.apply(&ctx, actions);
        self.answer_requests(&ctx);
        self.clipboard.read_for_pressed_field(&ctx);
        self.keys.remember(&ctx);
        access::name_window(&ctx, &self.title);
        self.announcer.listen(&ctx, &self.session);
        self.window_place(&ctx);
        self.settle(&ctx, has_room);
        if again {
            ctx.request_repaint();
        } else if self.session.is_busy() {
            ctx.request_repaint_after(PROGRESS_STEP);
        }
    }

    /// What was told of the room belongs to this frame: it is drawn anew before anybody sees it, or once more at once.
    fn settle(&mut self, ctx: &Context, has_room: bool) {
        if has_room {
            self.unsettled = 0;
        } else if ctx.current_pass_index() == 0 {
            ctx.request_discard("the room was not known");
        } else if self.unsettled < MOST_UNSETTLED {
            self.unsettled += 1;
            ctx.request_repaint();
        }
    }

    /// Tells the session where the window is, for the next start.
    fn window_place(&mut self, ctx: &Context) {
        let zoom = ctx.zoom_factor();
        let (inner, outer, maximized, hidden) = ctx.input(|input| {
            let window = input.viewport();
            let hidden = window.minimized == Some(true) || window.fullscreen == Some(true);
            (window.inner_rect, window.outer_rect, window.maximized == Some(true), hidden)
        });
        let Some(inner) = inner.filter(|_| !hidden) else { return };
        if self.maximizes.is_some_and(|until| !maximized && Instant::now() < until) {
            return;
        }
        self.maximizes = None;
        let before = self.session.window();
        let place = match before {
            // The size and place that it goes back to.
            Some(before) if maximized => WindowPlace { maximized, ..before },
            _ => WindowPlace {
                width: inner.width() * zoom,
                height: inner.height() * zoom,
                x: outer.map(|outer| outer.left() * zoom),
                y: outer.map(|outer| outer.top() * zoom),
                maximized,
            },
        };
        if before != Some(place) {
            self.session.window_is(place);
        }
    }

    fn apply(&mut self, ctx: &Context, actions: Vec<Action>) {
        let asked = (self.session.dialog().cloned(), self.session.finding().asked);
        for action in actions {
            let before = self.announcer.before(&action, &self.session);
            self.session.apply(action);
            self.announcer.after(before, &self.session);
        }
        self.answer_requests(ctx);
        // The field has the keys before it is drawn, so that nothing typed goes elsewhere meanwhile.
        let field = match (self.session.dialog(), self.session.finding().asked) {
            (Some(dialog), _) if asked.0.as_ref() != Some(dialog) => dialogs::field_id(dialog),
            (None, now) if now != asked.1 => Some(find_bar::asked_field(self.session.finding())),
            _ => return,
        };
        match field {
            Some(field) => ctx.memory_mut(|memory| memory.request_focus(field)),
            // A button takes the focus when it is drawn; until then nothing has it.
            None => ctx.memory_mut(egui::Memory::stop_text_input),
        }
    }

    /// Menu and tabs above, status below, panels at the sides, the rest is the file.
    fn draw(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let theme = Theme::of(ui.ctx());
        let session = &self.session;
        let bar = Frame::new().fill(theme.bar_bg).inner_margin(egui::Margin::symmetric(8, 2));
        Panel::top("menu")
            .frame(bar)
            .show_separator_line(false)
            .show(ui, |ui| menu_bar::show(ui, session, &mut self.menus, actions));
        if !session.tabs().is_empty() {
            let strip = Frame::new().fill(theme.bar_bg);
            Panel::top("tabs").frame(strip).exact_size(theme::TAB_HEIGHT).show(ui, |ui| {
                focus_ring::area_of(ui, Stop::Tabs);
                tabs::strip(ui, session, &mut self.tabs, actions);
            });
        }
        banners::show(ui, session, actions);
        Panel::bottom("status")
            .frame(Frame::new().fill(theme.bar_bg).inner_margin(egui::Margin::symmetric(12, 0)))
            .exact_size(theme::STATUS_HEIGHT)
            .show(ui, |ui| {
                focus_ring::area_of(ui, Stop::Status);
                status::show(ui, session, actions);
            });
        if session.tab().is_some() {
            // Under the panels too: what is searched for needs the whole width.
            find_bar::show(ui, session, &mut self.find, actions);
            self.panels.show(ui, session, actions);
        }
        CentralPanel::no_frame().frame(Frame::new().fill(theme.data.grid_bg)).show(ui, |ui| {
            match session.tab() {
                Some(tab) => self.panes.show(ui, session, tab, actions),
                None => start_page::page(ui, session, actions),
            }
        });
        match session.dialog() {
            Some(Dialog::PasteAs) => dialogs::paste_as::show(ui, session, actions),
            Some(Dialog::Palette) => command_palette::show(ui, session, &mut self.palette, actions),
            Some(dialog) => dialogs::show(ui, session, dialog, &mut self.fields, actions),
            None => {
                self.fields.forget();
                self.palette.forget();
            }
        }
        start_page::drop_hint(ui);
    }

    /// Theme, zoom and title follow the session.
    fn follow_settings(&mut self, ctx: &Context) {
        follow_looks(ctx, &self.session);
        let title = window_title(&self.session);
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        if ctx.input(|input| input.viewport().close_requested()) && !self.may_close {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.session.run(crate::session::Command::Quit);
        }
    }

    /// F6: the keys go to the next area.
    fn next_area(&mut self, ctx: &Context, backwards: bool) {
        let panes = self.session.tab().map_or_else(Vec::new, |tab| tab.layout().panes());
        let Some((stop, widget)) = focus_ring::next(ctx, &panes, backwards) else { return };
        match stop {
            Stop::Pane(pane) => self.session.apply(Action::Pane(PaneAction::Focus(pane))),
            _ => ctx.memory_mut(|memory| memory.request_focus(widget)),
        }
    }

    /// Gives the focus to a list that was asked for, if a file is open for it.
    fn focus_list(&self, ctx: &Context, name: &str) {
        if self.session.tab().is_some() {
            ctx.memory_mut(|memory| memory.request_focus(panels::list_id(name)));
        }
    }

    fn answer_requests(&mut self, ctx: &Context) {
        while let Some(request) = self.session.next_request() {
            match request {
                Request::ChooseFiles => {
                    let file = self.session.tab().and_then(|tab| tab.file.as_ref());
                    let path = file.map(|file| file.path().to_owned());
                    self.platform.choose_files(ctx, path.as_deref());
                }
                Request::ChooseSaveName { suggested, asked } => {
                    self.platform.choose_save_name(ctx, &suggested, asked);
                }
                Request::Copy(offer) => self.clipboard.offer(ctx, Board::Clipboard, offer),
                Request::Select(offer) => self.clipboard.offer(ctx, Board::Primary, offer),
                Request::Paste(way) => self.clipboard.read(ctx, Board::Clipboard, way),
                Request::PasteSelection => self.clipboard.read(ctx, Board::Primary, PasteWay::Usual),
                Request::FocusBar(field) => {
                    if let Some(tab) = self.session.tab() {
                        super::arrays::focus_field(ctx, tab, field);
                    }
                }
                Request::FocusFilter => {
                    ctx.memory_mut(|memory| memory.request_focus(panels::list_id(ARRAYS)));
                }
                Request::FocusList(name) => self.focus_list(ctx, name),
                Request::FocusGrid => self.panes.take_focus(ctx, &self.session),
                Request::OfferGridFocus => {
                    let focused = ctx.memory(egui::Memory::focused);
                    if focused.is_none_or(|id| self.panes.owns(&self.session, id)) {
                        self.panes.take_focus(ctx, &self.session);
                    }
                }
                Request::NextArea { backwards } => self.next_area(ctx, backwards),
                Request::FocusMessages => {
                    if let Some(widget) = focus_ring::first_of(ctx, Stop::Banners) {
                        ctx.memory_mut(|memory| memory.request_focus(widget));
                    }
                }
                Request::Quit => {
                    self.may_close = true;
                    ctx.send_viewport_cmd(ViewportCommand::Close);
                }
            }
        }
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }

    fn raw_input_hook(&mut self, ctx: &Context, input: &mut egui::RawInput) {
        self.held.strip(input, ctx.os().is_mac());
        if let Some(later) = self.arrival.tame(input) {
            ctx.request_repaint_after(later);
        }
        self.queue.put_first(self.clipboard.take_text());
        // What is typed while the clipboard is waited for comes after what is pasted.
        if self.clipboard.is_reading() {
            if !input.events.iter().any(is_escape) {
                return self.queue.hold(input);
            }
            input.events.retain(|event| !is_escape(event));
            self.clipboard.give_up();
        }
        if self.queue.portion(input, ctx.memory(|memory| memory.focused())) {
            ctx.request_repaint();
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.clipboard.farewell();
        if let Err(reason) = self.session.keep_at_end() {
            tracing::warn!(%reason, "settings were not saved");
        }
    }
}

fn is_escape(event: &Event) -> bool {
    matches!(event, Event::Key { key: Key::Escape, pressed: true, .. })
}

/// What the window is called.
pub fn window_title(session: &Session) -> String {
    match session.tab() {
        Some(tab) => format!("{}{} – pagelens", if tab.is_modified() { "● " } else { "" }, tab.title),
        None => String::from("pagelens"),
    }
}

/// Theme and zoom follow the settings.
fn follow_looks(ctx: &Context, session: &Session) {
    let wanted = match session.settings().theme {
        state::ThemeChoice::System => ThemePreference::System,
        state::ThemeChoice::Light => ThemePreference::Light,
        state::ThemeChoice::Dark => ThemePreference::Dark,
    };
    if ctx.options(|options| options.theme_preference) != wanted {
        ctx.set_theme(wanted);
    }
    if (ctx.zoom_factor() - session.settings().zoom).abs() > 0.001 {
        ctx.set_zoom_factor(session.settings().zoom);
    }
}

/// Whether the window only tells what it has room for.
fn is_measure(action: &Action) -> bool {
    matches!(
        action,
        Action::Pane(PaneAction::Measured { .. })
            | Action::ArrayIn(_, ArrayAction::Table(TableAction::Measured { .. }))
    )
}
