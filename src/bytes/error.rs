//! The kinds of read errors, and what a caller can do after each.

use super::Span;
use std::io;

/// Why bytes could not be read. `span` is what was asked for, or the part of it that failed where that is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("bytes {span} are beyond the end at {len:#x}")]
    BeyondEnd { span: Span, len: u64 },
    #[error("bytes {span} no longer exist: another program truncated the file to {len_now:#x} bytes")]
    CutShort { span: Span, len_now: u64 },
    #[error("reading bytes {span} was cancelled")]
    Cancelled { span: Span },
    #[error("bytes {span} could not be read: {reason}")]
    Io { span: Span, kind: ReadErrorKind, reason: String },
}

/// What a failed read means for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadErrorKind {
    /// The same read may succeed soon: a timeout, a lost connection, a busy device.
    Retryable,
    /// The system or a server refuses it to this user.
    Denied,
    /// The bytes that were opened are not there any more: cut off or replaced by another program.
    Changed,
    /// Whoever asked does not want the bytes any more.
    Cancelled,
    /// None of these: a bad sector, a place beyond the end.
    Other,
}

impl ReadError {
    /// A read of `span` that ended with `error` of the system.
    pub fn of_io(span: Span, error: &io::Error) -> Self {
        Self::Io { span, kind: ReadErrorKind::of_io(error), reason: error.to_string() }
    }

    /// A failure of [`ReadErrorKind::Other`].
    pub fn other(span: Span, reason: impl Into<String>) -> Self {
        Self::Io { span, kind: ReadErrorKind::Other, reason: reason.into() }
    }

    /// The bytes that the error is about.
    pub fn span(&self) -> Span {
        match self {
            Self::BeyondEnd { span, .. }
            | Self::CutShort { span, .. }
            | Self::Cancelled { span }
            | Self::Io { span, .. } => *span,
        }
    }

    /// The same error of other bytes: for a source whose bytes lie elsewhere in another one.
    #[must_use]
    pub fn at(self, span: Span) -> Self {
        match self {
            Self::BeyondEnd { len, .. } => Self::BeyondEnd { span, len },
            Self::CutShort { len_now, .. } => Self::CutShort { span, len_now },
            Self::Cancelled { .. } => Self::Cancelled { span },
            Self::Io { kind, reason, .. } => Self::Io { span, kind, reason },
        }
    }

    /// What the failure means for the next read.
    pub fn kind(&self) -> ReadErrorKind {
        match self {
            Self::BeyondEnd { .. } => ReadErrorKind::Other,
            Self::CutShort { .. } => ReadErrorKind::Changed,
            Self::Cancelled { .. } => ReadErrorKind::Cancelled,
            Self::Io { kind, .. } => *kind,
        }
    }

    /// Whether a smaller read inside the same bytes may succeed: around a bad sector, before a cut. Where the whole
    /// file is refused or out of reach, many small reads would only fail many times.
    pub fn may_spare_parts(&self) -> bool {
        match self.kind() {
            ReadErrorKind::Changed | ReadErrorKind::Other => true,
            ReadErrorKind::Retryable | ReadErrorKind::Denied | ReadErrorKind::Cancelled => false,
        }
    }
}

impl ReadErrorKind {
    /// What an error of the system, met while reading, means.
    pub fn of_io(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::PermissionDenied => Self::Denied,
            Kind::StaleNetworkFileHandle | Kind::NotFound | Kind::UnexpectedEof => Self::Changed,
            Kind::TimedOut
            | Kind::WouldBlock
            | Kind::Interrupted
            | Kind::ResourceBusy
            | Kind::OutOfMemory
            | Kind::ConnectionRefused
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::NotConnected
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::NetworkDown => Self::Retryable,
            _ => Self::Other,
        }
    }
}

/// The span `offset .. offset + len`, if it lies inside `total` bytes.
///
/// # Errors
/// [`ReadError::BeyondEnd`] otherwise, sums above `u64::MAX` included.
pub fn check_bounds(offset: u64, len: usize, total: u64) -> Result<Span, ReadError> {
    let end = offset.saturating_add(len as u64);
    let span = Span::new(offset, end).unwrap_or(Span::empty_at(offset));
    if end <= total && span.len() == len as u64 {
        Ok(span)
    } else {
        Err(ReadError::BeyondEnd { span, len: total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_system_has_the_kind_that_decides_what_is_tried_next() {
        let span = Span::first(9);
        for (kind, expected) in [
            (io::ErrorKind::TimedOut, ReadErrorKind::Retryable),
            (io::ErrorKind::ConnectionReset, ReadErrorKind::Retryable),
            (io::ErrorKind::PermissionDenied, ReadErrorKind::Denied),
            (io::ErrorKind::StaleNetworkFileHandle, ReadErrorKind::Changed),
            (io::ErrorKind::InvalidData, ReadErrorKind::Other),
        ] {
            let error = ReadError::of_io(span, &kind.into());
            assert_eq!((error.kind(), error.span()), (expected, span), "{kind:?}");
            let is_of_all = matches!(expected, ReadErrorKind::Retryable | ReadErrorKind::Denied);
            assert_eq!(error.may_spare_parts(), !is_of_all, "{kind:?}");
            let elsewhere = error.clone().at(Span::empty_at(70));
            assert_eq!((elsewhere.kind(), elsewhere.span()), (expected, Span::empty_at(70)));
        }
        // A bad sector of a disk.
        #[cfg(unix)]
        {
            let error = ReadError::of_io(span, &io::Error::from_raw_os_error(libc::EIO));
            assert_eq!(error.kind(), ReadErrorKind::Other);
        }
        let cut = ReadError::CutShort { span, len_now: 3 };
        assert_eq!((cut.kind(), cut.may_spare_parts()), (ReadErrorKind::Changed, true));
        let cancelled = ReadError::Cancelled { span };
        assert_eq!((cancelled.kind(), cancelled.may_spare_parts()), (ReadErrorKind::Cancelled, false));
    }
}
