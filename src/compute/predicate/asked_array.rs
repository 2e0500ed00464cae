//! A question with all that it needs of an array: numbers of all elements, and the elements of other arrays.

use super::question::ArrayQuestion;
use super::search::{ElementSpans, HitsOfPart};
use super::{Predicate, WantedNumber};
use crate::analysis::{PassEnd, Tuning, Unread};
use crate::bytes::Source;
use crate::compute::ComputeError;
use crate::compute::other_array::OtherArray;
use crate::compute::reductions::Ground;
use crate::compute::scene::Scene;
use crate::compute::sentence::sentence;
use crate::compute::zipped::{Zipped, below};
use crate::decode::Number;
use crate::decode::array::{Array, tuple};
use crate::export::arrays::own_bytes;
use crate::job::Progress;
use std::ops::{ControlFlow, Range};

/// An array that is asked, and the question for it.
#[derive(Debug)]
pub struct AskedArray<'a> {
    question: ArrayQuestion,
    source: &'a dyn Source,
    array: &'a Array,
    /// Where elements of other arrays stand beside those of this one.
    zipped: Option<(Zipped<'a>, Array)>,
}

impl Predicate {
    /// The question for an array; `others` are those that it [names](Self::others). Numbers of all elements are worked out
    /// here, which blocks. The progress counts their bytes; its total is the caller's.
    ///
    /// # Errors
    /// [`ComputeError`] when the elements can't be asked, or never are as asked; when there is no such number.
    pub fn asked_of<'a>(
        &self,
        source: &'a dyn Source,
        array: &'a Array,
        others: &'a [OtherArray],
        progress: &Progress,
    ) -> Result<AskedArray<'a>, ComputeError> {
        let known = self.numbers_of(source, array, others, progress)?;
        self.asked_knowing(source, array, others, &known)
    }

    /// The numbers of all elements that are [wanted](Self::wanted) of an array, in that order. Blocks.
    ///
    /// # Errors
    /// [`ComputeError`] when there is no such number, or the other arrays don't go with this one.
    pub fn numbers_of(
        &self,
        source: &dyn Source,
        array: &Array,
        others: &[OtherArray],
        progress: &Progress,
    ) -> Result<Vec<Number>, ComputeError> {
        let wanted: Vec<WantedNumber> = self.wanted(&array.item);
        if !others.is_empty() {
            // What does not go together is told before anything is read.
            Zipped::new(source, array, others)?;
        }
        Ground { source, array, others }.numbers(&wanted, progress).map_err(refused)
    }

    /// As [`Self::asked_of`] with the numbers of all elements, as [`Self::numbers_of`] gives them.
    ///
    /// # Errors
    /// [`ComputeError`] when the elements can't be asked, or never are as asked.
    pub fn asked_knowing<'a>(
        &self,
        source: &'a dyn Source,
        array: &'a Array,
        others: &'a [OtherArray],
        known: &[Number],
    ) -> Result<AskedArray<'a>, ComputeError> {
        let zipped = if others.is_empty() { None } else { Some(Zipped::new(source, array, others)?) };
        let question = match &zipped {
            Some(_) => self.in_scene(&Scene::beside(&own_bytes(&array.item), others), known)?,
            None => self.for_items(&array.item, known)?,
        };
        Ok(AskedArray { question, source, array, zipped })
    }
}

/// Nothing was to be changed.
fn refused(error: ComputeError) -> ComputeError {
    match error {
        ComputeError::At { index, reason } => {
            ComputeError::Refused(sentence(&format!("at {}: {reason}", tuple(&index))))
        }
        error => error,
    }
}

impl AskedArray<'_> {
    /// Gives `take` the elements with these numbers that are as asked, part after part in C order, until it breaks. What
    /// part they are of is said as the whole array counts. Blocks; on all cores.
    pub fn search(
        &self,
        numbers: Range<u64>,
        progress: &Progress,
        take: &mut (dyn FnMut(HitsOfPart) -> ControlFlow<()> + Send),
    ) -> PassEnd {
        self.search_with(numbers, progress, Tuning::default(), take)
    }

    /// As [`Self::search`], with parts of another size.
    pub fn search_with(
        &self,
        numbers: Range<u64>,
        progress: &Progress,
        tuning: Tuning,
        take: &mut (dyn FnMut(HitsOfPart) -> ControlFlow<()> + Send),
    ) -> PassEnd {
        let item = &self.array.item;
        let size = item.group_bytes() / u64::from(item.group_items().max(1));
        let (source, array): (&dyn Source, &Array) = match &self.zipped {
            Some((zipped, records)) => (zipped, records),
            None => (self.source, self.array),
        };
        // What is read of records is not what the caller counts.
        let apart = self.zipped.as_ref().map(|_| progress.apart());
        let counted = apart.as_ref().unwrap_or(progress);
        for part in array.parts(numbers) {
            let end = self.question.search_with(source, &part.array, counted, tuning, &mut |found| {
                if apart.is_some() {
                    progress.advance((found.elements.end - found.elements.start).saturating_mul(size));
                }
                take(HitsOfPart {
                    hits: found.hits.moved(part.first),
                    elements: found.elements.start + part.first..found.elements.end + part.first,
                    unread: self.unread(found.unread),
                    lost: found.lost,
                })
            });
            if end != PassEnd::Complete {
                return end;
            }
        }
        PassEnd::Complete
    }

    /// How many elements there are.
    pub fn items(&self) -> u64 {
        self.array.items()
    }

    /// The bytes of the array itself for what could not be read.
    fn unread(&self, unread: Unread) -> Unread {
        let (Some((_, records)), Some(reason)) = (&self.zipped, unread.reason()) else { return unread };
        let mut here = Unread::default();
        for span in unread.ranges() {
            for span in below(*span, records.item.group_bytes(), self.array) {
                here.add(span, reason);
            }
        }
        here
    }

    /// Where its elements are.
    pub fn spans(&self) -> ElementSpans<'_> {
        ElementSpans::new(self.array)
    }
}
