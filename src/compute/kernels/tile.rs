//! Loops over two tiles, or a tile and a constant, into a third.

/// Elements of a tile: some tiles of the widest type stay in the first cache.
pub(in crate::compute) const TILE: usize = 2048;

/// Where a loop takes its values from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Feed<'a, T> {
    /// What the target holds.
    Target,
    Tile(&'a [T]),
    Constant(T),
}

/// `target = f(a, b)`, element by element. Of the ways to combine the two only five have a loop of their own, to keep the
/// code small.
#[inline(always)]
pub(super) fn zip<T: Copy>(target: &mut [T], a: Feed<'_, T>, b: Feed<'_, T>, f: impl Fn(T, T) -> T) {
    use Feed::{Constant, Target, Tile};
    let (a, b) = match (a, b) {
        (Tile(a), Tile(_)) => {
            target.copy_from_slice(a);
            (Target, b)
        }
        (Constant(_), Tile(b)) => {
            target.copy_from_slice(b);
            (a, Target)
        }
        (Constant(a), Constant(_)) => {
            target.fill(a);
            (Target, b)
        }
        both => both,
    };
    match (a, b) {
        (Target, Constant(b)) => target.iter_mut().for_each(|target| *target = f(*target, b)),
        (Tile(a), Constant(b)) => target.iter_mut().zip(a).for_each(|(target, a)| *target = f(*a, b)),
        (Constant(a), _) => target.iter_mut().for_each(|target| *target = f(a, *target)),
        (Target, Tile(b)) => target.iter_mut().zip(b).for_each(|(target, b)| *target = f(*target, *b)),
        (Tile(a), _) => target.iter_mut().zip(a).for_each(|(target, a)| *target = f(*a, *target)),
        (Target, Target) => target.iter_mut().for_each(|target| *target = f(*target, *target)),
    }
}

/// `target = f(a)`, element by element.
#[inline(always)]
pub(super) fn each<T: Copy>(target: &mut [T], a: Feed<'_, T>, f: impl Fn(T) -> T) {
    match a {
        Feed::Target => target.iter_mut().for_each(|target| *target = f(*target)),
        Feed::Tile(a) => target.iter_mut().zip(a).for_each(|(target, a)| *target = f(*a)),
        Feed::Constant(a) => target.fill(f(a)),
    }
}

/// `target = f(a, b)` of values of another type.
#[inline(always)]
pub(super) fn pairs<T: Copy, U>(target: &mut [U], a: Feed<'_, T>, b: Feed<'_, T>, f: impl Fn(T, T) -> U) {
    match (a, b) {
        (Feed::Tile(a), Feed::Constant(b)) => {
            target.iter_mut().zip(a).for_each(|(target, a)| *target = f(*a, b));
        }
        (Feed::Constant(a), Feed::Tile(b)) => {
            target.iter_mut().zip(b).for_each(|(target, b)| *target = f(a, *b));
        }
        (Feed::Tile(a), Feed::Tile(b)) => {
            let values = a.iter().zip(b);
            target.iter_mut().zip(values).for_each(|(target, (a, b))| *target = f(*a, *b));
        }
        (Feed::Constant(a), Feed::Constant(b)) => {
            target.iter_mut().for_each(|target| *target = f(a, b));
        }
        // The target holds values of its own type only.
        (Feed::Target, _) | (_, Feed::Target) => {}
    }
}
