//! What a picture asks of the elements that it is of, and what a worker answers.

use crate::bytes::SharedSource;
use crate::job::{Progress, Waker};
use crate::pictures::{ImageAnswer, ImageQuestion};
use crate::session::panes::{PictureLook, PicturePane};
use crate::session::subject::ElementSubject;
use std::sync::{Arc, Mutex, PoisonError};

/// What a picture asks.
#[derive(Clone, Debug)]
pub(super) struct PictureQuestion {
    pub subject: ElementSubject,
    pub kind: KindQuestion,
}

/// What is asked for a picture of each kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum KindQuestion {
    Image(ImageQuestion),
}

/// What a picture shows.
#[derive(Clone, Debug)]
pub enum PictureAnswer {
    Image(Arc<ImageAnswer>),
}

impl PictureAnswer {
    /// The image that it is.
    pub fn image(&self) -> Option<&Arc<ImageAnswer>> {
        match self {
            Self::Image(image) => Some(image),
        }
    }
}

/// What a worker knows so far, for the window to take.
#[derive(Clone, Debug, Default)]
pub(super) struct PictureSlot(Arc<Mutex<Option<PictureAnswer>>>);

impl PictureSlot {
    /// Puts what is known now in the place of what was known before.
    pub fn put(&self, answer: PictureAnswer) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    /// Takes what was put there since the last call.
    pub fn take(&self) -> Option<PictureAnswer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// How the answer to a question is to be found.
pub(super) struct PictureWork {
    pub question: PictureQuestion,
    pub source: SharedSource,
    /// The answer to the question before, parts of which may still be true.
    pub before: Option<PictureAnswer>,
    pub slot: PictureSlot,
    pub waker: Waker,
}

impl PictureQuestion {
    /// What a picture asks of `subject`.
    ///
    /// # Errors
    /// A sentence when there is no such picture of these elements.
    pub fn new(picture: &PicturePane, subject: ElementSubject) -> Result<Self, String> {
        let kind = match &picture.look {
            PictureLook::Image(look) => KindQuestion::Image(look.question(&subject.array, picture.room)?),
        };
        Ok(Self { subject, kind })
    }

    /// Bytes that have to be read at most.
    pub fn bytes(&self) -> u64 {
        match &self.kind {
            KindQuestion::Image(question) => question.bytes(),
        }
    }

    /// Whether both have the same answer.
    pub fn is_as(&self, other: &Self) -> bool {
        self.kind == other.kind && self.subject.is_as(&other.subject)
    }
}

impl PictureWork {
    /// The answer; `None` when it is not wanted any more. Blocks.
    pub fn run(&self, progress: &Progress) -> Option<PictureAnswer> {
        match &self.question.kind {
            KindQuestion::Image(question) => {
                let before = self.before.as_ref().and_then(PictureAnswer::image).map(Arc::as_ref);
                let mut tell = |answer: ImageAnswer| {
                    self.slot.put(PictureAnswer::Image(Arc::new(answer)));
                    (self.waker)();
                };
                let answer = question.answer(&*self.source, before, progress, &mut tell)?;
                Some(PictureAnswer::Image(Arc::new(answer)))
            }
        }
    }
}
