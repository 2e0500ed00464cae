//! Where the extremes and the first NaN are, when counts of codes have told what they are: a pass that ends as soon as
//! all are found.

use super::answer::Statistics;
use super::basics::place_of;
use crate::analysis::elements::{ElementKernel, ElementPass, Tile, TileValues};
use crate::analysis::pool::PassEnd;
use std::ops::ControlFlow;

/// The codes that are looked for: the least value, the greatest, NaN.
struct Sought {
    codes: [Vec<u16>; 3],
    /// Which of the three a code is, as bits, where there are many codes.
    marks: Vec<u8>,
}

/// So few codes are looked for one after the other, in vectors.
const FEW: usize = 2;

impl ElementKernel for Sought {
    /// The first element of each kind.
    type Part = [Option<u64>; 3];

    const ONLY_MAKES_PARTS: bool = true;

    fn tile(&self, tile: &Tile<'_>, part: &mut Self::Part) {
        for (kind, found) in part.iter_mut().enumerate().filter(|(_, found)| found.is_none()) {
            let place = match tile.values {
                TileValues::U8(values) => self.place(kind, values, |code| code as u8),
                TileValues::I8(values) => self.place(kind, bytemuck::cast_slice(values), |code| code as u8),
                TileValues::U16(values) => self.place(kind, values, |code| code),
                _ => None,
            };
            *found = place.map(|place| tile.first + place);
        }
    }
}

impl Sought {
    fn place<T: Copy + PartialEq + Into<usize>>(
        &self,
        kind: usize,
        values: &[T],
        code: fn(u16) -> T,
    ) -> Option<u64> {
        let codes = &self.codes[kind];
        if codes.len() > FEW {
            let mark = 1 << kind;
            let is_sought = |value: &T| self.marks.get((*value).into()).is_some_and(|marks| marks & mark > 0);
            return values.iter().position(is_sought).map(|place| place as u64);
        }
        let places = codes.iter().map(|wanted| place_of(values, code(*wanted)));
        places.flatten().min()
    }
}

/// Finds the first elements with codes of the least value, of the greatest, and of NaN.
pub(super) fn locate(pass: &ElementPass<'_>, codes: [Vec<u16>; 3], known: &mut Statistics) -> PassEnd {
    let mut marks = vec![0; 1 << 16];
    for (kind, codes) in codes.iter().enumerate() {
        codes.iter().for_each(|code| marks[usize::from(*code)] |= 1 << kind);
    }
    let wanted = [0, 1, 2].map(|kind: usize| !codes[kind].is_empty());
    let mut found = [None; 3];
    pass.progress.set_total(pass.progress.done().saturating_add(pass.bytes()));
    let end = pass.run(&Sought { codes, marks }, &mut |made| {
        for (found, own) in found.iter_mut().zip(made.part) {
            *found = found.or(own);
        }
        let is_done = found.iter().zip(wanted).all(|(found, wanted)| found.is_some() || !wanted);
        if is_done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let [least, greatest, nan] = found;
    if let Some(extremum) = &mut known.least {
        extremum.element = least;
    }
    if let Some(extremum) = &mut known.greatest {
        extremum.element = greatest;
    }
    known.first_nan = nan;
    if end == PassEnd::Stopped { PassEnd::Complete } else { end }
}
