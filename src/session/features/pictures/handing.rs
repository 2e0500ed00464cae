//! Pictures for other programs: copied as an image, or written to a file as PNG, SVG or CSV.

use super::{PictureAnswer, PicturesState};
use crate::job::Progress;
use crate::pictures::figure::{Figure, draw, image_figure, png, size_around, svg};
use crate::pictures::table::write_csv;
use crate::pictures::{ImageAnswer, PictureFormat};
use crate::session::context::Context;
use crate::session::effect::Effect;
use crate::session::features::clipboard::system::ClipboardOffer;
use crate::session::handed_rows::{HandedRows, HandingError, SharedRows};
use crate::session::ids::{PaneKey, TabId};
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::panes::PictureLook;
use crate::session::request::Request;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::io;
use std::sync::Arc;

/// Pictures on their way to the clipboard.
#[derive(Debug, Default)]
pub(super) struct PictureHanding {
    copying: Jobs<(), Result<Vec<u8>, String>>,
}

/// A picture as its pane shows it.
#[derive(Clone, Debug)]
struct HandedPicture {
    tab: TabId,
    image: Arc<ImageAnswer>,
    title: String,
    room: (u32, u32),
    flips: (bool, bool),
    format: PictureFormat,
}

impl HandedPicture {
    fn figure(&self) -> Figure {
        let size = size_around(self.room, self.image.question.pixel.has_map());
        image_figure(&self.image, &self.title, size, self.flips)
    }

    fn png(&self) -> Result<Vec<u8>, String> {
        png(&draw(&self.figure())?)
    }
}

impl HandedRows for HandedPicture {
    fn tab(&self) -> TabId {
        self.tab
    }

    fn noun(&self) -> &'static str {
        "picture"
    }

    fn extension(&self) -> &'static str {
        self.format.extension()
    }

    fn counted(&self) -> String {
        String::from("The picture was")
    }

    fn write(&self, _: &Progress, out: &mut dyn io::Write) -> Result<(), HandingError> {
        match self.format {
            PictureFormat::Png => out.write_all(&self.png().map_err(io::Error::other)?)?,
            PictureFormat::Svg => {
                out.write_all(svg(&self.figure()).map_err(io::Error::other)?.as_bytes())?;
            }
            PictureFormat::Csv => write_csv(&self.image, out)?,
        }
        Ok(())
    }
}

impl PictureHanding {
    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.copying.activities()
    }

    /// Whether nothing is on its way.
    pub fn is_at_rest(&self) -> bool {
        self.copying.is_empty()
    }

    /// Ends what is on its way; `false` when nothing is.
    pub fn cancel(&mut self) -> bool {
        self.copying.clear()
    }

    /// Takes what a worker has made.
    pub fn poll(&mut self, context: &mut Context) {
        for ended in self.copying.drain_finished() {
            match ended.answer {
                Some(Ok(image)) => {
                    let offer = ClipboardOffer { image: Some(image.into()), ..ClipboardOffer::default() };
                    context.request(Request::Copy(offer));
                    context.say("The picture is on the clipboard.");
                }
                Some(Err(reason)) => context.say(format!("Nothing was copied: {reason}")),
                None => context.say("The copy ended unexpectedly."),
            }
        }
    }
}

impl PicturesState {
    /// The picture that is meant: the one with the keys, or else the first that is shown.
    fn handed(&self, tab: &Tab, format: PictureFormat) -> Option<HandedPicture> {
        let is_picture = |pane: &PaneKey| tab.panes().get(*pane).content.picture().is_some();
        let pane = Some(tab.focus()).into_iter().chain(tab.layout().panes()).find(is_picture)?;
        let picture = tab.panes().get(pane).content.picture()?;
        let state = self.of(tab.id, pane)?;
        let image = state.answer().and_then(PictureAnswer::image).filter(|image| image.is_whole)?;
        let PictureLook::Image(look) = &picture.look;
        let mut title = format!("{}: {}", tab.title, state.subject()?.words());
        let bins = image.bin_words();
        if !bins.is_empty() {
            title = format!("{title} — {bins}");
        }
        let (image, room, flips) = (Arc::clone(image), picture.room, look.flips);
        Some(HandedPicture { tab: tab.id, image, title, room, flips, format })
    }

    /// Whether there is a picture to copy or to write.
    pub fn has_picture(&self, tab: &Tab) -> bool {
        self.handed(tab, PictureFormat::Png).is_some()
    }

    /// Copies the picture as an image.
    pub(in crate::session) fn copy(&mut self, tabs: &Tabs, context: &mut Context) {
        let Some(handed) = tabs.front().and_then(|tab| self.handed(tab, PictureFormat::Png)) else {
            return context.say("There is no picture to copy.");
        };
        context.want(Effect::StopCopyingArrays);
        context.want(Effect::ArrayIsCopied);
        self.handing.copying.clear();
        let task = Task::shown("copy picture", "Copying").about(handed.tab);
        if let Err((error, ())) = self.handing.copying.start(context.waker(), task, (), move |_| handed.png())
        {
            context.say(format!("Nothing was copied: {error}."));
        }
    }

    /// Asks for a name for the file that the picture goes to.
    pub(in crate::session) fn ask_name(&self, format: PictureFormat, tabs: &Tabs, context: &mut Context) {
        let handed = tabs.front().and_then(|tab| self.handed(tab, format));
        context.export_rows(handed.map(SharedRows::new), "pictures");
    }
}
