//! Fonts of the system for the scripts that the program's own fonts lack.
//!
//! The toolkit asks for a font in the middle of laying out a text, on the window's thread. It is answered from what is
//! known; an unknown character is noted, drawn as a box in this frame, and looked for by a worker. When a font was
//! found the toolkit is made to ask again. Files are read into memory by the worker, so that no page of a font is read
//! from the disk while a frame is drawn, and `BUDGET` bounds what all of them take.

use super::pictures;
use crate::job::{Job, Poll, Waker};
use egui::epaint::text::FallbackRequest;
use egui::{Context, FontData, FontFamily, FontInsert, FontPriority, FontProvider, InsertFontFamily};
use egui_system_font_provider::SystemFontProvider;
use skrifa::MetadataProvider;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of font files that are held at most. The largest common one, of Chinese, Japanese and Korean, has 20 MB.
const BUDGET: usize = 96 << 20;
/// Characters that are remembered at most; a file can hold every one there is.
const REMEMBERED: usize = 1 << 17;
/// Characters that one job looks for.
const ASKED_AT_ONCE: usize = 4096;

/// A font file with the face to take of it.
type Face = Arc<(String, FontData)>;

/// What is known, shared by the toolkit and the frame.
#[derive(Default)]
struct Known {
    /// The fonts that were found so far.
    faces: Vec<Face>,
    wanted: Vec<String>,
    /// What was looked for, found or not.
    asked: HashSet<char>,
}

/// Answers the toolkit at once.
#[derive(Clone, Default)]
struct Lender(Arc<Mutex<Known>>);

impl Lender {
    fn known(&self) -> MutexGuard<'_, Known> {
        // The lock is never held while anything is read or waited for.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FontProvider for Lender {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let first = request.cluster.chars().next().filter(|_| *request.family != pictures::family())?;
        let mut known = self.known();
        if let Some(face) = known.faces.iter().find(|face| has(&face.1, first)) {
            return Some(insert(face, request.family));
        }
        if known.asked.len() < REMEMBERED && known.asked.insert(first) {
            known.wanted.push(request.cluster.to_owned());
        }
        None
    }
}

/// Whether a font maps a character to a glyph.
fn has(font: &FontData, character: char) -> bool {
    let font = skrifa::FontRef::from_index(font.bytes(), font.index);
    font.is_ok_and(|font| font.charmap().map(character).is_some())
}

fn insert(face: &Face, family: &FontFamily) -> FontInsert {
    let families = vec![InsertFontFamily { family: family.clone(), priority: FontPriority::Lowest }];
    FontInsert::new(&face.0, face.1.clone(), families)
}

/// The worker's side: the system's list of fonts, and what was read of them.
struct Library {
    system: SystemFontProvider,
    read: HashMap<String, Option<Face>>,
    held: usize,
    budget: usize,
}

impl Library {
    fn open() -> Self {
        Self { system: SystemFontProvider::new(), read: HashMap::new(), held: 0, budget: BUDGET }
    }

    /// The font for a cluster of characters, read into memory.
    fn find(&mut self, cluster: &str) -> Option<Face> {
        let request = FallbackRequest { cluster, family: &FontFamily::Proportional };
        let found = self.system.font_for(&request)?;
        if let Some(face) = self.read.get(&found.name) {
            return face.clone();
        }
        let len = found.data.bytes().len();
        let fits = self.held.saturating_add(len) <= self.budget;
        if !fits {
            tracing::warn!(font = %found.name, len, "the limit for font memory is reached");
        }
        let face = fits.then(|| {
            self.held += len;
            let bytes: Vec<u8> = found.data.bytes().to_vec();
            let data = FontData::from_blob(Arc::new(bytes), found.data.index).tweak(found.data.tweak.clone());
            Arc::new((found.name.clone(), data))
        });
        self.read.insert(found.name, face.clone());
        face
    }
}

/// The system's fonts, as the window has them.
#[derive(Default)]
pub struct SystemFonts {
    lender: Lender,
    library: Option<Library>,
    job: Option<Job<(Library, Vec<Face>)>>,
}

impl SystemFonts {
    /// Has the toolkit ask here for what the program's own fonts lack.
    pub fn install(&self, ctx: &Context) {
        ctx.set_font_providers(vec![Arc::new(self.lender.clone())]);
    }

    /// Takes what the worker has found and sends it after what is missing now. Called once a frame; never waits.
    pub fn poll(&mut self, ctx: &Context) {
        if let Some(job) = &mut self.job {
            match job.poll() {
                Poll::Running => return,
                Poll::Done((library, found)) => {
                    self.library = Some(library);
                    self.take(ctx, found);
                }
                // A font that brings the worker down is not asked for again: its characters stay known as asked.
                Poll::Lost => {}
            }
            self.job = None;
        }
        let wanted = {
            let mut known = self.lender.known();
            let count = known.wanted.len().min(ASKED_AT_ONCE);
            known.wanted.drain(..count).collect::<Vec<_>>()
        };
        if wanted.is_empty() {
            return;
        }
        let library = self.library.take();
        let ctx = ctx.clone();
        let waker: Waker = Arc::new(move || ctx.request_repaint());
        let job = Job::spawn("system fonts", waker, move |_| {
            let mut library = library.unwrap_or_else(Library::open);
            let mut found: Vec<Face> = Vec::new();
            for cluster in &wanted {
                let face = library.find(cluster);
                found.extend(face.filter(|face| !found.iter().any(|other| Arc::ptr_eq(other, face))));
            }
            (library, found)
        });
        self.job = job.ok();
    }

    fn take(&self, ctx: &Context, found: Vec<Face>) {
        if found.is_empty() {
            return;
        }
        {
            let mut known = self.lender.known();
            for face in found {
                if !known.faces.iter().any(|other| Arc::ptr_eq(other, &face)) {
                    known.faces.push(face);
                }
            }
        }
        // The toolkit remembers that there was no font, until it is given the provider anew.
        self.install(ctx);
    }

    /// Whether a worker is looking for a font.
    pub fn is_looking(&self) -> bool {
        self.job.is_some() || !self.lender.known().wanted.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'a>(cluster: &'a str, family: &'a FontFamily) -> FallbackRequest<'a> {
        FallbackRequest { cluster, family }
    }

    #[test]
    fn what_is_not_known_is_noted_once_and_lent_when_it_was_found() {
        let lender = Lender::default();
        for _ in 0..3 {
            assert!(lender.font_for(&request("Ω", &FontFamily::Proportional)).is_none());
        }
        assert_eq!(lender.known().wanted, ["Ω"]);
        // A font that has it, as the worker hands it over.
        let definitions = egui::FontDefinitions::default();
        let (name, data) = definitions.font_data.iter().find(|(_, data)| has(data, 'Ω')).unwrap();
        lender.known().faces.push(Arc::new((name.clone(), (**data).clone())));
        for family in [FontFamily::Proportional, FontFamily::Monospace] {
            let lent = lender.font_for(&request("Ω", &family)).unwrap();
            assert_eq!((&lent.name, &lent.families[0].family), (name, &family));
        }
        assert!(lender.font_for(&request("漢", &FontFamily::Monospace)).is_none());
        assert_eq!(lender.known().wanted, ["Ω", "漢"]);
    }

    #[test]
    fn only_so_many_characters_are_remembered() {
        let lender = Lender::default();
        for character in ('\u{0}'..=char::MAX).take(REMEMBERED + 1000) {
            lender.font_for(&request(character.encode_utf8(&mut [0; 4]), &FontFamily::Monospace));
        }
        assert_eq!(lender.known().wanted.len(), REMEMBERED);
    }

    #[test]
    fn a_font_beyond_the_budget_is_left_out() {
        let mut library = Library { budget: 0, ..Library::open() };
        // Whichever of these the system has.
        for cluster in ["ع", "ש", "漢", "ก", "Ж", "a"] {
            assert!(library.find(cluster).is_none());
        }
        assert_eq!(library.held, 0);
    }
}
