//! What all pictures have in their bar: the kind of picture, and what it is of.

use super::image_bar;
use crate::escape::escaped;
use crate::session::panes::{PictureKind, PictureLook, PicturePane};
use crate::session::pictures::{PictureAction, PictureWhat};
use crate::session::{Action, PaneKey, Session, Tab};
use crate::ui::theme;
use crate::ui::widgets::{fit_middle, named, weak};
use egui::{Button, ComboBox, Ui};

/// Points that the name of what is pictured takes at most.
const NAME: f32 = 180.0;

/// Draws the bar over the picture of `pane`.
pub(in crate::ui::panes) fn show(
    ui: &mut Ui,
    session: &Session,
    tab: &Tab,
    pane: PaneKey,
    picture: &PicturePane,
    actions: &mut Vec<Action>,
) {
    ui.spacing_mut().item_spacing.y = theme::UNIT / 2.0;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme::UNIT;
        let mut push = |what: PictureWhat| actions.push(Action::Picture(PictureAction { pane, what }));
        kind(ui, picture, &mut push);
        of(ui, session, tab, pane, picture, &mut push);
        match &picture.look {
            PictureLook::Image(look) => {
                let array = session.features().pictures.of(tab.id, pane);
                let array = array.and_then(|state| state.subject()).map(|subject| &subject.array);
                image_bar::show(ui, look, array, &mut push);
            }
        }
    });
}

fn kind(ui: &mut Ui, picture: &PicturePane, push: &mut impl FnMut(PictureWhat)) {
    let now = picture.look.kind();
    let mut chosen = now;
    let list = ComboBox::from_id_salt("kind").selected_text(now.label()).width(72.0).show_ui(ui, |ui| {
        for kind in PictureKind::ALL {
            ui.selectable_value(&mut chosen, kind, kind.label());
        }
    });
    named(&list.response, "kind of picture");
    if chosen != now {
        push(PictureWhat::Kind(chosen));
    }
}

/// What is pictured, and the button that pictures the selection, or all again.
fn of(
    ui: &mut Ui,
    session: &Session,
    tab: &Tab,
    pane: PaneKey,
    picture: &PicturePane,
    push: &mut impl FnMut(PictureWhat),
) {
    let subject = session.features().pictures.of(tab.id, pane).and_then(|state| state.subject());
    if let Some(subject) = subject {
        let words = escaped(&subject.words()).into_owned();
        let shown = fit_middle(ui, &words, &theme::small(), NAME).into_owned();
        weak(ui, shown).on_hover_text(words);
    }
    let (text, words, what) = match picture.captured {
        None => ("Selection", "Picture what is selected now", PictureWhat::Capture),
        Some(_) => ("All", "Picture all that the pane shows", PictureWhat::Release),
    };
    if ui.add(Button::new(text)).on_hover_text(words).clicked() {
        push(what);
    }
}
