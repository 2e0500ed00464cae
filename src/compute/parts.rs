//! An array cut into pieces by rising offset, for workers: what is read at once, and the elements in it.

use crate::bytes::Span;
use crate::decode::array::Array;
use crate::decode::array_walk::{Run, Walk};

/// Bytes of a piece, as far as elements are not larger.
const PIECE: u64 = 512 << 10;

/// Elements with gaps between them of a piece at most.
const MOST_APART: u64 = 1 << 16;

/// Parts of a piece at most.
const MOST_PARTS: usize = 1 << 10;

/// What lies between elements is read with them up to so many bytes.
const NEAR: u64 = 4 << 10;

/// Bytes that are read at once, and the elements in them by rising offset.
#[derive(Debug)]
pub(super) struct Part {
    pub span: Span,
    pub runs: Vec<Run>,
}

/// What a worker takes.
#[derive(Debug, Default)]
pub(super) struct ArrayPiece {
    pub parts: Vec<Part>,
    pub items: u64,
}

/// The pieces of an array whose elements have bytes of their own.
pub(super) struct ArrayPieces<'a> {
    array: &'a Array,
    walk: Walk,
    /// What is left of a run.
    rest: Option<Run>,
}

impl<'a> ArrayPieces<'a> {
    /// Those of `array`, of which `walk` is the walk in memory.
    pub fn new(array: &'a Array, walk: Walk) -> Self {
        Self { array, walk, rest: None }
    }

    /// Elements of the next run, no more than fit a piece.
    fn next_run(&mut self) -> Option<Run> {
        let run = self.rest.take().or_else(|| self.walk.next())?;
        let size = self.array.item.group_bytes().max(1);
        let stride = run.stride.unsigned_abs();
        let most = match stride.saturating_sub(size) {
            0 => (PIECE / size).max(1),
            gap if gap < NEAR => (PIECE / stride).clamp(1, MOST_APART),
            _ => 1,
        };
        let items = run.items.min(most);
        if items < run.items {
            let skip = i128::from(items);
            let number = i128::from(run.number) + skip * i128::from(run.weight);
            self.rest = Some(Run {
                at: run.at + skip * i128::from(run.stride),
                items: run.items - items,
                number: u64::try_from(number).unwrap_or(0),
                ..run
            });
        }
        Some(Run { items, ..run })
    }

    /// Puts a run back.
    fn put_back(&mut self, run: Run) {
        self.rest = Some(match self.rest.take() {
            Some(rest) => Run { items: run.items + rest.items, ..run },
            None => run,
        });
    }
}

impl Iterator for ArrayPieces<'_> {
    type Item = ArrayPiece;

    fn next(&mut self) -> Option<ArrayPiece> {
        let mut piece = ArrayPiece::default();
        let mut bytes = 0;
        while let Some(run) = self.next_run() {
            let span = self.array.run_span(run);
            let joins = piece.parts.last().is_some_and(|part| {
                span.start().checked_sub(part.span.end()).is_some_and(|gap| gap < NEAR)
                    && span.end() - part.span.start() <= PIECE
            });
            let is_full = bytes >= PIECE
                || piece.items.saturating_add(run.items) > PIECE
                || !joins && (piece.parts.len() >= MOST_PARTS || bytes + span.len() > PIECE);
            if is_full && piece.items > 0 {
                self.put_back(run);
                break;
            }
            piece.items += run.items;
            match piece.parts.last_mut().filter(|_| joins) {
                Some(part) => {
                    bytes += span.end() - part.span.end();
                    part.span = Span::between(part.span.start(), span.end());
                    part.runs.push(run);
                }
                None => {
                    bytes += span.len();
                    piece.parts.push(Part { span, runs: vec![run] });
                }
            }
        }
        (piece.items > 0).then_some(piece)
    }
}
