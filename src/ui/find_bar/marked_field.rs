//! The field of what is looked for, with a line under the place that is wrong.

use crate::ui::theme::{self, Theme};
use crate::ui::widgets::data_field;
use egui::text::{LayoutJob, TextFormat};
use egui::{Id, Response, Stroke, TextBuffer, Ui};

/// Draws the field `id` with so much room; the text from character `wrong` on is marked.
pub(super) fn marked_field(
    ui: &mut Ui,
    text: &mut String,
    (id, room, hint): (Id, f32, &str),
    wrong: Option<usize>,
) -> Response {
    let theme = Theme::of(ui.ctx());
    let mut layout = |ui: &Ui, text: &dyn TextBuffer, _: f32| {
        let text = text.as_str();
        let split = wrong.and_then(|at| text.char_indices().nth(at)).map_or(text.len(), |(at, _)| at);
        let (right, rest) = text.split_at(split);
        let plain = TextFormat { font_id: theme::mono(), color: theme.text, ..TextFormat::default() };
        let marked = TextFormat { underline: Stroke::new(1.5, theme.error), ..plain.clone() };
        let mut job = LayoutJob::default();
        job.append(right, 0.0, plain);
        job.append(rest, 0.0, marked);
        job.wrap.max_width = f32::INFINITY;
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let field = data_field(text, room).id(id).hint_text(hint);
    match wrong {
        Some(_) => ui.add(field.layouter(&mut layout)),
        None => ui.add(field),
    }
}
