//! The kinds of questions: what each is called, an example of it, and the list from which one is chosen.

use crate::session::Command;
use crate::session::find::{Query, QueryKind};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::named;
use egui::accesskit::{Role, Toggled};
use egui::{Align, Button, ComboBox, Layout, RichText, Ui, vec2};

/// A kind in the window.
pub(super) struct KindWords {
    /// What stands in an empty field.
    pub example: &'static str,
    /// What is typed, in a few words.
    pub what: &'static str,
    /// The command that chooses it.
    pub command: Command,
}

/// How a kind is told.
pub(super) fn of(kind: QueryKind) -> KindWords {
    let words = |example, what, command| KindWords { example, what, command };
    match kind {
        QueryKind::Hex => words("50 4B ?? 04", "bytes as hex digits; ? is any digit", Command::FindHex),
        QueryKind::Text => words("text", "text in an encoding", Command::FindText),
        QueryKind::Regex => words("PNG|JFIF", "bytes by a regular expression", Command::FindRegex),
        QueryKind::Value => {
            words("-1234, or 1e4..2e4", "a value, a range, or near a value", Command::FindValue)
        }
        QueryKind::Where => {
            words("x > 1e4 and x < 2e4", "a question about each element x", Command::FindWhere)
        }
    }
}

/// Points of the list when it is open.
const LIST_WIDTH: f32 = 320.0;

/// The list of the kinds. `true` when one was chosen.
pub(super) fn choice(ui: &mut Ui, query: &mut Query, width: f32) -> bool {
    let mut is_chosen = false;
    let list = ComboBox::from_id_salt("find kind")
        .selected_text(query.kind.title())
        .width(width - 1.0)
        .height(420.0);
    let list = list.show_ui(ui, |ui| {
        ui.set_min_width(LIST_WIDTH);
        for kind in QueryKind::ALL {
            if line(ui, kind, query.kind == kind) {
                (query.kind, is_chosen) = (kind, true);
            }
        }
    });
    named(&list.response, "how the text is read");
    is_chosen
}

/// A kind with what is typed for it and its key.
fn line(ui: &mut Ui, kind: QueryKind, is_chosen: bool) -> bool {
    let words = of(kind);
    let theme = Theme::of(ui.ctx());
    let key = words.command.spec().keys.first().map(ToString::to_string).unwrap_or_default();
    let button =
        Button::selectable(is_chosen, kind.title()).shortcut_text(key).min_size(vec2(LIST_WIDTH, 0.0));
    let response = ui.add(button);
    let inside = response.rect.with_min_x(response.rect.left() + 72.0);
    let mut over = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(inside)
            .layout(Layout::left_to_right(Align::Center))
            .id_salt(kind.title()),
    );
    let text = RichText::new(words.what).font(theme::small()).color(theme.text_weak);
    over.add(egui::Label::new(text).selectable(false));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::ListBoxOption);
        node.set_label(kind.title());
        node.set_description(words.what);
        node.set_toggled(if is_chosen { Toggled::True } else { Toggled::False });
    });
    if response.clicked() {
        ui.close();
    }
    response.clicked()
}
