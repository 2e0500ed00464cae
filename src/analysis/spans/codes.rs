//! Spans in a few bytes each; those at even distances together in a few.
//!
//! A code says how far behind the start of the span before it a span begins; its length, where that changes; and how
//! many spans follow each other in this way, where these are more than one.

use super::even::EvenSpans;
use crate::bytes::Span;

/// The span before a code, which the code is told from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CodeState {
    pub start: u64,
    pub len: u64,
}

impl CodeState {
    /// Where the span ends.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.len)
    }

    /// The spans coded at `*at`, which moves behind them; `None` where the bytes end or are no codes.
    pub fn read(&mut self, bytes: &[u8], at: &mut usize) -> Option<EvenSpans> {
        let head = *bytes.get(*at)?;
        *at += 1;
        let mut step = u64::from(head >> 2 & 0x1f);
        if head & 0x80 != 0 {
            step |= read_number(bytes, at)?.checked_mul(1 << 5)?;
        }
        let len = if head & 1 != 0 { read_number(bytes, at)? } else { self.len };
        let count = if head & 2 != 0 { read_number(bytes, at)?.checked_add(2)? } else { 1 };
        let first = Span::at(self.start.checked_add(step)?, len)?;
        let last = first.start().checked_add(step.checked_mul(count - 1)?)?;
        last.checked_add(len)?;
        *self = Self { start: last, len };
        Some(EvenSpans { first, step, count })
    }
}

/// A code that may still go on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SpanCode {
    /// The span before it.
    pub before: CodeState,
    step: u64,
    len: u64,
    /// 0 for none.
    pub count: u64,
}

impl SpanCode {
    /// The first byte holds from the lowest bit: 'length follows', 'count follows', five bits of the step, 'more of the
    /// step follows'; the rest is seven bits a byte.
    pub fn write(&self, out: &mut Vec<u8>) {
        let changes = self.len != self.before.len;
        let rest = self.step >> 5;
        let low = (self.step & 0x1f) as u8;
        out.push(u8::from(changes) | u8::from(self.count > 1) << 1 | low << 2 | u8::from(rest > 0) << 7);
        if rest > 0 {
            write_number(rest, out);
        }
        if changes {
            write_number(self.len, out);
        }
        if self.count > 1 {
            write_number(self.count - 2, out);
        }
    }

    /// Its spans; `None` for none.
    pub fn spans(&self) -> Option<EvenSpans> {
        let start = self.before.start.saturating_add(self.step);
        let first = Span::between(start, start.saturating_add(self.len));
        (self.count > 0).then_some(EvenSpans { first, step: self.step, count: self.count })
    }
}

/// Turns spans into codes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SpanCoder {
    /// The last span.
    pub last: CodeState,
    /// The code that it belongs to.
    pub open: SpanCode,
}

impl SpanCoder {
    /// Adds a span; the code before it, when that is complete.
    #[inline]
    pub fn push(&mut self, span: Span) -> Option<SpanCode> {
        self.push_many(span.start() - self.last.start, span.len(), 1)
    }

    /// Adds `count` spans, each `step` behind the one before.
    #[inline]
    pub fn push_many(&mut self, step: u64, len: u64, count: u64) -> Option<SpanCode> {
        let before = self.last;
        self.last = CodeState { start: before.start + step * count, len };
        if step == self.open.step && len == self.open.len && self.open.count > 0 {
            self.open.count += count;
            return None;
        }
        let done = std::mem::replace(&mut self.open, SpanCode { before, step, len, count });
        (done.count > 0).then_some(done)
    }
}

fn write_number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read_number(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}
