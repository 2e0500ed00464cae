//! All elements of an array that are as asked, on all cores, in C order.

use super::hits::ElementHits;
use super::question::ArrayQuestion;
use crate::analysis::elements::ElementPass;
use crate::analysis::{PassEnd, Tuning, Unread};
use crate::bytes::{Source, Span};
use crate::decode::array::{Array, MemoryOrder};
use crate::job::Progress;
use std::ops::{ControlFlow, Range};

/// What was found in a part of an array.
#[derive(Debug)]
pub struct HitsOfPart {
    pub hits: ElementHits,
    /// The elements of the part, in C order.
    pub elements: Range<u64>,
    /// The bytes of elements that could not be read, and how many these are: about them nothing is said.
    pub unread: Unread,
    pub lost: u64,
}

impl ArrayQuestion {
    /// Gives `take` the elements of `array` that are as asked, part after part in C order, until it breaks. The type of the
    /// elements is that of the question. The progress counts bytes up to [`Self::bytes`]; its total is the caller's.
    /// Blocks; on all cores.
    pub fn search(
        &self,
        source: &dyn Source,
        array: &Array,
        progress: &Progress,
        take: &mut (dyn FnMut(HitsOfPart) -> ControlFlow<()> + Send),
    ) -> PassEnd {
        self.search_with(source, array, progress, Tuning::default(), take)
    }

    /// As [`Self::search`], with parts of another size.
    pub fn search_with(
        &self,
        source: &dyn Source,
        array: &Array,
        progress: &Progress,
        tuning: Tuning,
        take: &mut (dyn FnMut(HitsOfPart) -> ControlFlow<()> + Send),
    ) -> PassEnd {
        let pass = ElementPass { tuning, ..ElementPass::new(source, array, progress) };
        pass.run(self, &mut |made| {
            take(HitsOfPart {
                hits: made.part,
                elements: made.elements,
                unread: made.unread,
                lost: made.lost,
            })
        })
    }

    /// The first element that is as asked, from number `from` on.
    pub fn first(&self, source: &dyn Source, array: &Array, progress: &Progress) -> (Option<u64>, PassEnd) {
        let mut found = None;
        let end = self.search(source, array, progress, &mut |part| {
            found = part.hits.iter().next();
            if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        (found, end)
    }

    /// The bytes that a search reads.
    pub fn bytes(&self, array: &Array) -> u64 {
        array.items().saturating_mul(array.item.group_bytes()) / u64::from(array.item.group_items())
    }
}

/// Where the elements of an array are, by their numbers in C order.
#[derive(Clone, Debug)]
pub struct ElementSpans<'a> {
    array: &'a Array,
    is_dense: bool,
}

impl<'a> ElementSpans<'a> {
    /// Those of `array`.
    pub fn new(array: &'a Array) -> Self {
        let is_dense = array.order() == Some(MemoryOrder::C) && !array.item.shares_bytes();
        Self { array, is_dense }
    }

    /// The bytes of element number `number`; of elements that share bytes those of its group.
    pub fn of(&self, number: u64) -> Span {
        let size = self.array.item.group_bytes();
        if self.is_dense {
            let start = self.array.offset.saturating_add(number.saturating_mul(size));
            return Span::at(start, size).unwrap_or(Span::empty_at(start));
        }
        self.array.place(&self.array.index_at(number)).span
    }
}
