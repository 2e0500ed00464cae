//! How an algorithm takes its bytes.
//!
//! Most hashes need every byte before the next. CRCs, Adler-32 and BLAKE3 are made of parts: each core works on another
//! chunk, and the parts are put together in order.

use sha2::Digest;
use xxhash_rust::xxh3::Xxh3;
use xxhash_rust::xxh32::Xxh32;
use xxhash_rust::xxh64::Xxh64;

/// What is known before the first byte is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// Bytes of the whole.
    pub total: u64,
    /// Bytes of a chunk, a power of two and at least [`super::tree::LEAF`]; only the last one may be shorter.
    pub chunk: u64,
}

/// An algorithm at work.
pub(super) enum Method {
    InOrder(Box<dyn InOrder>),
    ByParts(Box<dyn Parts>, Box<dyn Fold>),
}

/// Takes the chunks one after another.
pub(super) trait InOrder: Send {
    fn update(&mut self, bytes: &[u8]);

    /// The value, its most significant byte first.
    fn finish(self: Box<Self>) -> Vec<u8>;
}

/// What one chunk adds to the value; a number is in the first bytes, little-endian.
pub(super) type Part = [u8; 32];

/// Works on one chunk; several threads do so at once.
pub(super) trait Parts: Send + Sync {
    /// The part of a chunk that begins `at` bytes into the whole, before any of its bytes.
    fn begin(&self, at: u64) -> Box<dyn PartState + '_>;

    /// The part of `len` zeros, if it is known without a look at them.
    fn of_zeros(&self, len: u64) -> Option<Part> {
        let _ = len;
        None
    }
}

/// The part of a chunk as far as its bytes have come.
pub(super) trait PartState {
    fn add(&mut self, bytes: &[u8]);

    fn end(self: Box<Self>) -> Part;
}

/// Puts the parts together.
pub(super) trait Fold: Send {
    /// Takes the part of the next chunk, which has `len` bytes.
    fn fold(&mut self, part: Part, len: u64);

    /// The value, its most significant byte first.
    fn finish(self: Box<Self>) -> Vec<u8>;
}

pub(super) fn number_part(number: u64) -> Part {
    let mut part = Part::default();
    part[..8].copy_from_slice(&number.to_le_bytes());
    part
}

pub(super) fn part_number(part: &Part) -> u64 {
    part.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// A hash of the MD and SHA families.
struct Cryptographic<D>(D);

impl<D: Digest + Send> InOrder for Cryptographic<D> {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

pub(super) fn cryptographic<D: Digest + Send + 'static>(_: Extent) -> Method {
    Method::InOrder(Box::new(Cryptographic(D::new())))
}

impl InOrder for Xxh32 {
    fn update(&mut self, bytes: &[u8]) {
        Self::update(self, bytes);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.digest().to_be_bytes().to_vec()
    }
}

impl InOrder for Xxh64 {
    fn update(&mut self, bytes: &[u8]) {
        Self::update(self, bytes);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.digest().to_be_bytes().to_vec()
    }
}

/// XXH3 with a result of 64 or 128 bits.
struct Xxh3Wide {
    state: Xxh3,
    is_128: bool,
}

impl InOrder for Xxh3Wide {
    fn update(&mut self, bytes: &[u8]) {
        self.state.update(bytes);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        if self.is_128 {
            self.state.digest128().to_be_bytes().to_vec()
        } else {
            self.state.digest().to_be_bytes().to_vec()
        }
    }
}

pub(super) fn xxh32(_: Extent) -> Method {
    Method::InOrder(Box::new(Xxh32::new(0)))
}

pub(super) fn xxh64(_: Extent) -> Method {
    Method::InOrder(Box::new(Xxh64::new(0)))
}

pub(super) fn xxh3_64(_: Extent) -> Method {
    Method::InOrder(Box::new(Xxh3Wide { state: Xxh3::new(), is_128: false }))
}

pub(super) fn xxh3_128(_: Extent) -> Method {
    Method::InOrder(Box::new(Xxh3Wide { state: Xxh3::new(), is_128: true }))
}
