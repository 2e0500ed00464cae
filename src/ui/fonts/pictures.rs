//! Pictures that the program itself puts into the toolkit's font atlas.
//!
//! The toolkit asks for the picture of a character that no font has. Pictures have private characters in a font family
//! of their own, so they never appear in a text of the user.

use egui::epaint::text::{GlyphBitmap, GlyphRasterizer, GlyphRasterizerRequest, RasterizedGlyph};
use egui::{Color32, ColorImage, Context, FontFamily, FontId, Galley, Id, Vec2};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The private character of the first picture.
const FIRST: u32 = 0xf_0000;

/// The pictures that are being put into the atlas.
#[derive(Clone, Default)]
struct Waiting(Arc<Mutex<Vec<ColorImage>>>);

impl Waiting {
    fn images(&self) -> MutexGuard<'_, Vec<ColorImage>> {
        // Held only while one is copied.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rasterize(&self, request: &GlyphRasterizerRequest<'_>) -> Option<RasterizedGlyph> {
        if *request.family != family() {
            return None;
        }
        let place = u32::from(request.cluster.chars().next()?).checked_sub(FIRST)?;
        let image = self.images().get(place as usize)?.clone();
        let advance_px = image.width() as f32;
        // As a picture in colour it is copied pixel by pixel.
        let bitmap = GlyphBitmap { image, offset_px: Vec2::ZERO, is_color: true };
        Some(RasterizedGlyph { bitmap, advance_px })
    }
}

/// The family of the private characters.
pub fn family() -> FontFamily {
    FontFamily::Name("pictures".into())
}

/// Lets the toolkit ask for pictures; call it once, before the first frame.
pub(super) fn install(ctx: &Context) {
    let waiting = Waiting::default();
    ctx.data_mut(|data| data.insert_temp(Id::NULL, waiting.clone()));
    ctx.add_glyph_rasterizer(GlyphRasterizer::new("pictures", move |request| waiting.rasterize(request)));
}

/// Puts pictures for a font of this size into the atlas. The galley has a glyph for each, which says where it is; where
/// there was no room, it is no glyph in colour. Pictures of one size must not differ from call to call, because the
/// toolkit keeps them.
pub fn put(ctx: &Context, size: f32, images: Vec<ColorImage>) -> Option<Arc<Galley>> {
    let waiting = ctx.data(|data| data.get_temp::<Waiting>(Id::NULL))?;
    let text: String = (FIRST..).take(images.len()).filter_map(char::from_u32).collect();
    *waiting.images() = images;
    let font = FontId::new(size, family());
    let galley = ctx.fonts_mut(|fonts| fonts.layout_no_wrap(text, font, Color32::WHITE));
    waiting.images().clear();
    Some(galley)
}
